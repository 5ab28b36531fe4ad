//! A file that has a name only once it is complete. Whoever is killed before leaves nothing behind.

use rustix::fs::{AtFlags, CWD, Mode, OFlags, linkat, openat};
use rustix::io::Errno;
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// A file that is being written, for its owner's eyes alone.
pub(super) struct WholeFile {
    kept: Kept,
    folder: PathBuf,
}

enum Kept {
    /// It has no name anywhere.
    Unnamed(File),
    /// Where a file system knows no files without one; it is taken away when this is dropped.
    Named(NamedTempFile),
}

impl WholeFile {
    /// Begins a file that shall be called `path`, in the same folder, so that it can take its name in one step.
    ///
    /// # Errors
    /// Where the folder cannot be written.
    pub(super) fn begin(path: &Path) -> io::Result<Self> {
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new(".")).to_path_buf();
        let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
        let kept = match openat(CWD, &folder, flags, Mode::RUSR | Mode::WUSR) {
            Ok(file) => Kept::Unnamed(file.into()),
            Err(Errno::OPNOTSUPP | Errno::ISDIR | Errno::INVAL) => {
                Kept::Named(NamedTempFile::new_in(&folder)?)
            }
            Err(error) => return Err(error.into()),
        };
        Ok(Self { kept, folder })
    }

    /// Gives it its name, in place of whatever had that, once all of it is on the disk.
    ///
    /// # Errors
    /// Where it cannot be written or named; then what had the name keeps it.
    pub(super) fn finish(self, path: &Path) -> io::Result<()> {
        match self.kept {
            Kept::Unnamed(file) => {
                file.sync_all()?;
                // It takes the place of another only by way of a name of its own, which it has for a moment.
                let open = format!("/proc/self/fd/{}", file.as_raw_fd());
                let named = tempfile::Builder::new().make_in(&self.folder, |name| {
                    linkat(CWD, &*open, CWD, name, AtFlags::SYMLINK_FOLLOW).map_err(Into::into)
                })?;
                let named = named.into_temp_path();
                named.persist(path).map_err(|error| error.error)
            }
            Kept::Named(file) => {
                file.as_file().sync_all()?;
                file.persist(path).map(|_| ()).map_err(|error| error.error)
            }
        }
    }
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.kept {
            Kept::Unnamed(file) => file.write(bytes),
            Kept::Named(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.kept {
            Kept::Unnamed(file) => file.flush(),
            Kept::Named(file) => file.flush(),
        }
    }
}
