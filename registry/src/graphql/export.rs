//! Exporting one's own record as a document to carry.

use super::problem::{fail, told};
use super::{app, caller};
use crate::action::credential::{self as carried, Chosen, Format};
use crate::db::Id;
use async_graphql::{Context, Enum, ID, InputObject, Result, SimpleObject};
use schema::Code;

/// In what form a record is exported.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// Open Badges 3.0: a credential; of several achievements a presentation that holds one for each.
    OpenBadges,
    /// Comprehensive Learner Record 2.0: one credential that holds one for each achievement.
    Clr,
    /// European Learning Model 3, which is not signed.
    Elm,
    /// A JWT: an Open Badge, or of several achievements a Comprehensive Learner Record.
    VcJwt,
}

impl From<ExportFormat> for Format {
    fn from(format: ExportFormat) -> Self {
        match format {
            ExportFormat::OpenBadges => Self::OpenBadges,
            ExportFormat::Clr => Self::Clr,
            ExportFormat::Elm => Self::Elm,
            ExportFormat::VcJwt => Self::VcJwt,
        }
    }
}

/// What shall be exported.
#[derive(InputObject)]
pub struct ExportInput {
    /// In what form.
    format: ExportFormat,
    /// The achievements, at most 100, one's own; all that can be signed where none are named.
    achievements: Option<Vec<ID>>,
}

/// A record as a document to carry. What was issued before and says the same is told again, and not issued twice.
#[derive(SimpleObject)]
pub struct Export {
    /// The document.
    document: String,
    /// Its media type.
    media_type: &'static str,
    /// The credentials that it is made of, each to be had again at `/credentials/{id}`.
    credentials: Vec<ID>,
    /// How many awards it tells of.
    awards: usize,
    /// How many awards were left out, since nobody but the person tells of them, or they are not final or do not stand.
    left_out: usize,
}

pub(super) async fn make(context: &Context<'_>, input: ExportInput) -> Result<Export> {
    let read = |id: &ID| Id::read("achievement", id);
    let chosen = match &input.achievements {
        None => Chosen::All,
        Some(ids) if ids.len() > 100 => {
            let words = "At most 100 achievements are exported at once.";
            return Err(fail(context, Code::TooMany, words));
        }
        Some(ids) => {
            let ids: Option<Vec<Id>> = ids.iter().map(read).collect();
            Chosen::These(ids.ok_or_else(|| fail(context, Code::NotFound, None))?)
        }
    };
    let made = carried::export_own(app(context)?, caller(context)?, chosen, input.format.into());
    let made = made.await.map_err(|error| told(context, &error))?;
    let document = String::from_utf8(made.content).unwrap_or_default();
    Ok(Export {
        document,
        media_type: made.media_type,
        credentials: made
            .credentials
            .iter()
            .map(|id| ID(id.show("credential")))
            .collect(),
        awards: made.awards,
        left_out: made.left_out,
    })
}
