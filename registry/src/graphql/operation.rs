//! Which operation of a document a request means, and what the way by which it came does not take.

use super::refusal::Refusal;
use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, OperationDefinition, OperationType, Selection,
    SelectionSet,
};
use schema::Code;
use std::collections::HashSet;

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
    struct Gathering<'a> {
        document: &'a ExecutableDocument,
        /// The keys of the answer.
        found: HashSet<&'a str>,
        /// The fragments that were looked at: spread again, or in a circle, they have nothing new.
        looked: HashSet<&'a str>,
        fits: bool,
    }
    impl<'a> Gathering<'a> {
        fn set(&mut self, set: &'a SelectionSet, steps: usize) {
            let Some(steps) = steps.checked_sub(1) else {
                return;
            };
            for selection in &set.items {
                self.fits &= !selection
                    .node
                    .directives()
                    .iter()
                    .any(|one| ["skip", "include"].contains(&one.node.name.node.as_str()));
                match &selection.node {
                    Selection::Field(field) => {
                        self.fits &= !field.node.name.node.starts_with("__");
                        self.found.insert(&field.node.response_key().node);
                    }
                    Selection::InlineFragment(fragment) => {
                        self.set(&fragment.node.selection_set.node, steps);
                    }
                    Selection::FragmentSpread(spread) => {
                        let name = &spread.node.fragment_name.node;
                        if let Some(fragment) = self.document.fragments.get(name)
                            && self.looked.insert(name)
                        {
                            self.set(&fragment.node.selection_set.node, steps);
                        }
                    }
                }
            }
        }
    }
    let mut gathering = Gathering {
        document,
        found: HashSet::new(),
        looked: HashSet::new(),
        fits: true,
    };
    gathering.set(&operation.selection_set.node, 64);
    if gathering.fits && gathering.found.len() == 1 {
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
