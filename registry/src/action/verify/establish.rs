//! Finding what is meant: an award or a share. Those who verify awards at the same time are answered together.

use super::{By, Facts, Input, Of};
use crate::action::credential::{self as carried, Judged};
use crate::action::share::{self, Shared};
use crate::action::view::{self, Moment, View};
use crate::app::App;
use crate::db::{Connection, Id, Question};
use crate::error::Error;
use crate::model::achievement::{self, AchievementRow, Held};
use crate::model::learner::LearnerRow;
use crate::model::source;
use schema::{Date, fold_name};
use std::collections::HashMap;
use std::sync::Arc;

/// The question for the awards that a number or identifier may mean, with their holders.
#[derive(Clone)]
pub struct Candidates(By);

type Holding = (Held, LearnerRow);

/// What was established; none inside where nothing was.
pub(super) enum Found {
    /// An award with its holder, where both facts agree.
    Award(Option<Box<Holding>>),
    /// A share that stands.
    Share(Option<Box<Shared>>),
    /// A document, whatever was found about it.
    Document(Box<Judged>),
}

/// What each input means.
pub(super) async fn all(app: &Arc<App>, inputs: Vec<Input>) -> Result<Vec<(Input, Found)>, Error> {
    let asked = inputs.iter().filter_map(|input| match &input.of {
        Of::Award(facts) => Some(Candidates(facts.by.clone())),
        Of::Share(_) | Of::Document(_) => None,
    });
    let asked: Vec<Candidates> = asked.collect();
    let mut candidates = Vec::new().into_iter();
    if !asked.is_empty() {
        candidates = app.db.ask_all(&app.candidates, asked).await?.into_iter();
    }
    let mut found: Vec<(Input, Found)> = Vec::with_capacity(inputs.len());
    for input in inputs {
        let established = match &input.of {
            Of::Award(facts) => {
                let held = agreeing(facts, candidates.next().unwrap_or_default());
                Found::Award(held.map(Box::new))
            }
            Of::Share(_) => Found::Share(None),
            Of::Document(document) => {
                let (task, document) = (app.clone(), document.clone());
                let judging = move || carried::judge(&task, &document);
                Found::Document(Box::new(app.engines.run(judging).await??))
            }
        };
        found.push((input, established));
    }
    let done =
        |(input, _): &(Input, Found)| input.as_of.is_none() && !matches!(input.of, Of::Share(_));
    if found.iter().all(done) {
        return Ok(found);
    }
    let now = app.clock.now();
    let finish = move |connection: &mut Connection, (input, found): (Input, Found)| {
        let found = match (&input.of, found, input.as_of) {
            (Of::Share(token), ..) => {
                let shared = share::look(connection, token, now, input.as_of)?;
                Found::Share(shared.map(Box::new))
            }
            (_, Found::Award(held), Some(day)) => {
                let held = then(connection, held.map(|held| *held), day)?;
                Found::Award(held.map(Box::new))
            }
            (_, found, _) => found,
        };
        Ok((input, found))
    };
    app.db
        .read(move |connection| {
            let found = found.into_iter();
            found.map(|one| finish(connection, one)).collect()
        })
        .await
}

fn agreeing(facts: &Facts, candidates: Vec<Holding>) -> Option<Holding> {
    let family = fold_name(&facts.family_name);
    let agrees = |learner: &LearnerRow| {
        let former = learner.former_names();
        let mut names = learner
            .family_name
            .iter()
            .chain(&former)
            .map(|name| fold_name(name));
        names.any(|name| name == family) && learner.date_of_birth == Some(facts.date_of_birth)
    };
    candidates
        .into_iter()
        .filter(|(_, learner)| agrees(learner))
        .min_by_key(|(held, _)| {
            // Where one person has two awards of one number, the one that can be verified is meant.
            (
                standing_rank(&held.achievement.standing),
                held.achievement.id,
            )
        })
}

/// The award as it was on that day. The same is asked where none was found.
fn then(
    connection: &mut Connection,
    found: Option<Holding>,
    day: Date,
) -> Result<Option<Holding>, Error> {
    let id = found
        .as_ref()
        .map_or_else(nobody, |(held, _)| held.achievement.id);
    let heard = view::hear(source::of_achievements(connection, &[id])?)?;
    let Some((mut held, learner)) = found else {
        return Ok(None);
    };
    let moment = Moment {
        as_of: Some(day),
        known_at: None,
    };
    let then = view::awards(&heard, View::Steward, moment)
        .into_iter()
        .map(|(_, award)| award.facts)
        .next();
    // Where it was not awarded yet on that day the checks say so by its date.
    if let Some(facts) = then {
        let row = &held.achievement;
        held.achievement =
            AchievementRow::conclude(row.id, row.learner_id, &facts, row.version, row.changed_at);
    }
    Ok(Some((held, learner)))
}

impl Question for Candidates {
    type Answer = Vec<Holding>;

    fn answer(connection: &mut Connection, asked: &[Self]) -> Result<Vec<Vec<Holding>>, Error> {
        let numbers: Vec<&str> = asked.iter().filter_map(Self::number).collect();
        let together = match numbers.as_slice() {
            [] | [_] => None,
            several => achievement::certified_as_any(connection, several)?,
        };
        let mut by_number: Option<HashMap<String, Vec<Holding>>> = together.map(|all| {
            let mut by_number: HashMap<String, Vec<Holding>> = HashMap::new();
            for holding in all {
                let number = holding.0.achievement.certificate_number.clone();
                let of_it = by_number.entry(number.unwrap_or_default()).or_default();
                of_it.push(holding);
            }
            by_number
        });
        let mut answers = Vec::with_capacity(asked.len());
        for Self(by) in asked {
            answers.push(match (by, &mut by_number) {
                (By::Id(id), _) => achievement::with_holder(connection, id.unwrap_or_else(nobody))?,
                (By::Certificate(number), Some(found)) => {
                    found.get(number).cloned().unwrap_or_default()
                }
                (By::Certificate(number), None) => achievement::certified(connection, number)?,
            });
        }
        Ok(answers)
    }
}

impl Candidates {
    fn number(&self) -> Option<&str> {
        match &self.0 {
            By::Certificate(number) => Some(number),
            By::Id(_) => None,
        }
    }
}

/// Nobody's identifier: what cannot be found is asked for all the same.
fn nobody() -> Id {
    Id::from_bytes([0; 16])
}

fn standing_rank(standing: &str) -> u8 {
    match standing {
        "attested" => 0,
        "recorded" => 1,
        _ => 2,
    }
}
