//! Queries that nobody means well with: more than a thousand, made from the schema by a generator that
//! always makes the same, sent over POST, GET and sockets. None gets an answer of the 500s, a panic, an
//! answer without bound or with anything internal in it; and afterwards the registry works as before.

use super::client::{Heard, PROTOCOL, Socket};
use crate::support::{Answer, Registry, Row, Served, codes, csv, uln};
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{BaseType, Type, TypeKind, TypeSystemDefinition};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use registry::access::Role;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// The largest answer, in bytes: that to a query which asks for the whole schema.
const LARGEST: usize = 512 * 1024;
/// The largest request, in bytes: a little less than the server takes.
const WHOLE: usize = 250_000;
/// The longest that any answer may take, on a machine that does other things too.
const LONGEST: Duration = Duration::from_secs(10);

/// The schema, as far as the generator plays with it.
struct Names {
    types: Vec<String>,
    /// Type, field, arguments, whether it has fields below.
    fields: Vec<(String, String, Vec<String>, bool)>,
    values: Vec<String>,
}

fn innermost(of: &Type) -> String {
    match &of.base {
        BaseType::Named(name) => name.to_string(),
        BaseType::List(each) => innermost(each),
    }
}

impl Names {
    fn of_the_schema() -> Self {
        let mut names = Self {
            types: Vec::new(),
            fields: Vec::new(),
            values: Vec::new(),
        };
        let definitions = parse_schema(registry::graphql::sdl()).unwrap().definitions;
        let scalar = |name: &str| {
            [
                "Int", "Float", "String", "ID", "Boolean", "Date", "DateTime", "JSON",
            ]
            .contains(&name)
        };
        let mut enums = Vec::new();
        let types: Vec<_> = definitions
            .into_iter()
            .filter_map(|one| match one {
                TypeSystemDefinition::Type(of) => Some(of.node),
                _ => None,
            })
            .collect();
        for of in &types {
            if let TypeKind::Enum(values) = &of.kind {
                enums.push(of.name.node.to_string());
                let values = values.values.iter();
                names
                    .values
                    .extend(values.map(|value| value.node.value.node.to_string()));
            }
        }
        for of in types {
            let name = of.name.node.to_string();
            names.types.push(name.clone());
            if let TypeKind::Object(object) = of.kind {
                for field in object.fields {
                    let field = field.node;
                    let gives = innermost(&field.ty.node);
                    let below = !scalar(&gives) && !enums.contains(&gives);
                    let arguments = field.arguments.iter();
                    let arguments = arguments.map(|one| one.node.name.node.to_string());
                    let arguments = arguments.collect();
                    names.fields.push((
                        name.clone(),
                        field.name.node.to_string(),
                        arguments,
                        below,
                    ));
                }
            }
        }
        names.fields.sort();
        assert!(names.fields.len() > 100 && names.values.len() > 30);
        names
    }
}

/// What is sent: a document with variables, and of which kind it is.
struct Attack {
    kind: &'static str,
    query: String,
    variables: Value,
}

fn attack(kind: &'static str, query: impl Into<String>, variables: Value) -> Attack {
    Attack {
        kind,
        query: query.into(),
        variables,
    }
}

fn pick<'a, T>(random: &mut StdRng, of: &'a [T]) -> &'a T {
    &of[random.random_range(0..of.len())]
}

/// Values of wrong types, too large, too deep, or strange.
fn strange(random: &mut StdRng) -> Value {
    let deep = |many: usize| (0..many).fold(json!("x"), |inner, _| json!([inner]));
    let nested = |many: usize| (0..many).fold(json!("x"), |inner, _| json!({"a": inner}));
    match random.random_range(0..26) {
        0 => json!(null),
        1 => json!(true),
        2 => json!(i64::MAX),
        3 => json!(i64::MIN),
        4 => json!(u64::MAX),
        5 => json!(1.5e300),
        6 => json!(-0.0),
        7 => json!("NaN"),
        8 => json!("Infinity"),
        9 => json!(""),
        10 => json!("x".repeat(100_000)),
        11 => json!("\u{0}"),
        12 => json!("a\u{0}b"),
        13 => json!("\u{feff}\u{200b}\u{202e}\u{1f9d1}\u{200d}\u{1f3eb}"),
        14 => json!("' OR '1'='1'; DROP TABLE learner; --"),
        15 => json!("../../../../etc/passwd"),
        16 => json!("{{7*7}}${jndi:ldap://x}%s%n"),
        17 => json!("#__graphql_file__:0"),
        18 => deep(60),
        19 => nested(60),
        20 => json!(vec!["x"; 5000]),
        21 => json!([null, [null], {}, "", 0]),
        22 => json!({"__typename": "Query", "$ref": "#"}),
        23 => json!("\u{fffd}\u{d7ff}\u{e000}\u{10ffff}"),
        24 => json!("9".repeat(400)),
        _ => json!("\r\n\tSet-Cookie: x=y\u{1b}[2J"),
    }
}

/// A value as a document writes it, often wrong.
fn written(random: &mut StdRng, names: &Names) -> String {
    match random.random_range(0..22) {
        0 => "null".to_owned(),
        1 => "99999999999999999999999999".to_owned(),
        2 => "-1".to_owned(),
        3 => "1e999".to_owned(),
        4 => "0123".to_owned(),
        5 => "1.".to_owned(),
        6 => "\"\\uD800\"".to_owned(),
        7 => "\"\\u0000\"".to_owned(),
        8 => "\"\\u{110000}\"".to_owned(),
        9 => "\"\"\"block \\\"\"\" end\"\"\"".to_owned(),
        10 => format!("\"{}\"", "y".repeat(random.random_range(1..9000))),
        11 => pick(random, &names.values).clone(),
        12 => "NOT_A_VALUE".to_owned(),
        13 => format!("{}1{}", "[".repeat(30), "]".repeat(30)),
        14 => format!("{}1{}", "{a:".repeat(30), "}".repeat(30)),
        15 => format!("[{}]", "1,".repeat(random.random_range(1..400))),
        16 => "{a: 1, a: 2}".to_owned(),
        17 => "$v".to_owned(),
        18 => "[$v, $v, null]".to_owned(),
        19 => "\"unfinished".to_owned(),
        20 => "true".to_owned(),
        _ => "\"2026-02-30\"".to_owned(),
    }
}

/// A field of the schema with arguments that are more or less right.
fn field(random: &mut StdRng, names: &Names) -> (String, String) {
    let (of, name, arguments, below) = pick(random, &names.fields).clone();
    let mut text = name;
    let mut given = Vec::new();
    for name in arguments {
        let name = match random.random_range(0..12) {
            0..3 => continue,
            3 => format!("{name}{name}"),
            _ => name,
        };
        given.push(format!("{name}: {}", written(random, names)));
    }
    if !given.is_empty() {
        text.push_str(&format!("({})", given.join(", ")));
    }
    for _ in 0..random.random_range(0..3) {
        text.push_str(pick::<&str>(
            random,
            &[
                " @skip(if: true)",
                " @include(if: $v)",
                " @skip",
                " @unknown",
                " @deprecated",
                " @skip(if: 7)",
                " @include(if: false, if: true)",
            ],
        ));
    }
    let inside = match random.random_range(0..5) {
        0 if below => String::new(),
        1 => " { __typename nothing }".to_owned(),
        2 => " { }".to_owned(),
        _ if below => " { __typename }".to_owned(),
        _ => String::new(),
    };
    (of, text + &inside)
}

/// Documents made of the schema's fields in places where some are right.
fn of_fields(random: &mut StdRng, names: &Names) -> Attack {
    let mut selections = String::new();
    for place in 0..random.random_range(1..6) {
        let (of, field) = field(random, names);
        let alias = match random.random_range(0..3) {
            0 => format!("a{place}: "),
            1 => "same: ".to_owned(),
            _ => String::new(),
        };
        selections.push_str(&match random.random_range(0..4) {
            0 => format!(" ... on {of} {{ {alias}{field} }}"),
            1 => format!(" me {{ ... on {of} {{ {alias}{field} }} }}"),
            2 => format!(" node(id: $v) {{ ... on {of} {{ {alias}{field} }} }}"),
            _ => format!(" {alias}{field}"),
        });
    }
    let of = *pick(
        random,
        &[
            "ID!",
            "String",
            "Int",
            "[String!]!",
            "Boolean! = true",
            "VerifyInput",
            "Nothing",
            "Learner",
        ],
    );
    let root = *pick(
        random,
        &["query", "query", "query", "mutation", "subscription"],
    );
    attack(
        "fields",
        format!("{root} A($v: {of}) {{{selections} }}"),
        json!({"v": strange(random)}),
    )
}

/// Right operations with variables that are wrong.
fn of_variables(random: &mut StdRng) -> Attack {
    let facts = "query ($v: VerifyInput!) { verify(input: $v) { outcome checks { name code } } }";
    let query = *pick(
        random,
        &[
            "query ($v: String!) { qualification(number: $v) { id title } }",
            "query ($v: ID!) { node(id: $v) { id __typename } }",
            "query ($v: ID) { learner(id: $v) { id } }",
            "query ($v: String) { learner(uln: $v) { id } }",
            "query ($v: String!) { awardingBody(recognitionNumber: $v) { id } }",
            "query ($v: [VerifyInput!]!) { verifyMany(inputs: $v) { outcome } }",
            "query ($v: String) { receipts(after: $v) { pageInfo { hasNextPage } } }",
            "query ($v: Int) { receipts(first: $v) { pageInfo { hasNextPage } } }",
            "query ($v: String) { importJobs(after: $v) { pageInfo { hasNextPage } } }",
            "query ($v: [ImportState!]) { importJobs(state: $v) { pageInfo { hasNextPage } } }",
            "query ($v: Date) { me { achievements(asOf: $v) { totalCount } } }",
            "query ($v: DateTime) { me { achievements(knownAt: $v) { totalCount } } }",
            "query ($v: Boolean!) { __typename @skip(if: $v) me @include(if: $v) { id } }",
            "mutation ($v: ID!) { withdrawAchievement(id: $v, reason: \"x\") { id } }",
            "mutation ($v: Upload!) { startImport(adapter: \"csv\", file: $v) { id } }",
            facts,
            facts,
        ],
    );
    let value = strange(random);
    let value = match random.random_range(0..5) {
        0 if query == facts => {
            json!({"certificateNumber": value, "familyName": strange(random), "dateOfBirth": "1980-01-01"})
        }
        1 if query == facts => {
            json!({"credentialId": "x", "familyName": "A", "dateOfBirth": value, "purpose": strange(random)})
        }
        2 => json!([value]),
        _ => value,
    };
    attack("variables", query, json!({"v": value}))
}

/// Tokens in no order, with what is between them.
fn of_tokens(random: &mut StdRng, names: &Names) -> Attack {
    let mut text = String::new();
    for _ in 0..random.random_range(1..120) {
        let token = *pick(
            random,
            &[
                "{",
                "}",
                "(",
                ")",
                "[",
                "]",
                ":",
                "=",
                "!",
                "|",
                "&",
                "$",
                "@",
                "...",
                "..",
                "query",
                "mutation",
                "fragment",
                "on",
                "type",
                "schema",
                "extend",
                "true",
                "null",
                "\"",
                "\"\"\"",
                "#",
                "\r",
                "\n",
                "\r\n",
                "\u{feff}",
                ",",
                "\u{0}",
                "\u{7f}",
                "é",
                "🧑",
                "\\",
                "/",
                "%",
                "`",
                "1",
                "-",
                "1e",
                "0x",
                "__typename",
                "$a",
                "\t",
            ],
        );
        text.push_str(token);
        if random.random_range(0..4) == 0 {
            text.push_str(pick::<String>(random, &names.types));
        }
        if random.random_range(0..2) == 0 {
            text.push(' ');
        }
    }
    attack("tokens", text, Value::Null)
}

/// A good document with one change somewhere.
fn of_changes(random: &mut StdRng) -> Attack {
    let good = "query A($n: String! = \"500/9170/0\", $if: Boolean = true) { qualification(number: $n) @include(if: $if) { ...q awardingBody { name } } } fragment q on Qualification { level title totalCredit }";
    let mut text: Vec<char> = good.chars().collect();
    for _ in 0..random.random_range(1..4) {
        let place = random.random_range(0..text.len());
        match random.random_range(0..4) {
            0 => {
                text.remove(place);
            }
            1 => text.insert(
                place,
                *pick(
                    random,
                    &['{', '}', '"', '\u{0}', '\u{feff}', '$', '\\', '(', '#'],
                ),
            ),
            2 => text[place] = char::from(random.random_range(0..128_u8)),
            _ => text.truncate(place.max(1)),
        }
    }
    attack("changes", text.into_iter().collect::<String>(), Value::Null)
}

/// What has no end, or seems to.
fn bombs() -> Vec<Attack> {
    let mut all = Vec::new();
    let mut add = |kind, query: String| all.push(attack(kind, query, Value::Null));
    let chain = "achievements { edges { node { learner { ";
    for many in [3, 4, 20, 60] {
        let ends = "}".repeat(4 * many + 1);
        add(
            "depth",
            format!("{{ me {{ {} id {ends} }}", chain.repeat(many)),
        );
        add(
            "depth",
            format!(
                "{{ {} __typename {} }}",
                "... { ".repeat(many * 4),
                "}".repeat(many * 4)
            ),
        );
        add(
            "depth",
            format!(
                "{{ {} __typename {} }}",
                "... on Query { ".repeat(many),
                "}".repeat(many)
            ),
        );
        let of_type = format!("{} name {}", "ofType { ".repeat(many), "}".repeat(many));
        add(
            "introspection",
            format!("{{ __schema {{ types {{ fields {{ type {{ {of_type} }} }} }} }} }}"),
        );
        let around = format!(
            "{} name {}",
            "fields { type { ".repeat(many),
            "} }".repeat(many)
        );
        add(
            "introspection",
            format!("{{ __type(name: \"Query\") {{ {around} }} }}"),
        );
        let around = format!(
            "{} name {}",
            "possibleTypes { interfaces { ".repeat(many),
            "} }".repeat(many)
        );
        add(
            "introspection",
            format!("{{ __schema {{ types {{ {around} }} }} }}"),
        );
    }
    for many in [100, 101, 1000, 9000, 30_000] {
        let aliases: String = (0..many)
            .map(|one| format!(" a{one}: __typename"))
            .collect();
        add("aliases", format!("{{ {aliases} }}"));
        add(
            "aliases",
            format!("{{ ...f }} fragment f on Query {{ {aliases} }}"),
        );
        add("width", format!("{{ {} }}", "__typename ".repeat(many)));
        add("width", format!("{{ {} }}", "me { id } ".repeat(many)));
        add(
            "unknown",
            format!(
                "{{ {} }}",
                (0..many).map(|one| format!(" n{one}")).collect::<String>()
            ),
        );
        add(
            "spreads",
            format!(
                "{{ {} }} fragment f on Query {{ me {{ id }} }}",
                "...f ".repeat(many)
            ),
        );
        add(
            "directives",
            format!("{{ __typename {} }}", "@skip(if: false) ".repeat(many)),
        );
        add(
            "directives",
            format!("{{ __typename {} }}", "@unknown ".repeat(many)),
        );
        add(
            "directives",
            format!("query {} {{ __typename }}", "@a(b: 1) ".repeat(many)),
        );
        add(
            "arguments",
            format!(
                "{{ qualification({}) {{ id }} }}",
                "number: \"x\" ".repeat(many)
            ),
        );
        add(
            "definitions",
            format!(
                "query ({}) {{ __typename }}",
                (0..many)
                    .map(|one| format!("$v{one}: Int "))
                    .collect::<String>()
            ),
        );
        add(
            "definitions",
            format!("query ({}) {{ __typename }}", "$v: Int ".repeat(many)),
        );
        add(
            "operations",
            (0..many)
                .map(|one| format!("query q{one} {{ __typename }} "))
                .collect(),
        );
        add("operations", "query q { __typename } ".repeat(many));
        add("operations", "{ __typename } ".repeat(many));
        add(
            "fragments",
            (0..many)
                .map(|one| format!("fragment f{one} on Query {{ ...f{} }} ", (one + 1) % many))
                .collect::<String>()
                + "{ ...f0 }",
        );
        add(
            "fragments",
            (0..many)
                .map(|one| format!("fragment f{one} on Query {{ ...f{} }} ", one + 1))
                .collect::<String>()
                + &format!("fragment f{many} on Query {{ __typename }} {{ ...f0 }}"),
        );
        add(
            "fragments",
            (0..many.min(60))
                .map(|one| {
                    format!(
                        "fragment f{one} on Query {{ ...f{next} ...f{next} }} ",
                        next = one + 1
                    )
                })
                .collect::<String>()
                + &format!(
                    "fragment f{} on Query {{ __typename }} {{ ...f0 }}",
                    many.min(60)
                ),
        );
        add("comments", "# comment\n".repeat(many) + "{ __typename }");
        add(
            "comments",
            format!("{{ __typename }} #{}", "#".repeat(many)),
        );
        add(
            "blanks",
            format!("{} {{ __typename }}", ",\t\r\n \u{feff}".repeat(many)),
        );
        add("brackets", "{a".repeat(many));
        add("brackets", format!("{{a(b:{}", "[".repeat(many)));
        add("brackets", format!("{{a(b:{}", "{c:".repeat(many)));
        add(
            "brackets",
            format!(
                "query($a:{}Int{}) {{ __typename }}",
                "[".repeat(many),
                "]".repeat(many)
            ),
        );
        add(
            "texts",
            format!(
                "{{ qualification(number: \"{}\") {{ id }} }}",
                "x".repeat(many)
            ),
        );
        add(
            "texts",
            format!(
                "{{ qualification(number: \"\"\"{}\"\"\") {{ id }} }}",
                "\n  x".repeat(many)
            ),
        );
        add(
            "texts",
            format!(
                "{{ qualification(number: \"{}\") {{ id }} }}",
                "\\u0041".repeat(many)
            ),
        );
        add(
            "texts",
            format!("{{ qualification(number: \"{}", "\\\"".repeat(many)),
        );
        add("texts", "\"\"\"".repeat(many));
        add(
            "numbers",
            format!(
                "{{ receipts(first: {}) {{ edges {{ cursor }} }} }}",
                "9".repeat(many)
            ),
        );
        add(
            "numbers",
            format!(
                "{{ receipts(first: 0.{}) {{ edges {{ cursor }} }} }}",
                "9".repeat(many)
            ),
        );
        add("names", format!("{{ {} }}", "x".repeat(many)));
        add(
            "names",
            format!("query {} {{ __typename }}", "x".repeat(many)),
        );
        add(
            "lists",
            format!(
                "{{ verifyMany(inputs: [{}]) {{ outcome }} }}",
                "{familyName: \"A\"} ".repeat(many)
            ),
        );
        add(
            "lists",
            format!(
                "{{ importJobs(state: [{}]) {{ edges {{ cursor }} }} }}",
                "DONE ".repeat(many)
            ),
        );
        let conflicts: String = (0..many)
            .map(|one| format!(" x: qualification(number: \"{one}\") {{ id }}"))
            .collect();
        add("conflicts", format!("{{ {conflicts} }}"));
        let schemas: String = (0..many)
            .map(|one| format!(" s{one}: __schema {{ types {{ name fields {{ name }} }} }}"))
            .collect();
        add("introspection", format!("{{ {schemas} }}"));
        let told: String = (0..many)
            .map(|one| format!(" d{one}: description"))
            .collect();
        add(
            "introspection",
            format!("{{ __schema {{ types {{ name fields {{ {told} }} }} }} }}"),
        );
    }
    // Each of many arguments is one of many variables, and their field stands in fragments that are spread
    // thousands of times.
    let often = |of: &str| {
        let defined: String = (0..1060).map(|one| format!("$v{one}:{of}! ")).collect();
        let (outer, inner) = ("...g ".repeat(50), "...f ".repeat(80));
        format!(
            "query({defined}) {{ {outer} }} fragment g on Query {{ {inner} }} fragment f on Query"
        )
    };
    let arguments = "number:$v1059 ".repeat(1060);
    let query = format!("{} {{ qualification({arguments}) }}", often("String"));
    add("uses", query);
    let directives = "@skip(if:$v1059) ".repeat(10);
    let query = format!("{} {{ __typename {directives} }}", often("Boolean"));
    add("uses", query);
    all
}

/// An attack from each kind of generator in turn.
fn attacks() -> Vec<Attack> {
    let mut random = StdRng::seed_from_u64(306);
    let names = Names::of_the_schema();
    let mut all = bombs();
    for _ in 0..130 {
        all.push(of_fields(&mut random, &names));
        all.push(of_variables(&mut random));
        all.push(of_tokens(&mut random, &names));
        all.push(of_changes(&mut random));
    }
    all
}

/// Nothing internal is told: neither code, database, files nor the machine.
fn tells_nothing_internal(what: &str, told: &str) {
    for internal in [
        "panicked",
        "RUST_BACKTRACE",
        ".rs:",
        "src/",
        "thread '",
        "unwrap",
        "SELECT ",
        "INSERT ",
        "diesel",
        "sqlite",
        "postgres",
        "SQLSTATE",
        "import_job",
        "/tmp/",
        "/root/",
        "/usr/",
        "/data/",
        "registry.db",
        "internal",
    ] {
        // The schema's own words speak of a source that keeps its internals to itself.
        assert!(
            !told.contains(internal),
            "{what}: {internal}: {}",
            &told[..told.len().min(2000)]
        );
    }
}

fn check(what: &str, answer: &Answer, began: Instant) {
    let shown: String = answer.body.chars().take(500).collect();
    assert!(answer.status < 500, "{what}: {} {shown}", answer.status);
    assert!(
        answer.body.len() <= LARGEST,
        "{what}: {} bytes",
        answer.body.len()
    );
    assert!(began.elapsed() < LONGEST, "{what}: {:?}", began.elapsed());
    tells_nothing_internal(what, &answer.body);
    if answer.body.is_empty() {
        // What cannot be read as HTTP at all.
        assert_eq!(answer.status, 400, "{what}");
        return;
    }
    let told = answer.json();
    if let Some(errors) = told.get("errors") {
        let errors = errors.as_array().unwrap();
        assert!(
            !errors.is_empty() && !codes(&told).contains(&"none".to_owned()),
            "{what}: {shown}"
        );
    } else if answer.status != 200 {
        assert!(told["code"].is_string(), "{what}: {shown}");
    } else {
        assert!(told.get("data").is_some(), "{what}: {shown}");
    }
}

fn works_as_before(served: &Served, token: &str) {
    let good = "{ me { givenName achievements { totalCount } } qualification(number: \"500/9170/0\") { level } }";
    let told = served.graphql(Some(token), good, Value::Null).json();
    assert_eq!(
        told["data"],
        json!({"me": {"givenName": "Ada", "achievements": {"totalCount": 1}}, "qualification": {"level": "L3"}})
    );
    assert_eq!(served.get("/readyz", None).status, 200);
}

fn target() -> (Served, String) {
    let registry = Registry::new().with_register();
    registry.push_csv("RN5217", &csv(&[Row::award(1, "R1")]));
    let token = registry.token(Role::Practitioner, Some(&uln(1)), None);
    (registry.served(), token)
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

/// The one agent of a test, which keeps its connections.
struct Sender(ureq::Agent, String);

impl Sender {
    fn new(served: &Served) -> Self {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(30)))
            .build();
        Self(agent.into(), served.url.clone())
    }

    fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.1));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = if method == "GET" {
            self.0.run(request.body(()).unwrap())
        } else {
            self.0.run(request.body(body).unwrap())
        };
        let mut answer = answer.unwrap();
        Answer {
            status: answer.status().as_u16(),
            headers: answer.headers().clone(),
            body: answer.body_mut().read_to_string().unwrap(),
        }
    }
}

const JSON: (&str, &str) = ("Content-Type", "application/json");
const NEW: (&str, &str) = ("Accept", "application/graphql-response+json");

#[test]
fn hostile_documents_over_http_are_answered() {
    let (served, token) = target();
    let bearer = format!("Bearer {token}");
    let sender = Sender::new(&served);
    let mut sent = 0;
    for (place, one) in attacks().iter().enumerate() {
        let what = format!("{} {place}", one.kind);
        let body = json!({"query": one.query, "variables": one.variables}).to_string();
        // What is larger has a test of its own: the server does not wait for the rest of it.
        if body.len() > WHOLE {
            continue;
        }
        let headers = [JSON, NEW, ("Authorization", bearer.as_str())];
        let headers = if place % 2 == 0 {
            &headers[..2]
        } else {
            &headers[..]
        };
        let began = Instant::now();
        check(
            &what,
            &sender.send("POST", "/graphql", headers, body.as_bytes()),
            began,
        );
        sent += 1;
        let query = escaped(&one.query);
        if query.len() < 20_000 {
            let variables = escaped(&one.variables.to_string());
            let mut path = format!("/graphql?query={query}");
            if variables.len() < 10_000 {
                path.push_str(&format!("&variables={variables}"));
            }
            let began = Instant::now();
            check(&what, &sender.send("GET", &path, &[NEW], b""), began);
            sent += 1;
        }
    }
    assert!(sent > 1000, "{sent}");
    works_as_before(&served, &token);
}

#[test]
fn hostile_documents_over_a_socket_are_answered() {
    let (served, token) = target();
    let mut socket = Socket::introduced(&served, Some(&token));
    let (mut sent, mut closed) = (0, 0);
    for (place, one) in attacks().iter().enumerate() {
        let what = format!("{} {place}", one.kind);
        let began = Instant::now();
        let id = format!("n{place}");
        let variables = &one.variables;
        if one.query.len() + variables.to_string().len() > WHOLE {
            continue;
        }
        socket.subscribe(&id, json!({"query": one.query, "variables": variables}));
        sent += 1;
        loop {
            match socket.hear() {
                Heard::Said(message) => {
                    let told = message.to_string();
                    assert!(told.len() <= LARGEST, "{what}: {} bytes", told.len());
                    tells_nothing_internal(&what, &told);
                    assert_eq!(message["id"], id.as_str(), "{what}: {message}");
                    match message["type"].as_str().unwrap() {
                        "next" => assert!(
                            message["payload"].get("data").is_some(),
                            "{what}: {message}"
                        ),
                        "complete" => break,
                        "error" => {
                            let errors = message["payload"].as_array().unwrap();
                            assert!(!errors.is_empty(), "{what}");
                            let coded = |error: &Value| error["extensions"]["code"].is_string();
                            assert!(errors.iter().all(coded), "{what}: {message}");
                            break;
                        }
                        other => panic!("{what}: {other}"),
                    }
                }
                Heard::Ping => {}
                Heard::Closed(code, reason) => {
                    // Too large a message, or one that is no request.
                    assert!([1009, 4400].contains(&code), "{what}: {code} {reason}");
                    closed += 1;
                    socket = Socket::introduced(&served, Some(&token));
                    break;
                }
                Heard::Cut => panic!("{what}: the socket was cut"),
            }
        }
        assert!(began.elapsed() < LONGEST, "{what}: {:?}", began.elapsed());
    }
    assert!(
        sent > 700 && closed < sent / 4,
        "{sent} sent, {closed} closed"
    );
    works_as_before(&served, &token);
}

#[test]
fn hostile_messages_on_sockets_close_them() {
    let (served, token) = target();
    let mut random = StdRng::seed_from_u64(307);
    let good =
        json!({"id": "1", "type": "subscribe", "payload": {"query": "{ __typename }"}}).to_string();
    for _ in 0..60 {
        let mut bytes = good.clone().into_bytes();
        for _ in 0..random.random_range(1..6) {
            let place = random.random_range(0..bytes.len());
            bytes[place] = random.random_range(0..128);
        }
        let mut socket = Socket::introduced(&served, None);
        let text = String::from_utf8(bytes).unwrap();
        socket
            .0
            .send(tungstenite::Message::text(text.clone()))
            .unwrap();
        match socket.hear() {
            Heard::Said(message) => {
                let kind = message["type"].as_str().unwrap();
                assert!(
                    ["next", "error", "pong"].contains(&kind),
                    "{text}: {message}"
                );
            }
            Heard::Closed(code, _) => assert_eq!(code, 4400, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
    // Frames that are none: no mask, reserved bits, a control frame of too many bytes, no UTF-8.
    use std::io::{Read, Write};
    for frame in [
        &b"\x81\x02{}"[..],
        b"\xf1\x82\0\0\0\0{}",
        b"\x83\x82\0\0\0\0{}",
        b"\x89\xfe\x00\x7e\0\0\0\0",
        b"\x81\x82\0\0\0\0\xff\xfe",
        b"\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff\0\0\0\0",
        b"\x80\x82\0\0\0\0{}",
        b"\x88\x81\0\0\0\0\x03",
    ] {
        let (head, mut stream) =
            super::client::upgrade(&served.url, &super::client::right(&[PROTOCOL]));
        assert!(head.starts_with("HTTP/1.1 101 "));
        stream.write_all(frame).unwrap();
        let mut rest = Vec::new();
        let ended = stream.take(10_000).read_to_end(&mut rest);
        assert!(ended.is_ok() || rest.len() < 10_000, "{frame:?}");
        tells_nothing_internal("a frame", &String::from_utf8_lossy(&rest));
    }
    works_as_before(&served, &token);
}

#[test]
fn hostile_bodies_are_answered() {
    let (served, token) = target();
    let sender = Sender::new(&served);
    let steward = format!(
        "Bearer {}",
        served.registry.token(Role::Steward, None, None)
    );
    let mut random = StdRng::seed_from_u64(308);
    let good = json!({"query": "query A($n: String!) { qualification(number: $n) { level } }",
        "variables": {"n": "500/9170/0"}, "operationName": "A", "extensions": {"cost": true}})
    .to_string();
    let mut bodies: Vec<Vec<u8>> = Vec::new();
    for _ in 0..120 {
        let mut bytes = good.clone().into_bytes();
        for _ in 0..random.random_range(1..5) {
            let place = random.random_range(0..bytes.len());
            match random.random_range(0..3) {
                0 => bytes[place] = random.random(),
                1 => bytes.truncate(place.max(1)),
                _ => bytes.insert(place, *pick(&mut random, b"{}[]\",:\\0e-\x00\xff")),
            }
        }
        bodies.push(bytes);
    }
    for many in [1, 100, 10_000, 100_000] {
        for unit in [
            "[",
            "{\"query\":",
            "{\"a\":[",
            "\"",
            "9",
            "[[[]],",
            "\\u0000",
            "{\"query\":\"{}\"},",
        ] {
            bodies.push(unit.repeat(many).into_bytes());
        }
        let nested = "{\"a\":".repeat(many) + "1" + &"}".repeat(many);
        bodies.push(
            format!("{{\"query\": \"{{ __typename }}\", \"variables\": {nested}}}").into_bytes(),
        );
        let members: String = (0..many).map(|one| format!("\"m{one}\": {one},")).collect();
        bodies.push(format!("{{{members} \"query\": \"{{ __typename }}\"}}").into_bytes());
    }
    for (place, body) in bodies.iter_mut().enumerate() {
        body.truncate(WHOLE);
        let began = Instant::now();
        let answer = sender.send("POST", "/graphql", &[JSON, NEW], body.as_slice());
        check(&format!("body {place}"), &answer, began);
    }
    // Forms: no edge, another edge, parts out of order, twice, without an end, with wrong heads.
    let part = |head: &str, content: &str| format!("--edge\r\n{head}\r\n\r\n{content}\r\n");
    let named = |name: &str| format!("Content-Disposition: form-data; name=\"{name}\"");
    let query = json!({"query": "mutation ($f: Upload!) { startImport(adapter: \"csv\", file: $f) { id } }",
        "variables": {"f": null}})
    .to_string();
    let (operations, map) = (
        part(&named("operations"), &query),
        part(&named("map"), "{\"0\":[\"variables.f\"]}"),
    );
    let file = part(&format!("{}; filename=\"x\"", named("0")), "x");
    let mut forms = vec![
        (String::new(), ""),
        ("--edge--\r\n".to_owned(), ""),
        ("nothing".to_owned(), ""),
        (operations.clone(), ""),
        (operations.clone() + &map, "--edge--\r\n"),
        (map.clone() + &operations + &file, "--edge--\r\n"),
        (
            operations.clone() + &operations + &map + &file,
            "--edge--\r\n",
        ),
        (operations.clone() + &map + &file + &file, "--edge--\r\n"),
        (operations.clone() + &map + &file, ""),
        (operations.clone() + &part("no head", "x"), "--edge--\r\n"),
        (
            operations.clone() + &part(&"x: y\r\n".repeat(500), "x"),
            "--edge--\r\n",
        ),
        (part(&named("operations"), "["), "--edge--\r\n"),
        (
            part(&named("operations"), "[{}]") + &map + &file,
            "--edge--\r\n",
        ),
        (
            part(&named("operations"), &query.repeat(1000)) + &map + &file,
            "--edge--\r\n",
        ),
    ];
    for path in [
        "variables",
        "variables.f.0",
        "variables.nothing",
        "query",
        "",
        "variables.f.f.f",
        "0",
    ] {
        let map = part(&named("map"), &json!({"0": [path]}).to_string());
        forms.push((operations.clone() + &map + &file, "--edge--\r\n"));
    }
    for map in [
        "[]",
        "{}",
        "7",
        "{\"0\": 7}",
        "{\"0\": []}",
        "{\"0\": [7]}",
        "{\"0\": [\"variables.f\", \"variables.f\"]}",
        "{\"1\": [\"variables.f\"]}",
    ] {
        forms.push((
            operations.clone() + &part(&named("map"), map) + &file,
            "--edge--\r\n",
        ));
    }
    for (place, (form, end)) in forms.iter().enumerate() {
        for kind in [
            "multipart/form-data; boundary=edge",
            "multipart/form-data",
            "multipart/form-data; boundary=\"\"",
            "multipart/form-data; boundary=other",
            "multipart/mixed; boundary=edge",
        ] {
            let headers = [
                ("Content-Type", kind),
                ("GraphQL-Require-Preflight", "1"),
                ("Authorization", &steward),
            ];
            let began = Instant::now();
            let answer = sender.send(
                "POST",
                "/graphql",
                &headers,
                format!("{form}{end}").as_bytes(),
            );
            check(&format!("form {place} as {kind}"), &answer, began);
        }
    }
    works_as_before(&served, &token);
}
