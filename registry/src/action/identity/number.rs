//! What follows from the word of whoever issues ULNs: how each number stands, and which learners are one person by it. It
//! is concluded anew from all that was said of the numbers, so that a report may come before the results or after them,
//! and in any order; what is taken back takes with it what followed.

use crate::action::import::LINKED;
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::learner::{self, AliasRow, LearnerRow, MergeRow, Origin, REPORTED, UlnKind};
use crate::model::uln_change::{self, ChangeRow};
use crate::model::{access_entry, identifier};
use chrono::NaiveDateTime;
use identity::number::{Action, Numbers, Said, Standing};
use schema::{Date, UlnAction};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// So many numbers at most are looked at together: more hang together only where something is very wrong.
const MOST: usize = 50_000;

/// What followed.
#[derive(Default)]
pub(super) struct Concluded {
    /// Learners with a number of their own who had none, or the other way round.
    pub(super) restated: Vec<LearnerRow>,
    /// Learners who are tied otherwise than before.
    pub(super) reached: BTreeSet<Id>,
    /// Merges that ended.
    pub(super) ended: Vec<MergeRow>,
}

/// Concludes anew how these numbers stand, and all that hang together with them.
pub(super) fn conclude(
    connection: &mut Connection,
    ulns: &BTreeSet<String>,
    taken_back: bool,
    now: NaiveDateTime,
) -> Result<Concluded, Error> {
    let mut concluded = Concluded::default();
    let Some((said, aliases)) = gather(connection, ulns, taken_back)? else {
        return Ok(concluded);
    };
    let numbers = Numbers::of(said.iter().filter_map(said_in));
    let told: BTreeMap<&str, &AliasRow> = aliases
        .iter()
        .filter(|alias| UlnKind::of(alias).is_some_and(UlnKind::is_told))
        .map(|alias| (alias.value.as_str(), alias))
        .collect();
    let mut restated: BTreeSet<Id> = BTreeSet::new();
    for (uln, alias) in &told {
        let kind = match numbers.standing(uln) {
            Standing::Valid => UlnKind::Told,
            Standing::Retired => UlnKind::Retired,
            Standing::Deleted => UlnKind::Deleted,
        };
        if alias.kind == kind.as_str() {
            continue;
        }
        learner::stands(connection, alias, kind)?;
        if kind == UlnKind::Deleted || UlnKind::of(alias) == Some(UlnKind::Deleted) {
            restated.insert(alias.arrived_as);
        }
    }
    let restated: Vec<Id> = restated.into_iter().collect();
    concluded.restated = learner::all(connection, &restated)?;
    report(connection, &numbers, &aliases, &told, now)?;
    merge(connection, &numbers, &told, now, &mut concluded)?;
    Ok(concluded)
}

/// What was said of numbers, and whose they are.
type Gathered = (BTreeSet<ChangeRow>, Vec<AliasRow>);

/// All that was said of these numbers, of the other numbers of those of whom they were told, and so on; with whose they
/// are. Nothing where nothing follows.
fn gather(
    connection: &mut Connection,
    ulns: &BTreeSet<String>,
    taken_back: bool,
) -> Result<Option<Gathered>, Error> {
    let mut asked = ulns.clone();
    loop {
        let Some(said) = said_of(connection, &asked)? else {
            return Ok(None);
        };
        if said.is_empty() && !taken_back {
            return Ok(None);
        }
        let of_said = said.iter().flat_map(ChangeRow::ulns);
        let mut every: BTreeSet<&str> = of_said.collect();
        if taken_back {
            every.extend(asked.iter().map(String::as_str));
        }
        let ulns: Vec<&str> = every.iter().copied().collect();
        let aliases = learner::aliases_of(connection, &ulns)?;
        let told = aliases.iter();
        let told = told.filter(|alias| UlnKind::of(alias).is_some_and(UlnKind::is_told));
        let (holders, roots): (BTreeSet<Id>, BTreeSet<Id>) = told
            .map(|alias| (alias.arrived_as, alias.learner_id))
            .unzip();
        let roots: Vec<Id> = roots.into_iter().collect();
        // A merge stands between learners: what ties one of a learner's numbers is not known from another of them.
        let others = learner::ever_told_of(connection, &roots)?.into_iter();
        let others = others.filter(|(id, _, disputed)| !disputed && holders.contains(id));
        let new: Vec<String> = others
            .map(|(_, uln, _)| uln)
            .filter(|uln| !asked.contains(uln) && !every.contains(uln.as_str()))
            .collect();
        if new.is_empty() {
            return Ok(Some((said, aliases)));
        }
        asked.extend(new);
    }
}

/// All that was said of these numbers and of those that hang together with them; nothing where they are too many to be
/// true.
fn said_of(
    connection: &mut Connection,
    ulns: &BTreeSet<String>,
) -> Result<Option<BTreeSet<ChangeRow>>, Error> {
    let mut said: BTreeSet<ChangeRow> = BTreeSet::new();
    let mut reached: BTreeSet<String> = ulns.clone();
    let mut frontier: Vec<String> = ulns.iter().cloned().collect();
    while !frontier.is_empty() {
        let asked: Vec<&str> = frontier.iter().map(String::as_str).collect();
        let found = uln_change::of(connection, &asked)?;
        frontier = found
            .iter()
            .flat_map(ChangeRow::ulns)
            .filter(|uln| reached.insert((*uln).to_owned()))
            .map(str::to_owned)
            .collect();
        said.extend(found);
        if reached.len() > ulns.len() + MOST {
            tracing::warn!(
                ulns = reached.len(),
                "too many ULNs hang together: nothing follows from what was said of them"
            );
            return Ok(None);
        }
    }
    Ok(Some(said))
}

fn said_in(row: &ChangeRow) -> Option<Said<'_, Date>> {
    let action = match UlnAction::parse(&row.action)? {
        UlnAction::Merged => Action::Merged,
        UlnAction::Unmerged => Action::Unmerged,
        UlnAction::Deleted => return Some(Said::Deleted(&row.uln)),
    };
    Some(Said::OfTwo(row.changed_on, action, &row.uln, &row.master))
}

/// Numbers under which nothing was told find the learner for one of whose numbers they stand.
fn report(
    connection: &mut Connection,
    numbers: &Numbers<'_>,
    aliases: &[AliasRow],
    told: &BTreeMap<&str, &AliasRow>,
    now: NaiveDateTime,
) -> Result<(), Error> {
    let mut wanted: BTreeMap<&str, (UlnKind, &AliasRow)> = BTreeMap::new();
    for person in numbers.people() {
        let Some(holder) = person.iter().find_map(|uln| told.get(uln)) else {
            continue;
        };
        for uln in person.iter().filter(|uln| !told.contains_key(*uln)) {
            let kind = match numbers.standing(uln) {
                Standing::Valid => UlnKind::Reported,
                Standing::Retired => UlnKind::ReportedRetired,
                Standing::Deleted => continue,
            };
            wanted.insert(uln, (kind, holder));
        }
    }
    for alias in aliases {
        if UlnKind::of(alias).is_some_and(UlnKind::is_told) {
            continue;
        }
        let as_wanted = |(kind, holder): &(UlnKind, &AliasRow)| {
            kind.as_str() == alias.kind && holder.arrived_as == alias.arrived_as
        };
        if wanted.get(alias.value.as_str()).is_some_and(as_wanted) {
            wanted.remove(alias.value.as_str());
        } else {
            identifier::remove(connection, alias)?;
        }
    }
    let new = wanted.into_iter().map(|(uln, (kind, holder))| AliasRow {
        kind: kind.as_str().to_owned(),
        value: uln.to_owned(),
        given_by: REPORTED.to_owned(),
        known_from: now,
        ..holder.clone()
    });
    Ok(learner::insert_all(
        connection,
        Vec::new(),
        new.collect(),
        Vec::new(),
    )?)
}

/// Begins and ends merges, so that those are in force that follow from what was said. What a steward took back stays so.
fn merge(
    connection: &mut Connection,
    numbers: &Numbers<'_>,
    told: &BTreeMap<&str, &AliasRow>,
    now: NaiveDateTime,
    concluded: &mut Concluded,
) -> Result<(), Error> {
    let known: BTreeSet<&str> = told.keys().copied().collect();
    let as_learners = |(gone, kept): (&str, &str)| {
        let (gone, kept) = (told.get(gone)?.arrived_as, told.get(kept)?.arrived_as);
        (gone != kept).then_some((gone, kept))
    };
    let ties = numbers.ties(&known).into_iter();
    let mut wanted: BTreeSet<(Id, Id)> = ties.filter_map(as_learners).collect();
    let apart: BTreeSet<(Id, Id)> = numbers
        .apart()
        .filter_map(as_learners)
        .map(|(one, other)| (one.min(other), one.max(other)))
        .collect();
    let learners: BTreeSet<Id> = told.values().map(|alias| alias.arrived_as).collect();
    let learners: Vec<Id> = learners.into_iter().collect();
    let stored = learner::merges_of(connection, &learners)?;
    let mut begun: Vec<MergeRow> = Vec::new();
    let mut linked: BTreeMap<(Id, Id), &MergeRow> = BTreeMap::new();
    for row in &stored {
        let is_linked = row.is_of(Origin::Source) && row.reason == LINKED;
        let in_force = row.split_at.is_none();
        let stays = match row.is_reported() {
            true => wanted.contains(&(row.gone_id, row.kept_id)),
            // The service linked two, and says now that they are not one.
            false => !is_linked || !apart.contains(&row.pair()),
        };
        if in_force && !stays {
            learner::end(connection, row.id, now, REPORTED, REPORTED)?;
            concluded.ended.push(row.clone());
        }
        if in_force && stays && row.is_reported() {
            wanted.remove(&(row.gone_id, row.kept_id));
        }
        if !in_force && !row.ended_by_report() && (row.is_reported() || is_linked) {
            wanted.retain(|(gone, kept)| (*gone.min(kept), *gone.max(kept)) != row.pair());
        }
        if is_linked {
            linked.insert(row.pair(), row);
        }
    }
    // What the service linked is so again once it is not said any more that they are two.
    for row in linked.into_values() {
        if row.ended_by_report() && !apart.contains(&row.pair()) {
            let by = (Origin::Source, row.by_whom.as_str());
            begun.push(MergeRow::new(row.gone_id, row.kept_id, by, LINKED, now));
        }
    }
    let by = (Origin::Source, REPORTED);
    let wanted = wanted.into_iter();
    begun.extend(wanted.map(|(gone, kept)| MergeRow::new(gone, kept, by, REPORTED, now)));
    let changed = begun.iter().chain(&concluded.ended);
    concluded.reached = changed.flat_map(|row| [row.gone_id, row.kept_id]).collect();
    Ok(learner::begin_all(connection, begun)?)
}

/// As whom each of the learners of these merges answers.
pub(super) fn roots(
    connection: &mut Connection,
    merges: &[MergeRow],
) -> Result<HashMap<Id, Id>, Error> {
    let ends: BTreeSet<Id> = merges
        .iter()
        .flat_map(|row| [row.gone_id, row.kept_id])
        .collect();
    if ends.is_empty() {
        return Ok(HashMap::new());
    }
    let ends: Vec<Id> = ends.into_iter().collect();
    let found = learner::find_all(connection, &ends)?;
    Ok(found.into_iter().map(|(id, row)| (id, row.id)).collect())
}

/// Who looked at both of a merge that ended looked at each.
pub(super) fn looks(
    connection: &mut Connection,
    ended: &[MergeRow],
    before: &HashMap<Id, Id>,
) -> Result<(), Error> {
    let after = roots(connection, ended)?;
    for row in ended {
        let together = before.get(&row.gone_id);
        let Some(together) = together.filter(|one| before.get(&row.kept_id) == Some(*one)) else {
            continue;
        };
        for end in [row.gone_id, row.kept_id] {
            if let Some(now) = after.get(&end).filter(|now| *now != together) {
                access_entry::copy(connection, *together, *now, row.merged_at)?;
            }
        }
    }
    Ok(())
}
