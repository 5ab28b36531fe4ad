//! A client of `/graphql/ws`: the upgrade by hand, so that it can be a wrong one, and then a WebSocket.

use crate::support::Served;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;
use tungstenite::protocol::{Role, WebSocket, WebSocketConfig};
use tungstenite::{Error, Message};

/// The subprotocol as a header.
pub(super) const PROTOCOL: (&str, &str) = ("Sec-WebSocket-Protocol", "graphql-transport-ws");

/// What a server says.
#[derive(Debug, PartialEq)]
pub(super) enum Heard {
    /// A message.
    Said(Value),
    /// A WebSocket ping.
    Ping,
    /// The close, with its code and reason.
    Closed(u16, String),
    /// The end of the connection without a close.
    Cut,
}

/// The answer to an upgrade: its head, and the connection.
pub(super) fn upgrade(url: &str, headers: &[(&str, &str)]) -> (String, TcpStream) {
    let address = url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    let mut request = format!("GET /graphql/ws HTTP/1.1\r\nHost: {address}\r\n");
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    stream
        .write_all(format!("{request}\r\n").as_bytes())
        .unwrap();
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
        head.push(byte[0]);
    }
    (String::from_utf8(head).unwrap(), stream)
}

/// The headers of a right upgrade, with others.
pub(super) fn right<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut headers = vec![
        ("Upgrade", "websocket"),
        ("Connection", "Upgrade"),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];
    headers.extend(more);
    headers
}

/// A socket.
pub(crate) struct Socket(pub(super) WebSocket<TcpStream>);

impl Socket {
    /// One that is open and not introduced.
    pub(super) fn open(url: &str, more: &[(&str, &str)]) -> Self {
        let (head, stream) = upgrade(url, &right(more));
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
        let config = WebSocketConfig::default();
        Self(WebSocket::from_raw_socket(
            stream,
            Role::Client,
            Some(config),
        ))
    }

    /// One whose introduction was taken.
    pub(crate) fn introduced(served: &Served, token: Option<&str>) -> Self {
        let mut socket = Self::open(&served.url, &[PROTOCOL]);
        let payload = token.map(|token| json!({"authorization": format!("Bearer {token}")}));
        socket.say(json!({"type": "connection_init", "payload": payload}));
        assert_eq!(
            socket.hear(),
            Heard::Said(json!({"type": "connection_ack"}))
        );
        socket
    }

    pub(super) fn say(&mut self, message: Value) {
        self.0.send(Message::text(message.to_string())).unwrap();
    }

    pub(crate) fn subscribe(&mut self, id: &str, payload: Value) {
        self.say(json!({"id": id, "type": "subscribe", "payload": payload}));
    }

    pub(super) fn hear(&mut self) -> Heard {
        loop {
            match self.0.read() {
                Ok(Message::Text(text)) => {
                    return Heard::Said(serde_json::from_str(&text).unwrap());
                }
                Ok(Message::Ping(_)) => return Heard::Ping,
                Ok(Message::Close(Some(frame))) => {
                    return Heard::Closed(frame.code.into(), frame.reason.to_string());
                }
                Ok(Message::Close(None)) => return Heard::Closed(1005, String::new()),
                Ok(_) => {}
                Err(Error::Io(error)) if error.kind() == std::io::ErrorKind::WouldBlock => {
                    panic!("nothing was heard")
                }
                Err(_) => return Heard::Cut,
            }
        }
    }

    /// The next message.
    pub(crate) fn said(&mut self) -> Value {
        loop {
            match self.hear() {
                Heard::Said(message) => return message,
                Heard::Ping => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// The close, whatever is said before.
    pub(super) fn closed(&mut self) -> (u16, String) {
        loop {
            match self.hear() {
                Heard::Closed(code, reason) => return (code, reason),
                Heard::Cut => panic!("the connection ended without a close"),
                _ => {}
            }
        }
    }
}
