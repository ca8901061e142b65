//! Members that listen nowhere: everything goes through connections that they dialled themselves.

use std::time::Duration;

use tallystick::limits::REACH_SECONDS_MAX;
use tallystick::model::day::Day;
use tallystick::node::{Inquired, open_answer};

use crate::network::{Network, eventually, policy};
use crate::person::{consent, load, loan, question};

const LENDERS: [&str; 4] = ["lender-a", "lender-b", "lender-c", "lender-d"];

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn members_that_listen_nowhere_report_ask_and_hold_keys_through_the_operators_node() {
    let mut network = Network::where_only("op", 4, 3, 2, &policy());
    network.start_all().await;
    let nodes: Vec<_> = LENDERS.iter().map(|name| network.node(name)).collect();
    let today = Day::of(nodes[0].clock().now());
    for (number, node) in nodes.iter().enumerate() {
        let number = i64::try_from(number).unwrap() + 1;
        let (id, client) = (format!("L-{number}"), number.to_string());
        load(node, vec![loan(&id, &client, "kh-nid:010203040", number * 10_000, today)]);
    }
    // Each needs two key holders for its first publication; of these one is reached through the operator's node alone.
    for node in &nodes {
        for lender in LENDERS {
            let what = format!("{} has the feed of {lender}", node.me());
            eventually(&what, || node.feeds().head(&lender.parse().unwrap()).unwrap().rows == 1).await;
            let digest = |node: &tallystick::node::Node| {
                node.feeds().state(&lender.parse().unwrap()).unwrap().map(|state| state.digest)
            };
            let own = nodes.iter().find(|node| node.me().as_str() == lender).unwrap();
            eventually(&what, || digest(node).is_some() && digest(node) == digest(own)).await;
        }
    }
    let d = network.node("lender-d");
    let recorded = d.record_consent(consent(&d, "kh-nid:010203040")).await.unwrap();
    assert!(recorded.located, "{:?}", recorded.trouble);
    let request = question(&recorded.consent.to_string());
    let Inquired::Answered(signed) = d.inquire(&request, None).await.unwrap() else { panic!("refused") };
    let answer = open_answer(&signed, &d.roster().member(d.me()).unwrap().answer_key).unwrap();
    let text = serde_json::to_string(&answer).unwrap();
    for owed in ["100.00", "200.00", "300.00"] {
        assert!(text.contains(owed), "{text}");
    }
    // The footprint of that question reaches the others as well.
    eventually("the footprint arrives", || nodes[0].feeds().head(d.me()).unwrap().rows == 2).await;
    // A code presented at one that listens nowhere is told to everybody.
    let another = d.record_consent(consent(&d, "kh-nid:010203040")).await.unwrap();
    assert!(nodes[1].withdraw(&another.withdrawal).unwrap());
    let told = nodes[1].flood_withdrawal(another.withdrawal).await;
    assert_eq!(told.len(), 4, "{told:?}");
    for node in &nodes {
        node.log().verify().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_the_relay_a_clear_reason_is_given_and_with_it_work_goes_on() {
    let mut network = Network::where_only("op", 3, 3, 2, &policy());
    network.start_all().await;
    let a = network.node("lender-a");
    let first = a.record_consent(consent(&a, "kh-nid:010203040")).await.unwrap();
    assert!(first.located, "{:?}", first.trouble);
    network.stop("op").await;
    let without = a.record_consent(consent(&a, "kh-nid:010203040")).await.unwrap();
    assert!(!without.located);
    let why = format!("{:?}", without.trouble);
    assert!(why.contains("through op"), "{why}");
    network.start("op").await;
    let request = question(&first.consent.to_string());
    let mut answered = false;
    for _ in 0..20 {
        if matches!(a.inquire(&request, None).await, Ok(Inquired::Answered(_))) {
            answered = true;
            break;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    assert!(answered, "nothing goes through the relay that came back");
    // Of a member that is away the relay says so.
    network.stop("lender-b").await;
    let c = network.node("lender-c");
    let within = Duration::from_secs(REACH_SECONDS_MAX + 20);
    let told = tokio::time::timeout(within, c.flood_withdrawal(first.withdrawal)).await.unwrap();
    assert_eq!(told.iter().map(ToString::to_string).collect::<Vec<_>>(), ["lender-a", "op"]);
}
