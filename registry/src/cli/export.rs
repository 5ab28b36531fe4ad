//! `registry export`.

use super::output::Output;
use crate::action::credential::{self, Chosen, Format};
use crate::app::{App, Clock};
use crate::config::Config;
use crate::db::Id;
use crate::error::Error;
use crate::model::access_entry::AccessRow;
use crate::model::learner;
use clap::Args;
use schema::{Code, Uln};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

const ABOUT: &str = "\
What the awarding body or a trusted recorder told is signed, where it is final and stands; what the person brought themselves
is left out. What was issued before and says the same is written again, and not issued twice. The look is in the person's
ledger.

Issued is as server.origin where that is https:// (did:web), else as the key itself (did:key), for trials.

An example:
  registry export --learner 9000000009 --format open-badges --achievement achievement_… --out badge.json";

/// Export a learner's record, signed, in forms that others accept.
#[derive(Args)]
#[command(after_long_help = ABOUT)]
pub(super) struct Export {
    /// Whose record: a ULN, or an identifier as the registry shows it
    #[arg(long, value_name = "ULN-OR-ID")]
    learner: String,
    /// In what form
    #[arg(long, value_enum)]
    format: Format,
    /// The file; - is standard output
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Only this achievement; may be given several times
    #[arg(long, value_name = "ID")]
    achievement: Vec<String>,
}

impl Export {
    pub(super) fn run(self, config: Config, output: &Output) -> Result<ExitCode, Error> {
        let chosen = if self.achievement.is_empty() {
            Chosen::All
        } else {
            let ids = self.achievement.iter();
            let ids = ids.map(|text| Id::read("achievement", text));
            Chosen::These(ids.collect::<Option<Vec<_>>>().ok_or_else(none)?)
        };
        let app = App::open(config, Clock::system())?;
        let asked = self.learner.clone();
        let found = app.db.read_blocking(move |connection| {
            if let Some(id) = Id::read("learner", &asked) {
                return Ok(learner::find(connection, id)?);
            }
            match Uln::parse(&asked) {
                Ok(uln) => Ok(learner::find_by_uln(connection, uln)?),
                Err(_) => Err(Error::from(Code::UlnInvalid)),
            }
        })?;
        let learner = found.ok_or_else(|| Error::from(Code::PersonUnknown))?;
        let look = AccessRow {
            id: Id::new(),
            learner_id: Some(learner.id),
            at: app.clock.now(),
            by_whom: "operator".to_owned(),
            role: "operator".to_owned(),
            what: "export".to_owned(),
            purpose: None,
            via: "command line".to_owned(),
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .map_err(Error::internal)?;
        let exporting = credential::export(&app, learner.id, chosen, self.format, Some(look));
        let export = runtime.block_on(exporting)?;
        let to_output = self.out.as_os_str() == "-";
        let written = if to_output {
            std::io::stdout().write_all(&export.content)
        } else {
            std::fs::write(&self.out, &export.content)
        };
        written.map_err(|error| {
            let problem = format!("cannot be written: {error}. Choose another with --out");
            Error::configuration(self.out.display().to_string(), problem)
        })?;
        let said = format!(
            "{} awards exported, {} left out, since nobody but the person tells of them or they do not stand",
            export.awards, export.left_out
        );
        if to_output {
            output.aside(&said);
            return Ok(ExitCode::SUCCESS);
        }
        output.line(&said);
        let credentials: Vec<String> = export
            .credentials
            .iter()
            .map(|id| id.show("credential"))
            .collect();
        output.document(&serde_json::json!({
            "file": self.out.display().to_string(),
            "mediaType": export.media_type,
            "issuer": app.issuing.issuer().id,
            "credentials": credentials,
            "awards": export.awards,
            "leftOut": export.left_out,
        }))?;
        Ok(ExitCode::SUCCESS)
    }
}

fn none() -> Error {
    Error::from(Code::NotFound)
}
