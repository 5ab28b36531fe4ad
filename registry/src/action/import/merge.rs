//! Merging a staged batch into the records: whom each statement is about, whose award it speaks of, and
//! then what is true ([`super::settle`]). Everything a batch touches is looked up in a few queries, decided
//! in plain code, and written in bulk, inside the caller's transaction.

use super::catalogue::{Bodies, Catalogue};
use super::link::People;
use super::prepare::{Prepared, Ready};
use super::settle::{self, Arrived};
use super::uln;
use crate::action::identity::{self, Changed, Likeness};
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::import_issue::IssueRow;
use crate::model::import_job::JobRow;
use crate::model::learner::UlnKind;
use crate::model::{awarding_body, qualification, source, unit};
use chrono::NaiveDateTime;
use prost::bytes::Bytes;
use record::{Effect, SourceKind, Standing, Told};
use schema::wire::Position;
use schema::{Code, PersonKnown, RecognitionNumber, Severity};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// What one import is about, the same for all its batches.
pub(super) struct Merge {
    pub(super) job: Id,
    pub(super) submitter: String,
    pub(super) adapter: String,
    pub(super) kind: SourceKind,
    pub(super) standing: Standing,
    pub(super) body: Option<RecognitionNumber>,
    pub(super) learner: Option<Id>,
    pub(super) received_at: NaiveDateTime,
    pub(super) bodies: Bodies,
    likeness: Arc<Likeness>,
    /// What was said once of a qualification or body need not be said of each of its results.
    said: HashSet<(Code, String)>,
}

/// What merging a batch did.
#[derive(Default)]
pub(super) struct Merged {
    pub(super) effects: Vec<Effect>,
    pub(super) rejected: i64,
    pub(super) needs_person: i64,
    pub(super) issues: Vec<IssueRow>,
}

/// A record of the batch, on its way.
struct Incoming {
    position: Position,
    encoded: Bytes,
    told: Told,
    learner: Id,
}

impl Merge {
    pub(super) fn of(
        connection: &mut Connection,
        job: &JobRow,
        likeness: Arc<Likeness>,
    ) -> Result<Self, Error> {
        let corrupt = |what: &str| Error::internal(format_args!("import {}: {what}", job.id));
        Ok(Self {
            job: job.id,
            submitter: job.submitter.clone(),
            adapter: job.adapter.clone(),
            kind: SourceKind::parse(&job.kind).ok_or_else(|| corrupt("kind"))?,
            standing: Standing::parse(&job.standing).ok_or_else(|| corrupt("standing"))?,
            body: job
                .awarding_body
                .as_deref()
                .and_then(|number| RecognitionNumber::parse(number).ok()),
            learner: job.learner_id,
            received_at: job.received_at,
            bodies: Bodies::load(connection)?,
            likeness,
            said: HashSet::new(),
        })
    }

    /// How far a record must say itself whom it is about.
    pub(super) fn person_known(learner: Option<Id>) -> PersonKnown {
        if learner.is_some() {
            PersonKnown::Elsewhere
        } else {
            PersonKnown::FromRecord
        }
    }

    /// Recalls what was said of batches that were merged before the import was interrupted, so that it is
    /// said once all the same.
    pub(super) fn recall(
        &mut self,
        connection: &mut Connection,
        prepared: &Prepared,
    ) -> Result<(), Error> {
        let said = || prepared.records.iter().map(|ready| &ready.statement);
        let mut catalogue = Catalogue::load(connection, &self.bodies, said())?;
        for statement in said() {
            if let Ok(body) = catalogue.body(statement, self.body) {
                for code in catalogue.note(statement, body) {
                    self.said.insert((code, named(code, statement, body)));
                }
            }
        }
        Ok(())
    }

    pub(super) fn batch(
        &mut self,
        connection: &mut Connection,
        mut prepared: Prepared,
    ) -> Result<Merged, Error> {
        let mut merged = Merged::default();
        if self.standing != Standing::Recorded {
            // That two numbers are one person's is for whoever issues them to say.
            for ready in &mut prepared.records {
                ready.statement.person.linked_ulns.clear();
            }
        }
        for (code, position) in &prepared.rejected {
            merged.reject(self.job, *code, position.as_ref());
        }
        let statements = || prepared.records.iter().map(|ready| &ready.statement);
        let mut catalogue = Catalogue::load(connection, &self.bodies, statements())?;
        let mut numbers = Numbers::load(connection, self, statements())?;
        let mut people = People::load(
            connection,
            &self.submitter,
            statements().map(|statement| &statement.person),
            self.learner.as_slice(),
            &numbers.learners(),
        )?;
        let mut incoming = Vec::with_capacity(prepared.records.len());
        for ready in prepared.records {
            let Ready {
                position,
                encoded,
                digest,
                statement,
            } = ready;
            let body = match catalogue.body(&statement, self.body) {
                Ok(body) => body,
                Err(code) => {
                    merged.reject(self.job, code, Some(&position));
                    continue;
                }
            };
            let known = numbers.holder(body, &statement);
            let (learner, concern) = match self.learner {
                Some(own) => match people.present(own, &statement.person) {
                    Ok(id) => (id, None),
                    Err(code) => {
                        merged.reject(self.job, code, Some(&position));
                        continue;
                    }
                },
                None => people.link(&statement.person, known, self.received_at),
            };
            if known.is_some_and(|known| people.now(known) != people.now(learner)) {
                merged.reject(self.job, Code::ResultOfAnother, Some(&position));
                continue;
            }
            if let Some(code) = concern {
                merged.concern(self, code, &position);
            }
            for code in catalogue.note(&statement, body) {
                if code == Code::OutsideRegisterDates
                    || self.said.insert((code, named(code, &statement, body)))
                {
                    merged
                        .issues
                        .push(issue(self.job, Severity::Warning, code, Some(&position)));
                }
            }
            numbers.remember(body, &statement, learner);
            let told = Told {
                digest,
                submitter: self.submitter.clone(),
                kind: self.kind,
                standing: self.standing,
                body,
                received_at: self.received_at,
                award: None,
                statement,
            };
            incoming.push(Incoming {
                position,
                encoded,
                told,
                learner,
            });
        }
        for row in &catalogue.new_bodies {
            awarding_body::keep(connection, row)?;
        }
        qualification::keep_all(connection, &catalogue.new_qualifications)?;
        unit::keep_all(connection, &catalogue.new_units)?;
        let ulns = uln::change(connection, self, prepared.changes, &mut merged)?;
        self.write(connection, people, incoming, ulns, &mut merged)?;
        Ok(merged)
    }

    fn write(
        &self,
        connection: &mut Connection,
        people: People,
        incoming: Vec<Incoming>,
        mut ulns: BTreeSet<String>,
        merged: &mut Merged,
    ) -> Result<(), Error> {
        let mut by_learner: BTreeMap<Id, Vec<Arrived>> = BTreeMap::new();
        let mut first: HashMap<Id, Position> = HashMap::new();
        for Incoming {
            position,
            encoded,
            told,
            learner,
        } in incoming
        {
            let place = merged.effects.len();
            merged.effects.push(Effect::Unchanged);
            first.entry(learner).or_insert_with(|| position.clone());
            by_learner
                .entry(people.home(learner))
                .or_default()
                .push(Arrived {
                    place,
                    arrived_as: learner,
                    position,
                    encoded,
                    told,
                });
        }
        // A learner of whom every record was rejected is not made.
        let exists = |id: &Id| first.contains_key(id) || !people.fresh.contains(id);
        let mut aliases = people.aliases.clone();
        aliases.retain(|alias| exists(&alias.arrived_as));
        let mut names = people.names.clone();
        names.retain(|name| exists(&name.learner_id));
        let numbers = || {
            let is_uln = |kind: Option<UlnKind>| kind == Some(UlnKind::Told);
            aliases
                .iter()
                .filter(move |alias| is_uln(UlnKind::of(alias)))
        };
        let numbered: BTreeSet<Id> = numbers().map(|alias| alias.arrived_as).collect();
        ulns.extend(numbers().map(|alias| alias.value.clone()));
        ulns.extend(people.open_ulns.iter().cloned());
        let bonds = people.bonds.clone();
        let bonds = bonds
            .into_iter()
            .filter(|(one, other, _)| exists(one) && exists(other))
            .collect();
        let learners = settle::Learners {
            rows: people.rows,
            fresh: people.fresh,
            aliases,
            names,
        };
        let rows = settle::settle(connection, self, learners, &numbered, by_learner, merged)?;
        let changed = Changed {
            rows,
            bonds,
            by: self.submitter.clone(),
            ulns,
            taken_back: false,
        };
        for learner in identity::conclude(connection, &self.likeness, changed, self.received_at)? {
            if let Some(position) = first.get(&learner) {
                merged.concern(self, Code::LearnerAmbiguous, position);
            }
        }
        Ok(())
    }
}

impl Merged {
    pub(super) fn reject(&mut self, job: Id, code: Code, position: Option<&Position>) {
        self.rejected += 1;
        self.issues
            .push(issue(job, Severity::Error, code, position));
    }

    /// Something about who is who. It tells of people known from elsewhere, so a body is not told.
    fn concern(&mut self, merge: &Merge, code: Code, position: &Position) {
        if merge.standing != Standing::Attested {
            self.needs_person += 1;
        }
        self.issues.push(IssueRow {
            restricted: merge.standing == Standing::Attested,
            ..issue(merge.job, Severity::Warning, code, Some(position))
        });
    }

    pub(super) fn warn(&mut self, job: Id, code: Code, position: Option<&Position>) {
        self.issues
            .push(issue(job, Severity::Warning, code, position));
    }
}

/// An issue of the registry's own, its number still to be given.
pub(super) fn issue(
    job: Id,
    severity: Severity,
    code: Code,
    position: Option<&Position>,
) -> IssueRow {
    let position = position.cloned().unwrap_or_default();
    IssueRow {
        job_id: job,
        ordinal: 0,
        severity: severity.as_str().to_owned(),
        code: code.as_str().to_owned(),
        message: None,
        row_number: i64::try_from(position.row).ok().filter(|row| *row > 0),
        column_number: i32::try_from(position.column)
            .ok()
            .filter(|column| *column > 0),
        byte_offset: position
            .byte()
            .and_then(|offset| i64::try_from(offset).ok()),
        path: Some(position.path).filter(|path| !path.is_empty()),
        restricted: false,
    }
}

fn named(code: Code, statement: &schema::Statement, body: Option<RecognitionNumber>) -> String {
    match code {
        Code::BodyUnknown => body
            .map(|body| body.to_string())
            .or_else(|| statement.body.name.clone())
            .unwrap_or_default(),
        _ => statement.subject.key(),
    }
}

/// For whom the submitter used result identifiers and certificate numbers before, or earlier in the batch.
/// Only the submitter's own: what others use tells nobody anything.
struct Numbers {
    holders: BTreeMap<String, Id>,
}

impl Numbers {
    fn load<'a>(
        connection: &mut Connection,
        merge: &Merge,
        statements: impl Iterator<Item = &'a schema::Statement>,
    ) -> Result<Self, Error> {
        let (mut results, mut certificates) = (Vec::new(), Vec::new());
        if let Some(body) = merge.body {
            for statement in statements {
                results.extend(source::number_key(
                    Some(body),
                    statement.result_id.as_deref(),
                ));
                certificates.extend(source::number_key(
                    Some(body),
                    statement.certificate_number.as_deref(),
                ));
            }
        }
        let result_keys: Vec<&str> = results.iter().map(String::as_str).collect();
        let certificate_keys: Vec<&str> = certificates.iter().map(String::as_str).collect();
        let mut holders = BTreeMap::new();
        for (result, certificate, learner) in source::numbered(
            connection,
            &merge.submitter,
            &result_keys,
            &certificate_keys,
        )? {
            holders.extend(result.map(|key| (format!("result {key}"), learner)));
            holders.extend(certificate.map(|key| (format!("certificate {key}"), learner)));
        }
        Ok(Self { holders })
    }

    /// Whose numbers these are.
    fn learners(&self) -> Vec<Id> {
        self.holders.values().copied().collect()
    }

    fn keys(
        body: Option<RecognitionNumber>,
        statement: &schema::Statement,
    ) -> impl Iterator<Item = String> {
        let result = source::number_key(body, statement.result_id.as_deref())
            .map(|key| format!("result {key}"));
        let certificate = source::number_key(body, statement.certificate_number.as_deref())
            .map(|key| format!("certificate {key}"));
        result.into_iter().chain(certificate)
    }

    fn holder(&self, body: Option<RecognitionNumber>, statement: &schema::Statement) -> Option<Id> {
        Self::keys(body, statement).find_map(|key| self.holders.get(&key).copied())
    }

    fn remember(
        &mut self,
        body: Option<RecognitionNumber>,
        statement: &schema::Statement,
        learner: Id,
    ) {
        for key in Self::keys(body, statement) {
            self.holders.entry(key).or_insert(learner);
        }
    }
}
