//! Learning events.

use super::{accepted, fixture, path, read, sample, stop};

/// An answer with its first fields and events.
fn answer(fields: &str, events: &str) -> String {
    format!(
        "<GetLearnerLearningEventsResult xmlns:i='http://www.w3.org/2001/XMLSchema-instance'>{fields}<LearnerRecord>{events}</LearnerRecord></GetLearnerLearningEventsResult>"
    )
}

const EXACT: &str = "<ResponseCode>WSRC0004</ResponseCode><FoundULN>9276308686</FoundULN><IncomingULN>9276308686</IncomingULN>";

#[test]
fn every_field_reaches_its_place() {
    let outcome = read("", fixture("../../registry/demo/learning-events.xml"));
    assert_eq!(outcome.stop, None);
    let record = outcome.records.get(1).cloned().unwrap_or_default();
    assert_eq!(
        path(&record),
        "/Envelope/Body/GetLearnerLearningEventsResponse/GetLearnerLearningEventsResult/LearnerRecord/LearningEvent[2]"
    );
    let person = record.person.unwrap_or_default();
    let subject = record.subject.unwrap_or_default();
    let body = record.body.unwrap_or_default();
    for (field, expected) in [
        (person.uln, "4100000218"),
        (record.record_id, "900002"),
        (subject.kind, ""),
        (subject.code, "L/601/1693"),
        (
            subject.title,
            "Understand child and young person development",
        ),
        (record.awarded_on, "2013-02-15"),
        (record.started_on, "2012-09-10"),
        (record.action_date, "2013-03-01"),
        (body.name, "CITY & GUILDS"),
        (body.ukprn, "UNKNWN"),
        (record.centre, "DEMONSTRATION COLLEGE"),
        (record.grade, "Pass"),
        (record.level, "Level 3"),
        (record.credit, "4"),
        (record.status, "final"),
        (record.language, "English"),
        (record.verb, ""),
    ] {
        assert_eq!(field, expected);
    }
    assert!(person.linked_ulns.is_empty());
    let stated: Vec<&str> = record
        .stated
        .iter()
        .map(|field| field.name.as_str())
        .collect();
    assert_eq!(
        stated.len(),
        19,
        "all but the three that are nil: {stated:?}"
    );
    assert_eq!(stated.first(), Some(&"AchievementAwardDate"));
    assert_eq!(stated.last(), Some(&"UnderDataChallenge"));
}

#[test]
fn the_demo_is_accepted_and_its_challenged_event_told_of() {
    let outcome = read("", fixture("../../registry/demo/learning-events.xml"));
    assert_eq!(outcome.codes(), ["under-data-challenge"]);
    let accepted = accepted(&outcome);
    assert_eq!(accepted.len(), 3);
    for checked in accepted {
        assert_eq!(checked.notes, []);
    }
    let third = outcome.records.get(2).cloned().unwrap_or_default();
    assert_eq!(third.level, "", "nil says nothing");
}

#[test]
fn prefixes_and_the_envelope_do_not_matter() {
    let event = "<LearningEvent><SubjectCode>50091700</SubjectCode></LearningEvent>";
    let bare = answer(EXACT, event);
    let wrapped = format!(
        "<x:Envelope xmlns:x='http://www.w3.org/2003/05/soap-envelope'><x:Header><ResponseCode>WSEC0001</ResponseCode></x:Header><x:Body>{bare}</x:Body></x:Envelope>"
    );
    for (file, expected) in [
        (
            bare.clone(),
            "/GetLearnerLearningEventsResult/LearnerRecord/LearningEvent[1]",
        ),
        (
            wrapped,
            "/Envelope/Body/GetLearnerLearningEventsResult/LearnerRecord/LearningEvent[1]",
        ),
        (
            bare.replace("</", "</q:")
                .replace('<', "<q:")
                .replace("<q:/q:", "</q:"),
            "/GetLearnerLearningEventsResult/LearnerRecord/LearningEvent[1]",
        ),
    ] {
        let outcome = read("", &file);
        assert_eq!(outcome.stop, None, "{file}");
        let paths: Vec<&str> = outcome.records.iter().map(path).collect();
        assert_eq!(paths, [expected]);
    }
}

#[test]
fn two_numbers_are_one_person_only_by_the_services_word() {
    for (code, incoming, linked) in [
        ("WSRC0022", "1174112637", &["1174112637"][..]),
        ("WSRC0022", "9276308686", &[]),
        ("WSRC0004", "1174112637", &[]),
    ] {
        let fields = EXACT.replace("WSRC0004", code).replace(
            "<IncomingULN>9276308686",
            &format!("<IncomingULN>{incoming}"),
        );
        let outcome = read("", answer(&fields, "<LearningEvent/>"));
        let person = outcome
            .records
            .into_iter()
            .next()
            .and_then(|record| record.person);
        assert_eq!(
            person.unwrap_or_default().linked_ulns,
            linked,
            "{code} {incoming}"
        );
    }
}

#[test]
fn an_answer_without_results_is_refused_for_its_reason() {
    for (code, expected) in [
        ("WSRC0001", "no-match"),
        ("WSRC0002", "too-many-matches"),
        ("WSRC0003", "possible-match"),
        ("WSEC0001", "bad-request"),
        ("WSEC0206", "not-shared"),
        ("WSEC0208", "not-verified"),
        ("WSRC9999", "response-code-unknown"),
        ("", "response-code-unknown"),
        ("Ada Example", "response-code-unknown"),
    ] {
        let outcome = read("", answer(&EXACT.replace("WSRC0004", code), ""));
        assert_eq!(stop(&outcome), expected);
        let message = outcome.stop.map(|stop| stop.message).unwrap_or_default();
        assert!(
            message.contains(code) == code.starts_with("WS") || code.is_empty(),
            "{message}"
        );
        assert!(!message.contains("Ada"), "{message}");
    }
    assert_eq!(stop(&read("", answer("", ""))), "response-code-unknown");
}

#[test]
fn a_fault_is_read_for_its_code() {
    for (inside, expected) in [
        (
            "<faultcode>s:Client</faultcode><faultstring>No.</faultstring>",
            "soap-fault",
        ),
        ("<faultstring>WSEC0206: no</faultstring>", "not-shared"),
        (
            "<detail><e><ErrorCode>WSEC0208</ErrorCode></e></detail>",
            "not-verified",
        ),
        ("<detail>WSEC0001</detail>", "bad-request"),
        ("<detail>WSRC0004</detail>", "soap-fault"),
        ("<detail>WSECé</detail>", "soap-fault"),
    ] {
        let file = format!("<Envelope><Body><Fault>{inside}</Fault></Body></Envelope>");
        assert_eq!(stop(&read("", file)), expected, "{inside}");
    }
}

#[test]
fn events_before_their_learner_are_refused() {
    let event = "<LearningEvent/>";
    let late = "</LearnerRecord><IncomingULN>1</IncomingULN><LearnerRecord>";
    for (fields, events) in [
        ("<ResponseCode>WSRC0004</ResponseCode>", event.to_owned()),
        ("<FoundULN>9276308686</FoundULN>", event.to_owned()),
        (EXACT, format!("{event}{late}")),
    ] {
        assert_eq!(
            stop(&read("", answer(fields, &events))),
            "elements-out-of-order"
        );
    }
    let outcome = read("", answer(EXACT, ""));
    assert_eq!((outcome.stop, outcome.records.len()), (None, 0));
}

#[test]
fn restriction_and_challenge_are_told_of_once() {
    for (fields, codes) in [
        (
            "<Restriction>0</Restriction><UnderDataChallenge>N</UnderDataChallenge>",
            &[][..],
        ),
        ("<Restriction>1</Restriction>", &["under-data-challenge"]),
        (
            "<UnderDataChallenge>Y</UnderDataChallenge>",
            &["under-data-challenge"],
        ),
        (
            "<Restriction>2</Restriction><UnderDataChallenge>Y</UnderDataChallenge>",
            &["under-data-challenge"],
        ),
    ] {
        let outcome = read(
            "",
            answer(EXACT, &format!("<LearningEvent>{fields}</LearningEvent>")),
        );
        assert_eq!(outcome.codes(), codes, "{fields}");
        assert_eq!(outcome.records.len(), 1);
    }
}

#[test]
fn values_are_passed_on_in_the_services_words() {
    let event = "<LearningEvent><AchievementAwardDate>2058-07-01</AchievementAwardDate><Grade>9999999999</Grade><Level>Level 1/2</Level><Credits>0</Credits><Status>P</Status><SubjectCode>1000323X</SubjectCode><Subject>Health &amp; safety &#38; <![CDATA[<more>]]></Subject><Level i:nil='true'>x</Level></LearningEvent>";
    let outcome = read("", answer(EXACT, event));
    assert_eq!(outcome.stop, None);
    let record = outcome.records.into_iter().next().unwrap_or_default();
    let subject = record.subject.unwrap_or_default();
    assert_eq!(
        [
            record.awarded_on,
            record.grade,
            record.level,
            record.credit,
            record.status,
            subject.code,
            subject.title
        ],
        [
            "2058-07-01",
            "9999999999",
            "Level 1/2",
            "0",
            "provisional",
            "1000323X",
            "Health & safety & <more>"
        ]
    );
}

#[test]
fn the_services_samples_are_read() {
    for (name, records, linked) in [
        ("GetLearnerLearningEvents__exact_match_full.xml", 7, 0),
        ("GetLearnerLearningEvents__linked_learner.xml", 18, 1),
    ] {
        let Some(file) = sample(name) else { continue };
        let outcome = read("", file);
        assert_eq!(outcome.stop, None, "{name}");
        assert_eq!(outcome.records.len(), records, "{name}");
        for checked in accepted(&outcome) {
            assert_eq!(checked.statement.person.linked_ulns.len(), linked, "{name}");
        }
    }
    for (name, code) in [
        ("GetLearnerLearningEvents__not_shared.xml", "not-shared"),
        (
            "FindLearnerByDemographics__possible_match_two_learners_ful.xml",
            "not-results",
        ),
    ] {
        let Some(file) = sample(name) else { continue };
        let outcome = read("", file);
        assert_eq!((stop(&outcome), outcome.records.len()), (code, 0), "{name}");
    }
}
