//! The standard's own samples, which are not ours to publish.

use super::{places, read, stop};

#[test]
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn every_sample_is_read() {
    let folder = std::env::var("IQF_SAMPLES")
        .unwrap_or_else(|_| format!("{}/../../../shared/samples", env!("CARGO_MANIFEST_DIR")));
    // Each with the code that its inner credential's proof has. The one that is not signed as a whole holds a
    // credential with a type that its contexts do not define.
    for (name, code) in [
        ("simple.json", "proof-verified"),
        ("simple-noproof.json", "term-undefined"),
    ] {
        let Ok(file) = std::fs::read(format!("{folder}/clr2/{name}")) else {
            eprintln!("SKIPPED: the sample {folder}/clr2/{name} is not here; set IQF_SAMPLES.");
            continue;
        };
        let outcome = read(file);
        assert_eq!((stop(&outcome), outcome.codes()), ("", vec![]), "{name}");
        assert_eq!(
            places(&outcome),
            ["/credentialSubject/verifiableCredential/0"]
        );
        let proof = outcome
            .records
            .iter()
            .flat_map(|record| &record.proofs)
            .next();
        let codes: Vec<_> = proof
            .iter()
            .flat_map(|proof| &proof.checks)
            .map(|check| check.code.as_str())
            .take(1)
            .collect();
        assert_eq!(codes, [code], "{name}");
    }
}
