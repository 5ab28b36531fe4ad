//! What is true, for whoever measures what a registry made of the set. Not for the registry itself.

use crate::award::Award;
use crate::catalogue::{Body, Subject};
use crate::folder::Folder;
use crate::manifest::{Outcome, TruthFile};
use crate::mistake::Mistake;
use crate::person::Person;
use crate::table::{Manner, Rows};
use crate::text::Short;
use std::io;

const LEARNERS: &str = "truth/learners.csv";
const AWARDS: &str = "truth/awards.csv";
const ROWS: &str = "truth/rows.csv";

/// The files of the truth.
pub(crate) struct Truth {
    learners: Rows,
    awards: Rows,
    rows: Rows,
}

/// How an award was told of.
#[derive(Default)]
pub(crate) struct Told {
    /// The rows that are not rejected, as `file:row`.
    pub(crate) by: String,
    pub(crate) attested: bool,
    pub(crate) recorded: bool,
    pub(crate) presented: bool,
}

impl Told {
    pub(crate) fn note(&mut self, path: &str, row: u64) {
        if !self.by.is_empty() {
            self.by.push(' ');
        }
        self.by.push_str(path);
        self.by.push(':');
        self.by.push_str(Short::number(row).as_str());
    }

    pub(crate) fn at_all(&self) -> bool {
        !self.by.is_empty()
    }

    fn standing(&self) -> &'static str {
        match (self.attested, self.recorded, self.presented) {
            (true, ..) => "attested",
            (_, true, _) => "recorded",
            (.., true) => "self-presented",
            _ => "",
        }
    }
}

impl Truth {
    pub(crate) fn create(folder: &mut dyn Folder) -> io::Result<Self> {
        let mut file = |path, headings: &str| {
            let mut rows = Rows::create(folder, path, Manner::PLAIN)?;
            rows.add(headings.split(','))?;
            io::Result::Ok(rows)
        };
        Ok(Self {
            learners: file(
                LEARNERS,
                "learner,uln,given_name,family_name,former_family_name,name_changed_on,date_of_birth,gender,\
                 postcode,household,look_alike,look_alike_of,told",
            )?,
            awards: file(
                AWARDS,
                "award,learner,uln,awarding_body,subject,awarded_on,status,grade,route,certificate_number,\
                 standing,told_by",
            )?,
            rows: file(
                ROWS,
                "file,row,learner,award,mistakes,expected,code,outcome",
            )?,
        })
    }

    pub(crate) fn learner(&mut self, person: &Person, told: bool) -> io::Result<()> {
        let (former, since) = match &person.former_name {
            Some((name, since)) => (name.as_str(), Short::date(*since, false)),
            None => ("", Short::default()),
        };
        let other = person.alike.map(Short::number).unwrap_or_default();
        self.learners.add([
            Short::number(person.number).as_str(),
            &person.uln,
            &person.given_name,
            &person.family_name,
            former,
            since.as_str(),
            Short::date(person.date_of_birth, false).as_str(),
            Short::number(person.gender as u64).as_str(),
            &person.postcode,
            Short::number(person.household).as_str(),
            person.likeness.as_str(),
            other.as_str(),
            if told { "yes" } else { "no" },
        ])?;
        Ok(())
    }

    pub(crate) fn award(
        &mut self,
        id: &str,
        person: &Person,
        award: &Award,
        (body, subject): (&Body, &Subject),
        told: &Told,
    ) -> io::Result<()> {
        let last = award.last();
        self.awards.add([
            id,
            Short::number(person.number).as_str(),
            &person.uln,
            &body.number,
            &subject.code,
            Short::date(last.awarded_on, false).as_str(),
            last.status().as_str(),
            last.grade,
            award.route.as_str(),
            award.certificate_number.as_deref().unwrap_or_default(),
            told.standing(),
            &told.by,
        ])?;
        Ok(())
    }

    pub(crate) fn row(
        &mut self,
        (path, row): (&str, u64),
        learner: u64,
        award: &str,
        mistakes: &[Mistake],
        outcome: Outcome,
    ) -> io::Result<()> {
        let mut names = String::new();
        for mistake in mistakes {
            if !names.is_empty() {
                names.push(' ');
            }
            names.push_str(mistake.as_str());
        }
        let (expected, code) = match outcome {
            Outcome::Rejected(code) => ("rejected", Some(code)),
            _ => ("accepted", mistakes.iter().find_map(|one| one.code())),
        };
        self.rows.add([
            path,
            Short::number(row).as_str(),
            Short::number(learner).as_str(),
            award,
            &names,
            expected,
            code.map_or("", schema::Code::as_str),
            outcome.as_str(),
        ])?;
        Ok(())
    }

    pub(crate) fn finish(self) -> io::Result<Vec<TruthFile>> {
        let files = [
            (LEARNERS, self.learners),
            (AWARDS, self.awards),
            (ROWS, self.rows),
        ];
        let mut done = Vec::new();
        for (path, file) in files {
            let rows = file.rows - 1;
            file.finish()?;
            done.push(TruthFile {
                path: path.to_owned(),
                rows,
            });
        }
        Ok(done)
    }
}
