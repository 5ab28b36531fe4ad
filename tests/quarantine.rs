//! A file that looks wrong as a whole is held.

use crate::support::{Hands, Registry, Row, csv, push_of_body};
use chrono::TimeDelta;
use registry::action::import::{Mode, Origin, Report};

/// So many good rows, and so many without anybody whom they are about.
fn file(good: u32, bad: u32) -> Vec<u8> {
    let award = |number: u32| Row::award(number, &format!("R-{number}"));
    let good = (0..good).map(award);
    let bad = (good.len() as u32..good.len() as u32 + bad)
        .map(|number| award(number).without("uln").without("family_name"));
    csv(&good.clone().chain(bad).collect::<Vec<_>>())
}

fn withdrawals(many: u32) -> Vec<u8> {
    let row = |number: u32| {
        Row::award(number, &format!("R-{number}"))
            .with("action", "withdraw")
            .with("action_reason", "malpractice")
    };
    csv(&(0..many).map(row).collect::<Vec<_>>())
}

fn held(report: &Report, words: &str) {
    let error = report
        .error
        .as_ref()
        .unwrap_or_else(|| panic!("{report:?}"));
    assert_eq!(
        (report.state.as_str(), error.code.as_str()),
        ("FAILED", "import-quarantined")
    );
    assert!(
        error.message.contains(words) && error.message.contains("despite=quarantine"),
        "{}",
        error.message
    );
    assert_eq!(report.counts.created + report.counts.withdrawn, 0);
}

/// Pushes and says that the file is right as it is.
fn despite(registry: &Registry, file: &[u8]) -> Report {
    use registry::action::import::{Push, Silent, report, run, submit};
    let push = Push {
        despite_quarantine: true,
        ..push_of_body(&registry.app, "RN5217", file)
    };
    let job = submit(&registry.app, &push).unwrap().job();
    let never = std::sync::atomic::AtomicBool::new(false);
    let job = run(&registry.app, job.id, &Silent, &never).unwrap();
    report(&registry.app, &job, true, 1000, schema::Language::English).unwrap()
}

#[test]
fn a_file_of_which_most_is_rejected_is_held_until_its_pusher_knows() {
    let registry = Registry::new().with_register();
    // Half is not more than half, and nineteen are too few to tell.
    for (good, bad) in [(10, 10), (2, 17)] {
        let report = registry.push_csv("RN5217", &file(good, bad));
        assert_eq!(report.state, "DONE_WITH_ISSUES", "{report:?}");
    }
    let most = file(20, 21);
    let report = registry.push_csv("RN5217", &most);
    held(&report, "21 of 41 records were rejected");
    assert_eq!((report.counts.records, report.counts.rejected), (41, 21));
    assert_eq!(report.issues.len(), 21, "each rejected record is told");
    assert_eq!(registry.count("achievement"), 10, "nothing was merged");
    assert_eq!(registry.count("staged_batch"), 0, "nothing is kept");
    // A trial run says the same, and an atomic import fails by itself.
    let origin = || Origin::Body(schema::RecognitionNumber::parse("RN5217").unwrap());
    let trial = registry.push_as("csv", origin(), &most, Mode::Partial, true);
    held(&trial.unwrap(), "21 of 41");
    let atomic = registry.push_as("csv", origin(), &most, Mode::Atomic, false);
    assert_eq!(atomic.unwrap().error.unwrap().code, "import-rejected");
    let known = despite(&registry, &most);
    assert_eq!(
        (
            known.state.as_str(),
            known.counts.created,
            known.counts.rejected
        ),
        ("DONE_WITH_ISSUES", 10, 21)
    );
    assert_eq!(registry.count("quarantine_waiver"), 1);
    // So does what is no body's push.
    let report = registry.push("csv", Origin::Operator, &most);
    held(&report, "21 of 41");
}

#[test]
fn a_file_that_withdraws_much_of_what_a_body_ever_told_is_held() {
    let registry = Registry::new().with_register();
    let told = registry.push_csv("RN5217", &file(260, 0));
    assert_eq!(told.counts.created, 260, "{told:?}");
    let report = registry.push_csv("RN5217", &withdrawals(49));
    assert_eq!(report.counts.withdrawn, 49, "{report:?}");
    let report = registry.push_csv("RN5217", &withdrawals(52));
    assert_eq!(
        (report.counts.withdrawn, report.counts.unchanged),
        (3, 49),
        "{report:?}"
    );
    let report = registry.push_csv("RN5217", &withdrawals(53));
    held(&report, "withdraws 53 awards of 260");
    let final_ones =
        "SELECT CAST(count(*) AS TEXT) AS line FROM achievement WHERE status = 'withdrawn'";
    assert_eq!(registry.lines(final_ones), ["52"]);
    let report = despite(&registry, &withdrawals(60));
    assert_eq!(report.counts.withdrawn, 8, "{report:?}");
    // What was held is not told.
    held(
        &registry.push_csv("RN5217", &withdrawals(100)),
        "awards of 260",
    );
}

#[test]
fn the_thresholds_are_configured_and_can_be_switched_off() {
    let hands = Hands::at("2026-03-01");
    let strict = Registry::at(hands.clock(), |config| {
        config.quarantine.rejected_share = 0.0;
        config.quarantine.rejected_least = 1;
        config.quarantine.withdrawn_least = 1;
        config.quarantine.withdrawn_share = 0.0;
    })
    .with_register();
    hands.put(TimeDelta::seconds(1));
    held(&strict.push_csv("RN5217", &file(5, 1)), "1 of 6");
    held(
        &strict.push_csv("RN5217", &withdrawals(1)),
        "withdraws 1 awards of 0",
    );
    let off = Registry::configured(|config| {
        config.quarantine.enabled = false;
    })
    .with_register();
    let report = off.push_csv("RN5217", &file(1, 50));
    assert_eq!(
        (report.state.as_str(), report.counts.rejected),
        ("DONE_WITH_ISSUES", 50)
    );
}
