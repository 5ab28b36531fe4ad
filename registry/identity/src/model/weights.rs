//! Weights as a file: what was estimated once and is used again.

use super::Model;
use super::kind::{PairKind, Role};
use crate::compare::Field;
use crate::frequency::Frequencies;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The number of the layout.
const FORMAT: u32 = 1;

/// Why a text is not a file of weights.
#[derive(Debug, thiserror::Error)]
pub enum WeightsError {
    /// It is no JSON of that shape.
    #[error("not a file of weights: {0}")]
    Shape(#[from] serde_json::Error),
    /// It was written by another version.
    #[error("weights of layout {0}; this version reads layout {FORMAT}")]
    Format(u32),
    /// A kind, role or field has another number of values than this version.
    #[error("weights that do not fit this version: {0}")]
    Fit(String),
}

#[derive(Serialize, Deserialize)]
struct Weights {
    format: u32,
    /// How many records of each kind are expected for one record.
    expected: BTreeMap<String, f64>,
    /// By field, then role: the probability of each grade from equality on.
    grades: BTreeMap<String, BTreeMap<String, Vec<f64>>>,
    frequencies: Frequencies,
}

impl Model {
    /// The weights as JSON, with the names that are common; of birth dates, addresses and rarer names it holds none.
    ///
    /// # Errors
    /// A weight is no number, which does not happen.
    pub fn to_json(&self) -> Result<String, WeightsError> {
        let expected = PairKind::ALL.iter().zip(self.expected);
        let mut grades: BTreeMap<String, BTreeMap<String, Vec<f64>>> = BTreeMap::new();
        for field in Field::ALL {
            for role in Role::ALL {
                let of_field = usize::from(field.different());
                let values: Vec<f64> = self
                    .tables
                    .get(role, field)
                    .iter()
                    .skip(1)
                    .take(of_field)
                    .copied()
                    .collect();
                if values.iter().any(|value| *value > 0.0) {
                    let roles = grades.entry(field.as_str().to_owned()).or_default();
                    roles.insert(role.as_str().to_owned(), values);
                }
            }
        }
        let weights = Weights {
            format: FORMAT,
            expected: expected
                .map(|(kind, expected)| (kind.words().to_owned(), expected))
                .collect(),
            grades,
            frequencies: self.frequencies.common(),
        };
        Ok(serde_json::to_string_pretty(&weights)?)
    }

    /// Reads what [`Model::to_json`] wrote.
    ///
    /// # Errors
    /// The text is something else, or of another version.
    pub fn from_json(text: &str) -> Result<Self, WeightsError> {
        let weights: Weights = serde_json::from_str(text)?;
        if weights.format != FORMAT {
            return Err(WeightsError::Format(weights.format));
        }
        let mut model = Self::default();
        for (kind, expected) in PairKind::ALL.iter().zip(&mut model.expected) {
            let stated = weights.expected.get(kind.words()).copied();
            *expected = stated
                .filter(|value| value.is_finite() && *value > 0.0)
                .ok_or_else(|| WeightsError::Fit(kind.words().to_owned()))?;
        }
        for field in Field::ALL {
            for role in Role::ALL {
                let stated = weights
                    .grades
                    .get(field.as_str())
                    .and_then(|roles| roles.get(role.as_str()));
                let (Some(stated), Some(grades)) = (stated, model.tables.get_mut(role, field))
                else {
                    continue;
                };
                let sound = stated
                    .iter()
                    .all(|value| value.is_finite() && (0.0..=1.0).contains(value));
                if stated.len() != usize::from(field.different()) || !sound {
                    return Err(WeightsError::Fit(format!(
                        "{} of {}",
                        field.as_str(),
                        role.as_str()
                    )));
                }
                for (grade, value) in grades.iter_mut().skip(1).zip(stated) {
                    *grade = *value;
                }
            }
        }
        model.frequencies = weights.frequencies;
        model.settle();
        Ok(model)
    }

    /// The same weights with values as common as given.
    pub(crate) fn with_frequencies(mut self, frequencies: Frequencies) -> Self {
        self.frequencies = frequencies;
        self
    }
}
