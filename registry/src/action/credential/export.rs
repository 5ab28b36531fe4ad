//! Exporting a record, or chosen achievements of it, as documents that others accept.

use super::made;
use super::show::unsigned;
use crate::access::{Caller, Right};
use crate::action::{share, view};
use crate::app::App;
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::issuing::Issuing;
use crate::model::access_entry::{self, AccessRow};
use crate::model::achievement::{self, Held};
use crate::model::credential::{self, BADGE, CredentialRow, RECORD, ToldRow};
use crate::model::learner::{self, LearnerRow};
use ::credential::{
    Award, Certificate, Entry, Form, Holder, Purpose, Record, bytes, certificate, learning_model,
    open_badge, presentation, record,
};
use chrono::NaiveDateTime;
use schema::Code;
use serde_json::{Map, Value};
use std::sync::Arc;

/// In what form a record is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Open Badges 3.0: a credential; of several awards a presentation that holds one for each
    OpenBadges,
    /// Comprehensive Learner Record 2.0: one credential that holds one for each award
    Clr,
    /// European Learning Model 3, which is not signed
    Elm,
    /// A JWT: an Open Badge, or of several awards a Comprehensive Learner Record
    VcJwt,
    /// PDF/A-3 to print, with an Open Badge, or of several awards a Comprehensive Learner Record, attached
    Pdf,
}

/// What of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chosen {
    /// All that can be signed.
    All,
    /// These achievements.
    These(Vec<Id>),
}

/// A record as it was exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// The document.
    pub content: Vec<u8>,
    /// Its media type.
    pub media_type: &'static str,
    /// The credentials that it is made of; of a record the record alone.
    pub credentials: Vec<Id>,
    /// How many awards it tells of.
    pub awards: usize,
    /// How many awards of the record were left out, since nobody signs them.
    pub left_out: usize,
}

/// What was gathered for an export.
struct Gathered {
    holder: LearnerRow,
    held: Vec<Held>,
    left_out: usize,
    badges: Vec<CredentialRow>,
    record: Option<CredentialRow>,
}

/// Exports what was chosen of a learner's record. What was issued before and says the same is handed out again, and not
/// issued twice. `look` is the row that it leaves in the person's ledger, where somebody else asked.
///
/// # Errors
/// [`Code::NotFound`] for a learner who is not there, or an achievement that is not theirs; [`Code::NothingToExport`] where
/// nothing of it can be signed; [`Error`] where the database does not answer.
#[tracing::instrument(target = "registry::trace", name = "credential::export", skip_all)]
pub async fn export(
    app: &Arc<App>,
    learner: Id,
    chosen: Chosen,
    format: Format,
    look: Option<AccessRow>,
) -> Result<Export, Error> {
    let now = app.clock.now();
    let task = app.clone();
    let gathered = app
        .db
        .write(move |connection| {
            let gathered = gather(connection, &task.issuing, learner, &chosen, format, now)?;
            if let Some(look) = &look {
                access_entry::insert_all(connection, &[look])?;
            }
            Ok(gathered)
        })
        .await?;
    // Signing is work that no other request should wait for.
    let task = app.clone();
    app.engines
        .run(move || write(&task, &gathered, format, now))
        .await?
}

/// Exports one's own record.
///
/// # Errors
/// [`Code::Forbidden`] for anybody but a practitioner; else as [`export`].
pub async fn export_own(
    app: &Arc<App>,
    caller: &Caller,
    chosen: Chosen,
    format: Format,
) -> Result<Export, Error> {
    caller.demand(Right::ReadOwnRecord)?;
    let own = view::own_learner_of(app, caller).await?;
    let own = own.ok_or_else(|| Error::from(Code::NotFound))?;
    export(app, own.id, chosen, format, None).await
}

fn gather(
    connection: &mut Connection,
    issuing: &Issuing,
    learner: Id,
    chosen: &Chosen,
    format: Format,
    now: NaiveDateTime,
) -> Result<Gathered, Error> {
    let none = || Error::from(Code::NotFound);
    let holder = learner::find(connection, learner)?.ok_or_else(none)?;
    // One at a time for one person, so that nothing is issued twice.
    learner::lock(connection, &[holder.id])?;
    let all = achievement::all_of_learner(connection, holder.id)?;
    let (held, rest): (Vec<Held>, Vec<Held>) = all.into_iter().partition(made::can_be_signed);
    let mut gathered = Gathered {
        left_out: rest.len(),
        held,
        holder,
        badges: Vec::new(),
        record: None,
    };
    if let Chosen::These(ids) = chosen {
        let among = |all: &[Held], id: Id| all.iter().any(|held| held.achievement.id == id);
        let known = |id: &Id| among(&gathered.held, *id) || among(&rest, *id);
        if !ids.iter().all(known) {
            return Err(none());
        }
        gathered.left_out = ids.iter().filter(|id| among(&rest, **id)).count();
        gathered
            .held
            .retain(|held| ids.contains(&held.achievement.id));
    }
    if gathered.held.is_empty() {
        return Err(Error::from(Code::NothingToExport));
    }
    if format == Format::Elm {
        return Ok(gathered);
    }
    let makers = share::makers(connection, gathered.holder.id)?;
    let issued = credential::of_learners(connection, &makers, BADGE)?;
    let ids: Vec<Id> = issued.iter().map(|row| row.id).collect();
    let told = credential::told(connection, &ids)?;
    let mut badges = Vec::with_capacity(gathered.held.len());
    for held in &gathered.held {
        let of_it = |row: &&CredentialRow| {
            let is = |one: &ToldRow| {
                one.credential_id == row.id && one.achievement_id == held.achievement.id
            };
            told.iter().any(is)
        };
        let before = issued.iter().filter(of_it);
        badges.push(badge(
            connection,
            issuing,
            held,
            &gathered.holder,
            before,
            now,
        )?);
    }
    gathered.badges = badges;
    let several = gathered.badges.len() > 1;
    if format == Format::Clr || several && matches!(format, Format::VcJwt | Format::Pdf) {
        let partial = *chosen != Chosen::All || gathered.left_out > 0;
        let before = credential::of_learners(connection, &makers, RECORD)?;
        let record = record_of(connection, issuing, &gathered, partial, &before, now)?;
        gathered.record = Some(record);
    }
    Ok(gathered)
}

/// The badge of an award: one that was issued before and would be the same now, else a new one.
fn badge<'a>(
    connection: &mut Connection,
    issuing: &Issuing,
    held: &Held,
    holder: &LearnerRow,
    before: impl Iterator<Item = &'a CredentialRow>,
    now: NaiveDateTime,
) -> Result<CredentialRow, Error> {
    let person = made::holder(holder);
    for known in before {
        if content_of_badge(issuing, held, &person, known)? == known.content {
            return Ok(known.clone());
        }
    }
    let mut row = new(connection, BADGE, Purpose::Suspension, holder.id, now)?;
    row.content = content_of_badge(issuing, held, &person, &row)?;
    let told = ToldRow {
        credential_id: row.id,
        achievement_id: held.achievement.id,
        says: made::says(&held.achievement),
    };
    credential::store(connection, &row, vec![told])?;
    Ok(row)
}

fn content_of_badge(
    issuing: &Issuing,
    held: &Held,
    person: &Holder,
    row: &CredentialRow,
) -> Result<String, Error> {
    let entry = entry(issuing, row, Purpose::Suspension);
    let award = made::award(held, address(issuing, row), Some(entry));
    let at = row.issued_at.and_utc();
    text(&open_badge(&award, person, issuing.issuer(), at))
}

/// The record of those badges, likewise.
fn record_of(
    connection: &mut Connection,
    issuing: &Issuing,
    gathered: &Gathered,
    partial: bool,
    before: &[CredentialRow],
    now: NaiveDateTime,
) -> Result<CredentialRow, Error> {
    for known in before {
        if content_of_record(issuing, gathered, partial, known)? == known.content {
            return Ok(known.clone());
        }
    }
    let holder = gathered.holder.id;
    let mut row = new(connection, RECORD, Purpose::Revocation, holder, now)?;
    row.content = content_of_record(issuing, gathered, partial, &row)?;
    let told = |held: &Held| ToldRow {
        credential_id: row.id,
        achievement_id: held.achievement.id,
        says: made::says(&held.achievement),
    };
    let told = gathered.held.iter().map(told).collect();
    credential::store(connection, &row, told)?;
    Ok(row)
}

fn content_of_record(
    issuing: &Issuing,
    gathered: &Gathered,
    partial: bool,
    row: &CredentialRow,
) -> Result<String, Error> {
    let about = Record {
        id: address(issuing, row),
        partial,
        status: Some(entry(issuing, row, Purpose::Revocation)),
    };
    let person = made::holder(&gathered.holder);
    let at = row.issued_at.and_utc();
    let mut made = record(&about, &[], &person, issuing.issuer(), at);
    let names: Vec<String> = gathered.badges.iter().map(name).collect();
    let subject = made.get_mut("credentialSubject");
    if let Some(Value::Object(subject)) = subject {
        subject.insert("verifiableCredential".to_owned(), names.into());
    }
    text(&made)
}

/// A credential that is to be issued, with its place in a list and nothing in it yet.
fn new(
    connection: &mut Connection,
    kind: &str,
    purpose: Purpose,
    learner: Id,
    now: NaiveDateTime,
) -> Result<CredentialRow, Error> {
    let (list, place) = credential::place(connection, purpose)?;
    Ok(CredentialRow {
        id: Id::new(),
        learner_id: learner,
        kind: kind.to_owned(),
        list,
        place,
        issued_at: now,
        content: String::new(),
    })
}

fn name(row: &CredentialRow) -> String {
    row.id.show("credential")
}

fn address(issuing: &Issuing, row: &CredentialRow) -> String {
    issuing.credential_address(&name(row))
}

fn entry(issuing: &Issuing, row: &CredentialRow, purpose: Purpose) -> Entry {
    Entry {
        list: issuing.list_address(row.list),
        index: row.place.cast_unsigned(),
        purpose,
    }
}

fn text(credential: &Map<String, Value>) -> Result<String, Error> {
    serde_json::to_string(credential).map_err(Error::internal)
}

/// The badges that a record holds.
pub(super) fn badges_of(
    connection: &mut Connection,
    record: &CredentialRow,
) -> Result<Vec<CredentialRow>, Error> {
    let content: Value = serde_json::from_str(&record.content).map_err(Error::internal)?;
    let names = content.pointer("/credentialSubject/verifiableCredential");
    let names = names.and_then(Value::as_array).into_iter().flatten();
    let ids: Vec<Id> = names
        .filter_map(|name| Id::read("credential", name.as_str()?))
        .collect();
    Ok(credential::all(connection, &ids)?)
}

/// Writes the document.
fn write(
    app: &App,
    gathered: &Gathered,
    format: Format,
    now: NaiveDateTime,
) -> Result<Export, Error> {
    let (issuing, keys) = (&app.issuing, &app.keys);
    let (main, badges) = match &gathered.record {
        Some(record) => (vec![record], gathered.badges.as_slice()),
        None => (gathered.badges.iter().collect(), &[][..]),
    };
    let sealed = |row: &CredentialRow| {
        let credential = unsigned(issuing, keys, row, badges)?;
        issuing.seal(keys, &credential, row.issued_at.and_utc())
    };
    if let (Format::Pdf, [one]) = (format, main.as_slice()) {
        let attached = bytes(&sealed(one)?);
        return Ok(Export {
            content: printed(issuing, gathered, one, &attached)?,
            media_type: "application/pdf",
            credentials: vec![one.id],
            awards: gathered.held.len(),
            left_out: gathered.left_out,
        });
    }
    let (content, media_type) = match (format, main.as_slice()) {
        (Format::Elm, _) => (bytes(&elm(issuing, gathered, now)), "application/ld+json"),
        (Format::VcJwt, [one]) => {
            let token = super::document(issuing, keys, one, badges, Form::Token)?;
            (token, "application/vc+jwt")
        }
        (_, [one]) => (bytes(&sealed(one)?), "application/vc"),
        (_, several) => {
            let several = several.iter().copied().map(sealed);
            let several = several.collect::<Result<Vec<_>, _>>()?;
            (bytes(&presentation(&several)), "application/vp")
        }
    };
    Ok(Export {
        content: content.into_bytes(),
        media_type,
        credentials: main.iter().map(|row| row.id).collect(),
        awards: gathered.held.len(),
        left_out: gathered.left_out,
    })
}

/// The certificate to print.
fn printed(
    issuing: &Issuing,
    gathered: &Gathered,
    row: &CredentialRow,
    attached: &str,
) -> Result<Vec<u8>, Error> {
    let award = |held: &Held| made::award(held, made::urn(held.achievement.id), None);
    let awards: Vec<Award> = gathered.held.iter().map(award).collect();
    let shown = Certificate {
        issuer: issuing.issuer(),
        holder: &made::holder(&gathered.holder),
        awards: &awards,
        at: row.issued_at.and_utc(),
        id: &address(issuing, row),
        credential: attached,
    };
    certificate(&shown).map_err(Error::internal)
}

fn elm(issuing: &Issuing, gathered: &Gathered, now: NaiveDateTime) -> Map<String, Value> {
    let award = |held: &Held| -> Award {
        let id = made::urn(held.achievement.id);
        made::award(held, id, None)
    };
    let awards: Vec<Award> = gathered.held.iter().map(award).collect();
    let id = format!(
        "urn:credential:{}",
        uuid::Uuid::from_bytes(Id::new().bytes())
    );
    let holder = made::holder(&gathered.holder);
    learning_model(&id, &awards, &holder, issuing.issuer(), now.and_utc())
}
