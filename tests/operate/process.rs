//! The program itself, serving a test's registry, with its log in hand.

use crate::support::{Registry, Served};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// Lines that come one after another, for somebody who waits for one of them.
#[derive(Clone, Default)]
pub(crate) struct Lines(Arc<(Mutex<Vec<String>>, Condvar)>);

impl Lines {
    pub(crate) fn add(&self, line: String) {
        self.0.0.lock().unwrap().push(line);
        self.0.1.notify_all();
    }

    /// Everything so far.
    pub(crate) fn all(&self) -> Vec<String> {
        self.0.0.lock().unwrap().clone()
    }

    /// The first event of the log that fits, once it is there.
    pub(crate) fn event(&self, fits: impl Fn(&Value) -> bool) -> Value {
        let find = |lines: &Vec<String>| {
            let events = lines
                .iter()
                .filter_map(|line| serde_json::from_str(line).ok());
            events.into_iter().find(|event| fits(event))
        };
        let (lines, more) = &*self.0;
        let (lines, waited) = more
            .wait_timeout_while(lines.lock().unwrap(), Duration::from_secs(30), |lines| {
                find(lines).is_none()
            })
            .unwrap();
        assert!(!waited.timed_out(), "no such event: {lines:#?}");
        find(&lines).unwrap()
    }
}

/// `registry serve` on a test's database and folder.
pub(crate) struct Process {
    pub(crate) served: Served,
    pub(crate) log: Lines,
    child: Child,
}

impl Process {
    pub(crate) fn serve(registry: Registry, variables: &[(&str, &str)]) -> Self {
        let mut child = command(&registry, &["serve", "--listen", "127.0.0.1:0", "--json"])
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = Lines::default();
        let (heard, stderr) = (log.clone(), child.stderr.take().unwrap());
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                heard.add(line);
            }
        });
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap())
            .read_line(&mut line)
            .unwrap();
        let said: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{:?}", log.all()));
        let url = said["url"].as_str().unwrap().to_owned();
        Self {
            served: Served {
                registry,
                url,
                queue: None,
            },
            log,
            child,
        }
    }

    /// Asks it to stop, and waits until it has.
    pub(crate) fn stop(mut self) -> (ExitStatus, Lines) {
        let id = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
        let status = self.child.wait().unwrap();
        (status, self.log.clone())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A command on a test's database and folder.
pub(crate) fn command(registry: &Registry, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_registry"));
    let config = &registry.app.config;
    command
        .current_dir(registry.folder())
        .env_clear()
        .env("REGISTRY_DATABASE", config.database_url())
        .env("REGISTRY_DATA_DIR", &config.data_dir)
        .env(
            "REGISTRY_ADAPTERS__DIRECTORIES",
            format!("{:?}", config.adapters.directories),
        )
        .args(arguments)
        .stdin(Stdio::null());
    command
}
