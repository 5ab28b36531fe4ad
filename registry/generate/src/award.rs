//! What the learners were awarded, what became of it, and who tells of it.

use crate::catalogue::{Catalogue, YEARS};
use crate::draw::{Draw, Purpose, day, later};
use crate::person::Person;
use chrono::Datelike;
use schema::{AwardStatus, Date, Route, Verb};

/// An award as it is in truth.
pub(crate) struct Award {
    /// Its place among the learner's awards.
    pub(crate) ordinal: u32,
    pub(crate) subject: usize,
    pub(crate) started_on: Date,
    /// As first told.
    pub(crate) awarded_on: Date,
    pub(crate) grade: &'static str,
    pub(crate) provisional: bool,
    pub(crate) route: Route,
    pub(crate) centre: u32,
    pub(crate) certificate_number: Option<String>,
    /// The day on which the body tells of it.
    pub(crate) told_on: Date,
    pub(crate) changes: Vec<Change>,
    pub(crate) pushed: bool,
    pub(crate) recorded: bool,
    pub(crate) presented: bool,
}

/// A change that the body tells of later.
pub(crate) struct Change {
    pub(crate) on: Date,
    pub(crate) what: What,
}

/// What changes.
#[derive(Clone, Copy)]
pub(crate) enum What {
    Promoted,
    Dated(Date),
    Graded(&'static str),
    Withdrawn,
    Reinstated,
}

/// What is true of an award at some time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct State {
    pub(crate) awarded_on: Date,
    pub(crate) grade: &'static str,
    /// Provisional or final, whether withdrawn or not.
    pub(crate) base: AwardStatus,
    pub(crate) withdrawn: bool,
}

impl State {
    pub(crate) fn after(mut self, change: What) -> Self {
        match change {
            What::Promoted => self.base = AwardStatus::Final,
            What::Dated(day) => self.awarded_on = day,
            What::Graded(grade) => self.grade = grade,
            What::Withdrawn => self.withdrawn = true,
            What::Reinstated => self.withdrawn = false,
        }
        self
    }

    pub(crate) fn status(self) -> AwardStatus {
        if self.withdrawn {
            AwardStatus::Withdrawn
        } else {
            self.base
        }
    }
}

impl What {
    /// The action under which the body tells of it.
    pub(crate) fn verb(self) -> Verb {
        match self {
            Self::Promoted => Verb::Promote,
            Self::Dated(_) | Self::Graded(_) => Verb::Update,
            Self::Withdrawn => Verb::Withdraw,
            Self::Reinstated => Verb::Reinstate,
        }
    }

    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::Promoted => "",
            Self::Dated(_) => "Date corrected",
            Self::Graded(_) => "Grade corrected after review",
            Self::Withdrawn => "Entered in error",
            Self::Reinstated => "Withdrawal taken back on appeal",
        }
    }
}

impl Award {
    /// As the body first tells of it.
    pub(crate) fn first(&self) -> State {
        State {
            awarded_on: self.awarded_on,
            grade: self.grade,
            base: if self.provisional {
                AwardStatus::Provisional
            } else {
                AwardStatus::Final
            },
            withdrawn: false,
        }
    }

    /// As it is in the end.
    pub(crate) fn last(&self) -> State {
        let changes = self.changes.iter().map(|change| change.what);
        changes.fold(self.first(), State::after)
    }
}

/// How many awards learners have, from one: 3.02 on average.
const COUNTS: &[u32] = &[220, 240, 200, 140, 100, 60, 25, 15];
/// No award is later, so that every set tells of the past.
const LAST: (i32, u32, u32) = (2025, 7, 31);

/// The awards of a learner.
pub(crate) fn awards(seed: u64, person: &Person, catalogue: &Catalogue) -> Vec<Award> {
    let mut draw = Draw::of(seed, Purpose::Awards, person.number);
    let count = draw.weighted(COUNTS) + 1;
    let home = catalogue.draw_body(&mut draw);
    let mut awards: Vec<Award> = Vec::with_capacity(count);
    while awards.len() < count {
        let body = if draw.chance(0.7) {
            home
        } else {
            catalogue.draw_body(&mut draw)
        };
        let award = award(person, body, awards.len() as u32, catalogue, &mut draw);
        // A learner has each subject once. Of those that there are, eight are soon found.
        if let Some(award) = award
            && awards.iter().all(|other| other.subject != award.subject)
        {
            awards.push(award);
        }
    }
    awards
}

fn award(
    person: &Person,
    body: usize,
    ordinal: u32,
    catalogue: &Catalogue,
    draw: &mut Draw,
) -> Option<Award> {
    let grown = later(person.date_of_birth, 16 * 366).max(day(YEARS.start, 1, 1));
    let (year, month, last) = LAST;
    let awarded_on = draw.day(grown, day(year, month, last));
    let qualification = draw.pick(catalogue.offered(body, awarded_on.year()));
    let subject = if draw.chance(0.4) {
        let units = catalogue.subject(qualification)?.units.clone();
        units.start + draw.below(units.len() as u32) as usize
    } else {
        qualification
    };
    let known = catalogue.subject(subject)?;
    let (pushed, recorded, presented) = match draw.weighted(&[62, 28, 6, 2, 2]) {
        0 => (true, false, false),
        1 => (true, true, false),
        2 => (false, true, false),
        3 => (true, draw.chance(0.3), true),
        _ => (false, draw.chance(0.3), true),
    };
    let told_on = later(awarded_on, draw.between(1, 30));
    let mut award = Award {
        ordinal,
        subject,
        started_on: awarded_on - chrono::Days::new(u64::from(draw.between(60, 700))),
        awarded_on,
        grade: draw.pick(known.grades),
        provisional: draw.chance(0.08) && !presented,
        route: Route::Award,
        centre: draw.below(40),
        certificate_number: None,
        told_on,
        changes: Vec::new(),
        pushed,
        recorded,
        presented,
    };
    // The service tells of no certificates, and what people bring adds nothing to what it says.
    if known.part_of.is_none() && (pushed || !recorded) {
        let number = format!("{}{:09}{ordinal}", 9001 + body, person.number);
        award.certificate_number = Some(number);
    }
    if pushed {
        award.route = match draw.weighted(&[95, 3, 1, 1]) {
            0 => Route::Award,
            1 => Route::PriorLearning,
            2 => Route::CreditTransfer,
            _ => Route::Exemption,
        };
        award.changes = changes(&award, known.grades, draw);
    }
    Some(award)
}

fn changes(award: &Award, grades: &'static [&'static str], draw: &mut Draw) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut on = award.told_on;
    let mut add = |what, draw: &mut Draw| {
        on = later(on, draw.between(7, 60));
        changes.push(Change { on, what });
    };
    if award.provisional && draw.chance(0.85) {
        add(What::Promoted, draw);
    }
    if draw.chance(0.015) {
        // In the same year, in which the qualification is certificable.
        let first = day(award.awarded_on.year(), 1, 1);
        let days = draw.between(1, 20);
        let corrected = match award.awarded_on - chrono::Days::new(u64::from(days)) {
            day if day >= first => day,
            _ => later(award.awarded_on, days),
        };
        add(What::Dated(corrected), draw);
    }
    let other = draw.pick(grades);
    if draw.chance(0.015) && other != award.grade {
        add(What::Graded(other), draw);
    }
    if draw.chance(0.01) && !award.presented {
        add(What::Withdrawn, draw);
        if draw.chance(0.3) {
            add(What::Reinstated, draw);
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::person::Population;
    use std::collections::BTreeSet;

    #[test]
    fn awards_are_of_different_subjects_in_their_time_and_about_three_a_learner() {
        let catalogue = Catalogue::new();
        let population = Population::new(11, 0.1);
        let (mut count, mut statuses) = (0, BTreeSet::new());
        for number in 0..5000 {
            let person = population.person(number);
            let awards = awards(11, &person, &catalogue);
            count += awards.len();
            let subjects: BTreeSet<_> = awards.iter().map(|one| one.subject).collect();
            assert_eq!(subjects.len(), awards.len());
            for award in &awards {
                assert!(award.pushed || award.recorded || award.presented);
                assert!(award.started_on < award.awarded_on);
                assert!(award.awarded_on >= later(person.date_of_birth, 16 * 365));
                let last = award.last();
                assert_eq!(last.awarded_on.year(), award.awarded_on.year());
                statuses.insert(last.status().as_str());
                let mut on = award.told_on;
                for change in &award.changes {
                    assert!(change.on > on);
                    on = change.on;
                }
            }
        }
        assert!((14_500..15_700).contains(&count), "{count}");
        assert_eq!(statuses.len(), 3, "{statuses:?}");
    }
}
