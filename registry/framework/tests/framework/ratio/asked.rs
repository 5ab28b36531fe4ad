//! What must be held beside a qualification, by date, and who counts while studying (rules R30 to R52).

use super::*;

#[test]
fn r30_level_two_of_before_june_2016_asks_nothing_else() {
    let asked = Asked::today(&[listed(2, "2016-05-31")]);
    assert_eq!(asked.counts(), [2, 0]);
    assert!(must(&asked.standing()).is_empty());
    assert!(cited(&asked.standing()).contains("R30"));
}

#[test]
fn r31_level_two_of_june_2016_depends_on_the_day() {
    let mut month = listed(2, "2016-06-15");
    month.awarded = Some((day("2016-06-01"), day("2016-06-30")));
    let open = Asked::today(&[month.clone()]);
    assert_eq!(
        (open.counts(), open.standing().outcome),
        (vec![0], Ternary::Undetermined)
    );
    assert_eq!(must(&open.standing()), ["R31"]);
    // With first aid the day does not matter.
    assert_eq!(Asked::today(&[month]).ready().counts(), [2, 0]);
    assert_eq!(Asked::today(&[listed(2, "2016-06-29")]).counts(), [2, 0]);
    let last = Asked::today(&[listed(2, "2016-06-30")]);
    assert_eq!(
        (last.counts(), must(&last.standing())),
        (vec![0], vec!["R31"])
    );
}

#[test]
fn r32_level_two_since_july_2016_asks_first_aid() {
    let award = listed(2, "2016-07-01");
    let without = Asked::today(std::slice::from_ref(&award));
    assert_eq!(
        (without.counts(), must(&without.standing())),
        (vec![0], vec!["R32"])
    );
    assert_eq!(without.standing().outcome, Ternary::Undetermined);
    let with = |awarded: &str| {
        Asked::today(std::slice::from_ref(&award)).holding(EvidenceKind::FirstAid, awarded)
    };
    assert_eq!(
        with("2023-09-01").counts(),
        [2, 0],
        "three years to the day"
    );
    assert_eq!(with("2023-08-31").counts(), [0]);
    let mut begun = Asked::today(&[award]);
    begun.0.work_started_on = Some(day("2026-06-01"));
    assert_eq!(begun.counts(), [2, 0], "three months to gain it");
    begun.0.work_started_on = Some(day("2026-05-31"));
    assert_eq!(begun.counts(), [0]);
    begun.0.declared.paediatric_first_aid_on = Some(day("2026-01-01"));
    assert_eq!(begun.counts(), [2, 0]);
    assert_eq!(
        begun.standing().declared_facts_used,
        ["paediatricFirstAidOn"]
    );
}

#[test]
fn r33_level_three_of_before_september_2014_asks_nothing_else() {
    for level in 3..=7 {
        let asked = Asked::today(&[listed(level, "2014-08-31")]);
        assert_eq!(asked.counts(), [3, 2, 0]);
        assert!(must(&asked.standing()).is_empty());
        assert!(cited(&asked.standing()).contains("R33"));
    }
}

#[test]
fn r34_level_three_since_september_2014_asks_english() {
    let asked = Asked::today(&[listed(3, "2014-09-01")]);
    assert_eq!(asked.counts(), [2, 0], "without it counts at level 2");
    assert_eq!(asked.standing().outcome, Ternary::Yes);
    assert!(must(&asked.standing()).contains(&"R34"));
    let mut declared = asked;
    declared.0.declared.english_level_2 = Some(true);
    assert_eq!(declared.counts(), [3, 2, 0]);
    assert_eq!(declared.standing().declared_facts_used, ["englishLevel2"]);
    let recorded =
        Asked::today(&[listed(3, "2016-05-31")]).holding(EvidenceKind::GcseEnglish, "2009-08-01");
    let standing = recorded.standing();
    assert_eq!(standing.counts_at, [3, 2, 0]);
    assert!(standing.declared_facts_used.is_empty());
    let held = standing
        .explanation
        .iter()
        .find(|reason| reason.rule == "R34")
        .expect("said");
    assert_eq!(held.achievements, ["GcseEnglish"]);
}

#[test]
fn r35_level_three_of_june_2016_asks_english_and_perhaps_first_aid() {
    let mut month = listed(3, "2016-06-15");
    month.awarded = Some((day("2016-06-01"), day("2016-06-30")));
    let asked = Asked::today(&[month]).holding(EvidenceKind::English, "2010-01-01");
    let standing = asked.standing();
    assert_eq!(
        (standing.counts_at.clone(), standing.outcome),
        (vec![0], Ternary::Undetermined)
    );
    assert!(must(&standing).contains(&"R35"));
    let day_known =
        Asked::today(&[listed(3, "2016-06-29")]).holding(EvidenceKind::English, "2010-01-01");
    assert_eq!(day_known.counts(), [3, 2, 0]);
}

#[test]
fn r36_level_three_since_july_2016_asks_english_and_first_aid() {
    let award = listed(5, "2016-07-01");
    let ready = Asked::today(std::slice::from_ref(&award)).ready();
    assert_eq!(ready.counts(), [3, 2, 0]);
    let aid =
        Asked::today(std::slice::from_ref(&award)).holding(EvidenceKind::FirstAid, "2025-01-01");
    assert_eq!(aid.counts(), [2, 0]);
    let english = Asked::today(&[award]).holding(EvidenceKind::English, "2010-01-01");
    assert_eq!(english.counts(), [0]);
    assert!(must(&english.standing()).contains(&"R36"));
}

#[test]
fn r37_with_a_status_nothing_else_is_asked() {
    let asked = Asked::today(&[listed(6, "2020-01-01"), status("QTS")]);
    assert_eq!(asked.counts(), [6, 3, 2, 0]);
    assert!(must(&asked.standing()).is_empty());
    assert!(cited(&asked.standing()).contains("R37"));
}

#[test]
fn r38_who_came_by_experience_holds_first_aid_before_counting() {
    let mut asked =
        Asked::today(&[listed(2, "2010-01-01")]).answering("experienceBasedRoute", true);
    asked.0.work_started_on = Some(day("2026-08-30"));
    assert_eq!(asked.counts(), [2, 0], "no three months here");
    assert!(must(&asked.standing()).contains(&"R38"));
    let asked = asked.holding(EvidenceKind::FirstAid, "2026-08-01");
    assert_eq!(asked.counts(), [3, 2, 0]);
    assert!(cited(&asked.standing()).contains("R38"));
}

/// A level 3 begun on a day, and held on another.
fn begun(started: &str, on: &str) -> Asked {
    let mut award = listed(3, "2016-05-01");
    award.started_on = Some(day(started));
    Asked::on(on, &[award])
}

#[test]
fn r40_until_april_2017_two_gcses_were_asked() {
    let asked = begun("2014-09-01", "2017-04-02").holding(EvidenceKind::English, "2010-01-01");
    assert!(must(&asked.standing()).contains(&"R40"));
    assert_eq!(asked.counts(), [2, 0], "functional skills were not enough");
    let both = asked
        .holding(EvidenceKind::GcseEnglish, "2010-01-01")
        .holding(EvidenceKind::GcseMaths, "2010-01-01");
    assert_eq!(both.counts(), [3, 2, 0]);
    assert!(!cited(&begun("2014-08-31", "2017-04-02").standing()).contains("R40"));
    // Holders of a status are exempt since 5 August 2015.
    let with = |on: &str| {
        let mut begun = status("EYTS");
        begun.started_on = Some(day("2014-09-15"));
        begun.awarded = Some((day("2015-06-30"), day("2015-06-30")));
        Asked::on(on, &[begun])
    };
    assert_eq!(with("2015-08-04").counts(), [6, 2, 0]);
    assert_eq!(must(&with("2015-08-04").standing()), ["R40"]);
    assert_eq!(with("2015-08-05").counts(), [6, 3, 2, 0]);
    assert!(!cited(&with("2015-08-05").standing()).contains("R40"));
}

#[test]
fn r41_from_april_2017_english_and_maths_of_any_kind() {
    let asked = begun("2014-09-01", "2017-04-03").holding(EvidenceKind::English, "2010-01-01");
    assert_eq!(must(&asked.standing()), ["R41"]);
    assert_eq!(asked.counts(), [2, 0]);
    assert_eq!(asked.answering("mathsLevel2", true).counts(), [3, 2, 0]);
    assert!(cited(&begun("2014-09-01", "2024-01-03").standing()).contains("R41"));
}

#[test]
fn r42_from_january_2024_english_only() {
    let asked = begun("2014-09-01", "2024-01-04");
    assert!(must(&asked.standing()).contains(&"R42"));
    assert!(!cited(&asked.standing()).contains("R41"));
    assert_eq!(
        asked.holding(EvidenceKind::English, "2010-01-01").counts(),
        [3, 2, 0]
    );
}

#[test]
fn r43_level_two_begun_since_september_2019_is_a_listed_practitioner() {
    let award = |practitioner, started: &str| {
        let mut award = listed(2, "2021-01-01");
        award.started_on = Some(day(started));
        if let Listed::On(listing) = &mut award.listed {
            listing.practitioner = practitioner;
        }
        Asked::today(&[award]).ready()
    };
    assert_eq!(award(Some(true), "2019-09-01").counts(), [2, 0]);
    assert_eq!(award(Some(false), "2019-09-01").counts(), [0]);
    assert!(must(&award(Some(false), "2019-09-01").standing()).contains(&"R43"));
    assert_eq!(award(Some(false), "2019-08-31").counts(), [2, 0]);
    assert_eq!(
        award(None, "2019-09-01").standing().outcome,
        Ternary::Undetermined
    );
}

#[test]
fn r50_who_studies_for_level_three_counts_one_below() {
    let mut asked = Asked::today(&[])
        .answering("studyingLevel3", true)
        .answering("competentAndResponsible", true);
    asked.0.date_of_birth = Some(day("2009-09-01"));
    assert_eq!(asked.counts(), [2, 0]);
    assert!(cited(&asked.standing()).contains("R50"));
    asked.0.date_of_birth = Some(day("2009-09-02"));
    assert_eq!(
        asked.standing().outcome,
        Ternary::Undetermined,
        "an apprentice may be sixteen"
    );
    assert_eq!(asked.answering("apprentice", true).counts(), [2, 0]);
}

#[test]
fn r51_who_studies_for_a_status_counts_at_three_since_october_2024() {
    let on = |on: &str| {
        Asked::on(on, &[])
            .answering("studyingForStatus", true)
            .answering("managerAgrees", true)
    };
    assert_eq!(on("2024-10-16").counts(), [3, 2, 0]);
    assert!(cited(&on("2024-10-16").standing()).contains("R51"));
    assert_eq!(on("2024-10-15").counts(), [0]);
}

#[test]
fn r52_an_apprentice_counted_as_unqualified_before_2024() {
    let on = |on: &str| {
        let mut asked = Asked::on(on, &[])
            .answering("apprentice", true)
            .answering("studyingLevel3", true)
            .answering("competentAndResponsible", true);
        asked.0.date_of_birth = Some(day("2000-01-01"));
        asked
    };
    assert_eq!(on("2023-12-31").counts(), [0]);
    assert!(cited(&on("2023-12-31").standing()).contains("R52"));
    assert_eq!(on("2024-06-01").counts(), [2, 0]);
}
