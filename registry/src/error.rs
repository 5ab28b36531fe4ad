//! The one error policy. Whatever can go wrong ends in an [`Error`]: an expected failure with a stable code
//! from the shared table, a wrong configuration, or something internal.
//!
//! An expected failure is data: its code and words go to whoever asked. What is internal is logged once,
//! here, with an id, and the client sees the id and nothing else. [`Error::http_status`] and
//! [`Error::exit_code`] are the one table from codes to the outside.

use schema::{Code, Language};
use std::path::Path;

/// Everything that can go wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A failure that the one who asked can understand and act upon.
    #[error("{} ({code})", detail.as_deref().unwrap_or_else(|| code.message(Language::English)))]
    Expected {
        /// The stable code.
        code: Code,
        /// Words for this case, instead of the code's general ones. Never personal data.
        detail: Option<String>,
    },
    /// A configuration that cannot be used.
    #[error("configuration: {key} {problem}")]
    Configuration {
        /// The key, dotted.
        key: String,
        /// What is wrong and what is allowed.
        problem: String,
    },
    /// Something inside. The cause is in the log under this id.
    #[error("internal error {id}")]
    Internal {
        /// The id under which the log has the cause.
        id: String,
        /// A connection was lost or could not be made: trying again may help.
        unavailable: bool,
    },
}

impl Error {
    /// A configuration that cannot be used: `problem` continues "key …".
    pub fn configuration(key: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Configuration {
            key: key.into(),
            problem: problem.into(),
        }
    }

    /// An expected failure in words of its own.
    pub fn with(code: Code, detail: impl Into<String>) -> Self {
        Self::Expected {
            code,
            detail: Some(detail.into()),
        }
    }

    /// Something inside that nobody outside should see. It is logged here, once.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        let id = uuid::Uuid::new_v4().simple().to_string();
        metrics::counter!("registry_internal_errors_total").increment(1);
        tracing::error!(error_id = %id, %cause, "internal error");
        Self::Internal {
            id,
            unavailable: false,
        }
    }

    /// The database cannot be reached. The engine's words go to the log only.
    pub fn database_unreachable(cause: impl std::fmt::Display) -> Self {
        let id = uuid::Uuid::new_v4().simple().to_string();
        tracing::error!(error_id = %id, %cause, "the database cannot be reached");
        Self::Internal {
            id,
            unavailable: true,
        }
    }

    /// A file or folder of the registry's own could not be used; a full disk has its own code.
    #[must_use]
    pub fn file(path: &Path, cause: &std::io::Error) -> Self {
        if matches!(
            cause.kind(),
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded
        ) {
            return Self::from(Code::DiskFull);
        }
        Self::internal(format_args!("{}: {cause}", path.display()))
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::Expected { code, .. } => *code,
            Self::Internal {
                unavailable: true, ..
            } => Code::Unavailable,
            Self::Configuration { .. } | Self::Internal { .. } => Code::Internal,
        }
    }

    /// Words for whoever asked, in their language where there are no words for the special case.
    #[must_use]
    pub fn message(&self, language: Language) -> String {
        match self {
            Self::Expected {
                detail: Some(detail),
                ..
            } => detail.clone(),
            Self::Internal { id, .. } => format!("{} (id {id})", self.code().message(language)),
            _ => self.code().message(language).to_owned(),
        }
    }

    /// The status of an HTTP answer.
    #[must_use]
    pub fn http_status(&self) -> u16 {
        match self.code() {
            Code::Unauthenticated | Code::TokenExpired => 401,
            Code::Forbidden
            | Code::BodyMismatch
            | Code::PreflightMissing
            | Code::DocumentNotTrusted => 403,
            Code::NotFound | Code::AdapterNotFound | Code::DocumentUnknown => 404,
            Code::MethodNotAllowed | Code::GetRefused => 405,
            Code::NotAcceptable => 406,
            Code::TooSlow => 408,
            Code::IdempotencyConflict | Code::StateConflict => 409,
            Code::TooLarge => 413,
            Code::UnsupportedMediaType => 415,
            Code::TooMany | Code::QueryInvalid | Code::QueryTooComplex | Code::RequestInvalid => {
                422
            }
            Code::UpgradeRequired => 426,
            Code::RateLimited => 429,
            Code::Internal => 500,
            Code::Unavailable | Code::SandboxUnavailable | Code::QueryTooSlow => 503,
            Code::DiskFull => 507,
            _ => 400,
        }
    }

    /// The exit code of a command: 2 where the usage or configuration is wrong, 1 for any other failure.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Configuration { .. } => 2,
            Self::Expected {
                code: Code::BadRequest | Code::InputInvalid | Code::AdapterNotFound,
                ..
            } => 2,
            _ => 1,
        }
    }
}

impl From<Code> for Error {
    fn from(code: Code) -> Self {
        Self::Expected { code, detail: None }
    }
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        use diesel::result::{DatabaseErrorKind, Error as Diesel};
        match &error {
            Diesel::BrokenTransactionManager
            | Diesel::DatabaseError(
                DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand,
                _,
            ) => Self::database_unreachable(error),
            Diesel::DatabaseError(_, information)
                if information.message().contains("disk is full") =>
            {
                Self::from(Code::DiskFull)
            }
            // The engine's message names tables and constraints; its details may hold values and stay out.
            Diesel::DatabaseError(kind, information) => {
                Self::internal(format_args!("{kind:?}: {}", information.message()))
            }
            _ => Self::internal(error),
        }
    }
}
