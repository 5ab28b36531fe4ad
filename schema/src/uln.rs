//! The Unique Learner Number.

use crate::identifier::{IdentifierError, text_identifier, weighted_sum};

/// A Unique Learner Number: ten digits, the first not zero, the last a check digit.
///
/// Source of the rule: HESA collection C17051, field ULN (weights 10 to 1, the sum modulo 11 is 10), which
/// is the same as ILR rule DD01. `9999999999` is the ILR's temporary number and nobody's identity.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uln([u8; 10]);

/// The number that the ILR uses for a learner whose ULN is not known yet.
const TEMPORARY: &str = "9999999999";

impl Uln {
    /// Reads ten digits, with surrounding white space allowed.
    ///
    /// # Errors
    /// [`IdentifierError::Sentinel`] for the temporary number, [`IdentifierError::Shape`] for anything but
    /// ten digits of which the first is not zero, [`IdentifierError::CheckDigit`] where the sum is wrong.
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let text = text.trim();
        if text == TEMPORARY {
            return Err(IdentifierError::Sentinel);
        }
        let bytes: [u8; 10] = text
            .as_bytes()
            .try_into()
            .map_err(|_| IdentifierError::Shape)?;
        if !bytes.iter().all(u8::is_ascii_digit) || bytes.starts_with(b"0") {
            return Err(IdentifierError::Shape);
        }
        let sum = weighted_sum(bytes.iter().map(|byte| u32::from(byte - b'0')), 10);
        if sum % 11 == 10 {
            Ok(Self(bytes))
        } else {
            Err(IdentifierError::CheckDigit)
        }
    }

    /// The ULN whose first nine digits are `stem`, or none where no check digit exists for them (a
    /// remainder of zero) or the stem is not nine digits of which the first is not zero. Used to make
    /// synthetic learners.
    #[must_use]
    pub fn from_stem(stem: u32) -> Option<Self> {
        if !(100_000_000..=999_999_999).contains(&stem) {
            return None;
        }
        (0..=9).find_map(|check| Self::parse(&format!("{stem}{check}")).ok())
    }

    /// The ten digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // The bytes were checked to be ASCII digits when the value was made.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

text_identifier!(Uln);

/// A ULN is restricted personal data: debug output shows only that there is one.
impl std::fmt::Debug for Uln {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Uln(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worked_example_of_the_specification_holds() {
        assert_eq!(
            Uln::parse(" 9276308686 ").map(|uln| uln.to_string()),
            Ok("9276308686".into())
        );
        assert_eq!(Uln::parse("9276308687"), Err(IdentifierError::CheckDigit));
    }

    #[test]
    fn what_is_no_number_of_a_person_is_refused_for_its_reason() {
        assert_eq!(Uln::parse("9999999999"), Err(IdentifierError::Sentinel));
        assert_eq!(Uln::parse("0000000042"), Err(IdentifierError::Shape));
        assert_eq!(Uln::parse("-2"), Err(IdentifierError::Shape));
        assert_eq!(Uln::parse("6666666666"), Err(IdentifierError::CheckDigit));
        assert_eq!(
            Uln::parse("９２７６３０８６８６"),
            Err(IdentifierError::Shape)
        );
    }

    #[test]
    fn debug_output_hides_the_number() {
        let uln = Uln::parse("9276308686").map(|uln| format!("{uln:?}"));
        assert_eq!(uln, Ok("Uln(…)".to_owned()));
    }

    proptest::proptest! {
        #[test]
        fn any_single_wrong_digit_is_noticed(stem in 100_000_000_u32..999_999_999, place in 0_usize..10, by in 1_u8..10) {
            if let Some(uln) = Uln::from_stem(stem) {
                let mut digits = uln.0;
                if let Some(digit) = digits.get_mut(place) {
                    *digit = b'0' + (*digit - b'0' + by) % 10;
                }
                proptest::prop_assert!(Uln::parse(std::str::from_utf8(&digits).unwrap_or_default()).is_err());
            }
        }
    }
}
