//! Files of evidence: the folder, the key without which none can be opened, and the scanner.

use super::Findings;
use super::folder;
use crate::config::Config;
use crate::keys;
use rustix::fs::Access;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

const CHECK: &str = "evidence";

pub(super) fn look(config: &Config, findings: &mut Findings) {
    let place = config.evidence_folder();
    let used = std::fs::read_dir(&place).is_ok_and(|mut entries| entries.next().is_some());
    key(config, used, findings);
    scanner(config, findings);
    let Ok(metadata) = std::fs::metadata(&place) else {
        if config.evidence.folder.is_some() {
            findings.warning(
                CHECK,
                format!("{} is not there or out of reach", place.display()),
                "The first start makes it, where it may; on shared storage see that it is mounted.",
            );
        }
        return;
    };
    if metadata.mode() & 0o077 != 0 {
        findings.warning(
            CHECK,
            format!(
                "{} can be entered by others (mode {:03o})",
                place.display(),
                metadata.mode() & 0o777
            ),
            format!("chmod 700 {}", place.display()),
        );
    }
    match folder::writable(&place) {
        Ok(()) => findings.ok(CHECK, format!("{} can be written", place.display())),
        Err(error) => findings.fault(
            CHECK,
            format!("{} cannot be written: {error}", place.display()),
            "Give it to the user that the registry runs as.",
        ),
    }
    if config.evidence.folder.is_some() {
        folder::space(CHECK, &place, findings);
    }
}

fn key(config: &Config, used: bool, findings: &mut Findings) {
    let path = config.data_dir.join("keys/evidence.key");
    let Ok(metadata) = std::fs::metadata(&path) else {
        if used {
            findings.fault(
                CHECK,
                format!("{} is not there or out of reach", path.display()),
                "Put it back from a copy: without it no file of evidence can be opened.",
            );
        }
        return;
    };
    if metadata.mode() & 0o077 != 0 {
        findings.fault(
            CHECK,
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
    if let Err(problem) = keys::look_evidence(config) {
        findings.fault(
            CHECK,
            problem,
            "Put the file back from a copy, or see that the configuration has its secret.",
        );
    }
}

fn scanner(config: &Config, findings: &mut Findings) {
    // One without a folder is looked for where the system looks for programs.
    let named = config
        .evidence
        .scan
        .first()
        .filter(|name| name.contains('/'));
    if let Some(program) = named
        && rustix::fs::access(Path::new(program), Access::EXEC_OK).is_err()
    {
        findings.fault(
            CHECK,
            format!("the scanner {program} cannot be run"),
            "Put it there, or name another in evidence.scan: no file is taken until then.",
        );
    }
}
