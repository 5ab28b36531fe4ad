//! Searching the catalogue: every word of a title finds it, rightly typed or with a mistake; what was committed is
//! found by the next query; filters and pages hold.

mod beside;
mod filters;
mod index;
mod pages;
mod plan;
mod words;

use crate::support::Registry;
use registry::access::Caller;
use registry::action::catalogue::{Format, Imported, import};
use serde_json::{Value, json};

const HEADER: &str = "Qualification Number,Qualification Title,Owner Organisation Recognition Number,Owner Organisation Name,\
Qualification Level,Qualification Type,Total Credits,Qualification SSA,Qualification Status,Operational Start Date,\
Operational End Date,Certification End Date,Total Qualification Time,Guided Learning Hours\n";

/// A row of the register.
struct Entry<'a> {
    number: String,
    title: &'a str,
    body: &'a str,
    level: &'a str,
    sector: &'a str,
    from: &'a str,
    until: &'a str,
}

/// A qualification number of a series that the register does not have, whose check character fits.
fn number(place: usize) -> String {
    let digits = format!("99{place:05}");
    let sum: u32 = digits
        .bytes()
        .zip((2..=8).rev())
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    let check = match sum % 11 {
        10 => "X".to_owned(),
        digit => digit.to_string(),
    };
    format!("{}/{}/{check}", &digits[..3], &digits[3..])
}

impl<'a> Entry<'a> {
    fn new(place: usize, title: &'a str) -> Self {
        Self {
            number: number(place),
            title,
            body: "RN9001",
            level: "Level 3",
            sector: "",
            from: "2010-01-01",
            until: "",
        }
    }
}

fn load(registry: &Registry, entries: &[Entry<'_>]) -> Imported {
    let mut file = HEADER.to_owned();
    for one in entries {
        file.push_str(&format!(
            "{},\"{}\",{},A body,{},RQF,20,{},Available to learners,{},{},,200,150\n",
            one.number,
            one.title.replace('"', "\"\""),
            one.body,
            one.level,
            one.sector,
            one.from,
            one.until
        ));
    }
    import(
        &registry.app.db,
        Format::OfqualQualifications,
        file.as_bytes(),
    )
    .unwrap()
}

fn titles(registry: &Registry, titles: &[&str]) {
    let level = |title: &str| {
        let number = title
            .split("Level ")
            .nth(1)
            .and_then(|rest| rest.chars().next());
        let number = number.filter(char::is_ascii_digit);
        number.map_or(String::new(), |number| format!("Level {number}"))
    };
    let levels: Vec<String> = titles.iter().map(|title| level(title)).collect();
    let entries: Vec<Entry<'_>> = titles
        .iter()
        .zip(&levels)
        .enumerate()
        .map(|(place, (title, level))| Entry {
            level,
            ..Entry::new(place, title)
        })
        .collect();
    let imported = load(registry, &entries);
    assert_eq!(imported.rejected, 0, "{imported:?}");
}

const QUALIFICATIONS: &str = "query Q($search: String, $level: [Level!], $sector: [String!], $body: String, $on: Date, $first: Int, $after: String) {
  qualifications(search: $search, level: $level, sector: $sector, awardingBody: $body, availableOn: $on, first: $first, after: $after) {
    edges { cursor node { number title } } pageInfo { hasNextPage endCursor } } }";

/// What a search answers, a page.
fn page(registry: &Registry, variables: Value) -> Value {
    let answer = registry.data(&Caller::nobody(), QUALIFICATIONS, variables);
    answer["qualifications"].clone()
}

/// The titles or numbers of a page.
fn each(page: &Value, what: &str) -> Vec<String> {
    let edges = page["edges"].as_array().unwrap().iter();
    edges
        .map(|edge| edge["node"][what].as_str().unwrap().to_owned())
        .collect()
}

/// The titles of the first page.
fn found(registry: &Registry, search: &str) -> Vec<String> {
    each(
        &page(registry, json!({"search": search, "first": 100})),
        "title",
    )
}
