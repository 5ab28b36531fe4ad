//! Settling: the records of the learners whom a batch touched are concluded anew from everything told about
//! them, compared with what is stored, and what differs is written, with a version and a leaf for each
//! change.

mod again;
mod writes;

pub(crate) use again::again;

use super::merge::{Merge, Merged};
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::achievement::{self, AchievementRow, VersionRow};
use crate::model::learner::{self, AliasRow, LearnerRow, NameRow};
use crate::model::log_leaf::LeafRow;
use crate::model::source::{self, SourceRow};
use crate::model::source_again::AgainRow;
use chrono::NaiveDateTime;
use prost::Message;
use prost::bytes::Bytes;
use record::{Award, Effect, PersonFacts, Told, combine, describe, judge};
use schema::wire::Position;
use schema::{Code, Verb};
use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use writes::Writes;

/// A statement that a batch brought for a learner.
pub(super) struct Arrived {
    /// Its place among the batch's effects.
    pub(super) place: usize,
    /// The learner as whom it came.
    pub(super) arrived_as: Id,
    pub(super) position: Position,
    /// The adapter's bytes.
    pub(super) encoded: Bytes,
    pub(super) told: Told,
}

/// The learners touched, as they were when the batch began.
pub(super) struct Learners {
    pub(super) rows: BTreeMap<Id, LearnerRow>,
    /// Those made by this batch, not stored yet.
    pub(super) fresh: BTreeSet<Id>,
    /// Identifiers and names that the batch told of.
    pub(super) aliases: Vec<AliasRow>,
    pub(super) names: Vec<NameRow>,
}

/// A learner of whom alone something is known that was not known before.
#[derive(Clone)]
pub(crate) struct Touched {
    pub(crate) row: LearnerRow,
    /// The row before; none for who is new.
    pub(crate) before: Option<LearnerRow>,
}

/// Settles a batch; answers the learners who are new, or of whom alone something else is known than before: facts,
/// or that they are `numbered`.
pub(super) fn settle(
    connection: &mut Connection,
    merge: &Merge,
    learners: Learners,
    numbered: &BTreeSet<Id>,
    by_learner: BTreeMap<Id, Vec<Arrived>>,
    merged: &mut Merged,
) -> Result<Vec<Touched>, Error> {
    let known: Vec<Id> = by_learner
        .keys()
        .filter(|id| !learners.fresh.contains(id))
        .copied()
        .collect();
    let mut sources: HashMap<Id, Vec<SourceRow>> = HashMap::new();
    let mut rows: HashMap<Id, Vec<AchievementRow>> = HashMap::new();
    if !known.is_empty() {
        learner::lock(connection, &known)?;
        for row in source::of_learners(connection, &known)? {
            sources.entry(row.learner_id).or_default().push(row);
        }
        for row in achievement::rows_of_learners(connection, &known)? {
            rows.entry(row.learner_id).or_default().push(row);
        }
    }
    // Of a learner who was merged into another, the row as whom something came.
    let came: Vec<Id> = by_learner
        .iter()
        .flat_map(|(id, arrived)| arrived.iter().map(|one| one.arrived_as).chain([*id]))
        .filter(|id| !learners.fresh.contains(id))
        .collect::<BTreeSet<Id>>()
        .into_iter()
        .collect();
    let stored = learner::all(connection, &came)?;
    let stored: HashMap<Id, LearnerRow> = stored.into_iter().map(|row| (row.id, row)).collect();
    let mut writes = Writes {
        aliases: learners.aliases,
        names: learners.names,
        ..Writes::default()
    };
    for (id, arrived) in by_learner {
        let row = |id: &Id| {
            let row = stored.get(id).or_else(|| learners.rows.get(id)).cloned();
            row.ok_or_else(|| Error::internal("a learner was linked and not loaded"))
        };
        let came: BTreeSet<Id> = arrived.iter().map(|one| one.arrived_as).collect();
        let person = Person {
            row: row(&id)?,
            merged: came
                .iter()
                .filter(|one| **one != id)
                .map(row)
                .collect::<Result<_, _>>()?,
            fresh: learners.fresh.contains(&id),
            sources: sources.remove(&id).unwrap_or_default(),
            achievements: rows.remove(&id).unwrap_or_default(),
        };
        for came in came.intersection(numbered) {
            let row = row(came)?;
            let before = (!learners.fresh.contains(came)).then(|| row.clone());
            writes.touched.insert(*came, Touched { row, before });
        }
        person.settle(merge, arrived, merged, &mut writes)?;
    }
    let touched = std::mem::take(&mut writes.touched);
    writes.store(connection)?;
    Ok(touched.into_values().collect())
}

/// Settles one learner to whom a statement was added in the registry itself; answers the row of the award
/// that the statement belongs to.
///
/// # Errors
/// The engine's error, or what is stored cannot be read.
pub(crate) fn settle_one(
    connection: &mut Connection,
    id: Id,
    mut added: SourceRow,
    now: NaiveDateTime,
) -> Result<Id, Error> {
    learner::lock(connection, &[id])?;
    let row = learner::find(connection, id)?.ok_or_else(|| Error::from(Code::NotFound))?;
    // Meanwhile they may have been joined to another.
    let id = row.id;
    added.learner_id = id;
    let mut sources = source::of_learners(connection, &[id])?;
    if sources.iter().any(|known| known.digest == added.digest) {
        return Ok(added.achievement_id);
    }
    let achievements = achievement::rows_of_learners(connection, &[id])?;
    let mut told = Vec::with_capacity(sources.len() + 1);
    for source in &sources {
        told.push(source.told()?.0);
    }
    told.push(Told {
        award: None,
        ..added.told()?.0
    });
    sources.push(added.clone());
    let mut writes = Writes::default();
    let homes = conclude(id, &told, &achievements, now, &mut writes);
    let home = homes
        .last()
        .copied()
        .flatten()
        .ok_or_else(|| Error::internal("a statement without an award"))?;
    added.achievement_id = home;
    writes.sources.push(added);
    for (source, home) in sources.iter().zip(&homes).take(told.len() - 1) {
        writes.moves.extend(
            home.filter(|home| *home != source.achievement_id)
                .map(|home| (source.id, home)),
        );
    }
    // What the registry is told of an award says nothing new of the person.
    let described = row.with(describe(&told));
    writes
        .learners
        .extend((described != row).then_some(described));
    writes.store(connection)?;
    Ok(home)
}

/// A learner with everything told so far.
struct Person {
    row: LearnerRow,
    /// Learners who were merged into this one, as whom something came.
    merged: Vec<LearnerRow>,
    fresh: bool,
    sources: Vec<SourceRow>,
    achievements: Vec<AchievementRow>,
}

impl Person {
    fn settle(
        self,
        merge: &Merge,
        arrived: Vec<Arrived>,
        merged: &mut Merged,
        writes: &mut Writes,
    ) -> Result<(), Error> {
        let mut told = Vec::with_capacity(self.sources.len() + arrived.len());
        for source in &self.sources {
            told.push(source.told()?.0);
        }
        self.count(&told, &arrived, merge, merged);
        self.told_again(&arrived, merge.job, writes);
        // What was told of each of two learners who were merged is told twice.
        let known = self.sources.iter().zip(&told);
        let mut digests: HashSet<(Id, [u8; 32])> = known
            .map(|(source, one)| (source.arrived_as, one.digest))
            .collect();
        let new: Vec<Arrived> = arrived
            .into_iter()
            .filter(|one| digests.insert((one.arrived_as, one.told.digest)))
            .collect();
        if new.is_empty() {
            return Ok(());
        }
        let told: Vec<&Told> = told.iter().chain(new.iter().map(|one| &one.told)).collect();
        let now = merge.received_at;
        let homes = conclude(self.row.id, &told, &self.achievements, now, writes);
        let described = self.row.with(describe(&told));
        let came = self.sources.iter().map(|source| source.arrived_as);
        let came: Vec<Id> = came.chain(new.iter().map(|one| one.arrived_as)).collect();
        let described = self.describe_each(described, &told, &came, writes);
        for (source, home) in self.sources.iter().zip(&homes) {
            writes.moves.extend(
                home.filter(|home| *home != source.achievement_id)
                    .map(|home| (source.id, home)),
            );
        }
        for (one, home) in new
            .into_iter()
            .zip(homes.into_iter().skip(self.sources.len()))
        {
            let home = home.ok_or_else(|| Error::internal("a statement without an award"))?;
            writes.sources.push(row_of(merge, self.row.id, home, one));
        }
        if self.fresh {
            writes.fresh.push(described);
        } else if described != self.row {
            writes.learners.push(described);
        }
        Ok(())
    }

    /// Keeps what each of those as whom something came was told to be alone, beside what is said of all together.
    fn describe_each(
        &self,
        described: LearnerRow,
        told: &[&Told],
        came: &[Id],
        writes: &mut Writes,
    ) -> LearnerRow {
        let id = self.row.id;
        let alone = self.row.own_facts.is_none() && came.iter().all(|one| *one == id);
        let described = if alone {
            described
        } else {
            for row in &self.merged {
                let facts = told_of(row.id, told, came);
                touch(row, row.with(facts), writes);
            }
            described.owning(&told_of(id, told, came).into())
        };
        if self.fresh || described.own() != self.row.own() {
            let touched = Touched {
                row: described.clone(),
                before: (!self.fresh).then(|| self.row.clone()),
            };
            writes.touched.insert(id, touched);
        }
        described
    }

    /// Notes what of the new statements another import had told, so that it stays when that is taken back.
    fn told_again(&self, arrived: &[Arrived], job: Id, writes: &mut Writes) {
        if self.sources.is_empty() {
            return;
        }
        let imported = self.sources.iter().filter(|source| source.job_id.is_some());
        let stored: HashMap<(Id, &[u8]), &SourceRow> = imported
            .map(|source| ((source.arrived_as, source.digest.as_slice()), source))
            .collect();
        let again = arrived.iter().filter_map(|one| {
            let source = stored.get(&(one.arrived_as, one.told.digest.as_slice()))?;
            (source.job_id != Some(job)).then(|| AgainRow {
                source_id: source.id,
                job_id: job,
                position: one.position.encode_to_vec(),
            })
        });
        writes.again.extend(again);
    }

    /// What each record did, seen from the submitter alone.
    fn count(&self, told: &[Told], arrived: &[Arrived], merge: &Merge, merged: &mut Merged) {
        let own: Vec<&Told> = told
            .iter()
            .filter(|one| one.submitter == merge.submitter)
            .collect();
        let new: Vec<&Told> = arrived.iter().map(|one| &one.told).collect();
        for (one, effect) in arrived.iter().zip(judge(&own, &new)) {
            if let Some(slot) = merged.effects.get_mut(one.place) {
                *slot = effect;
            }
            let speaks_of_another = !matches!(one.told.statement.verb, Verb::Create | Verb::Update);
            if effect == Effect::Created && speaks_of_another {
                merged.warn(merge.job, Code::AwardNotKnown, Some(&one.position));
            }
        }
    }
}

/// What was told of the one alone as whom it came.
fn told_of<T: Borrow<Told>>(id: Id, told: &[T], came: &[Id]) -> PersonFacts {
    let own: Vec<&Told> = told
        .iter()
        .zip(came)
        .filter(|(_, came)| **came == id)
        .map(|(one, _)| one.borrow())
        .collect();
    describe(&own)
}

/// Writes a learner whose facts are others than before.
fn touch(before: &LearnerRow, row: LearnerRow, writes: &mut Writes) {
    if row == *before {
        return;
    }
    if row.own() != before.own() {
        let touched = Touched {
            row: row.clone(),
            before: Some(before.clone()),
        };
        writes.touched.insert(row.id, touched);
    }
    writes.learners.push(row);
}

/// To which award the first statement belongs that stands under each identifier.
fn first_of<T: Borrow<Told>>(awards: &[Award], told: &[T]) -> HashMap<Id, usize> {
    let places = awards.iter().enumerate();
    let mut places: Vec<(usize, usize)> = places
        .flat_map(|(number, award)| award.sources.iter().map(move |place| (*place, number)))
        .collect();
    places.sort_unstable();
    let mut first = HashMap::new();
    for (place, number) in places {
        if let Some(id) = told.get(place).and_then(|one| one.borrow().award) {
            first.entry(Id::from_bytes(id)).or_insert(number);
        }
    }
    first
}

/// Concludes the awards and writes what differs from what is stored; answers under which award each
/// statement stands.
fn conclude<T: Borrow<Told>>(
    learner: Id,
    told: &[T],
    stored: &[AchievementRow],
    now: NaiveDateTime,
    writes: &mut Writes,
) -> Vec<Option<Id>> {
    let by_id: HashMap<Id, &AchievementRow> = stored.iter().map(|row| (row.id, row)).collect();
    let mut homes = vec![None; told.len()];
    let mut taken = BTreeSet::new();
    let awards = combine(told);
    let first = first_of(&awards, told);
    for (number, award) in awards.iter().enumerate() {
        // An award keeps the oldest identifier under which any of it was known, where none that is parted from it
        // was known under it earlier.
        let candidates: BTreeSet<Id> = award
            .sources
            .iter()
            .filter_map(|place| told.get(*place)?.borrow().award)
            .map(Id::from_bytes)
            .filter(|id| by_id.contains_key(id) && first.get(id) == Some(&number))
            .collect();
        let id = candidates.into_iter().next().unwrap_or_default();
        taken.insert(id);
        for place in &award.sources {
            if let Some(home) = homes.get_mut(*place) {
                *home = Some(id);
            }
        }
        match by_id.get(&id) {
            Some(before) => {
                // Another's change may be known from a later time, by a clock that was put back or since the
                // file waited: what is known never ends before it began.
                let now = now.max(before.changed_at);
                let row =
                    AchievementRow::conclude(id, learner, &award.facts, before.version + 1, now);
                if !before.says_the_same(&row) {
                    writes.leaves.push(LeafRow::of(&row));
                    writes.changed.push(row);
                }
            }
            None => {
                let row = AchievementRow::conclude(id, learner, &award.facts, 1, now);
                writes.leaves.push(LeafRow::of(&row));
                writes.versions.push(VersionRow::of(&row));
                writes.achievements.push(row);
            }
        }
    }
    for row in stored.iter().filter(|row| !taken.contains(&row.id)) {
        let place = told
            .iter()
            .position(|one| one.borrow().award.map(Id::from_bytes) == Some(row.id));
        match place.and_then(|place| homes.get(place).copied().flatten()) {
            Some(by) => writes.replaced.push((row.id, by)),
            None => {
                writes.leaves.push(LeafRow::of_removal(row, now));
                writes.removed.push(row.id);
            }
        }
    }
    homes
}

fn row_of(merge: &Merge, learner: Id, home: Id, one: Arrived) -> SourceRow {
    let Arrived {
        arrived_as,
        encoded,
        told,
        ..
    } = one;
    SourceRow {
        id: Id::new(),
        learner_id: learner,
        arrived_as,
        achievement_id: home,
        digest: told.digest.to_vec(),
        submitter: told.submitter,
        kind: told.kind.as_str().to_owned(),
        standing: told.standing.as_str().to_owned(),
        body: told.body.map(|body| body.to_string()),
        adapter: merge.adapter.clone(),
        job_id: Some(merge.job),
        result_key: source::number_key(told.body, told.statement.result_id.as_deref()),
        certificate_key: source::number_key(
            told.body,
            told.statement.certificate_number.as_deref(),
        ),
        received_at: told.received_at,
        record: Vec::from(encoded),
        own_achievement_id: None,
    }
}
