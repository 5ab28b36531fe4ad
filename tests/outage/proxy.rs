//! A way to the database that a test can cut, close, freeze, or let an answer get lost on.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};

#[derive(Default)]
struct State {
    /// New connections are closed at once.
    refusing: bool,
    /// The answers to so many of the next commits get lost, with their connections.
    losing: usize,
    lost: usize,
    /// Connections with a number below this are frozen: taken, and nothing comes through.
    frozen_below: usize,
    connections: Vec<(usize, TcpStream, TcpStream)>,
    next: usize,
}

/// See the module.
#[derive(Clone)]
pub(super) struct Proxy {
    port: u16,
    state: Arc<(Mutex<State>, Condvar)>,
}

impl Proxy {
    /// A way to the server of that address, and the address by this way.
    pub(super) fn to(url: &str) -> (Self, String) {
        let (start, rest) = url.split_once('@').unwrap();
        let (server, name) = rest.split_once('/').unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let proxy = Self {
            port: listener.local_addr().unwrap().port(),
            state: Arc::default(),
        };
        let (serving, server) = (proxy.clone(), server.to_owned());
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                serving.take(client, &server);
            }
        });
        let address = format!("{start}@127.0.0.1:{}/{name}", proxy.port);
        (proxy, address)
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.0.lock().unwrap());
        self.state.1.notify_all();
    }

    /// Ends every connection.
    pub(super) fn cut(&self) {
        self.change(|state| {
            for (_, client, server) in state.connections.drain(..) {
                let _ = client.shutdown(Shutdown::Both);
                let _ = server.shutdown(Shutdown::Both);
            }
        });
    }

    /// Ends every connection, and takes no new one until [`Proxy::open`].
    pub(super) fn close(&self) {
        self.change(|state| state.refusing = true);
        self.cut();
    }

    pub(super) fn open(&self) {
        self.change(|state| state.refusing = false);
    }

    /// From now on nothing comes through the connections that there are, and nobody is told. New ones work.
    pub(super) fn freeze(&self) {
        self.change(|state| state.frozen_below = state.next);
    }

    /// The server gets the next `count` commits, and whoever sent them gets no answer.
    pub(super) fn lose_commits(&self, count: usize) {
        self.change(|state| {
            state.losing = count;
            state.lost = 0;
        });
    }

    /// How many answers got lost.
    pub(super) fn lost(&self) -> usize {
        self.state.0.lock().unwrap().lost
    }

    fn take(&self, client: TcpStream, server: &str) {
        let mut state = self.state.0.lock().unwrap();
        if state.refusing {
            return;
        }
        let server = TcpStream::connect(server).unwrap();
        let number = state.next;
        state.next += 1;
        let clone = |stream: &TcpStream| stream.try_clone().unwrap();
        state
            .connections
            .push((number, clone(&client), clone(&server)));
        drop(state);
        let losing = Arc::new(Mutex::new(false));
        let (there, back) = ((clone(&client), clone(&server)), (server, client));
        let (proxy, mark) = (self.clone(), losing.clone());
        std::thread::spawn(move || {
            proxy.forward(number, there.0, there.1, |bytes, proxy| {
                if bytes.windows(6).any(|word| word == b"COMMIT") {
                    proxy.change(|state| {
                        if state.losing > 0 {
                            state.losing -= 1;
                            *mark.lock().unwrap() = true;
                        }
                    });
                }
                true
            });
        });
        let proxy = self.clone();
        std::thread::spawn(move || {
            proxy.forward(number, back.0, back.1, |_, proxy| {
                let lost = *losing.lock().unwrap();
                if lost {
                    // The server has answered: the commit is done.
                    proxy.change(|state| state.lost += 1);
                }
                !lost
            });
        });
    }

    /// Hands on what comes, as long as `see` says so.
    fn forward(
        &self,
        number: usize,
        mut from: TcpStream,
        mut to: TcpStream,
        see: impl Fn(&[u8], &Self) -> bool,
    ) {
        let mut bytes = vec![0; 1 << 16];
        while let Ok(length) = from.read(&mut bytes) {
            let mut state = self.state.0.lock().unwrap();
            while number < state.frozen_below {
                state = self.state.1.wait(state).unwrap();
            }
            drop(state);
            let bytes = &bytes[..length];
            if length == 0 || !see(bytes, self) || to.write_all(bytes).is_err() {
                break;
            }
        }
        let _ = from.shutdown(Shutdown::Both);
        let _ = to.shutdown(Shutdown::Both);
    }
}
