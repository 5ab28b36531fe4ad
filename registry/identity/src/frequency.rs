//! How common values are: agreeing in a rare family name says more than in a common one.

use crate::compare::Prepared;
use crate::person::BirthDate;
use serde::{Deserialize, Serialize, Serializer};
use std::collections::{BTreeMap, HashMap};

/// Whose values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields of a person, in their own words")]
pub enum Kind {
    Given,
    Family,
    Birth,
    Postcode,
    Street,
    Locality,
    Town,
}

/// A value that so many records have is a name for certain, and no slip of the keys.
const KNOWN: f64 = 3.0;

/// A name that fewer records have is not kept beside the weights: it could tell who is in the files.
const COMMON: f64 = 20.0;

/// Shares of values. What was never counted has the share that was stated for the rest.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Frequencies {
    tables: BTreeMap<Kind, Table>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Table {
    /// How many records have any value.
    records: f64,
    /// The share of a value that is not in `counts`.
    rest: f64,
    #[serde(serialize_with = "in_order")]
    counts: HashMap<String, f64>,
}

impl Table {
    /// The same without the values that are not to be kept, all of which then count as common as they are for one who
    /// has such a value.
    fn keeping(&self, keep: impl Fn(f64) -> bool) -> Self {
        let (mut sum, mut squares, mut counts) = (0.0, 0.0, HashMap::new());
        for (value, count) in &self.counts {
            if keep(*count) {
                counts.insert(value.clone(), *count);
            } else {
                // Whole numbers: their sums are the same in any order.
                sum += count;
                squares += count * count;
            }
        }
        let rest = if sum > 0.0 {
            squares / sum / self.records.max(1.0)
        } else {
            self.rest
        };
        Self {
            records: self.records,
            rest,
            counts,
        }
    }
}

/// So that the same weights are the same text.
fn in_order<S: Serializer>(counts: &HashMap<String, f64>, to: S) -> Result<S::Ok, S::Error> {
    counts.iter().collect::<BTreeMap<_, _>>().serialize(to)
}

impl Frequencies {
    /// Shares of names in England's workforce, roughly, where no data is at hand: what is not among the common
    /// names counts as rare as most are.
    #[must_use]
    pub fn england() -> Self {
        let mut made = Self::default();
        for (kind, rest, text) in [(Kind::Given, 4e-4, GIVEN), (Kind::Family, 8e-5, FAMILY)] {
            let mut table = Table {
                records: 100_000.0,
                rest,
                counts: HashMap::new(),
            };
            for line in text.lines() {
                let mut words = line.split(' ');
                let count: f64 = words
                    .next()
                    .and_then(|count| count.parse().ok())
                    .unwrap_or(0.0);
                table
                    .counts
                    .extend(words.map(|word| (word.to_owned(), count)));
            }
            made.tables.insert(kind, table);
        }
        for (kind, rest) in [
            // Births of forty-five years; a postcode is fifteen addresses.
            (Kind::Birth, 6e-5),
            (Kind::Postcode, 2e-6),
            (Kind::Street, 2e-5),
            (Kind::Locality, 1e-4),
            (Kind::Town, 1e-3),
        ] {
            made.tables.insert(
                kind,
                Table {
                    records: 100_000.0,
                    rest,
                    counts: HashMap::new(),
                },
            );
        }
        made
    }

    /// Counts the values of records.
    pub(crate) fn count<'a>(records: impl Iterator<Item = &'a Prepared>) -> Self {
        let mut tables: BTreeMap<Kind, Table> = BTreeMap::new();
        let mut add = |kind: Kind, value: &str| {
            if value.is_empty() {
                return;
            }
            let table = tables.entry(kind).or_default();
            table.records += 1.0;
            match table.counts.get_mut(value) {
                Some(count) => *count += 1.0,
                None => {
                    table.counts.insert(value.to_owned(), 1.0);
                }
            }
        };
        for record in records {
            add(Kind::Given, &record.given.whole);
            add(Kind::Family, &record.family.whole);
            add(Kind::Postcode, &record.postcode);
            add(Kind::Street, &record.street);
            add(Kind::Locality, &record.locality);
            add(Kind::Town, &record.town);
            if let Some(birth) = record.birth {
                add(Kind::Birth, &birth_key(birth));
            }
        }
        for table in tables.values_mut() {
            table.rest = 1.0 / (table.records + 1.0);
        }
        Self { tables }
    }

    /// What is kept beside the weights: given and family names that many records have. Of rarer names, and of birth
    /// dates and addresses at all, only how common they are on the whole.
    #[must_use]
    pub fn common(&self) -> Self {
        let kept = |(kind, table): (&Kind, &Table)| {
            let names = matches!(kind, Kind::Given | Kind::Family);
            (*kind, table.keeping(|count| names && count >= COMMON))
        };
        Self {
            tables: self.tables.iter().map(kept).collect(),
        }
    }

    /// The share of records that have that folded value.
    #[must_use]
    pub fn share(&self, kind: Kind, value: &str) -> f32 {
        let Some(table) = self.tables.get(&kind) else {
            return 0.0;
        };
        match table.counts.get(value) {
            Some(count) => (count / table.records.max(1.0)) as f32,
            None => table.rest as f32,
        }
    }

    /// The share of records that have that birth date; a date that stands for no date is common.
    #[must_use]
    pub fn birth_share(&self, birth: BirthDate) -> f32 {
        // Nobody's date is much rarer than one day among those of eighty years.
        self.share(Kind::Birth, &birth_key(birth))
            .max(if self.tables.contains_key(&Kind::Birth) {
                3.4e-5
            } else {
                0.0
            })
    }

    /// Whether the value is known to be one and no slip.
    pub(crate) fn known(&self, kind: Kind, value: &str) -> bool {
        let count = self
            .tables
            .get(&kind)
            .and_then(|table| table.counts.get(value));
        count.is_some_and(|count| *count >= KNOWN)
    }
}

fn birth_key(birth: BirthDate) -> String {
    String::from_utf8_lossy(&birth.digits()).into_owned()
}

/// Given names by how many of 100,000 adults bear them, in round numbers.
const GIVEN: &str = "\
1800 david
1500 paul sarah susan margaret john
1300 andrew michael peter stephen mark
1000 james robert richard christopher emma claire karen julie
800 ian matthew jonathan daniel nicola laura rebecca jacqueline helen elizabeth mary rachel
600 thomas kevin anthony alan simon gary lisa victoria louise amanda jane patricia christine anne lucy katie
500 joanne deborah sharon samantha kelly amy charlotte hannah jessica lauren gemma philip steven jennifer
400 benjamin adam joshua luke jack martin neil graham stuart lee craig robert mohammed jean linda sandra carol caroline
300 alison angela tracey wendy ruth natalie danielle stacey sophie emily olivia alexander edward george william
200 catherine kate anna alice hayley kirsty leanne maria michelle melissa naomi chloe megan abigail georgia eleanor
150 muhammad fatima aisha ahmed mohamed zoe holly molly jade bethany ellie grace ella lily
";

/// Family names by how many of 100,000 people bear them, in round numbers.
const FAMILY: &str = "\
1200 smith
900 jones
650 taylor williams brown
500 davies evans wilson
400 thomas johnson roberts walker wright robinson thompson white hughes
300 edwards green lewis wood harris martin jackson clarke patel khan hall clark turner hill cooper
250 ward moore morris king ahmed ali hussain cook baker allen young begum singh kaur
200 bennett carter collins parker bell scott adams watson harrison morgan davis james phillips miller lee shaw kelly
150 richardson anderson mitchell simpson marshall price griffiths cox bailey wilkinson ellis mason gray palmer hunt
100 campbell stevens butler webb rogers reynolds fisher foster murphy russell powell holmes murray barnes knight dixon
80 hussein mohamed islam rahman akhtar chowdhury uddin miah shah malik mahmood iqbal nowak kowalski wisniewski
";
