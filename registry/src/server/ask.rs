//! A GraphQL request out of the members of a JSON object or the parameters of an address.

use crate::error::Error;
use crate::graphql::DOCUMENT_ID;
use async_graphql::{Request, Value, Variables};
use schema::Code;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::error::Category;
use std::collections::BTreeMap;

/// One request, or a batch.
pub(super) enum Asked {
    /// One.
    One(Box<Request>),
    /// A batch, in its order.
    Batch(Vec<Request>),
}

/// The members that mean something; others are ignored (GraphQL over HTTP, "JSON Encoding"). One that
/// stands twice is refused: which was meant nobody can know.
#[derive(Default)]
pub(super) struct Members(BTreeMap<&'static str, serde_json::Value>);

const MEMBERS: [&str; 5] = [
    "query",
    "operationName",
    "variables",
    "extensions",
    DOCUMENT_ID,
];

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visit;
        impl<'de> Visitor<'de> for Visit {
            type Value = Members;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Members::default();
                while let Some(name) = map.next_key::<String>()? {
                    match MEMBERS.into_iter().find(|known| *known == name) {
                        Some(known) => {
                            let value = map.next_value()?;
                            if members.0.insert(known, value).is_some() {
                                return Err(serde::de::Error::duplicate_field(known));
                            }
                        }
                        None => {
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(Visit)
    }
}

fn invalid(words: impl Into<String>) -> Error {
    Error::with(Code::RequestInvalid, words)
}

impl Members {
    /// The request.
    ///
    /// # Errors
    /// [`Code::RequestInvalid`] where a member has the wrong type, or there is neither a document nor its
    /// name.
    pub(super) fn request(mut self) -> Result<Request, Error> {
        let wrong = |name: &str| invalid(format!("The member {name} has the wrong type."));
        let mut text = |name: &'static str| match self.0.remove(name) {
            None | Some(serde_json::Value::Null) => Ok(None),
            Some(serde_json::Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(wrong(name)),
        };
        let (query, name, id) = (text("query")?, text("operationName")?, text(DOCUMENT_ID)?);
        let mut object = |name: &'static str| match self.0.remove(name) {
            None | Some(serde_json::Value::Null) => Ok(serde_json::Map::new()),
            Some(serde_json::Value::Object(object)) => Ok(object),
            Some(_) => Err(wrong(name)),
        };
        let (variables, extensions) = (object("variables")?, object("extensions")?);
        let named = id.is_some() || extensions.contains_key("persistedQuery");
        let query = match query {
            Some(query) => query,
            None if named => String::new(),
            None => return Err(invalid("The request needs the member query, a text.")),
        };
        let mut request = Request::new(query);
        request.operation_name = name;
        request.variables = Variables::from_json(variables.into());
        for (name, value) in extensions {
            let value = Value::from_json(value).unwrap_or_default();
            request.extensions.insert(name, value);
        }
        // The one place for what is said of a request beside it.
        request.extensions.remove(DOCUMENT_ID);
        if let Some(id) = id {
            request.extensions.insert(DOCUMENT_ID.to_owned(), id.into());
        }
        Ok(request)
    }
}

/// The request of a body of JSON, or the batch where it is a list.
///
/// # Errors
/// [`Code::BadRequest`] for what is no JSON, [`Code::RequestInvalid`] for JSON that is no request,
/// [`Code::TooMany`] for a batch that is longer than `batch`.
pub(super) fn of_body(bytes: &[u8], batch: usize) -> Result<Asked, Error> {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    if first != Some(&b'[') {
        let members: Members = serde_json::from_slice(bytes).map_err(|error| told(&error))?;
        return Ok(Asked::One(Box::new(members.request()?)));
    }
    let members: Vec<Members> = serde_json::from_slice(bytes).map_err(|error| told(&error))?;
    if batch == 0 {
        return Err(invalid(
            "A batch of requests is not taken; send them one by one.",
        ));
    }
    if members.is_empty() {
        return Err(invalid("The batch is empty."));
    }
    if members.len() > batch {
        let words = format!("A batch may have {batch} requests at most.");
        return Err(Error::with(Code::TooMany, words));
    }
    let requests = members.into_iter().map(Members::request);
    Ok(Asked::Batch(requests.collect::<Result<_, _>>()?))
}

/// One request of a body of JSON.
///
/// # Errors
/// As [`of_body`]; a batch is none.
pub(super) fn one_of_body(bytes: &[u8]) -> Result<Request, Error> {
    match of_body(bytes, 0)? {
        Asked::One(request) => Ok(*request),
        Asked::Batch(_) => Err(invalid("One request is asked for.")),
    }
}

fn told(error: &serde_json::Error) -> Error {
    let (line, column) = (error.line(), error.column());
    match error.classify() {
        Category::Data => invalid(format!(
            "The body is no request: it is no object, or a member stands twice (line {line}, column {column})."
        )),
        _ => Error::with(
            Code::BadRequest,
            format!("The body is no JSON (line {line}, column {column})."),
        ),
    }
}

/// The request of what stands behind the `?` of an address.
///
/// # Errors
/// [`Code::RequestInvalid`] for one that is no request.
pub(super) fn of_address(query: &str) -> Result<Request, Error> {
    let needs = || {
        invalid(
            "The address needs query= or documentId=, and may have variables=, operationName= and extensions=.",
        )
    };
    let pairs = actix_web::web::Query::<Vec<(String, String)>>::from_query(query)
        .map_err(|_| needs())?
        .into_inner();
    let mut members = Members::default();
    for (name, text) in pairs {
        let Some(known) = MEMBERS.into_iter().find(|known| *known == name) else {
            continue;
        };
        let value = match known {
            // Nothing is as good as not being there, but for the document itself.
            _ if text.is_empty() && known != "query" => serde_json::Value::Null,
            "variables" | "extensions" => serde_json::from_str(&text).map_err(|_| {
                Error::with(
                    Code::BadRequest,
                    format!("The parameter {known} is no JSON."),
                )
            })?,
            _ => text.into(),
        };
        if members.0.insert(known, value).is_some() {
            return Err(invalid(format!("The parameter {known} stands twice.")));
        }
    }
    if members.0.is_empty() {
        return Err(needs());
    }
    members.request()
}
