//! The README's section on the framework: each query in it answers what stands below it.

use crate::support::Registry;
use registry::access::Caller;
use serde_json::Value;

/// The queries of the section, each with its answer.
fn shown() -> Vec<(String, String)> {
    let readme = include_str!("../../README.md");
    let (_, section) = readme.split_once("\n## The framework\n").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let blocks = section.split("```text\n").skip(1);
    let lines = blocks.flat_map(|block| block.split("```").next().unwrap().lines());
    let mut shown: Vec<(String, String)> = Vec::new();
    for line in lines {
        match shown.last_mut() {
            _ if line.starts_with("{ ") => shown.push((line.to_owned(), String::new())),
            Some((_, answer)) => answer.push_str(line.trim_start()),
            None => panic!("{line} belongs to no query"),
        }
    }
    shown
}

/// Whether a text is `abridged` with more at each `…`.
pub(crate) fn is_abridged(abridged: &str, text: &str) -> bool {
    let mut parts = abridged.split('…').map(str::trim);
    let Some(mut rest) = text.strip_prefix(parts.next().unwrap()) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else {
        return rest.is_empty();
    };
    for part in parts {
        let Some(place) = rest.find(part) else {
            return false;
        };
        rest = &rest[place + part.len()..];
    }
    rest.ends_with(last)
}

#[test]
fn each_query_of_the_readme_answers_what_stands_below_it() {
    let registry = Registry::new().with_register().with_framework();
    let shown = shown();
    assert!(shown.len() >= 8, "{shown:?}");
    for (query, abridged) in &shown {
        let answer = registry.text(&Caller::nobody(), query, Value::Null);
        assert!(
            is_abridged(abridged, &answer),
            "{query}\nshown:    {abridged}\nanswered: {answer}"
        );
    }
    for field in [
        "standards",
        "ksf",
        "priorLearningFacts",
        "commonCore",
        "levels",
        "sectors",
        "requirements",
        "structure",
        "unit(",
        "compareQualifications",
    ] {
        let asked = shown.iter().any(|(query, _)| query.contains(field));
        assert!(asked, "the README shows no query of {field}");
    }
}

#[test]
fn an_abridged_answer_must_fit_from_end_to_end() {
    assert!(is_abridged("{\"a\":[1, …]}", "{\"a\":[1,2,3]}"));
    assert!(is_abridged("{\"a\":1}", "{\"a\":1}"));
    assert!(!is_abridged("{\"a\":[2, …]}", "{\"a\":[1,2,3]}"));
    assert!(!is_abridged("{\"a\":1", "{\"a\":1}"));
    assert!(!is_abridged("{\"a\":[1, … 4]}", "{\"a\":[1,2,3]}"));
}
