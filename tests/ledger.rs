//! Every answer about a person to anybody else leaves its row in that person's access ledger, before it is
//! given; their own looks do not, and nor does a miss.

use crate::support::{Introspected, Registry, Row, bearer, cast, codes, csv, uln};
use registry::access::Caller;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const FACTS: &str = "familyName: \"Inventedb\", dateOfBirth: \"1971-04-02\"";

/// A registry with two learners: the first has awards of two bodies.
struct Filled {
    registry: Registry,
    learner: String,
    achievement: String,
}

fn filled() -> Filled {
    let registry = Registry::new().with_register();
    registry.push_csv(
        "RN5217",
        &csv(&[
            Row::award(1, "R1").with("certificate_number", "C1"),
            Row::award(2, "R2"),
        ]),
    );
    let asked = "{ me { id achievements { edges { node { id } } } } }";
    let me = registry.data(&registry.practitioner(&uln(1)), asked, Value::Null);
    let learner = me["me"]["id"].as_str().unwrap().to_owned();
    let achievement = me["me"]["achievements"]["edges"][0]["node"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    registry.push_csv("RN5156", &csv(&[Row::elsewhere(1, "S1")]));
    Filled {
        registry,
        learner,
        achievement,
    }
}

impl Filled {
    /// The rows of a learner's ledger, the newest first: by, role, what, purpose, via.
    fn ledger(&self, number: u32) -> Vec<Value> {
        let query = "{ me { accessLedger { edges { node { at by role what purpose via } } } } }";
        let data = self.registry.data(
            &self.registry.practitioner(&uln(number)),
            query,
            Value::Null,
        );
        let edges = data["me"]["accessLedger"]["edges"].as_array().unwrap();
        edges.iter().map(|edge| edge["node"].clone()).collect()
    }

    /// Each document with the root field that it is about, and what its rows say.
    fn looks(&self) -> Vec<(&'static str, String, Vec<Look>)> {
        let (learner, achievement, uln) = (&self.learner, &self.achievement, uln(1));
        let (record, award) = (Look::of("record"), Look::of("achievement"));
        let check = |purpose| Look {
            what: "verification",
            purpose,
        };
        let by_number = format!("certificateNumber: \"C1\", {FACTS}");
        let by_id = format!("credentialId: \"{achievement}\", {FACTS}");
        vec![
            (
                "learner",
                format!("{{ learner(uln: \"{uln}\") {{ id familyName }} }}"),
                vec![record],
            ),
            (
                "learner",
                format!("{{ learner(id: \"{learner}\") {{ __typename }} }}"),
                vec![record],
            ),
            (
                "learner",
                format!(
                    "{{ learner(uln: \"{uln}\") {{ uln creditTotal achievements {{ edges {{ node {{ learner {{ familyName }} sources {{ stated }} history {{ grade }} }} }} }} }} }}"
                ),
                vec![record],
            ),
            (
                "learner",
                format!(
                    "{{ a: learner(uln: \"{uln}\") {{ id }} b: learner(id: \"{learner}\") {{ id }} }}"
                ),
                vec![record, record],
            ),
            (
                "learner",
                format!(
                    "query {{ ...f }} fragment f on Query {{ learner(uln: \"{uln}\") {{ id }} }}"
                ),
                vec![record],
            ),
            (
                "node",
                format!("{{ node(id: \"{learner}\") {{ id }} }}"),
                vec![record],
            ),
            (
                "node",
                format!("{{ node(id: \"{achievement}\") {{ id }} }}"),
                vec![award],
            ),
            (
                "node",
                format!(
                    "{{ node(id: \"{achievement}\") {{ ... on Achievement {{ learner {{ familyName achievements {{ totalCount }} }} }} }} }}"
                ),
                vec![record, award],
            ),
            (
                "verify",
                format!("{{ verify(input: {{{by_number}}}) {{ outcome }} }}"),
                vec![check(None)],
            ),
            (
                "verify",
                format!(
                    "{{ verify(input: {{{by_id}, purpose: \"An appointment\"}}) {{ receipt {{ id }} }} }}"
                ),
                vec![check(Some("An appointment"))],
            ),
            (
                "verifyMany",
                format!(
                    "{{ verifyMany(inputs: [{{{by_number}, purpose: \"One\"}}, {{{by_id}, purpose: \"Two\"}}]) {{ outcome }} }}"
                ),
                vec![check(Some("Two")), check(Some("One"))],
            ),
            (
                "correctAchievement",
                format!(
                    "mutation {{ correctAchievement(id: \"{achievement}\", input: {{grade: \"Merit\", reason: \"An error\"}}) {{ id learner {{ familyName }} }} }}"
                ),
                vec![record, award],
            ),
            (
                "withdrawAchievement",
                format!(
                    "mutation {{ withdrawAchievement(id: \"{achievement}\", reason: \"An error\") {{ id learner {{ familyName }} }} }}"
                ),
                vec![record, award],
            ),
            (
                "reinstateAchievement",
                format!(
                    "mutation {{ reinstateAchievement(id: \"{achievement}\", reason: \"No error\") {{ id }} }}"
                ),
                vec![award],
            ),
        ]
    }
}

/// What a row of the ledger says of a look.
#[derive(Clone, Copy)]
struct Look {
    what: &'static str,
    purpose: Option<&'static str>,
}

impl Look {
    fn of(what: &'static str) -> Self {
        Self {
            what,
            purpose: None,
        }
    }
}

/// Who may see the first learner's data by which root field. Nobody else gives any.
fn may(who: &str, field: &str) -> bool {
    match field {
        "verify" | "verifyMany" => true,
        "learner" | "node" => ["practitioner", "awarding_body", "steward"].contains(&who),
        _ => who == "awarding_body",
    }
}

#[test]
fn every_answer_to_somebody_else_leaves_its_rows_and_nothing_else_does() {
    let filled = filled();
    let registry = &filled.registry;
    let mut expected: Vec<Value> = Vec::new();
    for (field, document, looks) in filled.looks() {
        for (who, token) in cast(registry) {
            let caller = bearer(registry, token.as_ref());
            let answer = registry.ask(&caller, &document, Value::Null);
            let by = match who {
                "nobody" => "somebody without a token".to_owned(),
                "awarding_body" => "RN5217 (awarding_body-of-the-test)".to_owned(),
                "employer" => "little-acorns (employer-of-the-test)".to_owned(),
                who => format!("{who}-of-the-test"),
            };
            let role = if who == "nobody" { "none" } else { who };
            if may(who, field) {
                assert_eq!(codes(&answer), [""; 0], "{who}: {document}: {answer}");
            }
            // One's own look is no row.
            if may(who, field) && who != "practitioner" {
                let rows = looks.iter().map(|look| json!({"by": by, "role": role, "what": look.what, "purpose": look.purpose, "via": "graphql"}));
                expected.splice(0..0, rows);
            }
            let mut given = filled.ledger(1);
            for row in &mut given {
                assert!(row.as_object_mut().unwrap().remove("at").is_some());
            }
            assert_eq!(given.len(), expected.len(), "{who}: {document}: {answer}");
            assert_eq!(given, expected, "{who}: {document}");
        }
    }
    assert_eq!(
        filled.ledger(2),
        Vec::<Value>::new(),
        "nobody looked at the other one"
    );
}

#[test]
fn every_root_field_that_leads_to_a_person_has_a_case() {
    let filled = filled();
    let schema = Introspected::of(&filled.registry);
    let people = [
        "Learner",
        "Achievement",
        "VerifiedAchievement",
        "TeamMember",
        "Node",
    ];
    let leads = |from: &str| {
        let (mut seen, mut next) = (BTreeSet::new(), vec![from.to_owned()]);
        while let Some(one) = next.pop() {
            if seen.insert(one.clone()) {
                next.extend(schema.fields(&one).into_iter().map(|(_, of)| of));
            }
        }
        people.iter().any(|one| seen.contains(*one))
    };
    let looks = filled.looks();
    for root in ["Query", "Mutation"] {
        for (field, of) in schema.fields(root) {
            // The looks of those who decide who is whom are two people's: see `identity::merges`. Shares are one's own,
            // and looks through them are in `share`.
            let elsewhere = [
                "me",
                "mergeLearners",
                "splitMerge",
                "shareRecord",
                "revokeShare",
                // And looks at teams in `team`.
                "team",
                "teams",
                "createTeam",
                "addTeamMember",
                "removeTeamMember",
                "recordClearance",
                // And looks at claims in `claim`.
                "claim",
                "claims",
                "openClaim",
                "addEvidence",
                "submitClaim",
                "assignClaim",
                "judgeClaim",
                "assureClaim",
                "appealClaim",
                "withdrawClaim",
            ];
            let has_case =
                elsewhere.contains(&field.as_str()) || looks.iter().any(|(one, ..)| *one == field);
            assert_eq!(leads(&of), has_case, "{root}.{field}");
        }
    }
}

#[test]
fn a_miss_leaves_no_row_in_anybodys_ledger() {
    let filled = filled();
    let registry = &filled.registry;
    let (learner, achievement) = (&filled.learner, &filled.achievement);
    let unknown = "0".repeat(26);
    for document in [
        "{ verify(input: {certificateNumber: \"C1\", familyName: \"Inventedb\", dateOfBirth: \"1971-04-03\"}) { outcome } }".to_owned(),
        "{ verify(input: {certificateNumber: \"C1\", familyName: \"Other\", dateOfBirth: \"1971-04-02\"}) { outcome } }".to_owned(),
        format!("{{ verify(input: {{certificateNumber: \"C2\", {FACTS}}}) {{ outcome }} }}"),
        format!(
            "{{ verify(input: {{credentialId: \"achievement_{unknown}\", {FACTS}}}) {{ outcome }} }}"
        ),
        format!("{{ learner(id: \"learner_{unknown}\") {{ id }} }}"),
        format!("{{ learner(uln: \"{}\") {{ id }} }}", uln(9)),
        format!("{{ node(id: \"achievement_{unknown}\") {{ id }} }}"),
        format!(
            "mutation {{ withdrawAchievement(id: \"achievement_{unknown}\", reason: \"An error\") {{ id }} }}"
        ),
        format!(
            "mutation {{ withdrawAchievement(id: \"{achievement}\", reason: \" \") {{ id }} }}"
        ),
        format!(
            "mutation {{ reinstateAchievement(id: \"{achievement}\", reason: \"It stands\") {{ id }} }}"
        ),
        format!("{{ learner(id: \"{learner}\") {{ nothing }} }}"),
    ] {
        for (_, token) in cast(registry) {
            registry.ask(&bearer(registry, token.as_ref()), &document, Value::Null);
        }
        for number in [1, 2] {
            assert_eq!(filled.ledger(number), Vec::<Value>::new(), "{document}");
        }
    }
}

#[test]
fn the_row_names_the_role_in_which_it_was_looked() {
    let filled = filled();
    let registry = &filled.registry;
    // One's own record is another's: the look is the steward's, whatever else the token carries.
    let mut caller = registry.practitioner(&uln(2));
    caller.roles.insert(registry::access::Role::Steward);
    registry.data(
        &caller,
        &format!("{{ learner(uln: \"{}\") {{ id }} }}", uln(1)),
        Value::Null,
    );
    let mut caller = registry.practitioner(&uln(2));
    caller.roles.insert(registry::access::Role::AwardingBody);
    caller.awarding_body = Some(schema::RecognitionNumber::parse("RN5217").unwrap());
    registry.data(
        &caller,
        &format!("{{ node(id: \"{}\") {{ id }} }}", filled.achievement),
        Value::Null,
    );
    let roles: Vec<Value> = filled
        .ledger(1)
        .iter()
        .map(|row| row["role"].clone())
        .collect();
    assert_eq!(roles, ["awarding_body", "steward"]);
    // And of oneself, with a steward's right too, it stays one's own.
    let own = filled.ledger(2).len();
    registry.data(
        &caller,
        &format!("{{ learner(uln: \"{}\") {{ id }} }}", uln(2)),
        Value::Null,
    );
    assert_eq!(filled.ledger(2).len(), own);
}

#[test]
fn without_its_row_there_is_no_answer() {
    let filled = filled();
    let registry = &filled.registry;
    let looks = filled.looks();
    refuse_rows(registry);
    for (field, document, _) in &looks {
        for (who, token) in cast(registry) {
            let caller: Caller = bearer(registry, token.as_ref());
            let own = who == "practitioner" && ["learner", "node"].contains(field);
            if !may(who, field) || own {
                continue;
            }
            let answer = registry.ask(&caller, document, Value::Null);
            let told = answer.to_string();
            assert!(!codes(&answer).is_empty(), "{who}: {document}: {answer}");
            assert!(
                codes(&answer)
                    .iter()
                    .all(|code| ["internal", "state-conflict"].contains(&code.as_str())),
                "{answer}"
            );
            for fact in ["Invented", "1971", "C1", "VALID", "eyJ"] {
                assert!(!told.contains(fact), "{who}: {document}: {answer}");
            }
        }
    }
    // What could not be noted was not done either.
    let own = registry.record(&uln(1));
    assert!(
        own.iter().all(|award| award["status"] == "FINAL"),
        "{own:?}"
    );
}

/// From now on the ledger takes no row, as if the disk had failed there.
fn refuse_rows(registry: &Registry) {
    use registry::db::{Connection, Engine, Purpose};
    let url = registry.app.config.database_url();
    let mut connection = Connection::open(&url, Purpose::Write).unwrap();
    let sql = match Engine::of(&url).unwrap() {
        Engine::Sqlite => {
            "CREATE TRIGGER refused BEFORE INSERT ON access_entry BEGIN SELECT RAISE(ABORT, 'refused'); END"
        }
        Engine::Postgres => {
            "ALTER TABLE access_entry ADD CONSTRAINT refused CHECK (false) NOT VALID"
        }
    };
    connection.batch(sql).unwrap();
}
