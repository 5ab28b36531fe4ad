//! Letting statements and awards follow who is whom: all that was told of learners who are one person now stands
//! under the one who is kept, and what was told of one who is by themself again goes back to them.

use crate::action::import::settle::{Touched, again};
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::source::SourceRow;
use crate::model::{achievement, learner, source};
use chrono::NaiveDateTime;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Learners who are one person from now on.
#[derive(Debug)]
pub(super) struct Group {
    /// As whom they answer.
    pub(super) kept: Id,
    /// Each with as whom it answered before.
    pub(super) members: Vec<(Id, Id)>,
}

/// Brings statements, identifiers and awards to where they belong, and concludes the records anew; answers those of whom
/// alone something else is known than before.
pub(super) fn regroup(
    connection: &mut Connection,
    groups: &[Group],
    now: NaiveDateTime,
) -> Result<Vec<Touched>, Error> {
    if groups.is_empty() {
        return Ok(Vec::new());
    }
    let mut kept: HashMap<Id, Id> = HashMap::new();
    let mut before: BTreeSet<Id> = BTreeSet::new();
    for group in groups {
        for (member, answered_as) in &group.members {
            kept.insert(*member, group.kept);
            before.insert(*answered_as);
        }
    }
    before.extend(groups.iter().map(|group| group.kept));
    let before: Vec<Id> = before.into_iter().collect();
    learner::lock(connection, &before)?;
    let sources = source::of_learners(connection, &before)?;
    let awards = achievement::places(connection, &before)?;
    for group in groups {
        let (members, answered_as): (Vec<Id>, BTreeSet<Id>) = group.members.iter().copied().unzip();
        let elsewhere: Vec<Id> = answered_as
            .into_iter()
            .filter(|id| *id != group.kept)
            .collect();
        learner::answer_as(connection, &elsewhere, &members, group.kept)?;
    }
    for (learner, statements) in moved(&sources, &kept) {
        source::give_to(connection, &statements, learner)?;
    }
    for (learner, awards) in homes(&sources, &awards, &kept) {
        achievement::give_to(connection, &awards, learner)?;
    }
    again(connection, &before, now)
}

/// Under whom the statements stand that stand under another than who answers for as whom they came.
fn moved(sources: &[SourceRow], kept: &HashMap<Id, Id>) -> BTreeMap<Id, Vec<Id>> {
    let mut moved: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
    for row in sources {
        if let Some(learner) = kept.get(&row.arrived_as)
            && *learner != row.learner_id
        {
            moved.entry(*learner).or_default().push(row.id);
        }
    }
    moved
}

/// Whose each award is now, of those that change hands. An award of which statements about several tell is that of
/// whom the oldest of them is about, which made it.
fn homes(
    sources: &[SourceRow],
    awards: &[(Id, Id, Option<Id>)],
    kept: &HashMap<Id, Id>,
) -> BTreeMap<Id, Vec<Id>> {
    let mut owners: HashMap<Id, (Id, Id)> = HashMap::new();
    for row in sources {
        let learner = kept.get(&row.arrived_as).copied().unwrap_or(row.learner_id);
        for award in [Some(row.achievement_id), row.own_achievement_id]
            .into_iter()
            .flatten()
        {
            let owner = owners.entry(award).or_insert((row.id, learner));
            if row.id < owner.0 {
                *owner = (row.id, learner);
            }
        }
    }
    let mut made: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
    for (award, holder, replaced_by) in awards {
        let owner = owners
            .get(award)
            .or_else(|| owners.get(&(*replaced_by)?))
            .map_or(*holder, |(_, learner)| *learner);
        if owner != *holder {
            made.entry(owner).or_default().push(*award);
        }
    }
    made
}
