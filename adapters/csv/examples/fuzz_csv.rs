//! Reads damaged tables: `cargo run --release -p adapter-csv --example fuzz_csv -- SECONDS [NUMBER [FOLDER]]`; see
//! `sdk::harness::fuzz`.

use adapter_csv::LearnerResults;
use sdk::harness::{Corpus, fuzz};
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let published = Corpus::folder("", &here.join("fixtures"));
    let mapped = Corpus {
        options: include_str!("../../../tests/fixtures/csv/mapped-body.toml").to_owned(),
        files: vec![include_bytes!("../../../tests/fixtures/csv/mapped-body.csv").to_vec()],
    };
    fuzz::<LearnerResults>(published.map(|published| vec![published, mapped]))
}
