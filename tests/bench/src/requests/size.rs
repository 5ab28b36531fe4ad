//! Verification of a database of any size beside a smaller one, both on one PostgreSQL: what growing costs.

use super::asked::{Asked, Lines};
use super::report::{Results, Way};
use super::service::Registry;
use crate::cost::Meter;
use crate::load::{self, Shape};
use crate::meaning::lines;
use crate::program::{self, Folder};
use crate::reads::postmaster;
use crate::{Failure, say};
use clap::Args;
use registry::db::{Connection, Purpose};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

const SMALL: &str = "`verify`, the smaller";
const LARGE: &str = "**`verify`, the larger**";

#[derive(Args)]
pub(crate) struct Size {
    /// The larger database
    #[arg(long)]
    large: String,
    /// The smaller one, on the same server
    #[arg(long)]
    small: String,
    /// The released program [default: `registry` beside this one]
    #[arg(long)]
    registry: Option<PathBuf>,
    /// How often each is measured
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// For how many seconds each time
    #[arg(long, default_value_t = 4)]
    seconds: u64,
    /// How many connections ask at a time
    #[arg(long, default_value_t = 32)]
    callers: usize,
    /// How many certificates are asked for, drawn from all of them
    #[arg(long, default_value_t = 20_000)]
    certificates: usize,
}

impl Size {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let program = program::program(self.registry.as_deref())?;
        let folder = Folder::new()?;
        let shape = Shape {
            callers: self.callers,
            time: Duration::from_secs(self.seconds),
        };
        let mut running: Vec<Registry> = Vec::new();
        let mut ways: Vec<Way<'_>> = Vec::new();
        for (name, url) in [(SMALL, &self.small), (LARGE, &self.large)] {
            let below = folder.below(if name == SMALL { "small" } else { "large" })?;
            let registry = Registry::start(&program, url, &below, 0)?;
            let certificates = drawn(url, self.certificates)?;
            say(&format!("{name}: {} certificates", certificates.len()));
            let asked = Asked::certificates(registry.address, &registry.data_dir, &certificates)?;
            let meter = Meter {
                database: Some(postmaster(url)?),
                program: Some(registry.id()),
            };
            running.push(registry);
            ways.push(Way {
                name,
                base: SMALL,
                itself: false,
                run: Box::new(move || {
                    let asked = Arc::clone(&asked);
                    let open = async move |_| Ok(Lines::new(asked.clone()));
                    load::run(shape, meter, &open, &async |lines: &Lines, number| {
                        lines.ask(number).await
                    })
                }),
            });
        }
        Results::of(&ways, self.rounds)?.print()
    }
}

/// Certificates from all over the table: the number, the family name and the day of birth.
fn drawn(url: &str, many: usize) -> Result<Vec<[String; 3]>, Failure> {
    let mut connection = Connection::open(url, Purpose::Read)?;
    // The table's own estimate is enough: thrice as many rows as are wanted, since some have no number.
    let found = lines(
        &mut connection,
        &format!(
            "SELECT a.certificate_number || '|' || l.family_name || '|' || l.date_of_birth AS line \
             FROM achievement a JOIN learner l ON l.id = a.learner_id \
             WHERE a.certificate_number IS NOT NULL AND l.date_of_birth IS NOT NULL \
             AND random() < (SELECT least(1, {many} * 3.0 / greatest(c.reltuples, 1)) FROM pg_class c WHERE c.relname = 'achievement') \
             LIMIT {many}"
        ),
    )?;
    let parts = found.iter().filter_map(|line| {
        let mut parts = line.split('|').map(str::to_owned);
        Some([parts.next()?, parts.next()?, parts.next()?])
    });
    Ok(parts.collect())
}
