//! Requests in bodies, one by one and in batches, and how their content may be coded.

use crate::support::{Answer, Registry, Served, codes};
use registry::db::Engine;
use serde_json::{Value, json};

const JSON: (&str, &str) = ("Content-Type", "application/json");
const NEW: (&str, &str) = ("Accept", "application/graphql-response+json");

fn batch(served: &Served, requests: &Value) -> Answer {
    served.request(
        "POST",
        "/graphql",
        &[JSON, NEW],
        requests.to_string().as_bytes(),
    )
}

/// A batch is none of the specification's; it is refused where it is not configured.
#[test]
fn a_batch_is_taken_where_it_is_configured_only() {
    let one = json!({"query": "{ __typename }"});
    for allowed in [0, 3] {
        let served = Registry::configured(|config| config.graphql.batch = allowed).served();
        for many in 0..5 {
            let answer = batch(&served, &json!(vec![one.clone(); many]));
            if many == 0 || allowed == 0 {
                assert_eq!(
                    (answer.status, &answer.json()["code"]),
                    (422, &json!("request-invalid")),
                    "{many} of {allowed}"
                );
            } else if many > allowed {
                assert_eq!(
                    (answer.status, &answer.json()["code"]),
                    (422, &json!("too-many"))
                );
                assert!(answer.body.contains('3'), "{}", answer.body);
            } else {
                let each = json!({"data": {"__typename": "Query"}});
                assert_eq!(
                    (answer.status, answer.json()),
                    (200, json!(vec![each; many]))
                );
            }
        }
    }
}

/// Each request of a batch is answered in its place, and all share the cost, the body and the time.
#[test]
fn the_requests_of_a_batch_share_their_limits() {
    let served = Registry::configured(|config| {
        config.graphql.batch = 10;
        config.graphql.cost = 10;
        config.graphql.body = 1000;
    });
    let served = served.with_register().served();
    let four = json!({"query": "{ qualification(number: \"500/9170/0\") { level title id } }", "extensions": {"cost": true}});
    let broken = json!({"query": "{"});
    let answer = batch(&served, &json!([four, broken, four, four]));
    let told = answer.json();
    assert_eq!(answer.status, 294, "{told}");
    let answered = |place: usize| told[place]["data"]["qualification"]["level"] == "L3";
    assert!(answered(0) && answered(2), "{told}");
    assert_eq!(codes(&told[1]), ["query-unreadable"]);
    assert!(told[1].get("data").is_none());
    assert_eq!(codes(&told[3]), ["query-too-complex"]);
    let left: Vec<&Value> = [0, 2, 3]
        .iter()
        .map(|place| &told[*place]["extensions"]["cost"]["allowed"])
        .collect();
    assert_eq!(left, [&json!(10), &json!(6), &json!(2)]);
    // One that is no request makes the whole none.
    let answer = batch(&served, &json!([four, 7]));
    assert_eq!(
        (answer.status, &answer.json()["code"]),
        (422, &json!("request-invalid"))
    );
    let answer = batch(&served, &json!([four, {"query": 7}]));
    assert_eq!(
        (answer.status, &answer.json()["code"]),
        (422, &json!("request-invalid"))
    );
    let long = json!({"query": format!("{{ __typename }} #{}", "x".repeat(300))});
    assert_eq!(batch(&served, &json!([long, long])).status, 200);
    assert_eq!(batch(&served, &json!([long, long, long, long])).status, 413);
    // Over GET there is no batch.
    let answer = served.get("/graphql?query=[%7B__typename%7D]", None);
    assert_eq!(codes(&answer.json()), ["query-unreadable"]);
}

/// RFC 9110, section 8.4: a content coding that is not taken is a 415; what is accepted is compressed.
#[test]
fn content_is_taken_as_it_is_and_given_as_it_is_accepted() {
    let served = Registry::new().served();
    let body = json!({"query": "{ __schema { types { name description } } }"}).to_string();
    for coding in ["gzip", "br", "x"] {
        let headers = [JSON, ("Content-Encoding", coding)];
        let answer = served.request("POST", "/graphql", &headers, body.as_bytes());
        assert_eq!(
            (answer.status, &answer.json()["code"]),
            (415, &json!("unsupported-media-type"))
        );
    }
    let headers = [JSON, ("Content-Encoding", "identity")];
    let answer = served.request("POST", "/graphql", &headers, body.as_bytes());
    assert_eq!(answer.status, 200);
    for (accepted, given) in [
        ("gzip", "gzip"),
        ("identity", ""),
        ("gzip;q=0", ""),
        ("zstd", ""),
    ] {
        let url = format!("{}/graphql", served.url);
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .build()
            .into();
        let answer = agent
            .post(&url)
            .header(JSON.0, JSON.1)
            .header("Accept-Encoding", accepted)
            .send(&body)
            .unwrap();
        let coding = answer.headers().get("content-encoding");
        let coding = coding.map_or("", |coding| coding.to_str().unwrap());
        assert_eq!(
            (answer.status().as_u16(), coding),
            (200, given),
            "{accepted}"
        );
    }
}

/// RFC 9110, section 9.3.2: HEAD is GET without its body.
#[test]
fn head_is_get_without_its_body() {
    let served = Registry::new().served();
    for path in [
        "/graphql?query=%7B__typename%7D",
        "/graphql?query=%7B",
        "/graphql",
    ] {
        let (get, head) = (
            served.request("GET", path, &[NEW], b""),
            served.request("HEAD", path, &[NEW], b""),
        );
        assert_eq!(
            (head.status, head.body.as_str()),
            (get.status, ""),
            "{path}"
        );
        assert_eq!(head.header("content-type"), get.header("content-type"));
    }
}

/// What is wrong with a document is told as far as it helps, and no further.
#[test]
fn an_answer_tells_a_few_errors_in_few_words() {
    let served = Registry::new().served();
    let many: String = (0..500).map(|one| format!(" nothing{one}")).collect();
    let told = served
        .graphql(None, &format!("{{ {many} }}"), Value::Null)
        .json();
    assert_eq!(told["errors"].as_array().unwrap().len(), 20);
    let long = "x".repeat(50_000);
    let answer = served.graphql(None, &format!("{{ {long} }}"), Value::Null);
    assert_eq!(codes(&answer.json()), ["query-invalid"]);
    assert!(answer.body.len() < 1000, "{}", answer.body.len());
}

/// On PostgreSQL a reading connection gives up what takes too long.
#[test]
fn a_reading_connection_gives_up() {
    let registry = Registry::new();
    if registry.app.db.engine() == Engine::Sqlite {
        return;
    }
    use diesel::prelude::*;
    let told = registry
        .app
        .db
        .read_blocking(|connection| match connection {
            registry::db::Connection::Postgres(open) => {
                Ok(diesel::dsl::sql::<diesel::sql_types::Text>(
                    "SELECT current_setting('statement_timeout')",
                )
                .get_result::<String>(open)?)
            }
            registry::db::Connection::Sqlite(_) => unreachable!(),
        });
    assert_eq!(told.unwrap(), "10s");
}
