//! Pages: complete, without repeats, in one order, by few statements, whatever is added meanwhile.

use super::{Entry, each, load, number, page};
use crate::support::Registry;
use registry::access::Caller;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// So many qualifications, some of whose words are in all titles, some in few.
fn filled(many: usize) -> Registry {
    let registry = Registry::new();
    let words = [
        "care", "caring", "career", "core", "early", "play", "health",
    ];
    let titles: Vec<String> = (0..many)
        .map(|place| {
            let word = words[place % words.len()];
            let more = "and more ".repeat(place % 5);
            format!("Level 3 Certificate in {word} {more}studies")
        })
        .collect();
    let entries: Vec<Entry<'_>> = titles
        .iter()
        .enumerate()
        .map(|(place, title)| Entry::new(place, title))
        .collect();
    assert_eq!(load(&registry, &entries).rejected, 0);
    registry
}

/// All pages of a search; something is done after each.
fn all(registry: &Registry, mut asked: Value, mut between: impl FnMut(usize)) -> Vec<String> {
    let (mut numbers, mut pages) = (Vec::new(), 0);
    loop {
        let page = page(registry, asked.clone());
        numbers.extend(each(&page, "number"));
        pages += 1;
        assert!(pages < 200, "pages without end");
        if page["pageInfo"]["hasNextPage"] != true {
            return numbers;
        }
        between(pages);
        asked["after"] = page["pageInfo"]["endCursor"].clone();
    }
}

#[test]
fn pages_are_complete_and_without_repeats_and_in_the_order_of_one_page() {
    let registry = filled(90);
    for asked in [
        json!({"search": "certificate"}),
        json!({"search": "care"}),
        json!({"search": "cre studies"}),
        json!({"search": "c"}),
        json!({"search": "level 3"}),
        json!({"search": "helth sudies certificat"}),
        json!({"search": "zzzz health studies"}),
        json!({"search": "990/00"}),
        json!({"search": "care", "level": ["L3"], "body": "RN9001", "on": "2020-01-01"}),
        json!({}),
        json!({"level": ["L3", "L4"]}),
    ] {
        let mut whole = asked.clone();
        whole["first"] = json!(100);
        let whole = each(&page(&registry, whole), "number");
        for first in [1, 7] {
            let mut asked = asked.clone();
            asked["first"] = json!(first);
            let paged = all(&registry, asked.clone(), |_| ());
            assert_eq!(paged, whole, "{asked}");
        }
        let once: BTreeSet<&String> = whole.iter().collect();
        assert_eq!(once.len(), whole.len(), "{asked}");
        assert!(asked["search"] == "c" || !whole.is_empty(), "{asked}");
    }
}

#[test]
fn pages_go_on_where_they_were_though_entries_are_added() {
    let registry = filled(60);
    for search in ["care", "certificate studies", "helth", "zzzzz health"] {
        let before: BTreeSet<String> =
            all(&registry, json!({"search": search, "first": 5}), |_| ())
                .into_iter()
                .collect();
        let added = std::cell::Cell::new(1000 + 100 * search.len());
        let during = all(&registry, json!({"search": search, "first": 5}), |_| {
            added.set(added.get() + 1);
            let title = format!("Certificate in {search} zzzzz helth");
            load(&registry, &[Entry::new(added.get(), &title)]);
        });
        let once: BTreeSet<&String> = during.iter().collect();
        assert_eq!(once.len(), during.len(), "{search}: repeats");
        for number in &before {
            assert!(once.contains(number), "{search}: {number} was left out");
        }
    }
}

#[test]
fn a_page_takes_as_many_statements_however_much_is_found() {
    let (few, many) = (filled(10), filled(400));
    for search in ["care", "certificate studies", "helth", "", "990/000"] {
        let statements = |registry: &Registry| {
            let asked = json!({"search": search, "first": 5});
            registry.watched(|| page(registry, asked)).1.len()
        };
        assert!(statements(&many) <= statements(&few), "{search}");
        assert!(statements(&many) <= 9, "{search}: {}", statements(&many));
    }
    assert!(each(&page(&few, json!({"search": number(3)})), "number").len() == 1);
}

/// Units that have no reference go by keys of any length.
#[test]
fn all_units_of_the_framework_are_on_some_page() {
    let registry = Registry::new().with_framework();
    let page = |search: &str, first: u32, after: &Value| {
        let query = "query Q($search: String, $first: Int, $after: String) { units(search: $search, first: $first, after: $after) {
            edges { node { reference title } } pageInfo { hasNextPage endCursor } } }";
        let variables = json!({"search": search, "first": first, "after": after});
        registry.data(&Caller::nobody(), query, variables)["units"].clone()
    };
    for search in ["", "children", "suport"] {
        let pages = |first: u32| {
            let (mut titles, mut after) = (Vec::new(), Value::Null);
            loop {
                let page = page(search, first, &after);
                titles.extend(each(&page, "title"));
                if page["pageInfo"]["hasNextPage"] != true {
                    return titles;
                }
                after = page["pageInfo"]["endCursor"].clone();
            }
        };
        let whole = pages(100);
        assert_eq!(pages(1), whole, "{search}");
        if search.is_empty() {
            assert_eq!(whole.len(), registry.count("unit"));
        }
        assert!(whole.len() > 1, "{search}");
    }
}

/// Many have either word, few have both, and these stand last.
#[test]
fn what_stands_far_behind_is_found_too() {
    let registry = Registry::new();
    let last = 2 * 1_050;
    let title = |place: usize| match place {
        place if place >= last => {
            format!("Certificate in Play {}", "and more ".repeat(place % 3 + 1))
        }
        place if place % 2 == 0 => "Certificate in Care".to_owned(),
        _ => "Award in Play".to_owned(),
    };
    let titles: Vec<String> = (0..last + 6).map(title).collect();
    let entries = titles.iter().enumerate().map(|(place, title)| Entry {
        level: if place >= last + 3 {
            "Level 5"
        } else {
            "Level 3"
        },
        ..Entry::new(place, title)
    });
    assert_eq!(load(&registry, &entries.collect::<Vec<_>>()).rejected, 0);
    let of = |places: &[usize]| {
        places
            .iter()
            .map(|place| number(last + place))
            .collect::<Vec<_>>()
    };
    for (asked, wanted) in [
        (
            json!({"search": "certificate play"}),
            of(&[0, 3, 1, 4, 2, 5]),
        ),
        (
            json!({"search": "certificate play", "level": ["L5"]}),
            of(&[3, 4, 5]),
        ),
        (json!({"search": "play", "level": ["L5"]}), of(&[3, 4, 5])),
        (json!({"search": "certifcate pla"}), of(&[0, 3, 1, 4, 2, 5])),
        (
            json!({"search": "cerificate play", "level": ["L5"], "body": "RN9001"}),
            of(&[3, 4, 5]),
        ),
    ] {
        for first in [2, 100] {
            let mut asked = asked.clone();
            asked["first"] = json!(first);
            assert_eq!(all(&registry, asked.clone(), |_| ()), wanted, "{asked}");
        }
    }
}
