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
    let long = "w".repeat(60_000);
    for (file, code) in [
        (nested(40), "xml-too-large"),
        (nested(40_000), "xml-too-large"),
        (
            report(&learned("", "", "").repeat(6_000)),
            "transcript-too-large",
        ),
        (report(&learned("x", &words, "")), "transcript-too-large"),
        // Wherever it stands: of the learner, the issuer, a grading scheme; in attributes; in empty elements.
        (
            about(&format!("<identifier type='x'>{long}</identifier>").repeat(600)),
            "transcript-too-large",
        ),
        (
            about(&format!("<identifier type='{long}'/>").repeat(600)),
            "transcript-too-large",
        ),
        (
            report(&format!("<issuer><identifier>{long}</identifier></issuer>").repeat(600)),
            "transcript-too-large",
        ),
        (
            report(
                &format!("<gradingScheme localId='{long}'><description/></gradingScheme>")
                    .repeat(600),
            ),
            "transcript-too-large",
        ),
        (
            report(&learned("x", &"<credit/>".repeat(600_000), "")),
            "transcript-too-large",
        ),
        (
            report(&format!(
                "{}<level/>{}",
                "<learningOpportunitySpecification>",
                "<level/>".repeat(600_000)
            )),
            "transcript-too-large",
        ),
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

#[test]
fn each_list_has_its_end_and_says_which_it_was() {
    let again = |times: usize| {
        let attempt = "<learningOpportunityInstance/>".repeat(times);
        report(&learned(
            "x",
            "",
            &format!("<specifies>{attempt}</specifies>"),
        ))
    };
    let attempts = "<specifies><learningOpportunityInstance/></specifies>".repeat(40);
    let spread = learned("x", "", &attempts).repeat(200);
    let described = "<learningOpportunitySpecification/>";
    for (file, words) in [
        (again(49), ""),
        (again(50), "50 results of one thing learned"),
        (report(&spread), "5000 results"),
        (report(&described.repeat(5_000)), ""),
        (report(&described.repeat(5_001)), "5000 things learned"),
        (report(&"</report><report>".repeat(99)), ""),
        (report(&"</report><report>".repeat(100)), "100 reports"),
    ] {
        let outcome = read(file);
        let told = outcome.stop.map(|stop| (stop.code, stop.message));
        let (code, message) = told.unwrap_or_default();
        assert_eq!(code.is_empty(), words.is_empty(), "{message}");
        assert!(message.contains(words), "{message}");
        assert!(code.is_empty() || outcome.records.is_empty());
        assert!(code.is_empty() || code == "transcript-too-large");
    }
}

/// Words of a record come to an end, and it is said where they did.
#[test]
fn words_beside_a_record_are_bounded() {
    let word = format!("<x>{}</x>", "w".repeat(20_000));
    let outcome = read(report(&learned("Play", &word.repeat(5), &word.repeat(3))));
    assert_eq!(outcome.codes(), ["words-left-out"]);
    let [record] = outcome.records.as_slice() else {
        unreachable!("one result");
    };
    let bytes: usize = record
        .stated
        .iter()
        .map(|field| field.name.len() + field.value.len())
        .sum();
    assert!((40_000..=64 * 1024).contains(&bytes), "{bytes}");
    let fits = read(report(&learned("Play", &word.repeat(2), "")));
    assert_eq!(fits.codes(), Vec::<&str>::new());
}

/// A long name that all records share is cut where the registry refuses it anyway.
#[test]
fn facts_that_records_share_are_short() {
    let long = "w".repeat(60_000);
    let file = report(&learned("Play", "", "").repeat(10))
        .replace("Rowan", &long)
        .replace("Invented University", &long);
    for record in read(file).records {
        assert_eq!(record.person.unwrap_or_default().given_name.len(), 1000);
        assert_eq!(record.body.unwrap_or_default().name.len(), 1000);
    }
}

#[test]
fn a_second_learner_is_the_end_of_the_file() {
    let rowan = "<learner><givenNames>Rowan</givenNames></learner>";
    let robin = "<learner><givenNames>Robin</givenNames></learner>";
    let part = |learners: &str| format!("<report>{learners}{}</report>", learned("Play", "", ""));
    let elmo = |inner: &str| format!("<elmo xmlns='http://purl.org/net/elmo'>{inner}</elmo>");
    for (inner, code) in [
        (format!("{rowan}{}{robin}", part("")), "learner-not-one"),
        (format!("{rowan}{rowan}{}", part("")), "learner-not-one"),
        (part(&format!("{rowan}{robin}")), "learner-not-one"),
        (part(&format!("{rowan}{rowan}")), "learner-not-one"),
        (format!("{}{}", part(rowan), part(robin)), "learner-not-one"),
        (format!("{rowan}{}", part(robin)), "learner-not-one"),
        (format!("{}{rowan}", part(rowan)), "learner-not-one"),
        // One learner in each report, as the dialect before 1.0 has it.
        (format!("{}{}", part(rowan), part(rowan)), ""),
        (format!("{rowan}{}", part("")), ""),
    ] {
        let outcome = read(elmo(&inner));
        assert_eq!(stop(&outcome), code, "{inner}");
        assert_eq!(outcome.records.is_empty(), !code.is_empty(), "{inner}");
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

/// A document whose learner has this as well.
fn about(more: &str) -> String {
    report(&learned("Play", "", "")).replace("</learner>", &format!("{more}</learner>"))
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
