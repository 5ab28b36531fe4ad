//! The lists in which it is told whether credentials hold.

use crate::db::tables::status_list;
use crate::db::{Connection, either};
use credential::{LEAST_ENTRIES, Purpose};
use diesel::prelude::*;

/// A stored list.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = status_list, treat_none_as_default_value = false)]
pub struct StatusListRow {
    /// Its number, the end of its address.
    pub number: i32,
    /// What a set bit says.
    pub purpose: String,
    /// How many places were given away.
    pub taken: i32,
}

/// How many places of a list are given away. Half of them stay free, so that one is drawn by chance in a try or two.
const GIVEN_AWAY: i32 = (LEAST_ENTRIES / 2).cast_signed();

/// The list of that number.
///
/// # Errors
/// The engine's error.
pub fn find(connection: &mut Connection, number: i32) -> QueryResult<Option<StatusListRow>> {
    either!(connection, open => status_list::table.find(number).get_result(open).optional())
}

/// Takes a place in a list of that purpose and answers with the list's number; a new one is opened where all are full. Two
/// who take at the same time wait for each other.
///
/// # Errors
/// The engine's error.
pub fn take(connection: &mut Connection, purpose: Purpose) -> QueryResult<i32> {
    let free: Option<i32> = either!(&mut *connection, open => status_list::table
        .filter(status_list::purpose.eq(purpose.as_str()).and(status_list::taken.lt(GIVEN_AWAY)))
        .select(diesel::dsl::max(status_list::number))
        .get_result(open))?;
    let number = match free {
        Some(number) => number,
        None => open(connection, purpose)?,
    };
    either!(connection, open => diesel::update(status_list::table.find(number))
        .set(status_list::taken.eq(status_list::taken + 1)).execute(open))?;
    Ok(number)
}

fn open(connection: &mut Connection, purpose: Purpose) -> QueryResult<i32> {
    let last: Option<i32> = either!(&mut *connection, open => status_list::table
        .select(diesel::dsl::max(status_list::number)).get_result(open))?;
    let row = StatusListRow {
        number: last.unwrap_or(0) + 1,
        purpose: purpose.as_str().to_owned(),
        taken: 0,
    };
    either!(connection, open => diesel::insert_into(status_list::table).values(&row).execute(open))?;
    Ok(row.number)
}
