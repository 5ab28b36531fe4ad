//! Where an adapter hands over what it has read. Records are encoded once, here, and gathered into batches.

use crate::{Issue, Stop};
use prost::Message;
use schema::wire::ResultRecord;

/// What takes the batches and issues: the host behind the ABI, or the harness in a test.
pub trait Sink {
    /// Takes an encoded `ResultBatch` that holds `count` records.
    ///
    /// # Errors
    /// A [`Stop`] where no more is wanted.
    fn batch(&mut self, bytes: &[u8], count: u32) -> Result<(), Stop>;

    /// Takes an issue.
    ///
    /// # Errors
    /// A [`Stop`] where no more is wanted.
    fn issue(&mut self, issue: &Issue) -> Result<(), Stop>;

    /// Whether the adapter should end.
    fn cancelled(&mut self) -> bool;
}

/// The key of field 1 of `ResultBatch`, a message: `1 << 3 | 2`.
const RECORD_KEY: u8 = 0x0a;

/// The output of one run.
pub struct Output<'a> {
    sink: &'a mut dyn Sink,
    buffer: Vec<u8>,
    count: u32,
    batch_size: usize,
}

impl<'a> Output<'a> {
    /// An output that hands a batch to `sink` whenever it holds at least `batch_size` bytes.
    pub fn new(sink: &'a mut dyn Sink, batch_size: usize) -> Self {
        Self {
            sink,
            buffer: Vec::with_capacity(batch_size + batch_size / 4),
            count: 0,
            batch_size,
        }
    }

    /// Hands over a record.
    ///
    /// # Errors
    /// A [`Stop`] where the host takes no more; return it from [`crate::Adapter::run`] as it is.
    pub fn record(&mut self, record: &ResultRecord) -> Result<(), Stop> {
        self.buffer.push(RECORD_KEY);
        record
            .encode_length_delimited(&mut self.buffer)
            .map_err(|_| Stop::new("record-too-large", "A record was too large to be encoded."))?;
        self.count += 1;
        if self.buffer.len() >= self.batch_size {
            self.flush()
        } else {
            Ok(())
        }
    }

    /// Tells of a record that could not be read (an error) or of something odd (a warning).
    ///
    /// # Errors
    /// A [`Stop`] where the host takes no more; return it from [`crate::Adapter::run`] as it is.
    pub fn issue(&mut self, issue: &Issue) -> Result<(), Stop> {
        self.sink.issue(issue)
    }

    /// Whether the host asks to end. Records and issues tell this too; ask it in long loops without either.
    pub fn cancelled(&mut self) -> bool {
        self.sink.cancelled()
    }

    /// Hands over what is gathered. The exported `run` and the harness call it after the adapter.
    ///
    /// # Errors
    /// A [`Stop`] where the host takes no more.
    pub fn flush(&mut self) -> Result<(), Stop> {
        if self.count == 0 {
            return Ok(());
        }
        let taken = self.sink.batch(&self.buffer, self.count);
        self.buffer.clear();
        self.count = 0;
        taken
    }
}
