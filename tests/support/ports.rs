//! Ports for the nodes of a test.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicU32, Ordering};

/// Below the ports that the system gives to outgoing connections: one of those may be taken between the moment at which it
/// was found free and the start, or the next start, of the node that is to listen on it.
const FIRST: u32 = 12_000;
/// How many are tried.
const COUNT: u32 = 18_000;
/// Between the first ports of test programs that run beside each other.
const APART: u32 = 61;

/// A port of this machine on which nobody listens, another one each time.
pub(crate) fn free_port() -> u16 {
    static TAKEN: AtomicU32 = AtomicU32::new(0);
    let begin = (std::process::id() % COUNT) * APART;
    let mut ports = (0..COUNT).map(|_| {
        let port = FIRST + (begin + TAKEN.fetch_add(1, Ordering::Relaxed)) % COUNT;
        u16::try_from(port).unwrap()
    });
    ports.find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok()).expect("a port is free")
}
