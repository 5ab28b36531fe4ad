//! What an award is of: a qualification, a unit, a professional status or a registration.

use super::catalogue::Unit;
use super::framework::Qualification;
use crate::model::achievement::Held;
use async_graphql::{Enum, SimpleObject, Union};
use schema::ProfessionalStatus as KnownStatus;

/// What an award is of.
#[expect(
    clippy::large_enum_variant,
    reason = "made once an answer and handed on, never kept"
)]
#[derive(Union)]
pub enum AchievementSubject {
    /// A qualification.
    Qualification(Qualification),
    /// A unit.
    Unit(Unit),
    /// A professional status.
    ProfessionalStatus(ProfessionalStatus),
    /// An entry in a professional register.
    Registration(Registration),
}

/// A professional status, such as Qualified Teacher Status.
#[derive(SimpleObject)]
pub struct ProfessionalStatus {
    /// Its code, such as QTS.
    code: String,
    /// Its full name.
    title: String,
}

/// An entry in a professional register, such as the Nursing and Midwifery Council's.
#[derive(SimpleObject)]
pub struct Registration {
    /// The register.
    register: String,
    /// The number in it.
    number: Option<String>,
    /// Conditions of practice.
    conditions: Option<String>,
    /// The state of the entry.
    state: RegistrationState,
}

/// The state of an entry in a professional register.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum RegistrationState {
    /// In force.
    Current,
    /// Suspended.
    Suspended,
    /// Not renewed.
    Lapsed,
    /// Struck off.
    Removed,
}

/// The subject of an achievement; none where what the source names is known by no number.
pub(super) fn of(held: &Held) -> Option<AchievementSubject> {
    let row = &held.achievement;
    match row.subject_kind.as_str() {
        "qualification" => {
            let body = held.body.clone().filter(|body| {
                held.qualification
                    .as_ref()
                    .is_some_and(|row| row.body.as_ref() == Some(&body.recognition_number))
            });
            held.qualification
                .clone()
                .map(|row| AchievementSubject::Qualification(Qualification(row, body)))
        }
        "unit" => held
            .unit
            .clone()
            .map(|row| AchievementSubject::Unit(Unit(row))),
        "status" => Some(AchievementSubject::ProfessionalStatus(ProfessionalStatus {
            title: KnownStatus::find(&row.subject_code)
                .map_or_else(|| row.title.clone(), |status| status.title.to_owned()),
            code: row.subject_code.clone(),
        })),
        "registration" => Some(AchievementSubject::Registration(Registration {
            register: row.subject_code.clone(),
            number: row.registration_number.clone(),
            conditions: row.registration_conditions.clone(),
            state: match row.registration_state.as_deref() {
                Some("suspended") => RegistrationState::Suspended,
                Some("lapsed") => RegistrationState::Lapsed,
                Some("removed") => RegistrationState::Removed,
                _ => RegistrationState::Current,
            },
        })),
        _ => None,
    }
}
