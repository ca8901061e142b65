//! Members that speak no version, another one, or nonsense: their connection ends, and others are answered meanwhile.

use std::time::Duration;

use tallystick::transport::Framed;
use tallystick::wire::codec;
use tallystick::wire::message::{PROTOCOL_VERSION_MAX, PROTOCOL_VERSION_MIN, Reply, Request, Welcome};
use tokio::time::timeout;

use crate::hostile::{dial, hello};
use crate::network::{Network, policy};

const PATIENCE: Duration = Duration::from_secs(20);

async fn ends(framed: &mut Framed, what: &str) {
    let ended = timeout(PATIENCE, framed.recv()).await.expect(what);
    assert!(!matches!(ended, Ok(Some(_))), "{what}: {ended:?}");
}

/// A connection past its hello.
async fn welcomed(network: &Network) -> Framed {
    let mut framed = dial(network, "lender-a").await;
    let hello = hello(network, PROTOCOL_VERSION_MIN, PROTOCOL_VERSION_MAX);
    framed.send(&codec::encode(&hello)).await.unwrap();
    let welcome: Welcome = codec::decode(&framed.recv().await.unwrap().unwrap(), "welcome").unwrap();
    assert!(matches!(welcome, Welcome::Accepted { .. }));
    framed
}

async fn is_answered(framed: &mut Framed) {
    framed.send(&codec::encode(&Request::Roster)).await.unwrap();
    let reply = timeout(PATIENCE, framed.recv()).await.unwrap().unwrap().unwrap();
    assert!(matches!(codec::decode::<Reply>(&reply, "reply"), Ok(Reply::Roster(_))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_speaks_no_version_or_nonsense_is_cut_off_and_others_are_answered() {
    let mut network = Network::new(4, 1, 1, &policy());
    network.start("lender-a").await;
    let mut honest = welcomed(&network).await;
    // Nonsense, a request or a hello with something behind it, in place of a hello.
    let known = codec::encode(&hello(&network, PROTOCOL_VERSION_MIN, PROTOCOL_VERSION_MAX));
    for first in [vec![0xff; 100], codec::encode(&Request::Roster), [&known[..], &[0]].concat(), vec![0]] {
        let mut bad = dial(&network, "lender-a").await;
        bad.send(&first).await.unwrap();
        ends(&mut bad, "no hello").await;
    }
    // A version that is not known any more, and one that is not known yet, are told which are.
    for version in [0, PROTOCOL_VERSION_MAX + 1] {
        let mut bad = dial(&network, "lender-a").await;
        bad.send(&codec::encode(&hello(&network, version, version))).await.unwrap();
        let told: Welcome = codec::decode(&bad.recv().await.unwrap().unwrap(), "welcome").unwrap();
        let (version_min, version_max) = (PROTOCOL_VERSION_MIN, PROTOCOL_VERSION_MAX);
        assert_eq!(told, Welcome::NoCommonVersion { version_min, version_max });
        ends(&mut bad, "another version").await;
    }
    // After the hello nonsense is no request, nor is a request with something behind it.
    for request in [vec![0xfe; 3], [&codec::encode(&Request::Roster)[..], &[7]].concat()] {
        let mut bad = welcomed(&network).await;
        is_answered(&mut bad).await;
        bad.send(&request).await.unwrap();
        ends(&mut bad, "no request").await;
    }
    is_answered(&mut honest).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_member_that_is_no_operator_passes_on_no_calls() {
    let mut network = Network::new(4, 1, 1, &policy());
    network.start("lender-a").await;
    let mut framed = welcomed(&network).await;
    let lender_d = "lender-d".parse().unwrap();
    for request in [Request::StandBy { wait_seconds: 1 }, Request::Reach { member: lender_d }] {
        framed.send(&codec::encode(&request)).await.unwrap();
        let reply = timeout(PATIENCE, framed.recv()).await.unwrap().unwrap().unwrap();
        let reply: Reply = codec::decode(&reply, "reply").unwrap();
        assert!(
            matches!(&reply, Reply::Unavailable { why } if why.contains("does not pass on")),
            "{reply:?}"
        );
    }
    is_answered(&mut framed).await;
}
