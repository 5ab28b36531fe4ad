//! How much a document may ask.

use crate::support::{Registry, codes, multipart};
use registry::access::Role;
use serde_json::{Value, json};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

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
    let around = "{ __schema { types { fields { type { fields { type { name } } } } } } }";
    let schemas: String = (0..21)
        .map(|one| format!(" s{one}: __schema {{ types {{ name }} }}"))
        .collect();
    for (limit, query) in [
        ("depth", deep(20)),
        ("recursion", deep(100)),
        ("cost", costly.to_owned()),
        ("tokens", format!("{{ {} }}", "a ".repeat(10_000))),
        ("aliases", format!("{{ {} }}", aliases(101))),
        (
            "aliases",
            format!("{{ ...f }} fragment f on Query {{ {} }}", aliases(101)),
        ),
        ("directives", directives(11)),
        (
            "directives",
            format!("query {} {{ __typename }}", "@a ".repeat(11)),
        ),
        (
            "directives",
            format!("{{ ... on Query {} {{ __typename }} }}", "@a ".repeat(11)),
        ),
        ("recursion", nested),
        ("recursion", chain(1000)),
        ("introspected", format!("{{ {schemas} }}")),
        ("", around.to_owned()),
        (
            "selections",
            format!("{{ ...f0 }} {fragments} fragment f30 on Query {{ __typename }}"),
        ),
        (
            "tokens",
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
            let began = Instant::now();
            let answer = served.graphql(None, &query, Value::Null).json();
            assert_eq!(
                codes(&answer).first().map(String::as_str),
                Some("query-too-complex"),
                "{limit}: {answer}"
            );
            let told = &answer["errors"][0]["extensions"];
            if !limit.is_empty() {
                assert_eq!(told["limit"], limit, "{answer}");
                let words = answer["errors"][0]["message"].as_str().unwrap();
                let allowed = told["allowed"].to_string();
                assert!(words.contains(&allowed), "{answer}");
            }
            assert!(answer.get("data").is_none(), "{limit}: {answer}");
            assert!(began.elapsed().as_secs() < 10, "{limit}");
        }
    }
    let introspection = usual_introspection();
    for (what, query) in [
        ("introspection", introspection),
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
    let token = served.registry.token(Role::Employer, None, None);
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
        let began = Instant::now();
        let answer = served.graphql(None, &query, Value::Null);
        assert!([400, 422].contains(&answer.status), "{}", answer.body);
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

/// The query by which tools ask for the whole schema.
fn usual_introspection() -> String {
    let of_type = "kind name ofType { ".repeat(8) + "kind name" + &" }".repeat(8);
    let input = format!("name description type {{ {of_type} }} defaultValue");
    format!(
        "query IntrospectionQuery {{ __schema {{ queryType {{ name }} mutationType {{ name }} subscriptionType {{ name }}
            types {{ ...FullType }} directives {{ name description locations args {{ {input} }} }} }} }}
         fragment FullType on __Type {{ kind name description
            fields(includeDeprecated: true) {{ name description args {{ {input} }} type {{ {of_type} }} isDeprecated deprecationReason }}
            inputFields {{ {input} }} interfaces {{ {of_type} }}
            enumValues(includeDeprecated: true) {{ name description isDeprecated deprecationReason }}
            possibleTypes {{ {of_type} }} }}"
    )
}

/// Lists and texts that are handed in, written or as variables.
#[test]
fn what_is_handed_in_is_bounded() {
    let served = Registry::configured(|config| {
        config.graphql.list = 3;
        config.graphql.text = 20;
    });
    let served = served.with_register().served();
    let number = "query ($n: String!) { qualification(number: $n) { id } }";
    let states = "query ($s: [ImportState!]) { importJobs(state: $s) { edges { cursor } } }";
    let long = "x".repeat(21);
    for (query, variables, code, limit) in [
        (number.to_owned(), json!({"n": long}), "too-large", "text"),
        (
            format!("{{ qualification(number: \"{long}\") {{ id }} }}"),
            Value::Null,
            "too-large",
            "text",
        ),
        (
            format!("query ($n: String = \"{long}\") {{ qualification(number: $n) {{ id }} }}"),
            Value::Null,
            "too-large",
            "text",
        ),
        (
            format!("{{ __typename @skip(if: \"{long}\") }}"),
            Value::Null,
            "too-large",
            "text",
        ),
        (
            states.to_owned(),
            json!({"s": vec!["DONE"; 4]}),
            "too-many",
            "list",
        ),
        (
            "{ importJobs(state: [DONE, DONE, DONE, DONE]) { edges { cursor } } }".to_owned(),
            Value::Null,
            "too-many",
            "list",
        ),
        (
            number.to_owned(),
            json!({"n": "500/9170/0", "more": {"a": [[1], [1, 2, 3, 4]]}}),
            "too-many",
            "list",
        ),
    ] {
        let answer = served.graphql(None, &query, variables);
        let told = answer.json();
        assert_eq!(
            (answer.status, codes(&told)),
            (422, vec![code.to_owned()]),
            "{told}"
        );
        assert_eq!(told["errors"][0]["extensions"]["limit"], limit, "{told}");
    }
    for text in ["\\u0000", "500\\u0000/9170/0"] {
        let query = format!("{{ qualification(number: \"{text}\") {{ id }} }}");
        let answer = served.graphql(None, &query, Value::Null).json();
        assert_eq!(codes(&answer), ["input-invalid"], "{answer}");
    }
    let answer = served.graphql(None, number, json!({"n": "500/9170/0"}));
    assert_eq!(answer.status, 200, "{}", answer.body);
}

/// A list costs its length times what is in it, whoever writes the length.
#[test]
fn what_a_query_costs_is_told_to_those_who_ask() {
    let served = Registry::configured(|config| config.graphql.cost = 1000).served();
    let one = json!({"credentialId": "x", "familyName": "A", "dateOfBirth": "1980-01-01"});
    let many =
        "query ($i: [VerifyInput!]!) { verifyMany(inputs: $i) { outcome checks { name code } } }";
    let pages = "query ($n: Int = 7) { importJobs(first: $n) { edges { node { id } } } }";
    for (query, variables, asked, depth) in [
        ("{ __typename }", json!({}), 1, 1),
        ("{ me { givenName familyName } }", json!({}), 3, 2),
        (
            "{ a: __typename ...f ...f } fragment f on Query { me { id } }",
            json!({}),
            5,
            2,
        ),
        ("{ __typename @skip(if: true) }", json!({}), 1, 1),
        (pages, json!({}), 22, 4),
        (pages, json!({"n": 2}), 7, 4),
        (pages, json!({"n": 100}), 301, 4),
        (pages, json!({"n": null}), 301, 4),
        ("{ importJobs { edges { cursor } } }", json!({}), 201, 3),
        // A list without pages counts as five.
        (many, json!({"i": [one, one, one]}), 37, 3),
        (many, json!({"i": one}), 13, 3),
        (
            "{ me { achievements(first: 7) { edges { node { sources { kind } history { grade } conflicts { field } } } } } }",
            json!({}),
            142,
            6,
        ),
        ("{ me { formerNames } }", json!({}), 2, 2),
        (
            "{ importJobs { edges { node { issues { edges { node { code } } } } } } }",
            json!({}),
            30_301,
            7,
        ),
        (
            "{ me { achievements { edges { node { id title grade level credit status route } } } } }",
            json!({}),
            902,
            5,
        ),
    ] {
        let ask = |extensions: Value| {
            let body = json!({"query": query, "variables": variables, "extensions": extensions});
            let headers = [("Content-Type", "application/json")];
            served
                .request("POST", "/graphql", &headers, body.to_string().as_bytes())
                .json()
        };
        let told = ask(json!({"cost": true}));
        let cost = json!({"asked": asked, "allowed": 1000, "depth": depth});
        assert_eq!(told["extensions"]["cost"], cost, "{query}: {told}");
        let refused = codes(&told) == ["query-too-complex"];
        assert_eq!(refused, asked > 1000, "{told}");
        for silent in [json!({}), json!({"cost": false}), json!({"cost": "true"})] {
            assert!(ask(silent).get("extensions").is_none(), "{query}");
        }
    }
    let address = "/graphql?query=%7B__typename%7D&extensions=%7B%22cost%22%3Atrue%7D";
    assert_eq!(
        served.get(address, None).json()["extensions"]["cost"]["asked"],
        1
    );
}

/// A request that takes too long is given up, and so is what it still wanted of the database.
#[test]
fn a_request_that_takes_too_long_is_given_up() {
    let registry = Registry::configured(|config| {
        config.graphql.time = 1;
        config.graphql.batch = 2;
        config.database_readers = Some(1);
    });
    let served = registry.with_register().served();
    let (held, hold) = std::sync::mpsc::channel::<()>();
    let (begun, begin) = std::sync::mpsc::channel();
    let db = served.registry.app.db.clone();
    let blocked = std::thread::spawn(move || {
        db.read_blocking(move |_| {
            begun.send(()).unwrap();
            let _ = hold.recv();
            Ok(())
        })
    });
    begin.recv().unwrap();
    let query = "{ qualification(number: \"500/9170/0\") { level } }";
    let token = served
        .registry
        .token(Role::AwardingBody, None, Some("RN5217"));
    let ((answer, batch), statements) = served.registry.watched(|| {
        let answer = served.graphql(None, query, Value::Null);
        // A file that comes with a query gives it no more time.
        let (kind, form) = multipart(query, json!({}), b"x");
        let bearer = format!("Bearer {token}");
        let headers = [
            ("Content-Type", kind.as_str()),
            ("GraphQL-Require-Preflight", "1"),
            ("Authorization", &bearer),
        ];
        let with_file = served.request("POST", "/graphql", &headers, &form).json();
        assert_eq!(codes(&with_file), ["query-too-slow"], "{with_file}");
        let began = Instant::now();
        let two = json!([{"query": query}, {"query": query}]).to_string();
        let headers = [("Content-Type", "application/json")];
        let batch = served.request("POST", "/graphql", &headers, two.as_bytes());
        // Both together have the time of one.
        assert!(began.elapsed().as_millis() < 1900);
        drop(held);
        blocked.join().unwrap().unwrap();
        // What is asked next comes after what was given up.
        let next = served.registry.app.db.read_blocking(|_| Ok(()));
        next.unwrap();
        (answer, batch.json())
    });
    let told = answer.json();
    assert_eq!(
        (answer.status, codes(&told)),
        (503, vec!["query-too-slow".to_owned()])
    );
    assert_eq!(told["errors"][0]["extensions"]["allowed"], 1, "{told}");
    for place in 0..2 {
        assert_eq!(codes(&batch[place]), ["query-too-slow"], "{batch}");
    }
    assert_eq!(statements, [""; 0], "the database was asked all the same");
    let again = served.graphql(None, query, Value::Null).json();
    assert_eq!(again["data"]["qualification"]["level"], "L3");
}

/// A body that comes byte by byte is not waited for longer than any request.
#[test]
fn a_request_that_never_ends_is_given_up() {
    let served = Registry::configured(|config| config.graphql.time = 1).served();
    let address = served.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    // Between two bytes it listens for so long.
    stream
        .set_read_timeout(Some(Duration::from_millis(100)))
        .unwrap();
    write!(
        stream,
        "POST /graphql HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n"
    )
    .unwrap();
    let began = Instant::now();
    let mut bytes = [0; 4096];
    let length = loop {
        assert!(began.elapsed() < Duration::from_secs(20), "still taken");
        // Where the server has closed already, its answer is still there.
        let _ = stream.write_all(b" ");
        match stream.read(&mut bytes) {
            Ok(length) => break length,
            Err(error) if [ErrorKind::WouldBlock, ErrorKind::TimedOut].contains(&error.kind()) => {}
            Err(error) => panic!("{error}"),
        }
    };
    let answer = String::from_utf8_lossy(&bytes[..length]);
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("\"too-slow\""), "{answer}");
}
