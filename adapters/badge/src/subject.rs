//! What was achieved.

use crate::alignment;
use crate::json::{Object, folded, identifier, items, text};
use schema::{QualificationNumber, UnitReference};
use sdk::Subject;
use serde_json::Value;

/// The qualification number or unit reference of an achievement: by an identifier of that type, by its code,
/// or by an alignment with the register.
///
/// # Errors
/// Its alignments name several.
#[expect(clippy::result_unit_err, reason = "there is one way to be ambiguous")]
pub fn number(achievement: &Object) -> Result<Option<String>, ()> {
    for entry in items(achievement.get("otherIdentifier"))
        .iter()
        .filter_map(Value::as_object)
    {
        let value = text(entry, "identifier");
        let kinds = [
            "qan",
            "qrn",
            "qualificationnumber",
            "ofqual",
            "ofqualqualificationnumber",
            "unitreference",
            "unitreferencenumber",
        ];
        let typed = kinds.contains(&folded(&text(entry, "identifierType")).as_str());
        if regulated(&value, typed) {
            return Ok(Some(value));
        }
    }
    let code = text(achievement, "humanCode");
    if regulated(&code, false) {
        return Ok(Some(code));
    }
    alignment::number(achievement)
}

/// The text is a qualification number or unit reference: by its type, or in the form with obliques that only
/// those have.
fn regulated(text: &str, typed: bool) -> bool {
    (typed || text.matches('/').count() == 2)
        && (QualificationNumber::parse(text).is_ok() || UnitReference::parse(text).is_ok())
}

/// The subject of an award; the second says that alignments contradict each other.
pub(crate) fn of(achievement: &Object) -> (Subject, bool) {
    let number = number(achievement);
    let ambiguous = number.is_err();
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
