//! `Content-Digest` (RFC 9530) of a pushed file.

use super::pushes::{code, one, push, served, spooled};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256, Sha512};

fn sha256(file: &[u8]) -> String {
    format!("sha-256=:{}:", STANDARD.encode(Sha256::digest(file)))
}

fn sha512(file: &[u8]) -> String {
    format!("sha-512=:{}:", STANDARD.encode(Sha512::digest(file)))
}

#[test]
fn a_content_digest_is_checked() {
    let (served, token) = served();
    let (right, wrong) = (sha256(&one()), sha256(b"another"));
    let (right_512, wrong_512) = (sha512(&one()), sha512(b"another"));
    let short = STANDARD.encode([7; 31]);
    for (header, expected) in [
        (right.clone(), (202, "")),
        (right_512.clone(), (202, "")),
        (format!("{right_512}, {right}"), (202, "")),
        (format!("{right};a=1,{right_512}"), (202, "")),
        // Of one name the last counts (RFC 8941, section 4.2.2).
        (format!("{wrong}, {right}"), (202, "")),
        // Those that are not known, or no longer safe, say nothing.
        ("unixsum=:AAA=:".to_owned(), (202, "")),
        ("md5=:AAA=:, crc32c=5".to_owned(), (202, "")),
        (format!("md5=:AAA=:, {right}"), (202, "")),
        (wrong.clone(), (400, "digest-mismatch")),
        (wrong_512.clone(), (400, "digest-mismatch")),
        (format!("{right}, {wrong_512}"), (400, "digest-mismatch")),
        (format!("{right_512}, {wrong}"), (400, "digest-mismatch")),
        (format!("{right}, {wrong}"), (400, "digest-mismatch")),
        (right.replace(':', ""), (400, "bad-request")),
        // Names of members are small letters.
        (right.to_uppercase(), (400, "bad-request")),
        ("sha-256=:x:".to_owned(), (400, "bad-request")),
        ("sha-256=::".to_owned(), (400, "bad-request")),
        ("sha-256=5".to_owned(), (400, "bad-request")),
        (format!("sha-256=:{short}:"), (400, "bad-request")),
        (right.replace("256", "512"), (400, "bad-request")),
        (format!("{right}, "), (400, "bad-request")),
        ("nonsense!".to_owned(), (400, "bad-request")),
        (String::new(), (400, "bad-request")),
    ] {
        let answer = push(
            &served,
            &token,
            "/imports/csv?dryRun=true",
            &[("Content-Digest", &header)],
            &one(),
        );
        assert_eq!(
            (answer.status, code(&answer).1.as_str()),
            expected,
            "{header}: {}",
            answer.body
        );
        assert_eq!(
            answer.header("want-content-digest"),
            "sha-512=5, sha-256=10"
        );
        if answer.status == 202 {
            served.ended(&token, answer.header("location"));
        }
        assert_eq!(spooled(&served), 0, "{header}");
    }
    assert_eq!(
        served.registry.count("import_job"),
        8,
        "what was refused is no import"
    );
}

#[test]
fn several_lines_are_one_list_and_a_fault_says_its_place() {
    let (served, token) = served();
    let (right, wrong_512) = (sha256(&one()), sha512(b"another"));
    let headers = [
        ("Content-Digest", right.as_str()),
        ("Content-Digest", wrong_512.as_str()),
    ];
    let answer = push(&served, &token, "/imports/csv", &headers, &one());
    assert_eq!(code(&answer), (400, "digest-mismatch".to_owned()));
    let detail = answer.json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains("sha-512"), "{detail}");
    for (header, place) in [
        (format!("{right} {right}"), "at character 56"),
        ("sha-256=:!:".to_owned(), "at character"),
        ("=5".to_owned(), "at character 1"),
        (
            "sha-512=?1".to_owned(),
            "sha-512 is not followed by 64 bytes",
        ),
    ] {
        let headers = [("Content-Digest", header.as_str())];
        let answer = push(&served, &token, "/imports/csv", &headers, &one());
        assert_eq!(code(&answer), (400, "bad-request".to_owned()), "{header}");
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(
            detail.contains("Content-Digest") && detail.contains(place),
            "{header}: {detail}"
        );
    }
    assert_eq!(served.registry.count("import_job"), 0);
}
