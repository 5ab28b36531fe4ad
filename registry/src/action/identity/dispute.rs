//! Whose a ULN is that was told of people whose facts disagree. Those whose facts agree, directly or by way of what else was
//! told under the number, are one; of those who are left, the one of whom most tell holds it, and the others are known
//! without it. Whatever states too little to tell people apart goes with the number. It is concluded from all that was
//! told under the number, whoever told it first; only where as many tell of one as of another, the first told holds it.

use super::number::roots;
use super::regroup::{Group, regroup};
use crate::action::import::settle::Touched;
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::identifier;
use crate::model::learner::{
    self, AliasRow, DISPUTED_ULN, LearnerRow, MergeRow, Origin, SAME_NUMBER, STATED_ULN, UlnKind,
};
use crate::model::source::{self, SourceRow};
use chrono::NaiveDateTime;
use identity::facts_agree;
use record::{Standing, Told};
use schema::Date;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What followed.
#[derive(Default)]
pub(super) struct Concluded {
    /// Learners of whom alone something else is known than before.
    pub(super) touched: Vec<Touched>,
    /// Learners with a number of their own who had none, or the other way round.
    pub(super) restated: Vec<LearnerRow>,
    /// Learners who are tied otherwise than before.
    pub(super) reached: BTreeSet<Id>,
}

/// Concludes anew whose these numbers are, as far as they are disputed.
pub(super) fn conclude(
    connection: &mut Connection,
    ulns: &BTreeSet<String>,
    now: NaiveDateTime,
) -> Result<Concluded, Error> {
    let mut concluded = Concluded::default();
    let asked: Vec<&str> = ulns.iter().map(String::as_str).collect();
    let mut disputed: BTreeMap<String, Vec<AliasRow>> = BTreeMap::new();
    for alias in learner::disputed(connection, &asked)? {
        disputed.entry(alias.value.clone()).or_default().push(alias);
    }
    for (uln, others) in disputed {
        if others.len() >= MOST {
            continue;
        }
        let dispute = Dispute::load(connection, &uln, others)?;
        dispute.settle(connection, now, &mut concluded)?;
    }
    Ok(concluded)
}

/// A number with all of whom it was told.
struct Dispute {
    uln: String,
    /// The number as it is stored for who holds it.
    holder: Option<AliasRow>,
    /// What was told of others.
    others: Vec<AliasRow>,
    /// As whom each of those of whom it was told answers.
    roots: BTreeMap<Id, Id>,
    /// Those who have another number of their own: they are nobody else by what was told under this one.
    numbered: BTreeSet<Id>,
    told: Vec<(SourceRow, Told)>,
}

/// What speaks for some learners, who are one: how many told it whose word counts; how many others; and when it was told
/// first. Neither how much one of them tells nor the days that it states speak for anybody: a body could take a
/// number, and what others tell under it alone, by telling more or stating earlier days.
type Weight = (usize, usize, Reverse<Option<(NaiveDateTime, Id)>>);

/// Of a number that was told of so many whose facts disagree nothing is concluded: it stays whose it is.
pub(crate) const MOST: usize = 50;

/// Whom a body means by the number: whether that is not who holds it, the day of the act, the statement, and who it is.
type Meant = (bool, Date, [u8; 32], Id);

impl Dispute {
    fn load(connection: &mut Connection, uln: &str, others: Vec<AliasRow>) -> Result<Self, Error> {
        let mut aliases = learner::aliases_of(connection, &[uln])?.into_iter();
        let holder = aliases.find(|alias| UlnKind::of(alias).is_some_and(UlnKind::is_told));
        let atoms = others.iter().chain(&holder).map(|alias| alias.arrived_as);
        let atoms: BTreeSet<Id> = atoms.collect();
        let ids: Vec<Id> = atoms.iter().copied().collect();
        let rows = learner::all(connection, &ids)?;
        let roots: BTreeMap<Id, Id> = rows
            .iter()
            .map(|row| (row.id, row.merged_into.unwrap_or(row.id)))
            .collect();
        let of: BTreeSet<Id> = roots.values().copied().collect();
        let of: Vec<Id> = of.into_iter().collect();
        let others_own = learner::own_ulns(connection, &of)?.into_iter();
        let numbered = others_own.filter(|(_, own)| own != uln).map(|(id, _)| id);
        let numbered: BTreeSet<Id> = numbered.collect();
        let mut told = Vec::new();
        for row in source::of_learners(connection, &of)? {
            if !atoms.contains(&row.arrived_as) {
                continue;
            }
            let one = row.told()?.0;
            let person = &one.statement.person;
            let linked = Some(&person.linked_ulns).filter(|_| one.standing == Standing::Recorded);
            let mut named = person.uln.iter().chain(linked.into_iter().flatten());
            if named.any(|one| one.as_str() == uln) {
                told.push((row, one));
            }
        }
        Ok(Self {
            uln: uln.to_owned(),
            holder,
            others,
            roots,
            numbered,
            told,
        })
    }

    /// What states enough to tell people apart: as whom it came, what, and all of it.
    fn named(&self) -> impl Iterator<Item = (Id, String, &Told)> {
        self.told.iter().filter_map(|(row, one)| {
            let facts = one.statement.person.facts()?;
            Some((row.arrived_as, facts, one))
        })
    }

    /// Those who are one: whose facts agree, directly or by others.
    fn people(&self) -> Vec<BTreeSet<Id>> {
        let held_by = self.holder.as_ref().map(|alias| alias.arrived_as);
        let free = |id: &Id| held_by == Some(*id) || !self.numbered.contains(id);
        let named = self.named().filter(|(id, ..)| free(id));
        let facts: BTreeSet<(Id, String)> = named.map(|(id, facts, _)| (id, facts)).collect();
        let mut people: Vec<BTreeSet<Id>> =
            self.roots.keys().map(|id| BTreeSet::from([*id])).collect();
        for (one, its) in &facts {
            for (other, others) in facts.iter().filter(|(other, _)| other > one) {
                if facts_agree(its, others) {
                    let both = |group: &BTreeSet<Id>| group.contains(one) || group.contains(other);
                    let (joined, mut rest): (Vec<_>, Vec<_>) = people.into_iter().partition(both);
                    rest.push(joined.into_iter().flatten().collect());
                    people = rest;
                }
            }
        }
        people
    }

    fn weight(&self, people: &BTreeSet<Id>) -> Weight {
        let (mut trusted, mut all) = (BTreeSet::new(), BTreeSet::new());
        let mut first = None;
        for (row, one) in &self.told {
            if !people.contains(&row.arrived_as) || one.statement.person.facts().is_none() {
                continue;
            }
            all.insert(&one.submitter);
            if one.standing != Standing::SelfPresented {
                trusted.insert(&one.submitter);
            }
            let this = (one.received_at, row.id);
            first = Some(first.map_or(this, |first| this.min(first)));
        }
        // Who is told of by nothing any more comes last.
        let first = first.or(Some((NaiveDateTime::MAX, Id::from_bytes([u8::MAX; 16]))));
        (trusted.len(), all.len(), Reverse(first))
    }

    fn settle(
        &self,
        connection: &mut Connection,
        now: NaiveDateTime,
        concluded: &mut Concluded,
    ) -> Result<(), Error> {
        let people = self.people();
        let Some(winners) = people.iter().max_by_key(|one| self.weight(one)) else {
            return Ok(());
        };
        let held_by = self.holder.as_ref().map(|alias| alias.arrived_as);
        let holder = held_by.filter(|id| winners.contains(id));
        let Some(holder) = holder.or_else(|| winners.first().copied()) else {
            return Ok(());
        };
        if held_by != Some(holder) {
            self.hold(connection, holder, now)?;
            let changed: Vec<Id> = held_by.into_iter().chain([holder]).collect();
            concluded
                .restated
                .extend(learner::all(connection, &changed)?);
        }
        self.remember(connection, holder, now)?;
        self.join(connection, &people, now, concluded)?;
        let stated = self.stated(connection, winners, now)?;
        let moved = self.move_along(connection, holder, &stated, now)?;
        concluded.reached.extend(self.roots.keys());
        concluded.touched.extend(moved);
        Ok(())
    }

    fn root(&self, id: Id) -> Id {
        self.roots.get(&id).copied().unwrap_or(id)
    }

    fn alias(&self, kind: &str, scope: &str, id: Id, by: &str, now: NaiveDateTime) -> AliasRow {
        AliasRow {
            kind: kind.to_owned(),
            scope: scope.to_owned(),
            value: self.uln.clone(),
            learner_id: self.root(id),
            given_by: by.to_owned(),
            known_from: now,
            arrived_as: id,
        }
    }

    /// Gives the number to who holds it from now on.
    fn hold(&self, connection: &mut Connection, id: Id, now: NaiveDateTime) -> Result<(), Error> {
        let theirs = self.others.iter().find(|alias| alias.arrived_as == id);
        let by = theirs.map_or("", |alias| alias.given_by.as_str());
        let mut alias = self.alias(UlnKind::Told.as_str(), "", id, by, now);
        alias.known_from = theirs.map_or(now, |alias| alias.known_from);
        if let Some(before) = &self.holder {
            identifier::remove(connection, before)?;
            alias.kind.clone_from(&before.kind);
        }
        store(connection, vec![alias])
    }

    /// Remembers what was told of everybody else.
    fn remember(
        &self,
        connection: &mut Connection,
        holder: Id,
        now: NaiveDateTime,
    ) -> Result<(), Error> {
        let mut wanted: BTreeMap<String, (Id, &Told)> = BTreeMap::new();
        for (id, facts, one) in self.named().filter(|(id, _, _)| *id != holder) {
            let first = wanted.entry(facts).or_insert((id, one));
            if (id, one.received_at) < (first.0, first.1.received_at) {
                *first = (id, one);
            }
        }
        for alias in &self.others {
            let same = wanted.get(&alias.scope).map(|(id, _)| *id) == Some(alias.arrived_as);
            if same {
                wanted.remove(&alias.scope);
            } else {
                identifier::remove(connection, alias)?;
            }
        }
        let new = wanted.into_iter().map(|(facts, (id, one))| AliasRow {
            known_from: one.received_at.min(now),
            ..self.alias(DISPUTED_ULN, &facts, id, &one.submitter, now)
        });
        store(connection, new.collect())
    }

    /// Joins those who are one by the number and their facts, and parts those who are not any more.
    fn join(
        &self,
        connection: &mut Connection,
        people: &[BTreeSet<Id>],
        now: NaiveDateTime,
        concluded: &mut Concluded,
    ) -> Result<(), Error> {
        let mut wanted: BTreeSet<(Id, Id)> = BTreeSet::new();
        for one in people {
            let first = one.first().copied();
            wanted.extend(one.iter().skip(1).filter_map(|id| Some((first?, *id))));
        }
        let atoms: Vec<Id> = self.roots.keys().copied().collect();
        let mut outside: Vec<MergeRow> = Vec::new();
        for row in learner::merges_of(connection, &atoms)? {
            if !row.is_of_one_number() {
                continue;
            }
            let within =
                self.roots.contains_key(&row.gone_id) && self.roots.contains_key(&row.kept_id);
            if row.split_at.is_none() && !wanted.remove(&row.pair()) {
                if within {
                    learner::end(connection, row.id, now, SAME_NUMBER, SAME_NUMBER)?;
                } else {
                    outside.push(row);
                    continue;
                }
            }
            if row.split_at.is_some() && row.split_by.as_deref() != Some(SAME_NUMBER) {
                // A steward took it back.
                wanted.remove(&row.pair());
            }
        }
        concluded.reached.extend(&atoms);
        part(connection, &outside, now, &mut concluded.reached)?;
        let by = (Origin::Source, Origin::Registry.as_str());
        let new = wanted.into_iter();
        let new = new.map(|(kept, gone)| MergeRow::new(gone, kept, by, SAME_NUMBER, now));
        Ok(learner::begin_all(connection, new.collect())?)
    }

    /// A body finds its own learner under the number, also where it tells of nobody of those who hold it.
    fn stated(
        &self,
        connection: &mut Connection,
        winners: &BTreeSet<Id>,
        now: NaiveDateTime,
    ) -> Result<HashMap<String, Id>, Error> {
        let mut told: BTreeMap<&str, BTreeSet<Meant>> = BTreeMap::new();
        for (id, _, one) in self
            .named()
            .filter(|(_, _, one)| source::is_body(&one.submitter))
        {
            let day = one.statement.action_date;
            let day = day.unwrap_or_else(|| one.received_at.date());
            let of = told.entry(one.submitter.as_str()).or_default();
            of.insert((!winners.contains(&id), day, one.digest, id));
        }
        let mut stated = HashMap::new();
        for (submitter, told) in told {
            let known = learner::holders(connection, STATED_ULN, submitter, &[&self.uln])?;
            let known = known.first().map(|(_, id)| *id);
            // Those who hold the number come first.
            let of_others = told.first().filter(|(other, ..)| *other);
            let wanted = of_others.map(|(.., id)| *id);
            match (known, wanted) {
                (Some(known), _) if !self.roots.contains_key(&known) => {
                    stated.insert(submitter.to_owned(), known);
                }
                (known, wanted) if known == wanted => {
                    stated.extend(wanted.map(|id| (submitter.to_owned(), id)));
                }
                (known, wanted) => {
                    let row = |id| self.alias(STATED_ULN, submitter, id, submitter, now);
                    if let Some(known) = known {
                        identifier::remove(connection, &row(known))?;
                    }
                    store(connection, wanted.map(row).into_iter().collect())?;
                    stated.extend(wanted.map(|id| (submitter.to_owned(), id)));
                }
            }
        }
        Ok(stated)
    }

    /// What tells nobody from anybody goes to whom its submitter means by the number, else to who holds it.
    fn move_along(
        &self,
        connection: &mut Connection,
        holder: Id,
        stated: &HashMap<String, Id>,
        now: NaiveDateTime,
    ) -> Result<Vec<Touched>, Error> {
        let mut moves: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
        let mut roots: BTreeSet<Id> = BTreeSet::new();
        let there = self
            .told
            .iter()
            .map(|(row, _)| (row.arrived_as, row.digest.as_slice()));
        let mut there: BTreeSet<(Id, &[u8])> = there.collect();
        for (row, one) in &self.told {
            let to = stated.get(&one.submitter).copied().unwrap_or(holder);
            let moves_on = one.statement.person.facts().is_none()
                && row.arrived_as != to
                && self.roots.contains_key(&to);
            // What came as them already does not come a second time.
            if moves_on && there.insert((to, row.digest.as_slice())) {
                moves.entry(to).or_default().push(row.id);
                roots.extend([row.learner_id, self.root(to)]);
            }
        }
        for (to, rows) in &moves {
            source::arrive_as(connection, rows, *to)?;
        }
        let ids: Vec<Id> = roots.iter().copied().collect();
        let mut groups: BTreeMap<Id, Vec<(Id, Id)>> = roots
            .iter()
            .map(|root| (*root, vec![(*root, *root)]))
            .collect();
        if !ids.is_empty() {
            for (member, root) in learner::members(connection, &ids)? {
                groups.entry(root).or_default().push((member, root));
            }
        }
        let groups = groups.into_iter();
        let groups: Vec<Group> = groups
            .map(|(kept, members)| Group { kept, members })
            .collect();
        regroup(connection, &groups, now)
    }
}

/// Parts those of whom no number is told any more that is told of both.
fn part(
    connection: &mut Connection,
    joined: &[MergeRow],
    now: NaiveDateTime,
    reached: &mut BTreeSet<Id>,
) -> Result<(), Error> {
    if joined.is_empty() {
        return Ok(());
    }
    let of: BTreeSet<Id> = roots(connection, joined)?.into_values().collect();
    let of: Vec<Id> = of.into_iter().collect();
    let mut told: BTreeMap<Id, BTreeSet<String>> = BTreeMap::new();
    for (id, uln, _) in learner::ever_told_of(connection, &of)? {
        told.entry(id).or_default().insert(uln);
    }
    let none = BTreeSet::new();
    let of = |id: &Id| told.get(id).unwrap_or(&none);
    for row in joined {
        if of(&row.gone_id).is_disjoint(of(&row.kept_id)) {
            learner::end(connection, row.id, now, SAME_NUMBER, SAME_NUMBER)?;
            reached.extend([row.gone_id, row.kept_id]);
        }
    }
    Ok(())
}

fn store(connection: &mut Connection, aliases: Vec<AliasRow>) -> Result<(), Error> {
    Ok(learner::insert_all(
        connection,
        Vec::new(),
        aliases,
        Vec::new(),
    )?)
}
