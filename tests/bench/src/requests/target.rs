//! What the design wants, beside what was measured.

use super::report::{Measured, Results};
use super::{
    ME_POSTGRES, ME_SQLITE, PGBENCH_JOIN, PGBENCH_VERIFY, POSTGRAPHILE, POSTGRAPHILE_TWO, STATIC,
    THREADS_VERIFY, VERIFY_POSTGRES, VERIFY_SQLITE,
};
use crate::Failure;
use std::io::Write;

/// A line of the table: what is wanted, whether less is better, how much, and what was measured.
struct Line {
    what: &'static str,
    at_most: bool,
    target: f64,
    measured: Option<f64>,
}

/// The table of targets that were measured.
pub(crate) fn print(results: &Results<'_>) -> Result<(), Failure> {
    let rate = |name, base| results.ratio(name, base, |one| one.rate);
    // The rival in its faster form.
    let rival = match rate(POSTGRAPHILE_TWO, POSTGRAPHILE) {
        Some(ratio) if ratio > 1.0 => POSTGRAPHILE_TWO,
        _ => POSTGRAPHILE,
    };
    let most = |name| results.median(name, |one| one.most);
    let at_least = |what, target, measured| Line {
        what,
        at_most: false,
        target,
        measured,
    };
    let at_most = |what, target, measured| Line {
        what,
        at_most: true,
        target,
        measured,
    };
    let below = results.median(rival, |one| one.half);
    let lines = [
        at_least(
            "`me`, PostgreSQL: requests/s to pgbench on the same join",
            0.6,
            rate(ME_POSTGRES, PGBENCH_JOIN),
        ),
        at_least(
            "`me`, PostgreSQL: requests/s to PostGraphile",
            4.0,
            rate(ME_POSTGRES, rival),
        ),
        at_most(
            "`me`, PostgreSQL: CPU to PostGraphile's",
            1.0 / 3.0,
            results.ratio(ME_POSTGRES, rival, Measured::processor),
        ),
        at_most("`me`, PostgreSQL: p99, ms", 15.0, most(ME_POSTGRES)),
        at_most(
            "`me`, PostgreSQL: p99, ms, below PostGraphile's median",
            below.unwrap_or(f64::NAN),
            below.and_then(|_| most(ME_POSTGRES)),
        ),
        at_least(
            "`me`, SQLite: requests/s to a static answer",
            0.45,
            rate(ME_SQLITE, STATIC),
        ),
        at_least(
            "`verify`, PostgreSQL: requests/s to the same transaction by pgbench",
            2.0,
            rate(VERIFY_POSTGRES, PGBENCH_VERIFY),
        ),
        at_most("`verify`, PostgreSQL: p99, ms", 20.0, most(VERIFY_POSTGRES)),
        at_least(
            "`verify`, SQLite: requests/s to a commit a request on 8 threads",
            2.0,
            rate(VERIFY_SQLITE, THREADS_VERIFY),
        ),
        at_most("`verify`, SQLite: p99, ms", 20.0, most(VERIFY_SQLITE)),
    ];
    let mut out = std::io::stdout().lock();
    writeln!(out, "\n| wanted | | measured | |\n|---|---|---|---|")?;
    for line in lines {
        let Some(measured) = line.measured else {
            continue;
        };
        let (words, met) = if line.at_most {
            ("at most", measured <= line.target)
        } else {
            ("at least", measured >= line.target)
        };
        let met = if met { "met" } else { "**missed**" };
        writeln!(
            out,
            "| {} | {words} {:.2} | {measured:.2} | {met} |",
            line.what, line.target
        )?;
    }
    Ok(())
}
