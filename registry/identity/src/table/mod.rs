//! Files of people in, files of links out: tables with a heading, commas between. For trials and for stewards who
//! tune on their own data.

mod truth;

pub use truth::{Measure, Truth, measure};

use crate::link::{Link, Outcome};
use crate::person::{BirthDate, Person};
use schema::Gender;
use std::io::{Read, Write};

/// Why a table cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// Not readable as a table, or the file's own fault.
    #[error(transparent)]
    Csv(#[from] csv::Error),
    /// The heading names no column of that meaning.
    #[error("the heading has no column {0}")]
    NoColumn(&'static str),
}

/// What a column says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Id,
    Given,
    Middle,
    Family,
    Former,
    Birth,
    Gender,
    Postcode,
    House,
    Street,
    Locality,
    Town,
    County,
    Phone,
    Email,
    Uln,
    Identifier,
}

impl Column {
    /// By what names a column goes; upper case, spaces and underscores do not matter.
    fn of(heading: &str) -> Option<Self> {
        let name: String = heading
            .trim_start_matches('\u{feff}')
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|letter| letter.to_ascii_lowercase())
            .collect();
        Some(match name.as_str() {
            "id" | "recid" | "recordid" | "uniqueid" | "personid" | "reference" => Self::Id,
            "givenname" | "givennames" | "firstname" | "firstnames" | "forename" | "forenames" => {
                Self::Given
            }
            "middlename" | "middlenames" | "middleothername" => Self::Middle,
            "familyname" | "surname" | "lastname" => Self::Family,
            "formername" | "formernames" | "formerfamilyname" | "previousfamilyname"
            | "previousname" | "maidenname" | "birthname" | "previoussurname" => Self::Former,
            "dateofbirth" | "birthdate" | "dob" | "bday" => Self::Birth,
            "gender" | "sex" => Self::Gender,
            "postcode" | "postalcode" | "zip" | "zipcode" => Self::Postcode,
            "streetnumber" | "housenumber" | "house" => Self::House,
            "address" | "address1" | "addressline1" | "street" => Self::Street,
            "address2" | "addressline2" | "locality" => Self::Locality,
            "suburb" | "town" | "city" => Self::Town,
            "state" | "county" | "region" => Self::County,
            "phone" | "phonenumber" | "telephone" | "mobile" => Self::Phone,
            "email" | "emailaddress" => Self::Email,
            "uln" | "uniquelearnernumber" => Self::Uln,
            "socsecid" | "nationalinsurancenumber" | "nino" | "nationalid" | "identifier" => {
                Self::Identifier
            }
            _ => return None,
        })
    }
}

/// A file of people.
#[derive(Debug, Clone, Default)]
pub struct People {
    /// What the file calls each of them.
    pub ids: Vec<String>,
    /// What it says of each.
    pub people: Vec<Person>,
    /// Headings that mean nothing here.
    pub unknown: Vec<String>,
}

/// Reads a file of people: a column `id`, and of the others whatever there is.
///
/// # Errors
/// [`TableError`]: it is no table, or has no `id`.
pub fn read(from: impl Read) -> Result<People, TableError> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(from);
    let headings = reader.headers()?.clone();
    let columns: Vec<Option<Column>> = headings.iter().map(Column::of).collect();
    if !columns.contains(&Some(Column::Id)) {
        return Err(TableError::NoColumn("id"));
    }
    let mut made = People {
        unknown: headings
            .iter()
            .zip(&columns)
            .filter(|(_, column)| column.is_none())
            .map(|(heading, _)| heading.to_owned())
            .collect(),
        ..People::default()
    };
    for row in reader.records() {
        let row = row?;
        let mut id = String::new();
        let mut person = Person::default();
        for (value, column) in row.iter().zip(&columns) {
            match column {
                Some(Column::Id) => value.clone_into(&mut id),
                Some(column) if !value.is_empty() => put(&mut person, *column, value),
                _ => {}
            }
        }
        made.ids.push(id);
        made.people.push(person);
    }
    Ok(made)
}

fn put(person: &mut Person, column: Column, value: &str) {
    let text = || Some(value.to_owned());
    match column {
        Column::Id => {}
        Column::Given => {
            person.given_name = Some(match person.given_name.take() {
                Some(middle) => format!("{value} {middle}"),
                None => value.to_owned(),
            });
        }
        Column::Middle => {
            person.given_name = Some(match person.given_name.take() {
                Some(given) => format!("{given} {value}"),
                None => value.to_owned(),
            });
        }
        Column::Family => person.family_name = text(),
        Column::Former => {
            let names = value
                .split([';', '|'])
                .map(str::trim)
                .filter(|name| !name.is_empty());
            person.former_names.extend(names.map(str::to_owned));
        }
        Column::Birth => person.date_of_birth = BirthDate::parse(value),
        Column::Gender => person.gender = gender(value),
        Column::Postcode => person.postcode = text(),
        Column::House => person.house = text(),
        Column::Street => person.street = text(),
        Column::Locality => person.locality = text(),
        Column::Town => person.town = text(),
        Column::County => person.county = text(),
        Column::Phone => person.phone = text(),
        Column::Email => person.email = text(),
        // What stands for no number is none.
        Column::Uln => person.uln = text().filter(|uln| uln != "9999999999" && uln != "-2"),
        Column::Identifier => person.identifier = text(),
    }
}

fn gender(value: &str) -> Option<Gender> {
    match value.to_ascii_lowercase().as_str() {
        "male" | "man" => Some(Gender::Male),
        "female" | "woman" => Some(Gender::Female),
        _ => Gender::parse(value),
    }
}

/// The heading of a file of links.
const HEADING: [&str; 5] = ["left_id", "right_id", "score", "decision", "explanation"];

/// Writes links and cases, the most probable first.
///
/// # Errors
/// The file cannot be written.
pub fn write(
    to: impl Write,
    left: &People,
    right: &People,
    outcome: &Outcome,
) -> Result<(), TableError> {
    let mut writer = csv::Writer::from_writer(to);
    writer.write_record(HEADING)?;
    for link in &outcome.links {
        let id = |people: &People, place: usize| people.ids.get(place).cloned().unwrap_or_default();
        writer.write_record([
            &id(left, link.left),
            &id(right, link.right),
            &written(link.score.probability),
            link.decision.as_str(),
            &explanation(link),
        ])?;
    }
    writer.flush().map_err(csv::Error::from)?;
    Ok(())
}

/// Enough digits to keep what is nearly certain in order.
fn written(probability: f64) -> String {
    format!("{probability:.12}")
}

/// What each field says, in natural logarithms of odds: `date_of_birth equal +10.4; …`.
fn explanation(link: &Link) -> String {
    let mut words = String::new();
    for part in &link.score.contributions {
        if !words.is_empty() {
            words.push_str("; ");
        }
        words.push_str(part.field);
        if !part.agreement.is_empty() {
            words.push(' ');
            words.push_str(part.agreement);
        }
        words.push_str(&format!(" {:+.1}", part.weight));
    }
    words.push_str("; otherwise ");
    words.push_str(link.score.otherwise);
    words
}
