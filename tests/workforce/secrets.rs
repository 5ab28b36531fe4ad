//! Somebody who asks for every table, and subtracts.

use super::support::*;
use serde_json::Value;
use std::collections::BTreeMap;

const DIMENSIONS: [&str; 5] = ["SECTOR", "ROLE", "LEVEL", "STATUS", "AREA"];

/// The names of the dimensions of each table there is.
fn tables() -> Vec<Vec<&'static str>> {
    let all = (0..1_usize << 5).map(|bits| {
        let of = (0..5).filter(|place| bits & (1 << place) != 0);
        of.map(|place| DIMENSIONS[place]).collect::<Vec<_>>()
    });
    all.filter(|by| by.len() <= 3).collect()
}

/// People by keys, of each table.
type Figures = BTreeMap<Vec<&'static str>, BTreeMap<String, Option<u64>>>;

fn figures(registry: &crate::support::Registry) -> Figures {
    let all = tables().into_iter();
    all.map(|by| (by.clone(), counts(registry, &by).into_iter().collect()))
        .collect()
}

/// Three hltas among many: they are in no table, by no subtraction, and the same tables would have been published if there
/// were none of them or five.
#[test]
fn few_are_in_no_table_and_cannot_be_told_from_five() {
    let with = |hltas: u32| {
        let registry = empty();
        people(&registry, 1..90);
        let mut all = posts(1..38, "playworker", "E1");
        all.extend(posts(38..62, "ta-l3", "E1"));
        all.extend(posts(62..62 + hltas, "hlta", "E1"));
        hold(&registry, &all);
        registry.publish(DAY).unwrap();
        (figures(&registry), registry)
    };
    let (three, registry) = with(3);
    let mut hidden = 0;
    for (by, rows) in &three {
        for (keys, people) in rows {
            if keys.contains("hlta") {
                assert_eq!(*people, None, "{by:?} {keys}");
                hidden += 1;
            }
            assert!(people.is_none_or(|people| people >= 10 && people % 5 == 0));
        }
    }
    assert!(hidden >= 11, "a row in each table by role: {hidden}");
    // What is stored is what is told: whoever has the database finds no more.
    let stored = registry.lines(
        "SELECT CAST(people AS TEXT) AS line FROM workforce_row WHERE role = 'hlta' AND people IS NOT NULL",
    );
    assert_eq!(stored, [""; 0]);
    assert_eq!(three, with(5).0);
    assert_eq!(three, with(4).0);
    assert_ne!(three, with(20).0);
}

/// One person more or less, who is alone in their cells, changes nothing that is told.
#[test]
fn somebody_who_is_alone_is_not_to_be_found() {
    let with = |alone: bool| {
        let registry = empty();
        people(&registry, 1..60);
        let mut all = posts(1..41, "playworker", "E1");
        if alone {
            all.push(post(50, "headteacher", "E9"));
        }
        hold(&registry, &all);
        registry.publish(DAY).unwrap();
        figures(&registry)
    };
    let told = with(true);
    assert_eq!(told, with(false));
    let text = format!("{told:?}");
    assert!(
        !text.contains("E9") && !text.contains("headteacher"),
        "{text}"
    );
    assert_eq!(Value::from(told[&Vec::<&str>::new()][""]), 40);
}
