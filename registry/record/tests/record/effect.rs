//! What a push did.

use crate::teller::{Teller, all, attested};
use record::{Effect, judge};
use schema::AwardStatus;
use schema::Verb::{Promote, Reinstate, Update, Withdraw};

fn story() -> Vec<Teller> {
    let on = |day: &str| attested("RN5133").result("1").acted(day);
    vec![
        on("2014-07-01").status(AwardStatus::Provisional),
        on("2014-07-02").verb(Update).grade("Pass"),
        on("2014-07-03").verb(Promote),
        on("2014-07-04").verb(Withdraw),
        on("2014-07-05").verb(Reinstate),
    ]
}

const TOLD: [Effect; 5] = [
    Effect::Created,
    Effect::Updated,
    Effect::Promoted,
    Effect::Withdrawn,
    Effect::Reinstated,
];

#[test]
fn each_verb_has_its_effect_in_one_push_or_in_several() {
    let told = all(&story());
    assert_eq!(judge(&[], &told), TOLD);
    for split in 0..=told.len() {
        let (before, new) = told.split_at(split);
        assert_eq!(judge(before, new), TOLD[split..], "split at {split}");
    }
}

#[test]
fn the_order_in_a_file_does_not_matter() {
    let told = all(&story());
    for order in crate::teller::orders(told.len()) {
        let new: Vec<_> = order.iter().map(|place| told[*place].clone()).collect();
        let expected: Vec<Effect> = order.iter().map(|place| TOLD[*place]).collect();
        assert_eq!(judge(&[], &new), expected, "order {order:?}");
    }
}

#[test]
fn what_is_told_again_changes_nothing() {
    let told = all(&story());
    assert_eq!(judge(&told, &told), [Effect::Unchanged; 5]);
    let twice: Vec<_> = told.iter().chain(&told).cloned().collect();
    let changed = judge(&[], &twice);
    let changes = changed.iter().filter(|one| **one != Effect::Unchanged);
    assert_eq!(changes.count(), 5);
}

#[test]
fn effects_by_table() {
    let body = || attested("RN5133");
    let table: Vec<(&str, Vec<Teller>, Vec<Teller>, Vec<Effect>)> = vec![
        (
            "an older statement that adds nothing",
            vec![body().result("1").acted("2014-08-01").grade("Merit")],
            vec![body().result("1").acted("2014-07-01").grade("Pass")],
            vec![Effect::Unchanged],
        ),
        (
            "a retake",
            vec![body()],
            vec![body().awarded("2015-06-27")],
            vec![Effect::Created],
        ),
        (
            "an award whose correction another award had",
            vec![
                body().acted("2014-07-01"),
                body()
                    .awarded("2014-06-28")
                    .verb(Update)
                    .acted("2014-07-02"),
            ],
            vec![body().awarded("2014-06-28").acted("2014-07-03")],
            vec![Effect::Created],
        ),
        (
            "an award beside one that stays",
            vec![body().result("2"), body().grade("Pass")],
            vec![
                body().result("1"),
                body()
                    .result("2")
                    .verb(Update)
                    .acted("2014-07-05")
                    .grade("Merit"),
            ],
            vec![Effect::Created, Effect::Updated],
        ),
        (
            "a withdrawal before its award, in one file",
            vec![],
            vec![
                body().result("1").verb(Withdraw).acted("2014-07-02"),
                body().result("1").acted("2014-07-01"),
            ],
            vec![Effect::Withdrawn, Effect::Created],
        ),
        (
            "a withdrawal of what is not known",
            vec![],
            vec![body().result("1").verb(Withdraw)],
            vec![Effect::Created],
        ),
        (
            "a withdrawal of what is withdrawn",
            vec![
                body().acted("2014-07-01"),
                body().verb(Withdraw).acted("2014-07-02"),
            ],
            vec![body().verb(Withdraw).acted("2014-07-03").because("fee")],
            vec![Effect::Unchanged],
        ),
        (
            "two awards are shown to be one",
            vec![body().result("1"), body().awarded("2014-06-28")],
            vec![
                body()
                    .result("1")
                    .awarded("2014-06-28")
                    .verb(Update)
                    .acted("2014-07-02"),
            ],
            vec![Effect::Updated],
        ),
        ("nothing", vec![body()], vec![], vec![]),
    ];
    for (words, before, new, expected) in table {
        assert_eq!(judge(&all(&before), &all(&new)), expected, "{words}");
    }
}
