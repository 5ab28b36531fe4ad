//! Callers that read without pause: two threads with an event loop each, as the server's workers are, and a
//! share of the callers on each.

use crate::Failure;
use crate::cost::Meter;
use crate::fill::LEARNERS;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// How many event loops there are.
pub(crate) const WORKERS: usize = 2;

const WARMING: u8 = 0;
const MEASURING: u8 = 1;
const STOPPED: u8 = 2;

/// How much is asked.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    /// Callers at a time, over all workers.
    pub(crate) callers: usize,
    /// For how long, after a tenth of it to get warm.
    pub(crate) time: Duration,
}

/// What came out of one round.
pub(crate) struct Round {
    /// How many were answered.
    pub(crate) requests: usize,
    /// In how long.
    pub(crate) time: Duration,
    /// How long each took, in microseconds, or a sample of them; sorted.
    pub(crate) latencies: Vec<u32>,
    /// Processor time of the asking process.
    pub(crate) client: Duration,
    /// Processor time of the program that was asked, where it is another process.
    pub(crate) program: Duration,
    /// Processor time of the database server.
    pub(crate) server: Duration,
}

/// Runs callers. `open` is called once on each worker, with its number; `read` reads the learner of a number.
pub(crate) fn run<S, Open, Read>(
    shape: Shape,
    meter: Meter,
    open: &Open,
    read: &Read,
) -> Result<Round, Failure>
where
    S: 'static,
    Open: AsyncFn(usize) -> Result<S, Failure> + Clone + Send + 'static,
    Read: AsyncFn(&S, u32) -> Result<(), Failure> + Clone + Send + 'static,
{
    let phase = Arc::new(AtomicU8::new(WARMING));
    let (ready, opened) = mpsc::channel();
    let workers: Vec<_> = (0..WORKERS)
        .map(|worker| {
            let (phase, ready) = (phase.clone(), ready.clone());
            let (open, read) = (open.clone(), read.clone());
            let callers = shape.callers / WORKERS;
            std::thread::spawn(move || -> Result<Vec<u32>, Failure> {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()?;
                let local = tokio::task::LocalSet::new();
                local.block_on(&runtime, async move {
                    let state = Rc::new(open(worker).await?);
                    ready.send(())?;
                    let tasks: Vec<_> = (0..callers)
                        .map(|caller| {
                            let (state, read, phase) = (state.clone(), read.clone(), phase.clone());
                            let seed = u64::try_from(worker * 1000 + caller + 1).unwrap_or(1);
                            tokio::task::spawn_local(call(state, read, phase, seed))
                        })
                        .collect();
                    let mut latencies = Vec::new();
                    for task in tasks {
                        latencies.append(&mut task.await??);
                    }
                    Ok(latencies)
                })
            })
        })
        .collect();
    drop(ready);
    for _ in 0..WORKERS {
        // A worker that fails drops its end: the error comes with its thread.
        let _ = opened.recv();
    }
    std::thread::sleep(shape.time / 10);
    let (before, began) = (meter.now()?, Instant::now());
    phase.store(MEASURING, Ordering::Relaxed);
    std::thread::sleep(shape.time);
    phase.store(STOPPED, Ordering::Relaxed);
    let (after, time) = (meter.now()?, began.elapsed());
    let mut latencies = Vec::new();
    for worker in workers {
        latencies.append(&mut worker.join().map_err(|_| "a worker panicked")??);
    }
    latencies.sort_unstable();
    Ok(Round {
        requests: latencies.len(),
        time,
        latencies,
        client: after.client - before.client,
        program: after.program - before.program,
        server: after.server - before.server,
    })
}

async fn call<S, Read>(
    state: Rc<S>,
    read: Read,
    phase: Arc<AtomicU8>,
    seed: u64,
) -> Result<Vec<u32>, Failure>
where
    Read: AsyncFn(&S, u32) -> Result<(), Failure>,
{
    let mut random = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mut latencies = Vec::with_capacity(1 << 14);
    loop {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let number = 1 + u32::try_from(random % u64::from(LEARNERS)).unwrap_or_default();
        let began = Instant::now();
        read(&state, number).await?;
        match phase.load(Ordering::Relaxed) {
            WARMING => {}
            MEASURING => {
                latencies.push(u32::try_from(began.elapsed().as_micros()).unwrap_or(u32::MAX));
            }
            _ => return Ok(latencies),
        }
    }
}
