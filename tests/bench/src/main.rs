//! Long trials: what is measured rather than tested. `README.md` beside this says how, and what came out.

mod cost;
mod fill;
mod import;
#[path = "../../support/kills.rs"]
mod killed;
mod kills;
mod load;
#[path = "../../support/meaning.rs"]
mod meaning;
mod memory;
#[path = "../../support/orders.rs"]
mod ordered;
mod orders;
mod program;
mod query;
mod reads;
mod requests;
mod results;
mod search;
#[path = "../../support/seeded.rs"]
mod seeded;
mod way;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Whatever stops a trial: it is run by hand, so words are enough.
type Failure = Box<dyn std::error::Error + Send + Sync>;

#[derive(Parser)]
#[command(about = "Long trials of the registry")]
struct Arguments {
    #[command(subcommand)]
    trial: Trial,
}

#[derive(Subcommand)]
enum Trial {
    /// Make a database of a million achievements, in place of the one made before
    Fill(fill::Fill),
    /// Measure the ways in which a person's own record can be read from it
    Reads(reads::Reads),
    /// Import a file end to end, beside the bare database writing the same rows
    Import(import::Import),
    /// Push a file of gigabytes to a served registry and see how much memory that takes
    Memory(memory::Memory),
    /// Kill an import again and again, and compare what it ends as with one that nobody disturbed
    Kills(kills::Kills),
    /// Import one generated set in five orders, and hold what came of each against the others and the truth
    Orders(orders::Orders),
    /// Measure whole requests to the served registry beside pgbench, PostGraphile and a static answer
    Requests(requests::Requests),
    /// Measure how long the program takes to its first answer, and what it holds in memory when idle
    Start(requests::start::Start),
    /// Measure verifications while a large import runs
    During(requests::during::During),
    /// Measure verifications of a large database beside those of a small one
    Size(requests::size::Size),
    /// Search generated qualifications by the registry's index, by LIKE, and by PostgreSQL's own full text
    Search(search::Search),
    /// Drop that database
    Drop(fill::Drop),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().trial {
        Trial::Fill(fill) => fill.run(),
        Trial::Reads(reads) => reads.run(),
        Trial::Import(import) => import.run(),
        Trial::Memory(memory) => memory.run(),
        Trial::Kills(kills) => kills.run(),
        Trial::Orders(orders) => orders.run(),
        Trial::Requests(requests) => requests.run(),
        Trial::Start(start) => start.run(),
        Trial::During(during) => during.run(),
        Trial::Size(size) => size.run(),
        Trial::Search(search) => search.run(),
        Trial::Drop(drop) => drop.run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            say(&format!("failed: {failure}"));
            ExitCode::FAILURE
        }
    }
}

/// A line for whoever runs the trial, on standard error: standard output has the result alone.
fn say(line: &str) {
    use std::io::Write;
    // Nobody to tell where standard error is closed.
    let _ = writeln!(std::io::stderr(), "{line}");
}
