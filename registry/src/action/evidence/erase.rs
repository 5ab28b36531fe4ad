//! Erasing files that no claim needs any more, and what lies in the folder without a row.

use crate::app::App;
use crate::error::Error;
use crate::model::evidence_file::{self, FileRow};
use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::time::Duration;

/// How many pieces are looked up together.
const CHUNK: i64 = 200;
/// How old what has no row must be: somebody may be about to tell of it, by another clock.
const UNTOLD: Duration = Duration::from_secs(3600);

/// Erases what is due by the terms; blocks. How many pieces of evidence have no file any more.
///
/// # Errors
/// The database's failure, or the disk's.
pub fn erase(app: &App) -> Result<usize, Error> {
    let now = app.clock.now();
    let mut erased = 0;
    loop {
        let due = app.db.read_blocking(move |connection| {
            Ok(evidence_file::due(connection, now.date(), CHUNK)?)
        })?;
        if due.is_empty() {
            return Ok(erased);
        }
        for (piece, digest) in due {
            let files = app.files.clone();
            app.db.write_blocking(move |connection| {
                let unneeded = evidence_file::erase(connection, piece, &digest, now)?;
                if let Some(row) = unneeded {
                    // Before the commit: a kill in between leaves a row whose file is gone, and the next sweep tells of it.
                    remove(&files.path(&row.name))?;
                    let row = FileRow {
                        erased_at: Some(now),
                        ..row
                    };
                    evidence_file::change(connection, &row)?;
                }
                Ok(())
            })?;
            erased += 1;
        }
    }
}

fn remove(path: &Path) -> Result<(), Error> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::file(path, &error)),
        _ => Ok(()),
    }
}

/// Removes what lies in the folder without a row: what the end of a process cut off; blocks. How many files.
///
/// # Errors
/// The database's failure.
pub fn orphans(app: &App) -> Result<usize, Error> {
    let Ok(entries) = std::fs::read_dir(&app.files.folder) else {
        return Ok(0);
    };
    let mut removed = 0;
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let own = name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !own && !name.ends_with(".new") {
            continue;
        }
        let kept = own
            && app
                .db
                .read_blocking(move |connection| Ok(evidence_file::is_kept(connection, &name)?))?;
        if !kept && is_left(&entry.path()) {
            remove(&entry.path())?;
            removed += 1;
        }
    }
    if removed > 0 {
        tracing::info!(removed, "files without evidence are removed");
    }
    Ok(removed)
}

/// Whether nobody writes a file, nor did lately.
fn is_left(path: &Path) -> bool {
    let Ok(file) = File::open(path) else {
        return false;
    };
    if matches!(file.try_lock(), Err(TryLockError::WouldBlock)) {
        return false;
    }
    let modified = file.metadata().and_then(|data| data.modified());
    modified.is_ok_and(|time| time.elapsed().is_ok_and(|age| age >= UNTOLD))
}
