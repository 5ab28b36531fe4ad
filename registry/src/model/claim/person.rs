//! Whom tokens ever named as their bearer's own record: by that two tokens are known to be one person's.

use crate::db::tables::token_learner;
use crate::db::{Connection, Id, either};
use ::claim::Token;
use chrono::NaiveDateTime;
use diesel::prelude::*;
use std::collections::BTreeSet;

#[derive(Insertable)]
#[diesel(table_name = token_learner)]
struct NamedRow<'a> {
    issuer: &'a str,
    subject: &'a str,
    learner_id: Id,
    seen_at: NaiveDateTime,
}

/// Remembers whom a token named.
///
/// # Errors
/// The engine's error.
pub fn remember(
    connection: &mut Connection,
    token: &Token,
    learner: Id,
    now: NaiveDateTime,
) -> QueryResult<()> {
    let row = NamedRow {
        issuer: &token.issuer,
        subject: &token.subject,
        learner_id: learner,
        seen_at: now,
    };
    either!(connection, open => diesel::insert_into(token_learner::table).values(&row)
        .on_conflict((token_learner::subject, token_learner::issuer, token_learner::learner_id))
        .do_nothing().execute(open))?;
    Ok(())
}

/// The learners whom a token ever named.
///
/// # Errors
/// The engine's error.
pub fn learners_of(connection: &mut Connection, token: &Token) -> QueryResult<Vec<Id>> {
    either!(connection, open => token_learner::table
        .filter(token_learner::subject.eq(&token.subject).and(token_learner::issuer.eq(&token.issuer)))
        .select(token_learner::learner_id).load(open))
}

/// Everything that is known of these tokens and learners, and of whoever that shows to be the same: asked until nobody new
/// comes up.
///
/// # Errors
/// The engine's error.
pub fn named(
    connection: &mut Connection,
    tokens: Vec<Token>,
    learners: Vec<Id>,
) -> QueryResult<Vec<(Token, Id)>> {
    let mut tokens: BTreeSet<Token> = tokens.into_iter().collect();
    let mut learners: BTreeSet<Id> = learners.into_iter().collect();
    loop {
        let subjects: Vec<&str> = tokens.iter().map(|one| one.subject.as_str()).collect();
        let ids: Vec<Id> = learners.iter().copied().collect();
        let rows: Vec<(String, String, Id)> = either!(&mut *connection, open => token_learner::table
            .filter(token_learner::subject.eq_any(&subjects)
                .or(token_learner::learner_id.eq_any(&ids)))
            .select((token_learner::issuer, token_learner::subject, token_learner::learner_id))
            .load(open))?;
        let found: Vec<(Token, Id)> = rows
            .into_iter()
            .map(|(issuer, subject, learner)| (Token { issuer, subject }, learner))
            .filter(|(token, learner)| tokens.contains(token) || learners.contains(learner))
            .collect();
        let before = (tokens.len(), learners.len());
        tokens.extend(found.iter().map(|(token, _)| token.clone()));
        learners.extend(found.iter().map(|(_, learner)| *learner));
        if before == (tokens.len(), learners.len()) {
            return Ok(found);
        }
    }
}
