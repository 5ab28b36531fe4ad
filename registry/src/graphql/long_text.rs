//! The one text of a request that may be long: a document that is handed in to be verified.

use super::cost::without_zero;
use super::refusal::Refusal;
use crate::config;
use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};
use async_graphql_value::Value as Written;
use schema::Code;

/// The input's field that holds it.
pub(super) const DOCUMENT: &str = "document";

/// Whether a variable is used as such a document.
pub(super) fn is_document(document: &ExecutableDocument, variable: &str) -> bool {
    let operations = document
        .operations
        .iter()
        .map(|(_, one)| &one.node.selection_set.node);
    let fragments = document
        .fragments
        .values()
        .map(|one| &one.node.selection_set.node);
    operations.chain(fragments).any(|set| in_set(set, variable))
}

fn in_set(set: &SelectionSet, variable: &str) -> bool {
    set.items.iter().any(|item| match &item.node {
        Selection::Field(field) => {
            let mut arguments = field.node.arguments.iter();
            arguments.any(|(_, value)| in_value(&value.node, variable))
                || in_set(&field.node.selection_set.node, variable)
        }
        Selection::InlineFragment(fragment) => in_set(&fragment.node.selection_set.node, variable),
        Selection::FragmentSpread(_) => false,
    })
}

fn in_value(value: &Written, variable: &str) -> bool {
    match value {
        Written::Object(fields) => fields.iter().any(|(name, value)| match value {
            Written::Variable(used) => name == DOCUMENT && used == variable,
            value => in_value(value, variable),
        }),
        Written::List(values) => values.iter().any(|value| in_value(value, variable)),
        _ => false,
    }
}

/// Refuses a document that is longer than is taken.
pub(super) fn check(text: &str, limits: &config::Graphql) -> Result<(), Refusal> {
    if text.len() > limits.document {
        let words = ("A document may have", limits.document, "bytes at most");
        let asked = Some(text.len());
        return Err(Refusal::limit(Code::TooLarge, "document", words, asked));
    }
    without_zero(text)
}
