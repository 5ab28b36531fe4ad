//! Many at once on the same claims: nothing lost, nothing awarded twice, and who came second is told.

use super::support::{ALL, Cast, assure, caller, handed_in, id, judge, look, registry};
use super::support::{assign, in_assurance};
use crate::support::{Registry, Row, csv};
use registry::access::{Caller, Role};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn of_those_who_decide_at_once_one_does_and_the_others_are_told() {
    let registry = registry(Registry::new());
    let cast = Cast::of(&registry);
    let claims: Vec<_> = (0..6)
        .map(|_| in_assurance(&registry, &cast, ["YES"; 3]))
        .collect();
    let told: Vec<BTreeMap<String, usize>> = claims
        .iter()
        .map(|claim| {
            let answers: Vec<Result<_, String>> = std::thread::scope(|scope| {
                let all: Vec<_> = (0..4)
                    .map(|_| scope.spawn(|| assure(&registry, &cast.quentin, claim, "AGREE", None)))
                    .collect();
                all.into_iter().map(|one| one.join().unwrap()).collect()
            });
            let mut told = BTreeMap::new();
            for answer in answers {
                let word = answer.map_or_else(|code| code, |_| "done".to_owned());
                *told.entry(word).or_insert(0) += 1;
            }
            told
        })
        .collect();
    for one in told {
        assert_eq!(
            one,
            BTreeMap::from([("claim-changed".to_owned(), 3), ("done".to_owned(), 1)])
        );
    }
    assert_eq!(registry.count("achievement WHERE route = 'rpl'"), 12);
}

#[test]
fn many_claims_worked_by_many_people_at_once_all_end_as_they_were_judged() {
    worked(5, 2);
}

#[test]
#[ignore = "a minute or two: .ci/run has it on PostgreSQL"]
fn a_thousand_claims_worked_by_fifty_people_at_once_all_end_as_they_were_judged() {
    worked(50, 20);
}

/// What one worker saw: how often they came second, and what was granted.
#[derive(Default)]
struct Worked {
    second: usize,
    awarded: usize,
    declined: usize,
    granted: Vec<String>,
}

/// So many people hand in so many claims each, and work on them however many others do the same: two assess each at once, and two
/// assure it at once, with what they read.
fn worked(people: u32, each: u32) {
    let registry = registry(Registry::new());
    let more: Vec<Row> = (6..=people)
        .map(|number| Row::elsewhere(number, &format!("S{number}")))
        .collect();
    if !more.is_empty() {
        registry.push_csv("RN5156", &csv(&more));
    }
    let cast = Cast::of(&registry);
    let claimants: Vec<_> = (1..=people)
        .map(|number| {
            let subject = format!("p{number}");
            caller(&registry, Role::Practitioner, &subject, Some(number), None)
        })
        .collect();
    let all: Vec<Worked> = std::thread::scope(|scope| {
        let workers: Vec<_> = claimants
            .iter()
            .enumerate()
            .map(|(number, claimant)| {
                let (registry, cast) = (&registry, &cast);
                scope.spawn(move || {
                    let mut seen = Worked::default();
                    for turn in 0..each as usize {
                        let met = ["YES", "NO"][(number + turn) % 2];
                        one(registry, cast, claimant, met, &mut seen);
                    }
                    seen
                })
            })
            .collect();
        workers.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let claims = (people * each) as usize;
    let sum = |of: fn(&Worked) -> usize| all.iter().map(of).sum::<usize>();
    assert_eq!(
        sum(|one| one.second),
        2 * claims,
        "each who came second was told"
    );
    assert_eq!(sum(|one| one.awarded), claims / 2);
    assert_eq!(sum(|one| one.declined), claims / 2);
    let state = |state: &str| registry.count(&format!("claim WHERE state = '{state}'"));
    assert_eq!(
        (state("awarded"), state("declined")),
        (claims / 2, claims / 2)
    );
    let granted: Vec<&String> = all.iter().flat_map(|one| &one.granted).collect();
    let distinct: BTreeSet<&String> = granted.iter().copied().collect();
    assert_eq!((granted.len(), distinct.len()), (claims, claims));
    // Nothing twice: an achievement and its leaf for each unit of each claim that was granted, and each judgement once.
    assert_eq!(registry.count("achievement WHERE route = 'rpl'"), claims);
    let leaves = "log_leaf l JOIN achievement a ON a.id = l.achievement_id WHERE a.route = 'rpl'";
    assert_eq!(registry.count(leaves), claims);
    assert_eq!(
        registry.count("claim_event WHERE action = 'assureClaim'"),
        claims
    );
}

/// A claim from its beginning to its end.
fn one(registry: &Registry, cast: &Cast, claimant: &Caller, met: &str, seen: &mut Worked) {
    let claim = id(&handed_in(registry, claimant));
    let (ann, quentin) = (Some("ann"), Some("quentin"));
    assign(registry, &cast.officer, &claim, ann, quentin).unwrap();
    let all = ALL.map(|one| (one, met));
    // Two assess it at once with what they read; who came second reads again.
    let read = look(registry, &cast.ann, &claim);
    let both = at_once(
        || judge(registry, &cast.ann, &read, &all[..2]),
        || judge(registry, &cast.ann, &read, &all[2..]),
    );
    seen.second += told(&both);
    let read = look(registry, &cast.ann, &claim);
    let judged = judge(registry, &cast.ann, &read, &all).unwrap();
    let agree = || assure(registry, &cast.quentin, &judged, "AGREE", None);
    let both = at_once(agree, agree);
    seen.second += told(&both);
    let done = look(registry, claimant, &claim);
    match met {
        "YES" => seen.awarded += usize::from(done["state"] == "AWARDED"),
        _ => seen.declined += usize::from(done["state"] == "DECLINED"),
    }
    let granted = done["award"].as_array().unwrap().iter();
    seen.granted.extend(granted.map(id));
}

/// How many of two were told that they came second; the other was not.
fn told(both: &[Result<Value, String>; 2]) -> usize {
    let second = Err("claim-changed".to_owned());
    assert_eq!(both.iter().filter(|one| one.is_ok()).count(), 1, "{both:?}");
    both.iter().filter(|one| **one == second).count()
}

fn at_once<T: Send>(one: impl FnOnce() -> T + Send, other: impl FnOnce() -> T + Send) -> [T; 2] {
    std::thread::scope(|scope| {
        let (one, other) = (scope.spawn(one), scope.spawn(other));
        [one.join().unwrap(), other.join().unwrap()]
    })
}
