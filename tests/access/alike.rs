//! Where a right is missing and where there is nothing the answer is the same, by the same statements. And a
//! caller who speaks for two bodies is two callers.

use crate::support::{Registry, Row, csv, uln};
use registry::access::{Caller, Role};
use registry::action::import::Origin;
use registry::db::Id;
use serde_json::Value;

/// The answer without what names the thing asked for, and the statements, values left out.
fn asked(registry: &Registry, caller: &Caller, query: &str) -> (Value, Vec<String>) {
    let (mut answer, statements) = registry.watched(|| registry.ask(caller, query, Value::Null));
    if let Some(errors) = answer["errors"].as_array_mut() {
        for error in errors {
            error["locations"] = Value::Null;
        }
    }
    // The number of each kind of statement says how long it took; its text may hold no value.
    (answer, statements)
}

#[test]
fn what_one_may_not_see_is_as_what_there_is_not() {
    let registry = Registry::new().with_register().with_framework();
    let job = registry
        .push_csv("RN5217", &csv(&[Row::award(1, "R1"), Row::award(2, "R2")]))
        .id;
    registry.push_csv("RN5156", &csv(&[Row::elsewhere(3, "S1")]));
    let ids = "{ me { id achievements { edges { node { id } } } } }";
    let me = &registry.data(&registry.practitioner(&uln(1)), ids, Value::Null)["me"];
    let learner = me["id"].as_str().unwrap().to_owned();
    let award = me["achievements"]["edges"][0]["node"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let receipt = "{ verify(input: {certificateNumber: \"C1\", familyName: \"Nobody\", dateOfBirth: \"1980-01-01\"}) { receipt { id } } }";
    let receipt = registry.data(&registry.employer(), receipt, Value::Null);
    let receipt = receipt["verify"]["receipt"]["id"].as_str().unwrap();
    let shared = crate::share::support::share(&registry, 1, std::slice::from_ref(&award), None);
    let share = shared["id"].as_str().unwrap();
    let jan = registry.practitioner(&uln(1));
    let claim = crate::claim::support::open(&registry, &jan, "CREDIT_TRANSFER", &["L/601/1693"]);
    let claim = crate::claim::support::id(&claim.unwrap());
    let none = |kind: &str| Id::new().show(kind);
    let correct = |id: &str| {
        format!(
            "mutation {{ correctAchievement(id: \"{id}\", input: {{grade: \"Merit\", reason: \"x\"}}) {{ id }} }}"
        )
    };
    let pairs: Vec<(String, String)> = vec![
        (
            format!("{{ learner(id: \"{learner}\") {{ id }} }}"),
            format!("{{ learner(id: \"{}\") {{ id }} }}", none("learner")),
        ),
        (
            format!("{{ learner(uln: \"{}\") {{ id }} }}", uln(1)),
            format!("{{ learner(uln: \"{}\") {{ id }} }}", uln(900)),
        ),
        (
            format!("{{ node(id: \"{learner}\") {{ id }} }}"),
            format!("{{ node(id: \"{}\") {{ id }} }}", none("learner")),
        ),
        (
            format!("{{ node(id: \"{award}\") {{ id }} }}"),
            format!("{{ node(id: \"{}\") {{ id }} }}", none("achievement")),
        ),
        (
            format!("{{ node(id: \"{receipt}\") {{ id }} }}"),
            format!("{{ node(id: \"{}\") {{ id }} }}", none("receipt")),
        ),
        (
            format!("{{ node(id: \"{job}\") {{ id }} }}"),
            format!("{{ node(id: \"{}\") {{ id }} }}", none("import")),
        ),
        (
            format!("{{ importJob(id: \"{job}\") {{ id }} }}"),
            format!("{{ importJob(id: \"{}\") {{ id }} }}", none("import")),
        ),
        (
            format!("mutation {{ withdrawAchievement(id: \"{award}\", reason: \"x\") {{ id }} }}"),
            format!(
                "mutation {{ withdrawAchievement(id: \"{}\", reason: \"x\") {{ id }} }}",
                none("achievement")
            ),
        ),
        (
            format!("mutation {{ reinstateAchievement(id: \"{award}\", reason: \"x\") {{ id }} }}"),
            format!(
                "mutation {{ reinstateAchievement(id: \"{}\", reason: \"x\") {{ id }} }}",
                none("achievement")
            ),
        ),
        (correct(&award), correct(&none("achievement"))),
        (
            format!("{{ node(id: \"{share}\") {{ id }} }}"),
            format!("{{ node(id: \"{}\") {{ id }} }}", none("share")),
        ),
        (
            format!("{{ claim(id: \"{claim}\") {{ id }} }}"),
            format!("{{ claim(id: \"{}\") {{ id }} }}", none("claim")),
        ),
        (
            format!("mutation {{ withdrawClaim(id: \"{claim}\") {{ id }} }}"),
            format!(
                "mutation {{ withdrawClaim(id: \"{}\") {{ id }} }}",
                none("claim")
            ),
        ),
        (
            format!("mutation {{ revokeShare(id: \"{share}\") {{ id }} }}"),
            format!(
                "mutation {{ revokeShare(id: \"{}\") {{ id }} }}",
                none("share")
            ),
        ),
    ];
    let mut strangers = vec![("nobody", Caller::nobody())];
    for role in Role::ALL {
        // A steward sees everything; all others are strangers to what is asked for.
        if role != Role::Steward {
            let other = uln(3);
            let learner = (role == Role::Practitioner).then_some(other.as_str());
            let body = (role == Role::AwardingBody).then_some("RN5156");
            let mut caller = registry.caller(role, learner, body);
            caller.identity = Some(("registry".to_owned(), "a-stranger".to_owned()));
            strangers.push((role.as_str(), caller));
        }
    }
    let mut compared = 0;
    for (who, caller) in &strangers {
        for (there, not_there) in &pairs {
            let (one, by) = asked(&registry, caller, there);
            let (other, by_others) = asked(&registry, caller, not_there);
            assert_eq!(one, other, "{who}: {there}");
            let text = one.to_string();
            assert!(
                !text.contains(&award) && !text.contains("Invented"),
                "{text}"
            );
            assert_eq!(by, by_others, "{who}: {there}");
            compared += by.len();
        }
    }
    assert!(compared > 60, "{compared} statements were compared");
}

#[test]
fn one_who_speaks_for_two_bodies_is_two_callers() {
    let served = Registry::new().with_register().served();
    let registry = &served.registry;
    // The tokens carry the same issuer and subject.
    let one = registry.token(Role::AwardingBody, None, Some("RN5217"));
    let two = registry.token(Role::AwardingBody, None, Some("RN5156"));
    let push = |token: &str, file: &[u8]| {
        let bearer = format!("Bearer {token}");
        let headers = [
            ("Authorization", bearer.as_str()),
            ("Idempotency-Key", "monday"),
        ];
        served.request("POST", "/imports/csv", &headers, file)
    };
    let first = push(&one, &csv(&[Row::award(1, "R1")]));
    assert_eq!(first.status, 202, "{}", first.body);
    let second = push(&two, &csv(&[Row::elsewhere(2, "S1")]));
    assert_eq!(
        second.status, 202,
        "the key is another caller's: {}",
        second.body
    );
    assert_ne!(first.header("location"), second.header("location"));
    // The same file by both is two imports as well.
    let third = push(&two, &csv(&[Row::award(1, "R1")]));
    assert_eq!(third.json()["code"], "idempotency-conflict");
    served.ended(&one, first.header("location"));
    served.ended(&two, second.header("location"));
    for (token, location) in [
        (&one, second.header("location")),
        (&two, first.header("location")),
    ] {
        for path in [location.to_owned(), format!("{location}/issues")] {
            let seen = served.get(&path, Some(token));
            assert_eq!(
                (seen.status, &seen.json()["code"]),
                (404, &"not-found".into())
            );
        }
    }
    // Receipts are the person's, for whomever they speak.
    let verify = "{ verify(input: {certificateNumber: \"C1\", familyName: \"Nobody\", dateOfBirth: \"1980-01-01\"}) { receipt { id } } }";
    served.graphql(Some(&one), verify, Value::Null);
    let receipts = "{ receipts { edges { cursor } } }";
    let kept = |token: &str| {
        let answer = served.graphql(Some(token), receipts, Value::Null).json();
        answer["data"]["receipts"]["edges"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!((kept(&one), kept(&two)), (1, 1));
    assert!(matches!(
        Origin::of(&registry.body("RN5217"), None, None),
        Ok(Origin::Body(_))
    ));
}
