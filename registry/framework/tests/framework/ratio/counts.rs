//! At which levels a qualification or a status counts, and by what other route (rules R01 to R26).

use super::*;

#[test]
fn r01_one_wrong_answer_and_it_is_not_full_and_relevant() {
    let award = asking(
        listed(3, "2012-01-01"),
        &[("practice", true), ("focus", true)],
    );
    let asked = Asked::today(&[award]).answering("practice", true);
    let wrong = asked.answering("focus", false);
    assert_eq!(wrong.counts(), [0]);
    assert!(cited(&wrong.standing()).contains("R01"));
    let right = wrong.answering("focus", true);
    assert_eq!(right.counts(), [3, 2, 0]);
    assert_eq!(
        right.standing().declared_facts_used,
        ["answers.focus", "answers.practice"]
    );
}

#[test]
fn r02_the_status_question_answered_well_drops_all_others() {
    let award = asking(
        listed(6, "2018-01-01"),
        &[(STATUS_QUESTION, true), ("focus", true)],
    );
    let asked = Asked::today(&[award])
        .answering(STATUS_QUESTION, true)
        .answering("focus", false);
    assert_eq!(asked.counts(), [6, 3, 2, 0]);
    assert!(cited(&asked.standing()).contains("R02"));
}

#[test]
fn r03_the_status_question_answered_otherwise_leaves_level_three() {
    let award = asking(
        listed(6, "2012-01-01"),
        &[(STATUS_QUESTION, true), ("focus", true)],
    );
    let asked = Asked::today(&[award])
        .answering(STATUS_QUESTION, false)
        .answering("focus", true);
    assert_eq!(asked.counts(), [3, 2, 0]);
    assert!(cited(&asked.standing()).contains("R03"));
    assert_eq!(asked.answering("focus", false).counts(), [0]);
}

#[test]
fn r04_a_status_counts_by_itself() {
    for code in ["QTS", "EYTS", "EYPS"] {
        let asked = Asked::today(&[status(code)]);
        assert_eq!(asked.counts(), [6, 3, 2, 0], "{code}");
        assert!(cited(&asked.standing()).contains("R04"));
    }
    assert_eq!(Asked::today(&[status("HLTA")]).counts(), [0]);
}

fn matrix(rule: &str, level: u8, expected: &[u8]) {
    let asked = Asked::today(&[listed(level, "2010-01-01")]);
    assert_eq!(asked.counts(), expected);
    assert_eq!(asked.standing().outcome, Ternary::Yes);
    assert!(cited(&asked.standing()).contains(rule));
}

#[test]
fn r10_level_two() {
    matrix("R10", 2, &[2, 0]);
}

#[test]
fn r11_level_three() {
    matrix("R11", 3, &[3, 2, 0]);
}

#[test]
fn r12_level_four_counts_at_three() {
    matrix("R12", 4, &[3, 2, 0]);
}

#[test]
fn r13_level_five_counts_at_three() {
    matrix("R13", 5, &[3, 2, 0]);
}

#[test]
fn r14_level_six_without_status_counts_at_three() {
    matrix("R14", 6, &[3, 2, 0]);
}

#[test]
fn r15_level_seven_without_status_counts_at_three() {
    matrix("R15", 7, &[3, 2, 0]);
}

#[test]
fn r16_level_six_or_seven_with_status() {
    for level in [6, 7] {
        let asked = Asked::today(&[listed(level, "2018-01-01"), status("EYTS")]);
        assert_eq!(asked.counts(), [6, 3, 2, 0]);
        assert!(cited(&asked.standing()).contains("R16"));
    }
    // At other levels a status changes nothing of the qualification itself.
    let asked = Asked::today(&[listed(3, "2010-01-01"), status("EYTS")]);
    assert!(cited(&asked.standing()).contains("R11"));
}

#[test]
fn r20_not_full_and_relevant_but_begun_between_2014_and_2019() {
    let begun = |started: &str| {
        let award = unlisted(3, Some(started), "2020-06-01");
        Asked::today(&[award]).answering("earlyYearsRelated", true)
    };
    assert_eq!(begun("2014-09-01").counts(), [2, 0]);
    assert_eq!(begun("2019-08-31").counts(), [2, 0]);
    assert!(cited(&begun("2016-01-01").standing()).contains("R20"));
    assert_eq!(begun("2014-08-31").counts(), [0]);
    assert_eq!(begun("2019-09-01").counts(), [0]);
    // Whether it is about the early years is a judgement: without one it stays open.
    let open = Asked::today(&[unlisted(3, Some("2016-01-01"), "2018-01-01")]);
    assert_eq!(
        (open.counts(), open.standing().outcome),
        (vec![0], Ternary::Undetermined)
    );
}

#[test]
fn r21_level_two_may_take_the_experience_based_route() {
    let asked = Asked::today(&[listed(2, "2010-01-01")]);
    assert_eq!(routes(&asked.standing()), ["R21"]);
    assert_eq!(asked.counts(), [2, 0], "a route counts for nothing");
}

#[test]
fn r22_what_is_not_full_and_relevant_may_take_it_too() {
    let asked = Asked::today(&[unlisted(4, Some("2016-01-01"), "2018-01-01")])
        .answering("earlyYearsRelated", true);
    assert_eq!(routes(&asked.standing()), ["R22"]);
    assert!(
        cited(&asked.standing()).contains("R20"),
        "both are offered together"
    );
}

#[test]
fn r23_a_degree_may_lead_to_teacher_training() {
    let degree = |level| {
        let mut award = listed(level, "2010-01-01");
        if let Listed::On(listing) = &mut award.listed {
            listing.degree = Some(true);
        }
        Asked::today(&[award])
    };
    assert_eq!(routes(&degree(6).standing()), ["R23"]);
    assert!(routes(&degree(7).standing()).is_empty());
    let with = Asked::today(&[listed(6, "2010-01-01"), status("QTS")]);
    assert!(routes(&with.standing()).is_empty());
}
