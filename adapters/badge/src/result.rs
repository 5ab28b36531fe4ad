//! The results that a credential states: grades, levels reached, whether it was completed.

use crate::json::{Object, items, only, text, texts};
use serde_json::Value;
use std::collections::BTreeSet;

/// What the results of a subject say.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Results {
    /// The grade, where there is one for the whole.
    pub(crate) grade: String,
    /// Something is stated to be unfinished or failed, and nothing to be completed.
    pub(crate) unfinished: bool,
}

/// Reads the results of a subject in the light of what the achievement says of them.
pub(crate) fn of(subject: &Object, achievement: &Object) -> Results {
    let results = || {
        items(subject.get("result"))
            .iter()
            .filter_map(Value::as_object)
    };
    let statuses: BTreeSet<String> = results()
        .flat_map(|result| texts(result, "status"))
        .filter(|status| !status.is_empty())
        .collect();
    let completed = statuses.contains("Completed");
    let graded: Vec<(String, String, bool)> = results()
        .filter_map(|result| graded(result, achievement))
        .collect();
    let descriptions: BTreeSet<&str> = graded.iter().map(|(one, ..)| one.as_str()).collect();
    let of = |is_value: bool| -> BTreeSet<&str> {
        let of_kind = graded.iter().filter(|(.., value)| *value == is_value);
        of_kind.map(|(_, grade, _)| grade.as_str()).collect()
    };
    // A value goes before a level that was reached; of several results none is the grade of the whole, and a list
    // has no order that a proof would cover.
    let (values, levels) = (of(true), of(false));
    let agreed = only(if values.is_empty() { &levels } else { &values });
    let grade = agreed
        .filter(|_| descriptions.len() == 1)
        .map(str::to_owned);
    Results {
        grade: grade.unwrap_or_default(),
        unfinished: !statuses.is_empty() && !completed,
    }
}

/// Which result it is, its grade, and whether it is a value. Predictions and mere statuses are no grades.
fn graded(result: &Object, achievement: &Object) -> Option<(String, String, bool)> {
    let described = text(result, "resultDescription");
    let descriptions = || {
        items(achievement.get("resultDescription"))
            .iter()
            .filter_map(Value::as_object)
    };
    let no_grade = descriptions()
        .filter(|one| !described.is_empty() && text(one, "id") == described)
        .flat_map(|one| texts(one, "resultType"))
        .any(|kind| matches!(kind.as_str(), "PredictedScore" | "Status"));
    if no_grade {
        return None;
    }
    let value = text(result, "value");
    if !value.is_empty() {
        return Some((described, value, true));
    }
    let reached = text(result, "achievedLevel");
    let names: BTreeSet<String> = descriptions()
        .flat_map(|one| items(one.get("rubricCriterionLevel")))
        .filter_map(Value::as_object)
        .filter(|level| !reached.is_empty() && text(level, "id") == reached)
        .map(|level| text(level, "name"))
        .collect();
    let name = only(&names).filter(|name| !name.is_empty())?;
    Some((described, name, false))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(results: &Value) -> Results {
        let achievement = json!({"resultDescription": [
            {"id": "urn:grade", "resultType": "LetterGrade"},
            {"id": "urn:guess", "resultType": "PredictedScore"},
            {"id": "urn:other", "resultType": "RawScore"},
            {"id": "urn:rubric", "resultType": "RubricCriterionLevel", "rubricCriterionLevel": [{"id": "urn:l", "name": "Mastery"}]},
        ]});
        let subject = json!({ "result": results });
        let empty = Object::new();
        of(
            subject.as_object().unwrap_or(&empty),
            achievement.as_object().unwrap_or(&empty),
        )
    }

    #[test]
    fn the_grade_of_the_whole_is_the_grade() {
        let grade = json!({"resultDescription": "urn:grade", "value": "A"});
        let lower = json!({"resultDescription": "urn:grade", "value": "E"});
        let guess = json!({"resultDescription": "urn:guess", "value": "B"});
        let other = json!({"resultDescription": "urn:other", "value": 57});
        let rubric = json!({"resultDescription": "urn:rubric", "achievedLevel": "urn:l"});
        for (results, expected) in [
            (json!(grade), "A"),
            (json!([guess, grade]), "A"),
            (json!([other]), "57"),
            (json!([grade, other]), ""),
            (json!([rubric]), "Mastery"),
            (json!([{"value": "Pass"}]), "Pass"),
            (json!([guess]), ""),
            // The same result twice, in whatever order.
            (json!([grade, grade]), "A"),
            (json!([grade, lower]), ""),
            (json!([lower, grade]), ""),
            (
                json!([{"resultDescription": "urn:grade", "value": ["A", "E"]}]),
                "",
            ),
            (json!("A"), ""),
        ] {
            assert_eq!(read(&results).grade, expected, "{results}");
        }
    }

    #[test]
    fn what_is_stated_unfinished_is_no_award() {
        for (results, unfinished) in [
            (json!([]), false),
            (json!([{"status": "Completed"}]), false),
            (
                json!([{"status": "InProgress"}, {"status": "Completed"}]),
                false,
            ),
            (json!({"status": "Failed"}), true),
            (json!({"status": ["Failed", "Withdrawn"]}), true),
            (json!([{"status": "Enrolled"}, {"value": "A"}]), true),
        ] {
            assert_eq!(read(&results).unfinished, unfinished, "{results}");
        }
    }
}
