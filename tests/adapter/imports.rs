//! The same failings through the registry: each ends its own import with its own code and words, leaves nothing
//! behind, and takes no other import with it.

use super::matrix::MATRIX;
use super::{FILE, confined, options};
use crate::support::{Registry, Row, csv};
use registry::access::Role;
use registry::action::import::Origin;
use registry::config::Config;
use rstest::rstest;
use schema::RecognitionNumber;
use serde_json::{Value, json};

/// Limits as in the other tests of the boundary; how the adapter behaves, the file says.
fn configure(config: &mut Config) {
    (config.adapters.records, config.adapters.issues) = (10_000, 1000);
    config.adapters.silence = 5;
    tell(config, "as-the-file-says");
}

fn tell(config: &mut Config, how: &str) {
    let table = [("how".to_owned(), how.into())].into_iter().collect();
    let table = figment::value::Value::Dict(figment::value::Tag::Default, table);
    config
        .adapters
        .tables
        .insert("misbehaving".to_owned(), table);
}

fn spooled(config: &Config) -> usize {
    std::fs::read_dir(config.data_dir.join("spool")).map_or(0, Iterator::count)
}

/// A file that tells the adapter what to do.
fn saying(how: &str) -> Vec<u8> {
    [how.as_bytes(), b"\n", FILE].concat()
}

fn body() -> Origin {
    Origin::Body(RecognitionNumber::parse("RN5217").unwrap())
}

/// How many bytes were read is another matter here: the file is longer.
fn words(words: &str) -> &str {
    if words.starts_with("after ") {
        "before it had read the whole file"
    } else {
        words
    }
}

#[rstest]
fn a_failing_adapter_ends_its_import_and_the_next_one_works(#[values(0, 1)] part: usize) {
    if !confined(&options()) {
        return;
    }
    let registry = Registry::configured(configure).with_register();
    for (how, code, said) in MATRIX.iter().skip(part).step_by(2) {
        if how.ends_with("-in-create") || how.ends_with("-in-drop") {
            continue;
        }
        let report = registry.push("misbehaving", body(), &saying(how));
        assert_eq!(report.state, "FAILED", "{how}: {report:?}");
        let error = report.error.unwrap();
        let own = *code == schema::Code::AdapterRefused;
        let code = if own {
            "heading-missing"
        } else {
            code.as_str()
        };
        assert_eq!(error.code, code, "{how}: {}", error.message);
        assert!(
            error.message.contains(words(said)),
            "{how}: {}",
            error.message
        );
        assert!(!error.message.contains("Jane"), "{how}: {}", error.message);
        assert_eq!(spooled(&registry.app.config), 0, "{how}");
        let good = registry.push("misbehaving", body(), &saying("good"));
        assert_eq!(good.error, None, "{how}");
        assert_eq!(good.counts.records, 3, "{how}");
    }
    let good = registry.push_csv("RN5217", &csv(&[Row::award(1, "R-1")]));
    assert_eq!((good.state.as_str(), good.counts.created), ("DONE", 1));
}

#[rstest]
#[case("panic-in-create", "adapter-panicked")]
#[case("refuse-in-create", "key-unknown")]
#[case("panic-in-drop", "adapter-panicked")]
fn an_adapter_that_fails_before_or_after_its_work_ends_the_import_too(
    #[case] how: &str,
    #[case] code: &str,
) {
    if !confined(&options()) {
        return;
    }
    let registry = Registry::configured(|config| tell(config, how)).with_register();
    let report = registry.push("misbehaving", body(), FILE);
    assert_eq!(report.state, "FAILED", "{report:?}");
    assert_eq!(report.error.unwrap().code, code);
    let good = registry.push_csv("RN5217", &csv(&[Row::award(1, "R-1")]));
    assert_eq!((good.state.as_str(), good.counts.created), ("DONE", 1));
}

#[test]
fn ten_imports_at_once_end_each_in_its_own_way() {
    if !confined(&options()) {
        return;
    }
    let registry = Registry::configured(|config| {
        configure(config);
        config.server.imports_at_once = 10;
    });
    let registry = registry.with_register();
    let token = registry.token(Role::AwardingBody, None, Some("RN5217"));
    let served = registry.served();
    let good = |learner: u32| {
        (
            "csv",
            csv(&[Row::award(learner, &format!("R-{learner}"))]),
            "",
        )
    };
    let bad = |how: &str, code: &'static str| ("misbehaving", saying(how), code);
    let pushes = [
        good(1),
        bad("segfault", "adapter-crashed"),
        bad("sleep", "adapter-stalled"),
        good(2),
        bad("memory-bomb", "adapter-out-of-memory"),
        bad("garbage-frames", "adapter-protocol"),
        bad("open", "adapter-sandbox-violation"),
        good(3),
        bad("endless-output", "adapter-too-much-output"),
        bad("panic-in-run", "adapter-panicked"),
    ];
    let bearer = format!("Bearer {token}");
    let push = |adapter: &str, file: &[u8]| -> Value {
        let path = format!("/imports/{adapter}");
        let headers = [("Authorization", bearer.as_str())];
        let answer = served.request("POST", &path, &headers, file);
        assert_eq!(answer.status, 202, "{}", answer.body);
        served.ended(&token, answer.header("location"))
    };
    let together = std::sync::Barrier::new(pushes.len());
    std::thread::scope(|scope| {
        for (adapter, file, code) in &pushes {
            let (push, together) = (&push, &together);
            scope.spawn(move || {
                together.wait();
                let job = push(adapter, file);
                if code.is_empty() {
                    assert_eq!(
                        (&job["state"], &job["counts"]["created"]),
                        (&json!("DONE"), &json!(1)),
                        "{job}"
                    );
                } else {
                    assert_eq!(
                        (&job["state"], &job["error"]["code"]),
                        (&json!("FAILED"), &json!(code)),
                        "{job}"
                    );
                }
            });
        }
    });
    let (adapter, file, _) = good(4);
    let job = push(adapter, &file);
    assert_eq!(
        (&job["state"], &job["counts"]["created"]),
        (&json!("DONE"), &json!(1))
    );
    assert_eq!(spooled(&served.registry.app.config), 0);
}
