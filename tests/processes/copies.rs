//! What must be true of the members' copies of each other's feeds, whatever happened to the processes and disks.

use serde_json::{Value, json};
use tallystick::model::member::MemberId;
use tallystick::node::Node;

use crate::network::{LENDERS, Network, open_node_at};

/// No running lender knows of two histories, two states or a difference, and nobody had been shown more of its log than
/// it has.
pub(crate) fn check_standing(network: &Network, place: &str) {
    for member in LENDERS {
        let status = network.interface(member).good("GET", "/v1/status", None);
        let own = (&status["standing"]["phase"], &status["recovered"], &status["feed_differs_since"]);
        assert_eq!(own, (&json!("settled"), &Value::Null, &Value::Null), "{place}: {status}");
        for other in status["members"].as_array().unwrap() {
            let found = (&other["forked"], &other["two_states"], &other["differs_since"]);
            assert_eq!(found, (&json!(false), &json!([]), &Value::Null), "{place}: {status}");
        }
    }
}

/// Stops everybody, and compares what each has of each feed: the rows on its disk, their digest, and the digest that
/// the lender signed.
pub(crate) fn check_copies(network: &mut Network) {
    for member in LENDERS {
        network.stop(member);
    }
    let nodes = LENDERS.map(|member| {
        let own = network.of(member);
        open_node_at(&own, &own.join("data"))
    });
    for lender in LENDERS.map(|lender| lender.parse::<MemberId>().unwrap()) {
        let held = |node: &Node| {
            assert!(node.feeds().verify(&lender).unwrap(), "{lender} at {}", node.me());
            let state = node.feeds().state(&lender).unwrap().unwrap();
            (state.sequence, state.rows, state.digest)
        };
        let own = held(nodes.iter().find(|node| node.me() == &lender).unwrap());
        for node in &nodes {
            assert_eq!(held(node), own, "{lender} at {}", node.me());
        }
    }
}
