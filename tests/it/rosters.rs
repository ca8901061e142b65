//! A newer roster reaches running nodes from any peer at the hello, and only one that the operator signed; a renewed
//! certificate is taken from its file.

use tallystick::model::leaf::{Leaf, LeafBody};
use tallystick::roster::RosterDocument;
use tallystick::secret::{SecretBytes, SystemEntropy};
use tallystick::signing::{Signed, SigningKey};

use crate::network::{Network, eventually, policy};

/// Lays a newer roster in a member's folder, as `tally member install` does.
fn install(network: &Network, member: &str, version: u64, signer: &SigningKey) {
    let document = RosterDocument { version, ..network.roster() };
    let signed: Signed<RosterDocument> =
        Signed::sign(serde_json::to_vec(&document).unwrap(), signer).unwrap();
    let file = network.folder.path().join(member).join("roster.json");
    std::fs::write(file, serde_json::to_vec(&signed).unwrap()).unwrap();
}

fn accepted(node: &tallystick::node::Node) -> Vec<u64> {
    let leaves = node.log().leaves(0, 1_000).unwrap();
    let version = |bytes: &Vec<u8>| match Leaf::from_bytes(bytes).unwrap().body {
        LeafBody::RosterAccepted { version, .. } => Some(version),
        _ => None,
    };
    leaves.iter().filter_map(version).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_newer_roster_is_fetched_at_the_hello_from_whoever_has_it() {
    let mut network = Network::new(3, 3, 2, &policy());
    network.start_all().await;
    // One lender alone gets the new one, while it is down; it has not changed anything on the others' disks.
    network.stop("lender-b").await;
    install(&network, "lender-b", 2, &network.operator);
    let b = network.start("lender-b").await;
    assert_eq!(b.roster().version(), 2);
    let (a, c, op) = (network.node("lender-a"), network.node("lender-c"), network.node("op"));
    eventually("everybody follows", || [&a, &c, &op].iter().all(|node| node.roster().version() == 2)).await;
    // The leaf is on disk a moment after the roster is followed.
    let nodes = [&a, &b, &c, &op];
    eventually("everybody logged both", || nodes.iter().all(|node| accepted(node) == [1, 2])).await;
    // On disk too: the next start needs nobody.
    drop(a);
    network.stop("lender-a").await;
    let a = network.start("lender-a").await;
    assert_eq!(a.roster().version(), 2);
    assert_eq!(accepted(&a), [1, 2], "and it is not logged twice");
    // Nor does it go back when an older file is put in its place.
    drop(a);
    network.stop("lender-a").await;
    install(&network, "lender-a", 1, &network.operator);
    let a = network.start("lender-a").await;
    assert_eq!(a.roster().version(), 2);
    assert_eq!(accepted(&a), [1, 2]);
    let file = std::fs::read(network.folder.path().join("lender-a/roster.json")).unwrap();
    let signed: Signed<RosterDocument> = serde_json::from_slice(&file).unwrap();
    assert_eq!(
        signed.verify(&network.operator.verify_key()).unwrap().version,
        2,
        "and the file is the new one"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_roster_that_the_operator_did_not_sign_stops_only_whoever_installed_it() {
    let mut network = Network::new(2, 2, 2, &policy());
    network.start_all().await;
    network.stop("lender-b").await;
    let stranger = SigningKey::from_seed(SecretBytes::random(&SystemEntropy::new()));
    install(&network, "lender-b", 2, &stranger);
    assert!(network.try_start("lender-b").await.is_err(), "it does not even start");
    assert_eq!(network.node("lender-a").roster().version(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_renewed_certificate_is_taken_while_the_node_runs() {
    let mut network = Network::new(2, 2, 2, &policy());
    network.start_all().await;
    let (a, b) = (network.node("lender-a"), network.node("lender-b"));
    let before = b.certificate_until().unwrap();
    let seen_by_a = || {
        let status = a.status().unwrap();
        status.members.into_iter().find(|member| member.member.as_str() == "lender-b").unwrap()
    };
    eventually("its end is known to others", || seen_by_a().certificate_until == Some(before)).await;
    let file = network.folder.path().join("lender-b/certificate.pem");
    // Another member's does not fit, and the old one stays.
    std::fs::write(&file, network.renewed_certificate("lender-a", 90)).unwrap();
    tokio::time::sleep(std::time::Duration::from_secs(17)).await;
    assert_eq!(b.certificate_until(), Some(before));
    std::fs::write(&file, network.renewed_certificate("lender-b", 60)).unwrap();
    eventually("the renewed one is used", || b.certificate_until() > Some(before)).await;
}
