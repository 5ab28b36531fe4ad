//! A receiver of events: it answers as it is told, then takes everything, and remembers all it heard.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// A request that came.
#[derive(Clone, Debug)]
pub(super) struct Heard {
    pub(super) method: String,
    pub(super) target: String,
    headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Heard {
    pub(super) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value)
    }

    pub(super) fn set(&mut self, name: &str, value: &str) {
        let found = self.headers.iter_mut().find(|(key, _)| key == name);
        found.unwrap().1 = value.to_owned();
    }
}

/// What is answered where nothing is.
pub(super) const HOLD: &str = "hold";

/// See the module.
pub(super) struct Receiver {
    pub(super) url: String,
    told: Arc<(Mutex<Vec<Heard>>, Condvar)>,
}

impl Receiver {
    /// One that answers its first requests so, each a status line's end and perhaps headers. An empty one
    /// closes the connection without a word; [`HOLD`] keeps it open, and never answers.
    pub(super) fn start(host: &str, answers: &[&str]) -> Self {
        let listener = TcpListener::bind((host, 0)).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let told: Arc<(Mutex<Vec<Heard>>, Condvar)> = Arc::default();
        let own = told.clone();
        let mut answers: Vec<String> = answers.iter().rev().map(ToString::to_string).collect();
        std::thread::spawn(move || {
            let mut held = Vec::new();
            for stream in listener.incoming().flatten() {
                let Some(heard) = hear(&stream) else {
                    continue;
                };
                own.0.lock().unwrap().push(heard);
                own.1.notify_all();
                let answer = answers.pop().unwrap_or_else(|| "204 No Content".to_owned());
                if answer == HOLD {
                    held.push(stream);
                } else if !answer.is_empty() {
                    let mut stream = stream;
                    let _ = write!(
                        stream,
                        "HTTP/1.1 {answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    );
                }
            }
        });
        Self { url, told }
    }

    /// What came so far.
    pub(super) fn heard(&self) -> Vec<Heard> {
        self.told.0.lock().unwrap().clone()
    }

    /// Waits until so many came.
    pub(super) fn wait(&self, many: usize) -> Vec<Heard> {
        let (heard, bell) = &*self.told;
        let (heard, waited) = bell
            .wait_timeout_while(heard.lock().unwrap(), Duration::from_secs(30), |heard| {
                heard.len() < many
            })
            .unwrap();
        assert!(!waited.timed_out(), "only {} came", heard.len());
        heard.clone()
    }
}

fn hear(stream: &TcpStream) -> Option<Heard> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace();
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        headers.push((name.to_ascii_lowercase(), value.to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length")?;
    let mut body = vec![0; length.1.parse().ok()?];
    reader.read_exact(&mut body).ok()?;
    Some(Heard {
        method,
        target,
        headers,
        body,
    })
}
