//! Reads damaged learner records, with the issuers' keys and without: `cargo run --release -p adapter-clr --example
//! fuzz_clr -- SECONDS [NUMBER [FOLDER]]`; see `sdk::harness::fuzz`.

use adapter_clr::Clr;
use sdk::harness::{Corpus, fuzz};
use std::path::Path;
use std::process::ExitCode;

const ISSUER: &str = "https://body.example/issuers/RN0000";
const DOCUMENT: &str =
    include_str!("../../../registry/proof/tests/fixtures/controller-document.json");

fn main() -> ExitCode {
    let fixtures =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../registry/proof/tests/fixtures");
    let trusted = format!(
        "[[issuers]]\nid = \"{ISSUER}\"\nawarding_body = \"RN5217\"\ndocument = '''{DOCUMENT}'''\n"
    );
    let corpora = ["", &trusted].map(|options| Corpus::folder(options, &fixtures));
    fuzz::<Clr>(corpora.into_iter().collect())
}
