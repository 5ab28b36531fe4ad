//! Reading one achievement, and a body's changes to its own.

mod change;
mod correct;
mod own;

pub use change::change;
pub use correct::{Correction, correct};
pub(crate) use own::reason;

use super::framework::Records;
use super::ledger;
use super::view::{self, Heard, Moment, View};
use crate::access::Caller;
use crate::app::App;
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::achievement::{self, AchievementRow, Held, VersionRow};
use crate::model::{learner, source};
use chrono::NaiveDateTime;
use record::Difference;
use std::collections::BTreeSet;

/// An achievement as somebody sees it.
#[derive(Debug, Clone)]
pub struct Seen {
    /// What it is.
    pub held: Held,
    /// As whom.
    pub view: View,
}

/// An achievement, by right; none without it, as for one that does not exist.
///
/// # Errors
/// [`Error`] where the database does not answer, or the look cannot be noted.
#[tracing::instrument(target = "registry::trace", name = "achievement::look", skip_all)]
pub async fn look(app: &App, caller: &Caller, id: Id) -> Result<Option<Seen>, Error> {
    let asker = caller.clone();
    let now = app.clock.now();
    let found = app
        .db
        .read(move |connection| see(connection, &asker, id, now))
        .await?;
    if let Some(seen) = &found
        && seen.view != View::Own
    {
        let learner = seen.held.achievement.learner_id;
        ledger::note(app, caller, seen.view, learner, "achievement").await?;
    }
    Ok(found)
}

fn see(
    connection: &mut Connection,
    caller: &Caller,
    id: Id,
    now: chrono::NaiveDateTime,
) -> Result<Option<Seen>, Error> {
    let held = achievement::find(connection, id)?;
    let own = view::own_learner(connection, caller)?.map(|own| own.id);
    let learner = held.as_ref().map_or_else(
        || Id::from_bytes([0; 16]),
        |held| held.achievement.learner_id,
    );
    let told = source::of_learners(connection, &[learner])?;
    let Some(held) = held else { return Ok(None) };
    let Some(view) = view::view_of(caller, own, learner, &told) else {
        return Ok(None);
    };
    if !matches!(view, View::Body(_)) {
        return Ok(Some(Seen { held, view }));
    }
    // A body sees the award as its own statements alone make it.
    let id = held.achievement.id;
    let heard = view::hear(told)?;
    let awards = view::awards(&heard, view, Moment::default())
        .into_iter()
        .filter(|(award, _)| *award == id)
        .map(|(id, award)| (learner, id, award))
        .collect();
    Ok(view::hold(connection, awards, now)?
        .pop()
        .map(|held| Seen { held, view }))
}

/// The sources of an achievement as `view` sees them, the most authoritative first, and what they say that
/// was not taken.
///
/// # Errors
/// [`Error`] where the database does not answer.
pub async fn sources(
    app: &App,
    seen: &Seen,
) -> Result<(Vec<Heard>, Vec<(Difference, Heard)>), Error> {
    let (id, view) = (seen.held.achievement.id, seen.view);
    app.db
        .read(move |connection| {
            let heard = view::hear(source::of_achievements(connection, &[id])?)?;
            let awards = view::awards(&heard, view, Moment::default());
            let mut sources = Vec::new();
            let mut differences = Vec::new();
            for (_, award) in awards {
                sources.extend(
                    award
                        .sources
                        .iter()
                        .filter_map(|place| heard.get(*place))
                        .cloned(),
                );
                for difference in award.differences {
                    if let Some(source) = heard.get(difference.source).cloned() {
                        differences.push((difference, source));
                    }
                }
            }
            Ok((sources, differences))
        })
        .await
}

/// The versions of an achievement as `view` sees them: for a body those that follow from what it told itself.
///
/// # Errors
/// [`Error`] where the database does not answer.
#[tracing::instrument(target = "registry::trace", name = "achievement::history", skip_all)]
pub async fn history(app: &App, seen: &Seen) -> Result<Vec<achievement::VersionRow>, Error> {
    let (id, view) = (seen.held.achievement.id, seen.view);
    app.db
        .read(move |connection| {
            if matches!(view, View::Body(_)) {
                let heard = view::hear(source::of_achievements(connection, &[id])?)?;
                return Ok(versions_as_told(id, view, &heard));
            }
            Ok(achievement::versions(connection, &[id])?)
        })
        .await
}

/// The versions that would have been, had nobody told anything but what `view` sees.
fn versions_as_told(id: Id, view: View, heard: &[Heard]) -> Vec<VersionRow> {
    let times: BTreeSet<NaiveDateTime> = heard
        .iter()
        .filter(|one| view.sees(&one.source))
        .map(|one| one.source.received_at)
        .collect();
    let mut versions: Vec<VersionRow> = Vec::new();
    for time in times {
        let moment = Moment {
            known_at: Some(time),
            as_of: None,
        };
        let Some((_, award)) = view::awards(heard, view, moment).into_iter().next() else {
            continue;
        };
        let number = versions.last().map_or(1, |last| last.number + 1);
        let row = AchievementRow::conclude(id, id, &award.facts, number, time);
        let version = VersionRow::of(&row);
        match versions.last_mut() {
            Some(last) if last.says_the_same(&version) => {}
            last => {
                if let Some(last) = last {
                    last.known_until = Some(time);
                }
                versions.push(version);
            }
        }
    }
    versions
}

/// The person whose achievement it is, as `view` sees them. Whoever comes to a person by an achievement looks at the whole
/// record, and that is noted besides the look at the achievement.
///
/// # Errors
/// [`Error`] where the database does not answer, or the look cannot be noted.
#[tracing::instrument(target = "registry::trace", name = "achievement::holder", skip_all)]
pub async fn holder(
    app: &App,
    caller: &Caller,
    seen: &Seen,
) -> Result<Option<super::learner::Seen>, Error> {
    let (id, view) = (seen.held.achievement.learner_id, seen.view);
    let found = app
        .db
        .read(move |connection| {
            let Some(row) = learner::find(connection, id)? else {
                return Ok(None);
            };
            if matches!(view, View::Body(_)) {
                let heard = view::hear(source::of_learners(connection, &[id])?)?;
                return Ok(Some(super::learner::as_told(&row, view, heard)));
            }
            let ulns = Some(super::learner::ulns(connection, id)?);
            Ok(Some(super::learner::Seen {
                row,
                ulns,
                first_page: None,
                records: Records::default(),
                view,
            }))
        })
        .await?;
    if found.is_some() && view != View::Own {
        ledger::note(app, caller, view, id, "record").await?;
    }
    Ok(found)
}
