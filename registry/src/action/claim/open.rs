//! Opening a claim: which units, by which route, to which body.

use super::look::{self, Looking, Seen};
use super::who::Who;
use super::{terms, text};
use crate::access::{Caller, Right};
use crate::action::framework::{Framework, reference_of};
use crate::action::share;
use crate::app::App;
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::claim::{self, ClaimRow, EventRow, OutcomeRow, PartRow, UnitRow, Wanted};
use crate::model::learner;
use ::claim::{ClaimRoute, Judging, State, Terms};
use chrono::NaiveDateTime;
use framework::catalogue::Unit;
use schema::{Code, Level, RecognitionNumber, Route, UnitReference};
use std::sync::Arc;

/// The most units of a claim.
const MOST_UNITS: usize = 30;
/// The most claims of one person that are going on.
const MOST_OPEN: i64 = 50;

/// What is claimed.
#[derive(Debug, Clone)]
pub struct New {
    /// The route.
    pub route: Route,
    /// The units, by reference.
    pub units: Vec<String>,
    /// The body, by its recognition number.
    pub body: String,
    /// What the claimant says of it.
    pub statement: Option<String>,
}

/// What was checked.
struct Checked {
    route: ClaimRoute,
    terms: Terms,
    units: Vec<UnitRow>,
    outcomes: Vec<OutcomeRow>,
    statement: Option<String>,
}

/// Opens a claim of the caller's own.
///
/// # Errors
/// [`Code::Forbidden`] for anybody but a practitioner; [`Code::NotFound`] where their record is not known;
/// [`Code::InputInvalid`], [`Code::BodyInvalid`], [`Code::UnitUnknown`], [`Code::UnitExcluded`],
/// [`Code::OutcomesNotLoaded`], [`Code::TooMany`].
#[tracing::instrument(target = "registry::trace", name = "claim::open", skip_all)]
pub async fn open(app: &App, caller: &Caller, new: New) -> Result<Seen, Error> {
    caller.demand(Right::ClaimPriorLearning)?;
    let framework = app.framework().await?;
    let looking = Looking::of(app);
    let checked = check(new, &framework, looking.now)?;
    let caller = caller.clone();
    app.db
        .write(move |connection| store(connection, &looking, &caller, checked))
        .await
}

fn check(new: New, framework: &Arc<Framework>, now: NaiveDateTime) -> Result<Checked, Error> {
    let route = ClaimRoute::of(new.route).ok_or_else(|| {
        let words = "Prior learning is claimed by RPL, CREDIT_TRANSFER, EXEMPTION or EQUIVALENCE.";
        Error::with(Code::InputInvalid, words)
    })?;
    let body = RecognitionNumber::parse(&new.body).map_err(|_| Error::from(Code::BodyInvalid))?;
    if new.units.is_empty() || new.units.len() > MOST_UNITS {
        let words = format!("A claim is of 1 to {MOST_UNITS} units.");
        return Err(Error::with(Code::InputInvalid, words));
    }
    let terms = terms::on(framework, body, route, now.date());
    let id = Id::from_bytes([0; 16]);
    let (mut units, mut outcomes): (Vec<UnitRow>, Vec<OutcomeRow>) = (Vec::new(), Vec::new());
    for name in &new.units {
        let unit = find(framework, name).ok_or_else(|| Error::from(Code::UnitUnknown))?;
        let reference = reference_of(unit);
        if terms.excluded.contains(&reference) {
            return Err(Error::from(Code::UnitExcluded));
        }
        if units.iter().any(|one| one.reference == reference) {
            continue;
        }
        let place = i16::try_from(units.len()).unwrap_or(i16::MAX);
        outcomes.extend(outcomes_of(
            framework,
            unit,
            route,
            (id, place),
            outcomes.len(),
        )?);
        units.push(UnitRow {
            claim_id: id,
            place,
            reference,
            title: unit.facts.title.clone(),
            level: unit.facts.level.map(Level::place),
            credit: unit.facts.credit.map(i32::from),
            equivalents: unit.facts.equivalents.join("|"),
            achievement_id: None,
        });
    }
    Ok(Checked {
        route,
        terms,
        units,
        outcomes,
        statement: text("A statement", new.statement)?,
    })
}

fn find<'a>(framework: &'a Framework, name: &str) -> Option<&'a Unit> {
    let name = name.trim();
    let name =
        UnitReference::parse(name).map_or_else(|_| name.to_owned(), |found| found.to_string());
    framework.unit(&name)
}

/// Against what a unit is judged: its learning outcomes, or the unit as a whole.
fn outcomes_of(
    framework: &Framework,
    unit: &Unit,
    route: ClaimRoute,
    (claim_id, unit_place): (Id, i16),
    first: usize,
) -> Result<Vec<OutcomeRow>, Error> {
    let reference = reference_of(unit);
    let row = |place: usize, name: String, title: String, criteria: &[String]| OutcomeRow {
        claim_id,
        place: i16::try_from(first + place).unwrap_or(i16::MAX),
        unit_place,
        name,
        title,
        criteria: serde_json::to_string(criteria).unwrap_or_else(|_| "[]".to_owned()),
    };
    if route.judging() == Judging::Units {
        return Ok(vec![row(0, reference, unit.facts.title.clone(), &[])]);
    }
    let outcomes = framework.outcomes_of(&unit.facts.key).enumerate();
    let rows: Vec<OutcomeRow> = outcomes
        .map(|(place, one)| {
            let name = format!("{reference}:{}", one.code);
            row(place, name, one.title.clone(), &one.criteria)
        })
        .collect();
    if rows.is_empty() {
        return Err(Error::from(Code::OutcomesNotLoaded));
    }
    Ok(rows)
}

fn store(
    connection: &mut Connection,
    looking: &Looking,
    caller: &Caller,
    checked: Checked,
) -> Result<Seen, Error> {
    let now = looking.now;
    let who = Who::asks(connection, caller)?;
    let learner = who.claims_as().ok_or_else(|| Error::from(Code::NotFound))?;
    // One at a time for one person, so that no more are open than may be.
    learner::lock(connection, &[learner])?;
    let decided = [State::Awarded, State::PartlyAwarded, State::Declined];
    let mut going_on = State::ALL.to_vec();
    going_on.retain(|state| !state.ended() && !decided.contains(state));
    let wanted = Wanted {
        learners: share::makers(connection, learner)?,
        states: going_on.into_iter().map(State::as_str).collect(),
        ..Wanted::default()
    };
    let open = claim::visible(connection, &wanted, MOST_OPEN)?.len();
    if i64::try_from(open).unwrap_or(i64::MAX) >= MOST_OPEN {
        let words = format!("At most {MOST_OPEN} claims of one person go on at a time.");
        return Err(Error::with(Code::TooMany, words));
    }
    who.remember(connection, now)?;
    let id = Id::new();
    let row = ClaimRow {
        id,
        learner_id: learner,
        body: checked.terms.body.to_string(),
        route: checked.route.route().as_str().to_owned(),
        state: State::Draft.as_str().to_owned(),
        judged: false,
        statement: checked.statement,
        terms: serde_json::to_string(&checked.terms).map_err(Error::internal)?,
        version: 1,
        opened_at: now,
        submitted_at: None,
        changed_at: now,
        due: None,
        reminded: 0,
        digest: None,
    };
    let claimant = PartRow {
        claim_id: id,
        part: "claimant".to_owned(),
        issuer: who.token.issuer.clone(),
        subject: who.token.subject.clone(),
        learner_id: Some(learner),
        since: now,
    };
    let event = EventRow {
        claim_id: id,
        number: 1,
        at: now,
        by_whom: caller.name(),
        part: "claimant".to_owned(),
        action: "openClaim".to_owned(),
        from_state: row.state.clone(),
        to_state: row.state.clone(),
        note: None,
    };
    let units = checked.units.into_iter().map(|unit| UnitRow {
        claim_id: id,
        ..unit
    });
    let outcomes = checked.outcomes.into_iter().map(|outcome| OutcomeRow {
        claim_id: id,
        ..outcome
    });
    claim::open(
        connection,
        &row,
        units.collect(),
        outcomes.collect(),
        claimant,
        event,
    )?;
    let seen = look::see(connection, looking, caller, &[id])?.pop();
    seen.ok_or_else(|| Error::internal("a claim was opened and is not there"))
}
