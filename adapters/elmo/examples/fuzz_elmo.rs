//! Reads damaged transcripts: `cargo run --release -p adapter-elmo --example fuzz_elmo -- SECONDS [NUMBER [FOLDER]]`;
//! see `sdk::harness::fuzz`.

use adapter_elmo::Elmo;
use sdk::harness::{Corpus, fuzz};
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    fuzz::<Elmo>(Corpus::folder("", &fixtures).map(|corpus| vec![corpus]))
}
