//! An adapter that fails in every way an adapter can. Its configuration says how: `how = "segfault"`; with
//! `how = "as-the-file-says"` the first line of the file does, so that one registry sees many ways at once.
//! Asked to be `good`, it makes one record of each line, so that a test can see that the next import works.
//! What only the conformance kit notices stands in `quiet`.

#![expect(
    unsafe_code,
    clippy::panic,
    clippy::print_stderr,
    reason = "misbehaving is what this adapter is for"
)]

mod quiet;

use sdk::{
    Adapter, Input, Issue, Output, Person, Position, ResultRecord, Stop, Subject, export_adapter,
};
use std::hint::black_box;
use std::io::{BufRead, Read};

/// The adapter, and how it is to misbehave.
#[derive(Debug)]
pub struct Misbehaving {
    how: String,
}

impl Adapter for Misbehaving {
    const NAME: &'static str = "misbehaving";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const FORMATS: &'static str = "text/plain";

    fn new(config: &str) -> Result<Self, Stop> {
        let table: toml::Table = config
            .parse()
            .map_err(|_| Stop::new("config-invalid", "The configuration is not TOML."))?;
        let how = table.get("how").and_then(|how| how.as_str());
        let how = how.unwrap_or("good").to_owned();
        let known = |key: &String| key == "how" || key == "import";
        if how != "takes-any-key" && !table.keys().all(known) {
            return Err(Stop::new("config-invalid", "It has no other key than how."));
        }
        if how == "refuses-what-the-registry-adds" && table.contains_key("import") {
            return Err(Stop::new("config-invalid", "It has no key import."));
        }
        match how.as_str() {
            "panic-in-create" => panic!("Jane Smith"),
            "refuse-in-create" => Err(Stop::new("key-unknown", "A key is not known.")),
            _ => Ok(Self { how }),
        }
    }

    fn run(&mut self, input: &mut Input<'_>, output: &mut Output<'_>) -> Result<(), Stop> {
        if self.how == "as-the-file-says" {
            self.how.clear();
            input.read_line(&mut self.how)?;
            self.how.truncate(self.how.trim_end().len());
        }
        match self.how.as_str() {
            "stop-at-once" => return Ok(()),
            "stop-in-the-middle" => return one_line(input, output),
            "refuse" => {
                let stop = Stop::new("heading-missing", "The file has no heading.");
                return Err(stop.at(Position::row(1)));
            }
            "bad-code" => {
                return output.issue(&Issue::error("Not Kebab", "", Position::default()));
            }
            "endless-output" => loop {
                output.record(&record("again"))?;
            },
            "issue-flood" => loop {
                output.issue(&Issue::warning("odd", "Odd.", Position::row(1)))?;
            },
            "log-flood" => {
                for _ in 0..100_000 {
                    eprintln!("a line that nobody needs to keep, and many more of its kind");
                }
            }
            "log-flood-for-ever" => loop {
                eprintln!("a line that nobody needs to keep, and many more of its kind");
            },
            "memory-bomb" => {
                let mut held: Vec<Vec<u8>> = Vec::new();
                loop {
                    // Untouched, so that a busy machine does not take it for silence.
                    held.push(Vec::with_capacity(1 << 20));
                    black_box(&held);
                }
            }
            "endless-loop" => loop {
                black_box(0);
            },
            "issue-and-sleep" => {
                output.issue(&Issue::warning("odd", "Odd.", Position::row(1)))?;
                std::thread::sleep(std::time::Duration::from_secs(3600));
            }
            "until-cancelled" => {
                output.issue(&Issue::warning("odd", "Odd.", Position::row(1)))?;
                while !output.cancelled() {
                    black_box(0);
                }
                eprintln!("the adapter was told to end");
                return Err(Stop::cancelled());
            }
            "until-refused" => {
                output.issue(&Issue::warning("odd", "Odd.", Position::row(1)))?;
                while output.record(&record("again")).is_ok() {}
                eprintln!("the adapter's record was refused");
                let read = input.read(&mut [0]).is_ok();
                eprintln!("the adapter could read: {read}");
                return Err(Stop::cancelled());
            }
            "sleep" => std::thread::sleep(std::time::Duration::from_secs(3600)),
            "panic-in-run" => panic!("Jane Smith"),
            "abort" => std::process::abort(),
            "exit" => std::process::exit(0),
            "exit-with-three" => std::process::exit(3),
            "stack-overflow" => {
                black_box(deeper(1));
            }
            "open" => {
                black_box(std::fs::File::open("/etc/passwd").is_ok());
            }
            "connect" => {
                black_box(std::net::TcpStream::connect("127.0.0.1:80").is_ok());
            }
            "thread" => {
                black_box(std::thread::Builder::new().spawn(|| {}).is_ok());
            }
            how => {
                raw(how);
                if let Some(ended) = quiet::run(how, input, output) {
                    return ended;
                }
            }
        }
        all_lines(input, output)
    }
}

impl Drop for Misbehaving {
    fn drop(&mut self) {
        if self.how == "panic-in-drop" {
            panic!("Jane Smith");
        }
    }
}

export_adapter!(Misbehaving);

fn record(title: &str) -> ResultRecord {
    ResultRecord {
        position: Some(Position::row(1)),
        subject: Some(Subject {
            title: title.to_owned(),
            ..Subject::default()
        }),
        person: Some(Person {
            given_name: "Sam".to_owned(),
            family_name: "Example".to_owned(),
            date_of_birth: "1990-01-02".to_owned(),
            ..Person::default()
        }),
        ..ResultRecord::default()
    }
}

fn all_lines(input: &mut Input<'_>, output: &mut Output<'_>) -> Result<(), Stop> {
    let mut line = Vec::new();
    for row in 1.. {
        line.clear();
        // A line has no end in a hostile file.
        if input.by_ref().take(4096).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let text = String::from_utf8_lossy(&line);
        output.record(&ResultRecord {
            position: Some(Position::row(row)),
            ..record(text.trim_end().trim_matches(char::is_control))
        })?;
    }
    Ok(())
}

fn one_line(input: &mut Input<'_>, output: &mut Output<'_>) -> Result<(), Stop> {
    let mut line = String::new();
    input.read_line(&mut line)?;
    output.record(&record(&line))
}

#[expect(
    unconditional_recursion,
    reason = "the stack must come to its end without the compiler noticing"
)]
fn deeper(depth: u64) -> u64 {
    let block = black_box([depth; 64]);
    deeper(depth + 1) + black_box(block.iter().sum::<u64>())
}

/// A frame as the worker sends it.
fn frame(kind: u8, length: u32, count: u32, payload: &[u8]) {
    let mut bytes = vec![kind];
    bytes.extend(length.to_le_bytes());
    bytes.extend(count.to_le_bytes());
    bytes.extend(payload);
    write(&bytes);
}

/// Writes past the host, into the worker's own pipe.
fn write(bytes: &[u8]) {
    // SAFETY: the bytes are ours; the descriptor is the worker's, which is the point.
    unsafe { libc::write(1, bytes.as_ptr().cast(), bytes.len()) };
}

/// What only a system call by hand can do. None of it reaches the kernel.
fn raw(how: &str) {
    match how {
        "garbage-frames" => write(&[0xff; 64]),
        "oversized-frame" => frame(1, u32::MAX, 1, &[]),
        "torn-frame" => {
            write(&[1, 0, 0]);
            std::process::exit(0);
        }
        "wrong-count" => frame(1, 2, 5, &[0x0a, 0x00]),
        "bad-utf8" => frame(2, 4, 0, &[0x12, 0x02, 0xff, 0xfe]),
        // No records, no issues and a token of zeros.
        "forged-final" => {
            let mut token = vec![0x0a, 16];
            token.extend([0; 16]);
            frame(5, 18, 0, &token);
            std::process::exit(0);
        }
        "doubled-final" => frame(5, 0, 0, &[]),
        // Who it is, a second time.
        "forged-descriptor" => frame(6, 4, 0, &[0x0a, 0x02, b'm', b'e']),
        // "The machine": an import that fails for that would be tried again for ever.
        "forged-finding" => {
            frame(7, 3, 0, &[0x32, 0x01, b'x']);
            std::process::exit(0);
        }
        // It may blame itself.
        "forged-violation" => {
            frame(8, 0, 59, &[]);
            std::process::exit(0);
        }
        "missing-final" => std::process::exit(0),
        "false-progress" => frame(3, 3, 0, &[0x08, 0xff, 0x7f]),
        _ => {}
    }
    // SAFETY: each call is stopped by the sandbox or ends this process.
    unsafe {
        match how {
            "segfault" => std::ptr::write_volatile(std::ptr::without_provenance_mut::<u8>(8), 1),
            "exec" => {
                let nothing = std::ptr::null();
                libc::execve(c"/bin/true".as_ptr(), &nothing, &nothing);
            }
            "fork" => {
                libc::fork();
            }
            "kill" => {
                libc::kill(1, 0);
            }
            "ptrace" => {
                libc::ptrace(libc::PTRACE_TRACEME, 0, 0, 0);
            }
            "io-uring" => {
                libc::syscall(libc::SYS_io_uring_setup, 8, 0);
            }
            "executable-mapping" => {
                let protection = libc::PROT_READ | libc::PROT_WRITE | libc::PROT_EXEC;
                let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
                libc::mmap(std::ptr::null_mut(), 4096, protection, flags, -1, 0);
            }
            "executable-later" => {
                let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
                let page = libc::mmap(std::ptr::null_mut(), 4096, libc::PROT_READ, flags, -1, 0);
                libc::mprotect(page, 4096, libc::PROT_READ | libc::PROT_EXEC);
            }
            "read-library" => {
                libc::read(3, [0_u8; 16].as_mut_ptr().cast(), 16);
            }
            "setrlimit" => {
                let limit = libc::rlimit {
                    rlim_cur: libc::RLIM_INFINITY,
                    rlim_max: libc::RLIM_INFINITY,
                };
                libc::setrlimit(libc::RLIMIT_AS, &limit);
            }
            "signal-handler" => {
                libc::signal(libc::SIGSYS, libc::SIG_IGN);
            }
            "seek-input" => {
                libc::lseek(0, 0, libc::SEEK_END);
            }
            "write-input" => {
                libc::write(0, c"x".as_ptr().cast(), 1);
            }
            "close-frames" => {
                libc::close(1);
            }
            _ => {}
        }
    }
}
