//! `bench orders`: one generated set in all five formats, imported in five orders into five fresh databases. What
//! came of each is held against the first, and against the truth: people found on several learners, and several
//! people found on one.

use crate::fill::Server;
use crate::ordered::{Difference, Picture, Piece, Set, Wrong};
use crate::program::{self, Folder};
use crate::{Failure, say};
use clap::Args;
use registry::app::{App, Clock};
use registry::config::Config;
use registry::db::{Connection, Purpose, migrate};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The orders, by their numbers.
const ORDERS: [&str; 5] = [
    "as the set lists them",
    "the other way round",
    "documents first",
    "shuffled",
    "shuffled otherwise",
];

/// Import one generated set in five orders, and hold what came of each against the others and the truth
#[derive(Args)]
pub(super) struct Orders {
    /// How many learners the set has
    #[arg(long, default_value_t = 50_000)]
    learners: u64,
    /// What the set and the shuffled orders are drawn from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The share of learners of whom there is a transcript, badges, a learner record. Each of these files is an
    /// import with a process of its own, so that they are most of the time
    #[arg(long, default_value_t = 0.01)]
    documents: f64,
    /// How many mistakes are made, as a multiple of what is usual
    #[arg(long, default_value_t = 1.0)]
    mistakes: f64,
    /// How many of the five orders are tried
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u8).range(1..=5))]
    orders: u8,
    /// A PostgreSQL server on which the database registry_orders is made anew for each order; or sqlite
    #[arg(long, value_name = "URL", default_value = "sqlite")]
    database: String,
    /// The registry; default: the one beside this program. Adapters are looked for in its folder
    #[arg(long)]
    registry: Option<PathBuf>,
}

/// One order's import.
struct Run {
    took: BTreeMap<String, (usize, Duration)>,
    picture: Picture,
}

impl Orders {
    pub(super) fn run(self) -> Result<(), Failure> {
        let registry = program::program(self.registry.as_deref())?;
        let folder = Folder::new()?;
        let out = folder.path().join("set");
        let status = program::command(&registry, folder.path())
            .args(["generate", "--learners", &self.learners.to_string()])
            .args(["--seed", &self.seed.to_string()])
            .args(["--documents", &self.documents.to_string()])
            .args(["--mistakes", &self.mistakes.to_string(), "--out"])
            .arg(&out)
            .stdout(std::process::Stdio::null())
            .status()?;
        if !status.success() {
            return Err(format!("registry generate ended with {status}").into());
        }
        let set = Set::read(&out)?;
        let mut runs: Vec<Run> = Vec::new();
        for (order, name) in ORDERS.iter().enumerate().take(usize::from(self.orders)) {
            let run = self.order(order, &set, &registry, &folder.below(&order.to_string())?)?;
            say(&format!("{name}: {} learners", run.picture.learners));
            runs.push(run);
        }
        self.print(&runs)
    }

    /// Imports the set in one order into a fresh database, and looks at what came of it.
    fn order(
        &self,
        order: usize,
        set: &Set,
        registry: &Path,
        data_dir: &Path,
    ) -> Result<Run, Failure> {
        let server = (self.database != "sqlite").then(|| Server {
            server: self.database.clone(),
        });
        let url = match &server {
            None => format!("sqlite://{}", data_dir.join("registry.db").display()),
            Some(server) => server.make("registry_orders")?,
        };
        migrate(&mut Connection::open(&url, Purpose::Write)?)?;
        let mut config = Config {
            data_dir: data_dir.to_owned(),
            database: Some(url.clone()),
            ..Config::default()
        };
        let adapters = registry.parent().map(Path::to_owned);
        config.adapters.directories = adapters.into_iter().collect();
        config.adapters.worker = Some(registry.to_owned());
        let app = App::open(config, Clock::system())?;
        let pieces = set.ordered(order, self.seed)?;
        let mut took: BTreeMap<String, (usize, Duration)> = BTreeMap::new();
        let mut since = Instant::now();
        let jobs = set.import(&app, &pieces, |piece: &Piece| {
            let (files, time) = took.entry(piece.adapter.clone()).or_default();
            *files += 1;
            *time += since.elapsed();
            since = Instant::now();
        })?;
        drop(app);
        let picture = set.look(&url, &jobs)?;
        match server {
            Some(server) => server.drop("registry_orders")?,
            None => std::fs::remove_dir_all(data_dir)?,
        }
        Ok(Run { took, picture })
    }

    fn print(&self, runs: &[Run]) -> Result<(), Failure> {
        let Some(first) = runs.first() else {
            return Ok(());
        };
        let mut out = std::io::stdout().lock();
        writeln!(
            out,
            "{} learners, seed {}, mistakes × {}; transcripts, badges and learner records of a share of {} each\n",
            self.learners, self.seed, self.mistakes, self.documents
        )?;
        writeln!(
            out,
            "| order | learners | awards | missed | false links | other people | other facts | other awards |"
        )?;
        writeln!(out, "|---|---|---|---|---|---|---|---|")?;
        for (name, run) in ORDERS.iter().zip(runs) {
            let (picture, wrong) = (&run.picture, run.picture.all_wrong());
            let Difference {
                people,
                facts,
                awards,
            } = picture.difference(&first.picture);
            writeln!(
                out,
                "| {name} | {} | {} | {} | {} | {people} | {facts} | {awards} |",
                picture.learners, picture.awards, wrong.missed, wrong.falsely
            )?;
        }
        writeln!(
            out,
            "\nMissed: learners on whom somebody is who is on another already. False links: people on a learner who is \
             somebody else already. Other: learners that the first order does not have, with just the same statements."
        )?;
        for (name, run) in ORDERS.iter().zip(runs).skip(1) {
            for [facts, of_first, mistakes] in run.picture.other_facts(&first.picture) {
                writeln!(
                    out,
                    "\n{name}: {facts}\n{}: {of_first}\nmistakes in what was told: {mistakes}",
                    ORDERS[0]
                )?;
            }
        }
        let wrong: Vec<BTreeMap<String, Wrong>> =
            runs.iter().map(|run| run.picture.wrong()).collect();
        let mut kinds: Vec<&String> = wrong.iter().flat_map(BTreeMap::keys).collect();
        kinds.sort_unstable();
        kinds.dedup();
        writeln!(
            out,
            "\n| mistakes | statements | missed, by order | false links, by order |"
        )?;
        writeln!(out, "|---|---|---|---|")?;
        for kind in kinds {
            let of: Vec<Wrong> = wrong
                .iter()
                .map(|one| one.get(kind).copied().unwrap_or_default())
                .collect();
            let each = |count: fn(&Wrong) -> usize| {
                let counts: Vec<String> = of.iter().map(|one| count(one).to_string()).collect();
                counts.join(" ")
            };
            writeln!(
                out,
                "| {} | {} | {} | {} |",
                if kind.is_empty() { "none" } else { kind },
                of.first().map_or(0, |one| one.statements),
                each(|one| one.missed),
                each(|one| one.falsely)
            )?;
        }
        writeln!(out, "\n| adapter | files | ms a file | seconds |")?;
        writeln!(out, "|---|---|---|---|")?;
        for (adapter, (files, time)) in &first.took {
            writeln!(
                out,
                "| {adapter} | {files} | {:.1} | {:.1} |",
                time.as_secs_f64() * 1e3 / *files as f64,
                time.as_secs_f64()
            )?;
        }
        Ok(())
    }
}
