//! The number of a regulated qualification (QAN, QRN, QN).

use crate::identifier::{CheckResult, IdentifierError, text_identifier, weighted_sum};

/// A qualification number in the register's form `ddd/dddd/c`, where `c` is a digit or `X`.
///
/// Real sources write it with and without obliques, with a trailing oblique, with spaces, and with a suffix
/// such as `/KNO` that a body added for itself; all are read, and [`QualificationNumber::suffix_in`] says
/// whether something was left off.
///
/// The check character is fitted to real numbers (weights 8 to 2, modulo 11, ten is `X`; it holds for 165
/// of 167), no document states it, and so a mismatch only ever warns: [`QualificationNumber::check`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QualificationNumber([u8; 10]);

impl QualificationNumber {
    /// Reads a number with or without obliques.
    ///
    /// # Errors
    /// [`IdentifierError::Shape`] where there are not seven digits and a check character.
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let (number, _) = split(text).ok_or(IdentifierError::Shape)?;
        Ok(number)
    }

    /// Whether `text` carries something after the number, such as `/KNO`.
    #[must_use]
    pub fn suffix_in(text: &str) -> bool {
        split(text).is_some_and(|(_, suffix)| suffix)
    }

    /// What the check character says.
    #[must_use]
    pub fn check(&self) -> CheckResult {
        let digits = self.0.iter().filter(|byte| byte.is_ascii_digit()).take(7);
        let expected = match weighted_sum(digits.map(|byte| u32::from(byte - b'0')), 8) % 11 {
            10 => b'X',
            digit => b'0' + u8::try_from(digit).unwrap_or_default(),
        };
        if self.0.last() == Some(&expected) {
            CheckResult::Fits
        } else {
            CheckResult::DoesNotFit
        }
    }

    /// The number as the register writes it, `ddd/dddd/c`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// The number at the start of `text`, and whether a suffix follows it.
fn split(text: &str) -> Option<(QualificationNumber, bool)> {
    let text = text.trim();
    let mut compact = [0_u8; 8];
    let mut filled = 0;
    let mut obliques = 0;
    let mut rest = text.bytes();
    for byte in rest.by_ref() {
        match byte {
            b'/' if (filled == 3 && obliques == 0) || (filled == 7 && obliques < 2) => {
                obliques += 1;
                continue;
            }
            b' ' => continue,
            b'0'..=b'9' => *compact.get_mut(filled)? = byte,
            b'x' | b'X' if filled == 7 => *compact.get_mut(filled)? = b'X',
            _ => return None,
        }
        filled += 1;
        if filled == 8 {
            break;
        }
    }
    if filled != 8 {
        return None;
    }
    // With one oblique only, another one would stand where the check character belongs: `601/78981/X` has a
    // digit too many and is no number with a suffix.
    let suffix = match rest.next() {
        None => false,
        Some(_) if obliques == 1 => return None,
        Some(b'/') => rest.next().is_some(),
        Some(_) => return None,
    };
    let [a, b, c, d, e, f, g, check] = compact;
    Some((
        QualificationNumber([a, b, c, b'/', d, e, f, g, b'/', check]),
        suffix,
    ))
}

text_identifier!(QualificationNumber);

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        QualificationNumber::parse(text)
            .ok()
            .map(|number| number.to_string())
    }

    #[test]
    fn every_way_of_writing_gives_one_form() {
        for text in [
            "601/7898/X",
            "6017898X",
            " 601/7898/x ",
            "601/7898/X/",
            "601 7898 X",
        ] {
            assert_eq!(read(text).as_deref(), Some("601/7898/X"), "{text}");
        }
    }

    #[test]
    fn a_suffix_is_seen_and_left_off() {
        assert_eq!(read("601/2147/6/KNO").as_deref(), Some("601/2147/6"));
        assert!(QualificationNumber::suffix_in("601/2147/6/KNO"));
        assert!(!QualificationNumber::suffix_in("603/7741/0/"));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "Not required",
            "601/7898",
            "L/601/1693",
            "601/78981/X",
            "X01/7898/1",
            "6017898XY",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn the_check_character_warns() {
        let check = |text| QualificationNumber::parse(text).map(|number| number.check());
        assert_eq!(check("601/3598/1"), Ok(CheckResult::DoesNotFit));
        assert_eq!(check("601/7898/X"), Ok(CheckResult::Fits));
    }
}
