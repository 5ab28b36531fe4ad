//! Whether a credential has what its standard asks for: Open Badges 3.0, CLR 2.0 and Bitstring Status Lists, on the Verifiable
//! Credentials Data Model 1.1 or 2.0. The tables are written after the standards' data models; a document is held
//! against them, and the first thing that is wrong is named by its place.

use super::{Check, CheckName, has_type, items};
use chrono::DateTime;
use proof::Outcome;
use schema::{Code, parse_date};
use serde_json::{Map, Value};

/// What a member may hold.
enum Shape {
    /// A text, or texts by language.
    Text,
    /// A time with its zone.
    Time,
    /// A day.
    Day,
    Number,
    Flag,
    /// One of these words.
    Word(&'static [&'static str]),
    /// One of these words, or one of one's own, marked so: `ext:…`.
    Extensible(&'static [&'static str]),
    Object(&'static Class),
    /// An identifier, or the thing itself.
    Reference(&'static Class),
    /// A compact JWS.
    Token,
    /// A credential that is judged for itself.
    Credential,
}

/// A member of a class.
struct Member {
    name: &'static str,
    shape: Shape,
    required: bool,
    many: bool,
}

/// A class of a data model.
struct Class {
    /// The type that its objects name.
    kind: Option<&'static str>,
    members: &'static [Member],
    /// Whether it may have other members too.
    open: bool,
}

const fn member(name: &'static str, shape: Shape, required: bool, many: bool) -> Member {
    Member {
        name,
        shape,
        required,
        many,
    }
}
const fn must(name: &'static str, shape: Shape) -> Member {
    member(name, shape, true, false)
}
const fn may(name: &'static str, shape: Shape) -> Member {
    member(name, shape, false, false)
}
const fn any(name: &'static str, shape: Shape) -> Member {
    member(name, shape, false, true)
}
const fn some(name: &'static str, shape: Shape) -> Member {
    member(name, shape, true, true)
}
const fn open(kind: &'static str, members: &'static [Member]) -> Class {
    Class {
        kind: Some(kind),
        members,
        open: true,
    }
}
const fn closed(kind: &'static str, members: &'static [Member]) -> Class {
    Class {
        kind: Some(kind),
        members,
        open: false,
    }
}

use Shape::{
    Credential, Day, Extensible, Flag, Number, Object, Reference, Text, Time, Token, Word,
};

static ACHIEVEMENT_SUBJECT: Class = open(
    "AchievementSubject",
    &[
        may("id", Text),
        may("activityEndDate", Time),
        may("activityStartDate", Time),
        may("creditsEarned", Number),
        must("achievement", Object(&ACHIEVEMENT)),
        any("identifier", Object(&IDENTITY)),
        may("image", Object(&IMAGE)),
        may("licenseNumber", Text),
        may("narrative", Text),
        any("result", Object(&RESULT)),
        may("role", Text),
        may("source", Object(&PROFILE)),
        may("term", Text),
    ],
);

static CLR_SUBJECT: Class = open(
    "ClrSubject",
    &[
        may("id", Text),
        any("identifier", Object(&IDENTITY)),
        any("achievement", Object(&ACHIEVEMENT)),
        some("verifiableCredential", Credential),
        any("association", Object(&ASSOCIATION)),
    ],
);

static ENDORSEMENT_SUBJECT: Class = open(
    "EndorsementSubject",
    &[must("id", Text), may("endorsementComment", Text)],
);

static LIST_SUBJECT: Class = open(
    "BitstringStatusList",
    &[some("statusPurpose", Text), must("encodedList", Text)],
);

static ACHIEVEMENT: Class = open(
    "Achievement",
    &[
        must("id", Text),
        any("alignment", Object(&ALIGNMENT)),
        may("achievementType", Extensible(ACHIEVEMENT_TYPES)),
        may("creator", Object(&PROFILE)),
        may("creditsAvailable", Number),
        must("criteria", Object(&CRITERIA)),
        must("description", Text),
        any("endorsement", Credential),
        any("endorsementJwt", Token),
        may("fieldOfStudy", Text),
        may("humanCode", Text),
        may("image", Object(&IMAGE)),
        may("inLanguage", Text),
        must("name", Text),
        any("otherIdentifier", Object(&IDENTIFIER)),
        any("related", Object(&RELATED)),
        any("resultDescription", Object(&RESULT_DESCRIPTION)),
        may("specialization", Text),
        any("tag", Text),
        may("version", Text),
    ],
);

static CRITERIA: Class = Class {
    kind: None,
    members: &[may("id", Text), may("narrative", Text)],
    open: true,
};

static ALIGNMENT: Class = open(
    "Alignment",
    &[
        may("targetCode", Text),
        may("targetDescription", Text),
        must("targetName", Text),
        may("targetFramework", Text),
        may("targetType", Extensible(TARGET_TYPES)),
        must("targetUrl", Text),
    ],
);

static RESULT: Class = open(
    "Result",
    &[
        may("achievedLevel", Text),
        any("alignment", Object(&ALIGNMENT)),
        may("resultDescription", Text),
        may("status", Word(RESULT_STATUSES)),
        may("value", Text),
    ],
);

static RESULT_DESCRIPTION: Class = open(
    "ResultDescription",
    &[
        must("id", Text),
        any("alignment", Object(&ALIGNMENT)),
        any("allowedValue", Text),
        must("name", Text),
        may("requiredLevel", Text),
        may("requiredValue", Text),
        must("resultType", Extensible(RESULT_TYPES)),
        any("rubricCriterionLevel", Object(&RUBRIC_LEVEL)),
        may("valueMax", Text),
        may("valueMin", Text),
    ],
);

static RUBRIC_LEVEL: Class = open(
    "RubricCriterionLevel",
    &[
        must("id", Text),
        any("alignment", Object(&ALIGNMENT)),
        may("description", Text),
        may("level", Text),
        must("name", Text),
        may("points", Text),
    ],
);

static RELATED: Class = open(
    "Related",
    &[
        must("id", Text),
        may("inLanguage", Text),
        may("version", Text),
    ],
);

static ASSOCIATION: Class = closed(
    "Association",
    &[
        must("associationType", Word(ASSOCIATION_TYPES)),
        must("sourceId", Text),
        must("targetId", Text),
    ],
);

static IDENTITY: Class = closed(
    "IdentityObject",
    &[
        must("hashed", Flag),
        must("identityHash", Text),
        must("identityType", Extensible(IDENTIFIER_TYPES)),
        may("salt", Text),
    ],
);

static IDENTIFIER: Class = closed(
    "IdentifierEntry",
    &[
        must("identifier", Text),
        must("identifierType", Extensible(IDENTIFIER_TYPES)),
    ],
);

static IMAGE: Class = closed("Image", &[must("id", Text), may("caption", Text)]);

static EVIDENCE: Class = open(
    "Evidence",
    &[
        may("id", Text),
        may("narrative", Text),
        may("name", Text),
        may("description", Text),
        may("genre", Text),
        may("audience", Text),
    ],
);

static ADDRESS: Class = open(
    "Address",
    &[
        may("addressCountry", Text),
        may("addressCountryCode", Text),
        may("addressRegion", Text),
        may("addressLocality", Text),
        may("streetAddress", Text),
        may("postOfficeBoxNumber", Text),
        may("postalCode", Text),
        may("geo", Object(&COORDINATES)),
    ],
);

static COORDINATES: Class = open(
    "GeoCoordinates",
    &[must("latitude", Number), must("longitude", Number)],
);

static PROFILE: Class = open(
    "Profile",
    &[
        must("id", Text),
        may("name", Text),
        may("url", Text),
        may("phone", Text),
        may("description", Text),
        any("endorsement", Credential),
        any("endorsementJwt", Token),
        may("image", Object(&IMAGE)),
        may("email", Text),
        may("address", Object(&ADDRESS)),
        any("otherIdentifier", Object(&IDENTIFIER)),
        may("official", Text),
        may("parentOrg", Object(&PROFILE)),
        may("familyName", Text),
        may("givenName", Text),
        may("dateOfBirth", Day),
    ],
);

/// What every credential of these standards may have beside its subject and dates.
static COMMON: &[Member] = &[
    may("name", Text),
    may("description", Text),
    may("image", Object(&IMAGE)),
    may("awardedDate", Time),
    any("endorsement", Credential),
    any("endorsementJwt", Token),
    any("evidence", Object(&EVIDENCE)),
    any("credentialSchema", Object(&WITH_ID_AND_TYPE)),
    any("credentialStatus", Object(&WITH_TYPE)),
    any("refreshService", Object(&WITH_ID_AND_TYPE)),
    any("termsOfUse", Object(&WITH_TYPE)),
    any("proof", Object(&WITH_TYPE)),
];

static WITH_TYPE: Class = Class {
    kind: None,
    members: &[some("type", Text)],
    open: true,
};

static WITH_ID_AND_TYPE: Class = Class {
    kind: None,
    members: &[must("id", Text), some("type", Text)],
    open: true,
};

const ACHIEVEMENT_TYPES: &[&str] = &[
    "Achievement",
    "ApprenticeshipCertificate",
    "Assessment",
    "Assignment",
    "AssociateDegree",
    "Award",
    "Badge",
    "BachelorDegree",
    "Certificate",
    "CertificateOfCompletion",
    "Certification",
    "CommunityService",
    "Competency",
    "Course",
    "CoCurricular",
    "Degree",
    "Diploma",
    "DoctoralDegree",
    "Fieldwork",
    "GeneralEducationDevelopment",
    "JourneymanCertificate",
    "LearningProgram",
    "License",
    "Membership",
    "ProfessionalDoctorate",
    "QualityAssuranceCredential",
    "MasterCertificate",
    "MasterDegree",
    "MicroCredential",
    "ResearchDoctorate",
    "SecondarySchoolDiploma",
];

const TARGET_TYPES: &[&str] = &[
    "ceasn:Competency",
    "ceterms:Credential",
    "CFItem",
    "CFRubric",
    "CFRubricCriterion",
    "CFRubricCriterionLevel",
    "CTDL",
];

const RESULT_STATUSES: &[&str] = &[
    "Completed",
    "Enrolled",
    "Failed",
    "InProgress",
    "OnHold",
    "Provisional",
    "Withdrew",
];

const RESULT_TYPES: &[&str] = &[
    "GradePointAverage",
    "LetterGrade",
    "Percent",
    "PerformanceLevel",
    "PredictedScore",
    "RawScore",
    "Result",
    "RubricCriterion",
    "RubricCriterionLevel",
    "RubricScore",
    "ScaledScore",
    "Status",
];

const ASSOCIATION_TYPES: &[&str] = &[
    "exactMatchOf",
    "isChildOf",
    "isParentOf",
    "isPartOf",
    "isPeerOf",
    "isRelatedTo",
    "precedes",
    "replacedBy",
];

const IDENTIFIER_TYPES: &[&str] = &[
    "name",
    "sourcedId",
    "systemId",
    "productId",
    "userName",
    "accountId",
    "emailAddress",
    "nationalIdentityNumber",
    "isbn",
    "issn",
    "lisSourcedId",
    "oneRosterSourcedId",
    "sisSourcedId",
    "ltiContextId",
    "ltiDeploymentId",
    "ltiToolId",
    "ltiPlatformId",
    "ltiUserId",
    "identifier",
];

const NEWER: &str = "https://www.w3.org/ns/credentials/v2";
const OLDER: &str = "https://www.w3.org/2018/credentials/v1";
const OPEN_BADGES: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context";
const LEARNER_RECORD: &str = "https://purl.imsglobal.org/spec/clr/v2p0/context";

/// The kinds of credentials: the types that name one, its subject, and the contexts beside the first that it must name.
static KINDS: &[(&[&str], &Class, &[&str])] = &[
    (
        &["AchievementCredential", "OpenBadgeCredential"],
        &ACHIEVEMENT_SUBJECT,
        &[OPEN_BADGES],
    ),
    (
        &["ClrCredential"],
        &CLR_SUBJECT,
        &[LEARNER_RECORD, OPEN_BADGES],
    ),
    (
        &["EndorsementCredential"],
        &ENDORSEMENT_SUBJECT,
        &[OPEN_BADGES],
    ),
    (&["BitstringStatusListCredential"], &LIST_SUBJECT, &[]),
];

/// Holds a credential that stands at `place` against its standard.
pub(super) fn check(credential: &Map<String, Value>, place: &str) -> Check {
    let named = |context: &str| {
        items(credential.get("@context"))
            .filter_map(Value::as_str)
            .any(|one| one.starts_with(context))
    };
    let kind = KINDS
        .iter()
        .find(|(types, ..)| types.iter().any(|kind| has_type(credential, kind)));
    let (result, code, at) = match kind {
        Some((_, subject, contexts)) => match credential_of(credential, subject, contexts) {
            Ok(()) => (Outcome::Passed, Code::SchemaValid, String::new()),
            Err(at) => (Outcome::Failed, Code::SchemaInvalid, at),
        },
        // It uses the standard's words, and is nothing that the standard knows.
        None if named(OPEN_BADGES) || named(LEARNER_RECORD) => {
            (Outcome::Failed, Code::SchemaInvalid, "/type".to_owned())
        }
        None => (Outcome::NotChecked, Code::SchemaUnknown, "/type".to_owned()),
    };
    Check::new(CheckName::Schema, result, code, format!("{place}{at}"))
}

/// What is wrong stands at the place that comes back.
type Wrong = Result<(), String>;

fn credential_of(
    credential: &Map<String, Value>,
    subject: &'static Class,
    contexts: &[&str],
) -> Wrong {
    let stated: Vec<&str> = items(credential.get("@context"))
        .filter_map(Value::as_str)
        .collect();
    let newer = match stated.first() {
        Some(first) if *first == NEWER => true,
        Some(first) if *first == OLDER => false,
        _ => return Err("/@context".to_owned()),
    };
    let known = |context: &&str| stated.iter().any(|one| one.starts_with(*context));
    if !contexts.iter().all(known) {
        return Err("/@context".to_owned());
    }
    if !has_type(credential, "VerifiableCredential") {
        return Err("/type".to_owned());
    }
    // An identifier is asked for by Open Badges alone.
    if !contexts.is_empty() && credential.get("id").and_then(Value::as_str).is_none() {
        return Err("/id".to_owned());
    }
    let (from, until) = match newer {
        true => ("validFrom", "validUntil"),
        false => ("issuanceDate", "expirationDate"),
    };
    // Of before the dates were renamed: some write the new name under the older model.
    let from = match credential.contains_key(from) {
        false if !newer => "validFrom",
        _ => from,
    };
    let from_required = !contexts.is_empty();
    one(credential, &member(from, Time, from_required, false))?;
    one(credential, &may(until, Time))?;
    one(credential, &must("issuer", Reference(&PROFILE)))?;
    for member in COMMON {
        one(credential, member)?;
    }
    one(credential, &must("credentialSubject", Object(subject)))
}

/// Checks one member of an object.
fn one(object: &Map<String, Value>, member: &Member) -> Wrong {
    let place = || format!("/{}", member.name);
    match object.get(member.name) {
        None if member.required => Err(place()),
        None => Ok(()),
        Some(Value::Array(items)) if member.many => {
            if member.required && items.is_empty() {
                return Err(place());
            }
            for (number, item) in items.iter().enumerate() {
                value(item, &member.shape)
                    .map_err(|below| format!("/{}/{number}{below}", member.name))?;
            }
            Ok(())
        }
        Some(single) => {
            value(single, &member.shape).map_err(|below| format!("/{}{below}", member.name))
        }
    }
}

fn value(value: &Value, shape: &Shape) -> Wrong {
    let holds = |holds: bool| if holds { Ok(()) } else { Err(String::new()) };
    let text = value.as_str();
    match shape {
        Text => holds(is_text(value)),
        Time => holds(text.is_some_and(|text| DateTime::parse_from_rfc3339(text).is_ok())),
        Day => holds(text.is_some_and(|text| text.len() == 10 && parse_date(text).is_ok())),
        Number => holds(value.is_number()),
        Flag => holds(value.is_boolean()),
        Word(words) => holds(text.is_some_and(|text| words.contains(&text))),
        Extensible(words) => {
            holds(text.is_some_and(|text| words.contains(&text) || text.starts_with("ext:")))
        }
        Token => holds(text.is_some_and(|text| text.split('.').count() == 3)),
        Credential => holds(value.is_object() || value.is_string()),
        Reference(_) if text.is_some() => Ok(()),
        Reference(class) | Object(class) => match value {
            Value::Object(members) => object(members, class),
            _ => Err(String::new()),
        },
    }
}

/// A text, or texts by language.
fn is_text(value: &Value) -> bool {
    match value {
        Value::String(_) => true,
        Value::Object(texts) => {
            !texts.is_empty()
                && texts
                    .iter()
                    .all(|(language, text)| text.is_string() && (2..=5).contains(&language.len()))
        }
        _ => false,
    }
}

fn object(members: &Map<String, Value>, class: &Class) -> Wrong {
    if class.kind.is_some_and(|kind| !has_type(members, kind)) {
        return Err("/type".to_owned());
    }
    for member in class.members {
        one(members, member)?;
    }
    let known =
        |name: &String| name == "type" || class.members.iter().any(|member| member.name == name);
    match members.keys().find(|name| !known(name)) {
        Some(unknown) if !class.open => Err(format!("/{unknown}")),
        _ => Ok(()),
    }
}
