//! Every rule of `check`, by table, and what holds for every record.

#![expect(
    clippy::unwrap_used,
    reason = "a test that finds something else than it expects is to fail"
)]

mod person;
mod properties;
mod tables;
mod texts;
mod uln_change;

use schema::wire::{self, ResultRecord};
use schema::{Checked, Date, PersonKnown, Rejection, check, parse_date};

const ULN: &str = "9276308686";

fn told_on() -> Date {
    parse_date("2026-01-15").unwrap()
}

/// A record with nothing odd about it.
fn sound() -> ResultRecord {
    ResultRecord {
        subject: Some(wire::Subject {
            kind: "qualification".into(),
            code: "601/7898/X".into(),
            title: "Diploma".into(),
            part_of: String::new(),
        }),
        person: Some(wire::Person {
            uln: ULN.into(),
            given_name: "Amira".into(),
            family_name: "Secretname".into(),
            date_of_birth: "1990-02-03".into(),
            postcode: "zz1 9zz".into(),
            reference: "REF-77".into(),
            ..wire::Person::default()
        }),
        body: Some(wire::Body {
            recognition_number: "RN5133".into(),
            ukprn: "10030488".into(),
            name: "Body".into(),
        }),
        registration: Some(wire::Registration::default()),
        awarded_on: "2014-06-27".into(),
        credit: "65".into(),
        level: "Level 3".into(),
        grade: "Pass".into(),
        ..ResultRecord::default()
    }
}

fn changed(change: impl FnOnce(&mut ResultRecord)) -> ResultRecord {
    let mut record = sound();
    change(&mut record);
    record
}

fn read(change: impl FnOnce(&mut ResultRecord)) -> Result<Checked, Rejection> {
    check(&changed(change), told_on(), PersonKnown::FromRecord)
}

type Change = Box<dyn Fn(&mut ResultRecord)>;

fn person(change: impl Fn(&mut wire::Person) + 'static) -> Change {
    Box::new(move |record| change(record.person.get_or_insert_default()))
}

fn subject(change: impl Fn(&mut wire::Subject) + 'static) -> Change {
    Box::new(move |record| change(record.subject.get_or_insert_default()))
}

fn body(change: impl Fn(&mut wire::Body) + 'static) -> Change {
    Box::new(move |record| change(record.body.get_or_insert_default()))
}

fn registration(change: impl Fn(&mut wire::Registration) + 'static) -> Change {
    Box::new(move |record| change(record.registration.get_or_insert_default()))
}

fn record(change: impl Fn(&mut ResultRecord) + 'static) -> Change {
    Box::new(change)
}
