//! What holds whatever is done by whomever: random people, some with two tokens of two issuers, do random things.

use crate::world::{ALL_GOOD, OUTCOMES, body, day, evidence, facts, token};
use claim::{
    Action, Actor, AnyClaim, Appointment, Assurance, Claim, ClaimRoute, EvidenceKind, Judgement,
    Met, Part, Person, Token,
};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Seven people. Each has two tokens of two issuers; of the odd ones only the first names the learner, and what it
/// named is remembered.
const PEOPLE: usize = 7;

fn tokens(who: usize) -> [(Token, Option<[u8; 16]>); 2] {
    let learner = Some([u8::try_from(who).unwrap() + 1; 16]);
    [
        (token("one", &format!("p{who}")), learner),
        (
            token("two", &format!("q{who}")),
            learner.filter(|_| who.is_multiple_of(2)),
        ),
    ]
}

fn remembered() -> Vec<(Token, [u8; 16])> {
    let learner = |who: usize| [u8::try_from(who).unwrap() + 1; 16];
    (0..PEOPLE)
        .flat_map(|who| tokens(who).map(|(token, _)| (token, learner(who))))
        .collect()
}

fn person(who: usize, which: usize) -> Person {
    let (token, learner) = tokens(who)[which].clone();
    Person::of(Some(token), learner).known_by(&remembered())
}

fn owner(person: &Person) -> usize {
    (0..PEOPLE)
        .find(|who| {
            tokens(*who)
                .iter()
                .any(|(token, _)| person.tokens.contains(token))
        })
        .unwrap()
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Evidence(bool, usize),
    Submit,
    Assign(Option<(usize, usize)>, Option<(usize, usize)>),
    Judge([Option<u8>; 3]),
    Assure(u8),
    Appeal,
    Withdraw,
}

fn step() -> impl Strategy<Value = (usize, usize, Step)> {
    let who = || (0..PEOPLE, 0..2_usize);
    let what = prop_oneof![
        2 => (any::<bool>(), 0..3_usize).prop_map(|(witness, outcome)| Step::Evidence(witness, outcome)),
        2 => Just(Step::Submit),
        4 => (proptest::option::of(who()), proptest::option::of(who())).prop_map(|(one, other)| Step::Assign(one, other)),
        4 => proptest::array::uniform3(proptest::option::weighted(0.9, 0..4_u8)).prop_map(Step::Judge),
        4 => (0..4_u8).prop_map(Step::Assure),
        1 => Just(Step::Appeal),
        1 => Just(Step::Withdraw).prop_filter("seldom", |_| true),
    ];
    (0..PEOPLE, 0..2_usize, what)
}

fn action(by: &Person, step: Step, number: usize, gained: u32) -> Action {
    match step {
        Step::Evidence(witness, outcome) => {
            let mut piece = evidence(
                u8::try_from(number % 200).unwrap() + 2,
                &[OUTCOMES[outcome]],
                by,
            );
            if witness {
                piece.kind = EvidenceKind::WitnessTestimony;
            }
            Action::AddEvidence(Box::new(piece))
        }
        Step::Submit => Action::Submit,
        Step::Assign(assessor, assurer) => Action::Assign(Appointment {
            assessor: assessor.map(|(who, which)| person(who, which)),
            assurer: assurer.map(|(who, which)| person(who, which)),
        }),
        Step::Judge(met) => {
            let all = OUTCOMES.into_iter().zip(met);
            let judgements = all.filter_map(|(outcome, met)| {
                Some(Judgement {
                    outcome: outcome.to_owned(),
                    met: match met? {
                        0 => Met::NotYet,
                        1 => Met::Undetermined,
                        _ => Met::Yes,
                    },
                    evidence: vec![[1; 16]],
                    qualities: ALL_GOOD,
                    note: None,
                    appeal: false,
                    by: Person::default(),
                })
            });
            Action::Judge(judgements.collect())
        }
        Step::Assure(says) => Action::Assure {
            says: match says {
                0 => Assurance::Return,
                1 => Assurance::Overturn,
                _ => Assurance::Agree,
            },
            note: Some("Because".to_owned()),
            gained,
        },
        Step::Appeal => Action::Appeal,
        Step::Withdraw => Action::Withdraw,
    }
}

fn walk(steps: Vec<(usize, usize, Step)>, before: u32, most: Option<u16>) -> usize {
    let mut facts = facts(ClaimRoute::PriorLearning);
    facts.claimant = person(0, 0);
    facts.terms.most_credit = most;
    facts.evidence.push(evidence(1, &OUTCOMES, &person(0, 0)));
    let mut claim = AnyClaim::Draft(Claim::open(facts));
    let (mut judges, mut assurers, mut witnesses) =
        (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let (mut granted, mut gained) = (BTreeSet::new(), before);
    for (number, (who, which, step)) in steps.into_iter().enumerate() {
        // Whoever has the part acts as often as anybody at all, so that claims come far.
        let facts = claim.facts();
        let (who, which) = match (&step, number % 4) {
            (_, 0) => (who, which),
            (Step::Judge(_), _) => (facts.assessor.as_ref().map_or(who, owner), which),
            (Step::Assure(_), _) => (facts.assurer.as_ref().map_or(who, owner), which),
            (Step::Submit | Step::Appeal | Step::Withdraw, _) => (0, which),
            (Step::Evidence(false, _), _) => (0, which),
            _ => (who, which),
        };
        let by = Actor {
            person: person(who, which),
            parts: Part::ALL.into(),
            body: Some(body()),
        };
        let action = action(&by.person, step, number, gained);
        let (kind, witness) = (
            action.kind(),
            matches!(&action, Action::AddEvidence(piece) if piece.kind == EvidenceKind::WitnessTestimony),
        );
        let appeal = claim.state() == claim::State::UnderAppeal;
        let Ok(done) = claim.clone().act(&by, action, day("2026-06-01")) else {
            continue;
        };
        match kind {
            claim::ActionKind::AddEvidence if witness => {
                assert!(
                    who != 0
                        && !judges.contains(&(who, appeal))
                        && !assurers.contains(&(who, appeal))
                );
                witnesses.insert(who);
            }
            claim::ActionKind::Judge => {
                judges.insert((who, appeal));
                assert!(
                    who != 0 && !witnesses.contains(&who),
                    "a claimant or witness judged"
                );
                assert!(!assurers.contains(&(who, appeal)), "an assurer judged");
            }
            claim::ActionKind::Assure => {
                assurers.insert((who, appeal));
                assert!(
                    who != 0 && !witnesses.contains(&who),
                    "a claimant or witness assured"
                );
                assert!(!judges.contains(&(who, appeal)), "a judge assured");
            }
            _ => {}
        }
        if appeal {
            let others = judges.iter().chain(&assurers).filter(|(_, appeal)| !appeal);
            let others: BTreeSet<usize> = others.map(|(who, _)| *who).collect();
            let acts = matches!(kind, claim::ActionKind::Judge | claim::ActionKind::Assure);
            assert!(
                !acts || !others.contains(&who),
                "one who decided judges the appeal"
            );
        }
        let decided = done.decision.as_ref();
        assert!(
            decided.is_none() || kind == claim::ActionKind::Assure,
            "credit without assurance"
        );
        for one in decided.into_iter().flat_map(|decision| &decision.granted) {
            assert!(granted.insert(one.unit()), "a unit was granted twice");
            gained += u32::from(one.credit().unwrap_or(0));
            let facts = done.claim.facts();
            let of = facts
                .outcomes
                .iter()
                .filter(|outcome| outcome.unit == one.unit());
            for outcome in of {
                let judged = facts.judgement(&outcome.name).unwrap();
                assert_eq!(judged.met, Met::Yes);
                assert!(judges.iter().any(|(judge, _)| *judge == owner(&judged.by)));
            }
        }
        if let Some(most) = most {
            assert!(gained <= u32::from(most).max(before), "above the cap");
        }
        claim = done.claim;
    }
    granted.len()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn nobody_is_on_both_sides_and_no_credit_comes_unassured_or_above_a_cap(
        steps in proptest::collection::vec(step(), 5..60),
        before in 0..10_u32,
        most in proptest::option::of(0..12_u16),
    ) {
        walk(steps, before, most);
    }
}

#[test]
fn the_walks_come_far_enough_to_say_anything() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let strategy = proptest::collection::vec(step(), 40..60);
    let walks = (0..200).map(|_| walk(strategy.new_tree(&mut runner).unwrap().current(), 0, None));
    let granted = walks.filter(|granted| *granted > 0).count();
    assert!(granted > 10, "{granted}");
}
