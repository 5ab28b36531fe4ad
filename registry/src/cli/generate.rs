//! `registry generate`: invented people and results for trials and benchmarks.

use super::output::Output;
use super::progress::Shown;
use crate::error::Error;
use clap::Args;
use generate::{Folder, LEARNERS_MOST, Manifest, Mistake, Plan, Rates};
use schema::Code;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Says in the set's folder what it is; `--force` replaces no folder without it.
const MARK: &str = "SYNTHETIC.txt";
const MARK_TEXT: &str = "Everybody and everything in this folder is invented, by `registry generate`.\n\
Do not mix it with real records. Without manifest.json beside this file the set is not complete.\n";
const MANIFEST: &str = "manifest.json";
/// The folders of a set.
const PARTS: [&str; 8] = [
    "catalogue",
    "csv",
    "lrs",
    "presented",
    "elmo",
    "open-badges",
    "clr",
    "truth",
];

const EXAMPLE: &str = "\
What is written to DIR:
  catalogue/    the register that knows the invented bodies and qualifications
  csv/          each body's push, and in RN…-2.csv its later changes
  lrs/          learning events of the Learning Records Service
  presented/    what people bring themselves
  elmo/         transcripts (ELMO 1.7), one learner a file
  open-badges/  badges (Open Badges 3.0, JSON), one award a file
  clr/          learner records (Comprehensive Learner Records 2.0, JSON), one learner a file
  truth/        who is who, what was awarded, and of each row which mistakes it has and what must come of it
  manifest.json what must come of each file; written last, so that a set without it is half a set

An example:
  registry generate --learners 1000 --out trial
  registry --data-dir trial-data catalogue import --format ofqual-organisations trial/catalogue/organisations.csv
  registry --data-dir trial-data catalogue import --format ofqual-qualifications trial/catalogue/qualifications.csv
  for file in trial/csv/RN????.csv trial/csv/RN????-2.csv; do
    body=$(basename $file .csv)
    registry --data-dir trial-data import --adapter csv --awarding-body ${body%-2} $file
  done
  registry --data-dir trial-data import --adapter csv trial/presented/brought-by-people.csv
  registry --data-dir trial-data import --adapter lrs trial/lrs/events-0001.xml
  for adapter in elmo open-badges clr; do
    for file in trial/$adapter/*/*; do
      registry --data-dir trial-data import --adapter $adapter $file
    done
  done

Of the last three a folder holds at most 1000 files, each of them an import of its own; --documents says of
how many learners there are such. They are unsigned. A set takes about 5 kB a learner. The same options and version write the same bytes.";

/// Write invented people and their results, as files for every adapter.
#[derive(Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Generate {
    /// How many learners; they have three results each, on average
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=LEARNERS_MOST))]
    learners: u64,
    /// What everything is drawn from: another seed gives other people
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// An empty folder, or one to make
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// How many mistakes are made, as a multiple of what is usual; 0 makes none. People and their awards
    /// stay the same
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0, value_parser = factor)]
    mistakes: f64,
    /// The rate of one mistake, from 0 to 1; may be repeated
    #[arg(long = "rate", value_name = "MISTAKE=SHARE", value_parser = rate, long_help = rates_help())]
    rates: Vec<(Mistake, f64)>,
    /// The share of learners who look like somebody else: twins, siblings, parent and child, couples,
    /// namesakes
    #[arg(long, value_name = "SHARE", default_value_t = 0.1, value_parser = share)]
    look_alikes: f64,
    /// The share of learners of whom there is a transcript, badges, a learner record: of each kind by itself
    #[arg(long, value_name = "SHARE", default_value_t = 0.1, value_parser = share)]
    documents: f64,
    /// Replace the set that this command wrote to DIR before, whole or half
    #[arg(long)]
    force: bool,
}

fn number(text: &str, most: f64) -> Result<f64, String> {
    let number: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if (0.0..=most).contains(&number) {
        Ok(number)
    } else {
        Err(format!("must be from 0 to {most}"))
    }
}

fn factor(text: &str) -> Result<f64, String> {
    number(text, 100.0)
}

fn share(text: &str) -> Result<f64, String> {
    number(text, 1.0)
}

fn rate(text: &str) -> Result<(Mistake, f64), String> {
    let (name, rate) = text
        .split_once('=')
        .ok_or("must be of the form MISTAKE=SHARE, such as nickname=0.1")?;
    let mistake = Mistake::parse(name).ok_or_else(|| {
        let names: Vec<&str> = Mistake::ALL.iter().map(|one| one.as_str()).collect();
        format!("{name} is none of the mistakes: {}", names.join(", "))
    })?;
    Ok((mistake, share(rate)?))
}

fn rates_help() -> String {
    let usual: Vec<String> = Mistake::ALL
        .iter()
        .map(|one| format!("{} {}", one.as_str(), one.usual()))
        .collect();
    format!(
        "The rate of one mistake, from 0 to 1; may be repeated. Usual rates: {}",
        usual.join(", ")
    )
}

impl Generate {
    pub(super) fn run(self, output: &Output) -> Result<ExitCode, Error> {
        let mut plan = Plan::new(self.learners, self.seed);
        plan.look_alikes = self.look_alikes;
        plan.documents = self.documents;
        plan.rates = self
            .rates
            .iter()
            .fold(Rates::usual(self.mistakes), |rates, (mistake, rate)| {
                rates.with(*mistake, *rate)
            });
        let failed = |error: &io::Error| self.failed(error);
        self.prepare()?;
        let shown = Shown::new();
        let mut folder = Set { root: &self.out };
        let manifest = generate::generate(&plan, &mut folder, &mut |done| {
            shown.generating(done, self.learners);
        });
        drop(shown);
        let manifest = manifest.map_err(|error| failed(&error))?;
        write_manifest(&self.out, &manifest).map_err(|error| failed(&error))?;
        print(&self.out, &manifest, output);
        output.document(&manifest)?;
        Ok(ExitCode::SUCCESS)
    }

    /// Makes the folder ready: empty but for the mark.
    fn prepare(&self) -> Result<(), Error> {
        let failed = |error: io::Error| self.failed(&error);
        fs::create_dir_all(&self.out).map_err(failed)?;
        let empty = fs::read_dir(&self.out).map_err(failed)?.next().is_none();
        if !empty {
            self.clear()?;
        }
        let mark = self.out.join(MARK);
        fs::write(mark, MARK_TEXT).map_err(failed)
    }

    /// Takes an earlier set away; anything else stays untouched and is refused.
    fn clear(&self) -> Result<(), Error> {
        let folder = self.out.display();
        if !self.out.join(MARK).is_file() {
            return Err(refused(format!(
                "{folder} is not empty, and what is in it was not written by this command. Name a new or empty folder."
            )));
        }
        if !self.force {
            return Err(refused(format!(
                "{folder} holds a generated set already. Name another folder, or replace it with --force."
            )));
        }
        // The manifest goes first: from here on it is half a set.
        let gone = |result: io::Result<()>| match result {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(self.failed(&error)),
            _ => Ok(()),
        };
        gone(fs::remove_file(self.out.join(MANIFEST)))?;
        for part in PARTS {
            gone(fs::remove_dir_all(self.out.join(part)))?;
        }
        Ok(())
    }

    fn failed(&self, error: &io::Error) -> Error {
        let folder = self.out.display();
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Error::with(
                Code::DiskFull,
                format!(
                    "The disk of {folder} is full: {} learners take about {} MB. The set is not complete; make room \
                     and repeat with --force, or delete the folder.",
                    self.learners,
                    self.learners * 5 / 1000 + 1
                ),
            ),
            _ => refused(format!("{folder}: {error}")),
        }
    }
}

fn refused(words: String) -> Error {
    Error::with(Code::InputInvalid, words)
}

/// A set on disk.
struct Set<'a> {
    root: &'a Path,
}

impl Folder for Set<'_> {
    fn create(&mut self, path: &str) -> io::Result<Box<dyn Write>> {
        let path = self.root.join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        Ok(Box::new(File::create_new(path)?))
    }
}

/// Under another name first, so that a manifest is whole or not there.
fn write_manifest(root: &Path, manifest: &Manifest) -> io::Result<()> {
    let unfinished = root.join("manifest.json.unfinished");
    let mut text = serde_json::to_string_pretty(manifest)?;
    text.push('\n');
    fs::write(&unfinished, text)?;
    fs::rename(unfinished, root.join(MANIFEST))
}

fn print(root: &Path, manifest: &Manifest, output: &Output) {
    let expected = &manifest.expected;
    let rows = &expected.rows;
    output.line(&format!(
        "{}: {} learners, {} awards, told of in {} rows of {} files and folders",
        root.display(),
        expected.learners,
        expected.awards,
        rows.records,
        manifest.files.len()
    ));
    for (name, count) in [
        ("created", rows.created),
        ("updated", rows.updated),
        ("promoted", rows.promoted),
        ("withdrawn", rows.withdrawn),
        ("reinstated", rows.reinstated),
        ("unchanged", rows.unchanged),
        ("rejected", rows.rejected),
    ] {
        output.line(&format!("{name:<12} {count:>10}"));
    }
    output.line("`registry generate --help` shows how to import it.");
}
