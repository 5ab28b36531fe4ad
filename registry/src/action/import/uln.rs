//! What a file says became of ULNs: remembered as it was said, for what follows from it is concluded from all of it
//! ([`crate::action::identity`]). Only the word of a recorder who is trusted counts.

use super::merge::{Merge, Merged};
use crate::db::Connection;
use crate::error::Error;
use crate::model::learner;
use crate::model::uln_change::{self, ChangeRow};
use record::{Effect, Standing};
use schema::wire::Position;
use schema::{Code, UlnChange};
use std::collections::{BTreeSet, HashSet};

/// Remembers the changes of a batch; answers the ULNs that they name.
pub(super) fn change(
    connection: &mut Connection,
    merge: &Merge,
    changes: Vec<(Position, UlnChange)>,
    merged: &mut Merged,
) -> Result<BTreeSet<String>, Error> {
    if changes.is_empty() {
        return Ok(BTreeSet::new());
    }
    if merge.standing != Standing::Recorded {
        for (position, _) in &changes {
            merged.reject(merge.job, Code::UlnChangeNotIssuers, Some(position));
        }
        return Ok(BTreeSet::new());
    }
    let rows: Vec<(Position, ChangeRow)> = changes
        .into_iter()
        .map(|(position, change)| (position, ChangeRow::new(&change, merge.job)))
        .collect();
    let ulns: BTreeSet<&str> = rows.iter().map(|(_, row)| row.uln.as_str()).collect();
    let ulns: Vec<&str> = ulns.into_iter().collect();
    let told = learner::told_as(connection, &ulns)?;
    let told: HashSet<String> = told.into_iter().map(|(uln, _)| uln).collect();
    let stored = uln_change::of(connection, &ulns)?;
    let mut known: HashSet<Said> = stored.iter().map(said).collect();
    let mut own: HashSet<Said> = stored
        .iter()
        .filter(|row| row.job_id == merge.job)
        .map(said)
        .collect();
    let (mut new, mut named) = (Vec::new(), BTreeSet::new());
    for (position, row) in rows {
        if !told.contains(&row.uln) {
            merged.warn(merge.job, Code::UlnNotKnown, Some(&position));
        }
        named.extend(row.ulns().map(str::to_owned));
        merged.effects.push(match known.insert(said(&row)) {
            true => Effect::Created,
            false => Effect::Unchanged,
        });
        if own.insert(said(&row)) {
            new.push(row);
        }
    }
    uln_change::insert_all(connection, new)?;
    Ok(named)
}

/// What a row says, whichever import told it.
type Said = (String, String, String, schema::Date);

fn said(row: &ChangeRow) -> Said {
    let ChangeRow {
        uln,
        action,
        master,
        changed_on,
        job_id: _,
    } = row.clone();
    (uln, action, master, changed_on)
}
