//! A certificate to print: PDF/A-3a, with the credential attached, and a QR code that leads to it.

mod layout;
mod page;

use crate::{Award, Holder, Issuer};
use chrono::{DateTime, Datelike as _, Timelike as _, Utc};
use krilla::configure::{Archival, ConfigurationBuilder, PdfVersion};
use krilla::embed::{AssociationKind, EmbeddedFile, MimeType};
use krilla::metadata::{DateTime as PdfTime, Metadata};
use krilla::{Document, SerializeSettings};
use layout::{Block, Fonts};

/// What a certificate shows and carries.
pub struct Certificate<'a> {
    /// Who issued.
    pub issuer: &'a Issuer,
    /// About whom.
    pub holder: &'a Holder,
    /// What was achieved.
    pub awards: &'a [Award],
    /// When the credential was issued.
    pub at: DateTime<Utc>,
    /// The credential's identifier, to which the QR code leads.
    pub id: &'a str,
    /// The credential itself, as JSON with its proof.
    pub credential: &'a str,
}

/// Why there is no certificate, for the log: it names nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderError(String);

impl std::fmt::Display for RenderError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for RenderError {}

/// The certificate as PDF/A-3a: tagged, with its language, readable by a screen reader in its order. The same certificate gives
/// the same bytes.
///
/// # Errors
/// [`RenderError`] where the document would not keep to the standard, which would be an error of ours.
pub fn certificate(certificate: &Certificate<'_>) -> Result<Vec<u8>, RenderError> {
    let failed = |what: &str| RenderError(what.to_owned());
    let fonts = Fonts::shipped().ok_or_else(|| failed("a font cannot be read"))?;
    let configuration = ConfigurationBuilder::new()
        .with_version(PdfVersion::Pdf17)
        .with_archival_validator(Archival::A3_A)
        .finish()
        .map_err(|error| RenderError(format!("{error:?}")))?;
    let mut document = Document::new_with(SerializeSettings {
        configuration,
        enable_tagging: true,
        ..SerializeSettings::default()
    });
    let blocks = blocks(certificate);
    page::draw(&mut document, &fonts, &blocks, certificate.id)
        .ok_or_else(|| failed("nothing can be drawn"))?;
    let at = pdf_time(certificate.at);
    let title = format!("{} – {}", heading(certificate), certificate.holder.name());
    document.set_metadata(
        Metadata::new()
            .title(title)
            .language("en-GB".to_owned())
            .authors(vec![certificate.issuer.name.clone()])
            .creation_date(at)
            .document_id(certificate.id.to_owned()),
    );
    let attached = EmbeddedFile {
        path: "credential.json".to_owned(),
        mime_type: MimeType::new("application/json"),
        description: Some("The signed credential that this certificate shows".to_owned()),
        association_kind: AssociationKind::Source,
        data: certificate.credential.as_bytes().to_vec().into(),
        modification_date: Some(at),
        compress: Some(false),
        location: None,
    };
    document
        .embed_file(attached)
        .ok_or_else(|| failed("the credential cannot be attached"))?;
    document
        .finish()
        .map_err(|error| RenderError(format!("{error:?}")))
}

fn heading(certificate: &Certificate<'_>) -> &'static str {
    match certificate.awards {
        [_] => "Certificate of achievement",
        _ => "Record of achievements",
    }
}

/// What stands on the pages, in the order in which it is read.
fn blocks(certificate: &Certificate<'_>) -> Vec<Block> {
    let mut blocks = vec![
        Block::title(heading(certificate)),
        Block::name(&certificate.holder.name()),
    ];
    for award in certificate.awards {
        blocks.push(Block::heading(&award.title));
        blocks.extend(facts(award).into_iter().map(|fact| Block::text(&fact)));
    }
    let issuer = certificate.issuer;
    let day = long(certificate.at.date_naive());
    blocks.push(Block::text(&format!("Issued by {} on {day}.", issuer.name)));
    blocks.push(Block::Code);
    blocks.push(Block::small(
        "What is printed can be changed. The signed credential is attached to this file (credential.json) and shows whether it was; \
         whoever is given the file can have it verified.",
    ));
    blocks.push(Block::small(&format!("Credential: {}", certificate.id)));
    blocks.push(Block::small(&format!("Issuer: {}", issuer.id)));
    blocks
}

fn facts(award: &Award) -> Vec<String> {
    let mut facts = Vec::new();
    let mut fact = |label: &str, value: Option<String>| {
        facts.extend(value.map(|value| format!("{label}: {value}")));
    };
    fact("Number", award.code.clone());
    fact(
        "Awarding body",
        award.body.as_ref().map(|body| body.name.clone()),
    );
    fact("Awarded on", award.awarded_on.map(long));
    fact("Grade", award.grade.clone());
    fact("Level", award.level.map(crate::issue::level_name));
    fact("Credit", award.credit.map(|credit| credit.to_string()));
    fact("Valid from", award.valid_from.map(long));
    fact("Valid until", award.valid_until.map(long));
    fact("Registration number", award.registration_number.clone());
    fact("Note", crate::issue::narrative(award));
    facts
}

/// A day as people write it.
fn long(day: schema::Date) -> String {
    day.format("%-d %B %Y").to_string()
}

fn pdf_time(at: DateTime<Utc>) -> PdfTime {
    let part = |value: u32| u8::try_from(value).unwrap_or_default();
    PdfTime::new(u16::try_from(at.year()).unwrap_or_default())
        .month(part(at.month()))
        .day(part(at.day()))
        .hour(part(at.hour()))
        .minute(part(at.minute()))
        .second(part(at.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0)
}
