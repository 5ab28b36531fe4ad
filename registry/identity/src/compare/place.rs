//! Postcodes, addresses and numbers.

use super::prepared::Prepared;
use super::{Comparison, EXACT, Field};
use crate::fold::district;

/// A line of an address and the share of records that have it.
type Line<'a> = (&'a str, f32);

pub(super) fn compare(left: &Prepared, right: &Prepared, made: &mut Comparison) {
    if !left.postcode.is_empty() && !right.postcode.is_empty() {
        let share = left.postcode_share.max(right.postcode_share);
        made.set_shared(
            Field::Postcode,
            postcode(&left.postcode, &right.postcode),
            share,
        );
    }
    if !left.house.is_empty() && !right.house.is_empty() {
        made.set(Field::House, house(&left.house, &right.house));
    }
    streets(
        [
            (&left.street, left.street_share),
            (&left.locality, left.locality_share),
        ],
        [
            (&right.street, right.street_share),
            (&right.locality, right.locality_share),
        ],
        made,
    );
    if !left.town.is_empty() && !right.town.is_empty() {
        let level = line(&left.town, &right.town).min(3);
        made.set_shared(Field::Town, level, left.town_share.max(right.town_share));
    }
    if !left.county.is_empty() && !right.county.is_empty() {
        made.set(
            Field::County,
            if left.county == right.county { 1 } else { 2 },
        );
    }
}

/// The two lines of an address, which may stand in each other's place.
fn streets(left: [Line<'_>; 2], right: [Line<'_>; 2], made: &mut Comparison) {
    let [left_street, left_locality] = left;
    let [right_street, right_locality] = right;
    let known = |one: Line<'_>, other: Line<'_>| !one.0.is_empty() && !other.0.is_empty();
    let locality =
        known(left_locality, right_locality).then(|| line(left_locality.0, right_locality.0));
    let street = known(left_street, right_street).then(|| line(left_street.0, right_street.0));
    let agree = |level: Option<u8>| level.is_some_and(|level| level <= 2);
    if !agree(street) && !agree(locality) {
        let crossed = [(left_street, right_locality), (left_locality, right_street)];
        let found = crossed
            .iter()
            .any(|(one, other)| known(*one, *other) && line(one.0, other.0) <= 2);
        if found {
            made.set(Field::Street, 3);
            return;
        }
    }
    if let Some(level) = street {
        let level = match level {
            3 => 4,
            4 => 5,
            same => same,
        };
        made.set_shared(Field::Street, level, left_street.1.max(right_street.1));
    }
    if let Some(level) = locality {
        made.set_shared(
            Field::Locality,
            level.min(3),
            left_locality.1.max(right_locality.1),
        );
    }
}

/// 1 equal, 2 similar, 3 in part, 4 different.
fn line(one: &str, other: &str) -> u8 {
    if one == other {
        return EXACT;
    }
    let (shorter, longer) = if one.len() <= other.len() {
        (one, other)
    } else {
        (other, one)
    };
    if longer.len() <= 2 * shorter.len()
        && strsim::normalized_damerau_levenshtein(one, other) >= 0.7
    {
        return 2;
    }
    // `st` and its like are the last word and in half of all addresses.
    let part = one
        .split(' ')
        .any(|word| word.len() > 4 && other.split(' ').any(|another| another == word));
    if part { 3 } else { 4 }
}

fn postcode(one: &str, other: &str) -> u8 {
    if one == other {
        EXACT
    } else if slip(one, other) {
        2
    } else if district(one) == district(other) {
        3
    } else {
        4
    }
}

fn house(one: &str, other: &str) -> u8 {
    if one == other {
        return EXACT;
    }
    let part = one
        .split(' ')
        .any(|word| other.split(' ').any(|another| another == word));
    if part || (one.len().max(other.len()) > 1 && slip(one, other)) {
        2
    } else {
        3
    }
}

/// 1 equal, 2 one slip of the keys, 3 different.
pub(super) fn number(one: &str, other: &str) -> u8 {
    if one == other {
        EXACT
    } else if slip(one, other) {
        2
    } else {
        3
    }
}

/// Whether one letter is wrong, missing, too many, or two neighbours are exchanged.
fn slip(one: &str, other: &str) -> bool {
    one.len().abs_diff(other.len()) <= 1 && strsim::osa_distance(one, other) == 1
}
