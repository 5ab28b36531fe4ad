//! Records of an older and of a newer schema through the real worker and the real import: fields are only ever
//! added, so what one side does not know it passes over, and what it does not get is not said.

use super::{Kept, c, confined, options};
use crate::support::{Registry, Row, built, csv, uln};
use prost::Message;
use registry::action::import::Origin;
use registry::adapter::{Options, find};
use schema::wire::{Body, Person, Position, ResultRecord, Subject};
use std::fmt::Write;

/// The record as a first version might have had it.
#[derive(Clone, PartialEq, Message)]
struct OlderRecord {
    #[prost(message, optional, tag = "4")]
    subject: Option<OlderSubject>,
    #[prost(message, optional, tag = "5")]
    person: Option<OlderPerson>,
    #[prost(string, tag = "8")]
    result_id: String,
    #[prost(string, tag = "11")]
    awarded_on: String,
}

#[derive(Clone, PartialEq, Message)]
struct OlderSubject {
    #[prost(string, tag = "2")]
    code: String,
    #[prost(string, tag = "3")]
    title: String,
}

#[derive(Clone, PartialEq, Message)]
struct OlderPerson {
    #[prost(string, tag = "1")]
    uln: String,
}

/// What a later version might add to a message: fields of every wire type.
#[derive(Clone, PartialEq, Message)]
struct Added {
    #[prost(string, tag = "900")]
    text: String,
    #[prost(uint64, tag = "901")]
    number: u64,
    #[prost(fixed64, tag = "902")]
    wide: u64,
    #[prost(fixed32, tag = "903")]
    narrow: u32,
    #[prost(message, optional, tag = "904")]
    inner: Option<OlderSubject>,
    #[prost(int32, repeated, tag = "905")]
    packed: Vec<i32>,
}

fn added() -> Vec<u8> {
    Added {
        text: "later".to_owned(),
        number: u64::MAX,
        wide: 7,
        narrow: 9,
        inner: Some(OlderSubject {
            code: "x".to_owned(),
            title: "y".to_owned(),
        }),
        packed: vec![1, -1, 300],
    }
    .encode_to_vec()
}

/// A message inside another, with what a later version added to it.
fn newer_field(number: u32, message: &impl Message) -> Vec<u8> {
    let inner = [message.encode_to_vec(), added()].concat();
    let mut bytes = Vec::new();
    prost::encoding::bytes::encode(number, &inner, &mut bytes);
    bytes
}

/// A batch of these encoded records.
fn batch(records: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    prost::encoding::bytes::encode_repeated(1, records, &mut bytes);
    bytes
}

/// An adapter that hands over these bytes as so many records, whatever the file holds.
fn emitting(bytes: &[u8], count: usize) -> String {
    let mut list = String::new();
    for byte in bytes {
        write!(list, "{byte},").unwrap();
    }
    c::source(&format!(
        "static const uint8_t BATCH[] = {{{list}}};
        static int32_t run(void *instance, const iqf_host *host) {{
            uint8_t buffer[4096];
            while (host->read(host->ctx, buffer, sizeof buffer) > 0) {{}}
            return host->emit(host->ctx, BATCH, sizeof BATCH, {count});
        }}"
    ))
}

fn older() -> OlderRecord {
    OlderRecord {
        subject: Some(OlderSubject {
            code: "500/9170/0".to_owned(),
            title: "An older title".to_owned(),
        }),
        person: Some(OlderPerson { uln: uln(1) }),
        result_id: "OLD-1".to_owned(),
        awarded_on: "2015-06-30".to_owned(),
    }
}

fn known() -> ResultRecord {
    ResultRecord {
        position: Some(Position::row(2)),
        verb: "create".to_owned(),
        status: "final".to_owned(),
        subject: Some(Subject {
            code: "500/9170/0".to_owned(),
            title: "A newer title".to_owned(),
            ..Subject::default()
        }),
        person: Some(Person {
            uln: uln(2),
            ..Person::default()
        }),
        body: Some(Body::default()),
        result_id: "NEW-1".to_owned(),
        awarded_on: "2015-06-30".to_owned(),
        ..ResultRecord::default()
    }
}

/// What a newer adapter makes of a record: what this registry knows of it, and more, within and without.
fn newer(record: &ResultRecord) -> Vec<u8> {
    let plain = ResultRecord {
        subject: None,
        person: None,
        ..record.clone()
    };
    [
        added(),
        newer_field(4, record.subject.as_ref().unwrap()),
        plain.encode_to_vec(),
        newer_field(5, record.person.as_ref().unwrap()),
        added(),
    ]
    .concat()
}

#[test]
fn an_older_and_a_newer_record_come_through_the_worker_as_what_both_sides_know() {
    if !confined(&options()) {
        return;
    }
    let bytes = batch(&[older().encode_to_vec(), newer(&known())]);
    let mut kept = Kept::default();
    let summary = c::behaves(&emitting(&bytes, 2), &mut kept).unwrap();
    assert_eq!(summary.records, 2);
    let told = older();
    let (subject, person) = (told.subject.unwrap(), told.person.unwrap());
    let expected = ResultRecord {
        subject: Some(Subject {
            code: subject.code,
            title: subject.title,
            ..Subject::default()
        }),
        person: Some(Person {
            uln: person.uln,
            ..Person::default()
        }),
        result_id: told.result_id,
        awarded_on: told.awarded_on,
        ..ResultRecord::default()
    };
    assert_eq!(kept.records, [expected, known()]);
    // And a registry of the first version reads what today's adapters say.
    let back = OlderRecord::decode(known().encode_to_vec().as_slice()).unwrap();
    assert_eq!(back.result_id, "NEW-1");
    assert_eq!(back.person.unwrap().uln, uln(2));
}

/// A registry that also finds the adapter in C of this folder.
fn registry_with(folder: &std::path::Path, source: &str) -> Registry {
    c::compile(folder, source);
    let folder = folder.to_owned();
    Registry::configured(move |config| config.adapters.directories = vec![built(), folder])
        .with_register()
}

fn import(source: &str) -> (Registry, registry::action::import::Report) {
    let folder = tempfile::tempdir().unwrap();
    let registry = registry_with(folder.path(), source);
    let body = Origin::Body(schema::RecognitionNumber::parse("RN5217").unwrap());
    let report = registry.push("in-c", body, b"anything");
    (registry, report)
}

#[test]
fn older_and_newer_records_are_imported_and_a_verb_of_tomorrow_is_rejected_alone() {
    if !confined(&options()) {
        return;
    }
    let unknown_verb = ResultRecord {
        verb: "annul".to_owned(),
        result_id: "NEW-2".to_owned(),
        ..known()
    };
    let unknown_status = ResultRecord {
        status: "sealed".to_owned(),
        result_id: "NEW-3".to_owned(),
        ..known()
    };
    let records = [
        older().encode_to_vec(),
        newer(&known()),
        newer(&unknown_verb),
        newer(&unknown_status),
    ];
    let (registry, report) = import(&emitting(&batch(&records), records.len()));
    assert_eq!(report.state, "DONE_WITH_ISSUES");
    let counts = report.counts;
    assert_eq!(
        (counts.records, counts.created, counts.rejected),
        (4, 2, 2),
        "{report:?}"
    );
    let errors = report
        .issues
        .iter()
        .filter(|issue| issue.severity == "ERROR");
    let codes: Vec<&str> = errors.map(|issue| issue.code.as_str()).collect();
    assert_eq!(codes, ["action-unknown", "status-unknown"]);
    assert_eq!(registry.record(&uln(1)).len(), 1);
    assert_eq!(registry.record(&uln(2)).len(), 1);
}

#[test]
fn records_that_cannot_be_decoded_end_the_import_and_nothing_of_it_counts() {
    if !confined(&options()) {
        return;
    }
    // The outer layer is sound, which is all that the host looks at: the verb is not UTF-8.
    let broken = vec![0x12, 0x02, 0xff, 0xfe];
    let bytes = batch(&[older().encode_to_vec(), broken]);
    let (registry, report) = import(&emitting(&bytes, 2));
    assert_eq!(report.state, "FAILED");
    assert_eq!(report.error.unwrap().code, "adapter-protocol");
    assert_eq!(
        registry.record_or_none(&uln(1)),
        Vec::<serde_json::Value>::new()
    );
    let report = registry.push_csv("RN5217", &csv(&[Row::award(1, "R-1")]));
    assert_eq!((report.state.as_str(), report.counts.created), ("DONE", 1));
}

#[test]
fn a_record_in_pieces_is_one_record() {
    if !confined(&options()) {
        return;
    }
    // The specification lets a message come in several pieces of one field; the adapter's word is their union.
    let mut person = Vec::new();
    for piece in [
        Person {
            uln: uln(3),
            ..Person::default()
        },
        Person {
            family_name: "Invented".to_owned(),
            ..Person::default()
        },
    ] {
        prost::encoding::message::encode(5, &piece, &mut person);
    }
    let rest = ResultRecord {
        person: None,
        ..known()
    };
    let record = [person, rest.encode_to_vec()].concat();
    let folder = tempfile::tempdir().unwrap();
    c::compile(folder.path(), &emitting(&batch(&[record]), 1));
    let options = Options {
        directories: vec![folder.path().to_owned()],
        ..options()
    };
    let found = find(&options, "in-c").unwrap();
    let mut kept = Kept::default();
    super::behave(&options, &found, "", &mut kept).unwrap();
    let person = kept.records.remove(0).person.unwrap();
    assert_eq!(
        (person.uln, person.family_name),
        (uln(3), "Invented".to_owned())
    );
}
