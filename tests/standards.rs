//! Documents of standards through the whole of an import: university transcripts (ELMO), Open Badges and
//! comprehensive learner records. What their proofs came to is kept and shown; what a person brings never
//! verifies, however well it is signed.

use crate::support::{Registry, uln};
use registry::action::import::{Origin, Report};
use registry::db::Id;
use serde_json::{Value, json};

const TRANSCRIPT: &[u8] = include_bytes!("../adapters/elmo/fixtures/transcript.xml");
const BADGE: &[u8] = include_bytes!("../registry/proof/tests/fixtures/body-badge.json");
const BAKED: [&[u8]; 2] = [
    include_bytes!("../registry/proof/tests/fixtures/baked.png"),
    include_bytes!("../registry/proof/tests/fixtures/baked.svg"),
];
const RECORD: &[u8] = include_bytes!("../registry/proof/tests/fixtures/clr.json");

const SHOWN: &str = "{ me { creditTotal(level: L5) achievements(first: 50) { edges { node { id title level credit standing
    sources { kind adapter stated } } } } } }";

/// A registry that knows the person of that number, and their identifier.
fn known() -> (Registry, Origin) {
    let registry = Registry::new();
    let id: Id = registry.learner_or_made(&uln(1));
    (registry, Origin::Learner(id))
}

fn shown(registry: &Registry, uln: &str) -> Vec<Value> {
    let data = registry.data(&registry.practitioner(uln), SHOWN, Value::Null);
    let edges = data["me"]["achievements"]["edges"].as_array().unwrap();
    edges.iter().map(|edge| edge["node"].clone()).collect()
}

/// The checks of the first proof that the source of an award has.
fn checks(award: &Value) -> Vec<(String, String)> {
    let proofs = &award["sources"][0]["stated"]["proofs"];
    let checks = proofs[0]["checks"].as_array().cloned().unwrap_or_default();
    let text = |check: &Value, name: &str| check[name].as_str().unwrap_or_default().to_owned();
    checks
        .iter()
        .map(|check| (text(check, "name"), text(check, "result")))
        .collect()
}

fn rejected_as(report: &Report) -> Vec<&str> {
    report
        .issues
        .iter()
        .map(|issue| issue.code.as_str())
        .collect()
}

#[test]
fn a_transcript_becomes_a_record_and_its_own_scheme_of_credit_counts_nowhere() {
    let registry = Registry::new();
    let report = registry.push("elmo", Origin::Operator, TRANSCRIPT);
    assert_eq!(report.state, "DONE", "{report:?}");
    assert!(report.counts.created > 1, "{report:?}");
    let again = registry.push("elmo", Origin::Operator, TRANSCRIPT);
    assert_eq!(again.counts.unchanged, again.counts.records, "{again:?}");
    let awards = shown(&registry, "9276308686");
    let degree = awards
        .iter()
        .find(|award| award["title"] == "Foundation Degree in Early Years")
        .unwrap();
    assert_eq!(
        (&degree["level"], &degree["credit"], &degree["standing"]),
        (&json!("L5"), &Value::Null, &json!("SELF_PRESENTED"))
    );
    assert_eq!(degree["sources"][0]["kind"], "TRANSCRIPT");
    let total = registry.data(
        &registry.practitioner("9276308686"),
        "{ me { creditTotal(level: L5) } }",
        Value::Null,
    );
    assert_eq!(
        total["me"]["creditTotal"], 0,
        "European credit is not the framework's"
    );
}

#[test]
fn a_badge_that_a_person_brings_is_shown_with_its_proof_and_does_not_verify() {
    let (registry, own) = known();
    let report = registry.push("open-badges", own.clone(), BADGE);
    assert_eq!(
        (report.state.as_str(), report.counts.created),
        ("DONE", 1),
        "{report:?}"
    );
    let awards = shown(&registry, &uln(1));
    let [badge] = awards.as_slice() else {
        panic!("one badge, {awards:?}")
    };
    assert_eq!(
        (&badge["standing"], &badge["sources"][0]["kind"]),
        (&json!("SELF_PRESENTED"), &json!("BADGE"))
    );
    let found = checks(badge);
    assert!(found.iter().any(|(name, _)| name == "proof"), "{badge}");
    let verified = registry.data(
        &registry.employer(),
        "query($id: ID!) { verify(input: {credentialId: $id, familyName: \"Inventedb\", dateOfBirth: \"1971-04-02\"}) { outcome } }",
        json!({"id": badge["id"]}),
    );
    assert_eq!(verified["verify"]["outcome"], "UNDETERMINED");
    let again = registry.push("open-badges", own, BADGE);
    assert_eq!(again.counts.unchanged, 1, "{again:?}");
}

#[test]
fn a_badge_in_a_picture_is_read_out_of_it() {
    for picture in BAKED {
        let (registry, own) = known();
        let report = registry.push("open-badges", own, picture);
        assert_eq!(
            (report.state.as_str(), report.counts.created),
            ("DONE", 1),
            "{report:?}"
        );
        assert_eq!(shown(&registry, &uln(1)).len(), 1);
    }
}

#[test]
fn a_badge_that_was_changed_after_it_was_signed_is_refused() {
    let (registry, own) = known();
    // Of a key that nobody here configured nothing can be said; of one that is in the document, all.
    let signed: &[u8] = include_bytes!("../registry/proof/tests/fixtures/open-badge-v2.json");
    let signed = String::from_utf8(signed.to_vec()).unwrap();
    let changed = signed.replacen("Invented", "Altered", 1);
    assert_ne!(changed, signed);
    let report = registry.push("open-badges", own, changed.as_bytes());
    assert_eq!(report.counts.created, 0, "{report:?}");
    assert_eq!(rejected_as(&report), ["proof-mismatch"], "{report:?}");
}

#[test]
fn each_credential_of_a_learner_record_is_read_and_checked_for_itself() {
    let (registry, own) = known();
    let report = registry.push("clr", own, RECORD);
    assert_eq!(report.state, "DONE", "{report:?}");
    assert!(report.counts.created >= 1, "{report:?}");
    let awards = shown(&registry, &uln(1));
    assert_eq!(
        i64::try_from(awards.len()).unwrap(),
        report.counts.created,
        "{awards:?}"
    );
    for award in awards {
        assert!(!checks(&award).is_empty(), "{award}");
    }
}
