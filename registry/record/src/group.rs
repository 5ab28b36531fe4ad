//! Which statements speak of one award.
//!
//! What identifies less never joins two that identify more. A body's result number is the strongest, then its
//! certificate number, then subject and day with the body named, last subject and day alone; and of sources
//! the body comes first, then recorders, then what a person presents. Each rank is grouped by itself, and each
//! of its groups may attach to one group of a better rank: the first of those that fit, in an order that the
//! set of statements alone decides. Everything goes through keys, so that the work is near linear.

use crate::index::{Index, Key};
use crate::orphan::{adopt, wait_together};
use crate::{Standing, Told};
use schema::{Date, RecognitionNumber, Verb};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Groups of places in `told`, each sorted. Depends on the set alone.
pub(crate) fn group(told: &[&Told]) -> Vec<Vec<usize>> {
    let subjects: Vec<String> = told.iter().map(|one| one.statement.subject.key()).collect();
    let entries: Vec<Entry<'_>> = told
        .iter()
        .zip(&subjects)
        .enumerate()
        .map(|(place, (one, subject))| Entry {
            place,
            one,
            subject,
        })
        .collect();
    // What a source corrects of its own is decided before another source is asked.
    let layer = |standing| {
        let told = entries.iter();
        adopt(gather(told.filter(|entry| entry.one.standing == standing)))
    };
    let mut trusted = layer(Standing::Attested);
    attach(&mut trusted, layer(Standing::Recorded));
    let mut groups = wait_together(adopt(trusted));
    attach(&mut groups, wait_together(layer(Standing::SelfPresented)));
    groups
        .into_iter()
        .map(|mut group| {
            group.members.sort_unstable();
            group.members
        })
        .collect()
}

/// A statement, its place, and the key of its subject.
#[derive(Clone, Copy)]
struct Entry<'a> {
    place: usize,
    one: &'a Told,
    subject: &'a str,
}

/// What identifies a statement best, the strongest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tier {
    Result,
    Certificate,
    Body,
    Nobody,
}

impl<'a> Entry<'a> {
    fn tier(&self) -> Tier {
        let statement = &self.one.statement;
        match self.one.body {
            None => Tier::Nobody,
            Some(_) if statement.result_id.is_some() => Tier::Result,
            Some(_) if statement.certificate_number.is_some() => Tier::Certificate,
            Some(_) => Tier::Body,
        }
    }

    fn result(&self) -> Option<(RecognitionNumber, &'a str)> {
        self.one.body.zip(self.one.statement.result_id.as_deref())
    }

    /// One certificate may list a qualification and its units, so its number says nothing without the subject.
    fn certificate(&self) -> Option<(RecognitionNumber, &'a str, &'a str)> {
        let body = self.one.body?;
        let number = self.one.statement.certificate_number.as_deref()?;
        Some((body, number, self.subject))
    }

    fn record(&self) -> Option<(&'a str, &'a str)> {
        let number = self.one.statement.record_id.as_deref()?;
        Some((&self.one.submitter, number))
    }

    /// The keys by which statements of one tier are one award among themselves.
    fn keys(&self) -> [Option<Key<'a>>; 2] {
        let record = self.record().map(Key::Record);
        let awarded_on = self.one.statement.awarded_on;
        match self.tier() {
            Tier::Result => [self.result().map(Key::Result), None],
            Tier::Certificate => [self.certificate().map(Key::Certificate), record],
            Tier::Body | Tier::Nobody => [
                Some(Key::Day(self.subject, awarded_on, Some(self.one.body))),
                record,
            ],
        }
    }
}

/// Statements that are held to be about one award, and what identifies it.
#[derive(Default)]
pub(crate) struct Group<'a> {
    pub(crate) members: Vec<usize>,
    pub(crate) bodies: BTreeSet<RecognitionNumber>,
    pub(crate) results: BTreeSet<(RecognitionNumber, &'a str)>,
    /// Body, number, subject.
    pub(crate) certificates: BTreeSet<(RecognitionNumber, &'a str, &'a str)>,
    /// Submitter, number.
    pub(crate) records: BTreeSet<(&'a str, &'a str)>,
    /// Subject, day of award.
    pub(crate) dated: BTreeSet<(&'a str, Option<Date>)>,
    /// A member tells of the award itself; the others only ask for changes.
    pub(crate) created: bool,
    /// A member asks for an update.
    pub(crate) updated: bool,
    /// The first day on which its submitter acted.
    pub(crate) acted_on: Option<Date>,
    first: Option<[u8; 32]>,
}

impl<'a> Group<'a> {
    fn add(&mut self, entry: Entry<'a>) {
        self.absorb(Self {
            members: vec![entry.place],
            bodies: entry.one.body.into_iter().collect(),
            results: entry.result().into_iter().collect(),
            certificates: entry.certificate().into_iter().collect(),
            records: entry.record().into_iter().collect(),
            dated: BTreeSet::from([(entry.subject, entry.one.statement.awarded_on)]),
            created: entry.one.statement.verb == Verb::Create,
            updated: entry.one.statement.verb == Verb::Update,
            acted_on: Some(entry.one.order().0),
            first: Some(entry.one.digest),
        });
    }

    pub(crate) fn absorb(&mut self, other: Self) {
        self.members.extend(other.members);
        self.bodies.extend(other.bodies);
        self.results.extend(other.results);
        self.certificates.extend(other.certificates);
        self.records.extend(other.records);
        self.dated.extend(other.dated);
        self.created |= other.created;
        self.updated |= other.updated;
        self.acted_on = least(self.acted_on, other.acted_on);
        self.first = least(self.first, other.first);
    }

    /// Every member asks for a change of an award, and none says of which by the body's own number of it.
    pub(crate) fn changes_only(&self) -> bool {
        !self.created && self.results.is_empty()
    }

    /// The order of groups of one tier.
    fn rank(&self) -> impl Ord + use<'a> {
        (
            self.results.first().copied(),
            self.certificates.first().copied(),
            self.bodies.first().copied(),
            self.first,
        )
    }
}

fn least<T: Ord>(left: Option<T>, right: Option<T>) -> Option<T> {
    left.into_iter().chain(right).min()
}

/// Groups statements of one standing among themselves, the best identified groups first.
fn gather<'a: 'b, 'b>(entries: impl Iterator<Item = &'b Entry<'a>>) -> Vec<Group<'a>> {
    let mut tiers: BTreeMap<Tier, Vec<Entry<'a>>> = BTreeMap::new();
    for entry in entries {
        tiers.entry(entry.tier()).or_default().push(*entry);
    }
    let mut groups = Vec::new();
    for tier in tiers.into_values() {
        attach(&mut groups, connect(&tier));
    }
    groups
}

/// Groups statements of one tier: those that share a key, directly or through others.
fn connect<'a>(entries: &[Entry<'a>]) -> Vec<Group<'a>> {
    let mut parents: Vec<usize> = (0..entries.len()).collect();
    let mut holders: HashMap<Key<'a>, usize> = HashMap::new();
    for (place, entry) in entries.iter().enumerate() {
        for key in entry.keys().into_iter().flatten() {
            let holder = *holders.entry(key).or_insert(place);
            let (one, other) = (root(&mut parents, holder), root(&mut parents, place));
            if let Some(parent) = parents.get_mut(one.max(other)) {
                *parent = one.min(other);
            }
        }
    }
    let mut groups: BTreeMap<usize, Group<'a>> = BTreeMap::new();
    for (place, entry) in entries.iter().enumerate() {
        groups
            .entry(root(&mut parents, place))
            .or_default()
            .add(*entry);
    }
    let mut groups: Vec<Group<'a>> = groups.into_values().collect();
    groups.sort_by_cached_key(Group::rank);
    groups
}

/// The representative of `place`'s set; paths are halved on the way.
fn root(parents: &mut [usize], mut place: usize) -> usize {
    loop {
        let parent = parents.get(place).copied().unwrap_or(place);
        if parent == place {
            return place;
        }
        let above = parents.get(parent).copied().unwrap_or(parent);
        if let Some(slot) = parents.get_mut(place) {
            *slot = above;
        }
        place = above;
    }
}

/// Attaches each of `weaker`, in its order, to the first of `groups` that it fits; the others follow at the
/// end. What attaches lends its numbers, so that two which contradict each other never attach to one, but not
/// its days: the better identified groups alone decide where they may be found.
fn attach<'a>(groups: &mut Vec<Group<'a>>, weaker: Vec<Group<'a>>) {
    if groups.is_empty() {
        groups.extend(weaker);
        return;
    }
    let mut index = Index::of(groups);
    let mut left = Vec::new();
    for group in weaker {
        let found = index.find(&group);
        match found.and_then(|place| Some((place, groups.get_mut(place)?))) {
            Some((place, home)) => {
                home.absorb(group);
                index.renew(place, home);
            }
            None => left.push(group),
        }
    }
    groups.extend(left);
}
