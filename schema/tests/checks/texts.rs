//! How long texts may be and what they may hold.

use crate::read;
use schema::wire::ResultRecord;
use schema::{Code, Rejection};

/// A text's field, the most characters it may have, and how it is set.
pub(crate) type Text = (&'static str, usize, fn(&mut ResultRecord, String));

pub(crate) fn texts() -> [Text; 18] {
    [
        ("person.given_name", 100, |r, t| {
            r.person.get_or_insert_default().given_name = t;
        }),
        ("person.family_name", 100, |r, t| {
            r.person.get_or_insert_default().family_name = t;
        }),
        ("person.postcode", 10, |r, t| {
            r.person.get_or_insert_default().postcode = t;
        }),
        ("person.reference", 128, |r, t| {
            r.person.get_or_insert_default().reference = t;
        }),
        ("subject.code", 128, |r, t| {
            r.subject.get_or_insert_default().code = t;
        }),
        ("subject.title", 500, |r, t| {
            r.subject.get_or_insert_default().title = t;
        }),
        ("body.name", 500, |r, t| {
            r.body.get_or_insert_default().name = t;
        }),
        ("record_id", 128, |r, t| r.record_id = t),
        ("result_id", 128, |r, t| r.result_id = t),
        ("certificate_number", 128, |r, t| r.certificate_number = t),
        ("centre", 128, |r, t| r.centre = t),
        ("action_reason", 500, |r, t| r.action_reason = t),
        ("grade", 60, |r, t| r.grade = t),
        ("level", 100, |r, t| r.level = t),
        ("language", 100, |r, t| r.language = t),
        ("credit_scheme", 100, |r, t| r.credit_scheme = t),
        ("registration.number", 128, |r, t| {
            r.registration.get_or_insert_default().number = t;
        }),
        ("registration.conditions", 500, |r, t| {
            r.registration.get_or_insert_default().conditions = t;
        }),
    ]
}

#[test]
fn texts_keep_to_their_lengths_in_characters() {
    for (field, longest, put) in texts() {
        assert!(read(|r| put(r, "é".repeat(longest))).is_ok(), "{field}");
        let spaced = format!("  {}\u{a0} ", "é".repeat(longest));
        assert!(read(|r| put(r, spaced)).is_ok(), "{field}");
        let found = read(|r| put(r, "é".repeat(longest + 1)));
        let code = Code::TextTooLong;
        assert_eq!(found, Err(Rejection { code, field }));
    }
}

#[test]
fn control_characters_are_refused_and_white_space_is_folded() {
    for (field, _, put) in texts() {
        for control in ['\u{0}', '\u{1b}', '\u{1f}', '\u{7f}', '\u{9b}'] {
            let found = read(|r| put(r, format!("a{control}b")));
            let code = Code::TextInvalid;
            assert_eq!(found, Err(Rejection { code, field }), "{control:?}");
        }
        assert!(read(|r| put(r, "a\t b\r\n".into())).is_ok(), "{field}");
    }
    let said = read(|r| r.centre = " a\t b\r\n".into()).unwrap().statement;
    assert_eq!(said.centre.as_deref(), Some("a b"));
}
