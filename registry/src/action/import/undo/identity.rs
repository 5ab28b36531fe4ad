//! By what a learner is known once statements about them were taken back: identifiers and names that only those stated
//! go, and so does a learner of whom nothing is told any more.

use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::identifier;
use crate::model::import_job::JobRow;
use crate::model::learner::{AliasRow, DISPUTED_ULN, STATED_ULN, UlnKind};
use crate::model::source::SourceRow;
use chrono::NaiveDateTime;
use record::Standing;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// An identifier as it is stored: kind, scope and value.
type Alias = (String, String, String);

/// By what a learner was known from what was taken back, and is from what is left.
pub(super) struct Identity {
    learner: Id,
    taken: Stated,
    left: Stated,
    /// Whether anything was taken back, and whether anything is left.
    touched: bool,
    empty: bool,
}

#[derive(Default)]
struct Stated {
    /// Each identifier that may have been stored for a statement, with who stated it first, and when.
    aliases: BTreeMap<Alias, (NaiveDateTime, String)>,
    names: BTreeSet<String>,
}

impl Stated {
    fn hear(&mut self, row: &SourceRow) -> Result<(), Error> {
        let told = row.told()?.0;
        let person = told.statement.person;
        let linked = Some(&person.linked_ulns).filter(|_| told.standing == Standing::Recorded);
        let ulns = person.uln.iter().chain(linked.into_iter().flatten());
        let ulns: Vec<String> = ulns.map(ToString::to_string).collect();
        let scope = || row.submitter.clone();
        let everybodys = ulns
            .iter()
            .map(|uln| ("uln".to_owned(), String::new(), uln.clone()));
        let own = ulns
            .iter()
            .map(|uln| (STATED_ULN.to_owned(), scope(), uln.clone()));
        let facts = person.facts();
        let disputed = ulns
            .iter()
            .filter_map(|uln| Some((DISPUTED_ULN.to_owned(), facts.clone()?, uln.clone())));
        let reference = person.reference.clone();
        let reference = reference.map(|value| ("reference".to_owned(), scope(), value));
        for alias in everybodys.chain(own).chain(disputed).chain(reference) {
            let by = (row.received_at, scope());
            let first = self.aliases.entry(alias).or_insert_with(|| by.clone());
            if by < *first {
                *first = by;
            }
        }
        self.names.extend(facts);
        Ok(())
    }
}

impl Identity {
    pub(super) fn new(learner: Id) -> Self {
        Self {
            learner,
            taken: Stated::default(),
            left: Stated::default(),
            touched: false,
            empty: true,
        }
    }

    /// A statement that is taken back, or was one of the import that is.
    pub(super) fn taken(&mut self, row: &SourceRow) -> Result<(), Error> {
        self.touched = true;
        self.taken.hear(row)
    }

    /// A statement that is there afterwards.
    pub(super) fn left(&mut self, row: &SourceRow) -> Result<(), Error> {
        self.empty = false;
        self.left.hear(row)
    }

    pub(super) fn is_touched(&self) -> bool {
        self.touched
    }

    /// What becomes of an identifier: nothing, or it goes, or it is known from another time.
    fn becomes(&self, job: &JobRow, alias: &AliasRow) -> Becomes {
        // How a number stands is not what was said of it here.
        let told = UlnKind::of(alias).filter(|kind| kind.is_told());
        let kind = told.map_or(alias.kind.as_str(), |_| UlnKind::Told.as_str());
        let key = (kind.to_owned(), alias.scope.clone(), alias.value.clone());
        if !self.taken.aliases.contains_key(&key) {
            return Becomes::Same;
        }
        match self.left.aliases.get(&key) {
            None => Becomes::Nothing,
            Some((from, by)) if alias.known_from == job.received_at => Becomes::Of(AliasRow {
                given_by: by.clone(),
                known_from: *from,
                ..alias.clone()
            }),
            Some(_) => Becomes::Same,
        }
    }
}

enum Becomes {
    Same,
    Nothing,
    Of(AliasRow),
}

/// Learners by what became of them.
#[derive(Default)]
pub(super) struct Settled {
    /// Of whom nothing is told any more.
    pub(super) empty: Vec<Id>,
    /// Who lost a ULN.
    pub(super) unnumbered: Vec<Id>,
    /// ULNs that were told of somebody, and are not by what was taken back.
    pub(super) ulns: BTreeSet<String>,
}

/// Stores by what these learners, who answer as `roots`, are known now, after `job` was taken back from them.
///
/// # Errors
/// The engine's error.
pub(super) fn settle(
    connection: &mut Connection,
    job: &JobRow,
    roots: &[Id],
    identities: impl Iterator<Item = Identity>,
) -> Result<Settled, Error> {
    let (empty, known): (Vec<Identity>, Vec<Identity>) =
        identities.partition(|identity| identity.empty);
    let taken = empty.iter().chain(&known);
    let taken = taken.flat_map(|identity| identity.taken.aliases.keys());
    let ulns = taken.filter(|(kind, _, _)| kind == UlnKind::Told.as_str());
    let mut settled = Settled {
        empty: empty.iter().map(|identity| identity.learner).collect(),
        unnumbered: Vec::new(),
        ulns: ulns.map(|(_, _, uln)| uln.clone()).collect(),
    };
    let known: HashMap<Id, Identity> = known
        .into_iter()
        .map(|identity| (identity.learner, identity))
        .collect();
    if !known.is_empty() || !settled.empty.is_empty() {
        for alias in identifier::of_learners(connection, roots)? {
            let told = UlnKind::of(&alias).is_some_and(UlnKind::is_told);
            let Some(identity) = known.get(&alias.arrived_as) else {
                let of_uln = told || alias.kind == DISPUTED_ULN;
                if of_uln && settled.empty.contains(&alias.arrived_as) {
                    identifier::remove(connection, &alias)?;
                }
                continue;
            };
            match identity.becomes(job, &alias) {
                Becomes::Same => {}
                Becomes::Nothing => {
                    identifier::remove(connection, &alias)?;
                    if told {
                        settled.unnumbered.push(alias.arrived_as);
                    }
                }
                Becomes::Of(alias) => identifier::update(connection, &alias)?,
            }
        }
    }
    for identity in known.values() {
        let gone = identity.taken.names.difference(&identity.left.names);
        let gone: Vec<&str> = gone.map(String::as_str).collect();
        identifier::unname(connection, identity.learner, &gone)?;
    }
    Ok(settled)
}
