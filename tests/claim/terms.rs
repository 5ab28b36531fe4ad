//! A body's terms, by date: caps, age of evidence, who may assess, what is excluded; and what time does to a claim.

use super::support::{
    ALL, Cast, POLICY, appeal, assign, assure, caller, decided, handed_in, id, in_assurance, judge,
    look, open, registry, table, texts,
};
use crate::support::{Hands, Registry};
use chrono::TimeDelta;
use registry::access::Role;
use registry::action::claim::{Swept, sweep};
use serde_json::{Value, json};

fn policy(row: &str) -> String {
    format!("{POLICY}{row}\n")
}

#[test]
fn no_credit_comes_above_a_cap() {
    let registry = registry(Registry::new());
    table(
        &registry,
        &policy("RN5217,rpl,2020-01-01,,yes,4,,,any,full,,,,,,,V,an invented policy"),
    );
    let cast = Cast::of(&registry);
    let claim = decided(&registry, &cast, ["YES"; 3]);
    assert_eq!(claim["state"], "PARTLY_AWARDED");
    let own = look(&registry, &cast.jan, &id(&claim));
    assert_eq!(own["award"].as_array().unwrap().len(), 1);
    let said = texts(&own["feedback"], "text").join(" ");
    assert!(said.contains("No more than 4 credits"), "{said}");
    // What came before counts: a second claim gains nothing.
    let again = decided(&registry, &cast, ["YES"; 3]);
    assert_eq!(again["state"], "DECLINED");
    let gained = registry
        .lines("SELECT CAST(sum(credit) AS TEXT) AS line FROM achievement WHERE route = 'rpl'");
    assert_eq!(gained, ["4"]);
    // Nor does an appeal against a cap.
    let claim = id(&again);
    appeal(&registry, &cast.jan, &claim).unwrap();
    let claim = assign(&registry, &cast.officer, &claim, Some("rob"), Some("ruth")).unwrap();
    let claim = judge(&registry, &cast.rob, &claim, &ALL.map(|one| (one, "YES"))).unwrap();
    let closed = assure(&registry, &cast.ruth, &claim, "AGREE", None).unwrap();
    assert_eq!(
        (&closed["state"], &closed["award"]),
        (&json!("CLOSED"), &json!([]))
    );
}

#[test]
fn where_a_route_earns_no_credit_nothing_is_added_though_the_framework_knows_the_units() {
    let registry = registry(Registry::new());
    table(
        &registry,
        &policy("RN5217,rpl,2020-01-01,,no,,,,any,full,,,,,,,V,an invented policy"),
    );
    let cast = Cast::of(&registry);
    let total = || registry.data(&cast.jan, "{ me { creditTotal } }", Value::Null)["me"].clone();
    let before = total();
    let claim = decided(&registry, &cast, ["YES"; 3]);
    assert_eq!(claim["state"], "AWARDED");
    let own = look(&registry, &cast.jan, &id(&claim));
    let credit = own["award"].as_array().unwrap().iter();
    let credit: Vec<&Value> = credit.map(|one| &one["credit"]).collect();
    assert_eq!(credit, [&json!(0), &json!(0)]);
    assert_eq!(total(), before);
}

#[test]
fn of_a_qualification_no_more_counts_by_the_route_than_may() {
    let registry = registry(Registry::new());
    let cast = Cast::of(&registry);
    decided(&registry, &cast, ["YES"; 3]);
    let progress = "{ me { progress(qualification: \"500/9170/0\") { creditsTowards explanation { text } } } }";
    let asked = || registry.data(&cast.jan, progress, Value::Null)["me"]["progress"].clone();
    assert_eq!(asked()["creditsTowards"], 7);
    // A tenth of 65 credits: six. The smaller unit after the larger one fits no more.
    table(
        &registry,
        &policy("RN5217,rpl,2020-01-01,,yes,,10,,any,full,,,,,,,V,an invented policy"),
    );
    let capped = asked();
    assert_eq!(capped["creditsTowards"], 4, "{capped}");
    let said = texts(&capped["explanation"], "text").join(" ");
    assert!(
        said.contains("no more than 6 credits of this qualification"),
        "{said}"
    );
}

#[test]
fn the_terms_are_those_of_the_day_and_say_who_what_and_how_old() {
    let hands = Hands::at("2026-06-01");
    let registry = registry(Registry::at(hands.clock(), |_| ()));
    let rows = "RN5217,rpl,2026-01-01,,yes,,,24,own,50,A/601/1429,10,5,20,3,12,V,an invented policy\n\
                RN5217,rpl,2025-01-01,2025-12-31,yes,1,,,any,full,,,,,,,V,an older one";
    table(&registry, &policy(rows));
    let cast = Cast::of(&registry);
    let excluded = open(&registry, &cast.jan, "RPL", &["L/601/1693", "A/601/1429"]);
    assert_eq!(excluded, Err("unit-excluded".to_owned()));
    let claim = id(&open(&registry, &cast.jan, "RPL", &["L/601/1693"]).unwrap());
    let mut old = super::support::employment(&["1", "2"]);
    old["details"]["to"] = "2024-05-31".into();
    super::support::add(&registry, &cast.jan, &claim, old).unwrap();
    let claim = super::support::submit(&registry, &cast.jan, &claim).unwrap();
    assert_eq!(claim["deadline"], "2026-06-11");
    let sampled = claim["outcomes"].as_array().unwrap().iter();
    assert_eq!(
        sampled.filter(|one| one["sampled"] == true).count(),
        1,
        "half of two"
    );
    let claim = assign(
        &registry,
        &cast.officer,
        &id(&claim),
        Some("ann"),
        Some("quentin"),
    )
    .unwrap();
    // Only those may judge whose token names the body.
    let met = [("1", "YES"), ("2", "YES")];
    assert_eq!(
        judge(&registry, &cast.ann, &claim, &met),
        Err("assessor-not-allowed".to_owned())
    );
    let own = caller(&registry, Role::Assessor, "ann", None, Some("RN5217"));
    assert_eq!(
        judge(&registry, &own, &claim, &met),
        Err("evidence-too-old".to_owned())
    );
    let not_yet = [("1", "NO"), ("2", "NO")];
    let judged = judge(&registry, &own, &claim, &not_yet).unwrap();
    assert_eq!(
        (&judged["state"], &judged["deadline"]),
        (&json!("IN_ASSURANCE"), &json!("2026-06-06"))
    );
}

#[test]
fn those_concerned_are_reminded_once_and_a_decision_closes_when_nobody_can_appeal_any_more() {
    let hands = Hands::at("2026-06-01");
    let registry = registry(Registry::at(hands.clock(), |_| ()));
    let cast = Cast::of(&registry);
    let waiting = id(&handed_in(&registry, &cast.jan));
    let declined = id(&decided(&registry, &cast, ["NO"; 3]));
    let swept =
        |reminded, closed| assert_eq!(sweep(&registry.app).unwrap(), Swept { reminded, closed });
    swept(0, 0);
    hands.put(TimeDelta::days(28));
    swept(0, 0);
    hands.put(TimeDelta::days(1));
    // The tokens of before have ended.
    let cast = Cast::of(&registry);
    assert_eq!(
        appeal(&registry, &cast.jan, &declined),
        Err("appeal-too-late".to_owned())
    );
    swept(0, 1);
    swept(0, 0);
    assert_eq!(look(&registry, &cast.jan, &declined)["state"], "CLOSED");
    hands.put(TimeDelta::days(8));
    swept(1, 0);
    swept(0, 0);
    hands.put(TimeDelta::days(6));
    swept(1, 0);
    swept(0, 0);
    let cast = Cast::of(&registry);
    let claim = look(&registry, &cast.jan, &waiting);
    let actions = texts(&claim["history"], "action");
    assert_eq!(&actions[3..], ["dueSoon", "overdue"]);
    assert_eq!(claim["state"], "SUBMITTED");
}

#[test]
fn an_assurer_returns_and_overturns_and_says_why() {
    let registry = registry(Registry::new());
    let cast = Cast::of(&registry);
    let claim = in_assurance(&registry, &cast, ["YES"; 3]);
    for decision in ["RETURN", "OVERTURN"] {
        let refused = assure(&registry, &cast.quentin, &claim, decision, None);
        assert_eq!(refused, Err("input-invalid".to_owned()), "{decision}");
    }
    let returned = assure(
        &registry,
        &cast.quentin,
        &claim,
        "RETURN",
        Some("Look at the second again"),
    )
    .unwrap();
    assert_eq!(returned["state"], "IN_ASSESSMENT");
    let swapped = assign(
        &registry,
        &cast.officer,
        &id(&claim),
        Some("quentin"),
        Some("ann"),
    );
    assert_eq!(swapped, Err("same-person".to_owned()));
    let seen = look(&registry, &cast.ann, &id(&claim));
    let again = judge(&registry, &cast.ann, &seen, &[(ALL[1], "YES")]).unwrap();
    let over = assure(
        &registry,
        &cast.quentin,
        &again,
        "OVERTURN",
        Some("Nobody saw it"),
    )
    .unwrap();
    assert_eq!(
        (&over["state"], &over["award"]),
        (&json!("DECLINED"), &json!([]))
    );
    let own = look(&registry, &cast.jan, &id(&claim));
    assert_eq!(texts(&own["feedback"], "rule"), ALL);
    assert!(texts(&own["feedback"], "text")[0].contains("Nobody saw it"));
    let nothing = in_assurance(&registry, &cast, ["NO"; 3]);
    let refused = assure(&registry, &cast.quentin, &nothing, "OVERTURN", Some("x"));
    assert_eq!(refused, Err("nothing-to-overturn".to_owned()));
}
