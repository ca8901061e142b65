//! Market figures at a member that is no witness: it has its own log alone, and says so.

use tallystick::digest::TransactionId;
use tallystick::model::leaf::{Leaf, LeafBody};
use tallystick::model::member::MemberId;
use tallystick::model::month::Month;
use tallystick::node::Node;

use crate::network::{Network, eventually, policy};

/// What a lender logs that has counted.
fn count(node: &Node) {
    let now = node.clock().now();
    let (month, clients) = (Month::of(now), [500, 100, 50, 20]);
    let body = LeafBody::MarketCounted { month, epsilon_thousandths: 500, covers: 3, of: 3, clients };
    node.log().append_one(Leaf::new(now, TransactionId([7; 16]), body)).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_member_that_is_no_witness_calls_nobody_late() {
    let mut network = Network::new(3, 2, 2, &policy());
    network.start_all().await;
    let (op, a, b, c) =
        (network.node("op"), network.node("lender-a"), network.node("lender-b"), network.node("lender-c"));
    let ids = |nodes: &[&Node]| nodes.iter().map(|node| node.me().clone()).collect::<Vec<MemberId>>();
    for lender in [&a, &c] {
        count(lender);
    }
    // The operator is a witness: it knows who has counted and who has not.
    eventually("the operator has both counts", || {
        let months = op.market().unwrap().months;
        months.first().is_some_and(|month| month.lenders == 2 && month.not_here.is_empty())
    })
    .await;
    assert_eq!(op.market().unwrap().months[0].missing, ids(&[&b]));
    // Lender c is none: what the others have counted is not for it to say.
    let here = c.market().unwrap().months.remove(0);
    assert_eq!((here.lenders, here.missing, here.not_here), (1, Vec::new(), ids(&[&a, &b])));
    assert!(!here.complete);
}
