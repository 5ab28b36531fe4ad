//! Documents that are broken, or meant to break something.

use super::{fixture, read, stop};
use proptest::prelude::*;

#[test]
fn what_is_no_result_is_refused() {
    for file in [
        "<FindLearnerResponse><ResponseCode>WSRC0004</ResponseCode></FindLearnerResponse>",
        "<Envelope><Body/></Envelope>",
        "<Envelope><Header/><Body><GetAchievementBatchJobResponse/></Body></Envelope>",
        "<SubmitAchievementBatchJobResponse/>",
        "<GetLearnerLearningEventsResponse/>",
        "<html/>",
    ] {
        assert_eq!(stop(&read("", file)), "not-results", "{file}");
    }
}

#[test]
fn a_broken_document_is_refused_with_its_place() {
    for (file, code) in [
        ("", "file-empty"),
        ("   ", "xml-malformed"),
        ("{}", "xml-malformed"),
        ("<achievements>", "xml-malformed"),
        ("<achievements><Achievement>", "xml-malformed"),
        ("<achievements></Achievement>", "xml-malformed"),
        ("<achievements/><achievements/>", "xml-malformed"),
        ("<achievements/>x", "xml-malformed"),
        ("</achievements>", "xml-malformed"),
        ("<achievements a='1' a='2'/>", "xml-malformed"),
        ("<achievements>&#0;</achievements>", "xml-malformed"),
        ("<achievements>&", "xml-malformed"),
        ("<achievements", "xml-malformed"),
        ("<achievements>&x;</achievements>", "xml-doctype"),
        (
            "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><achievements>&x;</achievements>",
            "xml-doctype",
        ),
        ("<!DOCTYPE achievements><achievements/>", "xml-doctype"),
        (
            "<?xml version='1.0' encoding='windows-1252'?><achievements/>",
            "xml-encoding",
        ),
        (
            "\u{feff}<?xml version='1.0' encoding='UTF-8'?><achievements/>",
            "",
        ),
        ("<achievements/><!-- the end --> \n", ""),
    ] {
        let outcome = read("", file);
        assert_eq!(stop(&outcome), code, "{file}");
        if let Some(stop) = outcome.stop.filter(|_| code.starts_with("xml")) {
            assert!(stop.position.byte().is_some(), "{file}");
        }
    }
    for bytes in [
        &b"\xff\xfe<\0a\0"[..],
        b"\xfe\xff\0<\0a",
        b"<\0a\0",
        b"<achievements>\xe9</achievements>",
        b"<achievements><Achievement><Grade>\xff</Grade></Achievement></achievements>",
    ] {
        assert_eq!(stop(&read("", bytes)), "xml-encoding", "{bytes:?}");
    }
}

#[test]
fn a_truncated_document_is_always_noticed() {
    for name in [
        "../../registry/demo/learning-events.xml",
        "lrs/achievement-batch.xml",
    ] {
        let file = fixture(name);
        let whole = String::from_utf8_lossy(&file).trim_end().len();
        for length in (0..whole).step_by(7) {
            let outcome = read("", file.get(..length).unwrap_or_default());
            assert!(outcome.stop.is_some(), "{name} cut after {length} bytes");
        }
    }
}

#[test]
fn size_is_bounded_in_every_direction() {
    let many = |text: &str| text.repeat(200_000);
    let names = "x".repeat(200);
    let attributes: String = (0..40).map(|number| format!(" a{number}='1'")).collect();
    for file in [
        many("<a>"),
        format!("<achievements>{}</achievements>", many("<a>")),
        format!("<achievements>{}</achievements>", many("text")),
        format!("<achievements>{}</achievements>", many("&amp;")),
        format!("<achievements>{}</achievements>", many("x<!-- -->")),
        format!("<achievements><{names}/></achievements>"),
        format!("<achievements{attributes}/>"),
        format!("<achievements a='{}'/>", many("x")),
        format!("<!-- {} --><achievements/>", many("x")),
        format!("<achievements><![CDATA[{}]]></achievements>", many("x")),
    ] {
        let outcome = read("", &file);
        let expected = if file.starts_with("<a><a>") {
            "not-results"
        } else {
            "xml-too-large"
        };
        assert_eq!(stop(&outcome), expected, "{:?}", file.get(..40));
    }
}

#[test]
fn a_long_document_is_read_to_its_end() {
    let batch = "<Achievement><Action>create</Action></Achievement>".repeat(20_000);
    let outcome = read("", format!("<achievements>{batch}</achievements>"));
    assert_eq!((outcome.stop, outcome.records.len()), (None, 20_000));
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300), inside in any::<bool>()) {
        let mut file = if inside { b"<achievements><Achievement>".to_vec() } else { Vec::new() };
        file.extend(bytes);
        let _ = read("", &file);
    }

    #[test]
    fn no_markup_makes_it_panic(
        pieces in proptest::collection::vec(
            prop::sample::select(vec![
                "<achievements>", "</achievements>", "<Achievement>", "</Achievement>", "<Envelope>", "<Body>",
                "<GetLearnerLearningEventsResult>", "<LearningEvent>", "<FoundULN>", "<ResponseCode>", "WSRC0004",
                "</ResponseCode>", "</FoundULN>", "</LearningEvent>", "<Fault>", "&amp;", "&#x41;", "<![CDATA[", "]]>", "<!--", "-->",
                "<?x", "?>", " ", "é", "<Action>", "1", "</Action>", "<a i:nil='true'/>", "<Header>", "</Header>",
            ]),
            0..24,
        )
    ) {
        let _ = read("", pieces.concat());
    }

    #[test]
    fn any_value_comes_back(value in "[ -~é’€]{0,40}") {
        let escaped = value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&#62;");
        let outcome = read("", format!("<achievements><Achievement><Action>create</Action><Grade>{escaped}</Grade></Achievement></achievements>"));
        prop_assert_eq!(&outcome.stop, &None);
        let record = outcome.records.into_iter().next().unwrap_or_default();
        prop_assert_eq!(record.grade, value.trim());
        let stated = record.stated.into_iter().find(|field| field.name == "Grade").map(|field| field.value);
        prop_assert_eq!(stated.unwrap_or_default(), if value.trim().is_empty() { String::new() } else { value });
    }
}
