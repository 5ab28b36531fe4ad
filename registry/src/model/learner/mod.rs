//! Learners: who they are, and by which identifiers and names others know them.

mod key;
mod merge;
mod number;

pub use key::{KeyRow, rekey, sharing};
pub use merge::{
    MergeRow, Origin, REPORTED, SAME_NUMBER, active_of, answer_as, begin_all, end, find_merge,
    members, merges_of,
};
pub use number::{
    DISPUTED_ULN, UlnKind, aliases_of, disputed, ever_told_of, stands, told_as, told_of,
};

use crate::db::tables::{learner, learner_alias, learner_name};
use crate::db::{Connection, Id, at_most, either, insert};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use record::PersonFacts;
use schema::{Date, Uln, fold_name};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// A learner as stored: the conclusion from what was told about them.
#[derive(Clone, PartialEq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = learner, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct LearnerRow {
    /// The registry's own identifier.
    pub id: Id,
    /// Given names.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// The family name as it is compared.
    pub family_key: Option<String>,
    /// Date of birth.
    pub date_of_birth: Option<Date>,
    /// Gender, by the Learning Records Service's code.
    pub gender: Option<i16>,
    /// Postcode.
    pub postcode: Option<String>,
    /// Other family names, a JSON list.
    pub former_names: String,
    /// The learner into whom this one was merged: old identifiers answer with the new one.
    pub merged_into: Option<Id>,
    /// When the registry first knew of them.
    pub created_at: NaiveDateTime,
    /// What this learner alone was told to be, where others were merged into them: JSON, see [`OwnFacts`]. Else that is
    /// what the row itself says.
    pub own_facts: Option<String>,
}

/// What one learner alone was told to be, whoever was merged into them.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnFacts {
    /// Given names.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// Other family names.
    pub former_names: Vec<String>,
    /// Date of birth.
    pub date_of_birth: Option<Date>,
    /// Gender, by the Learning Records Service's code.
    pub gender: Option<i16>,
    /// Postcode.
    pub postcode: Option<String>,
}

impl From<PersonFacts> for OwnFacts {
    fn from(facts: PersonFacts) -> Self {
        Self {
            given_name: facts.given_name,
            family_name: facts.family_name,
            former_names: facts.former_names,
            date_of_birth: facts.date_of_birth,
            gender: facts.gender.map(|gender| gender as i16),
            postcode: facts.postcode,
        }
    }
}

impl LearnerRow {
    /// A learner of whom nothing is known yet.
    #[must_use]
    pub fn new(id: Id, now: NaiveDateTime) -> Self {
        Self {
            id,
            given_name: None,
            family_name: None,
            family_key: None,
            date_of_birth: None,
            gender: None,
            postcode: None,
            former_names: "[]".to_owned(),
            merged_into: None,
            created_at: now,
            own_facts: None,
        }
    }

    /// What this learner alone was told to be.
    #[must_use]
    pub fn own(&self) -> OwnFacts {
        let kept = self.own_facts.as_deref();
        kept.and_then(|facts| serde_json::from_str(facts).ok())
            .unwrap_or_else(|| OwnFacts {
                given_name: self.given_name.clone(),
                family_name: self.family_name.clone(),
                former_names: self.former_names(),
                date_of_birth: self.date_of_birth,
                gender: self.gender,
                postcode: self.postcode.clone(),
            })
    }

    /// The same learner, of whom alone that was told while the row speaks of others too.
    #[must_use]
    pub fn owning(self, facts: &OwnFacts) -> Self {
        Self {
            own_facts: serde_json::to_string(facts).ok(),
            ..self
        }
    }

    /// The same learner with these facts.
    #[must_use]
    pub fn with(&self, facts: PersonFacts) -> Self {
        Self {
            family_key: facts.family_name.as_deref().map(fold_name),
            given_name: facts.given_name,
            family_name: facts.family_name,
            date_of_birth: facts.date_of_birth,
            gender: facts.gender.map(|gender| gender as i16),
            postcode: facts.postcode,
            former_names: serde_json::to_string(&facts.former_names)
                .unwrap_or_else(|_| "[]".to_owned()),
            ..self.clone()
        }
    }

    /// The other family names.
    #[must_use]
    pub fn former_names(&self) -> Vec<String> {
        serde_json::from_str(&self.former_names).unwrap_or_default()
    }
}

/// An identifier by which others know a learner.
#[derive(Clone, Queryable, Insertable)]
#[diesel(table_name = learner_alias, treat_none_as_default_value = false)]
pub struct AliasRow {
    /// `uln` and its like (see [`UlnKind`]), [`STATED_ULN`], or `reference` for an identifier of an awarding body's own.
    pub kind: String,
    /// The submitter in whose own numbering a reference stands; empty for a ULN.
    pub scope: String,
    /// The identifier.
    pub value: String,
    /// The learner.
    pub learner_id: Id,
    /// Who first said so.
    pub given_by: String,
    /// When.
    pub known_from: NaiveDateTime,
    /// The learner as whom it was given, whatever was merged since.
    pub arrived_as: Id,
}

/// A full name with birth date under which a learner was told of, folded.
#[derive(Clone, Queryable, Insertable)]
#[diesel(table_name = learner_name, treat_none_as_default_value = false)]
pub struct NameRow {
    /// See [`schema::StatedPerson::facts`].
    pub name_key: String,
    /// The learner as whom they were told of, whatever was merged since.
    pub learner_id: Id,
}

/// The learner of that identifier; where they were merged, the one they are now.
///
/// # Errors
/// The engine's error.
pub fn find(connection: &mut Connection, id: Id) -> QueryResult<Option<LearnerRow>> {
    let found: Option<LearnerRow> =
        either!(&mut *connection, open => learner::table.find(id).get_result(open).optional())?;
    match found.as_ref().and_then(|row| row.merged_into) {
        Some(kept) => {
            either!(connection, open => learner::table.find(kept).get_result(open).optional())
        }
        None => Ok(found),
    }
}

/// The learners of those identifiers, each under the one asked by; where they were merged, those they are now.
///
/// # Errors
/// The engine's error.
pub fn find_all(connection: &mut Connection, ids: &[Id]) -> QueryResult<HashMap<Id, LearnerRow>> {
    let mut found: HashMap<Id, LearnerRow> = all(connection, ids)?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let kept: Vec<Id> = found.values().filter_map(|row| row.merged_into).collect();
    if !kept.is_empty() {
        let kept: HashMap<Id, LearnerRow> = all(connection, &kept)?
            .into_iter()
            .map(|row| (row.id, row))
            .collect();
        for row in found.values_mut() {
            if let Some(now) = row.merged_into.and_then(|id| kept.get(&id)) {
                *row = now.clone();
            }
        }
    }
    Ok(found)
}

/// The learner who holds that ULN, or for whose number it is reported to stand.
///
/// # Errors
/// The engine's error.
pub fn find_by_uln(connection: &mut Connection, uln: Uln) -> QueryResult<Option<LearnerRow>> {
    let id: Option<Id> = either!(&mut *connection, open => learner_alias::table
        .filter(learner_alias::value.eq(uln.as_str()).and(learner_alias::scope.eq(""))
            .and(learner_alias::kind.eq_any(number::FINDS)))
        .select(learner_alias::learner_id)
        .first(open)
        .optional())?;
    match id {
        Some(id) => find(connection, id),
        None => Ok(None),
    }
}

/// The kind of alias by which a submitter uses a ULN for a learner while the number is another's.
pub const STATED_ULN: &str = "stated-uln";

/// The learner for whom that submitter uses the ULN while the number is another's.
///
/// # Errors
/// The engine's error.
pub fn find_by_stated_uln(
    connection: &mut Connection,
    submitter: &str,
    uln: Uln,
) -> QueryResult<Option<LearnerRow>> {
    let found = holders(connection, STATED_ULN, submitter, &[uln.as_str()])?;
    match found.first() {
        Some((_, id)) => find(connection, *id),
        None => Ok(None),
    }
}

/// Lets nobody else change what is told of these learners until the transaction ends; rows that refer to them
/// (receipts, looks) do not wait. SQLite has one writer anyway.
///
/// # Errors
/// The engine's error.
pub fn lock(connection: &mut Connection, ids: &[Id]) -> QueryResult<()> {
    match connection {
        Connection::Sqlite(_) => Ok(()),
        Connection::Postgres(open) => learner::table
            .filter(learner::id.eq_any(ids))
            .order(learner::id)
            .select(learner::id)
            .for_no_key_update()
            .execute(open)
            .map(drop),
    }
}

/// The learners of those identifiers, in no order.
///
/// # Errors
/// The engine's error.
pub fn all(connection: &mut Connection, ids: &[Id]) -> QueryResult<Vec<LearnerRow>> {
    either!(connection, open => learner::table.filter(learner::id.eq_any(ids)).load(open))
}

/// Everybody after that identifier who was not merged into another, with the date of birth, in order, at most `limit`.
///
/// # Errors
/// The engine's error.
pub fn page(
    connection: &mut Connection,
    after: Id,
    limit: i64,
) -> QueryResult<Vec<(Id, Option<Date>)>> {
    let query = learner::table
        .filter(learner::id.gt(after).and(learner::merged_into.is_null()))
        .order(learner::id)
        .select((learner::id, learner::date_of_birth));
    at_most!(connection, query, limit)
}

/// How many there are who were not merged into another.
///
/// # Errors
/// The engine's error.
pub fn count(connection: &mut Connection) -> QueryResult<i64> {
    either!(connection, open => learner::table
        .filter(learner::merged_into.is_null()).count().get_result(open))
}

/// Those of these learners who were merged into another, with that other.
///
/// # Errors
/// The engine's error.
pub fn merged(connection: &mut Connection, ids: &[Id]) -> QueryResult<Vec<(Id, Id)>> {
    let found: Vec<(Id, Option<Id>)> = either!(connection, open => learner::table
        .filter(learner::id.eq_any(ids).and(learner::merged_into.is_not_null()))
        .select((learner::id, learner::merged_into)).load(open))?;
    let merged = |(id, into): (Id, Option<Id>)| Some((id, into?));
    Ok(found.into_iter().filter_map(merged).collect())
}

/// The ULNs of these learners that are in use, in the order of the numbers: where two are in use, which is shown does
/// not depend on which came first.
///
/// # Errors
/// The engine's error.
pub fn ulns_of(connection: &mut Connection, ids: &[Id]) -> QueryResult<Vec<(Id, String)>> {
    either!(connection, open => learner_alias::table
        .filter(learner_alias::kind.eq_any(number::IN_USE).and(learner_alias::learner_id.eq_any(ids)))
        .order(learner_alias::value)
        .select((learner_alias::learner_id, learner_alias::value))
        .load(open))
}

/// The ULNs of these learners that are theirs alone, each with the learner as whom it was given.
///
/// # Errors
/// The engine's error.
pub fn own_ulns(connection: &mut Connection, ids: &[Id]) -> QueryResult<Vec<(Id, String)>> {
    either!(connection, open => learner_alias::table
        .filter(learner_alias::kind.eq_any(number::OWN).and(learner_alias::learner_id.eq_any(ids)))
        .order((learner_alias::known_from, learner_alias::value))
        .select((learner_alias::arrived_as, learner_alias::value))
        .load(open))
}

/// As whom these identifiers of one kind and scope were given.
///
/// # Errors
/// The engine's error.
pub fn holders(
    connection: &mut Connection,
    kind: &str,
    scope: &str,
    values: &[&str],
) -> QueryResult<Vec<(String, Id)>> {
    // One record may name very many, and SQLite takes 32766 values in a statement.
    let mut found = Vec::new();
    for values in values.chunks(30_000) {
        found.extend(either!(&mut *connection, open => learner_alias::table
            .filter(learner_alias::kind.eq(kind).and(learner_alias::scope.eq(scope)).and(learner_alias::value.eq_any(values)))
            .select((learner_alias::value, learner_alias::arrived_as))
            .load::<(String, Id)>(open))?);
    }
    Ok(found)
}

/// As whom people were told of under these names with birth dates.
///
/// # Errors
/// The engine's error.
pub fn named(connection: &mut Connection, keys: &[&str]) -> QueryResult<Vec<(String, Id)>> {
    either!(connection, open => learner_name::table
        .filter(learner_name::name_key.eq_any(keys))
        .select((learner_name::name_key, learner_name::learner_id))
        .load(open))
}

/// Under which names with birth dates, or parts of them, these learners were told of.
///
/// # Errors
/// The engine's error.
pub fn names_of(connection: &mut Connection, ids: &[Id]) -> QueryResult<Vec<NameRow>> {
    let mut found = Vec::new();
    for ids in ids.chunks(30_000) {
        found.extend(either!(&mut *connection, open => learner_name::table
            .filter(learner_name::learner_id.eq_any(ids)).load::<NameRow>(open))?);
    }
    Ok(found)
}

/// Stores new learners, identifiers and names.
///
/// # Errors
/// The engine's error.
pub fn insert_all(
    connection: &mut Connection,
    learners: Vec<LearnerRow>,
    aliases: Vec<AliasRow>,
    names: Vec<NameRow>,
) -> QueryResult<()> {
    insert!(&mut *connection, learner::table, learners)?;
    insert!(&mut *connection, learner_alias::table, aliases)?;
    insert!(connection, learner_name::table, names)
}

/// Stores what is now known of a learner.
///
/// # Errors
/// The engine's error.
pub fn update(connection: &mut Connection, row: &LearnerRow) -> QueryResult<()> {
    either!(connection, open => diesel::update(learner::table.find(row.id)).set(row).execute(open))?;
    Ok(())
}
