//! As whom somebody looks at a record, and so how much of it there is.

use crate::access::{Caller, LearnerClaim, Right, Role};
use crate::app::App;
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::achievement::{AchievementRow, Held};
use crate::model::learner::{self, LearnerRow};
use crate::model::source::{self, SourceRow};
use crate::model::{awarding_body, qualification, unit};
use chrono::NaiveDateTime;
use record::{Award, Difference, Told, combine};
use schema::{Date, QualificationNumber, RecognitionNumber, Sentinel, UnitReference};

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

/// The same as the join of the stored awards gives, for awards that were concluded now.
///
/// # Errors
/// [`Error`] where the database does not answer.
pub fn hold(
    connection: &mut Connection,
    learner: Id,
    awards: Vec<(Id, Award)>,
    now: NaiveDateTime,
) -> Result<Vec<Held>, Error> {
    let mut held = Vec::with_capacity(awards.len());
    for (id, award) in awards {
        let achievement = AchievementRow::conclude(id, learner, &award.facts, 0, now);
        let qualification = match QualificationNumber::parse(&achievement.subject_code) {
            Ok(number) if achievement.subject_kind == "qualification" => {
                qualification::find(connection, number)?
            }
            _ => None,
        };
        let unit = match UnitReference::parse(&achievement.subject_code) {
            Ok(reference) if achievement.subject_kind == "unit" => {
                unit::find(connection, reference.as_str())?
            }
            _ => None,
        };
        let number = qualification
            .as_ref()
            .and_then(|row| row.body.as_ref())
            .or(achievement.body.as_ref());
        let body = match number.and_then(|number| RecognitionNumber::parse(number).ok()) {
            Some(number) => awarding_body::find(connection, number)?,
            None => None,
        };
        held.push(Held {
            achievement,
            qualification,
            unit,
            body,
        });
    }
    held.sort_by_key(|held| held.achievement.id);
    Ok(held)
}
