//! As whom somebody looks at a record, and so how much of it there is.

use crate::access::{Caller, LearnerClaim, Right, Role};
use crate::app::App;
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::achievement::{AchievementRow, Held};
use crate::model::awarding_body::{self, BodyRow};
use crate::model::learner::{self, LearnerRow};
use crate::model::qualification::{self, QualificationRow};
use crate::model::source::{self, SourceRow};
use crate::model::unit::{self, UnitRow};
use chrono::NaiveDateTime;
use record::{Award, Difference, Told, combine};
use schema::{Date, RecognitionNumber, Sentinel};
use std::collections::{BTreeSet, HashMap};

/// As whom somebody looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// The person themselves: everything.
    Own,
    /// A body: only what it told itself, as if nobody else had told anything.
    Body(RecognitionNumber),
    /// A steward: everything but the access ledger.
    Steward,
}

impl View {
    /// The role whose right it is to look so.
    #[must_use]
    pub fn role(self) -> Role {
        match self {
            Self::Own => Role::Practitioner,
            Self::Body(_) => Role::AwardingBody,
            Self::Steward => Role::Steward,
        }
    }

    /// Whether a source is seen.
    #[must_use]
    pub fn sees(self, source: &SourceRow) -> bool {
        match self {
            Self::Own | Self::Steward => true,
            Self::Body(body) => source.submitter == source::submitter_of(body),
        }
    }
}

/// As whom the caller looks at this learner; none where the caller has no right to. A body has one where
/// `told` holds something of its own.
#[must_use]
pub fn view_of(caller: &Caller, own: Option<Id>, learner: Id, told: &[SourceRow]) -> Option<View> {
    if own == Some(learner) && caller.may(Right::ReadOwnRecord) {
        return Some(View::Own);
    }
    if caller.may(Right::ReadIdentities) {
        return Some(View::Steward);
    }
    let view = View::Body(caller.body().filter(|_| caller.may(Right::ReadOwnAwards))?);
    told.iter().any(|source| view.sees(source)).then_some(view)
}

/// The learner whom the caller's token names as their own.
///
/// # Errors
/// [`Error`] where the database does not answer.
pub fn own_learner(
    connection: &mut Connection,
    caller: &Caller,
) -> Result<Option<LearnerRow>, Error> {
    Ok(match caller.own_learner() {
        Some(LearnerClaim::Id(id)) => learner::find(connection, *id)?,
        Some(LearnerClaim::Uln(uln)) => learner::find_by_uln(connection, *uln)?,
        None => None,
    })
}

/// [`own_learner`] for a caller outside the database's threads.
///
/// # Errors
/// As [`own_learner`].
pub async fn own_learner_of(app: &App, caller: &Caller) -> Result<Option<LearnerRow>, Error> {
    if caller.own_learner().is_none() {
        return Ok(None);
    }
    let caller = caller.clone();
    app.db
        .read(move |connection| own_learner(connection, &caller))
        .await
}

/// A source with the statement it makes.
#[derive(Clone)]
pub struct Heard {
    /// The stored source.
    pub source: std::sync::Arc<SourceRow>,
    /// The statement.
    pub told: Told,
    /// The values in it that are no values.
    pub sentinels: Vec<(&'static str, Sentinel)>,
}

/// The statements of stored sources.
///
/// # Errors
/// [`Error`] where what is stored cannot be read.
pub fn hear(sources: Vec<SourceRow>) -> Result<Vec<Heard>, Error> {
    sources
        .into_iter()
        .map(|source| {
            let (told, sentinels) = source.told()?;
            Ok(Heard {
                source: source.into(),
                told,
                sentinels,
            })
        })
        .collect()
}

/// When a record is looked at: what was true on a day, and what was known at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Moment {
    /// What was true on that day.
    pub as_of: Option<Date>,
    /// What the registry knew then.
    pub known_at: Option<NaiveDateTime>,
}

impl Moment {
    /// Whether it is simply now.
    #[must_use]
    pub fn is_now(self) -> bool {
        self == Self::default()
    }

    fn holds(self, told: &Told) -> bool {
        let (acted, received) = (told.statement.action_date, told.received_at.date());
        // A correction speaks of the whole time since the award; a change of status only of what follows it.
        let from = match told.statement.verb {
            schema::Verb::Create | schema::Verb::Update => {
                told.statement.awarded_on.or(acted).unwrap_or(received)
            }
            _ => acted.unwrap_or(received),
        };
        self.as_of.is_none_or(|day| from <= day)
            && self.known_at.is_none_or(|time| told.received_at <= time)
    }
}

/// The awards that follow from those statements which `view` sees and which held at `moment`, each with the
/// places of its statements in `heard`.
#[must_use]
pub fn awards(heard: &[Heard], view: View, moment: Moment) -> Vec<(Id, Award)> {
    let places: Vec<usize> = (0..heard.len())
        .filter(|place| {
            heard
                .get(*place)
                .is_some_and(|one| view.sees(&one.source) && moment.holds(&one.told))
        })
        .collect();
    let told: Vec<Told> = places
        .iter()
        .filter_map(|place| heard.get(*place))
        .map(|one| one.told.clone())
        .collect();
    let back = |place: usize| places.get(place).copied().unwrap_or_default();
    combine(&told)
        .into_iter()
        .filter_map(|award| {
            let id = award
                .sources
                .iter()
                .filter_map(|place| told.get(*place)?.award)
                .min()?;
            let differences = award
                .differences
                .into_iter()
                .map(|difference| Difference {
                    source: back(difference.source),
                    ..difference
                })
                .collect();
            let sources = award.sources.into_iter().map(back).collect();
            Some((
                Id::from_bytes(id),
                Award {
                    sources,
                    differences,
                    facts: award.facts,
                },
            ))
        })
        .filter(|(_, award)| match (moment.as_of, award.facts.awarded_on) {
            (Some(day), Some(awarded)) => awarded <= day,
            _ => true,
        })
        .collect()
}

/// The same as the join of the stored awards gives, for awards of several learners that were concluded now; in
/// three statements, however many there are.
///
/// # Errors
/// [`Error`] where the database does not answer.
pub fn hold(
    connection: &mut Connection,
    awards: Vec<(Id, Id, Award)>,
    now: NaiveDateTime,
) -> Result<Vec<Held>, Error> {
    let rows: Vec<AchievementRow> = awards
        .into_iter()
        .map(|(learner, id, award)| AchievementRow::conclude(id, learner, &award.facts, 0, now))
        .collect();
    let codes = |kind: &str| -> Vec<&str> {
        let of_kind = rows.iter().filter(|row| row.subject_kind == kind);
        let codes: BTreeSet<&str> = of_kind.map(|row| row.subject_code.as_str()).collect();
        codes.into_iter().collect()
    };
    let (numbers, references) = (codes("qualification"), codes("unit"));
    let mut qualifications: HashMap<String, QualificationRow> = HashMap::new();
    if !numbers.is_empty() {
        let found = qualification::all(connection, &numbers)?;
        qualifications.extend(found.into_iter().map(|row| (row.number.clone(), row)));
    }
    let mut units: HashMap<String, UnitRow> = HashMap::new();
    if !references.is_empty() {
        let found = unit::all(connection, &references)?;
        units.extend(found.into_iter().map(|row| (row.reference.clone(), row)));
    }
    let mut held: Vec<Held> = Vec::with_capacity(rows.len());
    for achievement in rows {
        let (kind, code) = (&achievement.subject_kind, &achievement.subject_code);
        let qualification = (kind == "qualification").then(|| qualifications.get(code));
        let unit = (kind == "unit").then(|| units.get(code));
        held.push(Held {
            qualification: qualification.flatten().cloned(),
            unit: unit.flatten().cloned(),
            body: None,
            achievement,
        });
    }
    let bodies: BTreeSet<&str> = held.iter().filter_map(body_of).collect();
    if !bodies.is_empty() {
        let numbers: Vec<&str> = bodies.into_iter().collect();
        let found = awarding_body::all(connection, &numbers)?;
        let known: HashMap<String, BodyRow> = found
            .into_iter()
            .map(|row| (row.recognition_number.clone(), row))
            .collect();
        for one in &mut held {
            one.body = body_of(one).and_then(|number| known.get(number)).cloned();
        }
    }
    held.sort_by_key(|held| held.achievement.id);
    Ok(held)
}

/// The register's owner of the qualification, else the body that the sources name.
fn body_of(held: &Held) -> Option<&str> {
    let owner = held
        .qualification
        .as_ref()
        .and_then(|row| row.body.as_deref());
    owner.or(held.achievement.body.as_deref())
}
