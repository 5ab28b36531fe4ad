//! Chris, head of an extended school with playworkers and teaching assistants, sees for the team that shared with her what
//! is still needed for after-school provision.

use super::support::*;
use crate::framework::readme::is_abridged;
use crate::support::{Hands, Registry};
use serde_json::{Value, json};

const PAT: &str = "4100000447";
const ASH: &str = "4100000455";
const SAM: &str = "4100000463";
const KIT: &str = "4100000471";

fn after_school() -> (Registry, Hands) {
    let hands = Hands::at("2026-06-01");
    let registry = Registry::at(hands.clock(), |_| ())
        .with_register()
        .with_framework();
    registry.push_csv("RN5156", include_bytes!("../fixtures/csv/after-school.csv"));
    (registry, hands)
}

#[test]
fn she_sees_how_each_stands_what_is_missing_and_the_shortest_way() {
    let (registry, _) = after_school();
    let team = team(&registry, Some("out-of-school"));
    let people = [
        (PAT, "playworker-l3"),
        (ASH, "playworker-l3"),
        (SAM, "ta-l3"),
        (KIT, "learning-mentor"),
    ];
    let ids = people.map(|(uln, role)| {
        let (token, _) = shared(&registry, uln, None);
        added(&registry, &team, &token, role)
    });
    let told = seen(&registry, &team);
    let each: Vec<(Value, Value, Value)> = members(&told)
        .into_iter()
        .map(|one| {
            (
                one["givenName"].clone(),
                one["role"]["code"].clone(),
                one["standing"]["meets"].clone(),
            )
        })
        .collect();
    let expected = [
        ("Pat", "playworker-l3", "YES"),
        ("Ash", "playworker-l3", "NO"),
        ("Sam", "ta-l3", "YES"),
        ("Kit", "learning-mentor", "NO"),
    ];
    let expected = expected.map(|(name, role, meets)| (json!(name), json!(role), json!(meets)));
    assert_eq!(each, expected);
    // What Ash and Kit lack, each requirement once.
    let gaps = told["gaps"].as_array().unwrap();
    let missing = |rule: &str| {
        let gap = gaps.iter().find(|gap| gap["requirement"]["rule"] == rule);
        gap.unwrap_or_else(|| panic!("{gaps:?}"))["missingFor"].clone()
    };
    assert_eq!(missing("playworker-l3-1"), json!([{"id": ids[1]}]));
    assert_eq!(missing("learning-mentor-1"), json!([{"id": ids[3]}]));
    // Kit's units count towards the diploma.
    let plan = told["plan"].as_array().unwrap();
    let kit = plan.iter().find(|plan| plan["member"]["id"] == ids[3]);
    let kit = kit.unwrap_or_else(|| panic!("{plan:?}"));
    assert_eq!(kit["credit"], 58);
    assert!(kit["units"].as_array().unwrap().len() > 5);
    assert!(
        plan.iter()
            .all(|plan| plan["member"]["id"] != ids[0] && plan["member"]["id"] != ids[2]),
        "who meets what is asked needs no plan: {plan:?}"
    );
}

/// The README's query of Chris's team, as it stands there, answers what stands below it.
#[test]
fn the_readme_shows_what_she_asks_and_is_answered() {
    let (registry, _) = after_school();
    let team = team(&registry, Some("out-of-school"));
    for (uln, role) in [
        (PAT, "playworker-l3"),
        (ASH, "playworker-l3"),
        (SAM, "playworker-l3"),
        (KIT, "learning-mentor"),
    ] {
        let (token, _) = shared(&registry, uln, None);
        added(&registry, &team, &token, role);
    }
    let readme = include_str!("../../README.md");
    let (_, section) = readme.split_once("\n*Chris*").unwrap();
    let (_, block) = section.split_once("```text\n").unwrap();
    let (block, rest) = block.split_once("```").unwrap();
    let (query, shown) = block.split_once("\n{\"data\"").unwrap();
    let query = query.replace("team_…", &team);
    let answer = registry.text(&registry.employer(), &query, Value::Null);
    let shown: String = shown.lines().map(str::trim_start).collect();
    let shown = format!("{{\"data\"{shown}");
    assert!(
        is_abridged(&shown, &answer),
        "shown:    {shown}\nanswered: {answer}"
    );
    // And what Sam asks herself, in the words below.
    let (_, own) = rest.split_once('`').unwrap();
    let (own, words) = own.split_once('`').unwrap();
    let way = registry.data(&registry.practitioner(SAM), own, Value::Null);
    let way = &way["me"]["pathway"];
    let number = way["steps"][0]["qualification"]["number"].as_str().unwrap();
    let told = format!(" is {number}, of {} credits.", way["credit"]);
    assert!(words.starts_with(&told), "{words} {told}");
}

#[test]
fn what_she_sees_ends_with_the_share() {
    let (registry, hands) = after_school();
    let team = team(&registry, None);
    let (token, share) = shared(&registry, PAT, None);
    added(&registry, &team, &token, "playworker-l3");
    let (token, _) = shared(
        &registry,
        SAM,
        Some(&["givenName", "level", "credit", "awardedOn"]),
    );
    added(&registry, &team, &token, "ta-l3");
    let (token, _) = shared(&registry, KIT, Some(&["familyName"]));
    added(&registry, &team, &token, "ta-l3");
    let told = members(&seen(&registry, &team));
    let names: Vec<(&Value, &Value)> = told
        .iter()
        .map(|one| (&one["givenName"], &one["familyName"]))
        .collect();
    let (pat, sam, invented) = (json!("Pat"), json!("Sam"), json!("Invented"));
    assert_eq!(
        names,
        [
            (&pat, &invented),
            (&sam, &Value::Null),
            (&Value::Null, &invented)
        ]
    );
    let meets: Vec<&Value> = told.iter().map(|one| &one["standing"]["meets"]).collect();
    assert_eq!(
        meets,
        ["YES", "YES", "UNDETERMINED"],
        "what is not shared is not held against Kit"
    );
    let revoke = "mutation($id: ID!) { revokeShare(id: $id) { revokedAt } }";
    registry.data(&registry.practitioner(PAT), revoke, json!({"id": share}));
    let after = seen(&registry, &team);
    let told = members(&after);
    let pat = &told[0];
    assert_eq!(
        (&pat["sharing"], &pat["givenName"], &pat["familyName"]),
        (&json!(false), &Value::Null, &Value::Null)
    );
    assert_eq!(
        pat["standing"],
        json!({"meets": "UNDETERMINED", "met": [], "missing": []})
    );
    assert_eq!(
        pat["role"]["code"], "playworker-l3",
        "what the employer said stays"
    );
    assert_eq!(told[1]["sharing"], true);
    hands.put(chrono::TimeDelta::days(30));
    let told = members(&seen(&registry, &team));
    assert!(told.iter().all(|one| one["sharing"] == false));
    // A newer share, and the same place in the team is known by that.
    let (token, _) = shared(&registry, PAT, None);
    added(&registry, &team, &token, "playworker-l3");
    let told = members(&seen(&registry, &team));
    assert_eq!((told.len(), &told[0]["sharing"]), (3, &json!(true)));
}

#[test]
fn she_sees_whether_a_room_is_in_ratio_by_what_is_shared() {
    let (registry, _) = after_school();
    let team = team(&registry, Some("childminder"));
    let ask = |children: u32| {
        let query = "query($id: ID!, $n: Int!) { team(id: $id) { inRatio(children: [{fromMonths: 48, toMonths: 60, children: $n}], on: \"2026-06-01\") { outcome explanation { text rule } } } }";
        let data = registry.data(
            &registry.employer(),
            query,
            json!({"id": team, "n": children}),
        );
        data["team"]["inRatio"].clone()
    };
    let nobody = ask(6);
    assert_eq!(nobody["outcome"], "NO", "{nobody}");
    assert!(!nobody["explanation"].as_array().unwrap().is_empty());
    let (token, share) = shared(&registry, PAT, None);
    added(&registry, &team, &token, "childminder");
    // One adult for six children; first aid is not among what she shares.
    let told = ask(6);
    assert_eq!(told["outcome"], "NO", "{told}");
    let text = told["explanation"].to_string();
    assert!(text.contains("paediatric first aid"), "{text}");
    // Whether somebody who shares nothing any more has it is not known.
    let revoke = "mutation($id: ID!) { revokeShare(id: $id) { revokedAt } }";
    registry.data(&registry.practitioner(PAT), revoke, json!({"id": share}));
    assert_eq!(ask(6)["outcome"], "UNDETERMINED");
    assert_eq!(ask(7)["outcome"], "NO", "one adult for seven children");
    let wrong = "query($id: ID!) { team(id: $id) { inRatio(children: [{fromMonths: 60, toMonths: 48, children: 1}], on: \"2026-06-01\") { outcome } } }";
    let answer = registry.ask(&registry.employer(), wrong, json!({"id": team}));
    assert_eq!(
        crate::support::codes(&answer),
        ["input-invalid"],
        "{answer}"
    );
}

#[test]
fn what_is_not_shared_is_neither_missing_nor_found_by_asking_for_another_day() {
    let (registry, _) = after_school();
    let team = team(&registry, Some("childminder"));
    let (token, _) = shared(&registry, KIT, Some(&["familyName"]));
    added(&registry, &team, &token, "learning-mentor");
    let told = seen(&registry, &team);
    let standing = members(&told)[0]["standing"].clone();
    assert_eq!(standing["meets"], "UNDETERMINED");
    let told = format!("{standing} {}", told["gaps"]);
    assert!(told.contains("The record does not say"), "{told}");
    assert!(!told.contains("Not met"), "{told}");
    // A status with a last day: day by day the room would tell it.
    let status = "result_id,uln,given_name,family_name,date_of_birth,professional_status,title,awarded_on,valid_until,status\nAS-9,4100000463,Sam,Invented,1990-06-17,QTS,Qualified teacher status,2012-07-06,2026-08-31,final\n";
    registry.push_csv("RN5156", status.as_bytes());
    let school = super::support::team(
        &registry,
        Some("maintained nursery school or class (not reception)"),
    );
    let on = |day: &str| {
        let query = "query($id: ID!, $on: Date!) { team(id: $id) { inRatio(children: [{fromMonths: 48, toMonths: 60, children: 5}], on: $on) { outcome explanation { text } } } }";
        let variables = json!({"id": school, "on": day});
        registry.data(&registry.employer(), query, variables)["team"]["inRatio"].clone()
    };
    let (token, _) = shared(&registry, SAM, Some(&["level"]));
    added(&registry, &school, &token, "teacher");
    assert_eq!(on("2026-08-30"), on("2026-09-02"));
    assert_ne!(on("2026-06-01"), on("2026-08-30"), "today it is told");
    let (token, _) = shared(&registry, SAM, Some(&["level", "awardedOn"]));
    added(&registry, &school, &token, "teacher");
    assert_ne!(on("2026-08-30"), on("2026-09-02"));
}
