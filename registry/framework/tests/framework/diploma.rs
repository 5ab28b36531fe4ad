//! The Level 3 Diploma for the Children and Young People's Workforce, by hand: 65 credits, of which 27 from eleven
//! core units, 22 or 13 from one pathway, the rest from optional units.

use crate::support::{DIPLOMA, diploma, optional, progress, qualification, unit};
use framework::Award;
use framework::structure::{Completion, Progress};
use schema::{Level, Route};

const CORE: [&str; 11] = [
    "SHC 31",
    "SHC 32",
    "SHC 33",
    "SHC 34",
    "CYP Core 3.1",
    "CYP Core 3.2",
    "CYP Core 3.3",
    "CYP Core 3.4",
    "CYP Core 3.5",
    "CYP Core 3.6",
    "CYP Core 3.7",
];
const EARLY: [&str; 5] = ["EYMP 1", "EYMP 2", "EYMP 3", "EYMP 4", "EYMP 5"];
const SOCIAL: [&str; 3] = ["SCMP 1", "SCMP 2", "SCMP 3"];
const SUPPORT: [&str; 3] = ["LDSSMP 1", "LDSSMP 2", "LDSSMP 3"];

fn held(codes: &[&str]) -> Vec<Award> {
    codes.iter().map(|code| unit(code)).collect()
}

fn with(pathway: &[&str], optional_credits: &[u16]) -> Vec<Award> {
    let mut awards = held(&CORE);
    awards.extend(held(pathway));
    awards.extend(
        (1..)
            .zip(optional_credits)
            .map(|(number, credit)| optional(number, *credit)),
    );
    awards
}

fn group<'a>(progress: &'a Progress, code: &str) -> &'a framework::structure::GroupProgress {
    progress
        .groups
        .iter()
        .find(|group| group.code == code)
        .expect("a group")
}

#[test]
fn nothing_held_costs_sixty_five() {
    let progress = progress(&[]);
    assert!(!progress.complete && progress.decided);
    assert_eq!(
        (progress.credits_towards, progress.credits_required),
        (0, 65)
    );
    assert_eq!(progress.credits_remaining, 65);
    assert_eq!(group(&progress, "core-shared").missing.len(), 4);
    assert_eq!(group(&progress, "core-children").missing.len(), 7);
    assert!(
        !progress.confirmed,
        "credits of its units were not confirmed"
    );
}

#[test]
fn the_core_alone_is_twenty_seven() {
    let progress = progress(&held(&CORE));
    assert_eq!(progress.credits_towards, 27);
    assert_eq!(progress.credits_remaining, 38);
    assert!(group(&progress, "core").satisfied);
    assert_eq!(group(&progress, "core").components, 2);
    assert_eq!(group(&progress, "core-shared").credit, 9);
    assert_eq!(group(&progress, "core-children").credit, 18);
}

#[test]
fn early_learning_and_childcare_takes_sixteen_optional_credits() {
    let done = progress(&with(&EARLY, &[6, 6, 4]));
    assert!(done.complete, "{:?}", done.completion);
    assert_eq!(done.credits_towards, 65);
    assert_eq!(group(&done, "early-learning").credit, 22);
    assert!(!group(&done, "social-care").taken);
    let short = progress(&with(&EARLY, &[6, 6, 3]));
    assert!(!short.complete);
    assert_eq!(short.credits_remaining, 1);
    // 22 and 27 and 16 are 65; without EYMP 3 (6 credits) its own credit is missing, and nothing else stands in.
    let without = progress(&with(&["EYMP 1", "EYMP 2", "EYMP 4", "EYMP 5"], &[6, 6, 4]));
    assert_eq!(without.credits_remaining, 6);
    assert_eq!(without.next, ["Y/600/9784"]);
}

#[test]
fn social_care_takes_twenty_five_optional_credits() {
    let done = progress(&with(&SOCIAL, &[10, 10, 5]));
    assert!(done.complete);
    assert_eq!(group(&done, "social-care").credit, 13);
    let short = progress(&with(&SOCIAL, &[6, 6, 4]));
    assert_eq!((short.complete, short.credits_remaining), (false, 9));
}

#[test]
fn learning_support_is_thirteen_however_it_divides() {
    let done = progress(&with(&SUPPORT, &[10, 10, 5]));
    assert!(done.complete);
    assert_eq!(group(&done, "learning-support").credit, 13);
    assert!(!done.confirmed);
    let text = done.explanation[0].text(schema::Language::English);
    assert!(text.contains("no source confirmed"), "{text}");
}

#[test]
fn a_unit_of_another_pathway_counts_as_optional_and_only_once() {
    // EYMP 1 to 5 and SCMP 1 (5 credits) with 11 more: 27 + 22 + 5 + 11.
    let mut awards = with(&EARLY, &[6, 5]);
    awards.push(unit("SCMP 1"));
    let done = progress(&awards);
    assert!(done.complete);
    assert_eq!(done.credits_towards, 65);
    // All of social care beside early learning: one pathway counts as such, the rest of the other as optional.
    let mut both = with(&EARLY, &[3]);
    both.extend(held(&SOCIAL));
    let done = progress(&both);
    assert!(done.complete, "{:?}", done.completion);
    assert_eq!(done.credits_towards, 65);
    // One credit less, and it is not.
    both.retain(|award| award.id != "optional 1");
    assert_eq!(progress(&both).credits_remaining, 3);
}

#[test]
fn a_unit_held_twice_counts_once() {
    let mut awards = with(&EARLY, &[6, 6, 3]);
    let mut again = unit("EYMP 3");
    again.id = "another award of it".into();
    awards.push(again);
    assert_eq!(progress(&awards).credits_remaining, 1);
}

#[test]
fn an_exemption_opens_its_unit_and_says_so() {
    let mut awards = with(&EARLY, &[6, 6, 4]);
    for award in &mut awards {
        if award.id == "award of SHC 34" {
            award.route = Route::Exemption;
        }
    }
    let done = progress(&awards);
    assert!(done.complete);
    let told = done.explanation.iter().any(|reason| {
        reason.achievements == ["award of SHC 34"]
            && reason.text(schema::Language::English).contains("exemption")
    });
    assert!(told, "{:#?}", done.explanation);
}

#[test]
fn the_award_of_the_whole_or_of_its_equal_is_enough() {
    for number in [DIPLOMA, "500/8887/7", "500/9704/0"] {
        let done = progress(&[qualification("whole", number, Level::L3)]);
        assert!(done.complete && done.decided);
        assert_eq!(done.credits_remaining, 0);
        assert_eq!(done.explanation[0].achievements, ["whole"]);
    }
}

#[test]
fn what_was_awarded_later_or_taken_elsewhere_does_not_count() {
    let mut awards = with(&EARLY, &[6, 6, 4]);
    let last = awards.len() - 1;
    awards[last].awarded_on = Some(crate::support::day("2014-06-02"));
    assert_eq!(progress(&awards).credits_remaining, 4);
    awards[last].awarded_on = Some(crate::support::day("2014-06-01"));
    assert!(progress(&awards).complete);
    awards[last].part_of = None;
    assert_eq!(progress(&awards).credits_remaining, 4);
}

#[test]
fn every_sentence_cites_its_rule_and_source() {
    let progress = progress(&with(&SOCIAL, &[6]));
    assert!(!progress.explanation.is_empty());
    for reason in &progress.explanation {
        assert!(reason.rule.starts_with(DIPLOMA), "{reason:?}");
        assert!(
            reason
                .source
                .as_deref()
                .is_some_and(|source| source.contains("4227"))
        );
        for language in [schema::Language::English, schema::Language::Welsh] {
            assert!(reason.text(language).len() > 10);
        }
    }
    let Completion::Cheapest(plan) = &progress.completion else {
        panic!("{:?}", progress.completion);
    };
    assert_eq!(plan.other_credit, [("optional".to_owned(), 19)]);
}

#[test]
fn it_stands_on_its_core_when_compared_with_itself() {
    assert_eq!(diploma().structure().also, ["500/8887/7", "500/9704/0"]);
    assert_eq!(
        diploma()
            .unit("L/601/1693")
            .and_then(|unit| unit.guided_learning_hours),
        Some(30)
    );
}
