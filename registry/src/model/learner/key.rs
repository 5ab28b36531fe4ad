//! Keys of likeness: learners who have one in common are worth comparing.

use crate::db::tables::learner_key;
use crate::db::{Connection, Id, either, insert};
use diesel::prelude::*;
use std::collections::BTreeMap;

/// A key of a learner; see `identity::BlockKey`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Queryable, Insertable)]
#[diesel(table_name = learner_key, treat_none_as_default_value = false)]
pub struct KeyRow {
    /// Whether they have a ULN. First in the index: two with numbers are never compared, so that among the many who
    /// have one only the few who have none are looked for.
    pub numbered: bool,
    /// The key's 64 bits.
    pub key: i64,
    /// The learner as whom people were told of, whatever was merged since.
    pub learner_id: Id,
}

/// How many values go into one statement: SQLite takes 32766.
const AT_ONCE: usize = 30_000;

/// Stores the keys that learners have now, in place of these that they had before, with a ULN or without.
///
/// # Errors
/// The engine's error.
pub fn rekey(
    connection: &mut Connection,
    before: &[KeyRow],
    mut keys: Vec<KeyRow>,
) -> QueryResult<()> {
    let mut of: BTreeMap<Id, Vec<i64>> = BTreeMap::new();
    for row in before {
        of.entry(row.learner_id).or_default().push(row.key);
    }
    for (learner_id, its) in of {
        either!(&mut *connection, open => diesel::delete(learner_key::table
            .filter(learner_key::numbered.eq_any([false, true]))
            .filter(learner_key::key.eq_any(&its).and(learner_key::learner_id.eq(learner_id))))
            .execute(open))?;
    }
    // In the index's own order, which is the fastest to write.
    keys.sort_unstable();
    keys.dedup();
    insert!(connection, learner_key::table, keys)
}

/// Who has any of these keys, of those with a ULN or of those without.
///
/// # Errors
/// The engine's error.
pub fn sharing(
    connection: &mut Connection,
    numbered: bool,
    keys: &[i64],
) -> QueryResult<Vec<KeyRow>> {
    let mut found = Vec::new();
    for keys in keys.chunks(AT_ONCE) {
        found.extend(either!(&mut *connection, open => learner_key::table
            .filter(learner_key::numbered.eq(numbered))
            .filter(learner_key::key.eq_any(keys)).load::<KeyRow>(open))?);
    }
    Ok(found)
}
