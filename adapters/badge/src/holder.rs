//! Whom a credential is about.

use crate::json::{Object, folded, identifier, items, only, text};
use sdk::Person;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The person that a subject describes. A hashed identity is nobody's name or number, and a ULN is one only
/// where its type says so.
pub(crate) fn person(subject: &Object) -> Person {
    let mut person = Person {
        given_name: text(subject, "givenName"),
        family_name: text(subject, "familyName"),
        date_of_birth: first(subject, &["dateOfBirth", "birthDate"]),
        reference: identifier(&text(subject, "id")),
        ..Person::default()
    };
    let mut plain: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for identity in items(subject.get("identifier"))
        .iter()
        .filter_map(Value::as_object)
    {
        // What is not clearly said to be plain is taken for hashed.
        if identity.get("hashed") != Some(&Value::Bool(false)) {
            continue;
        }
        let fact = match folded(&text(identity, "identityType")).as_str() {
            "uln" | "uniquelearnernumber" => "uln",
            "givenname" => "given",
            "familyname" => "family",
            "dateofbirth" | "birthdate" => "born",
            _ => continue,
        };
        let value = text(identity, "identityHash");
        plain.entry(fact).or_default().insert(value);
    }
    for (fact, place) in [
        ("uln", &mut person.uln),
        ("given", &mut person.given_name),
        ("family", &mut person.family_name),
        ("born", &mut person.date_of_birth),
    ] {
        // Of several that differ none is the person's: a list has no order that a proof would cover.
        if place.is_empty() {
            *place = plain.get(fact).and_then(only).unwrap_or_default();
        }
    }
    person.date_of_birth = sdk::day(&person.date_of_birth).to_owned();
    person
}

fn first(object: &Object, names: &[&str]) -> String {
    let mut found = names.iter().map(|name| text(object, name));
    found.find(|text| !text.is_empty()).unwrap_or_default()
}

/// What the second says of the person where the first is silent.
pub(crate) fn filled(mut person: Person, other: Person) -> Person {
    for (place, value) in [
        (&mut person.uln, other.uln),
        (&mut person.given_name, other.given_name),
        (&mut person.family_name, other.family_name),
        (&mut person.date_of_birth, other.date_of_birth),
        (&mut person.reference, other.reference),
    ] {
        if place.is_empty() {
            *place = value;
        }
    }
    person
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_is_plain_and_says_so_is_a_fact_about_the_person() {
        let identity = |kind: &str, hashed: Value| json!({"type": "IdentityObject", "identityHash": "9276308686", "identityType": kind, "hashed": hashed, "salt": "s"});
        for (kind, hashed, known) in [
            ("ext:uln", json!(false), true),
            ("ULN", json!(false), true),
            ("ext:uln", json!(true), false),
            ("ext:uln", json!("false"), false),
            ("ext:uln", json!(null), false),
            ("identifier", json!(false), false),
            ("nationalIdentityNumber", json!(false), false),
            ("name", json!(false), false),
        ] {
            let subject =
                json!({"id": "did:example:1", "identifier": identity(kind, hashed.clone())});
            let person = subject.as_object().map(person).unwrap_or_default();
            assert_eq!(person.uln == "9276308686", known, "{kind} {hashed}");
            assert_eq!(
                (person.given_name.as_str(), person.family_name.as_str()),
                ("", "")
            );
            assert_eq!(person.reference, "did:example:1");
        }
    }

    #[test]
    fn of_several_numbers_none_is_the_persons_in_whatever_order() {
        let identity = |number: &str| json!({"type": "IdentityObject", "identityHash": number, "identityType": "ext:uln", "hashed": false});
        let (one, other) = (identity("9276308686"), identity("1000000005"));
        for (identities, uln) in [
            (json!([one, one]), "9276308686"),
            (json!([one, other]), ""),
            (json!([other, one]), ""),
        ] {
            let subject = json!({ "identifier": identities });
            let person = subject.as_object().map(person).unwrap_or_default();
            assert_eq!(person.uln, uln, "{identities}");
        }
    }
}
