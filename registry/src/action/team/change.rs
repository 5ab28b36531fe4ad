//! Making teams, and saying who is in them.

use super::check::{NewClearance, NewTeam};
use super::look::{Team, employer, look};
use crate::access::{Caller, Right};
use crate::action::share::{self, Token};
use crate::app::App;
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::access_entry;
use crate::model::share as share_row;
use crate::model::team::{self, ClearanceRow, MemberRow, TeamRow};
use schema::{Code, Date};

/// The most teams of one employer.
const MOST_TEAMS: i64 = 10_000;
/// The most people in one team, those who left among them.
const MOST_MEMBERS: usize = 500;

/// Makes a team.
///
/// # Errors
/// [`Code::Forbidden`] for anybody but an employer; [`Code::InputInvalid`] without a name; [`Code::TooMany`].
#[tracing::instrument(target = "registry::trace", name = "team::make", skip_all)]
pub async fn make(app: &App, caller: &Caller, new: NewTeam) -> Result<Team, Error> {
    let employer = demanded(caller)?;
    let NewTeam { name, setting } = new.checked()?;
    let row = TeamRow {
        id: Id::new(),
        employer,
        name,
        setting,
        created_at: app.clock.now(),
        created_by: caller.name(),
    };
    let made = app
        .db
        .write(move |connection| {
            if team::count(connection, &row.employer)? >= MOST_TEAMS {
                let words = format!("An employer has at most {MOST_TEAMS} teams.");
                return Err(Error::with(Code::TooMany, words));
            }
            team::insert(connection, &row)?;
            Ok(row)
        })
        .await?;
    only(made, None)
}

/// Adds somebody who shared. Somebody who is there already in that role is known by this share from now on.
///
/// # Errors
/// [`Code::Forbidden`] for anybody but an employer; [`Code::RoleUnknown`]; [`Code::NotFound`] where the team is another's, as
/// for one that does not exist; [`Code::NotEstablished`] where the token is nobody's, has expired or was taken back;
/// [`Code::TooMany`].
#[tracing::instrument(target = "registry::trace", name = "team::add", skip_all)]
pub async fn add(
    app: &App,
    caller: &Caller,
    id: Option<Id>,
    token: Token,
    role: String,
    from: Date,
) -> Result<Team, Error> {
    let employer = demanded(caller)?;
    if app.framework().await?.role_place(&role).is_none() {
        return Err(Error::from(Code::RoleUnknown));
    }
    let id = id.ok_or_else(|| Error::from(Code::NotFound))?;
    let (caller, now) = (caller.clone(), app.clock.now());
    let (row, added) = app
        .db
        .write(move |connection| {
            let team = held(connection, &employer, id)?;
            let shared = share::look(connection, &token, now, None)?;
            let shared = shared.ok_or_else(|| Error::from(Code::NotEstablished))?;
            let members = team::members(connection, &[id])?;
            let known = members.iter().find(|(row, _, person)| {
                let there = row.to_day.is_none_or(|to| from <= to);
                let same = person.as_ref().map(|person| person.id) == Some(shared.holder.id);
                same && row.role == role && there
            });
            let added = known.map_or_else(Id::new, |(row, ..)| row.id);
            match known {
                Some(_) => team::renew(connection, added, shared.share.id)?,
                None if members.len() >= MOST_MEMBERS => {
                    let words = format!("A team has at most {MOST_MEMBERS} people.");
                    return Err(Error::with(Code::TooMany, words));
                }
                None => team::add(
                    connection,
                    &MemberRow {
                        id: added,
                        team_id: id,
                        share_id: shared.share.id,
                        role,
                        from_day: from,
                        to_day: None,
                        added_at: now,
                        added_by: caller.name(),
                    },
                )?,
            }
            // That the token is somebody's is told, whatever is asked of the team.
            access_entry::insert(connection, &look(&caller, &shared, now))?;
            share_row::viewed(connection, shared.share.id)?;
            Ok((team, added))
        })
        .await?;
    only(row, Some(added))
}

/// Says somebody's last day in a team; said again it is the newer one.
///
/// # Errors
/// [`Code::Forbidden`] for anybody but an employer; [`Code::NotFound`] where the team is another's or the person not in it;
/// [`Code::DatesContradict`] for a day before the first.
#[tracing::instrument(target = "registry::trace", name = "team::remove", skip_all)]
pub async fn remove(
    app: &App,
    caller: &Caller,
    id: Option<Id>,
    member: Option<Id>,
    to: Date,
) -> Result<Team, Error> {
    let employer = demanded(caller)?;
    let (id, member) = both(id, member)?;
    let row = app
        .db
        .write(move |connection| {
            let team = held(connection, &employer, id)?;
            let row = team::member(connection, id, member)?;
            let row = row.ok_or_else(|| Error::from(Code::NotFound))?;
            if to < row.from_day {
                return Err(Error::from(Code::DatesContradict));
            }
            team::end(connection, member, to)?;
            Ok(team)
        })
        .await?;
    only(row, None)
}

/// Records that a check of somebody was seen, by the caller: never what it said.
///
/// # Errors
/// [`Code::Forbidden`] for anybody but an employer; [`Code::NotFound`] where the team is another's or the person not in it;
/// [`Code::InputInvalid`] for what could hold the content of the check.
#[tracing::instrument(target = "registry::trace", name = "team::clear", skip_all)]
pub async fn clear(
    app: &App,
    caller: &Caller,
    id: Option<Id>,
    member: Option<Id>,
    new: NewClearance,
) -> Result<Team, Error> {
    let employer = demanded(caller)?;
    let now = app.clock.now();
    let NewClearance {
        kind,
        reference,
        seen_on,
    } = new.checked(now.date())?;
    let (id, member) = both(id, member)?;
    let seen_by = caller.name();
    let row = app
        .db
        .write(move |connection| {
            let team = held(connection, &employer, id)?;
            let row = team::member(connection, id, member)?;
            let row = row.ok_or_else(|| Error::from(Code::NotFound))?;
            let clearance = ClearanceRow {
                id: Id::new(),
                member_id: row.id,
                kind,
                reference,
                seen_by,
                seen_on,
                recorded_at: now,
            };
            team::seen(connection, &clearance)?;
            Ok(team)
        })
        .await?;
    only(row, None)
}

fn demanded(caller: &Caller) -> Result<String, Error> {
    caller.demand(Right::RunTeams)?;
    employer(caller).ok_or_else(|| Error::from(Code::Forbidden))
}

fn both(id: Option<Id>, member: Option<Id>) -> Result<(Id, Id), Error> {
    id.zip(member).ok_or_else(|| Error::from(Code::NotFound))
}

/// The employer's own team, which nobody else changes meanwhile.
fn held(connection: &mut Connection, employer: &str, id: Id) -> Result<TeamRow, Error> {
    team::lock(connection, id)?;
    team::find(connection, employer, id)?.ok_or_else(|| Error::from(Code::NotFound))
}

fn only(row: TeamRow, noted: Option<Id>) -> Result<Team, Error> {
    let none = || Error::internal("no team was made of its row");
    Team::all(vec![row], noted).pop().ok_or_else(none)
}
