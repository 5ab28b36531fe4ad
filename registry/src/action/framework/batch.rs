//! The framework's questions about everybody, as a table: in pages by identifier, read and answered on all processors, written
//! in order. Nothing is kept but a few pages.

use super::person::{Person, awards};
use super::prepare::Prepared;
use super::record::counting;
use crate::action::view::View;
use crate::app::App;
use crate::db::Id;
use crate::error::Error;
use crate::model::achievement::{Counted, counted_between};
use crate::model::learner;
use csv::Writer;
use framework::ratio::Declared;
use framework::structure::Workspace;
use framework::{Reason, Ternary};
use schema::{Code, Date};
use std::collections::{BTreeMap, HashMap};
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// How many learners are read at once.
const PAGE: i64 = 500;

/// What is asked about everybody.
#[derive(Debug, Clone)]
pub enum Question {
    /// Which qualifications they are closest to: so many, of a sector or at all.
    Nearest {
        /// The sector's code.
        sector: Option<String>,
        /// How many.
        first: usize,
    },
    /// Whether they meet what a role asks.
    Standing {
        /// The role's code.
        role: String,
    },
    /// Whether they count in the early-years ratios, by what is on record.
    CountsInRatio,
}

impl Question {
    /// The table's columns.
    #[must_use]
    pub fn columns(&self) -> &'static [&'static str] {
        match self {
            Self::Nearest { .. } => &[
                "learner",
                "place",
                "qualification",
                "credits_remaining",
                "decided",
            ],
            Self::Standing { .. } => &["learner", "role", "meets", "met", "missing"],
            Self::CountsInRatio => &["learner", "outcome", "counts_at", "must_also_hold"],
        }
    }

    fn check(&self, prepared: &Prepared) -> Result<(), Error> {
        let framework = &prepared.framework;
        match self {
            Self::Nearest {
                sector: Some(code), ..
            } if framework.sector(code).is_none() => Err(Error::from(Code::SectorUnknown)),
            Self::Standing { role } if framework.role(role).is_none() => {
                Err(Error::from(Code::RoleUnknown))
            }
            _ => Ok(()),
        }
    }

    /// The rows of one person.
    fn rows(
        &self,
        person: &Person<'_>,
        day: Date,
        room: &mut Workspace,
    ) -> Result<Vec<Vec<String>>, Error> {
        Ok(match self {
            Self::Nearest { sector, first } => {
                let near = person.nearest(sector.as_deref(), *first, day, room)?;
                let rows = near.into_iter().zip(1..).map(|(one, place)| {
                    let decided = if one.decided { "yes" } else { "no" };
                    let remaining = one.remaining.to_string();
                    vec![
                        place.to_string(),
                        one.qualification,
                        remaining,
                        decided.to_owned(),
                    ]
                });
                rows.collect()
            }
            Self::Standing { role } => {
                let Some(role) = person.prepared.framework.role(role) else {
                    return Err(Error::from(Code::RoleUnknown));
                };
                let standing = person.standing(role, day);
                let meets = ternary(standing.meets).to_owned();
                let (met, missing) = (cited(&standing.met), cited(&standing.missing));
                vec![vec![standing.role, meets, met, missing]]
            }
            Self::CountsInRatio => {
                let ratio = person.ratio(day, Declared::default());
                let levels: Vec<String> = ratio.counts_at.iter().map(u8::to_string).collect();
                let outcome = ternary(ratio.outcome).to_owned();
                vec![vec![
                    outcome,
                    levels.join("|"),
                    cited(&ratio.must_also_hold),
                ]]
            }
        })
    }
}

/// How a table writes what may stay open; GraphQL has the same words.
fn ternary(value: Ternary) -> &'static str {
    match value {
        Ternary::Yes => "YES",
        Ternary::No => "NO",
        Ternary::Undetermined => "UNDETERMINED",
    }
}

/// The rules that sentences cite, each once.
fn cited(reasons: &[Reason]) -> String {
    let mut rules: Vec<&str> = Vec::new();
    for reason in reasons {
        if !rules.contains(&reason.rule.as_str()) {
            rules.push(&reason.rule);
        }
    }
    rules.join("|")
}

/// How many people were asked about, and how many rows were written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// People.
    pub learners: u64,
    /// Rows, without the heading.
    pub rows: u64,
}

/// A page of people: who, and born when; all who come after one.
struct Page {
    after: Id,
    people: Vec<(Id, Option<Date>)>,
}

/// What a page came to: the rows as they are written, and how many.
type Answered = Result<(Vec<u8>, Counts), Error>;

/// Asks `question` about everybody, as things stand on `day`, and writes the answers to `out`, people in the order of their
/// identifiers. `seen` hears how many people of how many are done.
///
/// # Errors
/// [`Code::RoleUnknown`], [`Code::SectorUnknown`]; [`Error`] where the database does not answer or `out` cannot be written.
pub fn run(
    app: &App,
    prepared: &Arc<Prepared>,
    question: &Question,
    day: Date,
    out: impl Write,
    seen: &mut dyn FnMut(u64, u64),
) -> Result<Counts, Error> {
    question.check(prepared)?;
    let unwritten = |error: csv::Error| Error::internal(error);
    let mut out = out;
    let heading = line(question.columns()).map_err(unwritten)?;
    out.write_all(&heading).map_err(|error| written(&error))?;
    let all = app
        .db
        .read_blocking(|connection| Ok(learner::count(connection)?))?;
    let all = u64::try_from(all).unwrap_or(0);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    // Enough that nobody waits for the database, and no more.
    let ahead = threads * 3;
    let (give, take) = crossbeam_channel::bounded::<(u64, Page)>(ahead);
    let (tell, hear) = crossbeam_channel::bounded::<(u64, Answered)>(ahead);
    std::thread::scope(|scope| {
        // Whatever ends this scope drops `give`, and with it everybody who waits for pages.
        let give = give;
        for _ in 0..threads {
            let (take, tell) = (take.clone(), tell.clone());
            scope.spawn(move || {
                let mut room = Workspace::default();
                for (number, page) in take {
                    // A page that is never answered would be waited for.
                    let work = AssertUnwindSafe(|| {
                        let counted = page.counted(app, day)?;
                        page.answer(&counted, question, prepared, day, &mut room)
                    });
                    let answered = catch_unwind(work)
                        .unwrap_or_else(|_| Err(Error::internal("a page of people panicked")));
                    if tell.send((number, answered)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(tell);
        let mut counts = Counts::default();
        let (mut after, mut ended) = (Id::from_bytes([0; 16]), false);
        let (mut read, mut done) = (0_u64, 0_u64);
        let mut waiting: BTreeMap<u64, Answered> = BTreeMap::new();
        while !ended || done < read {
            if !ended && read - done < ahead as u64 {
                let page = Page::read(app, after)?;
                match page.people.last() {
                    Some((last, _)) => after = *last,
                    None => {
                        ended = true;
                        continue;
                    }
                }
                give.send((read, page)).map_err(Error::internal)?;
                read += 1;
                continue;
            }
            let (number, answered) = hear.recv().map_err(Error::internal)?;
            waiting.insert(number, answered);
            while let Some(answered) = waiting.remove(&done) {
                let (rows, more) = answered?;
                out.write_all(&rows).map_err(|error| written(&error))?;
                counts.learners += more.learners;
                counts.rows += more.rows;
                done += 1;
                seen(counts.learners, all.max(counts.learners));
            }
        }
        out.flush().map_err(|error| written(&error))?;
        Ok(counts)
    })
}

fn written(error: &std::io::Error) -> Error {
    Error::file(std::path::Path::new("--out"), error)
}

fn line<T: AsRef<[u8]>>(fields: impl IntoIterator<Item = T>) -> Result<Vec<u8>, csv::Error> {
    let mut writer = Writer::from_writer(Vec::new());
    writer.write_record(fields)?;
    writer
        .into_inner()
        .map_err(|error| error.into_error().into())
}

impl Page {
    /// The people after one.
    fn read(app: &App, after: Id) -> Result<Self, Error> {
        let people = app
            .db
            .read_blocking(move |connection| Ok(learner::page(connection, after, PAGE)?))?;
        Ok(Self { after, people })
    }

    /// What counts of them on that day. One statement; where the day is past, those by which any earlier day is read.
    fn counted(&self, app: &App, day: Date) -> Result<HashMap<Id, Vec<Counted>>, Error> {
        let Some((last, _)) = self.people.last() else {
            return Ok(HashMap::new());
        };
        let (after, last, now) = (self.after, *last, app.clock.now());
        let mut counted: HashMap<Id, Vec<Counted>> = HashMap::new();
        if day < now.date() {
            let learners: Vec<Id> = self.people.iter().map(|(id, _)| *id).collect();
            let held = app.db.read_blocking(move |connection| {
                counting(connection, &learners, View::Steward, Some(day), now)
            })?;
            let held = held.into_iter();
            counted.extend(held.map(|(id, held)| (id, held.iter().map(Counted::from).collect())));
        } else {
            let all = app
                .db
                .read_blocking(move |connection| Ok(counted_between(connection, after, last)?))?;
            for one in all {
                counted.entry(one.learner_id).or_default().push(one);
            }
        }
        Ok(counted)
    }

    fn answer(
        &self,
        counted: &HashMap<Id, Vec<Counted>>,
        question: &Question,
        prepared: &Prepared,
        day: Date,
        room: &mut Workspace,
    ) -> Answered {
        let mut writer = Writer::from_writer(Vec::new());
        let mut counts = Counts::default();
        for (learner, born) in &self.people {
            let awards = awards(counted.get(learner).into_iter().flatten(), prepared);
            let person = Person {
                prepared,
                awards: &awards,
                born: *born,
            };
            let shown = learner.show("learner");
            for row in question.rows(&person, day, room)? {
                writer
                    .write_record(std::iter::once(&shown).chain(&row))
                    .map_err(Error::internal)?;
                counts.rows += 1;
            }
            counts.learners += 1;
        }
        let rows = writer
            .into_inner()
            .map_err(|error| Error::internal(error.error()))?;
        Ok((rows, counts))
    }
}
