//! `registry match`: the matcher alone, over one or two files of people.

use super::output::Output;
use crate::config::Config;
use crate::error::Error;
use clap::Args;
use identity::table::{self, Measure, People, TableError, Truth};
use identity::{Batch, Decision, Model, Settings, Thresholds};
use schema::Code;
use serde::Serialize;
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const EXAMPLE: &str = "\
A file of people is a table with a heading and commas between. A column id is needed; of given_name, family_name, \
date_of_birth, postcode, former_name, gender, house, address, address_2, suburb, county, phone, email, uln and \
identifier whatever there is, also under usual other names (surname, dob, rec_id, soc_sec_id, …).

LINKS has left_id, right_id, score (the probability that both are one person), decision (LINK, or CASE for a steward) \
and explanation: what each field adds, in natural logarithms of odds, given the fields before it.

Weights are estimated from the files; --weights takes those that an earlier run wrote with --write-weights, --shipped \
those of this version.

An example:
  registry match register.csv arrivals.csv --out links.csv
  registry match people.csv --out duplicates.csv --truth pairs.csv";

/// Say who in one or two files of people is one person
#[derive(Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Match {
    /// People; alone, everybody is held against everybody else in it
    #[arg(value_name = "LEFT.csv")]
    left: PathBuf,
    /// Other people, against whom those of LEFT are held
    #[arg(value_name = "RIGHT.csv")]
    right: Option<PathBuf>,
    /// The file of links to write
    #[arg(long, value_name = "LINKS.csv")]
    out: PathBuf,
    /// From which probability on a pair is a link [default: matching.link of the configuration, 0.9995]
    #[arg(long, value_name = "P", value_parser = probability)]
    threshold: Option<f64>,
    /// From which probability on a pair is a case for a steward [default: matching.case of the configuration, 0.02]
    #[arg(long, value_name = "P", value_parser = probability)]
    cases: Option<f64>,
    /// Take the weights of this file instead of estimating them
    #[arg(long, value_name = "FILE", conflicts_with_all = ["shipped", "write_weights"])]
    weights: Option<PathBuf>,
    /// Take the weights of this version, for England's workforce, instead of estimating them
    #[arg(long, conflicts_with = "write_weights")]
    shipped: bool,
    /// How many people the register holds of which RIGHT (or LEFT alone) is a part; with weights that are not
    /// estimated [default: how many records there are]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    population: Option<u64>,
    /// Write the estimated weights; beside numbers they hold given and family names that at least twenty records have,
    /// each by itself, and no birth dates or addresses
    #[arg(long, value_name = "FILE")]
    write_weights: Option<PathBuf>,
    /// Measure: a table of which the first two columns are the ids of each pair that is one person
    #[arg(long, value_name = "PAIRS.csv")]
    truth: Option<PathBuf>,
}

fn probability(text: &str) -> Result<f64, String> {
    let number: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if number > 0.0 && number < 1.0 {
        Ok(number)
    } else {
        Err("must be above 0 and below 1".to_owned())
    }
}

/// What `--json` prints.
#[derive(Serialize)]
struct Report {
    left: usize,
    right: usize,
    compared: usize,
    #[serde(rename = "keysPassedOver")]
    keys_passed_over: usize,
    links: usize,
    cases: usize,
    measured: Option<Measure>,
}

impl Match {
    pub(super) fn run(self, config: &Config, output: &Output) -> Result<ExitCode, Error> {
        let left = people(&self.left, output)?;
        let right = self
            .right
            .as_deref()
            .map(|path| people(path, output))
            .transpose()?;
        let truth = self
            .truth
            .as_deref()
            .map(|path| read(path, Truth::read))
            .transpose()?;
        let others = right.as_ref().unwrap_or(&left);
        let batch = match &right {
            Some(right) => Batch::Between(&left.people, &right.people),
            None => Batch::Within(&left.people),
        };
        let outcome = identity::link(&batch, &self.settings(config, others.people.len())?);
        let file = File::create(&self.out).map_err(|error| refused(&self.out, &error))?;
        table::write(BufWriter::new(file), &left, others, &outcome)
            .map_err(|error| refused(&self.out, &error))?;
        if let Some(path) = &self.write_weights {
            let text = outcome.model.to_json().map_err(Error::internal)?;
            fs::write(path, text).map_err(|error| refused(path, &error))?;
        }
        let links = outcome
            .links
            .iter()
            .filter(|link| link.decision == Decision::Link)
            .count();
        let report = Report {
            left: left.people.len(),
            right: right.as_ref().map_or(0, |right| right.people.len()),
            compared: outcome.compared,
            keys_passed_over: outcome.passed_over,
            links,
            cases: outcome.links.len() - links,
            measured: truth.map(|truth| table::measure(&left, others, &outcome, &truth)),
        };
        print(&report, output);
        output.document(&report)?;
        Ok(if report.cases > 0 {
            ExitCode::from(3)
        } else {
            ExitCode::SUCCESS
        })
    }

    fn settings(&self, config: &Config, others: usize) -> Result<Settings, Error> {
        let link = self.threshold.unwrap_or(config.matching.link);
        let case = self.cases.unwrap_or(config.matching.case);
        let mut settings = Settings {
            estimate: !self.shipped && self.weights.is_none(),
            thresholds: Thresholds {
                link,
                case: case.min(link),
            },
            ..Settings::default()
        };
        if let Some(path) = &self.weights {
            let text = fs::read_to_string(path).map_err(|error| refused(path, &error))?;
            settings.model = Model::from_json(&text).map_err(|error| refused(path, &error))?;
        }
        if !settings.estimate {
            let people = self
                .population
                .map_or(others as f64, |people| people as f64);
            settings.model = settings.model.with_population(people);
        }
        Ok(settings)
    }
}

fn read<T>(path: &Path, read: impl FnOnce(File) -> Result<T, TableError>) -> Result<T, Error> {
    let file = File::open(path).map_err(|error| refused(path, &error))?;
    read(file).map_err(|error| refused(path, &error))
}

fn people(path: &Path, output: &Output) -> Result<People, Error> {
    let people = read(path, table::read)?;
    if !people.unknown.is_empty() {
        let names = people.unknown.join(", ");
        output.aside(&format!(
            "{}: columns that mean nothing here: {names}",
            path.display()
        ));
    }
    Ok(people)
}

fn refused(path: &Path, error: &dyn std::error::Error) -> Error {
    Error::with(Code::InputInvalid, format!("{}: {error}", path.display()))
}

fn print(report: &Report, output: &Output) {
    output.line(&format!("links     {:>10}", report.links));
    output.line(&format!(
        "cases     {:>10}   for a steward to decide",
        report.cases
    ));
    output.line(&format!("compared  {:>10}   pairs", report.compared));
    if report.keys_passed_over > 0 {
        output.line(&format!(
            "{} keys are shared by too many records and were passed over; their records are found by other keys, \
             where they have any.",
            report.keys_passed_over
        ));
    }
    let Some(measured) = &report.measured else {
        return;
    };
    for (name, value) in [
        ("precision of links", measured.precision),
        ("recall of links", measured.recall),
        ("F1 at one half", measured.f1_at_half),
        ("best F1", measured.best_f1),
        ("recall at precision 0.999", measured.recall_at_0_999),
        ("recall at precision 0.9999", measured.recall_at_0_9999),
    ] {
        output.line(&format!("{name:<28} {value:.5}"));
    }
    output.line(&format!(
        "{} of {} pairs that are one person are links or cases; {} links are wrong.",
        measured.found, measured.true_pairs, measured.wrong_links
    ));
}
