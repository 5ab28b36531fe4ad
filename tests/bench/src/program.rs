//! The released program, started in one way by every trial: with nothing of the caller's own environment, and in
//! a folder of the trial's.

use crate::{Failure, say};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use tempfile::TempDir;

/// The program: the one beside this, where none is named.
pub(crate) fn program(named: Option<&Path>) -> Result<PathBuf, Failure> {
    let path = match named {
        Some(path) => std::path::absolute(path)?,
        None => std::env::current_exe()?.with_file_name("registry"),
    };
    if path.is_file() {
        Ok(path)
    } else {
        Err(format!(
            "{} is missing: cargo build --release makes it",
            path.display()
        )
        .into())
    }
}

/// The command, without limits on how often somebody may ask: a trial asks without pause.
pub(crate) fn command(program: &Path, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .current_dir(folder)
        .env_clear()
        .env("REGISTRY_LIMITS__ENABLED", "false")
        .stdin(Stdio::null());
    command
}

/// Starts a server and waits for the line of JSON that tells its address.
pub(crate) fn until_told(
    command: &mut Command,
) -> Result<(Child, BufReader<ChildStdout>, SocketAddr), Failure> {
    let mut process = command.spawn()?;
    let output = process.stdout.take().ok_or("no standard output")?;
    let mut output = BufReader::new(output);
    let mut line = String::new();
    output.read_line(&mut line)?;
    let address = serde_json::from_str::<serde_json::Value>(&line)
        .ok()
        .and_then(|told| {
            let url = told.get("url")?.as_str()?;
            url.strip_prefix("http://")?.parse().ok()
        });
    match address {
        Some(address) => Ok((process, output, address)),
        None => {
            end(&mut process);
            Err(format!("the registry did not start; it said {line:?}, more is in its log").into())
        }
    }
}

/// Ends a process that this one started.
pub(crate) fn end(process: &mut Child) {
    if let Err(error) = process.kill().and_then(|()| process.wait()) {
        say(&format!(
            "process {} could not be ended: {error}",
            process.id()
        ));
    }
}

/// A folder of one trial's own, removed at the end.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Result<Self, Failure> {
        Ok(Self(tempfile::tempdir()?))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// A folder within it.
    pub(crate) fn below(&self, name: &str) -> Result<PathBuf, Failure> {
        let path = self.path().join(name);
        std::fs::create_dir_all(&path)?;
        Ok(path)
    }

    /// Leaves it there, for somebody to look at.
    pub(crate) fn keep(self) -> PathBuf {
        self.0.keep()
    }
}
