//! Sixteen officers ask at once while their node is killed again and again: no answer was let out of the node without
//! its leaf, and none without the leaves of the key holders.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tallystick::secret::{SystemEntropy, random_array};

use crate::http::Interface;
use crate::is_long;
use crate::network::{
    ASKER, HOLDERS, LENDERS, Network, POLICY, consent_body, eventually, nid, question, small_book,
    transaction,
};

const ASKERS: usize = 16;
const PERSONS: u32 = 60;

/// What the officers got: the signed answer of each transaction, in the order in which they came.
#[derive(Default)]
struct Released {
    answers: Mutex<BTreeMap<String, Value>>,
    count: AtomicUsize,
    enough: AtomicBool,
}

/// Sends until the node answers: it may be down just now.
fn patiently(node: &Interface, path: &str, body: &Value, released: &Released) -> Option<Value> {
    while !released.enough.load(Ordering::SeqCst) {
        match node.post(path, body) {
            Ok((200 | 201, reply)) => return Some(reply),
            Ok((409 | 422, reply)) => panic!("{path}: {reply}"),
            _ => std::thread::sleep(Duration::from_millis(25)),
        }
    }
    None
}

fn officer(node: &Interface, number: usize, released: &Released) {
    for round in 0.. {
        let person = 1 + u32::try_from((number * 7 + round) % PERSONS as usize).unwrap();
        let consent = consent_body(&[("kh-nid", &nid(person))]);
        let Some(recorded) = patiently(node, "/v1/consents", &consent, released) else { return };
        let id = transaction();
        let body = question(recorded["consent"].as_str().unwrap(), &id);
        let Some(answered) = patiently(node, "/v1/inquiries", &body, released) else { return };
        released.answers.lock().unwrap().insert(id, answered["signed"].clone());
        released.count.fetch_add(1, Ordering::SeqCst);
    }
}

/// Index of the leaf of each transaction, by kind; several where a holder served several evaluations.
fn leaves(network: &Network, member: &str, kinds: &[&str]) -> BTreeMap<(String, String), Vec<u64>> {
    let mut found: BTreeMap<(String, String), Vec<u64>> = BTreeMap::new();
    network.each_leaf(member, |index, leaf| {
        let kind = leaf["kind"].as_str().unwrap();
        let open = leaf.get("evaluation").is_none_or(|evaluation| evaluation == "open");
        if kinds.contains(&kind) && open {
            let key = (kind.to_owned(), leaf["transaction"].as_str().unwrap().to_owned());
            found.entry(key).or_default().push(index);
        }
    });
    found
}

#[test]
fn no_answer_leaves_a_node_that_is_killed_without_its_leaf() {
    let (inquiries, kills) = if is_long() { (1_000, 100) } else { (240, 12) };
    let mut network = Network::new(POLICY);
    for lender in LENDERS {
        network.load(lender, &small_book(lender, PERSONS));
    }
    network.start(&LENDERS);
    network.wait_until_published();

    let released = Arc::new(Released::default());
    let officers: Vec<_> = (0..ASKERS)
        .map(|number| {
            let (node, released) = (network.interface(ASKER), Arc::clone(&released));
            std::thread::spawn(move || officer(&node, number, &released))
        })
        .collect();
    for kill in 0..kills {
        let [high, low] = random_array::<2>(&SystemEntropy::new());
        std::thread::sleep(Duration::from_millis(20 + u64::from(u16::from_be_bytes([high, low])) % 500));
        network.kill(ASKER);
        network.start(&[ASKER]);
        // Some work has to be done between two kills, or nothing is tested.
        let before = released.count.load(Ordering::SeqCst);
        eventually(Duration::from_secs(60), &format!("an answer after kill {kill}"), || {
            (released.count.load(Ordering::SeqCst) > before).then_some(())
        });
    }
    eventually(Duration::from_secs(300), "every inquiry", || {
        (released.count.load(Ordering::SeqCst) >= inquiries).then_some(())
    });
    released.enough.store(true, Ordering::SeqCst);
    for officer in officers {
        officer.join().unwrap();
    }

    let own = leaves(&network, ASKER, &["inquiry-opened", "inquiry-answered"]);
    let served: Vec<_> =
        HOLDERS.iter().map(|holder| leaves(&network, holder, &["evaluation-served"])).collect();
    let answers = released.answers.lock().unwrap();
    assert!(answers.len() >= inquiries);
    let distinct: BTreeSet<String> = answers.values().map(Value::to_string).collect();
    assert_eq!(distinct.len(), answers.len(), "every transaction has an answer of its own");
    for transaction in answers.keys() {
        let of = |kind: &str| own.get(&(kind.to_owned(), transaction.clone())).cloned().unwrap_or_default();
        let (opened, answered) = (of("inquiry-opened"), of("inquiry-answered"));
        assert!(
            matches!((opened.as_slice(), answered.as_slice()), ([opened], [answered]) if opened < answered),
            "{transaction}: opened {opened:?}, answered {answered:?}"
        );
        let key = ("evaluation-served".to_owned(), transaction.clone());
        let holders = served.iter().filter(|leaves| leaves.contains_key(&key)).count();
        assert!(holders >= 2, "{transaction}: {holders} holders say that they served it");
    }
    drop(answers);
    network.verify_logs();
}
