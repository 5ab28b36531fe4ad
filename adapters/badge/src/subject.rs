//! What was achieved.

use crate::alignment;
use crate::json::{Object, folded, identifier, items, only, text};
use schema::{QualificationNumber, UnitReference};
use sdk::Subject;
use serde_json::Value;
use std::collections::BTreeSet;

/// The qualification number or unit reference of an achievement: by an identifier of that type, by its code,
/// or by an alignment with the register.
///
/// # Errors
/// The member that names several.
pub fn number(achievement: &Object) -> Result<Option<String>, &'static str> {
    let kinds = [
        "qan",
        "qrn",
        "qualificationnumber",
        "ofqual",
        "ofqualqualificationnumber",
        "unitreference",
        "unitreferencenumber",
    ];
    let named: BTreeSet<String> = items(achievement.get("otherIdentifier"))
        .iter()
        .filter_map(Value::as_object)
        .filter_map(|entry| {
            let typed = kinds.contains(&folded(&text(entry, "identifierType")).as_str());
            regulated(&text(entry, "identifier"), typed)
        })
        .collect();
    match (only(&named), named.is_empty()) {
        (Some(one), _) => return Ok(Some(one)),
        (None, false) => return Err("otherIdentifier"),
        (None, true) => {}
    }
    if let Some(code) = regulated(&text(achievement, "humanCode"), false) {
        return Ok(Some(code));
    }
    alignment::number(achievement).map_err(|()| "alignment")
}

/// The qualification number or unit reference that a text is: by its type, or in the form with obliques that
/// only those have.
fn regulated(text: &str, typed: bool) -> Option<String> {
    if !typed && text.matches('/').count() != 2 {
        return None;
    }
    QualificationNumber::parse(text)
        .map(|number| number.to_string())
        .or_else(|_| UnitReference::parse(text).map(|reference| reference.to_string()))
        .ok()
}

/// The subject of an award, and the member by which it names several.
pub(crate) fn of(achievement: &Object) -> (Subject, Option<&'static str>) {
    let number = number(achievement);
    let ambiguous = number.as_ref().err().copied();
    let code = match number {
        Ok(Some(number)) => number,
        // The achievement's own identifier is unique in the world, which its name is not.
        _ => identifier(&text(achievement, "id")),
    };
    let subject = Subject {
        code,
        title: text(achievement, "name"),
        ..Subject::default()
    };
    (subject, ambiguous)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn several_numbers_are_none_in_whatever_order() {
        let entry = |number: &str| json!({"identifierType": "ext:QualificationNumber", "identifier": number});
        let (one, same, other) = (entry("601/7898/X"), entry("6017898X"), entry("601/1693/4"));
        for (entries, expected) in [
            (json!([one, same]), Ok(Some("601/7898/X".to_owned()))),
            (json!([one, other]), Err("otherIdentifier")),
            (json!([other, one]), Err("otherIdentifier")),
            (json!([]), Ok(None)),
        ] {
            let achievement = json!({ "otherIdentifier": entries });
            let number = achievement.as_object().map(number);
            assert_eq!(number, Some(expected), "{entries}");
        }
    }
}
