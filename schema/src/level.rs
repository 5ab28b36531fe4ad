//! Levels, credit and grades.

use serde::{Deserialize, Serialize};

/// A level of the Regulated Qualifications Framework (England and Northern Ireland): Entry 1 to 3, then 1
/// to 8. Source: Ofqual's descriptors of the framework, 2015.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(
    missing_docs,
    reason = "the names of the levels say all there is to say"
)]
pub enum Level {
    Entry1,
    Entry2,
    Entry3,
    L1,
    L2,
    L3,
    L4,
    L5,
    L6,
    L7,
    L8,
}

impl Level {
    /// Every level, the lowest first. A level's place here is how it is stored.
    pub const ALL: [Self; 11] = [
        Self::Entry1,
        Self::Entry2,
        Self::Entry3,
        Self::L1,
        Self::L2,
        Self::L3,
        Self::L4,
        Self::L5,
        Self::L6,
        Self::L7,
        Self::L8,
    ];

    /// Reads `Level 3`, `L3`, `3`, `Entry 1`, `Entry Level 1`. Texts that name no single level, such as
    /// `Level 1/2` or `Entry Level`, give none: the source's words are kept beside the record.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        let entry = text
            .strip_prefix("entry")
            .map(|rest| rest.trim_start().trim_start_matches("level"));
        if let Some(rest) = entry {
            return match rest.trim() {
                "1" => Some(Self::Entry1),
                "2" => Some(Self::Entry2),
                "3" => Some(Self::Entry3),
                _ => None,
            };
        }
        let digits = text
            .strip_prefix("level")
            .or_else(|| text.strip_prefix('l'))
            .unwrap_or(&text);
        let number: usize = digits.trim().parse().ok()?;
        if number == 0 {
            None
        } else {
            Self::ALL.get(number + 2).copied()
        }
    }

    /// The level whose place in [`Level::ALL`] is `place`.
    #[must_use]
    pub fn from_place(place: i16) -> Option<Self> {
        usize::try_from(place)
            .ok()
            .and_then(|place| Self::ALL.get(place))
            .copied()
    }

    /// The level's place in [`Level::ALL`].
    #[must_use]
    pub fn place(self) -> i16 {
        self as i16
    }
}

/// Credit: one is ten notional hours of learning (Qualifications and Credit Framework, 2008). Zero means
/// that the award bears no credit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Credit(u16);

impl Credit {
    /// The most that any register entry was seen to carry is a few hundred; more than this is a mistake.
    pub const MOST: u16 = 2000;

    /// Credit of `value`, or none where it is more than [`Credit::MOST`].
    #[must_use]
    pub fn new(value: u16) -> Option<Self> {
        (value <= Self::MOST).then_some(Self(value))
    }

    /// Reads a whole number.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.trim().parse().ok().and_then(Self::new)
    }

    /// The number of credits.
    #[must_use]
    pub fn value(self) -> u16 {
        self.0
    }
}

/// A grade in the words of the body that gave it (`Pass`, `Distinction*`, `DM`, `A*`): at most 60
/// characters, never empty, white space folded. Grading scales are the bodies' own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Grade(String);

impl Grade {
    /// The most characters a grade may have.
    pub const LONGEST: usize = 60;

    /// Reads a grade; none where it is empty or too long.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
        (!folded.is_empty() && folded.chars().count() <= Self::LONGEST).then_some(Self(folded))
    }

    /// The grade's words.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The grade's words, owned.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_read_as_registers_write_them() {
        assert_eq!(Level::parse("Level 3"), Some(Level::L3));
        assert_eq!(Level::parse("8"), Some(Level::L8));
        assert_eq!(Level::parse("Entry Level 2"), Some(Level::Entry2));
        assert_eq!(Level::parse("entry 3"), Some(Level::Entry3));
        for text in [
            "",
            "Entry Level",
            "Level 1/2",
            "Level 1/Level 2",
            "Level 0",
            "Level 9",
            "None",
        ] {
            assert_eq!(Level::parse(text), None, "{text}");
        }
    }

    #[test]
    fn places_and_levels_are_each_others_inverse() {
        for level in Level::ALL {
            assert_eq!(Level::from_place(level.place()), Some(level));
        }
        assert_eq!(Level::from_place(11), None);
        assert_eq!(Level::from_place(-1), None);
    }

    #[test]
    fn credit_and_grades_have_bounds() {
        assert_eq!(Credit::parse(" 65 ").map(Credit::value), Some(65));
        assert_eq!(Credit::parse("2001"), None);
        assert_eq!(Credit::parse("-1"), None);
        assert_eq!(
            Grade::parse(" Distinction  * ").map(Grade::into_string),
            Some("Distinction *".into())
        );
        assert_eq!(Grade::parse(" "), None);
        assert_eq!(Grade::parse(&"A".repeat(61)), None);
    }
}
