//! What there is of a learner in documents: a transcript, badges, a learner record. Their makers know the learner
//! by records of their own, often without a ULN, and in other fields and letters. An operator brings them, so
//! that each award in them is told once of each kind.

use super::{Teller, Telling};
use crate::credential;
use crate::document::{Entry, Holder};
use crate::draw::{Draw, Purpose, day, later};
use crate::manifest::Outcome;
use crate::mistake::Mistake;
use crate::person::Person;
use crate::stated::{Slip, Stated};
use crate::transcript;
use chrono::Datelike;
use schema::{AwardStatus, Code, Date};
use std::io;

/// The kinds of documents.
#[derive(Clone, Copy)]
enum Kind {
    Transcript,
    Badges,
    LearnerRecord,
}

/// No document is later, so that every set tells of the past.
const LAST: (i32, u32, u32) = (2025, 12, 31);

/// One document.
struct Document {
    name: String,
    text: String,
    /// The places of its awards among the tellings, in the order in which it tells of them.
    rows: Vec<usize>,
}

impl Teller<'_> {
    /// Tells in documents what is final.
    pub(super) fn bring(
        &mut self,
        person: &Person,
        tellings: &mut [Telling<'_>],
    ) -> io::Result<()> {
        let mut draw = Draw::of(self.plan.seed, Purpose::Documents, person.number);
        let kinds = [Kind::Transcript, Kind::Badges, Kind::LearnerRecord];
        let brought = kinds.map(|kind| (kind, draw.chance(self.plan.documents)));
        for (kind, brought) in brought {
            if brought {
                self.bring_kind(kind, person, tellings, &mut draw)?;
            }
        }
        Ok(())
    }

    fn bring_kind(
        &mut self,
        kind: Kind,
        person: &Person,
        tellings: &mut [Telling<'_>],
        draw: &mut Draw,
    ) -> io::Result<()> {
        let rates = &self.plan.rates;
        let mut places: Vec<usize> = (0..tellings.len()).collect();
        places.retain(|at| tellings.get(*at).is_some_and(Telling::is_final));
        if matches!(kind, Kind::Badges) {
            // Not of everything there is a badge, but of something.
            let first = places.first().copied();
            places.retain(|at| draw.chance(0.5) || Some(*at) == first);
        }
        let told = places.iter().filter_map(|at| tellings.get(*at));
        let Some(last) = told.map(Telling::last_told_on).max() else {
            return Ok(());
        };
        let (year, month, end) = LAST;
        let made_on = later(last, draw.between(5, 300)).min(day(year, month, end));
        let unnumbered = draw.chance(rates.of(Mistake::UnknownUln));
        let slip = Slip::draw_for_document(person, !unnumbered, rates, draw);
        let mut stated = Stated::on(made_on, person, slip.as_ref());
        if unnumbered {
            stated = stated.without_uln();
        }
        let faults = [
            Mistake::WrongCheckDigit,
            Mistake::ImpossibleBirth,
            Mistake::DateForm,
        ];
        let fault = faults.map(|one| draw.chance(rates.of(one)).then_some(one));
        let fault = fault.into_iter().flatten().next();
        if let Some(fault) = fault {
            stated = stated.with_fault(fault, person, draw);
        }
        let again = draw.chance(rates.of(Mistake::Repeated));
        let zone = draw.pick(&["Z", "Z", "+01:00"]);
        let holder = Holder {
            person,
            born: born(&stated, draw),
            stated: &stated,
            made_on,
            zone,
        };
        let documents = self.documents(kind, &holder, tellings, &places);
        let outcome = fault.map_or(Outcome::Created, |fault| {
            Outcome::Rejected(fault.code().unwrap_or(Code::RecordUnreadable))
        });
        for document in documents {
            self.put(kind, &document, tellings, &stated.mistakes, outcome)?;
            if again {
                let repeated = Document {
                    name: format!("{}_again", document.name),
                    ..document
                };
                let outcome = match outcome {
                    Outcome::Rejected(code) => Outcome::Rejected(code),
                    _ => Outcome::Unchanged,
                };
                let mut mistakes = stated.mistakes.clone();
                mistakes.push(Mistake::Repeated);
                self.put(kind, &repeated, tellings, &mistakes, outcome)?;
            }
        }
        Ok(())
    }

    /// The documents of a kind about these awards.
    fn documents(
        &self,
        kind: Kind,
        holder: &Holder<'_>,
        tellings: &[Telling<'_>],
        places: &[usize],
    ) -> Vec<Document> {
        let of = |at: &usize| Some((*at, self.entry(tellings.get(*at)?)?));
        let (places, entries): (Vec<usize>, Vec<Entry<'_>>) = places.iter().filter_map(of).unzip();
        let number = holder.person.number;
        match kind {
            Kind::Transcript => {
                let ordered = transcript::order(&entries);
                let place = |entry: &&Entry<'_>| {
                    let at = entries.iter().position(|one| one.award == entry.award);
                    at.and_then(|at| places.get(at).copied())
                };
                vec![Document {
                    name: format!("{number:09}"),
                    rows: ordered.iter().filter_map(place).collect(),
                    text: transcript::write(holder, &ordered),
                }]
            }
            Kind::Badges => entries
                .iter()
                .zip(places)
                .map(|(entry, place)| Document {
                    name: format!("{number:09}-{place}"),
                    text: format!("{:#}\n", credential::badge(holder, entry)),
                    rows: vec![place],
                })
                .collect(),
            Kind::LearnerRecord => vec![Document {
                name: format!("{number:09}"),
                text: format!("{:#}\n", credential::learner_record(holder, &entries)),
                rows: places,
            }],
        }
    }

    /// The award as a document tells of it.
    fn entry<'t>(&'t self, telling: &'t Telling<'_>) -> Option<Entry<'t>> {
        let (award, last) = (telling.award, telling.award.last());
        Some(Entry {
            award: telling.name(),
            subject: telling.subject,
            whole: telling
                .subject
                .part_of
                .and_then(|at| self.catalogue.subject(at)),
            body: self.catalogue.body(telling.body)?,
            started_on: award.started_on,
            awarded_on: last.awarded_on,
            grade: last.grade,
        })
    }

    /// Writes a document, and the truth about what it tells.
    fn put(
        &mut self,
        kind: Kind,
        document: &Document,
        tellings: &mut [Telling<'_>],
        mistakes: &[Mistake],
        outcome: Outcome,
    ) -> io::Result<()> {
        let shelf = match kind {
            Kind::Transcript => &mut self.transcripts,
            Kind::Badges => &mut self.badges,
            Kind::LearnerRecord => &mut self.learner_records,
        };
        let outcomes = document.rows.iter().map(|_| outcome);
        let path = shelf.put(self.folder, &document.name, &document.text, outcomes)?;
        for (row, place) in (1..).zip(&document.rows) {
            let Some(telling) = tellings.get_mut(*place) else {
                continue;
            };
            let all: Vec<Mistake> = mistakes.iter().chain(&telling.mistakes).copied().collect();
            self.truth.row(
                (&path, row),
                telling.person.number,
                telling.result_id.get(1..).unwrap_or_default(),
                &all,
                outcome,
            )?;
            if !matches!(outcome, Outcome::Rejected(_)) {
                telling.told.note(&path, row);
                telling.told.presented = true;
            }
        }
        Ok(())
    }
}

impl Telling<'_> {
    fn is_final(&self) -> bool {
        self.award.last().status() == AwardStatus::Final
    }

    /// The day on which the body told of it last.
    fn last_told_on(&self) -> Date {
        let changes = self.award.changes.last();
        changes.map_or(self.award.told_on, |change| change.on)
    }
}

/// The birth date, in one of the forms that formats allow, or in none of them.
fn born(stated: &Stated<'_>, draw: &mut Draw) -> String {
    let born = stated.date_of_birth;
    let (year, month, day) = (born.year(), born.month(), born.day());
    let zone = draw.pick(&["", "", "", "Z", "+01:00"]);
    if stated.mistakes.contains(&Mistake::DateForm) {
        return match draw.below(3) {
            0 => format!("{day:02}/{month:02}/{year}"),
            1 => format!("{day:02}.{month:02}.{year}"),
            _ => format!("{year}{month:02}{day:02}"),
        };
    }
    format!("{born}{zone}")
}
