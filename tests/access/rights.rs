//! The roles over every root field and every address.

use crate::support::{Introspected, Registry, Row, Served, cast, codes, csv, multipart, uln};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What becomes of a request: data, null, or an error's code.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Given {
    Data,
    Null,
    Code(String),
}

/// In the order of the cast: nobody, practitioner, awarding body, employer, assessor, quality assurer,
/// steward, statistician. `+` data, `-` null, `?` unauthenticated, `!` forbidden, `0` not found.
type Row8 = &'static str;

fn expected(row: Row8, place: usize) -> Given {
    match row.as_bytes()[place] {
        b'+' => Given::Data,
        b'-' => Given::Null,
        b'?' => Given::Code("unauthenticated".to_owned()),
        b'!' => Given::Code("forbidden".to_owned()),
        b'0' => Given::Code("not-found".to_owned()),
        other => panic!("{other}"),
    }
}

struct Field {
    root: &'static str,
    field: &'static str,
    selection: String,
    who: Row8,
}

/// The table. A root field of the schema that has no row here fails the test.
fn fields(learner: &str, achievement: &str, job: &str) -> Vec<Field> {
    let person = "input: {certificateNumber: \"C1\", familyName: \"Inventedb\", dateOfBirth: \"1971-04-02\"}";
    let many = person
        .replacen("input: ", "inputs: [", 1)
        .replace("02\"}", "02\"}]");
    let query = |field, selection: String, who| Field {
        root: "Query",
        field,
        selection,
        who,
    };
    let change = |field, who| Field {
        root: "Mutation",
        field,
        selection: format!("(id: \"{achievement}\", reason: \"An error\") {{ id }}"),
        who,
    };
    vec![
        query("node", format!("(id: \"{learner}\") {{ id }}"), "-++---+-"),
        query(
            "node",
            format!("(id: \"{achievement}\") {{ id }}"),
            "-++---+-",
        ),
        query("node", format!("(id: \"{job}\") {{ id }}"), "--+---+-"),
        query(
            "node",
            "(id: \"qualification_50091700\") { id }".into(),
            "++++++++",
        ),
        query(
            "node",
            "(id: \"awarding-body_RN5217\") { id }".into(),
            "++++++++",
        ),
        query("node", "(id: \"unit_A6010000\") { id }".into(), "--------"),
        query(
            "node",
            "(id: \"receipt_00000000000000000000000000\") { id }".into(),
            "--------",
        ),
        query(
            "qualification",
            "(number: \"500/9170/0\") { id }".into(),
            "++++++++",
        ),
        query(
            "awardingBody",
            "(recognitionNumber: \"RN5217\") { id }".into(),
            "++++++++",
        ),
        query("me", "{ id }".into(), "?+!!!!!!"),
        query(
            "learner",
            format!("(id: \"{learner}\") {{ id }}"),
            "-++---+-",
        ),
        query(
            "learner",
            format!("(uln: \"{}\") {{ id }}", uln(1)),
            "-++---+-",
        ),
        query(
            "learner",
            format!("(uln: \"{}\") {{ id }}", uln(2)),
            "------+-",
        ),
        query(
            "verify",
            format!("({person}) {{ outcome receipt {{ id }} }}"),
            "++++++++",
        ),
        query("verifyMany", format!("({many}) {{ outcome }}"), "++++++++"),
        query("receipts", "{ edges { cursor } }".into(), "?++++++!"),
        query("importJob", format!("(id: \"{job}\") {{ id }}"), "--+---+-"),
        query("importJobs", "{ edges { cursor } }".into(), "?+++++++"),
        change("withdrawAchievement", "?!+!!!!!"),
        change("reinstateAchievement", "?!+!!!!!"),
    ]
}

fn given(answer: &Value, field: &str) -> Given {
    match codes(answer).as_slice() {
        [] if answer["data"][field].is_null() => Given::Null,
        [] => Given::Data,
        [code] => Given::Code(code.clone()),
        more => panic!("{more:?}"),
    }
}

fn filled() -> (Served, String, String, String) {
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
    let asked = "{ me { id achievements { edges { node { id awardingBody { recognitionNumber } sources { job } } } } } }";
    let me = &registry.data(&registry.practitioner(&uln(1)), asked, Value::Null)["me"];
    let own = me["achievements"]["edges"]
        .as_array()
        .unwrap()
        .iter()
        .find(|edge| edge["node"]["sources"][0]["job"] == report.id.as_str())
        .unwrap();
    let learner = me["id"].as_str().unwrap().to_owned();
    let achievement = own["node"]["id"].as_str().unwrap().to_owned();
    (served, learner, achievement, report.id)
}

const START: &str =
    "mutation($file: Upload!) { startImport(adapter: \"csv\", file: $file) { id } }";

#[test]
fn each_role_may_what_the_table_says() {
    let (served, learner, achievement, job) = filled();
    let cast = cast(&served.registry);
    let table = fields(&learner, &achievement, &job);
    for row in &table {
        for (place, (who, token)) in cast.iter().enumerate() {
            let kind = if row.root == "Mutation" {
                "mutation"
            } else {
                "query"
            };
            let document = format!("{kind} {{ {} {} }}", row.field, row.selection);
            let answer = served.graphql(token.as_deref(), &document, Value::Null);
            assert_eq!(answer.status, 200, "{who}: {document}: {}", answer.body);
            let answer = answer.json();
            assert_eq!(
                given(&answer, row.field),
                expected(row.who, place),
                "{who}: {document}: {answer}"
            );
        }
    }
    let (kind, body) = multipart(START, json!({}), &csv(&[Row::award(1, "R2")]));
    for (place, (who, token)) in cast.iter().enumerate() {
        let bearer = format!("Bearer {}", token.as_deref().unwrap_or_default());
        let mut headers = vec![
            ("Content-Type", kind.as_str()),
            ("GraphQL-Require-Preflight", "1"),
        ];
        if token.is_some() {
            headers.push(("Authorization", &bearer));
        }
        let answer = served.request("POST", "/graphql", &headers, &body);
        match expected("?++!!!+!", place) {
            // The file of one who may not push is not even taken.
            Given::Code(code) => {
                assert_eq!(answer.json()["code"], code, "{who}");
                assert_eq!(answer.header("content-type"), "application/problem+json");
            }
            other => assert_eq!(
                given(&answer.json(), "startImport"),
                other,
                "{who}: {}",
                answer.body
            ),
        }
    }
    let mut walked: BTreeSet<(&str, &str)> =
        table.iter().map(|row| (row.root, row.field)).collect();
    walked.insert(("Mutation", "startImport"));
    let schema = Introspected::of(&served.registry);
    // Who may follow an import is who may see it: tests/protocol/progress.rs.
    walked.insert(("Subscription", "importProgress"));
    assert!(schema.objects().contains(&"Subscription".to_owned()));
    for root in ["Query", "Mutation", "Subscription"] {
        for (field, _) in schema.fields(root) {
            assert!(
                walked.contains(&(root, field.as_str())),
                "{root}.{field} has no row in the table of rights"
            );
        }
    }
}

#[test]
fn each_role_may_what_the_table_of_addresses_says() {
    let (served, _, _, job) = filled();
    for (place, (who, token)) in cast(&served.registry).iter().enumerate() {
        let bearer = format!("Bearer {}", token.as_deref().unwrap_or_default());
        let mut headers = Vec::new();
        if token.is_some() {
            headers.push(("Authorization", bearer.as_str()));
        }
        let file = csv(&[Row::award(1, who)]);
        for (method, path, who_may) in [
            ("POST", "/imports/csv".to_owned(), "?++!!!+!"),
            ("POST", "/imports/csv?dryRun=true".to_owned(), "?++!!!+!"),
            ("GET", format!("/imports/{job}"), "?0+000+0"),
            ("GET", format!("/imports/{job}/issues"), "?0+000+0"),
        ] {
            let body: &[u8] = if method == "POST" { &file } else { b"" };
            let answer = served.request(method, &path, &headers, body);
            let given = match answer.status {
                200 | 202 => Given::Data,
                _ => Given::Code(answer.json()["code"].as_str().unwrap().to_owned()),
            };
            assert_eq!(
                given,
                expected(who_may, place),
                "{who}: {method} {path}: {}",
                answer.body
            );
        }
    }
}

#[test]
fn a_body_pushes_its_own_results_only() {
    let (served, ..) = filled();
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
    let (served, _, achievement, _) = filled();
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
