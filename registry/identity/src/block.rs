//! Which records are worth comparing: those that share a key. Keys are of two kinds. Most combine two fields and
//! are shared by few; some are of one field alone, for records that are wrong in everything else, and are used
//! where few share them.

use crate::compare::Prepared;
use crate::frequency::Frequencies;
use crate::person::Person;

/// A key as a registry stores it beside a record. Records with a key in common are worth comparing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockKey {
    /// The key itself: the same for the same values in every version that has the same
    /// [`BlockKey::VERSION`].
    pub key: u64,
    /// Whether the key is of one field alone: to be passed over where many records share it.
    pub coarse: bool,
}

impl BlockKey {
    /// Rises when keys that are stored must be made again.
    pub const VERSION: u32 = 1;

    /// FNV-1a over a kind and parts: stable for ever, unlike the standard library's.
    fn of(kind: u8, coarse: bool, parts: &[&[u8]]) -> Self {
        let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        let mut hash = step(0xcbf2_9ce4_8422_2325, kind);
        for part in parts {
            hash = part.iter().fold(hash, |hash, byte| step(hash, *byte));
            hash = step(hash, 0x1f);
        }
        Self { key: hash, coarse }
    }
}

/// The keys of a person, in order and without repeats.
#[must_use]
pub fn block_keys(person: &Person) -> Vec<BlockKey> {
    keys(&Prepared::new(person, &Frequencies::default()))
}

pub(crate) fn keys(record: &Prepared) -> Vec<BlockKey> {
    let mut made = Vec::with_capacity(24);
    for (kind, number) in (1_u8..).zip([
        &record.uln,
        &record.identifier,
        &record.email,
        &record.phone,
    ]) {
        if !number.is_empty() {
            made.push(BlockKey::of(kind, false, &[number.as_bytes()]));
        }
    }
    let given = &record.given.sounds;
    let names = record.former.iter().flat_map(|name| &name.sounds);
    let mut family: Vec<&String> = record.family.sounds.iter().chain(names).collect();
    family.sort_unstable();
    family.dedup();
    // What a first given name is called by: the first line of the nicknames, else its sound.
    let line = record.given.lines.iter().map(|line| line.to_le_bytes());
    let birth = record.birth.map(crate::person::BirthDate::digits);
    let postcode = record.postcode.as_bytes();
    if let Some(birth) = &birth {
        made.push(BlockKey::of(10, true, &[birth]));
        for name in given.iter().chain(family.iter().copied()) {
            made.push(BlockKey::of(11, false, &[birth, name.as_bytes()]));
        }
        for line in line.clone() {
            made.push(BlockKey::of(12, false, &[birth, &line]));
        }
        if !postcode.is_empty() {
            made.push(BlockKey::of(13, false, &[birth, postcode]));
        }
    }
    if !postcode.is_empty() {
        made.push(BlockKey::of(14, true, &[postcode]));
        for name in given.iter().chain(family.iter().copied()) {
            made.push(BlockKey::of(15, false, &[postcode, name.as_bytes()]));
        }
    }
    if let (Some(given), false) = (given.first(), family.is_empty()) {
        for name in family.iter().copied() {
            // The order of the two names does not matter.
            let pair = if given < name {
                [given, name]
            } else {
                [name, given]
            };
            let [one, other] = pair.map(String::as_bytes);
            made.push(BlockKey::of(20, true, &[one, other]));
            if let Some([year @ .., _, _, _, _]) = &birth {
                made.push(BlockKey::of(21, false, &[one, other, year]));
            }
            if let Some([_, _, _, _, rest @ ..]) = &birth {
                made.push(BlockKey::of(22, false, &[one, other, rest]));
            }
            if !record.postcode.is_empty() {
                let district = crate::fold::district(&record.postcode);
                made.push(BlockKey::of(23, false, &[one, other, district.as_bytes()]));
            }
        }
    }
    if let Some([year @ .., _, _, _, _]) = &birth {
        for name in &family {
            for line in line.clone() {
                made.push(BlockKey::of(24, false, &[name.as_bytes(), &line, year]));
            }
        }
    }
    if !record.house.is_empty() && !record.street.is_empty() {
        let street = record.street.get(..4).unwrap_or(&record.street);
        made.push(BlockKey::of(
            30,
            true,
            &[record.house.as_bytes(), street.as_bytes()],
        ));
    }
    made.sort_unstable();
    made.dedup();
    made
}
