//! The record that practitioners keep of what they did to develop, and of how they were inducted: mapped to the Common Core
//! and to National Occupational Standards, and usable as evidence of prior learning.

use crate::access::{Caller, Right};
use crate::action::framework::Framework;
use crate::action::learner::Seen;
use crate::action::view::{self, View};
use crate::action::{claim, share};
use crate::app::App;
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::claim::{EvidenceRow, load, resting_on};
use crate::model::development::{self, DevelopmentRow};
use crate::model::learner;
use schema::{Code, Date};

/// The most entries of one person.
const MOST_ENTRIES: i64 = 10_000;
/// The kind of entry that says how somebody was inducted.
pub(crate) const INDUCTION: &str = "induction";
/// Kinds that have a name; others have whatever name people give them.
const KINDS: [&str; 2] = ["cpd", INDUCTION];
/// The longest that one entry takes, in hours.
const MOST_HOURS: f64 = 5000.0;

/// What is entered.
#[derive(Debug, Clone)]
pub struct New {
    /// Its kind: `cpd`, `induction`, or what else it is.
    pub kind: String,
    /// What it was.
    pub title: String,
    /// How long it took.
    pub hours: Option<f64>,
    /// The day, or the last of them.
    pub on: Date,
    /// Codes of areas of the Common Core, or of standards.
    pub areas: Vec<String>,
}

/// An entry, with the evidence that rests on it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The entry.
    pub row: DevelopmentRow,
    /// Pieces of evidence of the person's claims, each with the outcomes for which it is brought.
    pub evidence: Vec<(EvidenceRow, Vec<String>)>,
}

/// Enters something into the caller's own development record.
///
/// # Errors
/// [`Code::Forbidden`] for anybody but a practitioner; [`Code::NotFound`] where their record is not known;
/// [`Code::InputInvalid`], [`Code::TextInvalid`], [`Code::TooMany`].
#[tracing::instrument(target = "registry::trace", name = "development::record", skip_all)]
pub async fn record(app: &App, caller: &Caller, new: New) -> Result<Entry, Error> {
    caller.demand(Right::ClaimPriorLearning)?;
    let framework = app.framework().await?;
    let now = app.clock.now();
    let row = check(new, &framework, now.date())?;
    let caller = caller.clone();
    app.db
        .write(move |connection| {
            let none = || Error::from(Code::NotFound);
            let own = view::own_learner(connection, &caller)?.ok_or_else(none)?;
            learner::lock(connection, &[own.id])?;
            let everybody = share::makers(connection, own.id)?;
            if development::count(connection, &everybody)? >= MOST_ENTRIES {
                let words = format!("A development record has at most {MOST_ENTRIES} entries.");
                return Err(Error::with(Code::TooMany, words));
            }
            let row = DevelopmentRow {
                learner_id: own.id,
                recorded_at: now,
                ..row
            };
            development::insert(connection, &row)?;
            Ok(Entry {
                row,
                evidence: Vec::new(),
            })
        })
        .await
}

fn check(new: New, framework: &Framework, today: Date) -> Result<DevelopmentRow, Error> {
    let invalid = |words: String| Err(Error::with(Code::InputInvalid, words));
    let kind = claim::line("kind", &new.kind)?;
    if kind.chars().count() > 40 {
        return invalid("kind has at most 40 characters, such as cpd or induction.".to_owned());
    }
    let known = KINDS.iter().find(|known| kind.eq_ignore_ascii_case(known));
    let kind = known.map_or(kind, |known| (*known).to_owned());
    let title = claim::line("title", &new.title)?;
    if new.on > today {
        return invalid("on is a day to come. Enter what was done.".to_owned());
    }
    let minutes = match new.hours {
        None => None,
        Some(hours) if hours > 0.0 && hours <= MOST_HOURS => {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "at most as many minutes as were just allowed"
            )]
            let minutes = (hours * 60.0).round() as i32;
            Some(minutes)
        }
        Some(_) => return invalid(format!("hours is more than 0 and at most {MOST_HOURS}.")),
    };
    let (mut areas, mut standards): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for code in new.areas {
        let code = code.trim().to_owned();
        let into = if framework.area(&code).is_some() {
            &mut areas
        } else if framework.standard(&code).is_some() {
            &mut standards
        } else {
            let words = "areas holds codes of the Common Core's areas, or of standards. The fields commonCore and standards list them.";
            return invalid(words.to_owned());
        };
        if !into.contains(&code) {
            into.push(code);
        }
    }
    Ok(DevelopmentRow {
        id: Id::new(),
        learner_id: Id::from_bytes([0; 16]),
        kind,
        title,
        minutes,
        on_day: new.on,
        areas: areas.join("|"),
        standards: standards.join("|"),
        recorded_at: chrono::NaiveDateTime::default(),
    })
}

/// A page of a learner's own development record, the newest first.
///
/// # Errors
/// [`Code::Forbidden`] for anybody but the person.
#[tracing::instrument(target = "registry::trace", name = "development::list", skip_all)]
pub async fn list(
    app: &App,
    seen: &Seen,
    before: Option<Id>,
    limit: i64,
) -> Result<Vec<Entry>, Error> {
    if seen.view != View::Own {
        return Err(Error::from(Code::Forbidden));
    }
    let id = seen.row.id;
    app.db
        .read(move |connection| {
            let everybody = share::makers(connection, id)?;
            let rows = development::of_learners(connection, &everybody, before, limit)?;
            with_evidence(connection, rows)
        })
        .await
}

/// An entry of one's own; none where it is another's, as for one that does not exist.
///
/// # Errors
/// [`Error`] where the database does not answer.
#[tracing::instrument(target = "registry::trace", name = "development::find", skip_all)]
pub async fn find(app: &App, caller: &Caller, id: Id) -> Result<Option<Entry>, Error> {
    if !caller.may(Right::ClaimPriorLearning) {
        return Ok(None);
    }
    let caller = caller.clone();
    app.db
        .read(move |connection| {
            let own = view::own_learner(connection, &caller)?;
            let own = own.map_or_else(|| Id::from_bytes([0; 16]), |row| row.id);
            let everybody = share::makers(connection, own)?;
            let row = development::find(connection, &everybody, id)?;
            Ok(with_evidence(connection, row.into_iter().collect())?.pop())
        })
        .await
}

fn with_evidence(
    connection: &mut Connection,
    rows: Vec<DevelopmentRow>,
) -> Result<Vec<Entry>, Error> {
    let ids: Vec<Id> = rows.iter().map(|row| row.id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let resting = resting_on(connection, &ids)?;
    let mut claims: Vec<Id> = resting.iter().map(|row| row.claim_id).collect();
    claims.sort_unstable();
    claims.dedup();
    let claims = load(connection, &claims)?;
    let entry = |row: DevelopmentRow| {
        let pieces = claims.iter().flat_map(|claim| &claim.evidence);
        let own = pieces.filter(|piece| piece.row.development_id == Some(row.id));
        Entry {
            evidence: own
                .map(|piece| (piece.row.clone(), piece.outcomes.clone()))
                .collect(),
            row,
        }
    };
    Ok(rows.into_iter().map(entry).collect())
}
