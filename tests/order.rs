//! One award told by five sources, in whichever order they come: one achievement, the same facts; and a whole set
//! of invented people told of in five formats.

use crate::support::orders::{Difference, Picture, Set};
use crate::support::{Registry, Row, csv, learning_events, uln};
use registry::action::import::Origin;
use schema::RecognitionNumber;
use serde_json::{Value, json};
use std::sync::LazyLock;

/// The body's achievement batch, which knows no number of the result.
fn batch(uln: &str) -> Vec<u8> {
    format!(
        "<SubmitAchievementBatchJob xmlns=\"http://api.lrs.qcf.gov.uk/services\"><achievements><Achievement>\
         <AchievementAwardDate>2015-06-30T00:00:00</AchievementAwardDate><Action>create</Action>\
         <ActionDate>2015-07-10T00:00:00</ActionDate><DateofBirth>1971-04-02T00:00:00</DateofBirth>\
         <FamilyName>Inventedb</FamilyName><GivenName>Ada</GivenName><Grade>Pass</Grade>\
         <LanguageForAssessment>English</LanguageForAssessment><ProviderUkprn>10000001</ProviderUkprn>\
         <Uln>{uln}</Uln><UnitOrQualificationReferenceNumber>500/9170/0</UnitOrQualificationReferenceNumber>\
         </Achievement></achievements></SubmitAchievementBatchJob>"
    )
    .into_bytes()
}

#[test]
fn five_sources_of_one_award_in_any_order_are_one_achievement_with_the_same_facts() {
    let body = Origin::Body(RecognitionNumber::parse("RN5217").unwrap());
    let award = Row::award(1, "R-1")
        .with("date_of_birth", "1971-04-02")
        .with("action_date", "2015-07-20");
    let own = csv(&[award.clone().with("certificate_number", "C-1")]);
    let transcript = csv(&[award
        .clone()
        .without("result_id")
        .without("uln")
        .with("awarding_body", "RN5217")
        .with("certificate_number", "C-1")
        .with("grade", "Distinction")]);
    let brought = csv(&[award
        .without("result_id")
        .with("awarding_body", "RN5217")
        .with("grade", "Starred")]);
    let events = learning_events(&uln(1), &[("71", "500/9170/0", "2015-06-30", "Merit")]);
    let mut first: Option<(Vec<Value>, Value)> = None;
    for order in orders(5) {
        let registry = Registry::new();
        for source in &order {
            match source {
                0 => registry.push("csv", body.clone(), &own),
                1 => registry.push("lrs", body.clone(), &batch(&uln(1))),
                2 => registry.push("lrs", Origin::Operator, &events),
                3 => registry.push("csv", Origin::Operator, &transcript),
                _ => {
                    // Who brings a certificate has a record already, if an empty one.
                    let learner = registry.learner_or_made(&uln(1));
                    registry.push("csv", Origin::Learner(learner), &brought)
                }
            };
        }
        let record = registry.record(&uln(1));
        let shown = registry.data(
            &registry.practitioner(&uln(1)),
            "{ me { achievements { edges { node { sources { kind } conflicts { field sourceSays } } } } } }",
            Value::Null,
        );
        let node = shown["me"]["achievements"]["edges"][0]["node"].clone();
        match &first {
            None => {
                assert_eq!(record.len(), 1, "{record:?}");
                assert_eq!(record[0]["standing"], "ATTESTED");
                assert_eq!(record[0]["grade"], "Pass");
                assert_eq!(node["sources"].as_array().unwrap().len(), 5);
                assert!(
                    node["conflicts"]
                        .as_array()
                        .unwrap()
                        .contains(&json!({"field": "grade", "sourceSays": "Merit"}))
                );
                first = Some((record, node));
            }
            Some((expected, shown)) => {
                assert_eq!(&record, expected, "{order:?}");
                assert_eq!(&node, shown, "{order:?}");
            }
        }
    }
}

/// A sample of the orders of so many sources: each source comes first, last, and everywhere between. The
/// pure function behind the merge is tried on all of them in its own crate.
fn orders(sources: usize) -> Vec<Vec<usize>> {
    let mut orders = Vec::new();
    for start in 0..sources {
        let turned: Vec<usize> = (0..sources)
            .map(|place| (start + place) % sources)
            .collect();
        orders.push(turned.iter().rev().copied().collect());
        orders.push(turned);
    }
    orders
}

/// Imports a generated set in some orders; what came of each.
fn pictures<const ORDERS: usize>(options: &[&str]) -> [Picture; ORDERS] {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("set");
    let mut generate = std::process::Command::new(env!("CARGO_BIN_EXE_registry"));
    generate.env_clear().arg("generate").args(options);
    let made = generate.arg("--out").arg(&out).output().unwrap();
    assert!(made.status.success(), "{made:?}");
    let set = Set::read(&out).unwrap();
    std::array::from_fn(|order| {
        let registry = Registry::new();
        let pieces = set.ordered(order, 1).unwrap();
        let formats: std::collections::BTreeSet<&str> =
            pieces.iter().map(|piece| piece.adapter.as_str()).collect();
        assert_eq!(formats.len(), 5, "{formats:?}");
        let jobs = set.import(&registry.app, &pieces, |_| ()).unwrap();
        set.look(&registry.app.config.database_url(), &jobs)
            .unwrap()
    })
}

#[test]
fn a_set_without_mistakes_becomes_the_same_people_in_any_order_and_they_are_the_true_ones() {
    let [one, other] = pictures(&[
        "--learners",
        "300",
        "--seed",
        "3",
        "--documents",
        "0.02",
        "--mistakes",
        "0",
    ]);
    assert_eq!((one.learners, one.awards), (300, other.awards));
    assert_eq!(one.difference(&other), Difference::default());
    assert_eq!(other.difference(&one), Difference::default());
    for picture in [one, other] {
        let wrong = picture.all_wrong();
        assert_eq!((wrong.missed, wrong.falsely), (0, 0));
        assert!(wrong.statements > 900, "{wrong:?}");
    }
}

/// A set in which every mistake about people is made, in three orders. The long trial has more people and orders.
static MISTAKEN: LazyLock<[Picture; 3]> =
    LazyLock::new(|| pictures(&["--learners", "120", "--seed", "3", "--documents", "0.05"]));

#[test]
fn mistakes_put_nobody_on_anothers_record() {
    for picture in &*MISTAKEN {
        assert_eq!(picture.all_wrong().falsely, 0, "{:?}", picture.wrong());
        assert!(picture.wrong().len() > 5, "{:?}", picture.wrong());
    }
}

#[test]
fn mistakes_become_the_same_people_in_any_order() {
    for picture in &*MISTAKEN {
        for other in &*MISTAKEN {
            let facts = picture.other_facts(other);
            assert_eq!(
                picture.difference(other),
                Difference::default(),
                "{facts:?}"
            );
        }
    }
}
