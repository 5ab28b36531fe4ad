//! Tokens of the built-in issuer, for development and machine clients.

use super::caller::Role;
use crate::error::Error;
use crate::keys::Keys;
use chrono::NaiveDateTime;
use schema::{Code, RecognitionNumber};
use serde::Serialize;
use std::time::Duration;

/// What a new token shall say.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// The role.
    pub role: Role,
    /// The learner: the registry's identifier, or a ULN.
    pub learner: Option<String>,
    /// The body for which the bearer speaks.
    pub awarding_body: Option<RecognitionNumber>,
    /// The organisation for which the bearer speaks.
    pub employer: Option<String>,
    /// Who the bearer is.
    pub subject: String,
    /// How long the token is valid.
    pub valid_for: Duration,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    aud: &'a str,
    sub: &'a str,
    iat: i64,
    exp: i64,
    jti: String,
    roles: [&'static str; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    learner: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    awarding_body: Option<RecognitionNumber>,
    #[serde(skip_serializing_if = "Option::is_none")]
    employer: Option<&'a str>,
}

/// Signs a token.
///
/// # Errors
/// [`Code::InputInvalid`] where the role lacks what it needs.
pub fn mint(
    keys: &Keys,
    issuer: &str,
    new: &NewToken,
    now: NaiveDateTime,
) -> Result<String, Error> {
    let missing = match new.role {
        Role::Practitioner if new.learner.is_none() => {
            Some("--learner with a ULN or an identifier")
        }
        Role::AwardingBody if new.awarding_body.is_none() => {
            Some("--awarding-body with a recognition number")
        }
        Role::Employer if new.employer.is_none() => {
            Some("--employer with the organisation's identifier")
        }
        _ => None,
    };
    if let Some(missing) = missing {
        let role = new.role.as_str();
        return Err(Error::with(
            Code::InputInvalid,
            format!("A token for the role {role} needs {missing}."),
        ));
    }
    let issued = now.and_utc().timestamp();
    let lasting = i64::try_from(new.valid_for.as_secs()).unwrap_or(i64::MAX / 2);
    let claims = Claims {
        iss: issuer,
        aud: "registry",
        sub: &new.subject,
        iat: issued,
        exp: issued.saturating_add(lasting),
        jti: uuid::Uuid::new_v4().simple().to_string(),
        roles: [new.role.as_str()],
        learner: new.learner.as_deref(),
        awarding_body: new.awarding_body,
        employer: new.employer.as_deref(),
    };
    keys.sign_jwt("JWT", &claims)
}
