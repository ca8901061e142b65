//! Crowds, reloads, closing and stopping.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::other::*;
use crate::support::*;
use rustls::client::ClientSessionMemoryCache;
use rustls::pki_types::ServerName;
use tallystick::clock::{Clock, ManualClock};
use tallystick::model::node_identity::NodeIdentity;
use tallystick::transport::{Framed, Limits, Refusal, TlsSetupError, TransportError, accept};
use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

#[tokio::test]
async fn too_many_are_turned_away_and_the_rest_are_served() {
    let authority = Authority::new();
    let anchor = authority.anchor();
    let limits = Limits {
        connections_max: 8,
        connections_per_address_max: 8,
        handshake: Duration::from_millis(1500),
        ..Limits::default()
    };
    let server = Server::start(authority.files("sathapana").tls(&anchor), limits).await;
    let client = authority.files("amret").tls(&anchor);
    let (mut inside, _) = greet(&client, &server, "sathapana").await.unwrap();
    let mut strangers = Vec::new();
    let mut most_open = 0;
    for _ in 0..400 {
        strangers.push(TcpStream::connect(server.address).await.unwrap());
        most_open = most_open.max(server.counts.open());
    }
    eventually("all were looked at", || server.counts.accepted() + server.counts.turned_away() >= 401).await;
    most_open = most_open.max(server.counts.open());
    assert!(most_open <= 8, "{most_open}");
    assert!(server.counts.turned_away() >= 300, "{}", server.counts.turned_away());
    // Those turned away are told so at once: their connection is closed.
    let mut last = strangers.pop().unwrap();
    let end = timeout(PATIENCE, last.read(&mut [0])).await.unwrap();
    assert!(!matches!(end, Ok(1..)), "{end:?}");
    // Who was in is served all the while; silent strangers lose their place, and members come in again.
    inside.send(b"still here").await.unwrap();
    assert_eq!(inside.recv().await.unwrap().unwrap(), b"still here");
    eventually("silent strangers are dropped", || server.counts.open() == 1).await;
    greet(&client, &server, "sathapana").await.unwrap();
}

#[tokio::test]
async fn a_reload_takes_hold_and_closes_the_unwelcome() {
    let authority = Authority::new();
    let (amret, hattha, sathapana) =
        (authority.files("amret"), authority.files("hattha"), authority.files("sathapana"));
    let clock = Arc::new(ManualClock::new(NOW));
    let tls = sathapana.tls_with(&authority.anchor(), Arc::clone(&clock) as Arc<dyn Clock>);
    let server = Server::start_default(Arc::clone(&tls)).await;
    let (amret_tls, hattha_tls) = (amret.tls(&authority.anchor()), hattha.tls(&authority.anchor()));
    let (mut removed, _) = greet(&amret_tls, &server, "sathapana").await.unwrap();
    let (mut stays, _) = greet(&hattha_tls, &server, "sathapana").await.unwrap();

    // What cannot be right changes nothing.
    let other = authority.files("hattha").identity();
    assert!(matches!(tls.reload(other, &authority.anchor()), Err(TlsSetupError::OtherIdentity { .. })));
    let foreign = Authority::new();
    let foreign_anchor = tls.reload(sathapana.identity(), &foreign.anchor());
    assert!(matches!(foreign_anchor, Err(TlsSetupError::OwnCertificate(TransportError::UnknownAuthority))));
    removed.send(b"a").await.unwrap();
    assert_eq!(removed.recv().await.unwrap().unwrap(), b"a");

    let renewed = authority.files_at("sathapana", NOW, 60);
    let closed = tls.reload(renewed.identity(), &authority.anchor_without(&[&amret])).unwrap();
    assert_eq!(closed, [NodeIdentity::new(network(), member("amret"))]);
    let end = timeout(PATIENCE, removed.recv()).await.unwrap();
    assert!(!matches!(end, Ok(Some(_))), "{end:?}");
    stays.send(b"b").await.unwrap();
    assert_eq!(stays.recv().await.unwrap().unwrap(), b"b");
    let error = greet(&amret_tls, &server, "sathapana").await.unwrap_err();
    assert!(matches!(error, TransportError::RefusedByPeer(Refusal::Revoked)), "{error}");
    // The new certificate is the one that is shown: a client that revokes the old one comes in.
    let strict = authority.files("hattha").tls(&authority.anchor_without(&[&sathapana]));
    greet(&strict, &server, "sathapana").await.unwrap();

    // Time ends connections too, once somebody looks: the list of revocations runs out after seven days.
    assert_eq!(tls.recheck(), []);
    clock.advance(8 * DAY);
    assert_eq!(tls.recheck(), [NodeIdentity::new(network(), member("hattha"))]);
    let end = timeout(PATIENCE, stays.recv()).await.unwrap();
    assert!(!matches!(end, Ok(Some(_))), "{end:?}");
    eventually("gone", || server.counts.open() == 0).await;
}

#[tokio::test]
async fn a_handshake_that_spans_a_reload_is_held_to_the_new_list() {
    let authority = Authority::new();
    let (amret, sathapana) = (authority.files("amret"), authority.files("sathapana"));
    let tls = sathapana.tls(&authority.anchor());
    let server = Server::start_default(Arc::clone(&tls)).await;
    let tcp = TcpStream::connect(server.address).await.unwrap();
    eventually("let in as far as the handshake", || server.counts.open() == 1).await;
    // Its task has taken up the old set-up by now, and waits for the first bytes.
    sleep(Duration::from_millis(200)).await;
    assert_eq!(tls.reload(sathapana.identity(), &authority.anchor_without(&[&amret])).unwrap(), []);
    let sessions =
        Arc::new(Sessions { tickets: AtomicUsize::new(0), cache: ClientSessionMemoryCache::new(8) });
    let (_, connector) = other_client(&authority, &amret, &sessions);
    let name = ServerName::try_from("sathapana.kh-mfi.tally.internal").unwrap();
    let mut stream = connector.connect(name, tcp).await.unwrap();
    let heard = timeout(PATIENCE, stream.read(&mut [0])).await.unwrap();
    assert!(!matches!(heard, Ok(1..)), "{heard:?}");
    eventually("refused", || server.counts.refused() == 1).await;
    assert_eq!(server.greeted.load(Ordering::SeqCst), 0);
    assert_eq!(tls.connections().list(), []);
}

#[tokio::test]
async fn a_member_can_be_closed_by_name() {
    let authority = Authority::new();
    let anchor = authority.anchor();
    let tls = authority.files("sathapana").tls(&anchor);
    let server = Server::start_default(Arc::clone(&tls)).await;
    let (mut one, _) = greet(&authority.files("amret").tls(&anchor), &server, "sathapana").await.unwrap();
    let (mut two, _) = greet(&authority.files("amret").tls(&anchor), &server, "sathapana").await.unwrap();
    let (mut other, _) = greet(&authority.files("hattha").tls(&anchor), &server, "sathapana").await.unwrap();
    assert_eq!(tls.connections().close_member(&member("amret")), 2);
    for closed in [&mut one, &mut two] {
        let end = timeout(PATIENCE, closed.recv()).await.unwrap();
        assert!(!matches!(end, Ok(Some(_))), "{end:?}");
    }
    other.send(b"c").await.unwrap();
    assert_eq!(other.recv().await.unwrap().unwrap(), b"c");
}

#[tokio::test]
async fn a_stop_lets_answers_out_and_then_ends() {
    let authority = Authority::new();
    let anchor = authority.anchor();
    let server = Server::start_default(authority.files("sathapana").tls(&anchor)).await;
    let client = authority.files("amret").tls(&anchor);
    let (mut busy, _) = greet(&client, &server, "sathapana").await.unwrap();
    let (mut idle, _) = greet(&client, &server, "sathapana").await.unwrap();
    busy.send(b"slow").await.unwrap();
    sleep(Duration::from_millis(100)).await;
    server.shutdown.cancel();
    assert_eq!(timeout(PATIENCE, busy.recv()).await.unwrap().unwrap().unwrap(), b"slow");
    assert!(timeout(PATIENCE, busy.recv()).await.unwrap().unwrap().is_none(), "a clean end");
    assert!(timeout(PATIENCE, idle.recv()).await.unwrap().unwrap().is_none(), "a clean end");
    timeout(PATIENCE, server.tasks.wait()).await.unwrap();
    let error = dial(&client, &server, "sathapana").await.unwrap_err();
    assert!(matches!(error, TransportError::ConnectionRefused { .. }), "{error}");
}

#[tokio::test]
async fn a_stop_does_not_wait_for_ever() {
    let authority = Authority::new();
    let anchor = authority.anchor();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (tasks, shutdown) = (TaskTracker::new(), CancellationToken::new());
    let limits = Limits { drain: Duration::from_millis(100), ..Limits::default() };
    let handler = |_: NodeIdentity, mut framed: Framed, _: SocketAddr| async move {
        framed.send(b"deaf").await.unwrap();
        std::future::pending::<()>().await;
    };
    let tls = authority.files("sathapana").tls(&anchor);
    tasks.spawn(accept(listener, Arc::clone(&tls), limits, Arc::default(), handler, shutdown.clone()));
    tasks.close();
    let client = authority.files("amret").tls(&anchor);
    let mut framed = dial_within(&client, &address, "sathapana", PATIENCE).await.unwrap();
    assert_eq!(framed.recv().await.unwrap().unwrap(), b"deaf");
    shutdown.cancel();
    timeout(PATIENCE, tasks.wait()).await.unwrap();
    assert!(matches!(framed.recv().await, Err(TransportError::Cut { inside_frame: false })));
    assert_eq!(tls.connections().list(), []);
}
