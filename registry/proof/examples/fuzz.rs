//! Changes documents at random and looks for panics, hangs and proofs that verify though something changed.
//!
//! `cargo run --release -p proof --example fuzz -- SECONDS [SEED]`; the corpus is `tests/fixtures`. Every finding
//! prints the document and names its seed: run again with it and the first document is the one that was found.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a tool for developers, which ends at the first finding"
)]

use proof::{Document, KeyRing, Limits, Outcome};
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, RngCore as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use std::path::Path;
use std::time::{Duration, Instant};

/// The longest that one document may take.
const LONGEST: Duration = Duration::from_secs(10);

struct Seed {
    name: String,
    bytes: Vec<u8>,
    json: Option<Value>,
}

fn main() {
    let mut arguments = std::env::args()
        .skip(1)
        .map(|argument| argument.parse::<u64>().expect("a number"));
    let seconds = arguments.next().unwrap_or(60);
    let mut number = arguments.next().unwrap_or(1);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let corpus: Vec<Seed> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| {
            let bytes = std::fs::read(&path).unwrap();
            Seed {
                name: path.file_name().unwrap().to_string_lossy().into_owned(),
                json: serde_json::from_slice(&bytes).ok(),
                bytes,
            }
        })
        .collect();
    let mut keys = KeyRing::new();
    for seed in &corpus {
        match seed.name.as_str() {
            "controller-document.json" => drop(
                keys.add_controller_document(seed.json.as_ref().unwrap())
                    .unwrap(),
            ),
            "key-set.json" => drop(
                keys.add_key_set(
                    "https://body.example/issuers/RN0000",
                    seed.json.as_ref().unwrap(),
                )
                .unwrap(),
            ),
            _ => {}
        }
    }
    let now = chrono::DateTime::parse_from_rfc3339("2026-06-01T00:00:00Z")
        .unwrap()
        .to_utc();
    let started = Instant::now();
    let (mut read, mut failed, mut unchecked, mut passed, mut slowest) =
        (0_u64, 0_u64, 0_u64, 0_u64, Duration::ZERO);
    let mut documents = 0_u64;
    while started.elapsed() < Duration::from_secs(seconds) {
        let mut random = ChaCha8Rng::seed_from_u64(number);
        let seed = corpus.choose(&mut random).unwrap();
        let bytes = match (&seed.json, random.random_bool(0.6)) {
            (Some(json), true) => {
                let mut changed = json.clone();
                for _ in 0..random.random_range(1..4) {
                    mutate(&mut changed, &mut random, &corpus, 0);
                }
                changed.to_string().into_bytes()
            }
            _ => scramble(&seed.bytes, &mut random, &corpus),
        };
        let begun = Instant::now();
        if let Ok(document) = Document::read(&bytes, &Limits::default()) {
            read += 1;
            let verification = document.verify(&keys, now);
            match verification.proof.outcome {
                Outcome::Passed => {
                    passed += 1;
                    // What is said of one identifier in two credentials is one set of statements to the outer
                    // proof, wherever it stands: see the crate's documentation.
                    let alone = document.credentials().count() == 1;
                    if alone && !is_one_of(document.credential(), &corpus) {
                        println!("{}", String::from_utf8_lossy(&bytes));
                        panic!("seed {number}: a changed document verifies ({})", seed.name);
                    }
                }
                Outcome::Failed => failed += 1,
                Outcome::NotChecked => unchecked += 1,
            }
        }
        let took = begun.elapsed();
        slowest = slowest.max(took);
        assert!(took < LONGEST, "seed {number}: {took:?}");
        documents += 1;
        number += 1;
    }
    println!(
        "{documents} documents, {read} read: {failed} failed, {unchecked} not checked, {passed} passed; slowest {slowest:?}; next seed {number}"
    );
}

/// Whether the credential says what one of the corpus says. Order of items, `null`, empty lists, one item for a
/// list of one, capitals in language tags, labels of blank nodes, and what stands in `proof` do not count.
fn is_one_of(credential: &serde_json::Map<String, Value>, corpus: &[Seed]) -> bool {
    let said = normal(&Value::Object(credential.clone()));
    corpus.iter().any(|seed| {
        Document::read(&seed.bytes, &Limits::default())
            .is_ok_and(|document| normal(&Value::Object(document.credential().clone())) == said)
    })
}

fn normal(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .filter(|(name, _)| *name != "proof" && *name != "@context")
            // The label of a blank node names nothing: RDF gives every such thing one.
            .filter(|(name, member)| {
                let label = |text: &str| text.starts_with("_:");
                *name != "id" || !member.as_str().is_some_and(label)
            })
            .map(|(name, member)| match (name.as_str(), member) {
                // In capitals or not, a tag names the same language.
                ("@language", Value::String(tag)) => {
                    (name.clone(), tag.to_ascii_lowercase().into())
                }
                _ => (name.clone(), normal(member)),
            })
            .filter(|(_, member)| !member.is_null())
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::Array(items) => {
            let mut items: Vec<Value> = items
                .iter()
                .map(normal)
                .filter(|item| !item.is_null())
                .collect();
            items.sort_by_key(Value::to_string);
            // A set says a value, or a thing with an identifier, once; nameless things are each their own.
            items.dedup_by(|left, right| {
                left == right
                    && (!left.is_object()
                        || left.get("id").is_some()
                        || left.get("@value").is_some())
            });
            match items.len() {
                0 => Value::Null,
                1 => items.remove(0),
                _ => Value::Array(items),
            }
        }
        scalar => scalar.clone(),
    }
}

/// Changes one value somewhere.
fn mutate(value: &mut Value, random: &mut ChaCha8Rng, corpus: &[Seed], depth: usize) {
    let descend = depth < 40 && random.random_bool(0.8);
    match value {
        Value::Object(members) if descend && !members.is_empty() => {
            let names: Vec<String> = members.keys().cloned().collect();
            let name = names.choose(random).unwrap();
            match random.random_range(0..12) {
                0 => drop(members.remove(name)),
                1 => {
                    let other = names.choose(random).unwrap();
                    let copy = members[other].clone();
                    members.insert(name.clone(), copy);
                }
                2 => {
                    let added = [
                        "@id",
                        "@type",
                        "@graph",
                        "@index",
                        "unheardOf",
                        "id",
                        "type",
                        "@context",
                        "@value",
                        "@included",
                    ];
                    members.insert(
                        (*added.choose(random).unwrap()).to_owned(),
                        fresh(random, corpus),
                    );
                }
                _ => mutate(members.get_mut(name).unwrap(), random, corpus, depth + 1),
            }
        }
        Value::Array(items) if descend && !items.is_empty() => {
            let place = random.random_range(0..items.len());
            match random.random_range(0..8) {
                0 => drop(items.remove(place)),
                1 => items.push(items[place].clone()),
                2 => items.reverse(),
                _ => mutate(&mut items[place], random, corpus, depth + 1),
            }
        }
        Value::String(text) if random.random_bool(0.5) && !text.is_empty() => {
            let mut characters: Vec<char> = text.chars().collect();
            let place = random.random_range(0..characters.len());
            characters[place] = *['a', '@', '_', ':', '#', ' ', '\u{0}', '>', '"', '漢', '/']
                .choose(random)
                .unwrap();
            *text = characters.into_iter().collect();
        }
        other => *other = fresh(random, corpus),
    }
}

fn fresh(random: &mut ChaCha8Rng, corpus: &[Seed]) -> Value {
    match random.random_range(0..12) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(random.random_range(-1.0e15..1.0e15)),
        3 => json!(random.random_range(-9_i64..9)),
        4 => json!("_:n0"),
        5 => json!({"id": "_:n1", "evidence": {"id": "_:n0", "evidence": {"id": "_:n1"}}}),
        6 => json!("https://undefined.invalid/term#x"),
        7 => json!([[[{}]], []]),
        8 => json!({"@value": "x", "@language": "en"}),
        9 => json!({"type": ["VerifiableCredential", "ClrCredential", "Profile", "Achievement"]}),
        10 => corpus
            .choose(random)
            .unwrap()
            .json
            .clone()
            .unwrap_or_default(),
        _ => json!("@type"),
    }
}

/// Changes bytes.
fn scramble(bytes: &[u8], random: &mut ChaCha8Rng, corpus: &[Seed]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..random.random_range(1..6) {
        if bytes.is_empty() {
            break;
        }
        let place = random.random_range(0..bytes.len());
        match random.random_range(0..6) {
            0 => bytes[place] ^= 1 << random.random_range(0..8),
            1 => bytes[place] = (random.next_u32() & 0xff) as u8,
            2 => bytes.truncate(place),
            3 => {
                let end = (place + random.random_range(0..64)).min(bytes.len());
                drop(bytes.drain(place..end));
            }
            4 => {
                let other = &corpus.choose(random).unwrap().bytes;
                let from = random.random_range(0..other.len());
                let end = (from + random.random_range(0..256)).min(other.len());
                bytes.splice(place..place, other[from..end].iter().copied());
            }
            _ => {
                let end = (place + random.random_range(0..64)).min(bytes.len());
                let copy = bytes[place..end].to_vec();
                bytes.splice(place..place, copy);
            }
        }
    }
    bytes
}
