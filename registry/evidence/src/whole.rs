//! Whether a file of a type is whole: each type says where it ends.

use crate::kind::Refusal;
use std::io::{BufReader, Read, Seek, SeekFrom};

/// Reads so many bytes.
fn bytes<const N: usize>(from: &mut impl Read) -> Result<[u8; N], Refusal> {
    let mut bytes = [0; N];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// The last bytes of a file, at most so many.
fn tail(content: &mut (impl Read + Seek), size: u64, most: u64) -> Result<Vec<u8>, Refusal> {
    let length = size.min(most);
    content.seek(SeekFrom::Start(size - length))?;
    let mut tail = Vec::new();
    content.by_ref().take(length).read_to_end(&mut tail)?;
    Ok(tail)
}

/// The place of the last of these bytes.
fn last(of: &[u8], within: &[u8]) -> Option<usize> {
    within.windows(of.len()).rposition(|part| part == of)
}

/// A PDF ends with the place of its table of objects and `%%EOF` (ISO 32000-1, 7.5.5; readers look in the last 1024 bytes). One
/// that is cut in the part that may be shown early has an end too, whose place is 0.
pub(crate) fn pdf(content: &mut (impl Read + Seek), size: u64) -> Result<(), Refusal> {
    let tail = tail(content, size, 1024 + 64)?;
    let end = last(b"%%EOF", &tail).ok_or(Refusal::Truncated)?;
    let before = tail.get(..end).unwrap_or_default();
    let place = last(b"startxref", before).ok_or(Refusal::Truncated)?;
    let said = before.get(place + 9..).unwrap_or_default();
    let said = std::str::from_utf8(said).unwrap_or_default().trim();
    let place: u64 = said.parse().map_err(|_| Refusal::Truncated)?;
    if place == 0 || place >= size {
        return Err(Refusal::Truncated);
    }
    Ok(())
}

/// A PNG is a row of chunks, the last one `IEND` (ISO/IEC 15948, 5.3).
pub(crate) fn png(content: &mut (impl Read + Seek), size: u64) -> Result<(), Refusal> {
    let mut at = 8;
    let mut first = true;
    loop {
        content.seek(SeekFrom::Start(at))?;
        let length = u32::from_be_bytes(bytes(content)?);
        let kind: [u8; 4] = bytes(content)?;
        if first && &kind != b"IHDR" {
            return Err(Refusal::Unknown);
        }
        first = false;
        at += 12 + u64::from(length);
        if at > size {
            return Err(Refusal::Truncated);
        }
        if &kind == b"IEND" {
            return ended(at, size);
        }
    }
}

/// A JPEG is a row of segments, and ends with the marker EOI (ISO/IEC 10918-1, B.1). What cameras write after it is let be:
/// programs show the picture alone.
pub(crate) fn jpeg(content: &mut (impl Read + Seek), size: u64) -> Result<(), Refusal> {
    let mut content = BufReader::with_capacity(64 * 1024, content);
    let [_, _] = bytes(&mut content)?;
    let mut at = 2_u64;
    loop {
        // What stands between segments is the picture; a marker in it is followed by 0, or restarts it.
        let mut byte = 0;
        while byte != 0xff {
            [byte] = bytes(&mut content)?;
            at += 1;
        }
        let mut marker = 0xff;
        while marker == 0xff {
            [marker] = bytes(&mut content)?;
            at += 1;
        }
        match marker {
            0xd9 => return Ok(()),
            0x00 | 0x01 | 0xd0..=0xd8 => {}
            _ => {
                let length = u16::from_be_bytes(bytes(&mut content)?);
                let rest = length.checked_sub(2).ok_or(Refusal::Unknown)?;
                at += u64::from(length);
                if at > size {
                    return Err(Refusal::Truncated);
                }
                content.seek_relative(i64::from(rest))?;
            }
        }
    }
}

/// A WebP says how long it is (RFC 9649, 2.4).
pub(crate) fn webp(head: &[u8], size: u64) -> Result<(), Refusal> {
    let length = head.get(4..8).and_then(|four| four.try_into().ok());
    let length = u64::from(u32::from_le_bytes(length.ok_or(Refusal::Truncated)?));
    let end = 8 + length + length % 2;
    if size < end {
        return Err(Refusal::Truncated);
    }
    ended(end, size)
}

/// What goes on after its end is more than one thing.
fn ended(at: u64, size: u64) -> Result<(), Refusal> {
    if at == size {
        Ok(())
    } else {
        Err(Refusal::Mistyped)
    }
}

/// Beginnings of texts that programs do not show as text.
const FORMATS: [&str; 4] = ["{\\rtf", "%!ps", "<?xml", "mime-version:"];
/// What a page does with whoever opens it.
const ACTIVE: [&str; 9] = [
    "<script",
    "javascript:",
    "vbscript:",
    "<iframe",
    "<object",
    "<embed",
    "<foreignobject",
    "onload",
    "onerror",
];

/// A text is UTF-8 to its end and without control characters; a page or picture written as text is none.
pub(crate) fn text(content: &mut (impl Read + Seek), head: &[u8]) -> Result<(), Refusal> {
    content.rewind()?;
    let mut buffer = vec![0; 64 * 1024];
    // A character may begin in one part and end in the next.
    let mut open: Vec<u8> = Vec::new();
    let markup = is_markup(head);
    let mut active = false;
    let mut before = String::new();
    loop {
        let length = content.read(&mut buffer)?;
        if length == 0 {
            break;
        }
        open.extend_from_slice(buffer.get(..length).unwrap_or_default());
        let good = match std::str::from_utf8(&open) {
            Ok(text) => text.len(),
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            Err(_) => return Err(Refusal::Unknown),
        };
        let rest = open.split_off(good);
        let part = String::from_utf8(std::mem::replace(&mut open, rest));
        let part = part.map_err(|_| Refusal::Unknown)?;
        let control =
            |letter: char| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t' | '\x0c');
        if part.chars().any(control) {
            return Err(Refusal::Unknown);
        }
        if markup && !active {
            let part = part.to_ascii_lowercase();
            // A word may stand over the border of two parts.
            before.push_str(&part);
            active = ACTIVE.iter().any(|word| before.contains(word));
            before = part
                .chars()
                .rev()
                .take(16)
                .collect::<Vec<_>>()
                .into_iter()
                .rev()
                .collect();
        }
    }
    if active {
        Err(Refusal::Executable)
    } else if markup || is_format(head) {
        Err(Refusal::Unknown)
    } else if open.is_empty() {
        Ok(())
    } else {
        Err(Refusal::Truncated)
    }
}

/// The beginning without what stands before it and says nothing.
fn begins(head: &[u8]) -> String {
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    text.chars()
        .take(64)
        .collect::<String>()
        .to_ascii_lowercase()
}

fn is_markup(head: &[u8]) -> bool {
    let begins = begins(head);
    let mut letters = begins.chars();
    letters.next() == Some('<')
        && letters
            .next()
            .is_some_and(|next| next.is_ascii_alphabetic() || matches!(next, '!' | '?'))
}

fn is_format(head: &[u8]) -> bool {
    let begins = begins(head);
    FORMATS.iter().any(|format| begins.starts_with(format))
}
