//! Verifications at a fixed rate while a large file is imported: what each does to the other.

use super::absolute;
use super::asked::{self, Asked};
use super::http::{self, Connection};
use super::report::quantile;
use super::service::Registry;
use crate::fill::Server;
use crate::program::{self, Folder};
use crate::reads::median;
use crate::{Failure, say};
use clap::Args;
use registry::access::Role;
use registry::keys::Keys;
use schema::Uln;
use std::cell::{Cell, RefCell};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Whose results are imported: the owner of every twentieth qualification.
const BODY: &str = "RN5001";
/// How often it is asked whether an import has ended.
const LOOK: Duration = Duration::from_millis(50);
/// How many certificates are verified, in turn.
const CERTIFICATES: u32 = 20_000;

#[derive(Args)]
pub(crate) struct During {
    #[command(flatten)]
    server: Server,
    /// The SQLite database that `fill` made
    #[arg(long, default_value = "sqlite://target/bench/registry.db")]
    sqlite: String,
    /// The released program [default: `registry` beside this one]
    #[arg(long)]
    registry: Option<PathBuf>,
    /// How often everything is measured; each import leaves its people in the database
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// How many rows a file has
    #[arg(long, default_value_t = 200_000)]
    rows: u32,
    /// How many verifications are asked for a second
    #[arg(long, default_value_t = 200)]
    rate: u32,
    /// For how many seconds they are measured without an import
    #[arg(long, default_value_t = 5)]
    seconds: u64,
}

/// One round on one engine: seconds of imports, sorted microseconds of verifications.
struct Once {
    import_alone: f64,
    import_beside: f64,
    alone: Vec<u32>,
    beside: Vec<u32>,
    /// How many were refused beside the import.
    refused: usize,
}

/// Sorted microseconds of the verifications that were answered, and how many were not.
type Answered = (Vec<u32>, usize);

impl During {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let program = program::program(self.registry.as_deref())?;
        let folder = Folder::new()?;
        let engines = [
            ("PostgreSQL", self.server.database()?),
            ("SQLite", absolute(&self.sqlite)?),
        ];
        let mut measured: Vec<Vec<Once>> = engines.iter().map(|_| Vec::new()).collect();
        for round in 1..=self.rounds {
            for ((engine, database), measured) in engines.iter().zip(&mut measured) {
                let registry = Registry::start(&program, database, &folder.below(engine)?, 0)?;
                let once = self.once(&registry)?;
                say(&format!(
                    "round {round} of {}, {engine}: import {:.1} s alone, {:.1} s beside; p99 {:.1} ms alone, {:.1} ms beside",
                    self.rounds,
                    once.import_alone,
                    once.import_beside,
                    quantile(&once.alone, 990),
                    quantile(&once.beside, 990),
                ));
                measured.push(once);
            }
        }
        let mut out = std::io::stdout().lock();
        writeln!(
            out,
            "{} rows, {} verifications a second\n\n| engine | `verify` alone p50/p99 ms | beside the import p50/p99/most ms (refused) | p99 at most 100 | \
             import alone s | beside s | ratio | at most 1.33 |\n|---|---|---|---|---|---|---|---|",
            self.rows, self.rate
        )?;
        for ((engine, _), rounds) in engines.iter().zip(&measured) {
            let of = |value: &dyn Fn(&Once) -> f64| median(rounds.iter().map(value));
            let p99 = of(&|one| quantile(&one.beside, 990));
            let ratio = of(&|one| one.import_beside / one.import_alone);
            let met = |met: bool| if met { "met" } else { "**missed**" };
            writeln!(
                out,
                "| {engine} | {:.1}/{:.1} | {:.1}/{p99:.1}/{:.0} ({}) | {} | {:.1} | {:.1} | {ratio:.2} | {} |",
                of(&|one| quantile(&one.alone, 500)),
                of(&|one| quantile(&one.alone, 990)),
                of(&|one| quantile(&one.beside, 500)),
                of(&|one| quantile(&one.beside, 1000)),
                rounds.iter().map(|one| one.refused).sum::<usize>(),
                met(p99 <= 100.0 && rounds.iter().all(|one| one.refused == 0)),
                of(&|one| one.import_alone),
                of(&|one| one.import_beside),
                met(ratio <= 1.33),
            )?;
        }
        Ok(())
    }

    fn once(&self, registry: &Registry) -> Result<Once, Failure> {
        let asked = Asked::verify(registry.address, &registry.data_dir, CERTIFICATES)?;
        let stop = Arc::new(AtomicBool::new(false));
        let load = verifying(asked.clone(), self.rate, stop.clone());
        std::thread::sleep(Duration::from_secs(self.seconds));
        stop.store(true, Ordering::Relaxed);
        let (alone, _) = load.join().map_err(|_| "the load panicked")??;
        say(&format!(
            "verifications alone: p99 {:.1} ms",
            quantile(&alone, 990)
        ));
        let import_alone = import(registry, &file(self.rows)?)?;
        say(&format!("import alone: {import_alone:.1} s"));
        let second = file(self.rows)?;
        let stop = Arc::new(AtomicBool::new(false));
        let load = verifying(asked, self.rate, stop.clone());
        let import_beside = import(registry, &second);
        stop.store(true, Ordering::Relaxed);
        let (beside, refused) = load.join().map_err(|_| "the load panicked")??;
        Ok(Once {
            import_alone,
            import_beside: import_beside?,
            alone,
            beside,
            refused,
        })
    }
}

/// A load of so many verifications a second, each timed from when it should have been sent, until it is stopped.
fn verifying(
    asked: Arc<Asked>,
    rate: u32,
    stop: Arc<AtomicBool>,
) -> std::thread::JoinHandle<Result<Answered, Failure>> {
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let local = tokio::task::LocalSet::new();
        local.block_on(&runtime, async move {
            let lines = Rc::new(asked::Lines::new(asked));
            let took = Rc::new(RefCell::new(Vec::new()));
            let refused = Rc::new(Cell::new(0));
            let began = Instant::now();
            let mut tasks = Vec::new();
            for number in 0_u32.. {
                let due = began + Duration::from_secs(1) * number / rate;
                tokio::time::sleep_until(due.into()).await;
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                let (lines, took, refused) = (lines.clone(), took.clone(), refused.clone());
                tasks.push(tokio::task::spawn_local(async move {
                    match lines.ask(number).await {
                        Ok(()) => {
                            let micros = due.elapsed().as_micros();
                            took.borrow_mut()
                                .push(u32::try_from(micros).unwrap_or(u32::MAX));
                        }
                        Err(error) => {
                            if refused.replace(refused.get() + 1) == 0 {
                                say(&format!("refused: {error}"));
                            }
                        }
                    }
                }));
            }
            for task in tasks {
                task.await?;
            }
            let mut took = took.take();
            took.sort_unstable();
            Ok((took, refused.get()))
        })
    })
}

/// Pushes a file and waits for its end; how many seconds both took.
fn import(registry: &Registry, file: &str) -> Result<f64, Failure> {
    let keys = Keys::open(Path::new(&registry.data_dir))?;
    let token = asked::token(&keys, Role::AwardingBody, BODY)?;
    let push = http::post("/imports/csv", Some(&token), file);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let began = Instant::now();
        let mut connection = Connection::open(registry.address).await?;
        let report = told(&mut connection, &push, 202).await?;
        let id = report.get("id").and_then(|id| id.as_str());
        let look = format!("/imports/{}", id.ok_or("a report without identifier")?);
        let look = http::get(&look, Some(&token));
        loop {
            let report = told(&mut connection, &look, 200).await?;
            match report.get("state").and_then(|state| state.as_str()) {
                Some("QUEUED" | "READING" | "MERGING") => tokio::time::sleep(LOOK).await,
                // The invented numbers have no right check character, which is warned of.
                Some("DONE" | "DONE_WITH_ISSUES")
                    if report.pointer("/counts/created") == report.pointer("/counts/records") =>
                {
                    return Ok(began.elapsed().as_secs_f64());
                }
                _ => return Err(format!("the import ended otherwise: {report}").into()),
            }
        }
    })
}

async fn told(
    connection: &mut Connection,
    request: &[u8],
    status: u16,
) -> Result<serde_json::Value, Failure> {
    let answer = connection.ask(request).await?;
    if answer.status == status {
        Ok(serde_json::from_slice(answer.body)?)
    } else {
        let body = String::from_utf8_lossy(answer.body);
        Err(format!("answered {}: {body}", answer.status).into())
    }
}

/// A file of people whom nobody has told of, two results each.
fn file(rows: u32) -> Result<String, Failure> {
    let first = rand::random_range(110_000_000..900_000_000);
    let ulns = (first..).filter_map(Uln::from_stem);
    let mut text = "result_id,uln,given_name,family_name,date_of_birth,gender,postcode,qualification_number,title,awarding_body,\
                    centre,started_on,awarded_on,grade,status,action,action_date,certificate_number\n"
        .to_owned();
    for (person, uln) in (0..rows.div_ceil(2)).zip(ulns) {
        let born = asked::born(person);
        for result in 0..2.min(rows - 2 * person) {
            let number = 2 * person + result;
            let qualification = 20 * (1 + number % 15);
            writeln!(
                text,
                "T{first}-{number},{uln},Imported{},Person{person},{born},{},ZZ{} 9ZZ,500/{qualification:04}/0,\
                 Invented Diploma {qualification},{BODY},Centre {},2014-09-01,2015-0{}-15,Pass,final,create,2015-07-01,I{first}-{number}",
                person % 1000,
                1 + person % 2,
                person % 99,
                number % 500,
                1 + result * 5,
            )?;
        }
    }
    Ok(text)
}
