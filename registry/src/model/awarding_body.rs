//! Awarding bodies of the register, and those that a result named and the register does not know.

use crate::db::tables::awarding_body;
use crate::db::{Connection, either};
use diesel::prelude::*;
use schema::{Date, RecognitionNumber, fold_name};

/// A stored awarding body.
#[derive(Debug, Clone, PartialEq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = awarding_body, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct BodyRow {
    /// The recognition number.
    pub recognition_number: String,
    /// The name.
    pub name: String,
    /// The name as it is compared.
    pub name_key: String,
    /// The legal name.
    pub legal_name: Option<String>,
    /// The acronym.
    pub acronym: Option<String>,
    /// The status in the register's words.
    pub status: Option<String>,
    /// The first day of recognition.
    pub recognised_from: Option<Date>,
    /// The last day of recognition.
    pub recognised_until: Option<Date>,
    /// Whether the register knows it.
    pub registered: bool,
}

impl BodyRow {
    /// A body that a push or result named and the register does not know.
    #[must_use]
    pub fn unregistered(number: RecognitionNumber, name: Option<&str>) -> Self {
        let name = name.unwrap_or(number.as_str());
        Self {
            recognition_number: number.to_string(),
            name: name.to_owned(),
            name_key: fold_name(name),
            legal_name: None,
            acronym: None,
            status: None,
            recognised_from: None,
            recognised_until: None,
            registered: false,
        }
    }

    /// Whether the body was recognised on that day; where no day is known, whether it is now.
    #[must_use]
    pub fn recognised_on(&self, day: Option<Date>) -> bool {
        self.registered
            && match day {
                Some(day) => {
                    self.recognised_from.is_none_or(|from| from <= day)
                        && self.recognised_until.is_none_or(|until| day <= until)
                }
                None => self.status.as_deref() == Some("Recognised"),
            }
    }
}

/// The body of that number.
///
/// # Errors
/// The engine's error.
pub fn find(
    connection: &mut Connection,
    number: RecognitionNumber,
) -> QueryResult<Option<BodyRow>> {
    either!(connection, open => awarding_body::table.find(number.as_str()).get_result(open).optional())
}

/// The bodies of those numbers, in no order.
///
/// # Errors
/// The engine's error.
pub fn all(connection: &mut Connection, numbers: &[&str]) -> QueryResult<Vec<BodyRow>> {
    either!(connection, open => awarding_body::table
        .filter(awarding_body::recognition_number.eq_any(numbers)).load(open))
}

/// Every body that the register knows: a few hundred.
///
/// # Errors
/// The engine's error.
pub fn registered(connection: &mut Connection) -> QueryResult<Vec<BodyRow>> {
    either!(connection, open => awarding_body::table.filter(awarding_body::registered.eq(true)).load(open))
}

/// Stores what the register says of a body; answers whether that was new or different.
///
/// # Errors
/// The engine's error.
pub fn register(connection: &mut Connection, row: &BodyRow) -> QueryResult<bool> {
    let before: Option<BodyRow> = either!(&mut *connection, open => awarding_body::table
        .find(&row.recognition_number).get_result(open).optional())?;
    if before.as_ref() == Some(row) {
        return Ok(false);
    }
    either!(connection, open => diesel::insert_into(awarding_body::table)
        .values(row)
        .on_conflict(awarding_body::recognition_number).do_update().set(row)
        .execute(open))?;
    Ok(true)
}

/// Keeps a body that a push or result named, where none of that number is known.
///
/// # Errors
/// The engine's error.
pub fn keep(connection: &mut Connection, row: &BodyRow) -> QueryResult<()> {
    either!(connection, open => diesel::insert_into(awarding_body::table)
        .values(row).on_conflict_do_nothing().execute(open))?;
    Ok(())
}
