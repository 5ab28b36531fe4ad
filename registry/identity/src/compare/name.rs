//! Names: forms, parts, initials, slips, and given and family name in each other's place.

use super::prepared::{Name, Prepared};
use super::{Comparison, EXACT, Field};

const VARIANT: u8 = 2;
const PART: u8 = 3;
/// An initial of a given name; a former name of a family name.
const INITIAL_OR_FORMER: u8 = 4;
const SLIP: u8 = 5;
const SLIP_OF_KNOWN: u8 = 6;
const SIMILAR: u8 = 7;
const DIFFERENT: u8 = 8;

/// Above this likeness of Jaro and Winkler two names are called similar.
const LIKENESS: f64 = 0.87;

/// What a grade is worth in choosing between the names as stated and swapped.
fn rank(level: u8) -> u8 {
    match level {
        EXACT => 4,
        VARIANT | SLIP | INITIAL_OR_FORMER => 3,
        PART | SLIP_OF_KNOWN => 2,
        SIMILAR => 1,
        _ => 0,
    }
}

pub(super) fn compare(left: &Prepared, right: &Prepared, made: &mut Comparison) {
    let given = names(&left.given, &right.given, true);
    let family = family(left, right);
    let stated = rank(given) + rank(family);
    let names_are = |field, level, share| (field, level, share);
    let mut found = (
        names_are(Field::Given, given, left.given.share.max(right.given.share)),
        names_are(
            Field::Family,
            family,
            left.family.share.max(right.family.share),
        ),
    );
    if stated <= 3 && (given == DIFFERENT || family == DIFFERENT) {
        // The left record's given name is held against the right one's family name, and the other way.
        let crossed = names(&left.given, &right.family, false);
        let back = names(&left.family, &right.given, false);
        let sum = rank(crossed) + rank(back);
        if sum >= 4 && sum > stated + 1 && crossed != PART && back != PART {
            let common = |one: &Name, other: &Name| one.share.max(other.share);
            // Each is graded as one of the two fields; which one is settled by the values, not by the side.
            let either = |one: &Name, other: &Name| one.whole.clone().min(other.whole.clone());
            let first = (
                crossed,
                common(&left.given, &right.family),
                either(&left.given, &right.family),
            );
            let second = (
                back,
                common(&left.family, &right.given),
                either(&left.family, &right.given),
            );
            let key = |(level, _, name): &(u8, f32, String)| (rank(*level), *level, name.clone());
            let (first, second) = if key(&first) >= key(&second) {
                (first, second)
            } else {
                (second, first)
            };
            found = (
                names_are(Field::Family, first.0, first.1),
                names_are(Field::Given, second.0, second.1),
            );
            made.set(Field::Order, 2);
        }
    }
    for (field, level, share) in [found.0, found.1] {
        made.set_shared(field, level, share);
    }
    if made.level(Field::Order) == 0 && given != 0 && family != 0 {
        made.set(Field::Order, EXACT);
    }
}

fn family(left: &Prepared, right: &Prepared) -> u8 {
    let today = names(&left.family, &right.family, false);
    if today == 0 || matches!(today, EXACT | VARIANT | SLIP) {
        return today;
    }
    let same = |one: &Name, other: &Name| {
        !one.is_missing()
            && !other.is_missing()
            && (one.whole == other.whole || one.skeleton == other.skeleton)
    };
    let former = left.former.iter().any(|name| same(name, &right.family))
        || right.former.iter().any(|name| same(name, &left.family))
        || left
            .former
            .iter()
            .any(|one| right.former.iter().any(|other| same(one, other)));
    if former { INITIAL_OR_FORMER } else { today }
}

/// The grade in which two names agree.
fn names(one: &Name, other: &Name, given: bool) -> u8 {
    if one.is_missing() || other.is_missing() {
        return 0;
    }
    if one.whole == other.whole {
        return EXACT;
    }
    let shared_line = given && one.lines.iter().any(|line| other.lines.contains(line));
    let (first, second) = (one.first(), other.first());
    if given && (one.words.len() > 1 || other.words.len() > 1) && first == second {
        return PART;
    }
    if shared_line || one.skeleton == other.skeleton {
        return VARIANT;
    }
    // In one order, whichever side they are of: likeness by Jaro depends on it now and then.
    let order = |name: &Name| (name.whole.len(), name.whole.clone());
    let (short, long) = if order(one) <= order(other) {
        (&one.whole, &other.whole)
    } else {
        (&other.whole, &one.whole)
    };
    if given && short.len() == 1 {
        return if long.starts_with(short.as_str()) {
            INITIAL_OR_FORMER
        } else {
            DIFFERENT
        };
    }
    let part = one
        .words
        .iter()
        .any(|word| word.len() > 2 && other.words.contains(word));
    if part {
        return PART;
    }
    // Short names are one letter apart by chance; long ones may have two slips.
    let allowed = match short.len() {
        0..=2 => 0,
        3..=7 => 1,
        _ => 2,
    };
    let likeness = strsim::jaro_winkler(short, long);
    if allowed > 0 && long.len() - short.len() <= allowed && likeness > 0.6 {
        let distance = strsim::osa_distance(&one.whole, &other.whole);
        if distance <= allowed {
            return if one.known && other.known {
                SLIP_OF_KNOWN
            } else {
                SLIP
            };
        }
    }
    // The beginning of the other name, as short forms are that stand in no list.
    let beginning = given && short.len() >= 3 && long.starts_with(short.as_str());
    if likeness >= LIKENESS || beginning {
        SIMILAR
    } else {
        DIFFERENT
    }
}
