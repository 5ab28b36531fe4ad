//! Who asks: what a verified token says, or nobody.

use super::rights::{RIGHTS, Right};
use crate::db::Id;
use crate::error::Error;
use schema::{Code, RecognitionNumber, Uln};
use std::collections::BTreeSet;

/// The roles that a token may carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, clap::ValueEnum)]
#[value(rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "the roles are described in the table of rights"
)]
pub enum Role {
    Practitioner,
    AwardingBody,
    Employer,
    Assessor,
    QualityAssurer,
    Steward,
    Statistician,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 7] = [
        Self::Practitioner,
        Self::AwardingBody,
        Self::Employer,
        Self::Assessor,
        Self::QualityAssurer,
        Self::Steward,
        Self::Statistician,
    ];

    /// The role as tokens name it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Practitioner => "practitioner",
            Self::AwardingBody => "awarding_body",
            Self::Employer => "employer",
            Self::Assessor => "assessor",
            Self::QualityAssurer => "quality_assurer",
            Self::Steward => "steward",
            Self::Statistician => "statistician",
        }
    }

    /// The role of that name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }
}

/// The learner that a token names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LearnerClaim {
    /// By the registry's own identifier.
    Id(Id),
    /// By ULN.
    Uln(Uln),
}

/// Who asks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Caller {
    /// `iss` and `sub`, where there is a token.
    pub identity: Option<(String, String)>,
    /// The roles.
    pub roles: BTreeSet<Role>,
    /// The body for which an `awarding_body` speaks.
    pub awarding_body: Option<RecognitionNumber>,
    /// The organisation for which an `employer` speaks.
    pub employer: Option<String>,
    /// The learner whom the token names.
    pub learner: Option<LearnerClaim>,
}

impl Caller {
    /// Somebody without a token.
    #[must_use]
    pub fn nobody() -> Self {
        Self::default()
    }

    /// Whether the caller has the right.
    #[must_use]
    pub fn may(&self, right: Right) -> bool {
        RIGHTS
            .iter()
            .filter(|(granted, _)| *granted == right)
            .any(|(_, roles)| roles.iter().any(|role| self.is(*role)))
    }

    /// Whether the caller has the role with all that the role needs: a body its number, an employer its
    /// organisation, a practitioner their learner.
    #[must_use]
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
            && match role {
                Role::Practitioner => self.learner.is_some(),
                Role::AwardingBody => self.awarding_body.is_some(),
                Role::Employer => self.employer.is_some(),
                _ => true,
            }
    }

    /// Answers nothing where the caller has the right.
    ///
    /// # Errors
    /// [`Code::Unauthenticated`] where there is no token at all, [`Code::Forbidden`] where there is one.
    pub fn demand(&self, right: Right) -> Result<(), Error> {
        if self.may(right) {
            Ok(())
        } else if self.identity.is_none() {
            Err(Error::from(Code::Unauthenticated))
        } else {
            Err(Error::from(Code::Forbidden))
        }
    }

    /// The body for which the caller speaks.
    #[must_use]
    pub fn body(&self) -> Option<RecognitionNumber> {
        if self.is(Role::AwardingBody) {
            self.awarding_body
        } else {
            None
        }
    }

    /// The learner as whom the caller speaks.
    #[must_use]
    pub fn own_learner(&self) -> Option<&LearnerClaim> {
        if self.is(Role::Practitioner) {
            self.learner.as_ref()
        } else {
            None
        }
    }

    /// The key under which receipts are the caller's own.
    #[must_use]
    pub fn key(&self) -> String {
        match &self.identity {
            Some((issuer, subject)) => format!("{issuer}\u{1f}{subject}"),
            None => "anonymous".to_owned(),
        }
    }

    /// The key under which imports and idempotency keys are the caller's own. One who pushes for two bodies is
    /// two callers: what was pushed for the one is no business of the other.
    #[must_use]
    pub fn pushing_key(&self) -> String {
        match self.body() {
            Some(body) => format!("{}\u{1f}{body}", self.key()),
            None => self.key(),
        }
    }

    /// Who it was, in the words of an access ledger.
    #[must_use]
    pub fn name(&self) -> String {
        let subject = self
            .identity
            .as_ref()
            .map_or("somebody without a token", |(_, subject)| subject);
        match (self.body(), &self.employer) {
            (Some(body), _) => format!("{body} ({subject})"),
            (None, Some(employer)) if self.is(Role::Employer) => format!("{employer} ({subject})"),
            _ => subject.to_owned(),
        }
    }

    /// The role in which the caller looks, in the words of an access ledger.
    #[must_use]
    pub fn role_name(&self) -> &'static str {
        self.roles
            .iter()
            .find(|role| self.is(**role))
            .map_or("none", |role| role.as_str())
    }
}
