//! Taking back what an import said became of ULNs: what followed from it goes, unless another import said it too.

use crate::action::identity::{self, Changed, Likeness};
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::import_job;
use crate::model::uln_change::{self, ChangeRow};
use chrono::NaiveDateTime;

/// Of how many numbers it is taken back in one transaction.
const AT_ONCE: i64 = 250;

/// Takes some of it back; answers how much, nothing where there is no more.
pub(super) fn some(
    connection: &mut Connection,
    likeness: &Likeness,
    id: Id,
    now: NaiveDateTime,
) -> Result<i64, Error> {
    connection.merge_alone()?;
    if !import_job::is_undoing(connection, id)? {
        // Somebody else brought it to its end meanwhile.
        return Ok(0);
    }
    let rows = uln_change::forget_of_job(connection, id, AT_ONCE)?;
    if rows.is_empty() {
        return Ok(0);
    }
    let ulns = rows.iter().flat_map(ChangeRow::ulns).map(str::to_owned);
    let changed = Changed {
        ulns: ulns.collect(),
        taken_back: true,
        ..Changed::default()
    };
    identity::conclude(connection, likeness, changed, now)?;
    i64::try_from(rows.len()).map_err(Error::internal)
}
