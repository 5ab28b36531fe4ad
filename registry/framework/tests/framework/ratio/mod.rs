//! Who counts in the early-years ratios: each rule of the shipped table by a test that names it.

mod asked;
mod counts;
mod rows;

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
fn every_rule_of_the_table_has_a_test_of_its_name() {
    let source = concat!(include_str!("counts.rs"), include_str!("asked.rs"));
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
