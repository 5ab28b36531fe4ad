//! Changes that meet no award by a number or by its day: to which award they belong.

use crate::group::Group;
use schema::{Date, RecognitionNumber};
use std::collections::{BTreeSet, HashMap};

/// Gives each such change to an award where exactly one fits; the others stand by themselves.
pub(crate) fn adopt(groups: Vec<Group<'_>>) -> Vec<Group<'_>> {
    adopt_by_subject(adopt_by_certificate(groups))
}

/// An update that names a certificate may correct the subject, though not from a unit to a qualification: a
/// certificate that lists both is common.
fn adopt_by_certificate(groups: Vec<Group<'_>>) -> Vec<Group<'_>> {
    let (orphans, mut settled) = part(groups, |group| {
        group.changes_only() && group.updated && !group.certificates.is_empty()
    });
    let mut heads: HashMap<_, BTreeSet<usize>> = HashMap::new();
    if !orphans.is_empty() {
        for (place, group) in settled.iter().enumerate() {
            for (body, number, subject) in &group.certificates {
                let key = (*body, *number, kind(subject));
                heads.entry(key).or_default().insert(place);
            }
        }
    }
    for orphan in orphans {
        let keys = orphan.certificates.iter();
        let found: BTreeSet<usize> = keys
            .filter_map(|(body, number, subject)| heads.get(&(*body, *number, kind(subject))))
            .flatten()
            .copied()
            .take(2)
            .collect();
        let only = found.first().filter(|_| found.len() == 1);
        give(&mut settled, only.copied(), orphan);
    }
    settled
}

/// An update may bring another date, another change may come without one: they belong to the body's only
/// award of that subject. Where there are several, those that were awarded after the change was made are no
/// candidates; if several are left, nobody can tell. A withdrawal that does name a day, and meets no award of
/// that day, waits for it and takes no other.
fn adopt_by_subject(groups: Vec<Group<'_>>) -> Vec<Group<'_>> {
    let (orphans, mut settled) = part(groups, undecided);
    if orphans.is_empty() {
        return settled;
    }
    let heads = Heads::of(&settled);
    for orphan in orphans {
        let home = match heads.find(&keys(&orphan).collect(), orphan.acted_on) {
            Found::Only(place) => Some(place),
            Found::Several | Found::None => None,
        };
        give(&mut settled, home, orphan);
    }
    settled
}

/// Puts changes of one body's subject together of which no award at all is told yet: they wait for one.
pub(crate) fn wait_together(groups: Vec<Group<'_>>) -> Vec<Group<'_>> {
    let (orphans, mut settled) = part(groups, undecided);
    if orphans.is_empty() {
        return settled;
    }
    let heads = Heads::of(&settled);
    let mut waiting: HashMap<Whose<'_>, usize> = HashMap::new();
    for orphan in orphans {
        let own: BTreeSet<Whose<'_>> = keys(&orphan).collect();
        let mut home = None;
        if let Found::None = heads.find(&own, orphan.acted_on) {
            home = own.iter().find_map(|key| waiting.get(key).copied());
            let place = home.unwrap_or(settled.len());
            for key in own {
                waiting.entry(key).or_insert(place);
            }
        }
        give(&mut settled, home, orphan);
    }
    settled
}

/// Whether a group asks for a change and neither a number nor its day says of what.
fn undecided(group: &Group<'_>) -> bool {
    let undated = group.dated.iter().any(|(_, day)| day.is_none());
    group.changes_only() && group.certificates.is_empty() && (group.updated || undated)
}

fn part<'a>(
    groups: Vec<Group<'a>>,
    orphan: impl Fn(&Group<'a>) -> bool,
) -> (Vec<Group<'a>>, Vec<Group<'a>>) {
    groups.into_iter().partition(orphan)
}

fn give<'a>(settled: &mut Vec<Group<'a>>, home: Option<usize>, orphan: Group<'a>) {
    match home.and_then(|place| settled.get_mut(place)) {
        Some(award) => award.absorb(orphan),
        None => settled.push(orphan),
    }
}

enum Found {
    None,
    Only(usize),
    Several,
}

/// The groups that changes may belong to, by body and subject: the first day of award and the place, sorted.
struct Heads<'a>(HashMap<Whose<'a>, Vec<(Option<Date>, usize)>>);

/// A body and a subject.
type Whose<'a> = (RecognitionNumber, &'a str);

impl<'a> Heads<'a> {
    fn of(groups: &[Group<'a>]) -> Self {
        let mut heads: HashMap<_, Vec<(Option<Date>, usize)>> = HashMap::new();
        for (place, group) in groups.iter().enumerate() {
            // A change that waits for the award of its own day takes none itself.
            if group.changes_only() && group.certificates.is_empty() {
                continue;
            }
            for body in &group.bodies {
                // Sorted by subject and day, so that the first of a subject is its first day.
                let mut last = None;
                for (subject, day) in &group.dated {
                    if last.replace(*subject) != Some(*subject) {
                        let found = heads.entry((*body, *subject)).or_default();
                        found.push((*day, place));
                    }
                }
            }
        }
        for found in heads.values_mut() {
            found.sort_unstable();
        }
        Self(heads)
    }

    fn find(&self, own: &BTreeSet<Whose<'a>>, acted_on: Option<Date>) -> Found {
        let mut several = false;
        let mut only = BTreeSet::new();
        for found in own.iter().filter_map(|key| self.0.get(key)) {
            let earlier = found.partition_point(|(day, _)| *day <= acted_on);
            match (found.as_slice(), earlier) {
                ([(_, place)], _) | ([(_, place), ..], 1) => {
                    only.insert(*place);
                }
                _ => several = true,
            }
        }
        match only.first() {
            _ if several || only.len() > 1 => Found::Several,
            Some(place) => Found::Only(*place),
            None => Found::None,
        }
    }
}

fn keys<'g, 'a: 'g>(group: &'g Group<'a>) -> impl Iterator<Item = Whose<'a>> + 'g {
    let subjects: BTreeSet<&'a str> = group.dated.iter().map(|(subject, _)| *subject).collect();
    group
        .bodies
        .iter()
        .flat_map(move |body| subjects.clone().into_iter().map(|subject| (*body, subject)))
}

/// The kind in a subject's key.
fn kind(subject: &str) -> &str {
    subject.split_once(':').map_or(subject, |(kind, _)| kind)
}
