//! What a credential is made of, as plain data.

use crate::Entry;
use schema::{Date, Level};

/// Who issues.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    /// Its identifier: a DID.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where it is found; what it names itself has its identifiers below this address.
    pub address: String,
}

/// Whom a credential is about. Names and an identifier, and no more: whoever is shown the document sees it all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// An identifier, a URI, that says nothing to those who do not know it.
    pub id: String,
    /// Given names.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
}

impl Holder {
    /// The names as one text; empty where none is known.
    #[must_use]
    pub fn name(&self) -> String {
        let names = [&self.given_name, &self.family_name];
        let known: Vec<&str> = names.into_iter().flatten().map(String::as_str).collect();
        known.join(" ")
    }
}

/// What kind of thing was achieved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A regulated qualification.
    Qualification,
    /// A unit.
    Unit,
    /// A professional status.
    ProfessionalStatus,
    /// An entry in a register of professionals.
    Registration,
    /// Something known by its title only.
    Other,
}

/// The body that made an award.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// Its name.
    pub name: String,
    /// Its number in Ofqual's register.
    pub recognition_number: Option<String>,
}

/// The way by which an award was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// Assessment for the award.
    Award,
    /// Recognition of prior learning.
    PriorLearning,
    /// Credit gained before.
    CreditTransfer,
    /// Exemption by an award outside the framework.
    Exemption,
    /// Equivalence with another award.
    Equivalence,
}

/// Whose word an award is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// The awarding body's own.
    Attested,
    /// A trusted recorder's.
    Recorded,
}

/// Something that supports an award.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// What it is.
    pub name: String,
    /// What it shows.
    pub description: Option<String>,
}

/// An award.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Award {
    /// The credential's identifier: a URI.
    pub id: String,
    /// What kind of thing was achieved.
    pub kind: Kind,
    /// Its code: a qualification number, a unit reference, a status, a register.
    pub code: Option<String>,
    /// The number of the qualification of which it is a part.
    pub part_of: Option<String>,
    /// Its title.
    pub title: String,
    /// Who awarded it.
    pub body: Option<Body>,
    /// The level.
    pub level: Option<Level>,
    /// The credit, in whole credits.
    pub credit: Option<u32>,
    /// The grade.
    pub grade: Option<String>,
    /// The day of the award.
    pub awarded_on: Option<Date>,
    /// The day on which the learning began.
    pub started_on: Option<Date>,
    /// The first day of its validity, where it has one.
    pub valid_from: Option<Date>,
    /// The last day of its validity, where it has one.
    pub valid_until: Option<Date>,
    /// The way by which it was reached.
    pub route: Route,
    /// Whose word it is.
    pub word: Word,
    /// The number on the certificate.
    pub certificate_number: Option<String>,
    /// The number in a register of professionals.
    pub registration_number: Option<String>,
    /// What supports it.
    pub evidence: Vec<Evidence>,
    /// Where it is told whether the credential still holds.
    pub status: Option<Entry>,
}

/// A record: several awards of one person in one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The credential's identifier: a URI.
    pub id: String,
    /// Whether more is known of the person than stands here.
    pub partial: bool,
    /// Where it is told whether the record still holds.
    pub status: Option<Entry>,
}
