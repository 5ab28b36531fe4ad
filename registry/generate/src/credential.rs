//! Open Badges 3.0 and Comprehensive Learner Records 2.0 as JSON, unsigned: what their proofs are worth is tried
//! elsewhere.

use crate::document::{Entry, Holder};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const CREDENTIALS: &str = "https://www.w3.org/ns/credentials/v2";
const BADGES: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";
const RECORDS: &str = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json";

/// The badge of one award.
pub(crate) fn badge(holder: &Holder<'_>, entry: &Entry<'_>) -> Value {
    let mut badge = achieved(holder, entry);
    if let Some(subject) = badge.pointer_mut("/credentialSubject") {
        name(subject, holder);
    }
    badge
}

/// The learner record that holds these awards. It alone says who the learner is; units are parts of what it
/// describes besides.
pub(crate) fn learner_record(holder: &Holder<'_>, entries: &[Entry<'_>]) -> Value {
    let credentials: Vec<Value> = entries
        .iter()
        .map(|entry| achieved(holder, entry))
        .collect();
    let (mut described, mut associations) = (BTreeMap::new(), Vec::new());
    for entry in entries {
        if let Some(whole) = entry.whole {
            let id = achievement_id(&entry.body.number, &whole.code);
            associations.push(json!({
                "type": "Association",
                "associationType": "isChildOf",
                "sourceId": achievement_id(&entry.body.number, &entry.subject.code),
                "targetId": id,
            }));
            described.insert(id, achievement(entry, whole, None));
        }
    }
    let mut subject = json!({
        "type": ["ClrSubject"],
        "verifiableCredential": credentials,
    });
    if let Some(members) = subject.as_object_mut().filter(|_| !associations.is_empty()) {
        let described: Vec<Value> = described.into_values().collect();
        members.insert("achievement".to_owned(), described.into());
        members.insert("association".to_owned(), associations.into());
    }
    name(&mut subject, holder);
    json!({
        "@context": [CREDENTIALS, RECORDS, BADGES],
        "id": format!("urn:uuid:{}", uuid(3, holder, 0)),
        "type": ["VerifiableCredential", "ClrCredential"],
        "name": "Synthetic learner record of an invented learner",
        "issuer": {
            "id": "https://records.example/",
            "type": ["Profile"],
            "name": "Invented Record Keepers",
        },
        "validFrom": format!("{}T09:00:00Z", holder.made_on),
        "partial": false,
        "credentialSubject": subject,
    })
}

/// The credential of an award, which says nothing of the person but an identifier.
fn achieved(holder: &Holder<'_>, entry: &Entry<'_>) -> Value {
    let (body, subject) = (entry.body, entry.subject);
    let id = achievement_id(&body.number, &subject.code);
    let grade = format!("{id}#grade");
    let ordinal = entry.award.rsplit_once('-').map_or("0", |(_, last)| last);
    json!({
        "@context": [CREDENTIALS, BADGES],
        "id": format!("urn:uuid:{}", uuid(2, holder, ordinal.parse().unwrap_or_default())),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": subject.title,
        "issuer": {
            "id": format!("https://{}.example/", body.number.to_lowercase()),
            "type": ["Profile"],
            "name": body.name,
            "otherIdentifier": [{
                "type": "IdentifierEntry",
                "identifier": body.number,
                "identifierType": "ext:RecognitionNumber",
            }],
        },
        "validFrom": format!("{}T09:00:00Z", holder.made_on),
        "awardedDate": format!("{}T00:00:00{}", entry.awarded_on, holder.zone),
        "credentialSubject": {
            "id": format!("did:example:learner-{}", holder.person.number),
            "type": ["AchievementSubject"],
            "activityStartDate": format!("{}T00:00:00{}", entry.started_on, holder.zone),
            "creditsEarned": subject.credit,
            "achievement": achievement(entry, subject, Some(&grade)),
            "result": [{
                "type": ["Result"],
                "resultDescription": grade,
                "value": entry.grade,
            }],
        },
    })
}

/// What was achieved. Bodies differ in where they put the number of it.
fn achievement(
    entry: &Entry<'_>,
    subject: &crate::catalogue::Subject,
    grade: Option<&str>,
) -> Value {
    let unit = subject.part_of.is_some();
    let mut achievement = json!({
        "id": achievement_id(&entry.body.number, &subject.code),
        "type": ["Achievement"],
        "achievementType": if unit { "Course" } else { "Certificate" },
        "name": subject.title,
        "description": "Invented.",
        "criteria": { "narrative": "Invented." },
        "alignment": [{
            "type": ["Alignment"],
            "targetName": subject.level,
            "targetCode": subject.level,
            "targetFramework": "RQF",
            "targetUrl": "https://framework.example/rqf",
        }],
    });
    let Some(members) = achievement.as_object_mut() else {
        return achievement;
    };
    if entry.body.day_first {
        members.insert("humanCode".to_owned(), subject.code.as_str().into());
    } else {
        let kind = if unit {
            "ext:UnitReference"
        } else {
            "ext:QualificationNumber"
        };
        let number = json!([{
            "type": "IdentifierEntry",
            "identifier": subject.code,
            "identifierType": kind,
        }]);
        members.insert("otherIdentifier".to_owned(), number);
    }
    if let Some(grade) = grade {
        let description = json!([{
            "id": grade,
            "type": ["ResultDescription"],
            "name": "Grade",
            "resultType": "LetterGrade",
        }]);
        members.insert("resultDescription".to_owned(), description);
    }
    achievement
}

/// Says in a subject who the learner is.
fn name(subject: &mut Value, holder: &Holder<'_>) {
    let stated = holder.stated;
    let whole = stated.given_name.is_empty();
    let family = if whole { "name" } else { "ext:familyName" };
    let identities: Vec<Value> = [
        ("ext:uln", stated.uln.as_str()),
        ("ext:givenName", stated.given_name),
        (family, &stated.family_name),
        ("ext:dateOfBirth", &holder.born),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(kind, value)| {
        json!({
            "type": "IdentityObject",
            "hashed": false,
            "identityHash": value,
            "identityType": kind,
        })
    })
    .collect();
    if let Some(members) = subject.as_object_mut() {
        let id = format!("did:example:learner-{}", holder.person.number);
        members.insert("id".to_owned(), id.into());
        members.insert("identifier".to_owned(), identities.into());
    }
}

fn achievement_id(body: &str, code: &str) -> String {
    let code = code.replace('/', "-");
    format!(
        "https://{}.example/achievements/{code}",
        body.to_lowercase()
    )
}

/// An identifier of the form of a random one, made of the kind of document, the learner and the award.
fn uuid(kind: u32, holder: &Holder<'_>, ordinal: u32) -> String {
    let number = holder.person.number;
    format!("{kind:08x}-0000-4000-8{ordinal:03x}-{number:012x}")
}
