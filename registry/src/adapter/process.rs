//! A worker's process as the host holds it: started with nothing but its descriptors, waited for, killed and
//! reaped on every path.

use super::Options;
use super::fault::Fault;
use super::frame::Settings;
use super::worker::{COMMAND, SealedFile, log_with};
use prost::Message;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// The size asked for the pipe of frames, in bytes: several batches, so that both sides work at once.
const PIPE: usize = 1 << 20;

/// A running worker. However this ends, the process is killed and reaped.
pub(super) struct Worker {
    child: Child,
    pub(super) frames: File,
    pub(super) log: File,
    /// Readable once the process has ended.
    pub(super) exit: OwnedFd,
}

impl Worker {
    pub(super) fn start(
        options: &Options,
        settings: &Settings,
        library: &SealedFile,
        input: Stdio,
    ) -> Result<Self, Fault> {
        let settings = SealedFile::new("settings", &settings.encode_to_vec());
        let log = settings.and_then(|settings| log_with(library, &settings));
        let (log, told) = log.map_err(Fault::host("handing over the settings"))?;
        let mut command = Command::new(&options.worker_program);
        command
            .args([COMMAND, &std::process::id().to_string()])
            .env_clear()
            .current_dir("/")
            .stdin(input)
            .stdout(Stdio::piped())
            .stderr(told);
        let mut child = command.spawn().map_err(Fault::host("starting it"))?;
        match Self::pipes(&mut child, &log) {
            Ok((frames, exit)) => Ok(Self {
                child,
                frames,
                log: File::from(log),
                exit,
            }),
            Err(error) => {
                // Without its pipes the worker is of no use; what it says to being killed is not either.
                let _ = child.kill();
                let _ = child.wait();
                Err(Fault::host("listening to it")(error))
            }
        }
    }

    fn pipes(child: &mut Child, log: &OwnedFd) -> std::io::Result<(File, OwnedFd)> {
        let missing = || std::io::Error::from(std::io::ErrorKind::NotFound);
        let frames = File::from(OwnedFd::from(child.stdout.take().ok_or_else(missing)?));
        for pipe in [frames.as_fd(), log.as_fd()] {
            rustix::fs::fcntl_setfl(pipe, OFlags::NONBLOCK)?;
        }
        // Only a matter of speed: the kernel may refuse it to a user with many pipes.
        let _ = rustix::pipe::fcntl_setpipe_size(&frames, PIPE);
        let pid = rustix::process::Pid::from_child(child);
        let exit = rustix::process::pidfd_open(pid, rustix::process::PidfdFlags::empty())?;
        Ok((frames, exit))
    }

    pub(super) fn is_gone(&mut self) -> Result<bool, Fault> {
        let status = self.child.try_wait();
        Ok(status
            .map_err(Fault::host("waiting for the worker"))?
            .is_some())
    }

    /// Asks the adapter to end, and waits until it has or the time is over. What it still sends is dropped.
    /// Says whether it has ended.
    pub(super) fn ask_to_end(&mut self, most: Duration, log: &mut Log) -> bool {
        // Fails only where the process is gone.
        let _ = rustix::process::pidfd_send_signal(&self.exit, rustix::process::Signal::TERM);
        let began = Instant::now();
        let mut frames_open = true;
        let mut dropped = vec![0; 64 << 10];
        while let Some(left) = most.checked_sub(began.elapsed())
            && matches!(self.is_gone(), Ok(false))
        {
            let frames = frames_open.then(|| self.frames.as_fd());
            let log_open = log.open.then(|| self.log.as_fd());
            if wait([Some(self.exit.as_fd()), frames, log_open], left).is_err() {
                break;
            }
            log.read(&mut self.log);
            frames_open = match self.frames.read(&mut dropped) {
                Ok(count) => count > 0,
                Err(error) => {
                    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
                }
            };
        }
        matches!(self.is_gone(), Ok(true))
    }

    pub(super) fn end(&mut self) {
        // Fails only where the process is gone, which is what is wanted.
        let _ = self.child.kill();
    }

    pub(super) fn reap(&mut self) -> std::io::Result<ExitStatus> {
        self.child.wait()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.end();
        let _ = self.reap();
    }
}

/// Waits until one of them can be read, or is closed, or the time is over.
pub(super) fn wait<const COUNT: usize>(
    descriptors: [Option<BorrowedFd<'_>>; COUNT],
    most: Duration,
) -> Result<(), Fault> {
    let watched = |descriptor| PollFd::from_borrowed_fd(descriptor, PollFlags::IN);
    let mut descriptors: Vec<PollFd<'_>> = descriptors.into_iter().flatten().map(watched).collect();
    let most = Timespec::try_from(most).ok();
    match poll(&mut descriptors, most.as_ref()) {
        Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
        Err(error) => Err(Fault::host("waiting for the worker")(error)),
    }
}

/// What an adapter writes to its standard error: the beginning is kept, and the last words, which tell of
/// memory running out.
pub(super) struct Log {
    kept: Vec<u8>,
    last: Vec<u8>,
    most: usize,
    pub(super) open: bool,
}

impl Log {
    /// How much of the end is looked at.
    const LAST: usize = 512;
    /// How much is read at once, so that a flood does not keep the frames waiting.
    const AT_ONCE: usize = 64 << 10;

    pub(super) fn new(most: usize) -> Self {
        Self {
            kept: Vec::new(),
            last: Vec::new(),
            most,
            open: true,
        }
    }

    pub(super) fn read(&mut self, pipe: &mut File) {
        let mut buffer = vec![0; Self::AT_ONCE];
        let count = match pipe.read(&mut buffer) {
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return,
            Err(error) if error.kind() == ErrorKind::Interrupted => return,
            Err(_) => 0,
        };
        self.open = count > 0;
        buffer.truncate(count);
        let room = self.most.saturating_sub(self.kept.len());
        self.kept.extend(buffer.iter().take(room));
        let skipped = buffer.len().saturating_sub(Self::LAST);
        self.last.extend(buffer.iter().skip(skipped));
        self.last
            .drain(..self.last.len().saturating_sub(Self::LAST));
    }

    /// Whether the last words are those of an allocator that found no memory: Rust's or C++'s.
    pub(super) fn tells_of_memory(&self) -> bool {
        ["memory allocation of ", "std::bad_alloc"]
            .iter()
            .any(|words| memchr::memmem::find(&self.last, words.as_bytes()).is_some())
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.kept).into_owned()
    }
}
