//! Files that people bring as evidence of prior learning: taken in, handed out, erased. What a file is, and how it lies on disk,
//! stands in the crate `evidence`.
//!
//! A content lies once, sealed, under a name that only the key's holder could tell. The row of the content decides whether it is
//! there; the file is put in place, and removed, within the transaction that changes the row, so that two who bring the same
//! content, and the one who erases it, wait for each other.

mod erase;
mod place;
mod scan;
mod show;
mod take;

pub use erase::{erase, orphans};
pub use show::{Shown, show};
pub use take::{NewFile, Taken};

use crate::config::Config;
use crate::error::Error;
use crate::keys;
use evidence::{Key, Opened};
use std::fs::{DirBuilder, File};
use std::io::{Read, Seek};
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;
use std::sync::OnceLock;
use tokio::sync::Semaphore;

/// How many files are looked at at once: each may have a scanner of its own.
const AT_ONCE: usize = 4;

/// Where files are, and the keys under which they are sealed.
pub struct Files {
    config: Config,
    folder: PathBuf,
    /// The key of what is on its way: it is nowhere but here, and gone with the process.
    passing: Key,
    /// The key in use, and those that were before.
    keys: OnceLock<Vec<Key>>,
    turns: Semaphore,
}

impl Files {
    /// Those of a registry; nothing is made before the first file comes.
    ///
    /// # Errors
    /// [`Error`] where the system gives no random bytes.
    pub fn of(config: &Config) -> Result<Self, Error> {
        Ok(Self {
            config: config.clone(),
            folder: config.evidence_folder(),
            passing: Key::fresh().map_err(Error::internal)?,
            keys: OnceLock::new(),
            turns: Semaphore::new(AT_ONCE),
        })
    }

    /// Makes the folder and the key, where they are not there.
    ///
    /// # Errors
    /// [`Error`] where they cannot be made, or the key cannot be read.
    pub fn prepare(&self) -> Result<(), Error> {
        self.keys()?;
        let mut folder = DirBuilder::new();
        let made = folder.recursive(true).mode(0o700).create(&self.folder);
        made.map_err(|error| Error::file(&self.folder, &error))
    }

    /// The key of what is on its way.
    #[must_use]
    pub fn passing(&self) -> &Key {
        &self.passing
    }

    /// What was on its way, as it came.
    ///
    /// # Errors
    /// [`Error`] where it is not as it was written.
    pub fn passed<F: Read + Seek>(&self, file: F) -> Result<Opened<F>, Error> {
        Opened::new(file, [&self.passing]).map_err(Error::internal)
    }

    /// The keys, the one in use first.
    fn keys(&self) -> Result<&[Key], Error> {
        if let Some(keys) = self.keys.get() {
            return Ok(keys);
        }
        let keys = keys::of_evidence(&self.config)?;
        Ok(self.keys.get_or_init(|| keys))
    }

    fn key(&self) -> Result<&Key, Error> {
        let keys = self.keys()?;
        keys.first()
            .ok_or_else(|| Error::internal("no key to seal with"))
    }

    /// The file of that name.
    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn open(&self, name: &str) -> Result<Opened<File>, Error> {
        let path = self.path(name);
        let opened = File::open(&path).and_then(|file| {
            let keys = self.keys().map_err(std::io::Error::other)?;
            Opened::new(file, keys)
        });
        opened.map_err(|error| Error::file(&path, &error))
    }
}
