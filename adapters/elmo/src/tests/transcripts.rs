//! What becomes of each element.

use super::{TRANSCRIPT, accepted, credits, learned, read, report, stated, stop, titles};
use schema::{ProofResult, Subject};

#[test]
fn a_transcript_becomes_a_record_for_each_thing_passed() {
    let outcome = read(TRANSCRIPT);
    assert_eq!(stop(&outcome), "");
    assert_eq!(
        titles(&outcome),
        [
            "Foundation Degree in Early Years",
            "Child Development",
            "Lecture"
        ]
    );
    let said = accepted(&outcome);
    let [degree, course, lecture] = said.as_slice() else {
        unreachable!("three results");
    };
    assert_eq!(
        degree.person.uln.map(|uln| uln.to_string()).as_deref(),
        Some("9276308686")
    );
    assert_eq!(degree.person.given_name.as_deref(), Some("Rowan"));
    assert_eq!(
        degree.person.reference.as_deref(),
        Some("schac:example.ac.uk local:S-4711")
    );
    assert_eq!(degree.subject.key(), "qualification:601/7898/X");
    assert_eq!(degree.body.name.as_deref(), Some("Invented University"));
    assert_eq!(
        degree.body.ukprn.map(|ukprn| ukprn.to_string()).as_deref(),
        Some("10000001")
    );
    assert_eq!(
        degree.grade.as_ref().map(schema::Grade::as_str),
        Some("Merit")
    );
    assert_eq!(degree.level, Some(schema::Level::L5));
    assert_eq!(degree.credit.map(schema::Credit::value), Some(120));
    assert_eq!(degree.credit_scheme.as_deref(), Some("ECTS"));
    assert_eq!(degree.result_id.as_deref(), Some("AWARD-1"));
    assert_eq!(
        degree.awarded_on.map(|day| day.to_string()).as_deref(),
        Some("2024-06-30")
    );
    assert_eq!(
        degree.started_on.map(|day| day.to_string()).as_deref(),
        Some("2021-09-20")
    );
    assert_eq!(
        degree.action_date.map(|day| day.to_string()).as_deref(),
        Some("2024-07-01")
    );
    assert_eq!(degree.status, Some(schema::AwardStatus::Final));
    for part in [course, lecture] {
        assert_eq!(
            part.part_of.map(|number| number.to_string()).as_deref(),
            Some("601/7898/X")
        );
        assert_eq!((part.credit, part.level), (None, None));
    }
    assert_eq!(
        course.subject,
        Subject::Unidentified("schac:example.ac.uk local:EY101".into())
    );
}

#[test]
fn the_sources_own_words_are_kept() {
    let outcome = read(TRANSCRIPT);
    let [degree, course, lecture] = outcome.records.as_slice() else {
        unreachable!("three results");
    };
    for (record, name, value) in [
        (degree, "title[cy]", "Gradd Sylfaen Blynyddoedd Cynnar"),
        (degree, "title[en]", "Foundation Degree in Early Years"),
        (degree, "identifier[local]", "FD-EY"),
        (degree, "instance.identifier[local]", "AWARD-1"),
        (degree, "credit.scheme", "ECTS"),
        (degree, "level.type", "EQF"),
        (degree, "level.value", "5"),
        (degree, "level.type (2)", "RQF"),
        (degree, "languageOfInstruction", "cy"),
        (
            degree,
            "gradingScheme.description[en]",
            "Distinction, Merit, Pass",
        ),
        (degree, "issuer.title[cy]", "Prifysgol Ddychmygol"),
        (
            degree,
            "learner.identifier[nationalIdentifier]",
            "QQ000000Z",
        ),
        (
            course,
            "gradingScheme.description[en]",
            "0 to 100, pass from 40",
        ),
        (course, "resultDistribution.category[0-39]", "3"),
        (course, "credit.value", "7.5"),
        (course, "isPartOf", "Foundation Degree in Early Years"),
        (lecture, "engagementHours", "30"),
        (lecture, "isPartOf", "Child Development"),
    ] {
        assert_eq!(stated(record, name), Some(value), "{name}");
    }
    for record in &outcome.records {
        let mut names: Vec<&str> = record
            .stated
            .iter()
            .map(|field| field.name.as_str())
            .collect();
        let before = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), before, "a name stands twice");
    }
}

#[test]
fn what_was_not_passed_is_no_award_and_is_told_of_at_its_place() {
    let outcome = read(TRANSCRIPT);
    let issues: Vec<(&str, &str, u64)> = outcome
        .issues
        .iter()
        .map(|issue| {
            (
                issue.code.as_str(),
                issue.position.path.as_str(),
                issue.position.row,
            )
        })
        .collect();
    let learned = "/elmo/report[1]/learningOpportunitySpecification";
    let part = format!("{learned}[1]/hasPart[1]/learningOpportunitySpecification");
    let failed = format!("{learned}[1]/hasPart[2]/learningOpportunitySpecification");
    let open = format!("{learned}[2]");
    assert_eq!(
        issues,
        [
            ("credit-not-whole", part.as_str(), 48),
            ("result-failed", failed.as_str(), 72),
            ("result-in-progress", open.as_str(), 84),
        ]
    );
}

#[test]
fn a_signature_is_told_of_and_not_believed() {
    for one in accepted(&read(TRANSCRIPT)) {
        let [proof] = one.proofs.as_slice() else {
            unreachable!("one signature");
        };
        assert_eq!(proof.form.as_deref(), Some("xml-signature"));
        assert_eq!(proof.path.as_deref(), Some("/elmo/Signature"));
        assert!(
            proof
                .checks
                .iter()
                .all(|check| check.result == ProofResult::NotChecked)
        );
    }
    let unsigned = read(report(&learned("Play", "", "")));
    assert!(accepted(&unsigned).iter().all(|one| one.proofs.is_empty()));
}

/// Credit stated by whole and parts in every combination is told once.
#[test]
fn credit_is_never_told_twice() {
    let credit =
        |value: &str| format!("<credit><scheme>ECTS</scheme><value>{value}</value></credit>");
    let part = |inner: &str| format!("<hasPart>{inner}</hasPart>");
    let leaf = learned("leaf", &credit("5"), "");
    for (whole, middle, expected) in [
        (credit("60"), credit("20"), vec!["60", "", ""]),
        (credit("60"), String::new(), vec!["60", "", ""]),
        (String::new(), credit("20"), vec!["", "20", ""]),
        (String::new(), String::new(), vec!["", "", "5"]),
        (
            format!("<status>failed</status>{}", credit("60")),
            credit("20"),
            vec!["20", ""],
        ),
        (
            format!("<status>in-progress</status>{}", credit("60")),
            String::new(),
            vec!["", "5"],
        ),
        (credit("0.5"), credit("20"), vec!["", "", ""]),
    ] {
        let middle = learned("middle", &middle, &part(&leaf));
        let outcome = read(report(&learned("whole", &whole, &part(&middle))));
        assert_eq!(credits(&outcome), expected);
    }
    let siblings = [part(&leaf), part(&learned("other", &credit("7"), ""))].concat();
    let outcome = read(report(&learned("whole", "", &siblings)));
    assert_eq!(credits(&outcome), ["", "5", "7"]);
}

#[test]
fn the_frameworks_own_credit_goes_before_another_schemes() {
    let both = "<credit><scheme>ects</scheme><value>30</value></credit><credit><scheme>CATS</scheme><value>60</value></credit>";
    let said = accepted(&read(report(&learned("Play", both, ""))));
    let own: Vec<_> = said
        .iter()
        .map(|one| {
            (
                one.credit.map(schema::Credit::value),
                one.credit_scheme.as_deref(),
            )
        })
        .collect();
    assert_eq!(own, [(Some(60), None)]);
}

#[test]
fn a_status_of_no_known_word_rejects_that_record_alone() {
    let both = [
        learned("Play", "<status>perhaps</status>", ""),
        learned("More play", "", ""),
        "<learningOpportunitySpecification><title>Only described</title></learningOpportunitySpecification>".to_owned(),
    ];
    let outcome = read(report(&both.concat()));
    assert_eq!(outcome.codes(), ["status-unknown", "no-result"]);
    assert_eq!(titles(&outcome), ["More play"]);
}

#[test]
fn only_what_says_so_is_a_uln_or_a_regulated_number() {
    let file = |learner: &str, identifiers: &str| {
        let learned = format!(
            "<learningOpportunitySpecification>{identifiers}<title>Play</title><specifies><learningOpportunityInstance/></specifies></learningOpportunitySpecification>"
        );
        report(&learned).replace("<learner>", &format!("<learner>{learner}"))
    };
    let identifier =
        |kind: &str, value: &str| format!("<identifier type='{kind}'>{value}</identifier>");
    for (kind, known) in [
        ("ULN", true),
        ("unique-learner-number", true),
        ("local", false),
        ("nationalIdentifier", false),
    ] {
        let outcome = read(file(&identifier(kind, "9276308686"), ""));
        let found = accepted(&outcome)
            .iter()
            .any(|one| one.person.uln.is_some());
        assert_eq!(found, known, "{kind}");
    }
    for (kind, value, key) in [
        ("qan", "6017898X", "qualification:601/7898/X"),
        ("local", "601/7898/X", "qualification:601/7898/X"),
        ("local", "L/601/1693", "unit:L/601/1693"),
        (
            "local",
            "6017898X",
            "unidentified:schac:example.ac.uk local:6017898x",
        ),
        ("local", "101", "unidentified:schac:example.ac.uk local:101"),
    ] {
        let said = accepted(&read(file("", &identifier(kind, value))));
        let keys: Vec<String> = said.iter().map(|one| one.subject.key()).collect();
        assert_eq!(keys, [key]);
    }
}

#[test]
fn attachments_of_any_size_are_passed_over() {
    let attached = format!(
        "<attachment><title>Report</title><content>data:application/pdf;base64,{}</content></attachment>",
        "QUJD\n".repeat(1_000_000)
    );
    let outcome = read(report(&[learned("Play", "", ""), attached].concat()));
    assert_eq!((stop(&outcome), titles(&outcome)), ("", vec!["Play"]));
}
