//! Sizes: a whole number of bytes, or a text with a unit.

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};

/// A number of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Size(pub(super) u64);

const EXPECTED: &str = "a whole number of bytes, or a text such as \"8 GiB\" or \"500 MB\"";

/// The units, by what they multiply with. `G` alone could be either kind and is none.
const UNITS: [(&str, u64); 9] = [
    ("B", 1),
    ("kB", 1000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("TiB", 1 << 40),
];

impl Size {
    /// Reads a number with a unit, with or without a space between.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let split = text.find(|character: char| !character.is_ascii_digit());
        let (number, unit) = text.split_at(split?);
        let number: u64 = number.parse().ok()?;
        let (_, times) = UNITS
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(unit.trim()))?;
        number.checked_mul(*times).map(Self)
    }
}

impl<'de> Deserialize<'de> for Size {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;

        impl Visitor<'_> for Bytes {
            type Value = Size;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(EXPECTED)
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<Size, E> {
                Ok(Size(value))
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<Size, E> {
                u64::try_from(value)
                    .map(Size)
                    .map_err(|_| E::invalid_type(Unexpected::Signed(value), &self))
            }

            fn visit_str<E: Error>(self, value: &str) -> Result<Size, E> {
                Size::parse(value).ok_or_else(|| E::invalid_type(Unexpected::Str(value), &self))
            }
        }

        deserializer.deserialize_any(Bytes)
    }
}

/// For fields that hold the number itself.
pub(super) fn bytes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    Size::deserialize(deserializer).map(|size| size.0)
}

#[cfg(test)]
mod tests {
    use super::Size;

    #[test]
    fn a_size_has_a_unit_that_is_one() {
        for (text, bytes) in [
            ("8 GiB", Some(8 << 30)),
            ("500MB", Some(500_000_000)),
            ("1 kib", Some(1024)),
            ("3 B", Some(3)),
            ("8G", None),
            ("8", None),
            ("GiB", None),
            ("-1 B", None),
            ("99999999 TiB", None),
        ] {
            assert_eq!(Size::parse(text).map(|size| size.0), bytes, "{text}");
        }
    }
}
