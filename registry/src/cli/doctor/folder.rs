//! The data directory: room, what was left over, and the keys in it.

use super::Findings;
use crate::app::Clock;
use crate::config::Config;
use crate::keys::Keys;
use chrono::{DateTime, TimeDelta, Utc};
use rustix::fs::{Access, Mode, OFlags};
use rustix::io::Errno;
use std::fs::File;
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Less free space than this is a fault, and less than the second worth a warning, in bytes.
const LITTLE: (u64, u64) = (256 << 20, 2 << 30);
/// A spooled file that is older belongs to no import that runs.
const OLD: TimeDelta = TimeDelta::hours(24);

pub(super) fn look(config: &Config, clock: &Clock, findings: &mut Findings) {
    let folder = &config.data_dir;
    if !folder.is_dir() {
        findings.fault(
            "data directory",
            format!("{} is not there", folder.display()),
            "Start the registry once, or name another with data_dir.",
        );
        return;
    }
    match writable(folder) {
        Ok(()) => findings.ok(
            "data directory",
            format!("{} can be written", folder.display()),
        ),
        Err(error) => findings.fault(
            "data directory",
            format!("{} cannot be written: {error}", folder.display()),
            "Give it to the user that the registry runs as.",
        ),
    }
    space("data directory", folder, findings);
    leftovers(&config.spool(), clock, findings);
    keys(config, findings);
}

/// Tries with a file without a name, which leaves nothing behind. Where the file system has none, only the
/// right to make one is looked at.
pub(super) fn writable(folder: &Path) -> std::io::Result<()> {
    match nameless(folder).and_then(|mut file| file.write_all(b"x")) {
        Err(error) if has_none(&error) => Ok(()),
        done => done,
    }
}

/// Whether that is the answer of a file system without nameless files (open(2), `O_TMPFILE`).
fn has_none(error: &std::io::Error) -> bool {
    let number = Errno::from_io_error(error);
    number.is_some_and(|number| [Errno::OPNOTSUPP, Errno::ISDIR, Errno::INVAL].contains(&number))
}

/// A file without a name, in a folder to which this user may write.
pub(super) fn nameless(folder: &Path) -> std::io::Result<File> {
    rustix::fs::access(folder, Access::WRITE_OK | Access::EXEC_OK)?;
    let file = rustix::fs::open(
        folder,
        OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC,
        Mode::RUSR | Mode::WUSR,
    )?;
    Ok(File::from(file))
}

/// How much room there is where a path is.
pub(super) fn space(check: &'static str, path: &Path, findings: &mut Findings) {
    let Ok(status) = rustix::fs::statvfs(path) else {
        return;
    };
    let free = status.f_bavail.saturating_mul(status.f_frsize);
    let message = format!("{} MiB free at {}", free >> 20, path.display());
    let (fault, warning) = LITTLE;
    if free < fault {
        findings.fault(check, message, "Make room: nothing can be imported so.");
    } else if free < warning {
        findings.warning(check, message, "Make room before a large file is pushed.");
    } else {
        findings.ok(check, message);
    }
}

fn leftovers(spool: &Path, clock: &Clock, findings: &mut Findings) {
    let now = clock.now();
    let Ok(entries) = std::fs::read_dir(spool) else {
        return;
    };
    let old = entries
        .flatten()
        .filter(|entry| entry.file_name() != "spool-id")
        .filter_map(|entry| entry.metadata().ok())
        .filter(|metadata| metadata.is_file() && metadata.len() > 0)
        .filter(|metadata| {
            let modified = metadata.modified().map(DateTime::<Utc>::from);
            modified.is_ok_and(|modified| now - modified.naive_utc() > OLD)
        });
    let (many, bytes) = old.fold((0, 0), |(many, bytes), one| (many + 1, bytes + one.len()));
    if many == 0 {
        findings.ok("spool", "nothing is left over");
    } else {
        findings.warning(
            "spool",
            format!("{many} pushed files of more than a day ago, {} MiB", bytes >> 20),
            "Imports that stopped go on when the server is started; a file of none of them can be removed.",
        );
    }
}

fn keys(config: &Config, findings: &mut Findings) {
    let data_dir = &config.data_dir;
    let path = data_dir.join("keys/signing.pem");
    // Whoever ran it once left a name for the server, and the folder of the keys.
    if !data_dir.join("keys").exists() && !data_dir.join("server-id").exists() {
        findings.ok("keys", "none yet: the first start makes one");
        return;
    }
    let Ok(metadata) = std::fs::metadata(&path) else {
        findings.fault(
            "keys",
            format!("{} is not there or out of reach", path.display()),
            "Put it back from a copy: receipts signed with it cannot be verified without.",
        );
        return;
    };
    if metadata.mode() & 0o077 != 0 {
        findings.fault(
            "keys",
            format!(
                "{} can be read by others (mode {:03o})",
                path.display(),
                metadata.mode() & 0o777
            ),
            format!(
                "chmod 600 {}; if others may have read it, change the key.",
                path.display()
            ),
        );
    }
    match Keys::look(config) {
        Ok(keys) if keys.agrees() => findings.ok(
            "keys",
            format!(
                "{} signs and verifies, {} retired",
                keys.kid(),
                keys.retired()
            ),
        ),
        Ok(keys) => findings.fault(
            "keys",
            format!("{} does not verify what it signs", keys.kid()),
            "Put the file back from a copy.",
        ),
        Err(problem) => findings.fault("keys", problem, "Put the file back from a copy."),
    }
}
