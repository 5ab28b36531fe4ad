//! Which units are within reach by prior learning: those that a role still asks of a person, and for which something that is
//! on record can be evidence.

use crate::action::framework::record::{Answered, Whom, ask};
use crate::action::framework::{Framework, Person, reference_of};
use crate::action::learner::Seen;
use crate::action::share;
use crate::action::view::View;
use crate::app::App;
use crate::error::Error;
use crate::model::achievement::{self, AchievementRow};
use crate::model::development::{self, DevelopmentRow};
use crate::model::employment::{self, HeldRow};
use framework::catalogue::{RequirementKind, Role, Unit};
use framework::structure::{Compiled, Workspace};
use framework::{Reason, Says};
use schema::{Code, Date};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The most entries of a development record that are looked at.
const MOST_ENTRIES: i64 = 1000;

/// A unit within reach.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// The unit's key.
    pub unit: String,
    /// Why: what asks for it, and what could show it.
    pub why: Vec<Reason>,
    /// Which evidence would serve, each by its kind.
    pub evidence: Vec<String>,
}

/// What is on record that could be evidence.
struct Support {
    entries: Vec<DevelopmentRow>,
    posts: Vec<HeldRow>,
    achievements: Vec<AchievementRow>,
}

/// The units within reach for a role, those first for which there is most.
///
/// # Errors
/// [`Code::Forbidden`] for anybody but the person; [`Code::RoleUnknown`]; [`Error`] where the database does not answer.
#[tracing::instrument(target = "registry::trace", name = "claim::suggest", skip_all)]
pub async fn suggest(
    app: &App,
    seen: &Seen,
    framework: Arc<Framework>,
    role: String,
) -> Result<Answered<Vec<Suggestion>>, Error> {
    if seen.view != View::Own {
        return Err(Error::from(Code::Forbidden));
    }
    let id = seen.row.id;
    let support = app
        .db
        .read(move |connection| {
            let everybody = share::makers(connection, id)?;
            Ok(Support {
                entries: development::of_learners(connection, &everybody, None, MOST_ENTRIES)?,
                posts: employment::held_by(connection, &everybody)?,
                achievements: achievement::rows_of_learners(connection, &[id])?,
            })
        })
        .await?;
    let (whom, day) = (Whom::of(seen, framework), app.clock.now().date());
    ask(app, &whom, day, move |person| {
        let framework = &person.prepared.framework;
        let role = framework.role(&role);
        let role = role.ok_or_else(|| Error::from(Code::RoleUnknown))?;
        reach(person, role, &support, day)
    })
    .await
}

fn reach(
    person: &Person<'_>,
    role: &Role,
    support: &Support,
    day: Date,
) -> Result<Vec<Suggestion>, Error> {
    let framework = &person.prepared.framework;
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for number in wanted(person, role, day)? {
        let Some(structure) = framework.structure(&number).map(Compiled::structure) else {
            continue;
        };
        let progress = person.progress(&number, day)?;
        if progress.complete {
            continue;
        }
        let title = structure.title.clone().unwrap_or_else(|| number.clone());
        for key in progress.next {
            let Some(unit) = framework.unit(&key).filter(|_| seen.insert(key.clone())) else {
                continue;
            };
            let (why, evidence) = shown(framework, unit, role, support);
            if evidence.is_empty() {
                continue;
            }
            let says = Says::StillAsked {
                unit: unit.facts.title.clone(),
                qualification: title.clone(),
            };
            let source = Some(structure.source.as_str());
            let asked = Reason::new(says, number.clone(), source, structure.confirmed);
            found.push(Suggestion {
                unit: key,
                why: std::iter::once(asked).chain(why).collect(),
                evidence,
            });
        }
    }
    found.sort_by_key(|one| std::cmp::Reverse(one.evidence.len()));
    Ok(found)
}

/// The qualifications that lead to a role: those that it asks for, those by which others come to it; else the nearest of its
/// sector, or of any, at the level that it asks or above.
fn wanted(person: &Person<'_>, role: &Role, day: Date) -> Result<Vec<String>, Error> {
    let framework = &person.prepared.framework;
    let mut numbers: Vec<String> = Vec::new();
    for one in framework.requirements_of(&role.code, day) {
        if let RequirementKind::Qualification(named) = &one.kind {
            numbers.extend(named.iter().cloned());
        }
    }
    let links = framework.links.iter().filter(|link| link.to == role.code);
    numbers.extend(links.filter_map(|link| link.qualification.clone()));
    numbers.retain(|number| framework.structure(number).is_some());
    for sector in [Some(role.sector.as_str()), None] {
        if numbers.is_empty() {
            // Of no use for a role is what lies below the level that it asks.
            let near = person.nearest(sector, 20, day, &mut Workspace::default())?;
            let mut near = near.into_iter().map(|one| one.qualification);
            numbers.extend(near.find(|number| {
                let structure = framework.structure(number).map(Compiled::structure);
                structure.is_some_and(|one| role.level.is_none() || one.level >= role.level)
            }));
        }
    }
    // Of qualifications that share their rules one says it all.
    let mut rules = BTreeSet::new();
    numbers.retain(|number| {
        let structure = framework.structure(number).map(Compiled::structure);
        structure.is_some_and(|one| rules.insert(one.qualification.clone()))
    });
    Ok(numbers)
}

/// What on record could show a unit: why, and which evidence that is.
fn shown(
    framework: &Framework,
    unit: &Unit,
    role: &Role,
    support: &Support,
) -> (Vec<Reason>, Vec<String>) {
    let (mut why, mut evidence) = (Vec::new(), Vec::new());
    let reference = reference_of(unit);
    for row in &support.achievements {
        let in_place = unit.facts.equivalents.contains(&row.subject_code);
        if row.replaced_by.is_none() && row.counts() && in_place {
            let title = row.title.clone();
            evidence.push(format!("ACHIEVEMENT: {title} (CREDIT_TRANSFER)"));
            let says = Says::HeldInPlace { title };
            let reason = Reason::new(says, reference.clone(), Some(&unit.source), unit.confirmed);
            why.push(reason.resting_on([row.id.show("achievement")]));
        }
    }
    for entry in &support.entries {
        let area = entry
            .areas()
            .any(|code| unit.areas.iter().any(|one| one == code));
        let mut standards = entry.standards();
        let standard = standards.any(|code| unit.standards.iter().any(|one| one == code));
        if area || standard {
            evidence.push(format!("DEVELOPMENT: {}", entry.title));
            let says = Says::Developed {
                title: entry.title.clone(),
                on: entry.on_day.to_string(),
            };
            // Which area a unit covers may be no source's word.
            let confirmed = standard || unit.areas_confirmed;
            why.push(Reason::new(
                says,
                reference.clone(),
                Some(&unit.source),
                confirmed,
            ));
        }
    }
    for post in &support.posts {
        let Some(held) = framework.role(&post.role) else {
            continue;
        };
        if held.code == role.code || held.sector == role.sector {
            evidence.push(format!("EMPLOYMENT: {}, {}", held.title, post.employer));
            evidence.push(format!("WITNESS_TESTIMONY: {}", post.employer));
            let says = Says::WorkedAs {
                role: held.title.clone(),
                from: post.from_day.to_string(),
            };
            let reason = Reason::new(says, held.code.clone(), Some(&held.source), held.confirmed);
            why.push(reason);
        }
    }
    (why, evidence)
}
