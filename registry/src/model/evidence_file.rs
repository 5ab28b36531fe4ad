//! Files of evidence: which contents are kept, and until when somebody's claim needs them.

use crate::db::tables::{claim_evidence, evidence_file};
use crate::db::{Connection, Id, at_most, either};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use schema::Date;

/// A content that is kept, or was.
#[derive(Debug, Clone, PartialEq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = evidence_file, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct FileRow {
    /// SHA-256 of the content, in hexadecimal digits.
    pub digest: String,
    /// The file's name in the folder.
    pub name: String,
    /// Its bytes.
    pub size: i64,
    /// What it is.
    pub media_type: String,
    /// When it was stored.
    pub stored_at: NaiveDateTime,
    /// When it was removed.
    pub erased_at: Option<NaiveDateTime>,
}

/// The row of a content, made where there is none; nobody else changes it until the transaction ends. Of two who bring the same
/// content at once the second waits, and finds the first one's.
///
/// # Errors
/// The engine's error.
pub fn hold(connection: &mut Connection, row: &FileRow) -> QueryResult<FileRow> {
    either!(&mut *connection, open => diesel::insert_into(evidence_file::table)
        .values(row).on_conflict_do_nothing().execute(open))?;
    locked(connection, &row.digest)?.ok_or(diesel::result::Error::NotFound)
}

fn locked(connection: &mut Connection, digest: &str) -> QueryResult<Option<FileRow>> {
    let query = evidence_file::table.find(digest);
    match connection {
        // SQLite has one writer.
        Connection::Sqlite(open) => query.get_result(open).optional(),
        Connection::Postgres(open) => query.for_update().get_result(open).optional(),
    }
}

/// Stores what became of a content.
///
/// # Errors
/// The engine's error.
pub fn change(connection: &mut Connection, row: &FileRow) -> QueryResult<()> {
    either!(connection, open => diesel::update(evidence_file::table.find(&row.digest))
        .set(row).execute(open))?;
    Ok(())
}

/// The content of that digest.
///
/// # Errors
/// The engine's error.
pub fn find(connection: &mut Connection, digest: &str) -> QueryResult<Option<FileRow>> {
    either!(connection, open => evidence_file::table.find(digest).get_result(open).optional())
}

/// Whether a file of that name is kept.
///
/// # Errors
/// The engine's error.
pub fn is_kept(connection: &mut Connection, name: &str) -> QueryResult<bool> {
    let found: Option<String> = either!(connection, open => evidence_file::table
        .filter(evidence_file::name.eq(name).and(evidence_file::erased_at.is_null()))
        .select(evidence_file::digest).first(open).optional())?;
    Ok(found.is_some())
}

/// The claim and the digest of a piece of evidence, and when its file was erased; none where it is no file.
///
/// # Errors
/// The engine's error.
pub fn of_piece(
    connection: &mut Connection,
    id: Id,
) -> QueryResult<Option<(Id, String, Option<NaiveDateTime>)>> {
    either!(connection, open => claim_evidence::table
        .filter(claim_evidence::id.eq(id).and(claim_evidence::digest.is_not_null()))
        .select((claim_evidence::claim_id, claim_evidence::digest.assume_not_null(), claim_evidence::erased_at))
        .get_result(open).optional())
}

/// Pieces of evidence whose files are not needed any more on that day, with their digests, at most `limit`.
///
/// # Errors
/// The engine's error.
pub fn due(connection: &mut Connection, day: Date, limit: i64) -> QueryResult<Vec<(Id, String)>> {
    let query = claim_evidence::table
        .filter(claim_evidence::erased_at.is_null())
        .filter(claim_evidence::erase_on.le(day))
        .filter(claim_evidence::digest.is_not_null())
        .order(claim_evidence::erase_on)
        .select((claim_evidence::id, claim_evidence::digest.assume_not_null()));
    at_most!(connection, query, limit)
}

/// Says of a piece that its file is erased, and gives the row of the content where no other piece needs it.
///
/// # Errors
/// The engine's error.
pub fn erase(
    connection: &mut Connection,
    piece: Id,
    digest: &str,
    now: NaiveDateTime,
) -> QueryResult<Option<FileRow>> {
    let held = locked(connection, digest)?;
    either!(&mut *connection, open => diesel::update(claim_evidence::table.find(piece))
        .set(claim_evidence::erased_at.eq(now)).execute(open))?;
    let others: i64 = either!(connection, open => claim_evidence::table
        .filter(claim_evidence::digest.eq(digest).and(claim_evidence::erased_at.is_null()))
        .count().get_result(open))?;
    Ok(held.filter(|_| others == 0))
}
