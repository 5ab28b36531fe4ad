//! Which claims somebody sees, and which are due.

use crate::db::tables::{claim, claim_part};
use crate::db::{Connection, Id, at_most, either};
use ::claim::Token;
use diesel::prelude::*;
use schema::Date;

/// Whose claims are listed.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Those of these learners.
    pub learners: Vec<Id>,
    /// Those that were handed in to this body.
    pub body: Option<String>,
    /// Those that are given, or were, to whoever comes with this token.
    pub token: Option<Token>,
    /// Only of these states, where any are named.
    pub states: Vec<&'static str>,
    /// Only those before this one.
    pub before: Option<Id>,
}

/// On whose claims somebody has a part that lets them see it.
const STAFF: [&str; 4] = ["assessor", "assurer", "returned", "earlier"];

/// The identifiers of the claims wanted, the newest first, at most `limit`.
///
/// # Errors
/// The engine's error.
pub fn visible(connection: &mut Connection, wanted: &Wanted, limit: i64) -> QueryResult<Vec<Id>> {
    let before = wanted.before.unwrap_or_else(|| Id::from_bytes([0xff; 16]));
    // Each way of seeing claims has its own index; a person has few of the others.
    let mut found: Vec<Id> = Vec::new();
    macro_rules! list {
        ($filter:expr) => {{
            let query = claim::table
                .filter(claim::id.lt(before))
                .filter($filter)
                .order(claim::id.desc())
                .select(claim::id);
            let rows: Vec<Id> = if wanted.states.is_empty() {
                at_most!(&mut *connection, query, limit)?
            } else {
                let query = query.filter(claim::state.eq_any(&wanted.states));
                at_most!(&mut *connection, query, limit)?
            };
            found.extend(rows);
        }};
    }
    if !wanted.learners.is_empty() {
        list!(claim::learner_id.eq_any(&wanted.learners));
    }
    if let Some(body) = &wanted.body {
        list!(claim::body.eq(body).and(claim::submitted_at.is_not_null()));
    }
    if let Some(token) = &wanted.token {
        let given = claim_part::table
            .filter(claim_part::subject.eq(&token.subject))
            .filter(claim_part::issuer.eq(&token.issuer))
            .filter(claim_part::part.eq_any(STAFF))
            .select(claim_part::claim_id);
        list!(claim::id.eq_any(given));
    }
    found.sort_unstable_by(|one, other| other.cmp(one));
    found.dedup();
    found.truncate(usize::try_from(limit).unwrap_or_default());
    Ok(found)
}

/// The claims that these learners opened before the one of identifier `before`, the newest first, at most `limit`.
///
/// # Errors
/// The engine's error.
pub fn of_learners(
    connection: &mut Connection,
    learners: &[Id],
    before: Option<Id>,
    limit: i64,
) -> QueryResult<Vec<Id>> {
    let wanted = Wanted {
        learners: learners.to_vec(),
        before,
        ..Wanted::default()
    };
    visible(connection, &wanted, limit)
}

/// Version and time of the last change of a claim; none where it is not there.
///
/// # Errors
/// The engine's error.
pub fn state_of(connection: &mut Connection, id: Id) -> QueryResult<Option<i32>> {
    either!(connection, open => claim::table.find(id).select(claim::version).get_result(open).optional())
}

/// Claims after the one of identifier `after` in which something is due on that day or before, in order, at most `limit`.
///
/// # Errors
/// The engine's error.
pub fn due_by(
    connection: &mut Connection,
    day: Date,
    after: Id,
    limit: i64,
) -> QueryResult<Vec<Id>> {
    let query = claim::table
        .filter(claim::due.le(day).and(claim::id.gt(after)))
        .order(claim::id)
        .select(claim::id);
    at_most!(connection, query, limit)
}
