//! `host:port`, as a node listens on it or is reached at it.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Text that is not `host:port`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not host:port, as 192.0.2.7:7443, [2001:db8::7]:7443 or lender-a.example:7443")]
pub struct HostPortError(String);

/// A host, which is a name, an IPv4 address or a bracketed IPv6 address, and a port.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HostPort {
    /// Without brackets.
    host: String,
    port: u16,
}

impl HostPort {
    /// The name or address, without brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Whether it is an address of this machine alone.
    pub fn is_loopback(&self) -> bool {
        self.host == "localhost" || self.host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }

    /// Where to listen to be reached at this address: on it, if it is a loopback address; else on the same port
    /// of all addresses of the machine, for a name or a public address may be a router's.
    #[must_use]
    pub fn to_listen(&self) -> Self {
        let host = match self.host.parse::<IpAddr>() {
            Ok(address) if address.is_loopback() => self.host.clone(),
            Ok(IpAddr::V6(_)) => "::".to_owned(),
            _ if self.host == "localhost" => "127.0.0.1".to_owned(),
            _ => "0.0.0.0".to_owned(),
        };
        Self { host, port: self.port }
    }
}

/// A part of a host name (RFC 1123, 2.1).
fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

impl FromStr for HostPort {
    type Err = HostPortError;

    fn from_str(text: &str) -> Result<Self, HostPortError> {
        let wrong = || HostPortError(text.chars().take(80).collect());
        let (host, port) = text.rsplit_once(':').ok_or_else(wrong)?;
        if port.is_empty() || !port.bytes().all(|b| b.is_ascii_digit()) {
            return Err(wrong());
        }
        let port = port.parse().map_err(|_| wrong())?;
        let bracketed = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let good = match bracketed {
            Some(inner) => inner.parse::<std::net::Ipv6Addr>().is_ok(),
            None => (1..=253).contains(&host.len()) && host.split('.').all(is_label),
        };
        if !good {
            return Err(wrong());
        }
        let host = bracketed.unwrap_or(host);
        Ok(Self { host: host.to_owned(), port })
    }
}

impl TryFrom<String> for HostPort {
    type Error = HostPortError;

    fn try_from(text: String) -> Result<Self, HostPortError> {
        text.parse()
    }
}

impl From<HostPort> for String {
    fn from(address: HostPort) -> Self {
        address.to_string()
    }
}

impl fmt::Display for HostPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for good in ["127.0.0.1:7443", "[2001:db8::7]:1", "lender-a.example:65535", "localhost:0"] {
            assert_eq!(good.parse::<HostPort>().unwrap().to_string(), good);
        }
        for bad in [
            "",
            "7443",
            ":7443",
            "a:",
            "a:x",
            "a:+1",
            "a:65536",
            "2001:db8::7:1",
            "[x]:1",
            "a b:1",
            "-a:1",
            "a..b:1",
        ] {
            assert!(bad.parse::<HostPort>().is_err(), "{bad}");
        }
    }

    #[test]
    fn where_to_listen() {
        for (address, listen) in [
            ("127.0.0.1:7443", "127.0.0.1:7443"),
            ("localhost:7443", "127.0.0.1:7443"),
            ("203.0.113.9:7443", "0.0.0.0:7443"),
            ("lender-a.example:7443", "0.0.0.0:7443"),
            ("[2001:db8::7]:7443", "[::]:7443"),
            ("[::1]:7443", "[::1]:7443"),
        ] {
            assert_eq!(address.parse::<HostPort>().unwrap().to_listen().to_string(), listen);
        }
    }
}
