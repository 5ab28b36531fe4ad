//! Files as evidence, through a server that runs: what each is answered, what is left of it, and that nothing of its content is
//! anywhere but sealed in its place.

mod erased;
mod kept;
#[path = "../../registry/evidence/tests/evidence/make.rs"]
mod make;
mod outage;
mod refused;
mod scanned;

use super::support::{bearer, id, open, registry};
use crate::support::{Answer, Registry, Served, request};
use registry::access::Role;
use registry::app::Clock;
use registry::config::Config;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

const ADD: &str = "mutation($claim: ID!, $input: EvidenceInput!) { addEvidence(claim: $claim, input: $input) {
    id version evidence { id kind title digest size mediaType erasedAt seenElsewhere datedOn outcomes } } }";

/// A file as a browser would send it.
#[derive(Clone, Copy)]
struct Sent<'a> {
    name: &'a str,
    kind: Option<&'a str>,
    content: &'a [u8],
}

impl<'a> Sent<'a> {
    fn of(name: &'a str, content: &'a [u8]) -> Self {
        Self {
            name,
            kind: None,
            content,
        }
    }
}

/// The body of a request by the multipart convention that adds a file to a claim.
fn form(claim: &str, sent: Sent<'_>) -> (String, Vec<u8>) {
    let input = json!({"kind": "DOCUMENT", "title": "A letter of thanks", "outcomes": ["1"], "file": null,
        "details": {"datedOn": "2026-01-05"}});
    let operations = json!({"query": ADD, "variables": {"claim": claim, "input": input}});
    let Sent {
        name,
        kind,
        content,
    } = sent;
    let kind = kind.map_or_else(String::new, |kind| format!("Content-Type: {kind}\r\n"));
    let mut body = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"operations\"\r\n\r\n{operations}\r\n--edge\r\n\
         Content-Disposition: form-data; name=\"map\"\r\n\r\n{{\"0\":[\"variables.input.file\"]}}\r\n--edge\r\n\
         Content-Disposition: form-data; name=\"0\"; filename=\"{name}\"\r\n{kind}\r\n"
    )
    .into_bytes();
    body.extend_from_slice(content);
    body.extend_from_slice(b"\r\n--edge--\r\n");
    ("multipart/form-data; boundary=edge".to_owned(), body)
}

/// Adds a file to a claim at whoever serves there.
fn send_to(url: &str, token: &str, claim: &str, sent: Sent<'_>) -> Answer {
    let (kind, body) = form(claim, sent);
    let bearer = format!("Bearer {token}");
    let headers = [
        ("Content-Type", kind.as_str()),
        ("Authorization", &bearer),
        ("GraphQL-Require-Preflight", "1"),
    ];
    request(url, "POST", "/graphql", &headers, &body)
}

/// The claim as it is then, or the code.
fn told(answer: &Answer) -> Result<Value, String> {
    let body = answer.json();
    let code = body["errors"][0]["extensions"]["code"].as_str();
    match code.or(body["code"].as_str()) {
        Some(code) => Err(code.to_owned()),
        None => Ok(body["data"]["addEvidence"].clone()),
    }
}

/// A registry that is served, and those who bring files to it.
struct Desk {
    served: Served,
    jan: String,
    sam: String,
}

impl Desk {
    fn new() -> Self {
        Self::of(Clock::system(), |_| ())
    }

    fn of(clock: Clock, change: impl FnOnce(&mut Config)) -> Self {
        let registry = registry(Registry::at(clock, change));
        Self {
            jan: practitioner(&registry, "jan", 1),
            sam: practitioner(&registry, "sam", 2),
            served: registry.served(),
        }
    }

    /// The tokens of now.
    fn renewed(mut self) -> Self {
        self.jan = practitioner(&self.served.registry, "jan", 1);
        self.sam = practitioner(&self.served.registry, "sam", 2);
        self
    }

    fn registry(&self) -> &Registry {
        &self.served.registry
    }

    /// A claim of one unit that somebody opens.
    fn claim(&self, token: &str) -> String {
        opened(self.registry(), token)
    }

    fn send(&self, token: &str, claim: &str, sent: Sent<'_>) -> Result<Value, String> {
        told(&send_to(&self.served.url, token, claim, sent))
    }

    /// Adds a file; the piece of evidence that it is.
    fn add(&self, token: &str, claim: &str, sent: Sent<'_>) -> Value {
        let claim = self.send(token, claim, sent).unwrap();
        claim["evidence"]
            .as_array()
            .unwrap()
            .last()
            .unwrap()
            .clone()
    }

    fn download(&self, token: Option<&str>, piece: &Value) -> Answer {
        let path = format!("/evidence/{}", piece["id"].as_str().unwrap());
        self.served.get(&path, token)
    }

    fn folder(&self) -> PathBuf {
        self.registry().app.config.evidence_folder()
    }

    /// The names of all files that are kept.
    fn files(&self) -> Vec<String> {
        names(&self.folder())
    }

    /// Asserts that nothing at all is kept, and nothing is on its way.
    fn assert_empty(&self, what: &str) {
        assert_eq!(self.files(), Vec::<String>::new(), "{what}");
        let spool = self.registry().app.config.spool();
        assert_eq!(names(&spool), Vec::<String>::new(), "{what}");
        assert_eq!(self.registry().count("claim_evidence"), 0, "{what}");
        assert_eq!(self.registry().count("evidence_file"), 0, "{what}");
    }
}

fn practitioner(registry: &Registry, subject: &str, number: u32) -> String {
    bearer(registry, Role::Practitioner, subject, Some(number), None)
}

fn opened(registry: &Registry, token: &str) -> String {
    let app = &registry.app;
    let caller = app.issuers.verify(token, app.clock.now()).unwrap();
    id(&open(registry, &caller, "RPL", &["L/601/1693"]).unwrap())
}

fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let name = |entry: std::fs::DirEntry| entry.file_name().into_string().unwrap();
    let mut names: Vec<String> = entries.map(|entry| name(entry.unwrap())).collect();
    names.retain(|name| name != "spool-id");
    names.sort();
    names
}

/// A letter of so many bytes; no two of other numbers are alike.
fn letter(number: u64, bytes: usize) -> Vec<u8> {
    let mut seeded = crate::support::seeded::Seeded(number + 1);
    let letters = std::iter::repeat_with(|| b'a' + u8::try_from(seeded.next() % 26).unwrap());
    letters.take(bytes).collect()
}
