//! No error suggests what the schema has: neither a field, a type, an argument, an input field, an enum's
//! value nor a directive. The names that a query nearly wrote are not in the answer.

use crate::support::Registry;
use serde_json::{Value, json};

#[test]
fn no_error_says_what_was_nearly_written() {
    for introspection in [true, false] {
        let served = Registry::configured(|config| config.graphql.introspection = introspection);
        let served = served.served();
        let facts = "familyName: \"A\", dateOfBirth: \"1980-01-01\"";
        for (query, variables, hidden) in [
            ("{ qualificatio(number: \"x\") { id } }".to_owned(), Value::Null, "qualification"),
            ("{ qualification(number: \"x\") { titl } }".to_owned(), Value::Null, "\"title\""),
            ("{ qualification(numbr: \"x\") { id } }".to_owned(), Value::Null, "\"number\""),
            ("{ mee { id } }".to_owned(), Value::Null, "\"me\""),
            ("mutation { withdrawAchievment(id: \"x\", reason: \"y\") { id } }".to_owned(), Value::Null, "withdrawAchievement"),
            ("{ node(id: \"x\") { ... on Lerner { id } } }".to_owned(), Value::Null, "\"Learner\""),
            ("fragment f on Qury { me { id } } { ...f }".to_owned(), Value::Null, "\"Query\""),
            ("query ($i: VerifyInpt!) { verify(input: $i) { outcome } }".to_owned(), json!({"i": {}}), "VerifyInput"),
            (format!("{{ verify(input: {{{facts}, credentialld: \"x\"}}) {{ outcome }} }}"), Value::Null, "credentialId"),
            (format!("{{ verify(input: {{{facts}, purpos: \"x\"}}) {{ outcome }} }}"), Value::Null, "\"purpose\""),
            ("query ($i: VerifyInput!) { verify(input: $i) { outcome } }".to_owned(), json!({"i": {"credentialld": "x"}}), "credentialId"),
            ("{ me { achievements(status: [FINALE]) { totalCount } } }".to_owned(), Value::Null, "\"FINAL\""),
            ("query ($s: [AchievementStatus!]) { me { achievements(status: $s) { totalCount } } }".to_owned(), json!({"s": ["FINALE"]}), "\"FINAL\""),
            ("{ me { creditTotal(level: L33) } }".to_owned(), Value::Null, "L3\""),
            ("{ __typename @skp(if: true) }".to_owned(), Value::Null, "\"skip\""),
            ("subscription { importProgres(id: \"x\") { id } }".to_owned(), Value::Null, "importProgress"),
        ] {
            let answer = served.graphql(None, &query, variables);
            let told = answer.json();
            assert_eq!(answer.status, 422, "{query}: {told}");
            for error in told["errors"].as_array().unwrap() {
                let words = error["message"].as_str().unwrap();
                // What is needed is no suggestion; where the schema is not shown it is not told either.
                if introspection && words.contains("is required but not provided") {
                    continue;
                }
                assert!(!words.contains(hidden), "{query}: {words}");
                for hint in ["Did you mean", "did you mean", "Perhaps", "similar", " one of"] {
                    assert!(!words.contains(hint), "{query}: {words}");
                }
            }
        }
    }
}

/// Introspection is a matter of configuration, by whichever way it is asked for.
#[test]
fn where_introspection_is_off_the_schema_is_not_told() {
    let served = Registry::configured(|config| config.graphql.introspection = false).served();
    for query in [
        "{ __schema { types { name } } }",
        "{ __type(name: \"Learner\") { name fields { name } } }",
        "{ a: __schema { queryType { name } } }",
        "{ ...f } fragment f on Query { __schema { types { name } } }",
        "query A { __typename } query B { __schema { types { name } } }",
    ] {
        for name in [None, Some("B")] {
            if name.is_some() != query.contains("query B") {
                continue;
            }
            let body = json!({"query": query, "operationName": name}).to_string();
            let headers = [("Content-Type", "application/json")];
            let answer = served.request("POST", "/graphql", &headers, body.as_bytes());
            assert!(!answer.body.contains("Learner"), "{query}: {}", answer.body);
            assert!(answer.body.len() < 500, "{query}: {}", answer.body);
        }
    }
    // The name of what was answered is no introspection of the schema.
    let answer = served.graphql(None, "{ __typename }", Value::Null);
    assert_eq!(answer.json(), json!({"data": {"__typename": "Query"}}));
}
