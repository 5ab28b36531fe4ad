//! What an award is of: a qualification, a unit, a professional status or a registration.

use crate::{QualificationNumber, UnitReference, fold_name};

/// The professional statuses of the field that the registry knows by code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProfessionalStatus {
    /// The code under which it is known, such as `QTS`.
    pub code: &'static str,
    /// Its full name.
    pub title: &'static str,
}

impl ProfessionalStatus {
    /// Every status known by code.
    pub const ALL: [Self; 7] = [
        Self {
            code: "QTS",
            title: "Qualified Teacher Status",
        },
        Self {
            code: "QTLS",
            title: "Qualified Teacher Learning and Skills",
        },
        Self {
            code: "EYTS",
            title: "Early Years Teacher Status",
        },
        Self {
            code: "EYPS",
            title: "Early Years Professional Status",
        },
        Self {
            code: "HLTA",
            title: "Higher Level Teaching Assistant",
        },
        Self {
            code: "NPQH",
            title: "National Professional Qualification for Headship",
        },
        Self {
            code: "NPQEYL",
            title: "National Professional Qualification in Early Years Leadership",
        },
    ];

    /// The status of that code, in any case of letters.
    #[must_use]
    pub fn find(code: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|status| status.code.eq_ignore_ascii_case(code.trim()))
    }
}

/// What an award is of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A regulated qualification.
    Qualification(QualificationNumber),
    /// A unit.
    Unit(UnitReference),
    /// A professional status, by its code in capitals (at most 40 characters).
    ProfessionalStatus(String),
    /// An entry in a professional register (NMC, HCPC, Social Work England, Ofsted), by the register's name
    /// as stated (at most 80 characters).
    Registration(String),
    /// Something that carries no number the framework knows: kept under the code or title as stated.
    Unidentified(String),
}

impl Subject {
    /// The kind and the code as they are stored.
    #[must_use]
    pub fn parts(&self) -> (&'static str, &str) {
        match self {
            Self::Qualification(number) => ("qualification", number.as_str()),
            Self::Unit(reference) => ("unit", reference.as_str()),
            Self::ProfessionalStatus(code) => ("status", code),
            Self::Registration(register) => ("registration", register),
            Self::Unidentified(words) => ("unidentified", words),
        }
    }

    /// The subject of stored parts; none where they never came from [`Subject::parts`].
    #[must_use]
    pub fn from_parts(kind: &str, code: &str) -> Option<Self> {
        Some(match kind {
            "qualification" => Self::Qualification(QualificationNumber::parse(code).ok()?),
            "unit" => Self::Unit(UnitReference::parse(code).ok()?),
            "status" => Self::ProfessionalStatus(code.to_owned()),
            "registration" => Self::Registration(code.to_owned()),
            "unidentified" => Self::Unidentified(code.to_owned()),
            _ => return None,
        })
    }

    /// The form in which two subjects are compared: equal texts are one subject.
    #[must_use]
    pub fn key(&self) -> String {
        let (kind, code) = self.parts();
        match self {
            Self::Registration(_) | Self::Unidentified(_) => format!("{kind}:{}", fold_name(code)),
            _ => format!("{kind}:{code}"),
        }
    }
}
