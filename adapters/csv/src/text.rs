//! The input as text: decoded piece by piece, so that a file of any size needs one buffer.

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use sdk::{Input, Position, Stop};
use std::io::BufRead;

/// How much text is decoded at once, in bytes of UTF-8.
const CHUNK: usize = 128 * 1024;

/// A window on the decoded input that moves forward only.
pub(crate) struct Text<'a, 'input> {
    input: &'a mut Input<'input>,
    decoder: Decoder,
    decoded: String,
    /// Where in `decoded` the window begins.
    start: usize,
    /// How many bytes of the input were decoded.
    consumed: u64,
    ended: bool,
}

impl<'a, 'input> Text<'a, 'input> {
    /// The text of `input` in `encoding`, unless a byte order mark names UTF-8 or UTF-16.
    pub(crate) fn new(input: &'a mut Input<'input>, encoding: &'static Encoding) -> Self {
        Self {
            input,
            decoder: encoding.new_decoder(),
            decoded: String::new(),
            start: 0,
            consumed: 0,
            ended: false,
        }
    }

    /// What is decoded and not yet passed.
    pub(crate) fn window(&self) -> &str {
        self.decoded.get(self.start..).unwrap_or_default()
    }

    /// Whether the window reaches to the end of the input.
    pub(crate) fn ended(&self) -> bool {
        self.ended
    }

    /// Moves the window's beginning forward by that many bytes.
    pub(crate) fn pass(&mut self, bytes: usize) {
        self.start = self.decoded.len().min(self.start.saturating_add(bytes));
    }

    /// Makes the window longer, by [`CHUNK`] or to the end of the input.
    ///
    /// # Errors
    /// `csv-encoding` with the offset of the first byte that the encoding does not allow.
    pub(crate) fn more(&mut self) -> Result<(), Stop> {
        self.decoded.drain(..self.start);
        self.start = 0;
        self.decoded.reserve(CHUNK);
        while !self.ended {
            let bytes = self.input.fill_buf()?;
            let last = bytes.is_empty();
            let (result, read) =
                self.decoder
                    .decode_to_string_without_replacement(bytes, &mut self.decoded, last);
            self.input.consume(read);
            self.consumed += u64::try_from(read).unwrap_or(u64::MAX);
            match result {
                DecoderResult::InputEmpty => self.ended = last,
                DecoderResult::OutputFull => return Ok(()),
                DecoderResult::Malformed(length, after) => {
                    let offset = self
                        .consumed
                        .saturating_sub(u64::from(length) + u64::from(after));
                    return Err(self.malformed(offset));
                }
            }
        }
        Ok(())
    }

    fn malformed(&self, offset: u64) -> Stop {
        let encoding = self.decoder.encoding();
        let advice = if encoding == UTF_8 {
            "Save the file as UTF-8, or set encoding = \"windows-1252\" in the body's mapping."
        } else if encoding == UTF_16LE || encoding == UTF_16BE {
            "Save the file again as UTF-16, or better as UTF-8."
        } else {
            "Set the encoding in which the body writes in its mapping."
        };
        Stop::new(
            "csv-encoding",
            format!(
                "The byte at offset {offset} is not {}. {advice}",
                encoding.name()
            ),
        )
        .at(Position::offset(offset))
    }
}
