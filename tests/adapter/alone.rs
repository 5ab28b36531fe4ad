//! What must be left behind by nobody: descriptors, and workers whose registry has died. Each needs a process
//! of its own, which is this test's executable again, asked for one test that is otherwise ignored.

use super::{Kept, behave, confined, misbehaving, options};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, pidfd_open};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// What the other process says once it has begun.
const BEGUN: &str = "the adapter is running";

fn another(test: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--ignored", "--nocapture"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn no_descriptor_is_left() {
    if confined(&options()) {
        let mut other = another("adapter::alone::other_counts_its_descriptors");
        assert!(other.wait().unwrap().success());
    }
}

#[test]
#[ignore = "run by no_descriptor_is_left in a process of its own"]
fn other_counts_its_descriptors() {
    let open = || std::fs::read_dir("/proc/self/fd").unwrap().count();
    let options = options();
    let found = misbehaving(&options);
    let before = open();
    for how in ["good", "segfault", "garbage-frames", "exit", "open"] {
        drop(behave(&options, &found, how, &mut Kept::default()));
    }
    assert_eq!(open(), before);
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
            let worker = super::children();
            println!("{BEGUN} {}", worker.trim());
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
