//! The ULNs by which learners are known. A number under which results were told stays with the learner as whom they came;
//! its kind says how whoever issues the numbers says that it stands now.

use super::AliasRow;
use crate::db::tables::learner_alias;
use crate::db::{Connection, Id, either};
use diesel::prelude::*;

/// How a ULN stands, as the kind of an alias.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UlnKind {
    /// Results were told under it.
    Told,
    /// The same, and another number stands for it.
    Retired,
    /// The same, and it finds the learner no longer.
    Deleted,
    /// No result was told under it; it is reported to stand for a number under which some were.
    Reported,
    /// No result was told under it, and it is reported as another number of the same person that was given up.
    ReportedRetired,
}

impl UlnKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::Told,
        Self::Retired,
        Self::Deleted,
        Self::Reported,
        Self::ReportedRetired,
    ];

    /// The stored word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Told => "uln",
            Self::Retired => "retired-uln",
            Self::Deleted => "deleted-uln",
            Self::Reported => "reported-uln",
            Self::ReportedRetired => "reported-retired-uln",
        }
    }

    /// The kind of an alias; none where that is no ULN.
    #[must_use]
    pub fn of(alias: &AliasRow) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == alias.kind)
    }

    /// Whether results were told under it.
    #[must_use]
    pub fn is_told(self) -> bool {
        matches!(self, Self::Told | Self::Retired | Self::Deleted)
    }
}

/// The kinds under which results were told.
const TOLD: [&str; 3] = ["uln", "retired-uln", "deleted-uln"];
/// Those by which a learner is found.
pub(super) const FINDS: [&str; 4] = ["uln", "retired-uln", "reported-uln", "reported-retired-uln"];
/// Those that are a learner's own, which no other person has.
pub(super) const OWN: [&str; 2] = ["uln", "retired-uln"];
/// Those that are in use.
pub(super) const IN_USE: [&str; 2] = ["uln", "reported-uln"];

/// The kind of an alias by which a learner is remembered as one of whom a ULN was told while their facts disagree with
/// those of whom else it was told. Its scope is what was stated of them: see [`schema::StatedPerson::facts`].
pub const DISPUTED_ULN: &str = "disputed-uln";

/// The learners of whom these ULNs were told while somebody else holds them.
///
/// # Errors
/// The engine's error.
pub fn disputed(connection: &mut Connection, ulns: &[&str]) -> QueryResult<Vec<AliasRow>> {
    let mut found = Vec::new();
    for ulns in ulns.chunks(30_000) {
        found.extend(either!(&mut *connection, open => learner_alias::table
            .filter(learner_alias::value.eq_any(ulns).and(learner_alias::kind.eq(DISPUTED_ULN)))
            .load::<AliasRow>(open))?);
    }
    found.sort_by(|one, other| (&one.value, &one.scope).cmp(&(&other.value, &other.scope)));
    Ok(found)
}

/// Whose ULNs of their own, or disputed ones, these learners and those who were merged into them have: the learner as
/// whom each was told, the number, and whether it is disputed.
///
/// # Errors
/// The engine's error.
pub fn told_of(connection: &mut Connection, ids: &[Id]) -> QueryResult<Vec<(Id, String, bool)>> {
    let [told, retired] = OWN;
    of_kinds(connection, ids, &[told, retired, DISPUTED_ULN])
}

/// The same, with the ULNs that find nobody any more.
///
/// # Errors
/// The engine's error.
pub fn ever_told_of(
    connection: &mut Connection,
    ids: &[Id],
) -> QueryResult<Vec<(Id, String, bool)>> {
    let [told, retired, deleted] = TOLD;
    of_kinds(connection, ids, &[told, retired, deleted, DISPUTED_ULN])
}

fn of_kinds(
    connection: &mut Connection,
    ids: &[Id],
    kinds: &[&str],
) -> QueryResult<Vec<(Id, String, bool)>> {
    let mut found: Vec<(Id, String, String)> = Vec::new();
    // SQLite takes 32766 values in a statement.
    for ids in ids.chunks(30_000) {
        found.extend(either!(&mut *connection, open => learner_alias::table
            .filter(learner_alias::learner_id.eq_any(ids).and(learner_alias::kind.eq_any(kinds)))
            .select((learner_alias::arrived_as, learner_alias::value, learner_alias::kind))
            .load::<(Id, String, String)>(open))?);
    }
    let found = found.into_iter();
    Ok(found
        .map(|(id, uln, kind)| (id, uln, kind == DISPUTED_ULN))
        .collect())
}

/// As whom results were told under these ULNs.
///
/// # Errors
/// The engine's error.
pub fn told_as(connection: &mut Connection, ulns: &[&str]) -> QueryResult<Vec<(String, Id)>> {
    // One record may name very many, and SQLite takes 32766 values in a statement.
    let mut found = Vec::new();
    for ulns in ulns.chunks(30_000) {
        found.extend(either!(&mut *connection, open => learner_alias::table
            .filter(learner_alias::scope.eq("").and(learner_alias::value.eq_any(ulns)).and(learner_alias::kind.eq_any(TOLD)))
            .select((learner_alias::value, learner_alias::arrived_as))
            .load::<(String, Id)>(open))?);
    }
    Ok(found)
}

/// These ULNs as they are stored, of every kind.
///
/// # Errors
/// The engine's error.
pub fn aliases_of(connection: &mut Connection, ulns: &[&str]) -> QueryResult<Vec<AliasRow>> {
    let kinds = UlnKind::ALL.map(UlnKind::as_str);
    let mut found = Vec::new();
    for ulns in ulns.chunks(30_000) {
        found.extend(either!(&mut *connection, open => learner_alias::table
            .filter(learner_alias::scope.eq("").and(learner_alias::value.eq_any(ulns)).and(learner_alias::kind.eq_any(kinds)))
            .load::<AliasRow>(open))?);
    }
    found.sort_by(|one, other| (&one.value, &one.kind).cmp(&(&other.value, &other.kind)));
    Ok(found)
}

/// Stores how a ULN stands.
///
/// # Errors
/// The engine's error.
pub fn stands(connection: &mut Connection, alias: &AliasRow, kind: UlnKind) -> QueryResult<()> {
    either!(connection, open => diesel::update(learner_alias::table.find((&alias.value, &alias.kind, &alias.scope)))
        .set(learner_alias::kind.eq(kind.as_str())).execute(open))?;
    Ok(())
}
