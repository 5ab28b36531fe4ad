//! The four routes. They are never confused: each asks for evidence of its own and has its own effect on credit.
//!
//! Recognition of prior learning is of learning that nobody certificated, assessed against each outcome of the unit
//! (Ofqual, General Condition E10). Credit transfer is of a unit already certificated in the framework; equivalence of
//! another achievement in it that is held to be equal; exemption of one certificated outside it, and earns no credit of its
//! own unless the body's terms say so.

use crate::EvidenceKind;
use crate::evidence::Evidence;
use schema::Route;
use serde::{Deserialize, Serialize};

/// A route by which prior learning is claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ClaimRoute {
    /// Recognition of prior learning.
    PriorLearning,
    /// Credit transfer.
    CreditTransfer,
    /// Exemption.
    Exemption,
    /// Equivalence.
    Equivalence,
}

/// Against what a claim is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judging {
    /// Each learning outcome of each unit.
    Outcomes,
    /// Each unit as a whole: what was certificated stands for it or does not.
    Units,
}

impl ClaimRoute {
    /// Every route.
    pub const ALL: [Self; 4] = [
        Self::PriorLearning,
        Self::CreditTransfer,
        Self::Exemption,
        Self::Equivalence,
    ];

    /// The route of that name; none where it is the ordinary one, by which nothing is claimed.
    #[must_use]
    pub fn of(route: Route) -> Option<Self> {
        match route {
            Route::Award => None,
            Route::PriorLearning => Some(Self::PriorLearning),
            Route::CreditTransfer => Some(Self::CreditTransfer),
            Route::Exemption => Some(Self::Exemption),
            Route::Equivalence => Some(Self::Equivalence),
        }
    }

    /// The route of an award that is gained by it.
    #[must_use]
    pub fn route(self) -> Route {
        match self {
            Self::PriorLearning => Route::PriorLearning,
            Self::CreditTransfer => Route::CreditTransfer,
            Self::Exemption => Route::Exemption,
            Self::Equivalence => Route::Equivalence,
        }
    }

    /// Against what it is judged.
    #[must_use]
    pub fn judging(self) -> Judging {
        match self {
            Self::PriorLearning => Judging::Outcomes,
            _ => Judging::Units,
        }
    }

    /// Whether what is gained by it carries the unit's credit, where the body's terms do not say.
    #[must_use]
    pub fn earns_credit(self) -> bool {
        self != Self::Exemption
    }

    /// Whether a piece of evidence is what the route rests on, for the unit of that reference.
    #[must_use]
    pub fn rests_on(self, evidence: &Evidence, unit: &str, equivalents: &[String]) -> bool {
        let is = |code: &str| evidence.of.as_deref() == Some(code);
        let certificated = evidence.kind == EvidenceKind::Achievement && evidence.counts;
        match self {
            Self::PriorLearning => true,
            // The same unit, or one that the framework accepts in its place: certificated, and still standing.
            Self::CreditTransfer => {
                certificated && (is(unit) || equivalents.iter().any(|other| is(other)))
            }
            Self::Equivalence => certificated && !is(unit),
            // What was certificated elsewhere is on no record here, but for what the person brought.
            Self::Exemption => match evidence.kind {
                EvidenceKind::Document => true,
                EvidenceKind::Achievement => !is(unit),
                _ => false,
            },
        }
    }
}
