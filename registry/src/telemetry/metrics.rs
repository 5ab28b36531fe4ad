//! Metrics: what they are called, and those that are looked up when somebody asks. Every label has few
//! values, and none of them is anybody's.

use crate::error::Error;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::time::Duration;

/// The bounds of histograms of requests and hops, in seconds.
const SECONDS: [f64; 12] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0,
];
/// Those of an adapter's run over a file.
const RUN_SECONDS: [f64; 8] = [0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 1800.0];
/// How often what was recorded is put into its buckets while nobody asks, so that it does not pile up.
const UPKEEP: Duration = Duration::from_secs(5);

/// Begins to record. A second recorder in one process is refused; the first goes on then.
#[must_use]
pub fn install() -> Option<PrometheusHandle> {
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(
            Matcher::Full("registry_worker_run_seconds".to_owned()),
            &RUN_SECONDS,
        )
        .and_then(|builder| {
            builder.set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)
        })
        .ok()?;
    let handle = recorder.install_recorder().ok()?;
    describe();
    let upkeep = handle.clone();
    let keeping = std::thread::Builder::new()
        .name("metrics".to_owned())
        .spawn(move || {
            loop {
                std::thread::sleep(UPKEEP);
                upkeep.run_upkeep();
            }
        });
    if let Err(error) = keeping {
        drop(Error::internal(error));
    }
    Some(handle)
}

fn describe() {
    use metrics::{
        describe_counter as counter, describe_gauge as gauge, describe_histogram as histogram,
    };
    counter!(
        "registry_http_requests_total",
        "Requests, by route and class of status"
    );
    histogram!(
        "registry_http_request_seconds",
        "How long requests took until their last byte"
    );
    histogram!(
        "registry_database_wait_seconds",
        "How long hops waited for a thread with a connection"
    );
    histogram!("registry_database_run_seconds", "How long hops ran");
    gauge!("registry_database_waiting", "Hops that wait now");
    counter!(
        "registry_slow_statements_total",
        "Statements slower than log.slow_query_ms"
    );
    gauge!(
        "registry_imports_waiting",
        "Imports that wait, of those that this server can run"
    );
    gauge!("registry_imports_running", "Imports that run now");
    counter!(
        "registry_imports_total",
        "Imports that ended, by adapter, state and code"
    );
    counter!(
        "registry_imports_undone_total",
        "Imports that were taken back, by adapter"
    );
    counter!(
        "registry_import_records_total",
        "Records of imports that ended"
    );
    counter!(
        "registry_worker_runs_total",
        "Runs of adapters over a file, by how they ended"
    );
    histogram!("registry_worker_run_seconds", "How long they took");
    counter!(
        "registry_receipts_total",
        "Verifications with their receipts, by outcome"
    );
    counter!("registry_rate_limited_total", "What was refused by a limit");
    counter!(
        "registry_internal_errors_total",
        "Internal errors; the log has each"
    );
    counter!(
        "registry_webhook_deliveries_total",
        "Attempts to deliver events, by what became of them"
    );
    histogram!(
        "registry_webhook_delivery_seconds",
        "How long their receivers took"
    );
    counter!(
        "registry_trace_batches_total",
        "Batches of spans, taken by the collector or lost"
    );
    gauge!("registry_sockets_open", "Sockets that are open now");
    gauge!("registry_build_info", "Always 1; the labels say what runs");
    gauge!("process_resident_memory_bytes", "Memory in use");
    gauge!("process_virtual_memory_bytes", "Address space in use");
    gauge!("process_open_fds", "Open files and sockets");
    gauge!("process_max_fds", "How many there may be");
    gauge!("process_threads", "Threads");
    gauge!("process_start_time_seconds", "When the process began");
    gauge!("process_cpu_seconds_total", "Processor time used");
}

/// Looks at the process, for an answer that is about to be given.
#[expect(clippy::cast_precision_loss, reason = "a gauge is a floating number")]
pub fn look_at_process() {
    let page = rustix::param::page_size() as f64;
    if let Ok(pages) = std::fs::read_to_string("/proc/self/statm") {
        let mut pages = pages.split(' ').filter_map(|text| text.parse::<f64>().ok());
        if let (Some(size), Some(resident)) = (pages.next(), pages.next()) {
            metrics::gauge!("process_virtual_memory_bytes").set(size * page);
            metrics::gauge!("process_resident_memory_bytes").set(resident * page);
        }
    }
    if let Ok(entries) = std::fs::read_dir("/proc/self/fd") {
        metrics::gauge!("process_open_fds").set(entries.count() as f64);
    }
    if let Some(most) = rustix::process::getrlimit(rustix::process::Resource::Nofile).current {
        metrics::gauge!("process_max_fds").set(most as f64);
    }
    // The name in parentheses may hold anything; what follows it are numbers.
    let Ok(stat) = std::fs::read_to_string("/proc/self/stat") else {
        return;
    };
    let fields: Vec<f64> = stat
        .rsplit_once(')')
        .map_or("", |(_, rest)| rest)
        .split_whitespace()
        .map(|text| text.parse().unwrap_or(0.0))
        .collect();
    let ticks = rustix::param::clock_ticks_per_second() as f64;
    let field = |number: usize| fields.get(number).copied().unwrap_or(0.0);
    metrics::gauge!("process_cpu_seconds_total").set((field(11) + field(12)) / ticks);
    metrics::gauge!("process_threads").set(field(17));
    if let Some(booted) = booted() {
        metrics::gauge!("process_start_time_seconds").set(booted + field(19) / ticks);
    }
}

/// When the machine was started, in seconds of the epoch: the kernel's own word, the same at each look.
fn booted() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/stat").ok()?;
    let since = stat.lines().find_map(|line| line.strip_prefix("btime "))?;
    since.trim().parse().ok()
}
