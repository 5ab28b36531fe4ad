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

/// Log-probabilities of the grades of one field.
type Grades = [f32; LEVELS];

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
    /// Logarithms of the above, by kind and field.
    logs: [[Grades; FIELDS]; KINDS],
    priors: [f32; KINDS],
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
            logs: [[[0.0; LEVELS]; FIELDS]; KINDS],
            priors: [0.0; KINDS],
        };
        made.settle();
        made
    }

    /// Works the logarithms out anew.
    fn settle(&mut self) {
        for ((kind, fields), (prior, expected)) in PairKind::ALL
            .iter()
            .zip(&mut self.logs)
            .zip(self.priors.iter_mut().zip(&self.expected))
        {
            *prior = expected.max(1e-12).ln() as f32;
            for (field, logs) in Field::ALL.iter().zip(fields) {
                let role = match kind.role(*field) {
                    Role::Community => Role::Chance,
                    role => role,
                };
                if (*field, role) == (Field::Order, Role::Chance) {
                    *logs = [0.0; LEVELS];
                    continue;
                }
                for (log, probability) in logs.iter_mut().zip(self.tables.get(role, *field)).skip(1)
                {
                    *log = probability.max(1e-9).ln() as f32;
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

    /// What a field's grade says under a kind.
    fn log(&self, kind: PairKind, logs: &Grades, field: Field, level: u8, share: f32) -> f32 {
        if level == EXACT && share > 0.0 {
            match kind.role(field) {
                Role::Chance => return share.ln(),
                Role::Community => return (share * shipped::COMMUNITY_SHARE).min(0.3).ln(),
                _ => {}
            }
        }
        logs.get(usize::from(level)).copied().unwrap_or(0.0)
    }

    /// The log-weight of each kind.
    pub(crate) fn kinds(&self, comparison: &Comparison) -> [f32; KINDS] {
        let mut sums = self.priors;
        for ((kind, fields), sum) in PairKind::ALL.iter().zip(&self.logs).zip(&mut sums) {
            for (((field, logs), level), share) in Field::ALL
                .iter()
                .zip(fields)
                .zip(&comparison.levels)
                .zip(&comparison.shares)
            {
                if *level != MISSING {
                    *sum += self.log(*kind, logs, *field, *level, *share);
                }
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
            for ((kind, fields), sum) in PairKind::ALL.iter().zip(&self.logs).zip(&mut sums) {
                if let Some(logs) = fields.get(place) {
                    *sum += self.log(*kind, logs, field, level, share);
                }
            }
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
pub(crate) fn probability(log_odds: f32) -> f64 {
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
fn odds(kinds: &[f32; KINDS]) -> f32 {
    let (same, other) = kinds.split_at(MATCHES);
    log_sum(same) - log_sum(other)
}
