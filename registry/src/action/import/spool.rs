//! Pushed files on disk, between arriving and having been read. A file is written under its job's
//! identifier and nothing else, digested on the way, and durable before the push is answered.

use crate::app::App;
use crate::config::Config;
use crate::db::Id;
use crate::error::Error;
use crate::model::import_job;
use schema::Code;
use sha2::{Digest, Sha256, Sha512};
use std::fs::{File, TryLockError};
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A file being written to the spool. Dropped before [`Spooling::finish`], it leaves nothing behind.
pub struct Spooling {
    job: Id,
    path: PathBuf,
    file: Option<BufWriter<File>>,
    hash: Sha256,
    second: Option<Sha512>,
    expected: Expected,
    length: u64,
    limit: u64,
}

/// What a client says that the digests of its file are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expected {
    /// SHA-256, 32 bytes.
    pub sha256: Option<Vec<u8>>,
    /// SHA-512, 64 bytes.
    pub sha512: Option<Vec<u8>>,
}

/// A file in the spool.
#[derive(Debug, Clone)]
pub struct Spooled {
    /// The job that it will be.
    pub job: Id,
    /// SHA-256, hexadecimal.
    pub digest: String,
    /// Bytes.
    pub length: u64,
}

/// Where a job's file is.
#[must_use]
pub fn path(config: &Config, job: Id) -> PathBuf {
    config.spool().join(format!("{job}.input"))
}

impl Spooling {
    /// Begins a file of at most `limit` bytes.
    ///
    /// # Errors
    /// [`Error`] where the spool cannot be written.
    pub fn begin(config: &Config, limit: u64) -> Result<Self, Error> {
        let job = Id::new();
        let path = path(config, job);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| Error::file(folder, &error))?;
        }
        let file = File::create_new(&path).map_err(|error| Error::file(&path, &error))?;
        // Who sweeps the spool sees by the lock that somebody still writes.
        file.lock().map_err(|error| Error::file(&path, &error))?;
        Ok(Self {
            job,
            path,
            file: Some(BufWriter::with_capacity(1 << 17, file)),
            hash: Sha256::new(),
            second: None,
            expected: Expected::default(),
            length: 0,
            limit,
        })
    }

    /// Says before the first byte which digests the file will have; [`Spooling::finish`] refuses another.
    #[must_use]
    pub fn expecting(mut self, expected: Expected) -> Self {
        self.second = expected.sha512.is_some().then(Sha512::new);
        self.expected = expected;
        self
    }

    /// Adds bytes.
    ///
    /// # Errors
    /// [`Code::TooLarge`] past the limit; [`Code::DiskFull`] where there is no space.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.length += bytes.len() as u64;
        if self.length > self.limit {
            let limit = self.limit;
            return Err(Error::with(
                Code::TooLarge,
                format!("A pushed file may have {limit} bytes at most."),
            ));
        }
        self.hash.update(bytes);
        if let Some(second) = self.second.as_mut() {
            second.update(bytes);
        }
        match self.file.as_mut() {
            Some(file) => file
                .write_all(bytes)
                .map_err(|error| Error::file(&self.path, &error)),
            None => Err(Error::internal("spooling after its end")),
        }
    }

    /// Adds everything that `reader` gives.
    ///
    /// # Errors
    /// As [`Spooling::write`]; [`Code::BadRequest`] where the reader fails.
    pub fn copy(&mut self, mut reader: impl Read) -> Result<(), Error> {
        let mut buffer = vec![0; 1 << 17];
        loop {
            match reader.read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(length) => self.write(buffer.get(..length).unwrap_or_default())?,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => {
                    return Err(Error::with(
                        Code::BadRequest,
                        format!("The file could not be read: {}.", error.kind()),
                    ));
                }
            }
        }
    }

    /// Ends the file; it is on disk then.
    ///
    /// # Errors
    /// [`Code::FileEmpty`] for a file without a byte; [`Code::DigestMismatch`] for one that is not what was
    /// announced; [`Error`] where the disk does not take it.
    pub fn finish(mut self) -> Result<Spooled, Error> {
        if self.length == 0 {
            return Err(Error::from(Code::FileEmpty));
        }
        let digest = std::mem::take(&mut self.hash).finalize();
        let second = self.second.take().map(Sha512::finalize);
        let Expected { sha256, sha512 } = &self.expected;
        for (algorithm, expected, found) in [
            ("sha-256", sha256, Some(digest.as_slice())),
            ("sha-512", sha512, second.as_deref()),
        ] {
            if expected.is_some() && expected.as_deref() != found {
                let problem = format!(
                    "The content does not have the {algorithm} that was sent with it. Nothing was kept."
                );
                return Err(Error::with(Code::DigestMismatch, problem));
            }
        }
        let file = self
            .file
            .take()
            .ok_or_else(|| Error::internal("spooling ended twice"))?;
        let written = file
            .into_inner()
            .map_err(std::io::IntoInnerError::into_error)
            .and_then(|file| file.sync_all().and_then(|()| file.unlock()));
        if let Err(error) = written {
            let _ = std::fs::remove_file(&self.path);
            return Err(Error::file(&self.path, &error));
        }
        let digest = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Spooled {
            job: self.job,
            digest,
            length: self.length,
        })
    }
}

impl Drop for Spooling {
    fn drop(&mut self) {
        if self.file.is_some() {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Drops a job's file.
pub fn remove(config: &Config, job: Id) {
    let _ = std::fs::remove_file(path(config, job));
}

/// How long a written file may wait for its job to be stored. In a spool that several servers share their
/// clocks may differ, and their locks may not be each other's.
const UNCLAIMED: Duration = Duration::from_secs(60);
const UNCLAIMED_IN_SHARED: Duration = Duration::from_secs(3600);

/// Drops what lies in the spool and belongs to no job that goes on: files of pushes that the end of a process
/// cut off, and files of jobs that ended without having been able to remove them.
///
/// # Errors
/// [`Error`] where the database does not answer.
pub fn sweep(app: &App) -> Result<(), Error> {
    let Ok(entries) = std::fs::read_dir(app.config.spool()) else {
        return Ok(());
    };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let digits = name.strip_suffix(".input").unwrap_or_default();
        let Some(job) = Id::read("import", &format!("import_{digits}")) else {
            continue;
        };
        let known = app
            .db
            .read_blocking(move |connection| Ok(import_job::find(connection, job)?))?;
        let kept = match known {
            Some(job) => !job.state().ended(),
            None => being_written(&entry.path(), app.config.server.spool.is_some()),
        };
        if !kept {
            tracing::info!(%job, "a file without a job is dropped from the spool");
            remove(&app.config, job);
        }
    }
    Ok(())
}

/// Whether somebody writes the file, or was done only just now.
fn being_written(path: &Path, shared: bool) -> bool {
    let Ok(file) = File::open(path) else {
        return false;
    };
    if matches!(file.try_lock(), Err(TryLockError::WouldBlock)) {
        return true;
    }
    let _ = file.unlock();
    let modified = file.metadata().and_then(|data| data.modified());
    let longest = match shared {
        true => UNCLAIMED_IN_SHARED,
        false => UNCLAIMED,
    };
    // By a clock that was put back, or is another's, it may have been written in the future.
    modified.is_ok_and(|time| time.elapsed().map_or(shared, |age| age < longest))
}

/// This server's own name among those that share a database, kept in its data directory.
///
/// # Errors
/// [`Error`] where the name can be neither read nor written.
pub fn server_name(config: &Config) -> Result<String, Error> {
    name(&config.data_dir, "server-id")
}

/// The name of the spool. One that is configured keeps it within, so that all servers that are given the same
/// folder call it the same, and a folder in which nothing is mounted is not taken for it; else it is the
/// server's own.
///
/// # Errors
/// As [`server_name`].
pub fn spool_name(config: &Config) -> Result<String, Error> {
    match &config.server.spool {
        Some(spool) => name(spool, "spool-id"),
        None => server_name(config),
    }
}

fn name(folder: &Path, file: &str) -> Result<String, Error> {
    let path = folder.join(file);
    std::fs::create_dir_all(folder).map_err(|error| Error::file(folder, &error))?;
    if !path.exists() {
        // Written under another name first, so that neither a kill nor a full disk leaves half a name.
        let fresh = folder.join(format!("{file}.{}", Id::new()));
        let written = std::fs::write(&fresh, Id::new().to_string()).and_then(|()| {
            match std::fs::hard_link(&fresh, &path) {
                Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
                _ => Ok(()),
            }
        });
        let _ = std::fs::remove_file(&fresh);
        written.map_err(|error| Error::file(&path, &error))?;
    }
    std::fs::read_to_string(&path).map_err(|error| Error::file(&path, &error))
}
