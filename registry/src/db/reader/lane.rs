//! Questions of one kind that many ask at the same time, answered together. On PostgreSQL most of what a small
//! read costs is its round trip: those who wait meanwhile share the next one. Nobody waits for company: a
//! question that comes when nothing of its kind runs is asked at once.

use super::{Readers, Work};
use crate::db::ANSWER_WITHIN;
use crate::db::connection::Connection;
use crate::db::line::Line;
use crate::error::Error;
use crate::telemetry::Hop;
use schema::Code;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use tokio::sync::oneshot;

/// How many may wait before callers are told to come back.
const QUEUE: usize = 1024;
/// How many share a round trip at the most.
const TOGETHER: usize = 16;
/// How many round trips of a kind run at a time: more would be smaller ones.
const TURNS: usize = 2;

/// A kind of question.
pub trait Question: Clone + Send + Sync + 'static {
    /// What is answered.
    type Answer: Send + 'static;

    /// Answers each, in their order, by as many statements as one alone would take.
    ///
    /// # Errors
    /// [`Error`] where the database does not answer.
    fn answer(connection: &mut Connection, asked: &[Self]) -> Result<Vec<Self::Answer>, Error>;
}

/// Those who ask questions of one kind.
pub struct Lane<Q: Question>(Arc<Mutex<State<Q>>>);

struct State<Q: Question> {
    waiting: VecDeque<Share<Q>>,
    /// When those that run began.
    turns: Vec<(u64, Instant)>,
    count: u64,
}

struct Share<Q: Question> {
    question: Q,
    hop: Hop,
    answer: oneshot::Sender<Result<Q::Answer, Error>>,
}

impl<Q: Question> Default for Lane<Q> {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(State {
            waiting: VecDeque::new(),
            turns: Vec::new(),
            count: 0,
        })))
    }
}

impl<Q: Question> Lane<Q> {
    fn state(&self) -> MutexGuard<'_, State<Q>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn ask(
        &self,
        readers: &Readers,
        question: Q,
    ) -> Result<oneshot::Receiver<Result<Q::Answer, Error>>, Error> {
        let (answer, receiver) = oneshot::channel();
        let mut state = self.state();
        if state.waiting.len() >= QUEUE {
            return Err(Error::from(Code::Unavailable));
        }
        state.waiting.push_back(Share {
            question,
            hop: Hop::ask("read"),
            answer,
        });
        drop(state);
        self.go_on(readers);
        Ok(receiver)
    }

    /// Begins a turn where somebody waits and not too many run. One that no server answers counts as ended.
    fn go_on(&self, readers: &Readers) {
        let mut state = self.state();
        state
            .turns
            .retain(|(_, began)| began.elapsed() < ANSWER_WITHIN);
        if state.waiting.is_empty() || state.turns.len() >= TURNS {
            return;
        }
        state.count += 1;
        let number = state.count;
        state.turns.push((number, Instant::now()));
        drop(state);
        let turn = Turn {
            lane: Self(self.0.clone()),
            number,
            readers: readers.clone(),
        };
        if let Err(error) = readers.hand_over(Box::new(turn)) {
            let waiting = std::mem::take(&mut self.state().waiting);
            for share in waiting {
                let _ = share.answer.send(Err(error.again()));
            }
        }
    }
}

/// A round trip. However it ends, the next may begin.
struct Turn<Q: Question> {
    lane: Lane<Q>,
    number: u64,
    readers: Readers,
}

impl<Q: Question> Drop for Turn<Q> {
    fn drop(&mut self) {
        let number = self.number;
        self.lane.state().turns.retain(|(one, _)| *one != number);
    }
}

impl<Q: Question> Work for Turn<Q> {
    fn wanted(&self) -> bool {
        true
    }

    fn run(self: Box<Self>, line: &mut Line) {
        let shares: Vec<Share<Q>> = {
            let mut state = self.lane.state();
            state.waiting.retain(|share| !share.answer.is_closed());
            let count = state.waiting.len().min(TOGETHER);
            state.waiting.drain(..count).collect()
        };
        let mut questions = Vec::with_capacity(shares.len());
        let mut waiting = Vec::with_capacity(shares.len());
        for share in shares {
            questions.push(share.question);
            waiting.push((share.hop, share.answer));
        }
        if !questions.is_empty() {
            answer_all(line, &questions, waiting);
        }
        let (lane, readers) = (Lane(self.lane.0.clone()), self.readers.clone());
        drop(self);
        lane.go_on(&readers);
    }
}

type Waiting<Q> = (Hop, oneshot::Sender<Result<<Q as Question>::Answer, Error>>);

fn answer_all<Q: Question>(line: &mut Line, questions: &[Q], waiting: Vec<Waiting<Q>>) {
    let mut waiting = waiting.into_iter();
    let Some((hop, first)) = waiting.next() else {
        return;
    };
    let result = line.get().and_then(|connection| {
        hop.run(|| {
            catch_unwind(AssertUnwindSafe(|| Q::answer(connection, questions)))
                .unwrap_or_else(|_| Err(Error::internal("a query panicked")))
        })
    });
    let mut answers = match line.after(result) {
        Ok(answers) => Ok(answers.into_iter()),
        Err(error) => Err(error),
    };
    let mut next = || match &mut answers {
        Ok(answers) => answers
            .next()
            .ok_or_else(|| Error::internal("a question without an answer")),
        Err(error) => Err(error.again()),
    };
    let _ = first.send(next());
    for (hop, answer) in waiting {
        let one = next();
        let _ = answer.send(hop.run(|| one));
    }
}
