//! Evidence: what each kind must say, whose it is, and what is known again.

use super::support::{
    ALL, Cast, add, assign, caller, employment, handed_in, id, judge, look, open, registry, submit,
    texts,
};
use crate::support::{Registry, codes};
use registry::access::Role;
use serde_json::{Value, json};

#[test]
fn each_kind_must_say_what_it_is() {
    let registry = registry(Registry::new());
    let cast = Cast::of(&registry);
    let claim = open(&registry, &cast.jan, "RPL", &["L/601/1693"]).unwrap();
    let claim = id(&claim);
    let other = caller(&registry, Role::Practitioner, "other", Some(2), None);
    let theirs = registry.data(
        &other,
        "{ me { achievements { edges { node { id } } } } }",
        Value::Null,
    );
    let theirs = &theirs["me"]["achievements"]["edges"][0]["node"]["id"];
    let piece = |kind: &str, more: Value| {
        let mut piece = json!({"kind": kind, "title": "A piece", "outcomes": ["1"]});
        piece
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        piece
    };
    for (given, code) in [
        (piece("EMPLOYMENT", json!({})), "input-invalid"),
        (
            piece("EMPLOYMENT", json!({"details": {"employer": "x"}})),
            "input-invalid",
        ),
        (
            piece(
                "EMPLOYMENT",
                json!({"details": {"employer": "x", "from": "1/1/26"}}),
            ),
            "date-invalid",
        ),
        (
            piece(
                "EMPLOYMENT",
                json!({"details": {"employer": "x", "from": "2020-01-02", "to": "2020-01-01"}}),
            ),
            "dates-contradict",
        ),
        (
            piece("EMPLOYMENT", json!({"details": "x"})),
            "input-invalid",
        ),
        (
            piece(
                "EMPLOYMENT",
                json!({"title": "", "details": {"employer": "x", "from": "2020-01-01"}}),
            ),
            "input-invalid",
        ),
        (
            piece(
                "EMPLOYMENT",
                json!({"outcomes": ["9"], "details": {"employer": "x", "from": "2020-01-01"}}),
            ),
            "outcome-unknown",
        ),
        (
            piece(
                "EMPLOYMENT",
                json!({"outcomes": [], "details": {"employer": "x", "from": "2020-01-01"}}),
            ),
            "outcome-unknown",
        ),
        (piece("ACHIEVEMENT", json!({})), "not-found"),
        // Another's is as one that is not there.
        (
            piece("ACHIEVEMENT", json!({"achievement": theirs})),
            "not-found",
        ),
        (
            piece(
                "DEVELOPMENT",
                json!({"details": {"development": "development_0"}}),
            ),
            "not-found",
        ),
        // Nobody testifies for themselves, and only the assessor says what the assessor saw.
        (
            piece(
                "WITNESS_TESTIMONY",
                json!({"details": {"statement": "I saw it"}}),
            ),
            "same-person",
        ),
        (
            piece("OBSERVATION", json!({"details": {"text": "Seen"}})),
            "forbidden",
        ),
    ] {
        assert_eq!(
            add(&registry, &cast.jan, &claim, given.clone()),
            Err(code.to_owned()),
            "{given}"
        );
    }
    assert_eq!(
        add(
            &registry,
            &cast.wendy,
            &claim,
            piece("WITNESS_TESTIMONY", json!({}))
        ),
        Err("input-invalid".to_owned())
    );
    let nobody = registry::access::Caller::nobody();
    let given = piece(
        "WITNESS_TESTIMONY",
        json!({"details": {"statement": "I saw it"}}),
    );
    assert_eq!(
        add(&registry, &nobody, &claim, given),
        Err("unauthenticated".to_owned())
    );
    assert_eq!(registry.count("claim_evidence"), 0);
}

#[test]
fn what_somebody_else_claimed_with_before_is_flagged() {
    let registry = registry(Registry::new());
    let cast = Cast::of(&registry);
    let other = caller(&registry, Role::Practitioner, "other", Some(2), None);
    let duties = |words: &str| {
        let mut piece = employment(&["1"]);
        piece["details"]["duties"] = words.into();
        piece
    };
    let opened = |by| id(&open(&registry, by, "RPL", &["L/601/1693"]).unwrap());
    let (first, again, theirs) = (opened(&cast.jan), opened(&cast.jan), opened(&other));
    let flags = |claim: &Value| -> Vec<bool> {
        let pieces = claim["evidence"].as_array().unwrap().iter();
        pieces
            .map(|piece| piece["seenElsewhere"].as_bool().unwrap())
            .collect()
    };
    let claim = add(
        &registry,
        &cast.jan,
        &first,
        duties("I planned for each child"),
    )
    .unwrap();
    assert_eq!(flags(&claim), [false]);
    let claim = add(
        &registry,
        &cast.jan,
        &again,
        duties("I planned for each child"),
    )
    .unwrap();
    assert_eq!(flags(&claim), [false], "her own once more");
    add(
        &registry,
        &other,
        &theirs,
        duties("i  planned FOR each child"),
    )
    .unwrap();
    let claim = add(&registry, &other, &theirs, duties("I cooked")).unwrap();
    assert_eq!(flags(&claim), [true, false]);
    // That two work for one employer says nothing.
    let claim = add(&registry, &other, &theirs, employment(&["1", "2"])).unwrap();
    assert_eq!(flags(&claim), [true, false, false]);
    assert_eq!(
        claim["evidence"][2]["outcomes"],
        json!(["L/601/1693:1", "L/601/1693:2"])
    );
}

#[test]
fn an_assessor_says_what_they_saw_and_it_is_evidence() {
    let registry = registry(Registry::new());
    let cast = Cast::of(&registry);
    let claim = id(&handed_in(&registry, &cast.jan));
    let seen = json!({"kind": "OBSERVATION", "title": "At work", "outcomes": [ALL[0]], "details": {"observedOn": "2026-01-05", "text": "She led the group"}});
    assert_eq!(
        add(&registry, &cast.ann, &claim, seen.clone()),
        Err("not-found".to_owned())
    );
    assign(&registry, &cast.officer, &claim, Some("ann"), None).unwrap();
    assert_eq!(
        add(&registry, &cast.rob, &claim, seen.clone()),
        Err("not-found".to_owned())
    );
    let seen = add(&registry, &cast.ann, &claim, seen).unwrap();
    assert_eq!(
        texts(&seen["evidence"], "kind"),
        ["EMPLOYMENT", "OBSERVATION"]
    );
    // Who judges cites what there is, and not what there is not.
    let mut claim = seen.clone();
    claim["evidence"] = json!([{"id": "evidence_00000000000000000000000000000000"}]);
    assert_eq!(
        judge(&registry, &cast.ann, &claim, &[(ALL[0], "YES")]),
        Err("evidence-unknown".to_owned())
    );
    claim["evidence"] = json!([]);
    assert_eq!(
        judge(&registry, &cast.ann, &claim, &[(ALL[0], "YES")]),
        Err("judgement-contradicts".to_owned())
    );
    judge(&registry, &cast.ann, &seen, &[(ALL[0], "YES")]).unwrap();
}

#[test]
fn a_development_record_is_its_owners_alone() {
    let registry = registry(Registry::new());
    let cast = Cast::of(&registry);
    let record =
        "mutation($i: DevelopmentInput!) { recordDevelopment(input: $i) { id kind title hours } }";
    let input = |change: Value| {
        let mut input = json!({"kind": "induction", "title": "First week", "hours": 7, "on": "2026-01-05", "areas": ["1"]});
        input
            .as_object_mut()
            .unwrap()
            .extend(change.as_object().unwrap().clone());
        json!({"i": input})
    };
    for wrong in [
        json!({"kind": ""}),
        json!({"title": " "}),
        json!({"hours": 0}),
        json!({"hours": 6000}),
        json!({"on": "2999-01-01"}),
        json!({"areas": ["nothing"]}),
    ] {
        let answer = registry.ask(&cast.jan, record, input(wrong.clone()));
        assert_eq!(codes(&answer), ["input-invalid"], "{wrong}");
    }
    let made = registry.data(&cast.jan, record, input(json!({})))["recordDevelopment"].clone();
    assert_eq!(
        (&made["kind"], &made["hours"]),
        (&json!("induction"), &json!(7.0))
    );
    for by in [&cast.wendy, &cast.ann, &cast.officer] {
        assert_eq!(
            codes(&registry.ask(by, record, input(json!({})))),
            ["forbidden"]
        );
    }
    let node = "query($id: ID!) { node(id: $id) { ... on DevelopmentEntry { title } } }";
    let asked = |by| registry.data(by, node, json!({"id": made["id"]}))["node"].clone();
    assert_eq!(asked(&cast.jan)["title"], "First week");
    let other = caller(&registry, Role::Practitioner, "other", Some(2), None);
    for by in [&other, &cast.wendy, &cast.ann] {
        assert!(asked(by).is_null());
    }
    let steward = registry.steward();
    let query = format!(
        "{{ learner(uln: \"{}\") {{ development {{ edges {{ node {{ id }} }} }} }} }}",
        crate::support::uln(1)
    );
    assert_eq!(
        codes(&registry.ask(&steward, &query, Value::Null)),
        ["forbidden"]
    );
}

#[test]
fn what_a_role_still_asks_and_something_on_record_can_show_is_suggested() {
    let registry = registry(Registry::new());
    let cast = Cast::of(&registry);
    let query = "{ me { suggestedClaims(role: \"ey-educator\") { unit { reference areas { code } } why { text rule } evidence } } }";
    let before = registry.data(&cast.jan, query, Value::Null);
    assert_eq!(before["me"]["suggestedClaims"], json!([]));
    let record = "mutation { recordDevelopment(input: {kind: \"cpd\", title: \"A course on development\", on: \"2026-01-05\", areas: [\"CCLD 303\"]}) { id } }";
    registry.data(&cast.jan, record, Value::Null);
    let suggested = registry.data(&cast.jan, query, Value::Null)["me"]["suggestedClaims"].clone();
    let found = suggested.as_array().unwrap();
    let one = found
        .iter()
        .find(|one| one["unit"]["reference"] == "L/601/1693");
    let one = one.unwrap_or_else(|| panic!("{suggested}"));
    assert_eq!(
        one["evidence"],
        json!(["DEVELOPMENT: A course on development"])
    );
    assert_eq!(one["why"].as_array().unwrap().len(), 2);
    let answer = registry.ask(
        &cast.jan,
        "{ me { suggestedClaims(role: \"nothing\") { evidence } } }",
        Value::Null,
    );
    assert_eq!(codes(&answer), ["role-unknown"]);
    // What is suggested can be claimed with what it is suggested for.
    let claim = id(&open(&registry, &cast.jan, "RPL", &["L/601/1693"]).unwrap());
    let entry = registry.data(
        &cast.jan,
        "{ me { development { edges { node { id } } } } }",
        Value::Null,
    );
    let entry = &entry["me"]["development"]["edges"][0]["node"]["id"];
    let piece = json!({"kind": "DEVELOPMENT", "title": "The course", "outcomes": ["1", "2"], "details": {"development": entry}});
    add(&registry, &cast.jan, &claim, piece).unwrap();
    submit(&registry, &cast.jan, &claim).unwrap();
    assert_eq!(look(&registry, &cast.jan, &claim)["state"], "SUBMITTED");
}
