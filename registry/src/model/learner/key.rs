//! Keys of likeness: learners who have one in common are worth comparing.

use crate::db::tables::learner_key;
use crate::db::{Connection, Id, either, insert};
use diesel::prelude::*;

/// A key of a learner; see `identity::BlockKey`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Queryable, Insertable)]
#[diesel(table_name = learner_key, treat_none_as_default_value = false)]
pub struct KeyRow {
    /// The key's 64 bits.
    pub key: i64,
    /// The learner as whom people were told of, whatever was merged since.
    pub learner_id: Id,
    /// Whether they have a ULN.
    pub numbered: bool,
}

/// How many values go into one statement: SQLite takes 32766.
const AT_ONCE: usize = 30_000;

/// Stores the keys that learners have now, in place of these that they had before.
///
/// # Errors
/// The engine's error.
pub fn rekey(
    connection: &mut Connection,
    before: &[KeyRow],
    mut keys: Vec<KeyRow>,
) -> QueryResult<()> {
    for row in before {
        either!(&mut *connection, open => diesel::delete(
            learner_key::table.find((row.key, row.learner_id))).execute(open))?;
    }
    // In the index's own order, which is the fastest to write.
    keys.sort_unstable();
    keys.dedup();
    insert!(connection, learner_key::table, keys)
}

/// Who has any of these keys.
///
/// # Errors
/// The engine's error.
pub fn sharing(connection: &mut Connection, keys: &[i64]) -> QueryResult<Vec<KeyRow>> {
    let mut found = Vec::new();
    for keys in keys.chunks(AT_ONCE) {
        found.extend(either!(&mut *connection, open => learner_key::table
            .filter(learner_key::key.eq_any(keys)).load::<KeyRow>(open))?);
    }
    Ok(found)
}
