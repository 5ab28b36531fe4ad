//! From the record to the plain data that a credential is made of.

use crate::db::Id;
use crate::model::achievement::{AchievementRow, Held};
use crate::model::learner::LearnerRow;
use credential::{Award, Body, Entry, Holder, Kind, Route, Word};
use schema::AwardStatus;
use sha2::{Digest, Sha256};

/// Whether an award is one for which the registry puts its name: somebody else's word than the person's, final, and standing.
pub(super) fn can_be_signed(held: &Held) -> bool {
    let row = &held.achievement;
    matches!(row.standing.as_str(), "attested" | "recorded")
        && row.status == AwardStatus::Final.as_str()
}

/// Whom a credential is about. The identifier is the registry's own for the person, in a form that leads nowhere.
pub(super) fn holder(row: &LearnerRow) -> Holder {
    Holder {
        id: urn(row.id),
        given_name: row.given_name.clone(),
        family_name: row.family_name.clone(),
    }
}

/// An identifier as a URI.
pub(super) fn urn(id: Id) -> String {
    format!("urn:uuid:{}", uuid::Uuid::from_bytes(id.bytes()))
}

/// An award as a credential tells it.
pub(super) fn award(held: &Held, id: String, status: Option<Entry>) -> Award {
    let row = &held.achievement;
    let kind = match row.subject_kind.as_str() {
        "qualification" => Kind::Qualification,
        "unit" => Kind::Unit,
        "status" => Kind::ProfessionalStatus,
        "registration" => Kind::Registration,
        _ => Kind::Other,
    };
    let known = held.body.as_ref().map(|body| Body {
        name: body.name.clone(),
        recognition_number: Some(body.recognition_number.clone()),
    });
    let stated = row.body_stated.clone().or_else(|| row.body.clone());
    let stated = stated.map(|name| Body {
        name,
        recognition_number: row.body.clone(),
    });
    Award {
        id,
        kind,
        code: (kind != Kind::Other).then(|| row.subject_code.clone()),
        part_of: row.part_of.clone(),
        title: held.title().to_owned(),
        body: known.or(stated),
        level: held.level(),
        credit: held.credit().and_then(|credit| u32::try_from(credit).ok()),
        grade: row.grade.clone(),
        awarded_on: row.awarded_on,
        started_on: row.started_on,
        valid_from: row.valid_from,
        valid_until: row.valid_until,
        route: match row.route.as_str() {
            "rpl" => Route::PriorLearning,
            "credit-transfer" => Route::CreditTransfer,
            "exemption" => Route::Exemption,
            "equivalence" => Route::Equivalence,
            _ => Route::Award,
        },
        word: match row.standing.as_str() {
            "attested" => Word::Attested,
            _ => Word::Recorded,
        },
        certificate_number: row.certificate_number.clone(),
        registration_number: row.registration_number.clone(),
        evidence: Vec::new(),
        status,
    }
}

/// A digest of what a credential says of an award. What the register says of its title, level and credit is not in it: a new
/// edition of the register makes no award another one.
pub(super) fn says(row: &AchievementRow) -> Vec<u8> {
    let day = |day: &Option<schema::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let said = [
        row.subject_kind.clone(),
        row.subject_code.clone(),
        text(&row.part_of),
        text(&row.body),
        day(&row.awarded_on),
        day(&row.valid_from),
        day(&row.valid_until),
        text(&row.grade),
        row.route.clone(),
        text(&row.registration_number),
        text(&row.registration_state),
    ];
    Sha256::digest(said.join("\u{1f}")).to_vec()
}
