//! What stewards decide: whether two learners are one person, and that a merge was wrong.

use super::{Likeness, likeness, reconsider};
use crate::access::{Caller, Right};
use crate::action::{achievement::reason, ledger};
use crate::app::App;
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::access_entry::{self, AccessRow};
use crate::model::learner::{self, LearnerRow, MergeRow, Origin};
use crate::model::match_pair::{self, PairRow};
use chrono::NaiveDateTime;
use schema::Code;
use std::collections::{BTreeSet, HashMap};

/// A pair as a steward sees it.
#[derive(Clone)]
pub struct Case {
    /// The pair.
    pub pair: PairRow,
    /// One of the two, as they alone were told of, with their ULN.
    pub left: (LearnerRow, Option<String>),
    /// The other one.
    pub right: (LearnerRow, Option<String>),
    /// What each field says, and the others who could be either.
    pub evidence: Vec<identity::Contribution>,
}

/// Pairs that wait for a steward, the oldest first. Each look stands in the ledgers of both.
///
/// # Errors
/// [`Code::Forbidden`] for anybody but a steward.
#[tracing::instrument(target = "registry::trace", name = "identity::cases", skip_all)]
pub async fn cases(
    app: &App,
    caller: &Caller,
    after: Option<Id>,
    limit: i64,
) -> Result<Vec<Case>, Error> {
    caller.demand(Right::ReadIdentities)?;
    let likeness = app.likeness.clone();
    let found = app
        .db
        .read(move |connection| {
            let pairs = match_pair::open(connection, after, limit)?;
            shown(connection, &likeness, pairs)
        })
        .await?;
    noted(app, caller, &found).await?;
    Ok(found)
}

/// The pair of that identifier, whatever became of it; none where there is none, or the caller is no steward.
///
/// # Errors
/// [`Error`] where the database does not answer.
#[tracing::instrument(target = "registry::trace", name = "identity::case", skip_all)]
pub async fn case(app: &App, caller: &Caller, id: Id) -> Result<Option<Case>, Error> {
    if !caller.may(Right::ReadIdentities) {
        return Ok(None);
    }
    let likeness = app.likeness.clone();
    let found = app
        .db
        .read(move |connection| {
            let pair = match_pair::find(connection, id)?;
            shown(connection, &likeness, pair.into_iter().collect())
        })
        .await?;
    noted(app, caller, &found).await?;
    Ok(found.into_iter().next())
}

/// Decides whether the two of a pair are one person. The same decision again changes nothing.
///
/// # Errors
/// [`Code::Forbidden`] for anybody but a steward; [`Code::NotFound`]; [`Code::StateConflict`] where it was decided
/// otherwise; [`Code::InputInvalid`] without a reason.
#[tracing::instrument(target = "registry::trace", name = "identity::resolve", skip_all)]
pub async fn resolve(
    app: &App,
    caller: &Caller,
    id: Id,
    same: bool,
    stated: String,
) -> Result<Case, Error> {
    caller.demand(Right::ResolveIdentities)?;
    let stated = reason(&stated)?;
    let (by, now, likeness) = (caller.name(), app.clock.now(), app.likeness.clone());
    let found = app
        .db
        .write(move |connection| {
            connection.merge_alone()?;
            let pair = match_pair::find(connection, id)?;
            let pair = pair.ok_or_else(|| Error::from(Code::NotFound))?;
            match pair.ruled() {
                Some(before) if before == same => {}
                Some(_) => {
                    return Err(Error::with(
                        Code::StateConflict,
                        "It was decided otherwise before. A merge is taken back with splitMerge, and made with mergeLearners.",
                    ));
                }
                None => {
                    let ends = BTreeSet::from([pair.left_id, pair.right_id]);
                    rule(connection, pair.clone(), same, &by, &stated, now)?;
                    if same {
                        let (left, right) = (root(connection, pair.left_id)?, root(connection, pair.right_id)?);
                        if left != right {
                            let (kept, gone) = (left.min(right), left.max(right));
                            begin(connection, kept, gone, &by, &stated, now)?;
                        }
                    }
                    reconsider(connection, &likeness, &ends, now)?;
                }
            }
            let pair = match_pair::find(connection, id)?;
            shown(connection, &likeness, pair.into_iter().collect())
        })
        .await?;
    noted(app, caller, &found).await?;
    found
        .into_iter()
        .next()
        .ok_or_else(|| Error::from(Code::NotFound))
}

/// Merges two learners: the identifiers of `merge` answer with `keep` from then on.
///
/// # Errors
/// [`Code::Forbidden`] for anybody but a steward; [`Code::NotFound`] where either is nobody; [`Code::StateConflict`]
/// where both are one already; [`Code::InputInvalid`] without a reason.
#[tracing::instrument(target = "registry::trace", name = "identity::merge", skip_all)]
pub async fn merge(
    app: &App,
    caller: &Caller,
    keep: Id,
    merge: Id,
    stated: String,
) -> Result<MergeRow, Error> {
    caller.demand(Right::ResolveIdentities)?;
    let stated = reason(&stated)?;
    let (asker, now, likeness) = (caller.clone(), app.clock.now(), app.likeness.clone());
    app.db
        .write(move |connection| {
            connection.merge_alone()?;
            let (kept, gone) = (root(connection, keep)?, root(connection, merge)?);
            if kept == gone {
                return Err(Error::with(
                    Code::StateConflict,
                    "Both are one learner already.",
                ));
            }
            let row = begin(connection, kept, gone, &asker.name(), &stated, now)?;
            reconsider(connection, &likeness, &BTreeSet::from([kept, gone]), now)?;
            looked(connection, &asker, [kept, gone], "merge", now)?;
            Ok(row)
        })
        .await
}

/// Takes a merge back: each of the two has exactly their own again, and likeness does not join them any more.
///
/// # Errors
/// [`Code::Forbidden`] for anybody but a steward; [`Code::NotFound`]; [`Code::StateConflict`] where it was taken back
/// already; [`Code::InputInvalid`] without a reason.
#[tracing::instrument(target = "registry::trace", name = "identity::split", skip_all)]
pub async fn split(app: &App, caller: &Caller, id: Id, stated: String) -> Result<MergeRow, Error> {
    caller.demand(Right::ResolveIdentities)?;
    let stated = reason(&stated)?;
    let (asker, now, likeness) = (caller.clone(), app.clock.now(), app.likeness.clone());
    app.db
        .write(move |connection| {
            connection.merge_alone()?;
            let row = learner::find_merge(connection, id)?;
            let row = row.ok_or_else(|| Error::from(Code::NotFound))?;
            if row.split_at.is_some() {
                return Err(Error::with(
                    Code::StateConflict,
                    "It was taken back already.",
                ));
            }
            let by = asker.name();
            let before = root(connection, row.gone_id)?;
            learner::end(connection, id, now, &by, &stated)?;
            let pair = pair_of(connection, row.gone_id, row.kept_id)?;
            rule(connection, pair, false, &by, &stated, now)?;
            let ends = [row.gone_id, row.kept_id];
            reconsider(connection, &likeness, &BTreeSet::from(ends), now)?;
            for end in ends {
                let after = root(connection, end)?;
                if after != before {
                    // Who looked at both together looked at this one too.
                    access_entry::copy(connection, before, after, row.merged_at)?;
                }
            }
            let ends = [
                root(connection, row.gone_id)?,
                root(connection, row.kept_id)?,
            ];
            looked(connection, &asker, ends, "split", now)?;
            learner::find_merge(connection, id)?.ok_or_else(|| Error::from(Code::NotFound))
        })
        .await
}

/// The merge of that identifier; none where there is none, or the caller is no steward.
///
/// # Errors
/// [`Error`] where the database does not answer.
#[tracing::instrument(target = "registry::trace", name = "identity::merged", skip_all)]
pub async fn merged(app: &App, caller: &Caller, id: Id) -> Result<Option<MergeRow>, Error> {
    if !caller.may(Right::ReadIdentities) {
        return Ok(None);
    }
    app.db
        .read(move |connection| Ok(learner::find_merge(connection, id)?))
        .await
}

/// Every merge that the learner had a part in, ended ones too, the oldest first.
///
/// # Errors
/// [`Error`] where the database does not answer.
#[tracing::instrument(target = "registry::trace", name = "identity::merges", skip_all)]
pub async fn merges(app: &App, caller: &Caller, learner: Id) -> Result<Vec<MergeRow>, Error> {
    if !caller.may(Right::ReadIdentities) {
        return Ok(Vec::new());
    }
    app.db
        .read(move |connection| {
            let members = learner::members(connection, &[learner])?;
            let mut ids: Vec<Id> = members.into_iter().map(|(id, _)| id).collect();
            ids.push(learner);
            Ok(learner::merges_of(connection, &ids)?)
        })
        .await
}

/// The learner that this one is now.
fn root(connection: &mut Connection, id: Id) -> Result<Id, Error> {
    let row = learner::find(connection, id)?;
    Ok(row.ok_or_else(|| Error::from(Code::NotFound))?.id)
}

fn begin(
    connection: &mut Connection,
    kept_id: Id,
    gone_id: Id,
    by: &str,
    reason: &str,
    now: NaiveDateTime,
) -> Result<MergeRow, Error> {
    let row = MergeRow::new(gone_id, kept_id, (Origin::Steward, by), reason, now);
    learner::begin_all(connection, vec![row.clone()])?;
    Ok(row)
}

/// The pair of two learners, stored or not.
fn pair_of(connection: &mut Connection, one: Id, other: Id) -> Result<PairRow, Error> {
    let (left_id, right_id) = (one.min(other), one.max(other));
    let known = match_pair::of(connection, &[left_id])?;
    let known = known.into_iter().find(|row| row.right_id == right_id);
    if let Some(row) = known {
        return Ok(row);
    }
    let row = PairRow::new(one, other, likeness::FLOOR);
    match_pair::insert_all(connection, vec![row.clone()])?;
    Ok(row)
}

fn rule(
    connection: &mut Connection,
    pair: PairRow,
    same: bool,
    by: &str,
    reason: &str,
    now: NaiveDateTime,
) -> Result<(), Error> {
    let ruled = PairRow {
        ruling: Some(if same { "same" } else { "different" }.to_owned()),
        ruled_by: Some(by.to_owned()),
        ruled_at: Some(now),
        reason: Some(reason.to_owned()),
        ..pair
    };
    Ok(match_pair::update(connection, &ruled)?)
}

/// The pairs with what is known of both sides.
fn shown(
    connection: &mut Connection,
    likeness: &Likeness,
    pairs: Vec<PairRow>,
) -> Result<Vec<Case>, Error> {
    let ids: BTreeSet<Id> = pairs
        .iter()
        .flat_map(|pair| [pair.left_id, pair.right_id])
        .collect();
    let ids: Vec<Id> = ids.into_iter().collect();
    let rows: HashMap<Id, LearnerRow> = learner::all(connection, &ids)?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let ulns = likeness::ulns_of(connection, rows.values())?;
    let side = |id: &Id| Some((rows.get(id)?.clone(), ulns.get(id).cloned()));
    let case = |pair: PairRow| {
        let (left, right) = (side(&pair.left_id)?, side(&pair.right_id)?);
        let evidence = likeness.explain(&pair, &left, &right);
        Some(Case {
            pair,
            left,
            right,
            evidence,
        })
    };
    Ok(pairs.into_iter().filter_map(case).collect())
}

/// Notes that a steward saw both of each pair.
async fn noted(app: &App, caller: &Caller, cases: &[Case]) -> Result<(), Error> {
    let now = app.clock.now();
    let seen: BTreeSet<Id> = cases
        .iter()
        .flat_map(|case| [&case.left.0, &case.right.0])
        .map(|row| row.merged_into.unwrap_or(row.id))
        .collect();
    if seen.is_empty() {
        return Ok(());
    }
    let rows = seen.into_iter().map(|id| look(caller, id, "match", now));
    app.db.append(rows.collect()).await
}

fn looked(
    connection: &mut Connection,
    caller: &Caller,
    learners: [Id; 2],
    what: &str,
    now: NaiveDateTime,
) -> Result<(), Error> {
    let learners = BTreeSet::from(learners);
    let rows: Vec<AccessRow> = learners
        .into_iter()
        .map(|id| look(caller, id, what, now))
        .collect();
    let rows: Vec<&AccessRow> = rows.iter().collect();
    Ok(access_entry::insert_all(connection, &rows)?)
}

fn look(caller: &Caller, learner: Id, what: &str, now: NaiveDateTime) -> AccessRow {
    AccessRow {
        role: crate::access::Role::Steward.as_str().to_owned(),
        ..ledger::row(caller, Some(learner), what, None, "graphql", now)
    }
}
