//! What is served: the issuer's document, status lists, credentials to those who hold the right.

use super::support::{
    DID, ORIGIN, badge, change, configured, exported, first, learner, registry, text,
};
use crate::support::{Served, uln};
use credential::{Bits, Found, Handed, NoLists, Outcome, Trust, outcome};
use proof::{Document, KeyRing, Limits};
use registry::access::Role;
use registry::action::credential::{Chosen, Format};
use serde_json::Value;

fn served() -> Served {
    registry().served()
}

fn ring(served: &Served) -> KeyRing {
    let answer = served.get("/.well-known/did.json", None);
    assert_eq!(answer.header("content-type"), "application/did+json");
    let mut ring = KeyRing::new();
    ring.add_controller_document(&answer.json()).unwrap();
    ring
}

#[test]
fn what_is_published_is_enough_to_verify_what_was_issued() {
    let served = served();
    let document = served.get("/.well-known/did.json", None).json();
    assert_eq!(document["id"], DID);
    let set = served.get("/.well-known/jwks.json", None).json();
    let kid = set["keys"][0]["kid"].as_str().unwrap();
    assert_eq!(
        document["verificationMethod"][1]["id"],
        format!("{DID}#{kid}")
    );
    assert_eq!(
        document["verificationMethod"][1]["publicKeyJwk"]["x"],
        set["keys"][0]["x"]
    );
    let ring = ring(&served);
    let trust = |issuer: &str| {
        if issuer == DID {
            Trust::Own
        } else {
            Trust::Unknown
        }
    };
    let now = served.registry.app.clock.now().and_utc();
    let lists = |address: &str| {
        let path = address.strip_prefix(ORIGIN).unwrap();
        Found::Text(served.get(path, None).body)
    };
    for format in [Format::OpenBadges, Format::Clr, Format::VcJwt] {
        let content = text(&exported(&served.registry, Chosen::All, format));
        let handed = Handed::read(content.as_bytes(), &Limits::default()).unwrap();
        let judgement = handed.prove(&ring, &trust, now).judge(&lists);
        let names: Vec<_> = judgement.checks.iter().map(|check| check.name).collect();
        assert_eq!(
            outcome(&judgement.checks, &names),
            Outcome::Passed,
            "{judgement:?}"
        );
        let offline = handed.prove(&ring, &trust, now).judge(&NoLists);
        assert_eq!(outcome(&offline.checks, &names), Outcome::NotChecked);
    }
}

#[test]
fn lists_are_served_in_both_forms_and_follow_the_record() {
    let served = served();
    let badge: Value = serde_json::from_str(&badge(&served.registry)).unwrap();
    let index: u64 = badge["credentialStatus"]["statusListIndex"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let ring = ring(&served);
    let now = served.registry.app.clock.now().and_utc();
    let bit = |accept: &str| {
        let answer = served.request("GET", "/status/1", &[("Accept", accept)], b"");
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(answer.header("content-type"), accept);
        let list = Document::read(answer.body.as_bytes(), &Limits::default()).unwrap();
        let verification = list.verify(&ring, now);
        assert_eq!(
            verification.proof.outcome,
            Outcome::Passed,
            "{verification:?}"
        );
        let subject = &list.credential()["credentialSubject"];
        let bits = Bits::decode(subject["encodedList"].as_str().unwrap()).unwrap();
        assert_eq!(bits.entries(), 131_072);
        bits.get(index).unwrap()
    };
    let both = || ["application/vc", "application/vc+jwt"].map(&bit);
    assert_eq!(both(), [false, false]);
    change(
        &served.registry,
        "withdrawAchievement(id: \"AWARD\", reason: \"An error\") { id }",
    );
    assert_eq!(both(), [true, true]);
    change(
        &served.registry,
        "reinstateAchievement(id: \"AWARD\", reason: \"An error\") { id }",
    );
    assert_eq!(both(), [false, false]);
    for (path, status) in [
        ("/status/99", 404),
        ("/status/one", 404),
        ("/status/-1", 404),
    ] {
        assert_eq!(served.get(path, None).status, status, "{path}");
    }
    let refused = served.request("GET", "/status/1", &[("Accept", "text/html")], b"");
    assert_eq!(refused.status, 406);
}

#[test]
fn a_credential_is_handed_out_to_the_person_and_a_steward_alone() {
    let served = served();
    let sealed = badge(&served.registry);
    let badge: Value = serde_json::from_str(&sealed).unwrap();
    let path = badge["id"]
        .as_str()
        .unwrap()
        .strip_prefix(ORIGIN)
        .unwrap()
        .to_owned();
    let registry = &served.registry;
    let token =
        |role, learner: Option<u32>, body| registry.token(role, learner.map(uln).as_deref(), body);
    let of = |token: Option<&str>| served.get(&path, token);
    let own = of(Some(&token(Role::Practitioner, Some(1), None)));
    assert_eq!((own.status, own.body == sealed), (200, true));
    assert_eq!(own.header("cache-control"), "private, no-store");
    let bearer = format!("Bearer {}", token(Role::Practitioner, Some(1), None));
    let headers = [
        ("Authorization", bearer.as_str()),
        ("Accept", "application/vc+jwt"),
    ];
    let form = served.request("GET", &path, &headers, b"");
    assert_eq!(form.body.split('.').count(), 3);
    assert_eq!(of(Some(&token(Role::Steward, None, None))).status, 200);
    assert_eq!(of(None).json()["code"], "unauthenticated");
    for other in [
        token(Role::Practitioner, Some(2), None),
        token(Role::AwardingBody, None, Some("RN5217")),
        token(Role::Employer, None, None),
    ] {
        let answer = of(Some(&other));
        let unknown = served.get(
            "/credentials/credential_00000000000000000000000000000000",
            Some(&other),
        );
        assert_eq!((answer.status, unknown.status), (404, 404));
        assert_eq!(answer.json()["code"], "not-found");
    }
    // A record with its badges.
    let record = text(&exported(registry, Chosen::All, Format::Clr));
    let id = serde_json::from_str::<Value>(&record).unwrap()["id"].clone();
    let path = id
        .as_str()
        .unwrap()
        .strip_prefix(ORIGIN)
        .unwrap()
        .to_owned();
    let again = served.get(&path, Some(&token(Role::Practitioner, Some(1), None)));
    assert_eq!(again.body, record);
    let ledger = registry.data(
        &registry.practitioner(&uln(1)),
        "{ me { accessLedger(first: 10) { edges { node { role what } } } } }",
        Value::Null,
    );
    let rows = ledger["me"]["accessLedger"]["edges"].as_array().unwrap();
    assert_eq!(rows.len(), 1, "{ledger}");
    assert_eq!(
        rows[0]["node"],
        serde_json::json!({"role": "steward", "what": "credential"})
    );
}

/// Whoever is found to be the same person keeps what was issued; whose award it turns out not to be does not.
#[test]
fn a_credential_follows_the_person_into_a_merge_and_out_of_it() {
    let registry = registry();
    let badge = badge(&registry);
    let outcome = || {
        super::support::verified(&registry, &badge)["outcome"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(outcome(), "VALID");
    let [one, two] = [1, 2].map(|number| learner(&registry, number).show("learner"));
    let merge = format!(
        "mutation {{ mergeLearners(keep: \"{two}\", merge: \"{one}\", reason: \"An error\") {{ id }} }}"
    );
    let merged = registry.data(&registry.steward(), &merge, Value::Null);
    assert_eq!(outcome(), "VALID");
    let id = merged["mergeLearners"]["id"].as_str().unwrap();
    let split = format!("mutation {{ splitMerge(id: \"{id}\", reason: \"An error\") {{ id }} }}");
    registry.data(&registry.steward(), &split, Value::Null);
    assert_eq!(outcome(), "VALID");
    assert!(!first(&registry).is_empty());
}

/// A key that was changed: what it signed goes on verifying, what is handed out now is signed by the new one.
#[test]
fn retired_keys_go_on_verifying() {
    let registry = configured(|config| config.server.origin = Some(ORIGIN.to_owned()));
    let before = badge(&registry);
    let keys = registry.app.config.data_dir.join("keys");
    std::fs::create_dir_all(keys.join("retired")).unwrap();
    std::fs::rename(keys.join("signing.pem"), keys.join("retired/first.pem")).unwrap();
    let again = registry::keys::Keys::open(&registry.app.config.data_dir).unwrap();
    let issuing = registry::issuing::Issuing::open(&registry.app.config, Some(&again)).unwrap();
    let methods = issuing.document()["assertionMethod"]
        .as_array()
        .unwrap()
        .len();
    assert_eq!(methods, 4);
    let now = registry.app.clock.now().and_utc();
    let handed = Handed::read(before.as_bytes(), &Limits::default()).unwrap();
    let trust = |issuer: &str| issuing.trust(issuer);
    let judgement = handed.prove(issuing.ring(), &trust, now).judge(&NoLists);
    let check = judgement.check(credential::CheckName::Issuer).unwrap();
    assert_eq!(check.result, Outcome::Passed, "{judgement:?}");
}
