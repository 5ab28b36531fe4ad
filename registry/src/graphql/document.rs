//! Documents that were parsed and validated before. Both cost more than executing; a document that passed
//! once is kept by its whole text and runs on the schema that looks only at depth and cost.

use super::Registry;
use super::selection::in_order;
use async_graphql::parser::types::{ExecutableDocument, OperationType};
use async_graphql::{Request, Response};
use quick_cache::sync::Cache;
use std::sync::Arc;

/// How many documents are kept.
const KEPT: usize = 1000;
/// The longest document that is kept, in bytes.
const LONGEST: usize = 16 * 1024;

/// The schema twice, with the documents that passed the strict one.
pub struct Documents {
    strict: Registry,
    fast: Registry,
    passed: Cache<String, Arc<ExecutableDocument>>,
}

impl Documents {
    /// Nothing has passed yet.
    #[must_use]
    pub fn new((strict, fast): (Registry, Registry)) -> Self {
        Self {
            strict,
            fast,
            passed: Cache::new(KEPT),
        }
    }

    /// Runs a request.
    pub async fn execute(&self, mut request: Request) -> Response {
        let operation = request.operation_name.clone();
        if let Some(document) = self.passed.get(&request.query) {
            request.set_parsed_query((*document).clone());
            let mut response = self.fast.execute(request).await;
            in_order(&document, operation.as_deref(), &mut response.data);
            return response;
        }
        let text = (request.query.len() <= LONGEST).then(|| request.query.clone());
        let document = request.parsed_query().ok().cloned();
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

/// Whether every operation of the document is a query.
#[must_use]
pub fn only_reads(document: &ExecutableDocument) -> bool {
    document
        .operations
        .iter()
        .all(|(_, operation)| operation.node.ty == OperationType::Query)
}
