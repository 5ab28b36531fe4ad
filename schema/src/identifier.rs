//! What the identifier types have in common: one error and the weighted sums that several registers use.

/// Why a text is not the identifier it was taken for. It never carries the text itself: an identifier of
/// a person must not reach a log through an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdentifierError {
    /// The text does not have the shape of the identifier.
    #[error("the identifier does not have the right shape")]
    Shape,
    /// The shape is right and the check digit is not.
    #[error("the check digit does not fit")]
    CheckDigit,
    /// A value that stands for "none" or "temporary", not for a person or thing.
    #[error("the value stands for none, not for somebody")]
    Sentinel,
}

/// What the check character of an identifier says where a mismatch only warns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckResult {
    /// The check character fits.
    Fits,
    /// The check character does not fit. Real registers hold such numbers, so this is no refusal.
    DoesNotFit,
}

/// The sum of `digits`, the first weighted with `first_weight` and each following one with one less.
pub(crate) fn weighted_sum(digits: impl IntoIterator<Item = u32>, first_weight: u32) -> u32 {
    digits
        .into_iter()
        .zip((1..=first_weight).rev())
        .map(|(digit, weight)| digit * weight)
        .sum()
}

/// Writes the transparent `serde` and display code that every identifier kept as text shares.
macro_rules! text_identifier {
    ($name:ident) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::IdentifierError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'_, str>>::deserialize(deserializer)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use text_identifier;
