//! The classes of the data models, written after the standards: Open Badges 3.0 and CLR 2.0 (1EdTech), Bitstring Status Lists
//! (W3C). A newer version of a standard is followed here.

use super::Shape::{Credential, Day, Extensible, Flag, Number, Object, Text, Time, Token, Word};
use super::{Class, Member, any, closed, may, must, open, some};

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

pub(super) static PROFILE: Class = open(
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
pub(super) static COMMON: &[Member] = &[
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

pub(super) const OPEN_BADGES: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context";
pub(super) const LEARNER_RECORD: &str = "https://purl.imsglobal.org/spec/clr/v2p0/context";

/// The kinds of credentials: the types that name one, its subject, and the contexts beside the first that it must name.
pub(super) static KINDS: &[(&[&str], &Class, &[&str])] = &[
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
