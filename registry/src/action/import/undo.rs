//! Taking an import back: every statement that it alone told goes, and the records of those of whom it told are
//! concluded anew. What another import told too becomes that one's. Where a later import or a correction changed the same
//! result, what was told of it stays, and the job says so.
//!
//! It is done some learners at a time. What is taken back is gone, so whoever goes on after a kill begins anew with
//! what is left; the job is marked from the first moment to the last. It takes the same locks as merging.

mod identity;
mod serve;
mod uln;

pub use serve::Undos;

use super::see::Seen;
use super::{merge, read, settle};
use crate::access::{Caller, Right};
use crate::action::identity::{self as people, Changed, Likeness};
use crate::action::webhook::{self, Happened};
use crate::app::App;
use crate::db::{Bulk, Connection, Id};
use crate::error::Error;
use crate::model::identifier;
use crate::model::import_issue::{self, IssueRow};
use crate::model::import_job::{self, JobRow, State};
use crate::model::learner;
use crate::model::source::{self, SourceRow};
use crate::model::source_again::{self, AgainRow};
use crate::model::uln_change;
use chrono::NaiveDateTime;
use identity::Identity;
use prost::Message;
use schema::wire::Position;
use schema::{Code, Severity};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};

/// How many learners are looked at in one transaction.
const LEARNERS: i64 = 250;
/// How many rows of what was told again are forgotten in one.
const ROWS: i64 = 10_000;
/// How many issues are kept; a report lists no more.
const ISSUES: usize = 100_001;

/// Marks an import as being taken back, for somebody who asks with a token; [`take_back`] does it. Answers the job, and
/// whether there is anything to do.
///
/// # Errors
/// [`Code::Unauthenticated`] and [`Code::Forbidden`] for those who may take nothing back; [`Code::NotFound`] where the
/// import is another's, or none; [`Code::StateConflict`] where there is nothing to take back.
pub async fn ask(app: &App, caller: &Caller, id: Id) -> Result<(Seen, bool), Error> {
    let anybodys = caller.may(Right::UndoImports);
    if !anybodys {
        caller.demand(Right::UndoOwnImports)?;
    }
    let body = caller.body().map(|body| body.to_string());
    let own = body.clone();
    let now = app.clock.now();
    let job = app.db.write(move |connection| {
        let found = import_job::find(connection, id)?
            .filter(|job| anybodys || (body.is_some() && job.awarding_body == body));
        begin(connection, found, now)
    });
    let (job, marked) = job.await?;
    let restricted_too = caller.may(Right::ReadImports);
    let seen = Seen {
        own: own.is_some() && job.awarding_body == own,
        job,
        restricted_too,
    };
    Ok((seen, marked))
}

/// Takes an import back on an operator's word, to its end; answers the job, and how many of its statements stay.
/// Blocks.
///
/// # Errors
/// As [`ask`] but for rights, and as [`take_back`].
pub fn undo(app: &App, id: Id, progress: &dyn Undoing) -> Result<(JobRow, i64), Error> {
    let now = app.clock.now();
    app.db.write_blocking(move |connection| {
        let found = import_job::find(connection, id)?;
        begin(connection, found, now)
    })?;
    let job = take_back(app, id, progress, &AtomicBool::new(false))?;
    let left = app
        .db
        .read_blocking(move |connection| count_of_job(connection, id))?;
    Ok((job, left))
}

/// How much of what was told stands as this import's.
fn count_of_job(connection: &mut Connection, id: Id) -> Result<i64, Error> {
    Ok(source::count_of_job(connection, id)? + uln_change::count_of_job(connection, id)?)
}

/// Hears how taking back gets on.
pub trait Undoing {
    /// So many of so many statements were looked at.
    fn undoing(&self, done: i64, all: i64);
}

/// Nobody listens.
impl Undoing for () {
    fn undoing(&self, _done: i64, _all: i64) {}
}

/// Marks the job, where there is something to take back. One that was taken back and left something, since it had
/// been changed, is begun again: by now it may be free.
fn begin(
    connection: &mut Connection,
    found: Option<JobRow>,
    now: NaiveDateTime,
) -> Result<(JobRow, bool), Error> {
    let job = found.ok_or_else(|| Error::from(Code::NotFound))?;
    let refuse = |words: &str| Err(Error::with(Code::StateConflict, words));
    match job.state() {
        State::Queued | State::Reading | State::Merging => {
            return refuse("The import has not ended yet. Take it back when it has.");
        }
        State::Failed | State::Cancelled => {
            return refuse("Nothing of this import was kept, so there is nothing to take back.");
        }
        _ if job.dry_run => {
            return refuse("A dry run changed nothing, so there is nothing to take back.");
        }
        State::Undone if count_of_job(connection, job.id)? == 0 => return Ok((job, false)),
        State::Undone | State::Done | State::DoneWithIssues => {}
    }
    import_job::begin_undoing(connection, job.id, now)?;
    Ok((job, true))
}

/// Takes a marked import back, from wherever it stands to its end; answers the job. One that is not marked is answered
/// as it is. Blocks. Two who do it at once do no harm.
///
/// # Errors
/// [`Code::Unavailable`] where `stop` says so; else [`Error`] where the database does not answer. It can be gone on
/// with then.
pub fn take_back(
    app: &App,
    id: Id,
    progress: &dyn Undoing,
    stop: &AtomicBool,
) -> Result<JobRow, Error> {
    let mut bulk = app.db.bulk()?;
    let look = move |connection: &mut Connection| count_of_job(connection, id);
    let (all, mut done) = (app.db.read_blocking(look)?, 0);
    while forget_some(&mut bulk, id)? {
        go_on(stop)?;
    }
    loop {
        let (now, likeness) = (app.clock.now(), app.likeness.clone());
        let some = bulk.hurried(move |connection| uln::some(connection, &likeness, id, now))?;
        if some == 0 {
            break;
        }
        done += some;
        progress.undoing(done, all);
        go_on(stop)?;
    }
    loop {
        let (mut changed, mut stays, mut after) = (0, Vec::new(), None);
        loop {
            go_on(stop)?;
            let now = app.clock.now();
            let likeness = app.likeness.clone();
            let part =
                bulk.hurried(move |connection| Part::of(connection, &likeness, id, after, now))?;
            let Some(last) = part.last else { break };
            after = Some(last);
            changed += part.changed;
            done += part.changed;
            stays.extend(part.stays);
            stays.truncate(ISSUES);
            progress.undoing(done, all);
        }
        // Learners may have been joined behind the place that was looked at. Only who finds nothing more to take back
        // is at the end.
        if changed == 0 {
            return finish(app, &mut bulk, id, stays);
        }
    }
}

fn go_on(stop: &AtomicBool) -> Result<(), Error> {
    if stop.load(Ordering::Relaxed) {
        return Err(Error::from(Code::Unavailable));
    }
    Ok(())
}

/// Forgets some of what the import told again; answers whether there may be more.
fn forget_some(bulk: &mut Bulk, id: Id) -> Result<bool, Error> {
    bulk.hurried(move |connection| {
        connection.merge_alone()?;
        Ok(import_job::is_undoing(connection, id)?
            && source_again::forget_of_job(connection, id, ROWS)? > 0)
    })
}

/// Says that the import is taken back, and what of it stays. When it ended, and what it did, stays as it was. Who
/// shall hear of it is told by events that are stored with it.
fn finish(app: &App, bulk: &mut Bulk, id: Id, mut stays: Vec<IssueRow>) -> Result<JobRow, Error> {
    let (webhooks, now) = (app.config.webhooks.clone(), app.clock.now());
    stays.sort_by(|left, right| {
        let place = |issue: &IssueRow| (issue.row_number, issue.byte_offset, issue.column_number);
        (place(left), &left.path).cmp(&(place(right), &right.path))
    });
    let (job, left) = bulk.transaction(move |connection| {
        connection.merge_alone()?;
        let job = import_job::find(connection, id)?;
        let mut job = job.ok_or_else(|| Error::from(Code::NotFound))?;
        if !import_job::is_undoing(connection, id)? {
            return Ok((job, None));
        }
        let code = Code::ChangedSince.as_str();
        if let Some(first) = import_issue::first_of(connection, id, code)? {
            import_issue::forget(connection, id, first)?;
            job.issues = first;
        }
        let left = stays.len();
        read::number(&mut job, &mut stays);
        import_issue::insert_all(connection, stays)?;
        job.state = State::Undone.as_str().to_owned();
        import_job::end_undoing(connection, id)?;
        import_job::update(connection, &job)?;
        webhook::announce(connection, &webhooks, Happened::Undone, &job, now)?;
        Ok((job, Some(left)))
    })?;
    if let Some(left) = left {
        metrics::counter!("registry_imports_undone_total", "adapter" => job.adapter.clone())
            .increment(1);
        tracing::info!(job = %job.id, adapter = %job.adapter, left, "an import was taken back");
    }
    Ok(job)
}

/// What becomes of a statement of the import that is taken back.
enum Fate<'a> {
    /// Another import told it too: it becomes that one's.
    GoesOver(&'a JobRow, &'a AgainRow),
    /// Its result was changed later.
    Stays,
    /// It goes.
    Goes,
}

/// What is stored about some learners of whom an import told.
struct Found {
    told: BTreeMap<Id, Vec<SourceRow>>,
    /// Of each statement of the import that another told too, the first other.
    others: HashMap<Id, AgainRow>,
    /// Those other imports.
    jobs: HashMap<Id, JobRow>,
}

impl Found {
    fn load(connection: &mut Connection, id: Id, learners: &[Id]) -> Result<Self, Error> {
        learner::lock(connection, learners)?;
        let mut told: BTreeMap<Id, Vec<SourceRow>> = BTreeMap::new();
        for row in source::of_learners(connection, learners)? {
            told.entry(row.learner_id).or_default().push(row);
        }
        let own = told.values().flatten().filter(|row| row.job_id == Some(id));
        let own: Vec<Id> = own.map(|row| row.id).collect();
        let again = source_again::of_sources(connection, &own)?;
        let jobs: BTreeSet<Id> = again.iter().map(|row| row.job_id).collect();
        let jobs: Vec<Id> = jobs.into_iter().collect();
        let jobs = import_job::all_of(connection, &jobs)?.into_iter();
        let mut others = HashMap::new();
        for row in again {
            others.entry(row.source_id).or_insert(row);
        }
        Ok(Self {
            told,
            others,
            jobs: jobs.map(|job| (job.id, job)).collect(),
        })
    }

    fn fate(&self, job: Id, row: &SourceRow, told: &[SourceRow]) -> Fate<'_> {
        let other = self.others.get(&row.id);
        let other = other.and_then(|other| Some((self.jobs.get(&other.job_id)?, other)));
        match other {
            Some((job, other)) => Fate::GoesOver(job, other),
            None if told.iter().any(|other| changes(job, other, row)) => Fate::Stays,
            None => Fate::Goes,
        }
    }
}

/// Some learners of whom an import told, with what was done about them.
#[derive(Default)]
struct Part {
    /// The last of them; none where there were no more.
    last: Option<Id>,
    /// How many statements went or became another import's.
    changed: i64,
    /// An issue for each that stays.
    stays: Vec<IssueRow>,
}

impl Part {
    fn of(
        connection: &mut Connection,
        likeness: &Likeness,
        id: Id,
        after: Option<Id>,
        now: NaiveDateTime,
    ) -> Result<Self, Error> {
        connection.merge_alone()?;
        let mut part = Self::default();
        let job = import_job::find(connection, id)?;
        let job = job.ok_or_else(|| Error::from(Code::NotFound))?;
        if !import_job::is_undoing(connection, id)? {
            // Somebody else brought it to its end meanwhile.
            return Ok(part);
        }
        let learners = source::learners_of_job(connection, id, after, LEARNERS)?;
        part.last = learners.last().copied();
        let found = Found::load(connection, id, &learners)?;
        let (mut gone, mut identities) = (Vec::new(), BTreeMap::new());
        let mut touched: BTreeSet<Id> = BTreeSet::new();
        for (learner, told) in &found.told {
            for row in told {
                let identity = identities
                    .entry(row.arrived_as)
                    .or_insert_with(|| Identity::new(row.arrived_as));
                let own = row.job_id == Some(id);
                match own.then(|| found.fate(id, row, told)) {
                    None => identity.left(row)?,
                    Some(Fate::Stays) => {
                        identity.left(row)?;
                        part.stays.push(changed_since(id, row)?);
                    }
                    Some(Fate::GoesOver(job, other)) => {
                        touched.insert(*learner);
                        identity.taken(row)?;
                        let row = become_of(row, job, other)?;
                        source::hand_over(connection, &row)?;
                        source_again::forget(connection, other)?;
                        identity.left(&row)?;
                        part.changed += 1;
                    }
                    Some(Fate::Goes) => {
                        touched.insert(*learner);
                        identity.taken(row)?;
                        gone.push(row.id);
                        part.changed += 1;
                    }
                }
            }
        }
        source::remove(connection, &gone)?;
        let touched: Vec<Id> = touched.into_iter().collect();
        if !touched.is_empty() {
            let identities = identities.into_values().filter(Identity::is_touched);
            let settled = identity::settle(connection, &job, &touched, identities)?;
            let mut changed = Changed {
                rows: settle::again(connection, &touched, now)?,
                ulns: settled.ulns,
                taken_back: true,
                ..Changed::default()
            };
            changed.also(learner::all(connection, &settled.unnumbered)?);
            people::conclude(connection, likeness, changed, now)?;
            if !settled.empty.is_empty() {
                identifier::remove_learners(connection, &settled.empty)?;
            }
        }
        Ok(part)
    }
}

/// Whether `other`, told of the same learner, changed later what `row` of the import `job` says: the same submitter's
/// word about the same result. Imports follow each other by when they were pushed, which their identifiers begin
/// with; so do those of statements that were made in the registry itself.
fn changes(job: Id, other: &SourceRow, row: &SourceRow) -> bool {
    let same = |left: &Option<String>, right: &Option<String>| left.is_some() && left == right;
    other.job_id.unwrap_or(other.id) > job
        && other.submitter == row.submitter
        && (other.achievement_id == row.achievement_id
            || same(&other.result_key, &row.result_key)
            || same(&other.certificate_key, &row.certificate_key))
}

/// The statement as the other import told it.
fn become_of(row: &SourceRow, job: &JobRow, told: &AgainRow) -> Result<SourceRow, Error> {
    let mut record = row.decode()?;
    record.position = Some(Position::decode(told.position.as_slice()).map_err(Error::internal)?);
    Ok(SourceRow {
        record: record.encode_to_vec(),
        job_id: Some(job.id),
        adapter: job.adapter.clone(),
        kind: job.kind.clone(),
        standing: job.standing.clone(),
        received_at: job.received_at,
        ..row.clone()
    })
}

fn changed_since(job: Id, row: &SourceRow) -> Result<IssueRow, Error> {
    let position = row.decode()?.position;
    let code = Code::ChangedSince;
    Ok(merge::issue(
        job,
        Severity::Warning,
        code,
        position.as_ref(),
    ))
}
