//! The decoder of result records against a second one that has nothing in common with it: `protobuf`'s
//! reflection over the published `result_record.proto`. Whatever bytes come, both accept them or both refuse
//! them, and where they accept them they read the same. `differences` lists where the two may part.
//!
//! The suite tries some hundreds of inputs; `PROPTEST_CASES=1000000 cargo test -p schema --release --test decoder`
//! goes on for longer.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod bytes;
mod differences;
mod second;

use bytes::{any_bytes, record, sound_batch, tampered, unknown};
use differences::differences;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use prost::Message;
use schema::wire::{ResultBatch, ResultRecord};
use second::{Tree, read};

/// Reads with both and compares.
fn compare(bytes: &[u8]) -> Result<(), TestCaseError> {
    let ours = ResultBatch::decode(bytes);
    let theirs = read("ResultBatch", bytes);
    let parted = match (ours, theirs) {
        // What ours has read, it also writes: without what it passed over.
        (Ok(ours), Some(theirs)) => read("ResultBatch", &ours.encode_to_vec()) != Some(theirs),
        (Err(_), None) => false,
        _ => true,
    };
    prop_assert!(
        !parted || !differences(bytes).is_empty(),
        "the decoders part over {bytes:02x?}"
    );
    Ok(())
}

proptest! {
    #[test]
    fn both_read_what_is_sound(bytes in sound_batch()) {
        prop_assert!(ResultBatch::decode(bytes.as_slice()).is_ok());
        prop_assert_eq!(differences(&bytes), []);
        compare(&bytes)?;
    }

    #[test]
    fn both_read_the_same_of_bytes_that_are_nearly_sound(bytes in any_bytes()) {
        compare(&bytes)?;
    }

    #[test]
    fn both_read_the_same_of_what_was_tampered_with(bytes in tampered(sound_batch())) {
        compare(&bytes)?;
    }

    #[test]
    fn both_read_the_same_of_what_was_cut_off(bytes in sound_batch(), cut: prop::sample::Index) {
        compare(bytes.get(..cut.index(bytes.len() + 1)).unwrap_or_default())?;
    }

    #[test]
    fn both_read_the_same_of_anything(bytes: Vec<u8>) {
        compare(&bytes)?;
    }

    #[test]
    fn what_is_not_known_changes_nothing(
        pieces in prop::collection::vec(record(), 0..4),
        unknown in prop::collection::vec(unknown(), 5),
    ) {
        let plain = pieces.concat();
        let mut mixed = unknown[0].clone();
        for (piece, unknown) in pieces.iter().zip(&unknown[1..]) {
            mixed.extend(piece);
            mixed.extend(unknown);
        }
        let (plain, mixed) = (ResultRecord::decode(plain.as_slice()), ResultRecord::decode(mixed.as_slice()));
        prop_assert_eq!(plain.unwrap(), mixed.unwrap());
    }

    /// The specification: of a single field the last one counts, messages are merged, lists are joined.
    #[test]
    fn two_pieces_of_a_record_are_one_record(first in record(), second in record()) {
        let joined = ResultRecord::decode([first.as_slice(), &second].concat().as_slice()).unwrap();
        let tree = |bytes: &[u8]| {
            let alone = ResultRecord::decode(bytes).unwrap();
            read("ResultRecord", &alone.encode_to_vec()).unwrap()
        };
        let expected = tree(&first).merged(tree(&second));
        prop_assert_eq!(read("ResultRecord", &joined.encode_to_vec()), Some(expected));
    }
}

/// The properties above would say nothing if all bytes were refused, or all accepted.
#[test]
fn bytes_that_are_nearly_sound_are_of_all_kinds() {
    let mut runner = TestRunner::deterministic();
    let (mut accepted, mut refused, mut parted) = (0, 0, 0);
    for _ in 0..1000 {
        let bytes = any_bytes().new_tree(&mut runner).unwrap().current();
        match ResultBatch::decode(bytes.as_slice()) {
            Ok(_) => accepted += 1,
            Err(_) => refused += 1,
        }
        parted += usize::from(!differences(&bytes).is_empty());
    }
    assert!(accepted > 200 && refused > 200, "{accepted} {refused}");
    assert!(parted > 20 && parted < 500, "{parted}");
}

/// A hostile writer nests as deep as it can: refused, and never a stack that overflows.
#[test]
fn depth_is_bounded() {
    for (open, close) in [(0x0b_u8, 0x0c_u8), (0x1b, 0x1c)] {
        for depth in [1_usize, 50, 99, 101, 1000, 1_000_000] {
            let groups = [vec![open; depth], vec![close; depth]].concat();
            let taken = ResultBatch::decode(groups.as_slice()).is_ok();
            // A group in place of a known field is not taken at all.
            assert_eq!(taken, open == 0x1b && depth < 100, "{open:x} {depth}");
        }
    }
}

#[test]
fn the_tree_tells_values_apart() {
    let tree = |grade: &str| {
        let record = ResultRecord {
            grade: grade.to_owned(),
            ..ResultRecord::default()
        };
        read("ResultRecord", &record.encode_to_vec())
    };
    assert_ne!(tree("Pass"), tree("Fail"));
    assert_eq!(tree(""), Some(Tree::default()));
}
