//! An operator's network of four lenders, each a process of the program with a folder of its own. Lenders a, b and c
//! hold the keys, of which two are needed, and are the witnesses; lender d asks.

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tallystick::clock::{Clock as _, SystemClock};
use tallystick::config::Config;
use tallystick::daemon::{open_store, read_roster};
use tallystick::formats::Format;
use tallystick::keyring::{NodeKeys, Unlock};
use tallystick::node::{
    Blocking, ImportOptions, ImportOutcome, ImportProgress, NoPeers, Node, NodeSecrets, Parts,
};
use tallystick::secret::SystemEntropy;

pub(crate) use crate::book::{BookRow, csv, nid, small_book};
use crate::disk::Disk;
use crate::members::Members;
pub(crate) use crate::members::{
    OFFICER, OPERATOR, POLICY, consent_body, eventually, free_address, question, today, transaction,
};

pub(crate) const LENDERS: [&str; 4] = ["lender-a", "lender-b", "lender-c", "lender-d"];
pub(crate) const HOLDERS: [&str; 3] = ["lender-a", "lender-b", "lender-c"];
pub(crate) const ASKER: &str = "lender-d";

/// A node that has not started by then will not.
const START_WAIT: Duration = Duration::from_secs(30);
/// Longer than a start is patient with key holders that do not answer.
const SETTLE_WAIT: Duration = Duration::from_secs(20);
/// Longer than a node takes to end what it has begun.
const STOP_WAIT: Duration = Duration::from_secs(25);

/// One network at a time: four nodes are enough for one machine, and delays are measured against each other.
static TURN: Mutex<()> = Mutex::new(());

/// The members and their disks. The operator runs no node unless a test starts it; it is a witness all the same.
pub(crate) struct Network {
    members: Members,
    /// Disks of their own, by the member whose folder lies there.
    disks: BTreeMap<&'static str, Disk>,
    _turn: MutexGuard<'static, ()>,
}

impl Deref for Network {
    type Target = Members;

    fn deref(&self) -> &Members {
        &self.members
    }
}

impl DerefMut for Network {
    fn deref_mut(&mut self) -> &mut Members {
        &mut self.members
    }
}

impl Network {
    /// Makes the network on disk. Nothing runs.
    pub(crate) fn new(policy: &str) -> Self {
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let members = Members::new(policy, &LENDERS, (&HOLDERS, 2), |_| (vec![free_address()], None));
        Self { members, disks: BTreeMap::new(), _turn: turn }
    }

    /// Moves the folder of a member that is not running to a disk of its own, of so many MiB. What it says stays
    /// elsewhere.
    pub(crate) fn put_on_disk(&mut self, member: &'static str, mib: u64) {
        assert!(self.running().all(|runs| runs != member));
        let (own, aside) = (self.of(member), self.folder().join(format!("{member}-aside")));
        std::fs::rename(&own, &aside).unwrap();
        let disk = Disk::new(&self.folder().join(format!("{member}.disk")), &own, mib).unwrap();
        let copied = Command::new("cp").arg("-a").arg(aside.join(".")).arg(&own).status().unwrap();
        let synced = Command::new("sync").arg("-f").arg(&own).status().unwrap();
        assert!(copied.success() && synced.success());
        self.disks.insert(member, disk);
    }

    /// The disk of a member that has its own.
    pub(crate) fn disk(&self, member: &str) -> &Disk {
        &self.disks[member]
    }

    /// Cuts the power of a member that has a disk of its own: what it did not sync is gone. It does not run then.
    pub(crate) fn cut_power(&mut self, member: &str) {
        // The process stands still first: when a disk is cut off while it runs, a sync that is under way may be told to
        // have worked although it did not, and whoever runs on would tell others. A machine without power runs nothing.
        let stood = Command::new("kill").arg("-STOP").arg(self.process(member).id().to_string()).status();
        assert!(stood.unwrap().success());
        self.disk(member).cut_power().unwrap();
        self.kill(member);
    }

    /// Switches it on again. The member does not run yet.
    pub(crate) fn power_on(&mut self, member: &str) {
        self.disks.get_mut(member).expect("it has a disk of its own").power_on();
    }

    /// Loads a book into a member that is not running.
    pub(crate) fn load(&self, member: &str, csv: &str) {
        assert!(self.running().all(|runs| runs != member));
        let outcome = import(&open_node(&self.of(member)), csv.as_bytes(), &mut |_| ());
        assert_eq!(outcome.held_for, [""; 0]);
        assert_eq!(outcome.load.rejected, 0);
    }

    /// Starts members, and waits until each answers.
    pub(crate) fn start(&mut self, members: &[&'static str]) {
        for member in members {
            self.spawn(member);
        }
        self.wait_until_started(members);
    }

    /// Waits until each answers and works.
    pub(crate) fn wait_until_started(&mut self, members: &[&'static str]) {
        for member in members {
            let interface = self.interface(member);
            let child = self.process(member);
            eventually(START_WAIT, &format!("{member} answers"), || {
                let ended = child.try_wait().unwrap();
                assert!(ended.is_none(), "{member} ended: {ended:?}");
                matches!(interface.get("/v1/status"), Ok((200, _))).then_some(())
            });
        }
        for member in members {
            self.wait_until_it_works(member);
        }
    }

    /// Waits until a member knows that its log is whole; not for ever, for those that it asks may be away.
    fn wait_until_it_works(&self, member: &str) {
        let clock = SystemClock::new();
        let begin = clock.elapsed();
        while clock.elapsed().saturating_sub(begin) < SETTLE_WAIT {
            if self.status(member)["standing"]["phase"] == "settled" {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Asks a member to stop (SIGTERM), and waits until it has.
    pub(crate) fn stop(&mut self, member: &str) {
        let mut child = self.taken(member);
        let asked = Command::new("kill").arg("-TERM").arg(child.id().to_string()).status().unwrap();
        assert!(asked.success());
        let status = eventually(STOP_WAIT, &format!("{member} stops"), || child.try_wait().unwrap());
        assert!(status.success(), "{member} stopped with {status}");
    }

    /// Waits until every running lender has every row of every other running one.
    pub(crate) fn wait_until_published(&self) {
        eventually(Duration::from_secs(40), "all rows are everywhere", || {
            let states: Vec<Value> = self
                .running()
                .filter(|member| LENDERS.contains(member))
                .map(|member| self.status(member))
                .collect();
            let has_all = |own: &Value, other: &Value| {
                own["member"] == other["member"]
                    || own["members"].as_array().unwrap().iter().any(|member| {
                        member["member"] == other["member"]
                            && member["sequence"] == other["feed_sequence"]
                            && member["last_heard"].is_number()
                            && member["as_of"].is_string()
                    })
            };
            states
                .iter()
                .all(|own| {
                    own["clients_waiting"] == 0
                        && own["feed_rows"].as_u64() > Some(0)
                        && states.iter().all(|other| has_all(own, other))
                })
                .then_some(())
        });
    }

    /// Records a consent to one inquiry at a member, and gives its id.
    pub(crate) fn consent(&self, member: &str, identifiers: &[(&str, &str)]) -> String {
        let body = consent_body(identifiers);
        let recorded = self.interface(member).good("POST", "/v1/consents", Some(&body));
        recorded["consent"].as_str().unwrap().to_owned()
    }

    /// Every running member's log and all its copies of others lead to what was signed, with one history each.
    pub(crate) fn verify_logs(&self) {
        for member in self.running() {
            let verified = self.interface(member).good("POST", "/v1/log/verify", Some(&json!({})));
            assert!(verified["leaves"].as_u64() > Some(0), "{member}: {verified}");
            for mirror in verified["mirrors"].as_array().unwrap() {
                assert_eq!(mirror["forks"], json!([]), "{member}: {verified}");
            }
        }
    }

    /// Leaves of a member's log of one kind and transaction.
    pub(crate) fn leaves(&self, member: &str, kind: &str, transaction: &str) -> usize {
        let mut count = 0;
        self.each_leaf(member, |_, leaf| {
            count += usize::from(leaf["kind"] == kind && leaf["transaction"] == transaction);
        });
        count
    }

    /// Every leaf of a member's log, with its index.
    pub(crate) fn each_leaf(&self, member: &str, mut each: impl FnMut(u64, &Value)) {
        let mut from = 0;
        loop {
            let page =
                self.interface(member).good("GET", &format!("/v1/log/leaves?from={from}&limit=1000"), None);
            for (index, shown) in (from..).zip(page["leaves"].as_array().unwrap()) {
                each(index, &shown["leaf"]);
            }
            match page["next"].as_u64() {
                Some(next) => from = next,
                None => return,
            }
        }
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        self.end();
        // Before the folder in which they are mounted is taken away.
        self.disks.clear();
    }
}

/// The node of a folder in this process, without connections, while no process runs on the folder.
pub(crate) fn open_node(folder: &Path) -> Arc<Node> {
    open_node_at(folder, &folder.join("data"))
}

/// The same, where its data lie elsewhere.
pub(crate) fn open_node_at(folder: &Path, data: &Path) -> Arc<Node> {
    let config = Config::load_with(&folder.join("node.toml"), &|_| None).unwrap();
    std::fs::create_dir_all(data).unwrap();
    let keys = NodeKeys::load(&config.keys, &Unlock::KeyFile(folder.join("key-file"))).unwrap();
    Node::start(Parts {
        me: config.member.clone(),
        store: open_store(data, 16).unwrap(),
        clock: Arc::new(SystemClock::new()),
        entropy: Arc::new(SystemEntropy::new()),
        secrets: NodeSecrets::new(keys),
        roster: read_roster(&config.roster, config.pinned_operator_key().unwrap()).unwrap(),
        peers: Arc::new(NoPeers),
        blocking: Blocking::Threads,
    })
    .unwrap()
}

/// Loads a book that is the member's full portfolio.
pub(crate) fn import(node: &Node, mut csv: &[u8], progress: &mut dyn FnMut(ImportProgress)) -> ImportOutcome {
    let options = ImportOptions { full_portfolio: true, ..ImportOptions::new(Format::Csv, "book.csv") };
    node.import(&mut csv, &options, progress).unwrap()
}

/// How long something takes.
pub(crate) fn timed<T>(act: impl FnOnce() -> T) -> (T, Duration) {
    let clock = SystemClock::new();
    let begin = clock.elapsed();
    let given = act();
    (given, clock.elapsed().saturating_sub(begin))
}
