//! What whoever sends a file says that it is: the ending of its name, and a media type. It is held against the content and
//! decides nothing; the name itself is not kept.

use crate::kind::MediaType;

/// Endings of names under which some system runs a file, or opens it in a program that does what stands in it.
const RUN: [&str; 56] = [
    "exe", "dll", "com", "scr", "pif", "cpl", "msi", "msp", "sys", "bat", "cmd", "ps1", "psm1",
    "vbs", "vbe", "vb", "js", "jse", "mjs", "wsf", "wsh", "hta", "lnk", "reg", "inf", "jar",
    "class", "war", "sh", "bash", "zsh", "py", "pl", "rb", "php", "so", "dylib", "app", "command",
    "apk", "deb", "rpm", "appimage", "run", "bin", "elf", "swf", "docm", "dotm", "xlsm", "xltm",
    "xlam", "pptm", "potm", "ppsm", "ppam",
];

/// What is said of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Declared {
    ending: Option<String>,
    media_type: Option<String>,
}

impl Declared {
    /// What a name and a media type say.
    #[must_use]
    pub fn of(name: &str, media_type: Option<&str>) -> Self {
        let name = name.trim_end_matches(['.', ' ', '\0']);
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.trim());
        let essence = media_type.map(|kind| kind.split(';').next().unwrap_or_default().trim());
        let known = |text: &&str| !text.is_empty();
        Self {
            ending: ending.filter(known).map(str::to_ascii_lowercase),
            media_type: essence.filter(known).map(str::to_ascii_lowercase),
        }
    }

    /// Whether the name ends as that of something that is run.
    pub(crate) fn is_run(&self) -> bool {
        self.ending.as_deref().is_some_and(is_run)
    }

    /// Whether it says that the content is something else than it is.
    pub(crate) fn contradicts(&self, found: MediaType) -> bool {
        let ending = self.ending.as_deref().is_some_and(|ending| {
            // What nobody knows says nothing: `letter.final`.
            let known = MediaType::ALL
                .iter()
                .find(|one| one.endings().contains(&ending));
            known.is_some_and(|known| *known != found) || FOREIGN.contains(&ending)
        });
        let kind = self.media_type.as_deref().is_some_and(|said| {
            let silent = matches!(said, "application/octet-stream" | "binary/octet-stream");
            let plain = found == MediaType::Text && PLAIN.contains(&said);
            !silent && !plain && said != found.as_str() && said != found.once_called()
        });
        ending || kind
    }

    /// Whether it says that the content is of one of the types that are taken.
    pub(crate) fn is_taken(&self) -> bool {
        let ending = self.ending.as_deref();
        let kind = self.media_type.as_deref();
        MediaType::ALL.iter().any(|one| {
            ending.is_some_and(|ending| one.endings().contains(&ending))
                || kind.is_some_and(|kind| kind == one.as_str())
        })
    }
}

/// Whether something of that ending is run.
pub(crate) fn is_run(ending: &str) -> bool {
    RUN.contains(&ending)
}

/// Endings of well-known types that are not taken: content that is of another type is not what they say.
const FOREIGN: [&str; 20] = [
    "doc", "xls", "ppt", "rtf", "html", "htm", "svg", "xml", "gif", "bmp", "tif", "tiff", "heic",
    "mp3", "mp4", "mov", "zip", "7z", "rar", "gz",
];

/// Kinds of plain text by which programs call it.
const PLAIN: [&str; 4] = [
    "text/csv",
    "text/markdown",
    "text/x-log",
    "text/tab-separated-values",
];
