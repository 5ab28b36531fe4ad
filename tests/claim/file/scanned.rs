//! The hook for a scanner: a program that is given the file.

use super::{Desk, Sent, letter};
use registry::app::Clock;
use std::time::Instant;

fn scanned_by(scan: &[&str]) -> Desk {
    let scan = scan.iter().map(|word| (*word).to_owned()).collect();
    Desk::of(Clock::system(), |config| {
        config.evidence.scan = scan;
        config.evidence.scan_time = 2;
    })
}

#[test]
fn what_the_scanner_finds_is_refused_and_what_it_lets_pass_is_taken() {
    let desk = scanned_by(&[
        "/bin/sh",
        "-c",
        "if grep -q harmful; then exit 1; fi; exit 0",
    ]);
    let claim = desk.claim(&desk.jan);
    let harmful = [
        letter(1, 200_000),
        b" harmful ".to_vec(),
        letter(2, 100_000),
    ]
    .concat();
    let answer = desk.send(&desk.jan, &claim, Sent::of("a.txt", &harmful));
    assert_eq!(answer, Err("evidence-infected".to_owned()));
    desk.assert_empty("harmful");
    let good = letter(3, 300_000);
    let piece = desk.add(&desk.jan, &claim, Sent::of("a.txt", &good));
    let answer = desk.download(Some(&desk.jan), &piece);
    assert_eq!(answer.body.as_bytes(), &good[..]);
}

#[test]
fn what_could_not_be_scanned_is_never_kept() {
    let content = letter(1, 300_000);
    for scan in [
        &["/nowhere/scanner"][..],
        &["/bin/sh", "-c", "cat > /dev/null; exit 2"],
        &["/bin/sh", "-c", "cat > /dev/null; kill -9 $$"],
        // It says that all is well, and has not read it.
        &["/bin/true"],
        // It takes too long, and so does what it starts.
        &["/bin/sh", "-c", "sleep 600"],
        &["/bin/sh", "-c", "cat > /dev/null; sleep 600 & wait"],
    ] {
        let desk = scanned_by(scan);
        let claim = desk.claim(&desk.jan);
        let began = Instant::now();
        let answer = desk.send(&desk.jan, &claim, Sent::of("a.txt", &content));
        assert_eq!(answer, Err("evidence-not-scanned".to_owned()), "{scan:?}");
        assert!(began.elapsed().as_secs() < 20, "{scan:?}");
        desk.assert_empty(scan[0]);
    }
}
