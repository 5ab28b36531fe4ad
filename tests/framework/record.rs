//! What of a record counts, who may ask, what it costs, and how often the database is asked.

use crate::support::{Hands, Registry, Row, codes, csv, uln};
use registry::access::{Caller, Role};
use registry::action::framework::{Answered, Records, Whom, about};
use registry::action::import::Origin;
use registry::action::view::View;
use registry::db::Id;
use schema::QualificationNumber;
use serde_json::{Value, json};

const DIPLOMA: &str = "500/9170/0";

fn at(day: &str) -> Registry {
    Registry::at(Hands::at(day).clock(), |_| ())
        .with_register()
        .with_framework()
}

/// A unit of the diploma, pushed by the body that owns it.
fn unit(learner: u32, result: &str, reference: &str) -> Row {
    Row::award(learner, result)
        .with("unit_reference", reference)
        .with("title", "A unit of the diploma")
}

/// An entry in a register.
fn registered(learner: u32, result: &str, register: &str) -> Row {
    Row::award(learner, result)
        .without("qualification_number")
        .without("grade")
        .with("title", "An entry")
        .with("register", register)
        .with("registration_number", result)
        .with("registration_state", "current")
}

const ALL: &str = "progress(qualification: \"500/9170/0\") { complete creditsTowards creditsRemaining qualification { title }
        groups { satisfiedBy { id } } explanation { achievements } }
    nearest(first: 3) { qualification { number title } creditsRemaining }
    standing(role: \"childminder\") { meets role { title } met { achievements } missing { rule } }
    pathway(to: \"ey-practitioner\") { from { code } steps { qualification { title } } reachable }
    countsInRatio(on: \"2026-06-01\") { outcome countsAt explanation { achievements } }
    commonCoreCoverage { area { code } covered by { id } }";

fn ask(registry: &Registry, caller: &Caller, learner: u32, fields: &str) -> Value {
    let number = uln(learner);
    let query = format!("{{ learner(uln: \"{number}\") {{ {fields} }} }}");
    registry.ask(caller, &query, Value::Null)
}

fn me(registry: &Registry, learner: u32, fields: &str) -> Value {
    let query = format!("{{ me {{ {fields} }} }}");
    registry.data(&registry.practitioner(&uln(learner)), &query, Value::Null)["me"].clone()
}

#[test]
fn what_is_taken_away_is_cited_no_more_and_the_answer_changes() {
    let registry = at("2026-06-01");
    let statuses = |action: &str| {
        let status = Row::award(1, "R3")
            .without("qualification_number")
            .without("grade")
            .with("title", "Early Years Teacher Status")
            .with("professional_status", "EYTS");
        let rows = [
            unit(1, "R1", "L/601/1693"),
            registered(1, "R2", "Ofsted"),
            status,
        ];
        csv(&rows.map(|row| {
            row.with("action", action)
                .with(
                    "action_date",
                    if action == "create" {
                        "2015-07-01"
                    } else {
                        "2025-07-01"
                    },
                )
                .with(
                    "action_reason",
                    if action == "create" { "" } else { "An error" },
                )
        }))
    };
    registry.push_csv("RN5217", &statuses("create"));
    let before = me(&registry, 1, ALL);
    let cited = |told: &Value| -> Vec<usize> {
        let count = |path: &str| told.pointer(path).unwrap().as_array().unwrap().len();
        let groups = told["progress"]["groups"].as_array().unwrap().iter();
        let explained = told["countsInRatio"]["explanation"]
            .as_array()
            .unwrap()
            .iter();
        let covered = told["commonCoreCoverage"].as_array().unwrap().iter();
        vec![
            groups
                .map(|group| group["satisfiedBy"].as_array().unwrap().len())
                .sum(),
            count("/standing/met"),
            explained
                .map(|one| one["achievements"].as_array().unwrap().len())
                .sum(),
            covered.filter(|area| area["covered"] == true).count(),
        ]
    };
    assert!(cited(&before).iter().all(|cited| *cited > 0), "{before}");
    assert_eq!(before["progress"]["creditsTowards"], 4);
    assert_eq!(before["standing"]["meets"], "UNDETERMINED");
    assert_eq!(before["pathway"]["from"]["code"], "ey-practitioner");
    assert_eq!(before["countsInRatio"]["outcome"], "YES");

    registry.push_csv("RN5217", &statuses("withdraw"));
    let after = me(&registry, 1, ALL);
    assert_eq!(cited(&after), [0; 4], "{after}");
    assert_eq!(after["progress"]["creditsTowards"], 0);
    assert_eq!(after["standing"]["meets"], "NO");
    assert_ne!(after["pathway"]["from"]["code"], "ey-practitioner");
    assert_eq!(after["countsInRatio"]["outcome"], "NO");
    assert!(
        after["nearest"][0]["creditsRemaining"].as_i64()
            > before["nearest"][0]["creditsRemaining"].as_i64()
    );

    // On a day before the withdrawal it stood, and before the award it did not.
    let then = |day: &str| {
        let asked = format!(
            "standing(role: \"childminder\", asOf: \"{day}\") {{ meets }}
             progress(qualification: \"500/9170/0\", asOf: \"{day}\") {{ creditsTowards }}"
        );
        let told = me(&registry, 1, &asked);
        (
            told["standing"]["meets"].clone(),
            told["progress"]["creditsTowards"].clone(),
        )
    };
    assert_eq!(then("2020-01-01"), (json!("UNDETERMINED"), json!(4)));
    assert_eq!(then("2015-06-29"), (json!("NO"), json!(0)));
}

#[test]
fn only_what_is_final_and_a_bodys_word_counts() {
    let registry = at("2026-06-01");
    registry.push_csv(
        "RN5217",
        &csv(&[
            unit(1, "R1", "L/601/1693").with("status", "provisional"),
            Row::elsewhere(1, "R2"),
        ]),
    );
    let asked = "progress(qualification: \"500/9170/0\") { creditsTowards }";
    assert_eq!(me(&registry, 1, asked)["progress"]["creditsTowards"], 0);
    // What she brings herself counts no more than that, nor what an operator brings of no trusted recorder.
    let id = me(&registry, 1, "id")["id"]
        .as_str()
        .map(str::to_owned)
        .unwrap();
    let own = Origin::Learner(Id::read("learner", &id).unwrap());
    registry.push("csv", own, &csv(&[unit(1, "O1", "R/601/1694")]));
    registry.push(
        "csv",
        Origin::Operator,
        &csv(&[unit(1, "O2", "Y/601/1695")]),
    );
    let told = me(
        &registry,
        1,
        "progress(qualification: \"500/9170/0\") { creditsTowards } achievements { totalCount }",
    );
    assert_eq!(told["progress"]["creditsTowards"], 0);
    assert!(
        told["achievements"]["totalCount"].as_i64() >= Some(4),
        "{told}"
    );
    registry.push_csv("RN5217", &csv(&[unit(1, "R1", "L/601/1693")]));
    assert_eq!(me(&registry, 1, asked)["progress"]["creditsTowards"], 4);
}

#[test]
fn whoever_may_see_a_record_may_ask_of_as_much_as_they_see() {
    let registry = at("2026-06-01");
    registry.push_csv("RN5217", &csv(&[unit(1, "R1", "L/601/1693")]));
    registry.push_csv("RN5156", &csv(&[registered(1, "S1", "Ofsted")]));
    let asked = "progress(qualification: \"500/9170/0\") { creditsTowards } standing(role: \"childminder\") { meets }";
    let told = |caller: &Caller| {
        let told = ask(&registry, caller, 1, asked)["data"]["learner"].clone();
        (
            told["progress"]["creditsTowards"].clone(),
            told["standing"]["meets"].clone(),
        )
    };
    assert_eq!(
        told(&registry.practitioner(&uln(1))),
        (json!(4), json!("UNDETERMINED"))
    );
    assert_eq!(told(&registry.steward()), (json!(4), json!("UNDETERMINED")));
    assert_eq!(
        told(&registry.body("RN5217")),
        (json!(4), json!("NO")),
        "its own word alone"
    );
    for caller in [
        registry.employer(),
        registry.body("RN5300"),
        registry.practitioner(&uln(2)),
        registry.caller(Role::Statistician, None, None),
        Caller::nobody(),
    ] {
        let answer = ask(&registry, &caller, 1, asked);
        assert_eq!(answer["data"]["learner"], Value::Null, "{answer}");
    }
    // Each look of somebody else stands in the ledger, before its answer, and her own does not.
    let ledger = me(
        &registry,
        1,
        "accessLedger { edges { node { role what } } }",
    );
    let rows: Vec<Value> = ledger["accessLedger"]["edges"]
        .as_array()
        .unwrap()
        .iter()
        .map(|edge| edge["node"].clone())
        .collect();
    assert_eq!(
        rows,
        [
            json!({"role": "awarding_body", "what": "record"}),
            json!({"role": "steward", "what": "record"})
        ]
    );
}

#[test]
fn what_cannot_be_answered_says_what_to_do() {
    let registry = at("2026-06-01");
    registry.push_csv("RN5217", &csv(&[unit(1, "R1", "L/601/1693")]));
    for (asked, code, words) in [
        (
            "progress(qualification: \"5009170\") { complete }",
            "input-invalid",
            "601/7898/X",
        ),
        (
            "progress(qualification: \"601/7898/X\") { complete }",
            "rules-unknown",
            "structure",
        ),
        (
            "standing(role: \"astronaut\") { meets }",
            "role-unknown",
            "roles",
        ),
        (
            "pathway(to: \"astronaut\") { reachable }",
            "role-unknown",
            "roles",
        ),
        (
            "nearest(sector: \"space\") { complete }",
            "sector-unknown",
            "sectors",
        ),
        ("nearest(first: 21) { complete }", "input-invalid", "20"),
        ("nearest(first: -1) { complete }", "input-invalid", "20"),
        (
            "countsInRatio(on: \"2026-06-01\", facts: {answers: {likesChildren: true}}) { outcome }",
            "input-invalid",
            "studyingLevel3",
        ),
        (
            "countsInRatio(on: \"2026-06-01\", facts: {answers: {mathsLevel2: \"yes\"}}) { outcome }",
            "input-invalid",
            "true or false",
        ),
        (
            "countsInRatio(on: \"2026-06-01\", facts: {answers: [true]}) { outcome }",
            "input-invalid",
            "true or false",
        ),
    ] {
        let answer = ask(&registry, &registry.steward(), 1, asked);
        assert_eq!(codes(&answer), [code], "{asked}: {answer}");
        let message = answer["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains(words), "{asked}: {message}");
    }
    let answer = ask(
        &registry,
        &registry.steward(),
        1,
        "standing(role: \"midwife\", asOf: \"2026-02-30\") { meets }",
    );
    let message = answer["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains("YYYY-MM-DD"), "{answer}");
    // Without tables there is nothing to hold a record against, and that is said too.
    let bare = Registry::new();
    bare.push_csv("RN5217", &csv(&[unit(1, "R1", "L/601/1693")]));
    let answer = ask(
        &bare,
        &bare.steward(),
        1,
        "progress(qualification: \"500/9170/0\") { complete }",
    );
    assert_eq!(codes(&answer), ["rules-unknown"]);
    let told = me(
        &bare,
        1,
        "nearest { complete } commonCoreCoverage { covered } countsInRatio(on: \"2026-06-01\") { outcome }",
    );
    assert_eq!(
        told,
        json!({"nearest": [], "commonCoreCoverage": [], "countsInRatio": {"outcome": "NO"}})
    );
}

#[test]
fn the_record_is_read_once_however_much_is_asked_of_it() {
    let registry = at("2026-06-01");
    let units = [
        "L/601/1693",
        "R/601/1694",
        "Y/601/1695",
        "D/601/1696",
        "H/601/1697",
        "K/601/1698",
    ];
    registry.push_csv("RN5217", &csv(&[unit(1, "R1", "L/601/1693")]));
    let many: Vec<Row> = (2..)
        .zip(units)
        .map(|(number, reference)| unit(2, &format!("M{number}"), reference))
        .collect();
    registry.push_csv("RN5217", &csv(&many));
    // Whoever asks first makes the rules ready.
    me(&registry, 1, ALL);
    let (told, few) = registry.watched(|| me(&registry, 1, ALL));
    assert_eq!(told["progress"]["creditsTowards"], 4);
    let (told, more) = registry.watched(|| me(&registry, 2, ALL));
    assert_eq!(
        told["progress"]["groups"].as_array().map(Vec::is_empty),
        Some(false)
    );
    // Qualifications and their bodies are looked up together with whoever asks at about the same time: on a busy machine
    // that may be twice.
    let beside = |statements: &[String]| {
        let catalogue = [
            "FROM `qualification`",
            "FROM \"qualification\"",
            "FROM `awarding_body`",
            "FROM \"awarding_body\"",
        ];
        let looked_up = |one: &&String| catalogue.iter().any(|from| one.contains(from));
        let looked_up = statements.iter().filter(looked_up).count();
        assert!(looked_up <= 4, "{statements:#?}");
        statements.len() - looked_up
    };
    assert_eq!(beside(&few), beside(&more), "{few:#?}\n{more:#?}");
    let reads = |statements: &[String]| {
        statements
            .iter()
            .filter(|one| one.contains("achievement"))
            .count()
    };
    assert_eq!((reads(&few), reads(&more)), (1, 1), "{few:#?}");
    // The person, the version of the tables, the record.
    assert_eq!(beside(&few), 4, "{few:#?}");
    // An earlier day is another record; it is read once too.
    let earlier = "a: standing(role: \"teacher\", asOf: \"2020-01-01\") { meets } b: standing(role: \"eyt\", asOf: \"2020-01-01\") { meets }
        c: progress(qualification: \"500/9170/0\", asOf: \"2020-01-01\") { creditsTowards }";
    let (_, then) = registry.watched(|| me(&registry, 2, earlier));
    assert_eq!(
        then.iter().filter(|one| one.contains("source")).count(),
        1,
        "{then:#?}"
    );
}

/// A page of people is read together: as many statements for fifty as for five.
#[test]
fn a_page_of_fifty_is_read_in_as_many_statements_as_one_of_five() {
    let registry = at("2026-06-01");
    let rows: Vec<Row> = (1..=50)
        .flat_map(|learner| {
            let first = unit(learner, &format!("A{learner}"), "L/601/1693");
            let second = unit(learner, &format!("B{learner}"), "Y/601/1695");
            if learner % 2 == 0 {
                vec![first, second]
            } else {
                vec![first]
            }
        })
        .collect();
    registry.push_csv("RN5217", &csv(&rows));
    let people: Vec<Id> = (1..=50)
        .map(|learner| registry.learner_or_made(&uln(learner)))
        .collect();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let framework = runtime.block_on(registry.app.framework()).unwrap();
    let number = QualificationNumber::parse(DIPLOMA).unwrap();
    let ask = |people: &[Id], as_of: Option<&str>| {
        let records = Records::of(people.to_vec());
        let as_of = as_of.map(|day| schema::parse_date(day).unwrap());
        let all = people.iter().map(|learner| {
            let whom = Whom {
                learner: *learner,
                born: None,
                view: View::Steward,
                records: records.clone(),
                framework: framework.clone(),
            };
            let app = registry.app.clone();
            async move { about::progress(&app, &whom, number, as_of).await }
        });
        let answered = registry.watched(|| runtime.block_on(futures_util::future::join_all(all)));
        let (answers, statements) = answered;
        let credits: Vec<u32> = answers
            .into_iter()
            .map(|answer| {
                let Answered { answer, .. } = answer.unwrap();
                answer.credits_towards
            })
            .collect();
        (credits, statements.len())
    };
    let (few, of_five) = ask(&people[..5], None);
    assert_eq!(few, [4, 7, 4, 7, 4]);
    let (many, of_fifty) = ask(&people, None);
    assert_eq!(many.iter().sum::<u32>(), 25 * 4 + 25 * 7);
    assert_eq!((of_five, of_fifty), (1, 1));
    let (then, of_five) = ask(&people[..5], Some("2016-01-01"));
    assert_eq!(then, [4, 7, 4, 7, 4]);
    let (_, of_fifty) = ask(&people, Some("2016-01-01"));
    assert_eq!(of_five, of_fifty);
    assert!(of_fifty <= 4, "{of_fifty}");
}

#[test]
fn holding_rules_against_a_record_costs_more_than_reading_it() {
    let served = at("2026-06-01").served();
    served
        .registry
        .push_csv("RN5217", &csv(&[unit(1, "R1", "L/601/1693")]));
    let cost = |fields: &str| {
        let query = format!("{{ me {{ {fields} }} }}");
        let body = json!({"query": query, "extensions": {"cost": true}}).to_string();
        let token = served
            .registry
            .token(Role::Practitioner, Some(&uln(1)), None);
        let bearer = format!("Bearer {token}");
        let headers = [
            ("Content-Type", "application/json"),
            ("Authorization", bearer.as_str()),
        ];
        let answer = served
            .request("POST", "/graphql", &headers, body.as_bytes())
            .json();
        answer["extensions"]["cost"]["asked"]
            .as_i64()
            .unwrap_or_else(|| panic!("{answer}"))
    };
    let plain = cost("id");
    for field in [
        "progress(qualification: \"500/9170/0\") { complete }",
        "standing(role: \"teacher\") { meets }",
        "pathway(to: \"teacher\") { reachable }",
        "countsInRatio(on: \"2026-06-01\") { outcome }",
        "commonCoreCoverage { covered }",
    ] {
        assert!(cost(field) >= plain + 20, "{field}");
    }
    let near = |first: &str| cost(&format!("nearest{first} {{ complete }}"));
    assert_eq!(near(""), near("(first: 3)"));
    assert_eq!(near("(first: 10)") - near("(first: 5)"), 5 * 21);
}
