//! How probable it is that two records are one person.
//!
//! A pair is of one of several kinds, and each kind expects something of every field. The odds are the sum over
//! the kinds that are one person against the sum over those that are not. Fields are independent within a kind
//! and by no means over all of them.

mod estimate;
mod kind;
mod shipped;
mod weights;

pub(crate) use estimate::Evidence;
pub use weights::WeightsError;

use crate::compare::{Comparison, EXACT, FIELDS, Field, LEVELS, MISSING, Prepared, compare};
use crate::frequency::Frequencies;
use crate::person::Person;
use kind::{KINDS, MATCHES, PairKind, ROLES, Role};

/// What a grade of a field says, by kind: log-probabilities side by side, so that they are added at once.
type Row = [f32; KINDS];

/// Whether equality of a field is as probable as the value is common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shared {
    No,
    /// As common as among all.
    All,
    /// As common as in a community.
    Community,
}

/// Expectations of fields by role: probabilities of the grades, [`MISSING`] unused.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tables([[[f64; LEVELS]; FIELDS]; ROLES]);

impl Tables {
    fn get(&self, role: Role, field: Field) -> &[f64; LEVELS] {
        const NONE: &[f64; LEVELS] = &[0.0; LEVELS];
        self.0
            .get(role as usize)
            .and_then(|fields| fields.get(field as usize))
            .unwrap_or(NONE)
    }

    fn get_mut(&mut self, role: Role, field: Field) -> Option<&mut [f64; LEVELS]> {
        self.0.get_mut(role as usize)?.get_mut(field as usize)
    }
}

/// Weights, with which two records are scored.
#[derive(Debug, Clone)]
pub struct Model {
    /// How many records of each kind are expected for one record.
    expected: [f64; KINDS],
    tables: Tables,
    frequencies: Frequencies,
    /// Logarithms of the above, by field and grade.
    logs: [[Row; LEVELS]; FIELDS],
    /// By field: which kinds take equality for as probable as the value is common.
    shared: [[Shared; KINDS]; FIELDS],
    priors: Row,
}

/// What a field says for one person (above 0) or against it, in natural logarithms of odds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contribution {
    /// The field's name; `prior` is what is known before any field, `rivals` what is known of other candidates.
    pub field: &'static str,
    /// The grade of agreement in words.
    pub agreement: &'static str,
    /// What it adds to the log-odds.
    pub weight: f32,
}

/// How probable it is that two records are one person, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// The probability.
    pub probability: f64,
    /// Its log-odds: the sum of the contributions.
    pub log_odds: f32,
    /// What each field adds, given the fields before it, in the order in which they are told. What a field says
    /// depends on the others: an address is worth little where a name has told of a household already.
    pub contributions: Vec<Contribution>,
    /// What the two are to each other if they are not one person, in words.
    pub otherwise: &'static str,
}

impl Default for Model {
    /// The shipped weights, for a register of England's workforce.
    fn default() -> Self {
        let mut tables = Tables([[[0.0; LEVELS]; FIELDS]; ROLES]);
        for role in Role::ALL {
            for field in Field::ALL {
                let shipped = shipped::table(role, field).unwrap_or_default();
                let sum: f64 = shipped.iter().sum();
                if let Some(grades) = tables.get_mut(role, field) {
                    for (grade, probability) in grades.iter_mut().skip(1).zip(shipped) {
                        *grade = probability / sum;
                    }
                }
            }
        }
        Self::new(
            PairKind::ALL.map(shipped::expected),
            tables,
            Frequencies::england(),
        )
    }
}

impl Model {
    fn new(expected: [f64; KINDS], tables: Tables, frequencies: Frequencies) -> Self {
        let mut made = Self {
            expected,
            tables,
            frequencies,
            logs: [[[0.0; KINDS]; LEVELS]; FIELDS],
            shared: [[Shared::No; KINDS]; FIELDS],
            priors: [0.0; KINDS],
        };
        made.settle();
        made
    }

    /// Works the logarithms out anew.
    fn settle(&mut self) {
        for (prior, expected) in self.priors.iter_mut().zip(&self.expected) {
            *prior = expected.max(1e-12).ln() as f32;
        }
        for ((field, rows), shared) in Field::ALL
            .into_iter()
            .zip(&mut self.logs)
            .zip(&mut self.shared)
        {
            for ((kind, place), shared) in PairKind::ALL.into_iter().zip(0_usize..).zip(shared) {
                let role = kind.role(field);
                *shared = match role {
                    Role::Chance => Shared::All,
                    Role::Community => Shared::Community,
                    _ => Shared::No,
                };
                let role = if role == Role::Community {
                    Role::Chance
                } else {
                    role
                };
                let says_nothing = (field, role) == (Field::Order, Role::Chance);
                let grades = self.tables.get(role, field);
                for (row, probability) in rows.iter_mut().zip(grades).skip(1) {
                    if let Some(log) = row.get_mut(place) {
                        *log = if says_nothing {
                            0.0
                        } else {
                            probability.max(1e-9).ln() as f32
                        };
                    }
                }
            }
        }
    }

    /// The same weights for a register of that many people.
    #[must_use]
    pub fn with_population(mut self, people: f64) -> Self {
        for (kind, expected) in PairKind::ALL.iter().zip(&mut self.expected) {
            match kind {
                PairKind::Community => *expected = people * shipped::COMMUNITY,
                PairKind::Strangers => *expected = people * (1.0 - shipped::COMMUNITY),
                _ => {}
            }
        }
        self.settle();
        self
    }

    /// For how many records, of one, there is another of the same person.
    pub(crate) fn expected_matches(&self) -> f64 {
        self.expected.iter().take(MATCHES).sum()
    }

    /// For how many records, of one, there is a twin's at the same address.
    pub(crate) fn expected_twins(&self) -> f64 {
        self.expected
            .get(PairKind::Twins as usize)
            .copied()
            .unwrap_or(0.0)
    }

    /// How common values are taken to be.
    #[must_use]
    pub fn frequencies(&self) -> &Frequencies {
        &self.frequencies
    }

    /// Makes a record ready for [`Model::score_prepared`].
    #[must_use]
    pub fn prepare(&self, person: &Person) -> Prepared {
        Prepared::new(person, &self.frequencies)
    }

    /// Scores two people.
    #[must_use]
    pub fn score(&self, left: &Person, right: &Person) -> Score {
        self.score_prepared(&self.prepare(left), &self.prepare(right))
    }

    /// Scores two records that were made ready.
    #[must_use]
    pub fn score_prepared(&self, left: &Prepared, right: &Prepared) -> Score {
        self.explain(&compare(left, right))
    }

    /// Adds what a field's grade says to each kind.
    fn add(&self, sums: &mut Row, field: usize, level: u8, share: f32) {
        let row = self
            .logs
            .get(field)
            .and_then(|rows| rows.get(usize::from(level)));
        let (Some(row), Some(shared)) = (row, self.shared.get(field)) else {
            return;
        };
        if level == EXACT && share < 0.0 {
            let all = share;
            let community = (share + shipped::COMMUNITY_SHARE.ln()).min(-1.2);
            for ((sum, log), shared) in sums.iter_mut().zip(row).zip(shared) {
                *sum += match shared {
                    Shared::No => *log,
                    Shared::All => all,
                    Shared::Community => community,
                };
            }
        } else {
            for (sum, log) in sums.iter_mut().zip(row) {
                *sum += log;
            }
        }
    }

    /// The log-weight of each kind.
    pub(crate) fn kinds(&self, comparison: &Comparison) -> Row {
        let mut sums = self.priors;
        let values = comparison.levels.iter().zip(&comparison.shares);
        for ((level, share), field) in values.zip(0_usize..) {
            if *level != MISSING {
                self.add(&mut sums, field, *level, *share);
            }
        }
        sums
    }

    /// The log-odds that both are one person.
    #[must_use]
    pub fn log_odds(&self, comparison: &Comparison) -> f32 {
        odds(&self.kinds(comparison))
    }

    /// The same with what each field adds to them.
    #[must_use]
    pub fn explain(&self, comparison: &Comparison) -> Score {
        let mut sums = self.priors;
        let mut so_far = odds(&sums);
        let mut contributions = vec![Contribution {
            field: "prior",
            agreement: "",
            weight: so_far,
        }];
        for (place, field) in Field::ALL.into_iter().enumerate() {
            let level = comparison.level(field);
            if level == MISSING {
                continue;
            }
            let share = comparison.shares.get(place).copied().unwrap_or(0.0);
            self.add(&mut sums, place, level, share);
            let now = odds(&sums);
            contributions.push(Contribution {
                field: field.as_str(),
                agreement: field.words(level),
                weight: now - so_far,
            });
            so_far = now;
        }
        let likeliest = PairKind::ALL
            .iter()
            .zip(&sums)
            .skip(MATCHES)
            .max_by(|one, other| one.1.total_cmp(other.1))
            .map_or("", |(kind, _)| kind.words());
        Score {
            probability: probability(so_far),
            log_odds: so_far,
            contributions,
            otherwise: likeliest,
        }
    }
}

/// The probability of log-odds.
#[must_use]
pub fn probability(log_odds: f32) -> f64 {
    1.0 / (1.0 + f64::from(-log_odds).exp())
}

/// The logarithm of a sum of which the logarithms are given.
pub(crate) fn log_sum(logs: &[f32]) -> f32 {
    let most = logs.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    if most == f32::NEG_INFINITY {
        return most;
    }
    most + logs.iter().map(|log| (log - most).exp()).sum::<f32>().ln()
}

/// The log-odds of the kinds that are one person against the others.
fn odds(kinds: &Row) -> f32 {
    let (same, other) = kinds.split_at(MATCHES);
    log_sum(same) - log_sum(other)
}
