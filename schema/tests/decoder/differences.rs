//! Where the two decoders may part. Each has its reason in the specification of the encoding, and is the only
//! reason for which an input may be read differently; what ours makes of it is fixed by a test.

use super::second::read;
use prost::Message;
use prost_reflect::{DescriptorPool, Kind, MessageDescriptor};
use schema::wire::{Position, ResultBatch, ResultRecord};
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// A reason to part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Difference {
    /// A key, a length or a 32-bit number of more than five bytes or 32 bits. A varint may have up to ten bytes
    /// and need not be the shortest; a number that is too large for its field is cut to it. Ours does that,
    /// the second refuses.
    LongVarint,
    /// A group. The specification has given them up and only asks that they be skipped. Ours wants each
    /// closed by its own number, and at most a hundred within each other; the second takes any end, and within
    /// a group that of the bytes.
    Group,
    /// A message is longer than the bytes that are left. Ours refuses it, as the specification wants; the second
    /// takes what there is.
    CutOff,
    /// A single field with a message in it comes twice. The specification merges the two. Ours does; the
    /// second's reflection keeps the last.
    Twice,
}

/// The reasons that these bytes give.
pub(crate) fn differences(bytes: &[u8]) -> Vec<Difference> {
    static PUBLISHED: OnceLock<MessageDescriptor> = OnceLock::new();
    let batch = PUBLISHED.get_or_init(|| {
        let files = protox::compile(["result_record.proto"], [env!("CARGO_MANIFEST_DIR")]).unwrap();
        let pool = DescriptorPool::from_file_descriptor_set(files).unwrap();
        pool.get_message_by_name("iqf.adapter.v1.ResultBatch")
            .unwrap()
    });
    let mut found = BTreeSet::new();
    // Where it cannot be read any further, both refuse.
    let _ = look(bytes, batch, &mut found);
    found.into_iter().collect()
}

fn look(
    mut rest: &[u8],
    message: &MessageDescriptor,
    found: &mut BTreeSet<Difference>,
) -> Option<()> {
    let mut seen = BTreeSet::new();
    while !rest.is_empty() {
        let key = varint(&mut rest)?;
        key.note(found);
        let key = u32::try_from(key.value).ok()?;
        let field = message.get_field(key >> 3);
        match key & 7 {
            0 => {
                let number = varint(&mut rest)?;
                if field.is_some_and(|field| field.kind() == Kind::Uint32) {
                    number.note(found);
                }
            }
            1 => rest = rest.get(8..)?,
            2 => {
                let length = varint(&mut rest)?;
                length.note(found);
                let Some(inner) = rest.get(..usize::try_from(length.value).ok()?) else {
                    if field.is_some_and(|field| matches!(field.kind(), Kind::Message(_))) {
                        found.insert(Difference::CutOff);
                    }
                    return None;
                };
                rest = &rest[inner.len()..];
                if let Some(field) = field
                    && let Kind::Message(message) = field.kind()
                {
                    if !field.is_list() && !seen.insert(field.number()) {
                        found.insert(Difference::Twice);
                    }
                    look(inner, &message, found)?;
                }
            }
            3 => {
                found.insert(Difference::Group);
                return None;
            }
            5 => rest = rest.get(4..)?,
            _ => return None,
        }
    }
    Some(())
}

/// A number and how many bytes it had.
struct Varint {
    value: u64,
    length: usize,
}

impl Varint {
    fn note(&self, found: &mut BTreeSet<Difference>) {
        if self.length > 5 || self.value > u64::from(u32::MAX) {
            found.insert(Difference::LongVarint);
        }
    }
}

fn varint(rest: &mut &[u8]) -> Option<Varint> {
    let length = rest.iter().take(10).position(|byte| *byte < 0x80)? + 1;
    let (bytes, after) = rest.split_at(length);
    *rest = after;
    if length == 10 && bytes[9] > 1 {
        return None;
    }
    let digit = |value: u64, byte: &u8| (value << 7) | u64::from(byte & 0x7f);
    let value = bytes.iter().rev().fold(0, digit);
    Some(Varint { value, length })
}

#[test]
fn a_long_varint_is_taken_and_a_large_number_cut() {
    let key = [0x8a, 0x80, 0x80, 0x80, 0x80, 0x00, 0x00];
    assert_eq!(
        ResultBatch::decode(key.as_slice()).unwrap().records.len(),
        1
    );
    assert_eq!(read("ResultBatch", &key), None);
    let column = [0x10, 0x81, 0x80, 0x80, 0x80, 0x80, 0x01];
    assert_eq!(Position::decode(column.as_slice()).unwrap().column, 1);
    assert_eq!(read("Position", &column), None);
    // Both refuse what no number of 64 bits is.
    let eleven = [[0xff; 10].as_slice(), &[0x01]].concat();
    let too_large = [[0xff; 9].as_slice(), &[0x02]].concat();
    for number in [eleven, too_large] {
        let row = [&[0x08], number.as_slice()].concat();
        assert!(Position::decode(row.as_slice()).is_err());
        assert_eq!(read("Position", &row), None);
    }
}

#[test]
fn a_group_is_passed_over_where_it_is_closed_by_its_own_number() {
    // Field 30, which is nobody's: closed, closed by field 31, not closed.
    let (open, close, other) = ([0xf3, 0x01], [0xf4, 0x01], [0xfc, 0x01]);
    let closed = [open, close].concat();
    assert_eq!(
        ResultBatch::decode(closed.as_slice()).unwrap(),
        ResultBatch::default()
    );
    assert!(read("ResultBatch", &closed).is_some());
    let closed_by_another = [open, other].concat();
    assert!(ResultBatch::decode(closed_by_another.as_slice()).is_err());
    assert!(read("ResultBatch", &closed_by_another).is_some());
    // Both refuse one that is not closed at all.
    assert!(ResultBatch::decode(open.as_slice()).is_err());
    assert_eq!(read("ResultBatch", &open), None);
    // Both refuse an end without a beginning.
    assert!(ResultBatch::decode(close.as_slice()).is_err());
    assert_eq!(read("ResultBatch", &close), None);
}

#[test]
fn a_message_that_is_cut_off_is_refused() {
    let cut = [0x0a, 0x04, 0x12, 0x00];
    assert!(ResultBatch::decode(cut.as_slice()).is_err());
    assert!(read("ResultBatch", &cut).is_some());
    // Both refuse a text that is cut off.
    let cut = [0x0a, 0x03, 0x12, 0x02, b'x'];
    assert!(ResultBatch::decode(cut.as_slice()).is_err());
    assert_eq!(read("ResultBatch", &cut), None);
}

#[test]
fn a_message_that_comes_twice_is_merged() {
    let twice = [0x0a, 0x02, 0x08, 0x05, 0x0a, 0x02, 0x10, 0x07];
    let position = ResultRecord::decode(twice.as_slice())
        .unwrap()
        .position
        .unwrap();
    assert_eq!((position.row, position.column), (5, 7));
    let last = read("ResultRecord", &[0x0a, 0x02, 0x10, 0x07]);
    assert_eq!(read("ResultRecord", &twice), last);
}
