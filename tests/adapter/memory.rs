//! Memory does not grow with the file: a small one and one of sixteen times its size are read by the real
//! adapter `csv` in the worker. `bench memory` does the same with gigabytes through a served registry.

use super::alone::{another, children};
use super::{confined, options};
use registry::adapter::{Options, Sink, SinkClosed, find, run};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::sync::atomic::AtomicBool;

#[test]
fn memory_does_not_grow_with_the_file() {
    if confined(&options()) {
        let mut other = another("adapter::memory::other_reads_large_files");
        assert!(other.wait().unwrap().success());
    }
}

/// Bytes of its own, and shared ones, that a process holds in memory: what cannot be dropped and read again.
fn held(process: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let kilobytes = |name: &str| -> u64 {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        // A process that is ending has none.
        line.map_or(0, |line| {
            line.trim().trim_end_matches(" kB").parse().unwrap()
        })
    };
    (kilobytes("RssAnon:") + kilobytes("RssShmem:")) << 10
}

/// The most that both sides held whenever a batch came.
#[derive(Default)]
struct Most {
    host: u64,
    worker: u64,
    batches: u32,
}

impl Sink for Most {
    fn batch(&mut self, _: Vec<u8>, _: u32) -> Result<(), SinkClosed> {
        self.host = self.host.max(held("self"));
        for worker in children() {
            self.worker = self.worker.max(held(&worker.to_string()));
        }
        self.batches += 1;
        Ok(())
    }

    fn issue(&mut self, _: sdk::Issue) -> Result<(), SinkClosed> {
        Ok(())
    }

    fn progress(&mut self, _: u64) {}
}

/// Real rows, of which each differs, with a long column that the adapter does not know and keeps.
fn table(bytes: u64) -> (File, u64) {
    let mut file = BufWriter::new(tempfile::tempfile().unwrap());
    let mut written = 0;
    let mut row = String::from("uln,title,result_id,awarded_on,remarks\n");
    let mut number = 0_u64;
    while written < bytes {
        file.write_all(row.as_bytes()).unwrap();
        written += row.len() as u64;
        number += 1;
        let word = format!("remark {number} of nobody; ");
        row = format!(
            "-2,An invented certificate,R-{number},2015-06-30,{}\n",
            word.repeat(80)
        );
    }
    let file = file.into_inner().unwrap();
    (file, written)
}

#[test]
#[ignore = "run by memory_does_not_grow_with_the_file in a process of its own"]
fn other_reads_large_files() {
    const MEBIBYTE: u64 = 1 << 20;
    let options = Options {
        records_max: u64::MAX,
        ..options()
    };
    let found = find(&options, "csv").unwrap();
    let read = |bytes: u64| {
        let (file, length) = table(bytes);
        let mut most = Most::default();
        let never = AtomicBool::new(false);
        let summary = run(&options, &found, "", file, length, &mut most, &never).unwrap();
        assert_eq!(summary.bytes_read, length);
        assert!(summary.records > bytes / 3000);
        most
    };
    // Larger than what fits into the pipe, so that the worker is still there when a batch comes.
    let small = read(4 * MEBIBYTE);
    let large = read(64 * MEBIBYTE);
    println!(
        "small: host {} worker {}; large: host {} worker {} in {} batches",
        small.host, small.worker, large.host, large.worker, large.batches
    );
    assert!(small.worker > 0 && large.batches > 12 * small.batches);
    assert!(
        large.worker < small.worker + 2 * MEBIBYTE,
        "the worker grew"
    );
    assert!(large.host < small.host + 4 * MEBIBYTE, "the host grew");
    assert!(large.worker < 32 * MEBIBYTE && large.host < 64 * MEBIBYTE);
}
