//! Certificates to print.

use crate::support::{award, badge, holder, issuer, now, sealed, text};
use credential::{Award, Certificate, certificate};

fn made(awards: &[Award]) -> Vec<u8> {
    let credential = text(&sealed(&badge()));
    certificate(&Certificate {
        issuer: &issuer(),
        holder: &holder(),
        awards,
        at: now(),
        id: "https://registry.example/credentials/credential_1",
        credential: &credential,
    })
    .unwrap()
}

fn has(pdf: &[u8], text: &str) -> bool {
    pdf.windows(text.len())
        .any(|window| window == text.as_bytes())
}

/// The renderer refuses to write what does not keep to the standard; what it wrote says that it does, and carries the
/// credential to the byte.
#[test]
fn a_certificate_is_an_archivable_document_with_its_credential() {
    let pdf = made(&[award()]);
    assert!(pdf.starts_with(b"%PDF-1.7"));
    for text in [
        "<pdfaid:part>3</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "/StructTreeRoot",
        "/AFRelationship/Source",
        "(credential.json)",
    ] {
        assert!(has(&pdf, text), "{text}");
    }
    assert!(has(&pdf, text(&sealed(&badge())).trim_end()));
    let handed = credential::Handed::read(&pdf, &proof::Limits::default()).unwrap();
    assert_eq!(handed.issuers().collect::<Vec<_>>(), [crate::support::DID]);
    assert_eq!(
        pdf,
        made(&[award()]),
        "the same certificate gives the same bytes"
    );
}

#[test]
fn names_and_titles_of_any_script_and_length_can_be_printed() {
    let mut long = award();
    long.title = format!(
        "{} Tŷ Hafan ŵ 字 \u{1F600} \u{0}\u{7}",
        "Diploma ".repeat(60)
    );
    long.body = None;
    long.grade = None;
    let many: Vec<Award> = std::iter::repeat_n(long, 40).collect();
    let pdf = made(&many);
    assert!(
        has(&pdf, "/Count 1") && pdf.len() < 1_000_000,
        "{}",
        pdf.len()
    );
}
