//! Whether the issuer has taken a credential back: what Bitstring Status Lists say. A list counts only where it is proved to be the
//! issuer's, current, and the one that was meant; otherwise nothing is known.

use super::{Check, CheckName, Trust, has_type, issuer, items};
use crate::{Bits, LEAST_ENTRIES, Purpose};
use chrono::{DateTime, Utc};
use proof::{Document, Keys, Limits, Outcome};
use schema::Code;
use serde_json::{Map, Value};

/// What became of looking for a status list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// The list: a credential as JSON or as a JWT.
    Text(String),
    /// It could not be had.
    Unreachable,
    /// Nobody asked for it.
    NotAsked,
    /// Whoever looks keeps the list, and knows the bit itself.
    Bit(bool),
}

/// A bit that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked<'a> {
    /// The list's address.
    pub list: &'a str,
    /// The place in it.
    pub index: u64,
    /// Whether the credential is the registry's own.
    pub own: bool,
}

/// The status lists that are at hand.
pub trait Lists {
    /// The list that is asked for, or its bit.
    fn get(&self, asked: Asked<'_>) -> Found;
}

/// No lists at all: nobody may be asked.
pub struct NoLists;

impl Lists for NoLists {
    fn get(&self, _: Asked<'_>) -> Found {
        Found::NotAsked
    }
}

impl<F: Fn(&str) -> Found> Lists for F {
    fn get(&self, asked: Asked<'_>) -> Found {
        self(asked.list)
    }
}

const ENTRY: &str = "BitstringStatusListEntry";

/// The addresses of the lists in which a credential has its place.
pub(super) fn addresses(credential: &Map<String, Value>) -> Vec<String> {
    items(credential.get("credentialStatus"))
        .filter_map(Value::as_object)
        .filter(|entry| has_type(entry, ENTRY))
        .filter_map(|entry| entry.get("statusListCredential")?.as_str())
        .map(str::to_owned)
        .collect()
}

pub(super) struct Judge<'a> {
    pub(super) keys: &'a dyn Keys,
    pub(super) trust: &'a dyn Fn(&str) -> Trust,
    pub(super) now: DateTime<Utc>,
    pub(super) lists: &'a dyn Lists,
}

/// A place in a list, as a credential states it.
struct Stated<'a> {
    list: &'a str,
    index: u64,
    purpose: Purpose,
}

impl Judge<'_> {
    /// The worst that any of the credential's entries says.
    pub(super) fn check(&self, credential: &Map<String, Value>, place: &str) -> Check {
        let own = issuer(credential).unwrap_or_default();
        let many = credential
            .get("credentialStatus")
            .is_some_and(Value::is_array);
        let checks = items(credential.get("credentialStatus")).enumerate();
        let checks = checks.map(|(at, entry)| {
            let (result, code) = self.entry(entry, own);
            let place = match many {
                true => format!("{place}/credentialStatus/{at}"),
                false => format!("{place}/credentialStatus"),
            };
            Check::new(CheckName::Revocation, result, code, place)
        });
        let worst = checks.min_by_key(|check| match check.result {
            Outcome::Failed => 0,
            Outcome::NotChecked => 1,
            Outcome::Passed => 2,
        });
        worst.unwrap_or_else(|| {
            Check::new(
                CheckName::Revocation,
                Outcome::Passed,
                Code::RevocationNotOffered,
                place,
            )
        })
    }

    fn entry(&self, entry: &Value, own: &str) -> (Outcome, Code) {
        let unknown = |code| (Outcome::NotChecked, code);
        let Some(entry) = entry.as_object().filter(|entry| has_type(entry, ENTRY)) else {
            return unknown(Code::StatusUnsupported);
        };
        let Some(stated) = stated(entry) else {
            return unknown(Code::StatusUnsupported);
        };
        let asked = Asked {
            list: stated.list,
            index: stated.index,
            own: (self.trust)(own) == Trust::Own,
        };
        let text = match self.lists.get(asked) {
            Found::Text(text) => text,
            Found::Bit(bit) => return said(bit, stated.purpose),
            Found::Unreachable => return unknown(Code::StatusListUnreachable),
            Found::NotAsked => return unknown(Code::NotAskedOffline),
        };
        self.listed(&stated, &text, own).unwrap_or_else(unknown)
    }

    /// What a list says of one entry.
    ///
    /// # Errors
    /// Why it says nothing.
    fn listed(&self, stated: &Stated<'_>, text: &str, own: &str) -> Result<(Outcome, Code), Code> {
        let invalid = Code::StatusListInvalid;
        let document = Document::read(text.as_bytes(), &Limits::default()).map_err(|_| invalid)?;
        let list = document.credential();
        let verification = document.verify(self.keys, self.now);
        let passed = |check: &proof::Check| check.outcome == Outcome::Passed;
        // Whoever may speak of a credential's state: its issuer, or somebody else who is believed.
        let speaker = issuer(list).unwrap_or_default();
        let may_speak = speaker == own || (self.trust)(speaker) != Trust::Unknown;
        if !passed(&verification.proof) || !passed(&verification.issuer) || !may_speak {
            return Err(Code::StatusListUnproved);
        }
        if !passed(&verification.validity) {
            return Err(Code::StatusListExpired);
        }
        let subject = list.get("credentialSubject").and_then(Value::as_object);
        let subject = subject
            .filter(|subject| {
                has_type(list, "BitstringStatusListCredential")
                    && has_type(subject, "BitstringStatusList")
                    && items(subject.get("statusPurpose"))
                        .any(|purpose| purpose == stated.purpose.as_str())
                    // More than a bit an entry would mean something else at each place.
                    && subject.get("statusSize").is_none_or(|size| size == 1)
            })
            .ok_or(invalid)?;
        let bits = subject.get("encodedList").and_then(Value::as_str);
        let bits = bits.and_then(Bits::decode).ok_or(invalid)?;
        if bits.entries() < u64::from(LEAST_ENTRIES) {
            return Err(invalid);
        }
        let bit = bits.get(stated.index).ok_or(invalid)?;
        if !bit && list.get("id").is_none_or(|id| id != stated.list) {
            // Another list of the same issuer's, put in the place of the one that is meant, clears nobody.
            return Err(invalid);
        }
        Ok(said(bit, stated.purpose))
    }
}

/// What a bit says.
fn said(bit: bool, purpose: Purpose) -> (Outcome, Code) {
    match (bit, purpose) {
        (false, _) => (Outcome::Passed, Code::NotRevoked),
        (true, Purpose::Revocation) => (Outcome::Failed, Code::CredentialRevoked),
        (true, Purpose::Suspension) => (Outcome::Failed, Code::CredentialSuspended),
    }
}

fn stated(entry: &Map<String, Value>) -> Option<Stated<'_>> {
    let text = |name: &str| entry.get(name)?.as_str();
    // The standard wants a text; numbers are about.
    let index = match entry.get("statusListIndex")? {
        Value::String(digits) if digits.bytes().all(|one| one.is_ascii_digit()) => {
            digits.parse().ok()?
        }
        number => number.as_u64()?,
    };
    let one_bit = entry.get("statusSize").is_none_or(|size| size == 1);
    one_bit.then_some(Stated {
        list: text("statusListCredential")?,
        index,
        purpose: Purpose::parse(text("statusPurpose")?)?,
    })
}
