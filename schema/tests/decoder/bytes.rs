//! Bytes to be decoded: by the encoding's grammar, so that they get far before something is wrong with them.

use proptest::prelude::*;
use proptest::sample::Index;

/// The fields of a message: number, and what it holds.
type Fields = &'static [(u32, Holds)];

#[derive(Debug, Clone, Copy)]
enum Holds {
    Text,
    Number,
    Message(Fields),
}
use Holds::{Message, Number, Text};

const RECORD: Fields = &[
    (1, Message(POSITION)),
    (2, Text),
    (4, Message(TEXTS)),
    (5, Message(TEXTS)),
    (6, Message(TEXTS)),
    (7, Text),
    (17, Text),
    (21, Text),
    (22, Message(TEXTS)),
    (23, Message(PAIR)),
];
const POSITION: Fields = &[(1, Number), (2, Number), (3, Text), (4, Number)];
/// The first three fields of subject, person, body and registration.
const TEXTS: Fields = &[(1, Text), (2, Text), (3, Text)];
const PAIR: Fields = &[(1, Text), (2, Text)];

fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    bytes.push(value.to_le_bytes()[0]);
    bytes
}

/// A number in more bytes than it needs.
fn long(value: u64, more: usize) -> Vec<u8> {
    let mut bytes = varint(value);
    for _ in 0..more {
        *bytes.last_mut().unwrap() |= 0x80;
        bytes.push(0);
    }
    bytes
}

fn field(number: u32, wire_type: u64, content: Vec<u8>) -> Vec<u8> {
    [varint((u64::from(number) << 3) | wire_type), content].concat()
}

fn delimited(number: u32, content: &[u8]) -> Vec<u8> {
    let length = varint(content.len() as u64);
    field(number, 2, [length.as_slice(), content].concat())
}

/// A field as the published file has it.
fn known(number: u32, holds: Holds) -> BoxedStrategy<Vec<u8>> {
    match holds {
        // An empty text is said by leaving it out; said all the same, it is among what is odd.
        Text => "\\PC{1,12}"
            .prop_map(move |text| delimited(number, text.as_bytes()))
            .boxed(),
        Number => (1..=u32::MAX)
            .prop_map(move |value| field(number, 0, varint(value.into())))
            .boxed(),
        Message(inner) => message(inner)
            .prop_map(move |content| delimited(number, &content))
            .boxed(),
    }
}

/// Fields in any order, single ones at most once: those of one message.
fn message(fields: Fields) -> BoxedStrategy<Vec<u8>> {
    prop::sample::subsequence(fields, 0..=fields.len())
        .prop_flat_map(|some| {
            let each = some.into_iter().map(|(number, holds)| known(number, holds));
            each.collect::<Vec<_>>().prop_shuffle()
        })
        .prop_map(|fields| fields.concat())
        .boxed()
}

/// A sound record.
pub(crate) fn record() -> impl Strategy<Value = Vec<u8>> {
    message(RECORD)
}

/// A field of a number that no message here has, of any wire type but a group's.
pub(crate) fn unknown() -> BoxedStrategy<Vec<u8>> {
    let number = prop_oneof![Just(99_u32), Just(536_870_911), 100_u32..20_000];
    let content = prop_oneof![
        any::<u64>().prop_map(|value| (0, varint(value))),
        any::<[u8; 8]>().prop_map(|bytes| (1, bytes.to_vec())),
        prop::collection::vec(any::<u8>(), 0..20).prop_map(|bytes| {
            let length = varint(bytes.len() as u64);
            (2, [length, bytes].concat())
        }),
        any::<[u8; 4]>().prop_map(|bytes| (5, bytes.to_vec())),
    ];
    (number, content)
        .prop_map(|(number, (wire_type, content))| field(number, wire_type, content))
        .boxed()
}

/// Records and unknown fields, all sound.
pub(crate) fn sound_batch() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => record().prop_map(|record| delimited(1, &record)),
        1 => unknown(),
    ];
    prop::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

/// A field with which something is wrong, or that may be read in more than one way.
fn odd() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        // A known number with any wire type and any content.
        (
            1_u32..25,
            0_u64..8,
            prop::collection::vec(any::<u8>(), 0..8)
        )
            .prop_map(|(number, wire_type, content)| field(number, wire_type, content)),
        // Nothing, said expressly.
        Just([delimited(2, b""), delimited(1, &field(1, 0, vec![0]))].concat()),
        // Text that is not UTF-8.
        Just(delimited(2, &[0xff, 0xfe])),
        // No field has the number zero.
        Just(field(0, 0, vec![1])),
        // Numbers, keys and lengths in more bytes than they need.
        (0_usize..10, any::<u32>()).prop_map(|(more, value)| {
            let number = [varint(1 << 3), long(value.into(), more)].concat();
            delimited(1, &number)
        }),
        (0_usize..10).prop_map(|more| [long((2 << 3) | 2, more), vec![0]].concat()),
        (0_usize..10).prop_map(|more| field(2, 2, [long(1, more), vec![b'x']].concat())),
        // A column of more than 32 bits.
        any::<u64>().prop_map(|value| delimited(1, &field(2, 0, varint(value)))),
        // More bytes than there are.
        (1_u64..1 << 40).prop_map(|length| field(7, 2, varint(length))),
        // Groups, within each other, closed or not.
        (0_usize..120, 0_usize..120).prop_map(|(open, close)| {
            [
                field(30, 3, Vec::new()).repeat(open),
                field(30, 4, Vec::new()).repeat(close),
            ]
            .concat()
        }),
    ]
}

/// A batch that gets far before something is wrong with it, if anything is.
pub(crate) fn any_bytes() -> impl Strategy<Value = Vec<u8>> {
    let within = prop_oneof![
        8 => prop::sample::select(RECORD).prop_flat_map(|(number, holds)| known(number, holds)),
        2 => unknown(),
        1 => odd(),
    ];
    let record =
        prop::collection::vec(within, 0..6).prop_map(|pieces| delimited(1, &pieces.concat()));
    let piece = prop_oneof![8 => record, 1 => unknown(), 1 => odd()];
    prop::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

/// The same with bytes changed, put in and taken out.
pub(crate) fn tampered(bytes: impl Strategy<Value = Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<Index>(), 0_u8..3, any::<u8>());
    (bytes, prop::collection::vec(change, 1..4)).prop_map(|(mut bytes, changes)| {
        for (place, change, byte) in changes {
            let place = place.index(bytes.len() + 1);
            match change {
                0 => bytes.insert(place, byte),
                _ if place == bytes.len() => {}
                1 => bytes[place] = byte,
                _ => drop(bytes.remove(place)),
            }
        }
        bytes
    })
}
