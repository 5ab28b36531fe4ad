//! Finds adapters: libraries in the configured directories that carry the adapter's symbol. A library is
//! asked who it is by a worker, never loaded here.

use super::fault::Fault;
use super::host::{describe, digest};
use super::{Found, Options};
use std::path::{Path, PathBuf};

/// The symbol, which stands in the string table of any library that exports it.
const SYMBOL: &[u8] = b"iqf_adapter\0";
/// Larger files are no adapters.
const LARGEST: u64 = 512 << 20;

/// Every library that carries the symbol, in the order of the directories and then of the file names, each
/// with what it says of itself or why it could not be asked.
#[must_use]
pub fn list(options: &Options) -> Vec<Found> {
    list_by(options, &look)
}

/// [`list`], where libraries are looked at this way.
pub(super) fn list_by(options: &Options, look: Look<'_>) -> Vec<Found> {
    files(options)
        .into_iter()
        .filter_map(|path| look(options, path))
        .collect()
}

/// Asks one library who it is; `None` where it is none that carries the symbol.
pub(super) type Look<'a> = &'a dyn Fn(&Options, PathBuf) -> Option<Found>;

/// The adapter of that name. Libraries whose file is called after it are asked first; where several say the
/// same name, the first directory wins.
///
/// # Errors
/// [`Fault::NotFound`], which says where was looked; where the file called after the adapter is broken, how.
pub fn find(options: &Options, name: &str) -> Result<Found, Fault> {
    find_by(options, name, &look)
}

/// [`find`], where libraries are looked at this way.
pub(super) fn find_by(options: &Options, name: &str, look: Look<'_>) -> Result<Found, Fault> {
    let mut broken = None;
    let (likely, others): (Vec<_>, Vec<_>) = files(options)
        .into_iter()
        .partition(|path| is_called(path, name));
    let likely = likely.into_iter().map(|path| (path, true));
    for (path, called) in likely.chain(others.into_iter().map(|path| (path, false))) {
        let Some(found) = look(options, path) else {
            continue;
        };
        match found.descriptor {
            Ok(ref descriptor) if descriptor.name == name => return Ok(found),
            Err(fault) if called && broken.is_none() => broken = Some(fault),
            _ => {}
        }
    }
    Err(broken.unwrap_or_else(|| Fault::NotFound {
        name: name.to_owned(),
        looked: options.directories.clone(),
    }))
}

/// The shared libraries in the directories.
fn files(options: &Options) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for directory in &options.directories {
        // A directory that is not there holds no adapters; `NotFound` names it.
        let Ok(entries) = std::fs::read_dir(directory) else {
            continue;
        };
        let mut paths: Vec<PathBuf> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|extension| extension == "so"))
            .collect();
        paths.sort();
        all.extend(paths);
    }
    all
}

/// Whether the file is called after the adapter, such as `libadapter_my_body.so` for `my-body`.
fn is_called(path: &Path, name: &str) -> bool {
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    let name = name.replace('-', "_");
    stem.is_some_and(|stem| {
        let stem = stem.replace('-', "_");
        let stem = stem.strip_prefix("lib").unwrap_or(&stem);
        stem.strip_prefix("adapter_").unwrap_or(stem) == name
    })
}

/// Asks one library who it is; `None` where it is none that carries the symbol.
#[must_use]
pub fn ask(options: &Options, path: &Path) -> Option<Found> {
    look(options, path.to_owned())
}

/// [`ask`], which keeps the path.
pub(super) fn look(options: &Options, path: PathBuf) -> Option<Found> {
    let metadata = std::fs::metadata(&path).ok()?;
    if !metadata.is_file() || metadata.len() > LARGEST {
        return None;
    }
    let bytes = std::fs::read(&path).ok()?;
    // Cheap, and keeps every other library on the machine out of the worker.
    memchr::memmem::find(&bytes, SYMBOL)?;
    let digest = digest(&bytes);
    let (descriptor, unconfined) = match describe(options, &bytes) {
        Ok((descriptor, unconfined)) => (Ok(descriptor), unconfined),
        Err(fault) => (Err(fault), None),
    };
    Some(Found {
        path,
        digest,
        descriptor,
        unconfined,
    })
}
