//! The terms on which an awarding body takes claims by a route: data, with the days on which it is in force.

use crate::route::ClaimRoute;
use schema::{Date, RecognitionNumber};
use serde::{Deserialize, Serialize};

/// Who may assess and assure for the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Assessors {
    /// Whoever it assigns.
    Any,
    /// Only those whose token names the body.
    Own,
}

/// How much of an assessment is looked at in assurance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sampling {
    /// All of it.
    Full,
    /// So many of a hundred outcomes, at least one.
    Share(u8),
}

/// A body's terms for a route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The body.
    pub body: RecognitionNumber,
    /// The route.
    pub route: ClaimRoute,
    /// The first day on which they are in force.
    pub from: Option<Date>,
    /// The last day.
    pub until: Option<Date>,
    /// Whether what is gained carries the unit's credit.
    pub earns_credit: bool,
    /// The most credit that one person may gain from the body by the route.
    pub most_credit: Option<u16>,
    /// Of a qualification's credit, how many of a hundred may come by the route.
    pub most_share: Option<u8>,
    /// How many months old evidence may be when it is judged.
    pub current_months: Option<u16>,
    /// Who may assess and assure.
    pub assessors: Assessors,
    /// How much is looked at in assurance.
    pub sampling: Sampling,
    /// Units, by reference, that cannot be claimed so: assessed externally, a licence to practise.
    pub excluded: Vec<String>,
    /// Days from submission to the assessor's judgement.
    pub assessment_days: u16,
    /// Days from there to the assurer's decision.
    pub assurance_days: u16,
    /// Days in which a decision can be appealed against.
    pub appeal_days: u16,
    /// Days before a day that is due on which those concerned are reminded.
    pub reminder_days: u16,
    /// Months for which files of evidence are kept after the claim has ended.
    pub retention_months: u16,
    /// Where it was read; none where the body has none and the general terms apply.
    pub source: Option<String>,
}

impl Terms {
    /// The general terms, where a body has none of its own: no cap and no limit of age, since no regulator's was found;
    /// every judgement assured; an exemption earns no credit. The days are this registry's.
    #[must_use]
    pub fn general(body: RecognitionNumber, route: ClaimRoute) -> Self {
        Self {
            body,
            route,
            from: None,
            until: None,
            earns_credit: route.earns_credit(),
            most_credit: None,
            most_share: None,
            current_months: None,
            assessors: Assessors::Any,
            sampling: Sampling::Full,
            excluded: Vec::new(),
            assessment_days: 42,
            assurance_days: 21,
            appeal_days: 28,
            reminder_days: 7,
            retention_months: 36,
            source: None,
        }
    }

    /// Whether they are in force on a day.
    #[must_use]
    pub fn in_force(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }

    /// The terms of a body for a route on a day: of several the ones that began last, else the general ones.
    #[must_use]
    pub fn on(policies: &[Self], body: RecognitionNumber, route: ClaimRoute, day: Date) -> Self {
        let own = policies
            .iter()
            .filter(|one| one.body == body && one.route == route && one.in_force(day));
        own.max_by_key(|one| one.from)
            .cloned()
            .unwrap_or_else(|| Self::general(body, route))
    }
}
