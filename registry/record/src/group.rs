//! Which statements speak of one award.
//!
//! Trusted statements are grouped first, self-presented ones among themselves, and then each of those
//! groups may attach to one trusted group: what a person presents can never join two awards of a body.

use crate::{Standing, Told};
use schema::{Date, RecognitionNumber, Verb};
use std::collections::{BTreeMap, BTreeSet};

/// Groups of places in `told`, each sorted; the groups are sorted too. Depends on the set alone.
pub(crate) fn group(told: &[Told]) -> Vec<Vec<usize>> {
    let (self_presented, trusted): (Vec<usize>, Vec<usize>) =
        places(told).into_iter().partition(|place| {
            at(told, *place).is_some_and(|one| one.standing == Standing::SelfPresented)
        });
    let mut groups: Vec<Group> = gather(told, &trusted);
    let trusted_groups = groups.len();
    for brought in gather(told, &self_presented) {
        let mut candidates = groups.iter_mut().take(trusted_groups);
        match candidates.find(|trusted| trusted.owns_number_of(&brought)) {
            Some(trusted) => trusted.absorb(brought),
            None => match groups
                .iter_mut()
                .take(trusted_groups)
                .find(|trusted| trusted.may_be(&brought))
            {
                Some(trusted) => trusted.absorb(brought),
                None => groups.push(brought),
            },
        }
    }
    groups
        .into_iter()
        .map(|group| group.members.into_iter().collect())
        .collect()
}

/// Every place, the oldest statement first.
fn places(told: &[Told]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..told.len()).collect();
    places.sort_by_cached_key(|place| at(told, *place).map(Told::order));
    places
}

fn at(told: &[Told], place: usize) -> Option<&Told> {
    told.get(place)
}

/// A number that an awarding body gave, with the body.
type Number = (RecognitionNumber, String);

/// Statements that are held to be about one award, and what identifies it.
#[derive(Default)]
struct Group {
    members: BTreeSet<usize>,
    bodies: BTreeSet<RecognitionNumber>,
    results: BTreeSet<Number>,
    certificates: BTreeSet<Number>,
    records: BTreeSet<(String, String)>,
    subjects: BTreeSet<String>,
    dated: BTreeSet<(String, Option<Date>)>,
    /// Every member asks for a change and none tells of the award itself.
    orphan: bool,
    first: Option<[u8; 32]>,
}

impl Group {
    fn of(told: &[Told], place: usize) -> Self {
        let Some(one) = at(told, place) else {
            return Self::default();
        };
        let statement = &one.statement;
        let number = |text: &Option<String>| one.body.zip(text.clone()).into_iter().collect();
        let subject = statement.subject.key();
        Self {
            members: BTreeSet::from([place]),
            bodies: one.body.into_iter().collect(),
            results: number(&statement.result_id),
            certificates: number(&statement.certificate_number),
            records: statement
                .record_id
                .iter()
                .map(|id| (one.submitter.clone(), id.clone()))
                .collect(),
            dated: BTreeSet::from([(subject.clone(), statement.awarded_on)]),
            subjects: BTreeSet::from([subject]),
            orphan: statement.verb != Verb::Create,
            first: Some(one.digest),
        }
    }

    fn absorb(&mut self, other: Self) {
        self.members.extend(other.members);
        self.bodies.extend(other.bodies);
        self.results.extend(other.results);
        self.certificates.extend(other.certificates);
        self.records.extend(other.records);
        self.subjects.extend(other.subjects);
        self.dated.extend(other.dated);
        self.orphan &= other.orphan;
        self.first = self.first.min(other.first);
    }

    /// Both carry the same number of the same body, or the same record number of one source.
    fn owns_number_of(&self, other: &Self) -> bool {
        meet(&self.results, &other.results)
            || meet(&self.certificates, &other.certificates)
            || meet(&self.records, &other.records)
    }

    /// Nothing that the body itself numbered speaks against their being one award.
    fn compatible(&self, other: &Self) -> bool {
        let agree = |left: &BTreeSet<Number>, right: &BTreeSet<Number>| {
            left.is_empty() || right.is_empty() || meet(left, right)
        };
        (self.bodies.is_empty() || other.bodies.is_empty() || meet(&self.bodies, &other.bodies))
            && agree(&self.results, &other.results)
            && agree(&self.certificates, &other.certificates)
    }

    /// The same subject on the same day, and nothing against it.
    fn may_be(&self, other: &Self) -> bool {
        meet(&self.dated, &other.dated) && self.compatible(other)
    }

    fn unnumbered(&self) -> bool {
        self.results.is_empty() && self.certificates.is_empty()
    }

    /// Groups that the body numbered come first, so that statements without a number join them in an
    /// order that does not depend on arrival.
    fn rank(&self) -> impl Ord + use<> {
        (
            self.results.is_empty(),
            self.results.first().cloned(),
            self.certificates.is_empty(),
            self.certificates.first().cloned(),
            self.first,
        )
    }
}

fn meet<T: Ord>(left: &BTreeSet<T>, right: &BTreeSet<T>) -> bool {
    left.intersection(right).next().is_some()
}

/// Groups the statements at `places` among themselves.
fn gather(told: &[Told], places: &[usize]) -> Vec<Group> {
    let mut groups: Vec<Group> = places.iter().map(|place| Group::of(told, *place)).collect();
    if groups.len() > 1 {
        join(&mut groups, Group::owns_number_of);
        join(&mut groups, Group::may_be);
        groups = adopt_corrections(groups);
    }
    groups.sort_by_cached_key(Group::rank);
    groups
}

/// Joins groups for which `same` holds until none is left to join, in an order that the set alone decides.
fn join(groups: &mut Vec<Group>, same: impl Fn(&Group, &Group) -> bool) {
    loop {
        groups.sort_by_cached_key(Group::rank);
        let before = groups.len();
        let mut heads: Vec<Group> = Vec::with_capacity(before);
        for group in groups.drain(..) {
            match heads.iter_mut().find(|head| same(head, &group)) {
                Some(head) => head.absorb(group),
                None => heads.push(group),
            }
        }
        *groups = heads;
        if groups.len() == before {
            return;
        }
    }
}

/// A change without a number of the body's that meets no award by its date (a corrected date, a withdrawal
/// without one) belongs to the body's only award of that subject, where there is exactly one.
fn adopt_corrections(groups: Vec<Group>) -> Vec<Group> {
    let (mut orphans, mut settled): (Vec<Group>, Vec<Group>) = groups
        .into_iter()
        .partition(|group| group.orphan && group.unnumbered());
    orphans.sort_by_cached_key(|group| group.first);
    let mut heads: BTreeMap<(RecognitionNumber, String), Vec<usize>> = BTreeMap::new();
    for (place, group) in settled.iter().enumerate() {
        for key in keys(group) {
            heads.entry(key).or_default().push(place);
        }
    }
    for orphan in orphans {
        let own: BTreeSet<_> = keys(&orphan).collect();
        let found: BTreeSet<usize> = own
            .iter()
            .filter_map(|key| heads.get(key))
            .flatten()
            .copied()
            .collect();
        let only = if found.len() == 1 {
            found.first().copied()
        } else {
            None
        };
        match only.and_then(|place| settled.get_mut(place)) {
            Some(award) => award.absorb(orphan),
            None => {
                if found.is_empty() {
                    for key in own {
                        heads.entry(key).or_default().push(settled.len());
                    }
                }
                settled.push(orphan);
            }
        }
    }
    settled
}

fn keys(group: &Group) -> impl Iterator<Item = (RecognitionNumber, String)> + '_ {
    group.bodies.iter().flat_map(|body| {
        group
            .subjects
            .iter()
            .map(|subject| (*body, subject.clone()))
    })
}
