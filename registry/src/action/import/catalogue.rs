//! What the register says of the qualifications and bodies that a batch names, and what follows from it.

use crate::action::catalogue::{against, withdrawn};
use crate::db::Connection;
use crate::error::Error;
use crate::model::awarding_body::{self, BodyRow};
use crate::model::qualification::{self, QualificationRow};
use crate::model::unit::{self, UnitRow};
use schema::{Code, QualificationNumber, RecognitionNumber, Statement, Subject, fold_name};
use std::collections::{BTreeSet, HashMap, HashSet};

/// The bodies of the register by the names that sources give them. Loaded once an import.
pub(super) struct Bodies {
    by_name: HashMap<String, Option<RecognitionNumber>>,
    registered: HashSet<RecognitionNumber>,
}

impl Bodies {
    pub(super) fn load(connection: &mut Connection) -> Result<Self, Error> {
        let mut by_name: HashMap<String, Option<RecognitionNumber>> = HashMap::new();
        let mut registered = HashSet::new();
        for row in awarding_body::registered(connection)? {
            let Ok(number) = RecognitionNumber::parse(&row.recognition_number) else {
                continue;
            };
            registered.insert(number);
            let names = [
                Some(&row.name),
                row.legal_name.as_ref(),
                row.acronym.as_ref(),
            ];
            for name in names.into_iter().flatten() {
                // A name that two bodies bear names neither.
                let known = by_name.entry(fold_name(name)).or_insert(Some(number));
                *known = known.filter(|other| *other == number);
            }
        }
        Ok(Self {
            by_name,
            registered,
        })
    }

    fn named(&self, name: &str) -> Option<RecognitionNumber> {
        self.by_name.get(&fold_name(name)).copied().flatten()
    }
}

/// The qualifications that a batch names, and what became known through it.
pub(super) struct Catalogue<'a> {
    bodies: &'a Bodies,
    qualifications: HashMap<String, QualificationRow>,
    units: HashSet<String>,
    kept_bodies: HashSet<RecognitionNumber>,
    pub(super) new_qualifications: Vec<QualificationRow>,
    pub(super) new_units: Vec<UnitRow>,
    pub(super) new_bodies: Vec<BodyRow>,
}

impl<'a> Catalogue<'a> {
    pub(super) fn load<'b>(
        connection: &mut Connection,
        bodies: &'a Bodies,
        statements: impl Iterator<Item = &'b Statement>,
    ) -> Result<Self, Error> {
        let (mut numbers, mut references) = (BTreeSet::new(), BTreeSet::new());
        for statement in statements {
            numbers.extend(statement.part_of);
            match &statement.subject {
                Subject::Qualification(number) => drop(numbers.insert(*number)),
                Subject::Unit(reference) => drop(references.insert(*reference)),
                _ => {}
            }
        }
        let numbers: Vec<&str> = numbers
            .iter()
            .map(schema::QualificationNumber::as_str)
            .collect();
        let references: Vec<&str> = references
            .iter()
            .map(schema::UnitReference::as_str)
            .collect();
        let found = if numbers.is_empty() {
            Vec::new()
        } else {
            qualification::all(connection, &numbers)?
        };
        let units = if references.is_empty() {
            Vec::new()
        } else {
            unit::known(connection, &references)?
        };
        Ok(Self {
            bodies,
            qualifications: found
                .into_iter()
                .map(|row| (row.number.clone(), row))
                .collect(),
            units: units.into_iter().collect(),
            kept_bodies: HashSet::new(),
            new_qualifications: Vec::new(),
            new_units: Vec::new(),
            new_bodies: Vec::new(),
        })
    }

    /// The body whose award the statement speaks of: the pushing body, else the one stated by number or by
    /// a name that the register has, else the register's owner of the qualification.
    ///
    /// # Errors
    /// [`Code::BodyMismatch`] where a body pushes what is another's, by the row's own words or by the
    /// register.
    pub(super) fn body(
        &self,
        statement: &Statement,
        pushing: Option<RecognitionNumber>,
    ) -> Result<Option<RecognitionNumber>, Code> {
        let stated = statement.body.recognition_number;
        let named = statement
            .body
            .name
            .as_deref()
            .and_then(|name| self.bodies.named(name));
        let owner = self.owner(statement);
        match pushing {
            Some(body) => {
                if [stated, named, owner]
                    .into_iter()
                    .flatten()
                    .any(|other| other != body)
                {
                    Err(Code::BodyMismatch)
                } else {
                    Ok(Some(body))
                }
            }
            None => Ok(stated.or(named).or(owner)),
        }
    }

    fn owner(&self, statement: &Statement) -> Option<RecognitionNumber> {
        match &statement.subject {
            Subject::Qualification(number) => self.owner_of(*number),
            _ => None,
        }
    }

    fn owner_of(&self, number: QualificationNumber) -> Option<RecognitionNumber> {
        let row = self
            .qualifications
            .get(number.as_str())
            .filter(|row| row.registered)?;
        RecognitionNumber::parse(row.body.as_deref()?).ok()
    }

    /// Keeps what the register does not know, and says what a person should know of it.
    pub(super) fn note(
        &mut self,
        statement: &Statement,
        body: Option<RecognitionNumber>,
    ) -> Vec<Code> {
        let mut codes = Vec::new();
        match body {
            Some(number) if !self.bodies.registered.contains(&number) => {
                codes.push(Code::BodyUnknown);
                if self.kept_bodies.insert(number) {
                    self.new_bodies.push(BodyRow::unregistered(
                        number,
                        statement.body.name.as_deref(),
                    ));
                }
            }
            None if statement.body.name.is_some() => codes.push(Code::BodyUnknown),
            _ => {}
        }
        if let (Some(body), Some(whole)) = (body, statement.part_of)
            && self.owner_of(whole).is_some_and(|owner| owner != body)
        {
            codes.push(Code::PartOfAnothers);
        }
        match &statement.subject {
            Subject::Qualification(number) => {
                let row = self
                    .qualifications
                    .entry(number.to_string())
                    .or_insert_with(|| {
                        let row =
                            QualificationRow::unregistered(*number, statement.title.as_deref());
                        self.new_qualifications.push(row.clone());
                        row
                    });
                if !row.registered {
                    codes.push(Code::QualificationUnknown);
                } else if statement
                    .awarded_on
                    .is_some_and(|day| !row.certificable_on(day))
                {
                    codes.push(Code::OutsideRegisterDates);
                } else if withdrawn(row, statement) {
                    codes.push(Code::QualificationWithdrawn);
                }
                codes.extend(against(row, statement).into_iter().map(|one| one.code));
            }
            Subject::Unit(reference) if self.units.insert(reference.to_string()) => {
                let title = statement.title.clone();
                self.new_units.push(UnitRow {
                    reference: reference.to_string(),
                    title: title.unwrap_or_else(|| reference.to_string()),
                    level: statement.level.map(schema::Level::place),
                    credit: statement
                        .framework_credit()
                        .map(|credit| i32::from(credit.value())),
                    guided_learning_hours: None,
                    confirmed: false,
                });
            }
            _ => {}
        }
        codes
    }
}
