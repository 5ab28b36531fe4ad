//! What `/metrics` tells, and that its labels are few.

use super::process::Process;
use crate::support::{Registry, Row, csv, uln};
use registry::access::Role;
use serde_json::{Value, json};

#[test]
fn an_operator_sees_requests_hops_imports_receipts_and_the_process() {
    let registry = Registry::new().with_register();
    let body = registry.token(Role::AwardingBody, None, Some("RN5217"));
    let process = Process::serve(registry, &[]);
    let served = &process.served;
    let bearer = format!("Bearer {body}");
    let pushed = served.request(
        "POST",
        "/imports/csv",
        &[("Authorization", &bearer)],
        &csv(&[Row::award(1, "R-1")]),
    );
    served.ended(&body, pushed.header("location"));
    let broken = served.request("POST", "/imports/lrs", &[("Authorization", &bearer)], b"<x");
    assert_eq!(broken.status, 202, "{}", broken.body);
    served.ended(&body, broken.header("location"));
    let input =
        json!({"certificateNumber": "x", "familyName": "Inventedb", "dateOfBirth": "1971-04-02"});
    let query = "query ($i: VerifyInput!) { verify(input: $i) { outcome } }";
    served.graphql(None, query, json!({"i": input}));
    served.graphql(
        None,
        "{ qualification(number: \"500/9170/0\") { title } }",
        Value::Null,
    );
    for path in ["/nothing/1", "/nothing/2", &format!("/imports/{}", uln(1))] {
        served.get(path, None);
    }
    let text = served.get("/metrics", None).body;
    let began = |text: &str| {
        let mut lines = text.lines();
        let line = lines.find(|line| line.starts_with("process_start_time_seconds "));
        line.unwrap().to_owned()
    };
    let again = served.get("/metrics", None).body;
    assert_eq!(began(&again), began(&text), "a process begins once");
    for line in [
        "registry_http_requests_total{route=\"/graphql\",status=\"2xx\"} 2",
        "registry_http_requests_total{route=\"none\",status=\"4xx\"} 2",
        "registry_http_request_seconds_bucket{route=\"/graphql\",status=\"2xx\",le=\"+Inf\"} 2",
        "registry_database_run_seconds_bucket{kind=\"read\",le=\"+Inf\"}",
        "registry_database_wait_seconds_count{kind=\"write\"}",
        "registry_database_waiting{kind=\"read\"} 0",
        "registry_imports_total{adapter=\"csv\",state=\"done\",code=\"none\"} 1",
        "registry_imports_total{adapter=\"lrs\",state=\"failed\",code=",
        "registry_imports_waiting 0",
        "registry_worker_runs_total{ending=\"done\"} 1",
        "registry_worker_run_seconds_count 2",
        "registry_receipts_total{outcome=\"UNDETERMINED\"} 1",
        "process_resident_memory_bytes ",
        "process_open_fds ",
        "process_threads ",
        "process_start_time_seconds ",
        "process_cpu_seconds_total ",
        "registry_build_info{version=",
        "# TYPE registry_http_request_seconds histogram",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    for secret in ["Invented", "Ada", &uln(1), "1971-04-02", "nothing"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}
