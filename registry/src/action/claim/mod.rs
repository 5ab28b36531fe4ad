//! Claims of prior learning: opened and handed in by whoever has learned, assigned by the awarding body, judged, assured,
//! appealed against. What may be done next stands in the crate `claim`; here stands who asks, what is stored, and how a
//! decision becomes an achievement.

mod act;
mod award;
mod doing;
mod evidence;
mod feedback;
mod file;
mod follow;
mod look;
mod open;
mod suggest;
mod sweep;
mod terms;
mod who;

pub use act::{What, act};
pub use evidence::NewEvidence;
pub use feedback::feedback;
pub use follow::Changes;
pub(crate) use look::view_of;
pub use look::{Filter, Seen, View, list, look, of_learner};
pub use open::{New, open};
pub use suggest::{Suggestion, suggest};
pub use sweep::{Swept, sweep};
pub use who::Naming;

use crate::error::Error;
use schema::Code;

/// The longest name of something, in characters.
const LONGEST_TITLE: usize = 200;
/// The longest text that somebody says of something.
const LONGEST_TEXT: usize = 4000;

/// A text of one line with its white space folded.
///
/// # Errors
/// [`Code::InputInvalid`] where it is empty or too long; [`Code::TextInvalid`].
pub(crate) fn line(what: &str, text: &str) -> Result<String, Error> {
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if folded.is_empty() || folded.chars().count() > LONGEST_TITLE {
        let words = format!("{what} needs 1 to {LONGEST_TITLE} characters.");
        return Err(Error::with(Code::InputInvalid, words));
    }
    if folded.chars().any(char::is_control) {
        return Err(Error::from(Code::TextInvalid));
    }
    Ok(folded)
}

/// A text of several lines; none where nothing is said.
///
/// # Errors
/// [`Code::InputInvalid`] where it is too long; [`Code::TextInvalid`].
pub(crate) fn text(what: &str, text: Option<String>) -> Result<Option<String>, Error> {
    let Some(text) = text.map(|text| text.trim().to_owned()) else {
        return Ok(None);
    };
    if text.chars().count() > LONGEST_TEXT {
        let words = format!("{what} has at most {LONGEST_TEXT} characters.");
        return Err(Error::with(Code::InputInvalid, words));
    }
    let wrong = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t');
    if text.chars().any(wrong) {
        return Err(Error::from(Code::TextInvalid));
    }
    Ok(Some(text).filter(|text| !text.is_empty()))
}
