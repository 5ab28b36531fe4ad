//! As whom a statement comes: of those of whom its ULN was told, as the one whose facts agree, or for whom the body used its
//! own number before; without a ULN as the one of exactly the same name and birth date who has none either; else as a
//! new one. Facts are compared with everything stated of somebody, one by one, and never with what was concluded from
//! it; so which of them agree, by way of others too, does not depend on who told first. Whose a number is of which
//! facts disagree, and whether two learners are one person, is concluded afterwards, from all that is known of them
//! ([`crate::action::identity`]), so that the order in which statements come does not matter.

mod load;

use crate::action::identity::MOST_DISPUTING as MOST;
use crate::db::Id;
use crate::model::learner::{AliasRow, DISPUTED_ULN, LearnerRow, NameRow, STATED_ULN};
use crate::model::source;
use chrono::NaiveDateTime;
use identity::facts_agree;
use schema::{Code, StatedPerson};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The learners as whom the statements of a batch may come, and those whom they made. All of them are named as
/// they were told of, whoever they were merged into; [`People::now`] tells the latter.
#[derive(Default)]
pub(super) struct People {
    by_uln: HashMap<String, Id>,
    /// Numbers that are another's in the registry, but the body that pushes uses them for this learner.
    by_stated_uln: HashMap<String, Id>,
    /// Of whom else a number was told, by what was stated of them.
    disputed: HashMap<String, BTreeMap<String, Id>>,
    /// Who these are.
    disputing: HashSet<Id>,
    /// What was stated of each.
    facts: HashMap<Id, BTreeSet<String>>,
    /// Numbers that whoever issues them has deleted.
    deleted: HashSet<String>,
    by_name: HashMap<String, BTreeSet<Id>>,
    ulns: HashMap<Id, BTreeSet<String>>,
    pub(super) rows: BTreeMap<Id, LearnerRow>,
    /// The same with what was told of those who were merged into them.
    whole: BTreeMap<Id, LearnerRow>,
    /// Learners who are not stored yet.
    pub(super) fresh: BTreeSet<Id>,
    /// Two learners each who are one by the word of a source, and why.
    pub(super) bonds: Vec<(Id, Id, &'static str)>,
    /// ULNs of which something is to be concluded anew: the issuer's word joins their holders, or they are disputed.
    pub(super) open_ulns: BTreeSet<String>,
    /// Who was merged into whom before.
    merged: HashMap<Id, Id>,
    /// The same with the bonds of this batch.
    roots: HashMap<Id, Id>,
    pub(super) aliases: Vec<AliasRow>,
    pub(super) names: Vec<NameRow>,
    known_aliases: HashSet<(String, String)>,
    submitter: String,
}

/// Why two learners are one, as a source says.
pub(crate) const LINKED: &str = "linked-ulns";
const OWN_NUMBER: &str = "result-number";

/// How a statement's person compares with a learner.
#[derive(PartialEq, Eq)]
enum Agreement {
    Agrees,
    Disagrees,
}

impl People {
    /// The learner as whom `person` comes, made where there is none; and what a steward should look at. `known`
    /// is the learner for whom the submitter used the result's number before.
    pub(super) fn link(
        &mut self,
        person: &StatedPerson,
        known: Option<Id>,
        now: NaiveDateTime,
    ) -> (Id, Option<Code>) {
        let stated_ulns: Vec<String> = person
            .uln
            .iter()
            .chain(&person.linked_ulns)
            .map(ToString::to_string)
            .collect();
        let facts = person.facts();
        let (mut holders, mut refused) = (Vec::new(), Vec::new());
        let mut concern = None;
        for uln in &stated_ulns {
            let (holder, fitting) = self.fitting(uln, person, facts.as_deref());
            if holder.is_some_and(|holder| !fitting.contains(&holder)) {
                concern = Some(Code::UlnHeldByAnother);
            }
            match fitting.first() {
                Some(first) => holders.push(*first),
                None if holder.is_some() => refused.push(uln.clone()),
                None => {}
            }
        }
        // The issuer's own word that two numbers are one person joins their holders.
        let by_uln = holders.first().copied();
        for other in holders.iter().skip(1) {
            self.bind(*other, by_uln, LINKED);
            self.open_ulns.extend(stated_ulns.iter().cloned());
        }
        let known = known.filter(|id| self.agreement(*id, person) == Agreement::Agrees);
        // The body's own number says that both are one; what others told must not make it another answer.
        let id = match (by_uln, known) {
            (Some(id), Some(known)) if self.now(id) != self.now(known) && self.of_body() => {
                if self.has_uln(known) {
                    concern = Some(Code::UlnHeldByAnother);
                    known
                } else {
                    self.bind(known, Some(id), OWN_NUMBER);
                    known
                }
            }
            (Some(id), _) => id,
            (None, Some(known)) => known,
            (None, None) if concern.is_some() => {
                let id = self.make(now);
                self.dispute(&refused, facts.as_deref(), id, now);
                id
            }
            (None, None) => self.unnumbered(person, &stated_ulns, now),
        };
        let told = |uln: &&String| {
            let of = self.disputed.get(*uln).into_iter().flatten();
            of.map(|(_, one)| *one).any(|one| one == id)
        };
        let told: Vec<String> = stated_ulns.iter().filter(told).cloned().collect();
        self.dispute(&told, facts.as_deref(), id, now);
        let open = stated_ulns
            .iter()
            .filter(|uln| self.disputed.contains_key(*uln));
        self.open_ulns.extend(open.cloned());
        // A number about which facts disagree is not given to anybody else.
        let numbers = if concern == Some(Code::UlnHeldByAnother) {
            self.remember_stated(stated_ulns, id, now);
            Vec::new()
        } else {
            let deleted = stated_ulns.iter().any(|uln| self.deleted.contains(uln));
            concern = deleted.then_some(Code::UlnDeleted);
            stated_ulns
        };
        self.learn(id, person, numbers, now);
        (id, concern)
    }

    /// Who holds a number for the submitter, and of those of whom it was told whoever fits: the body's own learner before
    /// the holder, and the holder before others.
    fn fitting(
        &self,
        uln: &str,
        person: &StatedPerson,
        facts: Option<&str>,
    ) -> (Option<Id>, Vec<Id>) {
        let (stated, held) = (self.by_stated_uln.get(uln), self.by_uln.get(uln));
        let holder = stated.or(held).copied();
        let Some(facts) = facts else {
            // So little is stated that it tells nobody from anybody.
            return (holder, holder.into_iter().collect());
        };
        let told = |id: &Id| match self.facts.get(id) {
            Some(told) => told.iter().any(|told| facts_agree(told, facts)),
            None => self.agreement(*id, person) == Agreement::Agrees,
        };
        let others = self.disputed.get(uln).into_iter().flatten();
        let others = others.filter(|(told, _)| facts_agree(told, facts));
        let holders = stated.into_iter().chain(held).filter(|id| told(id));
        let fitting = holders.chain(others.map(|(_, id)| id)).copied();
        (holder, fitting.collect())
    }

    /// Remembers that numbers were told of somebody else than who holds them. Whose they are is concluded afterwards.
    fn dispute(&mut self, ulns: &[String], facts: Option<&str>, id: Id, now: NaiveDateTime) {
        let Some(facts) = facts else { return };
        for uln in ulns {
            let of = self.disputed.entry(uln.clone()).or_default();
            if of.contains_key(facts) || of.len() >= MOST {
                continue;
            }
            of.insert(facts.to_owned(), id);
            self.disputing.insert(id);
            self.alias(DISPUTED_ULN, facts, uln.clone(), id, now);
        }
    }

    /// As whom somebody comes of whose numbers nobody is known: as the one of the same name and birth date who has no
    /// number either, if none is stated that could be theirs alone.
    fn unnumbered(&mut self, person: &StatedPerson, stated: &[String], now: NaiveDateTime) -> Id {
        let found = person.exact_key().and_then(|key| self.by_name.get(&key));
        let mut found = found.into_iter().flatten().copied();
        let free = |id: &Id| !self.has_uln(*id) && !self.disputing.contains(id);
        match found.find(|id| stated.is_empty() && free(id)) {
            Some(id) => id,
            None => self.make(now),
        }
    }

    /// Says that two learners are one, if they are not already.
    fn bind(&mut self, gone: Id, kept: Option<Id>, why: &'static str) {
        let Some(kept) = kept else { return };
        let (from, into) = (self.now(gone), self.now(kept));
        if from != into {
            self.bonds.push((gone, kept, why));
            self.roots.insert(from, into);
        }
    }

    /// Whether it is a body that pushes.
    fn of_body(&self) -> bool {
        source::is_body(&self.submitter)
    }

    /// The body finds its own learner again under the number that it uses, whoever else has it.
    fn remember_stated(&mut self, ulns: Vec<String>, id: Id, now: NaiveDateTime) {
        if !self.of_body() {
            return;
        }
        let scope = self.submitter.clone();
        for uln in ulns {
            if !self.by_stated_uln.contains_key(&uln) {
                self.by_stated_uln.insert(uln.clone(), id);
                self.alias(STATED_ULN, &scope, uln, id, now);
            }
        }
    }

    /// The person brings it for themselves: it is theirs unless what it says of the person contradicts.
    pub(super) fn present(&mut self, id: Id, person: &StatedPerson) -> Result<Id, Code> {
        let now = self.now(id);
        let own = |uln: &str| {
            let mut theirs = self.ulns.iter().filter(|(id, _)| self.now(**id) == now);
            theirs.clone().next().is_none() || theirs.any(|(_, ulns)| ulns.contains(uln))
        };
        let other_uln = person.uln.is_some_and(|uln| !own(uln.as_str()));
        let whole = self.whole.get(&now);
        if other_uln || whole.is_some_and(|row| agreement(row, person) == Agreement::Disagrees) {
            Err(Code::LearnerMismatch)
        } else {
            Ok(id)
        }
    }

    /// The learner under whom what comes as `id` stands until the bonds of this batch are concluded.
    pub(super) fn home(&self, id: Id) -> Id {
        self.merged.get(&id).copied().unwrap_or(id)
    }

    /// The learner that `id` is now.
    pub(super) fn now(&self, id: Id) -> Id {
        let mut id = id;
        while let Some(kept) = self.roots.get(&id) {
            id = *kept;
        }
        id
    }

    fn has_uln(&self, id: Id) -> bool {
        self.ulns.get(&id).is_some_and(|ulns| !ulns.is_empty())
    }

    fn agreement(&self, id: Id, person: &StatedPerson) -> Agreement {
        self.rows
            .get(&id)
            .map_or(Agreement::Agrees, |row| agreement(row, person))
    }

    fn make(&mut self, now: NaiveDateTime) -> Id {
        let id = Id::new();
        self.fresh.insert(id);
        self.rows.insert(id, LearnerRow::new(id, now));
        id
    }

    /// Remembers, for the statements that follow, what this one says of the person.
    fn learn(&mut self, id: Id, person: &StatedPerson, numbers: Vec<String>, now: NaiveDateTime) {
        if let Some(row) = self.rows.get_mut(&id) {
            row.given_name = row.given_name.take().or_else(|| person.given_name.clone());
            row.family_name = row
                .family_name
                .take()
                .or_else(|| person.family_name.clone());
            row.date_of_birth = row.date_of_birth.or(person.date_of_birth);
        }
        for value in numbers {
            if !self.by_uln.contains_key(&value) {
                self.by_uln.insert(value.clone(), id);
                self.ulns.entry(id).or_default().insert(value.clone());
                self.alias("uln", "", value, id, now);
            }
        }
        if let Some(value) = person.reference.clone()
            && self
                .known_aliases
                .insert(("reference".to_owned(), value.clone()))
        {
            let scope = self.submitter.clone();
            self.alias("reference", &scope, value, id, now);
        }
        let Some(facts) = person.facts() else { return };
        self.by_name.entry(facts.clone()).or_default().insert(id);
        if self.facts.entry(id).or_default().insert(facts.clone()) {
            self.names.push(NameRow {
                name_key: facts,
                learner_id: id,
            });
        }
    }

    fn alias(
        &mut self,
        kind: &str,
        scope: &str,
        value: String,
        arrived_as: Id,
        now: NaiveDateTime,
    ) {
        let given_by = self.submitter.clone();
        self.aliases.push(AliasRow {
            kind: kind.to_owned(),
            scope: scope.to_owned(),
            value,
            learner_id: self.home(arrived_as),
            given_by,
            known_from: now,
            arrived_as,
        });
    }
}

/// Given name, family name (or a former one) and birth date are compared as far as both sides know them.
fn agreement(row: &LearnerRow, person: &StatedPerson) -> Agreement {
    let Some(stated) = person.facts() else {
        return Agreement::Agrees;
    };
    let families = row.family_name.clone().into_iter();
    let mut families: Vec<Option<String>> = families.chain(row.former_names()).map(Some).collect();
    if families.is_empty() {
        families.push(None);
    }
    let agrees = families.into_iter().any(|family_name| {
        let known = StatedPerson {
            family_name,
            given_name: row.given_name.clone(),
            date_of_birth: row.date_of_birth,
            ..StatedPerson::default()
        };
        known
            .facts()
            .is_none_or(|known| facts_agree(&known, &stated))
    });
    if agrees {
        Agreement::Agrees
    } else {
        Agreement::Disagrees
    }
}
