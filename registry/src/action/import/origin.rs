//! Whose word a push is, and so how far it is believed.

use crate::access::{Caller, Right};
use crate::config::Config;
use crate::db::Id;
use crate::error::Error;
use crate::model::source;
use record::{SourceKind, Standing};
use schema::{Code, RecognitionNumber};

/// Whose word a push is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// An awarding body's own results.
    Body(RecognitionNumber),
    /// What an operator or steward brings that is not one body's push.
    Operator,
    /// What a person brings for themselves.
    Learner(Id),
}

impl Origin {
    /// The origin of what a caller pushes. `learner` is the caller's own, looked up.
    ///
    /// # Errors
    /// [`Code::Unauthenticated`] or [`Code::Forbidden`] where no role of the caller may push;
    /// [`Code::BodyMismatch`] where `named` is not the caller's own body.
    pub fn of(
        caller: &Caller,
        named: Option<RecognitionNumber>,
        learner: Option<Id>,
    ) -> Result<Self, Error> {
        if let Some(body) = caller.body().filter(|_| caller.may(Right::PushOwnResults)) {
            return match named {
                Some(other) if other != body => Err(Error::from(Code::BodyMismatch)),
                _ => Ok(Self::Body(body)),
            };
        }
        if caller.may(Right::PushForOthers) {
            return match named {
                // Only a body's own token makes results its word.
                Some(_) => Err(Error::from(Code::BodyMismatch)),
                None => Ok(Self::Operator),
            };
        }
        match learner.filter(|_| caller.may(Right::PresentOneself)) {
            Some(_) if named.is_some() => Err(Error::from(Code::BodyMismatch)),
            Some(learner) => Ok(Self::Learner(learner)),
            None => {
                caller.demand(Right::PushOwnResults)?;
                Err(Error::from(Code::Forbidden))
            }
        }
    }

    /// The name under which this origin's statements replace each other.
    #[must_use]
    pub fn submitter(&self, adapter: &str, config: &Config) -> String {
        match self {
            Self::Body(body) => source::submitter_of(*body),
            Self::Operator if trusted(adapter, config) => format!("recorder:{adapter}"),
            Self::Operator => format!("operator:{adapter}"),
            Self::Learner(id) => id.show("learner"),
        }
    }

    /// How far this origin's word goes.
    #[must_use]
    pub fn standing(&self, adapter: &str, config: &Config) -> Standing {
        match self {
            Self::Body(_) => Standing::Attested,
            Self::Operator if trusted(adapter, config) => Standing::Recorded,
            Self::Operator | Self::Learner(_) => Standing::SelfPresented,
        }
    }

    /// What kind of source it is.
    #[must_use]
    pub fn kind(&self, adapter: &str, config: &Config) -> SourceKind {
        match self {
            Self::Body(_) => SourceKind::AwardingBody,
            Self::Operator if trusted(adapter, config) => SourceKind::LearningRecords,
            Self::Operator => SourceKind::Transcript,
            Self::Learner(_) => SourceKind::Badge,
        }
    }
}

fn trusted(adapter: &str, config: &Config) -> bool {
    config
        .sources
        .trusted_recorders
        .iter()
        .any(|name| name == adapter)
}
