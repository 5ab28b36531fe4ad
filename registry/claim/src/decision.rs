//! What comes of an assured claim: units granted, within the caps, and what would close the gap for the others.

use crate::facts::{Facts, Unit};
use crate::judgement::{Met, Quality};

/// A unit that is granted. Made by [`crate::Claim::assure`] and by nothing else, so that there is no credit without
/// assurance.
#[derive(Debug, PartialEq, Eq)]
pub struct Granted {
    unit: usize,
    credit: Option<u16>,
}

impl Granted {
    /// The place of the unit in the claim.
    #[must_use]
    pub fn unit(&self) -> usize {
        self.unit
    }

    /// The credit that comes with it; none where the route earns none, or the unit's is not known.
    #[must_use]
    pub fn credit(&self) -> Option<u16> {
        self.credit
    }
}

/// What a decision comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Every unit of the claim is granted.
    Awarded,
    /// Some are.
    PartlyAwarded,
    /// None is.
    Declined,
}

/// What keeps a unit from being granted, and so what would close the gap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Feedback {
    /// An outcome is not met yet.
    NotYet {
        /// The outcome's name.
        outcome: String,
        /// What the evidence for it is not.
        lacking: Vec<Quality>,
        /// What assessor or assurer say.
        note: Option<String>,
    },
    /// Whether an outcome is met, the evidence does not say.
    Undetermined {
        /// The outcome's name.
        outcome: String,
        /// What the evidence for it is not.
        lacking: Vec<Quality>,
        /// What the assessor says.
        note: Option<String>,
    },
    /// All is shown, and the unit would go beyond what one person may gain so.
    CapReached {
        /// The place of the unit.
        unit: usize,
        /// The most credit.
        most: u16,
    },
    /// All is shown, and how much credit the unit has is not known: whether it is within the cap cannot be said.
    CreditUnknown {
        /// The place of the unit.
        unit: usize,
        /// The most credit.
        most: u16,
    },
}

/// What was decided.
#[derive(Debug, PartialEq, Eq)]
pub struct Decision {
    /// What it comes to, with what was granted before an appeal.
    pub outcome: Outcome,
    /// What is granted now.
    pub granted: Vec<Granted>,
    /// What would close the gap for the rest.
    pub feedback: Vec<Feedback>,
}

/// Decides by the judgements that count. `gained`: the credit that the claimant has from the body by the route already.
pub(crate) fn decide(facts: &Facts, gained: u32) -> Decision {
    let (mut granted, mut feedback) = (Vec::new(), Vec::new());
    let mut gained = gained;
    for (place, unit) in facts.units.iter().enumerate() {
        if unit.granted {
            continue;
        }
        let gaps = gaps(facts, place);
        if !gaps.is_empty() {
            feedback.extend(gaps);
            continue;
        }
        match within_cap(facts, unit, gained) {
            Ok(credit) => {
                gained += u32::from(credit.unwrap_or(0));
                granted.push(Granted {
                    unit: place,
                    credit,
                });
            }
            Err(most) if unit.credit.is_none() => {
                feedback.push(Feedback::CreditUnknown { unit: place, most });
            }
            Err(most) => feedback.push(Feedback::CapReached { unit: place, most }),
        }
    }
    let before = facts.units.iter().filter(|unit| unit.granted).count();
    let outcome = match before + granted.len() {
        0 => Outcome::Declined,
        many if many == facts.units.len() => Outcome::Awarded,
        _ => Outcome::PartlyAwarded,
    };
    Decision {
        outcome,
        granted,
        feedback,
    }
}

/// The credit with which a unit is granted, or the cap that it would break.
fn within_cap(facts: &Facts, unit: &Unit, gained: u32) -> Result<Option<u16>, u16> {
    if !facts.terms.earns_credit {
        return Ok(None);
    }
    match (facts.terms.most_credit, unit.credit) {
        (None, credit) => Ok(credit),
        (Some(most), Some(credit)) if gained + u32::from(credit) <= u32::from(most) => {
            Ok(Some(credit))
        }
        (Some(most), _) => Err(most),
    }
}

/// What of a unit is not shown.
fn gaps(facts: &Facts, unit: usize) -> Vec<Feedback> {
    let outcomes = facts.outcomes.iter().filter(|one| one.unit == unit);
    let gap = |name: &String| {
        let outcome = name.clone();
        let Some(judged) = facts.judgement(name) else {
            return Some(Feedback::Undetermined {
                outcome,
                lacking: Vec::new(),
                note: None,
            });
        };
        let (lacking, note) = (judged.qualities.lacking(), judged.note.clone());
        match judged.met {
            Met::Yes => None,
            Met::NotYet => Some(Feedback::NotYet {
                outcome,
                lacking,
                note,
            }),
            Met::Undetermined => Some(Feedback::Undetermined {
                outcome,
                lacking,
                note,
            }),
        }
    };
    outcomes.filter_map(|one| gap(&one.name)).collect()
}
