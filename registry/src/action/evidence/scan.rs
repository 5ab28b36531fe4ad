//! The hook for a scanner: a program of the operator's that is given the file on standard input. What it writes is not read: it
//! might speak of the content.

use crate::config::Evidence;
use crate::error::Error;
use rustix::process::{Pid, Signal, kill_process_group};
use schema::Code;
use std::io::{self, Read, Seek};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// How often it is looked whether the scanner has ended.
const LOOK: Duration = Duration::from_millis(10);

/// Answers nothing where the scanner finds nothing, or there is none.
///
/// # Errors
/// [`Code::EvidenceInfected`] where it finds something; [`Code::EvidenceNotScanned`] where it could not say.
pub(super) fn scan<C: Read + Seek + Send>(config: &Evidence, content: &mut C) -> Result<(), Error> {
    let Some((program, arguments)) = config.scan.split_first() else {
        return Ok(());
    };
    let not_scanned = |why: &str| {
        tracing::error!(why, "a file of evidence could not be scanned");
        Error::from(Code::EvidenceNotScanned)
    };
    content.rewind().map_err(Error::internal)?;
    let child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // What it starts itself ends with it.
        .process_group(0)
        .spawn();
    let Ok(mut child) = child else {
        return Err(not_scanned("the program cannot be started"));
    };
    let until = Instant::now() + Duration::from_secs(config.scan_time);
    let input = child.stdin.take();
    let (status, given) = std::thread::scope(|scope| {
        let giving = scope.spawn(move || match input {
            Some(mut input) => io::copy(content, &mut input).map(drop),
            None => Err(io::ErrorKind::BrokenPipe.into()),
        });
        let status = wait(&mut child, until);
        (status, giving.join())
    });
    match status.and_then(|status| status.code()) {
        Some(1) => Err(Error::from(Code::EvidenceInfected)),
        // One that did not read to the end has not looked at all of it.
        Some(0) if matches!(given, Ok(Ok(()))) => Ok(()),
        Some(0) => Err(not_scanned("the program did not read to the end")),
        Some(_) => Err(not_scanned("the program failed")),
        None => Err(not_scanned("the program was ended, or took too long")),
    }
}

/// How it ended; none where it had to be ended.
fn wait(child: &mut Child, until: Instant) -> Option<ExitStatus> {
    let ended = loop {
        match child.try_wait() {
            Ok(Some(status)) => break Some(status),
            Ok(None) if Instant::now() < until => std::thread::sleep(LOOK),
            _ => break None,
        }
    };
    // What it left behind could hold its end of the pipe open.
    if let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        let _ = kill_process_group(group, Signal::KILL);
    }
    if ended.is_none() {
        let _ = child.kill();
        let _ = child.wait();
    }
    ended
}
