//! On which terms awarding bodies take claims of prior learning: a row a body, a route and a time.

use super::table::Fault;
use super::{Row, RowError, read};
use schema::{Date, RecognitionNumber, Route};

/// The terms of a body for a route, as far as it has any of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimPolicy {
    /// The body.
    pub body: RecognitionNumber,
    /// The route; never the ordinary one.
    pub route: Route,
    /// The first day on which they are in force.
    pub from: Option<Date>,
    /// The last day.
    pub until: Option<Date>,
    /// Whether what is gained carries the unit's credit.
    pub earns_credit: Option<bool>,
    /// The most credit that one person may gain so.
    pub most_credit: Option<u16>,
    /// Of a qualification's credit, how many of a hundred may come so.
    pub most_share: Option<u8>,
    /// How many months old evidence may be.
    pub current_months: Option<u16>,
    /// Whether only those assess and assure whose token names the body.
    pub own_assessors: bool,
    /// Of a hundred outcomes, how many are looked at in assurance; none: all.
    pub sampling: Option<u8>,
    /// References of units that cannot be claimed so.
    pub excluded: Vec<String>,
    /// Days for assessment.
    pub assessment_days: Option<u16>,
    /// Days for assurance.
    pub assurance_days: Option<u16>,
    /// Days in which a decision can be appealed against.
    pub appeal_days: Option<u16>,
    /// Days before a day that is due on which those concerned are reminded.
    pub reminder_days: Option<u16>,
    /// Months for which files of evidence are kept.
    pub retention_months: Option<u16>,
    /// Where it was read.
    pub source: String,
    /// Whether a source confirmed it.
    pub confirmed: bool,
}

/// Reads `claim_policies.csv`.
///
/// # Errors
/// Every [`RowError`] of the table.
pub fn claim_policies(text: &str) -> Result<Vec<ClaimPolicy>, Vec<RowError>> {
    let required = ["awarding_body", "route", "verified", "source"];
    read("claim_policies", text, &required, |row| {
        let missing = |column: &str| row.fault(column, Fault::Empty);
        let body = row.parsed("awarding_body", "a recognition number", |text| {
            RecognitionNumber::parse(text).ok()
        })?;
        let claimed = |text: &str| Route::parse(text).filter(|route| *route != Route::Award);
        let route = row.parsed(
            "route",
            "rpl, credit-transfer, exemption or equivalence",
            claimed,
        )?;
        let assessors = row.parsed("assessors", "any or own", |text| match text {
            "any" => Some(false),
            "own" => Some(true),
            _ => None,
        })?;
        let sampling = row.parsed("sampling", "full, or 1 to 100", |text| match text {
            "full" => Some(None),
            other => share(other).map(Some),
        })?;
        let (from, until) = (row.from("from")?, row.until("until")?);
        if matches!((from, until), (Some(from), Some(until)) if until < from) {
            let words = "ends before it begins".to_owned();
            return Err(row.fault("until", Fault::Contradiction(words)));
        }
        Ok(ClaimPolicy {
            body: body.ok_or_else(|| missing("awarding_body"))?,
            route: route.ok_or_else(|| missing("route"))?,
            from,
            until,
            earns_credit: row.yes("earns_credit")?,
            most_credit: row.number("most_credit")?,
            most_share: row.parsed("most_share", "1 to 100", share)?,
            current_months: row.number("current_months")?,
            own_assessors: assessors.unwrap_or(false),
            sampling: sampling.flatten(),
            excluded: row.list("excluded"),
            assessment_days: days(row, "assessment_days")?,
            assurance_days: days(row, "assurance_days")?,
            appeal_days: days(row, "appeal_days")?,
            reminder_days: days(row, "reminder_days")?,
            retention_months: row.number("retention_months")?,
            source: row.required("source")?,
            confirmed: row.confirmed("verified")?,
        })
    })
}

fn share(text: &str) -> Option<u8> {
    text.parse().ok().filter(|share| (1..=100).contains(share))
}

fn days(row: &Row<'_>, column: &str) -> Result<Option<u16>, RowError> {
    row.parsed(column, "a number of days, at most 3650", |text| {
        text.parse().ok().filter(|days| *days <= 3650)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "awarding_body,route,from,until,most_share,sampling,assessors,appeal_days,excluded,verified,source\n";

    fn told(rows: &str) -> Vec<String> {
        let faults = claim_policies(&format!("{HEAD}{rows}")).err();
        let faults = faults.unwrap_or_default();
        faults.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_policy_says_what_it_says_and_leaves_the_rest_open() {
        let row = "RN5217,credit-transfer,2026-09,,70,25,own,20,L/601/1693|A/601/1429,V,an invented policy\n";
        let found = claim_policies(&format!("{HEAD}{row}")).unwrap_or_default();
        let one = found.first();
        assert_eq!(one.map(|one| one.route), Some(Route::CreditTransfer));
        assert_eq!(one.and_then(|one| one.most_share), Some(70));
        assert_eq!(one.and_then(|one| one.sampling), Some(25));
        assert_eq!(one.map(|one| one.excluded.len()), Some(2));
        assert_eq!(one.and_then(|one| one.most_credit), None);
    }

    #[test]
    fn each_fault_names_its_column() {
        assert_eq!(
            told("RN5217,award,,,,,,,,V,x\n"),
            [
                "claim_policies, row 2, column route: \"award\" is not rpl, credit-transfer, exemption or equivalence"
            ]
        );
        assert_eq!(
            told(
                ",rpl,,,,,,,,V,x\nRN5217,rpl,2026,2025,,,,,,V,x\nRN5217,rpl,,,101,,,,,V,x\nRN5217,rpl,,,,,all,,,V,x\n"
            ),
            [
                "claim_policies, row 2, column awarding_body: the cell is empty",
                "claim_policies, row 3, column until: ends before it begins",
                "claim_policies, row 4, column most_share: \"101\" is not 1 to 100",
                "claim_policies, row 5, column assessors: \"all\" is not any or own",
            ]
        );
    }
}
