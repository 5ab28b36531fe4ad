//! Pushed files on disk, between arriving and having been read. A file is written under its job's
//! identifier and nothing else, digested on the way, and durable before the push is answered.

use crate::db::Id;
use crate::error::Error;
use schema::Code;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// A file being written to the spool. Dropped before [`Spooling::finish`], it leaves nothing behind.
pub struct Spooling {
    job: Id,
    path: PathBuf,
    file: Option<BufWriter<File>>,
    hash: Sha256,
    length: u64,
    limit: u64,
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
pub fn path(data_dir: &Path, job: Id) -> PathBuf {
    data_dir.join("spool").join(format!("{job}.input"))
}

impl Spooling {
    /// Begins a file of at most `limit` bytes.
    ///
    /// # Errors
    /// [`Error`] where the spool cannot be written.
    pub fn begin(data_dir: &Path, limit: u64) -> Result<Self, Error> {
        let job = Id::new();
        let path = path(data_dir, job);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| Error::file(folder, &error))?;
        }
        let file = File::create_new(&path).map_err(|error| Error::file(&path, &error))?;
        Ok(Self {
            job,
            path,
            file: Some(BufWriter::with_capacity(1 << 17, file)),
            hash: Sha256::new(),
            length: 0,
            limit,
        })
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
    /// [`Code::FileEmpty`] for a file without a byte; [`Error`] where the disk does not take it.
    pub fn finish(mut self) -> Result<Spooled, Error> {
        if self.length == 0 {
            return Err(Error::from(Code::FileEmpty));
        }
        let file = self
            .file
            .take()
            .ok_or_else(|| Error::internal("spooling ended twice"))?;
        let written = file
            .into_inner()
            .map_err(std::io::IntoInnerError::into_error)
            .and_then(|file| file.sync_all());
        if let Err(error) = written {
            let _ = std::fs::remove_file(&self.path);
            return Err(Error::file(&self.path, &error));
        }
        let digest = std::mem::take(&mut self.hash).finalize();
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
pub fn remove(data_dir: &Path, job: Id) {
    let _ = std::fs::remove_file(path(data_dir, job));
}

/// This server's own name among those that share a database, kept in its data directory: the spool belongs
/// to it.
///
/// # Errors
/// [`Error`] where the name can be neither read nor written.
pub fn server_name(data_dir: &Path) -> Result<String, Error> {
    let path = data_dir.join("server-id");
    std::fs::create_dir_all(data_dir).map_err(|error| Error::file(data_dir, &error))?;
    match File::create_new(&path) {
        Ok(mut file) => {
            file.write_all(Id::new().to_string().as_bytes())
                .map_err(|error| Error::file(&path, &error))?;
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(Error::file(&path, &error)),
    }
    std::fs::read_to_string(&path).map_err(|error| Error::file(&path, &error))
}
