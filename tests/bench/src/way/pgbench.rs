//! PostgreSQL's own load generator, with the same statements prepared.

use crate::Failure;
use crate::cost::Meter;
use crate::fill::{LEARNER, LEARNERS};
use crate::load::{Round, Shape};
use crate::program::Folder;
use crate::query::{PAGE, Texts};
use std::fs;
use std::process::{Command, Stdio};
use std::time::Instant;

/// A verification's join and its two rows in one transaction.
const VERIFY: &str = include_str!("../../rivals/pgbench/verify.sql");

/// The scripts' folder, removed at the end.
pub(crate) struct Scripts {
    folder: Folder,
}

impl Scripts {
    /// Writes `whole.sql` (one statement), `two.sql` (the person, then what they hold) and `verify.sql`.
    pub(crate) fn write(texts: &Texts) -> Result<Self, Failure> {
        let folder = Folder::new()?;
        let id = format!("('\\x{LEARNER}'::bytea || int4send(:n))");
        let kinds = [":qualification", ":unit"];
        let person = fill(&texts.person, &[&id]);
        let held = fill(&texts.held, &[kinds[0], kinds[1], &id, ":nothing", ":page"]);
        let whole = fill(&texts.whole, &[kinds[0], kinds[1], &id, ":page"]);
        let number = format!("\\set n random(1, {LEARNERS})\n");
        fs::write(
            folder.path().join("two.sql"),
            format!("{number}{person};\n{held};\n"),
        )?;
        fs::write(
            folder.path().join("whole.sql"),
            format!("{number}{whole};\n"),
        )?;
        fs::write(folder.path().join("verify.sql"), VERIFY)?;
        Ok(Self { folder })
    }

    /// Runs a script with eight clients.
    pub(crate) fn run(
        &self,
        script: &str,
        database: &str,
        shape: Shape,
        meter: Meter,
    ) -> Result<Round, Failure> {
        let (before, began) = (meter.now()?, Instant::now());
        let output = Command::new("pgbench")
            .args(["-n", "-M", "prepared", "-c", "8", "-j", "2", "-l"])
            .args(["-D", "qualification=qualification", "-D", "unit=unit"])
            .args(["-D", &format!("page={PAGE}")])
            .arg("-D")
            .arg(format!("nothing=\\x{}", "00".repeat(16)))
            .args(["--sampling-rate", "0.2", "-T"])
            .arg(shape.time.as_secs().max(1).to_string())
            .arg("--log-prefix")
            .arg(self.folder.path().join("log"))
            .arg("-f")
            .arg(self.folder.path().join(script))
            .arg(database)
            .stdin(Stdio::null())
            .output()?;
        let (after, time) = (meter.now()?, began.elapsed());
        let text = String::from_utf8_lossy(&output.stdout);
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into());
        }
        let requests = text
            .lines()
            .find_map(|line| line.strip_prefix("number of transactions actually processed: "))
            .and_then(|number| number.split('/').next()?.trim().parse().ok())
            .ok_or("pgbench did not say how many transactions it made")?;
        Ok(Round {
            requests,
            time,
            latencies: self.latencies()?,
            client: after.client - before.client,
            program: after.program - before.program,
            server: after.server - before.server,
        })
    }

    /// Takes the logs in: the third field of a line is a transaction's time in microseconds.
    fn latencies(&self) -> Result<Vec<u32>, Failure> {
        let mut latencies = Vec::new();
        for entry in fs::read_dir(self.folder.path())? {
            let path = entry?.path();
            if path.extension().is_some_and(|kind| kind == "sql") {
                continue;
            }
            for line in fs::read_to_string(&path)?.lines() {
                let time = line
                    .split(' ')
                    .nth(2)
                    .ok_or("a short line in pgbench's log")?;
                latencies.push(time.parse()?);
            }
            fs::remove_file(path)?;
        }
        latencies.sort_unstable();
        Ok(latencies)
    }
}

/// The text with pgbench's variables for its parameters. All are variables: literals would give the planner what
/// it does not know of the registry's statements, and another plan.
fn fill(text: &str, values: &[&str]) -> String {
    let mut text = text.to_owned();
    for (place, value) in values.iter().enumerate().rev() {
        text = text.replace(&format!("${}", place + 1), value);
    }
    text
}
