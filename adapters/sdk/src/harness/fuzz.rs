//! Runs an adapter over damaged files for as long as is wanted, in this process: the long form of the conformance
//! kit's `hostile`, a thousand times faster.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a trial tells what it did"
)]

use super::{Damage, Outcome, run};
use crate::Adapter;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Files, and the options with which they are read.
#[derive(Debug)]
pub struct Corpus {
    /// The adapter's table as TOML.
    pub options: String,
    /// What it holds.
    pub files: Vec<Vec<u8>>,
}

impl Corpus {
    /// The files in a folder.
    ///
    /// # Errors
    /// Where one of them cannot be read.
    pub fn folder(options: &str, folder: &Path) -> std::io::Result<Self> {
        let mut paths = Vec::new();
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_file() {
                paths.push(path);
            }
        }
        // In an order of their own, so that a number is the same file everywhere.
        paths.sort();
        Ok(Self {
            options: options.to_owned(),
            files: paths.iter().map(std::fs::read).collect::<Result<_, _>>()?,
        })
    }
}

/// The longest that one file may take.
const LONGEST: Duration = Duration::from_secs(10);
/// The most memory that the process may have held, in KiB.
const MOST: u64 = 512 << 10;

/// Runs `A` over damaged files, for the seconds and from the number that the command line has (`SECONDS [NUMBER
/// [FOLDER]]`). A finding is told by its number, from which it can be made again, and written into the folder: a
/// panic, a file that takes too long, memory beyond any bound, a record or an issue without its place, an issue or a
/// refusal without words.
#[must_use]
pub fn fuzz<A: Adapter>(corpora: std::io::Result<Vec<Corpus>>) -> ExitCode {
    let corpora = match corpora {
        Ok(corpora) if !corpora.is_empty() => corpora,
        Ok(_) => return told("there is no corpus"),
        Err(error) => return told(&format!("the corpus: {error}")),
    };
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number = |place: usize| words.get(place).and_then(|word| word.parse::<u64>().ok());
    let (seconds, first) = (number(0).unwrap_or(10), number(1).unwrap_or(1));
    let damages: Vec<_> = corpora
        .into_iter()
        .map(|corpus| (Damage::new(corpus.files), corpus.options))
        .collect();
    let began = Instant::now();
    let (mut ends, mut longest) = (BTreeMap::<String, u64>::new(), (Duration::ZERO, 0));
    let mut now = first;
    watch();
    while began.elapsed() < Duration::from_secs(seconds) {
        let place = (now % damages.len() as u64) as usize;
        let Some((damage, options)) = damages.get(place) else {
            return told("there is no corpus");
        };
        let file = damage.file(now);
        RUNNING.store(now, Ordering::Relaxed);
        let run_began = Instant::now();
        let read = std::panic::catch_unwind(|| run::<A>(options, &file));
        longest = longest.max((run_began.elapsed(), now));
        let found = match read {
            Err(_) => Err("it panics"),
            Ok(_) if longest.0 > LONGEST => Err("it takes too long"),
            Ok(_) if peak() > MOST => Err("memory has grown beyond any bound"),
            Ok(outcome) => judge(&outcome).map(|()| outcome),
        };
        match found {
            Ok(outcome) => {
                let end = outcome.stop.map_or("read".to_owned(), |stop| stop.code);
                *ends.entry(end).or_default() += 1;
            }
            Err(what) => {
                if let Some(folder) = words.get(2) {
                    let path = Path::new(folder).join(format!("{}-{now}", A::NAME));
                    if let Err(error) = std::fs::write(&path, &file) {
                        eprintln!("{}: {error}", path.display());
                    }
                }
                return told(&format!("number {now}: {what}"));
            }
        }
        now += 1;
    }
    println!(
        "{}: {} files in {:?}, the longest {:?} (number {}), at most {} MiB: {ends:?}",
        A::NAME,
        now - first,
        began.elapsed(),
        longest.0,
        longest.1,
        peak() >> 10
    );
    ExitCode::SUCCESS
}

fn judge(outcome: &Outcome) -> Result<(), &'static str> {
    let is_known = |position: &crate::Position| {
        position.row != 0 || position.offset_plus_one != 0 || !position.path.is_empty()
    };
    let placed = |record: &crate::ResultRecord| record.position.as_ref().is_some_and(is_known);
    if !outcome.records.iter().all(placed) {
        return Err("a record does not say where it stands");
    }
    if !outcome.issues.iter().all(|issue| is_known(&issue.position)) {
        return Err("an issue does not say where");
    }
    let mut said = outcome.issues.iter().map(|issue| issue.message.as_str());
    let stopped = outcome.stop.as_ref().map(|stop| stop.message.as_str());
    if said.any(str::is_empty) || stopped.is_some_and(str::is_empty) {
        return Err("an issue or a refusal has no words");
    }
    Ok(())
}

/// The number of the file that is read now.
static RUNNING: AtomicU64 = AtomicU64::new(0);

/// Ends the process where a file is read for ever: nothing else could tell of it.
fn watch() {
    std::thread::spawn(|| {
        let mut before = (0, Instant::now());
        loop {
            std::thread::sleep(Duration::from_secs(1));
            let now = RUNNING.load(Ordering::Relaxed);
            if now != before.0 {
                before = (now, Instant::now());
            } else if before.1.elapsed() > 3 * LONGEST {
                eprintln!("number {now}: it is read for ever");
                std::process::exit(1);
            }
        }
    });
}

fn told(what: &str) -> ExitCode {
    eprintln!("{what}");
    ExitCode::FAILURE
}

/// The most memory that this process has held, in KiB; nothing where the kernel does not tell.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}
