//! The result record as it travels from an adapter to the registry: protobuf messages derived by hand and
//! compared with `result_record.proto` by a test, so that nobody needs the protobuf compiler.
//!
//! Everything is text as the source has it. [`crate::check`] makes a [`crate::Statement`] of it.

/// A batch of records: what one call of `emit` hands over. Encodings of batches may be joined end to end.
#[derive(Clone, PartialEq, prost::Message)]
pub struct ResultBatch {
    /// The records, in the order of the source.
    #[prost(message, repeated, tag = "1")]
    pub records: Vec<ResultRecord>,
}

/// A [`ResultBatch`] whose records are left as they were written, fields that this version does not know
/// included.
#[derive(Clone, PartialEq, prost::Message)]
pub struct EncodedBatch {
    /// Encoded [`ResultRecord`]s.
    #[prost(bytes = "bytes", repeated, tag = "1")]
    pub records: Vec<prost::bytes::Bytes>,
}

/// What one source says about one award, in its own words. Dates are `YYYY-MM-DD`; an empty text means that
/// the source does not say.
#[derive(Clone, PartialEq, prost::Message)]
pub struct ResultRecord {
    /// Where in the file the record stands.
    #[prost(message, optional, tag = "1")]
    pub position: Option<Position>,
    /// `create` (also when empty), `update`, `promote`, `withdraw`, `reinstate`.
    #[prost(string, tag = "2")]
    pub verb: String,
    /// `provisional` or `final`.
    #[prost(string, tag = "3")]
    pub status: String,
    /// What the award is of.
    #[prost(message, optional, tag = "4")]
    pub subject: Option<Subject>,
    /// Who holds it.
    #[prost(message, optional, tag = "5")]
    pub person: Option<Person>,
    /// Who is said to have made it.
    #[prost(message, optional, tag = "6")]
    pub body: Option<Body>,
    /// The identifier that the source itself uses for this record.
    #[prost(string, tag = "7")]
    pub record_id: String,
    /// The awarding body's own identifier of the result.
    #[prost(string, tag = "8")]
    pub result_id: String,
    /// The number on the certificate.
    #[prost(string, tag = "9")]
    pub certificate_number: String,
    /// The centre at which it was taken.
    #[prost(string, tag = "10")]
    pub centre: String,
    /// The day of the award.
    #[prost(string, tag = "11")]
    pub awarded_on: String,
    /// When learning began.
    #[prost(string, tag = "12")]
    pub started_on: String,
    /// From when the award is valid.
    #[prost(string, tag = "13")]
    pub valid_from: String,
    /// The last day on which it is valid.
    #[prost(string, tag = "14")]
    pub valid_until: String,
    /// The day on which the body acted.
    #[prost(string, tag = "15")]
    pub action_date: String,
    /// Why it acted.
    #[prost(string, tag = "16")]
    pub action_reason: String,
    /// The grade.
    #[prost(string, tag = "17")]
    pub grade: String,
    /// The level.
    #[prost(string, tag = "18")]
    pub level: String,
    /// The credit, a whole number.
    #[prost(string, tag = "19")]
    pub credit: String,
    /// The language of assessment.
    #[prost(string, tag = "20")]
    pub language: String,
    /// `award` (also when empty), `rpl`, `credit-transfer`, `exemption`, `equivalence`.
    #[prost(string, tag = "21")]
    pub route: String,
    /// What a registration says beyond an award.
    #[prost(message, optional, tag = "22")]
    pub registration: Option<Registration>,
    /// The source's own words, field by field, in its order.
    #[prost(message, repeated, tag = "23")]
    pub stated: Vec<StatedField>,
    /// What checking the proofs of the document said.
    #[prost(message, repeated, tag = "24")]
    pub proofs: Vec<Proof>,
    /// The scheme in which the credit counts, such as ECTS; empty where it is the framework's own.
    #[prost(string, tag = "25")]
    pub credit_scheme: String,
    /// What became of a ULN: then the record speaks of no award.
    #[prost(message, optional, tag = "26")]
    pub uln_change: Option<UlnChange>,
}

/// What whoever issues ULNs says became of one.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct UlnChange {
    /// `merged`, `unmerged`, `deleted`.
    #[prost(string, tag = "1")]
    pub kind: String,
    /// The number that was given up for another, is a person's own again, or is in use no longer.
    #[prost(string, tag = "2")]
    pub uln: String,
    /// The number that stands for both, or did.
    #[prost(string, tag = "3")]
    pub master_uln: String,
    /// The day on which it was done.
    #[prost(string, tag = "4")]
    pub changed_on: String,
}

/// Where in the file a record or an issue stands. Zero or empty means "not known".
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct Position {
    /// The line, counted from 1, the heading included.
    #[prost(uint64, tag = "1")]
    pub row: u64,
    /// The column, counted from 1.
    #[prost(uint32, tag = "2")]
    pub column: u32,
    /// A path into a document, such as an XPath.
    #[prost(string, tag = "3")]
    pub path: String,
    /// A byte offset plus one.
    #[prost(uint64, tag = "4")]
    pub offset_plus_one: u64,
}

impl Position {
    /// The position of a row, counted from 1.
    #[must_use]
    pub fn row(row: u64) -> Self {
        Self {
            row,
            ..Self::default()
        }
    }

    /// The position of a column of a row, both counted from 1.
    #[must_use]
    pub fn cell(row: u64, column: u32) -> Self {
        Self {
            row,
            column,
            ..Self::default()
        }
    }

    /// The position of a node by its path.
    #[must_use]
    pub fn path(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            ..Self::default()
        }
    }

    /// The position of a byte, counted from 0.
    #[must_use]
    pub fn offset(offset: u64) -> Self {
        Self {
            offset_plus_one: offset.saturating_add(1),
            ..Self::default()
        }
    }

    /// The byte offset, counted from 0, where known.
    #[must_use]
    pub fn byte(&self) -> Option<u64> {
        self.offset_plus_one.checked_sub(1)
    }
}

/// What an award is of.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct Subject {
    /// `qualification`, `unit`, `status`, `registration`; empty lets the registry tell by the code.
    #[prost(string, tag = "1")]
    pub kind: String,
    /// A qualification number, unit reference, status code or register name.
    #[prost(string, tag = "2")]
    pub code: String,
    /// The title.
    #[prost(string, tag = "3")]
    pub title: String,
    /// The qualification of which a unit was taken as a part.
    #[prost(string, tag = "4")]
    pub part_of: String,
}

/// Who holds an award, as far as the source says.
#[derive(Clone, PartialEq, Eq, prost::Message)]
#[prost(skip_debug)]
pub struct Person {
    /// The ULN.
    #[prost(string, tag = "1")]
    pub uln: String,
    /// Other ULNs that the source says are the same person.
    #[prost(string, repeated, tag = "2")]
    pub linked_ulns: Vec<String>,
    /// Given names.
    #[prost(string, tag = "3")]
    pub given_name: String,
    /// Family name.
    #[prost(string, tag = "4")]
    pub family_name: String,
    /// Date of birth.
    #[prost(string, tag = "5")]
    pub date_of_birth: String,
    /// Gender: the Learning Records Service's code, or `M`, `F`.
    #[prost(string, tag = "6")]
    pub gender: String,
    /// Postcode.
    #[prost(string, tag = "7")]
    pub postcode: String,
    /// The identifier that the awarding body itself uses for the person.
    #[prost(string, tag = "8")]
    pub reference: String,
}

/// Personal data never reaches a log through debug output.
impl std::fmt::Debug for Person {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Person(…)")
    }
}

/// The body named as the one that made the award.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct Body {
    /// Its number in Ofqual's register.
    #[prost(string, tag = "1")]
    pub recognition_number: String,
    /// Its provider number.
    #[prost(string, tag = "2")]
    pub ukprn: String,
    /// Its name.
    #[prost(string, tag = "3")]
    pub name: String,
}

/// What a registration says beyond an award.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct Registration {
    /// The number in the register.
    #[prost(string, tag = "1")]
    pub number: String,
    /// Conditions of practice.
    #[prost(string, tag = "2")]
    pub conditions: String,
    /// `current`, `suspended`, `lapsed`, `removed`.
    #[prost(string, tag = "3")]
    pub state: String,
}

/// One field in the source's own words.
#[derive(Clone, PartialEq, Eq, prost::Message)]
#[prost(skip_debug)]
pub struct StatedField {
    /// The field's name as the source has it.
    #[prost(string, tag = "1")]
    pub name: String,
    /// Its value as the source has it.
    #[prost(string, tag = "2")]
    pub value: String,
}

/// Personal data never reaches a log through debug output.
impl std::fmt::Debug for StatedField {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "StatedField({})", self.name)
    }
}

/// What checking one proof of the file, or of a part of it, said.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct Proof {
    /// The part of the file that is proved, a JSON pointer or an XPath; empty for the whole.
    #[prost(string, tag = "1")]
    pub path: String,
    /// `data-integrity`, `jwt`, `xml-signature`; empty where there is none.
    #[prost(string, tag = "2")]
    pub form: String,
    /// The cryptosuite or algorithm by its own name.
    #[prost(string, tag = "3")]
    pub suite: String,
    /// The verification method or key identifier as the file names it.
    #[prost(string, tag = "4")]
    pub method: String,
    /// Whose key it is, where that is known.
    #[prost(string, tag = "5")]
    pub controller: String,
    /// `configured`, `did-key`, `embedded`; empty where no key was found.
    #[prost(string, tag = "6")]
    pub key_source: String,
    /// Each check.
    #[prost(message, repeated, tag = "7")]
    pub checks: Vec<ProofCheck>,
}

/// One check of a proof.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct ProofCheck {
    /// What was looked at: `proof`, `issuer`.
    #[prost(string, tag = "1")]
    pub name: String,
    /// `passed`, `failed`, `not-checked`.
    #[prost(string, tag = "2")]
    pub result: String,
    /// A stable code, kebab-case, that says why.
    #[prost(string, tag = "3")]
    pub code: String,
}
