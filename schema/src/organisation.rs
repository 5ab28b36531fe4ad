//! Numbers of organisations: Ofqual's recognition number and the UK provider reference number.

use crate::identifier::{IdentifierError, text_identifier};

/// An awarding organisation's recognition number in Ofqual's register: `RN` and four digits. Four
/// withdrawn entries of the register read `XX` and four digits; they are accepted as they stand there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecognitionNumber([u8; 6]);

impl RecognitionNumber {
    /// Reads `RN5133`, also in small letters, and plain `5133` as the register's programming interface does.
    ///
    /// # Errors
    /// [`IdentifierError::Shape`] for anything else.
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let text = text.trim().to_ascii_uppercase();
        let (prefix, digits) = match text.as_bytes() {
            [first, second, digits @ ..] if digits.len() == 4 => ([*first, *second], digits),
            digits if digits.len() == 4 => (*b"RN", digits),
            _ => return Err(IdentifierError::Shape),
        };
        let known = prefix == *b"RN" || prefix == *b"XX";
        match digits {
            &[a, b, c, d] if known && digits.iter().all(u8::is_ascii_digit) => {
                let [p, q] = prefix;
                Ok(Self([p, q, a, b, c, d]))
            }
            _ => Err(IdentifierError::Shape),
        }
    }

    /// The number as the register writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

text_identifier!(RecognitionNumber);

/// A UK provider reference number: eight digits, the first `1` in all that were seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ukprn([u8; 8]);

impl Ukprn {
    /// Reads eight digits.
    ///
    /// # Errors
    /// [`IdentifierError::Sentinel`] for `UNKNWN`, which the Learning Records Service writes where it does
    /// not know the organisation; [`IdentifierError::Shape`] for anything else that is not eight digits
    /// (its older data carries six-digit codes, which are not UKPRNs).
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("UNKNWN") {
            return Err(IdentifierError::Sentinel);
        }
        let bytes: [u8; 8] = text
            .as_bytes()
            .try_into()
            .map_err(|_| IdentifierError::Shape)?;
        if bytes.iter().all(u8::is_ascii_digit) {
            Ok(Self(bytes))
        } else {
            Err(IdentifierError::Shape)
        }
    }

    /// The eight digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

text_identifier!(Ukprn);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognition_numbers_are_read_as_the_register_and_its_interface_write_them() {
        for text in ["RN5133", "rn5133", " 5133"] {
            assert_eq!(
                RecognitionNumber::parse(text).map(|number| number.to_string()),
                Ok("RN5133".into())
            );
        }
        assert!(RecognitionNumber::parse("XX1290").is_ok());
        for text in ["", "RN", "RN51333", "AB5133", "RN51A3", "ÄN133"] {
            assert_eq!(
                RecognitionNumber::parse(text),
                Err(IdentifierError::Shape),
                "{text}"
            );
        }
    }

    #[test]
    fn an_unknown_provider_is_a_sentinel_not_a_number() {
        assert_eq!(Ukprn::parse("UNKNWN"), Err(IdentifierError::Sentinel));
        assert_eq!(Ukprn::parse("100060"), Err(IdentifierError::Shape));
        assert!(Ukprn::parse("10030488").is_ok());
    }
}
