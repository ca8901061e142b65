//! Peers that are slow, silent, endless, oversized, malformed or too many: each costs little, for a short time, and
//! honest ones are answered meanwhile.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use crate::other::*;
use crate::support::*;
use rustls::client::ClientSessionMemoryCache;
use rustls::pki_types::ServerName;
use tallystick::limits::{FRAME_BYTES_MAX, LARGE_FRAME_BYTES, LARGE_FRAMES_BYTES_PER_MEMBER_MAX};
use tallystick::transport::{Limits, PeerTls};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Short patience, so that a test need not have much.
fn limits() -> Limits {
    Limits {
        handshake: Duration::from_millis(500),
        frame_base: Duration::from_millis(500),
        frame_bytes_per_second_min: 1024 * 1024,
        idle: Duration::from_secs(2),
        ..Limits::default()
    }
}

/// A server, an honest member, and one with a valid certificate and a client of its own making.
struct Scene {
    server: Server,
    honest: Arc<PeerTls>,
    bad: Arc<PeerTls>,
    connector: TlsConnector,
}

impl Scene {
    async fn with(limits: Limits) -> Self {
        let authority = Authority::new();
        let anchor = authority.anchor();
        let server = Server::start(authority.files("sathapana").tls(&anchor), limits).await;
        let sessions =
            Arc::new(Sessions { tickets: AtomicUsize::new(0), cache: ClientSessionMemoryCache::new(4) });
        let files = authority.files("hattha");
        let (_, connector) = other_client(&authority, &files, &sessions);
        let (honest, bad) = (authority.files("amret").tls(&anchor), files.tls(&anchor));
        Self { server, honest, bad, connector }
    }

    /// A connection of the bad member's through its handshake, greeting read.
    async fn raw(&self) -> TlsStream<TcpStream> {
        self.raw_at(self.server.address, Ipv4Addr::LOCALHOST).await
    }

    async fn raw_at(&self, address: SocketAddr, from: Ipv4Addr) -> TlsStream<TcpStream> {
        let name = ServerName::try_from("sathapana.kh-mfi.tally.internal").unwrap();
        let mut tls = self.connector.connect(name, connect(address, from).await).await.unwrap();
        let mut head = [0; 4];
        tls.read_exact(&mut head).await.unwrap();
        let mut greeting = vec![0; u32::from_be_bytes(head) as usize];
        tls.read_exact(&mut greeting).await.unwrap();
        tls
    }

    /// An honest member comes in and is answered, well within anybody's patience.
    async fn answers(&self) {
        let answered = async {
            let (mut framed, _) = greet(&self.honest, &self.server, "sathapana").await.unwrap();
            framed.send(b"still here").await.unwrap();
            assert_eq!(framed.recv().await.unwrap().unwrap(), b"still here");
        };
        timeout(Duration::from_secs(5), answered).await.unwrap();
    }

    async fn is_alone(&self, what: &str) {
        eventually(what, || self.server.counts.open() == 0).await;
    }
}

async fn connect(address: SocketAddr, from: Ipv4Addr) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((from, 0).into()).unwrap();
    socket.connect(address).await.unwrap()
}

/// Reads until the other side has ended, however it did.
async fn ends(stream: &mut (impl tokio::io::AsyncRead + Unpin)) {
    let ended = async {
        let mut read = [0; 4096];
        while !matches!(stream.read(&mut read).await, Ok(0) | Err(_)) {}
    };
    timeout(PATIENCE, ended).await.expect("the server gives the connection up");
}

/// The beginning of a TLS record that never ends.
const BEGUN: [u8; 9] = [0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc];

#[tokio::test]
async fn half_open_connections_are_given_up() {
    let scene = Scene::with(limits()).await;
    let mut silent = Vec::new();
    for place in 0..40 {
        let mut stream = connect(scene.server.address, Ipv4Addr::LOCALHOST).await;
        if place % 2 == 0 {
            stream.write_all(&BEGUN).await.unwrap();
        }
        silent.push(stream);
    }
    scene.answers().await;
    for mut stream in silent {
        ends(&mut stream).await;
    }
    scene.is_alone("those that never spoke are gone").await;
}

#[tokio::test]
async fn what_is_no_tls_is_refused() {
    let scene = Scene::with(limits()).await;
    for bytes in
        [&b"GET / HTTP/1.1\r\nHost: tally\r\n\r\n"[..], &[0xff; 4096], &[0; 64], &[0x16, 3, 3, 0xff, 0xff, 1]]
    {
        let mut stream = connect(scene.server.address, Ipv4Addr::LOCALHOST).await;
        // It may be refused before all is written.
        let _ = stream.write_all(bytes).await;
        ends(&mut stream).await;
    }
    scene.answers().await;
    scene.is_alone("nobody is left").await;
    assert_eq!(scene.server.counts.refused(), 4);
}

#[tokio::test]
async fn a_frame_that_comes_by_the_byte_is_given_up() {
    let scene = Scene::with(limits()).await;
    let mut slow = scene.raw().await;
    slow.write_all(&1_000u32.to_be_bytes()).await.unwrap();
    let dripping = async {
        while slow.write_all(&[7]).await.is_ok() && slow.flush().await.is_ok() {
            sleep(Duration::from_millis(50)).await;
        }
    };
    let (dripped, ()) = tokio::join!(timeout(PATIENCE, dripping), scene.answers());
    dripped.expect("the server gives the connection up");
    scene.is_alone("the slow one is gone").await;
}

#[tokio::test]
async fn a_length_beyond_the_bound_is_refused_at_once() {
    let scene = Scene::with(Limits { idle: Duration::from_secs(3_600), ..limits() }).await;
    for length in [u32::MAX, u32::try_from(FRAME_BYTES_MAX).unwrap() + 1, 0] {
        let mut long = scene.raw().await;
        long.write_all(&length.to_be_bytes()).await.unwrap();
        ends(&mut long).await;
    }
    scene.answers().await;
}

#[tokio::test]
async fn frames_for_ever_without_reading_the_replies_end() {
    let scene = Scene::with(limits()).await;
    let mut endless = scene.raw().await;
    let frame = [&60_000u32.to_be_bytes()[..], &vec![5; 60_000]].concat();
    let flood = async {
        let mut sent = 0u64;
        while endless.write_all(&frame).await.is_ok() {
            sent += 1;
        }
        sent
    };
    let (sent, ()) = tokio::join!(timeout(PATIENCE, flood), scene.answers());
    let sent = sent.expect("the server gives the connection up");
    // What the kernel's buffers hold on both sides.
    assert!(sent * 60_000 < 64 * 1024 * 1024, "{sent}");
    scene.is_alone("the endless one is gone").await;
}

#[tokio::test]
async fn a_recorded_session_opens_nothing() {
    let scene = Scene::with(limits()).await;
    // Whoever sits between records all that the member sends.
    let between = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = between.local_addr().unwrap();
    let recording = async {
        let (mut member, _) = between.accept().await.unwrap();
        let mut server = TcpStream::connect(scene.server.address).await.unwrap();
        let (mut from_member, mut to_member) = member.split();
        let (mut from_server, mut to_server) = server.split();
        let mut recorded = Vec::new();
        let there = async {
            let mut read = [0; 4096];
            while let Ok(count @ 1..) = from_member.read(&mut read).await {
                recorded.extend_from_slice(&read[..count]);
                to_server.write_all(&read[..count]).await.unwrap();
            }
            let _ = to_server.shutdown().await;
        };
        let _ = tokio::join!(there, tokio::io::copy(&mut from_server, &mut to_member));
        recorded
    };
    let session = async {
        let mut member = scene.raw_at(address, Ipv4Addr::LOCALHOST).await;
        member.write_all(&[0, 0, 0, 2, b'h', b'i']).await.unwrap();
        let mut said = [0; 6];
        member.read_exact(&mut said).await.unwrap();
        assert_eq!(&said[4..], b"hi");
        member.shutdown().await.unwrap();
    };
    let (recorded, ()) = tokio::join!(timeout(PATIENCE, recording), session);
    let recorded = recorded.unwrap();
    assert!(recorded.len() > 500, "{}", recorded.len());
    let greeted = || scene.server.greeted.load(std::sync::atomic::Ordering::SeqCst);
    assert_eq!(greeted(), 1);
    let mut replay = connect(scene.server.address, Ipv4Addr::LOCALHOST).await;
    let _ = replay.write_all(&recorded).await;
    ends(&mut replay).await;
    scene.is_alone("the replayed one is gone").await;
    assert_eq!((greeted(), scene.server.counts.refused()), (1, 1));
}

#[tokio::test]
async fn a_member_has_a_bounded_number_of_connections_from_wherever() {
    let scene = Scene::with(Limits { connections_per_member_max: 5, ..Limits::default() }).await;
    let mut inside = Vec::new();
    for place in 0..5 {
        inside.push(scene.raw_at(scene.server.address, Ipv4Addr::new(127, 0, 0, 10 + place)).await);
    }
    let name = ServerName::try_from("sathapana.kh-mfi.tally.internal").unwrap();
    let tcp = connect(scene.server.address, Ipv4Addr::new(127, 0, 0, 99)).await;
    let mut sixth = scene.connector.connect(name, tcp).await.unwrap();
    ends(&mut sixth).await;
    assert_eq!((scene.server.counts.open(), scene.server.counts.turned_away()), (5, 1));
    scene.answers().await;
    // Who goes makes room.
    drop(inside.pop());
    eventually("one is gone", || scene.server.counts.open() == 4).await;
    scene.raw().await;
}

#[tokio::test]
async fn large_frames_of_one_member_wait_for_each_other_and_small_ones_do_not() {
    let scene = Scene::with(Limits { frame_base: PATIENCE, ..limits() }).await;
    let most = LARGE_FRAMES_BYTES_PER_MEMBER_MAX / FRAME_BYTES_MAX;
    let mut claiming = Vec::new();
    for _ in 0..most {
        let mut one = scene.raw().await;
        one.write_all(&u32::try_from(FRAME_BYTES_MAX).unwrap().to_be_bytes()).await.unwrap();
        one.write_all(&[1]).await.unwrap();
        claiming.push(one);
    }
    let mut next = dial(&scene.bad, &scene.server, "sathapana").await.unwrap();
    next.recv().await.unwrap();
    next.send(&vec![2; LARGE_FRAME_BYTES]).await.unwrap();
    assert_eq!(next.recv().await.unwrap().unwrap().len(), LARGE_FRAME_BYTES);
    // All that was claimed has to have come in before: claims are looked at in the order of their connections' tasks.
    sleep(Duration::from_millis(100)).await;
    let large = vec![3; LARGE_FRAME_BYTES + 1];
    next.send(&large).await.unwrap();
    assert!(timeout(Duration::from_millis(300), next.recv()).await.is_err(), "it waits");
    let (mut other, _) = greet(&scene.honest, &scene.server, "sathapana").await.unwrap();
    other.send(&large).await.unwrap();
    assert_eq!(other.recv().await.unwrap().unwrap(), large, "another member's does not");
    claiming.pop();
    assert_eq!(timeout(PATIENCE, next.recv()).await.unwrap().unwrap().unwrap(), large);
}

/// Resident memory of this process, in KiB.
fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[tokio::test]
async fn two_hundred_bad_peers_at_once_cost_little_and_hold_up_nobody() {
    let long = Duration::from_secs(60);
    let limits = Limits { handshake: long, frame_base: long, idle: long, ..Limits::default() };
    let scene = Scene::with(limits).await;
    scene.answers().await;
    let before = resident_kib();
    let (mut strangers, mut members) = (Vec::new(), Vec::new());
    for place in 0..200u8 {
        // From several addresses, as one could: 64 of one are let in.
        let from = Ipv4Addr::new(127, 0, 1, 1 + place % 4);
        if place < 120 {
            let mut stranger = connect(scene.server.address, from).await;
            stranger.write_all(&BEGUN[..usize::from(place % 10)]).await.unwrap();
            strangers.push(stranger);
        } else {
            let mut slow = scene.raw_at(scene.server.address, from).await;
            // Half of them claim the longest frame, and send a little of it.
            let claim = if place % 2 == 0 { FRAME_BYTES_MAX } else { 1_000 };
            slow.write_all(&u32::try_from(claim).unwrap().to_be_bytes()).await.unwrap();
            slow.write_all(&[9; 500]).await.unwrap();
            members.push(slow);
        }
    }
    eventually("all are in", || scene.server.counts.open() >= 200).await;
    for _ in 0..20 {
        scene.answers().await;
    }
    let grown = resident_kib().saturating_sub(before);
    // Both ends of each connection are in this process, and other tests beside it.
    assert!(grown < 32 * 1024, "{grown} KiB");
    println!("200 bad peers: {grown} KiB");
    drop((strangers, members));
    scene.is_alone("they are gone").await;
}
