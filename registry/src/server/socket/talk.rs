//! What is said on one socket, from the introduction to the close. One task does it all: what the client
//! says, what its operations answer, and the time. So an operation that has an answer waits while the client
//! does not read, and what waits is never more than a few messages.

use super::super::accept::{Told, never_ran};
use super::super::graphql::finish;
use super::super::{Shared, gate, identity, problem};
use super::message::{self, Close, Message};
use crate::access::Caller;
use crate::error::Error;
use crate::graphql::{Speaks, too_slow};
use crate::limits::Allowance;
use crate::telemetry::{self, Place, RequestId};
use actix_web::{HttpMessage, HttpRequest, http::header, web};
use actix_ws::{
    AggregatedMessage, AggregatedMessageStream, CloseCode, CloseReason, MessageStream,
    ProtocolError, Session,
};
use async_graphql::parser::types::OperationType;
use async_graphql::{Request, Response, ServerError};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::future::AbortHandle;
use futures_util::stream::{self, BoxStream, SelectAll, StreamExt, abortable};
use schema::{Code, Language};
use serde::Serialize;
use serde_json::Value;
use std::collections::HashMap;
use std::io;
use std::net::IpAddr;
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tracing::{Instrument, Span};

/// How often the time is looked at.
const TICK: Duration = Duration::from_millis(250);
/// How long a client may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(2);

/// The talk on one socket.
pub(super) struct Talk {
    shared: web::Data<Shared>,
    session: Session,
    stop: watch::Receiver<bool>,
    language: Language,
    /// The upgrade's own token: of programs. A browser cannot send one, and says where it is from.
    offered: Option<String>,
    address: IpAddr,
    /// What the upgrade is called, where it stands in its trace, and how much was done since in its name.
    name: RequestId,
    place: Option<Place>,
    done: u64,
    opened: Instant,
    heard: Instant,
    pinged: Instant,
    introduced: Option<Introduced>,
    operations: HashMap<String, Operation>,
    answers: SelectAll<BoxStream<'static, Answer>>,
}

/// Who talks.
struct Introduced {
    caller: Caller,
    /// What they may still do, on this socket as on any other and over HTTP.
    allowance: Allowance,
    token: Option<String>,
    /// When the token says that it ends, in seconds since 1970.
    until: Option<i64>,
}

struct Operation {
    kind: OperationType,
    begun: bool,
    stop: AbortHandle,
}

/// An answer of an operation; none is its end.
type Answer = (String, Option<Response>);

/// How a talk ends.
enum Ending {
    /// With a code and a reason.
    Close(Close),
    /// The client is gone, or takes nothing: there is nobody to say goodbye to.
    Gone,
}

impl From<Close> for Ending {
    fn from(close: Close) -> Self {
        Self::Close(close)
    }
}

impl Talk {
    pub(super) fn new(
        request: &HttpRequest,
        shared: web::Data<Shared>,
        session: Session,
        stop: watch::Receiver<bool>,
    ) -> Self {
        let headers = request.headers();
        let offered = headers
            .get(header::AUTHORIZATION)
            .filter(|_| !headers.contains_key(header::ORIGIN))
            .map(|value| value.to_str().unwrap_or_default().to_owned());
        let now = Instant::now();
        let address = gate::address(request, &shared);
        let name = request.extensions().get::<RequestId>().cloned();
        Self {
            name: name.unwrap_or_default(),
            place: telemetry::here(),
            done: 0,
            shared,
            session,
            stop,
            language: problem::language(request),
            offered,
            address,
            opened: now,
            heard: now,
            pinged: now,
            introduced: None,
            operations: HashMap::new(),
            answers: SelectAll::new(),
        }
    }

    /// Talks until it ends. `agreed`: whether the client speaks the protocol.
    pub(super) async fn run(mut self, stream: MessageStream, agreed: bool) {
        let limit = self.shared.app.config.graphql.body;
        let mut stream = stream
            .max_frame_size(limit)
            .aggregate_continuations()
            .max_continuation_size(limit);
        let ending = if agreed {
            self.talk(&mut stream).await
        } else {
            Close::new(4406, "Subprotocol not acceptable").into()
        };
        // Whatever still runs is given up.
        self.answers.clear();
        let Ending::Close(close) = ending else {
            return;
        };
        let reason = CloseReason {
            code: CloseCode::from(close.code),
            description: Some(close.reason),
        };
        let told = tokio::time::timeout(GOODBYE, self.session.close(Some(reason))).await;
        if matches!(told, Ok(Ok(()))) {
            // The client's own goodbye: a connection that is cut before may take ours with it.
            let goodbye = async {
                while let Some(Ok(message)) = stream.recv().await {
                    if matches!(message, AggregatedMessage::Close(_)) {
                        break;
                    }
                }
            };
            let _ = tokio::time::timeout(GOODBYE, goodbye).await;
        }
    }

    async fn talk(&mut self, stream: &mut AggregatedMessageStream) -> Ending {
        let mut stop = self.stop.clone();
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let done = tokio::select! {
                _ = stop.wait_for(|stopping| *stopping) => {
                    Err(Close::new(1001, "The server stops").into())
                }
                _ = tick.tick() => self.look_at_the_time().await,
                message = stream.recv() => match message {
                    Some(Ok(message)) => self.hear(message).await,
                    Some(Err(error)) => Err(unreadable(&error)),
                    None => Err(Ending::Gone),
                },
                Some(answer) = self.answers.next(), if !self.answers.is_empty() => {
                    self.tell_answer(answer).await
                }
            };
            if let Err(ending) = done {
                return ending;
            }
        }
    }

    async fn hear(&mut self, message: AggregatedMessage) -> Result<(), Ending> {
        self.heard = Instant::now();
        match message {
            AggregatedMessage::Text(text) => match Message::read(&text)? {
                Message::Init(payload) => {
                    let span = self.span();
                    self.introduce(payload).instrument(span).await
                }
                Message::Ping(payload) => self.say(&message::pong(payload)).await,
                Message::Pong => Ok(()),
                Message::Subscribe(id, request) => {
                    let span = self.span();
                    let subscribed = self.subscribe(id, *request, span.clone());
                    subscribed.instrument(span).await
                }
                Message::Complete(id) => {
                    if let Some(operation) = self.operations.remove(&id) {
                        operation.stop.abort();
                    }
                    Ok(())
                }
            },
            AggregatedMessage::Binary(_) => {
                Err(Close::new(4400, "Invalid message: it is no text.").into())
            }
            AggregatedMessage::Ping(bytes) => {
                let mut session = self.session.clone();
                self.within(async move { session.pong(&bytes).await }).await
            }
            AggregatedMessage::Pong(_) => Ok(()),
            AggregatedMessage::Close(_) => Err(Close::new(1000, "").into()),
        }
    }

    /// The span of what is done next: the talk goes on long after the upgrade was answered, in a task of its own.
    fn span(&mut self) -> Span {
        self.done += 1;
        self.name.operation(self.done, self.place.clone())
    }

    /// "ConnectionInit": who talks is said once, in the payload, else in the upgrade's own header.
    async fn introduce(&mut self, payload: Option<Value>) -> Result<(), Ending> {
        if self.introduced.is_some() {
            return Err(Close::new(4429, "Too many initialisation requests").into());
        }
        let forbidden = || Ending::from(Close::new(4403, "Forbidden: the token does not hold"));
        let told = payload.as_ref().and_then(|payload| {
            let named = |name: &str| payload.get(name).filter(|value| !value.is_null());
            named("authorization").or_else(|| named("Authorization"))
        });
        let authorization = match told {
            Some(Value::String(text)) => Some(text.clone()),
            Some(_) => return Err(forbidden()),
            None => self.offered.take(),
        };
        let (caller, token) = match &authorization {
            None => (Caller::nobody(), None),
            Some(text) => {
                let token = identity::bearer(text).ok_or_else(forbidden)?;
                let caller = identity::of_token(token, &self.shared).await;
                (caller.map_err(|_| forbidden())?, Some(token))
            }
        };
        self.introduced = Some(Introduced {
            allowance: gate::of_caller(&self.shared, &caller, self.address),
            caller,
            until: token.and_then(expiry),
            token: token.map(str::to_owned),
        });
        self.say(&message::ack()).await
    }

    /// "Subscribe": runs an operation of whichever kind, all of it within its span.
    async fn subscribe(&mut self, id: String, request: Request, span: Span) -> Result<(), Ending> {
        let Some(introduced) = &self.introduced else {
            return Err(Close::new(4401, "Unauthorized").into());
        };
        self.still_holds(introduced)?;
        if self.operations.contains_key(&id) {
            let reason = format!("Subscriber for {id} already exists");
            return Err(Close::new(4409, reason).into());
        }
        let most = self.shared.app.config.graphql.sockets.operations;
        if self.operations.len() >= most {
            let words = format!("A socket may run {most} operations at once at most.");
            return self.refuse(&id, refusal(Code::TooMany, words)).await;
        }
        let decision = introduced.allowance.request();
        if let Some(decision) = decision.filter(|decision| !decision.granted) {
            let words = Code::RateLimited.message(self.language);
            let words = format!("{words} ({} s)", decision.reset.max(1));
            return self.refuse(&id, refusal(Code::RateLimited, words)).await;
        }
        let request = request
            .data(introduced.caller.clone())
            .data(introduced.allowance.clone())
            .data(Speaks(self.language))
            .data(self.shared.queue.clone());
        let (kind, responses) = match self.shared.documents.stream(request) {
            Ok(running) => running,
            Err(response) => return self.refuse(&id, *response).await,
        };
        let mut responses = if kind == OperationType::Subscription {
            responses
        } else {
            within_time(responses, self.shared.app.config.graphql.time)
        };
        let responses = stream::poll_fn(move |context| {
            let _within = span.enter();
            responses.poll_next_unpin(context)
        });
        let (name, last) = (id.clone(), id.clone());
        let answers = responses
            .map(move |response| (name.clone(), Some(response)))
            .chain(stream::once(async move { (last, None) }));
        let (answers, stop) = abortable(answers);
        self.answers.push(answers.boxed());
        let begun = false;
        self.operations.insert(id, Operation { kind, begun, stop });
        Ok(())
    }

    /// "Next", "Error" and "Complete".
    async fn tell_answer(&mut self, (id, response): Answer) -> Result<(), Ending> {
        let Some(operation) = self.operations.get_mut(&id) else {
            return Ok(());
        };
        let Some(mut response) = response else {
            self.operations.remove(&id);
            return self.say(&message::complete(&id)).await;
        };
        finish(&mut response, self.shared.app.config.graphql.introspection);
        // A stream that could not be made, like a document that is not valid, never began.
        let no_stream = operation.kind == OperationType::Subscription
            && response.data == async_graphql::Value::Null
            && !response.errors.is_empty();
        if !operation.begun && (no_stream || never_ran(&response)) {
            operation.stop.abort();
            self.operations.remove(&id);
            return self.refuse(&id, response).await;
        }
        operation.begun = true;
        let next = message::next(&id, Told::of(&response));
        self.say(&next).await
    }

    /// "Error": the operation has ended before it began.
    async fn refuse(&mut self, id: &str, mut response: Response) -> Result<(), Ending> {
        finish(&mut response, self.shared.app.config.graphql.introspection);
        let error = message::error(id, &response.errors);
        self.say(&error).await
    }

    async fn look_at_the_time(&mut self) -> Result<(), Ending> {
        let limits = &self.shared.app.config.graphql.sockets;
        let passed = |since: Instant, seconds: u64| since.elapsed() >= Duration::from_secs(seconds);
        match &self.introduced {
            None if passed(self.opened, limits.init) => {
                return Err(Close::new(4408, "Connection initialisation timeout").into());
            }
            None => {}
            Some(introduced) => {
                let now = self.shared.app.clock.now().and_utc().timestamp();
                if introduced.until.is_some_and(|until| until <= now) {
                    self.still_holds(introduced)?;
                }
            }
        }
        if passed(self.heard, limits.silence) {
            let words = format!("Nothing was heard for {} seconds", limits.silence);
            // The code with which clients of this protocol end a socket that froze; they connect again.
            return Err(Close::new(4499, words).into());
        }
        if passed(self.heard.max(self.pinged), limits.ping) {
            self.pinged = Instant::now();
            let mut session = self.session.clone();
            return self.within(async move { session.ping(b"").await }).await;
        }
        Ok(())
    }

    /// A token ends while a socket is open: 4403, as for one that does not hold when it is brought. Clients
    /// of this protocol take it as worth another try with a new token, and 4401 as final.
    fn still_holds(&self, introduced: &Introduced) -> Result<(), Ending> {
        let Some(token) = &introduced.token else {
            return Ok(());
        };
        let app = &self.shared.app;
        match app.issuers.verify(token, app.clock.now()) {
            Ok(_) => Ok(()),
            Err(error) => {
                let expired = error.code() == Code::TokenExpired;
                let what = if expired {
                    "has expired"
                } else {
                    "no longer holds"
                };
                Err(Close::new(4403, format!("Forbidden: the token {what}")).into())
            }
        }
    }

    async fn say(&mut self, message: &impl Serialize) -> Result<(), Ending> {
        let text = serde_json::to_string(message).map_err(|error| {
            let words = Error::internal(error).message(self.language);
            Close::new(4500, words)
        })?;
        let mut session = self.session.clone();
        self.within(async move { session.text(text).await }).await
    }

    /// What a client does not read waits for a while; then it is one that is gone.
    async fn within(
        &self,
        saying: impl Future<Output = Result<(), actix_ws::Closed>>,
    ) -> Result<(), Ending> {
        let patience = Duration::from_secs(self.shared.app.config.graphql.sockets.reader);
        match tokio::time::timeout(patience, saying).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Ending::Gone),
        }
    }
}

/// The answer to an operation that is not run.
fn refusal(code: Code, words: String) -> Response {
    let mut error = ServerError::new(words, None);
    let extensions = error.extensions.get_or_insert_default();
    extensions.set("code", code.as_str());
    Response::from_errors(vec![error])
}

/// The one answer of a query or mutation, within its time.
fn within_time(
    mut responses: BoxStream<'static, Response>,
    seconds: u64,
) -> BoxStream<'static, Response> {
    let answer = async move {
        let time = Duration::from_secs(seconds);
        match tokio::time::timeout(time, responses.next()).await {
            Ok(Some(response)) => response,
            Ok(None) => Response::from_errors(vec![ServerError::new(
                Error::internal("an operation without an answer").message(Language::English),
                None,
            )]),
            Err(_) => too_slow(seconds),
        }
    };
    stream::once(answer).boxed()
}

/// Why what came cannot be read.
fn unreadable(error: &ProtocolError) -> Ending {
    let close = match error {
        ProtocolError::Overflow => Close::new(1009, "The message is too large"),
        ProtocolError::Io(error) if error.kind() == io::ErrorKind::InvalidData => {
            Close::new(1007, "The message is no UTF-8")
        }
        ProtocolError::Io(_) => Close::new(1009, "The message is too large"),
        _ => Close::new(1002, "The message is not of the WebSocket protocol"),
    };
    close.into()
}

/// When a token, which was found to hold, says that it ends.
fn expiry(token: &str) -> Option<i64> {
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    let claims: Value = serde_json::from_slice(&claims).ok()?;
    let until = claims.get("exp")?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a part of a second does not count"
    )]
    let whole = until
        .as_i64()
        .or_else(|| until.as_f64().map(|until| until as i64));
    whole
}
