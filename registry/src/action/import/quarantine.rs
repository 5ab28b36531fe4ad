//! Quarantine: a file that looks wrong as a whole is held. It was read, and nothing of it is merged; whoever
//! pushed it mends it, or pushes it again and says that it is right as it is. Nothing of the file is kept
//! meanwhile.

use super::submit::Mode;
use crate::app::App;
use crate::config;
use crate::error::Error;
use crate::model::import_job::JobRow;
use crate::model::{body_usage, quarantine_waiver};
use schema::Code;

/// How to go on.
const ADVICE: &str = "Nothing was merged. Mend the file and push it again; or, where it is right as it is, push it \
    again, without its old idempotency key, with despite=quarantine (on the command line --despite-quarantine).";

/// Looks at a job that was read to its end and has not begun to merge.
///
/// # Errors
/// [`Code::ImportQuarantined`], saying what was found, where the file looks wrong and nobody said that it is
/// right as it is.
pub(super) fn look(app: &App, job: &JobRow, withdrawals: i64) -> Result<(), Error> {
    let settings = app.config.quarantine.clone();
    if !settings.enabled {
        return Ok(());
    }
    let job = job.clone();
    app.db.read_blocking(move |connection| {
        let mut found = rejected(&settings, &job);
        if let Some(body) = job.awarding_body.as_deref()
            && found.is_none()
            && at_least(withdrawals, settings.withdrawn_least)
        {
            let told = body_usage::ever_told(connection, body)?;
            found = withdrawn(&settings, withdrawals, told);
        }
        match found {
            Some(found) if !quarantine_waiver::exists(connection, job.id)? => Err(Error::with(
                Code::ImportQuarantined,
                format!("{found} {ADVICE}"),
            )),
            _ => Ok(()),
        }
    })
}

/// An atomic import fails by itself where a record is rejected.
fn rejected(settings: &config::Quarantine, job: &JobRow) -> Option<String> {
    let held = job.mode != Mode::Atomic.as_str()
        && at_least(job.records, settings.rejected_least)
        && more_than(job.rejected, settings.rejected_share, job.records);
    held.then(|| {
        format!(
            "{} of {} records were rejected, more than the share of {} (quarantine.rejected_share).",
            job.rejected, job.records, settings.rejected_share
        )
    })
}

fn withdrawn(settings: &config::Quarantine, withdrawals: i64, told: i64) -> Option<String> {
    more_than(withdrawals, settings.withdrawn_share, told).then(|| {
        format!(
            "The file withdraws {withdrawals} awards of {told} that the body ever told, more than the share of {} \
             (quarantine.withdrawn_share).",
            settings.withdrawn_share
        )
    })
}

fn at_least(number: i64, least: u64) -> bool {
    u64::try_from(number).is_ok_and(|number| number >= least)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "nobody counts as many records as would lose a digit"
)]
fn more_than(part: i64, share: f64, whole: i64) -> bool {
    part as f64 > share * whole as f64
}

#[cfg(test)]
mod tests {
    use super::{more_than, withdrawn};

    #[test]
    fn a_share_is_exceeded_only_by_more() {
        assert!(!more_than(10, 0.5, 20));
        assert!(more_than(11, 0.5, 20));
        assert!(more_than(1, 0.5, 0));
        assert!(!more_than(0, 0.0, 20));
        let settings = crate::config::Quarantine::default();
        assert_eq!(withdrawn(&settings, 50, 250), None);
        assert!(withdrawn(&settings, 51, 250).is_some());
    }
}
