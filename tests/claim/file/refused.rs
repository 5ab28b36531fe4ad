//! What is not taken: each with its answer, and nothing of it left.

use super::make::{DOCX, docx, jpeg, odt, pdf, png, webp, zip};
use super::{ADD, Desk, Sent, form, letter};
use crate::support::codes;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

#[test]
fn what_is_cut_off_mistyped_run_or_of_no_known_type_has_its_own_answer() {
    let desk = Desk::new();
    let claim = desk.claim(&desk.jan);
    let cut = |file: Vec<u8>| file[..file.len() * 2 / 3].to_vec();
    let macros = zip(&[("[Content_Types].xml", DOCX), ("word/vbaProject.bin", b"x")]);
    let mut windows = b"MZ\x90\0".to_vec();
    windows.extend([0; 200]);
    let two = [png(), docx()].concat();
    let word = Some("application/vnd.openxmlformats-officedocument.wordprocessingml.document");
    for (name, kind, content, code) in [
        (
            "a.pdf",
            Some("application/pdf"),
            cut(pdf()),
            "evidence-truncated",
        ),
        ("a.png", Some("image/png"), cut(png()), "evidence-truncated"),
        (
            "a.jpg",
            Some("image/jpeg"),
            cut(jpeg()),
            "evidence-truncated",
        ),
        ("a.webp", None, cut(webp()), "evidence-truncated"),
        ("a.docx", word, cut(docx()), "evidence-truncated"),
        ("a.odt", None, cut(odt()), "evidence-truncated"),
        (
            "a.txt",
            None,
            "for you ü".as_bytes()[..9].to_vec(),
            "evidence-truncated",
        ),
        ("a.png", Some("image/png"), pdf(), "evidence-mistyped"),
        ("a.pdf", Some("image/png"), pdf(), "evidence-mistyped"),
        ("a.docx", word, b"a letter".to_vec(), "evidence-mistyped"),
        ("a.pdf", None, vec![1, 2, 3, 0], "evidence-mistyped"),
        ("a.png", None, two, "evidence-mistyped"),
        (
            "a.pdf",
            Some("application/pdf"),
            b"\x7fELF\x02\x01\x01".to_vec(),
            "evidence-executable",
        ),
        ("a.pdf", None, windows, "evidence-executable"),
        (
            "a.txt",
            Some("text/plain"),
            b"#!/bin/sh\nrm -r /\n".to_vec(),
            "evidence-executable",
        ),
        ("a.docx", word, macros, "evidence-executable"),
        (
            "a.svg",
            None,
            b"<svg><script>x()</script></svg>".to_vec(),
            "evidence-executable",
        ),
        ("a.exe", None, b"a letter".to_vec(), "evidence-executable"),
        (
            "a",
            None,
            b"<html>quiet</html>".to_vec(),
            "evidence-type-unknown",
        ),
        (
            "a",
            None,
            b"GIF89a\x01\0\x01\0".to_vec(),
            "evidence-type-unknown",
        ),
        ("a", None, zip(&[("a.txt", b"x")]), "evidence-type-unknown"),
        ("a.pdf", None, Vec::new(), "file-empty"),
    ] {
        let sent = Sent {
            name,
            kind,
            content: &content,
        };
        let answer = desk.send(&desk.jan, &claim, sent);
        assert_eq!(
            answer,
            Err(code.to_owned()),
            "{name} {kind:?} {}",
            content.len()
        );
        desk.assert_empty(name);
    }
    // It tells where in the request it is, in the language that is asked for, and what is taken.
    let (kind, body) = form(&claim, Sent::of("a", b"GIF89a\x01\0\x01\0"));
    let bearer = format!("Bearer {}", desk.jan);
    let headers = [
        ("Content-Type", kind.as_str()),
        ("Authorization", &bearer),
        ("GraphQL-Require-Preflight", "1"),
        ("Accept-Language", "cy"),
    ];
    let answer = desk
        .served
        .request("POST", "/graphql", &headers, &body)
        .json();
    let error = &answer["errors"][0];
    assert_eq!(error["path"], json!(["addEvidence"]));
    assert!(
        error["message"].as_str().unwrap().contains("Ni dderbynnir"),
        "{error}"
    );
}

#[test]
fn what_is_too_large_is_refused_before_it_has_come() {
    let desk = Desk::of(registry::app::Clock::system(), |config| {
        config.evidence.limit = 100_000;
        config.evidence.claim_limit = 250_000;
    });
    let claim = desk.claim(&desk.jan);
    let send = |number, bytes| {
        let content = letter(number, bytes);
        desk.send(&desk.jan, &claim, Sent::of("a.txt", &content))
    };
    assert_eq!(send(1, 100_001), Err("too-large".to_owned()));
    desk.assert_empty("a byte too many");
    // More of it is never asked for: the answer comes while the file is on its way.
    let (kind, body) = form(&claim, Sent::of("a.txt", &letter(1, 400_000)));
    let answer = raw(&desk, &kind, 50_000_000, &body);
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("100000 bytes at most"), "{answer}");
    desk.assert_empty("on its way");
    // A claim has room for so much, whether the same content or other.
    send(1, 100_000).unwrap();
    send(2, 100_000).unwrap();
    assert_eq!(send(3, 50_001), Err("too-large".to_owned()));
    assert_eq!(send(1, 100_000), Err("too-large".to_owned()));
    assert_eq!(desk.files().len(), 2);
    send(4, 50_000).unwrap();
    assert_eq!(desk.files().len(), 3);
    // A file of that size may be imported, and evidence may not hide as an import.
    let both = ADD.replace(
        "addEvidence",
        "x: startImport(adapter: \"csv\", file: $f) { id } addEvidence",
    );
    let both = both.replace("$claim: ID!", "$claim: ID!, $f: Upload!");
    let hidden = String::from_utf8(form(&claim, Sent::of("a.txt", &letter(9, 150_000))).1).unwrap();
    let hidden = hidden.replace(
        &serde_json::to_string(ADD).unwrap(),
        &serde_json::to_string(&both).unwrap(),
    );
    let bearer = format!("Bearer {}", desk.jan);
    let headers = [
        ("Content-Type", kind.as_str()),
        ("Authorization", &bearer),
        ("GraphQL-Require-Preflight", "1"),
    ];
    let answer = desk
        .served
        .request("POST", "/graphql", &headers, hidden.as_bytes());
    assert!(!codes(&answer.json()).is_empty(), "{}", answer.body);
    assert_eq!(desk.files().len(), 3);
}

/// What is answered to a request that says that it is so long, and brings this much of it.
fn raw(desk: &Desk, kind: &str, length: usize, body: &[u8]) -> String {
    let address = desk.served.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    let token = &desk.jan;
    write!(
        stream,
        "POST /graphql HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nGraphQL-Require-Preflight: 1\r\n\
         Content-Type: {kind}\r\nContent-Length: {length}\r\n\r\n"
    )
    .unwrap();
    stream.write_all(body).unwrap();
    let mut bytes = [0; 4096];
    let length = stream.read(&mut bytes).unwrap();
    let mut answer = String::from_utf8_lossy(&bytes[..length]).into_owned();
    let length = stream.read(&mut bytes).unwrap_or(0);
    answer.push_str(&String::from_utf8_lossy(&bytes[..length]));
    answer
}

#[test]
fn a_transfer_that_is_cut_short_leaves_nothing() {
    let desk = Desk::of(registry::app::Clock::system(), |config| {
        config.server.push_silence = 1;
    });
    let claim = desk.claim(&desk.jan);
    let (kind, body) = form(&claim, Sent::of("a.txt", &letter(1, 500_000)));
    // The client falls silent, and waits.
    let answer = raw(&desk, &kind, body.len(), &body[..200_000]);
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    desk.assert_empty("silent");
    // It goes away.
    let address = desk.served.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    let (token, length) = (&desk.jan, body.len());
    write!(
        stream,
        "POST /graphql HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nGraphQL-Require-Preflight: 1\r\n\
         Content-Type: {kind}\r\nContent-Length: {length}\r\n\r\n"
    )
    .unwrap();
    stream.write_all(&body[..300_000]).unwrap();
    drop(stream);
    // The form ends before its end, as a whole request.
    let cut = &body[..body.len() - 12];
    let answer = raw(&desk, &kind, cut.len(), cut);
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    desk.assert_empty("gone");
}

#[test]
fn only_a_document_has_a_file_and_it_comes_by_the_convention_to_a_claim_of_ones_own() {
    let desk = Desk::new();
    let claim = desk.claim(&desk.jan);
    let content = pdf();
    let sent = Sent::of("a.pdf", &content);
    let (kind, body) = form(&claim, sent);
    let bearer = format!("Bearer {}", desk.jan);
    let post = |with: bool, body: &[u8]| {
        let mut headers = vec![("Content-Type", kind.as_str()), ("Authorization", &bearer)];
        if with {
            headers.push(("GraphQL-Require-Preflight", "1"));
        }
        super::told(&desk.served.request("POST", "/graphql", &headers, body))
    };
    assert_eq!(post(false, &body), Err("preflight-missing".to_owned()));
    let text = String::from_utf8(body).unwrap();
    let changed = |from: &str, to: &str| {
        assert!(text.contains(from));
        post(true, text.replace(from, to).as_bytes())
    };
    for (from, to, code) in [
        ("\"DOCUMENT\"", "\"EMPLOYMENT\"", "input-invalid"),
        (
            "variables.input.file",
            "variables.input.nothing",
            "input-invalid",
        ),
        ("{\"0\":[\"variables.input.file\"]}", "{}", "bad-request"),
        ("[\"1\"]", "[\"nothing\"]", "outcome-unknown"),
        ("2026-01-05", "2999-01-05", "dates-contradict"),
        (
            claim.as_str(),
            "claim_00000000000000000000000000000000",
            "not-found",
        ),
    ] {
        assert_eq!(changed(from, to), Err(code.to_owned()), "{to}");
        desk.assert_empty(to);
    }
    // Not on another's claim, whoever it is.
    for token in [&desk.sam, &super::practitioner(desk.registry(), "pat", 3)] {
        assert_eq!(desk.send(token, &claim, sent), Err("not-found".to_owned()));
    }
    let input = |file: Value| json!({"claim": claim, "input": {"kind": "DOCUMENT", "title": "x", "outcomes": ["1"], "file": file}});
    for (file, code) in [
        (Value::Null, "input-invalid"),
        (json!("#__graphql_file__:0"), "bad-request"),
        (json!("text"), "query-invalid"),
    ] {
        let answer = desk
            .served
            .graphql(Some(&desk.jan), ADD, input(file))
            .json();
        assert_eq!(codes(&answer), [code], "{answer}");
    }
    desk.assert_empty("not as a file");
    desk.send(&desk.jan, &claim, sent).unwrap();
}
