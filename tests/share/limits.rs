//! What cannot be shared, and by whom.

use super::support::*;
use crate::support::{Registry, codes, uln};
use registry::access::{Caller, Role};
use registry::db::Id;
use serde_json::{Value, json};

#[test]
fn only_ones_own_is_shared_by_practitioners_alone() {
    let registry = filled(Registry::new());
    let (own, others) = (awards(&registry, 1), awards(&registry, 2));
    let ask = |caller: &Caller, awards: Value| {
        let input = json!({"achievements": awards, "expiresAt": in_days(&registry, 7)});
        registry.ask(caller, MAKE, json!({"i": input}))
    };
    let me = registry.practitioner(&uln(1));
    let (theirs, by) = registry.watched(|| ask(&me, json!([own[0], others[0]])));
    let (nobodys, by_none) =
        registry.watched(|| ask(&me, json!([own[0], Id::new().show("achievement")])));
    assert_eq!(codes(&theirs), ["not-found"]);
    assert_eq!((theirs, by), (nobodys, by_none), "another's is as none");
    assert_eq!(codes(&ask(&me, json!(["learner_1"]))), ["not-found"]);
    let stranger = registry.practitioner(&uln(900));
    assert_eq!(codes(&ask(&stranger, json!([own[0]]))), ["not-found"]);
    for role in Role::ALL
        .into_iter()
        .filter(|role| *role != Role::Practitioner)
    {
        let body = (role == Role::AwardingBody).then_some("RN5217");
        let caller = registry.caller(role, None, body);
        assert_eq!(
            codes(&ask(&caller, json!([own[0]]))),
            ["forbidden"],
            "{role:?}"
        );
    }
    assert_eq!(
        codes(&ask(&Caller::nobody(), json!([own[0]]))),
        ["unauthenticated"]
    );
    assert_eq!(registry.count("share"), 0, "nothing was kept of any");
    // Nobody else takes it back, nor sees it.
    let made = share(&registry, 1, &own, None);
    let other = registry.practitioner(&uln(2));
    let refused = registry.ask(&other, REVOKE, json!({"id": made["id"]}));
    assert_eq!(codes(&refused), ["not-found"]);
    let list = format!(
        "{{ learner(uln: \"{}\") {{ shares {{ edges {{ node {{ id }} }} }} }} }}",
        uln(1)
    );
    for caller in [registry.steward(), registry.body("RN5217")] {
        assert_eq!(
            codes(&registry.ask(&caller, &list, Value::Null)),
            ["forbidden"]
        );
    }
    assert_eq!(look(&registry, &other, &made["token"])["outcome"], "VALID");
}

#[test]
fn a_share_that_cannot_be_is_refused_in_words_that_say_what_can() {
    let registry = filled(Registry::new());
    let own = awards(&registry, 1);
    let refused = |change: &dyn Fn(&mut Value), code: &str, words: &str| {
        let mut input = json!({"achievements": own, "expiresAt": in_days(&registry, 7)});
        change(&mut input);
        let answer = registry.ask(&registry.practitioner(&uln(1)), MAKE, json!({"i": input}));
        assert_eq!(codes(&answer), [code], "{answer}");
        let told = answer["errors"][0]["message"].as_str().unwrap();
        assert!(told.contains(words), "{told}");
    };
    let invalid = "input-invalid";
    refused(
        &|input| input["achievements"] = json!([]),
        invalid,
        "at least one",
    );
    refused(
        &|input| input["fields"] = json!(["dateOfBirth"]),
        invalid,
        "givenName, familyName",
    );
    refused(
        &|input| input["expiresAt"] = json!("2020-01-01T00:00:00Z"),
        invalid,
        "has passed",
    );
    refused(
        &|input| input["expiresAt"] = json!(in_days(&registry, 1828)),
        invalid,
        "at most 1827 days",
    );
    refused(
        &|input| input["purpose"] = json!("a".repeat(301)),
        invalid,
        "300 characters",
    );
    refused(
        &|input| input["purpose"] = json!("a\u{7}b"),
        "text-invalid",
        "",
    );
    let many = vec![own[0].clone(); 101];
    refused(
        &|input| input["achievements"] = json!(many),
        "too-many",
        "100",
    );
    // The longest that may be.
    let input = json!({"achievements": own, "expiresAt": in_days(&registry, 1826)});
    registry.data(&registry.practitioner(&uln(1)), MAKE, json!({"i": input}));
}

#[test]
fn a_person_has_a_hundred_shares_that_stand_and_no_more() {
    let registry = filled(Registry::new());
    let own = awards(&registry, 1);
    let first = share(&registry, 1, &own, None);
    for _ in 1..100 {
        share(&registry, 1, &own, Some(&[]));
    }
    let input = json!({"i": {"achievements": own, "expiresAt": in_days(&registry, 7)}});
    let me = registry.practitioner(&uln(1));
    let answer = registry.ask(&me, MAKE, input.clone());
    assert_eq!(codes(&answer), ["too-many"], "{answer}");
    registry.data(&me, REVOKE, json!({"id": first["id"]}));
    registry.data(&me, MAKE, input);
    assert_eq!(registry.count("share"), 101);
}

#[test]
fn a_token_is_given_by_itself() {
    let registry = filled(Registry::new());
    let made = share(&registry, 1, &awards(&registry, 1), None);
    for more in [
        json!({"certificateNumber": "C1"}),
        json!({"familyName": "Inventedb"}),
        json!({"dateOfBirth": "1971-04-02"}),
    ] {
        let mut input = json!({"shareToken": made["token"]});
        input
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        let answer = registry.ask(&registry.employer(), VERIFY, json!({"i": input}));
        assert_eq!(codes(&answer), ["input-invalid"], "{answer}");
    }
    assert_eq!(shares(&registry, 1)[0]["views"], 0);
}
