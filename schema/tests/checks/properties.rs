//! What holds for every record.

use crate::tables::{NOTES, REJECTIONS};
use crate::texts::texts;
use crate::{ULN, changed, told_on};
use proptest::prelude::*;
use schema::wire::ResultRecord;
use schema::{Code, PersonKnown, check};

/// Any text, often one that means something to some field.
fn word() -> impl Strategy<Value = String> {
    let known = [
        "",
        " ",
        "-2",
        "null",
        "9999999999",
        ULN,
        "2999-12-31",
        "2014-06-27",
        "2058-07-01",
        "1899-01-01",
        "601/7898/X",
        "L/601/1693",
        "qts",
        "status",
        "unit",
        "registration",
        "suspended",
        "Level 3",
        "Entry Level",
        "0",
        "65",
        "65536",
        "RN5133",
        "UNKNWN",
    ];
    prop_oneof![
        6 => proptest::sample::select(known.map(str::to_owned).to_vec()),
        1 => "\\PC{0,40}",
        1 => any::<String>(),
    ]
}

/// A sound record of which some fields hold anything.
fn any_record() -> impl Strategy<Value = ResultRecord> {
    let put: [fn(&mut ResultRecord, String); 20] = [
        |r, t| r.verb = t,
        |r, t| r.status = t,
        |r, t| r.route = t,
        |r, t| r.awarded_on = t,
        |r, t| r.started_on = t,
        |r, t| r.valid_from = t,
        |r, t| r.valid_until = t,
        |r, t| r.action_date = t,
        |r, t| r.credit = t,
        |r, t| r.subject.get_or_insert_default().kind = t,
        |r, t| r.subject.get_or_insert_default().part_of = t,
        |r, t| r.person.get_or_insert_default().uln = t,
        |r, t| r.person.get_or_insert_default().linked_ulns.push(t),
        |r, t| r.person.get_or_insert_default().date_of_birth = t,
        |r, t| r.person.get_or_insert_default().gender = t,
        |r, t| r.body.get_or_insert_default().recognition_number = t,
        |r, t| r.body.get_or_insert_default().ukprn = t,
        |r, t| r.registration.get_or_insert_default().state = t,
        |r, _| r.person = None,
        |r, _| r.subject = None,
    ];
    let fields: Vec<_> = texts()
        .map(|(.., put)| put)
        .into_iter()
        .chain(put)
        .collect();
    let change = (proptest::sample::select(fields), word());
    proptest::collection::vec(change, 0..6).prop_map(|changes| {
        changed(|record| {
            for (put, text) in changes {
                put(record, text);
            }
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    #[test]
    fn no_record_is_too_odd(record in any_record()) {
        let known = check(&record, told_on(), PersonKnown::Elsewhere);
        match check(&record, told_on(), PersonKnown::FromRecord) {
            Err(one) if one.code == Code::LearnerNotIdentified => {}
            named => prop_assert_eq!(&named, &known),
        }
        let codes: Vec<Code> = match known {
            Err(rejection) => vec![rejection.code],
            Ok(checked) => checked.notes.iter().map(|note| note.code).collect(),
        };
        for code in codes {
            prop_assert!(REJECTIONS.contains(&code) || NOTES.contains(&code), "{}", code);
        }
    }

    /// What was taken once is taken again when it is read back, as stored records are.
    #[test]
    fn what_is_stored_stays_readable(record in any_record()) {
        if let Ok(checked) = check(&record, told_on(), PersonKnown::FromRecord) {
            prop_assert_eq!(check(&record, told_on(), PersonKnown::Elsewhere), Ok(checked));
        }
    }
}
