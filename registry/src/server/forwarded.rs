//! From which address a request comes. What proxies say is believed of configured proxies alone: anybody else
//! could say what they like.

use crate::config::Network;
use actix_web::HttpRequest;
use actix_web::http::header::{HeaderMap, HeaderName};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// How many proxies in a row are followed.
const STEPS: usize = 16;
/// How much of the headers is looked at, in bytes.
const LONGEST: usize = 4096;

/// The address of the client: the one that is connected, or the nearest that is no trusted proxy.
pub(super) fn client(request: &HttpRequest, trusted: &[Network]) -> IpAddr {
    let connected = request
        .peer_addr()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
    if trusted.is_empty() {
        return connected;
    }
    nearest(connected, request.headers(), trusted)
}

/// Follows the chain from its end, which the nearest proxy wrote, for as long as whoever wrote it is trusted.
fn nearest(connected: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.holds(address));
    if !is_trusted(connected) {
        return connected;
    }
    let standard = joined(headers, &HeaderName::from_static("forwarded"));
    let chain: Vec<Option<IpAddr>> = if standard.is_empty() {
        let common = joined(headers, &HeaderName::from_static("x-forwarded-for"));
        let parts = common.rsplit(',').take(STEPS);
        parts.map(|part| address(part.trim())).collect()
    } else {
        standard.rsplit(',').take(STEPS).map(asked_for).collect()
    };
    let mut client = connected;
    for said in chain {
        // A proxy that hides for whom it asks stands for all of them.
        let Some(said) = said else { break };
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
            .then(|| address(value.trim().trim_matches('"')))?
    })
}

/// An address with or without a port, IPv6 with or without brackets.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim_matches('"');
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
    use crate::config::Network;
    use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

    fn client(connected: &str, headers: &[(&'static str, &str)]) -> String {
        let trusted = ["10.0.0.0/8", "fd00::/8"].map(|text| Network::parse(text).unwrap());
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let value = HeaderValue::from_str(value).unwrap();
            map.append(HeaderName::from_static(name), value);
        }
        nearest(connected.parse().unwrap(), &map, &trusted).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_says_for_whom_it_asks() {
        let common = "x-forwarded-for";
        for (connected, headers, expected) in [
            ("192.0.2.1", vec![(common, "203.0.113.9")], "192.0.2.1"),
            (
                "192.0.2.1",
                vec![("forwarded", "for=203.0.113.9")],
                "192.0.2.1",
            ),
            ("10.0.0.1", vec![], "10.0.0.1"),
            ("10.0.0.1", vec![(common, "203.0.113.9")], "203.0.113.9"),
            // What the client itself wrote stands before what the proxy added.
            (
                "10.0.0.1",
                vec![(common, "198.51.100.7, 203.0.113.9")],
                "203.0.113.9",
            ),
            (
                "10.0.0.1",
                vec![(common, "198.51.100.7"), (common, "203.0.113.9")],
                "203.0.113.9",
            ),
            (
                "10.0.0.1",
                vec![(common, "203.0.113.9, 10.2.3.4")],
                "203.0.113.9",
            ),
            (
                "10.0.0.1",
                vec![(common, "10.9.9.9, 203.0.113.9, 10.2.3.4")],
                "203.0.113.9",
            ),
            (
                "10.0.0.1",
                vec![(common, "203.0.113.9, nonsense")],
                "10.0.0.1",
            ),
            (
                "10.0.0.1",
                vec![(common, "203.0.113.9:4711")],
                "203.0.113.9",
            ),
            (
                "fd00::1",
                vec![("forwarded", "for=\"[2001:db8::7]:4711\";proto=https")],
                "2001:db8::7",
            ),
            (
                "fd00::1",
                vec![("forwarded", "For=\"[2001:db8::7]\"")],
                "2001:db8::7",
            ),
            (
                "10.0.0.1",
                vec![("forwarded", "for=198.51.100.7, for=203.0.113.9;by=10.0.0.1")],
                "203.0.113.9",
            ),
            (
                "10.0.0.1",
                vec![("forwarded", "for=203.0.113.9, for=_hidden")],
                "10.0.0.1",
            ),
            // The standard's header counts where both are there.
            (
                "10.0.0.1",
                vec![("forwarded", "for=203.0.113.9"), (common, "198.51.100.7")],
                "203.0.113.9",
            ),
            (
                "::ffff:10.0.0.1",
                vec![(common, "203.0.113.9")],
                "203.0.113.9",
            ),
        ] {
            assert_eq!(
                client(connected, &headers),
                expected,
                "{connected} {headers:?}"
            );
        }
        let long = "203.0.113.9,".repeat(1000);
        assert_eq!(client("10.0.0.1", &[(common, &long)]), "10.0.0.1");
    }
}
