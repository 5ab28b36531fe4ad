//! How much memory a large file takes: real rows, made as they are sent, pushed to a served registry, read by
//! the real adapter in its worker, and merged to the end. What the server and the worker hold is looked at
//! all the while.

use crate::fill::Server;
use crate::program::{self, Folder};
use crate::{Failure, say};
use clap::Args;
use registry::db::Engine;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// The database that is made on a PostgreSQL server, and dropped.
const DATABASE: &str = "registry_bench_memory";

/// How often memory is looked at, and the import asked after.
const LOOK: Duration = Duration::from_millis(50);

const MEBIBYTE: f64 = 1024.0 * 1024.0;

#[derive(Args)]
pub(crate) struct Memory {
    /// The size of the file: a number with K, M or G
    #[arg(long, default_value = "2G", value_parser = size)]
    bytes: u64,
    /// Characters of a column that the adapter does not know and keeps: how many rows a file has
    #[arg(long, default_value_t = 1500)]
    remarks: usize,
    /// A PostgreSQL server and a database on it to connect to, as a user who may make databases; SQLite in a
    /// folder of its own where it is left out
    #[arg(long)]
    database: Option<String>,
    /// The registry; the one beside this program where it is left out
    #[arg(long)]
    registry: Option<PathBuf>,
}

fn size(text: &str) -> Result<u64, String> {
    let (number, factor) = match text.strip_suffix(['K', 'M', 'G']) {
        Some(number) if text.ends_with('K') => (number, 1 << 10),
        Some(number) if text.ends_with('M') => (number, 1 << 20),
        Some(number) => (number, 1 << 30),
        None => (text, 1),
    };
    let number: u64 = number
        .parse()
        .map_err(|_| "not a number with K, M or G".to_owned())?;
    number
        .checked_mul(factor)
        .ok_or_else(|| "too large".to_owned())
}

impl Memory {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let folder = Folder::new()?;
        let server = self.database.clone().map(|server| Server { server });
        let registry = Registry {
            program: program::program(self.registry.as_deref())?,
            data: folder.path().to_owned(),
            database: match &server {
                Some(server) => server.make(DATABASE)?,
                None => format!("sqlite://{}", folder.path().join("registry.db").display()),
            },
        };
        let done = self.push(&registry);
        if let Some(server) = &server {
            server.drop(DATABASE)?;
        }
        done
    }

    fn push(&self, registry: &Registry) -> Result<(), Failure> {
        let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../registry/demo");
        registry.command(&["migrate"])?;
        for (format, file) in [
            ("ofqual-organisations", "organisations.csv"),
            ("ofqual-qualifications", "qualifications.csv"),
        ] {
            let file = demo.join(file).display().to_string();
            registry.command(&["catalogue", "import", "--format", format, &file])?;
        }
        let token = registry.command(&[
            "token",
            "--role",
            "awarding_body",
            "--awarding-body",
            "RN5217",
            "--ttl",
            "12h",
        ])?;
        let bearer = format!("Bearer {}", token.trim());
        let served = Served::start(registry)?;
        let stop = AtomicBool::new(false);
        let (ended, most) = std::thread::scope(|scope| {
            let watching = scope.spawn({
                let stop = &stop;
                let process = served.process.id();
                move || Most::watch(process, stop)
            });
            let ended = self.import(&served.url, &bearer);
            stop.store(true, Ordering::Relaxed);
            let most = watching
                .join()
                .map_err(|_| Failure::from("watching failed"));
            (ended, most)
        });
        let (ended, most) = (ended?, most?);
        let engine = match Engine::of(&registry.database)? {
            Engine::Sqlite => "SQLite",
            Engine::Postgres => "PostgreSQL",
        };
        let mebibytes = |bytes: u64| bytes as f64 / MEBIBYTE;
        let row = format!(
            "| {engine} | {:.0} MiB, {} records | {:.0} s + {:.0} s | {:.0} + {:.0} = **{:.0}** | {:.0} + {:.0} = {:.0} |",
            mebibytes(ended.bytes),
            ended.records,
            ended.sent.as_secs_f64(),
            ended.imported.as_secs_f64(),
            mebibytes(most.server.held),
            mebibytes(most.worker.held),
            mebibytes(most.together.held),
            mebibytes(most.server.resident),
            mebibytes(most.worker.resident),
            mebibytes(most.together.resident),
        );
        say("| engine | file | sending + import | held, server + worker, MiB | resident, MiB |");
        print(&row);
        Ok(())
    }

    /// Pushes the file and follows it to its end.
    fn import(&self, url: &str, bearer: &str) -> Result<Ended, Failure> {
        let began = Instant::now();
        let mut rows = Rows::new(self.bytes, self.remarks);
        let answer = ureq::post(format!("{url}/imports/csv"))
            .header("Authorization", bearer)
            .header("Content-Type", "text/csv")
            .send(ureq::SendBody::from_reader(&mut rows))?;
        let location = answer
            .headers()
            .get("location")
            .and_then(|place| place.to_str().ok())
            .ok_or("the push was not accepted")?
            .to_owned();
        let (sent, began) = (began.elapsed(), Instant::now());
        let mut said = Instant::now();
        loop {
            let answer = ureq::get(format!("{url}{location}"))
                .header("Authorization", bearer)
                .call()?
                .body_mut()
                .read_to_string()?;
            let job: serde_json::Value = serde_json::from_str(&answer)?;
            let text = |key: &str| job.get(key).and_then(|value| value.as_str()).unwrap_or("");
            match text("state") {
                "QUEUED" | "READING" | "MERGING" => {}
                "DONE" | "DONE_WITH_ISSUES" => {
                    say(&answer.chars().take(600).collect::<String>());
                    let records = job.pointer("/counts/records");
                    return Ok(Ended {
                        bytes: rows.written,
                        records: records
                            .and_then(serde_json::Value::as_u64)
                            .unwrap_or_default(),
                        sent,
                        imported: began.elapsed(),
                    });
                }
                _ => return Err(answer.into()),
            }
            if said.elapsed() > Duration::from_secs(15) {
                said = Instant::now();
                let seconds = began.elapsed().as_secs();
                say(&format!(
                    "{seconds} s: {} {}",
                    text("state"),
                    job.get("counts").unwrap_or(&job)
                ));
            }
            std::thread::sleep(10 * LOOK);
        }
    }
}

/// What became of the push.
struct Ended {
    bytes: u64,
    records: u64,
    sent: Duration,
    imported: Duration,
}

fn print(row: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout(), "{row}");
}

/// The program and where it works.
struct Registry {
    program: PathBuf,
    data: PathBuf,
    database: String,
}

impl Registry {
    fn prepared(&self) -> Command {
        let mut command = program::command(&self.program, &self.data);
        command
            .env("REGISTRY_DATA_DIR", &self.data)
            .env("REGISTRY_DATABASE", &self.database)
            .env("REGISTRY_LOG__LEVEL", "warn");
        command
    }

    fn command(&self, arguments: &[&str]) -> Result<String, Failure> {
        let output = self.prepared().args(arguments).output()?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            return Err(format!("registry {}: {said}", arguments.join(" ")).into());
        }
        Ok(String::from_utf8(output.stdout)?)
    }
}

/// A running server; ends with this value.
struct Served {
    process: Child,
    _output: BufReader<ChildStdout>,
    url: String,
}

impl Served {
    fn start(registry: &Registry) -> Result<Self, Failure> {
        let mut command = registry.prepared();
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--json"])
            .stdout(Stdio::piped());
        let (process, output, address) = program::until_told(&mut command)?;
        Ok(Self {
            process,
            _output: output,
            url: format!("http://{address}"),
        })
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        program::end(&mut self.process);
    }
}

/// Bytes that a process has in memory.
#[derive(Clone, Copy, Default)]
struct Held {
    /// Its own and shared ones: what cannot be dropped and read again.
    held: u64,
    /// Also those of files, such as the program and a mapped database.
    resident: u64,
}

impl Held {
    /// What the process of that number holds; nothing, where it has ended.
    fn of(process: u32) -> Self {
        let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
        let bytes = |name: &str| -> u64 {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let number = line.map(|line| line.trim().trim_end_matches(" kB"));
            number
                .and_then(|number| number.parse::<u64>().ok())
                .unwrap_or_default()
                << 10
        };
        Self {
            held: bytes("RssAnon:") + bytes("RssShmem:"),
            resident: bytes("VmRSS:"),
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            held: self.held + other.held,
            resident: self.resident + other.resident,
        }
    }

    fn at_most(&mut self, other: Self) {
        self.held = self.held.max(other.held);
        self.resident = self.resident.max(other.resident);
    }
}

/// The most that was seen.
#[derive(Clone, Copy, Default)]
struct Most {
    server: Held,
    worker: Held,
    together: Held,
}

impl Most {
    fn watch(server: u32, stop: &AtomicBool) -> Self {
        let mut most = Self::default();
        while !stop.load(Ordering::Relaxed) {
            let now = Held::of(server);
            let workers = children(server).into_iter().map(Held::of);
            let workers = workers.fold(Held::default(), Held::and);
            most.server.at_most(now);
            most.worker.at_most(workers);
            most.together.at_most(now.and(workers));
            std::thread::sleep(LOOK);
        }
        most
    }
}

/// The processes that this one has started.
fn children(parent: u32) -> Vec<u32> {
    let parent = parent.to_string();
    let entries = std::fs::read_dir("/proc").into_iter().flatten();
    let numbers = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    numbers
        .filter(|number: &u32| {
            let text = std::fs::read_to_string(format!("/proc/{number}/stat")).unwrap_or_default();
            let fields = text.rsplit_once(')').map_or("", |(_, fields)| fields);
            fields.split_whitespace().nth(1) == Some(parent.as_str())
        })
        .collect()
}

/// A file of results of invented people, two each, made as it is read.
struct Rows {
    row: Vec<u8>,
    given: usize,
    number: u32,
    written: u64,
    most: u64,
    remarks: String,
}

impl Rows {
    fn new(most: u64, remarks: usize) -> Self {
        let heading = "uln,given_name,family_name,date_of_birth,qualification_number,title,result_id,awarded_on,grade,status,remarks\n";
        Self {
            row: heading.as_bytes().to_vec(),
            given: 0,
            number: 0,
            written: 0,
            most,
            remarks: "invented words of nobody about nothing; "
                .chars()
                .cycle()
                .take(remarks)
                .collect(),
        }
    }

    fn make_row(&mut self) {
        let learner = self.number / 2;
        let uln =
            (0..11).find_map(|step| schema::Uln::from_stem(100_000_000 + learner * 11 + step));
        let uln = uln.map(|uln| uln.to_string()).unwrap_or_default();
        let (number, remarks) = (self.number, &self.remarks);
        let (qualification, title) = if number % 2 == 0 {
            (
                "500/9170/0",
                "Diploma for the Children and Young People's Workforce",
            )
        } else {
            ("601/7898/X", "An invented certificate")
        };
        let (year, day) = (1970 + learner % 29, 1 + learner % 28);
        self.row = format!(
            "{uln},Ada,Invented,{year}-04-{day:02},{qualification},{title},R-{number},2015-06-30,Pass,final,{number} {remarks}\n"
        )
        .into_bytes();
        self.given = 0;
        self.number += 1;
    }
}

impl Read for Rows {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.given == self.row.len() {
            if self.written >= self.most {
                return Ok(0);
            }
            self.make_row();
        }
        let mut rest = self.row.get(self.given..).unwrap_or_default();
        let count = rest.read(buffer)?;
        self.given += count;
        self.written += count as u64;
        Ok(count)
    }
}
