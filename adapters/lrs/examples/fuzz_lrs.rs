//! Reads damaged answers and batches: `cargo run --release -p adapter-lrs --example fuzz_lrs -- SECONDS [NUMBER
//! [FOLDER]]`; see `sdk::harness::fuzz`.

use adapter_lrs::LearningRecords;
use sdk::harness::{Corpus, fuzz};
use std::process::ExitCode;

fn main() -> ExitCode {
    let files: [&[u8]; 3] = [
        include_bytes!("../../../registry/demo/learning-events.xml"),
        include_bytes!("../../../tests/fixtures/lrs/achievement-batch.xml"),
        include_bytes!("../../../tests/fixtures/lrs/uln-report.xml"),
    ];
    let corpus = |options: &str| Corpus {
        options: options.to_owned(),
        files: files.map(<[u8]>::to_vec).to_vec(),
    };
    fuzz::<LearningRecords>(Ok(vec![
        corpus(""),
        corpus("[actions]\n\"1\" = \"create\"\n"),
    ]))
}
