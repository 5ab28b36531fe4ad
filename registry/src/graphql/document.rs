//! The way of a request: its document is found, counted and read; its operation, variables and limits are
//! looked at; then it runs. Reading and validating cost more than running, so a document that passed once is
//! kept by its whole text and runs on the schema that does not validate again. Variables and limits are
//! checked each time, so that the answer is the same.

use super::Registry;
use super::catalogue::Found;
use super::cost::{self, Asked};
use super::operation::{self, Way, only_reads};
use super::refusal::Refusal;
use super::selection::in_order;
use super::shape::Shape;
use super::token;
use super::trace;
use super::trusted::Trusted;
use super::variable::Inputs;
use crate::access::Caller;
use crate::app::App;
use crate::config;
use crate::error::Error;
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{ExecutableDocument, OperationType};
use async_graphql::{Request, Response, ServerError, Value, Variables};
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use quick_cache::sync::Cache;
use schema::Code;
use std::sync::Arc;
use tokio::time::{Instant, timeout_at};
use tracing::Instrument;

/// How many documents are kept.
const KEPT: usize = 1000;
/// The longest document that is kept, in bytes.
const LONGEST: usize = 16 * 1024;

/// The schema twice, with the documents that passed the strict one.
pub struct Documents {
    strict: Registry,
    fast: Registry,
    inputs: Inputs,
    shape: Shape,
    pub(super) limits: config::Graphql,
    pub(super) trusted: Trusted,
    passed: Cache<String, Arc<ExecutableDocument>>,
}

/// What the requests of a batch may still cost.
pub struct Budget(usize);

/// A request that may run.
struct Ready {
    request: Request,
    document: Arc<ExecutableDocument>,
    kind: OperationType,
    asked: Asked,
    known: bool,
    /// Whether the one who asked wants to know the cost, and what was allowed.
    tell: Option<usize>,
}

impl Documents {
    /// Nothing has passed yet, and nothing is trusted.
    ///
    /// # Errors
    /// An internal error where the schema's own language cannot be read: without it nothing could be counted.
    pub fn new((strict, fast): (Registry, Registry)) -> Result<Self, Error> {
        let schema = parse_schema(strict.sdl()).map_err(Error::internal)?;
        let limits = strict
            .data::<Arc<App>>()
            .map(|app| app.config.graphql.clone())
            .unwrap_or_default();
        Ok(Self {
            inputs: Inputs::of(&schema),
            shape: Shape::of(&schema),
            limits,
            strict,
            fast,
            trusted: Trusted::default(),
            passed: Cache::new(KEPT),
        })
    }

    /// The documents of `app`, with those that it trusts.
    ///
    /// # Errors
    /// A configuration error where a trusted document cannot be used; as [`Documents::new`].
    pub fn open(app: &Arc<App>) -> Result<Self, Error> {
        Ok(Self {
            trusted: Trusted::open(app)?,
            ..Self::new(super::build(app))?
        })
    }

    /// What one request, or all of a batch, may cost.
    #[must_use]
    pub fn budget(&self) -> Budget {
        Budget(self.limits.cost)
    }

    /// Asks within the process, for as long as it takes; the answer as it is sent.
    ///
    /// # Errors
    /// [`Error`] where the answer cannot be written.
    pub async fn ask(
        &self,
        query: &str,
        variables: serde_json::Value,
        caller: Caller,
    ) -> Result<String, Error> {
        let request = Request::new(query)
            .variables(Variables::from_json(variables))
            .data(caller);
        let response = match self.ready(request, Way::Body, &mut self.budget()) {
            Ok(ready) => self.run(ready).await,
            Err(response) => *response,
        };
        serde_json::to_string(&response).map_err(Error::internal)
    }

    /// Runs a query or mutation, until then.
    pub async fn answer(
        &self,
        request: Request,
        way: Way,
        budget: &mut Budget,
        until: Instant,
    ) -> Response {
        let ready = match self.ready(request, way, budget) {
            Ok(ready) => ready,
            Err(response) => return *response,
        };
        // A file that was received is kept, however long it takes to copy it.
        let keeps = ready.kind == OperationType::Mutation && !ready.request.uploads.is_empty();
        let answer = self.run(ready);
        if keeps {
            return answer.await;
        }
        let ended = timeout_at(until, answer).await;
        ended.unwrap_or_else(|_| too_slow(self.limits.time))
    }

    /// Runs an operation of whichever kind; a query or mutation gives one answer. Answers what is not run by
    /// the response that says why.
    ///
    /// # Errors
    /// The refusal.
    pub fn stream(
        self: &Arc<Self>,
        request: Request,
    ) -> Result<(OperationType, BoxStream<'static, Response>), Box<Response>> {
        let mut budget = self.budget();
        let ready = self.ready(request, Way::Socket, &mut budget)?;
        let kind = ready.kind;
        if kind != OperationType::Subscription {
            let documents = self.clone();
            let once = stream::once(async move { documents.run(ready).await });
            return Ok((kind, once.boxed()));
        }
        let (document, tell, asked) = (ready.document, ready.tell, ready.asked);
        let operation = ready.request.operation_name.clone();
        let answers = self.strict.execute_stream(ready.request);
        let answers = answers.map(move |mut response| {
            in_order(&document, operation.as_deref(), &mut response.data);
            told(response, asked, tell)
        });
        Ok((kind, answers.boxed()))
    }

    /// Everything that is looked at before an operation runs.
    fn ready(
        &self,
        mut request: Request,
        way: Way,
        budget: &mut Budget,
    ) -> Result<Ready, Box<Response>> {
        let tell =
            (request.extensions.get("cost") == Some(&Value::Boolean(true))).then_some(budget.0);
        self.trusted
            .resolve(&mut request)
            .map_err(Refusal::response)?;
        let known = self.passed.get(&request.query);
        let (document, known) = match known {
            Some(document) => {
                request.set_parsed_query((*document).clone());
                (document, true)
            }
            None => {
                token::check(&request.query, self.limits.tokens, self.limits.recursion)
                    .map_err(Refusal::response)?;
                let read = request.parsed_query().cloned();
                let document = read.map_err(|error| unreadable(error).response())?;
                (Arc::new(document), false)
            }
        };
        let name = request.operation_name.as_deref();
        let operation = operation::find(&document, name).map_err(Refusal::response)?;
        operation::check(&document, operation, way).map_err(Refusal::response)?;
        let (limits, variables) = (&self.limits, &request.variables);
        let asked = cost::count(&self.shape, limits, &document, operation, variables)
            .map_err(Refusal::response)?;
        asked
            .within(limits, budget.0)
            .map_err(|refusal| Box::new(told(*refusal.response(), asked, tell)))?;
        if let Some(fault) = self.inputs.fault(operation, variables) {
            let refusal = Refusal::new(Code::QueryInvalid, fault);
            return Err(Box::new(told(*refusal.response(), asked, tell)));
        }
        budget.0 = budget.0.saturating_sub(asked.cost);
        let kind = operation.ty;
        Ok(Ready {
            request,
            document,
            kind,
            asked,
            known,
            tell,
        })
    }

    async fn run(&self, ready: Ready) -> Response {
        let Ready {
            request,
            document,
            asked,
            known,
            tell,
            ..
        } = ready;
        let operation = request.operation_name.clone();
        // Only a document without a single complaint is kept, and mutations always go the strict way.
        let keep = !known && request.query.len() <= LONGEST && only_reads(&document);
        let text = keep.then(|| request.query.clone());
        let schema = if known { &self.fast } else { &self.strict };
        let span = trace::operation(&document, operation.as_deref());
        let request = request.data(Found::default());
        let mut response = schema.execute(request).instrument(span).await;
        in_order(&document, operation.as_deref(), &mut response.data);
        if let Some(text) = text
            && response.is_ok()
        {
            self.passed.insert(text, document);
        }
        told(response, asked, tell)
    }
}

/// The answer to a request that took longer than `seconds`.
#[must_use]
pub fn too_slow(seconds: u64) -> Response {
    let allowed = usize::try_from(seconds).unwrap_or(usize::MAX);
    let words = (
        "A request may take",
        allowed,
        "seconds at most. A change may have been made all the same: look before you send it again",
    );
    *Refusal::limit(Code::QueryTooSlow, "time", words, None).response()
}

/// The answer with its cost, where that was asked for.
fn told(response: Response, asked: Asked, tell: Option<usize>) -> Response {
    match tell {
        Some(allowed) => response.extension("cost", asked.told(allowed)),
        None => response,
    }
}

/// A fault of syntax in one line. The reader draws the whole document around it, and what stands in there is
/// nobody else's business.
fn unreadable(error: ServerError) -> Refusal {
    let place = error
        .message
        .trim_start()
        .strip_prefix("--> ")
        .and_then(|rest| rest.split_once('\n'))
        .and_then(|(place, rest)| Some((place.trim().split_once(':')?, rest)));
    let refusal = match place {
        Some(((line, column), rest)) => {
            let expected = rest.rsplit_once("= ").map_or("", |(_, expected)| expected);
            let words = format!(
                "The document cannot be read at line {line}, column {column}: {}.",
                expected.trim()
            );
            Refusal::new(Code::QueryUnreadable, words)
        }
        None if error.message.contains("recursion") => token::too_nested(64),
        // Names that stand twice, and documents without an operation: they can be read.
        None => Refusal::new(
            Code::QueryInvalid,
            format!("The document is not valid: {}.", error.message),
        ),
    };
    refusal.at(error.locations)
}
