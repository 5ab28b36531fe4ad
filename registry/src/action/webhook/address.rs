//! Where the registry may send to. A name may lead anywhere, and to another place each time it is looked up:
//! so what it leads to is looked at when it is used, and never only before.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Which addresses a name may lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reach {
    /// This machine.
    pub(crate) own: bool,
    /// Private networks, and this machine.
    pub(crate) private: bool,
}

impl Reach {
    /// Whether that address may be used: one of the public internet, or what is expressly allowed. What is
    /// neither, such as the link's own network, where clouds keep their secrets, never is.
    pub(super) fn allows(self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        if address.is_loopback() {
            return self.own || self.private;
        }
        match address {
            IpAddr::V4(address) if is_private_v4(address) => self.private,
            IpAddr::V4(address) => is_public_v4(address),
            IpAddr::V6(address) if address.is_unique_local() => self.private,
            IpAddr::V6(address) => is_public_v6(address),
        }
    }
}

/// Private use (RFC 1918), and shared by a provider's customers (RFC 6598).
fn is_private_v4(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    address.is_private() || (first == 100 && second & 0xc0 == 64)
}

/// What the registry of special addresses (RFC 6890) leaves.
fn is_public_v4(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    let special = first == 0
        || first >= 224
        || address.is_link_local()
        || address.is_documentation()
        || (first, second, third) == (192, 0, 0)
        || (first, second, third) == (192, 88, 99)
        || (first == 198 && second & 0xfe == 18);
    !special
}

/// Global unicast but for what is documentation, a protocol's own, or leads to an IPv4 address in disguise.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    let global = first & 0xe000 == 0x2000;
    let special = (first == 0x2001 && (second < 0x0200 || second == 0x0db8))
        || first == 0x2002
        || (first == 0x3fff && second < 0x1000);
    global && !special
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::Reach;

    #[test]
    fn only_the_public_internet_is_reached_unless_more_is_allowed() {
        let nothing = Reach {
            own: false,
            private: false,
        };
        let own = Reach {
            own: true,
            ..nothing
        };
        let private = Reach {
            private: true,
            ..nothing
        };
        // Address, and whether it is reached with nothing allowed, with this machine, with private networks.
        for (address, expected) in [
            ("93.184.216.34", [true, true, true]),
            ("2606:2800:220:1::1", [true, true, true]),
            ("127.0.0.1", [false, true, true]),
            ("127.9.9.9", [false, true, true]),
            ("::1", [false, true, true]),
            ("::ffff:127.0.0.1", [false, true, true]),
            ("10.0.0.1", [false, false, true]),
            ("172.31.255.255", [false, false, true]),
            ("192.168.1.1", [false, false, true]),
            ("100.64.0.1", [false, false, true]),
            ("::ffff:10.0.0.1", [false, false, true]),
            ("fd00::1", [false, false, true]),
            ("169.254.169.254", [false, false, false]),
            ("::ffff:169.254.169.254", [false, false, false]),
            ("0.0.0.0", [false, false, false]),
            ("192.0.2.1", [false, false, false]),
            ("198.18.0.1", [false, false, false]),
            ("224.0.0.1", [false, false, false]),
            ("255.255.255.255", [false, false, false]),
            ("::", [false, false, false]),
            ("fe80::1", [false, false, false]),
            ("64:ff9b::a00:1", [false, false, false]),
            ("2002:a00:1::", [false, false, false]),
            ("2001::1", [false, false, false]),
            ("2001:db8::1", [false, false, false]),
            ("ff02::1", [false, false, false]),
        ] {
            let parsed = address.parse().unwrap();
            let found = [nothing, own, private].map(|reach| reach.allows(parsed));
            assert_eq!(found, expected, "{address}");
        }
    }
}
