//! What is known of a person when it is asked whether they count: what is on record, and what was only declared.

use crate::reason::Ternary;
use schema::Date;
use std::collections::BTreeMap;

/// An award that may count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RatioAward {
    /// The achievement's identifier.
    pub achievement: String,
    /// Its title.
    pub title: String,
    /// Its level, 2 to 8.
    pub level: Option<u8>,
    /// When it was begun, on record.
    pub started_on: Option<Date>,
    /// The day of the award, or the first and last day of its month; none: not known.
    pub awarded: Option<(Date, Date)>,
    /// The last day on which it is valid.
    pub valid_until: Option<Date>,
    /// What the list of early-years qualifications says of it.
    pub listed: Listed,
    /// The code of the professional status it is, where it is one.
    pub status: Option<String>,
}

/// What the list of early-years qualifications says of an award.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listed {
    /// It is on the list.
    On(Listing),
    /// The list was looked at, and it is not on it.
    Not,
    /// There is no list to look at.
    NoList,
}

/// An entry of the list of early-years qualifications.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listing {
    /// The entry's reference, `EYQ-` and a number.
    pub reference: String,
    /// Begun from when and until when the entry holds.
    pub started: (Option<Date>, Option<Date>),
    /// Questions that decide whether it is full and relevant.
    pub questions: Vec<Question>,
    /// Whether it is a degree.
    pub degree: Option<bool>,
    /// Whether it is listed as a qualification of an early years practitioner.
    pub practitioner: Option<bool>,
    /// Whether the entry is itself a status.
    pub is_status: bool,
}

/// A question about a qualification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Its identifier.
    pub id: String,
    /// The answer that makes the qualification full and relevant; none where that is not known.
    pub expected: Option<bool>,
}

/// An award on record that shows one of the things that must also be held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// What it shows.
    pub kind: EvidenceKind,
    /// The achievement's identifier.
    pub achievement: String,
    /// Its title.
    pub title: String,
    /// When it was awarded.
    pub awarded_on: Option<Date>,
}

/// What an award can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EvidenceKind {
    /// English at level 2, other than by a GCSE.
    English,
    /// Mathematics at level 2, other than by a GCSE.
    Maths,
    /// English by a GCSE.
    GcseEnglish,
    /// Mathematics by a GCSE.
    GcseMaths,
    /// Paediatric first aid.
    FirstAid,
}

/// What the person, or who asks, declares. None of it is on record.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Declared {
    /// English at level 2.
    pub english_level_2: Option<bool>,
    /// When paediatric first aid was last awarded.
    pub paediatric_first_aid_on: Option<Date>,
    /// When the qualification was begun.
    pub started_on: Option<Date>,
    /// Answers to questions, by identifier.
    pub answers: BTreeMap<String, bool>,
}

/// Everything that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RatioFacts {
    /// The day in question.
    pub on: Date,
    /// Awards that count: final, and attested or recorded.
    pub awards: Vec<RatioAward>,
    /// Awards on record that show what must also be held.
    pub evidence: Vec<Evidence>,
    /// When the person began the work they do, on record.
    pub work_started_on: Option<Date>,
    /// The person's date of birth, on record.
    pub date_of_birth: Option<Date>,
    /// What is only declared.
    pub declared: Declared,
}

impl RatioFacts {
    /// Nothing known, on a day.
    #[must_use]
    pub fn new(on: Date) -> Self {
        Self {
            on,
            awards: Vec::new(),
            evidence: Vec::new(),
            work_started_on: None,
            date_of_birth: None,
            declared: Declared::default(),
        }
    }
}

/// Whether something that lies between two days lies within bounds.
pub(crate) fn within(when: Option<(Date, Date)>, bounds: (Option<Date>, Option<Date>)) -> Ternary {
    let (from, until) = bounds;
    if from.is_none() && until.is_none() {
        return Ternary::Yes;
    }
    let Some((first, last)) = when else {
        return Ternary::Undetermined;
    };
    let after = from.is_none_or(|from| first >= from);
    let before = until.is_none_or(|until| last <= until);
    if after && before {
        return Ternary::Yes;
    }
    let out = from.is_some_and(|from| last < from) || until.is_some_and(|until| first > until);
    if out {
        Ternary::No
    } else {
        Ternary::Undetermined
    }
}
