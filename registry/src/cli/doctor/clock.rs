//! The clock: tokens, receipts and the order of events live by it.

use super::database::Times;
use super::{Findings, folder};
use crate::app::Clock;
use crate::config::Config;
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use std::io::Write;

/// A difference from which tokens of others begin to be refused.
const MUCH: TimeDelta = TimeDelta::seconds(5);
/// A difference that makes receipts wrong.
const TOO_MUCH: TimeDelta = TimeDelta::seconds(60);

pub(super) fn look(config: &Config, clock: &Clock, times: &Times, findings: &mut Findings) {
    if let Some((theirs, ours)) = times.clock {
        compare("the database's clock", theirs, ours, findings);
    }
    let written = folder::nameless(&config.data_dir).and_then(|mut file| {
        file.write_all(b"x")?;
        file.metadata()?.modified()
    });
    if let Ok(written) = written {
        let theirs = DateTime::<Utc>::from(written).naive_utc();
        compare("the file system's clock", theirs, clock.now(), findings);
    }
    let now = clock.now();
    match times.newest {
        Some(newest) if newest > now + MUCH => findings.fault(
            "clock",
            format!(
                "is {} s before the newest row of the database",
                (newest - now).num_seconds()
            ),
            "Set the clock: what is written now would stand before what was written already.",
        ),
        Some(newest) => findings.ok(
            "clock",
            format!(
                "is {} s after the newest row of the database",
                (now - newest).num_seconds().max(0)
            ),
        ),
        None => {}
    }
}

fn compare(whose: &str, theirs: NaiveDateTime, ours: NaiveDateTime, findings: &mut Findings) {
    let difference = theirs - ours;
    let message = format!(
        "{whose} differs by {:.3} s",
        difference.num_milliseconds() as f64 / 1000.0
    );
    let advice = "Let both machines take their time from the same source (NTP).";
    if difference.abs() > TOO_MUCH {
        findings.fault("clock", message, advice);
    } else if difference.abs() > MUCH {
        findings.warning("clock", message, advice);
    } else {
        findings.ok("clock", message);
    }
}
