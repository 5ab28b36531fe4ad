//! PNG: the text chunk `openbadgecredential` (Open Badges 3.0, section 5.3). The picture is not decoded.

use crate::{Fault, Limits};
use flate2::Crc;
use flate2::read::ZlibDecoder;
use schema::Code;
use std::io::Read as _;

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
const KEYWORD: &[u8] = b"openbadgecredential";

/// Whether the file begins as a PNG does.
pub(crate) fn is_png(bytes: &[u8]) -> bool {
    bytes.starts_with(SIGNATURE)
}

/// The text of the one credential in the image.
///
/// # Errors
/// `image-unreadable`, `image-without-credential`, `too-large`.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, Fault> {
    let mut rest = bytes.get(SIGNATURE.len()..).unwrap_or_default();
    let mut found = None;
    loop {
        let at = bytes.len() - rest.len();
        let damaged = || Fault::new(Code::ImageUnreadable, format!("byte {at}"));
        let (kind, data, after) = chunk(rest).ok_or_else(damaged)?;
        if kind == b"iTXt"
            && let Some(text) = data
                .strip_prefix(KEYWORD)
                .and_then(|data| data.strip_prefix(b"\0"))
        {
            let text = international_text(text, limits)
                .map_err(|code| Fault::new(code, format!("byte {at}")))?;
            if found.replace(text).is_some() {
                return Err(damaged());
            }
        }
        if kind == b"IEND" {
            break;
        }
        rest = after;
    }
    found.ok_or_else(|| Fault::new(Code::ImageWithoutCredential, ""))
}

/// One chunk: its kind, its data, and what follows it. `None` where it is cut off or its checksum is wrong.
fn chunk(bytes: &[u8]) -> Option<(&[u8; 4], &[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    let (kind, body) = rest.split_first_chunk::<4>()?;
    let data = body.get(..length)?;
    let (checksum, after) = body.get(length..)?.split_first_chunk::<4>()?;
    let mut crc = Crc::new();
    crc.update(kind);
    crc.update(data);
    (crc.sum() == u32::from_be_bytes(*checksum)).then_some((kind, data, after))
}

/// The text after the keyword: compression flag and method, language, translated keyword, text.
fn international_text(data: &[u8], limits: &Limits) -> Result<Vec<u8>, Code> {
    let (flags, rest) = data.split_first_chunk::<2>().ok_or(Code::ImageUnreadable)?;
    let mut fields = rest.splitn(3, |byte| *byte == 0);
    let (Some(_), Some(_), Some(text)) = (fields.next(), fields.next(), fields.next()) else {
        return Err(Code::ImageUnreadable);
    };
    let most = limits.document_bytes.saturating_mul(2);
    let text = match flags {
        [0, _] => text.to_vec(),
        [1, 0] => {
            let mut unpacked = Vec::new();
            let bound = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
            ZlibDecoder::new(text)
                .take(bound)
                .read_to_end(&mut unpacked)
                .map_err(|_| Code::ImageUnreadable)?;
            unpacked
        }
        _ => return Err(Code::ImageUnreadable),
    };
    if text.len() > most {
        return Err(Code::TooLarge);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn image(chunks: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
        let mut bytes = SIGNATURE.to_vec();
        for (kind, data) in chunks {
            let mut crc = Crc::new();
            crc.update(*kind);
            crc.update(data);
            bytes.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
            bytes.extend(*kind);
            bytes.extend(data);
            bytes.extend(crc.sum().to_be_bytes());
        }
        bytes
    }

    fn text(flag: u8, text: &[u8]) -> Vec<u8> {
        [
            b"openbadgecredential\0",
            [flag, 0].as_slice(),
            b"en\0\0",
            text,
        ]
        .concat()
    }

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn the_text_is_found_plain_and_packed() {
        for data in [text(0, b"{}"), text(1, &packed(b"{}"))] {
            let bytes = image(&[(b"IHDR", vec![0; 13]), (b"iTXt", data), (b"IEND", vec![])]);
            assert_eq!(read(&bytes, &Limits::default()).unwrap(), b"{}");
        }
    }

    #[test]
    fn what_is_wrong_is_told() {
        let limits = Limits {
            document_bytes: 1000,
            ..Limits::default()
        };
        let end = || (b"IEND", vec![]);
        let bomb = packed(&vec![b' '; 10_000_000]);
        for (chunks, code) in [
            (vec![end()], Code::ImageWithoutCredential),
            (vec![(b"iTXt", text(0, b"{}"))], Code::ImageUnreadable),
            (
                vec![(b"iTXt", text(0, b"{}")), (b"iTXt", text(0, b"{}")), end()],
                Code::ImageUnreadable,
            ),
            (
                vec![(b"iTXt", text(2, b"{}")), end()],
                Code::ImageUnreadable,
            ),
            (
                vec![(b"iTXt", text(1, b"{}")), end()],
                Code::ImageUnreadable,
            ),
            (vec![(b"iTXt", text(1, &bomb)), end()], Code::TooLarge),
            (
                vec![(b"iTXt", b"openbadgecredential\0\0".to_vec()), end()],
                Code::ImageUnreadable,
            ),
        ] {
            assert_eq!(read(&image(&chunks), &limits).unwrap_err().code, code);
        }
        let mut damaged = image(&[(b"iTXt", text(0, b"{}")), end()]);
        damaged[40] ^= 1;
        assert_eq!(read(&damaged, &limits).unwrap_err().place, "byte 8");
        for length in 8..damaged.len() {
            assert!(read(&damaged[..length], &limits).is_err());
        }
    }
}
