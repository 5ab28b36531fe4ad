//! Files that came with a request, by the multipart request convention.

use super::Documents;
use super::token;
use crate::error::Error;
use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};
use async_graphql::{Context, Request, Upload, UploadValue};
use schema::Code;

/// The field that takes files of any size that an import may have.
const IMPORTS: &str = "startImport";

/// A file that came with the request.
///
/// # Errors
/// [`Code::BadRequest`] where none came.
pub(super) fn uploaded(context: &Context<'_>, file: Upload) -> Result<UploadValue, Error> {
    // A text that only looks like a file would make the engine reach for one that was not sent.
    if context.query_env.uploads.get(file.0).is_none() {
        return Err(Error::with(
            Code::BadRequest,
            "Send the file by the multipart request convention.",
        ));
    }
    file.value(context)
        .map_err(|_| Error::from(Code::BadRequest))
}

impl Documents {
    /// Whether a request may import a file. Where that cannot be told the request will be refused anyway.
    #[must_use]
    pub fn imports(&self, request: &mut Request) -> bool {
        let resolved = self.trusted.resolve(request).is_ok()
            && token::check(&request.query, self.limits.tokens, self.limits.recursion).is_ok();
        resolved
            && request
                .parsed_query()
                .is_ok_and(|document| names(document, IMPORTS))
    }
}

/// Whether a field is named anywhere in a document.
fn names(document: &ExecutableDocument, field: &str) -> bool {
    fn within(set: &SelectionSet, field: &str) -> bool {
        set.items.iter().any(|item| match &item.node {
            Selection::Field(one) => {
                one.node.name.node == field || within(&one.node.selection_set.node, field)
            }
            Selection::InlineFragment(one) => within(&one.node.selection_set.node, field),
            Selection::FragmentSpread(_) => false,
        })
    }
    let fragments = document.fragments.values();
    let mut sets = document
        .operations
        .iter()
        .map(|(_, operation)| &operation.node.selection_set.node)
        .chain(fragments.map(|fragment| &fragment.node.selection_set.node));
    sets.any(|set| within(set, field))
}
