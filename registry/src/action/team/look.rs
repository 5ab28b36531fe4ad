//! Looking at teams: who is in them is read once for all that are asked about together, and noted in the ledger of each
//! person of whom anything is told.

use crate::access::{Caller, Right, Role};
use crate::action::development::INDUCTION;
use crate::action::share::{Field, Fields, Shared, of_maker};
use crate::action::{ledger, view};
use crate::app::App;
use crate::db::{Appended, Connection, Id, in_parts};
use crate::error::Error;
use crate::model::access_entry::{self, AccessRow};
use crate::model::development::{self, DevelopmentRow};
use crate::model::team::{self, ClearanceRow, MemberRow, TeamRow};
use crate::model::{achievement, learner, share};
use chrono::NaiveDateTime;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use tokio::sync::{Mutex, OnceCell};

/// The most inductions that are told of one person: the newest.
const MOST_INDUCTIONS: usize = 50;

/// A team, with those that were asked for together.
#[derive(Clone)]
pub struct Team {
    /// The team.
    pub row: TeamRow,
    /// Who is in it.
    pub together: Arc<Together>,
}

/// Somebody in a team.
pub struct Member {
    /// What the employer said.
    pub row: MemberRow,
    /// What the person shares; none where they share no longer.
    pub shared: Option<Shared>,
    /// The newest check that was seen.
    pub clearance: Option<ClearanceRow>,
    /// How they were inducted, the newest first, where they share that.
    pub induction: Vec<DevelopmentRow>,
}

type Members = HashMap<Id, Vec<Arc<Member>>>;

/// Teams that are asked for together.
pub struct Together {
    teams: Vec<Id>,
    members: OnceCell<Members>,
    /// Those whose ledgers know already.
    noted: Mutex<BTreeSet<Id>>,
}

impl Team {
    /// These teams, asked for together; whose ledgers know already.
    pub(super) fn all(rows: Vec<TeamRow>, noted: Option<Id>) -> Vec<Self> {
        let together = Arc::new(Together {
            teams: rows.iter().map(|row| row.id).collect(),
            members: OnceCell::new(),
            noted: Mutex::new(noted.into_iter().collect()),
        });
        let of = |row| Self {
            row,
            together: together.clone(),
        };
        rows.into_iter().map(of).collect()
    }

    /// Who is and was in it, in the order in which they were added. Whatever is told of any is [noted](Self::note) first.
    ///
    /// # Errors
    /// [`Error`] where the database does not answer.
    pub async fn members(&self, app: &App) -> Result<Vec<Arc<Member>>, Error> {
        let now = app.clock.now();
        let teams = self.together.teams.clone();
        let read = || {
            app.db
                .read(move |connection| members(connection, &teams, now))
        };
        let all = self.together.members.get_or_try_init(read).await?;
        Ok(all.get(&self.row.id).cloned().unwrap_or_default())
    }

    /// Notes that these were looked at, durably, before anything is told of them: one row for each who shares, in one
    /// statement, however often they are told in one answer.
    ///
    /// # Errors
    /// [`Error`] where it cannot be stored: then there is no answer either.
    pub async fn note(
        &self,
        app: &App,
        caller: &Caller,
        members: &[Arc<Member>],
    ) -> Result<(), Error> {
        // Held until it is stored: who asks at the same time tells nothing before.
        let mut noted = self.together.noted.lock().await;
        let shared = members.iter().filter_map(|member| {
            let shared = member.shared.as_ref()?;
            (!noted.contains(&member.row.id)).then_some((member.row.id, shared))
        });
        let shared: Vec<(Id, &Shared)> = shared.collect();
        if shared.is_empty() {
            return Ok(());
        }
        let own = view::own_learner_of(app, caller).await?.map(|own| own.id);
        let at = app.clock.now();
        let rows = shared
            .iter()
            .filter(|(_, shared)| Some(shared.holder.id) != own);
        let looks: Vec<(AccessRow, Id)> = rows
            .map(|(_, shared)| (look(caller, shared, at), shared.share.id))
            .collect();
        let ids: Vec<Id> = shared.iter().map(|(id, _)| *id).collect();
        if !looks.is_empty() {
            app.db.append(vec![Looks(looks)]).await?;
        }
        noted.extend(ids);
        Ok(())
    }
}

/// The row of a look at somebody in a team.
pub(super) fn look(caller: &Caller, shared: &Shared, at: NaiveDateTime) -> AccessRow {
    AccessRow {
        role: Role::Employer.as_str().to_owned(),
        ..ledger::row(
            caller,
            Some(shared.holder.id),
            "team",
            None,
            &shared.via(),
            at,
        )
    }
}

/// The looks of one answer, each with the share through which it was looked.
struct Looks(Vec<(AccessRow, Id)>);

impl Appended for Looks {
    fn append(connection: &mut Connection, rows: &[&Self]) -> Result<(), Error> {
        let all = rows.iter().flat_map(|looks| looks.0.iter().cloned());
        let (looks, shares): (Vec<AccessRow>, Vec<Id>) = all.unzip();
        access_entry::insert_together(connection, &looks)?;
        // Who looks at several teams at once, or together with others, looks at a share several times.
        let mut left = shares;
        while !left.is_empty() {
            let once: BTreeSet<Id> = left.iter().copied().collect();
            share::viewed_together(connection, &once.iter().copied().collect::<Vec<Id>>())?;
            let mut counted = once;
            left.retain(|id| !counted.remove(id));
        }
        Ok(())
    }
}

/// A team of the caller's own organisation; none where it is another's, as for one that does not exist.
///
/// # Errors
/// [`Error`] where the database does not answer.
#[tracing::instrument(target = "registry::trace", name = "team::find", skip_all)]
pub async fn find(app: &App, caller: &Caller, id: Id) -> Result<Option<Team>, Error> {
    let Some(employer) = employer(caller) else {
        return Ok(None);
    };
    let row = app
        .db
        .read(move |connection| Ok(team::find(connection, &employer, id)?))
        .await?;
    Ok(Team::all(row.into_iter().collect(), None).pop())
}

/// A page of the teams of the caller's organisation, the oldest first.
///
/// # Errors
/// [`schema::Code::Forbidden`] for anybody but an employer.
#[tracing::instrument(target = "registry::trace", name = "team::list", skip_all)]
pub async fn list(
    app: &App,
    caller: &Caller,
    after: Option<Id>,
    limit: i64,
) -> Result<Vec<Team>, Error> {
    caller.demand(Right::RunTeams)?;
    let Some(employer) = employer(caller) else {
        return Ok(Vec::new());
    };
    let rows = app
        .db
        .read(move |connection| Ok(team::of_employer(connection, &employer, after, limit)?))
        .await?;
    Ok(Team::all(rows, None))
}

/// The organisation whose teams are the caller's.
pub(super) fn employer(caller: &Caller) -> Option<String> {
    caller
        .employer
        .clone()
        .filter(|_| caller.may(Right::RunTeams))
}

/// Who is in these teams, with what each shares: four statements, however many there are; two more where any of them shares
/// how they were inducted.
fn members(
    connection: &mut Connection,
    teams: &[Id],
    now: NaiveDateTime,
) -> Result<Members, Error> {
    let placed = team::members(connection, teams)?;
    let mut clearances: HashMap<Id, ClearanceRow> = team::clearances(connection, teams)?
        .into_iter()
        .map(|row| (row.member_id, row))
        .collect();
    let live = placed.iter().filter(|(_, share, _)| share.stands(now));
    let live = live.filter_map(|(_, share, maker)| Some((share.id, maker.as_ref()?.id)));
    let (shares, makers): (BTreeSet<Id>, BTreeSet<Id>) = live.unzip();
    let shares: Vec<Id> = shares.into_iter().collect();
    let makers: Vec<Id> = makers.into_iter().collect();
    let chosen = share::achievements_of(connection, &shares)?;
    let record = in_parts(&makers, |makers| {
        achievement::of_learners(connection, makers, i64::MAX)
    })?;
    let telling = placed.iter().filter(|(_, share, _)| {
        share.stands(now) && Fields::stored(&share.fields).tell(Field::Induction)
    });
    let telling: BTreeSet<Id> = telling
        .filter_map(|(_, _, maker)| Some(maker.as_ref()?.id))
        .collect();
    let inductions = inductions(connection, telling.into_iter().collect())?;
    let mut members = Members::new();
    for (row, share, maker) in placed {
        let maker = maker.filter(|_| share.stands(now));
        let shared = maker.and_then(|maker| of_maker(share, maker, &chosen, &record));
        let telling = shared
            .as_ref()
            .filter(|shared| shared.fields.tell(Field::Induction));
        let induction = telling.and_then(|shared| inductions.get(&shared.holder.id));
        let clearance = clearances.remove(&row.id);
        let of_team = members.entry(row.team_id).or_default();
        of_team.push(Arc::new(Member {
            row,
            shared,
            clearance,
            induction: induction.cloned().unwrap_or_default(),
        }));
    }
    Ok(members)
}

/// How each of these people was inducted, under whichever of their identifiers they recorded it.
fn inductions(
    connection: &mut Connection,
    people: Vec<Id>,
) -> Result<HashMap<Id, Vec<DevelopmentRow>>, Error> {
    let mut found: HashMap<Id, Vec<DevelopmentRow>> = HashMap::new();
    if people.is_empty() {
        return Ok(found);
    }
    let kept: HashMap<Id, Id> = learner::members(connection, &people)?.into_iter().collect();
    let everybody: Vec<Id> = people.into_iter().chain(kept.keys().copied()).collect();
    for row in development::of_kind(connection, &everybody, INDUCTION)? {
        let person = kept.get(&row.learner_id).copied();
        let of_person = found.entry(person.unwrap_or(row.learner_id)).or_default();
        if of_person.len() < MOST_INDUCTIONS {
            of_person.push(row);
        }
    }
    Ok(found)
}
