//! What is kept: sealed, once, and handed out to those on the claim.

use super::super::support::{add, submit};
use super::super::support::{assign, bearer, caller, employment, look};
use super::make::{docx, pdf, png};
use super::{Desk, Sent, letter};
use registry::access::Role;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::os::unix::fs::MetadataExt;

#[test]
fn a_file_is_kept_sealed_and_given_to_those_on_the_claim() {
    let desk = Desk::new();
    let registry = desk.registry();
    let claim = desk.claim(&desk.jan);
    let content = pdf();
    let sent = Sent {
        name: "Thanks to Jan.pdf",
        kind: Some("application/pdf"),
        content: &content,
    };
    let piece = desk.add(&desk.jan, &claim, sent);
    let digest: String = Sha256::digest(&content)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(
        (
            &piece["kind"],
            &piece["digest"],
            &piece["size"],
            &piece["mediaType"]
        ),
        (
            &json!("DOCUMENT"),
            &json!(digest),
            &json!(content.len()),
            &json!("application/pdf")
        )
    );
    assert_eq!(piece["datedOn"], "2026-01-05");
    assert_eq!(piece["seenElsewhere"], false);
    // One file, of this user alone, whose name and bytes tell nothing.
    let files = desk.files();
    assert_eq!(files.len(), 1);
    assert_ne!(files[0], digest);
    let path = desk.folder().join(&files[0]);
    assert_eq!(std::fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
    let sealed = std::fs::read(&path).unwrap();
    assert!(!sealed.windows(8).any(|part| part == &content[..8]));
    let key = registry.app.config.data_dir.join("keys/evidence.key");
    assert_eq!(std::fs::metadata(key).unwrap().mode() & 0o777, 0o600);

    let answer = desk.download(Some(&desk.jan), &piece);
    assert_eq!((answer.status, answer.body.as_bytes()), (200, &content[..]));
    let named = format!(
        "attachment; filename=\"{}.pdf\"",
        piece["id"].as_str().unwrap()
    );
    for (header, value) in [
        ("content-type", "application/pdf"),
        ("content-length", &content.len().to_string()),
        ("content-disposition", &named),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("cache-control", "private, no-store"),
    ] {
        assert_eq!(answer.header(header), value, "{header}");
    }
    let path = format!("/evidence/{}", piece["id"].as_str().unwrap());
    let jan = format!("Bearer {}", desk.jan);
    let head = desk
        .served
        .request("HEAD", &path, &[("Authorization", &jan)], b"");
    assert_eq!((head.status, head.body.as_str()), (200, ""));

    // Her own looks leave nothing in the ledger; those of others do.
    let looked = || registry.count("access_entry WHERE what = 'evidence'");
    assert_eq!(looked(), 0);
    let of = |role, subject: &str, body| bearer(registry, role, subject, None, body);
    let officer = of(Role::AwardingBody, "officer", Some("RN5217"));
    let ann = of(Role::Assessor, "ann", None);
    let quentin = of(Role::QualityAssurer, "quentin", None);
    let everybody = [&officer, &ann, &quentin];
    for token in everybody {
        // Before it is handed in it is hers alone.
        assert_eq!(desk.download(Some(token), &piece).status, 404);
    }
    let hers = caller(registry, Role::Practitioner, "jan", Some(1), None);
    add(registry, &hers, &claim, employment(&["1", "2"])).unwrap();
    submit(registry, &hers, &claim).unwrap();
    let body = caller(
        registry,
        Role::AwardingBody,
        "officer",
        None,
        Some("RN5217"),
    );
    assign(registry, &body, &claim, Some("ann"), Some("quentin")).unwrap();
    for token in everybody {
        let answer = desk.download(Some(token), &piece);
        assert_eq!((answer.status, answer.body.as_bytes()), (200, &content[..]));
    }
    let by =
        "SELECT role || ' ' || via AS line FROM access_entry WHERE what = 'evidence' ORDER BY role";
    let by = registry.lines(by);
    assert_eq!(
        by,
        [
            "assessor http",
            "awarding_body http",
            "quality_assurer http"
        ]
    );

    // Everybody else is answered as where there is nothing.
    let none = json!({"id": "evidence_00000000000000000000000000000000"});
    let rob = of(Role::Assessor, "rob", None);
    let other = of(Role::AwardingBody, "other", Some("RN5156"));
    let employer = of(Role::Employer, "wendy", None);
    let steward = of(Role::Steward, "steward", None);
    for token in [&rob, &other, &employer, &steward, &desk.sam] {
        let (there, nowhere) = (
            desk.download(Some(token), &piece),
            desk.download(Some(token), &none),
        );
        assert_eq!((there.status, nowhere.status), (404, 404));
        let words = |answer: &crate::support::Answer| {
            let mut body = answer.json();
            body["instance"] = Value::Null;
            body
        };
        assert_eq!(words(&there), words(&nowhere));
    }
    assert_eq!(desk.download(None, &piece).status, 401);
    // What is no file has none to give.
    let seen = look(registry, &hers, &claim);
    let work = &seen["evidence"][1];
    assert_eq!(work["kind"], "EMPLOYMENT");
    assert_eq!(desk.download(Some(&desk.jan), work).status, 404);
    assert_eq!(looked(), 3);
}

#[test]
fn the_same_content_lies_once_and_somebody_elses_is_flagged() {
    let desk = Desk::new();
    let (first, again, other) = (
        desk.claim(&desk.jan),
        desk.claim(&desk.jan),
        desk.claim(&desk.sam),
    );
    let content = png();
    let sent = Sent::of("picture.png", &content);
    assert_eq!(desk.add(&desk.jan, &first, sent)["seenElsewhere"], false);
    let twice = desk.send(&desk.jan, &first, sent).unwrap();
    assert_eq!(twice["evidence"].as_array().unwrap().len(), 2);
    // Her own once more is no wonder; under another name at somebody else's it is.
    assert_eq!(desk.add(&desk.jan, &again, sent)["seenElsewhere"], false);
    let renamed = Sent::of("mine.png", &content);
    assert_eq!(desk.add(&desk.sam, &other, renamed)["seenElsewhere"], true);
    let document = docx();
    let own = desk.add(&desk.sam, &other, Sent::of("mine.docx", &document));
    assert_eq!(own["seenElsewhere"], false);
    assert_eq!(desk.files().len(), 2);
    assert_eq!(desk.registry().count("evidence_file"), 2);
    assert_eq!(desk.registry().count("claim_evidence"), 5);
}

#[test]
fn many_who_bring_the_same_and_others_at_once_all_have_it_and_it_lies_once() {
    let desk = Desk::new();
    let claims: Vec<(String, &str)> = (0..8)
        .map(|number| {
            let token = if number % 2 == 0 {
                &desk.jan
            } else {
                &desk.sam
            };
            (desk.claim(token), token.as_str())
        })
        .collect();
    let same = letter(1, 300_000);
    let pieces: Vec<Value> = std::thread::scope(|scope| {
        let each = claims.iter().enumerate().map(|(number, (claim, token))| {
            let (desk, same) = (&desk, &same);
            scope.spawn(move || {
                let own = letter(number as u64 + 100, 1000);
                desk.add(token, claim, Sent::of("own.txt", &own));
                desk.add(token, claim, Sent::of("same.txt", same))
            })
        });
        let each: Vec<_> = each.collect();
        each.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(desk.files().len(), 9);
    assert!(
        desk.files().iter().all(|name| name.len() == 64),
        "none on its way"
    );
    assert_eq!(desk.registry().count("claim_evidence"), 16);
    // Whoever of the two came first is not flagged, and the other always is.
    let unflagged = pieces.iter().zip(&claims);
    let unflagged = unflagged.filter(|(piece, _)| piece["seenElsewhere"] == false);
    let first: std::collections::BTreeSet<&str> = unflagged.map(|(_, (_, token))| *token).collect();
    assert_eq!(first.len(), 1);
    for (piece, (_, token)) in pieces.iter().zip(&claims) {
        let answer = desk.download(Some(token), piece);
        assert_eq!(answer.body.as_bytes(), &same[..]);
    }
}

#[test]
fn a_file_that_was_changed_on_the_disk_is_never_given_as_if_it_were_whole() {
    let desk = Desk::new();
    let claim = desk.claim(&desk.jan);
    let content = letter(1, 200_000);
    let piece = desk.add(&desk.jan, &claim, Sent::of("long.txt", &content));
    let path = desk.folder().join(&desk.files()[0]);
    let sealed = std::fs::read(&path).unwrap();
    // Its end is missing: nothing of it is given.
    std::fs::write(&path, &sealed[..sealed.len() - 70_000]).unwrap();
    let answer = desk.download(Some(&desk.jan), &piece);
    assert_eq!(
        (answer.status, answer.json()["code"].as_str()),
        (500, Some("internal"))
    );
    // A byte within is another: the answer ends before its length.
    let mut changed = sealed.clone();
    changed[100_000] ^= 1;
    std::fs::write(&path, &changed).unwrap();
    let url = format!(
        "{}/evidence/{}",
        desk.served.url,
        piece["id"].as_str().unwrap()
    );
    let agent = ureq::Agent::new_with_defaults();
    let bearer = format!("Bearer {}", desk.jan);
    let mut given = agent
        .get(&url)
        .header("Authorization", &bearer)
        .call()
        .unwrap();
    assert!(given.body_mut().read_to_vec().is_err());
    std::fs::write(&path, &sealed).unwrap();
    let answer = desk.download(Some(&desk.jan), &piece);
    assert_eq!(answer.body.as_bytes(), &content[..]);
}

#[test]
fn a_development_record_is_evidence_as_before_and_a_file_rests_on_none() {
    let desk = Desk::new();
    let registry = desk.registry();
    let jan = caller(registry, Role::Practitioner, "jan", Some(1), None);
    let record = "mutation { recordDevelopment(input: {kind: \"cpd\", title: \"A course\", on: \"2026-01-05\"}) { id } }";
    let entry = registry.data(&jan, record, Value::Null)["recordDevelopment"]["id"].clone();
    let claim = desk.claim(&desk.jan);
    let piece = json!({"kind": "DEVELOPMENT", "title": "A course", "outcomes": ["1"], "details": {"development": entry}});
    add(registry, &jan, &claim, piece).unwrap();
    desk.add(&desk.jan, &claim, Sent::of("a.txt", b"a letter"));
    let query = "{ me { development { edges { node { evidence { kind digest } } } } } }";
    let seen = registry.data(&jan, query, Value::Null);
    let pieces = &seen["me"]["development"]["edges"][0]["node"]["evidence"];
    assert_eq!(pieces, &json!([{"kind": "DEVELOPMENT", "digest": null}]));
}
