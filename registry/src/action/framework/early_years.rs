//! What the Department for Education's list of early-years qualifications says of awards.

use crate::db::Connection;
use crate::model::early_years::{self, EntryRow};
use diesel::QueryResult;
use framework::ratio::{Listed, ListedQuestion, Listing, Question};
use schema::{Date, Level, words};
use std::collections::HashMap;

/// Words that a title has or lacks without being another's: grammar, frameworks, and how a level is written.
const EMPTY: [&str; 17] = [
    "a", "an", "the", "of", "in", "for", "and", "to", "with", "on", "at", "level", "qcf", "rqf",
    "vrq", "england", "ltd",
];

/// From which first day on entries at level 2 are those of early years practitioners.
const PRACTITIONERS: Option<Date> = Date::from_ymd_opt(2019, 9, 1);

/// The list as it is in force, ready to be asked of many awards.
#[derive(Debug, Clone, Default)]
pub struct EarlyYears {
    version: i64,
    entries: Vec<EntryRow>,
    by_number: HashMap<String, Vec<usize>>,
    /// Those without a number, by level and title.
    by_title: HashMap<(i16, String), Vec<usize>>,
}

/// An award that is looked for on the list.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sought<'a> {
    /// The qualification's number.
    pub number: Option<&'a str>,
    /// Its title.
    pub title: &'a str,
    /// Its level.
    pub level: Option<Level>,
    /// The awarding body's name.
    pub body: Option<&'a str>,
    /// When it was begun.
    pub started_on: Option<Date>,
}

impl EarlyYears {
    /// Reads the list: two statements, however many awards are asked about.
    ///
    /// # Errors
    /// The engine's error.
    pub fn load(connection: &mut Connection) -> QueryResult<Self> {
        let version = early_years::version(connection)?;
        Ok(Self::of(version, early_years::in_force(connection)?))
    }

    fn of(version: i64, entries: Vec<EntryRow>) -> Self {
        let mut list = Self {
            version,
            entries,
            ..Self::default()
        };
        for (place, entry) in list.entries.iter().enumerate() {
            match &entry.number {
                Some(number) => list
                    .by_number
                    .entry(number.clone())
                    .or_default()
                    .push(place),
                None => {
                    let key = (entry.level, title_key(&entry.title, Some(&entry.body_name)));
                    list.by_title.entry(key).or_default().push(place);
                }
            }
        }
        list
    }

    /// The list's version; 0 where none was loaded. What was read stands as long as [`early_years::version`] says
    /// the same.
    #[must_use]
    pub fn version(&self) -> i64 {
        self.version
    }

    /// The entries in force, by reference.
    #[must_use]
    pub fn entries(&self) -> &[EntryRow] {
        &self.entries
    }

    /// What the list says of an award: by its number; else, among entries without one, which are of the time before
    /// numbers or no regulated qualifications, by level, title and body. Of several entries that fit, as a
    /// qualification has whose title changed, the one that counts for who began then, and of those the one with the
    /// likest title. `questions` says which answers make a qualification full and relevant.
    #[must_use]
    pub fn listed(&self, sought: &Sought<'_>, questions: &[ListedQuestion]) -> Listed {
        if self.entries.is_empty() {
            return Listed::NoList;
        }
        let numbered = sought.number.and_then(|number| self.by_number.get(number));
        let found = numbered.map_or_else(|| self.titled(sought), |places| self.at(places));
        let best = found.into_iter().min_by(|one, other| {
            let begun = |entry: &EntryRow| sought.started_on.is_some_and(|day| !counts(entry, day));
            let likeness = |entry: &EntryRow| {
                let (entry, sought) = (words(&entry.title), words(sought.title));
                strsim::normalized_damerau_levenshtein(&entry.join(" "), &sought.join(" "))
            };
            let by_days = begun(one).cmp(&begun(other));
            by_days
                .then(likeness(other).total_cmp(&likeness(one)))
                .then(one.reference.cmp(&other.reference))
        });
        best.map_or(Listed::Not, |entry| Listed::On(listing(entry, questions)))
    }

    fn at(&self, places: &[usize]) -> Vec<&EntryRow> {
        let entries = places.iter().filter_map(|place| self.entries.get(*place));
        entries.collect()
    }

    fn titled(&self, sought: &Sought<'_>) -> Vec<&EntryRow> {
        let Some(level) = sought.level else {
            return Vec::new();
        };
        let title = title_key(sought.title, sought.body);
        if title.is_empty() {
            return Vec::new();
        }
        let key = (level.place(), title);
        let found = self.by_title.get(&key).map(|places| self.at(places));
        let mut found = found.unwrap_or_default();
        found.retain(|entry| {
            sought
                .body
                .is_none_or(|body| may_award(&entry.body_name, body))
        });
        found
    }
}

/// Whether the entry counts for who began on that day.
fn counts(entry: &EntryRow, day: Date) -> bool {
    entry.started_from.is_none_or(|from| from <= day)
        && entry.started_until.is_none_or(|until| day <= until)
}

/// A title without what writers add and leave out: grammar, the level, the body's own name before it, and the ends of
/// plurals, which the list writes in both ways.
fn title_key(title: &str, body: Option<&str>) -> String {
    let body = body.map(words).unwrap_or_default();
    let telling = words(title)
        .into_iter()
        .filter(|word| !EMPTY.contains(&word.as_str()))
        .filter(|word| word.chars().any(|letter| !letter.is_ascii_digit()));
    let telling: Vec<String> = telling.skip_while(|word| body.contains(word)).collect();
    let singular = telling.iter().map(|word| match word.strip_suffix('s') {
        Some(singular) if singular.chars().count() > 3 => singular,
        _ => word.as_str(),
    });
    singular.collect::<Vec<_>>().join(" ")
}

/// Whether an entry of the list is of that body: the list names many by former and other names, and some entries
/// are of any.
fn may_award(listed: &str, body: &str) -> bool {
    let (listed, body) = (words(listed), words(body));
    let any = matches!(listed.first().map(String::as_str), Some("various" | "all"));
    let common = [
        "awards",
        "awarding",
        "education",
        "council",
        "university",
        "college",
        "institute",
        "board",
    ];
    let telling = |word: &&String| {
        !EMPTY.contains(&word.as_str()) && !common.contains(&word.as_str()) && word.len() > 2
    };
    any || listed
        .iter()
        .filter(telling)
        .any(|word| body.contains(word))
}

fn listing(entry: &EntryRow, questions: &[ListedQuestion]) -> Listing {
    let title = words(&entry.title);
    let has = |word: &str| title.iter().any(|one| one == word);
    let level = Level::from_place(entry.level);
    let asked = entry.questions.split(':').filter(|id| !id.is_empty());
    let degree = [
        "ba", "bsc", "bed", "ma", "hons", "honours", "degree", "degrees",
    ];
    Listing {
        reference: entry.reference.clone(),
        started: (entry.started_from, entry.started_until),
        questions: asked
            .map(|id| Question {
                id: id.to_owned(),
                expected: questions
                    .iter()
                    .find(|one| one.id == id)
                    .and_then(|one| one.expected),
            })
            .collect(),
        degree: Some(level >= Some(Level::L6) && degree.into_iter().any(has)),
        practitioner: (level == Some(Level::L2))
            .then(|| entry.started_from.is_some() && entry.started_from >= PRACTITIONERS),
        is_status: has("status") && (has("teacher") || has("professional")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDateTime;

    fn entry(
        reference: &str,
        level: Level,
        title: &str,
        body: &str,
        number: Option<&str>,
    ) -> EntryRow {
        EntryRow {
            reference: reference.to_owned(),
            version: 1,
            level: level.place(),
            started_from: None,
            started_until: None,
            title: title.to_owned(),
            body_name: body.to_owned(),
            number: number.map(str::to_owned),
            notes: None,
            questions: String::new(),
            ratio_requirements: String::new(),
            loaded_at: NaiveDateTime::default(),
            replaced_at: None,
        }
    }

    fn reference(listed: Listed) -> String {
        match listed {
            Listed::On(listing) => listing.reference,
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn awards_are_found_by_number_then_by_title_level_and_body() {
        let day = |text: &str| schema::parse_date(text).ok();
        let mut old = entry(
            "EYQ-2",
            Level::L3,
            "T Level in Childcare",
            "NCFE",
            Some("603/5829/4"),
        );
        old.started_until = day("2023-01-31");
        let mut new = entry(
            "EYQ-3",
            Level::L3,
            "T Level in Early Years",
            "NCFE",
            Some("603/5829/4"),
        );
        new.started_from = day("2023-02-01");
        let mut asked = entry(
            "EYQ-4",
            Level::L2,
            "NVQ in Playwork",
            "Various Awarding Organisations",
            None,
        );
        asked.questions = "one:two".to_owned();
        let pearson = entry(
            "EYQ-5",
            Level::L3,
            "BTEC National Diploma in Childrens Care",
            "Edexcel (now Pearson Education Ltd)",
            None,
        );
        let status = entry(
            "EYQ-6",
            Level::L6,
            "Early Years Teacher Status (EYTS)",
            "Various Awarding Organisations",
            None,
        );
        let list = EarlyYears::of(1, vec![old, new, asked, pearson, status]);
        let find = |number, title, level, body, started: Option<&str>| {
            let sought = Sought {
                number,
                title,
                level: Some(level),
                body,
                started_on: started.and_then(day),
            };
            reference(list.listed(&sought, &[]))
        };
        let number = Some("603/5829/4");
        assert_eq!(
            find(number, "", Level::L3, None, Some("2022-09-01")),
            "EYQ-2"
        );
        assert_eq!(
            find(number, "", Level::L3, None, Some("2023-09-01")),
            "EYQ-3"
        );
        assert_eq!(
            find(number, "T-Level: early years", Level::L3, None, None),
            "EYQ-3"
        );
        let play = "Level 2 NVQ in Playwork (QCF)";
        assert_eq!(
            find(Some("500/0000/0"), play, Level::L2, Some("Anybody"), None),
            "EYQ-4"
        );
        assert_eq!(find(None, play, Level::L3, None, None), "Not");
        let care = "Pearson BTEC National Diploma in Children's Care";
        assert_eq!(
            find(None, care, Level::L3, Some("Pearson Education Ltd"), None),
            "EYQ-5"
        );
        assert_eq!(
            find(
                None,
                "BTEC National Diploma in Children's Care",
                Level::L3,
                Some("NCFE"),
                None
            ),
            "Not"
        );
        let questions = list.listed(
            &Sought {
                title: play,
                level: Some(Level::L2),
                ..Sought::default()
            },
            &[],
        );
        assert!(
            matches!(questions, Listed::On(one) if one.questions.len() == 2 && one.practitioner == Some(false))
        );
        // A title of nothing but the body's own name says nothing.
        let nameless = entry("EYQ-7", Level::L3, "Oak Awards Level 3", "Oak Awards", None);
        let nameless = EarlyYears::of(1, vec![nameless]).listed(
            &Sought {
                title: "",
                level: Some(Level::L3),
                ..Sought::default()
            },
            &[],
        );
        assert_eq!(nameless, Listed::Not);
        let status = list.listed(
            &Sought {
                title: "Early Years Teacher Status (EYTS)",
                level: Some(Level::L6),
                ..Sought::default()
            },
            &[],
        );
        assert!(matches!(status, Listed::On(one) if one.is_status));
        assert_eq!(
            EarlyYears::default().listed(&Sought::default(), &[]),
            Listed::NoList
        );
    }
}
