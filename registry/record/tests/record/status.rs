//! Provisional, final, withdrawn, reinstated.

use crate::teller::{Teller, all, attested, count, day, only, presented, recorded};
use record::combine;
use schema::AwardStatus::{self, Final, Provisional, Withdrawn};
use schema::Verb::{self, Create, Promote, Reinstate, Update, Withdraw};

/// The status after statements of the given verbs, one a day from 1 July.
fn after(verbs: &[(Verb, Option<AwardStatus>)]) -> AwardStatus {
    let tellers: Vec<Teller> = verbs
        .iter()
        .enumerate()
        .map(|(place, (verb, status))| {
            let teller = attested("RN5133")
                .verb(*verb)
                .acted(&format!("2014-07-{:02}", place + 1));
            match status {
                Some(status) => teller.status(*status),
                None => teller,
            }
        })
        .collect();
    assert_eq!(count(&tellers), 1);
    only(&tellers).status
}

#[test]
fn statuses_by_table() {
    let provisional = (Create, Some(Provisional));
    let table: &[(&[(Verb, Option<AwardStatus>)], AwardStatus)] = &[
        (&[(Create, None)], Final),
        (&[(Update, None)], Final),
        (&[provisional], Provisional),
        (&[provisional, (Update, None)], Provisional),
        (&[(Update, None), provisional], Provisional),
        (&[provisional, (Promote, None)], Final),
        (&[provisional, (Update, Some(Final))], Final),
        (&[provisional, (Promote, None), provisional], Final),
        (&[(Create, Some(Final)), (Update, Some(Provisional))], Final),
        (&[provisional, (Withdraw, None)], Withdrawn),
        (&[(Withdraw, None), (Create, None)], Withdrawn),
        (
            &[(Create, None), (Withdraw, None), (Create, Some(Final))],
            Withdrawn,
        ),
        (
            &[
                (Create, None),
                (Withdraw, None),
                (Update, None),
                (Promote, None),
            ],
            Withdrawn,
        ),
        (
            &[provisional, (Withdraw, None), (Reinstate, None)],
            Provisional,
        ),
        (
            &[
                provisional,
                (Withdraw, None),
                (Promote, None),
                (Reinstate, None),
            ],
            Final,
        ),
        (
            &[
                (Create, None),
                (Withdraw, None),
                (Reinstate, None),
                (Withdraw, None),
            ],
            Withdrawn,
        ),
        (&[(Reinstate, None), (Withdraw, None)], Withdrawn),
    ];
    for (verbs, expected) in table {
        assert_eq!(after(verbs), *expected, "{verbs:?}");
    }
}

#[test]
fn a_status_says_since_when_and_why() {
    let created = attested("RN5133").acted("2014-07-01").status(Provisional);
    let promoted = attested("RN5133").verb(Promote).acted("2014-08-01");
    let withdrawn = attested("RN5133")
        .verb(Withdraw)
        .acted("2014-09-01")
        .because("malpractice");
    let again = withdrawn.clone().acted("2014-10-01").because("fee");
    let story = [created, promoted, withdrawn, again];
    let since = |length: usize| {
        let facts = only(&story[..length]);
        (facts.status_since.unwrap().to_string(), facts.status_reason)
    };
    assert_eq!(since(1), ("2014-06-27".into(), None), "the award's own day");
    assert_eq!(since(2), ("2014-08-01".into(), None));
    assert_eq!(since(3), ("2014-09-01".into(), Some("malpractice".into())));
    assert_eq!(since(4), since(3), "it was withdrawn already");
}

#[test]
fn the_first_status_holds_from_the_corrected_day() {
    let facts = only(&[
        attested("RN5133").result("1").acted("2014-07-01"),
        attested("RN5133")
            .result("1")
            .verb(Update)
            .awarded("2014-06-20")
            .acted("2014-07-02"),
    ]);
    assert_eq!(facts.status_since, Some(day("2014-06-20")));
}

#[test]
fn a_withdrawal_told_before_the_award_takes_effect() {
    let withdrawn = attested("RN5133")
        .result("1")
        .undated()
        .verb(Withdraw)
        .acted("2014-08-01");
    let told = all(std::slice::from_ref(&withdrawn));
    assert_eq!(combine(&told)[0].facts.status, Withdrawn);
    let created = attested("RN5133").result("1").received("2014-09-01");
    assert_eq!(only(&[withdrawn, created]).status, Withdrawn);
}

#[test]
fn only_the_best_source_speaks_of_the_status() {
    let created = attested("RN5133");
    for other in [
        recorded("RN5133").verb(Withdraw).acted("2015-01-01"),
        presented("RN5133").verb(Withdraw).acted("2015-01-01"),
    ] {
        assert_eq!(only(&[created.clone(), other]).status, Final);
    }
    let withdrawn = created.verb(Withdraw).acted("2014-08-01");
    for other in [
        recorded("RN5133").verb(Reinstate).acted("2015-01-01"),
        presented("RN5133").verb(Reinstate).acted("2015-01-01"),
    ] {
        assert_eq!(only(&[withdrawn.clone(), other]).status, Withdrawn);
    }
}

#[test]
fn a_later_retake_does_not_lift_a_withdrawal_without_a_day() {
    let tellers = [
        attested("RN5133"),
        attested("RN5133")
            .undated()
            .verb(Withdraw)
            .acted("2014-08-01"),
        attested("RN5133").awarded("2015-06-27").acted("2015-07-01"),
    ];
    assert_eq!(count(&tellers), 2);
    let mut statuses: Vec<_> = combine(&all(&tellers))
        .into_iter()
        .map(|one| (one.facts.awarded_on, one.facts.status))
        .collect();
    statuses.sort_unstable();
    assert_eq!(
        statuses,
        [
            (Some(day("2014-06-27")), Withdrawn),
            (Some(day("2015-06-27")), Final)
        ]
    );
}
