//! Takes a worker's frames as hostile input: bounds them, checks their order and their counts, and hands
//! on what is good.

use super::fault::{Fault, Limit};
use super::frame::{
    Finding, HEADER, Header, Introduction, Kind, Progress, SMALL_MAX, Said, Totals, Wrong, cut,
    outline,
};
use super::host::Sink;
use super::{Descriptor, Options};
use prost::Message;
use schema::wire::Position;
use sdk::{Issue, Severity, abi};
use std::io::{ErrorKind, Read};
use std::time::{Duration, Instant};

/// How far one look into the pipe came.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Flow {
    /// A whole frame was taken.
    Frame,
    /// There is nothing to read now.
    Blocked,
    /// The worker's end of the pipe is closed.
    Closed,
}

/// The frame that ended the worker's work.
#[derive(Debug)]
pub(super) enum Ending {
    Final(Totals),
    Stopped { said: Said, panicked: bool },
    Finding(Finding),
    Violation(u32),
}

/// The state of one worker's stream.
pub(super) struct Intake<'a> {
    options: &'a Options,
    /// Nothing, where the worker should only say who the adapter is.
    sink: Option<&'a mut (dyn Sink + 'a)>,
    input_length: u64,
    header: [u8; HEADER],
    frame: Option<Header>,
    payload: Vec<u8>,
    /// Bytes of the header, or of the payload, that have arrived.
    filled: usize,
    pub(super) descriptor: Option<Descriptor>,
    pub(super) unconfined: Option<String>,
    pub(super) ending: Option<Ending>,
    pub(super) records: u64,
    pub(super) issues: u64,
    bytes: u64,
    progress: u64,
    /// Time that the sink took: not the adapter's.
    pub(super) sink_time: Duration,
}

impl<'a> Intake<'a> {
    pub(super) fn new(
        options: &'a Options,
        sink: Option<&'a mut (dyn Sink + 'a)>,
        input_length: u64,
    ) -> Self {
        Self {
            options,
            sink,
            input_length,
            header: [0; HEADER],
            frame: None,
            payload: Vec::new(),
            filled: 0,
            descriptor: None,
            unconfined: None,
            ending: None,
            records: 0,
            issues: 0,
            bytes: 0,
            progress: 0,
            sink_time: Duration::ZERO,
        }
    }

    /// Whether the stream broke off within a frame.
    pub(super) fn is_torn(&self) -> bool {
        self.filled > 0 || self.frame.is_some()
    }

    /// Tells that the adapter did not end when it was asked to.
    pub(super) fn killed(&mut self) {
        if let Some(sink) = &mut self.sink {
            sink.killed();
        }
    }

    /// Reads until a frame is whole or the pipe has no more.
    pub(super) fn advance(&mut self, pipe: &mut impl Read) -> Result<Flow, Fault> {
        loop {
            let place = match self.frame {
                None => self.header.get_mut(self.filled..),
                Some(_) => self.payload.get_mut(self.filled..),
            };
            match pipe.read(place.unwrap_or_default()) {
                Ok(0) => return Ok(Flow::Closed),
                Ok(count) => self.filled += count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(Flow::Blocked),
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(Fault::host("reading its frames")(error)),
            }
            if self.frame.is_none() && self.filled == HEADER {
                let header = self.open()?;
                self.frame = Some(header);
                self.payload = vec![0; header.length as usize];
                self.filled = 0;
            }
            if let Some(header) = self.frame
                && self.filled == self.payload.len()
            {
                self.frame = None;
                self.filled = 0;
                let payload = std::mem::take(&mut self.payload);
                self.take(header, payload)?;
                return Ok(Flow::Frame);
            }
        }
    }

    /// Checks a header before anything is kept for its payload.
    fn open(&mut self) -> Result<Header, Fault> {
        let header = Header::decode(self.header)
            .ok_or_else(|| Fault::protocol("a frame is of no known kind"))?;
        if self.ending.is_some() {
            return Err(Fault::protocol("a frame follows the final one"));
        }
        let most = match header.kind {
            Kind::Batch => self.options.frame_max,
            Kind::Violation => 0,
            _ => SMALL_MAX,
        };
        if header.length > most {
            return Err(Fault::protocol("a frame is larger than allowed"));
        }
        let early = matches!(
            header.kind,
            Kind::Descriptor | Kind::Finding | Kind::Violation
        );
        if self.descriptor.is_none() && !early {
            return Err(Fault::protocol("the descriptor did not come first"));
        }
        let whole = u64::from(header.length) + HEADER as u64;
        self.bytes = self.bytes.saturating_add(whole);
        within(self.bytes, self.options.output_max, Limit::Bytes)?;
        Ok(header)
    }

    fn take(&mut self, header: Header, payload: Vec<u8>) -> Result<(), Fault> {
        match header.kind {
            Kind::Batch => self.batch(payload, header.count),
            Kind::Issue => self.issue(decode(&payload)?),
            Kind::Progress => self.progress(decode::<Progress>(&payload)?.bytes_read),
            Kind::Stopped => {
                let said = decode(&payload)?;
                let panicked = header.count != 0;
                self.end(Ending::Stopped { said, panicked })
            }
            Kind::Final => self.end(Ending::Final(decode(&payload)?)),
            Kind::Finding => self.end(Ending::Finding(decode(&payload)?)),
            Kind::Violation => self.end(Ending::Violation(header.count)),
            Kind::Descriptor => self.introduce(decode(&payload)?),
        }
    }

    fn end(&mut self, ending: Ending) -> Result<(), Fault> {
        self.ending = Some(ending);
        Ok(())
    }

    fn introduce(&mut self, said: Introduction) -> Result<(), Fault> {
        if self.descriptor.is_some() {
            return Err(Fault::protocol("the descriptor came twice"));
        }
        let known = |byte: u8| byte == b'-' || byte.is_ascii_lowercase() || byte.is_ascii_digit();
        if said.name.is_empty() || said.name.len() > 40 || !said.name.bytes().all(known) {
            return Err(Fault::Incompatible {
                field: "name".to_owned(),
                ours: "1 to 40 of a-z, 0-9 and hyphen".to_owned(),
                theirs: "something else".to_owned(),
            });
        }
        let formats = said
            .formats
            .split(',')
            .map(|format| clean(format.trim(), 100));
        self.unconfined = Some(clean(&said.unconfined, 500)).filter(|missing| !missing.is_empty());
        self.descriptor = Some(Descriptor {
            formats: formats.filter(|format| !format.is_empty()).collect(),
            name: said.name,
            version: clean(&said.version, 100),
            abi: (said.abi_major, said.abi_minor),
            sdk_version: clean(&said.sdk_version, 100),
            compiler: clean(&said.compiler, 200),
            record_schema: said.record_schema,
        });
        Ok(())
    }

    fn batch(&mut self, payload: Vec<u8>, count: u32) -> Result<(), Fault> {
        let outline = outline(&payload).filter(|outline| count > 0 && outline.records == count);
        let outline = outline
            .ok_or_else(|| Fault::protocol("a batch does not hold as many records as it says"))?;
        let most = u64::from(self.options.record_max);
        within(outline.largest as u64, most, Limit::RecordBytes)?;
        self.records = self.records.saturating_add(u64::from(count));
        within(self.records, self.options.records_max, Limit::Records)?;
        if let [_] = outline.pieces.as_slice() {
            return self.hand(|sink| sink.batch(payload, count).map_err(|_| Fault::Cancelled));
        }
        let mut begin = 0;
        for (end, held) in outline.pieces {
            let piece = payload.get(begin..end).unwrap_or_default().to_vec();
            begin = end;
            self.hand(|sink| sink.batch(piece, held).map_err(|_| Fault::Cancelled))?;
        }
        Ok(())
    }

    fn issue(&mut self, said: Said) -> Result<(), Fault> {
        self.issues = self.issues.saturating_add(1);
        within(self.issues, self.options.issues_max, Limit::Issues)?;
        let severity = match said.severity {
            abi::WARNING => Severity::Warning,
            abi::ERROR => Severity::Error,
            _ => return Err(Fault::protocol("an issue is neither warning nor error")),
        };
        let issue = Issue {
            severity,
            code: code(said.code)?,
            message: clean(&said.message, 500),
            position: place(said.position),
        };
        self.hand(|sink| sink.issue(issue).map_err(|_| Fault::Cancelled))
    }

    fn progress(&mut self, bytes_read: u64) -> Result<(), Fault> {
        // Rising and bounded, so that signs of life come to an end too.
        if bytes_read <= self.progress || bytes_read > self.input_length {
            return Err(Fault::protocol(
                "it says that it read what it cannot have read",
            ));
        }
        self.progress = bytes_read;
        self.hand(|sink| {
            sink.progress(bytes_read);
            Ok(())
        })
    }

    fn hand(&mut self, give: impl FnOnce(&mut dyn Sink) -> Result<(), Fault>) -> Result<(), Fault> {
        let Some(sink) = &mut self.sink else {
            return Err(Fault::protocol("it ran where it was only asked who it is"));
        };
        let since = Instant::now();
        let given = give(&mut **sink);
        self.sink_time += since.elapsed();
        given
    }
}

impl Ending {
    /// What a stop or a finding is to the caller; the totals, where the work is complete. `token` is what the
    /// worker was given: a finding without it was written by the adapter.
    pub(super) fn judge(
        self,
        options: &Options,
        input_length: u64,
        token: &[u8],
    ) -> Result<Totals, Fault> {
        Err(match self {
            Self::Final(totals) => return Ok(totals),
            Self::Violation(call) => Fault::Sandbox {
                call: super::sandbox::call_name(call),
            },
            Self::Stopped {
                said,
                panicked: true,
            } => Fault::Panicked {
                place: clean(&said.message, 200),
            },
            Self::Stopped { said, .. } if said.code == abi::STOPPED_EARLY_CODE => {
                Fault::StoppedEarly {
                    read: place(said.position).byte().unwrap_or_default(),
                    length: input_length,
                }
            }
            Self::Stopped { said, .. } => Fault::Refused {
                code: code(said.code)?,
                message: clean(&said.message, 500),
                position: place(said.position),
            },
            Self::Finding(finding) if finding.token != token => {
                Fault::protocol("a finding is not the worker's")
            }
            Self::Finding(finding) => match finding.wrong {
                Some(wrong) => found(wrong, options),
                None => Fault::protocol("a finding is empty"),
            },
        })
    }
}

fn found(wrong: Wrong, options: &Options) -> Fault {
    match wrong {
        Wrong::SandboxUnavailable(missing) => Fault::SandboxUnavailable {
            missing: clean(&missing, 500),
        },
        Wrong::Unloadable(reason) => Fault::Unloadable {
            reason: clean(&reason, 500),
        },
        Wrong::Incompatible(difference) => Fault::Incompatible {
            field: clean(&difference.field, 100),
            ours: clean(&difference.ours, 100),
            theirs: clean(&difference.theirs, 100),
        },
        Wrong::Protocol(reason) => Fault::protocol(clean(&reason, 200)),
        Wrong::BatchTooLarge(_) => Fault::TooMuch {
            limit: Limit::BatchBytes,
            most: u64::from(options.frame_max),
        },
        Wrong::Machine(reason) => Fault::Host {
            action: "the worker says",
            source: std::io::Error::other(clean(&reason, 500)),
        },
    }
}

fn within(count: u64, most: u64, limit: Limit) -> Result<(), Fault> {
    if count > most {
        Err(Fault::TooMuch { limit, most })
    } else {
        Ok(())
    }
}

fn decode<T: Message + Default>(payload: &[u8]) -> Result<T, Fault> {
    T::decode(payload).map_err(|_| Fault::protocol("a frame could not be decoded"))
}

/// A stable code as the header allows it.
fn code(code: String) -> Result<String, Fault> {
    let known = |byte: u8| byte == b'-' || byte.is_ascii_lowercase() || byte.is_ascii_digit();
    if code.is_empty() || code.len() > 64 || !code.bytes().all(known) {
        return Err(Fault::protocol(
            "a code is not kebab-case of at most 64 bytes",
        ));
    }
    Ok(code)
}

fn place(position: Option<Position>) -> Position {
    let mut position = position.unwrap_or_default();
    position.path = clean(&position.path, 1000);
    position
}

/// A text without control characters and of at most `most` bytes.
fn clean(text: &str, most: usize) -> String {
    cut(text, most)
        .chars()
        .map(|character| {
            if character.is_control() {
                ' '
            } else {
                character
            }
        })
        .collect()
}

#[cfg(test)]
mod tests;
