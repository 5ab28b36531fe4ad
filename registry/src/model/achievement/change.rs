//! Storing changed achievements, each with its new version.

use super::{AchievementRow, VersionRow};
use crate::db::tables::{achievement, achievement_version};
use crate::db::{Connection, insert};
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, Binary, Date, Integer, Nullable, SmallInt, Text, Timestamp};
use std::sync::LazyLock;

/// Stores changed achievements with their new versions; the versions before end now. None may be among them twice.
///
/// # Errors
/// The engine's error.
pub fn update_all(connection: &mut Connection, rows: &[AchievementRow]) -> QueryResult<()> {
    match connection {
        Connection::Sqlite(open) => rows.iter().try_for_each(|row| one(open, row)),
        // Three round trips a row were half the time of an import of changes.
        Connection::Postgres(open) => rows.chunks(AT_ONCE).try_for_each(|rows| many(open, rows)),
    }?;
    let versions: Vec<VersionRow> = rows.iter().map(VersionRow::of).collect();
    insert!(connection, achievement_version::table, versions)
}

/// How many rows one statement changes: all their columns are in memory once more.
const AT_ONCE: usize = 5_000;

fn one(open: &mut SqliteConnection, row: &AchievementRow) -> QueryResult<()> {
    diesel::update(achievement::table.find(row.id))
        .set(row)
        .execute(open)?;
    let ends = achievement_version::achievement_id
        .eq(row.id)
        .and(achievement_version::known_until.is_null());
    diesel::update(achievement_version::table.filter(ends))
        .set(achievement_version::known_until.eq(row.changed_at))
        .execute(open)?;
    Ok(())
}

/// Changes rows of `achievement`: each column by its name, its type in PostgreSQL's words and in diesel's, and what of
/// a row goes there. The first says which row it is.
macro_rules! change {
    ($open:expr, $rows:expr, $($column:ident: $stored:literal, $kind:ty, $value:expr;)+) => {{
        static STATEMENT: LazyLock<String> =
            LazyLock::new(|| statement(&[$((stringify!($column), $stored)),+]));
        diesel::sql_query(STATEMENT.as_str())
            $(.bind::<Array<$kind>, _>($rows.iter().map($value).collect::<Vec<_>>()))+
            .execute($open)
    }};
}

fn many(open: &mut PgConnection, rows: &[AchievementRow]) -> QueryResult<()> {
    change!(open, rows,
        id: "bytea", Binary, |row| row.id;
        learner_id: "bytea", Binary, |row| row.learner_id;
        subject_kind: "text", Text, |row| row.subject_kind.as_str();
        subject_code: "text", Text, |row| row.subject_code.as_str();
        title: "text", Text, |row| row.title.as_str();
        part_of: "text", Nullable<Text>, |row| row.part_of.as_deref();
        body: "text", Nullable<Text>, |row| row.body.as_deref();
        body_stated: "text", Nullable<Text>, |row| row.body_stated.as_deref();
        awarded_on: "date", Nullable<Date>, |row| row.awarded_on;
        awarded_on_stated: "text", Nullable<Text>, |row| row.awarded_on_stated.as_deref();
        started_on: "date", Nullable<Date>, |row| row.started_on;
        valid_from: "date", Nullable<Date>, |row| row.valid_from;
        valid_until: "date", Nullable<Date>, |row| row.valid_until;
        grade: "text", Nullable<Text>, |row| row.grade.as_deref();
        level: "smallint", Nullable<SmallInt>, |row| row.level;
        credit: "integer", Nullable<Integer>, |row| row.credit;
        status: "text", Text, |row| row.status.as_str();
        status_since: "date", Nullable<Date>, |row| row.status_since;
        status_reason: "text", Nullable<Text>, |row| row.status_reason.as_deref();
        route: "text", Text, |row| row.route.as_str();
        standing: "text", Text, |row| row.standing.as_str();
        result_id: "text", Nullable<Text>, |row| row.result_id.as_deref();
        certificate_number: "text", Nullable<Text>, |row| row.certificate_number.as_deref();
        centre: "text", Nullable<Text>, |row| row.centre.as_deref();
        registration_number: "text", Nullable<Text>, |row| row.registration_number.as_deref();
        registration_conditions: "text", Nullable<Text>, |row| row.registration_conditions.as_deref();
        registration_state: "text", Nullable<Text>, |row| row.registration_state.as_deref();
        version: "integer", Integer, |row| row.version;
        replaced_by: "bytea", Nullable<Binary>, |row| row.replaced_by;
        changed_at: "timestamp", Timestamp, |row| row.changed_at;
    )?;
    diesel::sql_query(
        "UPDATE achievement_version SET known_until = changed.at \
         FROM unnest($1::bytea[], $2::timestamp[]) AS changed (id, at) \
         WHERE achievement_id = changed.id AND known_until IS NULL",
    )
    .bind::<Array<Binary>, _>(rows.iter().map(|row| row.id).collect::<Vec<_>>())
    .bind::<Array<Timestamp>, _>(rows.iter().map(|row| row.changed_at).collect::<Vec<_>>())
    .execute(open)?;
    Ok(())
}

/// The statement that changes these columns, each bound as an array of a value a row.
fn statement(columns: &[(&str, &str)]) -> String {
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let set = names.iter().skip(1);
    let set: Vec<String> = set.map(|name| format!("{name} = changed.{name}")).collect();
    let arrays = columns.iter().zip(1..);
    let arrays = arrays.map(|((_, stored), place)| format!("${place}::{stored}[]"));
    let arrays: Vec<String> = arrays.collect();
    format!(
        "UPDATE achievement SET {} FROM unnest({}) AS changed ({}) WHERE achievement.id = changed.id",
        set.join(", "),
        arrays.join(", "),
        names.join(", "),
    )
}
