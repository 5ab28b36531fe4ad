//! A registry of a test's own: in process for most, served over HTTP for what HTTP is about.

use super::database;
use diesel::prelude::*;
use registry::access::{Caller, NewToken, Role, mint};
use registry::action::import::spool::Spooling;
use registry::action::import::{Mode, Origin, Push, Queue, Report, Silent, carry_out, report};
use registry::app::{App, Clock};
use registry::config::Config;
use registry::db::{Connection, Id, Watch};
use registry::error::Error;
use registry::graphql::{Documents, build};
use registry::server::{Shared, serve_blocking};
use schema::{Language, RecognitionNumber};
use serde_json::Value;
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// A registry with a database of its own.
pub(crate) struct Registry {
    pub(crate) app: Arc<App>,
    documents: Documents,
    watch: Watch,
    folder: tempfile::TempDir,
}

/// A push as an operator makes one, its file spooled; a test changes what it is about.
pub(crate) fn push_of(
    app: &App,
    origin: Origin,
    adapter: &str,
    file: impl std::io::Read,
) -> Result<Push, Error> {
    let mut spooling = Spooling::begin(&app.config, u64::MAX)?;
    spooling.copy(file)?;
    Ok(Push {
        caller: "operator".to_owned(),
        origin,
        adapter: adapter.to_owned(),
        mode: Mode::Partial,
        dry_run: false,
        despite_quarantine: false,
        idempotency_key: None,
        file: spooling.finish()?,
    })
}

/// A push of a file for the adapter `csv` on behalf of a body.
pub(crate) fn push_of_body(app: &App, body: &str, file: &[u8]) -> Push {
    let origin = Origin::Body(schema::RecognitionNumber::parse(body).unwrap());
    push_of(app, origin, "csv", file).unwrap()
}

impl Registry {
    pub(crate) fn new() -> Self {
        Self::configured(|_| ())
    }

    pub(crate) fn configured(change: impl FnOnce(&mut Config)) -> Self {
        Self::at(Clock::system(), change)
    }

    /// One whose time the test decides.
    pub(crate) fn at(clock: Clock, change: impl FnOnce(&mut Config)) -> Self {
        // What is internal goes to the log, and a failing test shows it.
        let _ = tracing_subscriber::fmt()
            .with_test_writer()
            .with_env_filter("error")
            .try_init();
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config {
            data_dir: folder.path().join("data"),
            ..Config::default()
        };
        config.database = Some(database::fresh(folder.path()));
        config.adapters.directories = vec![built()];
        config.adapters.worker = Some(PathBuf::from(env!("CARGO_BIN_EXE_registry")));
        config.adapters.silence = 5;
        config.adapters.memory = 256 << 20;
        // Tests ask faster than anybody should; those of the limits set their own.
        config.limits.enabled = false;
        change(&mut config);
        let watch = Watch::default();
        let app = App::open_watched(config, clock, Some(&watch)).unwrap();
        Self {
            documents: Documents::new(build(&app)).unwrap(),
            app,
            watch,
            folder,
        }
    }

    /// The folder of its own.
    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Imports a file to its end.
    pub(crate) fn push(&self, adapter: &str, origin: Origin, file: &[u8]) -> Report {
        self.push_as(adapter, origin, file, Mode::Partial, false)
            .unwrap()
    }

    /// Imports a body's own results as CSV.
    pub(crate) fn push_csv(&self, body: &str, file: &[u8]) -> Report {
        self.push("csv", Origin::Body(number(body)), file)
    }

    pub(crate) fn push_as(
        &self,
        adapter: &str,
        origin: Origin,
        file: &[u8],
        mode: Mode,
        dry_run: bool,
    ) -> Result<Report, Error> {
        self.import(adapter, origin, file, mode, dry_run)
    }

    /// Imports what a reader gives.
    pub(crate) fn push_reader(
        &self,
        adapter: &str,
        origin: Origin,
        file: impl std::io::Read,
    ) -> Result<Report, Error> {
        self.import(adapter, origin, file, Mode::Partial, false)
    }

    fn import(
        &self,
        adapter: &str,
        origin: Origin,
        file: impl std::io::Read,
        mode: Mode,
        dry_run: bool,
    ) -> Result<Report, Error> {
        let push = Push {
            mode,
            dry_run,
            ..push_of(&self.app, origin, adapter, file)?
        };
        let job = carry_out(&self.app, &push, &Silent, &AtomicBool::new(false))?;
        report(&self.app, &job, true, 10_000, Language::English)
    }

    /// Loads a register of one body and one qualification of level 3 with 65 credits, certificable until
    /// 2017-08-31.
    pub(crate) fn with_register(self) -> Self {
        use registry::action::catalogue::{Format, import};
        let organisations: &[u8] = include_bytes!("../../registry/demo/organisations.csv");
        let qualifications: &[u8] = include_bytes!("../../registry/demo/qualifications.csv");
        import(&self.app.db, Format::OfqualOrganisations, organisations).unwrap();
        import(&self.app.db, Format::OfqualQualifications, qualifications).unwrap();
        self
    }

    /// Loads the shipped framework.
    pub(crate) fn with_framework(self) -> Self {
        use registry::action::framework::{TableFile, import};
        let imported = import(&self.app.db, self.app.clock.now(), TableFile::shipped()).unwrap();
        assert!(!imported.is_rejected(), "{imported:?}");
        self
    }

    pub(crate) fn token(&self, role: Role, learner: Option<&str>, body: Option<&str>) -> String {
        let new = NewToken {
            role,
            learner: learner.map(str::to_owned),
            awarding_body: body.map(number),
            employer: (role == Role::Employer).then(|| "little-acorns".to_owned()),
            subject: format!("{}-of-the-test", role.as_str()),
            valid_for: Duration::from_secs(600),
        };
        mint(
            &self.app.keys,
            &self.app.config.tokens.builtin_name,
            &new,
            self.app.clock.now(),
        )
        .unwrap()
    }

    pub(crate) fn caller(&self, role: Role, learner: Option<&str>, body: Option<&str>) -> Caller {
        let token = self.token(role, learner, body);
        self.app
            .issuers
            .verify(&token, self.app.clock.now())
            .unwrap()
    }

    pub(crate) fn practitioner(&self, learner: &str) -> Caller {
        self.caller(Role::Practitioner, Some(learner), None)
    }

    pub(crate) fn body(&self, body: &str) -> Caller {
        self.caller(Role::AwardingBody, None, Some(body))
    }

    pub(crate) fn employer(&self) -> Caller {
        self.caller(Role::Employer, None, None)
    }

    pub(crate) fn steward(&self) -> Caller {
        self.caller(Role::Steward, None, None)
    }

    /// Runs a query as `caller`; the whole answer.
    pub(crate) fn ask(&self, caller: &Caller, query: &str, variables: Value) -> Value {
        serde_json::from_str(&self.text(caller, query, variables)).unwrap()
    }

    /// [`Registry::ask`], as it is sent.
    pub(crate) fn text(&self, caller: &Caller, query: &str, variables: Value) -> String {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        let asked = self.documents.ask(query, variables, caller.clone());
        runtime.block_on(asked).unwrap()
    }

    /// Runs a query that must succeed; its data.
    pub(crate) fn data(&self, caller: &Caller, query: &str, variables: Value) -> Value {
        let answer = self.ask(caller, query, variables);
        assert!(answer.get("errors").is_none(), "{answer}");
        answer["data"].clone()
    }

    /// The record of a learner, as they see it themselves, without identifiers and times.
    pub(crate) fn record(&self, uln: &str) -> Vec<Value> {
        let data = self.data(&self.practitioner(uln), RECORD, Value::Null);
        let edges = data["me"]["achievements"]["edges"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let mut record: Vec<Value> = edges.into_iter().map(|edge| edge["node"].clone()).collect();
        record.sort_by_key(ToString::to_string);
        record
    }

    /// [`Registry::record`], empty for somebody who is not known.
    pub(crate) fn record_or_none(&self, uln: &str) -> Vec<Value> {
        let known = self.data(&self.practitioner(uln), "{ me { id } }", Value::Null);
        if known["me"].is_null() {
            Vec::new()
        } else {
            self.record(uln)
        }
    }

    /// The learner of that ULN; one of whom nothing else is known where there is none.
    pub(crate) fn learner_or_made(&self, uln: &str) -> Id {
        use registry::db::tables::{learner, learner_alias};
        use registry::model::learner::{AliasRow, LearnerRow, find_by_uln};
        let (number, now) = (schema::Uln::parse(uln).unwrap(), self.app.clock.now());
        let made = self.app.db.write_blocking(move |connection| {
            if let Some(known) = find_by_uln(connection, number)? {
                return Ok(known.id);
            }
            let row = LearnerRow::new(Id::new(), now);
            let id = row.id;
            let alias = AliasRow {
                kind: "uln".to_owned(),
                scope: String::new(),
                value: number.to_string(),
                learner_id: id,
                given_by: "test".to_owned(),
                known_from: now,
                arrived_as: id,
            };
            match connection {
                Connection::Sqlite(open) => {
                    diesel::insert_into(learner::table)
                        .values(&row)
                        .execute(open)?;
                    diesel::insert_into(learner_alias::table)
                        .values(&alias)
                        .execute(open)?;
                }
                Connection::Postgres(open) => {
                    diesel::insert_into(learner::table)
                        .values(&row)
                        .execute(open)?;
                    diesel::insert_into(learner_alias::table)
                        .values(&alias)
                        .execute(open)?;
                }
            }
            Ok(id)
        });
        made.unwrap()
    }

    /// The lines of a query of one text column, `line`.
    pub(crate) fn lines(&self, sql: &str) -> Vec<String> {
        let sql = sql.to_owned();
        let found = self.app.db.read_blocking(move |connection| {
            super::meaning::lines(connection, &sql).map_err(Error::internal)
        });
        found.unwrap()
    }

    /// Loads posts, as the command does.
    pub(crate) fn employment(
        &self,
        kind: registry::action::employment::Kind,
        text: &str,
    ) -> Result<registry::action::employment::Imported, Error> {
        let path = self.folder().join("posts.csv");
        std::fs::write(&path, text).unwrap();
        registry::action::employment::import(&self.app, &self.framework(), kind, &path)
    }

    /// Publishes figures of the workforce, as the command does.
    pub(crate) fn publish(
        &self,
        day: &str,
    ) -> Result<registry::action::workforce::Published, Error> {
        let day = schema::parse_date(day).unwrap();
        registry::action::workforce::publish(&self.app, &self.framework(), day)
    }

    fn framework(&self) -> Arc<registry::action::framework::Framework> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        runtime.block_on(self.app.framework()).unwrap()
    }

    /// How many rows a table has.
    pub(crate) fn count(&self, table: &str) -> usize {
        let sql = format!("SELECT CAST(count(*) AS TEXT) AS line FROM {table}");
        self.lines(&sql)[0].parse().unwrap()
    }

    /// Does something; answers with the statements that it ran, in order. What a queue asks every other second
    /// on its own account is not among them.
    pub(crate) fn watched<T>(&self, work: impl FnOnce() -> T) -> (T, Vec<String>) {
        drop(self.watch.take());
        let done = work();
        let mut statements = self.watch.take();
        let queues = ["import_turn", "clock_timestamp()", "strftime("];
        statements.retain(|one| !queues.iter().any(|part| one.contains(part)));
        (done, statements)
    }

    /// Serves it over HTTP until the value is dropped.
    pub(crate) fn served(self) -> Served {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let queue = Arc::new(Queue::start(&self.app).unwrap());
        let shared = Shared::new(self.app.clone(), queue.clone(), None).unwrap();
        std::thread::spawn(move || serve_blocking(shared, listener));
        Served {
            registry: self,
            url,
            queue: Some(Stopped(queue)),
        }
    }
}

/// A queue that is stopped when the value is dropped: its server goes on until the process ends.
pub(crate) struct Stopped(Arc<Queue>);

impl Drop for Stopped {
    fn drop(&mut self) {
        self.0.stop();
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        database::drop_database(&self.app.config.database_url());
    }
}

const RECORD: &str = "{ me { achievements(first: 100) { edges { node {
    title awardedOn awardedOnStated startedOn grade level credit status route standing certificateNumber
    awardingBody { recognitionNumber } awardingBodyStated
    subject { __typename ... on Qualification { number } ... on Unit { reference } } } } } } }";

/// A registry that answers over HTTP.
pub(crate) struct Served {
    pub(crate) registry: Registry,
    pub(crate) url: String,
    /// None where another process serves it.
    #[expect(dead_code, reason = "it is stopped by being dropped")]
    pub(crate) queue: Option<Stopped>,
}

/// An answer: status, headers, body.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: ureq::http::HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

impl Served {
    pub(crate) fn request(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        request(&self.url, method, path, headers, body)
    }

    pub(crate) fn get(&self, path: &str, token: Option<&str>) -> Answer {
        let bearer = format!("Bearer {}", token.unwrap_or_default());
        let headers: &[(&str, &str)] = if token.is_some() {
            &[("Authorization", &bearer)]
        } else {
            &[]
        };
        self.request("GET", path, headers, b"")
    }

    pub(crate) fn graphql(&self, token: Option<&str>, query: &str, variables: Value) -> Answer {
        let bearer = format!("Bearer {}", token.unwrap_or_default());
        let mut headers = vec![("Content-Type", "application/json")];
        if token.is_some() {
            headers.push(("Authorization", &bearer));
        }
        let body = serde_json::json!({"query": query, "variables": variables}).to_string();
        self.request("POST", "/graphql", &headers, body.as_bytes())
    }

    /// Waits for an import to end, by asking for it.
    pub(crate) fn ended(&self, token: &str, location: &str) -> Value {
        for _ in 0..600 {
            let job = self.get(location, Some(token)).json();
            let state = job["state"].as_str().unwrap_or_default().to_owned();
            if !["QUEUED", "READING", "MERGING"].contains(&state.as_str()) {
                return job;
            }
            std::thread::park_timeout(Duration::from_millis(50));
        }
        panic!("the import did not end");
    }
}

/// A request to whoever serves at `url`.
pub(crate) fn request(
    url: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Answer {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(30)))
        .build()
        .into();
    let mut request = ureq::http::Request::builder()
        .method(method)
        .uri(format!("{url}{path}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = if body.is_empty() && method == "GET" {
        agent.run(request.body(()).unwrap())
    } else {
        agent.run(request.body(body).unwrap())
    };
    let mut answer = answer.unwrap();
    Answer {
        status: answer.status().as_u16(),
        headers: answer.headers().clone(),
        body: answer.body_mut().read_to_string().unwrap(),
    }
}

/// The folder of this test's executable, where a test run builds the adapters' libraries.
pub(crate) fn built() -> PathBuf {
    let mut path = std::env::current_exe().unwrap();
    path.pop();
    path
}

fn number(body: &str) -> RecognitionNumber {
    RecognitionNumber::parse(body).unwrap()
}
