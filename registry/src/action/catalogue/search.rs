//! Searching the catalogue: what was typed, read into words or a number, within what else must be true.

use crate::db::Connection;
use crate::error::Error;
use crate::model::awarding_body::{self, BodyRow};
use crate::model::qualification::{self, QualificationRow};
use crate::model::qualification_sector::folded;
use crate::model::search::{self, After, Filter, Kind, Sought};
use crate::model::unit::{self, UnitRow};
use schema::{Code, Date, Level, RecognitionNumber};
use std::collections::HashMap;

/// The longest text that is searched for, in characters: the longest title known has 176.
const LONGEST: usize = 200;
/// The most words that are searched for.
const MOST: usize = 32;

/// What is searched for.
#[derive(Debug, Clone, Default)]
pub struct Search {
    sought: Option<Sought>,
    filter: Filter,
}

/// What is asked of a search, as it was asked.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// What somebody typed.
    pub search: Option<String>,
    /// Of one of these levels.
    pub levels: Option<Vec<Level>>,
    /// In one of these sectors.
    pub sectors: Option<Vec<String>>,
    /// Of the body of this recognition number.
    pub body: Option<String>,
    /// Available on this day.
    pub available_on: Option<Date>,
}

impl Search {
    /// Reads what was asked. Nothing but white space and punctuation searches for nothing in particular: then the
    /// filters alone say what is listed.
    ///
    /// # Errors
    /// [`Code::InputInvalid`] for a text that is too long or has too many words, and what is no recognition number.
    pub fn read(asked: Asked) -> Result<Self, Error> {
        let text = asked.search.unwrap_or_default();
        if text.chars().count() > LONGEST {
            return Err(Error::with(
                Code::InputInvalid,
                format!("search may have {LONGEST} characters at most."),
            ));
        }
        let sought = Sought::read(&text);
        if let Some(Sought::Words { words, .. }) = &sought
            && words.len() > MOST
        {
            return Err(Error::with(
                Code::InputInvalid,
                format!("search may have {MOST} words at most."),
            ));
        }
        let body = asked.body.map(|body| {
            RecognitionNumber::parse(&body).map_err(|_| {
                Error::with(
                    Code::InputInvalid,
                    "awardingBody is a recognition number: RN and four digits.",
                )
            })
        });
        let levels = asked.levels.map(|levels| {
            let mut places: Vec<i16> = levels.into_iter().map(Level::place).collect();
            places.sort_unstable();
            places.dedup();
            places
        });
        let sectors = asked.sectors;
        Ok(Self {
            sought,
            filter: Filter {
                levels,
                sectors: sectors.map(|all| all.iter().map(|sector| folded(sector)).collect()),
                body: body.transpose()?.map(|body| body.to_string()),
                available_on: asked.available_on,
            },
        })
    }

    /// The qualifications that are found after a place, at most `limit`, each with its body.
    ///
    /// # Errors
    /// The engine's error.
    pub fn qualifications(
        &self,
        connection: &mut Connection,
        after: Option<&After>,
        limit: usize,
    ) -> Result<Vec<(After, QualificationRow, Option<BodyRow>)>, Error> {
        let found = search::ask(
            connection,
            Kind::Qualification,
            self.sought.as_ref(),
            &self.filter,
            after,
            limit,
        )?;
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let numbers: Vec<&str> = found.iter().map(|one| one.key.as_str()).collect();
        let mut rows: HashMap<String, QualificationRow> = qualification::all(connection, &numbers)?
            .into_iter()
            .map(|row| (row.number.clone(), row))
            .collect();
        let mut bodies: Vec<&str> = rows
            .values()
            .filter_map(|row| row.body.as_deref())
            .collect();
        bodies.sort_unstable();
        bodies.dedup();
        let bodies: HashMap<String, BodyRow> = if bodies.is_empty() {
            HashMap::new()
        } else {
            let bodies = awarding_body::all(connection, &bodies)?.into_iter();
            bodies
                .map(|row| (row.recognition_number.clone(), row))
                .collect()
        };
        let found = found.into_iter().filter_map(|one| {
            let row = rows.remove(&one.key)?;
            let body = row.body.as_ref().and_then(|number| bodies.get(number));
            let body = body.cloned();
            Some((one.place, row, body))
        });
        Ok(found.collect())
    }

    /// The units that are found after a place, at most `limit`.
    ///
    /// # Errors
    /// The engine's error.
    pub fn units(
        &self,
        connection: &mut Connection,
        after: Option<&After>,
        limit: usize,
    ) -> Result<Vec<(After, UnitRow)>, Error> {
        let found = search::ask(
            connection,
            Kind::Unit,
            self.sought.as_ref(),
            &self.filter,
            after,
            limit,
        )?;
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let references: Vec<&str> = found.iter().map(|one| one.key.as_str()).collect();
        let mut rows: HashMap<String, UnitRow> = unit::all(connection, &references)?
            .into_iter()
            .map(|row| (row.reference.clone(), row))
            .collect();
        let found = found
            .into_iter()
            .filter_map(|one| Some((one.place, rows.remove(&one.key)?)));
        Ok(found.collect())
    }
}
