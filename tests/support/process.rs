//! The registry as a process of its own, on a folder and a database that a test gives it.

use super::registry::{Answer, built};
use registry::access::{NewToken, Role, mint};
use registry::keys::Keys;
use schema::RecognitionNumber;
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A command on `folder` and `database`, its log in `log.txt` of the folder.
pub(crate) fn command(folder: &Path, database: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_registry"));
    settle(&mut command, folder, database);
    command.args(arguments);
    command
}

/// The same, begun by a shell after what `before` says: limits that the process inherits.
pub(crate) fn command_after(
    before: &str,
    folder: &Path,
    database: &str,
    arguments: &[&str],
) -> Command {
    let mut command = Command::new("/bin/sh");
    settle(&mut command, folder, database);
    let script = format!("{before}; exec \"$0\" \"$@\"");
    command
        .args(["-c", &script, env!("CARGO_BIN_EXE_registry")])
        .args(arguments);
    command
}

fn settle(command: &mut Command, folder: &Path, database: &str) {
    let log = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(folder.join("log.txt"))
        .unwrap();
    command
        .current_dir(folder)
        .env_clear()
        .env("REGISTRY_DATABASE", database)
        .env("REGISTRY_DATA_DIR", folder.join("data"))
        .env("REGISTRY_ADAPTERS__DIRECTORIES", format!("[{:?}]", built()))
        .env("REGISTRY_LOG__LEVEL", "debug")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log);
}

/// A server that runs until the value is dropped.
pub(crate) struct Process {
    child: Child,
    pub(crate) url: String,
    folder: PathBuf,
}

impl Process {
    pub(crate) fn serve(folder: &Path, database: &str) -> Self {
        Self::start(
            folder,
            command(
                folder,
                database,
                &["--json", "serve", "--listen", "127.0.0.1:0"],
            ),
        )
    }

    /// A server that a command starts.
    pub(crate) fn start(folder: &Path, mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap())
            .read_line(&mut line)
            .unwrap();
        let log = || std::fs::read_to_string(folder.join("log.txt")).unwrap();
        let told: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{}", log()));
        Self {
            child,
            url: told["url"].as_str().unwrap().to_owned(),
            folder: folder.to_owned(),
        }
    }

    /// Ends it as a power cut would.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop, and waits until it has.
    pub(crate) fn stop(mut self) {
        let status = Command::new("kill")
            .arg(self.child.id().to_string())
            .status();
        assert!(status.unwrap().success());
        self.child.wait().unwrap();
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log.txt")).unwrap()
    }

    /// The number of the process.
    pub(crate) fn id(&self) -> String {
        self.child.id().to_string()
    }

    /// What the process sees as the root of all files.
    pub(crate) fn root(&self) -> PathBuf {
        PathBuf::from(format!("/proc/{}/root", self.child.id()))
    }

    pub(crate) fn token(&self, role: Role, learner: Option<&str>, body: Option<&str>) -> String {
        self.token_of(&self.folder.join("data"), role, learner, body)
    }

    /// A token signed with the key of another data directory.
    pub(crate) fn token_of(
        &self,
        data_dir: &Path,
        role: Role,
        learner: Option<&str>,
        body: Option<&str>,
    ) -> String {
        let keys = Keys::open(data_dir).unwrap();
        let new = NewToken {
            role,
            learner: learner.map(str::to_owned),
            awarding_body: body.map(|body| RecognitionNumber::parse(body).unwrap()),
            employer: (role == Role::Employer).then(|| "little-acorns".to_owned()),
            subject: "somebody".to_owned(),
            valid_for: Duration::from_secs(600),
        };
        mint(&keys, "registry", &new, chrono::Utc::now().naive_utc()).unwrap()
    }

    pub(crate) fn request(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        super::registry::request(&self.url, method, path, headers, body)
    }

    pub(crate) fn graphql(&self, token: Option<&str>, query: &str) -> Answer {
        let bearer = format!("Bearer {}", token.unwrap_or_default());
        let mut headers = vec![("Content-Type", "application/json")];
        if token.is_some() {
            headers.push(("Authorization", &bearer));
        }
        let body = serde_json::json!({ "query": query }).to_string();
        self.request("POST", "/graphql", &headers, body.as_bytes())
    }

    pub(crate) fn push(&self, token: &str, file: &[u8]) -> Answer {
        let bearer = format!("Bearer {token}");
        self.request("POST", "/imports/csv", &[("Authorization", &bearer)], file)
    }

    pub(crate) fn job(&self, token: &str, location: &str) -> Answer {
        let bearer = format!("Bearer {token}");
        self.request("GET", location, &[("Authorization", &bearer)], b"")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
