//! How much a document may ask.

use crate::support::{Registry, codes};
use serde_json::{Value, json};

#[test]
fn a_document_that_asks_too_much_is_refused_with_its_code() {
    let served = Registry::new().with_register().served();
    let deep = |steps: usize| {
        format!(
            "{{ __schema {{ types {{ fields {{ type {{ {} name {} }} }} }} }} }}",
            "ofType { ".repeat(steps),
            "}".repeat(steps)
        )
    };
    let aliases = |many: usize| {
        (0..many)
            .map(|one| format!(" a{one}: __typename"))
            .collect::<String>()
    };
    let directives = |many: usize| format!("{{ __typename {} }}", "@skip(if: false) ".repeat(many));
    let costly = "{ me { achievements { edges { node { learner { achievements { edges { node { id } } } } } } } } }";
    let nested = format!(
        "{}{{ __typename }}{}",
        "{ ... on Query ".repeat(80),
        "}".repeat(80)
    );
    let fragments: String = (0..30)
        .map(|one| {
            format!(
                "fragment f{one} on Query {{ ...f{} ...f{} }} ",
                one + 1,
                one + 1
            )
        })
        .collect();
    let chain = |many: usize| {
        let each = (0..many).map(|one| format!("fragment f{one} on Query {{ ...f{} }} ", one + 1));
        let each: String = each.collect();
        format!("{{ ...f0 }} {each} fragment f{many} on Query {{ __typename }}")
    };
    for (what, query) in [
        ("depth", deep(20)),
        ("depth past all reason", deep(100)),
        ("cost", costly.to_owned()),
        ("aliases", format!("{{ {} }}", aliases(101))),
        (
            "aliases in fragments",
            format!("{{ ...f }} fragment f on Query {{ {} }}", aliases(101)),
        ),
        ("directives", directives(11)),
        ("recursion", nested),
        ("a chain of fragments", chain(4000)),
        (
            "fragments of fragments",
            format!("{{ ...f0 }} {fragments} fragment f30 on Query {{ __typename }}"),
        ),
        (
            "verifications",
            format!(
                "{{ {} }}",
                (0..60)
                    .map(|one| format!(
                        " v{one}: verifyMany(inputs: [{}]) {{ outcome }}",
                        "{familyName: \"A\"}, ".repeat(100)
                    ))
                    .collect::<String>()
            ),
        ),
    ] {
        for _ in 0..2 {
            let began = std::time::Instant::now();
            let answer = served.graphql(None, &query, Value::Null).json();
            assert_eq!(
                codes(&answer).first().map(String::as_str),
                Some("query-too-complex"),
                "{what}: {answer}"
            );
            assert!(answer.get("data").is_none(), "{what}: {answer}");
            assert!(began.elapsed().as_secs() < 10, "{what}");
        }
    }
    for (what, query) in [
        ("depth", deep(5)),
        ("aliases", format!("{{ {} }}", aliases(100))),
        ("directives", directives(10)),
    ] {
        let answer = served.graphql(None, &query, Value::Null).json();
        assert_eq!(codes(&answer), [""; 0], "{what}: {answer}");
    }
}

#[test]
fn a_limit_holds_for_variables_of_a_known_document_too() {
    let served = Registry::new().with_register().served();
    let query = "query ($i: [VerifyInput!]!) { verifyMany(inputs: $i) { outcome } }";
    let one = json!({"credentialId": "x", "familyName": "A", "dateOfBirth": "1980-01-01"});
    for (many, code) in [
        (1, None),
        (100, None),
        (101, Some("too-many")),
        (1, None),
        (101, Some("too-many")),
    ] {
        let answer = served
            .graphql(None, query, json!({"i": vec![one.clone(); many]}))
            .json();
        assert_eq!(
            codes(&answer).first().map(String::as_str),
            code,
            "{many}: {answer}"
        );
    }
    let pages = "query ($n: Int) { receipts(first: $n) { edges { node { id jwt outcome purpose checkedAt } } } }";
    let token = served
        .registry
        .token(registry::access::Role::Employer, None, None);
    for (first, code) in [
        (Some(2), None),
        (Some(101), Some("input-invalid")),
        (Some(-1), Some("input-invalid")),
        (None, None),
    ] {
        let answer = served
            .graphql(Some(&token), pages, json!({"n": first}))
            .json();
        assert_eq!(
            codes(&answer).first().map(String::as_str),
            code,
            "{first:?}: {answer}"
        );
    }
}

#[test]
fn nonsense_nested_without_end_is_answered() {
    let served = Registry::new().served();
    let many = 30_000;
    for query in [
        "{a".repeat(many),
        format!("{{a(b:{}", "[".repeat(many)),
        format!("{{a(b:{}", "{c:".repeat(many)),
        format!("query($a:{}", "[".repeat(many)),
        format!("{{ {} }}", "a ".repeat(many)),
        format!("{{ {} }}", "... { ".repeat(many)),
        "\"\"\"".repeat(many),
        "#".repeat(many),
    ] {
        let began = std::time::Instant::now();
        let answer = served.graphql(None, &query, Value::Null);
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert!(!codes(&answer.json()).is_empty(), "{}", answer.body);
        assert!(began.elapsed().as_secs() < 20, "{}", &query[..20]);
    }
    let variables = format!(
        "{{\"query\": \"{{ __typename }}\", \"variables\": {}",
        "{\"a\":".repeat(many)
    );
    let answer = served.request(
        "POST",
        "/graphql",
        &[("Content-Type", "application/json")],
        variables.as_bytes(),
    );
    assert!([400, 413].contains(&answer.status));
}

#[test]
fn a_request_that_is_too_large_names_the_limit() {
    let served = Registry::configured(|config| config.graphql.body = 2000).served();
    let query = |length: usize| {
        json!({"query": format!("{{ __typename }} #{}", "x".repeat(length))}).to_string()
    };
    let headers = [("Content-Type", "application/json")];
    assert_eq!(
        served
            .request("POST", "/graphql", &headers, query(1000).as_bytes())
            .status,
        200
    );
    let answer = served.request("POST", "/graphql", &headers, query(3000).as_bytes());
    assert_eq!(
        (answer.status, &answer.json()["code"]),
        (413, &json!("too-large"))
    );
    assert!(
        answer.json()["detail"].as_str().unwrap().contains("2000"),
        "{}",
        answer.body
    );
}
