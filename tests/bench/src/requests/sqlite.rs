//! A verification's statements on SQLite without the registry around them: threads with a connection each, and a commit
//! a request.

use crate::Failure;
use crate::cost::Meter;
use crate::fill::ACHIEVEMENTS;
use crate::load::{Round, Shape};
use registry::db::{Connection, Id, Purpose};
use registry::model::access_entry::{self, AccessRow};
use registry::model::receipt::{self, ReceiptRow};
use registry::{app::Clock, model};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// Runs so many threads without pause.
pub(crate) fn run(database: &str, threads: u64, shape: Shape) -> Result<Round, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let workers: Vec<_> = (1..=threads)
        .map(|seed| {
            let (stop, database) = (stop.clone(), database.to_owned());
            std::thread::spawn(move || -> Result<Vec<(Instant, u32)>, Failure> {
                let mut connection = Connection::open(&database, Purpose::Write)?;
                let mut random = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
                let mut took = Vec::new();
                while !stop.load(Ordering::Relaxed) {
                    random ^= random << 13;
                    random ^= random >> 7;
                    random ^= random << 17;
                    let number = 1 + random % u64::from(ACHIEVEMENTS);
                    let began = Instant::now();
                    verify(&mut connection, number)?;
                    let micros = u32::try_from(began.elapsed().as_micros()).unwrap_or(u32::MAX);
                    took.push((began, micros));
                }
                Ok(took)
            })
        })
        .collect();
    std::thread::sleep(shape.time / 10);
    let meter = Meter::default();
    let (before, began) = (meter.now()?, Instant::now());
    std::thread::sleep(shape.time);
    let (after, time) = (meter.now()?, began.elapsed());
    stop.store(true, Ordering::Relaxed);
    let mut latencies = Vec::new();
    for worker in workers {
        let took = worker.join().map_err(|_| "a thread panicked")??;
        let measured = took
            .into_iter()
            .filter(|(at, _)| *at >= began && *at < began + time);
        latencies.extend(measured.map(|(_, micros)| micros));
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

/// The join, then both rows in a transaction: nobody waits for a lock while reading.
fn verify(connection: &mut Connection, number: u64) -> Result<(), Failure> {
    let found = model::achievement::certified(connection, &format!("C{number}"))?;
    let (held, learner) = found.first().ok_or("a certificate is missing")?;
    let at = Clock::system().now();
    let caller = number % 50;
    let receipt = ReceiptRow {
        id: Id::new(),
        caller: format!("registry\u{1f}employer-{caller}"),
        outcome: "VALID".to_owned(),
        purpose: Some("Application for a post".to_owned()),
        achievement_id: Some(held.achievement.id),
        checked_at: at,
        jwt: "x".repeat(690),
    };
    let look = AccessRow {
        id: Id::new(),
        learner_id: Some(learner.id),
        at,
        by_whom: format!("little-acorns-{caller} (employer-{caller})"),
        role: "employer".to_owned(),
        what: "verification".to_owned(),
        purpose: Some("Application for a post".to_owned()),
        via: "graphql".to_owned(),
    };
    connection.transaction(|connection| -> Result<(), diesel::result::Error> {
        receipt::insert_all(connection, &[&receipt])?;
        access_entry::insert(connection, &look)
    })?;
    Ok(())
}
