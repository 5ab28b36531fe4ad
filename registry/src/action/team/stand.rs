//! How the people of a team stand in their roles, by what they share with it.

use super::look::{Member, Team};
use crate::action::framework::{Framework, Person, Prepared, awards as awards_of};
use crate::action::share::{Field, Shared};
use crate::app::App;
use crate::db::Id;
use crate::error::Error;
use crate::model::achievement::Counted;
use framework::{Award, Reason, Says, Standing, Ternary};
use schema::Date;
use std::collections::HashMap;
use std::sync::Arc;

/// How the people of a team stand today.
pub struct Standings {
    /// The rules.
    pub prepared: Arc<Prepared>,
    /// By place in the team.
    pub each: HashMap<Id, Standing>,
}

impl Team {
    /// How each of these stands in their role today, by what they share. Not sharing is not lacking: where nothing is shared,
    /// or not what the rules look at, nothing is said to be missing for certain.
    ///
    /// # Errors
    /// [`Error`] where the rules could not be asked.
    pub async fn standings(
        &self,
        app: &App,
        framework: Arc<Framework>,
        members: Vec<Arc<Member>>,
    ) -> Result<Standings, Error> {
        let prepared = app.engines.prepare(framework).await?;
        let (rules, day) = (prepared.clone(), app.clock.now().date());
        let stand = move || {
            let each = members.iter().map(|member| {
                let standing = standing(&rules, member, day);
                (member.row.id, standing)
            });
            each.collect()
        };
        let each = app.engines.run(stand).await?;
        Ok(Standings { prepared, each })
    }
}

fn standing(rules: &Prepared, member: &Member, day: Date) -> Standing {
    let open = || Standing {
        role: member.row.role.clone(),
        meets: Ternary::Undetermined,
        met: Vec::new(),
        missing: Vec::new(),
    };
    let role = rules.framework.role(&member.row.role);
    let (Some(role), Some(shared)) = (role, &member.shared) else {
        return open();
    };
    let held = shared_awards(shared, rules);
    let mut standing = of(rules, &held).standing(role, day);
    let looked_at = [Field::Level, Field::Credit, Field::AwardedOn];
    let all = looked_at.iter().all(|field| shared.fields.tell(*field));
    if standing.meets == Ternary::No && !all {
        standing.meets = Ternary::Undetermined;
    }
    if !all {
        standing.missing.iter_mut().for_each(not_known);
    }
    standing
}

/// What is not shared is not said to be missing: the sentence that it is becomes one that it is not known.
fn not_known(reason: &mut Reason) {
    if let Says::Missing { requirement } = &reason.says {
        let requirement = requirement.clone();
        reason.says = Says::NotKnown { requirement };
    }
}

/// Somebody of whom nothing is known but what they share.
pub(super) fn of<'a>(prepared: &'a Prepared, awards: &'a [Award]) -> Person<'a> {
    Person {
        prepared,
        awards,
        born: None,
    }
}

/// What rules look at of what somebody shares: what counts, and of it what was chosen. Whether it is in force is told of
/// every share.
pub(super) fn shared_awards(shared: &Shared, prepared: &Prepared) -> Vec<Award> {
    let held = shared.held.iter().filter(|held| held.achievement.counts());
    let counted: Vec<Counted> = held
        .map(|held| {
            let told = shared.fields.of(held.clone());
            Counted {
                valid_from: held.achievement.valid_from,
                valid_until: held.achievement.valid_until,
                ..Counted::from(&told)
            }
        })
        .collect();
    awards_of(&counted, prepared)
}
