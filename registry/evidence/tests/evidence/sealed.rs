//! The sealed form: what was written is read again from any place, and whatever was done to it is seen.

use evidence::{Key, Opened, SEGMENT, Sealer};
use proptest::prelude::*;
use std::io::{Cursor, ErrorKind, Read, Seek, SeekFrom, Write};

const HEADING: usize = 45;
const SEALED: usize = SEGMENT + 16;

fn sealed(key: &Key, content: &[u8]) -> Vec<u8> {
    let mut sealer = Sealer::new(Vec::new(), key).unwrap();
    for part in content.chunks(10_007) {
        sealer.write_all(part).unwrap();
    }
    sealer.finish().unwrap()
}

fn opened(keys: &[Key], file: &[u8]) -> Result<Vec<u8>, ErrorKind> {
    let mut opened = Opened::new(Cursor::new(file), keys).map_err(|error| error.kind())?;
    let mut content = Vec::new();
    let read = opened.read_to_end(&mut content);
    read.map_err(|error| error.kind())?;
    assert_eq!(content.len() as u64, opened.length());
    Ok(content)
}

fn content(length: usize) -> Vec<u8> {
    (0..length)
        .map(|at| u8::try_from(at % 251).unwrap())
        .collect()
}

/// Lengths about the borders of segments.
const LENGTHS: [usize; 9] = [
    0,
    1,
    1000,
    SEGMENT - 1,
    SEGMENT,
    SEGMENT + 1,
    2 * SEGMENT,
    2 * SEGMENT + 1,
    3 * SEGMENT + 500,
];

#[test]
fn what_was_written_is_read_and_is_nowhere_in_the_file() {
    let key = Key::fresh().unwrap();
    for length in LENGTHS {
        let content = content(length);
        let file = sealed(&key, &content);
        assert_eq!(
            opened(std::slice::from_ref(&key), &file),
            Ok(content.clone())
        );
        let segments = length.div_ceil(SEGMENT).max(1);
        assert_eq!(file.len(), HEADING + length + 16 * segments);
        if length >= 1000 {
            let part = &content[500..540];
            assert!(!file.windows(40).any(|window| window == part));
        }
    }
    // The same content is never the same file.
    assert_ne!(sealed(&key, b"a"), sealed(&key, b"a"));
}

#[test]
fn it_is_read_from_any_place() {
    let key = Key::fresh().unwrap();
    let content = content(3 * SEGMENT + 500);
    let file = sealed(&key, &content);
    let mut opened = Opened::new(Cursor::new(file), [&key]).unwrap();
    for at in [0, 5, SEGMENT - 3, 2 * SEGMENT, 3 * SEGMENT + 499] {
        opened.seek(SeekFrom::Start(at as u64)).unwrap();
        let mut part = vec![0; 7.min(content.len() - at)];
        opened.read_exact(&mut part).unwrap();
        assert_eq!(part, content[at..at + part.len()]);
    }
    assert_eq!(
        opened.seek(SeekFrom::End(-500)).unwrap(),
        3 * SEGMENT as u64
    );
    assert!(opened.seek(SeekFrom::Current(-1_000_000)).is_err());
}

#[test]
fn every_cut_is_seen() {
    let key = Key::fresh().unwrap();
    let keys = std::slice::from_ref(&key);
    for length in LENGTHS {
        let file = sealed(&key, &content(length));
        let near = |border: usize| border.saturating_sub(20)..(border + 20).min(file.len());
        let borders = (0..5).map(|number| HEADING + number * SEALED);
        let mut cuts: Vec<usize> = borders
            .filter(|at| *at < file.len())
            .flat_map(near)
            .collect();
        cuts.extend(near(file.len()));
        cuts.extend(0..HEADING);
        cuts.extend((0..file.len()).step_by(997));
        for cut in cuts.into_iter().filter(|cut| *cut < file.len()) {
            let opened = opened(keys, &file[..cut]);
            assert_eq!(opened, Err(ErrorKind::InvalidData), "{length} cut at {cut}");
        }
    }
}

#[test]
fn segments_that_are_swapped_removed_doubled_or_added_are_seen() {
    let key = Key::fresh().unwrap();
    let keys = std::slice::from_ref(&key);
    let whole = sealed(&key, &content(3 * SEGMENT + 500));
    let parts: Vec<&[u8]> = whole[HEADING..].chunks(SEALED).collect();
    let with = |order: &[usize]| {
        let mut file = whole[..HEADING].to_vec();
        order
            .iter()
            .for_each(|at| file.extend_from_slice(parts[*at]));
        opened(keys, &file).map(|content| content.len())
    };
    assert_eq!(with(&[0, 1, 2, 3]), Ok(3 * SEGMENT + 500));
    for order in [
        &[1, 0, 2, 3][..],
        &[0, 2, 1, 3],
        &[0, 1, 3],
        &[1, 2, 3],
        &[0, 1, 2],
        &[3],
        &[0, 1, 1, 2, 3],
        &[0, 1, 2, 3, 3],
        &[0, 1, 2, 0],
    ] {
        assert_eq!(with(order), Err(ErrorKind::InvalidData), "{order:?}");
    }
    // Those of another file, and another file's heading.
    let other = sealed(&key, &content(3 * SEGMENT + 500));
    let mut mixed = whole.clone();
    mixed[..HEADING].copy_from_slice(&other[..HEADING]);
    assert_eq!(opened(keys, &mixed), Err(ErrorKind::InvalidData));
    let mut mixed = whole.clone();
    let second = HEADING + SEALED..HEADING + 2 * SEALED;
    mixed[second.clone()].copy_from_slice(&other[second]);
    assert_eq!(opened(keys, &mixed), Err(ErrorKind::InvalidData));
}

#[test]
fn a_key_is_found_by_its_name_and_no_other_opens() {
    let (one, other) = (Key::fresh().unwrap(), Key::fresh().unwrap());
    let file = sealed(&one, b"content");
    assert_eq!(
        opened(&[other.clone(), one.clone()], &file),
        Ok(b"content".to_vec())
    );
    assert_eq!(
        opened(std::slice::from_ref(&other), &file),
        Err(ErrorKind::NotFound)
    );
    let mut renamed = file;
    renamed[5..13].copy_from_slice(&other.id());
    assert_eq!(
        opened(std::slice::from_ref(&other), &renamed),
        Err(ErrorKind::InvalidData)
    );
    let again = Key::of([1; 32]);
    assert_ne!(one.name(&[1; 32]), other.name(&[1; 32]));
    assert_eq!(again.name(&[1; 32]), Key::of([1; 32]).name(&[1; 32]));
    assert_eq!(format!("{again:?}").len(), "Key()".len() + 16);
}

proptest! {
    #[test]
    fn a_byte_that_was_changed_anywhere_is_seen(length in 0..200_000_usize, at: proptest::sample::Index, by in 1..=255_u8) {
        let key = Key::of([7; 32]);
        let mut file = sealed(&key, &content(length));
        let place = at.index(file.len());
        file[place] ^= by;
        prop_assert!(opened(std::slice::from_ref(&key), &file).is_err());
    }

    #[test]
    fn a_cut_or_an_addition_of_any_length_is_seen(length in 0..200_000_usize, at: proptest::sample::Index, more in proptest::collection::vec(any::<u8>(), 1..100_000)) {
        let key = Key::of([7; 32]);
        let whole = sealed(&key, &content(length));
        prop_assert_eq!(opened(std::slice::from_ref(&key), &whole[..at.index(whole.len())]), Err(ErrorKind::InvalidData));
        let mut longer = whole;
        longer.extend(more);
        prop_assert_eq!(opened(std::slice::from_ref(&key), &longer), Err(ErrorKind::InvalidData));
    }
}
