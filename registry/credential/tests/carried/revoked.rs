//! Revocation: a list that says so, and every way in which a list says nothing.

use crate::support::{
    DID, LIST, all_is_well, at, badge, judge, judge_at, list, list_of, now, sealed, sealed_by,
    text, token,
};
use credential::{CheckName, Found, Judgement, Lists, NoLists, Outcome, Purpose, outcome};
use schema::Code;
use serde_json::{Map, Value, json};

fn revocation(judgement: &Judgement) -> (Outcome, Code) {
    let check = judgement.check(CheckName::Revocation).unwrap();
    (check.result, check.code)
}

fn asked(credential: &Map<String, Value>, lists: &dyn Lists) -> (Outcome, Code) {
    let judgement = judge(&text(&sealed(credential)), lists);
    let proof = judgement.check(CheckName::Proof).unwrap();
    assert_eq!(proof.result, Outcome::Passed, "{judgement:?}");
    revocation(&judgement)
}

fn found(text: &str) -> impl Fn(&str) -> Found + use<> {
    let text = text.to_owned();
    move |_: &str| Found::Text(text.clone())
}

#[test]
fn the_bit_of_the_credential_and_no_other_decides() {
    for (set, expected) in [
        (vec![], (Outcome::Passed, Code::NotRevoked)),
        (vec![76, 78, 0], (Outcome::Passed, Code::NotRevoked)),
        (vec![77], (Outcome::Failed, Code::CredentialSuspended)),
    ] {
        let list = list(&set);
        for document in [text(&sealed(&list)), token(&list)] {
            assert_eq!(asked(&badge(), &found(&document)), expected);
        }
    }
    let mut badge = badge();
    badge["credentialStatus"]["statusPurpose"] = json!("revocation");
    let revoking = list_of(LIST, Purpose::Revocation, &[77], now());
    assert_eq!(
        asked(&badge, &found(&text(&sealed(&revoking)))),
        (Outcome::Failed, Code::CredentialRevoked)
    );
}

/// A list that cannot be had, has expired, was changed, is another's or is no list: nothing is known, which is neither a pass
/// nor a fail.
#[test]
fn a_list_that_cannot_be_relied_on_says_nothing() {
    let not_checked = |code| (Outcome::NotChecked, code);
    assert_eq!(
        asked(&badge(), &NoLists),
        not_checked(Code::NotAskedOffline)
    );
    assert_eq!(
        asked(&badge(), &|_: &str| Found::Unreachable),
        not_checked(Code::StatusListUnreachable)
    );
    let good = sealed(&list(&[]));
    let changed = |pointer: &str, value: Value| {
        let mut list = Value::Object(good.clone());
        *list.pointer_mut(pointer).unwrap() = value;
        list.to_string()
    };
    let resigned = |pointer: &str, value: Value| {
        let mut list = Value::Object(list(&[]));
        *list.pointer_mut(pointer).unwrap() = value;
        text(&sealed(list.as_object().unwrap()))
    };
    let set = list(&[77]);
    let encoded = set["credentialSubject"]["encodedList"].clone();
    let short = {
        use base64::Engine as _;
        use std::io::Write as _;
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gzip.write_all(&[0; 16_383]).unwrap();
        let packed = gzip.finish().unwrap();
        format!(
            "u{}",
            base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(packed)
        )
    };
    let unsigned = text(&list(&[]));
    let strangers = {
        let mut list = list(&[]);
        let did = credential::did_key(&crate::support::public(3));
        list.insert("issuer".into(), did.clone().into());
        text(&sealed_by(3, &did, &list, now()))
    };
    for (name, list, code) in [
        (
            "changed to clear",
            changed("/credentialSubject/encodedList", encoded),
            Code::StatusListUnproved,
        ),
        ("without a proof", unsigned, Code::StatusListUnproved),
        ("signed by a stranger", strangers, Code::StatusListUnproved),
        (
            "of yesterday",
            text(&sealed(&list_of(
                LIST,
                Purpose::Suspension,
                &[],
                at("2026-05-31T12:00:00Z"),
            ))),
            Code::StatusListExpired,
        ),
        (
            "of another purpose",
            text(&sealed(&list_of(LIST, Purpose::Revocation, &[], now()))),
            Code::StatusListInvalid,
        ),
        (
            "at another address",
            text(&sealed(&list_of(
                "https://registry.example/status/2",
                Purpose::Suspension,
                &[],
                now(),
            ))),
            Code::StatusListInvalid,
        ),
        (
            "too short",
            resigned("/credentialSubject/encodedList", short.into()),
            Code::StatusListInvalid,
        ),
        (
            "not packed",
            resigned("/credentialSubject/encodedList", json!("uAAAA")),
            Code::StatusListInvalid,
        ),
        ("no list", text(&sealed(&badge())), Code::StatusListInvalid),
        ("no document", "not a list".into(), Code::StatusListInvalid),
        ("empty", String::new(), Code::StatusListInvalid),
    ] {
        assert_eq!(asked(&badge(), &found(&list)), not_checked(code), "{name}");
    }
    let mut beyond = badge();
    beyond["credentialStatus"]["statusListIndex"] = json!("131072");
    assert_eq!(
        asked(&beyond, &all_is_well),
        not_checked(Code::StatusListInvalid)
    );
}

#[test]
fn of_several_entries_the_worst_counts() {
    let entry = badge()["credentialStatus"].clone();
    let mut other = entry.clone();
    other["statusListIndex"] = json!(78);
    other["id"] = json!(format!("{LIST}#78"));
    let mut badge = badge();
    badge.insert("credentialStatus".into(), json!([entry, other]));
    let lists = found(&text(&sealed(&list(&[78]))));
    let judgement = judge(&text(&sealed(&badge)), &lists);
    let check = judgement.check(CheckName::Revocation).unwrap();
    assert_eq!(check.code, Code::CredentialSuspended);
    assert_eq!(check.place, "/credentialStatus/1");
}

#[test]
fn what_names_no_list_or_one_of_another_kind() {
    let mut without = badge();
    without.remove("credentialStatus");
    assert_eq!(
        asked(&without, &NoLists),
        (Outcome::Passed, Code::RevocationNotOffered)
    );
    let mut other = badge();
    other.insert(
        "credentialStatus".into(),
        json!({"id": "https://registry.example/revocations", "type": "1EdTechRevocationList"}),
    );
    // As a token: under these contexts no other proof covers such an entry.
    assert_eq!(
        revocation(&judge(&token(&other), &NoLists)),
        (Outcome::NotChecked, Code::StatusUnsupported)
    );
}

/// Of nobody who is believed is it known where to ask, so nobody is sent anywhere.
#[test]
fn only_those_who_are_believed_say_where_to_ask() {
    let handed = |text: &str| {
        let limits = proof::Limits::default();
        let handed = credential::Handed::read(text.as_bytes(), &limits).unwrap();
        handed
            .prove(&crate::support::keys(), &crate::support::trust, now())
            .lists()
    };
    assert_eq!(handed(&text(&sealed(&badge()))), [LIST]);
    let mut tampered = sealed(&badge());
    tampered["credentialStatus"]["statusListCredential"] = json!("http://169.254.169.254/");
    assert!(handed(&text(&tampered)).is_empty());
    assert!(handed(&text(&badge())).is_empty());
    let did = credential::did_key(&crate::support::public(3));
    let mut strangers = badge();
    strangers["issuer"]["id"] = did.clone().into();
    let strangers = text(&sealed_by(3, &did, &strangers, now()));
    assert!(handed(&strangers).is_empty());
    let judgement = judge(&strangers, &all_is_well);
    assert_eq!(
        revocation(&judgement),
        (Outcome::NotChecked, Code::NotEstablished)
    );
    assert_eq!(
        outcome(&judgement.checks, &[CheckName::Issuer]),
        Outcome::NotChecked
    );
}

/// A list that is fetched an hour too late is as one of yesterday; a clock that goes a little after does no harm.
#[test]
fn clocks_that_differ_a_little_do_no_harm() {
    let document = text(&sealed(&badge()));
    let fresh = found(&text(&sealed_by(1, DID, &list(&[]), now())));
    let at_time = |time: &str| revocation(&judge_at(&document, &fresh, at(time)));
    assert_eq!(at_time("2026-06-01T11:56:00Z").0, Outcome::Passed);
    assert_eq!(at_time("2026-06-01T12:59:59Z").0, Outcome::Passed);
    assert_eq!(
        at_time("2026-06-01T13:00:01Z"),
        (Outcome::NotChecked, Code::StatusListExpired)
    );
}
