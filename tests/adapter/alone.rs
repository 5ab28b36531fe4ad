//! What must be left behind by nobody: descriptors, and workers whose registry has died. Each needs a process
//! of its own, which is this test's executable again, asked for one test that is otherwise ignored.

use super::matrix::MATRIX;
use super::{Kept, behave, confined, misbehaving, options, works};
use registry::adapter::{Fault, Options, find};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, pidfd_open};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// What the other process says once it has begun.
const BEGUN: &str = "the adapter is running";

/// This executable, asked for one test.
pub(super) fn another(test: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--ignored", "--nocapture"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The processes that this one has started and not reaped, dead or alive.
pub(super) fn children() -> Vec<u32> {
    let own = std::process::id().to_string();
    let entries = std::fs::read_dir("/proc").unwrap();
    let numbers = entries.filter_map(|entry| entry.unwrap().file_name().to_str()?.parse().ok());
    numbers
        .filter(|number: &u32| {
            // One that ended since the folder was read is nobody's child.
            let text = std::fs::read_to_string(format!("/proc/{number}/stat")).unwrap_or_default();
            let fields = text.rsplit_once(')').map_or("", |(_, fields)| fields);
            fields.split_whitespace().nth(1) == Some(own.as_str())
        })
        .collect()
}

#[test]
fn nothing_is_left_of_any_run() {
    if confined(&options()) {
        let mut other = another("adapter::alone::other_counts_what_is_left");
        assert!(other.wait().unwrap().success());
    }
}

#[test]
#[ignore = "run by nothing_is_left_of_any_run in a process of its own"]
fn other_counts_what_is_left() {
    let open = || {
        let entries = std::fs::read_dir("/proc/self/fd").unwrap();
        let mut open: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
        open.sort();
        open
    };
    let options = options();
    let impatient = Options {
        silence: std::time::Duration::from_millis(300),
        ..options.clone()
    };
    let hasty = Options {
        wall: std::time::Duration::from_millis(300),
        ..options.clone()
    };
    let found = misbehaving(&options);
    let before = open();
    let nothing_left = |how: &str| {
        assert_eq!(open(), before, "descriptors after {how}");
        assert_eq!(children(), Vec::<u32>::new(), "processes after {how}");
    };
    for (how, ..) in MATRIX {
        behave(&options, &found, how, &mut Kept::default()).unwrap_err();
        nothing_left(how);
    }
    for (options, how) in [
        (&impatient, "sleep"),
        (&impatient, "endless-loop"),
        (&impatient, "log-flood-for-ever"),
        (&hasty, "until-cancelled"),
    ] {
        behave(options, &found, how, &mut Kept::default()).unwrap_err();
        nothing_left(how);
    }
    let mut closed = Kept {
        most: Some(0),
        ..Kept::default()
    };
    behave(&options, &found, "endless-output", &mut closed).unwrap_err();
    nothing_left("a sink that takes no more");
    let nowhere = Options {
        worker_program: "/nowhere".into(),
        ..options.clone()
    };
    let fault = behave(&nowhere, &found, "good", &mut Kept::default()).unwrap_err();
    assert!(matches!(fault, Fault::Host { .. }), "{fault}");
    nothing_left("a worker that cannot be started");
    super::c::broken_libraries(&mut |options, what| {
        find(options, "in-c").unwrap_err();
        nothing_left(what);
    });
    works(&options, &found);
    nothing_left("a good run");
}

#[test]
fn a_worker_dies_with_its_registry() {
    if !confined(&options()) {
        return;
    }
    let mut other = another("adapter::alone::other_runs_for_ever");
    let said = BufReader::new(other.stdout.take().unwrap()).lines();
    let said = said.map_while(Result::ok);
    let line = said.into_iter().find_map(|line| {
        let (_, pid) = line.split_once(BEGUN)?;
        pid.trim().parse::<i32>().ok()
    });
    let worker = Pid::from_raw(line.unwrap()).unwrap();
    let worker = pidfd_open(worker, PidfdFlags::empty()).unwrap();
    other.kill().unwrap();
    other.wait().unwrap();
    let patience = Timespec {
        tv_sec: 20,
        tv_nsec: 0,
    };
    let mut gone = [PollFd::new(&worker, PollFlags::IN)];
    assert_eq!(poll(&mut gone, Some(&patience)).unwrap(), 1);
}

#[test]
#[ignore = "run by a_worker_dies_with_its_registry, which kills it"]
fn other_runs_for_ever() {
    /// Tells the worker's number once the adapter has handed something over.
    struct Telling;
    impl registry::adapter::Sink for Telling {
        fn batch(&mut self, _: Vec<u8>, _: u32) -> Result<(), registry::adapter::SinkClosed> {
            Ok(())
        }

        fn issue(&mut self, _: sdk::Issue) -> Result<(), registry::adapter::SinkClosed> {
            let workers = children();
            println!("{BEGUN} {}", workers.first().unwrap());
            Ok(())
        }

        fn progress(&mut self, _: u64) {}
    }
    let options = options();
    let found = misbehaving(&options);
    let never = std::sync::atomic::AtomicBool::new(false);
    let config = "how = \"issue-and-sleep\"";
    let file = super::file(super::FILE);
    let ended = registry::adapter::run(&options, &found, config, file, 14, &mut Telling, &never);
    ended.unwrap_err();
}
