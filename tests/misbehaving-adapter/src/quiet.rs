//! Ways to misbehave that an import does not notice, and the conformance kit does.

use super::{all_lines, record};
use sdk::{Input, Issue, Output, Position, ResultRecord, Stop};
use std::hint::black_box;
use std::io::{BufRead, Read};

/// Behaves so; `None` where the way is none of these.
pub(super) fn run(
    how: &str,
    input: &mut Input<'_>,
    output: &mut Output<'_>,
) -> Option<Result<(), Stop>> {
    Some(match how {
        "no-position" => each_line(input, |_| {
            output.record(&ResultRecord {
                position: None,
                ..record("Title")
            })
        }),
        "issue-without-position" => flawed(
            input,
            output,
            &Issue::warning("odd", "Odd.", Position::default()),
        ),
        "issue-without-words" => {
            flawed(input, output, &Issue::warning("odd", " ", Position::row(1)))
        }
        "only-rejected" => each_line(input, |_| {
            output.record(&ResultRecord {
                position: Some(Position::row(1)),
                ..ResultRecord::default()
            })
        }),
        "nothing-at-all" => each_line(input, |_| Ok(())),
        "different-each-time" => {
            let place = black_box(Box::new(0_u8));
            let title = format!("{:p}", &raw const *place);
            each_line(input, |_| output.record(&record(&title)))
        }
        "one-read-is-a-line" => one_read_is_a_line(input, output),
        "panics-in-half-a-line" => each_line(input, |line| {
            assert!(line.ends_with(b"\n"));
            output.record(&record("Title"))
        }),
        "loops-in-half-a-line" => each_line(input, |line| {
            while !line.ends_with(b"\n") {
                black_box(0);
            }
            output.record(&record("Title"))
        }),
        "panics-without-a-line" => {
            let mut first = 0;
            let ended = each_line(input, |line| {
                first = line.len();
                output.record(&record("Title"))
            });
            assert!(first > 0);
            ended
        }
        "hands-over-for-an-empty-file" => {
            let ended = output.record(&record("Title"));
            ended.and_then(|()| all_lines(input, output))
        }
        "refuses-without-words" => {
            let ended = all_lines(input, output);
            ended.and_then(|()| Err(Stop::new("no-words", "")))
        }
        "panics-at-odd-bytes" => each_line(input, |line| {
            assert!(line.iter().all(u8::is_ascii));
            output.record(&record("Title"))
        }),
        "keeps-everything" => {
            let mut kept = Vec::new();
            let ended = each_line(input, |line| {
                kept.push(line.repeat(4));
                output.record(&record("Title"))
            });
            black_box(&kept);
            ended
        }
        "does-not-end" => match all_lines(input, output) {
            Err(_) => loop {
                black_box(0);
            },
            read => read,
        },
        _ => return None,
    })
}

fn each_line(
    input: &mut Input<'_>,
    mut take: impl FnMut(&[u8]) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let mut line = Vec::new();
    loop {
        line.clear();
        if input.by_ref().take(4096).read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        take(&line)?;
    }
}

fn flawed(input: &mut Input<'_>, output: &mut Output<'_>, issue: &Issue) -> Result<(), Stop> {
    output.issue(issue)?;
    all_lines(input, output)
}

/// One record for each piece that a read happens to give.
fn one_read_is_a_line(input: &mut Input<'_>, output: &mut Output<'_>) -> Result<(), Stop> {
    loop {
        let length = input.fill_buf()?.len();
        if length == 0 {
            return Ok(());
        }
        input.consume(length);
        output.record(&record("Title"))?;
    }
}
