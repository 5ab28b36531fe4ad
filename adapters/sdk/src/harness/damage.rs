//! Files damaged at random, in a way that can be repeated: for tests and trials of adapters.

use std::ops::Range;

/// Pieces that mean something to the readers of one format or another.
const PIECES: &[&[u8]] = &[
    b"<",
    b">",
    b"</",
    b"/>",
    b"<!--",
    b"-->",
    b"<![CDATA[",
    b"]]>",
    b"<?",
    b"<!DOCTYPE a [<!ENTITY b \"c\">]>",
    b"&",
    b"&amp;",
    b"&b;",
    b"&#x0;",
    b"&#x10FFFF;",
    b"xmlns=\"x\" ",
    b"{",
    b"}",
    b"[",
    b"]",
    b"\"",
    b"\\",
    b"\\u0000",
    b"\\ud800",
    b"null",
    b"true",
    b"1e999",
    b"-1",
    b"0",
    b"99999999999999999999",
    b",",
    b";",
    b"\t",
    b"|",
    b"\"\"",
    b"'",
    b"\n",
    b"\r",
    b"\r\n",
    b"\0",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xfe\xff",
    b"\xff",
    b"\xc3\x28",
    b"\xf0\x9f\x98\x80",
    b"\xcc\x81",
    b".",
    b"ey",
    b"eyJhbGciOiJub25lIn0.",
    b"iTXt",
    b"tEXt",
    b"zTXt",
    b"IDAT",
    b"IEND",
    b"\x89PNG\r\n\x1a\n",
    b"PK\x03\x04",
    b"<svg>",
    b"@context",
    b"2024-02-30",
    b"0000-00-00",
    b"9999999999",
    b" ",
    b"\xc2\xa0",
];

/// Values that a reader may trip over, in place of another.
const VALUES: &[&[u8]] = &[
    b"",
    b"0",
    b"-1",
    b"18446744073709551616",
    b"1e308",
    b"NaN",
    b"null",
    b"0000-00-00",
    b"2024-02-30",
    b"9999-12-31T23:59:60Z",
    b"31/12/1",
    b"9999999999",
    b"https://",
    b"\xc3\xa9\xcc\x81",
    b"\xf0\x9f\x98\x80",
    b"\xe2\x80\xae",
    b"a-very-long-word-that-is-said-more-than-once-",
];

/// The longest stretch that one change touches, in bytes.
const STRETCH: u64 = 400;
/// The largest file that comes of it, in bytes, unless one of the corpus is larger.
const LARGEST: usize = 64 << 10;

/// Makes damaged files of good ones. The same number always gives the same file.
#[derive(Debug, Clone)]
pub struct Damage {
    corpus: Vec<Vec<u8>>,
}

impl Damage {
    /// Of these files; of none, files of random bytes and pieces.
    #[must_use]
    pub fn new(corpus: Vec<Vec<u8>>) -> Self {
        Self { corpus }
    }

    /// The file of that number: one of the corpus with bytes changed, stretches taken out, doubled or moved in
    /// from another file, and pieces put in; now and then cut off.
    #[must_use]
    pub fn file(&self, number: u64) -> Vec<u8> {
        let mut random = Random(number);
        let Some(mut file) = self.one(&mut random) else {
            return noise(&mut random);
        };
        let largest = LARGEST.max(file.len() * 2);
        // Mostly few changes, so that much of the file is still read.
        let most = 2 << random.below(5);
        let changes = 1 + random.below(most);
        for _ in 0..changes {
            self.change(&mut file, &mut random);
        }
        file.truncate(largest);
        if random.below(8) == 0 {
            file.truncate(random.place(file.len()));
        }
        file
    }

    fn one(&self, random: &mut Random) -> Option<Vec<u8>> {
        self.corpus
            .get(random.below(self.corpus.len().max(1) as u64) as usize)
            .cloned()
    }

    /// A value to put in place of another: one of the list, or one of the corpus.
    fn value(&self, random: &mut Random) -> Vec<u8> {
        if random.below(2) == 0 {
            let place = random.below(VALUES.len() as u64) as usize;
            let times = if random.below(8) == 0 {
                random.below(300) as usize
            } else {
                1
            };
            return VALUES.get(place).copied().unwrap_or_default().repeat(times);
        }
        let other = self.one(random).unwrap_or_default();
        let word = word(&other, random.place(other.len()));
        other.get(word).unwrap_or_default().to_vec()
    }

    fn change(&self, file: &mut Vec<u8>, random: &mut Random) {
        let begin = random.place(file.len());
        let end = (begin + random.below(STRETCH) as usize).min(file.len());
        match random.below(16) {
            0 | 1 => {
                if let Some(byte) = file.get_mut(begin) {
                    *byte ^= 1 << random.below(8);
                }
            }
            2 => {
                if let Some(byte) = file.get_mut(begin) {
                    *byte = random.next() as u8;
                }
            }
            3 | 4 => {
                let piece = piece(random);
                file.splice(begin..begin, piece.iter().copied());
            }
            5 => drop(file.drain(begin..end)),
            6 => {
                let stretch = file.get(begin..end).unwrap_or_default().to_vec();
                let times = 1 + random.below(4) as usize;
                file.splice(begin..begin, stretch.repeat(times));
            }
            // What leaves the form of the file as it is, so that it is read further.
            8..=13 => {
                let word = word(file, begin);
                let value = self.value(random);
                file.splice(word, value);
            }
            14 => {
                let line = line(file, begin);
                let copied = file.get(line.clone()).unwrap_or_default().to_vec();
                let times = random.below(3) as usize;
                file.splice(line, copied.repeat(times));
            }
            // The end of another file, or a stretch of it.
            7 => {
                let other = self.one(random).unwrap_or_default();
                let from = random.place(other.len());
                file.truncate(begin);
                file.extend_from_slice(other.get(from..).unwrap_or_default());
            }
            _ => {
                let other = self.one(random).unwrap_or_default();
                let from = random.place(other.len());
                let to = (from + random.below(STRETCH) as usize).min(other.len());
                file.splice(
                    begin..end,
                    other.get(from..to).unwrap_or_default().iter().copied(),
                );
            }
        }
    }
}

/// The word at that place: letters, digits and what numbers, days and addresses are written with.
fn word(file: &[u8], place: usize) -> Range<usize> {
    let is_word =
        |byte: &u8| byte.is_ascii_alphanumeric() || b"-_./:+".contains(byte) || *byte > 127;
    around(file, place, |byte| !is_word(byte))
}

/// The line at that place, without its end.
fn line(file: &[u8], place: usize) -> Range<usize> {
    around(file, place, |byte| *byte == b'\n')
}

fn around(file: &[u8], place: usize, is_end: impl Fn(&u8) -> bool) -> Range<usize> {
    let (before, after) = file.split_at(place.min(file.len()));
    let begin = before.iter().rposition(&is_end).map_or(0, |end| end + 1);
    let length = after.iter().position(&is_end).unwrap_or(after.len());
    begin..place.min(file.len()) + length
}

/// Random bytes with pieces between them.
fn noise(random: &mut Random) -> Vec<u8> {
    let mut file = Vec::new();
    for _ in 0..random.below(64) {
        if random.below(2) == 0 {
            file.extend_from_slice(piece(random));
        } else {
            file.extend((0..random.below(40)).map(|_| random.next() as u8));
        }
    }
    file
}

fn piece(random: &mut Random) -> &'static [u8] {
    let place = random.below(PIECES.len() as u64) as usize;
    PIECES.get(place).copied().unwrap_or_default()
}

/// The generator splitmix64 (Steele, Lea and Flood, 2014): small, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `most`, which is not zero.
    fn below(&mut self, most: u64) -> u64 {
        self.next() % most
    }

    /// A place in a file of so many bytes, its end among them.
    fn place(&mut self, length: usize) -> usize {
        self.below(length as u64 + 1) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_always_gives_its_file_and_others_give_others() {
        let damage = Damage::new(vec![b"one,two\n1,2\n".to_vec(), b"<a><b/></a>".to_vec()]);
        let files: Vec<_> = (0..500).map(|number| damage.file(number)).collect();
        let again: Vec<_> = (0..500).map(|number| damage.file(number)).collect();
        assert_eq!(files, again);
        let different: std::collections::BTreeSet<_> = files.iter().collect();
        assert!(different.len() > 400, "{}", different.len());
        assert!(files.iter().any(|file| file.starts_with(b"<a><b/>")));
        assert!(files.iter().all(|file| file.len() <= LARGEST));
    }

    #[test]
    fn without_a_corpus_there_are_random_bytes() {
        let files: Vec<_> = (0..50)
            .map(|number| Damage::new(Vec::new()).file(number))
            .collect();
        assert!(files.iter().any(|file| file.len() > 200));
        assert!(Damage::new(vec![Vec::new()]).file(1).len() < LARGEST);
    }
}
