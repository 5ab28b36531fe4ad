//! GraphQL over HTTP (edition of September 2026): media types, status codes, methods. Each test names the
//! section that it checks.

use crate::support::{Answer, Registry, Served, uln};
use registry::access::Role;
use serde_json::{Value, json};

const NEW: &str = "application/graphql-response+json";
const OLD: &str = "application/json";

fn post(served: &Served, accept: Option<&str>, kind: Option<&str>, body: &str) -> Answer {
    let mut headers = Vec::new();
    headers.extend(accept.map(|accept| ("Accept", accept)));
    headers.extend(kind.map(|kind| ("Content-Type", kind)));
    served.request("POST", "/graphql", &headers, body.as_bytes())
}

fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |mut escaped, byte| {
        if byte.is_ascii_alphanumeric() {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
        escaped
    })
}

/// "Body" and "Media Types", and RFC 9110, section 12.5.1: the range that names a type most exactly says how
/// it is liked; what is not UTF-8 is another type.
#[test]
fn the_answer_has_the_media_type_that_was_asked_for() {
    let served = Registry::new().served();
    let body = json!({"query": "{ __typename }"}).to_string();
    for (accept, given) in [
        (None, OLD),
        (Some(OLD), OLD),
        (Some(NEW), NEW),
        (Some("*/*"), OLD),
        (Some("application/*"), OLD),
        (
            Some("text/html, application/graphql-response+json;q=0.9, application/json;q=0.8"),
            NEW,
        ),
        (
            Some("application/json, application/graphql-response+json"),
            OLD,
        ),
        (Some("application/json;charset=utf-8"), OLD),
        (Some("APPLICATION/JSON"), OLD),
        (
            Some("application/json;q=0.5, application/graphql-response+json"),
            NEW,
        ),
        (
            Some("application/json;q=0, application/graphql-response+json;q=0.1"),
            NEW,
        ),
        (
            Some("application/graphql-response+json, application/json;q=0.9"),
            NEW,
        ),
        (
            Some(
                "application/graphql-response+json; charset=UTF-8, application/json; charset=\"utf-8\"",
            ),
            NEW,
        ),
        (Some("*/*, application/json;q=0.1"), NEW),
        (
            Some("*/*;q=0.1, application/graphql-response+json;q=0"),
            OLD,
        ),
        (
            Some("application/*;q=0.2, application/graphql-response+json;q=0.1"),
            OLD,
        ),
        (
            Some("application/graphql-response+json;charset=utf-16, */*;q=0.5"),
            OLD,
        ),
        (
            Some("text/plain, application/graphql-response+json;q=0.001"),
            NEW,
        ),
    ] {
        let answer = post(&served, accept, Some(OLD), &body);
        assert_eq!(answer.status, 200, "{accept:?}: {}", answer.body);
        assert_eq!(
            answer.header("content-type"),
            format!("{given}; charset=utf-8"),
            "{accept:?}"
        );
        assert_eq!(answer.json(), json!({"data": {"__typename": "Query"}}));
    }
    for accept in [
        "text/plain",
        "text/html",
        "application/xml, image/*",
        "application/json;q=0",
        "application/json;q=2",
        "application/json;q=x",
        "application/json; charset=utf-16",
        "*/*;q=0",
        "application/graphql",
        "",
    ] {
        let answer = post(&served, Some(accept), Some(OLD), &body);
        assert_eq!(
            (answer.status, &answer.json()["code"]),
            (406, &json!("not-acceptable")),
            "{accept}"
        );
    }
}

/// "POST": `application/json` in UTF-8 is taken, with or without saying so; anything else is a 415.
#[test]
fn the_body_has_a_media_type_that_is_taken() {
    let served = Registry::new().served();
    let body = json!({"query": "{ __typename }"}).to_string();
    for kind in [
        "application/json",
        "application/json; charset=utf-8",
        "Application/JSON;charset=UTF-8",
        "application/json; charset=\"utf-8\"",
        "application/json; profile=x",
    ] {
        assert_eq!(post(&served, None, Some(kind), &body).status, 200, "{kind}");
    }
    for kind in [
        None,
        Some("text/plain"),
        Some("application/graphql"),
        Some("application/x-www-form-urlencoded"),
        Some("application/json5"),
        Some("application/graphql-response+json"),
        Some("application/json; charset=utf-16"),
        Some("application/json; charset=iso-8859-1"),
        Some(""),
    ] {
        let answer = post(&served, None, kind, &body);
        assert_eq!(
            (answer.status, &answer.json()["code"]),
            (415, &json!("unsupported-media-type")),
            "{kind:?}"
        );
    }
}

/// "Status Codes": a body that is no JSON is a 400, JSON that is no request a 422, and neither is told with
/// GraphQL's media type. Members that are not known are ignored ("JSON Encoding"), and null is as good as
/// not being there.
#[test]
fn a_body_that_is_no_request_is_refused() {
    let served = Registry::new().served();
    for (status, code, bodies) in [
        (
            400,
            "bad-request",
            &[
                "",
                " ",
                "nothing",
                "{",
                "{\"query\":",
                "{\"query\": \"{ __typename }\"",
                "{\"query\": \"{ __typename }\"} x",
                "{\"query\": \"\\ud800\"}",
                "{\"query\": \"{ __typename }\", \"variables\": {\"a\": 1e999}}",
                "{'query': '{ __typename }'}",
                "\u{feff}{\"query\": \"{ __typename }\"}",
            ][..],
        ),
        (
            422,
            "request-invalid",
            &[
                "null",
                "7",
                "true",
                "\"text\"",
                "[]",
                "{}",
                "{\"qeury\": \"{ __typename }\"}",
                "{\"query\": 7}",
                "{\"query\": null}",
                "{\"query\": [\"{ __typename }\"]}",
                "{\"variables\": {}}",
                "[{\"query\": \"{ __typename }\"}]",
                "[\"{ __typename }\"]",
                "{\"query\": \"{ __typename }\", \"variables\": []}",
                "{\"query\": \"{ __typename }\", \"variables\": [7]}",
                "{\"query\": \"{ __typename }\", \"variables\": \"{}\"}",
                "{\"query\": \"{ __typename }\", \"variables\": 7}",
                "{\"query\": \"{ __typename }\", \"operationName\": 7}",
                "{\"query\": \"{ __typename }\", \"operationName\": {}}",
                "{\"query\": \"{ __typename }\", \"extensions\": []}",
                "{\"query\": \"{ __typename }\", \"extensions\": \"none\"}",
                "{\"query\": \"{ __typename }\", \"query\": \"{ me { id } }\"}",
                "{\"query\": \"{ __typename }\", \"variables\": {}, \"variables\": {}}",
            ][..],
        ),
    ] {
        for body in bodies {
            for accept in [OLD, NEW] {
                let answer = post(&served, Some(accept), Some(OLD), body);
                assert_eq!(answer.status, status, "{body}: {}", answer.body);
                assert_eq!(answer.json()["code"], code, "{body}");
                assert_eq!(answer.header("content-type"), "application/problem+json");
            }
        }
    }
    for bytes in [&b"{\"query\": \"\xff\"}"[..], b"\xff\xfe{\0}\0", b"\0"] {
        let answer = served.request("POST", "/graphql", &[("Content-Type", OLD)], bytes);
        assert_eq!(
            (answer.status, &answer.json()["code"]),
            (400, &json!("bad-request"))
        );
    }
    for body in [
        "{\"query\": \"{ __typename }\", \"variables\": null, \"operationName\": null, \"extensions\": null, \"documentId\": null}",
        "{\"query\": \"{ __typename }\", \"variables\": {}, \"extensions\": {\"a\": 1}, \"more\": true, \"more\": [7]}",
        "\u{20}{\"query\": \"query A { __typename } query B { a: __typename }\", \"operationName\": \"A\"}\n",
        "{\"query\": \"\\ufeff{ __typename }\\r\\n\"}",
    ] {
        let answer = post(&served, None, Some(OLD), body);
        assert_eq!(
            answer.json(),
            json!({"data": {"__typename": "Query"}}),
            "{body}"
        );
    }
}

/// "Status Codes", and its examples "Document parsing failure", "Document validation failure", "Operation
/// cannot be determined" and "Variable coercion failure": an answer without data is a 4xx with GraphQL's own
/// media type, also for a client that only knows the older one ("Body").
#[test]
fn a_request_that_never_ran_has_no_data() {
    let served = Registry::new().served();
    let number = "query ($n: String!) { qualification(number: $n) { id } }";
    let dated = "query ($d: Date) { me { achievements(asOf: $d) { totalCount } } }";
    let (unreadable, invalid) = ("query-unreadable", "query-invalid");
    for (query, variables, name, code) in [
        ("{", json!({}), None, unreadable),
        ("", json!({}), None, unreadable),
        ("{ a b: }", json!({}), None, unreadable),
        ("type Query { a: Int }", json!({}), None, unreadable),
        (
            "fragment a on Query { me { id } }",
            json!({}),
            None,
            invalid,
        ),
        ("{ nothing }", json!({}), None, invalid),
        ("{ qualification { id } }", json!({}), None, invalid),
        (
            "{ qualification(number: \"x\") { title { id } } }",
            json!({}),
            None,
            invalid,
        ),
        (number, json!({}), None, invalid),
        (number, json!({"n": null}), None, invalid),
        (number, json!({"n": 7}), None, invalid),
        (
            "query ($n: String!) { __typename }",
            json!({"n": "x"}),
            None,
            invalid,
        ),
        (dated, json!({"d": "2016-02-30"}), None, invalid),
        (
            "query A { __typename } query B { __typename }",
            json!({}),
            None,
            invalid,
        ),
        (
            "query A { __typename } query A { __typename }",
            json!({}),
            Some("A"),
            invalid,
        ),
        (
            "{ __typename } query A { __typename }",
            json!({}),
            None,
            invalid,
        ),
        (
            "query A { __typename } query B { __typename }",
            json!({}),
            Some("C"),
            invalid,
        ),
        ("query A { __typename }", json!({}), Some("C"), invalid),
        (
            "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }",
            json!({}),
            None,
            invalid,
        ),
        (
            "subscription { importProgress(id: \"x\") { id } }",
            json!({}),
            None,
            invalid,
        ),
    ] {
        let body =
            json!({"query": query, "variables": variables, "operationName": name}).to_string();
        let status = if code == unreadable { 400 } else { 422 };
        for accept in [Some(NEW), Some(OLD), None] {
            let answer = post(&served, accept, Some(OLD), &body);
            let given = answer.json();
            assert_eq!(answer.status, status, "{query}: {given}");
            assert_eq!(
                answer.header("content-type"),
                format!("{NEW}; charset=utf-8"),
                "{query}"
            );
            assert!(given.get("data").is_none(), "{query}: {given}");
            assert_eq!(
                given["errors"][0]["extensions"]["code"], code,
                "{query}: {given}"
            );
            assert!(!answer.body.contains("Did you mean"), "{given}");
        }
    }
    // A fault of syntax does not repeat the document, and has its place (GraphQL, "Errors").
    let query = format!("{{ learner(uln: \"{}\") {{ id ", uln(1));
    let answer = post(
        &served,
        None,
        Some(OLD),
        &json!({ "query": query }).to_string(),
    );
    assert!(!answer.body.contains(&uln(1)), "{}", answer.body);
    assert_eq!(answer.json()["errors"][0]["locations"][0]["line"], 1);
}

/// GraphQL, sections 5.7.1 and 5.8.5: a directive is a known one, and a variable stands where its type
/// belongs.
#[test]
fn a_variable_stands_where_its_type_belongs() {
    let served = Registry::new().with_register().served();
    let facts = "familyName: $v, dateOfBirth: \"1980-01-01\", credentialId: \"x\"";
    for (variables, selection, good) in [
        (
            "$v: String!",
            "qualification(number: $v) { id }".to_owned(),
            true,
        ),
        (
            "$v: String = \"x\"",
            "qualification(number: $v) { id }".to_owned(),
            true,
        ),
        (
            "$v: String = null",
            "qualification(number: $v) { id }".to_owned(),
            false,
        ),
        (
            "$v: String",
            "qualification(number: $v) { id }".to_owned(),
            false,
        ),
        (
            "$v: Int",
            "qualification(number: $v) { id }".to_owned(),
            false,
        ),
        (
            "$v: Int!",
            "qualification(number: $v) { id }".to_owned(),
            false,
        ),
        (
            "$v: [String!]!",
            "qualification(number: $v) { id }".to_owned(),
            false,
        ),
        (
            "$v: ID",
            "importJobs(after: $v) { edges { cursor } }".to_owned(),
            false,
        ),
        (
            "$v: ImportState",
            "importJobs(state: [$v]) { edges { cursor } }".to_owned(),
            false,
        ),
        (
            "$v: ImportState!",
            "importJobs(state: [$v]) { edges { cursor } }".to_owned(),
            true,
        ),
        (
            "$v: [ImportState]",
            "importJobs(state: $v) { edges { cursor } }".to_owned(),
            false,
        ),
        (
            "$v: [ImportState!]!",
            "importJobs(state: $v) { edges { cursor } }".to_owned(),
            true,
        ),
        (
            "$v: ImportState!",
            "importJobs(state: $v) { edges { cursor } }".to_owned(),
            false,
        ),
        (
            "$v: String",
            format!("verify(input: {{{facts}}}) {{ outcome }}"),
            true,
        ),
        (
            "$v: Int",
            format!("verify(input: {{{facts}}}) {{ outcome }}"),
            false,
        ),
        (
            "$v: Boolean!",
            "qualification(number: \"500/9170/0\") @skip(if: $v) { id }".to_owned(),
            true,
        ),
        (
            "$v: Boolean = true",
            "qualification(number: \"500/9170/0\") @include(if: $v) { id }".to_owned(),
            true,
        ),
        (
            "$v: Boolean",
            "qualification(number: \"500/9170/0\") @skip(if: $v) { id }".to_owned(),
            false,
        ),
        (
            "$v: String!",
            "qualification(number: \"500/9170/0\") @skip(if: $v) { id }".to_owned(),
            false,
        ),
        (
            "$v: String",
            "...f } fragment f on Query { qualification(number: $v) { id }".to_owned(),
            false,
        ),
        (
            "$v: String!",
            "...f } fragment f on Query { qualification(number: $v) { id }".to_owned(),
            true,
        ),
    ] {
        let value = match variables {
            good if good.contains("Boolean") => json!(true),
            good if good.contains("[ImportState") => json!(["DONE"]),
            good if good.contains("ImportState") => json!("DONE"),
            good if good.contains("Int") => json!(7),
            good if good.contains("[String") => json!(["x"]),
            _ => json!("x"),
        };
        let query = format!("query ({variables}) {{ {selection} }}");
        let answer = served.graphql(None, &query, json!({ "v": value }));
        assert_eq!(answer.status == 200, good, "{query}: {}", answer.body);
        if !good {
            let told = answer.json();
            assert_eq!(
                told["errors"][0]["extensions"]["code"], "query-invalid",
                "{told}"
            );
        }
    }
    for directive in [
        "@skp(if: true)",
        "@skip",
        "@include(if: 7)",
        "@deprecated",
        "@skip(unless: true)",
    ] {
        let query = format!("{{ __typename {directive} }}");
        let answer = served.graphql(None, &query, Value::Null);
        assert_eq!(answer.status, 422, "{query}: {}", answer.body);
    }
}

/// "Status Codes" and "Partial success": what ran and failed has data, and is a 294 beside GraphQL's own
/// media type, a 200 beside the older one, with which nobody knows a 294. What ran well is a 200.
#[test]
fn what_ran_and_failed_has_data() {
    let served = Registry::new().with_register().served();
    let partial = "{ qualification(number: \"500/9170/0\") { level } me { id } }";
    for (accept, media, status) in [
        (Some(NEW), NEW, 294),
        (Some(OLD), OLD, 200),
        (Some("*/*"), OLD, 200),
        (None, OLD, 200),
    ] {
        for (query, data) in [
            ("{ me { id } }", json!({"me": null})),
            (
                partial,
                json!({"qualification": {"level": "L3"}, "me": null}),
            ),
            // A field that may not be null takes the whole with it (GraphQL, "Handling Execution Errors").
            ("{ receipts { edges { cursor } } }", Value::Null),
        ] {
            let body = json!({ "query": query }).to_string();
            let answer = post(&served, accept, Some(OLD), &body);
            let given = answer.json();
            assert_eq!((answer.status, &given["data"]), (status, &data), "{given}");
            assert!(given.as_object().unwrap().contains_key("data"), "{given}");
            assert_eq!(
                answer.header("content-type"),
                format!("{media}; charset=utf-8")
            );
            assert_eq!(
                given["errors"][0]["extensions"]["code"], "unauthenticated",
                "{given}"
            );
        }
        let body = json!({"query": "{ __typename }"}).to_string();
        assert_eq!(post(&served, accept, Some(OLD), &body).status, 200);
    }
}

/// "GET": the parameters of an address, nothing as good as not being there; the operation that is meant
/// decides whether it is a mutation, which is a 405 that names what is allowed.
#[test]
fn get_takes_queries_and_nothing_else() {
    let served = Registry::new().with_register().served();
    let get = |query: &str| served.get(&format!("/graphql?query={}", escaped(query)), None);
    let answer = get("{ qualification(number: \"500/9170/0\") { level } }");
    assert_eq!(
        answer.json(),
        json!({"data": {"qualification": {"level": "L3"}}})
    );
    let named = escaped(
        "query A($n: String!) { qualification(number: $n) { level } } query B { __typename }",
    );
    let variables = escaped("{\"n\": \"500/9170/0\"}");
    let answer = served.get(
        &format!("/graphql?query={named}&operationName=A&variables={variables}"),
        None,
    );
    assert_eq!(
        answer.json(),
        json!({"data": {"qualification": {"level": "L3"}}}),
        "{}",
        answer.body
    );
    for empty in [
        "variables=&extensions=&operationName=",
        "variables=null&extensions=null",
        "variables=%7B%7D&more=1&more=2",
    ] {
        let answer = served.get(&format!("/graphql?query=%7B__typename%7D&{empty}"), None);
        assert_eq!(answer.json(), json!({"data": {"__typename": "Query"}}));
    }
    // The name "null" is a name.
    let answer = served.get(
        "/graphql?query=query%20null%20%7B__typename%7D&operationName=null",
        None,
    );
    assert_eq!(answer.status, 200, "{}", answer.body);
    for (wrong, status, code) in [
        ("/graphql", 422, "request-invalid"),
        ("/graphql?", 422, "request-invalid"),
        ("/graphql?variables={}", 422, "request-invalid"),
        ("/graphql?extensions=%7B%7D", 422, "request-invalid"),
        (
            "/graphql?query=%7B__typename%7D&query=%7B__typename%7D",
            422,
            "request-invalid",
        ),
        (
            "/graphql?query=%7B__typename%7D&variables=[]",
            422,
            "request-invalid",
        ),
        (
            "/graphql?query=%7B__typename%7D&variables=7",
            422,
            "request-invalid",
        ),
        (
            "/graphql?query=%7B__typename%7D&extensions=%22x%22",
            422,
            "request-invalid",
        ),
        (
            "/graphql?query=%7B__typename%7D&variables=x",
            400,
            "bad-request",
        ),
        (
            "/graphql?query=%7B__typename%7D&variables=%7B",
            400,
            "bad-request",
        ),
    ] {
        let answer = served.get(wrong, None);
        assert_eq!(
            (answer.status, &answer.json()["code"]),
            (status, &json!(code)),
            "{wrong}"
        );
    }
    let facts = "credentialId: \"x\", familyName: \"Inventedb\", dateOfBirth: \"1971-04-02\"";
    for refused in [
        "mutation { withdrawAchievement(id: \"x\", reason: \"y\") { id } }".to_owned(),
        "query B { __typename } mutation A { withdrawAchievement(id: \"x\", reason: \"y\") { id } }".to_owned(),
        format!("query A {{ learner(uln: \"{}\") {{ id }} }}", uln(1)),
        "query A ($u: String) { learner(uln: $u) { id } }".to_owned(),
        format!("query A {{ hidden: learner(uln: \"{}\") {{ id }} }}", uln(1)),
        format!("query A {{ ...f }} fragment f on Query {{ a: learner(uln: \"{}\") {{ id }} }}", uln(1)),
        format!("query A {{ ... on Query {{ ... {{ learner(uln: \"{}\") {{ id }} }} }} }}", uln(1)),
        format!("query A {{ verify(input: {{{facts}}}) {{ outcome }} }}"),
        format!("query A {{ v: verify(input: {{{facts}}}) {{ outcome }} }}"),
        format!("query A {{ verifyMany(inputs: [{{{facts}}}]) {{ outcome }} }}"),
        format!("query A {{ __typename }} query B {{ verify(input: {{{facts}}}) {{ outcome }} }}"),
        format!("query A {{ __typename @skip(if: true) verify(input: {{{facts}}}) @skip(if: true) {{ outcome }} }}"),
    ] {
        for path in ["", "&operationName=A"] {
            if path.is_empty() && !refused.starts_with("mutation") || !path.is_empty() && refused.starts_with("mutation") {
                continue;
            }
            for method in ["GET", "HEAD"] {
                let path = format!("/graphql?query={}{path}", escaped(&refused));
                let answer = served.request(method, &path, &[], b"");
                assert_eq!((answer.status, answer.header("allow")), (405, "POST"), "{refused}");
                if method == "GET" {
                    let given = answer.json();
                    assert_eq!(given["errors"][0]["extensions"]["code"], "get-refused", "{refused}");
                    assert!(given.get("data").is_none(), "{given}");
                }
            }
        }
    }
    // A mutation that stands beside the query that is meant is not executed.
    let beside = escaped(
        "query A { __typename } mutation B { withdrawAchievement(id: \"x\", reason: \"y\") { id } }",
    );
    let answer = served.get(&format!("/graphql?query={beside}&operationName=A"), None);
    assert_eq!(answer.json(), json!({"data": {"__typename": "Query"}}));
    // The achievements of a learner lead back to them, without a fact in the address.
    let answer = get("{ me { achievements { edges { node { learner { id } } } } } }");
    assert_eq!(
        answer.json()["errors"][0]["extensions"]["code"],
        "unauthenticated"
    );
}

#[test]
fn a_browser_gets_graphiql_where_it_is_on() {
    let page = [("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")];
    let served = Registry::new().served();
    let answer = served.request("GET", "/graphql", &page, b"");
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, "text/html; charset=utf-8")
    );
    assert!(answer.body.contains("/graphql"));
    let off = Registry::configured(|config| {
        config.graphql.graphiql = false;
        config.graphql.introspection = false;
    })
    .served();
    let answer = off.request("GET", "/graphql", &page, b"");
    assert_eq!(answer.status, 422, "{}", answer.body);
    for query in [
        "{ __schema { types { name } } }",
        "{ __type(name: \"Learner\") { name } }",
    ] {
        let answer = off.graphql(None, query, Value::Null).json();
        assert!(!answer.to_string().contains("\"Learner\""), "{answer}");
    }
}

#[test]
fn other_methods_are_named_as_refused() {
    let served = Registry::new().served();
    for method in ["PUT", "DELETE", "PATCH"] {
        let answer = served.request(method, "/graphql", &[("Content-Type", OLD)], b"{}");
        assert_eq!(
            (answer.status, &answer.json()["code"]),
            (405, &json!("method-not-allowed"))
        );
        assert_eq!(answer.header("allow"), "GET, HEAD, POST");
    }
}

/// Variables, and the name of the operation.
type Trial = (Value, Option<&'static str>);

/// A document, what it answers without an error to, and what else is tried on it.
type Case = (&'static str, Value, Option<&'static str>, Vec<Trial>);

#[test]
fn the_second_run_of_a_document_answers_as_the_first() {
    let registry = Registry::new().with_register();
    let body = crate::support::csv(&[crate::support::Row::award(1, "R1")]);
    registry.push_csv("RN5217", &body);
    let token = registry.token(Role::Practitioner, Some(&uln(1)), None);
    let served = registry.served();
    let statuses = "query ($s: [AchievementStatus!], $n: Int) { me { achievements(status: $s, first: $n) { totalCount } } }";
    let verify = "query ($i: VerifyInput!) { verify(input: $i) { outcome } }";
    let dated = "query ($d: Date) { me { achievements(asOf: $d) { totalCount } } }";
    let skipped = "query ($if: Boolean!, $n: String!) { __typename qualification(number: $n) @include(if: $if) { id } }";
    let defaulted = "query ($n: String! = \"500/9170/0\") { qualification(number: $n) { level } }";
    let named = "query A { __typename } query B { a: __typename }";
    let facts = || json!({"credentialId": "x", "familyName": "A", "dateOfBirth": "1980-01-01"});
    let changed = |name: &str, value: Value| {
        let mut facts = facts();
        facts[name] = value;
        facts
    };
    let cases: Vec<Case> = vec![
        (
            statuses,
            json!({"s": ["FINAL"], "n": 1}),
            None,
            [
                json!({}),
                json!(null),
                json!({"s": null}),
                json!({"s": "FINAL"}),
                json!({"s": ["final"]}),
                json!({"s": [null]}),
                json!({"s": ["NOTHING"]}),
                json!({"s": 7}),
                json!({"n": "1"}),
                json!({"n": 1.5}),
                json!({"n": 1.0}),
                json!({"n": 4_294_967_296_i64}),
                json!({"n": -1}),
                json!({"n": 101}),
                json!({"n": true}),
                json!({"s": [["FINAL"]]}),
                json!({"more": 1}),
                json!({"n": {}}),
            ]
            .map(|variables| (variables, None))
            .to_vec(),
        ),
        (
            verify,
            json!({"i": facts()}),
            None,
            [
                json!({}),
                json!({"i": null}),
                json!({"i": "x"}),
                json!({"i": []}),
                json!({"i": {}}),
                json!({"i": changed("credentialid", json!("x"))}),
                json!({"i": changed("familyName", json!(7))}),
                json!({"i": changed("familyName", Value::Null)}),
                json!({"i": changed("credentialId", json!(7))}),
                json!({"i": changed("dateOfBirth", json!("yesterday"))}),
                json!({"i": changed("dateOfBirth", json!(7))}),
                json!({"i": [facts()]}),
            ]
            .map(|variables| (variables, None))
            .to_vec(),
        ),
        (
            dated,
            json!({"d": "2016-01-01"}),
            None,
            [
                json!({"d": "2016-02-30"}),
                json!({"d": 7}),
                json!({"d": null}),
                json!({}),
            ]
            .map(|variables| (variables, None))
            .to_vec(),
        ),
        (
            skipped,
            json!({"if": false, "n": "x"}),
            None,
            [
                json!({"if": "no", "n": "x"}),
                json!({"if": false}),
                json!({"if": false, "n": 7}),
                json!({"if": true, "n": "x"}),
            ]
            .map(|variables| (variables, None))
            .to_vec(),
        ),
        (
            defaulted,
            json!({}),
            None,
            [json!({"n": null}), json!({"n": "x"}), json!({"n": []})]
                .map(|variables| (variables, None))
                .to_vec(),
        ),
        (
            named,
            json!({}),
            Some("A"),
            vec![
                (json!({}), None),
                (json!({}), Some("B")),
                (json!({}), Some("C")),
                (json!({}), Some("")),
            ],
        ),
    ];
    let bearer = format!("Bearer {token}");
    let ask = |query: &str, variables: &Value, name: Option<&str>| {
        let body =
            json!({"query": query, "variables": variables, "operationName": name}).to_string();
        let headers = [
            ("Content-Type", OLD),
            ("Accept", NEW),
            ("Authorization", bearer.as_str()),
        ];
        let answer = served.request("POST", "/graphql", &headers, body.as_bytes());
        (answer.status, answer.json())
    };
    for (query, good, name, trials) in cases {
        let first = ask(query, &good, name);
        assert!(first.1.get("errors").is_none(), "{first:?}");
        for (variables, name) in trials {
            // A blank more makes it another document, which is not known yet.
            let fresh = format!("{query} ");
            let fresh = trials_apart(&fresh, &variables, name);
            let (unknown, known) = (ask(&fresh, &variables, name), ask(query, &variables, name));
            assert_eq!(known, unknown, "{query} {variables}");
        }
        assert_eq!(ask(query, &good, name), first);
    }
}

/// The document with a comment of its own, so that no other trial has made it known.
fn trials_apart(query: &str, variables: &Value, name: Option<&str>) -> String {
    format!("{query}# {} {name:?}", variables.to_string().len())
        + &variables.to_string().replace(['\n', '\r'], " ")
}
