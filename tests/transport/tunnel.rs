//! Two members that cannot reach each other, and a relay between them that does what it should not.

use std::sync::Arc;
use std::time::Duration;

use tallystick::transport::{
    Dialer, Fault, Framed, Limits, PeerTls, Relayed, TransportError, Tunnel, accept_through, relay,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::support::*;

struct Three {
    caller: Arc<PeerTls>,
    called: Arc<PeerTls>,
    relay: Arc<PeerTls>,
}

fn three() -> Three {
    let authority = Authority::new();
    let tls = |name: &str| authority.files(name).tls(&authority.anchor());
    Three { caller: tls("amret"), called: tls("sathapana"), relay: tls("hub") }
}

/// A length that was changed leaves an end waiting.
fn limits() -> Limits {
    let soon = Duration::from_secs(2);
    Limits { handshake: soon, frame_base: soon, idle: soon, ..Limits::default() }
}

fn dialer(tls: &Arc<PeerTls>) -> Dialer {
    Dialer::new(Arc::clone(tls), limits(), CancellationToken::new())
}

async fn served(tls: &PeerTls, tunnel: Tunnel) -> Result<Framed, TransportError> {
    accept_through(tunnel, tls, &limits(), CancellationToken::new()).await
}

/// The ends of both members, and those of the relay.
fn ends() -> (Tunnel, Tunnel, Tunnel, Tunnel) {
    let (caller, caller_at_relay) = Tunnel::pair();
    let (called, called_at_relay) = Tunnel::pair();
    (caller, called, caller_at_relay, called_at_relay)
}

#[tokio::test]
async fn the_ends_know_each_other_and_not_the_relay() {
    let three = three();
    let (near, far, caller_end, called_end) = ends();
    let limits = Limits::default();
    let (sathapana, dialer) = (member("sathapana"), dialer(&three.caller));
    let talk = async {
        let (caller, called) =
            tokio::join!(dialer.dial_through(near, &sathapana, PATIENCE), served(&three.called, far));
        let (mut caller, mut called) = (caller.unwrap(), called.unwrap());
        assert_eq!(caller.peer().member, sathapana);
        assert_eq!(called.peer().member, member("amret"));
        for bytes in [1, 1_000, 500_000] {
            let said = vec![7; bytes];
            let (sent, heard) = tokio::join!(caller.send(&said), called.recv());
            sent.unwrap();
            assert_eq!(heard.unwrap().unwrap(), said);
            called.send(b"heard").await.unwrap();
            assert_eq!(caller.recv().await.unwrap().unwrap(), b"heard");
        }
        caller.close().await;
        assert!(matches!(called.recv().await, Ok(None)), "an end through a relay is an end");
    };
    let (relayed, ()) = tokio::join!(relay(caller_end, called_end, &limits), talk);
    let Relayed { from_caller, to_caller } = relayed;
    assert!(from_caller > 500_000 && to_caller > 100 && to_caller < 10_000, "{relayed:?}");
}

#[tokio::test]
async fn a_relay_that_answers_itself_is_found_out() {
    let three = three();
    let (near, far) = Tunnel::pair();
    let (sathapana, dialer) = (member("sathapana"), dialer(&three.caller));
    let (caller, _) =
        tokio::join!(dialer.dial_through(near, &sathapana, PATIENCE), served(&three.relay, far));
    let error = caller.unwrap_err();
    assert_ne!(error.fault(), Fault::Network, "{error}");
    assert!(error.to_string().contains("sathapana"), "{error}");
}

#[tokio::test]
async fn a_byte_that_the_relay_changes_ends_the_connection_and_is_never_read() {
    // In the handshake, at its end, and in a frame. What a record says of its version counts for nothing in TLS 1.3.
    let (mut noticed, mut tried) = (0, 0);
    for changed in (7..5_500_usize).step_by(197) {
        let three = three();
        let (near, far, mut caller_end, called_end) = ends();
        let (sathapana, dialer) = (member("sathapana"), dialer(&three.caller));
        let (mut reads, mut writes) = tokio::io::split(called_end);
        let tampering = async {
            let (mut from_caller, mut to_caller) = tokio::io::split(&mut caller_end);
            let there = async {
                let (mut buffer, mut passed) = (vec![0; 4096], 0);
                while let Ok(read @ 1..) = from_caller.read(&mut buffer).await {
                    if (passed..passed + read).contains(&changed) {
                        buffer[changed - passed] ^= 1;
                    }
                    passed += read;
                    if writes.write_all(&buffer[..read]).await.is_err() {
                        break;
                    }
                }
                let _ = writes.shutdown().await;
            };
            let back = async {
                let _ = tokio::io::copy(&mut reads, &mut to_caller).await;
                let _ = to_caller.shutdown().await;
            };
            tokio::join!(there, back);
        };
        let talk = async {
            let (caller, called) =
                tokio::join!(dialer.dial_through(near, &sathapana, PATIENCE), served(&three.called, far));
            let Ok(mut called) = called else { return true };
            let said = [9; 5_000];
            let mut caller = caller.unwrap();
            let (_, heard) = tokio::join!(caller.send(&said), called.recv());
            if let Ok(heard) = &heard {
                assert_eq!(heard.as_deref(), Some(&said[..]), "byte {changed} was changed");
            }
            heard.is_err()
        };
        let ((), seen) =
            timeout(PATIENCE, async { tokio::join!(tampering, talk) }).await.expect("both ends notice");
        (noticed, tried) = (noticed + usize::from(seen), tried + 1);
    }
    assert!(tried > 25 && noticed + 2 >= tried, "{noticed} of {tried} changes were noticed");
}

#[tokio::test(start_paused = true)]
async fn a_relay_gives_up_two_that_say_nothing() {
    let (_near, _far, caller_end, called_end) = ends();
    let limits = Limits { idle: Duration::from_secs(30), ..Limits::default() };
    let relayed = timeout(Duration::from_secs(40), relay(caller_end, called_end, &limits)).await;
    assert_eq!(relayed.unwrap(), Relayed { from_caller: 0, to_caller: 0 });
}

#[tokio::test]
async fn a_tunnel_ends_with_the_connection_that_carries_it() {
    let authority = Authority::new();
    let hub = authority.files("hub").tls(&authority.anchor());
    let server = Server::start_default(hub).await;
    let tls = authority.files("amret").tls(&authority.anchor());
    let mut framed = dial_within(&tls, &server.address.to_string(), "hub", PATIENCE).await.unwrap();
    framed.recv().await.unwrap();
    let mut tunnel = framed.into_tunnel().unwrap();
    let ended = tunnel.ended();
    assert_eq!(tls.connections().list().len(), 1, "it is listed as long as it carries bytes");
    assert_eq!(tls.connections().close_member(&member("hub")), 1);
    let read = timeout(PATIENCE, tunnel.read_u8()).await.expect("a read ends");
    assert!(read.is_err());
    drop(tunnel);
    assert!(ended.is_cancelled());
    assert!(tls.connections().list().is_empty());
}
