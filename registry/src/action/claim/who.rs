//! Who asks, as a claim sees them, and how somebody else's token is named.

use crate::access::{Caller, Issuers, LearnerClaim, Right};
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::claim::{self, Known};
use crate::model::learner;
use ::claim::{Actor, Part, Token};
use schema::Code;

/// Somebody who asks: their token, the learner whom it names, and what its roles let them be.
#[derive(Clone)]
pub(super) struct Who {
    /// The token.
    pub(super) token: Token,
    /// The learner whom it names as they answer now, whatever the role.
    pub(super) learner: Option<Id>,
    caller: Caller,
}

impl Who {
    /// Whoever asks.
    ///
    /// # Errors
    /// [`Code::Unauthenticated`] without a token; [`Error`] where the database does not answer.
    pub(super) fn asks(connection: &mut Connection, caller: &Caller) -> Result<Self, Error> {
        let identity = caller.identity.clone();
        let (issuer, subject) = identity.ok_or_else(|| Error::from(Code::Unauthenticated))?;
        let row = match &caller.learner {
            Some(LearnerClaim::Id(id)) => learner::find(connection, *id)?,
            Some(LearnerClaim::Uln(uln)) => learner::find_by_uln(connection, *uln)?,
            None => None,
        };
        Ok(Self {
            token: Token { issuer, subject },
            learner: row.map(|row| row.id),
            caller: caller.clone(),
        })
    }

    /// The token with the learner whom it names.
    pub(super) fn pair(&self) -> (Token, Option<Id>) {
        (self.token.clone(), self.learner)
    }

    /// The learner as whom they claim.
    pub(super) fn claims_as(&self) -> Option<Id> {
        self.learner
            .filter(|_| self.caller.may(Right::ClaimPriorLearning))
    }

    /// As an actor: what the roles of their token let them be. Whoever is somebody else than the claimant may testify.
    pub(super) fn actor(&self, known: &Known) -> Actor {
        let parts = [
            (Right::ClaimPriorLearning, Part::Claimant),
            (Right::AssignClaims, Part::Body),
            (Right::AssessClaims, Part::Assessor),
            (Right::AssureClaims, Part::Assurer),
        ];
        let parts = parts
            .into_iter()
            .filter(|(right, _)| self.caller.may(*right));
        Actor {
            person: known.person(Some(self.token.clone()), self.learner),
            parts: parts.map(|(_, part)| part).chain([Part::Witness]).collect(),
            // A body's own token, or that of somebody who works for it.
            body: self.caller.awarding_body,
        }
    }

    /// Remembers whom the token names, so that another token of the same person is known to be that.
    pub(super) fn remember(
        &self,
        connection: &mut Connection,
        now: chrono::NaiveDateTime,
    ) -> Result<(), Error> {
        if let Some(learner) = self.learner {
            claim::remember(connection, &self.token, learner, now)?;
        }
        Ok(())
    }
}

/// How tokens are named by those who speak of them: by their subject, where only one issuer is trusted, else by issuer and
/// subject with a bar between them.
#[derive(Debug, Clone)]
pub struct Naming {
    issuers: Vec<String>,
}

impl Naming {
    /// That of these issuers.
    #[must_use]
    pub fn of(issuers: &Issuers) -> Self {
        let mut issuers: Vec<String> = issuers.names().map(str::to_owned).collect();
        // The longest first, where one begins as another does.
        issuers.sort_by_key(|name| (std::cmp::Reverse(name.len()), name.clone()));
        Self { issuers }
    }

    /// The token of that name.
    ///
    /// # Errors
    /// [`Code::InputInvalid`] where it is no name, or does not say of which issuer.
    pub fn read(&self, name: &str) -> Result<Token, Error> {
        let named = self.issuers.iter().find_map(|issuer| {
            let subject = name.strip_prefix(issuer.as_str())?.strip_prefix('|')?;
            Some((issuer.clone(), subject.to_owned()))
        });
        let named = match (named, self.issuers.as_slice()) {
            (Some(named), _) => Some(named),
            (None, [only]) => Some((only.clone(), name.to_owned())),
            (None, _) => None,
        };
        match named {
            Some((issuer, subject)) if !subject.is_empty() && subject.len() <= 500 => {
                Ok(Token { issuer, subject })
            }
            _ => Err(Error::with(
                Code::InputInvalid,
                "Name people by the issuer and the subject of their token, as issuer|subject.",
            )),
        }
    }

    /// The name of a token.
    #[must_use]
    pub fn show(&self, issuer: &str, subject: &str) -> String {
        match self.issuers.as_slice() {
            [only] if only == issuer => subject.to_owned(),
            _ => format!("{issuer}|{subject}"),
        }
    }
}
