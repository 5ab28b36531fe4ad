//! Values that sources write where they have none. They are named for what they are and never taken for
//! data; the record keeps the source's own words beside the name.

use serde::{Deserialize, Serialize};

/// What a source meant with a value that is no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sentinel {
    /// ULN `9999999999`: the ILR's temporary number.
    TemporaryUln,
    /// `-2`: Ofqual's data formats write it for "not available".
    NotAvailable,
    /// Grade `9999999999`: the Learning Records Service does not know the grade.
    UnknownGrade,
    /// Organisation `UNKNWN` or `UNKNOWN`.
    UnknownOrganisation,
    /// Birth date `2999-12-31`: not known.
    UnknownBirthDate,
    /// The word `null` where a date belongs.
    NullDate,
    /// A date of award after the day on which it was told: kept as stated, not believed.
    FutureDate,
    /// Credit `0`: the award bears no credit.
    NoCredit,
}

impl Sentinel {
    /// The name under which the record shows the sentinel.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TemporaryUln => "temporary-uln",
            Self::NotAvailable => "not-available",
            Self::UnknownGrade => "unknown-grade",
            Self::UnknownOrganisation => "unknown-organisation",
            Self::UnknownBirthDate => "unknown-birth-date",
            Self::NullDate => "null-date",
            Self::FutureDate => "future-date",
            Self::NoCredit => "no-credit",
        }
    }
}
