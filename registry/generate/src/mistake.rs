//! The mistakes that are made about people and awards on the way, how often, and what the registry makes of each.

use schema::Code;
use serde::{Serialize, Serializer};

macro_rules! mistakes {
    ($($(#[doc = $doc:literal])* $mistake:ident $name:literal $usual:literal $code:expr;)*) => {
        /// A mistake of which it is known that it is one.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Mistake {
            $($(#[doc = $doc])* $mistake,)*
        }

        impl Mistake {
            /// Every mistake.
            pub const ALL: &'static [Self] = &[$(Self::$mistake),*];

            /// Its name, in options and in the truth's files.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$mistake => $name,)* }
            }

            /// How often it is made unless something else is asked for: a share of those about whom or which
            /// it can be made.
            #[must_use]
            pub fn usual(self) -> f64 {
                match self { $(Self::$mistake => $usual,)* }
            }

            /// The code under which the registry rejects the row, or notes it.
            #[must_use]
            pub fn code(self) -> Option<Code> {
                match self { $(Self::$mistake => $code,)* }
            }
        }
    };
}

mistakes! {
    /// A slip of the keys in the given name, in some of a learner's results.
    TypingGiven "typing-given-name" 0.012 None;
    /// A slip of the keys in the family name.
    TypingFamily "typing-family-name" 0.012 None;
    /// Given and family name stand in each other's place.
    Swapped "swapped-names" 0.004 None;
    /// A familiar form of the given name; made of those whose name has one.
    Familiar "nickname" 0.02 None;
    /// The given name in another spelling or transliteration; made of those whose name has one.
    Spelling "other-spelling" 0.02 None;
    /// The former name after the name was changed; made of those who changed it.
    FormerName "former-name" 0.05 None;
    /// Day and month of birth stand in each other's place; made of those where both are possible.
    DayMonth "day-month" 0.01 None;
    /// No ULN, in a body's result or what a person brings.
    MissingUln "missing-uln" 0.03 None;
    /// A value that stands for no ULN.
    SentinelUln "sentinel-uln" 0.01 None;
    /// A ULN whose check digit does not fit.
    WrongCheckDigit "wrong-check-digit" 0.003 Some(Code::UlnInvalid);
    /// A birth in the century before last.
    ImpossibleBirth "impossible-birth-date" 0.001 Some(Code::BirthDateImplausible);
    /// A date of award that no calendar has.
    ImpossibleDate "impossible-date" 0.002 Some(Code::DateInvalid);
    /// A qualification that the register does not have.
    UnknownQualification "unknown-qualification" 0.004 Some(Code::QualificationUnknown);
    /// The row stands twice in its file.
    Duplicated "duplicated-row" 0.01 None;
    /// The row stands again in the body's second file.
    Repeated "repeated-row" 0.01 None;
    /// The row stands in another body's file too.
    AnotherBody "another-body" 0.003 Some(Code::BodyMismatch);
    /// A learning event with a date of award decades ahead.
    AbsurdDate "absurd-date" 0.003 Some(Code::AwardDateInFuture);
    /// A transcript or credential without a ULN, which its maker did not know.
    UnknownUln "document-without-uln" 0.4 None;
    /// In a transcript or credential all names stand in one field; made of those with a ULN.
    WholeName "name-in-one-field" 0.04 None;
    /// In a transcript or credential a part of one name stands with the other; made of those whose names have parts.
    SplitElsewhere "name-split-elsewhere" 0.2 None;
    /// In a transcript or credential the names are in the letters of passports; made of those with other letters.
    Transliterated "transliterated" 0.3 None;
    /// In a transcript or credential the birth date is in no form of its format.
    DateForm "date-form" 0.003 Some(Code::DateInvalid);
}

impl Mistake {
    /// The mistake of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.as_str() == name)
    }

    /// Whether the registry rejects a row for it.
    #[must_use]
    pub fn rejects(self) -> bool {
        matches!(
            self,
            Self::WrongCheckDigit
                | Self::ImpossibleBirth
                | Self::ImpossibleDate
                | Self::DateForm
                | Self::AnotherBody
        )
    }
}

impl Serialize for Mistake {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// How often each mistake is made.
#[derive(Debug, Clone, PartialEq)]
pub struct Rates(Vec<(Mistake, f64)>);

impl Rates {
    /// The usual rates, times a factor; none is more than 1.
    #[must_use]
    pub fn usual(times: f64) -> Self {
        let rate = |one: Mistake| (one.usual() * times).clamp(0.0, 1.0);
        Self(Mistake::ALL.iter().map(|one| (*one, rate(*one))).collect())
    }

    /// The same with another rate of one mistake.
    #[must_use]
    pub fn with(mut self, mistake: Mistake, rate: f64) -> Self {
        for (one, known) in &mut self.0 {
            if *one == mistake {
                *known = rate.clamp(0.0, 1.0);
            }
        }
        self
    }

    /// How often that mistake is made.
    #[must_use]
    pub fn of(&self, mistake: Mistake) -> f64 {
        let found = self.0.iter().find(|(one, _)| *one == mistake);
        found.map_or(0.0, |(_, rate)| *rate)
    }

    /// Whether no mistake is made.
    #[must_use]
    pub fn none(&self) -> bool {
        self.0.iter().all(|(_, rate)| *rate == 0.0)
    }
}

impl Serialize for Rates {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(mistake, rate)| (mistake, rate)))
    }
}
