//! Who tells what of a learner's awards, in which file, and what must come of it.

mod bring;

use crate::Plan;
use crate::award::{Award, State};
use crate::catalogue::{Catalogue, Subject};
use crate::document::Shelf;
use crate::draw::{Draw, Purpose, later};
use crate::events::{Event, Events};
use crate::folder::Folder;
use crate::manifest::{Counts, Ends, Manifest, Outcome};
use crate::mistake::Mistake;
use crate::person::Person;
use crate::stated::{Slip, Stated};
use crate::table::{Cells, Manner, Table};
use crate::text::Short;
use crate::truth::{Told, Truth};
use schema::{Code, Date, Verb};
use std::io;

/// The files that are being written.
pub(crate) struct Teller<'a> {
    plan: &'a Plan,
    catalogue: &'a Catalogue,
    folder: &'a mut dyn Folder,
    /// A body's results, and its later changes.
    pushes: Vec<[Option<Table>; 2]>,
    presented: Option<Table>,
    events: Events,
    transcripts: Shelf,
    badges: Shelf,
    learner_records: Shelf,
    truth: Truth,
    learners: u64,
    awards: u64,
}

/// An award with what its rows have in common.
struct Telling<'a> {
    person: &'a Person,
    award: &'a Award,
    subject: &'a Subject,
    body: usize,
    /// The body's identifier of the result; what follows the first letter is the award's name in the truth.
    result_id: String,
    /// Mistakes in whatever is told of the award.
    mistakes: Vec<Mistake>,
    told: Told,
}

impl Telling<'_> {
    fn name(&self) -> &str {
        self.result_id.get(1..).unwrap_or_default()
    }
}

/// Into which file a row goes.
#[derive(Clone, Copy)]
enum File {
    Push { body: usize, later: bool },
    Presented,
}

/// What a row says of the award.
struct Said {
    state: State,
    verb: Verb,
    on: Date,
    reason: &'static str,
    outcome: Outcome,
    /// The mistakes of this row alone.
    mistakes: Vec<Mistake>,
}

impl Said {
    fn first(award: &Award) -> Self {
        Self {
            state: award.first(),
            verb: Verb::Create,
            on: award.told_on,
            reason: "",
            outcome: Outcome::Created,
            mistakes: Vec::new(),
        }
    }

    fn again(award: &Award, outcome: Outcome, mistake: Mistake) -> Self {
        Self {
            outcome,
            mistakes: vec![mistake],
            ..Self::first(award)
        }
    }
}

impl<'a> Teller<'a> {
    pub(crate) fn new(
        plan: &'a Plan,
        catalogue: &'a Catalogue,
        folder: &'a mut dyn Folder,
    ) -> io::Result<Self> {
        let truth = Truth::create(folder)?;
        Ok(Self {
            plan,
            catalogue,
            folder,
            pushes: catalogue.bodies.iter().map(|_| [None, None]).collect(),
            presented: None,
            events: Events::default(),
            transcripts: Shelf::new("elmo", "xml"),
            badges: Shelf::new("open-badges", "json"),
            learner_records: Shelf::new("clr", "json"),
            truth,
            learners: 0,
            awards: 0,
        })
    }

    /// Tells everything of one learner.
    pub(crate) fn tell(&mut self, person: &Person, awards: &[Award]) -> io::Result<()> {
        let catalogue = self.catalogue;
        let rates = &self.plan.rates;
        let mut draw = Draw::of(self.plan.seed, Purpose::Mistakes, person.number);
        let slip = Slip::draw(person, rates, &mut draw);
        let mut unknown = false;
        let mut tellings = Vec::with_capacity(awards.len());
        for award in awards {
            let Some(mut subject) = catalogue.subject(award.subject) else {
                continue;
            };
            let (body, mut mistakes) = (subject.body, Vec::new());
            let drawn = draw.chance(rates.of(Mistake::UnknownQualification));
            // Once a learner, since each learner has each subject once.
            if drawn && !unknown && subject.part_of.is_none() {
                let other = catalogue.body(body).map(|body| body.unregistered);
                subject = other
                    .and_then(|at| catalogue.subject(at))
                    .unwrap_or(subject);
                mistakes.push(Mistake::UnknownQualification);
                unknown = true;
            }
            let mut telling = Telling {
                person,
                award,
                subject,
                body,
                result_id: format!("R{}-{}", person.number, award.ordinal),
                mistakes,
                told: Told::default(),
            };
            if award.pushed {
                self.push(&mut telling, slip.as_ref(), &mut draw)?;
            }
            if award.presented {
                self.present(&mut telling, slip.as_ref(), &mut draw)?;
            }
            tellings.push(telling);
        }
        if awards.iter().any(|award| award.recorded) {
            self.record(person, &mut tellings, &mut draw)?;
        }
        self.bring(person, &mut tellings)?;
        let mut known = false;
        for telling in &tellings {
            let told = telling.told.at_all();
            known |= told;
            self.awards += u64::from(told);
            if let Some(body) = catalogue.body(telling.body) {
                self.truth.award(
                    telling.name(),
                    person,
                    telling.award,
                    (body, telling.subject),
                    &telling.told,
                )?;
            }
        }
        self.learners += u64::from(known);
        self.truth.learner(person, known)
    }

    /// The body's own rows.
    fn push(
        &mut self,
        telling: &mut Telling<'_>,
        slip: Option<&Slip>,
        draw: &mut Draw,
    ) -> io::Result<()> {
        let (rates, award) = (&self.plan.rates, telling.award);
        let mut stated = Stated::of(telling.person, award, slip);
        stated.mistake_uln(rates, draw);
        let faults = [
            Mistake::WrongCheckDigit,
            Mistake::ImpossibleBirth,
            Mistake::ImpossibleDate,
        ];
        let fault = faults.map(|one| draw.chance(rates.of(one)).then_some(one));
        let fault = fault.into_iter().flatten().next();
        let [mended, duplicated, repeated, elsewhere] = [
            0.5,
            rates.of(Mistake::Duplicated),
            rates.of(Mistake::Repeated),
            rates.of(Mistake::AnotherBody),
        ]
        .map(|share| draw.chance(share));
        let body = telling.body;
        let (first, second) = (
            File::Push { body, later: false },
            File::Push { body, later: true },
        );
        if let Some(fault) = fault {
            let faulty = stated.with_fault(fault, telling.person, draw);
            let code = fault.code().unwrap_or(Code::RecordUnreadable);
            let mut said = Said::first(award);
            said.outcome = Outcome::Rejected(code);
            self.row(first, telling, &faulty, &said)?;
            if !mended {
                return Ok(());
            }
            let said = Said {
                on: later(award.told_on, 5),
                ..Said::first(award)
            };
            self.row(second, telling, &stated, &said)?;
        } else {
            self.row(first, telling, &stated, &Said::first(award))?;
            if duplicated {
                let said = Said::again(award, Outcome::Unchanged, Mistake::Duplicated);
                self.row(first, telling, &stated, &said)?;
            }
            if repeated {
                let said = Said::again(award, Outcome::Unchanged, Mistake::Repeated);
                self.row(second, telling, &stated, &said)?;
            }
            if elsewhere {
                let other = File::Push {
                    body: (body + 1) % self.pushes.len(),
                    later: false,
                };
                let outcome = Outcome::Rejected(Code::BodyMismatch);
                let said = Said::again(award, outcome, Mistake::AnotherBody);
                self.row(other, telling, &stated, &said)?;
            }
        }
        let mut state = award.first();
        for change in &award.changes {
            state = state.after(change.what);
            let verb = change.what.verb();
            let outcome = match verb {
                Verb::Create | Verb::Update => Outcome::Updated,
                Verb::Promote => Outcome::Promoted,
                Verb::Withdraw => Outcome::Withdrawn,
                Verb::Reinstate => Outcome::Reinstated,
            };
            let said = Said {
                state,
                verb,
                on: change.on,
                reason: change.what.reason(),
                outcome,
                mistakes: Vec::new(),
            };
            self.row(second, telling, &stated, &said)?;
        }
        Ok(())
    }

    /// What the person brings, after everything that the body told.
    fn present(
        &mut self,
        telling: &mut Telling<'_>,
        slip: Option<&Slip>,
        draw: &mut Draw,
    ) -> io::Result<()> {
        let mut stated = Stated::of(telling.person, telling.award, slip);
        stated.mistake_uln(&self.plan.rates, draw);
        let said = Said {
            state: telling.award.last(),
            ..Said::first(telling.award)
        };
        self.row(File::Presented, telling, &stated, &said)
    }

    /// A row of a table, and the truth about it.
    fn row(
        &mut self,
        file: File,
        telling: &mut Telling<'_>,
        stated: &Stated<'_>,
        said: &Said,
    ) -> io::Result<()> {
        let catalogue = self.catalogue;
        let (Some(body), award, subject) =
            (catalogue.body(telling.body), telling.award, telling.subject)
        else {
            return Ok(());
        };
        let pushed = matches!(file, File::Push { .. });
        let manner = match file {
            File::Push { body, .. } => catalogue.body(body).map_or(Manner::PLAIN, Manner::of),
            File::Presented => Manner::PLAIN,
        };
        let date = |day: Date| Short::date(day, manner.day_first);
        let parent = subject.part_of.and_then(|at| catalogue.subject(at));
        let (qualification, unit) = match parent {
            Some(parent) => (parent.code.as_str(), subject.code.as_str()),
            None => (subject.code.as_str(), ""),
        };
        let reference = if pushed && telling.body % 4 != 3 {
            Short::number(10_000_000_000 + telling.person.number)
        } else {
            Short::default()
        };
        let awarded_on = if stated.mistakes.contains(&Mistake::ImpossibleDate) {
            let year = u64::try_from(chrono::Datelike::year(&award.awarded_on)).unwrap_or(2020);
            Short::day(year, 2, 31, manner.day_first)
        } else {
            date(said.state.awarded_on)
        };
        let of_body = |text: &'a str| if pushed { text } else { "" };
        let (gender, credit, centre) = (
            Short::number(telling.person.gender as u64),
            Short::number(u64::from(subject.credit)),
            Short::number(90_000 + telling.body as u64 * 100 + u64::from(award.centre)),
        );
        let (born, started_on, acted_on) = (
            date(stated.date_of_birth),
            date(award.started_on),
            date(said.on),
        );
        let cells: Cells<'_> = [
            &stated.uln,
            stated.given_name,
            &stated.family_name,
            born.as_str(),
            gender.as_str(),
            &telling.person.postcode,
            reference.as_str(),
            qualification,
            unit,
            &subject.title,
            &body.number,
            if pushed { &telling.result_id } else { "" },
            award.certificate_number.as_deref().unwrap_or_default(),
            centre.as_str(),
            started_on.as_str(),
            awarded_on.as_str(),
            said.state.grade,
            subject.level,
            credit.as_str(),
            "English",
            if pushed { award.route.as_str() } else { "" },
            of_body(said.state.base.as_str()),
            of_body(said.verb.as_str()),
            if pushed { acted_on.as_str() } else { "" },
            said.reason,
            if pushed { "" } else { &body.name },
        ];
        let table = table(
            (&mut self.pushes, &mut self.presented),
            file,
            catalogue,
            self.folder,
        )?;
        let Some(table) = table else { return Ok(()) };
        let line = table.add(&cells, said.outcome)?;
        let mistakes: Vec<Mistake> = stated
            .mistakes
            .iter()
            .chain(&telling.mistakes)
            .chain(&said.mistakes)
            .copied()
            .collect();
        self.truth.row(
            (&table.path, line),
            telling.person.number,
            telling.result_id.get(1..).unwrap_or_default(),
            &mistakes,
            said.outcome,
        )?;
        if !matches!(said.outcome, Outcome::Rejected(_)) {
            telling.told.note(&table.path, line);
            telling.told.attested |= pushed;
            telling.told.presented |= !pushed;
        }
        Ok(())
    }

    /// The learning events of a learner.
    fn record(
        &mut self,
        person: &Person,
        tellings: &mut [Telling<'_>],
        draw: &mut Draw,
    ) -> io::Result<()> {
        let path = self.events.begin(self.folder, &person.uln)?.to_owned();
        for telling in tellings.iter_mut().filter(|one| one.award.recorded) {
            let (award, subject) = (telling.award, telling.subject);
            let Some(body) = self.catalogue.body(telling.body) else {
                continue;
            };
            let mut mistakes = telling.mistakes.clone();
            let absurd = draw.chance(self.plan.rates.of(Mistake::AbsurdDate));
            if absurd {
                mistakes.push(Mistake::AbsurdDate);
            }
            // The service does not know every grade. Where the body told it that takes nothing away.
            let grade = if draw.chance(0.03) && telling.told.attested {
                "9999999999"
            } else {
                award.grade
            };
            let loaded_on = later(award.told_on, draw.between(1, 60));
            let provider = 99_000_000 + telling.body as u64 * 100 + u64::from(award.centre);
            let event = Event {
                awarded_on: if absurd {
                    Short::day(2058, 7, 1, false)
                } else {
                    Short::date(award.awarded_on, false)
                },
                provider: Short::number(provider),
                body: &body.name_xml,
                credit: Short::number(u64::from(subject.credit)),
                loaded_on: Short::date(loaded_on, false),
                grade,
                id: Short::number(person.number * 8 + u64::from(award.ordinal) + 1),
                level: subject.level,
                started_on: Short::date(award.started_on, false),
                kind: subject.kind,
                provisional: award.provisional,
                title: &subject.title_xml,
                code: &subject.code,
            };
            let row = self.events.add(&event, Outcome::Created);
            let name = telling.name();
            self.truth.row(
                (&path, row),
                person.number,
                name,
                &mistakes,
                Outcome::Created,
            )?;
            telling.told.note(&path, row);
            telling.told.recorded = true;
        }
        self.events.end()
    }

    /// Writes what is left, and what must come of it all.
    pub(crate) fn finish(self, manifest: &mut Manifest) -> io::Result<()> {
        let (mut first, mut second) = (Vec::new(), Vec::new());
        for [own, changes] in self.pushes {
            for (table, files) in [(own, &mut first), (changes, &mut second)] {
                if let Some(table) = table {
                    files.push(table.finish()?);
                }
            }
        }
        manifest.files.append(&mut first);
        manifest.files.append(&mut second);
        if let Some(table) = self.presented {
            manifest.files.push(table.finish()?);
        }
        manifest.files.extend(self.events.finish()?);
        for shelf in [self.transcripts, self.badges, self.learner_records] {
            manifest.files.extend(shelf.finish());
        }
        manifest.truth = self.truth.finish()?;
        let mut rows = Counts::default();
        for file in &manifest.files {
            rows.add(&file.expected);
        }
        let (learners, awards) = (self.learners, self.awards);
        manifest.expected.rows = rows;
        manifest.expected.learners = learners;
        manifest.expected.awards = awards;
        let clean = self.plan.rates.none();
        manifest.expected.exact_matching = clean.then_some(Ends { learners, awards });
        Ok(())
    }
}

/// The table that is that file, begun where it is not yet; none where there is no such body.
fn table<'t>(
    (pushes, presented): (&'t mut [[Option<Table>; 2]], &'t mut Option<Table>),
    file: File,
    catalogue: &Catalogue,
    folder: &mut dyn Folder,
) -> io::Result<Option<&'t mut Table>> {
    let (slot, path, manner, whose) = match file {
        File::Presented => {
            let path = "presented/brought-by-people.csv".to_owned();
            (presented, path, Manner::PLAIN, None)
        }
        File::Push { body: at, later } => {
            let (Some(body), Some([own, changes])) = (catalogue.body(at), pushes.get_mut(at))
            else {
                return Ok(None);
            };
            let (slot, part) = if later { (changes, "-2") } else { (own, "") };
            if slot.is_some() {
                return Ok(slot.as_mut());
            }
            let path = format!("csv/{}{part}.csv", body.number);
            (slot, path, Manner::of(body), Some(body.number.clone()))
        }
    };
    if slot.is_none() {
        *slot = Some(Table::create(folder, path, manner, whose)?);
    }
    Ok(slot.as_mut())
}
