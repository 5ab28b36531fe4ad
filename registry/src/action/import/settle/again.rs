//! Concluding records anew after statements went away or changed their learner.

use super::writes::Writes;
use super::{Touched, conclude, told_of, touch};
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::achievement::{self, AchievementRow};
use crate::model::learner::{self, LearnerRow};
use crate::model::source::{self, SourceRow};
use chrono::NaiveDateTime;
use record::describe;
use std::collections::{BTreeMap, HashMap};

/// Concludes the awards and facts of these learners anew from the statements that are stored. An award of which no
/// statement tells any more goes, with its versions; a leaf says so. A statement that came under another award since
/// learners were merged remembers its own, and finds it again when they are split. The learners are locked until the
/// transaction ends. Answers those of whom alone something else is known than before.
///
/// # Errors
/// The engine's error, or what is stored cannot be read.
pub(crate) fn again(
    connection: &mut Connection,
    ids: &[Id],
    now: NaiveDateTime,
) -> Result<Vec<Touched>, Error> {
    learner::lock(connection, ids)?;
    let mut sources: HashMap<Id, Vec<SourceRow>> = HashMap::new();
    let mut own: Vec<Id> = Vec::new();
    for row in source::of_learners(connection, ids)? {
        own.extend(row.own_achievement_id);
        sources.entry(row.learner_id).or_default().push(row);
    }
    let mut awards: HashMap<Id, BTreeMap<Id, AchievementRow>> = HashMap::new();
    let mut stored = achievement::rows_of_learners(connection, ids)?;
    if !own.is_empty() {
        stored.extend(achievement::rows(connection, &own)?);
    }
    for row in stored {
        awards
            .entry(row.learner_id)
            .or_default()
            .insert(row.id, row);
    }
    let mut members: HashMap<Id, Vec<LearnerRow>> = HashMap::new();
    let merged = learner::members(connection, ids)?;
    let merged: Vec<Id> = merged.into_iter().map(|(id, _)| id).collect();
    for row in learner::all(connection, &merged)? {
        if let Some(kept) = row.merged_into {
            members.entry(kept).or_default().push(row);
        }
    }
    let mut writes = Writes::default();
    for row in learner::all(connection, ids)? {
        if row.merged_into.is_some() {
            // What was told of them stands under another, and is concluded there.
            continue;
        }
        let person = Person {
            sources: sources.remove(&row.id).unwrap_or_default(),
            awards: awards.remove(&row.id).unwrap_or_default(),
            members: members.remove(&row.id).unwrap_or_default(),
            row,
        };
        person.conclude(now, &mut writes)?;
    }
    let touched = std::mem::take(&mut writes.touched);
    writes.store(connection)?;
    Ok(touched.into_values().collect())
}

struct Person {
    row: LearnerRow,
    members: Vec<LearnerRow>,
    sources: Vec<SourceRow>,
    /// The learner's awards, and those that were replaced by others when learners were merged.
    awards: BTreeMap<Id, AchievementRow>,
}

impl Person {
    fn conclude(self, now: NaiveDateTime, writes: &mut Writes) -> Result<(), Error> {
        let Self {
            row,
            members,
            sources,
            awards,
        } = self;
        let mut told = Vec::with_capacity(sources.len());
        for source in &sources {
            let mut one = source.told()?.0;
            let own = source
                .own_achievement_id
                .filter(|id| awards.contains_key(id));
            one.award = own.map(Id::bytes).or(one.award);
            told.push(one);
        }
        let stored: Vec<AchievementRow> = awards.into_values().collect();
        let homes = conclude(row.id, &told, &stored, now, writes);
        for (source, home) in sources.iter().zip(homes) {
            let Some(home) = home.filter(|home| *home != source.achievement_id) else {
                continue;
            };
            let before = source.own_achievement_id.unwrap_or(source.achievement_id);
            let before = Some(before).filter(|before| *before != home);
            writes.own_moves.push((source.id, home, before));
        }
        let came: Vec<Id> = sources.iter().map(|source| source.arrived_as).collect();
        let described = row.with(describe(&told));
        let described = if members.is_empty() {
            LearnerRow {
                own_facts: None,
                ..described
            }
        } else {
            described.owning(&told_of(row.id, &told, &came).into())
        };
        for member in &members {
            let facts = LearnerRow {
                own_facts: None,
                ..member.with(told_of(member.id, &told, &came))
            };
            touch(member, facts, writes);
        }
        touch(&row, described, writes);
        Ok(())
    }
}
