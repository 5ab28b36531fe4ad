//! The workforce on a day as it is counted, and figures as they were published.

use crate::db::tables::{workforce_row, workforce_snapshot, workforce_table};
use crate::db::{Connection, either, insert};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date as SqlDate, Nullable, SmallInt, Text};
use schema::Date;

/// So many people are alike.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct Alike {
    /// The role of their post.
    #[diesel(sql_type = Text)]
    pub role: String,
    /// The area of their post.
    #[diesel(sql_type = Text)]
    pub area: String,
    /// The highest level of a qualification that counts and is in force, by its place; none where they have none.
    #[diesel(sql_type = Nullable<SmallInt>)]
    pub level: Option<i16>,
    /// A digit that puts the status in its rank, and the status; none where they have none.
    #[diesel(sql_type = Nullable<Text>)]
    pub status: Option<String>,
    /// How many they are.
    #[diesel(sql_type = BigInt)]
    pub people: i64,
}

/// Posts needed, or places to learn, of one role in one area.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct StatedSum {
    /// The role.
    #[diesel(sql_type = Text)]
    pub role: String,
    /// The area.
    #[diesel(sql_type = Text)]
    pub area: String,
    /// How many.
    #[diesel(sql_type = BigInt)]
    pub number: i64,
}

/// A table of a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = workforce_table, treat_none_as_default_value = false)]
pub struct TableRow {
    /// The snapshot.
    pub day: Date,
    /// Its dimensions, a bit each.
    pub dimensions: i16,
    /// How many rows it has; none where they are more than are published.
    pub row_count: Option<i32>,
}

/// A row as it is told.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = workforce_row, treat_none_as_default_value = false)]
pub struct FigureRow {
    /// The snapshot.
    pub day: Date,
    /// The table's dimensions, a bit each.
    pub dimensions: i16,
    /// The sector's code.
    pub sector: String,
    /// The role's code.
    pub role: String,
    /// The level.
    pub level: String,
    /// The status.
    pub status: String,
    /// The area.
    pub area: String,
    /// How many people.
    pub people: Option<i32>,
    /// How many posts are needed.
    pub needed: Option<i32>,
    /// How many places to learn there are.
    pub provision: Option<i32>,
}

/// Who held a post on the day, each person once at the post that began last (of several of one day at the first by role and
/// area), with what they hold as it is known now. Whoever was merged is one person.
const ALIKE: &str = "
WITH post AS (
    SELECT coalesce(l.merged_into, l.id) AS person, p.role, p.area, row_number() OVER (
        PARTITION BY coalesce(l.merged_into, l.id) ORDER BY p.from_day DESC, p.role, p.area
    ) AS place
    FROM post_held p JOIN learner l ON l.id = p.learner_id
    WHERE p.from_day <= {day} AND (p.to_day IS NULL OR p.to_day >= {day})
), held AS (
    SELECT a.learner_id AS person,
        max(CASE WHEN a.subject_kind = 'qualification'
            THEN coalesce(CASE WHEN q.registered THEN q.level END, a.level) END) AS level,
        min(CASE WHEN a.subject_kind = 'status' THEN CASE a.subject_code
            WHEN 'QTS' THEN '0' WHEN 'QTLS' THEN '1' WHEN 'EYTS' THEN '2' WHEN 'EYPS' THEN '3' ELSE '4'
            END || a.subject_code END) AS status
    FROM achievement a
    LEFT JOIN qualification q ON a.subject_kind = 'qualification' AND q.number = a.subject_code
    WHERE a.replaced_by IS NULL AND a.status = 'final' AND a.standing IN ('attested', 'recorded')
        AND a.subject_kind IN ('qualification', 'status')
        AND (a.awarded_on IS NULL OR a.awarded_on <= {day})
        AND (a.valid_from IS NULL OR a.valid_from <= {day})
        AND (a.valid_until IS NULL OR a.valid_until >= {day})
    GROUP BY a.learner_id
)
SELECT post.role, post.area, held.level, held.status, count(*) AS people
FROM post LEFT JOIN held ON held.person = post.person
WHERE post.place = 1
GROUP BY post.role, post.area, held.level, held.status";

/// What is stated of a day: what each source said last by then, unless it has ended; those of several sources together.
const STATED: &str = "
SELECT role, area, CAST(sum(number) AS BIGINT) AS number FROM (
    SELECT role, area, {number} AS number, to_day, row_number() OVER (
        PARTITION BY role, area, stated_by ORDER BY from_day DESC
    ) AS place
    FROM {table} WHERE from_day <= {day}
) AS stated
WHERE place = 1 AND (to_day IS NULL OR to_day >= {day})
GROUP BY role, area";

/// The workforce on a day, counted by the database.
///
/// # Errors
/// The engine's error.
pub fn alike(connection: &mut Connection, day: Date) -> QueryResult<Vec<Alike>> {
    on(connection, ALIKE, day)
}

/// How many posts are needed on a day, by role and area.
///
/// # Errors
/// The engine's error.
pub fn needed(connection: &mut Connection, day: Date) -> QueryResult<Vec<StatedSum>> {
    let sql = STATED.replace("{table}", "post_needed");
    on(connection, &sql.replace("{number}", "posts"), day)
}

/// How many places to learn there are on a day, by role and area.
///
/// # Errors
/// The engine's error.
pub fn provided(connection: &mut Connection, day: Date) -> QueryResult<Vec<StatedSum>> {
    let sql = STATED.replace("{table}", "provision");
    on(connection, &sql.replace("{number}", "places"), day)
}

/// Runs a statement about a day.
fn on<R>(connection: &mut Connection, sql: &str, day: Date) -> QueryResult<Vec<R>>
where
    R: QueryableByName<diesel::sqlite::Sqlite> + QueryableByName<diesel::pg::Pg> + 'static,
{
    let place = match connection {
        Connection::Sqlite(_) => "?1",
        Connection::Postgres(_) => "$1",
    };
    let sql = sql.replace("{day}", place);
    either!(connection, open => diesel::sql_query(sql).bind::<SqlDate, _>(day).load(open))
}

/// Stores a snapshot, unless there is one of that day; whether there was none.
///
/// # Errors
/// The engine's error.
pub fn store(
    connection: &mut Connection,
    day: Date,
    at: NaiveDateTime,
    tables: Vec<TableRow>,
    rows: Vec<FigureRow>,
) -> QueryResult<bool> {
    let stored = either!(&mut *connection, open => diesel::insert_into(workforce_snapshot::table)
        .values((workforce_snapshot::day.eq(day), workforce_snapshot::published_at.eq(at)))
        .on_conflict_do_nothing().execute(open))?;
    if stored == 0 {
        return Ok(false);
    }
    insert!(&mut *connection, workforce_table::table, tables)?;
    insert!(connection, workforce_row::table, rows)?;
    Ok(true)
}

/// Whether there is a snapshot of that day.
///
/// # Errors
/// The engine's error.
pub fn is_published(connection: &mut Connection, day: Date) -> QueryResult<bool> {
    either!(connection, open => diesel::select(diesel::dsl::exists(workforce_snapshot::table.find(day)))
        .get_result(open))
}

/// The days of the snapshots, the latest first, at most `limit`.
///
/// # Errors
/// The engine's error.
pub fn days(connection: &mut Connection, limit: i64) -> QueryResult<Vec<Date>> {
    either!(connection, open => workforce_snapshot::table.select(workforce_snapshot::day)
        .order(workforce_snapshot::day.desc()).limit(limit).load(open))
}

/// A table of a snapshot: of the latest where no day is given.
///
/// # Errors
/// The engine's error.
pub fn table(
    connection: &mut Connection,
    dimensions: i16,
    day: Option<Date>,
) -> QueryResult<Option<TableRow>> {
    either!(connection, open => {
        let tables = workforce_table::table
            .filter(workforce_table::dimensions.eq(dimensions))
            .order(workforce_table::day.desc());
        match day {
            Some(day) => tables.filter(workforce_table::day.eq(day)).first(open).optional(),
            None => tables.first(open).optional(),
        }
    })
}

/// The rows of a table.
///
/// # Errors
/// The engine's error.
pub fn rows(connection: &mut Connection, table: &TableRow) -> QueryResult<Vec<FigureRow>> {
    either!(connection, open => workforce_row::table
        .filter(workforce_row::day.eq(table.day).and(workforce_row::dimensions.eq(table.dimensions)))
        .load(open))
}
