//! The sources of an achievement in their own words, and what they say that was not taken.

use super::scalar::DateTime;
use crate::action::catalogue::{Contradiction, against, against_unit};
use crate::action::view::Heard;
use crate::model::achievement::Held;
use async_graphql::{Enum, ID, Json, SimpleObject};
use record::Difference;
use schema::{Code, Statement};

/// What kind of source told of an award.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum SourceKind {
    /// The awarding body's push.
    AwardingBody,
    /// A learning records service.
    LearningRecords,
    /// A transcript.
    Transcript,
    /// A badge, or whatever else a person brings for themselves.
    Badge,
    /// A claim of prior learning.
    PriorLearning,
    /// A steward's hand.
    Steward,
}

/// What one source said, in its own words.
#[derive(SimpleObject)]
pub struct Source {
    /// What kind of source it is.
    kind: SourceKind,
    /// The adapter that read it; `registry` for what was done in the registry itself.
    adapter: String,
    /// The import that brought it, for those who may see it.
    job: Option<ID>,
    /// Where in the file it stands: a row, a path or a byte.
    position: Option<String>,
    /// When it was received.
    received_at: DateTime,
    /// The fields as the source has them; under `sentinels` those whose value is no value, named for what it
    /// means; under `proofs` what each proof in it came to when it was read, check by check.
    stated: Json<serde_json::Value>,
}

/// Something that a source said and that was not taken.
#[derive(SimpleObject)]
pub struct Conflict {
    /// The fact.
    field: String,
    /// What the register says; null where the sources differ among themselves, and what was taken is the
    /// achievement's own fact.
    register_says: Option<String>,
    /// What the other source says.
    source_says: String,
    /// Why it was not taken.
    code: String,
}

/// What one source says and another that goes before it does not.
pub(super) fn between_sources(difference: Difference) -> Conflict {
    Conflict {
        field: camel(difference.field),
        register_says: None,
        source_says: difference.stated,
        code: Code::FactDiffers.as_str().to_owned(),
    }
}

/// A source, in its own words.
pub(super) fn of(heard: &Heard) -> std::result::Result<Source, crate::error::Error> {
    let record = heard.source.decode()?;
    let position = record.position.unwrap_or_default();
    let position = if !position.path.is_empty() {
        Some(position.path)
    } else if position.row > 0 {
        Some(format!("row {}", position.row))
    } else {
        position.byte().map(|byte| format!("byte {byte}"))
    };
    let mut stated = serde_json::Map::new();
    for field in record.stated {
        stated.insert(field.name, field.value.into());
    }
    let sentinels: serde_json::Map<String, serde_json::Value> = heard
        .sentinels
        .iter()
        .map(|(field, sentinel)| (camel(field), sentinel.as_str().into()))
        .collect();
    if !sentinels.is_empty() {
        stated.insert("sentinels".to_owned(), sentinels.into());
    }
    if !record.proofs.is_empty() {
        stated.insert("proofs".to_owned(), proofs(record.proofs));
    }
    Ok(Source {
        kind: match heard.told.kind {
            record::SourceKind::AwardingBody => SourceKind::AwardingBody,
            record::SourceKind::LearningRecords => SourceKind::LearningRecords,
            record::SourceKind::Transcript => SourceKind::Transcript,
            record::SourceKind::Badge => SourceKind::Badge,
            record::SourceKind::PriorLearning => SourceKind::PriorLearning,
            record::SourceKind::Steward => SourceKind::Steward,
        },
        adapter: heard.source.adapter.clone(),
        job: heard.source.job_id.map(|id| ID(id.show("import"))),
        position,
        received_at: DateTime(heard.source.received_at),
        stated: Json(stated.into()),
    })
}

/// What the proofs of a source came to, in the adapter's words.
fn proofs(proofs: Vec<schema::wire::Proof>) -> serde_json::Value {
    let told = proofs.into_iter().map(|proof| {
        let checks = proof.checks.into_iter().map(|check| {
            serde_json::json!({"name": check.name, "result": check.result, "code": check.code})
        });
        serde_json::json!({
            "path": proof.path,
            "form": proof.form,
            "suite": proof.suite,
            "method": proof.method,
            "controller": proof.controller,
            "keySource": proof.key_source,
            "checks": checks.collect::<Vec<_>>(),
        })
    });
    told.collect::<Vec<_>>().into()
}

/// Where a source says otherwise than the register of level, credit, body or title; of a unit otherwise than the framework
/// confirms of level or credit.
pub(super) fn against_register(held: &Held, heard: &[Heard]) -> Vec<Conflict> {
    let told = |contradicts: &dyn Fn(&Statement) -> Vec<Contradiction>| {
        let each = heard
            .iter()
            .flat_map(|one| contradicts(&one.told.statement));
        let mut conflicts: Vec<Conflict> = each
            .map(|one| conflict(one.field, one.register_says, one.source_says, one.code))
            .collect();
        conflicts.dedup_by(|left, right| {
            left.field == right.field && left.source_says == right.source_says
        });
        conflicts
    };
    if let Some(unit) = held.confirmed_unit() {
        return told(&|statement| against_unit(unit, statement));
    }
    let Some(register) = held.qualification.as_ref().filter(|row| row.registered) else {
        return Vec::new();
    };
    let mut conflicts = told(&|statement| against(register, statement));
    if held
        .achievement
        .awarded_on
        .is_some_and(|day| !register.certificable_on(day))
    {
        let window = format!(
            "{} to {}",
            register
                .operational_from
                .map(|day| day.to_string())
                .unwrap_or_default(),
            register
                .certification_until
                .map(|day| day.to_string())
                .unwrap_or_default()
        );
        let stated = held
            .achievement
            .awarded_on
            .map(|day| day.to_string())
            .unwrap_or_default();
        conflicts.push(conflict(
            "awardedOn",
            window,
            stated,
            Code::OutsideRegisterDates,
        ));
    }
    conflicts
}

fn conflict(
    field: &str,
    register_says: impl Into<Option<String>>,
    source_says: String,
    code: Code,
) -> Conflict {
    Conflict {
        field: field.to_owned(),
        register_says: register_says.into(),
        source_says,
        code: code.as_str().to_owned(),
    }
}

/// `certificate_number` as `certificateNumber`.
fn camel(field: &str) -> String {
    let mut text = String::with_capacity(field.len());
    let mut upper = false;
    for character in field.chars() {
        match character {
            '_' => upper = true,
            other if upper => {
                text.extend(other.to_uppercase());
                upper = false;
            }
            other => text.push(other),
        }
    }
    text
}
