//! Documents that were parsed and validated before. Both cost more than executing; a document that passed
//! once is kept by its whole text and runs on the schema that looks only at depth and cost. Its variables
//! are checked each time, so that the answer is the same.

use super::Registry;
use super::selection::in_order;
use super::variable::Inputs;
use async_graphql::parser::types::{ExecutableDocument, OperationType, Selection, SelectionSet};
use async_graphql::{Request, Response, ServerError, Value};
use quick_cache::sync::Cache;
use schema::Code;
use std::collections::HashMap;
use std::sync::Arc;

/// How many documents are kept.
const KEPT: usize = 1000;
/// The longest document that is kept, in bytes.
const LONGEST: usize = 16 * 1024;
/// How many aliases a document may have: without them no field can be asked for twice with other arguments.
const ALIASES: usize = 100;
/// How many selections a document may have, with its fragments written out.
const SELECTIONS: usize = 10_000;
/// How many steps they may lead into each other.
const STEPS: usize = 100;

/// The schema twice, with the documents that passed the strict one.
pub struct Documents {
    strict: Registry,
    fast: Registry,
    inputs: Inputs,
    passed: Cache<String, Arc<ExecutableDocument>>,
}

impl Documents {
    /// Nothing has passed yet.
    #[must_use]
    pub fn new((strict, fast): (Registry, Registry)) -> Self {
        Self {
            inputs: Inputs::of(&strict),
            strict,
            fast,
            passed: Cache::new(KEPT),
        }
    }

    /// Runs a request.
    pub async fn execute(&self, mut request: Request) -> Response {
        let operation = request.operation_name.clone();
        if let Some(document) = self.passed.get(&request.query) {
            if let Some(fault) = self.inputs.fault(&document, &request) {
                return refused(Code::QueryInvalid, fault);
            }
            request.set_parsed_query((*document).clone());
            let mut response = self.fast.execute(request).await;
            in_order(&document, operation.as_deref(), &mut response.data);
            return response;
        }
        let text = (request.query.len() <= LONGEST).then(|| request.query.clone());
        let document = request.parsed_query().ok().cloned();
        if let Some(document) = &document {
            if aliases(document) > ALIASES {
                let fault = format!("A document may have {ALIASES} aliases at most.");
                return refused(Code::QueryTooComplex, fault);
            }
            if selections(document) > SELECTIONS {
                let fault = format!(
                    "A document may have {SELECTIONS} selections at most, with its fragments written out."
                );
                return refused(Code::QueryTooComplex, fault);
            }
            if let Some(fault) = self.inputs.fault(document, &request) {
                return refused(Code::QueryInvalid, fault);
            }
        }
        let mut response = self.strict.execute(request).await;
        let Some(document) = document else {
            return response;
        };
        in_order(&document, operation.as_deref(), &mut response.data);
        // Only a document without a single complaint is trusted, and mutations always go the strict way.
        if let Some(text) = text
            && response.is_ok()
            && only_reads(&document)
        {
            self.passed.insert(text, Arc::new(document));
        }
        response
    }
}

/// The answer to a request that is not run.
fn refused(code: Code, fault: String) -> Response {
    let mut error = ServerError::new(fault, None);
    error
        .extensions
        .get_or_insert_default()
        .set("code", Value::from(code.as_str()));
    Response::from_errors(vec![error])
}

/// Whether every operation of the document is a query.
#[must_use]
pub fn only_reads(document: &ExecutableDocument) -> bool {
    document
        .operations
        .iter()
        .all(|(_, operation)| operation.node.ty == OperationType::Query)
}

fn aliases(document: &ExecutableDocument) -> usize {
    fn count(set: &SelectionSet) -> usize {
        set.items
            .iter()
            .map(|selection| match &selection.node {
                Selection::Field(field) => {
                    usize::from(field.node.alias.is_some()) + count(&field.node.selection_set.node)
                }
                Selection::InlineFragment(fragment) => count(&fragment.node.selection_set.node),
                Selection::FragmentSpread(_) => 0,
            })
            .sum()
    }
    sets(document).map(count).sum()
}

/// How many selections the document has with its fragments written out wherever they are spread: a few
/// fragments that spread each other twice have more than any engine can look at. Each is counted once.
fn selections(document: &ExecutableDocument) -> usize {
    fn count<'a>(
        document: &'a ExecutableDocument,
        set: &'a SelectionSet,
        steps: usize,
        known: &mut HashMap<&'a str, usize>,
    ) -> usize {
        let Some(steps) = steps.checked_sub(1) else {
            return usize::MAX;
        };
        let each = set.items.iter().map(|selection| match &selection.node {
            Selection::Field(field) => {
                count(document, &field.node.selection_set.node, steps, known)
            }
            Selection::InlineFragment(fragment) => {
                count(document, &fragment.node.selection_set.node, steps, known)
            }
            Selection::FragmentSpread(spread) => {
                let name = spread.node.fragment_name.node.as_str();
                if let Some(many) = known.get(name) {
                    return *many;
                }
                // One that leads back to itself is refused by its own rule; here it counts for nothing.
                known.insert(name, 0);
                let fragment = document.fragments.get(name);
                let many = fragment.map_or(0, |fragment| {
                    count(document, &fragment.node.selection_set.node, steps, known)
                });
                known.insert(name, many);
                many
            }
        });
        let each = each.fold(0, |sum: usize, many| sum.saturating_add(many));
        each.saturating_add(set.items.len())
    }
    let mut known = HashMap::new();
    sets(document).fold(0, |sum: usize, set| {
        sum.saturating_add(count(document, set, STEPS, &mut known))
    })
}

/// The selections of each operation and each fragment.
fn sets(document: &ExecutableDocument) -> impl Iterator<Item = &SelectionSet> {
    let operations = document.operations.iter();
    let operations = operations.map(|(_, operation)| &operation.node.selection_set.node);
    let fragments = document.fragments.values();
    operations.chain(fragments.map(|fragment| &fragment.node.selection_set.node))
}
