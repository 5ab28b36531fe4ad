//! Whether somebody counts in the early-years ratios.

use super::evaluated::Evaluated;
use super::learner::Learner;
use super::problem::fail;
use super::reason::{Reason, Ternary, reasons};
use super::scalar::Date;
use crate::action::framework::about;
use async_graphql::{Context, InputObject, Json, Object, Result};
use framework::ratio::{self, Declared};
use schema::Code;
use std::collections::BTreeMap;

/// What whoever asks declares of the person. None of it is on record, and whatever the answer rests on of it stands
/// in `declaredFactsUsed`.
#[derive(InputObject)]
pub struct RatioFactsInput {
    /// English at level 2 is held.
    english_level_2: Option<bool>,
    /// When paediatric first aid was last awarded.
    paediatric_first_aid_on: Option<Date>,
    /// When the qualification was begun.
    started_on: Option<Date>,
    /// Answers to questions, true or false, by name: those of the list of early-years qualifications, and
    /// `earlyYearsRelated`, `experienceBasedRoute`, `studyingLevel3`, `studyingForStatus`, `competentAndResponsible`,
    /// `managerAgrees`, `apprentice`, `mathsLevel2`, `gcseEnglishAndMaths`.
    answers: Option<Json<serde_json::Value>>,
}

/// Whether somebody counts in the early-years ratios on a day.
pub struct RatioStanding(Evaluated<ratio::RatioStanding>);

/// Whether somebody counts in the early-years ratios on a day.
#[Object]
impl RatioStanding {
    /// The levels at which they are established to count, the highest first: 6, 3, 2, and 0, at which everybody does.
    async fn counts_at(&self) -> Vec<i32> {
        self.0
            .answer
            .counts_at
            .iter()
            .map(|one| i32::from(*one))
            .collect()
    }

    /// Yes: at a level above unqualified. No: at none. Undetermined: at none for certain, and facts are missing that
    /// could give one.
    async fn outcome(&self) -> Ternary {
        self.0.answer.outcome.into()
    }

    /// What must also be held to count at a level that is not established.
    async fn must_also_hold(&self) -> Vec<Reason> {
        reasons(&self.0.answer.must_also_hold)
    }

    /// Routes that may lead to a level, never by themselves.
    async fn possible_routes(&self) -> Vec<Reason> {
        reasons(&self.0.answer.possible_routes)
    }

    /// Why.
    async fn explanation(&self) -> Vec<Reason> {
        reasons(&self.0.answer.explanation)
    }

    /// Facts that the answer rests on and that are not on record, by their names in the input.
    async fn declared_facts_used(&self) -> &[String] {
        &self.0.answer.declared_facts_used
    }
}

pub(super) async fn ratio(
    context: &Context<'_>,
    learner: &Learner,
    on: Date,
    facts: Option<RatioFactsInput>,
) -> Result<RatioStanding> {
    let declared = match facts {
        Some(facts) => declared(context, facts)?,
        None => Declared::default(),
    };
    let asked = Evaluated::of(context, learner, async |app, whom| {
        about::ratio(app, whom, on.0, declared).await
    });
    asked.await.map(RatioStanding)
}

fn declared(context: &Context<'_>, facts: RatioFactsInput) -> Result<Declared> {
    let mut answers = BTreeMap::new();
    let given = match facts.answers.map(|given| given.0) {
        None | Some(serde_json::Value::Null) => serde_json::Map::new(),
        Some(serde_json::Value::Object(given)) => given,
        Some(_) => return Err(unreadable(context)),
    };
    for (name, answer) in given {
        match answer {
            serde_json::Value::Bool(answer) => answers.insert(name, answer),
            serde_json::Value::Null => None,
            _ => return Err(unreadable(context)),
        };
    }
    Ok(Declared {
        english_level_2: facts.english_level_2,
        paediatric_first_aid_on: facts.paediatric_first_aid_on.map(|day| day.0),
        started_on: facts.started_on.map(|day| day.0),
        answers,
    })
}

fn unreadable(context: &Context<'_>) -> async_graphql::Error {
    let words = "facts.answers is an object: a question's name, and true or false.";
    fail(context, Code::InputInvalid, words)
}
