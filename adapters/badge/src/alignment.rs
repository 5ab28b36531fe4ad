//! Alignments: frameworks and registers in which an achievement has its place.

use crate::json::{Object, folded, items, text, texts};
use schema::{Level, QualificationNumber, UnitReference};
use serde_json::Value;
use std::collections::BTreeMap;

/// Types of targets that are a part of what was learned, or of how it was judged, and never an award.
const PARTS: [&str; 6] = [
    "competency",
    "cfrubric",
    "cfrubriccriterion",
    "cfrubriccriterionlevel",
    "level",
    "framework",
];

/// The alignments of an achievement.
pub(crate) fn all(achievement: &Object) -> impl Iterator<Item = &Object> {
    items(achievement.get("alignment"))
        .iter()
        .filter_map(Value::as_object)
}

/// The qualification number or unit reference that alignments name; none where they name several.
///
/// # Errors
/// The alignments contradict each other.
pub(crate) fn number(achievement: &Object) -> Result<Option<String>, ()> {
    let mut found: Option<String> = None;
    for alignment in all(achievement).filter(|alignment| names_award(alignment)) {
        let code = text(alignment, "targetCode");
        let number = QualificationNumber::parse(&code)
            .map(|number| number.to_string())
            .or_else(|_| UnitReference::parse(&code).map(|reference| reference.to_string()));
        match (number, &found) {
            (Err(_), _) => {}
            (Ok(number), Some(other)) if number != *other => return Err(()),
            (Ok(number), _) => found = Some(number),
        }
    }
    Ok(found)
}

/// The target is an award of Ofqual's register: its type, framework or address says so, or its code is
/// written in the way that no other register's is.
fn names_award(alignment: &Object) -> bool {
    let (kind, framework) = (
        text(alignment, "targetType"),
        text(alignment, "targetFramework"),
    );
    let mut kinds = texts(alignment, "targetType").into_iter();
    if kinds.any(|kind| PARTS.contains(&folded(&kind).as_str())) {
        return false;
    }
    let framework = folded(&framework);
    let kinds = [
        "qualification",
        "qualificationnumber",
        "ofqualqualification",
        "unit",
    ];
    let frameworks = [
        "ofqual",
        "regulatedqualifications",
        "rqf",
        "qcf",
        "registerofregulatedqualifications",
    ];
    kinds.contains(&folded(&kind).as_str())
        || frameworks.iter().any(|known| framework.starts_with(known))
        || ofqual(&text(alignment, "targetUrl"))
        || text(alignment, "targetCode").matches('/').count() == 2
}

/// An address of Ofqual's.
fn ofqual(address: &str) -> bool {
    let Some(rest) = address.strip_prefix("https://") else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    host == "ofqual.gov.uk" || host.ends_with(".ofqual.gov.uk")
}

/// The level of the registry's framework that an alignment names. Levels of other frameworks, the EQF's
/// among them, are not converted; several are none.
pub(crate) fn level(achievement: &Object) -> Option<String> {
    let levels: BTreeMap<Level, String> = all(achievement)
        .filter(|alignment| {
            let framework = folded(&text(alignment, "targetFramework"));
            matches!(
                framework.as_str(),
                "rqf"
                    | "qcf"
                    | "regulatedqualificationsframework"
                    | "qualificationsandcreditframework"
            )
        })
        .filter_map(|alignment| {
            let names = ["targetCode", "targetName"].map(|name| text(alignment, name));
            let mut levels = names.into_iter().map(|name| (Level::parse(&name), name));
            levels.find_map(|(level, name)| Some((level?, name)))
        })
        .collect();
    let mut levels = levels.into_values();
    levels.next().filter(|_| levels.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn achievement(alignments: &Value) -> Object {
        let whole = json!({ "alignment": alignments });
        whole.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn only_an_alignment_with_the_register_is_a_number() {
        for (alignment, expected) in [
            (
                json!({"targetCode": "6017898X", "targetFramework": "Ofqual Register of Regulated Qualifications"}),
                Some("601/7898/X"),
            ),
            (
                json!({"targetCode": "6017898X", "targetType": "ext:QualificationNumber"}),
                Some("601/7898/X"),
            ),
            (
                json!({"targetCode": "6017898X", "targetUrl": "https://register.ofqual.gov.uk/Detail/1"}),
                Some("601/7898/X"),
            ),
            (json!({"targetCode": "601/7898/X"}), Some("601/7898/X")),
            (
                json!({"targetCode": "L/601/1693", "targetFramework": "RQF"}),
                Some("L/601/1693"),
            ),
            (json!({"targetCode": "6017898X"}), None),
            (
                json!({"targetCode": "6017898X", "targetUrl": "https://ofqual.gov.uk.example.org/"}),
                None,
            ),
            (
                json!({"targetCode": "601/7898/X", "targetType": "ceasn:Competency"}),
                None,
            ),
            (
                json!({"targetCode": "degree", "targetFramework": "Ofqual"}),
                None,
            ),
            (json!(["text", 5, null]), None),
        ] {
            assert_eq!(
                number(&achievement(&alignment)),
                Ok(expected.map(str::to_owned)),
                "{alignment}"
            );
        }
        let two = json!([{"targetCode": "601/7898/X"}, {"targetCode": "500/9170/0"}]);
        assert_eq!(number(&achievement(&two)), Err(()));
        let same = json!([{"targetCode": "601/7898/X"}, {"targetCode": "6017898X", "targetFramework": "Ofqual"}]);
        assert_eq!(number(&achievement(&same)), Ok(Some("601/7898/X".into())));
    }

    #[test]
    fn only_the_frameworks_own_level_is_a_level() {
        for (framework, code, expected) in [
            ("RQF", "Level 3", Some("Level 3")),
            ("Regulated Qualifications Framework", "3", Some("3")),
            ("European Qualifications Framework", "4", None),
            ("EQF", "Level 4", None),
            ("RQF", "601/7898/X", None),
        ] {
            let stated = json!({"targetFramework": framework, "targetCode": code});
            assert_eq!(
                level(&achievement(&stated)).as_deref(),
                expected,
                "{framework}"
            );
        }
    }
}
