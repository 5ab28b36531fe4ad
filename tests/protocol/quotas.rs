//! Quotas of an awarding body, counted in the database.

use super::pushes::{another_body, code, one, push, served_with, spooled};
use crate::support::{Answer, Hands, Registry, Row, csv, push_of_body};
use chrono::TimeDelta;
use registry::access::Role;
use registry::app::App;
use serde_json::{Value, json};

fn refused(answer: &Answer, limit: &str, allowed: u64) -> u64 {
    assert_eq!(
        code(answer),
        (429, "quota-exceeded".to_owned()),
        "{}",
        answer.body
    );
    let told = answer.json();
    assert_eq!(
        (&told["limit"], &told["allowed"]),
        (&json!(limit), &json!(allowed))
    );
    assert_eq!(answer.header("content-type"), "application/problem+json");
    answer.header("retry-after").parse().unwrap()
}

#[test]
fn a_body_may_push_so_many_files_a_day_and_others_are_not_touched() {
    let hands = Hands::at("2026-03-01");
    let registry = Registry::at(hands.clock(), |config| {
        config.limits.enabled = true;
        config.limits.pushes_per_day = 2;
    })
    .with_register();
    let mint = |registry: &Registry| registry.token(Role::AwardingBody, None, Some("RN5217"));
    let token = mint(&registry);
    let served = registry.served();
    let key = [("Idempotency-Key", "of monday")];
    let first = push(&served, &token, "/imports/csv", &key, &one());
    assert_eq!(first.status, 202, "{}", first.body);
    served.ended(&token, first.header("location"));
    hands.put(TimeDelta::seconds(300));
    let second = push(&served, &token, "/imports/csv?dryRun=true", &[], &one());
    assert_eq!(second.status, 202, "{}", second.body);
    served.ended(&token, second.header("location"));
    let answer = push(&served, &token, "/imports/csv", &[], &one());
    let wait = refused(&answer, "pushes_per_day", 2);
    assert_eq!(wait, 86_400 - 300 + 1);
    // So is one with a new key, whose file is received first; the same push again is none.
    let other_key = [("Idempotency-Key", "of tuesday")];
    let answer = push(&served, &token, "/imports/csv", &other_key, &one());
    refused(&answer, "pushes_per_day", 2);
    let again = push(&served, &token, "/imports/csv", &key, &one());
    assert_eq!(
        (again.status, again.header("location")),
        (202, first.header("location"))
    );
    assert_eq!(spooled(&served), 0, "nothing of a refused file stays");
    // In Welsh the code's own words.
    let bearer = format!("Bearer {token}");
    let headers = [
        ("Authorization", bearer.as_str()),
        ("Accept-Language", "cy"),
    ];
    let welsh = served.request("POST", "/imports/csv", &headers, &one());
    let words = schema::Code::QuotaExceeded.message(schema::Language::Welsh);
    assert_eq!(welsh.json()["detail"], words);
    // Over GraphQL it is told as well.
    let answer = upload(&served, &token);
    let extensions = &answer["errors"][0]["extensions"];
    assert_eq!(
        (
            &extensions["code"],
            &extensions["limit"],
            &extensions["allowed"]
        ),
        (
            &json!("quota-exceeded"),
            &json!("pushes_per_day"),
            &json!(2)
        ),
        "{answer}"
    );
    // Another body has its own, and whoever works on the command line none.
    let other = another_body(&served);
    let theirs = push(
        &served,
        &other,
        "/imports/csv",
        &[],
        &csv(&[Row::elsewhere(2, "S1")]),
    );
    assert_eq!(theirs.status, 202, "{}", theirs.body);
    assert_eq!(
        served.registry.push_csv("RN5217", &one()).counts.unchanged,
        1
    );
    // A day after the first there is room again.
    hands.put(TimeDelta::days(1) - TimeDelta::seconds(299));
    let token = mint(&served.registry);
    let answer = push(&served, &token, "/imports/csv", &[], &one());
    // The one of the command line counts for the body too.
    refused(&answer, "pushes_per_day", 2);
    hands.put(TimeDelta::seconds(301));
    let token = mint(&served.registry);
    let answer = push(&served, &token, "/imports/csv", &[], &one());
    assert_eq!(answer.status, 202, "{}", answer.body);
    served.ended(&token, answer.header("location"));
}

fn upload(served: &crate::support::Served, token: &str) -> Value {
    let bearer = format!("Bearer {token}");
    let (kind, body) = crate::support::multipart(
        "mutation ($file: Upload!) { startImport(adapter: \"csv\", file: $file) { id } }",
        json!({}),
        &one(),
    );
    let headers = [
        ("Authorization", bearer.as_str()),
        ("Content-Type", kind.as_str()),
        ("GraphQL-Require-Preflight", "1"),
    ];
    served.request("POST", "/graphql", &headers, &body).json()
}

#[test]
fn a_body_may_push_so_many_bytes_a_day() {
    let length = one().len() as u64;
    let (served, token) = served_with(|config| {
        config.limits.enabled = true;
        config.limits.bytes_per_day = length * 2 + 10;
    });
    for _ in 0..2 {
        let answer = push(&served, &token, "/imports/csv", &[], &one());
        assert_eq!(answer.status, 202, "{}", answer.body);
        served.ended(&token, answer.header("location"));
    }
    let answer = push(&served, &token, "/imports/csv", &[], &one());
    let wait = refused(&answer, "bytes_per_day", length * 2 + 10);
    assert!((86_000..=86_401).contains(&wait), "{wait}");
    // What fits is taken.
    let small = push(&served, &token, "/imports/csv", &[], b"uln\n1\n");
    assert_eq!(small.status, 202, "{}", small.body);
}

#[test]
fn servers_that_share_a_database_share_what_is_used_and_waiting_imports_count() {
    let (served, token) = served_with(|config| {
        config.limits.enabled = true;
        config.limits.waiting_jobs = 2;
    });
    let app = &served.registry.app;
    // Another server has two imports that wait for it.
    let mut elsewhere = app.config.clone();
    elsewhere.data_dir = served.registry.folder().join("elsewhere");
    let elsewhere = App::open(elsewhere, app.clock.clone()).unwrap();
    let mut jobs = Vec::new();
    for _ in 0..2 {
        let push = registry::action::import::Push {
            caller: format!("another {}", jobs.len()),
            ..push_of_body(&elsewhere, "RN5217", &one())
        };
        jobs.push(
            registry::action::import::submit(&elsewhere, &push)
                .unwrap()
                .job(),
        );
    }
    let answer = push(&served, &token, "/imports/csv", &[], &one());
    assert_eq!(refused(&answer, "waiting_jobs", 2), 10);
    assert_eq!(spooled(&served), 0);
    let never = std::sync::atomic::AtomicBool::new(false);
    for job in jobs {
        registry::action::import::run(
            &elsewhere,
            job.id,
            &registry::action::import::Silent,
            &never,
        )
        .unwrap();
    }
    let answer = push(&served, &token, "/imports/csv", &[], &one());
    assert_eq!(answer.status, 202, "{}", answer.body);
    served.ended(&token, answer.header("location"));
}
