//! What is read without the library, compared with what the library makes of it, on the fixtures changed in some thousand ways.

use super::super::*;
use super::{allowance, badge, fixtures, load_json, object};
use crate::Limits;

/// Every document that comes of taking away one member of this one, wherever it stands.
fn each_without_a_member(value: &Value) -> Vec<Value> {
    match value {
        Value::Object(members) => {
            let mut made = Vec::new();
            for (name, member) in members {
                let mut without = members.clone();
                without.remove(name);
                made.push(Value::Object(without));
                for changed in each_without_a_member(member) {
                    let mut with = members.clone();
                    with.insert(name.clone(), changed);
                    made.push(Value::Object(with));
                }
            }
            made
        }
        Value::Array(items) => {
            let each = items.iter().enumerate().flat_map(|(place, item)| {
                let put = move |changed: Value| (place, changed);
                each_without_a_member(item).into_iter().map(put)
            });
            let changed = each.map(|(place, changed)| {
                let mut with = items.clone();
                with[place] = changed;
                Value::Array(with)
            });
            changed.collect()
        }
        _ => Vec::new(),
    }
}

/// Every document that comes of putting something else in the place of one value of this one.
fn each_with_another_value(value: &Value, other: &Value) -> Vec<Value> {
    let mut made = vec![other.clone()];
    match value {
        Value::Object(members) => {
            for (name, member) in members.iter().filter(|(name, _)| *name != "@context") {
                for changed in each_with_another_value(member, other) {
                    let mut with = members.clone();
                    with.insert(name.clone(), changed);
                    made.push(Value::Object(with));
                }
            }
        }
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                for changed in each_with_another_value(item, other) {
                    let mut with = items.clone();
                    with[place] = changed;
                    made.push(Value::Array(with));
                }
            }
        }
        _ => {}
    }
    made
}

/// What stands in others' places: each kind of value, and what is easily taken for another.
fn others() -> Vec<Value> {
    let mut others = vec![
        json!(null),
        json!({}),
        json!([]),
        json!(true),
        json!(7),
        json!(-2.50),
    ];
    others.extend([
        json!(1.5e30),
        json!(7.0),
        json!(0),
        json!("text"),
        json!("urn:a:b"),
    ]);
    others.extend([
        json!("a b:c"),
        json!("_:b0"),
        json!("obi:name"),
        json!("Profile"),
        json!("@odd"),
    ]);
    others.extend([
        json!("https://a.example/../b"),
        json!("1a:b"),
        json!({"id": "urn:a:b"}),
    ]);
    others.extend([json!({"name": null}), json!({"id": "urn:a:b", "type": []})]);
    others.extend([
        json!({"@value": "x"}),
        json!({"@value": "x", "@language": "CY-gb"}),
    ]);
    others.extend([
        json!({"@value": 1}),
        json!({"@value": "x", "@type": "xsd:date"}),
    ]);
    others.extend([
        json!({"type": ["Profile", "Image"], "name": "x"}),
        json!(["x", "y", "x"]),
    ]);
    others.extend([
        json!({"type": "Address", "name": "x", "id": "urn:a:b"}),
        json!({"type": "name"}),
    ]);
    others.extend([json!({"@context": "https://w3id.org/security/multikey/v1", "id": "urn:a"})]);
    others.extend([json!({"@context": "https://www.w3.org/2018/credentials/v1", "type": "VerifiableCredential"})]);
    others
}

/// Counts a document whose statements were made here, after comparing them with the library's.
fn compare(document: &Value, made: &mut usize) {
    let document = object(document);
    let mut look = Look {
        own_contexts: false,
        keyword_like: false,
    };
    let most = Limits::default().statements;
    let Some(ours) = statements::statements(document, most) else {
        return;
    };
    let sound = |quad: &Quad| undefined(quad).is_none() && is_sound(quad);
    if inspect(document, &mut String::new(), &mut look).is_err() || !ours.iter().all(sound) {
        return;
    }
    let text = |quads: &[Quad]| canonicalise(quads, &mut allowance().canonical);
    let theirs = by_library(document, &look, &mut allowance());
    let theirs = theirs.map(|quads| text(&quads));
    assert_eq!(Ok(text(&ours)), theirs, "{}", json!(document));
    *made += 1;
}

#[test]
fn documents_mean_what_the_library_takes_them_for() {
    let names = ["clr", "rich", "open-badge-v1", "open-badge-v2", "proof-set"];
    for name in names {
        let document = load_json(&fixtures().join(format!("{name}.json")));
        let mut made = 0;
        compare(&document, &mut made);
        assert_eq!(made, 1, "{name} is left to the library");
        each_without_a_member(&document)
            .iter()
            .for_each(|document| compare(document, &mut made));
        assert!(made > 20, "{name}: {made}");
    }
    // Each place of a badge with each other value; of a larger document, every so many.
    let mut made = 0;
    for (name, every) in [("open-badge-v2", 1), ("open-badge-v1", 3), ("clr", 17)] {
        let document = load_json(&fixtures().join(format!("{name}.json")));
        let changed = others().into_iter().flat_map(|other| {
            let mut changed = each_with_another_value(&document, &other);
            changed.remove(0);
            changed
        });
        changed
            .step_by(every)
            .for_each(|document| compare(&document, &mut made));
    }
    assert!(made > 300, "{made}");
}

#[test]
fn contexts_in_every_order_are_what_the_library_makes_of_them() {
    let addresses: Vec<&str> = crate::context::known_contexts().collect();
    let mut made = 0;
    for first in &addresses {
        for second in &addresses {
            let mut document = badge();
            document["@context"] = json!([first, second]);
            compare(&document, &mut made);
            let small = json!({"@context": [first, second], "id": "urn:a", "type": "VerifiableCredential", "name": "x"});
            compare(&small, &mut made);
        }
    }
    assert!(made > 20, "{made}");
}
