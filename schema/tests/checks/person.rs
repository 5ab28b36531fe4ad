//! Who a record is about, and that nobody learns it from what is said of the record.

use crate::{ULN, changed, person, read, sound, told_on};
use schema::wire;
use schema::{PersonKnown, check, parse_date};

#[test]
fn a_person_known_elsewhere_need_not_be_named() {
    let record = changed(|r| r.person = None);
    assert!(check(&record, told_on(), PersonKnown::Elsewhere).is_ok());
    let linked = read(|r| {
        r.person = Some(wire::Person {
            linked_ulns: vec![ULN.into(), String::new()],
            ..wire::Person::default()
        });
    });
    assert_eq!(linked.unwrap().statement.person.linked_ulns.len(), 1);
}

#[test]
fn nothing_that_is_said_of_a_result_shows_the_person() {
    let private = [
        "Amira",
        "Secretname",
        "1990-02-03",
        "zz1 9zz",
        "ZZ1 9ZZ",
        "REF-77",
        ULN,
        "9276308687",
    ];
    let hides = |shown: &str| {
        for word in private {
            assert!(!shown.contains(word), "{word} in {shown}");
        }
    };
    hides(&format!("{:?}", sound()));
    hides(&format!("{:?}", read(|_| ()).unwrap()));
    let stated = wire::StatedField {
        name: "Surname".into(),
        value: "Secretname".into(),
    };
    hides(&format!("{:?}", changed(|r| r.stated = vec![stated])));
    for change in [
        person(|p| p.uln = "9276308687".into()),
        person(|p| p.linked_ulns = vec!["9276308687".into()]),
        person(|p| p.family_name = "Secretname\u{0}".into()),
        person(|p| p.date_of_birth = "1990-02-03x".into()),
        person(|p| p.postcode = "ZZ1 9ZZ ZZ1 9ZZ".into()),
        person(|p| p.reference = "REF-77".repeat(30)),
    ] {
        let found = read(change).unwrap_err();
        let message = found.code.message(schema::Language::English);
        hides(&format!("{found:?} {} {message}", found.code));
    }
    let wrong = schema::Uln::parse("9276308687").unwrap_err();
    hides(&format!("{wrong:?} {wrong}"));
    let wrong = parse_date("1990-02-03x").unwrap_err();
    hides(&format!("{wrong:?} {wrong}"));
}
