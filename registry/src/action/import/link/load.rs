//! Looking up whom the statements of a batch may be about.

use super::People;
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::learner::{self, LearnerRow, STATED_ULN};
use crate::model::uln_change;
use schema::StatedPerson;
use std::collections::BTreeSet;

impl People {
    /// Looks up everybody whom the statements name, in a few queries for the whole batch.
    pub(in crate::action::import) fn load<'a>(
        connection: &mut Connection,
        submitter: &str,
        stated: impl Iterator<Item = &'a StatedPerson> + Clone,
        also: &[Id],
        known: &[Id],
    ) -> Result<Self, Error> {
        let ulns: BTreeSet<&str> = stated
            .clone()
            .flat_map(|person| person.uln.iter().chain(&person.linked_ulns))
            .map(schema::Uln::as_str)
            .collect();
        // Names find those alone of whom no number is stated. Looked up for everybody, a file in which very many have one
        // name (or a word in its place) and numbers would load all of them again with each batch.
        let unnumbered = stated.clone().filter(|person| !person.has_number());
        let keys: BTreeSet<String> = unnumbered.filter_map(StatedPerson::exact_key).collect();
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
            for (uln, id) in learner::told_as(connection, &ulns)? {
                ids.insert(id);
                people.by_uln.insert(uln, id);
            }
            for alias in learner::disputed(connection, &ulns)? {
                ids.insert(alias.arrived_as);
                let of = people.disputed.entry(alias.value).or_default();
                of.insert(alias.scope, alias.arrived_as);
            }
            people.deleted = uln_change::deleted(connection, &ulns)?
                .into_iter()
                .collect();
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
        let named: Vec<Id> = ids.iter().chain(known).copied().collect();
        if !named.is_empty() {
            for row in learner::names_of(connection, &named)? {
                let of = people.facts.entry(row.learner_id).or_default();
                of.insert(row.name_key);
            }
        }
        let ids: Vec<Id> = ids.into_iter().collect();
        if !ids.is_empty() {
            people.add(learner::all(connection, &ids)?);
            let kept: Vec<Id> = people.merged.values().copied().collect();
            if !kept.is_empty() {
                people.add(learner::all(connection, &kept)?);
            }
            let kept: Vec<Id> = ids.iter().map(|id| people.now(*id)).collect();
            for (id, uln, disputed) in learner::told_of(connection, &kept)? {
                if disputed {
                    people.disputing.insert(id);
                } else {
                    people.ulns.entry(id).or_default().insert(uln);
                }
            }
        }
        // Of those whose results the numbers are only who they are now: a body corrects whatever it said of them.
        let known: Vec<Id> = known
            .iter()
            .copied()
            .filter(|id| !people.rows.contains_key(id))
            .collect();
        if !known.is_empty() {
            for (id, kept) in learner::merged(connection, &known)? {
                people.merged.insert(id, kept);
                people.roots.insert(id, kept);
            }
        }
        Ok(people)
    }

    fn add(&mut self, rows: Vec<LearnerRow>) {
        for row in rows {
            if let Some(kept) = row.merged_into {
                self.merged.insert(row.id, kept);
                self.roots.insert(row.id, kept);
            }
            // Compared is what each alone was told to be: who was merged meanwhile changes nothing.
            let own = row.own();
            let alone = LearnerRow {
                given_name: own.given_name,
                family_name: own.family_name,
                former_names: serde_json::to_string(&own.former_names).unwrap_or_default(),
                date_of_birth: own.date_of_birth,
                ..row.clone()
            };
            self.rows.insert(row.id, alone);
            self.whole.insert(row.id, row);
        }
    }
}
