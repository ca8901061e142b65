//! Certificates that are refused, and what each side is told.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::other::*;
use crate::support::*;
use rustls::client::ClientSessionMemoryCache;
use rustls::pki_types::ServerName;
use tallystick::model::node_identity::NodeIdentityError;
use tallystick::transport::{Refusal, TransportError, TrustAnchor};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use tokio_util::task::TaskTracker;

#[tokio::test]
async fn another_authority_is_unknown_to_either_side() {
    let (ours, theirs) = (Authority::new(), Authority::new());
    let server = Server::start_default(ours.files("sathapana").tls(&ours.anchor())).await;
    // Same network, same member, another key.
    let stranger = theirs.files("amret").tls(&theirs.anchor());
    let error = dial(&stranger, &server, "sathapana").await.unwrap_err();
    assert!(matches!(error, TransportError::UnknownAuthority), "{error}");
    // One that believes our authority too, so that it is the server who has to refuse.
    let both = format!("{}{}", ours.ca.certificate_pem(), theirs.ca.certificate_pem());
    let stranger = theirs.files("amret").tls(&TrustAnchor::from_pem(&both, &[]).unwrap());
    let error = greet(&stranger, &server, "sathapana").await.unwrap_err();
    assert!(matches!(error, TransportError::RefusedByPeer(Refusal::UnknownAuthority)), "{error}");
    assert_eq!(server.greeted.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_network_can_change_its_authority() {
    let (old, new) = (Authority::new(), Authority::new());
    let both = format!("{}{}", old.ca.certificate_pem(), new.ca.certificate_pem());
    let old_list = old.ca.revocation_list(&[], NOW, 7).unwrap();
    let new_list = new.ca.revocation_list(&[], NOW, 7).unwrap();
    let anchor = TrustAnchor::from_pem(&both, &[&old_list, &new_list]).unwrap();
    let server = Server::start_default(old.files("sathapana").tls(&anchor)).await;
    greet(&new.files("amret").tls(&anchor), &server, "sathapana").await.unwrap();
    greet(&old.files("hattha").tls(&anchor), &server, "sathapana").await.unwrap();
    // With one list only, the other authority's members cannot be judged.
    let half = TrustAnchor::from_pem(&both, &[&old_list]).unwrap();
    let server = Server::start_default(old.files("sathapana").tls(&half)).await;
    let error = greet(&new.files("amret").tls(&anchor), &server, "sathapana").await.unwrap_err();
    assert!(matches!(error, TransportError::RefusedByPeer(_)), "{error}");
    let client = old.files("amret").tls(&half);
    let server = Server::start_default(new.files("sathapana").tls(&anchor)).await;
    let error = dial(&client, &server, "sathapana").await.unwrap_err();
    assert!(matches!(error, TransportError::RevocationUnknown), "{error}");
}

#[tokio::test]
async fn a_certificate_out_of_its_time_is_refused_with_the_figures() {
    let authority = Authority::new();
    let anchor = authority.anchor();
    let short = |name| authority.files_at(name, NOW, 1);
    let (late, early) = (NOW.plus_seconds(2 * DAY), NOW.plus_seconds(-DAY));
    let long = authority.files_at("amret", NOW.plus_seconds(-2 * DAY), 30);

    let server = Server::start_default(short("sathapana").tls(&anchor)).await;
    let error = dial(&long.tls_at(&anchor, late), &server, "sathapana").await.unwrap_err();
    match error {
        TransportError::CertificateExpired { now, not_after } => {
            assert_eq!((now, not_after), (late, NOW.plus_seconds(DAY)));
        }
        other => panic!("{other:?}"),
    }
    let error = dial(&long.tls_at(&anchor, early), &server, "sathapana").await.unwrap_err();
    match error {
        TransportError::CertificateNotYetValid { now, not_before } => {
            assert_eq!((now, not_before), (early, NOW.plus_seconds(-900)));
            assert!(error.to_string().contains("2026-11-21T22:11:40Z"), "{error}");
        }
        other => panic!("{other:?}"),
    }

    // The same seen by the server; the client is told as much as TLS tells.
    for now in [late, early] {
        let server = Server::start_default(long.tls_at(&anchor, now)).await;
        let error = greet(&short("hattha").tls(&anchor), &server, "amret").await.unwrap_err();
        assert!(matches!(error, TransportError::RefusedByPeer(Refusal::Expired)), "{error}");
        assert_eq!(server.greeted.load(Ordering::SeqCst), 0);
    }
    // A node whose own certificate has expired starts, and knows.
    let expired = short("sathapana").tls_at(&anchor, late);
    assert!(matches!(expired.check(), Err(TransportError::CertificateExpired { .. })));
}

#[tokio::test]
async fn the_revoked_are_refused_by_either_side() {
    let authority = Authority::new();
    let (amret, sathapana) = (authority.files("amret"), authority.files("sathapana"));
    let server = Server::start_default(sathapana.tls(&authority.anchor_without(&[&amret]))).await;
    let error = greet(&amret.tls(&authority.anchor()), &server, "sathapana").await.unwrap_err();
    assert!(matches!(error, TransportError::RefusedByPeer(Refusal::Revoked)), "{error}");
    greet(&authority.files("amret").tls(&authority.anchor()), &server, "sathapana").await.unwrap();

    // One that only ever speaks learns it too: a failed write looks for the reason.
    let mut framed = dial(&amret.tls(&authority.anchor()), &server, "sathapana").await.unwrap();
    let speak = async {
        loop {
            if let Err(error) = framed.send(b"hello").await {
                break error;
            }
            sleep(Duration::from_millis(20)).await;
        }
    };
    let error = timeout(PATIENCE, speak).await.unwrap();
    assert!(matches!(error, TransportError::RefusedByPeer(Refusal::Revoked)), "{error}");

    let server = Server::start_default(sathapana.tls(&authority.anchor())).await;
    let client = amret.tls(&authority.anchor_without(&[&sathapana]));
    let error = dial(&client, &server, "sathapana").await.unwrap_err();
    assert!(matches!(error, TransportError::Revoked), "{error}");
}

#[tokio::test]
async fn an_expired_revocation_list_stops_everybody_and_says_so() {
    let authority = Authority::new();
    let anchor = authority.anchor_without(&[]);
    let server = Server::start_default(authority.files("sathapana").tls(&anchor)).await;
    let late = NOW.plus_seconds(7 * DAY + 1);
    let client = authority.files("amret").tls_at(&anchor, late);
    match dial(&client, &server, "sathapana").await.unwrap_err() {
        TransportError::RevocationListExpired { now, next_update } => {
            assert_eq!((now, next_update), (late, NOW.plus_seconds(7 * DAY)));
        }
        other => panic!("{other:?}"),
    }
    assert!(matches!(client.check(), Err(TransportError::RevocationListExpired { .. })));
}

#[tokio::test]
async fn another_member_behind_the_address_is_found_out() {
    let authority = Authority::new();
    let anchor = authority.anchor();
    let server = Server::start_default(authority.files("hattha").tls(&anchor)).await;
    let client = authority.files("amret").tls(&anchor);
    match dial(&client, &server, "sathapana").await.unwrap_err() {
        TransportError::WrongMember { expected, found } => {
            assert_eq!(expected, "sathapana.kh-mfi.tally.internal");
            assert!(found.contains("hattha.kh-mfi.tally.internal"), "{found}");
        }
        other => panic!("{other:?}"),
    }
}

type Judge = fn(&TransportError) -> bool;

#[tokio::test]
async fn a_certificate_that_does_not_identify_is_refused_by_either_side() {
    const DNS: &str = "hattha.kh-mfi.tally.internal";
    const URI: &str = "tally://kh-mfi/hattha";
    let authority = Authority::new();
    let anchor = authority.anchor();
    let tasks = TaskTracker::new();
    let server = Server::start_default(authority.files("sathapana").tls(&anchor)).await;
    let client = authority.files("amret").tls(&anchor);
    let cases: [(&[&str], &[&str], Judge); 5] = [
        (&[DNS], &[], |e| matches!(e, TransportError::Identity(NodeIdentityError::NoUri))),
        (&[DNS], &[URI, "tally://kh-mfi/amret"], |e| {
            matches!(e, TransportError::Identity(NodeIdentityError::SeveralUris(2)))
        }),
        (&[DNS], &["tally://kh-mfi/sathapana"], |e| {
            matches!(e, TransportError::Identity(NodeIdentityError::NamesDisagree { .. }))
        }),
        (&[DNS], &["https://example.org/"], |e| {
            matches!(e, TransportError::Identity(NodeIdentityError::BadUri))
        }),
        // The authority's own name constraints hold even where its key is misused.
        (&[DNS, "hattha.az-amfa.tally.internal"], &[URI], |e| {
            matches!(e, TransportError::Tls(_) | TransportError::UnknownAuthority)
        }),
    ];
    for (number, (dns, uris, judge)) in cases.into_iter().enumerate() {
        let forged = authority.forge(dns, uris);
        // As a server, to our dialler.
        let address = other_server(&forged, &tasks).await.to_string();
        let error = dial_within(&client, &address, "hattha", PATIENCE).await.unwrap_err();
        assert!(judge(&error), "{number}: {error:?}");
        // As a client, to our listener.
        let sessions =
            Arc::new(Sessions { tickets: AtomicUsize::new(0), cache: ClientSessionMemoryCache::new(8) });
        let (_, connector) = other_client(&authority, &forged, &sessions);
        let name = ServerName::try_from("sathapana.kh-mfi.tally.internal").unwrap();
        let tcp = TcpStream::connect(server.address).await.unwrap();
        let heard = async {
            let mut tls = connector.connect(name, tcp).await.ok()?;
            tls.read_exact(&mut [0]).await.ok()
        };
        assert!(timeout(PATIENCE, heard).await.unwrap().is_none(), "{number}: it was greeted");
        eventually("counted", || server.counts.refused() == u64::try_from(number).unwrap() + 1).await;
    }
    assert_eq!(server.greeted.load(Ordering::SeqCst), 0);
    // The control: forged, and right.
    let address = other_server(&authority.forge(&[DNS], &[URI]), &tasks).await.to_string();
    dial_within(&client, &address, "hattha", PATIENCE).await.unwrap();
}
