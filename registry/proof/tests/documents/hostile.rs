//! Documents made to cost or to confuse.

use crate::fixtures::{bytes, json, read, verify_value};
use proof::{Document, Limits, Outcome};
use schema::Code;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

fn soon<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let started = Instant::now();
    let result = work();
    assert!(
        started.elapsed() < Duration::from_secs(30),
        "{what} took {:?}",
        started.elapsed()
    );
    result
}

#[test]
fn ten_thousand_blank_nodes_are_not_checked() {
    let mut badge = json("open-badge-v2.json");
    for evidence in [
        json!(vec![json!({"type": ["Evidence"]}); 10_000]),
        (0..10_000)
            .map(|number| json!({"type": ["Evidence"], "name": format!("{number}")}))
            .collect(),
    ] {
        badge["evidence"] = evidence;
        let proof = soon("blank nodes", || verify_value(&badge).proof);
        assert_eq!(
            (proof.outcome, proof.code),
            (Outcome::NotChecked, Code::ProofTooCostly)
        );
    }
}

#[test]
fn a_poison_graph_is_not_checked() {
    let mut badge = json("open-badge-v2.json");
    // A clique of alike nodes, by names that the document gives to its blank nodes.
    badge["evidence"] = (0..12)
        .map(|node| {
            let others: Vec<Value> = (0..12).filter(|other| *other != node).map(|other| json!({"id": format!("_:n{other}")})).collect();
            json!({"id": format!("_:n{node}"), "type": ["Evidence"], "evidence": others, "creator": others})
        })
        .collect();
    let proof = soon("poison", || verify_value(&badge).proof);
    assert!(proof.outcome != Outcome::Passed, "{proof:?}");
    badge["evidence"] = (0..2)
        .map(|_| json!({"type": ["Evidence"], "name": "hub"}))
        .collect();
    badge["credentialSubject"]
        .as_object_mut()
        .unwrap()
        .remove("id");
    badge["credentialSubject"]["result"] = json!(vec![
        json!({"type": ["Result"], "alignment": vec![json!({"type": ["Alignment"], "targetName": "same"}); 14]});
        2
    ]);
    let proof = soon("alike", || verify_value(&badge).proof);
    assert_eq!(
        (proof.outcome, proof.code),
        (Outcome::NotChecked, Code::ProofTooCostly)
    );
}

#[test]
fn a_document_of_a_megabyte_is_judged_soon() {
    let mut badge = json("open-badge-v2.json");
    badge["credentialSubject"]["achievement"]["criteria"]["narrative"] =
        json!("x".repeat(1024 * 1024));
    let proof = soon("one text", || verify_value(&badge).proof);
    assert_eq!(proof.code, Code::ProofMismatch);
    badge["credentialSubject"]["achievement"]["criteria"]["narrative"] = json!("short");
    badge["credentialSubject"]["achievement"]["tag"] = (0..20_000)
        .map(|number| json!(format!("{number:040}")))
        .collect();
    let proof = soon("many texts", || verify_value(&badge).proof);
    assert_eq!(proof.code, Code::ProofMismatch);
}

#[test]
fn what_is_too_large_deep_or_complex_is_refused() {
    let nested = |depth: usize| {
        format!("{}{}", r#"{"a":"#.repeat(depth), "}".repeat(depth)).replace(":}", ":1}")
    };
    for (text, code) in [
        (nested(65), Code::DocumentTooDeep),
        (nested(100_000), Code::DocumentTooDeep),
        (
            format!("{{\"a\":[{}1]}}", "1,".repeat(100_001)),
            Code::DocumentTooComplex,
        ),
        (
            format!("{{\"a\":\"{}\"}}", "x".repeat(2 * 1024 * 1024)),
            Code::TooLarge,
        ),
        (" ".repeat(9 * 1024 * 1024), Code::TooLarge),
    ] {
        let fault = soon("refusing", || read(text.as_bytes())).unwrap_err();
        assert_eq!(fault.code, code);
    }
}

#[test]
fn what_is_no_credential_is_refused_with_its_place() {
    let badge = json("open-badge-v2.json");
    for (member, place) in [
        ("type", "/type"),
        ("issuer", "/issuer"),
        ("credentialSubject", "/credentialSubject"),
    ] {
        let mut without = badge.clone();
        without.as_object_mut().unwrap().remove(member);
        let fault = read(without.to_string().as_bytes()).unwrap_err();
        assert_eq!(
            (fault.code, fault.place.as_str()),
            (Code::NotACredential, place)
        );
    }
    for text in ["", "   ", "[]", "null", "hello", "PK\u{3}\u{4}", "%PDF-1.7"] {
        assert_eq!(
            read(text.as_bytes()).unwrap_err().code,
            Code::DocumentUnreadable,
            "{text}"
        );
    }
    assert!(read(b"\x00\xff\xfe").is_err());
    assert_eq!(
        read(b"<html></html>").unwrap_err().code,
        Code::ImageWithoutCredential
    );
}

#[test]
fn a_member_that_stands_twice_is_refused_wherever_it_stands() {
    let text = String::from_utf8(bytes("open-badge-v2.json")).unwrap();
    let twice = text.replacen(
        "\"name\": \"Invented badge\"",
        "\"name\": \"Other\", \"name\": \"Invented badge\"",
        1,
    );
    let fault = read(twice.as_bytes()).unwrap_err();
    assert_eq!(
        (fault.code, fault.place.as_str()),
        (Code::MemberTwice, "/name")
    );
}

#[test]
fn nested_credentials_cost_no_more_than_the_limits_allow() {
    // Each holds the next: without a common allowance the innermost would be expanded sixty times.
    let mut badge = json("open-badge-v2.json");
    for _ in 0..25 {
        let mut outer = json("open-badge-v2.json");
        outer["credentialSubject"]["verifiableCredential"] = badge;
        badge = outer;
    }
    let limits = Limits {
        statements: 500,
        ..Limits::default()
    };
    let document = Document::read(badge.to_string().as_bytes(), &limits).unwrap();
    let verification = soon("nested", || {
        document.verify(&crate::fixtures::keys(), crate::fixtures::now())
    });
    assert_eq!(verification.nested.len(), 25);
    assert!(
        verification
            .nested
            .iter()
            .any(|inner| inner.proof.code == Code::ProofTooCostly)
    );
}
