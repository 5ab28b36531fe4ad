//! `registry verify`.

use super::output::Output;
use crate::action::credential::{Controllers, fetch};
use crate::config::Config;
use crate::error::Error;
use crate::issuing::Issuing;
use crate::keys::Keys;
use clap::Args;
use credential::{Check, CheckName, Handed, Judgement, Lists, NoLists, Outcome, Trust, outcome};
use proof::Limits;
use schema::{Code, Language};
use serde_json::{Value, json};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const ABOUT: &str = "\
Who is believed: the registry itself, by the keys in the data directory; the issuers under sources.issuers of the
configuration, whose keys are fetched where they are a did:web and the configuration has none; whoever's document is given
with --issuer. The issuer's status list is fetched from a public https:// address, or from the registry's own; with --offline
nobody is asked, and the answer says what only they could tell.

The outcome is VALID where every check that is required passed, INVALID where one failed, and UNDETERMINED where one could not
be made. Exit codes: 0 VALID; 1 INVALID; 3 UNDETERMINED.";

/// The longest file that is read, in bytes; what is longer is no document.
const LONGEST: u64 = 16 * 1024 * 1024;

/// Verify an exported document, or one of another issuer that the configuration lists, without a database.
#[derive(Args)]
#[command(after_long_help = ABOUT)]
pub(super) struct Verify {
    /// The document: JSON, a JWT, an image with one in it, or a certificate (PDF) of ours; - is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Ask nobody
    #[arg(long)]
    offline: bool,
    /// The controller document (did.json) of an issuer to believe; may be given several times
    #[arg(long, value_name = "FILE")]
    issuer: Vec<PathBuf>,
}

impl Verify {
    pub(super) fn run(self, config: &Config, output: &Output) -> Result<ExitCode, Error> {
        // Without keys of its own nothing is the registry's: a verifier needs none, and none are made.
        let keys = Keys::find(config)?;
        let mut issuing = Issuing::open(config, keys.as_ref())?;
        for path in &self.issuer {
            let wrong = |problem: &str| {
                Error::configuration(path.display().to_string(), problem.to_owned())
            };
            let text = String::from_utf8(read(path)?).map_err(|_| wrong("is no text"))?;
            let document: Value = serde_json::from_str(&text).map_err(|_| wrong("is no JSON"))?;
            issuing.believe(&document).map_err(wrong)?;
        }
        let bytes = read(&self.file)?;
        let now = chrono::Utc::now();
        let judgement = match Handed::read(&bytes, &Limits::default()) {
            Ok(handed) => {
                let trust = |issuer: &str| issuing.trust(issuer);
                let controllers = Controllers::of(config);
                let ring = match self.offline {
                    true => controllers.without_asking(issuing.ring(), handed.issuers()),
                    false => {
                        controllers.with_keys(issuing.ring(), handed.issuers(), now.naive_utc())
                    }
                };
                let proved = handed.prove(&*ring, &trust, now);
                let asked = |address: &str| fetch(config, address);
                let lists: &dyn Lists = if self.offline { &NoLists } else { &asked };
                with_status(proved.judge(lists))
            }
            Err(fault) => Judgement::unreadable(&fault),
        };
        let required = required(&judgement, self.offline);
        let outcome = outcome(&judgement.checks, &required);
        let (name, code) = match outcome {
            Outcome::Passed => ("VALID", ExitCode::SUCCESS),
            Outcome::Failed => ("INVALID", ExitCode::FAILURE),
            Outcome::NotChecked => ("UNDETERMINED", ExitCode::from(3)),
        };
        output.line(name);
        for check in &judgement.checks {
            output.line(&line(check));
        }
        let checks: Vec<Value> = judgement.checks.iter().map(told).collect();
        output.document(&json!({
            "outcome": name,
            "checks": checks,
            "offline": self.offline,
            "checkedAt": now.to_rfc3339_opts(chrono::SecondsFormat::Micros, true),
        }))?;
        Ok(code)
    }
}

/// The checks that a document requires, by the contract: of the registry's own also whether the award stands, which the
/// same list says; and nothing that only others know where nobody is asked.
fn required(judgement: &Judgement, offline: bool) -> Vec<CheckName> {
    let mut names = vec![
        CheckName::Proof,
        CheckName::Issuer,
        CheckName::Schema,
        CheckName::Validity,
    ];
    if !offline {
        names.push(CheckName::Revocation);
        if judgement.trust == Trust::Own {
            names.push(CheckName::Status);
        }
    }
    names
}

/// Without a database the list alone says whether the awards of the registry's own documents stand.
fn with_status(mut judgement: Judgement) -> Judgement {
    if judgement.trust != Trust::Own || judgement.own.is_empty() {
        return judgement;
    }
    let Some(revocation) = judgement.check(CheckName::Revocation).cloned() else {
        return judgement;
    };
    let code = match revocation.result {
        Outcome::Passed => Code::StatusFinal,
        _ => revocation.code,
    };
    let status = Check::new(CheckName::Status, revocation.result, code, revocation.place);
    judgement.checks.push(status);
    judgement
}

fn name(check: &Check) -> &'static str {
    match check.name {
        CheckName::Issuer => "ISSUER",
        CheckName::Proof => "PROOF",
        CheckName::Schema => "SCHEMA",
        CheckName::Validity => "VALIDITY",
        CheckName::Revocation => "REVOCATION",
        CheckName::Status => "STATUS",
    }
}

fn result(check: &Check) -> &'static str {
    match check.result {
        Outcome::Passed => "PASSED",
        Outcome::Failed => "FAILED",
        Outcome::NotChecked => "NOT_CHECKED",
    }
}

fn line(check: &Check) -> String {
    let place = match check.place.as_str() {
        "" => String::new(),
        place => format!(" at {place}"),
    };
    format!(
        "  {:<11} {:<12} [{}]{place} {}",
        name(check),
        result(check),
        check.code,
        check.code.message(Language::English)
    )
}

fn told(check: &Check) -> Value {
    json!({
        "name": name(check),
        "result": result(check),
        "code": check.code.as_str(),
        "message": check.code.message(Language::English),
        "place": check.place,
    })
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let taken = if path.as_os_str() == "-" {
        std::io::stdin().take(LONGEST).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(LONGEST).read_to_end(&mut bytes))
    };
    taken.map_err(|error| {
        Error::configuration(
            path.display().to_string(),
            format!("cannot be read: {error}"),
        )
    })?;
    Ok(bytes)
}
