//! What is a part of what. Associations name achievements by their identifiers, or credentials by theirs.

use crate::object;
use badge::{items, text};
use schema::QualificationNumber;
use sdk::{ResultRecord, StatedField};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The associations of a record, and what it says of the achievements that they name.
#[derive(Default)]
pub(crate) struct Associations {
    /// Of each, what it is a part of.
    wholes: BTreeMap<String, Vec<String>>,
    achievements: BTreeMap<String, Achievement>,
}

/// What is known of an achievement.
struct Achievement {
    title: String,
    number: Option<QualificationNumber>,
}

/// The most steps from a part up to a whole.
const FARTHEST: usize = 64;

impl Associations {
    /// Reads all credentials of a document.
    pub(crate) fn read<'a>(credentials: impl Iterator<Item = &'a Map<String, Value>>) -> Self {
        let mut read = Self::default();
        for credential in credentials {
            for subject in items(credential.get("credentialSubject"))
                .iter()
                .filter_map(object)
            {
                for achievement in items(subject.get("achievement")).iter().filter_map(object) {
                    let whole_credential = subject.get("verifiableCredential").is_none();
                    let id = text(achievement, "id");
                    let also = if whole_credential {
                        text(credential, "id")
                    } else {
                        String::new()
                    };
                    for id in [id, also].into_iter().filter(|id| !id.is_empty()) {
                        let number = badge::number(achievement).unwrap_or_default();
                        let number = number.and_then(|text| QualificationNumber::parse(&text).ok());
                        read.achievements.insert(
                            id,
                            Achievement {
                                title: text(achievement, "name"),
                                number,
                            },
                        );
                    }
                }
                for association in items(subject.get("association")).iter().filter_map(object) {
                    read.add(association);
                }
            }
        }
        read
    }

    fn add(&mut self, association: &Map<String, Value>) {
        let (source, target) = (text(association, "sourceId"), text(association, "targetId"));
        let (part, whole) = match text(association, "associationType").as_str() {
            "isParentOf" => (target, source),
            "isChildOf" | "isPartOf" => (source, target),
            // The others say nothing of parts: peers, equals, what comes before, what is replaced.
            _ => return,
        };
        if !part.is_empty() && !whole.is_empty() && part != whole {
            self.wholes.entry(part).or_default().push(whole);
        }
    }

    /// Says in a record what its achievement is a part of: the nearest qualification with a number above it.
    pub(crate) fn place(&self, credential: &Map<String, Value>, record: &mut ResultRecord) {
        let subject = credential
            .get("credentialSubject")
            .map(|subject| items(Some(subject)));
        let achievement = subject
            .and_then(|subjects| object(subjects.first()?)?.get("achievement"))
            .and_then(|achievement| object(items(Some(achievement)).first()?));
        let own = [
            achievement
                .map(|achievement| text(achievement, "id"))
                .unwrap_or_default(),
            text(credential, "id"),
        ];
        let mut seen: BTreeSet<&str> = own.iter().map(String::as_str).collect();
        let mut level: Vec<&str> = self.above(own.iter().map(String::as_str), &mut seen);
        if let Some(title) = level.iter().find_map(|id| self.title(id)) {
            record.stated.push(StatedField {
                name: "isPartOf".to_owned(),
                value: title.to_owned(),
            });
        }
        for _ in 0..FARTHEST {
            let number = level
                .iter()
                .find_map(|id| self.achievements.get(*id)?.number);
            if let Some(number) = number {
                let subject = record.subject.get_or_insert_default();
                // A qualification is no part of itself.
                if QualificationNumber::parse(&subject.code).ok() != Some(number) {
                    subject.part_of = number.to_string();
                }
                return;
            }
            level = self.above(level.into_iter(), &mut seen);
            if level.is_empty() {
                return;
            }
        }
    }

    /// What these are parts of, each only once however often it comes.
    fn above<'a>(
        &'a self,
        parts: impl Iterator<Item = &'a str>,
        seen: &mut BTreeSet<&'a str>,
    ) -> Vec<&'a str> {
        parts
            .filter_map(|part| self.wholes.get(part))
            .flatten()
            .map(String::as_str)
            .filter(|whole| seen.insert(whole))
            .collect()
    }

    fn title(&self, id: &str) -> Option<&str> {
        let known = self.achievements.get(id)?;
        (!known.title.is_empty()).then_some(known.title.as_str())
    }
}
