//! What a file is by its content, and why it is not taken.

use crate::declared::Declared;
use crate::{archive, whole};
use std::io::{self, Read, Seek};

/// The types that are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MediaType {
    /// PDF (ISO 32000).
    Pdf,
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// WebP.
    Webp,
    /// A text of an office program (ISO/IEC 29500).
    Docx,
    /// A table of one.
    Xlsx,
    /// A presentation of one.
    Pptx,
    /// A text of an office program (ISO/IEC 26300).
    Odt,
    /// A table of one.
    Ods,
    /// A presentation of one.
    Odp,
    /// Plain text in UTF-8.
    Text,
}

impl MediaType {
    /// Every type.
    pub const ALL: [Self; 11] = [
        Self::Pdf,
        Self::Png,
        Self::Jpeg,
        Self::Webp,
        Self::Docx,
        Self::Xlsx,
        Self::Pptx,
        Self::Odt,
        Self::Ods,
        Self::Odp,
        Self::Text,
    ];

    /// The media type's registered name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pptx => {
                "application/vnd.openxmlformats-officedocument.presentationml.presentation"
            }
            Self::Odt => "application/vnd.oasis.opendocument.text",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::Odp => "application/vnd.oasis.opendocument.presentation",
            Self::Text => "text/plain",
        }
    }

    /// The type of that name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }

    /// The endings of names that its files have, the usual one first.
    #[must_use]
    pub fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Png => &["png"],
            Self::Jpeg => &["jpg", "jpeg", "jpe"],
            Self::Webp => &["webp"],
            Self::Docx => &["docx"],
            Self::Xlsx => &["xlsx"],
            Self::Pptx => &["pptx"],
            Self::Odt => &["odt"],
            Self::Ods => &["ods"],
            Self::Odp => &["odp"],
            Self::Text => &["txt", "text", "csv", "md", "log"],
        }
    }

    /// A name that some programs still give it.
    pub(crate) fn once_called(self) -> &'static str {
        match self {
            Self::Pdf => "application/x-pdf",
            Self::Jpeg => "image/jpg",
            other => other.as_str(),
        }
    }
}

/// Why a file is not taken.
#[derive(Debug)]
pub enum Refusal {
    /// It has not a byte.
    Empty,
    /// Its end is missing.
    Truncated,
    /// It is something else than is said of it, or more than one thing.
    Mistyped,
    /// Some program would run it, or something in it.
    Executable,
    /// It is of no type that is taken.
    Unknown,
    /// It could not be read.
    Unreadable(io::Error),
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::Truncated,
            _ => Self::Unreadable(error),
        }
    }
}

/// Beginnings of what a machine runs. `MZ` alone could begin a letter, and is looked at by itself.
const RUN: [&[u8]; 11] = [
    b"\x7fELF",
    b"#!",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"\0asm",
    b"dex\n",
    b"L\0\0\0\x01\x14\x02\0",
    b"<?php",
];

/// How much of a beginning is looked at.
const BEGINNING: u64 = 4096;

/// What a file is, where it is of a type that is taken, whole, nothing that runs, and what is said of it.
///
/// # Errors
/// The [`Refusal`].
pub fn look(content: &mut (impl Read + Seek), declared: &Declared) -> Result<MediaType, Refusal> {
    let size = content.seek(io::SeekFrom::End(0))?;
    content.rewind()?;
    let mut head = Vec::new();
    content.by_ref().take(BEGINNING).read_to_end(&mut head)?;
    if head.is_empty() {
        return Err(Refusal::Empty);
    }
    let begins = |with: &[u8]| head.starts_with(with);
    let windows = begins(b"MZ") && head.contains(&0);
    if windows || RUN.iter().any(|run| begins(run)) || declared.is_run() {
        return Err(Refusal::Executable);
    }
    content.rewind()?;
    let found = if begins(b"%PDF-") {
        whole::pdf(content, size).map(|()| MediaType::Pdf)
    } else if begins(b"\x89PNG\r\n\x1a\n") {
        whole::png(content, size).map(|()| MediaType::Png)
    } else if begins(b"\xff\xd8\xff") {
        whole::jpeg(content, size).map(|()| MediaType::Jpeg)
    } else if begins(b"RIFF") && head.get(8..12) == Some(b"WEBP") {
        whole::webp(&head, size).map(|()| MediaType::Webp)
    } else if begins(b"PK\x03\x04") {
        archive::kind(content, size)
    } else {
        whole::text(content, &head).map(|()| MediaType::Text)
    };
    match found {
        Ok(found) if declared.contradicts(found) => Err(Refusal::Mistyped),
        // It is said to be of a type that is taken, and is of none.
        Err(Refusal::Unknown) if declared.is_taken() => Err(Refusal::Mistyped),
        other => other,
    }
}
