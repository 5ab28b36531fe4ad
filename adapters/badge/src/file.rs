//! A file read and checked.

use crate::{Config, fragment};
use chrono::{DateTime, Utc};
use proof::{Document, Fault, Limits, Verification};
use schema::{Code, Language};
use sdk::{Input, Position, Stop};
use std::collections::BTreeMap;
use std::io::Read;

/// A file, with what checking each credential of it said.
pub struct File {
    /// The document.
    pub document: Document,
    /// What was found of each credential, by its place.
    checked: BTreeMap<String, Verification>,
    /// The places, in the order of the document.
    places: Vec<String>,
}

/// The time by the machine's clock. Whether a credential is valid, a proof is current and a key may sign depends on it, and
/// with the last two what follows from a proof that passes: the body that a configured key makes of an issuer, and
/// whether what a record around says of the person is taken. A file read again later may so come out otherwise.
#[must_use]
pub fn now() -> DateTime<Utc> {
    Utc::now()
}

impl File {
    /// Reads the input to its end and checks every proof in it, as of `now`.
    ///
    /// # Errors
    /// A [`Stop`] with the code of what is wrong where there is no credential to speak of.
    pub fn read(input: &mut Input<'_>, config: &Config, now: DateTime<Utc>) -> Result<Self, Stop> {
        let limits = Limits::default();
        let most = u64::try_from(limits.file_bytes).unwrap_or(u64::MAX);
        let mut bytes = Vec::new();
        input.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
        if bytes.is_empty() {
            return Err(Stop::new("file-empty", "The file is empty."));
        }
        let document = Document::read(&bytes, &limits).map_err(|fault| stop(&fault))?;
        let mut file = Self {
            checked: BTreeMap::new(),
            places: Vec::new(),
            document,
        };
        let mut verification = file.document.verify(&config.keys, now);
        fragment::look_again(&file.document, &mut verification, now);
        file.take(verification);
        Ok(file)
    }

    fn take(&mut self, mut verification: Verification) {
        let nested = std::mem::take(&mut verification.nested);
        self.places.push(verification.place.clone());
        self.checked
            .insert(verification.place.clone(), verification);
        for inner in nested {
            self.take(inner);
        }
    }

    /// What was found of the credential at that place.
    #[must_use]
    pub fn checked(&self, place: &str) -> Option<&Verification> {
        self.checked.get(place)
    }

    /// The places of all credentials, also of those that could not be read.
    pub fn places(&self) -> impl Iterator<Item = &str> {
        self.places.iter().map(String::as_str)
    }
}

/// The place of a JSON pointer. That of the whole file is empty, and would be no place at all: it is the first byte.
#[must_use]
pub fn place(pointer: &str) -> Position {
    match pointer {
        "" => Position::offset(0),
        pointer => Position::path(pointer),
    }
}

/// The stop that a fault becomes.
fn stop(fault: &Fault) -> Stop {
    let message = fault.code.message(Language::English);
    let code = match fault.code {
        // The limit of the file, said in the words of files.
        Code::TooLarge => "file-too-large",
        code => code.as_str(),
    };
    Stop::new(code, message).at(place(&fault.place))
}
