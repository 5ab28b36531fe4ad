//! Who somebody is, and when two are the same person.

use schema::{Code, RecognitionNumber};
use std::collections::BTreeSet;

/// As whom a token speaks: `iss` and `sub`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token {
    /// `iss`.
    pub issuer: String,
    /// `sub`.
    pub subject: String,
}

/// A person, by all that is known of them: the tokens they came with, and the learners whom those named.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Person {
    /// The tokens.
    pub tokens: BTreeSet<Token>,
    /// The learners, by the registry's identifiers.
    pub learners: BTreeSet<[u8; 16]>,
}

impl Person {
    /// Somebody with that token, whose learner is that one where it names any.
    #[must_use]
    pub fn of(token: Option<Token>, learner: Option<[u8; 16]>) -> Self {
        Self {
            tokens: token.into_iter().collect(),
            learners: learner.into_iter().collect(),
        }
    }

    /// Whether the two are the same person: a token of both is equal, or a learner is. Of nobody at all it is not known,
    /// and nobody is the same as nobody.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        !self.tokens.is_disjoint(&other.tokens) || !self.learners.is_disjoint(&other.learners)
    }

    /// The same person with all that follows from what tokens ever named: who came with the same token as another learner
    /// names, or as the same learner with another token.
    #[must_use]
    pub fn known_by(mut self, named: &[(Token, [u8; 16])]) -> Self {
        loop {
            let before = (self.tokens.len(), self.learners.len());
            for (token, learner) in named {
                if self.tokens.contains(token) || self.learners.contains(learner) {
                    self.tokens.insert(token.clone());
                    self.learners.insert(*learner);
                }
            }
            if before == (self.tokens.len(), self.learners.len()) {
                return self;
            }
        }
    }
}

/// What somebody is on a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Whose claim it is.
    Claimant,
    /// The awarding body to which it is made.
    Body,
    /// Judges evidence against outcomes.
    Assessor,
    /// Assures the quality of that judgement.
    Assurer,
    /// Testifies for the claimant.
    Witness,
}

impl Part {
    /// Every part.
    pub const ALL: [Self; 5] = [
        Self::Claimant,
        Self::Body,
        Self::Assessor,
        Self::Assurer,
        Self::Witness,
    ];

    /// The name under which the part is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Claimant => "claimant",
            Self::Body => "body",
            Self::Assessor => "assessor",
            Self::Assurer => "assurer",
            Self::Witness => "witness",
        }
    }
}

/// Who acts: the person, and what their token lets them be.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Actor {
    /// The person.
    pub person: Person,
    /// What the roles of the token let them be.
    pub parts: BTreeSet<Part>,
    /// The awarding body that the token names.
    pub body: Option<RecognitionNumber>,
}

impl Actor {
    /// Answers nothing where the token lets them be that.
    ///
    /// # Errors
    /// [`Code::Forbidden`].
    pub(crate) fn demand(&self, part: Part) -> Result<(), Code> {
        if self.parts.contains(&part) {
            Ok(())
        } else {
            Err(Code::Forbidden)
        }
    }
}
