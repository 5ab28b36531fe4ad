//! The service's report of ULNs that were merged, unmerged and deleted (`ULNReport`). Of a learner it passes on the
//! numbers and the day; names and birth dates that stand beside them are read by nobody.

use crate::response;
use sdk::xml::{Document, Token};
use sdk::{Output, Position, ResultRecord, Stop, UlnChange, day};

/// The element around an answer.
pub(crate) const RESPONSE: &str = "ULNReportResp";
/// The elements that may hold a report by itself: its own, and the one named like its type.
pub(crate) const REPORTS: [&str; 2] = ["ULNReport", "MIAPULNReport"];

/// Reads the report within which the document is, to the document's end.
///
/// # Errors
/// A [`Stop`] where the answer's code says that it is none, or the document cannot be read.
pub(crate) fn read(document: &mut Document<'_, '_>, output: &mut Output<'_>) -> Result<(), Stop> {
    let mut counts = [0_u64; 3];
    loop {
        match document.next()? {
            Token::Open => {
                let Some(learner) = Learner::of(document.name()) else {
                    continue;
                };
                let [merged, unmerged, deleted] = &mut counts;
                let count = match learner {
                    Learner::Merged => merged,
                    Learner::Unmerged => unmerged,
                    Learner::Deleted => deleted,
                };
                *count += 1;
                let place = Position::path(format!("{}[{count}]", document.path()));
                let record = ResultRecord {
                    position: Some(place),
                    uln_change: Some(learner.read(document)?),
                    ..ResultRecord::default()
                };
                output.record(&record)?;
            }
            Token::Value if document.name() == "ResponseCode" => {
                // Which codes a report comes with is not published. One that says what went wrong is no report.
                let code = document.text().trim();
                if code.starts_with("WSEC") {
                    response::check(code)
                        .map_err(|stop| stop.at(Position::path(document.path())))?;
                }
            }
            Token::End => return Ok(()),
            _ => {}
        }
    }
}

/// What a report tells of.
#[derive(Clone, Copy)]
enum Learner {
    Merged,
    Unmerged,
    Deleted,
}

impl Learner {
    fn of(element: &str) -> Option<Self> {
        match element {
            "MergedLearner" => Some(Self::Merged),
            "UnmergedLearner" => Some(Self::Unmerged),
            "DeletedLearner" => Some(Self::Deleted),
            _ => None,
        }
    }

    /// The registry's word for it, and the elements of the number and of the day.
    fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Merged => ("merged", "MergedULN", "MergedDate"),
            Self::Unmerged => ("unmerged", "UnmergedULN", "UnmergedDate"),
            Self::Deleted => ("deleted", "ULN", "DeletedDate"),
        }
    }

    /// Reads the learner that has just begun.
    fn read(self, document: &mut Document<'_, '_>) -> Result<UlnChange, Stop> {
        let (kind, uln, changed_on) = self.words();
        let depth = document.depth();
        let mut change = UlnChange {
            kind: kind.to_owned(),
            ..UlnChange::default()
        };
        loop {
            match document.next()? {
                Token::Value if document.depth() == depth + 1 => {
                    let (name, text) = (document.name(), document.text().trim());
                    if name == uln {
                        text.clone_into(&mut change.uln);
                    } else if name == changed_on {
                        day(text).clone_into(&mut change.changed_on);
                    } else if name == "MasterULN" {
                        text.clone_into(&mut change.master_uln);
                    }
                }
                Token::Value | Token::Close if document.depth() == depth => return Ok(change),
                Token::End => return Ok(change),
                _ => {}
            }
        }
    }
}
