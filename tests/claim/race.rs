//! Many at once on the same claims: nothing lost, nothing awarded twice, and who came second is told.

use super::support::{ALL, Cast, assure, caller, handed_in, id, judge, look, registry};
use super::support::{assign, in_assurance};
use crate::support::Registry;
use registry::access::Role;
use std::collections::BTreeMap;

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
    let registry = registry(Registry::new());
    let cast = Cast::of(&registry);
    let claimants: Vec<_> = (1..=5)
        .map(|number| {
            caller(
                &registry,
                Role::Practitioner,
                &format!("p{number}"),
                Some(number),
                None,
            )
        })
        .collect();
    // Each worker hands in, and works on whatever is there, however many others do the same.
    let ended: Vec<(String, usize)> = std::thread::scope(|scope| {
        let workers: Vec<_> = claimants
            .iter()
            .enumerate()
            .map(|(number, claimant)| {
                let (registry, cast) = (&registry, &cast);
                scope.spawn(move || {
                    let mut conflicts = 0;
                    let mut last = String::new();
                    for turn in 0..2 {
                        let claim = id(&handed_in(registry, claimant));
                        assign(
                            registry,
                            &cast.officer,
                            &claim,
                            Some("ann"),
                            Some("quentin"),
                        )
                        .unwrap();
                        let met = if (number + turn) % 2 == 0 {
                            "YES"
                        } else {
                            "NO"
                        };
                        let all = ALL.map(|one| (one, met));
                        // Two assess it at once with what they read; each that came second reads again.
                        let version = look(registry, &cast.ann, &claim);
                        let both = std::thread::scope(|scope| {
                            let one =
                                scope.spawn(|| judge(registry, &cast.ann, &version, &all[..2]));
                            let other =
                                scope.spawn(|| judge(registry, &cast.ann, &version, &all[2..]));
                            [one.join().unwrap(), other.join().unwrap()]
                        });
                        let failed = both.iter().filter(|one| one.is_err()).count();
                        assert_eq!(failed, 1, "{both:?}");
                        conflicts += failed;
                        let seen = look(registry, &cast.ann, &claim);
                        let judged = judge(registry, &cast.ann, &seen, &all).unwrap();
                        let done = assure(registry, &cast.quentin, &judged, "AGREE", None).unwrap();
                        let expected = if met == "YES" { "AWARDED" } else { "DECLINED" };
                        assert_eq!(done["state"], expected);
                        last = claim;
                    }
                    (last, conflicts)
                })
            })
            .collect();
        workers.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(
        ended.iter().map(|(_, conflicts)| conflicts).sum::<usize>(),
        10
    );
    assert_eq!(registry.count("claim WHERE state = 'awarded'"), 5);
    assert_eq!(registry.count("claim WHERE state = 'declined'"), 5);
    assert_eq!(registry.count("achievement WHERE route = 'rpl'"), 10);
    assert_eq!(
        registry.count(
            "log_leaf l JOIN achievement a ON a.id = l.achievement_id WHERE a.route = 'rpl'"
        ),
        10
    );
}
