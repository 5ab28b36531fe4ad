//! Documents that are broken, or meant to break something.

use super::{OLD, TRANSCRIPT, learned, read, report, stop};
use proptest::prelude::*;

#[test]
fn a_truncated_document_is_always_noticed() {
    for file in [TRANSCRIPT, OLD] {
        let bytes = file.trim_end().as_bytes();
        for length in 0..bytes.len() {
            let outcome = read(bytes.get(..length).unwrap_or_default());
            assert!(outcome.stop.is_some(), "cut after {length} bytes");
            assert!(outcome.records.is_empty(), "cut after {length} bytes");
        }
    }
}

#[test]
fn entities_and_document_types_are_refused() {
    let bomb = "<!DOCTYPE elmo [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>]>";
    for file in [
        format!("{bomb}{}", report(&learned("&b;", "", ""))),
        report(&learned("&b;", "", "")),
        report(&learned(
            "Play",
            "<identifier type='&b;'>1</identifier>",
            "",
        )),
    ] {
        assert_eq!(stop(&read(file)), "xml-doctype");
    }
}

#[test]
fn size_is_bounded_in_every_direction() {
    let nested = |times: usize| {
        let open = "<hasPart><learningOpportunitySpecification>".repeat(times);
        let close = "</learningOpportunitySpecification></hasPart>".repeat(times);
        report(&learned("whole", "", &format!("{open}{close}")))
    };
    assert_eq!(stop(&read(nested(28))), "");
    let words = format!("<x>{}</x>", "w".repeat(60_000)).repeat(600);
    for (file, code) in [
        (nested(40), "xml-too-large"),
        (nested(40_000), "xml-too-large"),
        (
            report(&learned("", "", "").repeat(6_000)),
            "transcript-too-large",
        ),
        (report(&learned("x", &words, "")), "transcript-too-large"),
        (
            report(&learned(&"x".repeat(100_000), "", "")),
            "xml-too-large",
        ),
        (
            report(&format!("<!--{}-->", "x".repeat(500_000))),
            "xml-too-large",
        ),
    ] {
        assert_eq!(stop(&read(file)), code);
    }
}

/// What every record repeats does not multiply a small file into a large output.
#[test]
fn what_records_share_is_short() {
    let long = "w".repeat(60_000);
    let scheme =
        format!("<gradingScheme localId=''><description>{long}</description></gradingScheme>");
    let results = learned("Play", "", "").repeat(100);
    let file = report(&format!("{results}{scheme}")).replace(
        "<learner>",
        &format!("<learner><identifier type='x'>{long}</identifier>"),
    );
    let outcome = read(file);
    assert_eq!(outcome.records.len(), 100);
    for record in outcome.records {
        let bytes: usize = record.stated.iter().map(|field| field.value.len()).sum();
        assert!(bytes < 30_000, "{bytes}");
    }
}

proptest! {
    #[test]
    fn no_mutation_makes_it_panic(
        old in any::<bool>(),
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..12),
    ) {
        let mut file = if old { OLD } else { TRANSCRIPT }.as_bytes().to_vec();
        for (place, byte) in changes {
            let place = place.index(file.len());
            if let Some(slot) = file.get_mut(place) {
                *slot = byte;
            }
        }
        let _ = read(&file);
    }

    #[test]
    fn any_order_of_elements_is_survived(
        pieces in proptest::collection::vec(
            prop::sample::select(vec![
                "<learner>", "</learner>", "<report>", "</report>", "<issuer>", "</issuer>",
                "<learningOpportunitySpecification>", "</learningOpportunitySpecification>", "<specifies>", "</specifies>",
                "<learningOpportunityInstance>", "</learningOpportunityInstance>", "<hasPart>", "</hasPart>",
                "<credit>", "</credit>", "<value>", "9", "</value>", "<level/>", "<title xml:lang='en'>", "</title>",
                "<gradingScheme localId='x'/>", "<Signature/>", "<attachment>", "&amp;", "text",
            ]),
            0..40,
        )
    ) {
        let _ = read(format!("<elmo xmlns='http://purl.org/net/elmo'>{}", pieces.concat()));
    }
}
