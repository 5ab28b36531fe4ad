//! Birth dates: equal, transposed, slipped.

use super::EXACT;
use crate::person::BirthDate;

/// The grade in which two birth dates agree.
pub(super) fn level(one: BirthDate, other: BirthDate) -> u8 {
    if one == other {
        return EXACT;
    }
    if one.year == other.year && one.day == other.month && one.month == other.day {
        return 2;
    }
    let (left, right) = (one.digits(), other.digits());
    let differing: Vec<usize> = left
        .iter()
        .zip(&right)
        .enumerate()
        .filter(|(_, (one, other))| one != other)
        .map(|(place, _)| place)
        .collect();
    let exchanged = |first: usize, second: usize| {
        left.get(first) == right.get(second) && left.get(second) == right.get(first)
    };
    let slip = match differing.as_slice() {
        [place] => Some(*place),
        [first, second] if second - first <= 2 && exchanged(*first, *second) => Some(*first),
        _ => None,
    };
    let parts = u8::from(one.year == other.year)
        + u8::from(one.month == other.month)
        + u8::from(one.day == other.day);
    match slip {
        Some(place) if place >= 4 => 3,
        // A generation apart on one day of the year is rather parent and child than a slip.
        Some(_) if one.year.abs_diff(other.year) < 15 => 4,
        Some(_) => 5,
        None if parts == 2 => 5,
        None if differing.len() <= 2 => 6,
        None if one.year == other.year => 7,
        None => 8,
    }
}
