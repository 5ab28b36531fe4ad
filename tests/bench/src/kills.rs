//! `bench kills`: a large import killed again and again at moments that a seed decides, typed again each time,
//! and compared with one that nobody disturbed.

use super::killed::Trial;
use crate::fill::Server;
use crate::program::{self, Folder};
use crate::{Failure, say};
use clap::Args;
use registry::db::{Connection, Purpose, migrate};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Kill an import again and again, and compare what it ends as with an undisturbed one
#[derive(Args)]
pub(super) struct Kills {
    /// How many results are imported
    #[arg(long, default_value_t = 200_000)]
    rows: u32,
    /// How often the import is killed
    #[arg(long, default_value_t = 20)]
    kills: usize,
    /// A PostgreSQL server on which two databases are made anew, registry_kills_whole and
    /// registry_kills_killed; or sqlite, for two embedded ones
    #[arg(long, value_name = "URL", default_value = "sqlite")]
    database: String,
    /// What decides the moments
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The registry; default: the one beside this program. Adapters are looked for in its folder
    #[arg(long)]
    registry: Option<PathBuf>,
}

impl Kills {
    pub(super) fn run(self) -> Result<(), Failure> {
        let registry = program::program(self.registry.as_deref())?;
        let folder = Folder::new()?;
        let file = folder.path().join("results.csv");
        std::fs::write(&file, results(self.rows)?)?;
        let log = folder.path().join("log.txt");
        let trial = Trial {
            command: &|database, data_dir| {
                let mut command = program::command(&registry, folder.path());
                command
                    .env("REGISTRY_DATABASE", database)
                    .env("REGISTRY_DATA_DIR", data_dir);
                let written = std::fs::OpenOptions::new()
                    .create(true)
                    .append(true)
                    .open(&log);
                if let Ok(written) = written {
                    command.stderr(written);
                }
                command
            },
            file: &file,
            kills: self.kills,
            seed: self.seed,
            say: &say,
        };
        // One that ends before all kills met it is followed by another, until all did.
        let (mut met, mut imports) = (0, 0);
        while met < self.kills {
            let place = folder.path().join(format!("import-{imports}"));
            let (whole, killed) = (place.join("whole"), place.join("killed"));
            let databases = (self.fresh(&whole, "whole")?, self.fresh(&killed, "killed")?);
            let trial = Trial {
                kills: self.kills - met,
                seed: self.seed + imports,
                ..trial
            };
            let outcome = trial.run((&databases.0, &whole), (&databases.1, &killed))?;
            met += outcome.met;
            imports += 1;
            say(&format!(
                "{} results, {met} of {} kills met {imports} imports; undisturbed the last took {:.1?}",
                self.rows, self.kills, outcome.undisturbed
            ));
            if let Some(difference) = outcome.difference {
                let folder = folder.keep();
                return Err(format!("they differ: {difference}\nsee {}", folder.display()).into());
            }
            if imports > 10 + u64::try_from(self.kills)? {
                return Err("the imports end before they are killed: take more rows".into());
            }
            std::fs::remove_dir_all(&place)?;
        }
        say("the same, every time");
        Ok(())
    }

    /// A fresh database with the schema, for one of the two runs.
    fn fresh(&self, data_dir: &Path, name: &str) -> Result<String, Failure> {
        let url = if self.database == "sqlite" {
            format!("sqlite://{}", data_dir.join("registry.db").display())
        } else {
            let server = Server {
                server: self.database.clone(),
            };
            server.make(&format!("registry_kills_{name}"))?
        };
        std::fs::create_dir_all(data_dir)?;
        migrate(&mut Connection::open(&url, Purpose::Write)?)?;
        Ok(url)
    }
}

/// Results of invented people, five each, of ten qualifications; every hundredth row cannot be read.
fn results(rows: u32) -> Result<String, Failure> {
    let mut text = "uln,given_name,family_name,date_of_birth,qualification_number,title,result_id,awarded_on,grade,status\n".to_owned();
    for row in 0..rows {
        let person = row / 5;
        let stem = 700_000_000 + person * 11;
        let uln = (0..11)
            .find_map(|step| schema::Uln::from_stem(stem + step))
            .ok_or("no ULN")?;
        let day = if row % 100 == 99 {
            "no day".to_owned()
        } else {
            format!("20{:02}-0{}-1{}", 10 + row % 10, 1 + row % 9, row % 9)
        };
        writeln!(
            text,
            "{uln},Given{},Family{},19{:02}-04-0{},500/{:04}/0,An invented award {},R-{row},{day},Pass,final",
            person % 97,
            person % 1009,
            60 + person % 39,
            1 + person % 9,
            1000 + row % 10,
            row % 10
        )?;
    }
    Ok(text)
}
