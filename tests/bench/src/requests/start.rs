//! How long the program takes to its first answer, and what it holds when nobody asks.

use super::absolute;
use super::http::{self, Connection};
use crate::fill::Server;
use crate::program::{self, Folder};
use crate::reads::median;
use crate::{Failure, say};
use clap::Args;
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How long it is left alone before its memory is looked at.
const IDLE: Duration = Duration::from_secs(2);

#[derive(Args)]
pub(crate) struct Start {
    #[command(flatten)]
    server: Server,
    /// The SQLite database that `fill` made
    #[arg(long, default_value = "sqlite://target/bench/registry.db")]
    sqlite: String,
    /// The released program [default: `registry` beside this one]
    #[arg(long)]
    registry: Option<PathBuf>,
    /// How often each is started
    #[arg(long, default_value_t = 5)]
    rounds: usize,
}

/// One start.
struct Once {
    answered: f64,
    ready: f64,
    memory: f64,
}

impl Start {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let program = program::program(self.registry.as_deref())?;
        let (postgres, sqlite) = (self.server.database()?, absolute(&self.sqlite)?);
        let folder = Folder::new()?;
        let serve = |database: &str| {
            let mut command = program::command(&program, folder.path());
            command
                .args(["--json", "--database", database, "--data-dir"])
                .arg(folder.below("data")?)
                .args(["serve", "--listen", "127.0.0.1:0"]);
            Ok::<_, Failure>(command)
        };
        let demo = || {
            let mut command = program::command(&program, folder.path());
            command
                .args(["--json", "--data-dir"])
                .arg(folder.below("demo")?)
                .args(["demo", "--listen", "127.0.0.1:0"]);
            Ok::<_, Failure>(command)
        };
        let ways: [(&str, f64, Made<'_>); 3] = [
            ("`demo`", 2000.0, &demo),
            ("`serve`, SQLite", 200.0, &|| serve(&sqlite)),
            ("`serve`, PostgreSQL", 200.0, &|| serve(&postgres)),
        ];
        let mut measured: Vec<Vec<Once>> = ways.iter().map(|_| Vec::new()).collect();
        for round in 1..=self.rounds {
            say(&format!("round {round} of {}", self.rounds));
            for ((_, _, command), measured) in ways.iter().zip(&mut measured) {
                measured.push(once(command()?, folder.path())?);
            }
        }
        let mut out = std::io::stdout().lock();
        writeln!(
            out,
            "| start | first answer, ms | at most | ready, ms | idle, MiB | at most | |\n|---|---|---|---|---|---|---|"
        )?;
        for ((name, target, _), rounds) in ways.iter().zip(&measured) {
            let of = |value: fn(&Once) -> f64| median(rounds.iter().map(value));
            let (answered, memory) = (of(|one| one.answered), of(|one| one.memory));
            let met = if answered <= *target && memory <= 60.0 {
                "met"
            } else {
                "**missed**"
            };
            writeln!(
                out,
                "| {name} | {answered:.0} | {target:.0} | {:.0} | {memory:.1} | 60 | {met} |",
                of(|one| one.ready)
            )?;
        }
        Ok(())
    }
}

/// Starts it, asks, leaves it alone, looks, ends it.
fn once(mut command: Command, folder: &Path) -> Result<Once, Failure> {
    command
        .stdout(Stdio::piped())
        .stderr(std::fs::File::create(folder.join("start.log"))?);
    let began = Instant::now();
    let (mut process, _output, address) = program::until_told(&mut command)?;
    let asked = ask(address, began);
    if asked.is_ok() {
        std::thread::sleep(IDLE);
    }
    let memory = resident(process.id());
    program::end(&mut process);
    let (answered, ready) = asked?;
    Ok(Once {
        answered,
        ready,
        memory: memory?,
    })
}

/// Milliseconds to the first answer, and to the word that everything is there.
fn ask(address: SocketAddr, began: Instant) -> Result<(f64, f64), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut connection = Connection::open(address).await?;
        let body = r#"{"query":"{ awardingBody(recognitionNumber: \"RN5217\") { name } }"}"#;
        let request = http::post("/graphql", None, body);
        let answer = connection.ask(&request).await?;
        if answer.status != 200 || !answer.body.starts_with(br#"{"data":{"#) {
            return Err("the first answer is none".into());
        }
        let answered = began.elapsed().as_secs_f64() * 1000.0;
        // The same way a proxy asks.
        if connection.ask(&http::get("/readyz", None)).await?.status != 200 {
            return Err("it is not ready".into());
        }
        Ok((answered, began.elapsed().as_secs_f64() * 1000.0))
    })
}

/// What a process holds in memory, in MiB.
fn resident(process: u32) -> Result<f64, Failure> {
    let text = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let kibibytes: f64 = text
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .ok_or("no resident memory is told")?
        .trim()
        .trim_end_matches(" kB")
        .parse()?;
    Ok(kibibytes / 1024.0)
}

/// What makes the command of a way anew.
type Made<'a> = &'a dyn Fn() -> Result<Command, Failure>;
