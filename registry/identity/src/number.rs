//! What follows from what the issuer of a person's numbers says of them: which were merged, which of those mergers were
//! taken back, which are in use no longer. The dates of what was said decide and never the order in which it was told.

use std::collections::{BTreeMap, BTreeSet};

/// What was done with a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// It was given up for the other one.
    Merged,
    /// That was taken back. Of two of one day this is the later: whom nobody surely joins stay apart.
    Unmerged,
}

/// What was said of a number, ordered by when it was done.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Said<'a, Day> {
    /// Of two.
    OfTwo(Day, Action, &'a str, &'a str),
    /// It was deleted.
    Deleted(&'a str),
}

/// What holds of some numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Numbers<'a> {
    /// Pairs that are one person, the one that was given up first.
    merged: BTreeSet<(&'a str, &'a str)>,
    /// Pairs of which that was taken back, the smaller first.
    apart: BTreeSet<(&'a str, &'a str)>,
    deleted: BTreeSet<&'a str>,
}

/// How a number stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// In use.
    Valid,
    /// Another stands for it.
    Retired,
    /// In use no longer.
    Deleted,
}

impl<'a> Numbers<'a> {
    /// What follows from all that was said.
    pub fn of<Day: Ord>(said: impl IntoIterator<Item = Said<'a, Day>>) -> Self {
        let mut latest: BTreeMap<(&str, &str), Said<'a, Day>> = BTreeMap::new();
        let mut numbers = Self::default();
        for one in said {
            match one {
                Said::Deleted(number) => {
                    numbers.deleted.insert(number);
                }
                Said::OfTwo(_, _, gone, kept) => {
                    let pair = (gone.min(kept), gone.max(kept));
                    let known = latest.remove(&pair);
                    latest.insert(pair, known.into_iter().fold(one, std::cmp::max));
                }
            }
        }
        for (pair, one) in latest {
            match one {
                Said::OfTwo(_, Action::Merged, gone, kept) => numbers.merged.insert((gone, kept)),
                _ => numbers.apart.insert(pair),
            };
        }
        numbers
    }

    /// How a number stands.
    #[must_use]
    pub fn standing(&self, number: &str) -> Standing {
        if self.deleted.contains(number) {
            Standing::Deleted
        } else if self.is_retired(number) {
            Standing::Retired
        } else {
            Standing::Valid
        }
    }

    fn is_retired(&self, number: &str) -> bool {
        self.merged.iter().any(|(gone, _)| *gone == number)
    }

    /// Pairs of which it was said that they are not one person after all.
    pub fn apart(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.apart.iter().copied()
    }

    /// The numbers of each person of whom two or more are one, those in use first.
    #[must_use]
    pub fn people(&self) -> Vec<Vec<&'a str>> {
        let every = self.merged.iter().flat_map(|(gone, kept)| [*gone, *kept]);
        let mut people = groups(every, self.merged.iter().copied());
        for numbers in &mut people {
            numbers.sort_by_key(|number| (self.is_retired(number), *number));
        }
        people
    }

    /// Who of those whose numbers are `known` here are one: pairs, the one that was given up first. Together they tie
    /// all known numbers of a person, by way of numbers that are not known too.
    #[must_use]
    pub fn ties(&self, known: &BTreeSet<&str>) -> Vec<(&'a str, &'a str)> {
        let mut ties: Vec<(&str, &str)> = Vec::new();
        for numbers in self.people() {
            let here = || numbers.iter().copied().filter(|one| known.contains(one));
            let direct = self.merged.iter().copied();
            let direct = direct
                .filter(|(gone, kept)| here().any(|one| one == *gone) && known.contains(kept));
            let direct: Vec<(&str, &str)> = direct.collect();
            let mut parts = groups(here(), direct.iter().copied());
            ties.extend(direct);
            // Of each part the number in use stands for it, and the part that has one for all.
            let first = |part: &Vec<&'a str>| {
                let first = part.iter().min_by_key(|one| (self.is_retired(one), **one));
                first.copied()
            };
            parts.sort_by_key(|part| first(part).map(|one| (self.is_retired(one), one)));
            let mut firsts = parts.iter().filter_map(first);
            if let Some(kept) = firsts.next() {
                ties.extend(firsts.map(|gone| (gone, kept)));
            }
        }
        ties
    }
}

/// Numbers that hang together by pairs.
fn groups<'a>(
    numbers: impl Iterator<Item = &'a str>,
    pairs: impl Iterator<Item = (&'a str, &'a str)>,
) -> Vec<Vec<&'a str>> {
    let mut group: BTreeMap<&str, &str> = numbers.map(|one| (one, one)).collect();
    for (one, other) in pairs {
        let (Some(one), Some(other)) = (group.get(one).copied(), group.get(other).copied()) else {
            continue;
        };
        let (kept, gone) = (one.min(other), one.max(other));
        for of in group.values_mut().filter(|of| **of == gone) {
            *of = kept;
        }
    }
    let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (number, of) in group {
        groups.entry(of).or_default().push(number);
    }
    groups.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn merged(day: u8, gone: &'static str, kept: &'static str) -> Said<'static, u8> {
        Said::OfTwo(day, Action::Merged, gone, kept)
    }

    fn unmerged(day: u8, gone: &'static str, kept: &'static str) -> Said<'static, u8> {
        Said::OfTwo(day, Action::Unmerged, gone, kept)
    }

    #[test]
    fn the_latest_word_about_two_holds() {
        let numbers = Numbers::of([merged(1, "b", "a"), unmerged(2, "b", "a")]);
        assert_eq!(numbers.people(), Vec::<Vec<&str>>::new());
        assert_eq!(numbers.apart().collect::<Vec<_>>(), [("a", "b")]);
        assert_eq!(numbers.standing("b"), Standing::Valid);
        let again = Numbers::of([
            merged(3, "a", "b"),
            merged(1, "b", "a"),
            unmerged(2, "b", "a"),
        ]);
        assert_eq!(again.people(), [["b", "a"]]);
        assert_eq!(again.standing("a"), Standing::Retired);
        assert_eq!(again.apart().count(), 0);
        // Of one day: apart.
        let day = Numbers::of([unmerged(2, "b", "a"), merged(2, "b", "a")]);
        assert_eq!(day.people(), Vec::<Vec<&str>>::new());
    }

    #[test]
    fn who_is_one_by_way_of_a_number_that_is_not_known_is_tied() {
        let numbers = Numbers::of([
            merged(1, "c", "b"),
            merged(2, "b", "a"),
            merged(2, "d", "a"),
        ]);
        let known = |known: &[&'static str]| numbers.ties(&known.iter().copied().collect());
        assert_eq!(known(&["a", "c"]), [("c", "a")]);
        assert_eq!(known(&["c", "d"]), [("d", "c")]);
        assert_eq!(known(&["b", "c", "d"]), [("c", "b"), ("d", "b")]);
        assert_eq!(known(&["c"]), []);
        assert_eq!(numbers.people(), [["a", "b", "c", "d"]]);
    }

    #[test]
    fn a_deleted_number_still_leads_to_whom_it_was_merged_into() {
        let numbers = Numbers::of([Said::Deleted("b"), merged(1, "b", "a")]);
        assert_eq!(numbers.standing("b"), Standing::Deleted);
        assert_eq!(numbers.people(), [["a", "b"]]);
    }

    const NAMES: [&str; 5] = ["a", "b", "c", "d", "e"];

    fn any_said() -> impl Strategy<Value = Vec<Said<'static, u8>>> {
        let one = (0..4_u8, 0..3_u8, 0..5_usize, 0..5_usize)
            .prop_filter("of itself", |(_, _, one, other)| one != other)
            .prop_filter_map("a name", |(day, action, one, other)| {
                let (one, other) = (*NAMES.get(one)?, *NAMES.get(other)?);
                Some(match action {
                    0 => merged(day, one, other),
                    1 => unmerged(day, one, other),
                    _ => Said::Deleted(one),
                })
            });
        prop::collection::vec(one, 0..8)
    }

    proptest! {
        #[test]
        fn the_order_of_what_was_said_does_not_matter((said, shuffled) in any_said().prop_flat_map(|said| (Just(said.clone()), Just(said).prop_shuffle()))) {
            prop_assert_eq!(Numbers::of(said.clone()), Numbers::of(shuffled.into_iter().chain(said)));
        }

        #[test]
        fn ties_join_exactly_the_known_numbers_of_each_person(said in any_said(), known in prop::collection::btree_set(prop::sample::select(&NAMES[..]), 0..5)) {
            let numbers = Numbers::of(said);
            let tied = groups(known.iter().copied(), numbers.ties(&known).into_iter());
            let mut tied: Vec<Vec<&str>> = tied.into_iter().filter(|group| group.len() > 1).collect();
            let mut expected: Vec<Vec<&str>> = numbers.people().into_iter()
                .map(|person| person.into_iter().filter(|one| known.contains(one)).collect::<Vec<&str>>())
                .filter(|person| person.len() > 1).collect();
            for group in tied.iter_mut().chain(&mut expected) {
                group.sort_unstable();
            }
            tied.sort_unstable();
            expected.sort_unstable();
            prop_assert_eq!(tied, expected);
        }
    }
}
