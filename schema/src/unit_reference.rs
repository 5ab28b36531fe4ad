//! The reference of a unit in the Qualifications and Credit Framework and its successor.

use crate::identifier::{CheckResult, IdentifierError, text_identifier, weighted_sum};

/// A unit reference `L/ddd/dddd`: a letter and seven digits.
///
/// The letter fits `ADFHJKLMRTY[(8·d1 + … + 2·d7) mod 11]` for every reference of the credit framework's
/// years that was looked at (11 of 11) and not for a later one, so a mismatch only warns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitReference([u8; 10]);

/// The letters in the order of the remainder they stand for.
const LETTERS: &[u8; 11] = b"ADFHJKLMRTY";

impl UnitReference {
    /// Reads a reference with or without obliques.
    ///
    /// # Errors
    /// [`IdentifierError::Shape`] where there is not one letter of the alphabet used and seven digits.
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let mut compact = text
            .trim()
            .bytes()
            .filter(|byte| *byte != b'/' && *byte != b' ');
        let letter = compact
            .next()
            .ok_or(IdentifierError::Shape)?
            .to_ascii_uppercase();
        let mut digits = [0_u8; 7];
        for digit in &mut digits {
            *digit = compact
                .next()
                .filter(u8::is_ascii_digit)
                .ok_or(IdentifierError::Shape)?;
        }
        if compact.next().is_some() || !LETTERS.contains(&letter) {
            return Err(IdentifierError::Shape);
        }
        let [a, b, c, d, e, f, g] = digits;
        Ok(Self([letter, b'/', a, b, c, b'/', d, e, f, g]))
    }

    /// What the check letter says.
    #[must_use]
    pub fn check(&self) -> CheckResult {
        let digits = self.0.iter().filter(|byte| byte.is_ascii_digit());
        let sum = weighted_sum(digits.map(|byte| u32::from(byte - b'0')), 8);
        let expected = usize::try_from(sum % 11)
            .ok()
            .and_then(|place| LETTERS.get(place));
        if self.0.first() == expected {
            CheckResult::Fits
        } else {
            CheckResult::DoesNotFit
        }
    }

    /// The reference as it is printed, `L/ddd/dddd`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

text_identifier!(UnitReference);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_references_fit_and_invented_ones_do_not() {
        let check = |text| UnitReference::parse(text).map(|reference| reference.check());
        for text in [
            "L/601/1693",
            "A/601/1429",
            "J6011434",
            "y/601/1437",
            "M/601/2495",
        ] {
            assert_eq!(check(text), Ok(CheckResult::Fits), "{text}");
        }
        assert_eq!(check("T/601/1437"), Ok(CheckResult::DoesNotFit));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "601/7898/X", "B/601/1693", "L/601/169", "L/601/16933"] {
            assert_eq!(
                UnitReference::parse(text),
                Err(IdentifierError::Shape),
                "{text}"
            );
        }
    }
}
