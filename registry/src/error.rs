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
    /// A quota is used up.
    #[error("{} ({})", .0.words(), Code::QuotaExceeded)]
    Quota(Quota),
    /// Something inside. The cause is in the log under this id.
    #[error("internal error {id}")]
    Internal {
        /// The id under which the log has the cause.
        id: String,
        /// A connection was lost or could not be made: trying again may help.
        unavailable: bool,
    },
}

/// A quota that is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Its key in `[limits]`.
    pub limit: &'static str,
    /// What it allows.
    pub allowed: u64,
    /// Seconds after which asking again makes sense.
    pub wait: u64,
}

impl Quota {
    fn words(&self) -> String {
        let Self {
            limit,
            allowed,
            wait,
        } = self;
        format!(
            "The quota {limit} of the awarding body is used up; it allows {allowed}. Push again in {wait} seconds."
        )
    }
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
        use std::io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
        if matches!(cause.kind(), StorageFull | QuotaExceeded | FileTooLarge) {
            tracing::error!(folder = ?path.parent(), %cause, "there is no space");
            return Self::from(Code::DiskFull);
        }
        Self::internal(format_args!("{}: {cause}", path.display()))
    }

    /// The same failure, said of a file that the one who asked named.
    #[must_use]
    pub fn of_file(self, name: &str) -> Self {
        match self {
            Self::Expected { code, detail } => {
                let words = detail.unwrap_or_else(|| code.message(Language::English).to_owned());
                Self::with(code, format!("{name}: {words}"))
            }
            other => other,
        }
    }

    /// The same failure for another who met it; it was logged once.
    #[must_use]
    pub fn again(&self) -> Self {
        match self {
            Self::Expected { code, detail } => Self::Expected {
                code: *code,
                detail: detail.clone(),
            },
            Self::Configuration { key, problem } => Self::configuration(key, problem),
            Self::Quota(quota) => Self::Quota(*quota),
            Self::Internal { id, unavailable } => Self::Internal {
                id: id.clone(),
                unavailable: *unavailable,
            },
        }
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::Expected { code, .. } => *code,
            Self::Quota(_) => Code::QuotaExceeded,
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
            Self::Quota(quota) if language == Language::English => quota.words(),
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
            | Code::SamePerson
            | Code::AssessorNotAllowed
            | Code::DocumentNotTrusted => 403,
            Code::NotFound
            | Code::AdapterNotFound
            | Code::DocumentUnknown
            | Code::SnapshotNotPublished => 404,
            Code::MethodNotAllowed | Code::GetRefused => 405,
            Code::NotAcceptable => 406,
            Code::TooSlow => 408,
            Code::IdempotencyConflict
            | Code::StateConflict
            | Code::ClaimChanged
            | Code::NothingToExport => 409,
            Code::EvidenceErased => 410,
            Code::TooLarge => 413,
            Code::UnsupportedMediaType | Code::EvidenceTypeUnknown => 415,
            Code::TooMany | Code::QueryInvalid | Code::QueryTooComplex | Code::RequestInvalid => {
                422
            }
            Code::UpgradeRequired => 426,
            Code::RateLimited | Code::QuotaExceeded => 429,
            Code::Internal => 500,
            Code::Unavailable
            | Code::SandboxUnavailable
            | Code::QueryTooSlow
            | Code::EvidenceNotScanned => 503,
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
                code:
                    Code::BadRequest
                    | Code::InputInvalid
                    | Code::AdapterNotFound
                    | Code::RoleUnknown
                    | Code::SectorUnknown,
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
        use diesel::result::{DatabaseErrorKind as Kind, Error as Diesel};
        match &error {
            Diesel::BrokenTransactionManager
            | Diesel::DatabaseError(Kind::ClosedConnection | Kind::UnableToSendCommand, _) => {
                Self::database_unreachable(error)
            }
            // What the commit said is the cause; that it could not be taken back either follows from it.
            Diesel::RollbackErrorOnCommit { commit_error, .. } => match &**commit_error {
                Diesel::DatabaseError(kind, information) => {
                    Self::database(kind, information.message())
                }
                other => Self::database_unreachable(other),
            },
            // The engine's message names tables and constraints; its details may hold values and stay out.
            Diesel::DatabaseError(kind, information) => Self::database(kind, information.message()),
            _ => Self::internal(error),
        }
    }
}

/// What the engines say of trouble that is no fault of the question. They tell it in words only: of their
/// codes diesel hands on a few.
const NO_SPACE: &[&str] = &[
    "disk is full",
    "No space left on device",
    "Disk quota exceeded",
    "File too large",
];
const READ_ONLY: &[&str] = &["readonly database", "read-only transaction"];
const BUSY: &[&str] = &[
    "database is locked",
    "database table is locked",
    "database schema is locked",
    "canceling statement due to",
    "deadlock detected",
    "could not serialize access",
];
const BROKEN: &[&str] = &[
    "disk I/O error",
    "unable to open database file",
    "terminating connection",
    "server closed the connection",
];

impl Error {
    fn database(kind: &diesel::result::DatabaseErrorKind, message: &str) -> Self {
        use diesel::result::DatabaseErrorKind as Kind;
        let says = |words: &[&str]| words.iter().any(|words| message.contains(words));
        if says(NO_SPACE) {
            tracing::error!(cause = message, "the database has no space");
            Self::from(Code::DiskFull)
        } else if matches!(kind, Kind::ReadOnlyTransaction) || says(READ_ONLY) {
            tracing::error!(cause = message, "the database takes no changes");
            Self::with(
                Code::Unavailable,
                "The registry can be read now, and takes no changes. Try again shortly.",
            )
        } else if says(BUSY) {
            tracing::warn!(cause = message, "the database is busy");
            Self::from(Code::Unavailable)
        } else if matches!(kind, Kind::ClosedConnection | Kind::UnableToSendCommand) || says(BROKEN)
        {
            Self::database_unreachable(message)
        } else {
            Self::internal(format_args!("{kind:?}: {message}"))
        }
    }
}
