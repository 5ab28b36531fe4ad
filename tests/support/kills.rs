//! An import killed at moments that a seed decides, typed again each time, and compared with one that nobody
//! disturbed. Used by tests and by the long trials beside them.

use super::meaning::{Trouble, difference, lines, meaning};
use super::seeded::Seeded;
use registry::db::{Connection, Engine, Purpose};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// What is tried.
pub(crate) struct Trial<'a> {
    /// The command without its arguments, its environment set; given the database and the data directory.
    pub(crate) command: &'a dyn Fn(&str, &Path) -> Command,
    /// The file, in the csv adapter's own columns, of the body RN5217.
    pub(crate) file: &'a Path,
    pub(crate) kills: usize,
    pub(crate) seed: u64,
    /// Hears what happens.
    pub(crate) say: &'a dyn Fn(&str),
}

/// What came of it.
pub(crate) struct Outcome {
    /// How long the undisturbed run took.
    pub(crate) undisturbed: Duration,
    /// How many kills met the import running.
    pub(crate) met: usize,
    /// Where the two databases differ; none where they mean the same.
    pub(crate) difference: Option<String>,
}

impl Trial<'_> {
    fn import(&self, database: &str, data_dir: &Path) -> Command {
        let mut command = (self.command)(database, data_dir);
        command
            .args(["import", "--adapter", "csv", "--awarding-body", "RN5217"])
            .arg(self.file)
            .stdout(Stdio::null());
        command
    }

    fn to_the_end(&self, database: &str, data_dir: &Path) -> Result<ExitStatus, Trouble> {
        let status = self.import(database, data_dir).status()?;
        // Three: done, and some records need a person.
        if matches!(status.code(), Some(0 | 3)) {
            Ok(status)
        } else {
            Err(format!("the import ended with {status}").into())
        }
    }

    /// Runs the import in one database undisturbed and in the other killed again and again; each has a data
    /// directory of its own. Both databases have the schema already.
    pub(crate) fn run(
        &self,
        undisturbed: (&str, &Path),
        killed: (&str, &Path),
    ) -> Result<Outcome, Trouble> {
        let began = Instant::now();
        let expected_status = self.to_the_end(undisturbed.0, undisturbed.1)?;
        let took = began.elapsed();
        (self.say)(&format!("undisturbed: {took:.1?}"));
        let mut seeded = Seeded(self.seed);
        let (mut met, mut finished) = (0, None);
        for number in 0..self.kills {
            // What is left of the work gets less with each kill, since merged batches stay merged; of many kills
            // several shall meet one import.
            let longest = (2.5 / self.kills as f64).clamp(0.15, 0.85);
            let wait = took.mul_f64(0.05 + longest * seeded.part() / (1.0 + number as f64 / 4.0));
            let mut child = self.import(killed.0, killed.1).spawn()?;
            std::thread::sleep(wait);
            if child.try_wait()?.is_none() {
                child.kill()?;
                met += 1;
            }
            let ended = child.wait()?;
            (self.say)(&format!("kill {} after {wait:.1?}: {ended}", number + 1));
            if matches!(ended.code(), Some(0 | 3)) {
                // It was quicker than the kill.
                finished = Some(ended);
                break;
            }
        }
        let began = Instant::now();
        let status = match finished {
            Some(status) => status,
            None => self.to_the_end(killed.0, killed.1)?,
        };
        (self.say)(&format!("to its end: {:.1?}", began.elapsed()));
        let (expected, after) = (meaning(undisturbed.0)?, meaning(killed.0)?);
        // What a kill cut off before it was a job is swept by a later command: it may still be being written.
        let jobs = job_ids(killed.0)?;
        let files = std::fs::read_dir(killed.1.join("spool"))?.flatten();
        let names = files.map(|file| file.file_name().to_string_lossy().into_owned());
        let left = names
            .filter(|name| jobs.iter().any(|job| name.starts_with(job.as_str())))
            .count();
        let mut difference = difference(&expected, &after);
        if left > 0 {
            difference = Some(format!("{left} files lie in the spool"));
        } else if status != expected_status {
            difference = difference.or(Some(format!("it ended with {status}")));
        }
        Ok(Outcome {
            undisturbed: took,
            met,
            difference,
        })
    }
}

/// The identifiers of all jobs, as files are named by them.
fn job_ids(database: &str) -> Result<Vec<String>, Trouble> {
    let sql = match Engine::of(database)? {
        Engine::Sqlite => "SELECT lower(hex(id)) AS line FROM import_job",
        Engine::Postgres => "SELECT encode(id, 'hex') AS line FROM import_job",
    };
    lines(&mut Connection::open(database, Purpose::Read)?, sql)
}
