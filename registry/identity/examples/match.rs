//! `registry match` without the registry: links files of people and measures the links, for trials that are
//! built in a minute. `match LEFT.csv [RIGHT.csv] [--truth T.csv] [--names] [--out L.csv] [--shipped] [--weights W]
//! [--write-weights W] [--case P] [--link P]`

#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a trial that prints, and stops where a file is wrong"
)]

use identity::table::{People, Truth, measure, read, write};
use identity::{Batch, Model, Settings, link};
use std::fs::File;
use std::time::Instant;

fn main() {
    let mut settings = Settings::default();
    let (mut files, mut truth, mut out, mut names, mut weights) =
        (Vec::new(), None, None, false, None);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--truth" => truth = arguments.next(),
            "--out" => out = arguments.next(),
            "--names" => names = true,
            "--weights" => {
                let path = arguments.next().expect("a file");
                let text = std::fs::read_to_string(path).expect("a file");
                settings.model = Model::from_json(&text).expect("weights");
                settings.estimate = false;
            }
            "--write-weights" => weights = arguments.next(),
            "--shipped" => settings.estimate = false,
            "--case" => {
                settings.thresholds.case = arguments
                    .next()
                    .and_then(|text| text.parse().ok())
                    .expect("a number");
            }
            "--link" => {
                settings.thresholds.link = arguments
                    .next()
                    .and_then(|text| text.parse().ok())
                    .expect("a number");
            }
            _ => files.push(argument),
        }
    }
    let start = Instant::now();
    let mut files: Vec<People> = files
        .iter()
        .map(|path| read(File::open(path).expect("a file")).expect("a table of people"))
        .collect();
    if names {
        for person in files.iter_mut().flat_map(|file| &mut file.people) {
            *person = identity::Person {
                given_name: person.given_name.take(),
                family_name: person.family_name.take(),
                date_of_birth: person.date_of_birth,
                postcode: person.postcode.take(),
                ..identity::Person::default()
            };
        }
    }
    let left = files.first().expect("one file at least");
    let right = files.get(1).unwrap_or(left);
    let batch = match files.get(1) {
        Some(right) => Batch::Between(&left.people, &right.people),
        None => Batch::Within(&left.people),
    };
    if !settings.estimate {
        settings.model = settings.model.with_population(right.people.len() as f64);
    }
    let read_in = start.elapsed();
    let outcome = link(&batch, &settings);
    let took = start.elapsed();
    println!(
        "compared {} passed over {} read {read_in:?} total {took:?}",
        outcome.compared, outcome.passed_over
    );
    if let Some(path) = weights {
        let text = outcome.model.to_json().expect("numbers");
        std::fs::write(path, text).expect("written");
    }
    if let Some(path) = truth {
        let truth = Truth::read(File::open(path).expect("a file")).expect("a table of pairs");
        let measured = measure(left, right, &outcome, &truth);
        println!("{measured:#?}");
    }
    if let Some(path) = out {
        write(File::create(path).expect("a file"), left, right, &outcome).expect("written");
    }
}
