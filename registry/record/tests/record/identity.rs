//! Which statements are one award.

use crate::teller::{
    DIPLOMA, OTHER_UNIT, Teller, UNIT, all, attested, count, day, only, orders, presented, record,
    recorded, shown,
};
use record::{SourceKind, Standing, Told, combine};
use schema::{Subject, Verb};

fn five_sources() -> [Teller; 5] {
    [
        attested("RN5133").result("R-1").certificate("C-1"),
        attested("RN5133").acted("2014-06-28").grade("Pass"),
        recorded("RN5133").record("900001").grade("Merit"),
        presented("RN5133").with(|told| told.kind = SourceKind::Transcript),
        presented("RN5133").grade("Distinction"),
    ]
}

#[test]
fn five_sources_of_one_award_are_one_in_every_order() {
    let told = all(&five_sources());
    let orders = orders(5);
    assert_eq!(orders.len(), 120);
    let expected = record(&told);
    assert_eq!(expected.len(), 1);
    for order in orders {
        let shuffled: Vec<Told> = order.iter().map(|place| told[*place].clone()).collect();
        assert_eq!(record(&shuffled), expected, "order {order:?}");
    }
    let award = &combine(&told)[0];
    assert_eq!(award.facts.standing, Standing::Attested);
    assert_eq!(award.facts.grade.as_deref(), Some("Pass"));
    assert_eq!(award.facts.result_id.as_deref(), Some("R-1"));
    // What the recorder and the person said otherwise stays visible, each under its source.
    let stated: Vec<(&str, usize)> = award
        .differences
        .iter()
        .map(|one| (one.stated.as_str(), one.source))
        .collect();
    assert_eq!(stated, [("Merit", 2), ("Distinction", 4)]);
    assert_eq!(award.sources[3..], [3, 4], "transcript before badge");
}

/// Statements, and of how many awards they tell; every order gives the same.
#[test]
fn identity_by_table() {
    let body = || attested("RN5133");
    let table: Vec<(&str, usize, Vec<Teller>)> = vec![
        (
            "two results of one day, and a statement that numbers nothing joins one",
            2,
            vec![body().result("1"), body().result("2"), body()],
        ),
        (
            "a certificate shared by two results keeps them two",
            2,
            vec![
                body().result("1").certificate("C"),
                body().result("2").certificate("C"),
                body().certificate("C").grade("Pass"),
            ],
        ),
        (
            "one certificate lists two units and the qualification",
            3,
            vec![
                body().unit(UNIT).certificate("C"),
                body().unit(OTHER_UNIT).certificate("C"),
                body().certificate("C"),
            ],
        ),
        (
            "a result number corrects day, certificate and subject",
            1,
            vec![
                body().result("1").certificate("C"),
                body().result("1").certificate("D").awarded("2014-06-28"),
                body().result("1").unit(UNIT),
            ],
        ),
        (
            "a certificate number corrects the day",
            1,
            vec![
                body().certificate("C"),
                body().certificate("C").awarded("2014-06-28"),
            ],
        ),
        (
            "an update by certificate number corrects the unit",
            1,
            vec![
                body().unit(UNIT).certificate("C"),
                body().unit(OTHER_UNIT).certificate("C").verb(Verb::Update),
            ],
        ),
        (
            "but not where the certificate lists several",
            3,
            vec![
                body().unit(UNIT).certificate("C"),
                body().unit("J/601/1434").certificate("C"),
                body().unit(OTHER_UNIT).certificate("C").verb(Verb::Update),
            ],
        ),
        (
            "an update without any number corrects the day of the only award",
            1,
            vec![
                body().awarded("2014-06-01"),
                body().verb(Verb::Update),
                recorded("RN5133"),
            ],
        ),
        (
            "and of several nobody can tell which",
            3,
            vec![
                body().awarded("2014-05-01"),
                body().awarded("2014-06-01"),
                body().verb(Verb::Update),
            ],
        ),
        (
            "unless all but one were awarded after the change was made",
            2,
            vec![
                body().awarded("2014-05-01"),
                body().awarded("2014-09-01"),
                body().verb(Verb::Update).acted("2014-06-01"),
            ],
        ),
        (
            "a retake is another award",
            2,
            vec![body(), body().awarded("2015-06-27")],
        ),
        (
            "a withdrawal that names a day waits for the award of that day",
            2,
            vec![body(), body().awarded("2015-06-27").verb(Verb::Withdraw)],
        ),
        (
            "a withdrawal without a day takes the only award",
            1,
            vec![body(), body().undated().verb(Verb::Withdraw)],
        ),
        (
            "a withdrawal without an award stands alone",
            1,
            vec![body().verb(Verb::Withdraw)],
        ),
        (
            "changes of an award that is not told yet wait together",
            1,
            vec![
                body().verb(Verb::Update),
                body().undated().verb(Verb::Withdraw),
            ],
        ),
        (
            "without a day the subject is one award, apart from that of a day",
            2,
            vec![body().undated(), body().undated().grade("Pass"), body()],
        ),
        (
            "a unit of two bodies is two awards",
            2,
            vec![body().unit(UNIT), attested("RN5217").unit(UNIT)],
        ),
        (
            "the same number of two bodies is two awards",
            2,
            vec![body().result("1"), attested("RN5217").result("1")],
        ),
        (
            "a recorder that does not know the body speaks of the body's award",
            1,
            vec![body(), recorded("RN5133").nobody()],
        ),
        (
            "and of one of them where two bodies made it",
            2,
            vec![body(), attested("RN5217"), recorded("RN5133").nobody()],
        ),
        (
            "two statements of nobody's are one award",
            1,
            vec![recorded("RN5133").nobody(), presented("RN5133").nobody()],
        ),
        (
            "a recorder's corrected record is one award",
            1,
            vec![
                recorded("RN5133").record("7"),
                recorded("RN5133").record("7").awarded("2014-06-28"),
            ],
        ),
        (
            "and joins no two awards of the body",
            2,
            vec![
                body(),
                body().awarded("2014-06-28"),
                recorded("RN5133").record("7"),
                recorded("RN5133").record("7").awarded("2014-06-28"),
            ],
        ),
        (
            "a badge with both numbers joins no two results",
            2,
            vec![
                body().result("1"),
                body().certificate("C").result("2"),
                presented("RN5133").result("1").certificate("C"),
            ],
        ),
        (
            "two badges of different numbers are not both the body's award",
            2,
            vec![
                body(),
                presented("RN5133").certificate("C"),
                presented("RN5133").certificate("D"),
            ],
        ),
        (
            "a badge of another day is an award of its own",
            2,
            vec![body(), presented("RN5133").awarded("2014-06-28")],
        ),
        (
            "an unidentified subject is compared by its folded words",
            1,
            vec![
                body().with(|told| {
                    told.statement.subject = Subject::Unidentified("First  Aid".into());
                }),
                body().grade("Pass").with(|told| {
                    told.statement.subject = Subject::Unidentified("first aid".into());
                }),
            ],
        ),
    ];
    for (words, expected, tellers) in table {
        assert_eq!(count(&tellers), expected, "{words}");
    }
}

#[test]
fn a_statement_without_a_number_joins_the_first_result() {
    let told = all(&[
        attested("RN5133").result("2"),
        attested("RN5133").result("1"),
        attested("RN5133").grade("Pass"),
    ]);
    let graded: Vec<Option<String>> = combine(&told)
        .into_iter()
        .filter(|one| one.facts.grade.is_some())
        .map(|one| one.facts.result_id)
        .collect();
    assert_eq!(graded, [Some("1".into())]);
}

#[test]
fn a_corrected_day_is_the_later_one_acted() {
    let first = attested("RN5133").result("1").acted("2014-07-01");
    let later = attested("RN5133")
        .result("1")
        .awarded("2014-06-20")
        .acted("2014-08-01")
        .received("2014-08-01");
    for tellers in [[first.clone(), later.clone()], [later, first]] {
        assert_eq!(only(&tellers).awarded_on, Some(day("2014-06-20")));
    }
}

#[test]
fn the_later_action_wins_whichever_was_received_first() {
    let early = attested("RN5133").acted("2014-07-01").grade("Pass");
    let late = attested("RN5133").acted("2014-07-02").grade("Merit");
    for (one, other) in [("2014-08-01", "2014-09-01"), ("2014-09-01", "2014-08-01")] {
        let facts = only(&[early.clone().received(one), late.clone().received(other)]);
        assert_eq!(facts.grade.as_deref(), Some("Merit"));
    }
}

#[test]
fn an_update_of_the_same_day_wins_in_whichever_file_it_came() {
    let hour = |teller: Teller, hour| {
        teller.with(|told| told.received_at = day("2014-07-01").and_hms_opt(hour, 0, 0).unwrap())
    };
    let created = attested("RN5133").result("1").grade("Pass");
    let updated = attested("RN5133")
        .result("1")
        .grade("Merit")
        .verb(Verb::Update);
    for (one, other) in [(8, 9), (9, 8)] {
        let facts = only(&[hour(created.clone(), one), hour(updated.clone(), other)]);
        assert_eq!(facts.grade.as_deref(), Some("Merit"));
    }
}

#[test]
fn precedence_decides_before_the_day() {
    let kinds = [
        attested("RN5133").grade("1").acted("2014-07-01"),
        attested("RN5133")
            .grade("2")
            .acted("2014-07-02")
            .with(|told| told.kind = SourceKind::Badge),
        recorded("RN5133").grade("3").acted("2014-07-03"),
        presented("RN5133")
            .grade("4")
            .acted("2014-07-04")
            .with(|told| told.kind = SourceKind::Transcript),
        presented("RN5133").grade("5").acted("2014-07-05"),
    ];
    for from in 0..kinds.len() {
        let facts = only(&kinds[from..]);
        assert_eq!(facts.grade.unwrap(), (from + 1).to_string());
    }
}

#[test]
fn what_is_presented_fills_no_gap() {
    let facts = only(&[
        attested("RN5133"),
        presented("RN5133").grade("Distinction").certificate("C-9"),
    ]);
    assert_eq!((facts.grade, facts.certificate_number), (None, None));
    assert_eq!(facts.subject.parts(), ("qualification", DIPLOMA));
}

#[test]
fn equal_statements_of_two_joined_learners_are_one_award() {
    let told = all(&[attested("RN5133"), attested("RN5133")]);
    let award = combine(&told);
    assert_eq!(award.len(), 1);
    assert_eq!(shown(&told, &award[0]).0.len(), 1);
}
