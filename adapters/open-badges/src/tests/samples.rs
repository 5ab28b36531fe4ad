//! The standard's own samples, which are not ours to publish: each is read, or refused for the reason that its
//! name or content gives.

use super::{read, stop};

/// Each sample with the stop, the issues and the number of records that it gives.
const SAMPLES: [(&str, &str, &[&str], usize); 13] = [
    ("bitstring-credential-status-revoked.json", "", &[], 1),
    ("bitstring-testlist.json", "not-an-open-badge", &[], 0),
    ("complete.json", "", &[], 1),
    ("simple-did-key-method.json", "", &[], 1),
    ("simple-err-expired.json", "", &["credential-expired"], 1),
    ("simple-err-proof-value.json", "", &["proof-mismatch"], 0),
    ("simple-err-type.json", "not-an-open-badge", &[], 0),
    ("simple-json.png", "", &[], 1),
    ("simple-jwt.svg", "", &[], 1),
    // Neither says what was achieved.
    ("simple-noproof.json", "", &["subject-missing"], 0),
    ("simple.jwt", "", &["subject-missing"], 0),
    ("simple.json", "", &[], 1),
    ("SOURCE.txt", "document-unreadable", &[], 0),
];

#[test]
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn every_sample_is_read_or_refused_for_its_reason() {
    let folder = std::env::var("IQF_SAMPLES")
        .unwrap_or_else(|_| format!("{}/../../../shared/samples", env!("CARGO_MANIFEST_DIR")));
    let folder = format!("{folder}/openbadges3");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        eprintln!("SKIPPED: the samples in {folder} are not here; set IQF_SAMPLES.");
        return;
    };
    let mut there: Vec<String> = entries
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    there.sort();
    let mut listed: Vec<&str> = SAMPLES.iter().map(|(name, ..)| *name).collect();
    listed.sort_unstable();
    assert_eq!(there, listed, "a sample is not listed here");
    for (name, code, issues, records) in SAMPLES {
        let outcome = read(std::fs::read(format!("{folder}/{name}")).unwrap_or_default());
        let found = (stop(&outcome), outcome.codes(), outcome.records.len());
        assert_eq!(found, (code, issues.to_vec(), records), "{name}");
        // Every proof in these samples whose key is at hand holds, but the one that is wrong by its name.
        for check in outcome
            .records
            .iter()
            .flat_map(|record| &record.proofs)
            .flat_map(|proof| &proof.checks)
        {
            assert!(check.name != "proof" || check.result == "passed", "{name}");
        }
    }
}
