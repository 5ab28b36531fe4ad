//! An adapter to copy. It reads one award a line, `ULN;qualification number;day of award;grade`, which is nobody's
//! format: put your own in its place.

use sdk::{Adapter, Input, Issue, Output, Person, Position, ResultRecord, Stop, Subject};
use std::io::{BufRead, Read};

/// The adapter. What it needs of its configuration it keeps here.
#[derive(Debug)]
pub struct Template;

sdk::export_adapter!(Template);

/// The longest line in bytes. Whatever a file holds, an adapter keeps a bounded part of it in memory.
const LONGEST: u64 = 4096;

impl Adapter for Template {
    // The name in `/imports/{adapter}` and in `[adapters.template]`.
    const NAME: &'static str = "template";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const FORMATS: &'static str = "text/plain";

    fn new(config: &str) -> Result<Self, Stop> {
        // With options of your own: let table: MyOptions = sdk::options(Self::NAME, config)?;
        sdk::no_options(Self::NAME, config)?;
        Ok(Self)
    }

    fn run(&mut self, input: &mut Input<'_>, output: &mut Output<'_>) -> Result<(), Stop> {
        let (mut line, mut row) = (Vec::new(), 0);
        loop {
            line.clear();
            row += 1;
            let read = input.by_ref().take(LONGEST).read_until(b'\n', &mut line)?;
            if read == 0 {
                return Ok(());
            }
            let whole = line.ends_with(b"\n") || (line.len() as u64) < LONGEST;
            let text = std::str::from_utf8(&line).ok().filter(|_| whole);
            let Some(text) = text else {
                // Of this file nothing can be used: nothing of it is imported.
                return Err(
                    Stop::new("line-unreadable", "A line is too long, or not UTF-8.")
                        .at(Position::row(row)),
                );
            };
            match record(text.trim(), row) {
                Some(record) => output.record(&record)?,
                // Of this line nothing can be used: the others are imported. No word of it is repeated here.
                None => output.issue(&Issue::error(
                    "fields-missing",
                    "The line does not have its four fields.",
                    Position::row(row),
                ))?,
            }
        }
    }
}

/// What a line says. Everything is handed over as it stands: numbers and days are checked by the registry, by the
/// same rules for everybody.
fn record(line: &str, row: u64) -> Option<ResultRecord> {
    let mut fields = line.split(';').map(|field| field.trim().to_owned());
    let record = ResultRecord {
        position: Some(Position::row(row)),
        person: Some(Person {
            uln: fields.next()?,
            ..Person::default()
        }),
        subject: Some(Subject {
            code: fields.next()?,
            ..Subject::default()
        }),
        awarded_on: fields.next()?,
        grade: fields.next()?,
        ..ResultRecord::default()
    };
    fields.next().is_none().then_some(record)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sdk::harness::{Damage, run};

    /// A small file of the format, with a line that cannot be read. The conformance kit takes it too.
    const SAMPLE: &[u8] = include_bytes!("../sample.txt");

    #[test]
    fn a_good_line_is_a_record_and_a_bad_one_an_issue_at_its_row() {
        let outcome = run::<Template>("", SAMPLE);
        assert_eq!(outcome.stop, None);
        let codes: Vec<_> = outcome
            .records
            .iter()
            .filter_map(|one| Some(one.subject.as_ref()?.code.as_str()))
            .collect();
        assert_eq!(codes, ["601/7898/X", "L/601/1693", "500/9170/0"]);
        assert_eq!(outcome.codes(), ["fields-missing"]);
        assert_eq!(
            outcome
                .issues
                .iter()
                .map(|one| one.position.row)
                .collect::<Vec<_>>(),
            [3]
        );
    }

    #[test]
    fn a_damaged_file_is_survived_and_every_issue_has_its_place() {
        let damage = Damage::new(vec![SAMPLE.to_vec()]);
        for number in 0..2000 {
            let outcome = run::<Template>("", &damage.file(number));
            let placed = outcome.issues.iter().all(|issue| issue.position.row > 0);
            assert!(placed, "file {number}");
        }
    }

    #[test]
    fn options_that_nobody_knows_are_refused() {
        let outcome = run::<Template>("colour = 'red'", SAMPLE);
        let code = outcome.stop.map(|stop| stop.code);
        assert_eq!(code.as_deref(), Some("config-invalid"));
    }

    #[test]
    fn an_endless_line_stops_it() {
        let outcome = run::<Template>("", &b"x".repeat(100_000));
        assert_eq!(
            outcome.stop.map(|stop| stop.code).as_deref(),
            Some("line-unreadable")
        );
    }
}
