//! Bitstring Status Lists (W3C, version 1.0): a bit for each credential, in a list that itself is a credential.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use std::io::{Read as _, Write as _};

/// The fewest entries of a list, so that who looks at it does not tell whose credential they look for (section 3.1 of
/// the standard: 16 KB).
pub const LEAST_ENTRIES: u32 = 131_072;

/// The most bytes of a list that is unpacked: sixteen million entries, a bit each, several times over.
const MOST_BYTES: u64 = 8 * 1024 * 1024;

/// What a set bit says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// The credential does not hold, and will not again.
    Revocation,
    /// The credential does not hold for now.
    Suspension,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 2] = [Self::Revocation, Self::Suspension];

    /// The purpose's name in the standard.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Revocation => "revocation",
            Self::Suspension => "suspension",
        }
    }

    /// The purpose of that name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|purpose| purpose.as_str() == text)
    }
}

/// A credential's place in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The list's address, which is its identifier.
    pub list: String,
    /// The place in it, counted from 0.
    pub index: u32,
    /// What a set bit says.
    pub purpose: Purpose,
}

/// The bits of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bits(Vec<u8>);

impl Bits {
    /// A list of so many entries, at least [`LEAST_ENTRIES`], none of them set.
    #[must_use]
    pub fn new(entries: u32) -> Self {
        let bytes = entries.max(LEAST_ENTRIES).div_ceil(8);
        Self(vec![0; usize::try_from(bytes).unwrap_or(usize::MAX)])
    }

    /// How many entries there are.
    #[must_use]
    pub fn entries(&self) -> u64 {
        8 * u64::try_from(self.0.len()).unwrap_or(u64::MAX)
    }

    /// Sets the bit at that place; beyond the end nothing is set.
    pub fn set(&mut self, index: u32) {
        if let Some(byte) = self.0.get_mut((index / 8) as usize) {
            // The first entry is the leftmost bit.
            *byte |= 0x80 >> (index % 8);
        }
    }

    /// The bit at that place; none beyond the end.
    #[must_use]
    pub fn get(&self, index: u64) -> Option<bool> {
        let byte = self.0.get(usize::try_from(index / 8).ok()?)?;
        Some(byte & (0x80 >> (index % 8)) != 0)
    }

    /// The list as it stands in a credential: gzip, in base64url, with the `u` that says so.
    #[must_use]
    pub fn encode(&self) -> String {
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        // Writing to memory does not fail.
        let packed = packed
            .write_all(&self.0)
            .and_then(|()| packed.finish())
            .unwrap_or_default();
        format!("u{}", URL_SAFE_NO_PAD.encode(packed))
    }

    /// Reads what [`Bits::encode`] wrote; also without the `u`, as lists of before the standard have it. None for what is no
    /// such list, or unpacks to more than is read.
    #[must_use]
    pub fn decode(text: &str) -> Option<Self> {
        // Gzip begins with 1f 8b 08, so what is not marked begins with H.
        let encoded = text.strip_prefix('u').unwrap_or(text);
        let packed = URL_SAFE_NO_PAD.decode(encoded.trim_end_matches('=')).ok()?;
        let mut bits = Vec::new();
        let mut unpacked = GzDecoder::new(packed.as_slice()).take(MOST_BYTES + 1);
        unpacked.read_to_end(&mut bits).ok()?;
        (bits.len() as u64 <= MOST_BYTES).then_some(Self(bits))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn the_first_entry_is_the_leftmost_bit() {
        let mut bits = Bits::new(1);
        assert_eq!(bits.entries(), 131_072);
        bits.set(0);
        bits.set(9);
        bits.set(131_071);
        bits.set(131_072);
        assert_eq!(bits.0.get(..2), Some(&[0x80, 0x40][..]));
        let read = Bits::decode(&bits.encode()).unwrap();
        assert_eq!(read, bits);
        let set: Vec<u64> = (0..131_072).filter(|at| read.get(*at).unwrap()).collect();
        assert_eq!(set, [0, 9, 131_071]);
        assert_eq!(read.get(131_072), None);
        assert_eq!(Bits::new(131_073).entries(), 131_080);
    }

    #[test]
    fn what_unpacks_to_too_much_is_no_list() {
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        let zeros = vec![0; 1024 * 1024];
        for _ in 0..9 {
            packed.write_all(&zeros).unwrap();
        }
        let bomb = format!("u{}", URL_SAFE_NO_PAD.encode(packed.finish().unwrap()));
        assert!(bomb.len() < 16_000);
        assert_eq!(Bits::decode(&bomb), None);
        for wrong in ["", "u", "uAAAA", "u****", "zH4sI"] {
            assert_eq!(Bits::decode(wrong), None, "{wrong}");
        }
    }
}
