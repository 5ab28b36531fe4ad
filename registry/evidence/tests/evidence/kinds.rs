//! What files are by their content, and which are not taken.

use super::make::{DOCX, docx, jpeg, odt, pdf, png, webp, zip};
use evidence::{Declared, MediaType, Refusal, look};
use proptest::prelude::*;
use std::io::Cursor;

fn found(content: &[u8], name: &str, media_type: Option<&str>) -> Result<MediaType, &'static str> {
    let declared = Declared::of(name, media_type);
    look(&mut Cursor::new(content), &declared).map_err(|refusal| match refusal {
        Refusal::Empty => "empty",
        Refusal::Truncated => "truncated",
        Refusal::Mistyped => "mistyped",
        Refusal::Executable => "executable",
        Refusal::Unknown => "unknown",
        Refusal::Unreadable(error) => panic!("{error}"),
    })
}

fn every() -> Vec<(MediaType, Vec<u8>)> {
    vec![
        (MediaType::Pdf, pdf()),
        (MediaType::Png, png()),
        (MediaType::Jpeg, jpeg()),
        (MediaType::Webp, webp()),
        (MediaType::Docx, docx()),
        (MediaType::Odt, odt()),
        (MediaType::Text, "Dear assessor, it was ü.\n".into()),
    ]
}

#[test]
fn each_type_is_known_by_its_content_alone() {
    for (kind, content) in every() {
        assert_eq!(found(&content, "", None), Ok(kind));
        let name = format!("The Letter.V2.{}", kind.endings()[0].to_uppercase());
        assert_eq!(found(&content, &name, Some(kind.as_str())), Ok(kind));
        let generic = Some("application/octet-stream");
        assert_eq!(found(&content, "letter.final", generic), Ok(kind));
    }
    let text = b"a,b\n1,2\n";
    assert_eq!(
        found(text, "marks.csv", Some("text/csv; charset=utf-8")),
        Ok(MediaType::Text)
    );
    assert_eq!(
        found(&jpeg(), "a.jpg", Some("image/jpg")),
        Ok(MediaType::Jpeg)
    );
}

#[test]
fn what_is_said_to_be_something_else_is_mistyped() {
    for (kind, content) in every() {
        for (other, _) in every() {
            if other == kind {
                continue;
            }
            let name = format!("a.{}", other.endings()[0]);
            assert_eq!(
                found(&content, &name, None),
                Err("mistyped"),
                "{kind:?} {name}"
            );
            let said = Some(other.as_str());
            assert_eq!(
                found(&content, "", said),
                Err("mistyped"),
                "{kind:?} {said:?}"
            );
        }
        assert_eq!(found(&content, "a.html", None), Err("mistyped"), "{kind:?}");
    }
    assert_eq!(found(b"\x01\x02\x03", "a.pdf", None), Err("mistyped"));
    // Two things in one.
    let mut two = png();
    two.extend(docx());
    assert_eq!(found(&two, "", None), Err("mistyped"));
    let mut two = docx();
    two.splice(0..0, *b"PK\x03\x04more");
    assert_eq!(found(&two, "", None), Err("mistyped"));
}

#[test]
fn what_runs_is_never_taken_whatever_is_said_of_it() {
    let mut windows = b"MZ\x90\0".to_vec();
    windows.extend([0; 100]);
    let mut macros = docx();
    let types = String::from_utf8(DOCX.to_vec()).unwrap();
    let renamed = types.replace("wordprocessingml.document.main+xml", "x.vbaProject");
    let parts: [(&str, &[u8]); 2] = [("[Content_Types].xml", DOCX), ("word/VBAProject.bin", b"x")];
    macros.clear();
    macros.extend(zip(&parts));
    for (what, content) in [
        ("an ELF file", b"\x7fELF\x02\x01\x01\0".to_vec()),
        ("one of Windows", windows),
        ("one of macOS", b"\xcf\xfa\xed\xfe\x07\0\0\x01".to_vec()),
        ("a class", b"\xca\xfe\xba\xbe\0\0\0\x37".to_vec()),
        ("a script", b"#!/bin/sh\necho\n".to_vec()),
        (
            "a page",
            b"\n <html><body><ScRiPt>go()</script></body>".to_vec(),
        ),
        ("a picture", b"<svg xmlns='x' onload='go()'/>".to_vec()),
        ("macros", macros),
        (
            "macros under another name",
            zip(&[("[Content_Types].xml", renamed.as_bytes()), ("a", b"x")]),
        ),
        (
            "macros of an open document",
            zip(&[
                ("mimetype", b"application/vnd.oasis.opendocument.text"),
                ("Basic/Standard/Module1.xml", b"x"),
            ]),
        ),
        (
            "a program within",
            zip(&[("[Content_Types].xml", DOCX), ("word/a.exe", b"x")]),
        ),
    ] {
        for (name, kind) in [("", None), ("a.pdf", Some("application/pdf"))] {
            assert_eq!(
                found(&content, name, kind),
                Err("executable"),
                "{what} {name}"
            );
        }
    }
    // By its name a system would run it, whatever is in it.
    for name in ["a.exe", "letter.pdf.JS ", "a.docm", "run.bat."] {
        assert_eq!(found(b"a letter", name, None), Err("executable"), "{name}");
    }
    // A word stands over the border between two parts that are read.
    let mut page = b"<html>".to_vec();
    page.extend(std::iter::repeat_n(b' ', 64 * 1024 - 10));
    page.extend(b"<script>");
    assert_eq!(found(&page, "", None), Err("executable"));
}

#[test]
fn what_is_of_no_type_that_is_taken_is_said_to_be_so() {
    assert_eq!(found(b"", "a.pdf", None), Err("empty"));
    for content in [
        &b"<html><body>quiet</body></html>"[..],
        b"{\\rtf1 x}",
        b"%!PS-Adobe",
        b"GIF89a\x01\0",
        b"a\0b",
        b"\xff\xfea\0",
        b"\x1b[2Ja",
    ] {
        assert_eq!(found(content, "", None), Err("unknown"), "{content:?}");
    }
    assert_eq!(found(&zip(&[("a", b"x")]), "", None), Err("unknown"));
    assert_eq!(found(b"MZ is how it began.", "", None), Ok(MediaType::Text));
    assert_eq!(found(b"<3 this group", "", None), Ok(MediaType::Text));
}

#[test]
fn a_cut_anywhere_is_seen() {
    for (kind, content) in every() {
        if kind == MediaType::Text {
            continue;
        }
        // Before that there is no telling what it was to be.
        for length in 12..content.len() {
            let cut = found(&content[..length], "", Some(kind.as_str()));
            // A document's last bytes may be its own remark; anything but a whole file is right.
            assert!(
                matches!(cut, Err("truncated" | "mistyped")),
                "{kind:?} {length} of {}: {cut:?}",
                content.len()
            );
        }
    }
    let text = "it was ü".as_bytes();
    assert_eq!(found(&text[..text.len() - 1], "", None), Err("truncated"));
}

proptest! {
    #[test]
    fn no_content_makes_it_fail(content in proptest::collection::vec(any::<u8>(), 0..2000), which in 0..8_usize) {
        let begins: [&[u8]; 8] = [b"", b"%PDF-1.7 startxref 9 %%EOF", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBP", b"PK\x03\x04", b"<html", b"PK\x03\x04PK\x01\x02"];
        let mut file = begins[which].to_vec();
        file.extend(content);
        let _ = found(&file, "", None);
    }

    #[test]
    fn no_archive_that_was_changed_makes_it_fail(at in 0..4000_usize, byte: u8) {
        let mut file = docx();
        let place = at % file.len();
        file[place] = byte;
        let _ = found(&file, "", None);
    }
}
