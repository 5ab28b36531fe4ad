//! Employers' teams, of people who shared with them.

use super::catalogue::{self, Role, Unit};
use super::connection::{Page, connection};
use super::development::DevelopmentEntry;
use super::problem::{fail, told};
use super::reason::{Reason, Ternary, reasons};
use super::scalar::Date;
use super::standing::Standing;
use super::{app, caller};
use crate::action::share::Token;
use crate::action::team::{self, Member, NewClearance, NewTeam, Standings};
use crate::db::Id;
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use framework::ratio;
use schema::Code;
use std::sync::Arc;
use tokio::sync::OnceCell;

/// An employer's team, of people who shared with it.
#[derive(Clone)]
pub struct Team(Arc<Looked>);

/// A team, and what was found out about it in this answer.
struct Looked {
    team: team::Team,
    standings: OnceCell<Arc<Standings>>,
}

/// An employer's team, of people who shared with it.
#[Object]
impl Team {
    /// The identifier.
    pub async fn id(&self) -> ID {
        ID(self.0.team.row.id.show("team"))
    }

    /// What the employer calls it.
    async fn name(&self) -> &str {
        &self.0.team.row.name
    }

    /// The kind of setting it works in, such as `group` or `out-of-school`: by it rules on ratios are chosen.
    async fn setting(&self) -> Option<&str> {
        self.0.team.row.setting.as_deref()
    }

    /// Who is and was in it, in the order in which they were added. The look stands in the access ledger of each who
    /// shares.
    async fn members(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<TeamMemberConnection> {
        let read = |cursor: &str| Id::read("member", cursor);
        let page = Page::asked(context, first, after.as_deref(), read)?;
        let take = usize::try_from(page.with_one_more()).unwrap_or(0);
        let members = self.0.members(context).await?.into_iter();
        let following = members.filter(|one| page.after.is_none_or(|after| one.row.id > after));
        let members: Vec<Arc<Member>> = following.take(take).collect();
        let limit = usize::try_from(page.limit).unwrap_or(0);
        let shown = members.get(..limit).unwrap_or(&members);
        self.0.note(context, shown).await?;
        Ok(TeamMemberConnection::page(
            &page,
            members,
            |member| member.row.id.show("member"),
            |member| TeamMember::of(member, &self.0),
        ))
    }

    /// What the roles of those who are in the team today ask, and they do not show, each requirement once. Whoever shares
    /// no longer is left out.
    async fn gaps(&self, context: &Context<'_>) -> Result<Vec<TeamGap>> {
        let (members, standings) = self.0.everybody(context).await?;
        let day = app(context)?.clock.now().date();
        let gaps = standings.gaps(&members, day).into_iter();
        let gap = |gap: team::Gap| TeamGap {
            requirement: gap.requirement.into(),
            missing_for: gap
                .missing_for
                .into_iter()
                .map(|member| TeamMember::of(member, &self.0))
                .collect(),
        };
        Ok(gaps.map(gap).collect())
    }

    /// The units by which those who are in the team today would hold the qualifications that their roles ask, in the
    /// cheapest way, where rules of combination are loaded for any.
    async fn plan(&self, context: &Context<'_>) -> Result<Vec<TeamPlan>> {
        let (members, standings) = self.0.everybody(context).await?;
        let plans = self.0.team.plan(app(context)?, &standings, &members).await;
        let plans = plans.map_err(|error| told(context, &error))?.into_iter();
        let framework = &standings.prepared.framework;
        let plan = |plan: team::Plan| TeamPlan {
            member: TeamMember::of(plan.member, &self.0),
            units: plan
                .units
                .iter()
                .map(|key| Unit::named(framework, key))
                .collect(),
            credit: i32::try_from(plan.credit).unwrap_or(i32::MAX),
        };
        Ok(plans.map(plan).collect())
    }

    /// Whether everybody who is in the team on a day is enough for these children, in its setting, by what they share. Of
    /// another day than today that is not known of whoever does not share `awardedOn`.
    async fn in_ratio(
        &self,
        context: &Context<'_>,
        children: Vec<AgeBandInput>,
        on: Date,
    ) -> Result<RoomStanding> {
        let bands: Option<Vec<ratio::AgeBand>> =
            children.into_iter().map(AgeBandInput::band).collect();
        let words = "Months and children are no negative numbers.";
        let bands = bands.ok_or_else(|| fail(context, Code::InputInvalid, words))?;
        let framework = catalogue::framework(context).await?;
        let members = self.0.members(context).await?;
        let there: Vec<Arc<Member>> = members
            .into_iter()
            .filter(|member| member.row.is_there(on.0))
            .collect();
        self.0.note(context, &there).await?;
        let asked = self
            .0
            .team
            .in_ratio(app(context)?, framework, there, bands, on.0);
        let standing = asked.await.map_err(|error| told(context, &error))?;
        Ok(RoomStanding {
            outcome: standing.outcome.into(),
            explanation: reasons(&standing.explanation),
        })
    }
}

impl Looked {
    async fn members(&self, context: &Context<'_>) -> Result<Vec<Arc<Member>>> {
        let members = self.team.members(app(context)?).await;
        members.map_err(|error| told(context, &error))
    }

    async fn note(&self, context: &Context<'_>, members: &[Arc<Member>]) -> Result<()> {
        let noted = self.team.note(app(context)?, caller(context)?, members);
        noted.await.map_err(|error| told(context, &error))
    }

    /// Everybody, and how they stand; noted.
    async fn everybody(&self, context: &Context<'_>) -> Result<(Vec<Arc<Member>>, Arc<Standings>)> {
        let members = self.members(context).await?;
        let today = app(context)?.clock.now().date();
        let there = members.iter().filter(|member| member.row.is_there(today));
        let there: Vec<Arc<Member>> = there.cloned().collect();
        self.note(context, &there).await?;
        Ok((there, self.standings(context).await?))
    }

    async fn standings(&self, context: &Context<'_>) -> Result<Arc<Standings>> {
        let stand = || async {
            let framework = catalogue::framework(context).await?;
            let members = self.members(context).await?;
            let standings = self.team.standings(app(context)?, framework, members).await;
            standings
                .map(Arc::new)
                .map_err(|error| told(context, &error))
        };
        self.standings.get_or_try_init(stand).await.cloned()
    }
}

/// Somebody in a team: what the employer said of them, and what they share.
pub struct TeamMember {
    member: Arc<Member>,
    looked: Arc<Looked>,
}

/// Somebody in a team: what the employer said of them, and what they share.
#[Object]
impl TeamMember {
    /// The identifier of the place in the team.
    async fn id(&self) -> ID {
        ID(self.member.row.id.show("member"))
    }

    /// Whether the person still shares. Where they do not nothing is told of them but what the employer said.
    async fn sharing(&self) -> bool {
        self.member.shared.is_some()
    }

    /// Given names, where they are shared.
    async fn given_name(&self) -> Option<&str> {
        self.member.shared.as_ref()?.given_name()
    }

    /// Family name, where it is shared.
    async fn family_name(&self) -> Option<&str> {
        self.member.shared.as_ref()?.family_name()
    }

    /// The role.
    async fn role(&self, context: &Context<'_>) -> Result<Role> {
        let framework = catalogue::framework(context).await?;
        Role::of(&framework, &self.member.row.role)
            .ok_or_else(|| fail(context, Code::RoleUnknown, None))
    }

    /// The first day.
    async fn from(&self) -> Date {
        Date(self.member.row.from_day)
    }

    /// The last day, where one was said.
    async fn to(&self) -> Option<Date> {
        self.member.row.to_day.map(Date)
    }

    /// Whether they meet what the role asks today, by what they share. What is not shared is not held against them:
    /// undetermined in place of no where they share no longer, or not level, credit and day of their awards, and what is
    /// asked and not shown is then not known, and not missing.
    async fn standing(&self, context: &Context<'_>) -> Result<Standing> {
        let standings = self.looked.standings(context).await?;
        let standing = standings.each.get(&self.member.row.id).cloned();
        let standing = standing.ok_or_else(|| fail(context, Code::Internal, None))?;
        Ok(Standing::of(standings.prepared.clone(), standing))
    }

    /// The newest record that a check of them was seen.
    async fn clearance(&self) -> Option<Clearance> {
        let row = self.member.clearance.clone()?;
        Some(Clearance {
            kind: row.kind,
            reference: row.reference,
            seen_by: row.seen_by,
            seen_on: Date(row.seen_on),
        })
    }

    /// How they were inducted, by their own record, the newest fifty first: where they share `induction`, which a share does
    /// not unless it is named among its fields.
    async fn induction(&self) -> Vec<DevelopmentEntry> {
        let rows = self.member.induction.iter().cloned();
        rows.map(DevelopmentEntry::shared).collect()
    }
}

impl TeamMember {
    fn of(member: Arc<Member>, looked: &Arc<Looked>) -> Self {
        Self {
            member,
            looked: looked.clone(),
        }
    }
}

/// That a check was seen: never what it said.
#[derive(SimpleObject)]
pub struct Clearance {
    /// Which kind of check.
    kind: String,
    /// Its number.
    reference: Option<String>,
    /// Who saw it.
    seen_by: String,
    /// On which day.
    seen_on: Date,
}

/// Something that roles of a team ask and that some of its people do not show.
#[derive(SimpleObject)]
pub struct TeamGap {
    /// What is asked.
    requirement: Reason,
    /// Of whom.
    missing_for: Vec<TeamMember>,
}

/// What somebody in a team can gain to hold what their role asks.
#[derive(SimpleObject)]
pub struct TeamPlan {
    /// Who.
    member: TeamMember,
    /// The units still to be gained.
    units: Vec<Unit>,
    /// Their credit.
    credit: i32,
}

/// Whether a room is in ratio.
#[derive(SimpleObject)]
pub struct RoomStanding {
    /// Whether it is.
    outcome: Ternary,
    /// Why.
    explanation: Vec<Reason>,
}

/// Children of one age.
#[derive(InputObject)]
pub struct AgeBandInput {
    /// The youngest, in months.
    from_months: i32,
    /// Up to this age in months, not with it.
    to_months: i32,
    /// How many.
    children: i32,
}

impl AgeBandInput {
    fn band(self) -> Option<ratio::AgeBand> {
        Some(ratio::AgeBand {
            from_months: u32::try_from(self.from_months).ok()?,
            to_months: u32::try_from(self.to_months).ok()?,
            children: u32::try_from(self.children).ok()?,
        })
    }
}

/// A team as it shall be.
#[derive(InputObject)]
pub struct TeamInput {
    /// What the employer calls it.
    name: String,
    /// The kind of setting it works in.
    setting: Option<String>,
}

/// That a check was seen.
#[derive(InputObject)]
pub struct ClearanceInput {
    /// Which kind of check, in four words at most.
    kind: String,
    /// Its number.
    reference: Option<String>,
    /// On which day it was seen.
    seen_on: Date,
}

connection!(TeamConnection, TeamEdge, Team, "teams");
connection!(
    TeamMemberConnection,
    TeamMemberEdge,
    TeamMember,
    "people of a team"
);

fn looked(team: team::Team) -> Team {
    Team(Arc::new(Looked {
        team,
        standings: OnceCell::new(),
    }))
}

pub(super) async fn find(context: &Context<'_>, id: Id) -> Result<Option<Team>> {
    let found = team::find(app(context)?, caller(context)?, id).await;
    found
        .map(|found| found.map(looked))
        .map_err(|error| told(context, &error))
}

pub(super) async fn list(
    context: &Context<'_>,
    first: Option<i32>,
    after: Option<String>,
) -> Result<TeamConnection> {
    let read = |cursor: &str| Id::read("team", cursor);
    let page = Page::asked(context, first, after.as_deref(), read)?;
    let (after, limit) = (page.after, page.with_one_more());
    let found = team::list(app(context)?, caller(context)?, after, limit).await;
    Ok(TeamConnection::page(
        &page,
        found.map_err(|error| told(context, &error))?,
        |team| team.row.id.show("team"),
        looked,
    ))
}

pub(super) async fn make(context: &Context<'_>, input: TeamInput) -> Result<Team> {
    let new = NewTeam {
        name: input.name,
        setting: input.setting,
    };
    changed(
        context,
        team::make(app(context)?, caller(context)?, new).await,
    )
}

pub(super) async fn add(
    context: &Context<'_>,
    id: &ID,
    token: String,
    role: String,
    from: Date,
) -> Result<Team> {
    let (id, token) = (Id::read("team", id), Token::given(token));
    let (app, caller) = (app(context)?, caller(context)?);
    let added = team::add(app, caller, id, token, role, from.0).await;
    changed(context, added)
}

pub(super) async fn remove(context: &Context<'_>, id: &ID, member: &ID, to: Date) -> Result<Team> {
    let (id, member) = (Id::read("team", id), Id::read("member", member));
    let removed = team::remove(app(context)?, caller(context)?, id, member, to.0).await;
    changed(context, removed)
}

pub(super) async fn clear(
    context: &Context<'_>,
    id: &ID,
    member: &ID,
    input: ClearanceInput,
) -> Result<Team> {
    let (id, member) = (Id::read("team", id), Id::read("member", member));
    let new = NewClearance {
        kind: input.kind,
        reference: input.reference,
        seen_on: input.seen_on.0,
    };
    let cleared = team::clear(app(context)?, caller(context)?, id, member, new).await;
    changed(context, cleared)
}

fn changed(
    context: &Context<'_>,
    team: std::result::Result<team::Team, crate::error::Error>,
) -> Result<Team> {
    team.map(looked).map_err(|error| told(context, &error))
}
