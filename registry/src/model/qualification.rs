//! Qualifications of the register, and those that a result named and the register does not know.

use super::search::{self, Entry, Kind};
use crate::db::tables::{catalogue_title, qualification};
use crate::db::{Connection, either, in_parts};
use diesel::prelude::*;
use schema::{Date, QualificationNumber, RecognitionNumber};
use std::collections::{BTreeSet, HashMap};

/// A stored qualification.
#[derive(Debug, Clone, PartialEq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = qualification, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct QualificationRow {
    /// The number in the register.
    pub number: String,
    /// The title.
    pub title: String,
    /// The recognition number of the body that owns it.
    pub body: Option<String>,
    /// The owner's name as the register has it.
    pub body_name: Option<String>,
    /// The level's place; see [`schema::Level::from_place`].
    pub level: Option<i16>,
    /// The level in the register's words.
    pub level_stated: Option<String>,
    /// The level of the European framework, read from data, never computed.
    pub eqf_level: Option<i16>,
    /// The type in the register's words.
    pub kind: Option<String>,
    /// The availability in the register's words.
    pub status: Option<String>,
    /// Total credit.
    pub total_credit: Option<i32>,
    /// Total qualification time, in hours.
    pub total_qualification_time: Option<i32>,
    /// Guided learning, in hours.
    pub guided_learning_hours: Option<i32>,
    /// The first day on which learners could be registered.
    pub operational_from: Option<Date>,
    /// The last day on which learners could be registered.
    pub operational_until: Option<Date>,
    /// The last day on which it could be certificated.
    pub certification_until: Option<Date>,
    /// Whether the register knows it.
    pub registered: bool,
}

impl QualificationRow {
    /// A qualification that a result named and the register does not know.
    #[must_use]
    pub fn unregistered(number: QualificationNumber, title: Option<&str>) -> Self {
        Self {
            number: number.to_string(),
            title: title.unwrap_or(number.as_str()).to_owned(),
            body: None,
            body_name: None,
            level: None,
            level_stated: None,
            eqf_level: None,
            kind: None,
            status: None,
            total_credit: None,
            total_qualification_time: None,
            guided_learning_hours: None,
            operational_from: None,
            operational_until: None,
            certification_until: None,
            registered: false,
        }
    }
}

impl QualificationRow {
    /// As it is searched for.
    fn entry(&self) -> Entry<'_> {
        Entry {
            key: &self.number,
            title: &self.title,
            level: self.level,
        }
    }

    /// Whether the register lets the qualification be certificated on that day: from its first operational
    /// day to the end of certification (Ofqual's register, fields of those names).
    #[must_use]
    pub fn certificable_on(&self, day: Date) -> bool {
        self.operational_from.is_none_or(|from| from <= day)
            && self.certification_until.is_none_or(|until| day <= until)
    }
}

/// A title that an extract of the register gives without a number.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = catalogue_title, treat_none_as_null = true, treat_none_as_default_value = false)]
#[diesel(primary_key(title, body_name, level_stated, kind))]
pub struct TitleRow {
    /// The title.
    pub title: String,
    /// The owner's name.
    pub body_name: String,
    /// The level in the register's words.
    pub level_stated: String,
    /// The type in the register's words.
    pub kind: String,
    /// The owner's acronym.
    pub acronym: Option<String>,
    /// The availability in the register's words.
    pub status: Option<String>,
}

/// The qualification of that number.
///
/// # Errors
/// The engine's error.
pub fn find(
    connection: &mut Connection,
    number: QualificationNumber,
) -> QueryResult<Option<QualificationRow>> {
    either!(connection, open => qualification::table.find(number.as_str()).get_result(open).optional())
}

/// The qualifications of those numbers, in no order.
///
/// # Errors
/// The engine's error.
pub fn all(connection: &mut Connection, numbers: &[&str]) -> QueryResult<Vec<QualificationRow>> {
    in_parts(
        numbers,
        |numbers| either!(&mut *connection, open => qualification::table.filter(qualification::number.eq_any(numbers)).load(open)),
    )
}

/// Stores what the register says of a qualification; answers whether that was new or different.
///
/// # Errors
/// The engine's error.
pub fn register(connection: &mut Connection, row: &QualificationRow) -> QueryResult<bool> {
    Ok(!register_all(connection, &[row])?.is_empty())
}

/// Stores what the register says of qualifications, each number once; answers which were new or different. An owner found earlier by the name that still stands there is not forgotten.
///
/// # Errors
/// The engine's error.
pub fn register_all<'a>(
    connection: &mut Connection,
    rows: &[&'a QualificationRow],
) -> QueryResult<BTreeSet<&'a str>> {
    search::begin(connection)?;
    let numbers: Vec<&str> = rows.iter().map(|row| row.number.as_str()).collect();
    let before: HashMap<String, QualificationRow> = all(connection, &numbers)?
        .into_iter()
        .map(|row| (row.number.clone(), row))
        .collect();
    let mut changed = BTreeSet::new();
    for stated in rows {
        let mut row = (*stated).clone();
        if let Some(before) = before.get(&row.number) {
            if row.body.is_none() && row.body_name == before.body_name {
                row.body.clone_from(&before.body);
            }
            if *before == row {
                continue;
            }
        }
        either!(&mut *connection, open => diesel::insert_into(qualification::table)
            .values(&row)
            .on_conflict(qualification::number).do_update().set(&row)
            .execute(open))?;
        changed.insert(stated.number.as_str());
    }
    let before: Vec<Entry<'_>> = before.values().map(QualificationRow::entry).collect();
    let after: Vec<Entry<'_>> = rows.iter().map(|row| row.entry()).collect();
    search::change(connection, Kind::Qualification, &before, &after)?;
    Ok(changed)
}

/// The names of owners whose recognition number is not known, each once.
///
/// # Errors
/// The engine's error.
pub fn unresolved_owners(connection: &mut Connection) -> QueryResult<Vec<String>> {
    let names: Vec<Option<String>> = either!(connection, open => qualification::table
        .filter(qualification::body.is_null()).filter(qualification::body_name.is_not_null())
        .select(qualification::body_name).distinct().load(open))?;
    Ok(names.into_iter().flatten().collect())
}

/// Gives the qualifications that name their owner so, and no number, to that body; answers how many.
///
/// # Errors
/// The engine's error.
pub fn resolve_owner(
    connection: &mut Connection,
    body_name: &str,
    number: RecognitionNumber,
) -> QueryResult<usize> {
    either!(connection, open => diesel::update(qualification::table
            .filter(qualification::body.is_null()).filter(qualification::body_name.eq(body_name)))
        .set(qualification::body.eq(number.as_str()))
        .execute(open))
}

/// Keeps qualifications that results named, where none of their numbers are known.
///
/// # Errors
/// The engine's error.
pub fn keep_all(connection: &mut Connection, rows: &[QualificationRow]) -> QueryResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    search::begin(connection)?;
    let mut kept = Vec::new();
    for row in rows {
        let new = either!(&mut *connection, open => diesel::insert_into(qualification::table)
            .values(row).on_conflict_do_nothing().execute(open))?;
        kept.extend((new > 0).then(|| row.entry()));
    }
    search::change(connection, Kind::Qualification, &[], &kept)
}

/// Keeps a title without a number; answers whether it was new or different.
///
/// # Errors
/// The engine's error.
pub fn keep_title(connection: &mut Connection, row: &TitleRow) -> QueryResult<bool> {
    let key = (&row.title, &row.body_name, &row.level_stated, &row.kind);
    let before: Option<TitleRow> = either!(&mut *connection, open => catalogue_title::table
        .find(key).get_result(open).optional())?;
    if before.as_ref() == Some(row) {
        return Ok(false);
    }
    either!(connection, open => diesel::insert_into(catalogue_title::table)
        .values(row)
        .on_conflict((catalogue_title::title, catalogue_title::body_name,
            catalogue_title::level_stated, catalogue_title::kind))
        .do_update().set(row)
        .execute(open))?;
    Ok(true)
}
