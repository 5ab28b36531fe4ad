//! The messages of `graphql-transport-ws` ("Message types"), and the codes with which a socket is closed.

use super::super::ask::Members;
use async_graphql::Request;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a client says.
pub(super) enum Message {
    /// It introduces itself.
    Init(Option<Value>),
    /// It asks whether anybody is there.
    Ping(Option<Value>),
    /// It is there.
    Pong,
    /// It wants an operation run.
    Subscribe(String, Box<Request>),
    /// It wants to hear no more of an operation.
    Complete(String),
}

/// Why a socket is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Close {
    pub(super) code: u16,
    pub(super) reason: String,
}

impl Close {
    pub(super) fn new(code: u16, reason: impl Into<String>) -> Self {
        Self {
            code,
            reason: reason.into(),
        }
    }

    fn invalid(reason: &str) -> Self {
        Self::new(4400, format!("Invalid message: {reason}"))
    }
}

/// The longest name of an operation, in bytes.
const NAME: usize = 128;

#[derive(Deserialize)]
struct Envelope {
    r#type: String,
    #[serde(default)]
    id: Option<Value>,
    #[serde(default)]
    payload: Option<Value>,
}

impl Message {
    /// Reads a message ("Invalid message").
    ///
    /// # Errors
    /// The close with which a message is answered that is none.
    pub(super) fn read(text: &str) -> Result<Self, Close> {
        // A list would be read as an object's members in their order.
        if !text.trim_start().starts_with('{') {
            return Err(Close::invalid("it is no JSON object."));
        }
        let Envelope {
            r#type: kind,
            id,
            payload,
        } = serde_json::from_str(text)
            .map_err(|_| Close::invalid("it is no JSON object with a type."))?;
        let payload = payload.filter(|payload| !payload.is_null());
        if payload.as_ref().is_some_and(|payload| !payload.is_object()) {
            return Err(Close::invalid("its payload is no object."));
        }
        let name = || match &id {
            Some(Value::String(id)) if !id.is_empty() && id.len() <= NAME => Ok(id.clone()),
            _ => Err(Close::invalid("its id is no text of 1 to 128 bytes.")),
        };
        match kind.as_str() {
            "connection_init" => Ok(Self::Init(payload)),
            "ping" => Ok(Self::Ping(payload)),
            "pong" => Ok(Self::Pong),
            "complete" => Ok(Self::Complete(name()?)),
            "subscribe" => {
                let name = name()?;
                let payload = payload.ok_or_else(|| Close::invalid("it has no payload."))?;
                let request = Members::deserialize(payload)
                    .ok()
                    .and_then(|members| members.request().ok())
                    .ok_or_else(|| Close::invalid("its payload is no request."))?;
                Ok(Self::Subscribe(name, Box::new(request)))
            }
            _ => Err(Close::invalid("its type is not known.")),
        }
    }
}

/// What the server says.
#[derive(Serialize)]
pub(super) struct Says<'a, P> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<P>,
}

pub(super) fn ack() -> Says<'static, ()> {
    says(None, "connection_ack", None)
}

pub(super) fn pong(payload: Option<Value>) -> Says<'static, Value> {
    says(None, "pong", payload)
}

pub(super) fn next<P: Serialize>(id: &str, payload: P) -> Says<'_, P> {
    says(Some(id), "next", Some(payload))
}

pub(super) fn error<P: Serialize>(id: &str, payload: P) -> Says<'_, P> {
    says(Some(id), "error", Some(payload))
}

pub(super) fn complete(id: &str) -> Says<'_, ()> {
    says(Some(id), "complete", None)
}

fn says<'a, P>(id: Option<&'a str>, r#type: &'static str, payload: Option<P>) -> Says<'a, P> {
    Says {
        id,
        r#type,
        payload,
    }
}
