//! Whom a statement is about: a learner who holds its ULN and whose facts agree, else one of exactly the
//! same name and birth date, else a new one. Likeness short of equality is not decided here.

use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::learner::{self, AliasRow, LearnerRow, NameRow, STATED_ULN};
use crate::model::source;
use chrono::NaiveDateTime;
use schema::{Code, StatedPerson, fold_name};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The learners whom the statements of a batch may be about, and those whom they made.
#[derive(Default)]
pub(super) struct People {
    by_uln: HashMap<String, Id>,
    /// Numbers that are another's in the registry, but the body that pushes uses them for this learner.
    by_stated_uln: HashMap<String, Id>,
    by_name: HashMap<String, BTreeSet<Id>>,
    ulns: HashMap<Id, BTreeSet<String>>,
    pub(super) rows: BTreeMap<Id, LearnerRow>,
    /// Learners who are not stored yet.
    pub(super) fresh: BTreeSet<Id>,
    /// Pairs of stored learners found to be one: the one that goes, the one that stays.
    pub(super) merged: Vec<(Id, Id)>,
    redirected: HashMap<Id, Id>,
    pub(super) aliases: Vec<AliasRow>,
    pub(super) names: Vec<NameRow>,
    known_aliases: HashSet<(String, String)>,
    /// What was said of learners who share their name and birth date with others, so that the same content
    /// finds again the learner whom it made.
    said: HashSet<(Id, [u8; 32])>,
    submitter: String,
}

/// How a statement's person compares with a learner.
#[derive(PartialEq, Eq)]
enum Agreement {
    Agrees,
    Disagrees,
}

impl People {
    /// Looks up everybody whom the statements name, in a few queries for the whole batch.
    pub(super) fn load<'a>(
        connection: &mut Connection,
        submitter: &str,
        stated: impl Iterator<Item = &'a StatedPerson> + Clone,
        also: &[Id],
    ) -> Result<Self, Error> {
        let ulns: BTreeSet<&str> = stated
            .clone()
            .flat_map(|person| person.uln.iter().chain(&person.linked_ulns))
            .map(schema::Uln::as_str)
            .collect();
        let keys: BTreeSet<String> = stated.clone().filter_map(StatedPerson::exact_key).collect();
        let references: BTreeSet<&str> = stated
            .filter_map(|person| person.reference.as_deref())
            .collect();
        let mut people = Self {
            submitter: submitter.to_owned(),
            ..Self::default()
        };
        let mut ids: BTreeSet<Id> = also.iter().copied().collect();
        let ulns_of_body: Vec<&str> = if people.of_body() {
            ulns.iter().copied().collect()
        } else {
            Vec::new()
        };
        if !ulns.is_empty() {
            let ulns: Vec<&str> = ulns.into_iter().collect();
            for (uln, id) in learner::holders(connection, "uln", "", &ulns)? {
                ids.insert(id);
                people.by_uln.insert(uln, id);
            }
        }
        if !ulns_of_body.is_empty() {
            for (uln, id) in learner::holders(connection, STATED_ULN, submitter, &ulns_of_body)? {
                ids.insert(id);
                people.by_stated_uln.insert(uln, id);
            }
        }
        if !keys.is_empty() {
            let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
            for (key, id) in learner::named(connection, &keys)? {
                ids.insert(id);
                people.by_name.entry(key).or_default().insert(id);
            }
        }
        if !references.is_empty() {
            let references: Vec<&str> = references.into_iter().collect();
            for (value, _) in learner::holders(connection, "reference", submitter, &references)? {
                people.known_aliases.insert(("reference".to_owned(), value));
            }
        }
        let namesakes: BTreeSet<Id> = people
            .by_name
            .values()
            .filter(|ids| ids.len() > 1)
            .flatten()
            .copied()
            .collect();
        if !namesakes.is_empty() {
            let namesakes: Vec<Id> = namesakes.into_iter().collect();
            people
                .said
                .extend(source::said_of(connection, submitter, &namesakes)?);
        }
        let ids: Vec<Id> = ids.into_iter().collect();
        if !ids.is_empty() {
            people.rows = learner::all(connection, &ids)?
                .into_iter()
                .map(|row| (row.id, row))
                .collect();
            for (id, uln) in learner::ulns_of(connection, &ids)? {
                people.ulns.entry(id).or_default().insert(uln);
            }
        }
        Ok(people)
    }

    /// The learner whom `person` is, made where there is none; and what a steward should look at. `known`
    /// is the learner for whom the submitter used the result's number before.
    pub(super) fn link(
        &mut self,
        person: &StatedPerson,
        digest: [u8; 32],
        known: Option<Id>,
        now: NaiveDateTime,
    ) -> (Id, Option<Code>) {
        let stated_ulns: Vec<String> = person
            .uln
            .iter()
            .chain(&person.linked_ulns)
            .map(ToString::to_string)
            .collect();
        let mut holders: BTreeSet<Id> = stated_ulns
            .iter()
            .filter_map(|uln| {
                let stated = self.by_stated_uln.get(uln);
                stated.or_else(|| self.by_uln.get(uln))
            })
            .map(|id| self.now(*id))
            .collect();
        let all = holders.len();
        holders.retain(|id| self.agreement(*id, person) == Agreement::Agrees);
        let mut concern = (holders.len() < all).then_some(Code::UlnHeldByAnother);
        // The issuer's own word that two numbers are one person joins their holders.
        let by_uln = holders
            .iter()
            .copied()
            .reduce(|kept, other| self.join(other, kept));
        let known = known
            .map(|id| self.now(id))
            .filter(|id| self.agreement(*id, person) == Agreement::Agrees);
        // The body's own number says that both are one; what others told must not make it another answer.
        let by_uln = match (by_uln, known) {
            (Some(id), Some(known)) if id != known && self.of_body() => {
                if self.has_uln(known) {
                    concern = Some(Code::UlnHeldByAnother);
                    Some(known)
                } else {
                    Some(self.join(known, id))
                }
            }
            (by_uln, _) => by_uln,
        };
        let same_name = self.same_name(person);
        let id = match by_uln {
            Some(id) => {
                let unnumbered: Vec<Id> = same_name
                    .into_iter()
                    .filter(|other| *other != id && !self.has_uln(*other))
                    .collect();
                match unnumbered.as_slice() {
                    [only] => self.join(*only, id),
                    _ => id,
                }
            }
            None => {
                let possible: Vec<Id> = same_name
                    .into_iter()
                    .filter(|id| stated_ulns.is_empty() || concern.is_some() || !self.has_uln(*id))
                    .filter(|id| concern.is_none() || !self.has_uln(*id))
                    .collect();
                match (known, possible.as_slice()) {
                    (Some(id), _) => id,
                    (None, [only]) => *only,
                    (None, []) => self.make(now),
                    (None, several) => {
                        concern = concern.or(Some(Code::LearnerAmbiguous));
                        let said = |id: &&Id| self.said.contains(&(**id, digest));
                        let before = several.iter().find(said).copied();
                        before.unwrap_or_else(|| self.make(now))
                    }
                }
            }
        };
        // A number about which facts disagree is not given to anybody else.
        let numbers = if concern == Some(Code::UlnHeldByAnother) {
            self.remember_stated(stated_ulns, id, now);
            Vec::new()
        } else {
            stated_ulns
        };
        self.learn(id, person, numbers, now);
        if concern == Some(Code::LearnerAmbiguous) {
            self.said.insert((id, digest));
        }
        (id, concern)
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
        let id = self.now(id);
        let own = self.ulns.get(&id);
        let other_uln = person
            .uln
            .is_some_and(|uln| own.is_some_and(|own| !own.contains(uln.as_str())));
        if other_uln || self.agreement(id, person) == Agreement::Disagrees {
            Err(Code::LearnerMismatch)
        } else {
            Ok(id)
        }
    }

    /// The learner that `id` is now.
    pub(super) fn now(&self, id: Id) -> Id {
        let mut id = id;
        while let Some(kept) = self.redirected.get(&id) {
            id = *kept;
        }
        id
    }

    fn has_uln(&self, id: Id) -> bool {
        self.ulns.get(&id).is_some_and(|ulns| !ulns.is_empty())
    }

    fn same_name(&self, person: &StatedPerson) -> BTreeSet<Id> {
        let found = person.exact_key().and_then(|key| self.by_name.get(&key));
        found
            .into_iter()
            .flatten()
            .map(|id| self.now(*id))
            .collect()
    }

    /// Given name, family name (or a former one) and birth date are compared as far as both sides know
    /// them. One difference is a married name or a slip; two are somebody else.
    fn agreement(&self, id: Id, person: &StatedPerson) -> Agreement {
        let Some(row) = self.rows.get(&id) else {
            return Agreement::Agrees;
        };
        let differs = |stated: &Option<String>, known: &[&String]| match stated {
            Some(stated) if !known.is_empty() => !known
                .iter()
                .any(|name| fold_name(name) == fold_name(stated)),
            _ => false,
        };
        let former = row.former_names();
        let family: Vec<&String> = row.family_name.iter().chain(&former).collect();
        let given: Vec<&String> = row.given_name.iter().collect();
        let birth = matches!((person.date_of_birth, row.date_of_birth), (Some(stated), Some(known)) if stated != known);
        let differences = usize::from(differs(&person.given_name, &given))
            + usize::from(differs(&person.family_name, &family))
            + usize::from(birth);
        if differences > 1 {
            Agreement::Disagrees
        } else {
            Agreement::Agrees
        }
    }

    fn make(&mut self, now: NaiveDateTime) -> Id {
        let id = Id::new();
        self.fresh.insert(id);
        self.rows.insert(id, LearnerRow::new(id, now));
        id
    }

    /// Joins two learners; a stored one stays where the other is not stored yet, else `kept` does.
    fn join(&mut self, gone: Id, kept: Id) -> Id {
        let (gone, kept) = (self.now(gone), self.now(kept));
        if gone == kept {
            return kept;
        }
        let (gone, kept) = if self.fresh.contains(&kept) && !self.fresh.contains(&gone) {
            (kept, gone)
        } else {
            (gone, kept)
        };
        if !self.fresh.remove(&gone) {
            self.merged.push((gone, kept));
        }
        self.redirected.insert(gone, kept);
        let ulns = self.ulns.remove(&gone).unwrap_or_default();
        self.ulns.entry(kept).or_default().extend(ulns);
        self.rows.remove(&gone);
        kept
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
            if self.by_uln.insert(value.clone(), id).is_none() {
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
        if let Some(name_key) = person.exact_key()
            && !self.is_named(&name_key, id)
        {
            self.by_name.entry(name_key.clone()).or_default().insert(id);
            self.names.push(NameRow {
                name_key,
                learner_id: id,
            });
        }
    }

    /// Whether the learner, or one who was joined into them, has that name.
    fn is_named(&self, name_key: &str, id: Id) -> bool {
        let named = self.by_name.get(name_key);
        named.is_some_and(|ids| ids.iter().any(|one| self.now(*one) == id))
    }

    fn alias(
        &mut self,
        kind: &str,
        scope: &str,
        value: String,
        learner_id: Id,
        now: NaiveDateTime,
    ) {
        let given_by = self.submitter.clone();
        self.aliases.push(AliasRow {
            kind: kind.to_owned(),
            scope: scope.to_owned(),
            value,
            learner_id,
            given_by,
            known_from: now,
        });
    }
}
