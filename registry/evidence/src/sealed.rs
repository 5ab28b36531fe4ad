//! The sealed form of a file: segments of 64 KiB, each encrypted and authenticated by itself with ChaCha20-Poly1305 (RFC 8439)
//! in the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015), as the payload of the file format age has it. A
//! segment's nonce is its number and whether it is the last, so that a cut, a swap, a removal and an addition are all seen. The
//! key is a file's own, derived with HKDF (RFC 5869) from the key that is kept, a random salt and the heading.
//!
//! | bytes | what |
//! |---|---|
//! | 4 | `IQFE` |
//! | 1 | the version, 1 |
//! | 8 | which key |
//! | 32 | salt |
//! | then | segments of 65 536 bytes and a tag of 16, the last one shorter or as long; of an empty file one of a tag alone |

use aws_lc_rs::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::{error::Unspecified, hkdf, hmac, rand};
use std::fmt;
use std::io::{self, Read, Seek, SeekFrom, Write};

/// How many bytes of a file a segment holds.
pub const SEGMENT: usize = 64 * 1024;
const TAG: usize = 16;
const SALT: usize = 32;
const MAGIC: &[u8; 4] = b"IQFE";
const VERSION: u8 = 1;
const HEADING: usize = 4 + 1 + 8 + SALT;

/// Which key: what is derived from it for its name, so that it tells nothing of the key.
pub type KeyId = [u8; 8];

/// A key under which files are sealed.
#[derive(Clone)]
pub struct Key {
    secret: [u8; 32],
    id: KeyId,
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Never the secret.
        write!(formatter, "Key({})", crate::digits(&self.id))
    }
}

fn failed(_: Unspecified) -> io::Error {
    io::Error::other("the cryptographic library failed")
}

fn damaged() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "a sealed file is not as it was written",
    )
}

impl Key {
    /// The key of a secret.
    #[must_use]
    pub fn of(secret: [u8; 32]) -> Self {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &secret), b"key id");
        let mut id = KeyId::default();
        id.iter_mut()
            .zip(tag.as_ref())
            .for_each(|(to, from)| *to = *from);
        Self { secret, id }
    }

    /// A new key.
    ///
    /// # Errors
    /// Where the system gives no random bytes.
    pub fn fresh() -> io::Result<Self> {
        let mut secret = [0; 32];
        rand::fill(&mut secret).map_err(failed)?;
        Ok(Self::of(secret))
    }

    /// Which key it is.
    #[must_use]
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// The name under which content of that SHA-256 lies: whoever sees the folder cannot tell whether a file that they know
    /// is in it.
    #[must_use]
    pub fn name(&self, digest: &[u8]) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.secret);
        let mut context = hmac::Context::with_key(&key);
        context.update(b"name of content");
        context.update(digest);
        crate::digits(context.sign().as_ref())
    }

    /// The key of one file.
    fn of_file(&self, heading: &[u8; HEADING]) -> io::Result<LessSafeKey> {
        let salt = heading.get(HEADING - SALT..).unwrap_or_default();
        let base = hkdf::Salt::new(hkdf::HKDF_SHA256, salt).extract(&self.secret);
        let info: [&[u8]; 2] = [b"segments", heading];
        let okm = base.expand(&info, &CHACHA20_POLY1305).map_err(failed)?;
        Ok(LessSafeKey::new(UnboundKey::from(okm)))
    }
}

/// The nonce of a segment: its number in eleven bytes, and whether it is the last.
fn nonce(number: u64, last: bool) -> Nonce {
    let mut bytes = [0; NONCE_LEN];
    let ends = number.to_be_bytes().into_iter().chain([u8::from(last)]);
    bytes
        .iter_mut()
        .skip(NONCE_LEN - 9)
        .zip(ends)
        .for_each(|(to, from)| *to = from);
    Nonce::assume_unique_for_key(bytes)
}

/// Seals what is written to it. Without [`Sealer::finish`] what it wrote cannot be opened.
pub struct Sealer<W> {
    into: W,
    key: LessSafeKey,
    number: u64,
    /// What is not sealed yet: it might be the last.
    open: Vec<u8>,
}

impl<W: Write> Sealer<W> {
    /// Begins a file.
    ///
    /// # Errors
    /// The writer's, or where the system gives no random bytes.
    pub fn new(mut into: W, key: &Key) -> io::Result<Self> {
        let mut heading = [0; HEADING];
        let mut salt = [0; SALT];
        rand::fill(&mut salt).map_err(failed)?;
        let all = MAGIC.iter().chain([&VERSION]).chain(&key.id).chain(&salt);
        heading
            .iter_mut()
            .zip(all)
            .for_each(|(to, from)| *to = *from);
        into.write_all(&heading)?;
        Ok(Self {
            into,
            key: key.of_file(&heading)?,
            number: 0,
            open: Vec::with_capacity(SEGMENT + TAG),
        })
    }

    fn seal(&mut self, last: bool) -> io::Result<()> {
        let nonce = nonce(self.number, last);
        self.key
            .seal_in_place_append_tag(nonce, Aad::empty(), &mut self.open)
            .map_err(failed)?;
        self.into.write_all(&self.open)?;
        self.open.clear();
        self.number += 1;
        Ok(())
    }

    /// Ends the file, and gives the writer back.
    ///
    /// # Errors
    /// The writer's.
    pub fn finish(mut self) -> io::Result<W> {
        self.seal(true)?;
        self.into.flush()?;
        Ok(self.into)
    }
}

impl<W: Write> Write for Sealer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.open.len() == SEGMENT && !bytes.is_empty() {
            self.seal(false)?;
        }
        let taken = bytes.len().min(SEGMENT - self.open.len());
        self.open
            .extend_from_slice(bytes.get(..taken).unwrap_or_default());
        Ok(taken)
    }

    /// What makes no whole segment waits: it might be the last.
    fn flush(&mut self) -> io::Result<()> {
        self.into.flush()
    }
}

/// A sealed file that is read, from any place. That it is whole is established before the first byte is given: its last
/// segment says that it is the last.
pub struct Opened<R> {
    from: R,
    key: LessSafeKey,
    /// How many segments there are.
    segments: u64,
    length: u64,
    at: u64,
    /// The segment that was opened last, and its number.
    open: Vec<u8>,
    number: Option<u64>,
}

impl<R: Read + Seek> Opened<R> {
    /// Opens a file with whichever of the keys it was sealed under.
    ///
    /// # Errors
    /// The reader's; `InvalidData` where it is no sealed file, or not as it was written; `NotFound` where none of the keys is
    /// its own.
    pub fn new<'a>(mut from: R, keys: impl IntoIterator<Item = &'a Key>) -> io::Result<Self> {
        let size = from.seek(SeekFrom::End(0))?;
        from.rewind()?;
        let mut heading = [0; HEADING];
        from.read_exact(&mut heading).map_err(|_| damaged())?;
        let (magic, rest) = heading.split_at(MAGIC.len());
        let Some((&VERSION, rest)) = rest.split_first().filter(|_| magic == MAGIC) else {
            return Err(damaged());
        };
        let id = rest.get(..8).unwrap_or_default();
        let missing = || {
            io::Error::new(
                io::ErrorKind::NotFound,
                "the key of a sealed file is not here",
            )
        };
        let key = keys.into_iter().find(|key| key.id == id);
        let key = key.ok_or_else(missing)?.of_file(&heading)?;
        let sealed = size - HEADING as u64;
        let segments = sealed.div_ceil((SEGMENT + TAG) as u64);
        let tags = segments.saturating_mul(TAG as u64);
        let length = sealed.checked_sub(tags).ok_or_else(damaged)?;
        // A writer makes an empty segment of an empty file alone.
        let empty_end = segments > 1 && length == (segments - 1) * SEGMENT as u64;
        if segments == 0 || empty_end {
            return Err(damaged());
        }
        let mut opened = Self {
            from,
            key,
            segments,
            length,
            at: 0,
            open: Vec::new(),
            number: None,
        };
        opened.load(segments - 1)?;
        Ok(opened)
    }

    /// How many bytes it holds.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    fn load(&mut self, number: u64) -> io::Result<()> {
        if self.number == Some(number) {
            return Ok(());
        }
        self.number = None;
        let place = HEADING as u64 + number * (SEGMENT + TAG) as u64;
        self.from.seek(SeekFrom::Start(place))?;
        self.open.clear();
        let mut segment = self.from.by_ref().take((SEGMENT + TAG) as u64);
        segment.read_to_end(&mut self.open)?;
        let nonce = nonce(number, number + 1 == self.segments);
        let opened = self.key.open_in_place(nonce, Aad::empty(), &mut self.open);
        let length = opened.map_err(|_| damaged())?.len();
        self.open.truncate(length);
        self.number = Some(number);
        Ok(())
    }
}

impl<R: Read + Seek> Read for Opened<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.length || into.is_empty() {
            return Ok(0);
        }
        let segment = SEGMENT as u64;
        self.load(self.at / segment)?;
        let within = usize::try_from(self.at % segment).unwrap_or(SEGMENT);
        let rest = self.open.get(within..).unwrap_or_default();
        if rest.is_empty() {
            return Err(damaged());
        }
        let taken = rest.len().min(into.len());
        if let (Some(to), Some(from)) = (into.get_mut(..taken), rest.get(..taken)) {
            to.copy_from_slice(from);
        }
        self.at += taken as u64;
        Ok(taken)
    }
}

impl<R: Read + Seek> Seek for Opened<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}
