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

/// What one caller asks.
struct Share<Q: Question> {
    questions: Vec<Q>,
    hop: Hop,
    answer: Answer<Q>,
}

/// Where a caller's answers go.
type Answer<Q> = oneshot::Sender<Result<Vec<<Q as Question>::Answer>, Error>>;
/// Where a caller waits for them.
pub(super) type Answers<Q> = oneshot::Receiver<Result<Vec<<Q as Question>::Answer>, Error>>;

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

    pub(super) fn ask(&self, readers: &Readers, questions: Vec<Q>) -> Result<Answers<Q>, Error> {
        let (answer, receiver) = oneshot::channel();
        let mut state = self.state();
        if state.waiting.len() >= QUEUE {
            state.waiting.retain(|share| !share.answer.is_closed());
        }
        let full = state.waiting.len() >= QUEUE;
        if !full {
            state.waiting.push_back(Share {
                questions,
                hop: Hop::ask("read"),
                answer,
            });
        }
        drop(state);
        // Also where there is no room: a turn that no server answers must not close the lane.
        self.go_on(readers);
        if full {
            return Err(Error::from(Code::Unavailable));
        }
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
            let mut room = TOGETHER;
            let fit = state.waiting.iter().take_while(|share| {
                let begun = room > 0;
                room = room.saturating_sub(share.questions.len());
                begun
            });
            let count = fit.count();
            state.waiting.drain(..count).collect()
        };
        if !shares.is_empty() {
            answer_all(line, shares);
        }
        let (lane, readers) = (Lane(self.lane.0.clone()), self.readers.clone());
        drop(self);
        lane.go_on(&readers);
    }
}

/// Answers everybody who shares a turn.
fn answer_all<Q: Question>(line: &mut Line, shares: Vec<Share<Q>>) {
    let began = Instant::now();
    let questions: Vec<Q> = shares
        .iter()
        .flat_map(|share| share.questions.iter().cloned())
        .collect();
    let ask = |connection: &mut Connection| {
        catch_unwind(AssertUnwindSafe(|| Q::answer(connection, &questions)))
            .unwrap_or_else(|_| Err(Error::internal("a query panicked")))
    };
    let result = line.get().and_then(|connection| match shares.first() {
        Some(first) => first.hop.within(|| ask(connection)),
        None => Ok(Vec::new()),
    });
    let mut answers = line.after(result).map(Vec::into_iter);
    for share in shares {
        let own = match &mut answers {
            Ok(answers) => {
                let own: Vec<_> = answers.take(share.questions.len()).collect();
                let whole = own.len() == share.questions.len();
                let lost = || Error::internal("a question without an answer");
                whole.then_some(own).ok_or_else(lost)
            }
            Err(error) => Err(error.again()),
        };
        share.hop.tell(began);
        let _ = share.answer.send(own);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crossbeam_channel::bounded;
    use std::time::Duration;

    #[derive(Clone)]
    struct Nothing;

    impl Question for Nothing {
        type Answer = ();

        fn answer(_: &mut Connection, asked: &[Self]) -> Result<Vec<()>, Error> {
            Ok(asked.iter().map(|_| ()).collect())
        }
    }

    #[test]
    fn turns_that_nobody_answers_do_not_close_a_full_lane() {
        // Threads that never take what they are handed.
        let (queue, handed) = bounded(8);
        let readers = Readers {
            queue,
            _keeper: bounded(0).0,
        };
        let lane = Lane::<Nothing>::default();
        let ask = || lane.ask(&readers, vec![Nothing]);
        let waiting: Vec<_> = (0..QUEUE).map(|_| ask()).collect();
        assert!(waiting.iter().all(Result::is_ok));
        assert_eq!(handed.len(), TURNS);
        assert!(ask().is_err(), "there is no room");
        assert_eq!(handed.len(), TURNS, "two turns run already");

        let long_ago = Instant::now().checked_sub(ANSWER_WITHIN + Duration::from_secs(1));
        for (_, began) in &mut lane.state().turns {
            *began = long_ago.unwrap_or(*began);
        }
        assert!(ask().is_err(), "there is still no room");
        assert_eq!(handed.len(), TURNS + 1, "but the next turn begins");

        drop(waiting);
        assert!(ask().is_ok(), "those who left make room");
        assert_eq!(lane.state().waiting.len(), 1);
    }
}
