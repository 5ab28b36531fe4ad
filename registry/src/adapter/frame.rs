//! The frames that a worker sends: a kind, a length, a count, and so many bytes. Batches travel as the
//! adapter made them; everything else is a small protobuf message, so that decoding it is as safe against
//! hostile input as decoding records.

use prost::Message;
use schema::wire::Position;

/// The bytes before each payload: kind, length and count, little-endian.
pub(super) const HEADER: usize = 9;

/// The largest payload of a frame that is not a batch.
pub(super) const SMALL_MAX: u32 = 64 << 10;

/// What a frame holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Kind {
    /// An encoded `ResultBatch` of `count` records.
    Batch = 1,
    /// A [`Said`]: something about one record.
    Issue = 2,
    /// A [`Progress`]: a sign of life.
    Progress = 3,
    /// A [`Said`]: why the adapter gave up; `count` is 1 for a panic.
    Stopped = 4,
    /// A [`Totals`]: the run is complete.
    Final = 5,
    /// A [`Introduction`]: what the library says of itself.
    Descriptor = 6,
    /// A [`Finding`]: what the worker found wrong.
    Finding = 7,
    /// No payload; `count` is the number of a system call that the sandbox stopped.
    Violation = 8,
}

impl Kind {
    fn parse(byte: u8) -> Option<Self> {
        Some(match byte {
            1 => Self::Batch,
            2 => Self::Issue,
            3 => Self::Progress,
            4 => Self::Stopped,
            5 => Self::Final,
            6 => Self::Descriptor,
            7 => Self::Finding,
            8 => Self::Violation,
            _ => return None,
        })
    }
}

/// What stands before a payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) kind: Kind,
    pub(super) length: u32,
    pub(super) count: u32,
}

impl Header {
    /// The bytes of a header.
    pub(super) fn encode(self) -> [u8; HEADER] {
        let [l0, l1, l2, l3] = self.length.to_le_bytes();
        let [c0, c1, c2, c3] = self.count.to_le_bytes();
        [self.kind as u8, l0, l1, l2, l3, c0, c1, c2, c3]
    }

    /// The header of these bytes; `None` where there is no such kind.
    pub(super) fn decode(bytes: [u8; HEADER]) -> Option<Self> {
        let [kind, l0, l1, l2, l3, c0, c1, c2, c3] = bytes;
        Some(Self {
            kind: Kind::parse(kind)?,
            length: u32::from_le_bytes([l0, l1, l2, l3]),
            count: u32::from_le_bytes([c0, c1, c2, c3]),
        })
    }
}

/// An issue, or the reason of a stop.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Said {
    /// `sdk::abi::WARNING` or `ERROR`; nothing for a stop.
    #[prost(uint32, tag = "1")]
    pub(super) severity: u32,
    #[prost(string, tag = "2")]
    pub(super) code: String,
    #[prost(string, tag = "3")]
    pub(super) message: String,
    #[prost(message, optional, tag = "4")]
    pub(super) position: Option<Position>,
}

/// How far the adapter has read.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Progress {
    #[prost(uint64, tag = "1")]
    pub(super) bytes_read: u64,
}

/// What a complete run came to.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Totals {
    /// The words the host gave the worker and nobody gave the adapter: a final frame that an adapter wrote
    /// by itself does not have them.
    #[prost(bytes = "vec", tag = "1")]
    pub(super) token: Vec<u8>,
    #[prost(uint64, tag = "2")]
    pub(super) records: u64,
    #[prost(uint64, tag = "3")]
    pub(super) issues: u64,
    #[prost(uint64, tag = "4")]
    pub(super) bytes_read: u64,
}

/// A descriptor's texts and numbers.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Introduction {
    #[prost(string, tag = "1")]
    pub(super) name: String,
    #[prost(string, tag = "2")]
    pub(super) version: String,
    #[prost(string, tag = "3")]
    pub(super) formats: String,
    #[prost(string, tag = "4")]
    pub(super) sdk_version: String,
    #[prost(string, tag = "5")]
    pub(super) compiler: String,
    #[prost(uint32, tag = "6")]
    pub(super) abi_major: u32,
    #[prost(uint32, tag = "7")]
    pub(super) abi_minor: u32,
    #[prost(uint32, tag = "8")]
    pub(super) record_schema: u32,
    /// What of the sandbox this machine lacks, where the operator takes that; else empty.
    #[prost(string, tag = "9")]
    pub(super) unconfined: String,
}

/// What the worker itself found wrong.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Finding {
    #[prost(oneof = "Wrong", tags = "1, 2, 3, 4, 5, 6")]
    pub(super) wrong: Option<Wrong>,
    /// As in [`Totals`]: an adapter must not pass its own failing off as the machine's.
    #[prost(bytes = "vec", tag = "7")]
    pub(super) token: Vec<u8>,
}

/// The kinds of [`Finding`].
#[derive(Clone, PartialEq, prost::Oneof)]
pub(super) enum Wrong {
    /// The machine cannot confine an adapter.
    #[prost(string, tag = "1")]
    SandboxUnavailable(String),
    /// The dynamic linker refused the library.
    #[prost(string, tag = "2")]
    Unloadable(String),
    /// A field of the descriptor differs.
    #[prost(message, tag = "3")]
    Incompatible(Difference),
    /// The adapter called the host's functions wrongly.
    #[prost(string, tag = "4")]
    Protocol(String),
    /// A batch of so many bytes was handed over.
    #[prost(uint64, tag = "5")]
    BatchTooLarge(u64),
    /// The input or the settings could not be read, or a limit not be set.
    #[prost(string, tag = "6")]
    Machine(String),
}

/// How one field of a descriptor differs.
#[derive(Clone, PartialEq, Eq, Message)]
pub(super) struct Difference {
    #[prost(string, tag = "1")]
    pub(super) field: String,
    #[prost(string, tag = "2")]
    pub(super) ours: String,
    #[prost(string, tag = "3")]
    pub(super) theirs: String,
}

/// What the host tells the worker, in a sealed file of its own: neither arguments nor environment can be
/// seen by others or bounded as well.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Settings {
    /// Handed to `create` as it is.
    #[prost(string, tag = "1")]
    pub(super) config: String,
    #[prost(bytes = "vec", tag = "2")]
    pub(super) token: Vec<u8>,
    #[prost(uint64, tag = "3")]
    pub(super) memory: u64,
    #[prost(uint64, tag = "4")]
    pub(super) cpu_seconds: u64,
    #[prost(uint32, tag = "5")]
    pub(super) batch_size: u32,
    #[prost(uint32, tag = "6")]
    pub(super) frame_max: u32,
    /// Whether a missing sandbox is taken.
    #[prost(bool, tag = "7")]
    pub(super) best_effort: bool,
    /// Whether to say only who the adapter is.
    #[prost(bool, tag = "8")]
    pub(super) describe: bool,
    /// The most bytes given to the adapter at once.
    #[prost(uint32, tag = "9")]
    pub(super) read_max: u32,
    /// Whether to make an instance of the adapter only, and not to run it.
    #[prost(bool, tag = "10")]
    pub(super) create_only: bool,
}

/// An encoded `ResultBatch` as it is taken: its pieces are encoded batches themselves.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Outline {
    /// How many records there are.
    pub(super) records: u32,
    /// The bytes of the largest.
    pub(super) largest: usize,
    /// Where each piece of at most [`PIECE`] records ends, and how many it holds.
    pub(super) pieces: Vec<(usize, u32)>,
}

/// The most records in a piece. A record of two bytes is hundreds once it is decoded: a batch of millions is
/// never decoded at once.
pub(super) const PIECE: u32 = 4096;

/// Looks at the outer layer of what should be a `ResultBatch`, which costs next to nothing; `None` where it
/// is none. The importer decodes the rest.
pub(super) fn outline(batch: &[u8]) -> Option<Outline> {
    use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint, skip_field};
    let mut it = Outline {
        records: 0,
        largest: 0,
        pieces: Vec::new(),
    };
    let (mut rest, mut piece) = (batch, 0);
    while !rest.is_empty() {
        let (tag, wire_type) = decode_key(&mut rest).ok()?;
        if tag == 1 {
            if wire_type != WireType::LengthDelimited {
                return None;
            }
            // The record itself, without the key and the length before it.
            let mut record = rest;
            let length = usize::try_from(decode_varint(&mut record).ok()?).ok()?;
            it.largest = it.largest.max(length);
            it.records = it.records.checked_add(1)?;
            piece += 1;
        }
        skip_field(wire_type, tag, &mut rest, DecodeContext::default()).ok()?;
        if piece == PIECE {
            it.pieces.push((batch.len() - rest.len(), piece));
            piece = 0;
        }
    }
    if piece > 0 {
        it.pieces.push((batch.len(), piece));
    }
    Some(it)
}

/// The beginning of a text, of at most `most` bytes.
pub(super) fn cut(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len()))
        .rev()
        .find(|end| text.is_char_boundary(*end));
    text.get(..end.unwrap_or_default()).unwrap_or_default()
}

/// Frames as a worker writes them, for the tests of whoever reads them.
#[cfg(test)]
pub(super) mod made {
    use super::{Header, Introduction, Kind};
    use prost::Message;

    pub(in super::super) fn frame(kind: Kind, count: u32, payload: &[u8]) -> Vec<u8> {
        let header = Header {
            kind,
            length: u32::try_from(payload.len()).unwrap_or(u32::MAX),
            count,
        };
        [header.encode().as_slice(), payload].concat()
    }

    pub(in super::super) fn introduction() -> Vec<u8> {
        let said = Introduction {
            name: "it".to_owned(),
            ..Introduction::default()
        };
        frame(Kind::Descriptor, 0, &said.encode_to_vec())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use proptest::prelude::*;
    use schema::wire::{ResultBatch, ResultRecord};

    proptest! {
        #[test]
        fn a_header_survives_the_pipe(kind in 1_u8..=8, length: u32, count: u32) {
            let header = Header { kind: Kind::parse(kind).unwrap(), length, count };
            prop_assert_eq!(Header::decode(header.encode()), Some(header));
        }

        #[test]
        fn records_are_counted_as_prost_counts_them(grades in proptest::collection::vec(".{0,8}", 0..20)) {
            let outline = outline(&batch(&grades)).unwrap();
            prop_assert_eq!(outline.records, u32::try_from(grades.len()).unwrap());
        }

        #[test]
        fn looking_at_hostile_bytes_agrees_with_decoding_them(
            grades in proptest::collection::vec(".{0,8}", 0..4),
            changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
            more: Vec<u8>,
            cut: prop::sample::Index,
        ) {
            let mut bytes = [batch(&grades), more].concat();
            for (place, byte) in changes {
                if !bytes.is_empty() {
                    let place = place.index(bytes.len());
                    bytes.splice(place..=place, [byte]);
                }
            }
            bytes.truncate(cut.index(bytes.len() + 1));
            if let Ok(batch) = ResultBatch::decode(bytes.as_slice()) {
                let outline = outline(&bytes).unwrap();
                prop_assert_eq!(outline.records, u32::try_from(batch.records.len()).unwrap());
            }
        }

        #[test]
        fn pieces_are_batches_and_together_the_whole(count in 0_u32..20_000) {
            let bytes = [0x0a, 0x00].repeat(count as usize);
            let outline = outline(&bytes).unwrap();
            let (mut begin, mut records) = (0, 0);
            for (end, held) in outline.pieces {
                let piece = ResultBatch::decode(bytes.get(begin..end).unwrap()).unwrap();
                prop_assert_eq!(piece.records.len(), held as usize);
                prop_assert!((1..=PIECE).contains(&held));
                (begin, records) = (end, records + held);
            }
            prop_assert_eq!((begin, records), (bytes.len(), count));
            prop_assert_eq!(outline.records, count);
        }
    }

    fn batch(grades: &[String]) -> Vec<u8> {
        let record = |grade: &String| ResultRecord {
            grade: grade.clone(),
            ..ResultRecord::default()
        };
        let records = grades.iter().map(record).collect();
        ResultBatch { records }.encode_to_vec()
    }
}
