//! `importProgress` and `importJobs`: following an import, of this process or another one, and listing them.

use super::client::{Heard, Socket};
use crate::support::{Registry, Row, codes, csv, uln};
use diesel::prelude::*;
use registry::access::Role;
use registry::db::{Connection, Id};
use registry::model::import_job::{self, JobRow, State, Whose};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Instant;

/// An import that waits, pushed for a body.
pub(super) fn waiting_job(registry: &Registry, body: &str) -> JobRow {
    JobRow {
        id: Id::new(),
        caller: "somebody else".to_owned(),
        submitter: format!("body:{body}"),
        adapter: "csv".to_owned(),
        awarding_body: Some(body.to_owned()),
        learner_id: None,
        kind: "body".to_owned(),
        standing: "attested".to_owned(),
        mode: "partial".to_owned(),
        dry_run: false,
        digest: "00".repeat(32),
        idempotency_key: None,
        state: State::Queued.as_str().to_owned(),
        server: Some("another".to_owned()),
        bytes_read: 0,
        bytes_total: Some(1000),
        records: 0,
        created: 0,
        updated: 0,
        promoted: 0,
        withdrawn: 0,
        reinstated: 0,
        unchanged: 0,
        rejected: 0,
        needs_person: 0,
        issues: 0,
        merged_batches: 0,
        error_code: None,
        error_message: None,
        received_at: registry.app.clock.now(),
        started_at: None,
        ended_at: None,
    }
}

/// Stores a new job.
pub(super) fn store(registry: &Registry, job: JobRow) {
    let stored = registry
        .app
        .db
        .write_blocking(move |connection| Ok(import_job::insert(connection, &job)?));
    stored.unwrap();
}

fn change(registry: &Registry, job: &JobRow) {
    let job = job.clone();
    let stored = registry
        .app
        .db
        .write_blocking(move |connection| Ok(import_job::update(connection, &job)?));
    stored.unwrap();
}

const FOLLOW: &str = "subscription ($id: ID!) { importProgress(id: $id) {
    state bytesRead counts { records created } } }";

fn follow(id: &str) -> Value {
    json!({"query": FOLLOW, "variables": {"id": id}})
}

#[test]
fn each_change_of_an_import_of_another_process_is_told() {
    let registry = Registry::new();
    let mut job = waiting_job(&registry, "RN5217");
    store(&registry, job.clone());
    let tokens = [
        registry.token(Role::AwardingBody, None, Some("RN5217")),
        registry.token(Role::Steward, None, None),
    ];
    let served = registry.served();
    let mut sockets = tokens.map(|token| Socket::introduced(&served, Some(&token)));
    let id = job.id.show("import");
    for socket in &mut sockets {
        socket.subscribe("p", follow(&id));
    }
    let mut expect = |state: &str, bytes: i64, records: i64, created: i64| {
        for socket in &mut sockets {
            let told = json!({"state": state, "bytesRead": bytes,
                "counts": {"records": records, "created": created}});
            assert_eq!(
                socket.said(),
                json!({"id": "p", "type": "next", "payload": {"data": {"importProgress": told}}})
            );
        }
    };
    expect("QUEUED", 0, 0, 0);
    job.state = State::Reading.as_str().to_owned();
    (job.bytes_read, job.records) = (400, 3);
    change(&served.registry, &job);
    expect("READING", 400, 3, 0);
    job.state = State::Merging.as_str().to_owned();
    (job.bytes_read, job.records, job.created) = (1000, 7, 2);
    change(&served.registry, &job);
    expect("MERGING", 1000, 7, 2);
    job.state = State::Done.as_str().to_owned();
    job.created = 7;
    change(&served.registry, &job);
    expect("DONE", 1000, 7, 7);
    for socket in &mut sockets {
        assert_eq!(socket.said(), json!({"id": "p", "type": "complete"}));
        // One that has ended is told once.
        socket.subscribe("q", follow(&id));
        assert_eq!(
            socket.said()["payload"]["data"]["importProgress"]["state"],
            "DONE"
        );
        assert_eq!(socket.said(), json!({"id": "q", "type": "complete"}));
    }
}

#[test]
fn all_watched_imports_are_asked_for_in_one_query_and_not_too_often() {
    let registry = Registry::new();
    let jobs: Vec<JobRow> = (0..12).map(|_| waiting_job(&registry, "RN5217")).collect();
    for job in &jobs {
        store(&registry, job.clone());
    }
    let token = registry.token(Role::Steward, None, None);
    let served = registry.served();
    let mut socket = Socket::introduced(&served, Some(&token));
    for (place, job) in jobs.iter().enumerate() {
        socket.subscribe(&place.to_string(), follow(&job.id.show("import")));
        assert_eq!(socket.said()["type"], "next");
    }
    let began = Instant::now();
    let (mut told, statements) = served.registry.watched(|| {
        let mut told = 0;
        // Changed a hundred times each, as fast as it goes.
        for step in 1..=100 {
            let changed: Vec<JobRow> = jobs.to_vec();
            let stored = served.registry.app.db.write_blocking(move |connection| {
                for mut job in changed {
                    job.bytes_read = step;
                    import_job::update(connection, &job)?;
                }
                Ok(())
            });
            stored.unwrap();
        }
        for mut job in jobs.clone() {
            job.bytes_read = 1000;
            job.state = State::Done.as_str().to_owned();
            change(&served.registry, &job);
        }
        let mut complete = 0;
        while complete < jobs.len() {
            match socket.hear() {
                Heard::Said(message) if message["type"] == "complete" => complete += 1,
                Heard::Said(_) => told += 1,
                other => panic!("{other:?}"),
            }
        }
        told
    });
    let asked = statements
        .iter()
        .filter(|one| one.starts_with("SELECT") && one.contains("import_job"))
        .count();
    let quarters = usize::try_from(began.elapsed().as_millis() / 250).unwrap() + 2;
    assert!(asked <= quarters, "{asked} queries in {quarters} quarters");
    assert!(told <= quarters * jobs.len(), "{told} messages");
    told -= jobs.len();
    assert!(told < 100 * jobs.len(), "{told} were not drawn together");
}

#[test]
fn a_push_is_followed_to_its_end() {
    let registry = Registry::new().with_register();
    let token = registry.token(Role::AwardingBody, None, Some("RN5217"));
    let served = registry.served();
    let rows: Vec<Row> = (0..200)
        .map(|one| Row::award(one, &format!("R{one}")))
        .collect();
    let bearer = format!("Bearer {token}");
    let mut socket = Socket::introduced(&served, Some(&token));
    let pushed = served.request(
        "POST",
        "/imports/csv",
        &[("Authorization", &bearer)],
        &csv(&rows),
    );
    let id = pushed.json()["id"].as_str().unwrap().to_owned();
    socket.subscribe("p", follow(&id));
    let mut states = Vec::new();
    let last = loop {
        let message = socket.said();
        if message["type"] == "complete" {
            break states.pop().unwrap();
        }
        states.push(message["payload"]["data"]["importProgress"].clone());
    };
    assert_eq!(last["state"], "DONE", "{last}");
    assert_eq!(last["counts"], json!({"records": 200, "created": 200}));
    let order = ["QUEUED", "READING", "MERGING", "DONE"];
    let place = |told: &Value| order.iter().position(|state| told["state"] == *state);
    assert!(states.iter().all(|told| place(told).is_some()));
    assert!(states.is_sorted_by_key(place), "{states:?}");
}

#[test]
fn what_is_not_yours_is_followed_as_what_is_not_there() {
    let registry = Registry::new();
    let job = waiting_job(&registry, "RN5217");
    let id = job.id.show("import");
    store(&registry, job);
    let may_not = [
        None,
        Some(registry.token(Role::Practitioner, Some(&uln(1)), None)),
        Some(registry.token(Role::AwardingBody, None, Some("RN5156"))),
        Some(registry.token(Role::Employer, None, None)),
        Some(registry.token(Role::Statistician, None, None)),
    ];
    let served = registry.served();
    for token in may_not {
        let mut socket = Socket::introduced(&served, token.as_deref());
        let unknown = Id::new().show("import");
        let mut told = Vec::new();
        for id in [&id, &unknown, "import_", "learner_x", ""] {
            socket.subscribe("p", follow(id));
            let error = socket.said();
            assert_eq!(error["type"], "error", "{error}");
            assert_eq!(error["payload"][0]["extensions"]["code"], "not-found");
            told.push(error);
        }
        assert!(told.windows(2).all(|two| two[0] == two[1]), "{told:?}");
    }
}

const LIST: &str = "query ($state: [ImportState!], $first: Int, $after: String) {
    importJobs(state: $state, first: $first, after: $after) {
        edges { cursor node { id state awardingBody { recognitionNumber } } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }";

/// Six imports of two bodies and one of nobody's, the oldest first.
fn six(registry: &Registry) -> Vec<String> {
    let employer = registry.employer();
    let states = [
        State::Done,
        State::Failed,
        State::Done,
        State::Queued,
        State::DoneWithIssues,
        State::Done,
    ];
    let mut ids = Vec::new();
    for (place, state) in states.into_iter().enumerate() {
        let body = if place % 2 == 0 { "RN5217" } else { "RN5156" };
        let mut job = waiting_job(registry, body);
        job.state = state.as_str().to_owned();
        if place == 5 {
            job.awarding_body = None;
            job.caller = employer.key();
        }
        ids.push(job.id.show("import"));
        store(registry, job);
    }
    ids
}

fn listed(answer: &Value) -> Vec<String> {
    let edges = answer["importJobs"]["edges"].as_array().unwrap();
    let id = |edge: &Value| edge["node"]["id"].as_str().unwrap().to_owned();
    edges.iter().map(id).collect()
}

#[test]
fn imports_are_listed_for_those_who_may_see_them() {
    let registry = Registry::new().with_register();
    let ids = six(&registry);
    let pick = |places: &[usize]| {
        let picked = places.iter().map(|place| ids[*place].clone());
        picked.collect::<Vec<_>>()
    };
    let all: [usize; 6] = [5, 4, 3, 2, 1, 0];
    for (who, places) in [
        (registry.steward(), all.to_vec()),
        (registry.body("RN5217"), vec![4, 2, 0]),
        (registry.body("RN5156"), vec![3, 1]),
        (registry.employer(), vec![5]),
        (registry.practitioner(&uln(1)), vec![]),
    ] {
        let data = registry.data(&who, LIST, json!({}));
        assert_eq!(listed(&data), pick(&places), "{who:?}");
        // Each that is listed is one that importJob gives, and no other is.
        for id in &ids {
            let query = "query ($id: ID!) { importJob(id: $id) { id } }";
            let one = registry.data(&who, query, json!({"id": id}));
            let seen = !one["importJob"].is_null();
            assert_eq!(seen, listed(&data).contains(id), "{who:?} {id}");
        }
    }
    let nobody = registry.ask(&registry::access::Caller::nobody(), LIST, json!({}));
    assert_eq!(codes(&nobody), ["unauthenticated"]);
    let steward = registry.steward();
    for (states, places) in [
        (json!(["DONE"]), vec![5, 2, 0]),
        (json!("QUEUED"), vec![3]),
        (json!(["FAILED", "DONE_WITH_ISSUES", "FAILED"]), vec![4, 1]),
        (json!(["UNDONE"]), vec![]),
        (json!([]), vec![]),
        (json!(null), all.to_vec()),
    ] {
        let data = registry.data(&steward, LIST, json!({"state": states}));
        assert_eq!(listed(&data), pick(&places), "{states}");
    }
    let own = registry.data(
        &registry.body("RN5217"),
        LIST,
        json!({"state": ["DONE", "FAILED"]}),
    );
    assert_eq!(listed(&own), pick(&[2, 0]));
}

/// Relay, "Cursor Connections": pages join without gap or repetition.
#[test]
fn imports_are_listed_in_pages() {
    let registry = Registry::new().with_register();
    let ids = six(&registry);
    let steward = registry.steward();
    for size in 1..=7 {
        let (mut found, mut after) = (Vec::new(), Value::Null);
        loop {
            let asked = json!({"first": size, "after": after});
            let data = registry.data(&steward, LIST, asked);
            let page = &data["importJobs"];
            found.extend(listed(&data));
            assert_eq!(page["pageInfo"]["hasPreviousPage"], !after.is_null());
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
            assert_eq!(page["edges"].as_array().unwrap().len(), size);
            after = page["pageInfo"]["endCursor"].clone();
        }
        let mut newest = ids.clone();
        newest.reverse();
        assert_eq!(found, newest, "{size}");
    }
    for (asked, code) in [
        (json!({"first": 101}), "input-invalid"),
        (json!({"first": -1}), "input-invalid"),
        (json!({"after": "nothing"}), "input-invalid"),
        (json!({"after": "learner_00"}), "input-invalid"),
    ] {
        let answer = registry.ask(&steward, LIST, asked.clone());
        assert_eq!(codes(&answer), [code], "{asked}");
    }
}

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = diesel::sql_types::Text)]
    step: String,
}

#[derive(QueryableByName)]
struct SqliteStep {
    #[diesel(sql_type = diesel::sql_types::Text)]
    detail: String,
}

/// How the engine goes about a statement: all its steps in one text.
fn plan(connection: &mut Connection, statement: &str, values: &[&str]) -> String {
    match connection {
        Connection::Sqlite(open) => {
            let steps: Vec<SqliteStep> =
                diesel::sql_query(format!("EXPLAIN QUERY PLAN {statement}"))
                    .load(open)
                    .unwrap();
            steps.into_iter().map(|step| step.detail + "\n").collect()
        }
        Connection::Postgres(open) => {
            let mut statement = statement.to_owned();
            for (place, value) in values.iter().enumerate().rev() {
                statement = statement.replace(&format!("${}", place + 1), value);
            }
            // On a table of six rows the planner would not bother; on one of many it does.
            for way in ["seqscan", "bitmapscan", "sort"] {
                diesel::sql_query(format!("SET enable_{way} = off"))
                    .execute(open)
                    .unwrap();
            }
            // A plan's column has a name that cannot be asked for, so that a function tells it.
            diesel::sql_query(
                "CREATE FUNCTION pg_temp.plan(statement text) RETURNS SETOF text LANGUAGE plpgsql AS
                 $$ BEGIN RETURN QUERY EXECUTE 'EXPLAIN ' || statement; END $$",
            )
            .execute(open)
            .unwrap();
            let steps: Vec<Step> = diesel::sql_query("SELECT step FROM pg_temp.plan($1) AS step")
                .bind::<diesel::sql_types::Text, _>(statement)
                .load(open)
                .unwrap();
            diesel::sql_query("DROP FUNCTION pg_temp.plan(text)")
                .execute(open)
                .unwrap();
            steps.into_iter().map(|step| step.step + "\n").collect()
        }
    }
}

#[test]
fn each_list_of_imports_is_a_range_of_an_index() {
    let registry = Registry::new();
    six(&registry);
    let before = "'\\xffffffffffffffffffffffffffffffff'::bytea";
    let mut seen = BTreeSet::new();
    for (whose, state, values, index) in [
        (
            Whose::Caller("x"),
            None,
            vec![before, "'x'"],
            "import_job_caller",
        ),
        (
            Whose::Body("RN5217"),
            None,
            vec![before, "'RN5217'"],
            "import_job_body",
        ),
        (
            Whose::Everybody,
            Some(State::Done),
            vec![before, "'done'"],
            "import_job_state",
        ),
        (Whose::Everybody, None, vec![before], "import_job"),
    ] {
        let (_, statements) = registry.watched(|| {
            let (whose, state) = match whose {
                Whose::Caller(_) => (Whose::Caller("x"), state),
                Whose::Body(_) => (Whose::Body("RN5217"), state),
                Whose::Everybody => (Whose::Everybody, state),
            };
            let found = registry.app.db.read_blocking(move |connection| {
                Ok(import_job::newest(connection, whose, state, None, 101)?)
            });
            found.unwrap()
        });
        let statement = statements
            .iter()
            .find(|one| one.contains("import_job"))
            .unwrap()
            .clone();
        let mut values: Vec<String> = values.into_iter().map(str::to_owned).collect();
        values.push("101".to_owned());
        let asked = statement.clone();
        let plan = registry.app.db.write_blocking(move |connection| {
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            Ok(plan(connection, &asked, &values))
        });
        let plan = plan.unwrap();
        assert!(plan.contains(index), "{statement}\n{plan}");
        let folded = plan.to_ascii_lowercase();
        assert!(
            !folded.contains("seq scan")
                && !folded.contains("temp b-tree")
                && !folded.contains("sort"),
            "{statement}\n{plan}"
        );
        seen.insert(index);
    }
    assert_eq!(seen.len(), 4);
}
