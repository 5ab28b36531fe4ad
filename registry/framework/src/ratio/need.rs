//! Whether what must also be held is held: on record, declared, or not known.

use super::facts::within;
use super::{EvidenceKind, NeedKind, RatioFacts};
use crate::reason::Ternary;
use chrono::Months;
use schema::Date;
use std::collections::BTreeSet;

/// The answer to a question about the person, and what it rests on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Held {
    pub(crate) achievements: Vec<(String, String)>,
    pub(crate) declared: BTreeSet<String>,
}

/// Whether `kind` is held on the day in question, for an award made in `awarded`.
pub(crate) fn held(
    kind: &NeedKind,
    awarded: Option<(Date, Date)>,
    facts: &RatioFacts,
    on: &mut Held,
) -> Ternary {
    match kind {
        NeedKind::English => english(facts, on),
        NeedKind::EnglishAndMaths => english(facts, on).and(maths(facts, on)),
        NeedKind::GcseEnglishAndMaths => {
            let english = shown(facts, &[EvidenceKind::GcseEnglish], on);
            let maths = shown(facts, &[EvidenceKind::GcseMaths], on);
            if english && maths {
                return Ternary::Yes;
            }
            // Without English at level 2 of any kind there is no such GCSE either.
            if facts.declared.english_level_2 == Some(false) {
                on.declared.insert("englishLevel2".into());
                return Ternary::No;
            }
            answer(facts, "gcseEnglishAndMaths", on)
        }
        NeedKind::FirstAid {
            awarded_from,
            grace_months,
            renew_months,
        } => {
            let asked = within(awarded, (*awarded_from, None));
            match (asked, first_aid(facts, *grace_months, *renew_months, on)) {
                (Ternary::No, _) | (_, Ternary::Yes) => Ternary::Yes,
                (Ternary::Yes, held) => held,
                (Ternary::Undetermined, _) => Ternary::Undetermined,
            }
        }
    }
}

fn english(facts: &RatioFacts, on: &mut Held) -> Ternary {
    if shown(
        facts,
        &[EvidenceKind::English, EvidenceKind::GcseEnglish],
        on,
    ) {
        return Ternary::Yes;
    }
    if facts.declared.english_level_2.is_some() {
        on.declared.insert("englishLevel2".into());
    }
    Ternary::of(facts.declared.english_level_2)
}

fn maths(facts: &RatioFacts, on: &mut Held) -> Ternary {
    if shown(facts, &[EvidenceKind::Maths, EvidenceKind::GcseMaths], on) {
        return Ternary::Yes;
    }
    answer(facts, "mathsLevel2", on)
}

/// An answer, noted as declared.
pub(crate) fn answer(facts: &RatioFacts, id: &str, on: &mut Held) -> Ternary {
    let answer = facts.declared.answers.get(id).copied();
    if answer.is_some() {
        on.declared.insert(format!("answers.{id}"));
    }
    Ternary::of(answer)
}

fn shown(facts: &RatioFacts, kinds: &[EvidenceKind], on: &mut Held) -> bool {
    let found = facts.evidence.iter().find(|one| {
        kinds.contains(&one.kind) && one.awarded_on.is_none_or(|awarded| awarded <= facts.on)
    });
    if let Some(one) = found {
        on.achievements
            .push((one.achievement.clone(), one.title.clone()));
    }
    found.is_some()
}

fn first_aid(facts: &RatioFacts, grace: u16, renew: u16, on: &mut Held) -> Ternary {
    let fresh = |awarded: Date| {
        awarded <= facts.on
            && (renew == 0 || later(awarded, renew).is_none_or(|last| facts.on <= last))
    };
    let aid = || {
        facts
            .evidence
            .iter()
            .filter(|one| one.kind == EvidenceKind::FirstAid)
    };
    if let Some(one) = aid().find(|one| one.awarded_on.is_some_and(fresh)) {
        on.achievements
            .push((one.achievement.clone(), one.title.clone()));
        return Ternary::Yes;
    }
    let declared = facts.declared.paediatric_first_aid_on;
    if declared.is_some() {
        on.declared.insert("paediatricFirstAidOn".into());
    }
    if declared.is_some_and(fresh) {
        return Ternary::Yes;
    }
    let began = facts.work_started_on;
    if grace > 0
        && began.is_some_and(|began| later(began, grace).is_none_or(|last| facts.on <= last))
    {
        return Ternary::Yes;
    }
    // What is on record or declared has run out; where there is nothing, the record may not tell everything.
    let known = declared.is_some() || aid().any(|one| one.awarded_on.is_some());
    if known && (grace == 0 || began.is_some()) {
        Ternary::No
    } else {
        Ternary::Undetermined
    }
}

fn later(day: Date, months: u16) -> Option<Date> {
    day.checked_add_months(Months::new(u32::from(months)))
}
