//! What can be said of teams and of clearances.

use crate::error::Error;
use schema::{Code, Date};

/// The longest name of a team, and the longest words for its setting, in characters.
const LONGEST_NAME: usize = 200;
/// The longest name of a kind of check, in characters, and the most words of it.
const LONGEST_KIND: (usize, usize) = (40, 4);
/// The longest reference of a check.
const LONGEST_REFERENCE: usize = 24;
/// The most letters that follow each other in a reference: a prefix, and no word.
const MOST_LETTERS: usize = 4;

/// A team as it shall be.
pub struct NewTeam {
    /// What the employer calls it.
    pub name: String,
    /// The kind of setting it works in.
    pub setting: Option<String>,
}

/// That a check was seen.
pub struct NewClearance {
    /// Which kind of check.
    pub kind: String,
    /// Its number.
    pub reference: Option<String>,
    /// On which day it was seen.
    pub seen_on: Date,
}

impl NewTeam {
    /// The same with its white space folded.
    ///
    /// # Errors
    /// [`Code::InputInvalid`] without a name, or for more than is kept; [`Code::TextInvalid`].
    pub(super) fn checked(self) -> Result<Self, Error> {
        let name = words(&self.name)?;
        let setting = self.setting.as_deref().map(words).transpose()?;
        if name.is_empty() {
            return Err(Error::with(Code::InputInvalid, "A team has a name."));
        }
        Ok(Self {
            name,
            setting: setting.filter(|setting| !setting.is_empty()),
        })
    }
}

impl NewClearance {
    /// The same, where it says no more than that a check was seen.
    ///
    /// # Errors
    /// [`Code::InputInvalid`] for a day to come, and for what could hold the content of the check.
    pub(super) fn checked(self, today: Date) -> Result<Self, Error> {
        let invalid = |words: &str| Err(Error::with(Code::InputInvalid, words));
        let kind = words(&self.kind)?;
        let plain = |one: char| one.is_ascii_alphanumeric() || " -".contains(one);
        let (longest, most) = LONGEST_KIND;
        let short = kind.len() <= longest && kind.split(' ').count() <= most;
        if kind.is_empty() || !short || !kind.chars().all(plain) {
            return invalid(
                "kind names a kind of check, such as \"enhanced DBS\", in four words at most, and never what it said.",
            );
        }
        let reference = self.reference.map(|text| text.trim().to_owned());
        let reference = reference.filter(|text| !text.is_empty());
        if reference.as_deref().is_some_and(|text| !is_number(text)) {
            return invalid(
                "reference is the number of a check, such as 001234567890, and never what it said.",
            );
        }
        if self.seen_on > today {
            return invalid("seenOn lies in the future.");
        }
        Ok(Self {
            kind,
            reference,
            seen_on: self.seen_on,
        })
    }
}

/// Whether a text can only be a number: digits, with short prefixes.
fn is_number(text: &str) -> bool {
    let plain = |one: char| one.is_ascii_alphanumeric() || "/-".contains(one);
    let mut letters = text.split(|one: char| !one.is_ascii_alphabetic());
    text.len() <= LONGEST_REFERENCE
        && text.chars().all(plain)
        && text.chars().filter(char::is_ascii_digit).count() >= text.len().div_ceil(2)
        && letters.all(|run| run.len() <= MOST_LETTERS)
}

fn words(text: &str) -> Result<String, Error> {
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if folded.chars().any(char::is_control) {
        return Err(Error::from(Code::TextInvalid));
    }
    if folded.chars().count() > LONGEST_NAME {
        let words = format!("A name or setting has at most {LONGEST_NAME} characters.");
        return Err(Error::with(Code::InputInvalid, words));
    }
    Ok(folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(kind: &str, reference: Option<&str>) -> Option<(String, Option<String>)> {
        let day = Date::from_ymd_opt(2026, 1, 1)?;
        let new = NewClearance {
            kind: kind.to_owned(),
            reference: reference.map(str::to_owned),
            seen_on: day,
        };
        let checked = new.checked(day).ok()?;
        Some((checked.kind, checked.reference))
    }

    #[test]
    fn a_reference_is_a_number_and_nothing_else() {
        for number in [
            "001234567890",
            "DBS-001234567890",
            "RTW/2024/0017",
            "7",
            " 42 ",
        ] {
            let kept = seen("DBS", Some(number));
            assert_eq!(
                kept,
                Some(("DBS".to_owned(), Some(number.trim().to_owned()))),
                "{number}"
            );
        }
        for words in [
            "no convictions",
            "clear",
            "convicted-2010",
            "CAUTION1234567",
            "theft-2009-fine-2011",
            "0012345678900012345678901",
            "12,34",
            "caution 2009",
        ] {
            assert_eq!(seen("DBS", Some(words)), None, "{words}");
        }
        assert_eq!(seen("DBS", Some("  ")), Some(("DBS".to_owned(), None)));
    }

    #[test]
    fn a_kind_is_a_short_name() {
        assert!(seen("enhanced DBS with barred", None).is_some());
        for kind in [
            "",
            "a b c d e",
            "DBS: nothing",
            "dbs, fine",
            &"a".repeat(41),
        ] {
            assert_eq!(seen(kind, None), None, "{kind}");
        }
    }

    #[test]
    fn a_day_to_come_is_no_day_on_which_a_check_was_seen() {
        let day = Date::from_ymd_opt(2026, 1, 1).unwrap_or_default();
        let new = NewClearance {
            kind: "DBS".to_owned(),
            reference: None,
            seen_on: day.succ_opt().unwrap_or_default(),
        };
        assert!(new.checked(day).is_err());
    }
}
