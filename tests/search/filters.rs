//! Filters, with words and without.

use super::{Entry, each, load, page};
use crate::support::Registry;
use registry::access::Caller;
use serde_json::json;

fn registry() -> Registry {
    let registry = Registry::new();
    let entries = [
        Entry {
            body: "RN9001",
            level: "Level 2",
            sector: "Child development and well-being",
            ..Entry::new(1, "Certificate in Play")
        },
        Entry {
            body: "RN9002",
            level: "Level 3",
            sector: "Child development and well-being",
            ..Entry::new(2, "Diploma in Play")
        },
        Entry {
            body: "RN9002",
            level: "Level 3",
            sector: "Health and social care",
            from: "2015-01-01",
            until: "2018-12-31",
            ..Entry::new(3, "Award in Play")
        },
        Entry {
            body: "RN9003",
            level: "Level 5",
            sector: "Health and social care",
            from: "",
            ..Entry::new(4, "Leadership in Play")
        },
        Entry {
            body: "RN9003",
            level: "Entry Level",
            sector: "",
            from: "2020-01-01",
            ..Entry::new(5, "Play and Learn")
        },
    ];
    assert_eq!(load(&registry, &entries).rejected, 0);
    registry
}

#[test]
fn filters_narrow_what_is_found_with_words_and_without() {
    let registry = registry();
    for (filter, expected) in [
        (json!({}), vec![1, 2, 3, 4, 5]),
        (json!({"level": ["L3"]}), vec![2, 3]),
        (json!({"level": ["L2", "L5"]}), vec![1, 4]),
        (json!({"level": []}), vec![]),
        (json!({"body": "RN9002"}), vec![2, 3]),
        (json!({"body": "RN9009"}), vec![]),
        (json!({"sector": ["health & social care"]}), vec![]),
        (json!({"sector": ["HEALTH and social  care"]}), vec![3, 4]),
        (
            json!({"sector": ["Health and social care", "child development and well being"]}),
            vec![1, 2, 3, 4],
        ),
        (json!({"sector": []}), vec![]),
        (json!({"on": "2016-06-01"}), vec![1, 2, 3]),
        (json!({"on": "2018-12-31"}), vec![1, 2, 3]),
        (json!({"on": "2019-01-01"}), vec![1, 2]),
        (json!({"on": "2009-12-31"}), vec![]),
        (json!({"on": "2021-01-01"}), vec![1, 2, 5]),
        (
            json!({"level": ["L3"], "body": "RN9002", "sector": ["Health and social care"], "on": "2016-01-01"}),
            vec![3],
        ),
    ] {
        let numbers: Vec<String> = expected.iter().map(|place| super::number(*place)).collect();
        assert_eq!(
            each(&page(&registry, filter.clone()), "number"),
            numbers,
            "{filter}"
        );
        for search in ["play", "paly", "level 3 play", "990/00"] {
            let mut asked = filter.clone();
            asked["search"] = json!(search);
            let mut found = each(&page(&registry, asked), "number");
            found.sort();
            let wanted: Vec<String> = numbers
                .iter()
                .filter(|number| {
                    search != "level 3 play"
                        || [super::number(2), super::number(3)].contains(number)
                })
                .cloned()
                .collect();
            // Where nothing of level 3 fits, the level is given up: the word is the rarer.
            if search == "level 3 play" && wanted.is_empty() {
                continue;
            }
            assert_eq!(found, wanted, "{filter} {search}");
        }
    }
}

#[test]
fn sectors_of_the_register_change_with_it() {
    let registry = registry();
    let health = json!({"sector": ["Health and social care"]});
    let moved = Entry {
        body: "RN9002",
        sector: "Sport",
        ..Entry::new(3, "Award in Play")
    };
    let imported = load(&registry, &[moved]);
    assert_eq!(imported.new_or_changed, 1);
    assert_eq!(each(&page(&registry, health), "number"), [super::number(4)]);
    let sport = json!({"sector": ["sport"]});
    assert_eq!(each(&page(&registry, sport), "number"), [super::number(3)]);
}

#[test]
fn units_are_found_as_qualifications_are() {
    let registry = Registry::new().with_register();
    let row = |number: u32, reference: &str, title: &str| {
        crate::support::Row::award(number, &format!("U-{number}"))
            .without("qualification_number")
            .with("unit_reference", reference)
            .with("title", title)
            .with("level", "Level 3")
    };
    let report = registry.push_csv(
        "RN5217",
        &crate::support::csv(&[
            row(
                1,
                "J/601/1434",
                "Promote communication in health and social care",
            ),
            row(2, "A/601/1429", "Engage in personal development"),
        ]),
    );
    assert_eq!(report.counts.rejected, 0, "{report:?}");
    let units = |arguments: &str| {
        let query = format!(
            "{{ units({arguments}) {{ edges {{ node {{ reference }} }} pageInfo {{ hasNextPage }} }} }}"
        );
        let answer = registry.data(&Caller::nobody(), &query, json!({}));
        let edges = answer["units"]["edges"].as_array().unwrap().clone();
        edges
            .iter()
            .map(|edge| edge["node"]["reference"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    for search in [
        "comunication health",
        "J/601/1434",
        "j6011434",
        "601/143",
        "promote comm",
    ] {
        assert_eq!(
            units(&format!("search: \"{search}\"")),
            ["J/601/1434"],
            "{search}"
        );
    }
    assert_eq!(units("first: 5"), ["A/601/1429", "J/601/1434"]);
    assert_eq!(units("level: [L3]").len(), 2);
    assert_eq!(units("level: [L2]").len(), 0);
    assert_eq!(units("search: \"developmnt\", level: [L3]"), ["A/601/1429"]);
    assert_eq!(units("search: \"601/14\""), ["A/601/1429", "J/601/1434"]);
}

#[test]
fn a_rare_word_that_nothing_within_the_filter_has_is_as_if_it_had_not_been_typed() {
    let registry = Registry::new();
    let at = |place: usize, title, level| Entry {
        level,
        ..Entry::new(place, title)
    };
    let entries = [
        at(1, "Certificate in Zoology", "Level 2"),
        at(2, "Diploma in Childcare", "Level 3"),
        at(3, "Certificate in Childcare", "Level 2"),
        at(4, "Award in Childcare", "Level 3"),
    ];
    assert_eq!(load(&registry, &entries).rejected, 0);
    for search in [
        "zoology childcare",
        "zology childcare",
        "zoology childcare diploma",
    ] {
        let asked = json!({"search": search, "level": ["L3"]});
        let found = each(&page(&registry, asked), "number");
        let wanted = match search.ends_with("diploma") {
            true => vec![super::number(2)],
            false => vec![super::number(2), super::number(4)],
        };
        assert_eq!(found, wanted, "{search}");
    }
    // Within no filter the rare word decides.
    let found = each(
        &page(&registry, json!({"search": "zoology childcare"})),
        "number",
    );
    assert_eq!(found, [super::number(1)]);
}

#[test]
fn what_the_framework_says_of_sectors_is_stated_anew_at_each_import() {
    let registry = Registry::new().with_register().with_framework();
    let stated = "SELECT number || ' ' || sector AS line FROM qualification_sector WHERE source = 'framework' ORDER BY number, sector";
    let before = registry.lines(stated);
    assert!(before.len() > 1);
    // As a program left it that read less, and something else, out of the same tables.
    let changed = registry.app.db.write_blocking(|connection| {
        Ok(connection.batch(
            "DELETE FROM qualification_sector WHERE source = 'framework' AND number <> '500/9170/0'; \
             INSERT INTO qualification_sector (number, source, sector) VALUES ('999/0001/4', 'framework', 'trees')",
        )?)
    });
    changed.unwrap();
    let registry = registry.with_framework();
    assert_eq!(registry.lines(stated), before);
}
