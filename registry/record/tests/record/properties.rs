//! What holds for every set of statements.

use crate::teller::{Shown, Teller, all, attested, presented, record, recorded, shown};
use proptest::prelude::*;
use record::{Effect, SourceKind, Standing, Told, combine, describe, judge};
use schema::{AwardStatus, Verb};
use std::collections::BTreeSet;

/// Few values each, so that statements meet and contradict each other often.
fn teller(standings: &'static [Standing]) -> impl Strategy<Value = Teller> {
    let who = (
        proptest::sample::select(standings),
        proptest::sample::select(&["RN5133", "RN5217"][..]),
        proptest::bool::weighted(0.15),
        0..3_u8,
    );
    let what = (
        0..3_u8,
        proptest::option::weighted(0.8, 0..3_u8),
        proptest::option::weighted(0.3, 0..3_u8),
        proptest::option::weighted(0.3, 0..3_u8),
        proptest::option::weighted(0.3, 0..3_u8),
    );
    let how = (
        proptest::sample::select(
            &[
                Verb::Create,
                Verb::Create,
                Verb::Create,
                Verb::Update,
                Verb::Promote,
                Verb::Withdraw,
                Verb::Reinstate,
            ][..],
        ),
        proptest::option::weighted(
            0.3,
            proptest::sample::select(&[AwardStatus::Provisional, AwardStatus::Final][..]),
        ),
        proptest::option::weighted(0.7, 1..6_u8),
        1..6_u8,
        proptest::option::weighted(0.5, 0..4_u8),
    );
    (who, what, how).prop_map(|(who, what, how)| {
        let (standing, body, nobody, kind) = who;
        let (subject, awarded, result, certificate, record_id) = what;
        let (verb, status, acted, received, grade) = how;
        let mut teller = match standing {
            Standing::Attested => attested(body),
            Standing::Recorded => recorded(body),
            Standing::SelfPresented => presented(body).with(|told| {
                if kind == 0 {
                    told.kind = SourceKind::Transcript;
                }
            }),
        };
        // An awarding body's own word always names the body.
        if nobody && standing != Standing::Attested {
            teller = teller.nobody();
        }
        if subject > 0 {
            teller = teller.unit(["L/601/1693", "A/601/1429"][usize::from(subject) - 1]);
        }
        teller = match awarded {
            Some(day) => teller.awarded(&format!("2014-06-{:02}", day + 1)),
            None => teller.undated(),
        };
        if let Some(id) = result {
            teller = teller.result(&format!("R{id}"));
        }
        if let Some(id) = certificate {
            teller = teller.certificate(&format!("C{id}"));
        }
        if let Some(id) = record_id {
            teller = teller.record(&format!("E{id}"));
        }
        if let Some(status) = status {
            teller = teller.status(status);
        }
        if let Some(acted) = acted {
            teller = teller.acted(&format!("2014-06-{acted:02}"));
        }
        if let Some(grade) = grade {
            teller = teller
                .grade(&grade.to_string())
                .family_name(&format!("N{grade}"));
        }
        teller
            .verb(verb)
            .received(&format!("2014-07-{received:02}"))
    })
}

const EVERY: &[Standing] = &[
    Standing::Attested,
    Standing::Recorded,
    Standing::SelfPresented,
];
const TRUSTED: &[Standing] = &[Standing::Attested, Standing::Recorded];
const OWN: &[Standing] = &[Standing::SelfPresented];
const BODY: &[Standing] = &[Standing::Attested];

/// Statements, no two alike.
fn told(standings: &'static [Standing], most: usize) -> impl Strategy<Value = Vec<Told>> {
    proptest::collection::vec(teller(standings), 0..most).prop_map(|tellers| {
        let mut seen = BTreeSet::new();
        let mut told = all(&tellers);
        told.retain(|one| seen.insert(one.digest));
        told
    })
}

fn with_shuffled(
    standings: &'static [Standing],
    most: usize,
) -> impl Strategy<Value = (Vec<Told>, Vec<Told>)> {
    told(standings, most).prop_flat_map(|told| (Just(told.clone()), Just(told).prop_shuffle()))
}

/// What is attested or recorded: which statements are one award, and their facts.
fn trusted(told: &[Told]) -> BTreeSet<(BTreeSet<[u8; 32]>, String)> {
    combine(told)
        .iter()
        .filter(|award| award.facts.standing != Standing::SelfPresented)
        .map(|award| {
            let (_, facts, _): Shown = shown(told, award);
            let sources = award.sources.iter().map(|place| &told[*place]);
            let sources = sources.filter(|one| one.standing != Standing::SelfPresented);
            (sources.map(|one| one.digest).collect(), facts)
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn the_order_of_arrival_does_not_matter((told, shuffled) in with_shuffled(EVERY, 24)) {
        prop_assert_eq!(record(&told), record(&shuffled));
        prop_assert!(describe(&told) == describe(&shuffled));
    }

    #[test]
    fn every_statement_belongs_to_one_award(told in told(EVERY, 24)) {
        let mut places: Vec<usize> = combine(&told).into_iter().flat_map(|one| one.sources).collect();
        places.sort_unstable();
        prop_assert_eq!(places, (0..told.len()).collect::<Vec<_>>());
    }

    #[test]
    fn what_is_presented_changes_nothing_that_is_trusted(said in told(TRUSTED, 16), own in told(OWN, 8)) {
        let before = trusted(&said);
        let person = describe(&said);
        let mut everything = said.clone();
        for one in own {
            everything.insert(everything.len() / 2, one);
            prop_assert_eq!(&trusted(&everything), &before);
            prop_assert!(said.is_empty() || describe(&everything) == person);
        }
    }

    #[test]
    fn two_result_numbers_are_never_one_award(said in told(TRUSTED, 24)) {
        for award in combine(&said) {
            let numbers: BTreeSet<_> = award.sources.iter()
                .filter_map(|place| said[*place].body.zip(said[*place].statement.result_id.clone()))
                .collect();
            prop_assert!(numbers.len() <= 1, "{:?}", numbers);
        }
    }

    #[test]
    fn one_result_number_of_a_body_is_one_award(said in told(BODY, 24)) {
        let mut homes = std::collections::BTreeMap::new();
        for (home, award) in combine(&said).into_iter().enumerate() {
            for one in award.sources.iter().map(|place| &said[*place]) {
                if let Some(id) = &one.statement.result_id {
                    prop_assert_eq!(*homes.entry((one.body, id.clone())).or_insert(home), home);
                }
            }
        }
    }

    #[test]
    fn what_is_there_already_changes_nothing(said in told(EVERY, 16), place in any::<prop::sample::Index>()) {
        prop_assume!(!said.is_empty());
        let again = said[place.index(said.len())].clone();
        let mut more = said.clone();
        more.push(again.clone());
        prop_assert_eq!(record(&more), record(&said));
        prop_assert_eq!(judge(&said, &[again]), vec![Effect::Unchanged]);
    }

    #[test]
    fn effects_do_not_depend_on_the_order_in_a_file(before in told(BODY, 8), (new, shuffled) in with_shuffled(BODY, 12)) {
        let by_digest = |new: &[Told]| -> BTreeSet<([u8; 32], Effect)> {
            new.iter().map(|one| one.digest).zip(judge(&before, new)).collect()
        };
        prop_assert_eq!(by_digest(&new), by_digest(&shuffled));
        let mut reversed = before.clone();
        reversed.reverse();
        prop_assert_eq!(judge(&reversed, &new), judge(&before, &new));
    }

    #[test]
    fn as_many_are_created_as_there_are_awards(new in told(BODY, 16)) {
        let created = judge(&[], &new).into_iter().filter(|one| *one == Effect::Created).count();
        prop_assert_eq!(created, combine(&new).len());
    }

    #[test]
    fn only_a_reinstatement_lifts_a_withdrawal(mut said in told(BODY, 12), later in told(BODY, 6)) {
        // All of one result, each later statement acted after every earlier one.
        let one_result = |one: &mut Told, acted: String| {
            one.body = Some(crate::teller::body("RN5133"));
            one.statement.result_id = Some("R".into());
            one.statement.action_date = Some(crate::teller::day(&acted));
        };
        said.iter_mut().for_each(|one| one_result(one, "2014-06-10".into()));
        let withdrawn = attested("RN5133").result("R").verb(Verb::Withdraw).acted("2014-06-11").told();
        said.push(withdrawn);
        for (place, mut one) in later.into_iter().enumerate() {
            one_result(&mut one, format!("2014-06-{:02}", 12 + place));
            let lifts = one.statement.verb == Verb::Reinstate;
            said.push(one);
            let awards = combine(&said);
            prop_assert_eq!(awards.len(), 1);
            prop_assert_eq!(awards[0].facts.status != AwardStatus::Withdrawn, lifts);
            if lifts {
                break;
            }
        }
    }
}
