//! The database goes and comes back: readiness says so, requests are told to come again, and nothing stays
//! broken afterwards.

use crate::support::{Registry, codes};
use registry::db::{Connection, Engine, Purpose};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

const QUERY: &str = "{ qualification(number: \"500/9170/0\") { number } }";

/// A way to the database that can be cut.
struct Way {
    address: String,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    cut: bool,
    open: Vec<TcpStream>,
}

impl Way {
    fn to(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let way = Self {
            address: listener.local_addr().unwrap().to_string(),
            state: Arc::default(),
        };
        let state = way.state.clone();
        std::thread::spawn(move || {
            for near in listener.incoming().flatten() {
                let mut state = state.lock().unwrap();
                if state.cut {
                    continue;
                }
                let far = TcpStream::connect(&server).unwrap();
                for (from, to) in [(&near, &far), (&far, &near)] {
                    let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    std::thread::spawn(move || pass(from, to));
                }
                state.open.extend([near, far]);
            }
        });
        way
    }

    fn cut(&self) {
        let mut state = self.state.lock().unwrap();
        state.cut = true;
        for open in state.open.drain(..) {
            let _ = open.shutdown(Shutdown::Both);
        }
    }

    fn mend(&self) {
        self.state.lock().unwrap().cut = false;
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(many) = from.read(&mut bytes) {
        if many == 0 || to.write_all(&bytes[..many]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
}

#[test]
fn a_database_that_goes_and_comes_back_is_told_of_and_used_again() {
    let mut way = None;
    let registry = Registry::configured(|config| {
        let url = config.database_url();
        if Engine::of(&url).unwrap() == Engine::Postgres {
            let server = url
                .split('@')
                .nth(1)
                .and_then(|rest| rest.split('/').next())
                .unwrap();
            let made = Way::to(server.to_owned());
            config.database = Some(url.replace(server, &made.address));
            way = Some(made);
        }
    })
    .with_register();
    let served = registry.served();
    let ready = json!({"status": "ready", "database": true, "writable": true, "schema": true, "adapters": true});
    assert_eq!(served.get("/readyz", None).json(), ready);
    // SQLite's file is on this machine and cannot go away so.
    let Some(way) = way else { return };
    for _ in 0..2 {
        way.cut();
        let gone = served.get("/readyz", None);
        assert_eq!(
            (gone.status, gone.header("retry-after")),
            (503, "5"),
            "{}",
            gone.body
        );
        assert_eq!(
            gone.json(),
            json!({"status": "not-ready", "database": false, "writable": false, "schema": false, "adapters": true})
        );
        assert_eq!(served.get("/healthz", None).status, 200);
        let answer = served.graphql(None, QUERY, Value::Null).json();
        assert_eq!(codes(&answer), ["unavailable"], "{answer}");
        let token =
            served
                .registry
                .token(registry::access::Role::AwardingBody, None, Some("RN5217"));
        let pushed = served.request(
            "POST",
            "/imports/csv",
            &[("Authorization", &format!("Bearer {token}"))],
            b"uln\n",
        );
        assert_eq!(
            (pushed.status, pushed.header("retry-after")),
            (503, "2"),
            "{}",
            pushed.body
        );
        for text in [&gone.body, &pushed.body, &answer.to_string()] {
            assert!(
                !text.contains("127.0.0.1") && !text.contains("postgres"),
                "{text}"
            );
        }
        way.mend();
        assert_eq!(served.get("/readyz", None).json(), ready);
        // No thread keeps a connection that is gone.
        for _ in 0..12 {
            let answer = served.graphql(None, QUERY, Value::Null).json();
            assert_eq!(
                answer["data"]["qualification"]["number"], "500/9170/0",
                "{answer}"
            );
        }
    }
}

#[test]
fn a_schema_that_is_not_this_versions_is_not_ready() {
    let served = Registry::new().served();
    let mut connection =
        Connection::open(&served.registry.app.config.database_url(), Purpose::Write).unwrap();
    connection
        .batch("INSERT INTO __diesel_schema_migrations (version) VALUES ('29991231000000')")
        .unwrap();
    let not = served.get("/readyz", None);
    assert_eq!(
        (not.status, not.json()),
        (
            503,
            json!({"status": "not-ready", "database": true, "writable": true, "schema": false, "adapters": true})
        )
    );
    connection
        .batch("DELETE FROM __diesel_schema_migrations WHERE version = '29991231000000'")
        .unwrap();
    assert_eq!(served.get("/readyz", None).status, 200);
}
