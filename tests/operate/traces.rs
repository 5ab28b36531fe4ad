//! Traces, as a collector receives them: the right parents, the client's own trace, and nothing of anybody.

use super::process::Process;
use crate::support::{Registry, Row, csv, uln};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use registry::access::Role;
use serde_json::json;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const PARENT: &str = "b7ad6b7169203331";

type Received = (Vec<Span>, Vec<u8>);

/// A collector that keeps what it is sent.
struct Collector {
    url: String,
    received: Arc<(Mutex<Received>, Condvar)>,
}

impl Collector {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let collector = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            received: Arc::default(),
        };
        let received = collector.received.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let received = received.clone();
                std::thread::spawn(move || while take(&stream, &received).is_some() {});
            }
        });
        collector
    }

    /// The spans of a trace, once all of these names are among them; and all bytes that came.
    fn trace(&self, trace: &str, names: &[&str]) -> (Vec<Span>, Vec<u8>) {
        let of = |spans: &Vec<Span>| -> Vec<Span> {
            let fits = spans
                .iter()
                .filter(|span| hexadecimal(&span.trace_id) == trace);
            fits.cloned().collect()
        };
        let (received, more) = &*self.received;
        let (received, _) = more
            .wait_timeout_while(
                received.lock().unwrap(),
                Duration::from_secs(30),
                |received| {
                    let spans = of(&received.0);
                    !names
                        .iter()
                        .all(|name| spans.iter().any(|span| span.name == *name))
                },
            )
            .unwrap();
        let told: Vec<&str> = received.0.iter().map(|span| span.name.as_str()).collect();
        let spans = of(&received.0);
        assert!(
            names
                .iter()
                .all(|name| spans.iter().any(|span| span.name == *name)),
            "{names:?} are not all in {told:?}"
        );
        (spans, received.1.clone())
    }
}

/// Takes one request of a connection that may bring several.
fn take(stream: &TcpStream, received: &(Mutex<Received>, Condvar)) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let (mut length, mut line) = (0, String::new());
    loop {
        line.clear();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let header = line.to_ascii_lowercase();
        if header.starts_with("post ") {
            assert!(header.starts_with("post /v1/traces "), "{header}");
        }
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if header.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let request = ExportTraceServiceRequest::decode(body.as_slice()).unwrap();
    {
        let mut kept = received.0.lock().unwrap();
        for resource in request.resource_spans {
            for scope in resource.scope_spans {
                kept.0.extend(scope.spans);
            }
        }
        kept.1.extend(body);
    }
    received.1.notify_all();
    let mut stream = stream;
    stream
        .write_all(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n",
        )
        .ok()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn one<'a>(spans: &'a [Span], name: &str) -> &'a Span {
    let mut found = spans.iter().filter(|span| span.name == name);
    let first = found.next().unwrap_or_else(|| panic!("no {name}"));
    assert!(found.next().is_none(), "{name} is there twice");
    first
}

fn assert_nothing_of_anybody(bytes: &[u8], secrets: &[&str]) {
    for secret in secrets {
        assert!(
            memchr::memmem::find(bytes, secret.as_bytes()).is_none(),
            "{secret} was sent to the collector"
        );
    }
}

#[test]
fn the_trace_of_a_verification_and_of_a_push_hangs_together_and_names_nobody() {
    let collector = Collector::start();
    let registry = Registry::new().with_register();
    registry.push_csv(
        "RN5217",
        &csv(&[Row::award(1, "R-1").with("certificate_number", "CERT-4711")]),
    );
    let employer = registry.token(Role::Employer, None, None);
    let body_token = registry.token(Role::AwardingBody, None, Some("RN5217"));
    let process = Process::serve(registry, &[("REGISTRY_TELEMETRY__OTLP", &collector.url)]);
    let parent = format!("00-{TRACE}-{PARENT}-01");
    let query = "query Verify($i: VerifyInput!) { verify(input: $i) { outcome } }";
    let input = json!({"certificateNumber": "CERT-4711", "familyName": "Inventedb",
        "dateOfBirth": "1971-04-02", "purpose": "Application of Ada"});
    let asked = process.served.request(
        "POST",
        "/graphql?secret=Inventedb",
        &[
            ("Authorization", &format!("Bearer {employer}")),
            ("Content-Type", "application/json"),
            ("traceparent", &parent),
        ],
        json!({"query": query, "variables": {"i": input}})
            .to_string()
            .as_bytes(),
    );
    assert_eq!(
        asked.json()["data"]["verify"]["outcome"],
        "VALID",
        "{}",
        asked.body
    );
    let (spans, _) = collector.trace(
        TRACE,
        &["POST /graphql", "query Verify", "verify", "read", "write"],
    );
    let chain = ["POST /graphql", "query Verify", "verify"].map(|name| one(&spans, name));
    assert_eq!(hexadecimal(&chain[0].parent_span_id), PARENT);
    assert_eq!(chain[1].parent_span_id, chain[0].span_id);
    assert_eq!(chain[2].parent_span_id, chain[1].span_id);
    for hop in ["read", "write"] {
        let hop = one(&spans, hop);
        assert_eq!(hop.parent_span_id, chain[2].span_id);
        let statements = spans
            .iter()
            .filter(|span| span.parent_span_id == hop.span_id);
        assert!(statements.count() > 0, "{} has no statement", hop.name);
    }
    assert!(
        spans.iter().any(|span| span.name == "INSERT receipt"),
        "{spans:#?}"
    );
    // The log names the trace, so that one leads to the other.
    process
        .log
        .event(|event| event["span"]["trace_id"] == TRACE);

    let other = "11111111111111111111111111111111";
    let pushed = process.served.request(
        "POST",
        "/imports/csv",
        &[
            ("Authorization", &format!("Bearer {body_token}")),
            ("traceparent", &format!("00-{other}-{PARENT}-01")),
        ],
        &csv(&[Row::award(2, "R-2"), Row::award(3, "R-3")]),
    );
    assert_eq!(pushed.status, 202, "{}", pushed.body);
    let (spans, _) = collector.trace(
        other,
        &[
            "POST /imports/{name}",
            "import",
            "reading",
            "worker",
            "merging",
        ],
    );
    let push = one(&spans, "POST /imports/{name}");
    let import = one(&spans, "import");
    let reading = one(&spans, "reading");
    assert_eq!(import.parent_span_id, push.span_id);
    assert_eq!(reading.parent_span_id, import.span_id);
    assert_eq!(one(&spans, "worker").parent_span_id, reading.span_id);
    assert_eq!(one(&spans, "merging").parent_span_id, import.span_id);

    // What a request did right before the end is sent too.
    let last = "22222222222222222222222222222222";
    process.served.request(
        "GET",
        "/nothing",
        &[("traceparent", &format!("00-{last}-{PARENT}-01"))],
        b"",
    );
    let (status, _) = process.stop();
    assert!(status.success(), "{status}");
    let (_, bytes) = collector.trace(last, &["GET none"]);
    let numbers = [uln(1), uln(2), uln(3)];
    let mut secrets = vec![
        "Ada",
        "Invented",
        "1971-04-02",
        "1972-04-03",
        "CERT-4711",
        "Application",
        "of-the-test",
        "little-acorns",
        "secret",
        "VerifyInput",
        "Bearer",
    ];
    secrets.extend(numbers.iter().map(String::as_str));
    assert_nothing_of_anybody(&bytes, &secrets);
}

#[test]
fn who_asks_not_to_be_traced_is_not() {
    let collector = Collector::start();
    let process = Process::serve(
        Registry::new(),
        &[("REGISTRY_TELEMETRY__OTLP", &collector.url)],
    );
    let quiet = "33333333333333333333333333333333";
    let told = "44444444444444444444444444444444";
    for (trace, flags) in [(quiet, "00"), (told, "01")] {
        let parent = format!("00-{trace}-{PARENT}-{flags}");
        process
            .served
            .request("GET", "/nothing", &[("traceparent", &parent)], b"");
    }
    process.stop();
    collector.trace(told, &["GET none"]);
    assert_eq!(collector.trace(quiet, &[]).0.len(), 0);
}

#[test]
fn a_collector_that_is_away_hurts_nobody_and_is_told_of_once() {
    // A port on which nobody listens.
    let url = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let process = Process::serve(Registry::new(), &[("REGISTRY_TELEMETRY__OTLP", &url)]);
    for _ in 0..200 {
        assert_eq!(
            process.served.get("/.well-known/jwks.json", None).status,
            200
        );
    }
    let away = "the collector takes no traces; they are dropped until it does";
    process.log.event(|event| event["message"] == away);
    assert_eq!(process.served.get("/healthz", None).status, 200);
    let (status, log) = process.stop();
    assert!(status.success(), "{status}");
    let told = log.all().iter().filter(|line| line.contains(away)).count();
    assert_eq!(told, 1);
}
