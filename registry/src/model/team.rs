//! Employers' teams, of people who shared with them.

use super::learner::LearnerRow;
use super::share::{ShareRow, first_of};
use crate::db::tables::{clearance, learner, share, team, team_member};
use crate::db::{Connection, Id, either};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use schema::Date;

/// A stored team.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = team, treat_none_as_default_value = false)]
pub struct TeamRow {
    /// Its identifier.
    pub id: Id,
    /// The organisation whose it is.
    pub employer: String,
    /// What the employer calls it.
    pub name: String,
    /// The kind of setting it works in.
    pub setting: Option<String>,
    /// When it was made.
    pub created_at: NaiveDateTime,
    /// By whom.
    pub created_by: String,
}

/// A stored place in a team.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = team_member, treat_none_as_default_value = false)]
pub struct MemberRow {
    /// Its identifier.
    pub id: Id,
    /// The team.
    pub team_id: Id,
    /// The share by which the person is known to it.
    pub share_id: Id,
    /// The role, by its code.
    pub role: String,
    /// The first day.
    pub from_day: Date,
    /// The last day, where one was said.
    pub to_day: Option<Date>,
    /// When they were added.
    pub added_at: NaiveDateTime,
    /// By whom.
    pub added_by: String,
}

impl MemberRow {
    /// Whether they are in the team on that day.
    #[must_use]
    pub fn is_there(&self, day: Date) -> bool {
        self.from_day <= day && self.to_day.is_none_or(|to| day <= to)
    }
}

/// That a check was seen.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = clearance, treat_none_as_default_value = false)]
pub struct ClearanceRow {
    /// Its identifier.
    pub id: Id,
    /// Of whom, by their place in a team.
    pub member_id: Id,
    /// Which kind of check.
    pub kind: String,
    /// Its number.
    pub reference: Option<String>,
    /// Who saw it.
    pub seen_by: String,
    /// On which day.
    pub seen_on: Date,
    /// When that was recorded.
    pub recorded_at: NaiveDateTime,
}

/// A place in a team with the share and the person as they answer now; nobody where the person is known no more.
pub type Placed = (MemberRow, ShareRow, Option<LearnerRow>);

/// Stores a new team.
///
/// # Errors
/// The engine's error.
pub fn insert(connection: &mut Connection, row: &TeamRow) -> QueryResult<()> {
    either!(connection, open => diesel::insert_into(team::table).values(row).execute(open))?;
    Ok(())
}

/// An employer's team of that identifier.
///
/// # Errors
/// The engine's error.
pub fn find(connection: &mut Connection, employer: &str, id: Id) -> QueryResult<Option<TeamRow>> {
    either!(connection, open => team::table
        .filter(team::id.eq(id).and(team::employer.eq(employer))).get_result(open).optional())
}

/// Lets nobody else change a team until the transaction ends. SQLite has one writer anyway.
///
/// # Errors
/// The engine's error.
pub fn lock(connection: &mut Connection, id: Id) -> QueryResult<()> {
    match connection {
        Connection::Sqlite(_) => Ok(()),
        Connection::Postgres(open) => team::table
            .find(id)
            .select(team::id)
            .for_no_key_update()
            .execute(open)
            .map(drop),
    }
}

/// An employer's teams after the one of identifier `after`, at most `limit`, the oldest first.
///
/// # Errors
/// The engine's error.
pub fn of_employer(
    connection: &mut Connection,
    employer: &str,
    after: Option<Id>,
    limit: i64,
) -> QueryResult<Vec<TeamRow>> {
    let after = after.unwrap_or_else(|| Id::from_bytes([0; 16]));
    either!(connection, open => team::table
        .filter(team::employer.eq(employer).and(team::id.gt(after)))
        .order(team::id).limit(limit).load(open))
}

/// How many teams an employer has.
///
/// # Errors
/// The engine's error.
pub fn count(connection: &mut Connection, employer: &str) -> QueryResult<i64> {
    either!(connection, open => team::table
        .filter(team::employer.eq(employer)).count().get_result(open))
}

/// Who is and was in these teams, in the order in which they were added.
///
/// # Errors
/// The engine's error.
pub fn members(connection: &mut Connection, teams: &[Id]) -> QueryResult<Vec<Placed>> {
    let now = diesel::alias!(learner as now);
    either!(connection, open => team_member::table
        .inner_join(share::table.on(share::id.eq(team_member::share_id)))
        .left_join(learner::table.on(learner::id.eq(share::learner_id)))
        .left_join(now.on(now.field(learner::id).nullable()
            .eq(first_of(learner::merged_into.nullable(), learner::id.nullable()))))
        .filter(team_member::team_id.eq_any(teams))
        .order(team_member::id)
        .select((team_member::all_columns, share::all_columns, now.fields(learner::all_columns).nullable()))
        .load(open))
}

/// The newest record for each member of these teams that a check was seen.
///
/// # Errors
/// The engine's error.
pub fn clearances(connection: &mut Connection, teams: &[Id]) -> QueryResult<Vec<ClearanceRow>> {
    let later = diesel::alias!(clearance as later);
    let newer = later
        .filter(later.field(clearance::member_id).eq(clearance::member_id))
        .filter(later.field(clearance::id).gt(clearance::id));
    either!(connection, open => clearance::table
        .inner_join(team_member::table.on(team_member::id.eq(clearance::member_id)))
        .filter(team_member::team_id.eq_any(teams))
        .filter(diesel::dsl::not(diesel::dsl::exists(newer)))
        .select(clearance::all_columns)
        .load(open))
}

/// Stores a new place in a team.
///
/// # Errors
/// The engine's error.
pub fn add(connection: &mut Connection, row: &MemberRow) -> QueryResult<()> {
    either!(connection, open => diesel::insert_into(team_member::table).values(row).execute(open))?;
    Ok(())
}

/// Lets a member be known by another share from now on.
///
/// # Errors
/// The engine's error.
pub fn renew(connection: &mut Connection, member: Id, share: Id) -> QueryResult<()> {
    either!(connection, open => diesel::update(team_member::table.find(member))
        .set(team_member::share_id.eq(share)).execute(open))?;
    Ok(())
}

/// Says a member's last day.
///
/// # Errors
/// The engine's error.
pub fn end(connection: &mut Connection, member: Id, to: Date) -> QueryResult<()> {
    either!(connection, open => diesel::update(team_member::table.find(member))
        .set(team_member::to_day.eq(to)).execute(open))?;
    Ok(())
}

/// The place in a team of that identifier.
///
/// # Errors
/// The engine's error.
pub fn member(connection: &mut Connection, team: Id, id: Id) -> QueryResult<Option<MemberRow>> {
    either!(connection, open => team_member::table
        .filter(team_member::id.eq(id).and(team_member::team_id.eq(team)))
        .get_result(open).optional())
}

/// Stores that a check was seen.
///
/// # Errors
/// The engine's error.
pub fn seen(connection: &mut Connection, row: &ClearanceRow) -> QueryResult<()> {
    either!(connection, open => diesel::insert_into(clearance::table).values(row).execute(open))?;
    Ok(())
}
