//! The file as an adapter sees it: bytes in order, buffered, never seekable.

use std::io::{BufRead, BufReader, Read};

/// How many bytes are asked of the host at once.
const BUFFER: usize = 128 * 1024;

/// The input of one run. Use it as [`Read`] or [`BufRead`].
pub struct Input<'a> {
    reader: BufReader<Box<dyn Read + 'a>>,
}

impl<'a> Input<'a> {
    /// An input over any reader; the registry and the harness make it, adapters only read it.
    pub fn new(reader: impl Read + 'a) -> Self {
        Self {
            reader: BufReader::with_capacity(BUFFER, Box::new(reader)),
        }
    }
}

impl Read for Input<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.reader.read(buffer)
    }
}

impl BufRead for Input<'_> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        self.reader.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.reader.consume(amount);
    }
}
