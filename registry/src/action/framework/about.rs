//! What can be asked of a person's record.

use super::person::Near;
use super::record::{Answered, Whom, ask};
use crate::app::App;
use crate::error::Error;
use framework::ratio::{Condition, Declared, RatioStanding};
use framework::structure::{Progress, Workspace};
use framework::{AreaCoverage, Pathway, Standing};
use schema::{Code, Date, QualificationNumber};
use std::collections::BTreeSet;

/// How far a person has come towards a qualification, on a day or today.
///
/// # Errors
/// [`Code::RulesUnknown`] where no rules of combination are loaded for it; [`Error`] where the database does not answer.
pub async fn progress(
    app: &App,
    whom: &Whom,
    number: QualificationNumber,
    as_of: Option<Date>,
) -> Result<Answered<Progress>, Error> {
    let day = day(app, as_of);
    let of = move |person: &super::Person<'_>| person.progress(number.as_str(), day);
    ask(app, whom, day, of).await
}

/// The qualifications that a person is closest to and has not completed, today, with what each still takes.
///
/// # Errors
/// [`Code::SectorUnknown`] where there is no such sector; [`Error`] where the database does not answer.
pub async fn nearest(
    app: &App,
    whom: &Whom,
    sector: Option<String>,
    first: usize,
) -> Result<Answered<Vec<Progress>>, Error> {
    let day = day(app, None);
    ask(app, whom, day, move |person| {
        let near = person.nearest(sector.as_deref(), first, day, &mut Workspace::default())?;
        let told = near
            .iter()
            .map(|one: &Near| person.progress(&one.qualification, day));
        told.collect()
    })
    .await
}

/// Whether a person meets what a role asks, on a day or today.
///
/// # Errors
/// [`Code::RoleUnknown`] where there is no such role; [`Error`] where the database does not answer.
pub async fn standing(
    app: &App,
    whom: &Whom,
    role: String,
    as_of: Option<Date>,
) -> Result<Answered<Standing>, Error> {
    let day = day(app, as_of);
    ask(app, whom, day, move |person| {
        let role = person.prepared.framework.role(&role);
        let role = role.ok_or_else(|| Error::from(Code::RoleUnknown))?;
        Ok(person.standing(role, day))
    })
    .await
}

/// The way to a role that takes a person the least credit still to be gained, today.
///
/// # Errors
/// [`Code::RoleUnknown`] where there is no such role; [`Error`] where the database does not answer.
pub async fn pathway(app: &App, whom: &Whom, to: String) -> Result<Answered<Pathway>, Error> {
    let day = day(app, None);
    ask(app, whom, day, move |person| {
        if person.prepared.framework.role(&to).is_none() {
            return Err(Error::from(Code::RoleUnknown));
        }
        Ok(person.pathway(&to, day))
    })
    .await
}

/// Whether a person counts in the early-years ratios on a day.
///
/// # Errors
/// [`Code::InputInvalid`] where something is answered that no rule asks; [`Error`] where the database does not answer.
pub async fn ratio(
    app: &App,
    whom: &Whom,
    on: Date,
    declared: Declared,
) -> Result<Answered<RatioStanding>, Error> {
    ask(app, whom, on, move |person| {
        let asked = questions(&person.prepared.framework);
        if let Some(unknown) = declared.answers.keys().find(|id| !asked.contains(id.as_str())) {
            let known: Vec<&str> = asked.into_iter().collect();
            let shown: String = unknown.chars().take(40).collect();
            return Err(Error::with(
                Code::InputInvalid,
                format!(
                    "facts.answers: no rule asks {shown:?}. Answer with true or false by these names: {}.",
                    known.join(", ")
                ),
            ));
        }
        Ok(person.ratio(on, declared))
    })
    .await
}

/// Which areas of the Common Core a person's units cover, today.
///
/// # Errors
/// [`Error`] where the database does not answer.
pub async fn coverage(app: &App, whom: &Whom) -> Result<Answered<Vec<AreaCoverage>>, Error> {
    let day = day(app, None);
    ask(app, whom, day, move |person| Ok(person.coverage(day))).await
}

fn day(app: &App, as_of: Option<Date>) -> Date {
    as_of.unwrap_or_else(|| app.clock.now().date())
}

/// What rules on ratios ask by name, and the needs that are answered by name where no award shows them.
fn questions(framework: &super::Framework) -> BTreeSet<&str> {
    let listed = framework
        .questions
        .iter()
        .map(|question| question.id.as_str());
    let mut asked: BTreeSet<&str> = listed.collect();
    let conditions = framework
        .ratio_rules
        .iter()
        .flat_map(|rule| &rule.conditions);
    asked.extend(conditions.filter_map(|condition| match condition {
        Condition::Answer(name) | Condition::StatusQuestion(name, _) => Some(name.as_str()),
        // Asked of an apprentice's age.
        Condition::Age { .. } => Some("apprentice"),
        _ => None,
    }));
    asked.extend(["mathsLevel2", "gcseEnglishAndMaths"]);
    asked
}
