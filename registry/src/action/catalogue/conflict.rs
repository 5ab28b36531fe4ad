//! Where the sources of the catalogue disagree about one qualification. Compared when it is asked, so that what is
//! listed is what the sources say now.

use super::against::alike;
use super::owner::Owners;
use crate::action::framework;
use crate::db::Connection;
use crate::error::Error;
use crate::model::{early_years, qualification};
use schema::{Code, Level};
use serde::{Serialize, Serializer};
use std::collections::{BTreeMap, BTreeSet};

/// A disagreement about one fact of one qualification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Conflict {
    /// The qualification's number.
    pub number: String,
    /// The fact, by its name in GraphQL.
    pub field: &'static str,
    /// Its code.
    #[serde(serialize_with = "code")]
    pub code: Code,
    /// What each source says, the register first.
    pub says: Vec<Said>,
}

/// What one source says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Said {
    /// The source; of an entry of a list its reference.
    pub source: String,
    /// What it says.
    pub value: String,
}

fn code<S: Serializer>(code: &Code, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(code.as_str())
}

/// What a source says of a qualification, as far as sources can disagree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stated {
    pub(super) source: String,
    pub(super) level: Option<Level>,
    pub(super) title: Option<String>,
    /// The body: how it is compared, and how it is called.
    pub(super) body: Option<(String, String)>,
}

/// The disagreements about these qualifications, or about all, by number.
///
/// # Errors
/// The engine's error.
pub fn conflicts(
    connection: &mut Connection,
    numbers: Option<&BTreeSet<String>>,
) -> Result<Vec<Conflict>, Error> {
    let owners = Owners::load(connection)?;
    let mut stated: BTreeMap<String, Vec<Stated>> = BTreeMap::new();
    for entry in early_years::in_force(connection)? {
        let Some(number) = entry.number else {
            continue;
        };
        if numbers.is_some_and(|numbers| !numbers.contains(&number)) {
            continue;
        }
        let body = owners.named(&entry.body_name);
        stated.entry(number).or_default().push(Stated {
            source: entry.reference,
            level: Level::from_place(entry.level),
            title: Some(entry.title),
            // A name that names nobody, or two, cannot disagree.
            body: body.map(|body| (body.to_string(), entry.body_name)),
        });
    }
    // Entries of one list may say different things of one number, as the titles of its pathways: among themselves they
    // do not disagree.
    let mut held_against: BTreeSet<String> = BTreeSet::new();
    for (number, compiled) in &framework::in_force(connection)?.structures {
        let structure = compiled.structure();
        let asked = numbers.is_none_or(|numbers| numbers.contains(number));
        // Of qualifications that share their rules the title is that of one.
        if !asked || *number != structure.qualification {
            continue;
        }
        held_against.insert(number.clone());
        let of = stated.entry(number.clone()).or_default();
        of.insert(
            0,
            Stated {
                source: "framework".to_owned(),
                level: structure.level,
                title: structure.title.clone(),
                body: None,
            },
        );
    }
    let all: Vec<&str> = stated.keys().map(String::as_str).collect();
    let rows = if all.is_empty() {
        Vec::new()
    } else {
        qualification::all(connection, &all)?
    };
    for row in rows.into_iter().filter(|row| row.registered) {
        let Some(others) = stated.get_mut(&row.number) else {
            continue;
        };
        let name = row.body_name;
        let register = Stated {
            source: "register".to_owned(),
            level: row.level.and_then(Level::from_place),
            title: Some(row.title),
            body: row.body.map(|body| (body.clone(), name.unwrap_or(body))),
        };
        others.insert(0, register);
        held_against.insert(row.number);
    }
    stated.retain(|number, _| held_against.contains(number));
    let found = stated
        .into_iter()
        .flat_map(|(number, stated)| compare(&number, &stated));
    Ok(found.collect())
}

/// Where these disagree: each is held against the first source alone.
pub(super) fn compare(number: &str, stated: &[Stated]) -> Vec<Conflict> {
    let Some((first, others)) = stated.split_first() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut differs = |field, code, one: (String, String), other: (String, String)| {
        let says = [one, other].map(|(source, value)| Said { source, value });
        found.push(Conflict {
            number: number.to_owned(),
            field,
            code,
            says: says.into(),
        });
    };
    for other in others {
        let of = |value: String| (first.source.clone(), value);
        let against = |value: String| (other.source.clone(), value);
        if let (Some(one), Some(two)) = (first.level, other.level)
            && one != two
        {
            let (one, two) = (format!("{one:?}"), format!("{two:?}"));
            differs("level", Code::LevelDiffers, of(one), against(two));
        }
        if let (Some(one), Some(two)) = (&first.title, &other.title)
            && !alike(one, two)
        {
            let (one, two) = (one.clone(), two.clone());
            differs("title", Code::TitleDiffers, of(one), against(two));
        }
        if let (Some(one), Some(two)) = (&first.body, &other.body)
            && one.0 != two.0
        {
            let (one, two) = (one.1.clone(), two.1.clone());
            differs("awardingBody", Code::BodyDiffers, of(one), against(two));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_source_is_held_against_the_first() {
        let stated = |source: &str, level, title: &str, body: &str| Stated {
            source: source.to_owned(),
            level: Some(level),
            title: Some(title.to_owned()),
            body: Some((body.to_owned(), body.to_owned())),
        };
        let register = stated(
            "register",
            Level::L3,
            "Diploma in Caring for Trees",
            "RN9001",
        );
        let same = stated(
            "EYQ-1",
            Level::L3,
            "Level 3 Diploma Caring for Trees",
            "RN9001",
        );
        let other = stated(
            "EYQ-2",
            Level::L2,
            "Certificate of Invented Weather",
            "RN9002",
        );
        let found = compare("999/0001/4", &[register, same, other]);
        let fields: Vec<&str> = found.iter().map(|one| one.field).collect();
        assert_eq!(fields, ["level", "title", "awardingBody"]);
        for one in &found {
            assert_eq!(one.says.len(), 2);
            assert_eq!(
                one.says.last().map(|said| said.source.as_str()),
                Some("EYQ-2")
            );
        }
        assert!(compare("999/0001/4", &[]).is_empty());
    }
}
