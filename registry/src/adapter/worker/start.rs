//! How a worker comes by what it needs. The host puts two files into the socket that becomes the worker's log; the
//! worker takes them out before anything else, and asks to die with the host. So nothing has to be done between
//! `fork` and `exec`, and the standard library starts the process without a copy of the server's page tables:
//! such a copy takes the longer the more memory the server holds, and has it fault for each page that it
//! writes to afterwards.

use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};
use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, Shutdown, SocketFlags, SocketType, recvmsg, sendmsg, shutdown,
    socketpair,
};
use rustix::process::{Pid, Signal, getppid, set_parent_process_death_signal};
use std::fs::File;
use std::io::{Error, ErrorKind, IoSlice, IoSliceMut, Seek, Write};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};

/// Bytes in memory that nobody can change any more.
pub(in crate::adapter) struct SealedFile(OwnedFd);

impl SealedFile {
    pub(in crate::adapter) fn new(name: &str, bytes: &[u8]) -> std::io::Result<Self> {
        let memory = memfd_create(name, MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)?;
        let mut file = File::from(memory);
        file.write_all(bytes)?;
        file.rewind()?;
        let seals = SealFlags::WRITE | SealFlags::GROW | SealFlags::SHRINK | SealFlags::SEAL;
        fcntl_add_seals(&file, seals)?;
        Ok(Self(file.into()))
    }
}

/// The two ends of a worker's log, the host's first. In the worker's both files wait for it.
pub(in crate::adapter) fn log_with(
    library: &SealedFile,
    settings: &SealedFile,
) -> std::io::Result<(OwnedFd, OwnedFd)> {
    let stream = (AddressFamily::UNIX, SocketType::STREAM);
    let (host, worker) = socketpair(stream.0, stream.1, SocketFlags::CLOEXEC, None)?;
    let files = [library.0.as_fd(), settings.0.as_fd()];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(2))];
    let mut message = SendAncillaryBuffer::new(&mut space);
    if !message.push(SendAncillaryMessage::ScmRights(&files)) {
        return Err(ErrorKind::InvalidInput.into());
    }
    // Descriptors travel with a byte at least.
    sendmsg(
        &host,
        &[IoSlice::new(&[0])],
        &mut message,
        SendFlags::NOSIGNAL,
    )?;
    shutdown(&host, Shutdown::Write)?;
    Ok((host, worker))
}

/// The worker's half: asks to die with the thread that started it, the host's process being named, and takes library
/// and settings out of its log.
pub(super) fn take_files(host: Option<Pid>) -> std::io::Result<(OwnedFd, OwnedFd)> {
    set_parent_process_death_signal(Some(Signal::KILL))?;
    // The host may have died before the signal was asked for.
    if host.is_none() || getppid() != host {
        return Err(ErrorKind::NotConnected.into());
    }
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(2))];
    let mut message = RecvAncillaryBuffer::new(&mut space);
    let mut byte = [0];
    recvmsg(
        std::io::stderr(),
        &mut [IoSliceMut::new(&mut byte)],
        &mut message,
        RecvFlags::CMSG_CLOEXEC,
    )?;
    let mut files = message.drain().filter_map(|part| match part {
        RecvAncillaryMessage::ScmRights(files) => Some(files),
        _ => None,
    });
    let mut files = files.next().into_iter().flatten();
    files
        .next()
        .zip(files.next())
        .ok_or_else(|| Error::from(ErrorKind::InvalidInput))
}
