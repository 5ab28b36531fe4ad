//! What libraries said of themselves, remembered as long as their files stay as they were: a push then starts one
//! worker, the one that reads it.

use super::fault::Fault;
use super::find::{find_by, list_by, look};
use super::{Descriptor, Found, Options};
use std::collections::HashMap;
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

/// A file that changed less than this ago is asked again: within one tick of the file system's clock it may change
/// once more and look the same.
const FRESH: Duration = Duration::from_secs(2);

/// The libraries that were asked who they are. What could not be asked is asked again each time.
#[derive(Default)]
pub struct Known(Mutex<HashMap<PathBuf, (Stamp, Option<Said>)>>);

/// What tells one state of a file from another: file system, number, length, and when bytes and entry changed.
type Stamp = (u64, u64, u64, (i64, i64), (i64, i64));

/// What a library said of itself.
#[derive(Clone)]
struct Said {
    digest: String,
    descriptor: Descriptor,
    unconfined: Option<String>,
}

impl Known {
    /// As [`super::list`].
    #[must_use]
    pub fn list(&self, options: &Options) -> Vec<Found> {
        list_by(options, &|options, path| self.look(options, path))
    }

    /// As [`super::find`].
    ///
    /// # Errors
    /// As [`super::find`].
    pub fn find(&self, options: &Options, name: &str) -> Result<Found, Fault> {
        find_by(options, name, &|options, path| self.look(options, path))
    }

    fn look(&self, options: &Options, path: PathBuf) -> Option<Found> {
        let metadata = std::fs::metadata(&path).ok()?;
        let stamp = stamp(&metadata);
        let mut kept = self.kept();
        match kept.get(&path) {
            Some((as_it_was, said)) if *as_it_was == stamp => {
                return said.clone().map(|said| said.found(path));
            }
            _ => drop(kept.remove(&path)),
        }
        drop(kept);
        let settled = is_settled(&metadata);
        let found = look(options, path.clone());
        // What could not be asked may be the machine's fault, such as no memory for a worker.
        let answered = found.as_ref().is_none_or(|found| found.descriptor.is_ok());
        if answered && settled && is_as(&path, &stamp) {
            let said = found.as_ref().and_then(Said::of);
            self.kept().insert(path, (stamp, said));
        }
        found
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<PathBuf, (Stamp, Option<Said>)>> {
        // Each entry is whole or not there, whoever panicked.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Said {
    /// Nothing where it could not be asked.
    fn of(found: &Found) -> Option<Self> {
        let descriptor = found.descriptor.as_ref().ok()?;
        Some(Self {
            digest: found.digest.clone(),
            descriptor: descriptor.clone(),
            unconfined: found.unconfined.clone(),
        })
    }

    fn found(self, path: PathBuf) -> Found {
        Found {
            path,
            digest: self.digest,
            descriptor: Ok(self.descriptor),
            unconfined: self.unconfined,
        }
    }
}

fn stamp(file: &Metadata) -> Stamp {
    let changed = (file.mtime(), file.mtime_nsec());
    let entry = (file.ctime(), file.ctime_nsec());
    (file.dev(), file.ino(), file.len(), changed, entry)
}

/// Whether it is long enough since the file changed.
fn is_settled(file: &Metadata) -> bool {
    let changed = u64::try_from(file.ctime()).unwrap_or_default();
    let since = SystemTime::UNIX_EPOCH + Duration::from_secs(changed);
    // A change in the future is one of a clock that was set back.
    since.elapsed().is_ok_and(|since| since >= FRESH)
}

fn is_as(path: &Path, stamp_before: &Stamp) -> bool {
    std::fs::metadata(path).is_ok_and(|now| stamp(&now) == *stamp_before)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::{Known, is_settled, stamp};
    use crate::adapter::Options;
    use std::time::{Duration, SystemTime};

    #[test]
    fn a_library_that_was_none_is_looked_at_again_once_its_file_is_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("libnone.so");
        std::fs::write(&path, b"no adapter").unwrap();
        let options = Options {
            directories: vec![folder.path().to_owned()],
            ..Options::default()
        };
        let known = Known::default();
        assert!(known.list(&options).is_empty());
        // It has just been written: it is not remembered.
        assert!(known.kept().is_empty());
        let before = stamp(&std::fs::metadata(&path).unwrap());
        known.kept().insert(path.clone(), (before, None));
        std::fs::write(&path, b"another adapter").unwrap();
        assert!(known.list(&options).is_empty());
        let after = stamp(&std::fs::metadata(&path).unwrap());
        assert_ne!(before, after);
        assert!(known.kept().is_empty());
    }

    #[test]
    fn a_file_of_this_moment_or_of_the_future_is_not_settled() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let file = std::fs::File::create(&path).unwrap();
        assert!(!is_settled(&file.metadata().unwrap()));
        let long_ago = SystemTime::now() - Duration::from_secs(3600);
        file.set_modified(long_ago).unwrap();
        // Its entry changed just now, whatever its bytes say.
        assert!(!is_settled(&file.metadata().unwrap()));
    }
}
