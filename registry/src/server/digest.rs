//! `Content-Digest` (RFC 9530): what a client says of the bytes that it sends, and what the registry would
//! like to be told.

use crate::action::import::spool::Expected;
use crate::error::Error;
use actix_web::HttpRequest;
use schema::Code;
use sfv::{BareItem, Dictionary, Item, ListEntry, Parser};

/// The header.
const NAME: &str = "content-digest";

/// What every answer to a push says: which digests are looked at, and which rather (RFC 9530, section 4).
pub(super) const WANTED: (&str, &str) = ("want-content-digest", "sha-512=5, sha-256=10");

/// The digests that are announced for the request's content. Those of algorithms that are not looked at,
/// because they are unknown or no longer safe, are passed over.
///
/// # Errors
/// [`Code::BadRequest`], with the place, where the header is not what the standard says.
pub(super) fn announced(request: &HttpRequest) -> Result<Expected, Error> {
    let mut lines = Vec::new();
    for value in request.headers().get_all(NAME) {
        let line = value
            .to_str()
            .map_err(|_| refuse("it holds what is no text"))?;
        lines.push(line);
    }
    if lines.is_empty() {
        return Ok(Expected::default());
    }
    // Lines of one name are one list (RFC 9110, section 5.3).
    let text = lines.join(", ");
    let members: Dictionary = Parser::new(&text).parse().map_err(|fault| {
        let place = fault.index().map_or_else(String::new, |index| {
            format!(", at character {}", index.saturating_add(1))
        });
        refuse(&format!("{fault:#}{place}"))
    })?;
    if members.is_empty() {
        return Err(refuse("it names no digest"));
    }
    Ok(Expected {
        sha256: digest(&members, "sha-256", 32)?,
        sha512: digest(&members, "sha-512", 64)?,
    })
}

fn digest(members: &Dictionary, algorithm: &str, length: usize) -> Result<Option<Vec<u8>>, Error> {
    match members.get(algorithm) {
        None => Ok(None),
        Some(ListEntry::Item(Item {
            bare_item: BareItem::ByteSequence(bytes),
            ..
        })) if bytes.len() == length => Ok(Some(bytes.clone())),
        Some(_) => Err(refuse(&format!(
            "{algorithm} is not followed by {length} bytes in base64 between colons"
        ))),
    }
}

fn refuse(problem: &str) -> Error {
    Error::with(
        Code::BadRequest,
        format!(
            "Content-Digest is written sha-256=:BASE64: or sha-512=:BASE64: (RFC 9530): {problem}."
        ),
    )
}
