//! For the tests: other people's libraries (`tests/fixtures/make/differential.js`), asked line by line. Where they are
//! not there, what they answered once is still compared: `tests/fixtures/canonical` and every signature.

use serde_json::Value;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

/// The answers to the questions, or none, said loudly, where node or its packages are not there.
pub(crate) fn ask(questions: &[Value]) -> Option<Vec<Value>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/make");
    let started = folder.join("node_modules").exists().then(|| {
        Command::new("node")
            .arg("differential.js")
            .current_dir(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
    });
    let Some(Ok(mut node)) = started else {
        eprintln!(
            "SKIPPED: the comparison with other libraries needs node and `npm ci` in {}",
            folder.display()
        );
        return None;
    };
    let mut input = node.stdin.take().unwrap();
    let questions: Vec<String> = questions.iter().map(Value::to_string).collect();
    let writer = std::thread::spawn(move || {
        for question in questions {
            writeln!(input, "{question}").unwrap();
        }
    });
    let answers = BufReader::new(node.stdout.take().unwrap())
        .lines()
        .map(|line| serde_json::from_str(&line.unwrap()).unwrap())
        .collect();
    writer.join().unwrap();
    assert!(node.wait().unwrap().success());
    Some(answers)
}
