//! Starts a worker, watches it, and judges how it ended. All on the calling thread, which lives until the
//! worker is reaped: the kernel kills the worker when the *thread* that started it dies.

use super::fault::Fault;
use super::frame::{Settings, Totals};
use super::intake::{Flow, Intake};
use super::process::{Log, Worker, wait};
use super::worker::SealedFile;
use super::{Descriptor, Found, Options, Sandbox};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::Seek;
use std::os::fd::AsFd;
use std::os::unix::process::ExitStatusExt;
use std::process::{ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How often a caller's wish to end is looked at.
const LOOK: Duration = Duration::from_millis(100);
/// How long an adapter that is asked to end may take before it is killed.
const GRACE: Duration = Duration::from_millis(500);
/// How long a worker that has closed its pipe may take to be gone.
const LEAVE: Duration = Duration::from_secs(5);
/// How long a library may take to say who it is.
const DESCRIBE: Duration = Duration::from_secs(10);

/// What takes the result of a run, on the calling thread. Time it takes is not counted as the adapter's.
pub trait Sink {
    /// Takes an encoded `ResultBatch` of at most 4096 records, each of at most [`Options::record_max`] bytes. Only
    /// their number and size have been checked.
    ///
    /// # Errors
    /// [`SinkClosed`] where no more is wanted; the worker is ended.
    fn batch(&mut self, bytes: Vec<u8>, count: u32) -> Result<(), SinkClosed>;

    /// Takes an issue, its texts bounded and without control characters.
    ///
    /// # Errors
    /// [`SinkClosed`] where no more is wanted; the worker is ended.
    fn issue(&mut self, issue: sdk::Issue) -> Result<(), SinkClosed>;

    /// Hears how many bytes of the file the adapter says it has read.
    fn progress(&mut self, bytes_read: u64);

    /// Hears at the end, however it came, what the adapter wrote to its standard error. It may quote the
    /// file: it is for the adapter's authors alone.
    fn log(&mut self, _text: &str) {}

    /// Hears that an adapter which was asked to end did not, and was killed.
    fn killed(&mut self) {}
}

/// A sink takes no more. Its owner knows why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SinkClosed;

/// What a complete run came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Records handed to the sink.
    pub records: u64,
    /// Issues handed to the sink.
    pub issues: u64,
    /// Bytes read: the whole file.
    pub bytes_read: u64,
    /// The beginning of what the adapter wrote to its standard error.
    pub log: String,
}

/// Runs an adapter over a file. Blocks; call it on a plain thread. `input` is read from its beginning, and
/// `config` is the adapter's table as TOML.
///
/// # Errors
/// A [`Fault`] where the run does not count; what the sink has taken must then be dropped. On
/// [`Fault::Cancelled`] the adapter was asked to end, and killed where it did not.
pub fn run(
    options: &Options,
    found: &Found,
    config: &str,
    input: File,
    input_len: u64,
    sink: &mut dyn Sink,
    cancel: &AtomicBool,
) -> Result<Summary, Fault> {
    let library = library(found)?;
    if let Some(missing) = &found.unconfined {
        let adapter = found.descriptor.as_ref();
        let adapter = adapter.map_or("", |adapter| adapter.name.as_str());
        tracing::warn!(%adapter, %missing, "an adapter runs with less than the whole sandbox");
    }
    run_sealed(options, &library, config, input, input_len, sink, cancel)
}

/// A library as it was looked at, ready to be handed to any number of workers.
pub(super) fn library(found: &Found) -> Result<SealedFile, Fault> {
    let bytes = std::fs::read(&found.path).map_err(|error| Fault::Unloadable {
        reason: error.to_string(),
    })?;
    if digest(&bytes) != found.digest {
        return Err(Fault::Unloadable {
            reason: "it has changed since it was looked at; try again".to_owned(),
        });
    }
    sealed(&bytes)
}

fn sealed(library: &[u8]) -> Result<SealedFile, Fault> {
    SealedFile::new("adapter", library).map_err(Fault::host("handing over the library"))
}

/// [`run`] with a library that is there already.
pub(super) fn run_sealed(
    options: &Options,
    library: &SealedFile,
    config: &str,
    mut input: File,
    input_len: u64,
    sink: &mut dyn Sink,
    cancel: &AtomicBool,
) -> Result<Summary, Fault> {
    input.rewind().map_err(Fault::host("reading the file"))?;
    let mut offset = input.try_clone().map_err(Fault::host("reading the file"))?;
    let settings = Settings {
        config: config.to_owned(),
        ..settings(options)
    };
    let stream = Stream {
        options,
        settings: &settings,
        input_len,
        cancel,
    };
    let mut log = Log::new(options.log_max);
    let ended = stream.follow(library, Stdio::from(input), Some(&mut *sink), &mut log);
    let log = log.text();
    sink.log(&log);
    let totals = ended?.totals;
    // The descriptor's offset is shared with the worker, and only reading moves it: it cannot be forged.
    let read = offset
        .stream_position()
        .map_err(Fault::host("reading the file"))?;
    if read < input_len {
        return Err(Fault::StoppedEarly {
            read,
            length: input_len,
        });
    }
    Ok(Summary {
        records: totals.records,
        issues: totals.issues,
        bytes_read: read,
        log,
    })
}

/// Asks a library who it is; also tells what of the sandbox is missing.
pub(super) fn describe(
    options: &Options,
    library: &[u8],
) -> Result<(Descriptor, Option<String>), Fault> {
    let options = Options {
        wall: options.wall.min(DESCRIBE),
        silence: options.silence.min(DESCRIBE),
        ..options.clone()
    };
    let settings = Settings {
        describe: true,
        ..settings(&options)
    };
    let stream = Stream {
        options: &options,
        settings: &settings,
        input_len: 0,
        cancel: &AtomicBool::new(false),
    };
    let mut log = Log::new(0);
    let told = stream.follow(&sealed(library)?, Stdio::null(), None, &mut log)?;
    Ok((told.descriptor, told.unconfined))
}

/// Whether an adapter takes its table of the configuration, without running it; and what it wrote to its
/// standard error.
pub(super) fn create(
    options: &Options,
    library: &SealedFile,
    config: &str,
) -> (Result<(), Fault>, String) {
    let settings = Settings {
        config: config.to_owned(),
        create_only: true,
        ..settings(options)
    };
    let stream = Stream {
        options,
        settings: &settings,
        input_len: 0,
        cancel: &AtomicBool::new(false),
    };
    let mut log = Log::new(options.log_max);
    let told = stream.follow(library, Stdio::null(), None, &mut log);
    (told.map(|_| ()), log.text())
}

/// The SHA-256 of a library's bytes, in hexadecimal.
pub(super) fn digest(bytes: &[u8]) -> String {
    use std::fmt::Write;
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn settings(options: &Options) -> Settings {
    Settings {
        config: String::new(),
        token: rand::random::<[u8; 16]>().to_vec(),
        memory: options.memory,
        cpu_seconds: options.cpu.as_secs().max(1),
        batch_size: options.batch_size,
        frame_max: options.frame_max,
        read_max: options.read_max,
        best_effort: options.sandbox == Sandbox::BestEffort,
        describe: false,
        create_only: false,
    }
}

/// One worker's life.
struct Stream<'a> {
    options: &'a Options,
    settings: &'a Settings,
    input_len: u64,
    cancel: &'a AtomicBool,
}

/// What a worker that ended well has told.
struct Told {
    descriptor: Descriptor,
    unconfined: Option<String>,
    totals: Totals,
}

impl Stream<'_> {
    /// Starts the worker, takes its frames and judges its end. The worker is gone when this returns.
    fn follow<'s>(
        &'s self,
        library: &SealedFile,
        input: Stdio,
        sink: Option<&'s mut (dyn Sink + 's)>,
        log: &mut Log,
    ) -> Result<Told, Fault> {
        let mut worker = Worker::start(self.options, self.settings, library, input)?;
        let mut intake = Intake::new(self.options, sink, self.input_len);
        let watched = self.watch(&mut worker, &mut intake, log);
        if let Err(fault) = &watched {
            if matches!(fault, Fault::Cancelled) && !worker.ask_to_end(GRACE, log) {
                intake.killed();
            }
            worker.end();
        }
        let status = worker.reap();
        log.read(&mut worker.log);
        watched?;
        let status = status.map_err(Fault::host("waiting for the worker"))?;
        self.judge(intake, status, log)
    }

    /// Takes frames until the worker closes its pipe and is gone.
    fn watch(
        &self,
        worker: &mut Worker,
        intake: &mut Intake<'_>,
        log: &mut Log,
    ) -> Result<(), Fault> {
        let began = Instant::now();
        let mut sign = began;
        loop {
            if self.cancel.load(Ordering::Relaxed) {
                return Err(Fault::Cancelled);
            }
            let patience = self.patience(began.elapsed(), sign.elapsed(), intake.sink_time)?;
            let log_open = log.open.then(|| worker.log.as_fd());
            let watched = [Some(worker.frames.as_fd()), log_open];
            wait(watched, patience.min(LOOK))?;
            log.read(&mut worker.log);
            match intake.advance(&mut worker.frames)? {
                Flow::Frame => sign = Instant::now(),
                Flow::Blocked => {}
                Flow::Closed => break,
            }
        }
        let closed = Instant::now();
        while !worker.is_gone()? {
            let left = LEAVE.checked_sub(closed.elapsed()).ok_or(Fault::Stalled {
                seconds: LEAVE.as_secs(),
            })?;
            wait([Some(worker.exit.as_fd())], left)?;
        }
        Ok(())
    }

    /// How long may still be waited, or which patience is at its end.
    fn patience(
        &self,
        whole: Duration,
        silent: Duration,
        sink_time: Duration,
    ) -> Result<Duration, Fault> {
        let whole = self
            .options
            .wall
            .checked_sub(whole.saturating_sub(sink_time));
        let whole = whole.filter(|left| !left.is_zero());
        let whole = whole.ok_or(Fault::Timeout {
            seconds: self.options.wall.as_secs(),
            processor: false,
        })?;
        let silence = self.options.silence.checked_sub(silent);
        let silence = silence.filter(|left| !left.is_zero());
        let silence = silence.ok_or(Fault::Stalled {
            seconds: self.options.silence.as_secs(),
        })?;
        Ok(whole.min(silence))
    }

    fn judge(&self, intake: Intake<'_>, status: ExitStatus, log: &Log) -> Result<Told, Fault> {
        let torn = intake.is_torn();
        let (records, issues) = (intake.records, intake.issues);
        let totals = match intake.ending {
            Some(ending) => ending.judge(self.options, self.input_len, &self.settings.token)?,
            None => return Err(self.broken(status, torn, log)),
        };
        if !status.success() {
            return Err(self.broken(status, torn, log));
        }
        if torn {
            return Err(Fault::protocol("something follows the final frame"));
        }
        let expected = (self.settings.token.as_slice(), records, issues);
        if (totals.token.as_slice(), totals.records, totals.issues) != expected {
            return Err(Fault::protocol(
                "the final frame is not the worker's, or miscounts",
            ));
        }
        let descriptor = intake.descriptor;
        let descriptor = descriptor.ok_or_else(|| Fault::protocol("there is no descriptor"))?;
        Ok(Told {
            descriptor,
            unconfined: intake.unconfined,
            totals,
        })
    }

    /// What a worker that ended without a word of its own died of.
    fn broken(&self, status: ExitStatus, torn: bool, log: &Log) -> Fault {
        match (status.signal(), status.code()) {
            (Some(libc::SIGXCPU), _) => Fault::Timeout {
                seconds: self.settings.cpu_seconds,
                processor: true,
            },
            (Some(libc::SIGSYS), _) => Fault::Sandbox {
                call: "of another kind of machine".to_owned(),
            },
            (Some(libc::SIGABRT), _) if log.tells_of_memory() => Fault::Memory {
                bytes: self.settings.memory,
            },
            (Some(signal), _) => Fault::Crashed { signal },
            (None, _) if torn => Fault::protocol("it broke off within a frame"),
            (None, code) => Fault::Exited {
                code: code.unwrap_or_default(),
            },
        }
    }
}

#[cfg(test)]
mod tests;
