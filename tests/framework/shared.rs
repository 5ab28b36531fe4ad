//! Several processes on one database: whoever imports, everybody answers with what is in force from the next
//! request on.

use super::told;
use crate::support::{Registry, command};
use registry::action::framework::{TableFile, import};
use serde_json::json;
use std::sync::atomic::{AtomicBool, Ordering};

const TABLE: &str = "code,group,name,verified,source\nC1,Core,TITLE,V,an invented source\n";

#[test]
fn what_another_process_imports_is_seen_by_the_next_request() {
    let registry = Registry::new().with_framework();
    let folder = registry.folder();
    let titles = || told(&registry, "{ ksf { title } }")["ksf"].clone();
    assert_eq!(titles().as_array().unwrap().len(), 12);
    let file = folder.join("dimensions.csv");
    for title in ["A first title", "A second title"] {
        std::fs::write(&file, TABLE.replace("TITLE", title)).unwrap();
        let arguments = [
            "catalogue",
            "import",
            "--format",
            "framework",
            "dimensions.csv",
        ];
        let database = registry.app.config.database_url();
        let status = command(folder, &database, &arguments).status().unwrap();
        assert_eq!(status.code(), Some(0));
        assert_eq!(titles(), json!([{"title": title}]));
    }
    // It is read anew once, and then asked for its version only.
    let (_, statements) = registry.watched(titles);
    assert_eq!(statements.len(), 1, "{statements:?}");
}

#[test]
fn many_who_ask_while_it_changes_see_one_state_or_the_other() {
    let registry = Registry::new().with_framework();
    let runtime = || {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        builder.enable_time().build().unwrap()
    };
    let in_force = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let asking = || {
            let runtime = runtime();
            let mut seen = Vec::new();
            while seen.last() != Some(&1) {
                let already = in_force.load(Ordering::SeqCst);
                let framework = runtime.block_on(registry.app.framework()).unwrap();
                let many = framework.ksf.len();
                assert!(many == 1 || (many == 12 && !already), "{many}");
                seen.push(many);
            }
        };
        for _ in 0..4 {
            scope.spawn(asking);
        }
        let file = TableFile {
            name: "dimensions.csv".to_owned(),
            content: TABLE.replace("TITLE", "Another title").into_bytes(),
        };
        let (db, now) = (&registry.app.db, registry.app.clock.now());
        import(db, now, vec![file]).unwrap();
        in_force.store(true, Ordering::SeqCst);
    });
    let runtime = runtime();
    let first = runtime.block_on(registry.app.framework()).unwrap();
    let again = runtime.block_on(registry.app.framework()).unwrap();
    assert!(std::sync::Arc::ptr_eq(&first, &again), "it is read once");
}
