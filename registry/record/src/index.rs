//! Finds the first of many groups that another group fits, by what identifies them.

use crate::group::Group;
use schema::{Date, RecognitionNumber};
use std::collections::{BTreeSet, HashMap};

/// What groups are found by.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Key<'a> {
    /// A body's own number of a result.
    Result((RecognitionNumber, &'a str)),
    /// A body's certificate, and a subject on it.
    Certificate((RecognitionNumber, &'a str, &'a str)),
    /// A submitter's own record.
    Record((&'a str, &'a str)),
    /// A subject on a day, of a body: `Some(None)` where none is known, `None` for whichever.
    Day(&'a str, Option<Date>, Option<Option<RecognitionNumber>>),
}

/// What decides whether a group found by a key fits: whether it has a result's number and a certificate's.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Class {
    result: bool,
    certificate: bool,
}

impl Class {
    const ALL: [Self; 4] = [
        Self::new(false, false),
        Self::new(false, true),
        Self::new(true, false),
        Self::new(true, true),
    ];

    const fn new(result: bool, certificate: bool) -> Self {
        Self {
            result,
            certificate,
        }
    }

    fn of(group: &Group<'_>) -> Self {
        Self::new(!group.results.is_empty(), !group.certificates.is_empty())
    }
}

/// The places of groups under a key, by class.
#[derive(Default)]
struct Bucket([BTreeSet<usize>; 4]);

impl Bucket {
    fn of(&mut self, class: Class) -> Option<&mut BTreeSet<usize>> {
        Class::ALL
            .into_iter()
            .zip(&mut self.0)
            .find_map(|(other, places)| (other == class).then_some(places))
    }

    fn first(&self, fits: impl Fn(Class) -> bool) -> Option<usize> {
        Class::ALL
            .into_iter()
            .zip(&self.0)
            .filter(|(class, _)| fits(*class))
            .filter_map(|(_, places)| places.first().copied())
            .min()
    }
}

/// A group as it is found: its days and numbers as they were at first, its class and bodies as they are now.
#[derive(Clone)]
struct Indexed<'a> {
    class: Class,
    bodies: BTreeSet<RecognitionNumber>,
    dated: BTreeSet<(&'a str, Option<Date>)>,
    numbers: Vec<Key<'a>>,
}

impl<'a> Indexed<'a> {
    fn keys(&self) -> Vec<Key<'a>> {
        let mut keys = self.numbers.clone();
        for (subject, day) in &self.dated {
            keys.push(Key::Day(subject, *day, None));
            if self.bodies.is_empty() {
                keys.push(Key::Day(subject, *day, Some(None)));
            }
            keys.extend(
                self.bodies
                    .iter()
                    .map(|body| Key::Day(subject, *day, Some(Some(*body)))),
            );
        }
        keys
    }
}

/// Groups by their keys.
pub(crate) struct Index<'a> {
    buckets: HashMap<Key<'a>, Bucket>,
    indexed: Vec<Indexed<'a>>,
}

impl<'a> Index<'a> {
    pub(crate) fn of(groups: &[Group<'a>]) -> Self {
        let mut index = Self {
            buckets: HashMap::new(),
            indexed: Vec::with_capacity(groups.len()),
        };
        for (place, group) in groups.iter().enumerate() {
            let indexed = Indexed {
                class: Class::of(group),
                bodies: group.bodies.clone(),
                dated: group.dated.clone(),
                numbers: numbers(group).collect(),
            };
            index.place(place, &indexed, true);
            index.indexed.push(indexed);
        }
        index
    }

    /// Puts the group under its keys, or takes it away.
    fn place(&mut self, place: usize, indexed: &Indexed<'a>, here: bool) {
        for key in indexed.keys() {
            let bucket = self.buckets.entry(key).or_default();
            if let Some(places) = bucket.of(indexed.class) {
                if here {
                    places.insert(place);
                } else {
                    places.remove(&place);
                }
            }
        }
    }

    /// Notes that a group took on what it now has. Only where it became of another class or body does anything
    /// have to move, which can happen few times to one group.
    pub(crate) fn renew(&mut self, place: usize, group: &Group<'a>) {
        let Some(known) = self.indexed.get_mut(place) else {
            return;
        };
        let class = Class::of(group);
        if known.class == class && known.bodies == group.bodies {
            return;
        }
        let old = known.clone();
        known.class = class;
        known.bodies.clone_from(&group.bodies);
        let new = known.clone();
        self.place(place, &old, false);
        self.place(place, &new, true);
    }

    /// The first group that has a number in common with `group`, else the first with a subject and day in
    /// common, provided that nothing which a body numbered speaks against it.
    pub(crate) fn find(&self, group: &Group<'a>) -> Option<usize> {
        let own = Class::of(group);
        let first = |key: &Key<'a>, fits: &dyn Fn(Class) -> bool| {
            self.buckets.get(key).and_then(|bucket| bucket.first(fits))
        };
        let least = |keys: &mut dyn Iterator<Item = Key<'a>>, fits: &dyn Fn(Class) -> bool| {
            keys.filter_map(|key| first(&key, fits)).min()
        };
        let one_result = |class: Class| !(class.result && own.result);
        let no_conflict =
            |class: Class| one_result(class) && !(class.certificate && own.certificate);
        let mut days = group.dated.iter().flat_map(|(subject, day)| {
            let whose: Vec<Option<Option<RecognitionNumber>>> = if group.bodies.is_empty() {
                vec![None]
            } else {
                let named = group.bodies.iter().map(|body| Some(Some(*body)));
                named.chain([Some(None)]).collect()
            };
            whose
                .into_iter()
                .map(|whose| Key::Day(subject, *day, whose))
        });
        least(&mut group.results.iter().copied().map(Key::Result), &|_| {
            true
        })
        .or_else(|| {
            least(
                &mut group.certificates.iter().copied().map(Key::Certificate),
                &one_result,
            )
        })
        .or_else(|| {
            least(
                &mut group.records.iter().copied().map(Key::Record),
                &one_result,
            )
        })
        .or_else(|| least(&mut days, &no_conflict))
    }
}

fn numbers<'g, 'a: 'g>(group: &'g Group<'a>) -> impl Iterator<Item = Key<'a>> + 'g {
    let results = group.results.iter().copied().map(Key::Result);
    let certificates = group.certificates.iter().copied().map(Key::Certificate);
    let records = group.records.iter().copied().map(Key::Record);
    results.chain(certificates).chain(records)
}
