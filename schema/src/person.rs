//! What a source says about the person, and the one form in which names are compared exactly.

use crate::{Date, Uln};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// Gender as the Learning Records Service codes it: 0 not known, 1 male, 2 female, 9 not specified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[expect(
    missing_docs,
    reason = "the four codes of the service, in its own words"
)]
pub enum Gender {
    NotKnown = 0,
    Male = 1,
    Female = 2,
    NotSpecified = 9,
}

impl Gender {
    /// Reads the service's code, or a letter `M`, `F`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim() {
            "0" => Some(Self::NotKnown),
            "1" | "M" | "m" => Some(Self::Male),
            "2" | "F" | "f" => Some(Self::Female),
            "9" => Some(Self::NotSpecified),
            _ => None,
        }
    }
}

/// Who a result is about, as far as its source says.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct StatedPerson {
    /// The ULN, where the source has a real one.
    pub uln: Option<Uln>,
    /// Other ULNs that the source says are the same person (a merge by their issuer).
    pub linked_ulns: Vec<Uln>,
    /// Given names as written, white space folded.
    pub given_name: Option<String>,
    /// Family name as written, white space folded.
    pub family_name: Option<String>,
    /// Date of birth, where it is a real one.
    pub date_of_birth: Option<Date>,
    /// Gender, where stated.
    pub gender: Option<Gender>,
    /// Postcode as written, in capitals.
    pub postcode: Option<String>,
    /// The identifier that the awarding body itself uses for the person.
    pub reference: Option<String>,
}

impl StatedPerson {
    /// Whether any ULN is stated.
    #[must_use]
    pub fn has_number(&self) -> bool {
        self.uln.is_some() || !self.linked_ulns.is_empty()
    }

    /// The key under which an exactly equal name and birth date are found, where all three are stated.
    #[must_use]
    pub fn exact_key(&self) -> Option<String> {
        let (given, family) = (self.given_name.as_deref()?, self.family_name.as_deref()?);
        Some(name_key(given, family, self.date_of_birth?))
    }

    /// What is stated of given name, family name and birth date, as it is compared; none where that is fewer than two
    /// of the three, which tells nobody from anybody. Where all are stated it is [`Self::exact_key`].
    #[must_use]
    pub fn facts(&self) -> Option<String> {
        let folded = |name: &Option<String>| name.as_deref().map(fold_name).unwrap_or_default();
        let (family, given) = (folded(&self.family_name), folded(&self.given_name));
        let born = self.date_of_birth.map(|day| day.to_string());
        let parts = [family, given, born.unwrap_or_default()];
        let stated = parts.iter().filter(|part| !part.is_empty()).count();
        (stated > 1).then(|| parts.join("\u{1f}"))
    }
}

/// Personal data never reaches a log through debug output.
impl std::fmt::Debug for StatedPerson {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("StatedPerson(…)")
    }
}

/// A name in the form in which two spellings count as exactly equal: compatibility-composed, in small
/// letters, white space folded, the kinds of apostrophe and hyphen made one. Nothing is transliterated and
/// nothing left out: likeness is the matcher's business, this is equality.
#[must_use]
pub fn fold_name(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for character in name.nfkc().flat_map(char::to_lowercase) {
        match character {
            '\u{2019}' | '\u{2018}' | '\u{02bc}' | '`' | '\u{00b4}' => folded.push('\''),
            '\u{2010}'..='\u{2015}' => folded.push('-'),
            space if space.is_whitespace() => {
                if !folded.ends_with(' ') && !folded.is_empty() {
                    folded.push(' ');
                }
            }
            other => folded.push(other),
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// The key of a full name with a birth date. The separator can occur in no name: control characters are
/// refused at the border.
#[must_use]
pub fn name_key(given_name: &str, family_name: &str, date_of_birth: Date) -> String {
    format!(
        "{}\u{1f}{}\u{1f}{date_of_birth}",
        fold_name(family_name),
        fold_name(given_name)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_that_differ_only_in_form_are_equal() {
        assert_eq!(fold_name("  O’NEILL  "), fold_name("o'neill"));
        assert_eq!(fold_name("Zoe\u{308}"), fold_name("Zoë"));
        assert_eq!(fold_name("Mary\u{a0} Ann"), fold_name("mary ann"));
        assert_ne!(fold_name("Zoe"), fold_name("Zoë"));
        assert_ne!(fold_name("Maryann"), fold_name("Mary Ann"));
    }

    #[test]
    fn fewer_than_two_facts_are_none() {
        let person = |given: &str, born: Option<&str>| StatedPerson {
            given_name: Some(given.to_owned()),
            date_of_birth: born.and_then(|day| crate::parse_date(day).ok()),
            ..StatedPerson::default()
        };
        assert_eq!(person("Ada", None).facts(), None);
        let two = person("Ada", Some("1971-04-02"));
        assert_eq!(two.facts().as_deref(), Some("\u{1f}ada\u{1f}1971-04-02"));
        let three = StatedPerson {
            family_name: Some("Inventedb".to_owned()),
            ..two
        };
        assert_eq!(three.facts(), three.exact_key());
    }

    #[test]
    fn debug_output_hides_the_person() {
        let person = StatedPerson {
            family_name: Some("Sample".into()),
            ..StatedPerson::default()
        };
        assert_eq!(format!("{person:?}"), "StatedPerson(…)");
    }
}
