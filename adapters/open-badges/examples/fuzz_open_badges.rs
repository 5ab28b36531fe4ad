//! Mutates invented badges for a number of seconds and says how many files it read. A panic ends it with
//! the seed of the file that did it: `cargo run --release -p adapter-open-badges --example fuzz_open_badges -- SECONDS [SEED]`.

#![expect(clippy::print_stdout, reason = "it tells what it did")]

use adapter_open_badges::OpenBadges;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

const CORPUS: [&[u8]; 5] = [
    include_bytes!("../../../registry/proof/tests/fixtures/open-badge-v2.json"),
    include_bytes!("../../../registry/proof/tests/fixtures/open-badge-v1.json"),
    include_bytes!("../../../registry/proof/tests/fixtures/badge-jwk.jwt"),
    include_bytes!("../../../registry/proof/tests/fixtures/baked.svg"),
    include_bytes!("../../../registry/proof/tests/fixtures/baked.png"),
];
/// Pieces that mean something to the reader.
const PIECES: [&[u8]; 16] = [
    b"{",
    b"}",
    b"[",
    b"]",
    b"\"",
    b"\\u0000",
    b"null",
    b"1e999",
    b"\"@type\":",
    b"\"type\":\"x\",",
    b".",
    b"ey",
    b"iTXt",
    b"tEXt",
    b"<![CDATA[",
    b"\xff\xfe\0",
];

fn main() {
    let mut words = std::env::args().skip(1).map(|word| word.parse::<u64>());
    let seconds = words.next().and_then(Result::ok).unwrap_or(10);
    let first = words.next().and_then(Result::ok).unwrap_or(1);
    let end = Instant::now() + Duration::from_secs(seconds);
    let mut ends: BTreeMap<String, u64> = BTreeMap::new();
    let (mut seed, mut longest) = (first, Duration::ZERO);
    while Instant::now() < end {
        let file = mutated(seed);
        let begun = Instant::now();
        let read = std::panic::catch_unwind(|| sdk::harness::run::<OpenBadges>("", &file));
        longest = longest.max(begun.elapsed());
        let Ok(outcome) = read else {
            println!("seed {seed} panics");
            std::process::exit(1);
        };
        let code = outcome
            .stop
            .map_or_else(|| "read".to_owned(), |stop| stop.code);
        *ends.entry(code).or_default() += 1;
        seed += 1;
    }
    println!("{} files, the longest {longest:?}: {ends:?}", seed - first);
}

/// A file of the corpus with some bytes changed, pieces put in, and stretches doubled or taken out.
fn mutated(seed: u64) -> Vec<u8> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let chosen = random.random_range(0..CORPUS.len());
    let mut file = CORPUS.get(chosen).copied().unwrap_or_default().to_vec();
    for _ in 0..random.random_range(1..8) {
        let place = random.random_range(0..=file.len());
        let stop = (place + random.random_range(0..200)).min(file.len());
        match random.random_range(0..4) {
            0 => {
                if let Some(byte) = file.get_mut(place) {
                    *byte = random.random();
                }
            }
            1 => {
                let piece = PIECES.get(random.random_range(0..PIECES.len())).copied();
                file.splice(place..place, piece.unwrap_or_default().iter().copied());
            }
            2 => drop(file.drain(place..stop)),
            _ => {
                let stretch = file.get(place..stop).unwrap_or_default().to_vec();
                file.splice(place..place, stretch);
            }
        }
    }
    file
}
