//! The keys under which files of evidence are sealed: `keys/evidence.key` in the data directory, and those before it in
//! `keys/retired-evidence/`, which open what they sealed. They lie as the others do (PKCS #8, or sealed by the operator's secret);
//! of such a key only the secret half is used, from which each file's own key is derived.

use super::{Seal, own, read, take};
use crate::config::Config;
use crate::error::Error;
use std::path::PathBuf;

const FILE: &str = "evidence.key";
const RETIRED: &str = "retired-evidence";

/// The keys, the one in use first; made where it is missing. To change it, move the old one to the retired ones.
///
/// # Errors
/// As [`Keys::open_sealed`](super::Keys::open_sealed).
pub fn of_evidence(config: &Config) -> Result<Vec<evidence::Key>, Error> {
    let seal = Seal::of(&config.seal)?;
    let mut keys = vec![own(config, FILE)?];
    for path in retired(config) {
        keys.push(take(&path, seal.as_ref())?);
    }
    let sealing = keys.iter().map(|key| evidence::Key::of(key.to_bytes()));
    Ok(sealing.collect())
}

/// Reads what is there, and makes and changes nothing: for those who look after it.
///
/// # Errors
/// What is wrong, and with which file.
pub fn look_evidence(config: &Config) -> Result<(), String> {
    let seal = Seal::of(&config.seal).map_err(|error| error.to_string())?;
    let path = config.data_dir.join("keys").join(FILE);
    for path in [path].into_iter().chain(retired(config)) {
        read(&path, seal.as_ref()).map_err(|trouble| trouble.told(&path))?;
    }
    Ok(())
}

/// The files of those that were in use before.
fn retired(config: &Config) -> Vec<PathBuf> {
    let folder = config.data_dir.join("keys").join(RETIRED);
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    // What a seal that was interrupted has left.
    files.retain(|path| path.extension().is_none_or(|kind| kind != "new"));
    files.sort();
    files
}
