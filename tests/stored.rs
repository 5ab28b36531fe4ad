//! Rows that are written many at a time are stored as they were given, each column of them.

use crate::support::{Registry, Row, csv, uln};
use registry::db::{Connection, Id};
use registry::model::achievement::{self, AchievementRow, VersionRow};

/// Every column other than it was; the next version, five seconds later.
fn changed(before: &AchievementRow, number: u32) -> AchievementRow {
    let text = |name: &str| Some(format!("{name} of {number}"));
    let day = |day: u32| schema::Date::from_ymd_opt(2025, 3, day + number);
    AchievementRow {
        id: before.id,
        learner_id: before.learner_id,
        subject_kind: "a kind".to_owned(),
        subject_code: format!("code {number}"),
        title: format!("title {number}"),
        part_of: text("part"),
        body: text("body"),
        body_stated: text("body stated"),
        awarded_on: day(1),
        awarded_on_stated: text("day"),
        started_on: day(4),
        valid_from: day(7),
        valid_until: day(10),
        grade: text("grade"),
        level: i16::try_from(number).ok(),
        credit: i32::try_from(number + 7).ok(),
        status: format!("status {number}"),
        status_since: day(13),
        status_reason: text("reason"),
        route: format!("route {number}"),
        standing: format!("standing {number}"),
        result_id: text("result"),
        certificate_number: text("certificate"),
        centre: text("centre"),
        registration_number: text("registration"),
        registration_conditions: text("conditions"),
        registration_state: text("state"),
        version: before.version + 1,
        replaced_by: None,
        changed_at: before.changed_at + chrono::TimeDelta::seconds(5),
    }
}

#[test]
fn awards_that_change_together_are_stored_whole_each_with_its_new_version() {
    let registry = Registry::new();
    let learners = [1, 2, 3];
    let rows = learners.map(|learner| Row::award(learner, &format!("R-{learner}")));
    registry.push_csv("RN5217", &csv(&rows));
    let learners = learners.map(|learner| registry.learner_or_made(&uln(learner)));
    let stored = move |connection: &mut Connection| {
        let mut rows = achievement::rows_of_learners(connection, &learners)?;
        rows.sort_by_key(|row| row.id);
        let ids: Vec<Id> = rows.iter().map(|row| row.id).collect();
        Ok((rows, achievement::versions(connection, &ids)?))
    };
    let db = &registry.app.db;
    let (before, first) = db.read_blocking(stored).unwrap();
    assert_eq!((before.len(), first.len()), (3, 3));
    // The last one stays as it is.
    let wanted: Vec<AchievementRow> = (0..2)
        .zip(&before)
        .map(|(n, row)| changed(row, n))
        .collect();
    let rows = wanted.clone();
    let done = db.write_blocking(move |connection| Ok(achievement::update_all(connection, &rows)?));
    done.unwrap();
    let (after, versions) = db.read_blocking(stored).unwrap();
    assert_eq!(after[..2], wanted);
    assert_eq!(after[2], before[2]);
    let mut expected = first.clone();
    for (row, version) in wanted.iter().zip(&mut expected) {
        version.known_until = Some(row.changed_at);
    }
    expected.extend(wanted.iter().map(VersionRow::of));
    expected.sort_by_key(|version| (version.achievement_id, version.number));
    assert_eq!(versions, expected);
}
