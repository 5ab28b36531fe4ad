//! The adapter `lrs`: documents of the Learning Records Service. It reads the learning events that the
//! service tells of a learner, achievement batches as awarding bodies submit them, and reports of ULNs that
//! were merged, unmerged and deleted. The README beside this crate says what of it the service publishes and
//! what is our own reading.
//!
//! The way of a record: `sdk::xml` reads XML, `learning_events`, `achievement_batch` and `uln_report` know the
//! fields, `response` knows the answers that hold no results.

mod achievement_batch;
mod config;
mod field;
mod learning_events;
mod response;
#[cfg(test)]
mod tests;
mod uln_report;

use config::Config;
use sdk::xml::{Document, Token};
use sdk::{Adapter, Input, Output, Position, Stop};

/// The adapter.
#[derive(Debug)]
pub struct LearningRecords {
    config: Config,
}

sdk::export_adapter!(LearningRecords);

impl Adapter for LearningRecords {
    const NAME: &'static str = "lrs";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const FORMATS: &'static str = "text/xml,application/soap+xml";

    fn new(config: &str) -> Result<Self, Stop> {
        Ok(Self {
            config: Config::read(config)?,
        })
    }

    fn run(&mut self, input: &mut Input<'_>, output: &mut Output<'_>) -> Result<(), Stop> {
        let mut document = Document::new(input)?;
        match find(&mut document)? {
            Content::LearningEvents => learning_events::read(&mut document, output),
            Content::AchievementBatch => {
                achievement_batch::read(&mut document, &self.config, output)
            }
            Content::UlnReport => uln_report::read(&mut document, output),
            Content::Fault => response::fault(&mut document),
        }
    }
}

/// What a document holds.
enum Content {
    LearningEvents,
    AchievementBatch,
    UlnReport,
    Fault,
}

/// Goes into the document, through a SOAP envelope where there is one, up to the element that says what it
/// holds.
fn find(document: &mut Document<'_, '_>) -> Result<Content, Stop> {
    loop {
        let token = document.next()?;
        let wrapped = document.parent() == "Envelope";
        match (token, document.name()) {
            (Token::Open, "Envelope") if document.depth() == 1 => {}
            (Token::Open, "Header") if wrapped => document.skip()?,
            (Token::Open, "Body") if wrapped => {}
            (Token::Open, learning_events::RESPONSE) => {}
            (Token::Open, learning_events::RESULT) => return Ok(Content::LearningEvents),
            (Token::Open, achievement_batch::BATCH | achievement_batch::ACHIEVEMENTS) => {
                return Ok(Content::AchievementBatch);
            }
            (Token::Open, uln_report::RESPONSE) => return Ok(Content::UlnReport),
            (Token::Open, name) if uln_report::REPORTS.contains(&name) => {
                return Ok(Content::UlnReport);
            }
            (Token::Open, "Fault") => return Ok(Content::Fault),
            _ => {
                return Err(Stop::new(
                    "not-results",
                    "The document holds no results: it is neither an answer with learning events, nor an achievement batch, nor a report of ULNs. An answer that finds learners is no result.",
                )
                .at(Position::path(document.path())));
            }
        }
    }
}
