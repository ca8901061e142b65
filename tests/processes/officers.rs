//! Officers who record consents and ask, all at once and without pause, whatever happens to their node; and what must be
//! true of every answer that reached them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::Value;

use crate::http::Interface;
use crate::network::{ASKER, HOLDERS, Network, consent_body, nid, question, transaction};

/// What the officers got.
#[derive(Default)]
struct Released {
    /// Consents that were acknowledged.
    consents: Mutex<Vec<String>>,
    /// The signed answer of each transaction.
    answers: Mutex<BTreeMap<String, Value>>,
    count: AtomicUsize,
    enough: AtomicBool,
}

impl Released {
    /// Sends until the node answers: it may be down just now.
    fn patiently(&self, node: &Interface, path: &str, body: &Value) -> Option<Value> {
        while !self.enough.load(Ordering::SeqCst) {
            match node.post(path, body) {
                Ok((200 | 201, reply)) => return Some(reply),
                Ok((409 | 422, reply)) => panic!("{path}: {reply}"),
                _ => std::thread::sleep(Duration::from_millis(25)),
            }
        }
        None
    }

    fn officer(&self, node: &Interface, number: usize, persons: u32, pause: Duration) {
        for round in 0.. {
            std::thread::sleep(pause);
            let person = 1 + u32::try_from((number * 7 + round) % persons as usize).unwrap();
            let consent = consent_body(&[("kh-nid", &nid(person))]);
            let Some(recorded) = self.patiently(node, "/v1/consents", &consent) else { return };
            let consent = recorded["consent"].as_str().unwrap();
            self.consents.lock().unwrap().push(consent.to_owned());
            let id = transaction();
            let body = question(consent, &id);
            let Some(answered) = self.patiently(node, "/v1/inquiries", &body) else { return };
            self.answers.lock().unwrap().insert(id, answered["signed"].clone());
            self.count.fetch_add(1, Ordering::SeqCst);
        }
    }
}

/// Officers at the asker.
pub(crate) struct Officers {
    released: Arc<Released>,
    threads: Vec<JoinHandle<()>>,
}

impl Officers {
    /// Lets so many begin, who ask about the persons `1..=persons`, and wait for `pause` before each client.
    pub(crate) fn begin(network: &Network, count: usize, persons: u32, pause: Duration) -> Self {
        let released = Arc::new(Released::default());
        let threads = (0..count)
            .map(|number| {
                let (node, released) = (network.interface(ASKER), Arc::clone(&released));
                std::thread::spawn(move || released.officer(&node, number, persons, pause))
            })
            .collect();
        Self { released, threads }
    }

    /// Answers that reached them.
    pub(crate) fn answered(&self) -> usize {
        self.released.count.load(Ordering::SeqCst)
    }

    /// Looks at everything that they have so far: each consent is known, each answer has its leaves, and is given
    /// again.
    pub(crate) fn check(&self, network: &Network) {
        let consents = self.released.consents.lock().unwrap().clone();
        let answers = self.released.answers.lock().unwrap().clone();
        let asker = network.interface(ASKER);
        for consent in &consents {
            let (status, shown) = asker.get(&format!("/v1/consents/{consent}")).unwrap();
            assert_eq!(status, 200, "consent {consent} was acknowledged: {shown}");
        }
        check_answers(network, &answers);
        for (transaction, signed) in answers.iter().rev().take(20) {
            let recalled = asker.good("GET", &format!("/v1/inquiries/{transaction}"), None);
            assert_eq!(&recalled["signed"], signed, "{transaction}: another answer");
        }
    }

    /// Lets them end.
    pub(crate) fn end(mut self, network: &Network) {
        self.send_home();
        for officer in std::mem::take(&mut self.threads) {
            officer.join().unwrap();
        }
        self.check(network);
    }

    fn send_home(&self) {
        self.released.enough.store(true, Ordering::SeqCst);
    }
}

impl Drop for Officers {
    fn drop(&mut self) {
        self.send_home();
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

fn check_answers(network: &Network, answers: &BTreeMap<String, Value>) {
    let own = leaves(network, ASKER, &["inquiry-opened", "inquiry-answered"]);
    let served: Vec<_> =
        HOLDERS.iter().map(|holder| leaves(network, holder, &["evaluation-served"])).collect();
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
}
