//! Whom a credential is about.

use crate::json::{Object, folded, identifier, items, text};
use sdk::Person;
use serde_json::Value;

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
    for identity in items(subject.get("identifier"))
        .iter()
        .filter_map(Value::as_object)
    {
        // What is not clearly said to be plain is taken for hashed.
        if identity.get("hashed") != Some(&Value::Bool(false)) {
            continue;
        }
        let value = text(identity, "identityHash");
        let place = match folded(&text(identity, "identityType")).as_str() {
            "uln" | "uniquelearnernumber" => &mut person.uln,
            "givenname" => &mut person.given_name,
            "familyname" => &mut person.family_name,
            "dateofbirth" | "birthdate" => &mut person.date_of_birth,
            _ => continue,
        };
        if place.is_empty() {
            *place = value;
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
}
