//! The response codes of the service: which answers hold results, and why the others do not.

use sdk::xml::{Document, Token};
use sdk::{Position, Stop};

/// An exact match: the events are those of the learner asked for.
pub(crate) const EXACT: &str = "WSRC0004";
/// A linked learner: the ULN asked for leads to another ULN of the same person, whose events these are.
pub(crate) const LINKED: &str = "WSRC0022";

/// Whether an answer with that code is read.
///
/// # Errors
/// A [`Stop`] that says why not, and names the code.
pub(crate) fn check(code: &str) -> Result<(), Stop> {
    let (stop, message) = match code {
        EXACT | LINKED => return Ok(()),
        "WSRC0001" => ("no-match", "The service found no learner."),
        "WSRC0002" => (
            "too-many-matches",
            "The service found too many learners to choose from.",
        ),
        "WSRC0003" => (
            "possible-match",
            "The service found learners who may be the one asked for. A list of possible learners is no result: choose one and ask again.",
        ),
        "WSEC0001" => ("bad-request", "The service did not understand the request."),
        "WSEC0206" => (
            "not-shared",
            "The learner has chosen not to share the learning record. Nothing of it may be imported.",
        ),
        "WSEC0208" => (
            "not-verified",
            "The service could not verify the learner, and so shares nothing.",
        ),
        _ => {
            return Err(Stop::new(
                "response-code-unknown",
                if is_code(code) {
                    format!(
                        "The response code {code} of the Learning Records Service is not known here."
                    )
                } else {
                    "The answer has no response code of the Learning Records Service.".to_owned()
                },
            ));
        }
    };
    Err(Stop::new(
        stop,
        format!("{message} (Learning Records Service: {code}.)"),
    ))
}

/// Reads a SOAP fault to its end.
///
/// # Errors
/// Always: the meaning of the service's code within it, or `soap-fault` where there is none. The fault's own
/// words are not told, since they may name a person.
pub(crate) fn fault(document: &mut Document<'_, '_>) -> Result<(), Stop> {
    let place = Position::path(document.path());
    let mut found = None;
    loop {
        match document.next()? {
            Token::Value if found.is_none() => found = code_in(document.text()),
            Token::End => break,
            _ => {}
        }
    }
    match found.map(|code| check(&code)) {
        Some(Err(stop)) => Err(stop.at(place)),
        _ => Err(Stop::new(
            "soap-fault",
            "The document is a SOAP fault: the service answered with an error and no results.",
        )
        .at(place)),
    }
}

/// The first code of the service in a text.
fn code_in(text: &str) -> Option<String> {
    ["WSEC", "WSRC"].into_iter().find_map(|kind| {
        let from = text.find(kind)?;
        let code = text.get(from..from + 8)?;
        is_code(code).then(|| code.to_owned())
    })
}

/// Whether a text has the shape of the service's codes: four letters and four digits.
fn is_code(text: &str) -> bool {
    text.len() == 8
        && text.bytes().enumerate().all(|(place, byte)| match place {
            0..4 => byte.is_ascii_uppercase(),
            _ => byte.is_ascii_digit(),
        })
}
