//! Reports of ULNs that were merged, unmerged and deleted.

use super::{fixture, path, read, stop};
use schema::{Content, Date, PersonKnown, Uln, UlnAction};
use sdk::UlnChange;

fn change(kind: &str, uln: &str, master_uln: &str, changed_on: &str) -> UlnChange {
    UlnChange {
        kind: kind.to_owned(),
        uln: uln.to_owned(),
        master_uln: master_uln.to_owned(),
        changed_on: changed_on.to_owned(),
    }
}

#[test]
fn each_change_is_a_record_of_its_own_and_names_nobody() {
    let outcome = read("", fixture("lrs/uln-report.xml"));
    assert_eq!((stop(&outcome), outcome.issues.len()), ("", 0));
    let told: Vec<UlnChange> = outcome
        .records
        .iter()
        .filter_map(|record| record.uln_change.clone())
        .collect();
    assert_eq!(
        told,
        [
            change("merged", "4100000218", "9276308686", "2015-03-04"),
            change("unmerged", "4100000218", "9276308686", "2015-05-06"),
            change("deleted", "4100000218", "", "2015-07-08"),
        ]
    );
    let within = "/Envelope/Body/ULNReportResp/ULNReport";
    let places: Vec<&str> = outcome.records.iter().map(path).collect();
    assert_eq!(
        places,
        [
            format!("{within}/MergedLearners/MergedLearner[1]"),
            format!("{within}/UnmergedLearners/UnmergedLearner[1]"),
            format!("{within}/DeletedLearners/DeletedLearner[1]"),
        ]
    );
    for record in &outcome.records {
        assert!(record.person.is_none() && record.stated.is_empty());
    }
    // And the registry's rules take them.
    let today = Date::from_ymd_opt(2024, 1, 1).unwrap_or_default();
    let taken = outcome.records.iter().map(|record| {
        match schema::read(record, today, PersonKnown::FromRecord) {
            Ok(Content::UlnChange(change)) => Some((change.action, change.uln, change.master)),
            _ => None,
        }
    });
    let (uln, master) = (Uln::parse("4100000218").ok(), Uln::parse("9276308686").ok());
    let expected = [
        (UlnAction::Merged, master),
        (UlnAction::Unmerged, master),
        (UlnAction::Deleted, None),
    ];
    let expected = expected.map(|(action, master)| uln.map(|uln| (action, uln, master)));
    assert_eq!(taken.collect::<Vec<_>>(), expected);
}

#[test]
fn a_report_by_itself_is_read_under_either_name_and_an_empty_one_tells_of_nothing() {
    let deleted = "<DeletedLearners><DeletedLearner><ULN>4100000218</ULN><DeletedDate>2015-07-08T00:00:00</DeletedDate></DeletedLearner></DeletedLearners>";
    for name in ["ULNReport", "MIAPULNReport"] {
        let outcome = read("", format!("<{name}>{deleted}</{name}>"));
        let told = outcome
            .records
            .first()
            .and_then(|record| record.uln_change.clone());
        assert_eq!(
            told,
            Some(change("deleted", "4100000218", "", "2015-07-08"))
        );
    }
    for empty in [
        "<ULNReportResp><ResponseCode>WSRC0001</ResponseCode></ULNReportResp>",
        "<ULNReport><MergedLearners/></ULNReport>",
    ] {
        let outcome = read("", empty);
        assert_eq!((stop(&outcome), outcome.records.len()), ("", 0));
    }
}

#[test]
fn an_answer_that_says_what_went_wrong_is_no_report() {
    let answer = "<ULNReportResp><ResponseCode>WSEC0001</ResponseCode></ULNReportResp>";
    assert_eq!(stop(&read("", answer)), "bad-request");
    let cut = "<ULNReport><MergedLearners><MergedLearner><MasterULN>9276308686</MasterULN>";
    assert_eq!(stop(&read("", cut)), "xml-malformed");
}

#[test]
fn what_is_missing_is_for_the_registry_to_refuse() {
    let outcome = read(
        "",
        "<ULNReport><MergedLearner><MergedULN>4100000218</MergedULN></MergedLearner></ULNReport>",
    );
    let today = Date::from_ymd_opt(2024, 1, 1).unwrap_or_default();
    let refused = outcome.records.iter().map(|record| {
        let read = schema::read(record, today, PersonKnown::FromRecord);
        read.map_err(|rejection| (rejection.code, rejection.field))
            .err()
    });
    assert_eq!(
        refused.collect::<Vec<_>>(),
        [Some((schema::Code::UlnInvalid, "uln_change.master_uln"))]
    );
}
