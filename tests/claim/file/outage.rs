//! The program itself: a disk that is full, a kill while a file is looked at, and a log that tells nothing of what came.

use super::super::support::registry;
use super::make::pdf;
use super::{Sent, letter, names, opened, practitioner, send_to, told};
use crate::support::disk::{may_mount, served_on_a_disk};
use crate::support::{Process, Registry, command, command_after};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// A registry's folder with a claim in it, for a program to serve.
struct Prepared {
    registry: Registry,
    jan: String,
    claim: String,
}

impl Prepared {
    fn new() -> Self {
        let registry = registry(Registry::new());
        let jan = practitioner(&registry, "jan", 1);
        let claim = opened(&registry, &jan);
        Self {
            registry,
            jan,
            claim,
        }
    }

    fn url(&self) -> String {
        self.registry.app.config.database_url()
    }

    fn folder(&self) -> &Path {
        self.registry.folder()
    }

    fn kept(&self) -> Vec<String> {
        names(&self.registry.app.config.evidence_folder())
    }

    fn send(&self, server: &Process, sent: Sent<'_>) -> (u16, Result<Value, String>) {
        let answer = send_to(&server.url, &self.jan, &self.claim, sent);
        (answer.status, told(&answer))
    }
}

const SERVE: [&str; 4] = ["--json", "serve", "--listen", "127.0.0.1:0"];

#[test]
fn a_disk_that_is_full_in_the_middle_keeps_nothing_and_goes_on_when_there_is_space() {
    let prepared = Prepared::new();
    // Eight megabytes is the largest file that the system takes.
    let limited = command_after(
        "trap '' XFSZ; ulimit -f 16384",
        prepared.folder(),
        &prepared.url(),
        &SERVE,
    );
    let server = Process::start(prepared.folder(), limited);
    let large = letter(1, 9_000_000);
    let (status, answer) = prepared.send(&server, Sent::of("a.txt", &large));
    assert_eq!((status, answer), (507, Err("disk-full".to_owned())));
    assert_eq!(prepared.kept(), Vec::<String>::new());
    assert_eq!(
        names(&prepared.folder().join("data/spool")),
        Vec::<String>::new()
    );
    assert_eq!(prepared.registry.count("claim_evidence"), 0);
    let small = letter(2, 100_000);
    let (status, answer) = prepared.send(&server, Sent::of("a.txt", &small));
    assert_eq!((status, answer.is_ok()), (200, true));
    assert_eq!(prepared.kept().len(), 1);
    server.stop();
}

/// A server whose folder of evidence is a disk of its own, of one megabyte; and the folder as it is seen from outside.
fn on_a_small_disk(prepared: &Prepared) -> (Process, PathBuf) {
    let disk = prepared.folder().join("disk");
    let settings = [("REGISTRY_EVIDENCE__FOLDER", disk.as_path())];
    served_on_a_disk(prepared.folder(), &prepared.url(), (&disk, "1m"), &settings)
}

#[test]
fn a_folder_that_is_full_keeps_what_it_has_and_nothing_of_what_does_not_fit() {
    if !may_mount() {
        eprintln!("SKIPPED: a folder that is full: this machine lets a test mount none");
        return;
    }
    let prepared = Prepared::new();
    let (server, seen) = on_a_small_disk(&prepared);
    let first = letter(1, 300_000);
    let (_, answer) = prepared.send(&server, Sent::of("a.txt", &first));
    let first_piece = answer.unwrap()["evidence"][0].clone();
    let before = names(&seen);
    assert_eq!(before.len(), 1);
    // It was received, looked at, and does not fit: half of it is written by then.
    for number in [2, 3] {
        let (_, answer) = prepared.send(&server, Sent::of("a.txt", &letter(number, 1_500_000)));
        assert_eq!(answer, Err("disk-full".to_owned()));
        assert_eq!(names(&seen), before);
    }
    assert_eq!(prepared.registry.count("claim_evidence"), 1);
    let path = format!("/evidence/{}", first_piece["id"].as_str().unwrap());
    let bearer = format!("Bearer {}", prepared.jan);
    let given = server.request("GET", &path, &[("Authorization", &bearer)], b"");
    assert_eq!(given.body.as_bytes(), &first[..]);
    let (_, answer) = prepared.send(&server, Sent::of("a.txt", &letter(4, 300_000)));
    assert_eq!(answer.unwrap()["evidence"].as_array().unwrap().len(), 2);
    assert_eq!(names(&seen).len(), 2);
    server.stop();
}

#[test]
fn a_kill_while_a_file_is_looked_at_leaves_nothing_and_it_can_be_sent_again() {
    let prepared = Prepared::new();
    let mut slow = command(prepared.folder(), &prepared.url(), &SERVE);
    let reached = prepared.folder().join("reached");
    let script = format!("touch {}; exec sleep 20", reached.display());
    let scan = serde_json::json!(["/bin/sh", "-c", script]).to_string();
    slow.env("REGISTRY_EVIDENCE__SCAN", scan);
    let server = Process::start(prepared.folder(), slow);
    let content = letter(1, 300_000);
    std::thread::scope(|scope| {
        let url = server.url.clone();
        let (jan, claim, content) = (&prepared.jan, &prepared.claim, &content);
        let sending = scope.spawn(move || {
            // Nobody answers: what is told of that is not what this is about.
            std::panic::catch_unwind(|| send_to(&url, jan, claim, Sent::of("a.txt", content)))
                .is_err()
        });
        while !reached.exists() {
            std::thread::yield_now();
        }
        server.kill();
        assert!(sending.join().unwrap());
    });
    assert_eq!(prepared.kept(), Vec::<String>::new());
    assert_eq!(
        names(&prepared.folder().join("data/spool")),
        Vec::<String>::new()
    );
    let server = Process::serve(prepared.folder(), &prepared.url());
    let (_, answer) = prepared.send(&server, Sent::of("a.txt", &content));
    assert!(answer.is_ok(), "{answer:?}");
    assert_eq!(prepared.kept().len(), 1);
    server.stop();
}

#[test]
fn nothing_of_a_file_is_in_the_log_the_metrics_or_any_answer_but_its_own() {
    let prepared = Prepared::new();
    let server = Process::serve(prepared.folder(), &prepared.url());
    let secret = "Wilhelmina-Featherstonehaugh";
    let name = format!("{secret}.txt");
    let content = format!("{secret} helped in our playgroup.");
    let script = format!("#!/bin/sh\necho {secret}\n");
    let mut cut = pdf();
    cut.splice(9..9, format!("% {secret}\n").into_bytes());
    cut.truncate(2000);
    let mut page = format!("<html>{secret}<script>").into_bytes();
    page.extend(letter(1, 100_000));
    let pdf_name = format!("{secret}.pdf");
    for (name, content, good) in [
        (name.as_str(), content.as_bytes(), true),
        (name.as_str(), script.as_bytes(), false),
        (pdf_name.as_str(), cut.as_slice(), false),
        (pdf_name.as_str(), content.as_bytes(), false),
        (name.as_str(), page.as_slice(), false),
    ] {
        let answer = send_to(
            &server.url,
            &prepared.jan,
            &prepared.claim,
            Sent::of(name, content),
        );
        assert_eq!(told(&answer).is_ok(), good, "{}", answer.body);
        assert!(!answer.body.contains(secret), "{}", answer.body);
    }
    // One that is damaged on the disk is told of in the log, without what it held.
    let kept = prepared.registry.app.config.evidence_folder();
    let path = kept.join(&prepared.kept()[0]);
    let sealed = std::fs::read(&path).unwrap();
    std::fs::write(&path, &sealed[..sealed.len() - 3]).unwrap();
    let id = prepared
        .registry
        .lines("SELECT 'x' AS line FROM claim_evidence")
        .len();
    assert_eq!(id, 1);
    let query = format!(
        "{{ claim(id: \"{}\") {{ evidence {{ id }} }} }}",
        prepared.claim
    );
    let seen = server.graphql(Some(&prepared.jan), &query).json();
    let piece = seen["data"]["claim"]["evidence"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let bearer = format!("Bearer {}", prepared.jan);
    let path = format!("/evidence/{piece}");
    let damaged = server.request("GET", &path, &[("Authorization", &bearer)], b"");
    assert_eq!(damaged.status, 500);
    let metrics = server.request("GET", "/metrics", &[], b"").body;
    let log = server.log();
    assert!(
        log.contains("a sealed file is not as it was written"),
        "{log}"
    );
    assert!(metrics.contains("/evidence/{id}"), "{metrics}");
    for (what, text) in [("log", &log), ("metrics", &metrics)] {
        for told in [secret, "playgroup", "A letter of thanks", piece.as_str()] {
            assert!(!text.contains(told), "{told} in the {what}");
        }
    }
    assert!(!prepared.kept().concat().contains(secret));
    server.stop();
}
