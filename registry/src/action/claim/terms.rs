//! From the framework's table to the terms that apply.

use crate::action::framework::Framework;
use ::claim::{Assessors, ClaimRoute, Sampling, Terms};
use framework::catalogue::ClaimPolicy;
use schema::{Date, RecognitionNumber};

/// The terms of a body for a route on a day.
pub(super) fn on(
    framework: &Framework,
    body: RecognitionNumber,
    route: ClaimRoute,
    day: Date,
) -> Terms {
    let policies = framework.policies.iter().filter_map(terms);
    let policies: Vec<Terms> = policies.collect();
    Terms::on(&policies, body, route, day)
}

/// What a row says, and what it leaves open as it is in general.
fn terms(row: &ClaimPolicy) -> Option<Terms> {
    let route = ClaimRoute::of(row.route)?;
    let general = Terms::general(row.body, route);
    Some(Terms {
        from: row.from,
        until: row.until,
        earns_credit: row.earns_credit.unwrap_or(general.earns_credit),
        most_credit: row.most_credit,
        most_share: row.most_share,
        current_months: row.current_months,
        assessors: if row.own_assessors {
            Assessors::Own
        } else {
            Assessors::Any
        },
        sampling: row.sampling.map_or(Sampling::Full, Sampling::Share),
        excluded: row.excluded.clone(),
        assessment_days: row.assessment_days.unwrap_or(general.assessment_days),
        assurance_days: row.assurance_days.unwrap_or(general.assurance_days),
        appeal_days: row.appeal_days.unwrap_or(general.appeal_days),
        reminder_days: row.reminder_days.unwrap_or(general.reminder_days),
        retention_months: row.retention_months.unwrap_or(general.retention_months),
        source: Some(row.source.clone()),
        ..general
    })
}
