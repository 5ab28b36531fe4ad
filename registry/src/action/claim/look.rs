//! Looking at claims: who sees which, and how much of it. Each look by anybody but the claimant leaves its row in the
//! claimant's access ledger.

use super::who::{Naming, Who};
use crate::access::{Caller, Right, Role};
use crate::action::evidence::Files;
use crate::action::learner::Seen as Learner;
use crate::action::view::View as RecordView;
use crate::action::{ledger, share};
use crate::app::App;
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::access_entry::AccessRow;
use crate::model::claim::{self, Known, Stored, Wanted};
use crate::model::{achievement, learner};
use ::claim::{Actor, AnyClaim, State};
use chrono::NaiveDateTime;
use schema::{Code, Date};
use std::sync::Arc;

/// As whom somebody sees a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// The claimant: everything.
    Own,
    /// The body to which it is made: everything but the record.
    Body,
    /// Who assesses or assures it, or did: the same.
    Staff(Role),
    /// Who testified in it: that there is a claim, and what they said.
    Witness(Role),
}

impl View {
    /// The role that gave the right.
    pub(crate) fn role(self) -> Role {
        match self {
            Self::Own => Role::Practitioner,
            Self::Body => Role::AwardingBody,
            Self::Staff(role) | Self::Witness(role) => role,
        }
    }

    /// Whether all that was said on the claim is seen.
    #[must_use]
    pub fn is_full(self) -> bool {
        !matches!(self, Self::Witness(_))
    }
}

/// A claim as somebody sees it.
#[derive(Clone)]
pub struct Seen {
    /// What is stored of it.
    pub stored: Arc<Stored>,
    /// The claim as the engine sees it.
    pub case: Arc<AnyClaim>,
    /// As whom.
    pub view: View,
    /// Who looks.
    pub actor: Actor,
    /// The token of who looks.
    pub(super) who: (String, String),
    /// Whose it is, as they answer now.
    pub learner: Id,
    /// The claimant's names.
    pub names: (Option<String>, Option<String>),
    /// The credit that the claimant has from the body by the route.
    pub gained: u32,
    /// How tokens are named.
    pub naming: Naming,
    /// The day.
    pub today: Date,
}

impl Seen {
    /// Whether a piece of evidence is seen: by a witness only their own.
    #[must_use]
    pub fn sees(&self, issuer: &str, subject: &str) -> bool {
        self.view.is_full() || (self.who.0 == issuer && self.who.1 == subject)
    }
}

/// Those of these claims that somebody sees, each with as whom. Where there are none the same is asked, so that what is not
/// seen is as what is not there.
pub(super) fn viewed(
    connection: &mut Connection,
    stored: Vec<Stored>,
    who: &Who,
    caller: &Caller,
) -> Result<Vec<(Stored, Option<View>)>, Error> {
    let claimants = stored.iter().map(|one| one.claim.learner_id);
    let mut claimants: Vec<Id> = claimants.collect();
    if claimants.is_empty() {
        claimants.push(Id::from_bytes([0; 16]));
    }
    let merged = learner::merged(connection, &claimants)?;
    let viewed = stored.into_iter().map(|one| {
        let id = one.claim.learner_id;
        let now = merged.iter().find(|(was, _)| *was == id);
        let view = view(&one, now.map_or(id, |(_, now)| *now), who, caller);
        (one, view)
    });
    Ok(viewed.collect())
}

/// Whose a claim is, as they answer now, and as whom somebody sees all of it; none where they do not.
///
/// # Errors
/// The database's failure.
pub(crate) fn view_of(
    connection: &mut Connection,
    caller: &Caller,
    id: Id,
) -> Result<Option<(Id, View)>, Error> {
    let who = Who::asks(connection, caller)?;
    let stored = claim::load(connection, &[id])?;
    let seen = viewed(connection, stored, &who, caller)?.pop();
    let seen = seen.and_then(|(stored, view)| Some((stored.claim.learner_id, view?)));
    let Some((learner, view)) = seen.filter(|(_, view)| view.is_full()) else {
        return Ok(None);
    };
    let now = learner::merged(connection, &[learner])?;
    let now = now.iter().find(|(was, _)| *was == learner);
    Ok(Some((now.map_or(learner, |(_, now)| *now), view)))
}

/// As whom somebody sees a claim; none where they do not.
fn view(stored: &Stored, claimant: Id, who: &Who, caller: &Caller) -> Option<View> {
    if who.claims_as() == Some(claimant) {
        return Some(View::Own);
    }
    let body = caller.body().filter(|_| caller.may(Right::AssignClaims));
    let handed_in = stored.claim.submitted_at.is_some();
    if handed_in && body.is_some_and(|body| body.as_str() == stored.claim.body) {
        return Some(View::Body);
    }
    let own =
        |issuer: &str, subject: &str| who.token.issuer == issuer && who.token.subject == subject;
    let is_part = stored
        .parts
        .iter()
        .any(|row| row.part != "claimant" && own(&row.issuer, &row.subject));
    let staff = [
        (Right::AssessClaims, Role::Assessor),
        (Right::AssureClaims, Role::QualityAssurer),
    ];
    let mut staff = staff.into_iter().filter(|(right, _)| caller.may(*right));
    if let Some((_, role)) = staff.next().filter(|_| is_part) {
        return Some(View::Staff(role));
    }
    let mut pieces = stored.evidence.iter();
    let testified = pieces.any(|piece| own(&piece.row.issuer, &piece.row.subject));
    let role = caller.roles.iter().copied().find(|role| caller.is(*role));
    role.filter(|_| testified).map(View::Witness)
}

/// These claims, as far as the caller sees them.
pub(super) fn see(
    connection: &mut Connection,
    app: &Looking,
    caller: &Caller,
    ids: &[Id],
) -> Result<Vec<Seen>, Error> {
    let who = Who::asks(connection, caller)?;
    let stored = claim::load(connection, ids)?;
    let viewed = viewed(connection, stored, &who, caller)?;
    let (stored, views): (Vec<Stored>, Vec<View>) = viewed
        .into_iter()
        .filter_map(|(one, view)| Some((one, view?)))
        .unzip();
    if stored.is_empty() {
        return Ok(Vec::new());
    }
    let known = Known::of(connection, &stored, &[who.pair()])?;
    let claimants: Vec<Id> = stored
        .iter()
        .map(|one| known.now(one.claim.learner_id))
        .collect();
    let rows = learner::all(connection, &claimants)?;
    let held = achievement::rows_of_learners(connection, &claimants)?;
    let mut seen = Vec::with_capacity(stored.len());
    for (one, view) in stored.into_iter().zip(views) {
        let id = known.now(one.claim.learner_id);
        let row = rows.iter().find(|row| row.id == id);
        let own = held.iter().filter(|row| row.learner_id == id);
        seen.push(Seen {
            case: Arc::new(one.case(&known)?),
            actor: who.actor(&known),
            who: (who.token.issuer.clone(), who.token.subject.clone()),
            learner: id,
            names: row.map_or((None, None), |row| {
                (row.given_name.clone(), row.family_name.clone())
            }),
            gained: gained(own, &one.claim.body, &one.claim.route),
            naming: app.naming.clone(),
            today: app.now.date(),
            view,
            stored: Arc::new(one),
        });
    }
    Ok(seen)
}

/// The credit of what stands of these achievements and came from a body by a route.
pub(super) fn gained<'a>(
    held: impl Iterator<Item = &'a achievement::AchievementRow>,
    body: &str,
    route: &str,
) -> u32 {
    held.filter(|row| row.replaced_by.is_none() && row.counts())
        .filter(|row| row.body.as_deref() == Some(body) && row.route == route)
        .filter_map(|row| u32::try_from(row.credit?).ok())
        .sum()
}

/// What looking takes of the running registry.
#[derive(Clone)]
pub(super) struct Looking {
    pub(super) naming: Naming,
    pub(super) now: NaiveDateTime,
    pub(super) files: Arc<Files>,
}

impl Looking {
    pub(super) fn of(app: &App) -> Self {
        Self {
            naming: Naming::of(&app.issuers),
            now: app.clock.now(),
            files: app.files.clone(),
        }
    }
}

/// The rows of the access ledger that looks at these claims leave.
pub(super) fn rows(caller: &Caller, seen: &[Seen], now: NaiveDateTime) -> Vec<AccessRow> {
    let others = seen.iter().filter(|one| one.view != View::Own);
    others
        .map(|one| AccessRow {
            // Of several roles the one that gave the right.
            role: one.view.role().as_str().to_owned(),
            ..ledger::row(caller, Some(one.learner), "claim", None, "graphql", now)
        })
        .collect()
}

/// A claim, by right; none without it, as for one that does not exist.
///
/// # Errors
/// [`Error`] where the database does not answer, or the look cannot be noted.
#[tracing::instrument(target = "registry::trace", name = "claim::look", skip_all)]
pub async fn look(app: &App, caller: &Caller, id: Id) -> Result<Option<Seen>, Error> {
    if caller.identity.is_none() {
        return Ok(None);
    }
    let found = read(app, caller, vec![id]).await?;
    Ok(found.into_iter().next())
}

async fn read(app: &App, caller: &Caller, ids: Vec<Id>) -> Result<Vec<Seen>, Error> {
    let (asker, looking) = (caller.clone(), Looking::of(app));
    let now = looking.now;
    let found = app
        .db
        .read(move |connection| see(connection, &looking, &asker, &ids))
        .await?;
    noted(app, caller, found, now).await
}

async fn noted(
    app: &App,
    caller: &Caller,
    found: Vec<Seen>,
    now: NaiveDateTime,
) -> Result<Vec<Seen>, Error> {
    let rows = rows(caller, &found, now);
    if !rows.is_empty() {
        app.db.append(rows).await?;
    }
    Ok(found)
}

/// Which claims are listed.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only of these states; of any where none are named.
    pub states: Option<Vec<State>>,
    /// Only those before this one.
    pub before: Option<Id>,
    /// How many at most.
    pub limit: i64,
}

/// The claims that the caller sees by any of their roles, the newest first.
///
/// # Errors
/// [`Error`] where the database does not answer, or a look cannot be noted.
#[tracing::instrument(target = "registry::trace", name = "claim::list", skip_all)]
pub async fn list(app: &App, caller: &Caller, filter: Filter) -> Result<Vec<Seen>, Error> {
    if caller.identity.is_none() || filter.states.as_ref().is_some_and(Vec::is_empty) {
        return Ok(Vec::new());
    }
    let (asker, looking) = (caller.clone(), Looking::of(app));
    let now = looking.now;
    let found = app
        .db
        .read(move |connection| {
            let who = Who::asks(connection, &asker)?;
            let learners = match who.claims_as() {
                Some(id) => share::makers(connection, id)?,
                None => Vec::new(),
            };
            let body = asker.body().filter(|_| asker.may(Right::AssignClaims));
            let staff = asker.may(Right::AssessClaims) || asker.may(Right::AssureClaims);
            let states = filter.states.unwrap_or_default();
            let wanted = Wanted {
                learners,
                body: body.map(|body| body.to_string()),
                token: staff.then(|| who.token.clone()),
                states: states.into_iter().map(State::as_str).collect(),
                before: filter.before,
            };
            let ids = claim::visible(connection, &wanted, filter.limit)?;
            see(connection, &looking, &asker, &ids)
        })
        .await?;
    noted(app, caller, found, now).await
}

/// A learner's own claims, the newest first.
///
/// # Errors
/// [`Code::Forbidden`] for anybody but the person.
#[tracing::instrument(target = "registry::trace", name = "claim::of_learner", skip_all)]
pub async fn of_learner(
    app: &App,
    caller: &Caller,
    learner: &Learner,
    before: Option<Id>,
    limit: i64,
) -> Result<Vec<Seen>, Error> {
    if learner.view != RecordView::Own {
        return Err(Error::from(Code::Forbidden));
    }
    let (asker, looking, id) = (caller.clone(), Looking::of(app), learner.row.id);
    app.db
        .read(move |connection| {
            let learners = share::makers(connection, id)?;
            let ids = claim::of_learners(connection, &learners, before, limit)?;
            see(connection, &looking, &asker, &ids)
        })
        .await
}
