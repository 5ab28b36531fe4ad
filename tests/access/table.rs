//! The published table of access, walked: `table.csv` beside this says of every root field, of every field
//! about a person or an import, and of every address what each role gets. Each cell is executed against a
//! filled registry. A field or address that is served and has no row fails; so does a row of one that is not.
//!
//! A cell says `yes`; `own-only` (data, and nothing but the caller's own); `null`; or the refusal's code. With
//! `REGISTRY_WRITE_TABLE=1` the file is written anew from what is given, for somebody to read.

use crate::support::{
    Introspected, Registry, Row, Served, TestKey, codes, csv, learning_events, multipart, uln,
};
use registry::access::Role;
use registry::action::employment::Kind;
use registry::action::import::{Mode, Origin};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The columns: who asks. What is asked for is learner 1, her award by RN5217, that body's import, and a
/// receipt of the employer little-acorns. *Other*: a practitioner who is somebody else, a body that told
/// nothing of her.
const COLUMNS: [&str; 10] = [
    "none",
    "practitioner",
    "practitioner_other",
    "awarding_body",
    "awarding_body_other",
    "employer",
    "assessor",
    "quality_assurer",
    "steward",
    "statistician",
];

/// The claims of each column's token; none for nobody.
fn claims_of(column: &str) -> Option<Value> {
    let (role, more) = match column {
        "none" => return None,
        "practitioner" => ("practitioner", json!({"learner": uln(1)})),
        "practitioner_other" => ("practitioner", json!({"learner": uln(2)})),
        "awarding_body" => ("awarding_body", json!({"awarding_body": "RN5217"})),
        "awarding_body_other" => ("awarding_body", json!({"awarding_body": "RN5300"})),
        "employer" => ("employer", json!({"employer": "little-acorns"})),
        other => (other, json!({})),
    };
    let mut claims = json!({"roles": [role], "sub": format!("{column}-of-the-table")});
    claims
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    Some(claims)
}

fn merge_of(keep: &str, merge: &str) -> String {
    format!(
        "mutation {{ mergeLearners(keep: \"{keep}\", merge: \"{merge}\", reason: \"An error\") {{ id }} }}"
    )
}

struct Filled {
    served: Served,
    key: TestKey,
    /// What stands for a name in capitals in a query.
    names: Vec<(&'static str, String)>,
}

impl Filled {
    fn new() -> Self {
        let served = Registry::configured(|config| {
            config.graphql.cost = usize::MAX;
            config.graphql.depth = 60;
        })
        .with_register()
        .with_framework()
        .served();
        let registry = &served.registry;
        let full = Row::award(1, "R1")
            .with("certificate_number", "C1")
            .with("started_on", "2014-09-01")
            .with("valid_from", "2015-06-30")
            .with("valid_until", "2099-01-01")
            .with("awarding_body_name", "An invented body")
            .with("credit", "60")
            .with("level", "2");
        let file = csv(&[
            full,
            Row::award(9, "R9").with("uln", "1"),
            Row::award(4, "R4").with("qualification_number", "601/0000/0"),
        ]);
        let job = registry.push_csv("RN5217", &file).id;
        let wrong = csv(&[Row::award(9, "R9").with("uln", "1")]);
        let failed = registry.push_as("csv", body("RN5217"), &wrong, Mode::Atomic, false);
        let failed = failed.unwrap().id;
        registry.push_csv(
            "RN5156",
            &csv(&[Row::elsewhere(2, "S1"), Row::elsewhere(1, "S2")]),
        );
        let events = [("1", "50091700", "2015-06-30", "Merit")];
        registry.push("lrs", Origin::Operator, &learning_events(&uln(1), &events));
        // One that is taken back already, and is answered so each time.
        let taken_back = registry.push_csv("RN5217", &csv(&[Row::award(5, "R5")])).id;
        let id = registry::db::Id::read("import", &taken_back).unwrap();
        registry::action::import::undo::undo(&registry.app, id, &()).unwrap();
        let me = registry.data(
            &registry.practitioner(&uln(1)),
            "{ me { id achievements { edges { node { id certificateNumber } } } } }",
            Value::Null,
        );
        let edges = me["me"]["achievements"]["edges"].as_array().unwrap();
        let award = edges
            .iter()
            .find(|edge| edge["node"]["certificateNumber"] == "C1");
        let award = award.unwrap()["node"]["id"].as_str().unwrap().to_owned();
        let learner = me["me"]["id"].as_str().unwrap().to_owned();
        // The steward's look, so that the ledger has a row.
        registry.data(
            &registry.steward(),
            &format!("{{ learner(id: \"{learner}\") {{ id }} }}"),
            Value::Null,
        );
        let key = TestKey::of_registry(registry);
        let mut filled = Self {
            served,
            key,
            names: Vec::new(),
        };
        let verify = format!("{{ verify({FACTS}) {{ receipt {{ id }} }} }}");
        let answer = filled.ask(&["employer"], &verify);
        let receipt = answer["data"]["verify"]["receipt"]["id"].as_str().unwrap();
        // Two who are alike, two who were merged, and two who could be.
        let alike = Row::elsewhere(21, "X1");
        let others = [22, 23, 24, 25].map(|number| Row::elsewhere(number, &format!("X{number}")));
        let registry = &filled.served.registry;
        let slip = alike
            .clone()
            .without("uln")
            .with("family_name", "Inventadb")
            .with("result_id", "X2");
        let mut rows = vec![alike, slip];
        rows.extend(others);
        registry.push_csv("RN5156", &csv(&rows));
        let steward = registry.steward();
        let id = |number: u32| {
            let query = format!("{{ learner(uln: \"{}\") {{ id }} }}", uln(number));
            let found = registry.data(&steward, &query, Value::Null);
            found["learner"]["id"].as_str().unwrap().to_owned()
        };
        let [kept, gone, keep, go] = [22, 23, 24, 25].map(id);
        let merge = merge_of(&kept, &gone);
        let merged = registry.data(&steward, &merge, Value::Null);
        let merged = merged["mergeLearners"]["id"].as_str().unwrap().to_owned();
        let cases = registry.data(
            &steward,
            "{ matchCases { edges { node { id } } } }",
            Value::Null,
        );
        let case = cases["matchCases"]["edges"][0]["node"]["id"].as_str();
        let case = case.unwrap().to_owned();
        // What she shares, and what she took back.
        let until = registry.app.clock.now() + chrono::TimeDelta::days(7);
        let until = until.and_utc().to_rfc3339();
        let practitioner = registry.practitioner(&uln(1));
        let share = || {
            let share = format!(
                "mutation {{ shareRecord(input: {{achievements: [\"{award}\"], purpose: \"A post\", expiresAt: \"{until}\"}}) {{ id token }} }}"
            );
            let made = registry.data(&practitioner, &share, Value::Null);
            let [id, token] = ["id", "token"].map(|field| made["shareRecord"][field].clone());
            (
                id.as_str().unwrap().to_owned(),
                token.as_str().unwrap().to_owned(),
            )
        };
        let ((shared, token), (revoked, _)) = (share(), share());
        let revoke = format!("mutation {{ revokeShare(id: \"{revoked}\") {{ id }} }}");
        registry.data(&practitioner, &revoke, Value::Null);
        // A team that she is in, with a check that was seen.
        let employer = registry.caller(Role::Employer, None, None);
        let team = registry.data(
            &employer,
            "mutation { createTeam(input: {name: \"A team\", setting: \"group\"}) { id } }",
            Value::Null,
        );
        let team = team["createTeam"]["id"].as_str().unwrap().to_owned();
        let add = format!(
            "mutation {{ addTeamMember(team: \"{team}\", shareToken: \"{token}\", role: \"hlta\", from: \"2026-01-01\") {{ members {{ edges {{ node {{ id }} }} }} }} }}"
        );
        let added = registry.data(&employer, &add, Value::Null);
        let member = added["addTeamMember"]["members"]["edges"][0]["node"]["id"].as_str();
        let member = member.unwrap().to_owned();
        let clear = format!(
            "mutation {{ recordClearance(team: \"{team}\", member: \"{member}\", input: {{kind: \"DBS\", reference: \"001\", seenOn: \"2026-01-01\"}}) {{ id }} }}"
        );
        registry.data(&employer, &clear, Value::Null);
        let leave = format!(
            "mutation {{ removeTeamMember(team: \"{team}\", member: \"{member}\", to: \"2099-01-01\") {{ id }} }}"
        );
        registry.data(&employer, &leave, Value::Null);
        // Figures of the workforce, in which every field is told.
        let people: Vec<Row> = (31..43)
            .map(|number| Row::elsewhere(number, &format!("W{number}")))
            .collect();
        registry.push_csv("RN5156", &csv(&people));
        let mut posts = "uln,employer,role,area,from,stated_by\n".to_owned();
        for number in 31..43 {
            posts.push_str(&format!(
                "{},little-acorns,hlta,E06000001,2020-01-01,us\n",
                uln(number)
            ));
        }
        registry.employment(Kind::Held, &posts).unwrap();
        let needed = "role,area,from,posts,stated_by\nhlta,E06000001,2020-01-01,20,us\n";
        registry.employment(Kind::Needed, needed).unwrap();
        registry
            .employment(Kind::Provision, &needed.replace("posts", "places"))
            .unwrap();
        registry.publish("2026-01-01").unwrap();
        // Her award as a document.
        let export = format!(
            "mutation {{ exportRecord(input: {{format: VC_JWT, achievements: [\"{award}\"]}}) {{ document credentials }} }}"
        );
        let exported = registry.data(&practitioner, &export, Value::Null);
        let exported = &exported["exportRecord"];
        let document = exported["document"].as_str().unwrap().to_owned();
        let credential = exported["credentials"][0].as_str().unwrap().to_owned();
        let (drafted, waiting, decided, taken, entry, file) = claims(&filled);
        filled.names = vec![
            ("DRAFTED", drafted),
            ("WAITING", waiting),
            ("DECIDED", decided),
            ("TAKENAWAY", taken),
            ("ENTRY", entry),
            ("ATTACHED", file),
            ("TEAM", team),
            ("MEMBER", member),
            ("UNTIL", until),
            ("SHARED", shared),
            ("REVOKED", revoked),
            ("MERGED", merged),
            ("KEEP", keep),
            ("GO", go),
            ("CASE", case),
            ("RECEIPT", receipt.to_owned()),
            ("LEARNER", learner),
            ("AWARD", award),
            ("FAILED", failed),
            ("TAKENBACK", taken_back),
            ("JOB", job),
            ("ULN", uln(1)),
            ("FACTS", FACTS.to_owned()),
            (
                "MANY",
                FACTS
                    .replacen("input: ", "inputs: [", 1)
                    .replace("02\"}", "02\"}]"),
            ),
            ("CREDENTIAL", credential),
            // Last, since whatever they hold by chance is no name.
            ("TOKEN", token),
            ("DOCUMENT", document),
        ];
        // So that the history has every field.
        for verb in ["withdraw", "reinstate"] {
            let change = format!(
                "mutation {{ {verb}Achievement(id: \"AWARD\", reason: \"An error\") {{ id }} }}"
            );
            let answer = filled.ask(&["awarding_body"], &change);
            assert_eq!(codes(&answer), [""; 0], "{answer}");
        }
        filled
    }

    /// A token with the roles and claims of all the columns.
    fn token(&self, columns: &[&str]) -> Option<String> {
        let now = self.served.registry.app.clock.now().and_utc().timestamp();
        let mut claims = json!({"iss": "registry", "aud": "registry", "jti": "one", "iat": now, "exp": now + 600});
        let mut roles = BTreeSet::new();
        for one in columns.iter().filter_map(|column| claims_of(column)) {
            roles.extend(
                one["roles"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|role| role.as_str().unwrap().to_owned()),
            );
            claims
                .as_object_mut()
                .unwrap()
                .extend(one.as_object().unwrap().clone());
        }
        if roles.is_empty() {
            return None;
        }
        claims["roles"] = json!(roles);
        if columns.contains(&"employer") {
            // The receipt that is asked for is this person's.
            claims["sub"] = json!("employer-of-the-table");
        }
        let keys = self.served.registry.app.keys.jwks();
        Some(
            self.key
                .token(keys["keys"][0]["kid"].as_str().unwrap(), &claims),
        )
    }

    fn caller(&self, columns: &[&str]) -> registry::access::Caller {
        let registry = &self.served.registry;
        self.token(columns)
            .map_or_else(registry::access::Caller::nobody, |token| {
                registry
                    .app
                    .issuers
                    .verify(&token, registry.app.clock.now())
                    .unwrap()
            })
    }

    fn named(&self, text: &str) -> String {
        self.names
            .iter()
            .fold(text.to_owned(), |text, (name, value)| {
                text.replace(name, value)
            })
    }

    fn ask(&self, columns: &[&str], query: &str) -> Value {
        let query = self.named(query);
        self.served
            .registry
            .ask(&self.caller(columns), &query, Value::Null)
    }
}

/// A file that she adds to a claim; its piece of evidence.
fn attached(filled: &Filled, claim: &str, content: &str) -> String {
    let add = format!(
        "mutation($file: Upload!) {{ addEvidence(claim: \"{claim}\", input: {{kind: DOCUMENT, title: \"A letter\", file: $file,
         outcomes: [\"L/601/1693:1\"]}}) {{ evidence {{ id digest }} }} }}"
    );
    let (kind, body) = multipart(&add, json!({}), content.as_bytes());
    let bearer = format!("Bearer {}", filled.token(&["practitioner"]).unwrap());
    let headers = [
        ("Content-Type", kind.as_str()),
        ("GraphQL-Require-Preflight", "1"),
        ("Authorization", &bearer),
    ];
    let answer = filled.served.request("POST", "/graphql", &headers, &body);
    let answer = answer.json();
    let pieces = answer["data"]["addEvidence"]["evidence"].as_array();
    let pieces = pieces.unwrap_or_else(|| panic!("{answer}"));
    pieces.last().unwrap()["id"].as_str().unwrap().to_owned()
}

/// Claims of learner 1: a draft, one that waits for an assessor, one that was granted in part, one that she took back; an
/// entry of her development record; and a file in the one that was granted.
fn claims(filled: &Filled) -> (String, String, String, String, String, String) {
    let registry = &filled.served.registry;
    crate::claim::support::outcomes(registry);
    let did = |columns: &[&str], text: &str| {
        let answer = filled.ask(columns, &format!("mutation {{ {text} }}"));
        assert_eq!(codes(&answer), [""; 0], "{text}: {answer}");
        answer["data"]
            .as_object()
            .unwrap()
            .values()
            .next()
            .unwrap()
            .clone()
    };
    let her = ["practitioner"];
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let entry = did(
        &her,
        "recordDevelopment(input: {kind: \"cpd\", title: \"A course\", hours: 2, on: \"2026-01-01\", areas: [\"1\", \"CCLD 303\"]}) { id }",
    );
    let entry = text(&entry["id"]);
    let open = || {
        let claim = did(
            &her,
            "openClaim(input: {route: RPL, units: [\"L/601/1693\", \"A/601/1429\"], awardingBody: \"RN5217\", statement: \"Years of it\"}) { id }",
        );
        let id = text(&claim["id"]);
        let piece = format!(
            "addEvidence(claim: \"{id}\", input: {{kind: DEVELOPMENT, title: \"A course\", details: {{development: \"{entry}\"}},
             outcomes: [\"L/601/1693:1\", \"L/601/1693:2\", \"A/601/1429:1\"]}}) {{ evidence {{ id }} }}"
        );
        let added = did(&her, &piece);
        (id, text(&added["evidence"][0]["id"]))
    };
    let submit = |id: &str| did(&her, &format!("submitClaim(id: \"{id}\") {{ id }}"));
    let assign = |id: &str| {
        did(
            &["awarding_body"],
            &format!(
                "assignClaim(id: \"{id}\", assessor: \"assessor-of-the-table\", qualityAssurer: \"quality_assurer-of-the-table\") {{ id }}"
            ),
        );
    };
    let (drafted, _) = open();
    let (waiting, _) = open();
    submit(&waiting);
    assign(&waiting);
    let (decided, evidence) = open();
    let file = attached(filled, &decided, "thanks");
    // And one whose time is over.
    attached(filled, &decided, "more thanks");
    let over = "UPDATE claim_evidence SET erased_at = '2026-06-01 12:00:00' WHERE size = 11";
    let erased = registry
        .app
        .db
        .write_blocking(move |connection| Ok(connection.batch(over)?));
    erased.unwrap();
    submit(&decided);
    assign(&decided);
    let good = format!(
        "evidence: [\"{evidence}\"], valid: true, authentic: true, reliable: true, current: true"
    );
    did(&["assessor"], &format!(
        "judgeClaim(id: \"{decided}\", version: 6, judgements: [
         {{outcome: \"L/601/1693:1\", met: YES, {good}, sufficient: true}}, {{outcome: \"L/601/1693:2\", met: YES, {good}, sufficient: true}},
         {{outcome: \"A/601/1429:1\", met: NO, {good}, sufficient: false, note: \"Once more\"}}]) {{ id }}"
    ));
    did(
        &["quality_assurer"],
        &format!("assureClaim(id: \"{decided}\", decision: AGREE, version: 7) {{ id }}"),
    );
    let (taken, _) = open();
    submit(&taken);
    did(&her, &format!("withdrawClaim(id: \"{taken}\") {{ id }}"));
    (drafted, waiting, decided, taken, entry, file)
}

const CHILDREN: &str =
    "children: [{fromMonths: 24, toMonths: 36, children: 5}], on: \"2026-06-01\"";

const FACTS: &str = "input: {purpose: \"A post\", certificateNumber: \"C1\", familyName: \"Inventedb\", dateOfBirth: \"1971-04-02\"}";

fn body(number: &str) -> Origin {
    Origin::Body(schema::RecognitionNumber::parse(number).unwrap())
}

/// What is asked at each root field, and by which name the case goes.
const ROOTS: &[(&str, &str, &str, &str)] = &[
    ("query", "node", "a learner", "node(id: \"LEARNER\") { id }"),
    (
        "query",
        "node",
        "an achievement",
        "node(id: \"AWARD\") { id }",
    ),
    ("query", "node", "an import", "node(id: \"JOB\") { id }"),
    ("query", "node", "a receipt", "node(id: \"RECEIPT\") { id }"),
    (
        "query",
        "node",
        "a qualification",
        "node(id: \"qualification_50091700\") { id }",
    ),
    (
        "query",
        "node",
        "an awarding body",
        "node(id: \"awarding-body_RN5217\") { id }",
    ),
    (
        "query",
        "qualification",
        "",
        "qualification(number: \"500/9170/0\") { id }",
    ),
    (
        "query",
        "qualifications",
        "",
        "qualifications(search: \"diploma\") { edges { node { id } } }",
    ),
    (
        "query",
        "units",
        "",
        "units(first: 1) { edges { node { id } } }",
    ),
    (
        "query",
        "node",
        "a unit",
        "node(id: \"unit_L/601/1693\") { id }",
    ),
    (
        "query",
        "node",
        "a role",
        "node(id: \"role_ey-educator\") { id }",
    ),
    (
        "query",
        "compareQualifications",
        "",
        "compareQualifications(left: \"500/9170/0\", right: \"500/8887/7\") { transferableCredit }",
    ),
    (
        "query",
        "unit",
        "",
        "unit(reference: \"L/601/1693\") { id }",
    ),
    ("query", "role", "", "role(code: \"ey-educator\") { id }"),
    ("query", "roles", "", "roles { edges { node { id } } }"),
    ("query", "sectors", "", "sectors { code }"),
    ("query", "commonCore", "", "commonCore { code }"),
    (
        "query",
        "standards",
        "",
        "standards(first: 1) { edges { node { code } } }",
    ),
    ("query", "levels", "", "levels { level }"),
    ("query", "ksf", "", "ksf { code }"),
    (
        "query",
        "priorLearningFacts",
        "",
        "priorLearningFacts { topic }",
    ),
    (
        "query",
        "awardingBody",
        "",
        "awardingBody(recognitionNumber: \"RN5217\") { id }",
    ),
    ("query", "me", "", "me { id }"),
    (
        "query",
        "learner",
        "by id",
        "learner(id: \"LEARNER\") { id }",
    ),
    ("query", "learner", "by ULN", "learner(uln: \"ULN\") { id }"),
    (
        "query",
        "verify",
        "with the right facts",
        "verify(FACTS) { outcome }",
    ),
    (
        "query",
        "verify",
        "a document",
        "verify(input: {document: \"DOCUMENT\"}) { outcome }",
    ),
    (
        "mutation",
        "exportRecord",
        "",
        "exportRecord(input: {format: VC_JWT, achievements: [\"AWARD\"]}) { document }",
    ),
    (
        "query",
        "verify",
        "a share",
        "verify(input: {shareToken: \"TOKEN\"}) { record { familyName } }",
    ),
    ("query", "node", "a team", "node(id: \"TEAM\") { id }"),
    ("query", "team", "", "team(id: \"TEAM\") { id }"),
    ("query", "teams", "", "teams { edges { node { id } } }"),
    (
        "query",
        "workforce",
        "",
        "workforce(by: [ROLE]) { snapshot }",
    ),
    (
        "mutation",
        "createTeam",
        "",
        "createTeam(input: {name: \"Another\"}) { id }",
    ),
    (
        "mutation",
        "addTeamMember",
        "who is there",
        "addTeamMember(team: \"TEAM\", shareToken: \"TOKEN\", role: \"hlta\", from: \"2026-01-01\") { id }",
    ),
    (
        "mutation",
        "removeTeamMember",
        "on a day to come",
        "removeTeamMember(team: \"TEAM\", member: \"MEMBER\", to: \"2099-01-01\") { id }",
    ),
    (
        "mutation",
        "recordClearance",
        "",
        "recordClearance(team: \"TEAM\", member: \"MEMBER\", input: {kind: \"DBS\", seenOn: \"2026-01-01\", reference: \"001\"}) { id }",
    ),
    ("query", "claim", "", "claim(id: \"DECIDED\") { id }"),
    ("query", "claim", "a draft", "claim(id: \"DRAFTED\") { id }"),
    ("query", "claims", "", "claims { edges { node { id } } }"),
    ("query", "node", "a claim", "node(id: \"DECIDED\") { id }"),
    (
        "query",
        "node",
        "an entry of a development record",
        "node(id: \"ENTRY\") { id }",
    ),
    (
        "mutation",
        "recordDevelopment",
        "",
        "recordDevelopment(input: {kind: \"cpd\", title: \"A course\", on: \"2026-01-01\"}) { id }",
    ),
    (
        "mutation",
        "openClaim",
        "",
        "openClaim(input: {route: RPL, units: [\"L/601/1693\"], awardingBody: \"RN5217\"}) { id }",
    ),
    (
        "mutation",
        "addEvidence",
        "",
        "addEvidence(claim: \"DRAFTED\", input: {kind: EMPLOYMENT, title: \"Work\", outcomes: [\"L/601/1693:1\"], details: {employer: \"A school\", from: \"2020-01-01\"}}) { id }",
    ),
    (
        "mutation",
        "submitClaim",
        "of one handed in",
        "submitClaim(id: \"DECIDED\") { id }",
    ),
    (
        "mutation",
        "assignClaim",
        "",
        "assignClaim(id: \"WAITING\", assessor: \"assessor-of-the-table\") { id }",
    ),
    (
        "mutation",
        "judgeClaim",
        "by an older version",
        "judgeClaim(id: \"WAITING\", judgements: [], version: 1) { id }",
    ),
    (
        "mutation",
        "assureClaim",
        "by an older version",
        "assureClaim(id: \"WAITING\", decision: AGREE, version: 1) { id }",
    ),
    (
        "mutation",
        "appealClaim",
        "of one taken back",
        "appealClaim(id: \"TAKENAWAY\", grounds: \"Because\") { id }",
    ),
    (
        "mutation",
        "withdrawClaim",
        "of one taken back",
        "withdrawClaim(id: \"TAKENAWAY\") { id }",
    ),
    ("query", "node", "a share", "node(id: \"SHARED\") { id }"),
    (
        "mutation",
        "shareRecord",
        "",
        "shareRecord(input: {achievements: [\"AWARD\"], expiresAt: \"UNTIL\"}) { id }",
    ),
    (
        "mutation",
        "revokeShare",
        "of one taken back",
        "revokeShare(id: \"REVOKED\") { id }",
    ),
    (
        "query",
        "verifyMany",
        "with the right facts",
        "verifyMany(MANY) { outcome }",
    ),
    (
        "query",
        "receipts",
        "",
        "receipts { edges { node { id } } }",
    ),
    ("query", "importJob", "", "importJob(id: \"JOB\") { id }"),
    (
        "query",
        "importJobs",
        "",
        "importJobs { edges { node { id } } }",
    ),
    (
        "query",
        "matchCases",
        "",
        "matchCases { edges { node { id } } }",
    ),
    (
        "mutation",
        "resolveMatch",
        "",
        "resolveMatch(id: \"CASE\", decision: DIFFERENT, reason: \"An error\") { id }",
    ),
    (
        "mutation",
        "mergeLearners",
        "",
        "mergeLearners(keep: \"KEEP\", merge: \"GO\", reason: \"An error\") { id }",
    ),
    (
        "mutation",
        "splitMerge",
        "",
        "splitMerge(id: \"MADE\", reason: \"An error\") { id }",
    ),
    (
        "mutation",
        "startImport",
        "",
        "startImport(adapter: \"csv\", file: $file, dryRun: true) { id }",
    ),
    (
        "mutation",
        "undoImport",
        "",
        "undoImport(id: \"TAKENBACK\") { id }",
    ),
    (
        "mutation",
        "cancelImport",
        "of one that has ended",
        "cancelImport(id: \"JOB\") { id }",
    ),
    (
        "mutation",
        "correctAchievement",
        "",
        "correctAchievement(id: \"AWARD\", input: {grade: \"GRADE\", reason: \"An error\"}) { id }",
    ),
    (
        "mutation",
        "withdrawAchievement",
        "",
        "withdrawAchievement(id: \"AWARD\", reason: \"An error\") { id }",
    ),
    (
        "mutation",
        "reinstateAchievement",
        "",
        "reinstateAchievement(id: \"AWARD\", reason: \"An error\") { id }",
    ),
];

/// Where the fields of each type that is about a person or an import are asked for.
const TYPES: &[(&str, &str)] = &[
    (
        "Learner",
        "node(id: \"LEARNER\") { ... on Learner { FIELD } }",
    ),
    (
        "AchievementConnection",
        "node(id: \"LEARNER\") { ... on Learner { achievements { FIELD } } }",
    ),
    (
        "AchievementEdge",
        "node(id: \"LEARNER\") { ... on Learner { achievements { edges { FIELD } } } }",
    ),
    (
        "AccessConnection",
        "node(id: \"LEARNER\") { ... on Learner { accessLedger { FIELD } } }",
    ),
    (
        "AccessEdge",
        "node(id: \"LEARNER\") { ... on Learner { accessLedger { edges { FIELD } } } }",
    ),
    (
        "AccessEntry",
        "node(id: \"LEARNER\") { ... on Learner { accessLedger { edges { node { FIELD } } } } }",
    ),
    (
        "Achievement",
        "node(id: \"AWARD\") { ... on Achievement { FIELD } }",
    ),
    (
        "AchievementVersion",
        "node(id: \"AWARD\") { ... on Achievement { history { FIELD } } }",
    ),
    (
        "Source",
        "node(id: \"AWARD\") { ... on Achievement { sources { FIELD } } }",
    ),
    (
        "Conflict",
        "node(id: \"AWARD\") { ... on Achievement { conflicts { FIELD } } }",
    ),
    ("TeamConnection", "teams { FIELD }"),
    ("TeamEdge", "teams { edges { FIELD } }"),
    ("Team", "team(id: \"TEAM\") { FIELD }"),
    (
        "TeamMemberConnection",
        "team(id: \"TEAM\") { members { FIELD } }",
    ),
    (
        "TeamMemberEdge",
        "team(id: \"TEAM\") { members { edges { FIELD } } }",
    ),
    (
        "TeamMember",
        "team(id: \"TEAM\") { members { edges { node { FIELD } } } }",
    ),
    (
        "Clearance",
        "team(id: \"TEAM\") { members { edges { node { clearance { FIELD } } } } }",
    ),
    ("TeamGap", "team(id: \"TEAM\") { gaps { FIELD } }"),
    ("TeamPlan", "team(id: \"TEAM\") { plan { FIELD } }"),
    (
        "RoomStanding",
        "team(id: \"TEAM\") { inRatio(CHILDREN) { FIELD } }",
    ),
    ("ClaimConnection", "claims { FIELD }"),
    ("ClaimEdge", "claims { edges { FIELD } }"),
    ("Claim", "claim(id: \"DECIDED\") { FIELD }"),
    (
        "ClaimOutcome",
        "claim(id: \"DECIDED\") { outcomes { FIELD } }",
    ),
    ("Evidence", "claim(id: \"DECIDED\") { evidence { FIELD } }"),
    (
        "Judgement",
        "claim(id: \"DECIDED\") { judgements { FIELD } }",
    ),
    ("ClaimEvent", "claim(id: \"DECIDED\") { history { FIELD } }"),
    (
        "ClaimSuggestion",
        "node(id: \"LEARNER\") { ... on Learner { suggestedClaims(role: \"ey-educator\") { FIELD } } }",
    ),
    (
        "DevelopmentConnection",
        "node(id: \"LEARNER\") { ... on Learner { development { FIELD } } }",
    ),
    (
        "DevelopmentEdge",
        "node(id: \"LEARNER\") { ... on Learner { development { edges { FIELD } } } }",
    ),
    (
        "DevelopmentEntry",
        "node(id: \"LEARNER\") { ... on Learner { development { edges { node { FIELD } } } } }",
    ),
    (
        "ShareConnection",
        "node(id: \"LEARNER\") { ... on Learner { shares { FIELD } } }",
    ),
    (
        "ShareEdge",
        "node(id: \"LEARNER\") { ... on Learner { shares { edges { FIELD } } } }",
    ),
    ("Share", "node(id: \"SHARED\") { ... on Share { FIELD } }"),
    (
        "VerifiedRecord",
        "verify(input: {shareToken: \"TOKEN\"}) { record { FIELD } }",
    ),
    (
        "ImportJob",
        "node(id: \"JOB\") { ... on ImportJob { FIELD } }",
    ),
    ("ImportJobConnection", "importJobs { FIELD }"),
    ("ImportJobEdge", "importJobs { edges { FIELD } }"),
    ("MatchCaseConnection", "matchCases { FIELD }"),
    ("MatchCaseEdge", "matchCases { edges { FIELD } }"),
    (
        "MatchCase",
        "node(id: \"CASE\") { ... on MatchCase { FIELD } }",
    ),
    (
        "FieldEvidence",
        "node(id: \"CASE\") { ... on MatchCase { fields { FIELD } } }",
    ),
    (
        "PersonFacts",
        "node(id: \"CASE\") { ... on MatchCase { left { FIELD } right { FIELD } } }",
    ),
    ("Merge", "node(id: \"MERGED\") { ... on Merge { FIELD } }"),
    (
        "ImportCounts",
        "node(id: \"JOB\") { ... on ImportJob { counts { FIELD } } }",
    ),
    (
        "ImportIssueConnection",
        "node(id: \"JOB\") { ... on ImportJob { issues { FIELD } } }",
    ),
    (
        "ImportIssueEdge",
        "node(id: \"JOB\") { ... on ImportJob { issues { edges { FIELD } } } }",
    ),
    (
        "ImportIssue",
        "node(id: \"JOB\") { ... on ImportJob { issues { edges { node { FIELD } } } } }",
    ),
    (
        "Problem",
        "node(id: \"FAILED\") { ... on ImportJob { error { FIELD } } }",
    ),
    (
        "Receipt",
        "node(id: \"RECEIPT\") { ... on Receipt { FIELD } }",
    ),
    (
        "Progress",
        "node(id: \"LEARNER\") { ... on Learner { progress(qualification: \"500/9170/0\") { FIELD } } }",
    ),
    (
        "GroupProgress",
        "node(id: \"LEARNER\") { ... on Learner { progress(qualification: \"500/9170/0\") { groups { FIELD } } } }",
    ),
    (
        "Standing",
        "node(id: \"LEARNER\") { ... on Learner { standing(role: \"childminder\") { FIELD } } }",
    ),
    (
        "Reason",
        "node(id: \"LEARNER\") { ... on Learner { standing(role: \"childminder\") { missing { FIELD } } } }",
    ),
    (
        "Pathway",
        "node(id: \"LEARNER\") { ... on Learner { pathway(to: \"ey-educator\") { FIELD } } }",
    ),
    (
        "PathwayStep",
        "node(id: \"LEARNER\") { ... on Learner { pathway(to: \"ey-educator\") { steps { FIELD } } } }",
    ),
    (
        "RatioStanding",
        "node(id: \"LEARNER\") { ... on Learner { countsInRatio(on: \"2016-01-01\") { FIELD } } }",
    ),
    (
        "AreaCoverage",
        "node(id: \"LEARNER\") { ... on Learner { commonCoreCoverage { FIELD } } }",
    ),
    ("WorkforceTable", "workforce(by: [ROLE]) { FIELD }"),
    (
        "WorkforceRow",
        "workforce(by: [ROLE, AREA]) { rows { FIELD } }",
    ),
    ("ReceiptConnection", "receipts { FIELD }"),
    ("ReceiptEdge", "receipts { edges { FIELD } }"),
    ("Verification", "verify(FACTS) { FIELD }"),
    ("Check", "verify(FACTS) { checks { FIELD } }"),
    (
        "VerifiedAchievement",
        "verify(FACTS) { achievement { FIELD } }",
    ),
];

/// Types that say nothing of anybody: the framework, open to all, and the shape of pages. The two kinds of
/// subject are shown with the achievement that is of them. Who may follow an import is who may see it, which
/// `protocol::progress` tests; who may export gets all that there is of an export.
const OPEN: &[&str] = &[
    "AwardingBody",
    "BarredPair",
    "CommonCoreArea",
    "Comparison",
    "Export",
    "Group",
    "KsfDimension",
    "PriorLearningFact",
    "LearningOutcome",
    "LevelEquivalence",
    "Mutation",
    "PageInfo",
    "ProfessionalStatus",
    "Qualification",
    "QualificationConnection",
    "QualificationEdge",
    "Query",
    "Registration",
    "Requirement",
    "Role",
    "RoleConnection",
    "RoleEdge",
    "Sector",
    "Standard",
    "StandardConnection",
    "StandardEdge",
    "Structure",
    "Subscription",
    "Unit",
    "UnitConnection",
    "UnitEdge",
];

/// The word of an answer: the first thing at the path of field names, or the error's code.
fn word(answer: &Value, foreign: &[&str]) -> String {
    let told = codes(answer);
    if let Some(code) = told.first() {
        return code.clone();
    }
    fn leaf(value: &Value) -> bool {
        match value {
            Value::Null => false,
            Value::Array(all) => all.iter().any(leaf),
            Value::Object(members) => members
                .iter()
                .any(|(name, value)| name != "__typename" && leaf(value)),
            _ => true,
        }
    }
    // A list with nothing in it is still an answer where it is what was asked for.
    if leaf(&answer["data"]) || asked_is_empty(&answer["data"]) {
        let text = answer["data"].to_string();
        if foreign.iter().any(|id| text.contains(id)) {
            "yes".to_owned()
        } else {
            "own-only".to_owned()
        }
    } else {
        "null".to_owned()
    }
}

/// Whether the answer is a way that ends in an empty list.
fn asked_is_empty(value: &Value) -> bool {
    match value {
        Value::Array(all) => all.is_empty() || all.iter().any(asked_is_empty),
        Value::Object(members) => members.values().any(asked_is_empty),
        _ => false,
    }
}

/// The arguments without which a field cannot be asked.
fn arguments(of: &str, field: &str) -> &'static str {
    match (of, field) {
        ("Learner", "progress") => "(qualification: \"500/9170/0\")",
        ("Learner", "standing") => "(role: \"childminder\")",
        ("Learner", "pathway") => "(to: \"ey-educator\")",
        ("Learner", "countsInRatio") => "(on: \"2016-01-01\")",
        ("Learner", "suggestedClaims") => "(role: \"childminder\")",
        ("Team", "inRatio") => "(CHILDREN)",
        _ => "",
    }
}

type Table = BTreeMap<(String, String, String), Vec<String>>;

fn path() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/access/table.csv")
}

fn published() -> Table {
    let text = std::fs::read_to_string(path()).unwrap();
    let mut lines = text.lines();
    assert_eq!(
        lines.next().unwrap(),
        format!("kind,what,case,{}", COLUMNS.join(","))
    );
    lines
        .map(|line| {
            let mut cells = line.split(',').map(str::to_owned);
            let key = (
                cells.next().unwrap(),
                cells.next().unwrap(),
                cells.next().unwrap(),
            );
            let cells: Vec<String> = cells.collect();
            assert_eq!(cells.len(), COLUMNS.len(), "{line}");
            (key, cells)
        })
        .collect()
}

/// The cell of a root field or of a type's field.
fn cell(filled: &Filled, columns: &[&str], query: &str, personal: bool) -> String {
    let answer = filled.ask(columns, query);
    let given = word(&answer, &[]);
    if given != "own-only" {
        return given;
    }
    // `me`, `receipts` and, but for stewards, `importJobs` give the caller's own alone; everything else what was
    // asked for.
    if personal {
        let foreign: Vec<&str> = filled
            .names
            .iter()
            .filter(|(name, _)| match *name {
                "LEARNER" => !columns.contains(&"practitioner"),
                "RECEIPT" => !columns.contains(&"employer"),
                "JOB" => !columns.contains(&"awarding_body"),
                _ => false,
            })
            .map(|(_, value)| value.as_str())
            .collect();
        assert_eq!(word(&answer, &foreign), "own-only", "{columns:?}: {answer}");
        given
    } else {
        "yes".to_owned()
    }
}

/// What a mutation gives; each call says another grade, and what it did is taken back.
fn mutated(filled: &Filled, columns: &[&str], field: &str, selection: &str, turn: usize) -> String {
    let change = |field: &str| {
        let text = format!(
            "mutation {{ {field}Achievement(id: \"AWARD\", reason: \"An error\") {{ id }} }}"
        );
        let answer = filled.ask(&["awarding_body"], &text);
        assert_eq!(codes(&answer), [""; 0], "{answer}");
    };
    if field == "reinstateAchievement" {
        change("withdraw");
    }
    let made = (field == "splitMerge").then(|| merged(filled));
    let split = |id: &str| {
        let text =
            format!("mutation {{ splitMerge(id: \"{id}\", reason: \"An error\") {{ id }} }}");
        let answer = filled.ask(&["steward"], &text);
        assert_eq!(codes(&answer), [""; 0], "{answer}");
    };
    let selection = selection
        .replace("GRADE", &format!("Grade {turn}"))
        .replace("MADE", made.as_deref().unwrap_or_default());
    let given = cell(
        filled,
        columns,
        &format!("mutation {{ {selection} }}"),
        false,
    );
    match (field, given.as_str()) {
        ("withdrawAchievement", "yes") => change("reinstate"),
        ("reinstateAchievement", given) if given != "yes" => change("reinstate"),
        ("mergeLearners", "yes") => split(&merge_in_force(filled)),
        ("splitMerge", given) if given != "yes" => split(&made.unwrap_or_default()),
        _ => {}
    }
    given
}

/// The merge of the two who could be merged, made by a steward.
fn merged(filled: &Filled) -> String {
    let answer = filled.ask(&["steward"], &merge_of("KEEP", "GO"));
    let id = answer["data"]["mergeLearners"]["id"].as_str();
    id.unwrap_or_else(|| panic!("{answer}")).to_owned()
}

/// The one that somebody else made.
fn merge_in_force(filled: &Filled) -> String {
    let answer = filled.ask(
        &["steward"],
        "{ learner(id: \"KEEP\") { merges { id splitAt } } }",
    );
    let merges = answer["data"]["learner"]["merges"].as_array().unwrap();
    let made = merges.iter().find(|one| one["splitAt"].is_null());
    made.unwrap()["id"].as_str().unwrap().to_owned()
}

fn started(filled: &Filled, columns: &[&str]) -> String {
    let start = "mutation($file: Upload!) { startImport(adapter: \"csv\", file: $file, dryRun: true) { id } }";
    let (kind, body) = multipart(start, json!({}), &csv(&[Row::award(1, "R1")]));
    let bearer = format!("Bearer {}", filled.token(columns).unwrap_or_default());
    let mut headers = vec![
        ("Content-Type", kind.as_str()),
        ("GraphQL-Require-Preflight", "1"),
    ];
    if bearer.len() > 7 {
        headers.push(("Authorization", &bearer));
    }
    let answer = filled
        .served
        .request("POST", "/graphql", &headers, &body)
        .json();
    match answer["code"].as_str() {
        Some(code) => code.to_owned(),
        None => word(&answer, &[]).replace("own-only", "yes"),
    }
}

/// Every address as the server's one list has them: path and methods.
fn addresses() -> Vec<(String, Vec<String>)> {
    let source = include_str!("../../registry/src/server/mod.rs");
    let mut found = Vec::new();
    for rest in source.split("at(\"").skip(1) {
        let mut texts = rest.split('"');
        let (path, methods) = (texts.next().unwrap(), texts.nth(1).unwrap());
        if path.starts_with('/') {
            found.push((
                path.to_owned(),
                methods.split(", ").map(str::to_owned).collect(),
            ));
        }
    }
    found
}

fn addressed(filled: &Filled, columns: &[&str], method: &str, path: &str) -> String {
    let named = |wanted: &str| {
        let mut names = filled.names.iter();
        names.find(|(name, _)| *name == wanted).unwrap().1.as_str()
    };
    let job = named("JOB");
    let bearer = format!("Bearer {}", filled.token(columns).unwrap_or_default());
    let mut headers = vec![("Content-Type", "application/json")];
    if bearer.len() > 7 {
        headers.push(("Authorization", &bearer));
    }
    let (path, sent) = match (method, path) {
        ("POST", "/graphql") => (
            path.to_owned(),
            json!({"query": "{ __typename }"}).to_string().into_bytes(),
        ),
        (_, "/graphql") => (format!("{path}?query=%7B__typename%7D"), Vec::new()),
        ("POST", "/imports/{name}") => (
            "/imports/csv?dryRun=true".to_owned(),
            csv(&[Row::award(1, "R1")]),
        ),
        (_, "/evidence/{id}") => (path.replace("{id}", named("ATTACHED")), Vec::new()),
        (_, "/credentials/{id}") => (path.replace("{id}", named("CREDENTIAL")), Vec::new()),
        _ => (
            path.replace("{list}", "1")
                .replace("{name}", job)
                .replace("{id}", job),
            Vec::new(),
        ),
    };
    let answer = filled.served.request(method, &path, &headers, &sent);
    match answer.status {
        200 | 202 => "yes".to_owned(),
        // A HEAD has no body to read a code from.
        status if method == "HEAD" => match status {
            401 => "unauthenticated",
            403 => "forbidden",
            404 => "not-found",
            _ => "?",
        }
        .to_owned(),
        _ => answer.json()["code"].as_str().unwrap().to_owned(),
    }
}

/// Every row that there must be, with what each of `columns` gets.
fn walk(filled: &Filled, columns: &[Vec<&str>], changing: bool) -> Table {
    let schema = Introspected::of(&filled.served.registry);
    let mut table = Table::new();
    let mut add = |kind: &str, what: String, case: &str, cells: Vec<String>| {
        table.insert((kind.to_owned(), what, case.to_owned()), cells);
    };
    let each = |give: &dyn Fn(&[&str]) -> String| -> Vec<String> {
        columns.iter().map(|columns| give(columns)).collect()
    };
    let turns = std::cell::Cell::new(0);
    for (kind, field, case, selection) in ROOTS {
        let give = |columns: &[&str]| {
            turns.set(turns.get() + 1);
            match (*kind, *field) {
                ("mutation", "startImport") => started(filled, columns),
                ("mutation", _) => mutated(filled, columns, field, selection, turns.get()),
                _ => cell(
                    filled,
                    columns,
                    &format!("{{ {selection} }}"),
                    ["me", "receipts"].contains(field)
                        || (*field == "importJobs" && !columns.contains(&"steward")),
                ),
            }
        };
        if *kind == "query" || changing {
            add(kind, (*field).to_owned(), case, each(&give));
        }
    }
    for (of, place) in TYPES {
        for (field, inner) in schema.fields(of) {
            let selection = if schema.is_object(&inner) {
                // Something below it that is always there says whether it is given.
                format!("{field} {{ __typename }}")
            } else if *of == "Verification" && field == "receipt" {
                format!("{field} {{ id }}")
            } else {
                field.clone()
            };
            let asked = arguments(of, &field);
            let selection = selection.replacen(&field, &format!("{field}{asked}"), 1);
            let query = format!("{{ {} }}", place.replace("FIELD", &selection));
            let query = query.replace("CHILDREN", CHILDREN);
            let give = |columns: &[&str]| given_of_type(filled, columns, &query, of);
            add("field", format!("{of}.{field}"), "", each(&give));
        }
    }
    for (path, methods) in addresses() {
        for method in methods {
            if method == "POST" && path != "/graphql" && !changing {
                continue;
            }
            let give = |columns: &[&str]| addressed(filled, columns, &method, &path);
            add("address", format!("{method} {path}"), "", each(&give));
        }
    }
    table
}

fn given_of_type(filled: &Filled, columns: &[&str], query: &str, of: &str) -> String {
    if of == "AccessEntry" {
        // The first page of the ledger has the newest looks; here is one with everything.
        filled.ask(&["employer"], "{ verify(FACTS) { outcome } }");
    }
    let answer = filled.ask(columns, query);
    if let Some(code) = codes(&answer).first() {
        return code.clone();
    }
    let text = answer["data"].to_string();
    let given = (text.contains("__typename") && text.contains("\"__typename\":\"")) || {
        let word = word(&answer, &[]);
        word != "null"
    };
    if !given {
        "null".to_owned()
    } else if of.starts_with("Receipt") && of != "Receipt" {
        "own-only".to_owned()
    } else {
        "yes".to_owned()
    }
}

#[test]
fn each_role_gets_what_the_published_table_says() {
    let filled = Filled::new();
    let columns: Vec<Vec<&str>> = COLUMNS.iter().map(|column| vec![*column]).collect();
    let given = walk(&filled, &columns, true);
    if std::env::var_os("REGISTRY_WRITE_TABLE").is_some() {
        let mut text = format!("kind,what,case,{}\n", COLUMNS.join(","));
        for ((kind, what, case), cells) in &given {
            text.push_str(&format!("{kind},{what},{case},{}\n", cells.join(",")));
        }
        std::fs::write(path(), text).unwrap();
    }
    let published = published();
    for (key, cells) in &given {
        let said = published
            .get(key)
            .unwrap_or_else(|| panic!("{key:?} has no row in table.csv"));
        for ((column, said), given) in COLUMNS.iter().zip(said).zip(cells) {
            assert_eq!(said, given, "{key:?} for {column}");
        }
    }
    for key in published.keys() {
        assert!(
            given.contains_key(key),
            "{key:?} has a row and is not served"
        );
    }
}

#[test]
fn what_is_served_stands_in_the_walk() {
    let registry = Registry::new();
    let schema = Introspected::of(&registry);
    for (root, kind) in [("Query", "query"), ("Mutation", "mutation")] {
        for (field, _) in schema.fields(root) {
            assert!(
                ROOTS
                    .iter()
                    .any(|(of, name, ..)| (*of, *name) == (kind, field.as_str())),
                "{root}.{field} is asked by nobody in the walk: give it a case and a row"
            );
        }
    }
    for object in schema.objects() {
        let walked = TYPES.iter().any(|(name, _)| *name == object);
        assert_ne!(
            walked,
            OPEN.contains(&object.as_str()),
            "{object} is either about somebody, and walked, or open"
        );
    }
    let addresses = addresses();
    assert!(addresses.len() >= 7, "{addresses:?}");
    for (path, methods) in addresses {
        assert!(
            !methods.is_empty()
                && methods
                    .iter()
                    .all(|one| one.chars().all(char::is_uppercase)),
            "{path}"
        );
    }
}

/// The column whose subject a token of several has, as [`Filled::token`] makes it.
fn bearer_of<'a>(set: &[&'a str]) -> &'a str {
    let employer = set.iter().find(|column| **column == "employer");
    employer.or(set.last()).copied().unwrap_or_default()
}

/// Whether a row is about a claim, which its assessor and its assurer see because it is given to them.
fn is_of_claim((kind, what, case): &(String, String, String)) -> bool {
    let of = what.split('.').next().unwrap_or_default();
    let types = [
        "Claim",
        "ClaimEvent",
        "ClaimOutcome",
        "Evidence",
        "Judgement",
    ];
    let handed_out = kind == "address" && what.ends_with(" /evidence/{id}");
    (kind == "field" && types.contains(&of)) || what == "claim" || case == "a claim" || handed_out
}

#[test]
fn several_roles_in_one_token_may_what_each_may_and_nothing_more() {
    let filled = Filled::new();
    let published = published();
    let (mut sets, mut names): (Vec<Vec<&str>>, Vec<Vec<usize>>) = (Vec::new(), Vec::new());
    let role = |column: &str| column.trim_end_matches("_other").to_owned();
    // Each with the next of another role, so that every role stands in two sets; and all of them together.
    for (one, first) in COLUMNS.iter().enumerate().skip(1) {
        let mut following = (1..COLUMNS.len()).cycle().skip(one).take(COLUMNS.len());
        // One token names one learner and one body.
        let other = following.find(|other| role(first) != role(COLUMNS[*other]));
        let mut pair = vec![one, other.unwrap()];
        pair.sort_unstable();
        sets.push(pair.iter().map(|place| COLUMNS[*place]).collect());
        names.push(pair);
    }
    let all: Vec<usize> = (1..COLUMNS.len())
        .filter(|place| !COLUMNS[*place].ends_with("_other"))
        .collect();
    sets.push(all.iter().map(|place| COLUMNS[*place]).collect());
    names.push(all);
    let given = walk(&filled, &sets, false);
    assert!(given.len() > 80, "{}", given.len());
    let may = |word: &str| ["yes", "own-only"].contains(&word);
    for (key, cells) in &given {
        for ((set, places), given) in sets.iter().zip(&names).zip(cells) {
            // A claim is given to a subject, and a token has one.
            let bears = |column: &str| bearer_of(set) == column;
            let each: Vec<&str> = places
                .iter()
                .filter(|place| {
                    let staff = ["assessor", "quality_assurer"].contains(&COLUMNS[**place]);
                    !(staff && is_of_claim(key)) || bears(COLUMNS[**place])
                })
                .map(|place| published[key][*place].as_str())
                .collect();
            assert_eq!(
                may(given),
                each.iter().any(|word| may(word)),
                "{key:?} for {set:?}: {given}, each by itself {each:?}"
            );
        }
    }
}
