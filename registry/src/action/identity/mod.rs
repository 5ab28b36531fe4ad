//! Who is whom. Learners are kept as they were told of; which of them are one person is concluded from what ties any
//! two of them: likeness, a source's word, a steward's decision. The conclusion is a function of the set of ties
//! (`identity::conclude`), so that every order of imports gives the same people, and whatever is taken back leaves
//! nothing behind.
//!
//! The way of a batch: `dispute` says whose a ULN is that was told of several, `number` what whoever issues ULNs says of
//! them; `likeness` finds whom the learners that it touched are like; `component` gathers all that
//! are tied to them; the engine says who is one; `regroup` lets statements and awards follow.

mod component;
mod dispute;
mod likeness;
mod number;
mod regroup;
mod steward;

pub(crate) use dispute::MOST as MOST_DISPUTING;
pub use likeness::Likeness;
pub use steward::{Case, case, cases, merge, merged, merges, resolve, split};

use crate::action::import::settle::Touched;
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::learner::{self, LearnerRow, MergeRow, Origin};
use chrono::NaiveDateTime;
use component::Component;
use std::collections::BTreeSet;

/// What a batch changed.
#[derive(Default)]
pub(crate) struct Changed {
    /// Learners who are new, or of whom alone something else is known than before.
    pub(crate) rows: Vec<Touched>,
    /// Two each who are one by the word of a source, and why.
    pub(crate) bonds: Vec<(Id, Id, &'static str)>,
    /// Whose word that is.
    pub(crate) by: String,
    /// ULNs under which something was told for the first time, or of which something was said.
    pub(crate) ulns: BTreeSet<String>,
    /// Whether some of that was taken back.
    pub(crate) taken_back: bool,
}

impl Changed {
    /// These too, of whom something else is known meanwhile.
    fn restate(&mut self, touched: Vec<Touched>) {
        for one in touched {
            match self
                .rows
                .iter_mut()
                .find(|known| known.row.id == one.row.id)
            {
                Some(known) => known.row = one.row,
                None => self.rows.push(one),
            }
        }
    }

    /// These too, of whom the same is told as before and something else is known.
    pub(crate) fn also(&mut self, rows: Vec<LearnerRow>) {
        let known: BTreeSet<Id> = self.rows.iter().map(|one| one.row.id).collect();
        let new = rows.into_iter().filter(|row| !known.contains(&row.id));
        self.rows.extend(new.map(|row| Touched {
            before: Some(row.clone()),
            row,
        }));
    }
}

/// Concludes anew who is whom, as far as the change may reach; answers the learners of new cases for stewards.
///
/// # Errors
/// The engine's error, or what is stored cannot be read.
pub(crate) fn conclude(
    connection: &mut Connection,
    likeness: &Likeness,
    mut changed: Changed,
    now: NaiveDateTime,
) -> Result<BTreeSet<Id>, Error> {
    let by = (Origin::Source, changed.by.as_str());
    let bonds = changed.bonds.iter();
    let mut bonds: Vec<MergeRow> = bonds
        .map(|(gone, kept, why)| MergeRow::new(*gone, *kept, by, why, now))
        .collect();
    if !bonds.is_empty() {
        // What a source said once stands, or was taken back by a steward.
        let ends: Vec<Id> = bonds.iter().map(|bond| bond.gone_id).collect();
        let known = learner::merges_of(connection, &ends)?;
        let known = known.iter().filter(|row| !row.is_reported());
        let known: BTreeSet<(Id, Id)> = known.map(MergeRow::pair).collect();
        bonds.retain(|bond| !known.contains(&bond.pair()));
    }
    let mut reached: BTreeSet<Id> = bonds
        .iter()
        .flat_map(|bond| [bond.gone_id, bond.kept_id])
        .collect();
    learner::begin_all(connection, bonds)?;
    let disputes = dispute::conclude(connection, &changed.ulns, now)?;
    reached.extend(disputes.reached);
    changed.restate(disputes.touched);
    changed.also(disputes.restated);
    let numbers = number::conclude(connection, &changed.ulns, changed.taken_back, now)?;
    reached.extend(&numbers.reached);
    changed.also(numbers.restated);
    reached.extend(likeness.tie(connection, &changed.rows)?);
    let together = number::roots(connection, &numbers.ended)?;
    let opened = reconsider(connection, likeness, &reached, now)?;
    number::looks(connection, &numbers.ended, &together)?;
    Ok(opened)
}

/// Concludes anew who is whom among these learners and all that are tied to them; answers the learners of new cases.
///
/// # Errors
/// The engine's error, or what is stored cannot be read.
pub(crate) fn reconsider(
    connection: &mut Connection,
    likeness: &Likeness,
    learners: &BTreeSet<Id>,
    now: NaiveDateTime,
) -> Result<BTreeSet<Id>, Error> {
    if learners.is_empty() {
        return Ok(BTreeSet::new());
    }
    let Some(component) = Component::of(connection, learners)? else {
        return Ok(BTreeSet::new());
    };
    let concluded = component.conclude(&likeness.thresholds);
    let regrouped = component.store(connection, &concluded, now)?;
    regroup::regroup(connection, &regrouped, now)?;
    Ok(concluded.opened)
}
