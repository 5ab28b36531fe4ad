//! Which operation of a document a request means, and what the way by which it came does not take.

use super::refusal::Refusal;
use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, OperationDefinition, OperationType, Selection,
    SelectionSet,
};
use schema::Code;

/// The way by which a request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// In an address, over GET.
    Address,
    /// In a body, over POST.
    Body,
    /// Over a socket.
    Socket,
}

/// The operation that the request means (GraphQL, section 6.1).
pub(super) fn find<'a>(
    document: &'a ExecutableDocument,
    name: Option<&str>,
) -> Result<&'a OperationDefinition, Refusal> {
    let invalid = |words: &str| Refusal::new(Code::QueryInvalid, words);
    match (name, &document.operations) {
        (None, DocumentOperations::Single(operation)) => Ok(&operation.node),
        (None, DocumentOperations::Multiple(operations)) if operations.len() == 1 => operations
            .values()
            .next()
            .map(|operation| &operation.node)
            .ok_or_else(|| invalid("The document has no operation.")),
        (None, DocumentOperations::Multiple(_)) => Err(invalid(
            "The document has several operations; operationName must say which is meant.",
        )),
        (Some(name), DocumentOperations::Multiple(operations)) => operations
            .get(name)
            .map(|operation| &operation.node)
            .ok_or_else(|| invalid("The document has no operation of the name in operationName.")),
        (Some(_), DocumentOperations::Single(_)) => Err(invalid(
            "The document has no operation of the name in operationName.",
        )),
    }
}

/// Whether every operation of the document is a query.
pub(super) fn only_reads(document: &ExecutableDocument) -> bool {
    document
        .operations
        .iter()
        .all(|(_, operation)| operation.node.ty == OperationType::Query)
}

/// What a way does not take.
pub(super) fn check(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    way: Way,
) -> Result<(), Refusal> {
    match (operation.ty, way) {
        (OperationType::Subscription, Way::Socket) => single(document, operation),
        (OperationType::Subscription, _) => Err(Refusal::new(
            Code::QueryInvalid,
            "Subscriptions are served to sockets, at /graphql/ws.",
        )),
        (OperationType::Mutation, Way::Address) => Err(Refusal::new(
            Code::GetRefused,
            "Only queries are taken over GET. Send a mutation with POST.",
        )),
        (OperationType::Query, Way::Address) if names_people(document) => Err(Refusal::new(
            Code::GetRefused,
            "learner, verify and verifyMany are not taken over GET, so that no fact about a person stands in an address. Send them with POST.",
        )),
        _ => Ok(()),
    }
}

/// A subscription asks for one field of the schema's own, and no condition leaves it out (GraphQL,
/// September 2025, section 5.2.4.1).
fn single(document: &ExecutableDocument, operation: &OperationDefinition) -> Result<(), Refusal> {
    fn gather<'a>(
        document: &'a ExecutableDocument,
        set: &'a SelectionSet,
        steps: usize,
        found: &mut Vec<&'a str>,
        fits: &mut bool,
    ) {
        let Some(steps) = steps.checked_sub(1) else {
            return;
        };
        for selection in &set.items {
            *fits &= !selection
                .node
                .directives()
                .iter()
                .any(|one| ["skip", "include"].contains(&one.node.name.node.as_str()));
            match &selection.node {
                Selection::Field(field) => {
                    *fits &= !field.node.name.node.starts_with("__");
                    found.push(field.node.response_key().node.as_str());
                }
                Selection::InlineFragment(fragment) => {
                    let set = &fragment.node.selection_set.node;
                    gather(document, set, steps, found, fits);
                }
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node)
                    {
                        let set = &fragment.node.selection_set.node;
                        gather(document, set, steps, found, fits);
                    }
                }
            }
        }
    }
    let (mut found, mut fits) = (Vec::new(), true);
    let set = &operation.selection_set.node;
    gather(document, set, 64, &mut found, &mut fits);
    found.dedup();
    if fits && found.len() == 1 {
        return Ok(());
    }
    Err(Refusal::new(
        Code::QueryInvalid,
        "A subscription asks for exactly one field, without skip and include.",
    ))
}

/// Whether a document asks, anywhere, for a field whose arguments name people.
fn names_people(document: &ExecutableDocument) -> bool {
    fn any(selections: &[async_graphql::Positioned<Selection>]) -> bool {
        selections.iter().any(|selection| match &selection.node {
            Selection::Field(field) => {
                let named =
                    ["learner", "verify", "verifyMany"].contains(&field.node.name.node.as_str());
                (named && !field.node.arguments.is_empty())
                    || any(&field.node.selection_set.node.items)
            }
            Selection::InlineFragment(fragment) => any(&fragment.node.selection_set.node.items),
            Selection::FragmentSpread(_) => false,
        })
    }
    document
        .operations
        .iter()
        .any(|(_, operation)| any(&operation.node.selection_set.node.items))
        || document
            .fragments
            .values()
            .any(|fragment| any(&fragment.node.selection_set.node.items))
}
