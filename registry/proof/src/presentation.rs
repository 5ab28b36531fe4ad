//! A presentation: credentials handed over together, signed by whoever hands them over, in answer to a challenge.

use crate::judge::{Judge, Speaker};
use crate::linked_data::Allowance;
use crate::token::Token;
use crate::{Expected, Fault, Keys, Limits, Verification, claims, json};
use chrono::{DateTime, Utc};
use schema::Code;
use serde_json::{Map, Value};

/// How an enveloped presentation (VC 2.0) begins its identifier.
const ENVELOPES: [&str; 3] = [
    "data:application/vp+jwt,",
    "data:application/vp-ld+jwt,",
    "data:application/jwt,",
];

/// A presentation that was read. Nothing is checked yet.
#[derive(Debug, Clone)]
pub struct Presentation {
    limits: Limits,
    members: Map<String, Value>,
    token: Option<Token>,
}

impl Presentation {
    /// Reads a presentation: JSON, a JWT, or an envelope around a JWT.
    ///
    /// # Errors
    /// A [`Fault`] where there is no presentation to speak of: `too-large`, `document-unreadable`, `document-too-deep`,
    /// `document-too-complex`, `member-twice`, `number-inexact`, `credential-token-unreadable`, `not-a-presentation`.
    pub fn read(bytes: &[u8], limits: &Limits) -> Result<Self, Fault> {
        let none = |place: &str| Fault::new(Code::NotAPresentation, place);
        if bytes.len() > limits.file_bytes {
            return Err(Fault::new(Code::TooLarge, ""));
        }
        let text = bytes.trim_ascii();
        let (members, token) = if text.first() == Some(&b'{') {
            let Value::Object(members) = json::read(text, limits)? else {
                return Err(none(""));
            };
            if claims::has_type(&members, "EnvelopedVerifiablePresentation") {
                let id = members.get("id").and_then(Value::as_str);
                let token = id
                    .and_then(|id| ENVELOPES.iter().find_map(|prefix| id.strip_prefix(prefix)))
                    .ok_or_else(|| none("/id"))?;
                let token = Token::parse(token, limits)?;
                (token.presentation()?, Some(token))
            } else {
                (members, None)
            }
        } else {
            let text = std::str::from_utf8(text).map_err(|_| none(""))?;
            let token = Token::parse(text, limits)?;
            (token.presentation()?, Some(token))
        };
        if !claims::has_type(&members, "VerifiablePresentation") {
            return Err(none("/type"));
        }
        Ok(Self {
            limits: *limits,
            members,
            token,
        })
    }

    /// Its members; of a token what its claims say.
    #[must_use]
    pub fn members(&self) -> &Map<String, Value> {
        &self.members
    }

    /// Checks the presentation's own proofs with these keys, as of `now`: that whoever signed it did so as expected. `issuer` says
    /// whether that was the `holder` whom it names; it is not checked where it names none. What is in it is not looked at.
    #[must_use]
    pub fn verify(
        &self,
        keys: &dyn Keys,
        expected: &Expected<'_>,
        now: DateTime<Utc>,
    ) -> Verification {
        let judge = Judge {
            place: "",
            keys,
            now,
            expected,
            speaker: Speaker::Holder,
        };
        let mut allowance = Allowance::new(&self.limits);
        judge.verification(
            &self.members,
            self.token.as_ref(),
            &self.limits,
            &mut allowance,
        )
    }
}
