//! The stages of a claim, each a type.

use crate::facts::Facts;
use std::marker::PhantomData;

/// The state as others name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names of the contract's ClaimState")]
pub enum State {
    Draft,
    Submitted,
    InAssessment,
    InAssurance,
    Awarded,
    PartlyAwarded,
    Declined,
    UnderAppeal,
    Closed,
    Withdrawn,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 10] = [
        Self::Draft,
        Self::Submitted,
        Self::InAssessment,
        Self::InAssurance,
        Self::Awarded,
        Self::PartlyAwarded,
        Self::Declined,
        Self::UnderAppeal,
        Self::Closed,
        Self::Withdrawn,
    ];

    /// The name under which the state is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::InAssessment => "in-assessment",
            Self::InAssurance => "in-assurance",
            Self::Awarded => "awarded",
            Self::PartlyAwarded => "partly-awarded",
            Self::Declined => "declined",
            Self::UnderAppeal => "under-appeal",
            Self::Closed => "closed",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state of that name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether nothing more becomes of it.
    #[must_use]
    pub fn ended(self) -> bool {
        matches!(self, Self::Closed | Self::Withdrawn)
    }
}

/// Which time round: the claim itself, or an appeal against what was decided of it.
pub trait Round {
    /// Whether it is the appeal.
    const APPEAL: bool;
}

/// The claim itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct First;

/// An appeal against what was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appeal;

impl Round for First {
    const APPEAL: bool = false;
}

impl Round for Appeal {
    const APPEAL: bool = true;
}

/// The claimant gathers evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft;
/// It waits for an assessor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submitted;
/// The assessor judges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InAssessment<R>(PhantomData<R>);
/// The assurer looks at the judgement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InAssurance<R>(PhantomData<R>);
/// Every unit is granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Awarded;
/// Some units are granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartlyAwarded;
/// No unit is granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declined;
/// The claimant appeals, and another assessor is to be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appealed;
/// What was decided stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed;
/// The claimant took it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawn;

/// A claim at a stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim<S> {
    facts: Facts,
    stage: PhantomData<S>,
}

impl<S> Claim<S> {
    pub(crate) fn at(facts: Facts) -> Self {
        Self {
            facts,
            stage: PhantomData,
        }
    }

    /// What is known of it.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    pub(crate) fn facts_mut(&mut self) -> &mut Facts {
        &mut self.facts
    }

    pub(crate) fn go<T>(self) -> Claim<T> {
        Claim::at(self.facts)
    }
}

impl Claim<Draft> {
    /// A new claim.
    #[must_use]
    pub fn open(facts: Facts) -> Self {
        Self::at(facts)
    }
}
