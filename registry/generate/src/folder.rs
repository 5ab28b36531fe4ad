//! Where a set's files go, and a count of what went there.

use std::io::{self, Write};

/// Makes the files of a set.
pub trait Folder {
    /// A new file at a path within the set, such as `csv/RN9001.csv`. It is called once for each path.
    ///
    /// # Errors
    /// The file cannot be made.
    fn create(&mut self, path: &str) -> io::Result<Box<dyn Write>>;
}

/// How much each open file holds back before it is written.
pub(crate) const BUFFER: usize = 128 << 10;

/// A writer that knows how many bytes went through it.
pub(crate) struct Counted {
    inner: Box<dyn Write>,
    pub(crate) bytes: u64,
}

impl Counted {
    pub(crate) fn create(folder: &mut dyn Folder, path: &str) -> io::Result<Self> {
        Ok(Self {
            inner: folder.create(path)?,
            bytes: 0,
        })
    }
}

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
