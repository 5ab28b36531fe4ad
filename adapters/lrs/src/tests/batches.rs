//! Achievement batches.

use super::{accepted, fixture, path, read, stop};

fn batch(before: &str, achievements: &str) -> String {
    format!(
        "<SubmitAchievementBatchJob>{before}<achievements>{achievements}</achievements></SubmitAchievementBatchJob>"
    )
}

#[test]
fn all_five_verbs_are_read() {
    let config = "[import]\nawarding_body = 'RN5217'";
    let outcome = read(config, fixture("lrs/achievement-batch.xml"));
    assert_eq!((&outcome.stop, outcome.codes()), (&None, vec![]));
    let verbs: Vec<&str> = outcome
        .records
        .iter()
        .map(|record| record.verb.as_str())
        .collect();
    assert_eq!(
        verbs,
        ["create", "update", "promote", "withdraw", "reinstate"]
    );
    for checked in accepted(&outcome) {
        assert_eq!(checked.notes, []);
    }
    let record = outcome.records.get(1).cloned().unwrap_or_default();
    assert_eq!(
        path(&record),
        "/Envelope/Body/SubmitAchievementBatchJob/achievements/Achievement[2]"
    );
    let person = record.person.unwrap_or_default();
    for (field, expected) in [
        (person.uln, "4100000285"),
        (person.given_name, "Ellis"),
        (person.family_name, "Invented"),
        (person.date_of_birth, "1989-11-02"),
        (person.gender, "1"),
        (person.postcode, "ZZ99 2BB"),
        (person.reference, "CG-000102"),
        (record.subject.unwrap_or_default().code, "L/601/1693"),
        (record.body.unwrap_or_default().recognition_number, "RN5217"),
        (record.awarded_on, "2013-06-28"),
        (record.action_date, "2013-07-02"),
        (record.action_reason, "Award date corrected"),
        (record.centre, "10000000"),
        (record.grade, "Pass"),
        (record.language, "English"),
        (record.status, "final"),
    ] {
        assert_eq!(field, expected);
    }
    let stated: Vec<_> = record
        .stated
        .iter()
        .map(|field| (field.name.as_str(), field.value.as_str()))
        .collect();
    assert_eq!(stated.len(), 15);
    assert_eq!(
        stated.get(2),
        Some(&("ActionDate", "2013-07-02T08:15:00+01:00")),
        "the source's own words stay whole"
    );
}

#[test]
fn the_invoking_users_password_goes_nowhere() {
    let astray = "<Achievement><Action>create</Action><OrgPassword>synthetic-password</OrgPassword></Achievement><Achievement><Action>synthetic-password</Action></Achievement>";
    let user = "<invokingUser><OrgPassword>synthetic-password</OrgPassword><submissionType>synthetic-password</submissionType></invokingUser>";
    for file in [
        fixture("lrs/achievement-batch.xml"),
        batch(user, astray).into_bytes(),
    ] {
        let outcome = read("", file);
        let stated = outcome.records.iter().flat_map(|record| &record.stated);
        let mut told: Vec<&str> = stated.map(|field| field.value.as_str()).collect();
        told.extend(outcome.issues.iter().map(|issue| issue.message.as_str()));
        told.extend(outcome.records.iter().map(|record| record.status.as_str()));
        assert!(!told.is_empty());
        assert!(
            !told.iter().any(|text| text.contains("synthetic-password")),
            "{told:?}"
        );
    }
}

#[test]
fn a_number_means_only_what_the_configuration_says() {
    let achievements: String = ["1", "2", "create", "", "fly"]
        .map(|action| format!("<Achievement><Action>{action}</Action></Achievement>"))
        .concat();
    let config = "actions = { '1' = 'withdraw' }";
    let outcome = read(config, batch("", &achievements));
    let verbs: Vec<&str> = outcome
        .records
        .iter()
        .map(|record| record.verb.as_str())
        .collect();
    assert_eq!(verbs, ["withdraw", "create"]);
    assert_eq!(outcome.codes(), ["action-unknown"; 3]);
    let first = outcome
        .issues
        .first()
        .map(|issue| (issue.message.as_str(), issue.position.path.as_str()));
    let (message, place) = first.unwrap_or_default();
    assert!(message.contains("\"2\" = \"create\""), "{message}");
    assert!(place.ends_with("/achievements/Achievement[2]"), "{place}");
}

#[test]
fn the_submission_type_is_the_status_of_all() {
    let achievement = "<Achievement><Action>create</Action></Achievement>";
    let config = "submission_types = { '7' = 'provisional' }";
    for (stated, status, codes) in [
        ("Final", "final", &[][..]),
        ("provisional", "provisional", &[]),
        ("7", "provisional", &[]),
        ("", "", &[]),
        ("8", "", &["submission-type-unknown"]),
        ("withdrawn", "", &["submission-type-unknown"]),
    ] {
        let before = format!("<submissionType>{stated}</submissionType>");
        let outcome = read(config, batch(&before, achievement));
        assert_eq!(outcome.codes(), codes, "{stated}");
        let found = outcome.records.first().map(|record| record.status.as_str());
        assert_eq!(found, Some(status), "{stated}");
    }
    let late =
        format!("<achievements>{achievement}</achievements><submissionType>final</submissionType>");
    assert_eq!(stop(&read("", batch(&late, ""))), "elements-out-of-order");
}

#[test]
fn a_bare_list_of_achievements_is_a_batch() {
    let outcome = read(
        "",
        "<a:achievements xmlns:a='x'><a:Achievement><a:Action>update</a:Action></a:Achievement></a:achievements>",
    );
    assert_eq!((outcome.stop, outcome.records.len()), (None, 1));
    let empty = read("", "<achievements/>");
    assert_eq!((empty.stop, empty.records.len()), (None, 0));
}

#[test]
fn a_wrong_key_is_named_with_what_is_allowed() {
    for (config, named) in [
        (
            "action = {}",
            &["action", "actions", "submission_types"][..],
        ),
        (
            "actions = { '1' = 'make' }",
            &["actions", "make", "reinstate"],
        ),
        (
            "submission_types = { '1' = 'withdrawn' }",
            &["submission_types", "withdrawn", "provisional"],
        ),
    ] {
        let outcome = read(config, "");
        assert_eq!(stop(&outcome), "config-invalid");
        let message = outcome.stop.map(|stop| stop.message).unwrap_or_default();
        for name in named {
            assert!(message.contains(name), "{name} in {message}");
        }
    }
}
