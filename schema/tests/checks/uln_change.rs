//! What became of a ULN.

use super::{ULN, sound, told_on};
use schema::wire::{self, ResultRecord};
use schema::{Code, Content, PersonKnown, UlnAction, UlnChange, check, parse_date, read};

const MASTER: &str = "4100000218";

fn record(kind: &str, uln: &str, master: &str, day: &str) -> ResultRecord {
    ResultRecord {
        uln_change: Some(wire::UlnChange {
            kind: kind.into(),
            uln: uln.into(),
            master_uln: master.into(),
            changed_on: day.into(),
        }),
        ..ResultRecord::default()
    }
}

#[test]
fn a_change_says_what_was_done_with_which_numbers_and_when() {
    for (kind, action, master) in [
        ("merged", UlnAction::Merged, MASTER),
        ("unmerged", UlnAction::Unmerged, MASTER),
        ("deleted", UlnAction::Deleted, ""),
    ] {
        let change = UlnChange {
            action,
            uln: schema::Uln::parse(ULN).unwrap(),
            master: schema::Uln::parse(master).ok(),
            changed_on: parse_date("2015-03-04").unwrap(),
        };
        let told = read(
            &record(kind, ULN, master, "2015-03-04"),
            told_on(),
            PersonKnown::FromRecord,
        );
        assert_eq!(told, Ok(Content::UlnChange(change)));
        assert_eq!(UlnAction::parse(action.as_str()), Some(action));
    }
}

#[test]
fn what_is_no_change_is_refused_with_its_field() {
    let day = "2015-03-04";
    for (record, code, field) in [
        (
            record("moved", ULN, MASTER, day),
            Code::UlnChangeInvalid,
            "kind",
        ),
        (record("", ULN, MASTER, day), Code::UlnChangeInvalid, "kind"),
        (record("merged", "", MASTER, day), Code::UlnInvalid, "uln"),
        (
            record("merged", "9999999999", MASTER, day),
            Code::UlnInvalid,
            "uln",
        ),
        (
            record("merged", ULN, "", day),
            Code::UlnInvalid,
            "master_uln",
        ),
        (
            record("merged", ULN, ULN, day),
            Code::UlnChangeInvalid,
            "master_uln",
        ),
        (
            record("deleted", ULN, MASTER, day),
            Code::UlnChangeInvalid,
            "master_uln",
        ),
        (
            record("deleted", ULN, "", ""),
            Code::DateInvalid,
            "changed_on",
        ),
        (
            record("deleted", ULN, "", "2026-01-17"),
            Code::UlnChangeInvalid,
            "changed_on",
        ),
    ] {
        let refused = read(&record, told_on(), PersonKnown::Elsewhere).unwrap_err();
        assert_eq!(
            (refused.code, refused.field),
            (code, &*format!("uln_change.{field}"))
        );
    }
    let tomorrow = record("deleted", ULN, "", "2026-01-16");
    assert!(read(&tomorrow, told_on(), PersonKnown::FromRecord).is_ok());
}

#[test]
fn an_award_is_read_as_before_and_a_registry_that_knows_no_changes_takes_none_for_an_award() {
    let told = read(&sound(), told_on(), PersonKnown::FromRecord);
    let checked = check(&sound(), told_on(), PersonKnown::FromRecord).unwrap();
    assert_eq!(told, Ok(Content::Award(Box::new(checked))));
    let change = record("merged", ULN, MASTER, "2015-03-04");
    for person in [PersonKnown::FromRecord, PersonKnown::Elsewhere] {
        assert!(check(&change, told_on(), person).is_err());
    }
}
