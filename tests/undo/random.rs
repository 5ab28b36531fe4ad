//! Imports at random, of which one or several are taken back.

use super::{Import, Trial, reduced, stayed};
use crate::support::Row;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn any_row() -> impl Strategy<Value = Row> {
    let parts = (
        0_u32..3,
        0_u32..3,
        0_usize..6,
        0_usize..3,
        prop::option::of(1_u32..5),
        0_usize..4,
    );
    parts.prop_map(|(learner, result, verb, grade, day, more)| {
        let verb = [
            "create",
            "create",
            "update",
            "promote",
            "withdraw",
            "reinstate",
        ][verb];
        let mut row = Row::award(learner, &format!("R-{learner}-{result}"))
            .with("action", verb)
            .with("awarded_on", format!("2015-06-{:02}", 10 + result))
            .with("grade", ["Pass", "Merit", "Distinction"][grade]);
        if let Some(day) = day {
            row = row.with("action_date", format!("2016-01-0{day}"));
        }
        match more {
            0 => row.with("status", "provisional"),
            1 => row.with("certificate_number", format!("C-{learner}-{result}")),
            2 => row.with("learner_reference", format!("L-{learner}")),
            _ => row,
        }
    })
}

fn any_imports() -> impl Strategy<Value = Vec<Import>> {
    let import = (
        prop::bool::weighted(0.8),
        prop::collection::vec(any_row(), 1..7),
    );
    let import = import.prop_map(|(own, rows)| {
        if own {
            Import::Body("RN5217", rows)
        } else {
            Import::Body("RN5156", rows)
        }
    });
    prop::collection::vec(import, 2..5)
}

fn runner(cases: u32) -> proptest::test_runner::TestRunner {
    proptest::test_runner::TestRunner::new(ProptestConfig {
        cases,
        failure_persistence: None,
        max_shrink_iters: 60,
        ..ProptestConfig::default()
    })
}

#[test]
fn whichever_is_taken_back_the_record_is_that_of_the_others_and_of_what_stayed() {
    let imports = (any_imports(), any::<prop::sample::Index>());
    runner(8)
        .run(&imports, |(imports, which)| {
            let number = which.index(imports.len());
            let trial = Trial::of(&imports);
            let (report, left) = trial.undo(number);
            let stay = stayed(&report);
            prop_assert_eq!(usize::try_from(left).unwrap(), stay.len());
            let expected = Trial::of(&reduced(&imports, number, &stay));
            prop_assert_eq!(trial.record(), expected.record());
            if number + 1 == imports.len() {
                prop_assert!(stay.is_empty(), "nothing came later");
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn several_taken_back_the_last_first_leave_the_record_of_the_others() {
    let imports = (any_imports(), prop::collection::vec(any::<bool>(), 4));
    runner(5)
        .run(&imports, |(imports, which)| {
            let trial = Trial::of(&imports);
            let mut others = imports.clone();
            // Those that come last: what came before them is as if they had never been.
            let from = which.iter().filter(|one| **one).count().min(imports.len());
            for number in (imports.len() - from..imports.len()).rev() {
                let (report, left) = trial.undo(number);
                prop_assert_eq!((left, stayed(&report).len()), (0, 0));
                others = reduced(&others, number, &BTreeSet::new());
            }
            prop_assert_eq!(trial.record(), Trial::of(&others).record());
            Ok(())
        })
        .unwrap();
}
