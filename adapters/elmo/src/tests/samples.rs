//! The format's own example, which is not ours to publish.

use super::{accepted, credits, read, stop, titles};

/// Every sample of the folder, or none where it is not at hand.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn sample(name: &str) -> Option<Vec<u8>> {
    let samples = std::env::var("IQF_SAMPLES")
        .unwrap_or_else(|_| format!("{}/../../../shared/samples", env!("CARGO_MANIFEST_DIR")));
    let path = format!("{samples}/elmo/{name}");
    let file = std::fs::read(&path).ok();
    if file.is_none() {
        eprintln!("SKIPPED: the sample {path} is not here; set IQF_SAMPLES.");
    }
    file
}

#[test]
fn the_formats_example_is_read_whole() {
    let Some(file) = sample("v1.7.0-example.xml") else {
        return;
    };
    let outcome = read(file);
    assert_eq!(stop(&outcome), "");
    assert_eq!(
        titles(&outcome),
        [
            "Master of Science in Biology",
            "Identifying ectomycorrhizal fungi (University of Copenhagen)",
            "Compiler construction",
            "Lecture",
            "Lab classes",
            "The importance of <br> in HTML",
        ]
    );
    assert_eq!(credits(&outcome), ["120", "", "6", "", "", ""]);
    assert_eq!(outcome.codes(), Vec::<&str>::new());
    let said = accepted(&outcome);
    assert!(
        said.iter()
            .all(|one| one.person.uln.is_none() && one.level.is_none())
    );
    assert!(said.iter().all(|one| one.proofs.len() == 1));
}

#[test]
fn its_schema_is_no_transcript() {
    if let Some(file) = sample("v1.7.0-schema.xsd") {
        assert_eq!(stop(&read(file)), "not-elmo");
    }
}
