//! What a statistician is told.

use super::support::*;
use crate::support::{Row, codes, csv, uln};
use registry::access::{Caller, Role};
use registry::action::employment::Kind;
use serde_json::{Value, json};

const HERE: &str = "E06000001";
const THERE: &str = "E06000002";

#[test]
fn needs_stand_beside_people_and_provision_by_role_and_area() {
    let registry = empty();
    people(&registry, 1..61);
    let mut all = posts(1..44, "playworker", HERE);
    all.extend(posts(44..47, "hlta", HERE));
    all.extend(posts(47..59, "playworker", THERE));
    hold(&registry, &all);
    let needed = "role,area,from,posts,stated_by\nplayworker,E06000001,2026-01-01,50,the council\nplayworker,E06000001,2026-01-01,2,a club\nhlta,E06000003,2026-01-01,4,the council\n";
    registry.employment(Kind::Needed, needed).unwrap();
    let places = "role,area,from,places,stated_by\nplayworker,E06000001,2026-01-01,20,a college\n";
    registry.employment(Kind::Provision, places).unwrap();
    registry.publish(DAY).unwrap();
    let told = table(&registry, &["ROLE", "AREA"]);
    assert_eq!(
        told,
        json!({"snapshot": DAY, "suppressed": 3, "rounding": 5, "rows": [
            {"keys": ["hlta", HERE], "people": null, "needed": null, "provision": null},
            {"keys": ["hlta", THERE], "people": null, "needed": null, "provision": null},
            {"keys": ["hlta", "E06000003"], "people": null, "needed": 4, "provision": null},
            {"keys": ["playworker", HERE], "people": 45, "needed": 52, "provision": 20},
            {"keys": ["playworker", THERE], "people": 10, "needed": null, "provision": null},
        ]})
    );
    // Keys come in the order asked for, and rows by them.
    let turned = counts(&registry, &["AREA", "ROLE"]);
    assert_eq!(turned[1], (format!("{HERE} playworker"), Some(45)));
    assert_eq!(
        counts(&registry, &["SECTOR", "ROLE"]),
        are(&[
            ("early-years playworker", Some(55)),
            ("education hlta", None),
        ])
    );
    let whole = table(&registry, &[]);
    assert_eq!(
        whole["rows"],
        json!([{"keys": [], "people": 60, "needed": 56, "provision": 20}])
    );
    // Nobody states needs by level.
    let by_level = table(&registry, &["LEVEL"]);
    assert_eq!(
        by_level["rows"],
        json!([{"keys": ["L3"], "people": 60, "needed": null, "provision": null}])
    );
}

#[test]
fn everybody_is_counted_once_at_the_post_that_began_last() {
    let registry = empty();
    people(&registry, 1..41);
    let mut all = posts(1..21, "playworker", HERE);
    all.extend(posts(21..41, "hlta", THERE));
    let dated = |person, role, from, to| Post {
        from,
        to,
        ..post(person, role, HERE)
    };
    // Ten went on to another role; the post of before goes on too. Ten more have left, or have not begun.
    all.extend((1..11).map(|person| dated(person, "ta-l3", "2026-01-01", "")));
    all.extend((21..31).map(|person| dated(person, "ta-l3", "2025-10-01", "2026-05-31")));
    all.extend((31..41).map(|person| dated(person, "ta-l3", "2026-06-02", "")));
    hold(&registry, &all);
    registry.publish(DAY).unwrap();
    assert_eq!(
        counts(&registry, &["ROLE"]),
        are(&[
            ("hlta", Some(20)),
            ("playworker", Some(10)),
            ("ta-l3", Some(10))
        ])
    );
    assert_eq!(counts(&registry, &[]), are(&[("", Some(40))]));
    // The last day of a post is one, and so is the first.
    registry.publish("2026-05-31").unwrap();
    registry.publish("2026-06-02").unwrap();
    let on =
        |day: &str| answer(&registry, &["ROLE"], Some(day))["data"]["workforce"]["rows"][2].clone();
    assert_eq!(on("2026-05-31")["people"], 20);
    assert_eq!(on("2026-06-02")["people"], 20);
}

#[test]
fn whoever_was_merged_is_one_person() {
    let registry = empty();
    people(&registry, 1..31);
    hold(&registry, &posts(1..31, "playworker", HERE));
    let id = |number: u32| {
        let query = format!("{{ learner(uln: \"{}\") {{ id }} }}", uln(number));
        registry.data(&registry.steward(), &query, Value::Null)["learner"]["id"].clone()
    };
    for number in 1..11 {
        let merge = "mutation($keep: ID!, $merge: ID!) { mergeLearners(keep: $keep, merge: $merge, reason: \"Shown her passport\") { id } }";
        let variables = json!({"keep": id(number), "merge": id(number + 10)});
        registry.data(&registry.steward(), merge, variables);
    }
    registry.publish(DAY).unwrap();
    assert_eq!(counts(&registry, &["LEVEL"]), are(&[("L3", Some(20))]));
}

#[test]
fn levels_and_statuses_are_the_highest_that_count_on_the_day() {
    let registry = empty();
    let mut rows = Vec::new();
    for number in 1..41 {
        rows.push(Row::award(number, &format!("A{number}")));
    }
    let more = |number: u32, level: &str| {
        Row::elsewhere(number, &format!("B{number}")).with("level", level)
    };
    // Ten hold a level 6, ten more provisionally, and ten since a later day.
    rows.extend((1..11).map(|number| more(number, "6")));
    rows.extend((11..21).map(|number| more(number, "6").with("status", "provisional")));
    rows.extend((21..31).map(|number| more(number, "6").with("awarded_on", "2026-06-02")));
    let status = |number: u32, code: &str, until: &str| {
        Row::award(number, &format!("{code}{number}"))
            .without("qualification_number")
            .with("professional_status", code)
            .with("valid_until", until)
    };
    for number in 1..11 {
        rows.push(status(number, "EYPS", "2099-01-01"));
        rows.push(status(number, "QTS", "2099-01-01"));
        rows.push(status(number + 10, "EYTS", "2026-05-31"));
        rows.push(status(number + 20, "EYTS", DAY));
    }
    registry.push_csv("RN5217", &csv(&rows));
    let all: Vec<Post> = (1..51)
        .map(|person| post(person, "teacher", HERE))
        .collect();
    for number in 41..51 {
        registry.learner_or_made(&uln(number));
    }
    hold(&registry, &all);
    registry.publish(DAY).unwrap();
    assert_eq!(
        counts(&registry, &["LEVEL"]),
        are(&[("L3", Some(30)), ("L6", Some(10)), ("NONE", Some(10))])
    );
    assert_eq!(
        counts(&registry, &["STATUS"]),
        are(&[("EYTS", Some(10)), ("NONE", Some(30)), ("QTS", Some(10))])
    );
    assert_eq!(
        counts(&registry, &["STATUS", "LEVEL"])[2..],
        are(&[
            ("EYTS NONE", None),
            ("NONE L3", Some(20)),
            ("NONE L6", None),
            ("NONE NONE", Some(10)),
            ("QTS L3", None),
            ("QTS L6", Some(10)),
            ("QTS NONE", None),
        ])
    );
}

#[test]
fn of_each_source_counts_what_it_said_last() {
    let registry = empty();
    let needed = "role,area,from,to,posts,stated_by\nhlta,E1,2020-01-01,,10,the council\nhlta,E1,2026-01-01,,12,the council\nhlta,E1,2026-06-02,,99,the council\nhlta,E1,2025-01-01,,7,a school\nta-l3,E1,2020-01-01,,8,a school\nta-l3,E1,2026-01-01,2026-05-31,9,a school\n";
    registry.employment(Kind::Needed, needed).unwrap();
    registry.publish(DAY).unwrap();
    let told = table(&registry, &["ROLE"]);
    assert_eq!(
        told["rows"],
        json!([{"keys": ["hlta"], "people": null, "needed": 19, "provision": null}])
    );
}

#[test]
fn what_cannot_be_asked_is_refused_in_words() {
    let registry = empty();
    let none = answer(&registry, &["ROLE"], None);
    assert_eq!(codes(&none), ["snapshot-not-published"]);
    registry.publish("2026-01-01").unwrap();
    registry.publish(DAY).unwrap();
    let latest = table(&registry, &["ROLE"]);
    assert_eq!(
        (&latest["snapshot"], &latest["rows"]),
        (&json!(DAY), &json!([]))
    );
    let other = answer(&registry, &["ROLE"], Some("2026-03-01"));
    assert_eq!(codes(&other), ["snapshot-not-published"]);
    let words = other["errors"][0]["message"].as_str().unwrap();
    assert!(words.contains("2026-06-01, 2026-01-01"), "{words}");
    let four = answer(&registry, &["ROLE", "AREA", "LEVEL", "STATUS"], None);
    assert_eq!(codes(&four), ["too-many"]);
    let twice = answer(&registry, &["ROLE", "ROLE"], None);
    assert_eq!(codes(&twice), ["input-invalid"]);
    let roles = Role::ALL
        .into_iter()
        .filter(|role| *role != Role::Statistician);
    for role in roles {
        let body = (role == Role::AwardingBody).then_some("RN5217");
        let own = uln(1);
        let learner = (role == Role::Practitioner).then_some(own.as_str());
        let caller = registry.caller(role, learner, body);
        let answer = registry.ask(&caller, ASK, json!({"by": ["ROLE"]}));
        assert_eq!(codes(&answer), ["forbidden"], "{role:?}");
    }
    let answer = registry.ask(&Caller::nobody(), ASK, json!({"by": ["ROLE"]}));
    assert_eq!(codes(&answer), ["unauthenticated"]);
}

#[test]
fn a_table_is_three_statements_at_the_most_and_costs_what_many_rows_cost() {
    let registry = empty();
    people(&registry, 1..31);
    hold(&registry, &posts(1..31, "playworker", HERE));
    registry.publish(DAY).unwrap();
    let (_, statements) = registry.watched(|| table(&registry, &["ROLE", "AREA", "LEVEL"]));
    assert!(statements.len() <= 3, "{statements:#?}");
    assert!(
        statements.iter().all(|sql| !sql.contains("post_held")),
        "{statements:#?}"
    );
    let many: String = (0..30)
        .map(|number| format!("t{number}: workforce(by: [ROLE]) {{ rows {{ people }} }} "))
        .collect();
    let answer = registry.ask(
        &statistician(&registry),
        &format!("{{ {many} }}"),
        Value::Null,
    );
    assert_eq!(codes(&answer), ["query-too-complex"], "{answer}");
}
