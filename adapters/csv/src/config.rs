//! The table `[adapters.csv]`: how each body's own columns are mapped to the published ones.

use crate::column::{Column, fold};
use crate::date::DateFormat;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use sdk::Stop;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};

/// The delimiters that are read, in the order in which they are tried.
pub(crate) const DELIMITERS: [(u8, &str); 4] = [
    (b',', "comma"),
    (b';', "semicolon"),
    (b'\t', "tab"),
    (b'|', "pipe"),
];

/// The mapping for bodies that have none of their own.
const DEFAULT: &str = "default";

const ENCODINGS: [(&str, &Encoding); 4] = [
    ("utf-8", UTF_8),
    ("windows-1252", WINDOWS_1252),
    ("utf-16le", UTF_16LE),
    ("utf-16be", UTF_16BE),
];

/// What a column of a body means to the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// It is one of the published columns.
    Column(Column),
    /// It is kept in the body's own words, and the body knows: no warning.
    Stated,
}

/// How the file of one body is read.
#[derive(Debug)]
pub(crate) struct Mapping {
    /// The delimiter, where the body's is known.
    pub(crate) delimiter: Option<u8>,
    /// The encoding of a file without a byte order mark.
    pub(crate) encoding: &'static Encoding,
    /// The style of dates, where the body has one of its own.
    pub(crate) date_format: Option<DateFormat>,
    /// The body's headings, folded; empty means that it uses the published ones.
    pub(crate) columns: HashMap<String, Meaning>,
    /// What the body's words mean, column by column.
    pub(crate) values: HashMap<Column, HashMap<String, String>>,
    /// What holds for a row that does not say otherwise.
    pub(crate) constants: Vec<(Column, String)>,
}

/// The table as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Table {
    import: Import,
    mappings: BTreeMap<String, MappingTable>,
}

/// What the registry adds. Later registries may add more, so that other keys are allowed here.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Import {
    awarding_body: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct MappingTable {
    delimiter: Option<String>,
    encoding: Option<String>,
    date_format: Option<String>,
    columns: BTreeMap<String, String>,
    values: BTreeMap<String, BTreeMap<String, String>>,
    constants: BTreeMap<String, String>,
}

impl Mapping {
    /// The mapping that the configuration has for the body whose push this is; else its mapping `default`;
    /// else the published columns. Every mapping is checked, whichever is used.
    ///
    /// # Errors
    /// `config-invalid`, saying which key is wrong and what is allowed.
    pub(crate) fn read(config: &str) -> Result<Self, Stop> {
        let table: Table = toml::from_str(config).map_err(|error| wrong(error.message()))?;
        let body = table.import.awarding_body.filter(|body| !body.is_empty());
        let mut mappings = HashMap::new();
        for (name, mapping) in table.mappings {
            let Some(key) = mapping_key(&name) else {
                return Err(wrong(&format!(
                    "the key mappings.{name} is no awarding body; allowed are a recognition number, such as RN5133, and default"
                )));
            };
            let mapping = mapping.check(&format!("mappings.{name}"))?;
            if mappings.insert(key, mapping).is_some() {
                return Err(wrong(&format!(
                    "the key mappings.{name} is there twice, in two spellings"
                )));
            }
        }
        let own = body
            .as_deref()
            .and_then(mapping_key)
            .and_then(|key| mappings.remove(&key));
        let mut mapping = match own.or_else(|| mappings.remove(DEFAULT)) {
            Some(mapping) => mapping,
            None => MappingTable::default().check(DEFAULT)?,
        };
        // A body pushes only its own results, so that a row without a body is that body's.
        let stated = |(column, _): &(Column, String)| *column == Column::AwardingBody;
        if let Some(body) = body
            && !mapping.constants.iter().any(stated)
        {
            mapping.constants.push((Column::AwardingBody, body));
        }
        Ok(mapping)
    }
}

/// The key under which a body's mapping is kept: its recognition number as the register writes it.
fn mapping_key(name: &str) -> Option<String> {
    if name == DEFAULT {
        return Some(name.to_owned());
    }
    let number = schema::RecognitionNumber::parse(name).ok()?;
    Some(number.as_str().to_owned())
}

impl MappingTable {
    fn check(self, at: &str) -> Result<Mapping, Stop> {
        let mut columns = HashMap::new();
        for (heading, name) in self.columns {
            let meaning = if fold(&name) == "stated" {
                Meaning::Stated
            } else {
                Meaning::Column(column(&name, &format!("{at}.columns"))?)
            };
            if columns.insert(fold(&heading), meaning).is_some() {
                return Err(wrong(&format!(
                    "{at}.columns names the heading {heading} twice"
                )));
            }
        }
        let mut values = HashMap::new();
        for (name, words) in self.values {
            let words = words.into_iter().collect();
            values.insert(column(&name, &format!("{at}.values"))?, words);
        }
        let mut constants = Vec::new();
        for (name, value) in self.constants {
            constants.push((column(&name, &format!("{at}.constants"))?, value));
        }
        Ok(Mapping {
            delimiter: self
                .delimiter
                .map(|text| delimiter(&text, at))
                .transpose()?,
            encoding: self
                .encoding
                .map_or(Ok(UTF_8), |name| encoding(&name, at))?,
            date_format: self
                .date_format
                .map(|format| date_format(format, at))
                .transpose()?,
            columns,
            values,
            constants,
        })
    }
}

fn column(name: &str, at: &str) -> Result<Column, Stop> {
    Column::find(name).ok_or_else(|| {
        let stated = if at.ends_with(".columns") {
            "stated "
        } else {
            ""
        };
        // The list of columns comes last, since it is what may be cut where a message is.
        wrong(&format!(
            "{at}: {name} is no column; allowed: {stated}{}",
            Column::names()
        ))
    })
}

fn delimiter(text: &str, at: &str) -> Result<u8, Stop> {
    DELIMITERS
        .into_iter()
        .find(|(byte, name)| text.eq_ignore_ascii_case(name) || text.as_bytes() == [*byte])
        .map(|(byte, _)| byte)
        .ok_or_else(|| {
            wrong(&format!(
                "{at}.delimiter is {text:?}; allowed are comma, semicolon, tab and pipe, in words or as the character"
            ))
        })
}

fn encoding(name: &str, at: &str) -> Result<&'static Encoding, Stop> {
    ENCODINGS
        .into_iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, encoding)| encoding)
        .ok_or_else(|| {
            wrong(&format!(
                "{at}.encoding is {name:?}; allowed are utf-8, windows-1252, utf-16le and utf-16be"
            ))
        })
}

fn date_format(format: String, at: &str) -> Result<DateFormat, Stop> {
    DateFormat::new(format).ok_or_else(|| {
        wrong(&format!(
            "{at}.date_format must hold day, month and a year of four digits, such as %d/%m/%Y"
        ))
    })
}

/// A key, or a word that TOML's reader quotes, may be long; a message holds at most 500 bytes.
fn wrong(what: &str) -> Stop {
    let mut message = format!("Configuration of csv: {}.", what.trim_end());
    while message.len() > 500 {
        message.pop();
    }
    Stop::new("config-invalid", message)
}
