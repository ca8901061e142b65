//! Frames over a pipe. What needs certificates and sockets stands in `tests/transport.rs`.

use std::net::Ipv4Addr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::registry::Connections;
use super::*;
use crate::clock::UnixTime;
use crate::secret::{Entropy as _, SeededEntropy};

struct Pipe {
    framed: Framed,
    /// The peer's end, raw.
    peer: DuplexStream,
    connections: Connections,
    stopping: CancellationToken,
}

fn pipe_of(limits: Limits, direction: Direction, capacity: usize) -> Pipe {
    let (near, peer) = duplex(capacity);
    let info = ConnectionInfo {
        peer: PeerIdentity::from_uri("tally://kh-mfi/amret").unwrap(),
        address: (Ipv4Addr::LOCALHOST, 1).into(),
        direction,
        since: UnixTime(0),
    };
    let (connections, stopping) = (Connections::default(), CancellationToken::new());
    let registration = connections.add(info.clone(), Vec::new(), UnixTime(0));
    let framed = Framed::new(Box::new(near), registration, info, limits, stopping.clone());
    Pipe { framed, peer, connections, stopping }
}

fn pipe(limits: Limits) -> Pipe {
    pipe_of(limits, Direction::Accepted, 64 * 1024)
}

fn small() -> Limits {
    Limits { frame_bytes_max: 1000, ..Limits::default() }
}

fn frame(body: &[u8]) -> Vec<u8> {
    let mut bytes = u32::try_from(body.len()).unwrap().to_be_bytes().to_vec();
    bytes.extend_from_slice(body);
    bytes
}

#[tokio::test]
async fn golden_frame() {
    let mut pipe = pipe(small());
    pipe.framed.send(b"abc").await.unwrap();
    let mut bytes = [0; 7];
    pipe.peer.read_exact(&mut bytes).await.unwrap();
    assert_eq!(&bytes, b"\0\0\0\x03abc");
    pipe.peer.write_all(b"\0\0\0\x01x\0\0\0\x02yz").await.unwrap();
    assert_eq!(pipe.framed.recv().await.unwrap().unwrap(), b"x");
    assert_eq!(pipe.framed.recv().await.unwrap().unwrap(), b"yz");
}

#[tokio::test]
async fn lengths_out_of_bounds_are_refused_both_ways() {
    for (head, long) in [(0u32, false), (1001, true), (u32::MAX, true)] {
        let mut pipe = pipe(small());
        pipe.peer.write_all(&head.to_be_bytes()).await.unwrap();
        let error = pipe.framed.recv().await.unwrap_err();
        let bytes = usize::try_from(head).unwrap();
        match error {
            TransportError::FrameTooLong { bytes: found, bytes_max: 1000 } if long => {
                assert_eq!(found, bytes);
            }
            TransportError::FrameTooShort { bytes: 0, bytes_min: 1 } if !long => {}
            other => panic!("{head}: {other:?}"),
        }
        assert!(
            matches!(pipe.framed.recv().await, Err(TransportError::OutOfStep)),
            "there is no way back in step"
        );
        let (reader, _writer) = pipe.framed.split();
        assert_eq!(reader.allocated(), 0, "a length alone allocates nothing");
    }
    let mut pipe = pipe(small());
    assert!(matches!(pipe.framed.send(&[0; 1001]).await, Err(TransportError::FrameTooLong { .. })));
    assert!(matches!(pipe.framed.send(&[]).await, Err(TransportError::FrameTooShort { .. })));
    pipe.framed.send(&[0; 1000]).await.unwrap();
}

#[tokio::test]
async fn memory_follows_what_has_arrived() {
    let mut pipe = pipe(Limits::default());
    pipe.peer.write_all(&u32::try_from(limits::FRAME_BYTES_MAX).unwrap().to_be_bytes()).await.unwrap();
    let mut arrived = 0;
    for step in [1usize, 100, 8 * 1024, 8 * 1024, 50_000] {
        pipe.peer.write_all(&vec![7; step]).await.unwrap();
        arrived += step;
        assert!(
            timeout(Duration::from_millis(50), pipe.framed.recv()).await.is_err(),
            "the frame is not whole"
        );
        let allocated = pipe.framed.allocated();
        assert!(allocated <= (2 * arrived).max(16 * 1024), "{allocated} bytes allocated for {arrived}");
    }
    drop(pipe.peer);
    assert!(matches!(pipe.framed.recv().await, Err(TransportError::Cut { inside_frame: true })));
}

#[tokio::test]
async fn an_end_is_clean_only_between_frames() {
    let whole = frame(b"0123456789");
    for cut in 0..=whole.len() {
        let mut pipe = pipe(small());
        pipe.peer.write_all(&whole[..cut]).await.unwrap();
        drop(pipe.peer);
        let first = pipe.framed.recv().await;
        match cut {
            0 => assert!(matches!(first, Ok(None))),
            14 => {
                assert_eq!(first.unwrap().unwrap(), b"0123456789");
                assert!(matches!(pipe.framed.recv().await, Ok(None)));
            }
            _ => {
                assert!(matches!(first, Err(TransportError::Cut { inside_frame: true })), "{cut}: {first:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_dialled_peer_that_ends_unheard_has_refused() {
    let mut pipe = pipe_of(small(), Direction::Dialled, 1024);
    drop(pipe.peer);
    assert!(matches!(pipe.framed.recv().await, Err(TransportError::ClosedBeforeAnswer)));
    let mut pipe = pipe_of(small(), Direction::Dialled, 1024);
    pipe.peer.write_all(&frame(b"hello")).await.unwrap();
    drop(pipe.peer);
    assert!(pipe.framed.recv().await.unwrap().is_some());
    assert!(matches!(pipe.framed.recv().await, Ok(None)));
}

#[tokio::test]
async fn a_frame_by_the_drop_is_given_up() {
    let limits = Limits { frame_base: Duration::from_millis(300), idle: Duration::from_secs(60), ..small() };
    let Pipe { mut framed, mut peer, .. } = pipe(limits);
    peer.write_all(&1000u32.to_be_bytes()).await.unwrap();
    let drip = async {
        loop {
            // One byte at a time: never silent, never done.
            if peer.write_all(b"x").await.is_err() {
                return;
            }
            sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::select! {
        () = drip => panic!("the drip ends first"),
        result = timeout(Duration::from_secs(10), framed.recv()) => {
            assert!(matches!(result.unwrap(), Err(TransportError::SlowFrame(_))));
        }
    }
}

#[tokio::test]
async fn the_length_alone_by_the_drop_is_given_up() {
    let limits = Limits { frame_base: Duration::from_millis(100), idle: Duration::from_secs(60), ..small() };
    let mut pipe = pipe(limits);
    pipe.peer.write_all(&[0]).await.unwrap();
    let result = timeout(Duration::from_secs(10), pipe.framed.recv()).await.unwrap();
    assert!(matches!(result, Err(TransportError::SlowFrame(_))));
}

#[tokio::test]
async fn silence_is_told_and_may_be_waited_out() {
    let mut pipe = pipe(Limits { idle: Duration::from_millis(50), ..small() });
    assert!(matches!(pipe.framed.recv().await, Err(TransportError::Idle(_))));
    pipe.peer.write_all(&frame(b"late")).await.unwrap();
    assert_eq!(pipe.framed.recv().await.unwrap().unwrap(), b"late");
}

#[tokio::test]
async fn a_dropped_recv_loses_nothing() {
    let mut pipe = pipe(small());
    for byte in frame(b"piecemeal") {
        assert!(timeout(Duration::from_millis(5), pipe.framed.recv()).await.is_err());
        pipe.peer.write_all(&[byte]).await.unwrap();
    }
    assert_eq!(pipe.framed.recv().await.unwrap().unwrap(), b"piecemeal");
}

#[tokio::test]
async fn a_dropped_send_is_not_forgotten() {
    let mut pipe = pipe_of(small(), Direction::Accepted, 16);
    assert!(
        timeout(Duration::from_millis(50), pipe.framed.send(&[1; 500])).await.is_err(),
        "the pipe is full"
    );
    assert!(matches!(pipe.framed.send(b"x").await, Err(TransportError::OutOfStep)));
}

#[tokio::test]
async fn a_peer_that_does_not_read_is_given_up() {
    let limits = Limits { frame_base: Duration::from_millis(50), ..small() };
    let mut pipe = pipe_of(limits, Direction::Accepted, 16);
    let result = timeout(Duration::from_secs(10), pipe.framed.send(&[1; 500])).await.unwrap();
    assert!(matches!(result, Err(TransportError::SlowPeer(_))));
}

#[tokio::test]
async fn stopping_lets_what_was_begun_be_finished() {
    let mut pipe = pipe(small());
    pipe.peer.write_all(&frame(b"begun")[..6]).await.unwrap();
    assert!(timeout(Duration::from_millis(50), pipe.framed.recv()).await.is_err());
    pipe.stopping.cancel();
    pipe.peer.write_all(&frame(b"begun")[6..]).await.unwrap();
    assert_eq!(pipe.framed.recv().await.unwrap().unwrap(), b"begun");
    pipe.framed.send(b"answer").await.unwrap();
    pipe.peer.write_all(&frame(b"new")).await.unwrap();
    assert!(matches!(pipe.framed.recv().await, Err(TransportError::Stopping)));
}

#[tokio::test]
async fn a_member_closed_from_elsewhere_is_closed_at_once() {
    let pipe = pipe(small());
    let (mut reader, mut writer) = pipe.framed.split();
    let close = async {
        sleep(Duration::from_millis(20)).await;
        assert_eq!(pipe.connections.close_member(&"sathapana".parse().unwrap()), 0);
        assert_eq!(pipe.connections.close_member(&"amret".parse().unwrap()), 1);
        assert_eq!(pipe.connections.close_member(&"amret".parse().unwrap()), 0, "counted once");
    };
    let (read, ()) = tokio::join!(timeout(Duration::from_secs(10), reader.recv()), close);
    assert!(matches!(read.unwrap(), Err(TransportError::ClosedHere(_))));
    assert!(matches!(writer.send(b"x").await, Err(TransportError::ClosedHere(_))));
    assert_eq!(pipe.connections.list().len(), 1);
    drop(reader);
    assert_eq!(pipe.connections.list().len(), 1, "one half lives");
    drop(writer);
    assert_eq!(pipe.connections.list().len(), 0);
}

#[tokio::test]
async fn frames_in_any_pieces_are_the_same_frames() {
    for seed in 0..50 {
        let entropy = SeededEntropy::new(seed);
        let mut random = [0u8; 64];
        entropy.fill(&mut random);
        let bodies: Vec<Vec<u8>> =
            random.iter().take(10).map(|length| vec![*length; usize::from(*length).max(1)]).collect();
        let stream: Vec<u8> = bodies.iter().flat_map(|body| frame(body)).collect();
        let Pipe { mut framed, mut peer, .. } = pipe_of(small(), Direction::Accepted, 33);
        let write = async {
            let mut rest = stream.as_slice();
            for piece in random.iter().cycle() {
                let (now, later) = rest.split_at(usize::from(piece % 17).min(rest.len()));
                peer.write_all(now).await.unwrap();
                rest = later;
                if rest.is_empty() {
                    break;
                }
            }
            drop(peer);
        };
        let read = async {
            let mut found = Vec::new();
            while let Some(body) = framed.recv().await.unwrap() {
                found.push(body);
            }
            found
        };
        let ((), found) = tokio::join!(write, read);
        assert_eq!(found, bodies, "seed {seed}");
    }
}

#[tokio::test]
async fn garbage_ends_in_an_error_or_an_end() {
    for seed in 0..500 {
        let mut garbage = [0u8; 300];
        SeededEntropy::new(seed).fill(&mut garbage);
        // Half of them with a believable length.
        if seed % 2 == 0 {
            garbage[..3].copy_from_slice(&[0, 0, 0]);
        }
        let mut pipe = pipe(small());
        pipe.peer.write_all(&garbage).await.unwrap();
        drop(pipe.peer);
        let mut bytes = 0;
        loop {
            match pipe.framed.recv().await {
                Ok(Some(body)) => bytes += body.len() + 4,
                Ok(None) => break assert_eq!(bytes, 300, "seed {seed}"),
                Err(
                    TransportError::Cut { inside_frame: true }
                    | TransportError::FrameTooLong { .. }
                    | TransportError::FrameTooShort { .. },
                ) => break,
                Err(other) => panic!("seed {seed}: {other:?}"),
            }
        }
    }
}

#[test]
fn pauses_grow_to_a_bound_and_replay() {
    let pauses = |seed| backoff(&SeededEntropy::new(seed)).take(40).collect::<Vec<_>>();
    assert_eq!(pauses(1), pauses(1));
    assert_ne!(pauses(1), pauses(2));
    let most = Duration::from_secs(limits::REDIAL_SECONDS_MAX);
    for (n, pause) in pauses(1).into_iter().enumerate() {
        let base = Duration::from_millis(500 << n.min(5)).min(most / 2);
        assert!(base <= pause && pause <= 2 * base && pause <= most, "{n}: {pause:?}");
    }
}
