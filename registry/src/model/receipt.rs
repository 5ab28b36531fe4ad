//! Receipts of verifications.

use crate::db::tables::receipt;
use crate::db::{Connection, Id, either, insert_few};
use chrono::NaiveDateTime;
use diesel::prelude::*;

/// A stored receipt.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = receipt, treat_none_as_default_value = false)]
pub struct ReceiptRow {
    /// Its identifier.
    pub id: Id,
    /// Whose it is; see `Caller::key`.
    pub caller: String,
    /// What the verification answered.
    pub outcome: String,
    /// Why it was asked.
    pub purpose: Option<String>,
    /// The achievement, where one was established.
    pub achievement_id: Option<Id>,
    /// When.
    pub checked_at: NaiveDateTime,
    /// The signed receipt.
    pub jwt: String,
}

/// Stores receipts.
///
/// # Errors
/// The engine's error.
pub fn insert_all(connection: &mut Connection, rows: &[&ReceiptRow]) -> QueryResult<()> {
    insert_few!(connection, receipt::table, rows)
}

/// A caller's receipt of that identifier.
///
/// # Errors
/// The engine's error.
pub fn find(connection: &mut Connection, caller: &str, id: Id) -> QueryResult<Option<ReceiptRow>> {
    either!(connection, open => receipt::table
        .filter(receipt::id.eq(id).and(receipt::caller.eq(caller))).get_result(open).optional())
}

/// A caller's receipts before the one of identifier `before`, at most `limit`, the newest first.
///
/// # Errors
/// The engine's error.
pub fn of_caller(
    connection: &mut Connection,
    caller: &str,
    before: Option<Id>,
    limit: i64,
) -> QueryResult<Vec<ReceiptRow>> {
    let before = before.unwrap_or_else(|| Id::from_bytes([0xff; 16]));
    either!(connection, open => receipt::table
        .filter(receipt::caller.eq(caller).and(receipt::id.lt(before)))
        .order(receipt::id.desc()).limit(limit).load(open))
}
