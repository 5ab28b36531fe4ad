//! The words everyone shares: identifiers that cannot hold nonsense, the result record that an adapter
//! emits, the checked statement the registry makes of it, and the stable codes with their texts.
//!
//! Nothing here does input or output. Adapters, the engines and the server all depend on this crate and
//! on nothing of each other.

mod code;
mod date;
mod identifier;
mod level;
mod organisation;
mod person;
mod proof;
mod qualification_number;
mod sentinel;
mod statement;
mod subject;
mod uln;
mod uln_change;
mod unit_reference;
mod validate;
pub mod wire;
mod word;

pub use code::{Code, Language, Severity};
pub use date::{Date, DateError, parse_date};
pub use identifier::{CheckResult, IdentifierError};
pub use level::{Credit, Grade, Level};
pub use organisation::{RecognitionNumber, Ukprn};
pub use person::{Gender, StatedPerson, fold_name, name_key};
pub use proof::{ProofResult, StatedCheck, StatedProof};
pub use qualification_number::QualificationNumber;
pub use sentinel::Sentinel;
pub use statement::{AwardStatus, RegistrationState, Route, StatedBody, Statement, Verb};
pub use subject::{ProfessionalStatus, Subject};
pub use uln::Uln;
pub use uln_change::{Content, UlnAction, UlnChange, read};
pub use unit_reference::UnitReference;
pub use validate::{Checked, Note, PersonKnown, Rejection, check};
pub use word::words;

/// The number of the record schema that adapters built with this crate speak. It rises only when old
/// records could no longer be read; new fields do not raise it.
pub const RECORD_SCHEMA: u32 = 1;

/// `result_record.proto`, as published for authors who write in other languages.
pub const RESULT_RECORD_PROTO: &str = include_str!("../result_record.proto");

/// `adapter.h`, the C header of the boundary.
pub const ADAPTER_HEADER: &str = include_str!("../adapter.h");
