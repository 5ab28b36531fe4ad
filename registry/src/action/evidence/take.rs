//! Taking a file in: what it is, whether something is in it that runs, whether a scanner finds something; only then is it sealed
//! under the key that is kept. What is refused leaves nothing.

use super::Files;
use crate::error::Error;
use ::evidence::{Declared, MediaType, Opened, Refusal, Sealer, digits, look};
use schema::Code;
use sha2::{Digest, Sha256};
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::sync::Arc;

/// A file that is brought, as it is on its way.
#[derive(Debug, Clone)]
pub struct NewFile {
    /// Its content, sealed under the key of what is on its way.
    pub content: Arc<File>,
    /// What whoever brings it says that it is.
    pub declared: Declared,
}

/// A file that was taken in, under a name of its own for now. Dropped before it is put in place, it leaves nothing.
pub struct Taken {
    pub(super) files: Arc<Files>,
    /// Where it lies; none once it is in its place.
    pub(super) path: Option<PathBuf>,
    /// Held open, so that nobody who looks for what was left behind takes it for that.
    #[expect(dead_code, reason = "its lock is held until it is dropped")]
    lock: File,
    pub(super) name: String,
    /// SHA-256 of its content, in hexadecimal digits.
    pub digest: String,
    /// Its bytes.
    pub size: i64,
    /// What it is.
    pub media_type: MediaType,
}

impl Drop for Taken {
    fn drop(&mut self) {
        if let Some(path) = &self.path {
            let _ = std::fs::remove_file(path);
        }
    }
}

/// The code of a refusal.
fn refused(refusal: Refusal) -> Error {
    match refusal {
        Refusal::Empty => Error::from(Code::FileEmpty),
        Refusal::Truncated => Error::from(Code::EvidenceTruncated),
        Refusal::Mistyped => Error::from(Code::EvidenceMistyped),
        Refusal::Executable => Error::from(Code::EvidenceExecutable),
        Refusal::Unknown => Error::from(Code::EvidenceTypeUnknown),
        Refusal::Unreadable(error) => Error::internal(error),
    }
}

impl Files {
    /// The most bytes of a file.
    #[must_use]
    pub fn limit(&self) -> u64 {
        self.config.evidence.limit
    }

    /// How large a file on its way is, where it is not too large.
    ///
    /// # Errors
    /// [`Code::TooLarge`], [`Code::FileEmpty`].
    pub fn size_of(&self, new: &NewFile) -> Result<u64, Error> {
        let (size, limit) = (
            self.passed(new.content.clone())?.length(),
            self.config.evidence.limit,
        );
        if size > limit {
            let words = format!("A file of evidence may have {limit} bytes at most.");
            return Err(Error::with(Code::TooLarge, words));
        }
        if size == 0 {
            return Err(Error::from(Code::FileEmpty));
        }
        Ok(size)
    }

    /// Answers nothing where a claim whose files have so many bytes has room for more.
    ///
    /// # Errors
    /// [`Code::TooLarge`].
    pub fn room(&self, held: u64, more: u64) -> Result<(), Error> {
        let limit = self.config.evidence.claim_limit;
        if held.saturating_add(more) > limit {
            let words = format!("All files of a claim may have {limit} bytes at most.");
            return Err(Error::with(Code::TooLarge, words));
        }
        Ok(())
    }

    /// Takes a file in, when it is its turn.
    ///
    /// # Errors
    /// [`Code::FileEmpty`], [`Code::TooLarge`]; [`Code::EvidenceTruncated`], [`Code::EvidenceMistyped`],
    /// [`Code::EvidenceExecutable`], [`Code::EvidenceTypeUnknown`]; [`Code::EvidenceInfected`], [`Code::EvidenceNotScanned`];
    /// [`Code::DiskFull`].
    pub async fn take(self: &Arc<Self>, new: NewFile) -> Result<Taken, Error> {
        let turn = self.turns.acquire().await.map_err(Error::internal)?;
        let (files, span) = (self.clone(), tracing::Span::current());
        let taking = tokio::task::spawn_blocking(move || {
            let _span = span.entered();
            files.take_blocking(&new)
        });
        let taken = taking.await.map_err(Error::internal)?;
        drop(turn);
        taken
    }

    fn take_blocking(self: &Arc<Self>, new: &NewFile) -> Result<Taken, Error> {
        self.size_of(new)?;
        let mut content = self.passed(new.content.clone())?;
        let media_type = look(&mut content, &new.declared).map_err(refused)?;
        super::scan::scan(&self.config.evidence, &mut content)?;
        self.prepare()?;
        let (path, file) = self.begin()?;
        // From here on whatever goes wrong takes the file with it.
        let mut taken = Taken {
            files: self.clone(),
            path: Some(path.clone()),
            lock: file.try_clone().map_err(Error::internal)?,
            name: String::new(),
            digest: String::new(),
            size: i64::try_from(content.length()).unwrap_or(i64::MAX),
            media_type,
        };
        let digest = self
            .seal(&mut content, file)
            .map_err(|error| Error::file(&path, &error))?;
        taken.name = self.key()?.name(&digest);
        taken.digest = digits(&digest);
        Ok(taken)
    }

    /// A file that nobody but this user reads.
    fn begin(&self) -> Result<(PathBuf, File), Error> {
        let name = format!("{}.new", uuid::Uuid::new_v4().simple());
        let path = self.path(&name);
        let mut options = OpenOptions::new();
        let made = options.write(true).create_new(true).mode(0o600).open(&path);
        let file = made.and_then(|file| file.lock().map(|()| file));
        let file = file.map_err(|error| Error::file(&path, &error))?;
        Ok((path, file))
    }

    /// Seals a content into a file, durably; its SHA-256.
    fn seal<F: Read + Seek>(
        &self,
        content: &mut Opened<F>,
        file: File,
    ) -> std::io::Result<[u8; 32]> {
        content.rewind()?;
        let key = self.key().map_err(std::io::Error::other)?;
        let (mut hash, mut sealer) = (Sha256::new(), Sealer::new(file, key)?);
        let mut buffer = vec![0; ::evidence::SEGMENT];
        loop {
            let length = content.read(&mut buffer)?;
            let part = buffer.get(..length).unwrap_or_default();
            if part.is_empty() {
                break;
            }
            hash.update(part);
            sealer.write_all(part)?;
        }
        sealer.finish()?.sync_all()?;
        Ok(hash.finalize().into())
    }
}
