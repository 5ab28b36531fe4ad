//! A fresh database a test, cloned from a template that is migrated once.

use registry::db::{Connection, Engine, Purpose, migrate};
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// The PostgreSQL server on which the suite shall run; none for SQLite.
pub(crate) fn server() -> Option<String> {
    std::env::var("REGISTRY_TEST_DATABASE")
        .ok()
        .filter(|url| !url.is_empty())
}

/// The address of a fresh database. On SQLite it is in `folder`.
pub(crate) fn fresh(folder: &Path) -> String {
    match server() {
        None => {
            let path = folder.join("registry.db");
            std::fs::copy(sqlite_template(), &path).unwrap();
            format!("sqlite://{}", path.display())
        }
        Some(server) => {
            static NUMBER: AtomicU32 = AtomicU32::new(0);
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            let name = format!("iqf_test_{}_{number}", std::process::id());
            let template = postgres_template(&server);
            admin(
                &server,
                &format!("CREATE DATABASE {name} TEMPLATE {template}"),
            );
            with_name(&server, &name)
        }
    }
}

/// Drops what [`fresh`] made.
pub(crate) fn drop_database(url: &str) {
    if let (Some(server), Some(name)) = (server(), url.rsplit('/').next())
        && Engine::of(url).unwrap() == Engine::Postgres
    {
        admin(
            &server,
            &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
        );
    }
}

fn sqlite_template() -> &'static Path {
    static TEMPLATE: OnceLock<tempfile::TempDir> = OnceLock::new();
    let folder = TEMPLATE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("template.db").display());
        let mut connection = Connection::open(&url, Purpose::Write).unwrap();
        migrate(&mut connection).unwrap();
        connection.batch("PRAGMA journal_mode = DELETE").unwrap();
        folder
    });
    static PATH: OnceLock<std::path::PathBuf> = OnceLock::new();
    PATH.get_or_init(|| folder.path().join("template.db"))
}

fn postgres_template(server: &str) -> &'static str {
    static TEMPLATE: OnceLock<String> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let name = format!("iqf_template_{}", std::process::id());
        admin(server, &format!("DROP DATABASE IF EXISTS {name}"));
        admin(server, &format!("CREATE DATABASE {name}"));
        let mut connection = Connection::open(&with_name(server, &name), Purpose::Write).unwrap();
        migrate(&mut connection).unwrap();
        name
    })
}

/// One statement at a time: PostgreSQL copies a template only while nobody else does.
fn admin(server: &str, sql: &str) {
    static TURN: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _turn = TURN
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let mut connection = Connection::open(server, Purpose::Write).unwrap();
    connection.batch(sql).unwrap();
}

/// The server's address with another database's name.
fn with_name(server: &str, name: &str) -> String {
    let (start, _) = server.rsplit_once('/').unwrap();
    format!("{start}/{name}")
}
