//! The programs that are asked, each a process of its own: the registry as it is released, and PostGraphile.

use crate::Failure;
use crate::program::{command, end, until_told};
use registry::db::{Connection, Purpose};
use registry::keys::Keys;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

/// A running `registry serve`, ended with this.
pub(crate) struct Registry {
    process: Child,
    _output: BufReader<ChildStdout>,
    pub(crate) address: SocketAddr,
    pub(crate) data_dir: PathBuf,
}

impl Registry {
    /// Starts one on a database, with a data directory of its own and so many retired keys.
    pub(crate) fn start(
        program: &Path,
        database: &str,
        folder: &Path,
        retired: usize,
    ) -> Result<Self, Failure> {
        let data_dir = folder.join("data");
        retire(&data_dir, folder, retired)?;
        let mut command = command(program, folder);
        command
            .args(["--json", "--database", database, "--data-dir"])
            .arg(&data_dir)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(File::create(folder.join("serve.log"))?);
        let (process, output, address) = until_told(&mut command)?;
        Ok(Self {
            process,
            _output: output,
            address,
            data_dir,
        })
    }

    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        end(&mut self.process);
    }
}

/// Makes keys that were in use once, so that the published ones have a length.
fn retire(data_dir: &Path, folder: &Path, count: usize) -> Result<(), Failure> {
    let retired = data_dir.join("keys/retired");
    fs::create_dir_all(&retired)?;
    for number in 0..count {
        let other = folder.join("retired");
        Keys::open(&other)?;
        fs::rename(
            other.join("keys/signing.pem"),
            retired.join(format!("{number}.pem")),
        )?;
    }
    Ok(())
}

/// A running PostGraphile, ended with this.
pub(crate) struct Postgraphile {
    process: Child,
    _output: BufReader<ChildStdout>,
    pub(crate) address: SocketAddr,
}

/// Where the rivals' files are.
pub(crate) fn rivals() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("rivals")
}

impl Postgraphile {
    /// The schema of views that it serves, made anew.
    pub(crate) fn prepare(database: &str) -> Result<(), Failure> {
        let mut connection = Connection::open(database, Purpose::Write)?;
        connection.batch(include_str!("../../rivals/postgraphile/schema.sql"))?;
        Ok(())
    }

    /// Starts it as `rivals/README.md` says, with so many processes beside the first (none: the first works itself).
    pub(crate) fn start(database: &str, folder: &Path, workers: usize) -> Result<Self, Failure> {
        let program = rivals().join("postgraphile/node_modules/postgraphile/cli.js");
        if !program.is_file() {
            return Err(
                "PostGraphile is missing: npm ci --prefix tests/bench/rivals/postgraphile".into(),
            );
        }
        // Whoever takes it in between is told by PostGraphile itself.
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut command = Command::new("node");
        command
            .arg(program)
            .args(["--connection", database, "--schema", "rival"])
            .args(["--host", "127.0.0.1", "--port", &port.to_string()])
            .args(["--max-pool-size", "10", "--simple-collections", "omit"])
            .args(["--dynamic-json", "--no-setof-functions-contain-nulls"])
            .args(["--disable-default-mutations", "--disable-graphiql"])
            .args(["--disable-query-log", "--legacy-relations", "omit"])
            .env("NODE_ENV", "production")
            .env("GRAPHILE_TURBO", "1")
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(folder.join("postgraphile.log"))?);
        if workers > 0 {
            command.args(["--cluster-workers", &workers.to_string()]);
        }
        let mut process = command.spawn()?;
        let output = process.stdout.take().ok_or("no standard output")?;
        let mut output = BufReader::new(output);
        let mut listening = 0;
        while listening < workers.max(1) {
            let mut line = String::new();
            if output.read_line(&mut line)? == 0 {
                end(&mut process);
                let log = folder.join("postgraphile.log");
                return Err(
                    format!("PostGraphile did not start: {}", fs::read_to_string(log)?).into(),
                );
            }
            listening += usize::from(line.contains("listening on port"));
        }
        Ok(Self {
            process,
            _output: output,
            address: SocketAddr::from(([127, 0, 0, 1], port)),
        })
    }

    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Postgraphile {
    fn drop(&mut self) {
        end(&mut self.process);
    }
}
