//! Documents compared with the canonical form that jsonld.js gives them, and what must be refused.

use super::*;
use crate::{Limits, foreign, json};
use std::path::{Path, PathBuf};

mod library;

fn allowance() -> Allowance {
    Allowance::new(&Limits::default())
}

fn object(value: &Value) -> &Map<String, Value> {
    value.as_object().unwrap()
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

fn load_json(path: &Path) -> Value {
    json::read(&std::fs::read(path).unwrap(), &Limits::default()).unwrap()
}

#[test]
fn fixtures_have_the_canonical_form_that_jsonld_js_gave_them() {
    let mut compared = 0;
    for entry in std::fs::read_dir(fixtures().join("canonical")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let mut document = load_json(&fixtures().join(format!("{name}.json")));
        document.as_object_mut().unwrap().remove("proof");
        let theirs = std::fs::read_to_string(&path).unwrap();
        assert_eq!(
            canonical(object(&document), &mut allowance()),
            Ok(theirs),
            "{name}"
        );
        compared += 1;
    }
    assert!(compared >= 12, "{compared}");
}

fn badge() -> Value {
    load_json(&fixtures().join("open-badge-v2.json"))
}

/// A place, the value put there, and what is to be said of it.
type Change = (&'static str, Value, Option<(Code, &'static str)>);

/// Changes of a badge, each with what is to be said of it; `None` where it is well.
fn changes() -> Vec<Change> {
    let v2 = "https://www.w3.org/ns/credentials/v2";
    let undefined = |place| Some((Code::TermUndefined, place));
    vec![
        ("/colour", json!("blue"), undefined("/colour")),
        ("/colour", json!(null), None),
        (
            "/issuer/favourite",
            json!({"id": "urn:a"}),
            undefined("/issuer/favourite"),
        ),
        (
            "/credentialSubject/achievement/grade",
            json!("A"),
            undefined("/credentialSubject/achievement/grade"),
        ),
        (
            "/type",
            json!(["VerifiableCredential", "UnheardOf"]),
            undefined("/type/1"),
        ),
        (
            "/credentialSubject/type",
            json!(["AchievementSubject", "x y"]),
            undefined("/credentialSubject/type/1"),
        ),
        ("/id", json!("not-absolute"), undefined("/id")),
        ("/issuer/id", json!("not-absolute"), undefined("/issuer/id")),
        (
            "/id",
            json!("https://a.example/with space"),
            Some((Code::LinkedDataInvalid, "")),
        ),
        (
            "/id",
            json!("https://a.example/>"),
            Some((Code::LinkedDataInvalid, "")),
        ),
        ("/id", json!("@odd"), undefined("")),
        (
            "/type",
            json!(["VerifiableCredential", "@odd"]),
            undefined(""),
        ),
        ("/name", json!("@odd"), None),
        (
            "/name",
            json!({"@value": "Bathodyn", "@language": "cy"}),
            None,
        ),
        (
            "/name",
            json!({"@value": "Bathodyn", "@language": "c y"}),
            Some((Code::LinkedDataInvalid, "")),
        ),
        (
            "/name",
            json!({"@value": "Bathodyn", "@direction": "rtl"}),
            undefined("/name/@direction"),
        ),
        (
            "/unheardOf",
            json!({"@language": "en"}),
            undefined("/unheardOf/@language"),
        ),
        (
            "/name",
            json!({"@language": "en"}),
            undefined("/name/@language"),
        ),
        (
            "/name",
            json!({"@value": "Bathodyn", "@index": "1"}),
            undefined("/name/@index"),
        ),
        (
            "/https:~1~1schema.org~1name",
            json!("x"),
            undefined("/https:~1~1schema.org~1name"),
        ),
        (
            "/issuer/obi:name",
            json!("x"),
            undefined("/issuer/obi:name"),
        ),
        (
            "/credentialSubject/achievement/Criteria",
            json!({"narrative": "x"}),
            undefined("/credentialSubject/achievement/Criteria"),
        ),
        (
            "/issuer/type",
            json!(["https://purl.imsglobal.org/spec/vc/ob/vocab.html#Profile"]),
            undefined("/issuer/type"),
        ),
        ("/@id", json!("urn:b"), undefined("/@id")),
        ("/@type", json!("Profile"), undefined("/@type")),
        ("/@graph", json!([]), undefined("/@graph")),
        ("/@included", json!([]), undefined("/@included")),
        ("/@reverse", json!({}), undefined("/@reverse")),
        ("/@anything", json!(1), undefined("/@anything")),
        ("/issuer/@nest", json!({}), undefined("/issuer/@nest")),
        (
            "/@context",
            json!(null),
            Some((Code::ContextInline, "/@context")),
        ),
        (
            "/@context",
            json!([v2, {"name": null}]),
            Some((Code::ContextInline, "/@context/1")),
        ),
        (
            "/@context",
            json!([v2, "https://a.example/context"]),
            Some((Code::ContextUnknown, "/@context/1")),
        ),
        (
            "/credentialSubject/@context",
            json!({"achievement": null}),
            Some((Code::ContextInline, "/credentialSubject/@context")),
        ),
        (
            "/credentialSubject/@context",
            json!("https://a.example/"),
            Some((Code::ContextUnknown, "/credentialSubject/@context")),
        ),
        ("/@context", json!([v2]), undefined("/type/1")),
        (
            "/@context",
            json!([v2, "https://w3id.org/security/data-integrity/v2"]),
            undefined("/type/1"),
        ),
        ("/@context", json!([]), undefined("")),
        ("/issuer/url", json!("https://body.example"), None),
        ("/issuer/url", json!([]), None),
    ]
}

fn changed(place: &str, value: &Value) -> Value {
    let mut document = badge();
    document.as_object_mut().unwrap().remove("proof");
    let (parent, name) = place.rsplit_once('/').unwrap();
    let name = name.replace("~1", "/");
    document.pointer_mut(parent).unwrap()[name] = value.clone();
    document
}

#[test]
fn what_no_proof_would_cover_is_refused_with_its_place() {
    for (place, value, expected) in changes() {
        let result = canonical(object(&changed(place, &value)), &mut allowance());
        let told = result
            .as_ref()
            .err()
            .map(|refusal| (refusal.code, refusal.place.as_str()));
        match expected {
            // Without its contexts a document has many undefined things; any of them will do.
            Some((code, "")) => {
                assert_eq!(told.map(|(code, _)| code), Some(code), "{place} {value}");
            }
            // `null` says nothing.
            _ => assert_eq!(told, expected, "{place} {value}"),
        }
    }
}

#[test]
fn jsonld_js_in_safe_mode_refuses_what_we_take_nowhere() {
    let documents: Vec<Value> = changes()
        .into_iter()
        .map(|(place, value, _)| changed(place, &value))
        .collect();
    let questions: Vec<Value> = documents
        .iter()
        .map(|document| json!({ "document": document }))
        .collect();
    let Some(answers) = foreign::ask(&questions) else {
        return;
    };
    for (document, answer) in documents.iter().zip(answers) {
        if let Ok(ours) = canonical(object(document), &mut allowance()) {
            // An undefined member whose value is `null` is an error there and says nothing here.
            if document.get("colour") == Some(&Value::Null) {
                continue;
            }
            assert_eq!(
                Some(ours.as_str()),
                answer["canonical"].as_str(),
                "{document} {answer}"
            );
        }
    }
}

/// The optional folder of real files.
fn samples() -> Option<PathBuf> {
    let folder = std::env::var_os("IQF_SAMPLES").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples"),
        PathBuf::from,
    );
    if folder.exists() {
        return Some(folder);
    }
    eprintln!("SKIPPED: no folder of samples; set IQF_SAMPLES");
    None
}

#[test]
fn samples_have_the_canonical_form_that_jsonld_js_gives_them() {
    let Some(folder) = samples() else { return };
    let mut documents = Vec::new();
    for below in ["openbadges3", "clr2"] {
        for entry in std::fs::read_dir(folder.join(below)).unwrap() {
            let path = entry.unwrap().path();
            if path
                .extension()
                .is_some_and(|extension| extension == "json")
            {
                let mut document = load_json(&path);
                document.as_object_mut().unwrap().remove("proof");
                documents.push((path, document));
            }
        }
    }
    assert!(documents.len() >= 9);
    let questions: Vec<Value> = documents
        .iter()
        .map(|(_, document)| json!({ "document": document }))
        .collect();
    let Some(answers) = foreign::ask(&questions) else {
        return;
    };
    for ((path, document), answer) in documents.iter().zip(answers) {
        let ours = canonical(object(document), &mut allowance());
        assert_eq!(
            ours.as_ref().ok().map(String::as_str),
            answer["canonical"].as_str(),
            "{} {ours:?} {answer}",
            path.display()
        );
    }
}
