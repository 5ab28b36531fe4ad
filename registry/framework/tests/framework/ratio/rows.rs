//! Each row of the shipped table decides something: without it some record is answered otherwise.

use super::*;

/// What a row changes.
#[derive(Debug, PartialEq, Eq)]
enum Decides {
    /// At which levels somebody counts, whether that is known, what must also be held, which routes there are.
    Answer,
    /// Why, and no more: the row says what is so without it.
    Reason,
}

fn begun(level: u8, started: &str, awarded: &str) -> RatioAward {
    RatioAward {
        started_on: Some(day(started)),
        ..listed(level, awarded)
    }
}

fn asked_of_a_degree(status: bool, focus: bool) -> Asked {
    let questions = [(STATUS_QUESTION, true), ("focus", true)];
    Asked::today(&[asking(listed(6, "2012-01-01"), &questions)])
        .answering(STATUS_QUESTION, status)
        .answering("focus", focus)
}

fn degree() -> RatioAward {
    let mut award = listed(6, "2010-01-01");
    if let Listed::On(listing) = &mut award.listed {
        listing.degree = Some(true);
    }
    award
}

fn practitioner(is_one: bool) -> RatioAward {
    let mut award = begun(2, "2019-09-01", "2021-01-01");
    if let Listed::On(listing) = &mut award.listed {
        listing.practitioner = Some(is_one);
    }
    award
}

fn student(on: &str) -> Asked {
    let mut asked = Asked::on(on, &[])
        .answering("studyingLevel3", true)
        .answering("competentAndResponsible", true);
    asked.0.date_of_birth = Some(day("2000-01-01"));
    asked
}

fn english(asked: Asked) -> Asked {
    asked.holding(EvidenceKind::English, "2010-01-01")
}

/// A record that each row decides.
fn records() -> Vec<(&'static str, Decides, Asked)> {
    use Decides::{Answer, Reason};
    let today = |award: RatioAward| Asked::today(&[award]);
    let old = |level| today(listed(level, "2010-01-01"));
    let not_full = unlisted(3, Some("2016-01-01"), "2018-01-01");
    let level_three = begun(3, "2014-09-01", "2016-05-01");
    vec![
        ("R01", Reason, asked_of_a_degree(false, false)),
        ("R02", Answer, asked_of_a_degree(true, false)),
        ("R03", Reason, asked_of_a_degree(false, true)),
        ("R04", Answer, today(status("EYTS"))),
        ("R10", Answer, old(2)),
        ("R11", Answer, old(3)),
        ("R12", Answer, old(4)),
        ("R13", Answer, old(5)),
        ("R14", Answer, old(6)),
        ("R15", Answer, old(7)),
        (
            "R16",
            Answer,
            Asked::today(&[listed(6, "2018-01-01"), status("QTS")]),
        ),
        (
            "R20",
            Answer,
            today(not_full.clone()).answering("earlyYearsRelated", true),
        ),
        ("R21", Answer, old(2)),
        ("R22", Answer, today(not_full)),
        ("R23", Answer, today(degree())),
        ("R30", Reason, today(listed(2, "2016-05-31"))),
        ("R31", Answer, today(listed(2, "2016-06-30"))),
        ("R32", Answer, today(listed(2, "2016-07-01"))),
        ("R33", Reason, today(listed(3, "2014-08-31"))),
        ("R34", Answer, today(listed(3, "2014-09-01"))),
        ("R35", Answer, english(today(listed(3, "2016-06-30")))),
        ("R36", Answer, english(today(listed(3, "2016-07-01")))),
        ("R37", Reason, today(status("EYTS"))),
        (
            "R38",
            Answer,
            old(2).answering("experienceBasedRoute", true).ready(),
        ),
        (
            "R40",
            Answer,
            english(Asked::on("2017-04-02", std::slice::from_ref(&level_three))),
        ),
        (
            "R41",
            Answer,
            english(Asked::on("2017-04-03", std::slice::from_ref(&level_three))),
        ),
        ("R42", Answer, Asked::on("2024-01-04", &[level_three])),
        ("R43", Answer, today(practitioner(false)).ready()),
        ("R50", Answer, student(TODAY)),
        (
            "R51",
            Answer,
            Asked::on("2024-10-16", &[])
                .answering("studyingForStatus", true)
                .answering("managerAgrees", true),
        ),
        (
            "R52",
            Answer,
            student("2023-12-31").answering("apprentice", true),
        ),
    ]
}

#[test]
fn without_any_row_of_the_table_some_record_is_answered_otherwise() {
    let rules = rules();
    let records = records();
    let walked: Vec<&str> = records.iter().map(|(rule, ..)| *rule).collect();
    let shipped: Vec<&str> = rules.iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(walked, shipped);
    for (rule, decides, asked) in records {
        let fewer: Vec<RatioRule> = rules.iter().filter(|one| one.id != rule).cloned().collect();
        let with = counts_in_ratio(&rules, &asked.0);
        let without = counts_in_ratio(&fewer, &asked.0);
        let answer = |standing: &RatioStanding| {
            let words = |list: Vec<&str>| list.join(" ");
            (
                standing.counts_at.clone(),
                standing.outcome,
                words(must(standing)),
                words(routes(standing)),
            )
        };
        let same = answer(&with) == answer(&without);
        assert_eq!(
            same,
            decides == Decides::Reason,
            "{rule}: {:?}",
            answer(&with)
        );
        assert!(cited(&with).contains(rule), "{rule} is not cited");
    }
}

/// What is said to be enough for a level is enough for it.
#[test]
fn what_a_level_rests_on_is_enough_for_it() {
    let rules = rules();
    let mut draw = framework::random::Draw::new(7);
    let mut rests = 0;
    for _ in 0..600 {
        let mut facts = RatioFacts::new(day(TODAY));
        for number in 0..draw.within(1, 4) {
            let awarded = format!("{}-0{}-15", draw.within(2008, 2024), draw.within(1, 9));
            let mut award = match draw.within(0, 5) {
                0 => status("QTS"),
                1 => unlisted(3, Some("2016-01-01"), &awarded),
                _ => listed(u8::try_from(draw.within(2, 7)).expect("a level"), &awarded),
            };
            award.achievement = format!("a{number}");
            facts.awards.push(award);
        }
        let kinds = [
            EvidenceKind::English,
            EvidenceKind::GcseEnglish,
            EvidenceKind::GcseMaths,
            EvidenceKind::FirstAid,
        ];
        for kind in kinds {
            if draw.chance(50) {
                facts.evidence.push(Evidence {
                    kind,
                    achievement: format!("{kind:?}"),
                    title: format!("{kind:?}"),
                    awarded_on: Some(day("2025-01-01")),
                });
            }
        }
        for level in counts_in_ratio(&rules, &facts).levels {
            assert_eq!(
                level.by.is_empty(),
                level.counts != Ternary::Yes,
                "{facts:?}"
            );
            if level.counts != Ternary::Yes {
                continue;
            }
            rests += 1;
            let mut enough = facts.clone();
            enough
                .awards
                .retain(|one| level.by.contains(&one.achievement));
            enough
                .evidence
                .retain(|one| level.by.contains(&one.achievement));
            let again = counts_in_ratio(&rules, &enough);
            assert!(
                again.counts_at.contains(&level.level),
                "{level:?} {facts:?}"
            );
        }
    }
    assert!(rests > 500, "{rests}");
}
