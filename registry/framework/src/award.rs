//! What a person holds, as the engines see it.

use schema::{Date, Level, RegistrationState, Route, Subject};

/// One achievement that counts: final, and attested or recorded. What was withdrawn or only presented by the
/// person is left out by the caller; the engines take every award they are given as held.
#[derive(Debug, Clone, PartialEq)]
pub struct Award {
    /// The achievement's identifier, by which explanations cite it.
    pub id: String,
    /// What it is of.
    pub subject: Subject,
    /// Its title, for explanations.
    pub title: String,
    /// Its level, the register's word first.
    pub level: Option<Level>,
    /// Its credit, the register's word first.
    pub credit: Option<u16>,
    /// When learning began.
    pub started_on: Option<Date>,
    /// The day of the award.
    pub awarded_on: Option<Date>,
    /// The first and last day of the month of the award, where a source said no day.
    pub awarded_within: Option<(Date, Date)>,
    /// From when it is valid.
    pub valid_from: Option<Date>,
    /// The last day on which it is valid.
    pub valid_until: Option<Date>,
    /// The qualification of which a unit was taken as a part.
    pub part_of: Option<String>,
    /// The way by which it was reached. The subject of an exemption is the unit from which it exempts.
    pub route: Route,
    /// The state of a registration.
    pub state: Option<RegistrationState>,
    /// Sectors or sector subject areas it belongs to.
    pub areas: Vec<String>,
    /// The awarding body, as the source names it.
    pub body: Option<String>,
    /// How much of a qualification's credit may come as this came.
    pub cap: Option<Cap>,
}

/// How much of a qualification's credit may come by a route from a body.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cap {
    /// The body.
    pub body: String,
    /// How many of a hundred credits.
    pub share: u8,
}

impl Award {
    /// An award of `subject` about which nothing else is known.
    #[must_use]
    pub fn new(id: impl Into<String>, subject: Subject) -> Self {
        Self {
            id: id.into(),
            title: subject.parts().1.to_owned(),
            subject,
            level: None,
            credit: None,
            started_on: None,
            awarded_on: None,
            awarded_within: None,
            valid_from: None,
            valid_until: None,
            part_of: None,
            route: Route::Award,
            state: None,
            areas: Vec::new(),
            body: None,
            cap: None,
        }
    }

    /// The code of its subject: a qualification number, a unit reference, a status, a register, or words.
    #[must_use]
    pub fn code(&self) -> &str {
        self.subject.parts().1
    }

    /// Whether it is valid on that day, as far as its dates say.
    #[must_use]
    pub fn valid_on(&self, day: Date) -> bool {
        self.valid_from.is_none_or(|from| from <= day)
            && self.valid_until.is_none_or(|until| day <= until)
    }

    /// Whether it had been awarded by that day; true where the day of the award is not known.
    #[must_use]
    pub fn awarded_by(&self, day: Date) -> bool {
        self.awarded_on
            .or(self.awarded_within.map(|(from, _)| from))
            .is_none_or(|awarded| awarded <= day)
    }
}
