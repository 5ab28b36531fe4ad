//! The European Learning Model 3, as European Digital Credentials for Learning write it in JSON-LD.
//!
//! It is not signed here: the infrastructure around that model signs with a qualified seal of an organisation (JAdES),
//! which a registry has or has not.

use super::achievement::{self, level_name};
use super::{begins, ends, members, put};
use crate::{Award, Body, Holder, Issuer, Route};
use chrono::{DateTime, Utc};
use schema::Level;
use serde_json::{Map, Value, json};

const CONTEXTS: [&str; 2] = [
    "https://www.w3.org/2018/credentials/v1",
    "http://data.europa.eu/snb/model/context/edc-ap",
];
const LANGUAGES: &str = "http://publications.europa.eu/resource/authority/language";
const COUNTRIES: &str = "http://publications.europa.eu/resource/authority/country";

/// Awards of one person as a `EuropeanDigitalCredential`, made at `at`: a claim for each. `id` is the document's identifier.
#[must_use]
pub fn learning_model(
    id: &str,
    awards: &[Award],
    holder: &Holder,
    issuer: &Issuer,
    at: DateTime<Utc>,
) -> Map<String, Value> {
    let title = match awards {
        [one] => one.title.clone(),
        _ => "Record of achievements".to_owned(),
    };
    let mut person = members(json!({
        "id": holder.id,
        "type": "Person",
        "hasClaim": awards.iter().map(|award| claim(award, issuer)).collect::<Vec<_>>(),
    }));
    for (name, value) in [
        ("givenName", holder.given_name.clone()),
        ("familyName", holder.family_name.clone()),
        (
            "fullName",
            Some(holder.name()).filter(|name| !name.is_empty()),
        ),
    ] {
        put(&mut person, name, value.map(english));
    }
    let time = crate::seal::time(at);
    let mut document = members(json!({
        "@context": CONTEXTS,
        "id": id,
        "type": ["VerifiableCredential", "EuropeanDigitalCredential"],
        "credentialProfiles": concept(
            "http://data.europa.eu/snb/credential/e34929035b",
            "http://data.europa.eu/snb/credential/25831c2",
            "Generic",
        ),
        "credentialSchema": {
            "id": "http://data.europa.eu/snb/model/ap/edc-generic-no-cv",
            "type": "ShaclValidator2017",
        },
        "displayParameter": {
            "id": "urn:epass:displayParameter:1",
            "type": "DisplayParameter",
            "title": english(title),
            "language": language(),
            "primaryLanguage": language(),
        },
        "issuer": organisation(&issuer.id, &issuer.name, Some(&issuer.address), None),
        "issued": time,
        "validFrom": time,
        "credentialSubject": person,
    }));
    // Only of one award does the whole document end with it.
    if let [one] = awards {
        put(&mut document, "expirationDate", one.valid_until.map(ends));
    }
    document
}

fn claim(award: &Award, issuer: &Issuer) -> Value {
    let part = |name: &str| format!("{}#{name}", award.id);
    let mut achievement = members(json!({
        "id": award.id,
        "type": "LearningAchievement",
        "title": english(&award.title),
    }));
    let mut process = members(json!({"id": part("awarding"), "type": "AwardingProcess"}));
    let body = award.body.as_ref().map(|body| of_body(body, issuer));
    put(&mut process, "awardingBody", body);
    put(&mut process, "awardingDate", award.awarded_on.map(begins));
    put(&mut achievement, "awardedBy", Some(process));
    let said = achievement::narrative(award).map(english);
    put(&mut achievement, "description", said);
    if let Some(number) = &award.certificate_number {
        let identifier = json!({
            "id": part("certificate"),
            "type": "Identifier",
            "schemeName": "Certificate number",
            "notation": number,
        });
        put(&mut achievement, "identifier", Some(identifier));
    }
    put(
        &mut achievement,
        "specifiedBy",
        Some(specification(award, issuer)),
    );
    if let Some(grade) = &award.grade {
        let assessment = json!({
            "id": part("assessment"),
            "type": "LearningAssessment",
            "title": english(&award.title),
            "awardedBy": {"id": part("grading"), "type": "AwardingProcess",
                "awardingBody": award.body.as_ref().map(|body| of_body(body, issuer))},
            "grade": {"id": part("grade"), "type": "Note", "noteLiteral": english(grade)},
        });
        let mut assessment = members(assessment);
        if award.body.is_none() {
            assessment.remove("awardedBy");
        }
        put(&mut achievement, "provenBy", Some(assessment));
    }
    if let Some(started) = award.started_on {
        let mut period = members(json!({
            "id": part("period"),
            "type": "PeriodOfTime",
            "startDate": begins(started),
        }));
        put(&mut period, "endDate", award.awarded_on.map(begins));
        let activity = json!({
            "id": part("activity"),
            "type": "LearningActivity",
            "title": english(&award.title),
            "temporal": period,
        });
        put(&mut achievement, "influencedBy", Some(activity));
    }
    achievement.into()
}

/// What was to be learned: a qualification where it has a number of the register, else a specification.
fn specification(award: &Award, issuer: &Issuer) -> Value {
    let kind = match award.kind {
        crate::Kind::Qualification => "Qualification",
        _ => "LearningAchievementSpecification",
    };
    let id = achievement::identifier(award, issuer);
    let mut specification = members(json!({
        "id": id,
        "type": kind,
        "title": english(&award.title),
    }));
    if let Some(code) = &award.code {
        let identifier = json!({
            "id": format!("{}#code", award.id),
            "type": "Identifier",
            "schemeName": match award.kind {
                crate::Kind::Qualification => "Qualification number",
                crate::Kind::Unit => "Unit reference",
                _ => "Code",
            },
            "notation": code,
        });
        put(&mut specification, "identifier", Some(identifier));
    }
    if let Some(credit) = award.credit {
        let points = json!({
            "id": format!("{}#credit", award.id),
            "type": "CreditPoint",
            "framework": {
                "id": format!("{}/frameworks/rqf-credit", issuer.address),
                "type": "Concept",
                "inScheme": {"id": format!("{}/frameworks", issuer.address), "type": "ConceptScheme"},
                "prefLabel": english("Credit of ten notional hours of learning"),
            },
            "point": credit.to_string(),
        });
        put(&mut specification, "creditPoint", Some(points));
    }
    if let Some(level) = award.level {
        put(
            &mut specification,
            "nqfLevel",
            Some(nqf_level(level, issuer)),
        );
    }
    if award.kind == crate::Kind::Qualification {
        put(
            &mut specification,
            "isPartialQualification",
            Some(award.part_of.is_some()),
        );
    }
    if award.route == Route::PriorLearning {
        let entry = "Reached by recognition of prior learning";
        let note = json!({
            "id": format!("{}#route", award.id),
            "type": "Note",
            "noteLiteral": english(entry),
        });
        put(&mut specification, "additionalNote", Some(note));
    }
    specification.into()
}

/// The level in England's framework. What it is in Europe's, the register says and this does not.
fn nqf_level(level: Level, issuer: &Issuer) -> Value {
    concept(
        &format!("{}/levels/{}", issuer.address, level.place()),
        &format!("{}/levels", issuer.address),
        &level_name(level),
    )
}

fn of_body(body: &Body, issuer: &Issuer) -> Value {
    organisation(
        &achievement::body_identifier(body, issuer),
        &body.name,
        None,
        body.recognition_number.as_deref(),
    )
}

/// An organisation. Its place is the country whose framework this is.
fn organisation(id: &str, name: &str, homepage: Option<&str>, number: Option<&str>) -> Value {
    let mut organisation = members(json!({
        "id": id,
        "type": "Organisation",
        "legalName": english(name),
        "location": {
            "id": format!("{id}#location"),
            "type": "Location",
            "address": {
                "id": format!("{id}#address"),
                "type": "Address",
                "countryCode": {
                    "id": format!("{COUNTRIES}/GBR"),
                    "type": "Concept",
                    "inScheme": {"id": COUNTRIES, "type": "ConceptScheme"},
                    "notation": "country",
                    "prefLabel": english("United Kingdom"),
                },
            },
        },
    }));
    let page = homepage.map(|address| {
        json!({"id": format!("{id}#homepage"), "type": "WebResource", "contentURL": address})
    });
    put(&mut organisation, "homepage", page);
    let identifier = number.map(|number| {
        json!({
            "id": format!("{id}#number"),
            "type": "Identifier",
            "schemeName": "Ofqual recognition number",
            "notation": number,
        })
    });
    put(&mut organisation, "identifier", identifier);
    organisation.into()
}

fn language() -> Value {
    let english = concept(&format!("{LANGUAGES}/ENG"), LANGUAGES, "English");
    let mut language = members(english);
    put(&mut language, "notation", Some("language"));
    language.into()
}

fn concept(id: &str, scheme: &str, label: &str) -> Value {
    json!({
        "id": id,
        "type": "Concept",
        "inScheme": {"id": scheme, "type": "ConceptScheme"},
        "prefLabel": english(label),
    })
}

fn english(text: impl Into<String>) -> Value {
    json!({"en": text.into()})
}
