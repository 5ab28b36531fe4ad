//! The row that every answer about a person to anybody else leaves in that person's access ledger.

use super::view::View;
use crate::access::Caller;
use crate::app::App;
use crate::db::Id;
use crate::error::Error;
use crate::model::access_entry::AccessRow;
use chrono::NaiveDateTime;

/// The row of a look by `caller` at `what`.
pub(crate) fn row(
    caller: &Caller,
    learner: Option<Id>,
    what: &str,
    purpose: Option<String>,
    via: &str,
    at: NaiveDateTime,
) -> AccessRow {
    AccessRow {
        id: Id::new(),
        learner_id: learner,
        at,
        by_whom: caller.name(),
        role: caller.role_name().to_owned(),
        what: what.to_owned(),
        purpose,
        via: via.to_owned(),
    }
}

/// Stores a look as `view`, durably, before its answer is given.
///
/// # Errors
/// [`Error`] where it cannot be stored: then there is no answer either.
pub(crate) async fn note(
    app: &App,
    caller: &Caller,
    view: View,
    learner: Id,
    what: &str,
) -> Result<(), Error> {
    let at = app.clock.now();
    let row = AccessRow {
        // Of several roles the one that gave the right.
        role: view.role().as_str().to_owned(),
        ..row(caller, Some(learner), what, None, "graphql", at)
    };
    app.db.append(vec![row]).await
}
