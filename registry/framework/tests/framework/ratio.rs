//! Who counts in the early-years ratios: each rule of the shipped table by a test that names it.

use crate::support::day;
use framework::Ternary;
use framework::ratio::{
    Evidence, EvidenceKind, Listed, Listing, Question, RatioAward, RatioFacts, RatioRule,
    RatioStanding, counts_in_ratio, ratio_rules,
};
use framework::shipped::Table;
use std::collections::BTreeSet;

const STATUS_QUESTION: &str = "1G5cIiKB8QVYujpVH58btv";
const TODAY: &str = "2026-09-01";

fn rules() -> Vec<RatioRule> {
    ratio_rules(Table::RatioRules.shipped()).expect("rules")
}

/// A listed qualification of a level, awarded on a day.
fn listed(level: u8, awarded: &str) -> RatioAward {
    RatioAward {
        achievement: format!("level {level}"),
        title: format!("A qualification at level {level}"),
        level: Some(level),
        started_on: None,
        awarded: Some((day(awarded), day(awarded))),
        valid_until: None,
        listed: Listed::On(Listing {
            reference: "EYQ-000".into(),
            ..Listing::default()
        }),
        status: None,
    }
}

fn unlisted(level: u8, started: Option<&str>, awarded: &str) -> RatioAward {
    RatioAward {
        started_on: started.map(day),
        listed: Listed::Not,
        ..listed(level, awarded)
    }
}

fn status(code: &str) -> RatioAward {
    RatioAward {
        achievement: code.into(),
        title: code.into(),
        level: None,
        listed: Listed::Not,
        status: Some(code.into()),
        ..listed(6, "2012-07-01")
    }
}

fn asking(mut award: RatioAward, questions: &[(&str, bool)]) -> RatioAward {
    if let Listed::On(listing) = &mut award.listed {
        let ask = |(id, expected): &(&str, bool)| Question {
            id: (*id).into(),
            expected: Some(*expected),
        };
        listing.questions = questions.iter().map(ask).collect();
    }
    award
}

struct Asked(RatioFacts);

impl Asked {
    fn on(day_of: &str, awards: &[RatioAward]) -> Self {
        let mut facts = RatioFacts::new(day(day_of));
        facts.awards = awards.to_vec();
        Self(facts)
    }

    fn today(awards: &[RatioAward]) -> Self {
        Self::on(TODAY, awards)
    }

    fn holding(mut self, kind: EvidenceKind, awarded: &str) -> Self {
        self.0.evidence.push(Evidence {
            kind,
            achievement: format!("{kind:?}"),
            title: format!("{kind:?}"),
            awarded_on: Some(day(awarded)),
        });
        self
    }

    fn ready(self) -> Self {
        self.holding(EvidenceKind::English, "2010-01-01")
            .holding(EvidenceKind::FirstAid, "2025-01-01")
    }

    fn answering(mut self, id: &str, answer: bool) -> Self {
        self.0.declared.answers.insert(id.into(), answer);
        self
    }

    fn standing(&self) -> RatioStanding {
        counts_in_ratio(&rules(), &self.0)
    }

    fn counts(&self) -> Vec<u8> {
        self.standing().counts_at
    }
}

/// The rules that an answer cites, anywhere in it.
fn cited(standing: &RatioStanding) -> BTreeSet<String> {
    let all = standing.explanation.iter();
    all.chain(&standing.must_also_hold)
        .chain(&standing.possible_routes)
        .map(|reason| reason.rule.clone())
        .collect()
}

fn must(standing: &RatioStanding) -> Vec<&str> {
    standing
        .must_also_hold
        .iter()
        .map(|reason| reason.rule.as_str())
        .collect()
}

fn routes(standing: &RatioStanding) -> Vec<&str> {
    standing
        .possible_routes
        .iter()
        .map(|reason| reason.rule.as_str())
        .collect()
}

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

#[test]
fn r30_level_two_of_before_june_2016_asks_nothing_else() {
    let asked = Asked::today(&[listed(2, "2016-05-31")]);
    assert_eq!(asked.counts(), [2, 0]);
    assert!(must(&asked.standing()).is_empty());
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
        let mut award = listed(6, "2015-06-01");
        award.started_on = Some(day("2014-09-01"));
        let mut only = status("EYTS");
        only.valid_until = Some(day("2030-01-01"));
        Asked::on(on, &[award, only])
    };
    assert!(
        cited(&with("2015-08-04").standing()).contains("R40")
            || with("2015-08-04").counts() == [6, 3, 2, 0]
    );
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

#[test]
fn every_rule_of_the_table_has_a_test_of_its_name() {
    let source = include_str!("ratio.rs");
    let rules = rules();
    assert_eq!(rules.len(), 31);
    for rule in rules {
        let name = format!("fn {}_", rule.id.to_lowercase());
        assert!(source.contains(&name), "{name}");
        assert!(rule.confirmed && !rule.source.is_empty());
    }
}

#[test]
fn without_a_list_nothing_is_certain_and_with_nothing_held_nothing_counts() {
    let mut award = listed(3, "2010-01-01");
    award.listed = Listed::NoList;
    let open = Asked::today(&[award]).standing();
    assert_eq!(
        (open.counts_at, open.outcome),
        (vec![0], Ternary::Undetermined)
    );
    let none = Asked::today(&[]).standing();
    assert_eq!((none.counts_at, none.outcome), (vec![0], Ternary::No));
    let later = Asked::on("2009-12-31", &[listed(3, "2010-01-01")]).standing();
    assert_eq!(later.outcome, Ternary::No);
}

#[test]
fn the_list_holds_for_what_was_begun_in_its_time() {
    let mut award = listed(3, "2013-01-01");
    if let Listed::On(listing) = &mut award.listed {
        listing.started = (None, Some(day("2014-08-31")));
    }
    assert_eq!(
        Asked::today(&[award.clone()]).counts(),
        [3, 2, 0],
        "begun before it was awarded"
    );
    award.awarded = Some((day("2016-01-01"), day("2016-01-01")));
    let open = Asked::today(&[award.clone()]).ready();
    assert_eq!(open.standing().outcome, Ternary::Undetermined);
    let mut declared = open;
    declared.0.declared.started_on = Some(day("2013-09-01"));
    assert_eq!(declared.counts(), [3, 2, 0]);
    assert_eq!(declared.standing().declared_facts_used, ["startedOn"]);
}

#[test]
fn without_a_cited_achievement_the_answer_is_another() {
    let asked = Asked::today(&[listed(3, "2017-01-01")]).ready();
    let standing = asked.standing();
    assert_eq!(standing.counts_at, [3, 2, 0]);
    let cited: BTreeSet<String> = standing
        .explanation
        .iter()
        .flat_map(|reason| reason.achievements.clone())
        .collect();
    assert_eq!(cited.len(), 3);
    for id in cited {
        let mut fewer = asked.0.clone();
        fewer.awards.retain(|award| award.achievement != id);
        fewer.evidence.retain(|one| one.achievement != id);
        assert_ne!(
            counts_in_ratio(&rules(), &fewer).counts_at,
            standing.counts_at,
            "{id}"
        );
    }
}
