//! Documents of office programs, which are ZIP archives (APPNOTE.TXT 6.3.10): whether the archive is whole, which document it
//! is, and whether something in it is run. Nothing is unpacked but the list of what kinds its parts are.

use crate::declared;
use crate::kind::{MediaType, Refusal};
use std::io::{Read, Seek, SeekFrom};

/// The longest list of parts that is read, in bytes, and the most of the one part that is unpacked.
const LONGEST: u64 = 4 << 20;
/// The end of an archive: its fixed part, and the longest remark after it.
const END: usize = 22;
const LONGEST_END: u64 = END as u64 + 65_535;

/// A part, as the list at the archive's end has it.
struct Part {
    name: String,
    method: u16,
    packed: u64,
    at: u64,
}

fn two(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..at + 2)?;
    Some(u16::from_le_bytes(bytes.try_into().ok()?))
}

fn four(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at + 4)?;
    Some(u32::from_le_bytes(bytes.try_into().ok()?))
}

fn read(content: &mut (impl Read + Seek), at: u64, length: u64) -> Result<Vec<u8>, Refusal> {
    content.seek(SeekFrom::Start(at))?;
    let mut bytes = Vec::new();
    content.by_ref().take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == length {
        Ok(bytes)
    } else {
        Err(Refusal::Truncated)
    }
}

/// Which document it is.
pub(crate) fn kind(content: &mut (impl Read + Seek), size: u64) -> Result<MediaType, Refusal> {
    let parts = parts(content, size)?;
    if parts.iter().any(Part::is_run) {
        return Err(Refusal::Executable);
    }
    // An open document says what it is in its first part.
    let first = parts.iter().min_by_key(|part| part.at);
    if let Some(first) = first.filter(|part| part.name == "mimetype" && part.method == 0) {
        let said = first.content(content)?;
        let open = [MediaType::Odt, MediaType::Ods, MediaType::Odp];
        let found = open
            .into_iter()
            .find(|one| one.as_str().as_bytes() == said.trim_ascii());
        return found.ok_or(Refusal::Unknown);
    }
    let mut of = parts
        .iter()
        .filter(|part| part.name == "[content_types].xml");
    let kinds = of.next().ok_or(Refusal::Unknown)?.content(content)?;
    if of.next().is_some() {
        // Programs would disagree about which one counts.
        return Err(Refusal::Mistyped);
    }
    let kinds = String::from_utf8_lossy(&kinds).to_ascii_lowercase();
    if kinds.contains("vbaproject") || kinds.contains("macroenabled") {
        return Err(Refusal::Executable);
    }
    let main = [
        ("wordprocessingml.document.main+xml", MediaType::Docx),
        ("spreadsheetml.sheet.main+xml", MediaType::Xlsx),
        ("presentationml.presentation.main+xml", MediaType::Pptx),
    ];
    let found = main.into_iter().find(|(main, _)| kinds.contains(main));
    found.map(|(_, kind)| kind).ok_or(Refusal::Unknown)
}

/// Every part.
fn parts(content: &mut (impl Read + Seek), size: u64) -> Result<Vec<Part>, Refusal> {
    let length = size.min(LONGEST_END);
    let tail = read(content, size - length, length)?;
    // The end is where its remark reaches to the end of the file.
    let is_end = |at: &usize| {
        let rest = tail.get(*at..).unwrap_or_default();
        let remark = two(rest, 20).map(|remark| END + usize::from(remark));
        rest.starts_with(b"PK\x05\x06") && remark == Some(rest.len())
    };
    let end = (0..tail.len().saturating_sub(END - 1)).rev().find(is_end);
    let end = end.ok_or(Refusal::Truncated)?;
    let said = tail.get(end..).unwrap_or_default();
    let fields = || {
        Some((
            two(said, 4)?,
            two(said, 10)?,
            four(said, 12)?,
            four(said, 16)?,
        ))
    };
    let (disk, many, list, at) = fields().ok_or(Refusal::Truncated)?;
    let (list, at) = (u64::from(list), u64::from(at));
    let here = size - length + end as u64;
    if disk != 0 || at == u64::from(u32::MAX) || list > LONGEST {
        return Err(Refusal::Unknown);
    }
    match (at + list).cmp(&here) {
        std::cmp::Ordering::Greater => return Err(Refusal::Truncated),
        // Something stands where nothing belongs.
        std::cmp::Ordering::Less => return Err(Refusal::Mistyped),
        std::cmp::Ordering::Equal => {}
    }
    let list = read(content, at, list)?;
    let mut rest = list.as_slice();
    let mut parts = Vec::new();
    while !rest.is_empty() {
        let (part, length) = Part::read(rest).ok_or(Refusal::Unknown)??;
        if part.at + 30 + part.packed > at {
            return Err(Refusal::Truncated);
        }
        parts.push(part);
        rest = rest.get(length..).ok_or(Refusal::Truncated)?;
    }
    if parts.len() == usize::from(many) {
        Ok(parts)
    } else {
        Err(Refusal::Unknown)
    }
}

impl Part {
    /// The first part of a list, and how many bytes of the list it takes; none where it is no list.
    fn read(list: &[u8]) -> Option<Result<(Self, usize), Refusal>> {
        if !list.starts_with(b"PK\x01\x02") {
            return None;
        }
        let name_length = usize::from(two(list, 28)?);
        let more = usize::from(two(list, 30)?) + usize::from(two(list, 32)?);
        let name = list.get(46..46 + name_length)?;
        if two(list, 8)? & 1 != 0 {
            // What is encrypted nobody can look at.
            return Some(Err(Refusal::Unknown));
        }
        let part = Self {
            name: String::from_utf8_lossy(name)
                .to_lowercase()
                .replace('\\', "/"),
            method: two(list, 10)?,
            packed: u64::from(four(list, 20)?),
            at: u64::from(four(list, 42)?),
        };
        Some(Ok((part, 46 + name_length + more)))
    }

    /// Whether an office program, or whoever unpacks it, would run it.
    fn is_run(&self) -> bool {
        let name = self.name.as_str();
        let macros = ["xl/macrosheets/", "basic/", "scripts/"];
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        name.ends_with("vbaproject.bin")
            || name.ends_with("vbadata.xml")
            || name.contains("/activex/")
            || macros.iter().any(|folder| name.starts_with(folder))
            // Settings of printers and pictures of other programs end so.
            || (ending != "bin" && declared::is_run(ending))
    }

    /// Its content.
    fn content(&self, content: &mut (impl Read + Seek)) -> Result<Vec<u8>, Refusal> {
        let heading = read(content, self.at, 30)?;
        if !heading.starts_with(b"PK\x03\x04") {
            return Err(Refusal::Unknown);
        }
        let lengths = two(&heading, 26).zip(two(&heading, 28));
        let (name, more) = lengths.ok_or(Refusal::Truncated)?;
        let at = self.at + 30 + u64::from(name) + u64::from(more);
        if self.packed > LONGEST {
            return Err(Refusal::Unknown);
        }
        let packed = read(content, at, self.packed)?;
        match self.method {
            0 => Ok(packed),
            8 => {
                let mut bytes = Vec::new();
                let unpacking = flate2::read::DeflateDecoder::new(packed.as_slice());
                let unpacked = unpacking.take(LONGEST + 1).read_to_end(&mut bytes);
                unpacked.map_err(|_| Refusal::Unknown)?;
                if bytes.len() as u64 > LONGEST {
                    return Err(Refusal::Unknown);
                }
                Ok(bytes)
            }
            _ => Err(Refusal::Unknown),
        }
    }
}
