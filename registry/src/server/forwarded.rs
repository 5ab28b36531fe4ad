//! From which address a request comes. What proxies say is believed of configured proxies alone: anybody else
//! could say what they like.

use crate::config::{ForwardedHeader, Server};
use actix_web::HttpRequest;
use actix_web::http::header::{HeaderMap, HeaderName};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// How many proxies in a row are followed.
const STEPS: usize = 16;
/// How much of the headers is looked at, in bytes.
const LONGEST: usize = 4096;

/// The address of the client: the one that is connected, or the nearest that is no trusted proxy.
pub(super) fn client(request: &HttpRequest, config: &Server) -> IpAddr {
    let connected = request
        .peer_addr()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
    if config.trusted_proxies.is_empty() {
        return connected;
    }
    nearest(connected, request.headers(), config)
}

/// Follows the chain from its end, which the nearest proxy wrote, for as long as whoever wrote it is trusted.
fn nearest(connected: IpAddr, headers: &HeaderMap, config: &Server) -> IpAddr {
    let trusted = &config.trusted_proxies;
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.holds(address));
    if !is_trusted(connected) {
        return connected;
    }
    // Only the header that the proxy itself writes: the other one is as the client sent it.
    let (name, read): (_, fn(&str) -> Option<IpAddr>) = match config.forwarded_header {
        ForwardedHeader::XForwardedFor => ("x-forwarded-for", address),
        ForwardedHeader::Forwarded => ("forwarded", asked_for),
    };
    let list = joined(headers, &HeaderName::from_static(name));
    let mut client = connected;
    for said in list.rsplit(',').take(STEPS) {
        // A proxy that hides for whom it asks stands for all of them.
        let Some(said) = read(said) else { break };
        client = said;
        if !is_trusted(said) {
            break;
        }
    }
    client
}

/// All lines of a header as one list; nothing where they are too long to be looked at.
fn joined(headers: &HeaderMap, name: &HeaderName) -> String {
    let mut list = String::new();
    for value in headers.get_all(name) {
        let Ok(text) = value.to_str() else {
            return String::new();
        };
        if !list.is_empty() {
            list.push(',');
        }
        list.push_str(text);
        if list.len() > LONGEST {
            return String::new();
        }
    }
    list
}

/// The `for` of one element of `Forwarded` (RFC 7239).
fn asked_for(element: &str) -> Option<IpAddr> {
    element.split(';').find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("for")
            .then(|| address(value))?
    })
}

/// An address with or without a port, IPv6 with or without brackets.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim().trim_matches('"');
    text.parse::<IpAddr>()
        .ok()
        .or_else(|| text.parse::<SocketAddr>().ok().map(|at| at.ip()))
        .or_else(|| {
            let inner = text.strip_prefix('[')?.strip_suffix(']')?;
            inner.parse().ok()
        })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::nearest;
    use crate::config::{ForwardedHeader, Network, Server};
    use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

    const COMMON: (ForwardedHeader, &str) = (ForwardedHeader::XForwardedFor, "x-forwarded-for");
    const STANDARD: (ForwardedHeader, &str) = (ForwardedHeader::Forwarded, "forwarded");

    fn client(
        forwarded_header: ForwardedHeader,
        connected: &str,
        headers: &[(&'static str, &str)],
    ) -> String {
        let trusted = ["10.0.0.0/8", "fd00::/8"].map(|text| Network::parse(text).unwrap());
        let config = Server {
            trusted_proxies: trusted.to_vec(),
            forwarded_header,
            ..Server::default()
        };
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let value = HeaderValue::from_str(value).unwrap();
            map.append(HeaderName::from_static(name), value);
        }
        nearest(connected.parse().unwrap(), &map, &config).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_says_for_whom_it_asks() {
        for ((header, name), connected, values, expected) in [
            (COMMON, "192.0.2.1", vec!["203.0.113.9"], "192.0.2.1"),
            (STANDARD, "192.0.2.1", vec!["for=203.0.113.9"], "192.0.2.1"),
            (COMMON, "10.0.0.1", vec![], "10.0.0.1"),
            (COMMON, "10.0.0.1", vec!["203.0.113.9"], "203.0.113.9"),
            // What the client itself wrote stands before what the proxy added.
            (
                COMMON,
                "10.0.0.1",
                vec!["198.51.100.7, 203.0.113.9"],
                "203.0.113.9",
            ),
            (
                COMMON,
                "10.0.0.1",
                vec!["198.51.100.7", "203.0.113.9"],
                "203.0.113.9",
            ),
            (
                COMMON,
                "10.0.0.1",
                vec!["203.0.113.9, 10.2.3.4"],
                "203.0.113.9",
            ),
            (
                COMMON,
                "10.0.0.1",
                vec!["10.9.9.9, 203.0.113.9, 10.2.3.4"],
                "203.0.113.9",
            ),
            (
                COMMON,
                "10.0.0.1",
                vec!["203.0.113.9, nonsense"],
                "10.0.0.1",
            ),
            (COMMON, "10.0.0.1", vec!["203.0.113.9:4711"], "203.0.113.9"),
            (
                COMMON,
                "::ffff:10.0.0.1",
                vec!["203.0.113.9"],
                "203.0.113.9",
            ),
            (
                STANDARD,
                "fd00::1",
                vec!["for=\"[2001:db8::7]:4711\";proto=https"],
                "2001:db8::7",
            ),
            (
                STANDARD,
                "fd00::1",
                vec!["For=\"[2001:db8::7]\""],
                "2001:db8::7",
            ),
            (
                STANDARD,
                "10.0.0.1",
                vec!["for=198.51.100.7, for=203.0.113.9;by=10.0.0.1"],
                "203.0.113.9",
            ),
            (
                STANDARD,
                "10.0.0.1",
                vec!["for=203.0.113.9, for=_hidden"],
                "10.0.0.1",
            ),
        ] {
            let headers: Vec<_> = values.iter().map(|value| (name, *value)).collect();
            assert_eq!(
                client(header, connected, &headers),
                expected,
                "{connected} {headers:?}"
            );
        }
        let long = "203.0.113.9,".repeat(1000);
        assert_eq!(
            client(COMMON.0, "10.0.0.1", &[(COMMON.1, &long)]),
            "10.0.0.1"
        );
    }

    #[test]
    fn what_a_client_writes_into_the_other_header_is_not_looked_at() {
        let both = [
            ("forwarded", "for=203.0.113.9"),
            ("x-forwarded-for", "198.51.100.7"),
        ];
        assert_eq!(client(COMMON.0, "10.0.0.1", &both), "198.51.100.7");
        assert_eq!(client(STANDARD.0, "10.0.0.1", &both), "203.0.113.9");
        // Nor where the proxy wrote nothing.
        assert_eq!(client(COMMON.0, "10.0.0.1", &both[..1]), "10.0.0.1");
        assert_eq!(client(STANDARD.0, "10.0.0.1", &both[1..]), "10.0.0.1");
    }
}
