//! `node` gives exactly what the typed path gives, to everybody and for every kind of identifier.

use crate::support::{Introspected, Registry, Row, bearer, cast, codes, csv, uln};
use serde_json::Value;

/// A page or a ledger read twice is not the same twice; they have tests of their own.
const WITHOUT: [&str; 6] = [
    "shares",
    "accessLedger",
    "claims",
    "development",
    "holder",
    "jwt",
];

fn edges<'a>(connection: &'a Value, id: &str) -> Option<&'a Value> {
    let edges = connection["edges"].as_array()?;
    edges
        .iter()
        .map(|edge| &edge["node"])
        .find(|node| node["id"] == id)
}

#[test]
fn node_gives_what_the_typed_path_gives() {
    let registry = Registry::configured(|config| {
        config.graphql.cost = usize::MAX;
        config.graphql.depth = 60;
    })
    .with_register();
    let file = csv(&[
        Row::award(1, "R1").with("certificate_number", "C1"),
        Row::award(1, "R2")
            .with("unit_reference", "J/601/1806")
            .without("qualification_number"),
        Row::award(2, "R3"),
    ]);
    let job = registry.push_csv("RN5217", &file).id;
    registry.push_csv(
        "RN5156",
        &csv(&[Row::elsewhere(1, "S1"), Row::elsewhere(3, "S2")]),
    );
    let schema = Introspected::of(&registry);
    let all = |of: &str| schema.all_of(of, 4, &WITHOUT);
    let ids = "{ learner(uln: \"ULN\") { id achievements { edges { node { id subject { ... on Unit { id } } } } } } }";
    let (mut learners, mut achievements, mut units) = (Vec::new(), Vec::new(), Vec::new());
    for number in 1..4 {
        let found = registry.data(
            &registry.steward(),
            &ids.replace("ULN", &uln(number)),
            Value::Null,
        );
        learners.push(found["learner"]["id"].as_str().unwrap().to_owned());
        for edge in found["learner"]["achievements"]["edges"]
            .as_array()
            .unwrap()
        {
            let node = &edge["node"];
            achievements.push((number, node["id"].as_str().unwrap().to_owned()));
            units.extend(node["subject"]["id"].as_str().map(str::to_owned));
        }
    }
    assert!(
        !units.is_empty() && achievements.len() == 5,
        "{achievements:?}"
    );
    let verify = "{ verify(input: {certificateNumber: \"C1\", familyName: \"Inventedb\", dateOfBirth: \"1971-04-02\"}) { outcome receipt { id } } }";
    let mut receipts = Vec::new();
    for (_, token) in cast(&registry) {
        let made = registry.data(&bearer(&registry, token.as_ref()), verify, Value::Null);
        receipts.push(made["verify"]["receipt"]["id"].as_str().unwrap().to_owned());
    }
    for (who, token) in cast(&registry) {
        let caller = bearer(&registry, token.as_ref());
        let ask = |query: String| registry.ask(&caller, &query, Value::Null);
        let node = |of: &str, id: &str| {
            let answer = ask(format!(
                "{{ node(id: \"{id}\") {{ id ... on {of} {{ {} }} }} }}",
                all(of)
            ));
            assert_eq!(codes(&answer), [""; 0], "{who}: {id}: {answer}");
            answer["data"]["node"].clone()
        };
        for id in &learners {
            let typed = ask(format!(
                "{{ learner(id: \"{id}\") {{ {} }} }}",
                all("Learner")
            ));
            assert_eq!(node("Learner", id), typed["data"]["learner"], "{who}: {id}");
        }
        for (number, id) in &achievements {
            let inside = format!(
                "{{ learner(uln: \"{}\") {{ achievements {{ edges {{ node {{ {} }} }} }} }} }}",
                uln(*number),
                all("Achievement")
            );
            let typed = ask(inside);
            let typed = edges(&typed["data"]["learner"]["achievements"], id).cloned();
            assert_eq!(
                node("Achievement", id),
                typed.unwrap_or_default(),
                "{who}: {id}"
            );
        }
        if who == "practitioner" {
            let typed = ask(format!("{{ me {{ {} }} }}", all("Learner")));
            assert_eq!(node("Learner", &learners[0]), typed["data"]["me"]);
            assert_eq!(node("Learner", &learners[1]), Value::Null);
        }
        for number in ["500/9170/0", "50091700", "999/9999/9"] {
            let typed = ask(format!(
                "{{ qualification(number: \"{number}\") {{ {} }} }}",
                all("Qualification")
            ));
            let found = node("Qualification", &format!("qualification_{number}"));
            assert_eq!(found, typed["data"]["qualification"], "{who}: {number}");
            if let Some(id) = found["id"].as_str() {
                assert_eq!(node("Qualification", id), found);
            }
        }
        for number in ["RN5217", "RN5156", "RN9999"] {
            let typed = ask(format!(
                "{{ awardingBody(recognitionNumber: \"{number}\") {{ {} }} }}",
                all("AwardingBody")
            ));
            assert_eq!(
                node("AwardingBody", &format!("awarding-body_{number}")),
                typed["data"]["awardingBody"],
                "{who}"
            );
        }
        let unit = node("Unit", &units[0]);
        assert_eq!(unit["id"], units[0].as_str(), "units are open to everybody");
        let typed = ask(format!(
            "{{ importJob(id: \"{job}\") {{ {} }} }}",
            all("ImportJob")
        ));
        assert_eq!(node("ImportJob", &job), typed["data"]["importJob"], "{who}");
        let typed = ask(format!(
            "{{ receipts {{ edges {{ node {{ {} }} }} }} }}",
            all("Receipt")
        ));
        for id in &receipts {
            let typed = edges(&typed["data"]["receipts"], id).cloned();
            assert_eq!(
                node("Receipt", id),
                typed.unwrap_or_default(),
                "{who}: {id}"
            );
        }
        for nonsense in [
            "",
            "_",
            "learner_",
            "learner_x",
            "achievement_1",
            "receipt_é",
            "import_",
            "qualification_x",
            "unit_",
            "claim_1",
            "nothing",
        ] {
            assert_eq!(node("Learner", nonsense), Value::Null, "{who}: {nonsense}");
        }
        // An identifier of one kind is none of another.
        let crossed = learners[0].replace("learner_", "achievement_");
        assert_eq!(node("Achievement", &crossed), Value::Null, "{who}");
    }
}
