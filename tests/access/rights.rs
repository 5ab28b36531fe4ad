//! A body and what is its own. What each role gets of every field and address is in `table`.

use crate::support::{Registry, Row, Served, cast, codes, csv, multipart, uln};
use serde_json::{Value, json};

/// What becomes of a request: data, null, or an error's code.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Given {
    Data,
    Null,
    Code(String),
}

fn given(answer: &Value, field: &str) -> Given {
    match codes(answer).as_slice() {
        [] if answer["data"][field].is_null() => Given::Null,
        [] => Given::Data,
        [code] => Given::Code(code.clone()),
        more => panic!("{more:?}"),
    }
}

fn filled() -> (Served, String) {
    let served = Registry::new().with_register().served();
    let registry = &served.registry;
    let report = registry.push_csv(
        "RN5217",
        &csv(&[Row::award(1, "R1").with("certificate_number", "C1")]),
    );
    registry.push_csv(
        "RN5156",
        &csv(&[Row::elsewhere(2, "S1"), Row::elsewhere(1, "S2")]),
    );
    let asked = "{ me { achievements { edges { node { id awardingBody { recognitionNumber } sources { job } } } } } }";
    let me = &registry.data(&registry.practitioner(&uln(1)), asked, Value::Null)["me"];
    let own = me["achievements"]["edges"]
        .as_array()
        .unwrap()
        .iter()
        .find(|edge| edge["node"]["sources"][0]["job"] == report.id.as_str())
        .unwrap();
    let achievement = own["node"]["id"].as_str().unwrap().to_owned();
    (served, achievement)
}

#[test]
fn a_body_pushes_its_own_results_only() {
    let (served, _) = filled();
    let start = "mutation($file: Upload!, $body: String) {
        startImport(adapter: \"csv\", file: $file, awardingBody: $body) { id awardingBody { recognitionNumber } } }";
    for (who, token) in cast(&served.registry) {
        let Some(token) = token else { continue };
        let bearer = format!("Bearer {token}");
        for named in ["RN5217", "RN5156", "no number"] {
            let (kind, body) =
                multipart(start, json!({"body": named}), &csv(&[Row::award(1, named)]));
            let headers = [
                ("Content-Type", kind.as_str()),
                ("GraphQL-Require-Preflight", "1"),
                ("Authorization", &bearer),
            ];
            let answer = served.request("POST", "/graphql", &headers, &body).json();
            let expected = match (who, named) {
                ("awarding_body", "RN5217") => Given::Data,
                ("awarding_body" | "practitioner" | "steward", "no number") => {
                    Given::Code("awarding-body-invalid".to_owned())
                }
                ("awarding_body" | "practitioner" | "steward", _) => {
                    Given::Code("body-mismatch".to_owned())
                }
                _ => {
                    assert_eq!(answer["code"], "forbidden", "{who}, {named}: {answer}");
                    continue;
                }
            };
            assert_eq!(
                given(&answer, "startImport"),
                expected,
                "{who}, {named}: {answer}"
            );
        }
    }
}

#[test]
fn a_body_changes_its_own_awards_only() {
    let (served, achievement) = filled();
    let registry = &served.registry;
    let other = registry.token(registry::access::Role::AwardingBody, None, Some("RN5156"));
    let unknown = format!("achievement_{}", "0".repeat(26));
    let withdraw = |id: &str| {
        let document = format!(
            "mutation {{ withdrawAchievement(id: \"{id}\", reason: \"An error\") {{ id }} }}"
        );
        served.graphql(Some(&other), &document, Value::Null).json()
    };
    // An award of another body is told of as one that does not exist.
    let (one, two) = (withdraw(&achievement), withdraw(&unknown));
    assert_eq!(codes(&one), ["not-found"]);
    assert_eq!(one["errors"][0]["message"], two["errors"][0]["message"]);
    assert_eq!(one["data"], two["data"]);
}
