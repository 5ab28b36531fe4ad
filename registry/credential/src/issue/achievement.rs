//! What was achieved, as Open Badges says it.

use super::{members, put};
use crate::{Award, Body, Issuer, Kind, Route, Word};
use schema::Level;
use serde_json::{Map, Value, json};

/// The words that titles of qualifications end their kind with, and what Open Badges calls it.
const KINDS: [(&str, &str); 5] = [
    ("diploma", "Diploma"),
    ("certificate", "Certificate"),
    ("award", "Award"),
    ("degree", "Degree"),
    ("apprenticeship", "ApprenticeshipCertificate"),
];

/// Where levels are explained.
const LEVELS: &str =
    "https://www.gov.uk/what-different-qualification-levels-mean/list-of-qualification-levels";

/// The achievement of an award.
pub(super) fn of(award: &Award, issuer: &Issuer) -> Map<String, Value> {
    let mut achievement = members(json!({
        "id": identifier(award, issuer),
        "type": ["Achievement"],
        "achievementType": kind(award),
        "name": award.title,
        "description": description(award),
        "criteria": {"narrative": criteria(award)},
    }));
    put(&mut achievement, "humanCode", award.code.clone());
    put(&mut achievement, "creditsAvailable", award.credit);
    let creator = award.body.as_ref().map(|body| of_body(body, issuer));
    put(&mut achievement, "creator", creator);
    let identifiers = identifiers(award);
    if !identifiers.is_empty() {
        put(&mut achievement, "otherIdentifier", Some(identifiers));
    }
    if let Some(level) = award.level {
        let alignment = json!({
            "type": ["Alignment"],
            "targetName": level_name(level),
            "targetCode": level_name(level),
            "targetFramework": "Regulated Qualifications Framework",
            "targetType": "ext:level",
            "targetUrl": LEVELS,
        });
        put(&mut achievement, "alignment", Some(vec![alignment]));
    }
    if award.grade.is_some() {
        let description = json!({
            "id": grade_description(award),
            "type": ["ResultDescription"],
            "name": "Grade",
            "resultType": "Result",
        });
        put(
            &mut achievement,
            "resultDescription",
            Some(vec![description]),
        );
    }
    achievement
}

/// The identifier of what was achieved: the same for everybody who did.
pub(super) fn identifier(award: &Award, issuer: &Issuer) -> String {
    let folder = match award.kind {
        Kind::Qualification => "qualifications",
        Kind::Unit => "units",
        Kind::ProfessionalStatus => "statuses",
        Kind::Registration => "registers",
        Kind::Other => return format!("{}#achievement", award.id),
    };
    let code = award.code.as_deref().unwrap_or_default();
    if code.is_empty() {
        return format!("{}#achievement", award.id);
    }
    format!("{}/{folder}/{}", issuer.address, path(code))
}

/// The identifier of the award's grade as a result.
pub(super) fn grade_description(award: &Award) -> String {
    format!("{}#grade", award.id)
}

/// A body as a profile.
pub(super) fn of_body(body: &Body, issuer: &Issuer) -> Value {
    let mut profile = members(json!({
        "id": body_identifier(body, issuer),
        "type": ["Profile"],
        "name": body.name,
    }));
    if let Some(number) = &body.recognition_number {
        let entry = json!([{
            "type": "IdentifierEntry",
            "identifier": number,
            "identifierType": "ext:ofqualRecognitionNumber",
        }]);
        put(&mut profile, "otherIdentifier", Some(entry));
    }
    profile.into()
}

/// The identifier of a body.
pub(super) fn body_identifier(body: &Body, issuer: &Issuer) -> String {
    let number = body.recognition_number.as_ref().unwrap_or(&body.name);
    format!("{}/awarding-bodies/{}", issuer.address, path(number))
}

/// A text as one part of an address: everything but letters and digits becomes a hyphen.
fn path(text: &str) -> String {
    let characters = text.chars().map(|one| match one {
        one if one.is_ascii_alphanumeric() => one,
        _ => '-',
    });
    characters.collect()
}

fn identifiers(award: &Award) -> Vec<Value> {
    let entry = |kind: &str, identifier: &String| json!({"type": "IdentifierEntry", "identifier": identifier, "identifierType": kind});
    let code_kind = match award.kind {
        Kind::Qualification => Some("ext:qualificationNumber"),
        Kind::Unit => Some("ext:unitReference"),
        _ => None,
    };
    let code = code_kind.zip(award.code.as_ref());
    code.map(|(kind, code)| entry(kind, code))
        .into_iter()
        .collect()
}

fn kind(award: &Award) -> &'static str {
    match award.kind {
        Kind::Unit => "Competency",
        Kind::ProfessionalStatus => "Certification",
        Kind::Registration => "License",
        Kind::Qualification | Kind::Other => {
            let title = award.title.to_ascii_lowercase();
            let named = KINDS.iter().find(|(word, _)| title.contains(word));
            named.map_or("Achievement", |(_, kind)| kind)
        }
    }
}

/// A level's name.
pub(crate) fn level_name(level: Level) -> String {
    match level {
        Level::Entry1 => "Entry Level 1".to_owned(),
        Level::Entry2 => "Entry Level 2".to_owned(),
        Level::Entry3 => "Entry Level 3".to_owned(),
        level => format!("Level {}", level.place() - 2),
    }
}

/// What it is, in a sentence.
fn description(award: &Award) -> String {
    let what = match award.kind {
        Kind::Qualification => "Qualification",
        Kind::Unit => "Unit",
        Kind::ProfessionalStatus => "Professional status",
        Kind::Registration => "Registration",
        Kind::Other => "Achievement",
    };
    let mut facts = vec![match &award.code {
        Some(code) => format!("{what} {code}"),
        None => what.to_owned(),
    }];
    if let Some(part_of) = &award.part_of {
        facts.push(format!("part of {part_of}"));
    }
    facts.extend(award.level.map(level_name));
    if let Some(credit) = award.credit {
        facts.push(match credit {
            1 => "1 credit".to_owned(),
            credit => format!("{credit} credits"),
        });
    }
    facts.extend(award.body.as_ref().map(|body| body.name.clone()));
    format!("{}.", facts.join(", "))
}

/// How it is earned.
fn criteria(award: &Award) -> String {
    let by = award
        .body
        .as_ref()
        .map_or("the awarding body", |body| body.name.as_str());
    format!("As {by} sets them for {}.", award.title)
}

/// What is to be known of this award beside its facts: by which way it was reached, whose word it is.
pub(crate) fn narrative(award: &Award) -> Option<String> {
    let route = match award.route {
        Route::Award => None,
        Route::PriorLearning => Some("Awarded by recognition of prior learning."),
        Route::CreditTransfer => Some("Awarded by transfer of credit."),
        Route::Exemption => Some("Awarded by exemption."),
        Route::Equivalence => Some("Awarded as equivalent."),
    };
    let word = match award.word {
        Word::Attested => None,
        Word::Recorded => Some(
            "Told by a trusted recorder of learning, whose word it is, and not by the awarding body itself.",
        ),
    };
    let said: Vec<&str> = route.into_iter().chain(word).collect();
    (!said.is_empty()).then(|| said.join(" "))
}
