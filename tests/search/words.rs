//! What is typed, and what is found by it.

use super::{each, found, number, page, titles};
use crate::support::Registry;
use crate::support::seeded::Seeded;
use proptest::prelude::*;
use serde_json::json;

const TITLES: [&str; 12] = [
    "Level 3 Diploma for the Early Years Educator",
    "Level 2 Diploma for the Early Years Practitioner",
    "Level 3 Diploma for the Children and Young People's Workforce (QCF)",
    "Level 2 Award in Paediatric First Aid",
    "Level 3 Award in Paediatric First Aid",
    "Level 2 Certificate in Playwork",
    "Level 3 Certificate in Education and Training",
    "Entry Level Award in Caring for a Child (Entry 3)",
    "Level 5 Diploma in Leadership for Health and Social Care",
    "Level 3 Extended Diploma in Health and Social Care (Dysgu ym Môn)",
    "Level 3 Diploma in Holistic Baby and Child Care",
    "Level 4 Certificate in Childcare Leadership",
];

#[test]
fn every_word_finds_its_title_rightly_typed_with_mistakes_and_half_typed() {
    let registry = Registry::new();
    titles(&registry, &TITLES);
    for (search, first) in [
        ("early years educator", TITLES[0]),
        ("erly yaers educater", TITLES[0]),
        ("EDUCATOR, early-years!", TITLES[0]),
        ("early years prac", TITLES[1]),
        ("practicioner", TITLES[1]),
        ("young peoples workforse", TITLES[2]),
        ("children's workforce", TITLES[2]),
        ("peadiatric first aid level 2", TITLES[3]),
        ("l3 paediatric", TITLES[4]),
        ("playwrok", TITLES[5]),
        ("entry 3 caring", TITLES[7]),
        ("entry level 3", TITLES[7]),
        ("ledership health", TITLES[8]),
        ("mon", TITLES[9]),
        ("diploma in holistic babby care", TITLES[10]),
        ("chldcare leadershp", TITLES[11]),
    ] {
        let titles = found(&registry, search);
        assert_eq!(
            titles.first().map(String::as_str),
            Some(first),
            "{search}: {titles:?}"
        );
    }
    for search in ["zzzzzz", "qwertyuiop asdfghjkl"] {
        assert_eq!(found(&registry, search), Vec::<String>::new(), "{search}");
    }
    // Neither words nor filters: everything, by number.
    for search in ["", "  ", "–"] {
        assert_eq!(found(&registry, search), TITLES, "{search}");
    }
}

#[test]
fn as_typed_comes_before_begun_and_that_before_mistyped_and_the_shorter_title_first() {
    let registry = Registry::new();
    let all = [
        "Certificate in Caring and Something Else",
        "Certificate in Careers",
        "Certificate in Care of Many Animals",
        "Award in Core Skills",
        "Certificate in Care",
        "Award in Care",
    ];
    titles(&registry, &all);
    assert_eq!(
        found(&registry, "care"),
        [all[4], all[5], all[2], all[1], all[3]]
    );
    // A word that is followed by another is no beginning of one.
    assert_eq!(found(&registry, "care certificate"), [all[4], all[2]]);
}

#[test]
fn where_no_title_has_all_the_words_the_rare_ones_decide() {
    let registry = Registry::new();
    titles(&registry, &TITLES);
    let titles = found(&registry, "holistic certificate diploma");
    assert_eq!(titles, [TITLES[10]]);
    // A word that no title has is as if it had not been typed.
    assert_eq!(found(&registry, "zzzzzz playwork"), [TITLES[5]]);
}

#[test]
fn the_readme_s_example_is_answered_so() {
    let registry = Registry::new().with_register();
    let readme = include_str!("../../README.md");
    let query = readme
        .lines()
        .find(|line| line.starts_with("{ qualifications("))
        .unwrap();
    let answer = readme
        .lines()
        .find(|line| line.starts_with("{\"data\":{\"qualifications\""))
        .unwrap();
    let data = registry.data(
        &registry::access::Caller::nobody(),
        query,
        serde_json::Value::Null,
    );
    let told: serde_json::Value = serde_json::from_str(answer).unwrap();
    assert_eq!(data, told["data"]);
}

#[test]
fn numbers_are_found_whole_and_in_part() {
    let registry = Registry::new();
    titles(&registry, &TITLES);
    let three = number(3);
    let plain = three.replace('/', "");
    for search in [
        three.as_str(),
        plain.as_str(),
        &three.to_lowercase(),
        &plain[..7],
        &three[..8],
    ] {
        let numbers = each(&page(&registry, json!({"search": search})), "number");
        assert_eq!(numbers, [three.as_str()], "{search}");
    }
    let begun = each(&page(&registry, json!({"search": "990/000"})), "number");
    assert_eq!(begun, (0..10).map(number).collect::<Vec<_>>());
    assert_eq!(found(&registry, "123/4567/8"), Vec::<String>::new());
}

#[test]
fn what_is_too_long_is_refused_in_words() {
    let registry = Registry::new();
    let nobody = registry::access::Caller::nobody();
    for (search, words) in [
        ("a".repeat(201), "200 characters at most"),
        ("ab ba ca da ea fa ga ha ia ja ka la ma na pa qa ra sa ta ua va wa xa ya za ac bc cc dc ec fc gc hc".to_owned(), "32 words at most"),
    ] {
        let answer = registry.ask(&nobody, super::QUALIFICATIONS, json!({"search": search}));
        let error = &answer["errors"][0];
        assert_eq!(error["extensions"]["code"], "input-invalid", "{answer}");
        assert!(error["message"].as_str().unwrap().contains(words), "{answer}");
    }
    for variables in [
        json!({"after": "x"}),
        json!({"after": "1.9.0.x"}),
        json!({"body": "NCFE"}),
    ] {
        let answer = registry.ask(&nobody, super::QUALIFICATIONS, variables);
        assert_eq!(
            answer["errors"][0]["extensions"]["code"], "input-invalid",
            "{answer}"
        );
    }
}

/// A word with one letter too many, too few, another, or two that changed places.
fn mistaken(word: &str, chance: &mut Seeded) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let mut below = |most: usize| usize::try_from(chance.next() % most as u64).unwrap();
    let letter = char::from(b'a' + u8::try_from(below(26)).unwrap());
    let place = below(letters.len());
    match below(4) {
        0 => letters.insert(place, letter),
        1 => drop(letters.remove(place)),
        2 => letters[place] = letter,
        _ => {
            let next = (place + 1) % letters.len();
            letters.swap(place, next);
        }
    }
    letters.into_iter().collect()
}

/// Whether a search finds a title on any of its pages.
fn finds(registry: &Registry, search: &str, title: &str) -> bool {
    let mut after = serde_json::Value::Null;
    loop {
        let page = page(
            registry,
            json!({"search": search, "first": 100, "after": after}),
        );
        if each(&page, "title").iter().any(|one| one == title) {
            return true;
        }
        if page["pageInfo"]["hasNextPage"] != true {
            return false;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    /// Whatever the titles: each word of five letters or more finds its title with one mistake in it, by itself and
    /// with all other words mistyped too.
    #[test]
    fn a_word_with_one_mistake_finds_its_title(
        all in proptest::collection::vec(
            proptest::collection::vec("[A-Z]?[a-z]{1,12}|[a-e]{5,8}|[a-zàéîöûŵ]{5,9}|[1-9][0-9]{0,3}", 1..7), 5..20),
        seed in any::<u64>(),
    ) {
        let registry = Registry::new();
        let all: Vec<String> = all.iter().map(|words| words.join(" ")).collect();
        titles(&registry, &all.iter().map(String::as_str).collect::<Vec<_>>());
        let mut chance = Seeded(seed);
        for title in &all {
            let words = schema::words(title);
            let mut typed = Vec::new();
            for word in &words {
                let long = word.chars().count() >= 5 && word.chars().all(char::is_alphabetic);
                // The last two letters changing places with the first is no such mistake.
                let wrong = if long { mistaken(word, &mut chance) } else { word.clone() };
                let one = strsim::osa_distance(word, &wrong) <= 1;
                let wrong = if one { wrong } else { word.clone() };
                if long {
                    prop_assert!(finds(&registry, &wrong, title), "{wrong} for {word} in {title}");
                }
                typed.push(wrong);
            }
            let typed = typed.join(" ");
            prop_assert!(finds(&registry, &typed, title), "{typed} for {title}");
        }
    }
}
