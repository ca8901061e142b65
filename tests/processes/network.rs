//! An operator's network of four lenders, each a process of the program with a folder of its own. Lenders a, b and c
//! hold the keys, of which two are needed, and are the witnesses; lender d asks.

use std::collections::{BTreeMap, BTreeSet};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tallystick::cli::member::{Trust, check};
use tallystick::cli::membership::{Bundle, Lock, NodeFolder};
use tallystick::cli::network::{Admission, NewNetwork, OperatorFolder, init};
use tallystick::clock::{Clock as _, SystemClock};
use tallystick::config::{Config, HostPort};
use tallystick::daemon::{open_store, read_roster};
use tallystick::formats::Format;
use tallystick::keyring::{NodeKeys, Unlock, create_key_file};
use tallystick::model::day::Day;
use tallystick::node::{
    Blocking, ImportOptions, ImportOutcome, ImportProgress, NoPeers, Node, NodeSecrets, Parts,
};
use tallystick::roster::Role;
use tallystick::secret::{SystemEntropy, random_array};

pub(crate) use crate::book::{BookRow, csv, nid, small_book};
use crate::disk::Disk;
use crate::http::Interface;

pub(crate) const LENDERS: [&str; 4] = ["lender-a", "lender-b", "lender-c", "lender-d"];
pub(crate) const HOLDERS: [&str; 3] = ["lender-a", "lender-b", "lender-c"];
pub(crate) const ASKER: &str = "lender-d";
pub(crate) const POLICY: &str = include_str!("../../config/policy-demo.toml");
/// Who records the consents.
pub(crate) const OFFICER: &str = "Sok Dara Vannak";
/// Runs no node unless a test starts it; a witness all the same.
pub(crate) const OPERATOR: &str = "operator";

/// A node that has not started by then will not.
const START_WAIT: Duration = Duration::from_secs(30);
/// Longer than a start is patient with key holders that do not answer.
const SETTLE_WAIT: Duration = Duration::from_secs(20);
/// Longer than a node takes to end what it has begun.
const STOP_WAIT: Duration = Duration::from_secs(25);

/// One network at a time: four nodes are enough for one machine, and delays are measured against each other.
static TURN: Mutex<()> = Mutex::new(());

/// The network. Its processes end with it.
pub(crate) struct Network {
    folder: tempfile::TempDir,
    running: BTreeMap<&'static str, Child>,
    /// Disks of their own, by the member whose folder lies there.
    disks: BTreeMap<&'static str, Disk>,
    _turn: MutexGuard<'static, ()>,
}

/// An address that nothing listens on and no dialling socket gets by chance while its node is down: below the ports
/// that systems hand out.
pub(crate) fn free_address() -> HostPort {
    loop {
        let [high, low] = random_array::<2>(&SystemEntropy::new());
        let port = 20_000 + u16::from_be_bytes([high, low]) % 12_000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return format!("127.0.0.1:{port}").parse().unwrap();
        }
    }
}

impl Network {
    /// Makes the network on disk, by the functions behind the commands of operator and members. Nothing runs.
    pub(crate) fn new(policy: &str) -> Self {
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let (clock, entropy) = (SystemClock::new(), SystemEntropy::new());
        let folder = tempfile::tempdir().unwrap();
        let node_folder = |name: &str| {
            let own = folder.path().join(name);
            std::fs::create_dir_all(&own).unwrap();
            create_key_file(&own.join("key-file"), &entropy).unwrap();
            let lock = Lock::key_file(&own.join("key-file"));
            let node = NodeFolder {
                folder: own,
                network: "processes".parse().unwrap(),
                member: name.parse().unwrap(),
                name: None,
                addresses: vec![free_address()],
                listen: None,
            };
            (node, lock)
        };
        let (operator, lock) = node_folder(OPERATOR);
        let new = NewNetwork { node: operator.clone(), policy: policy.to_owned(), roles: BTreeSet::new() };
        init(&new, &lock, &clock, &entropy).unwrap();
        let mut office = OperatorFolder::open(&operator.folder, &lock.unlock).unwrap();
        let mut members = Vec::new();
        for name in LENDERS {
            let (node, lock) = node_folder(name);
            let request = node.create(&lock, &entropy).unwrap();
            let mut roles = BTreeSet::from([Role::Lender]);
            if HOLDERS.contains(&name) {
                roles.insert(Role::Witness);
            }
            let admission = Admission { roles, name: None, certificate_days: 90 };
            office.admit(&request, &admission, &clock, &entropy).unwrap();
            members.push((node, lock));
        }
        let holders: Vec<_> = HOLDERS.iter().map(|name| name.parse().unwrap()).collect();
        office.deal_keys(&holders, 2, false, &clock, &entropy).unwrap();
        for (node, lock) in &members {
            let config = Config::load_with(&node.folder.join("node.toml"), &|_| None).unwrap();
            let bundle = Bundle::read(&office.bundle(&node.member, &clock).unwrap()).unwrap();
            let mut keys = NodeKeys::load(&config.keys, &lock.unlock).unwrap();
            let checked = check(&config, &bundle, &keys, &clock).unwrap();
            let fingerprint = checked.fingerprint();
            checked.install(Trust::Fingerprint(fingerprint), &mut keys, &lock.unlock).unwrap();
        }
        Self { folder, running: BTreeMap::new(), disks: BTreeMap::new(), _turn: turn }
    }

    /// Moves the folder of a member that is not running to a disk of its own, of so many MiB. What it says stays
    /// elsewhere.
    pub(crate) fn put_on_disk(&mut self, member: &'static str, mib: u64) {
        assert!(!self.running.contains_key(member));
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
        let stood = Command::new("kill").arg("-STOP").arg(self.process(member).to_string()).status();
        assert!(stood.unwrap().success());
        self.disk(member).cut_power().unwrap();
        self.kill(member);
    }

    /// Switches it on again. The member does not run yet.
    pub(crate) fn power_on(&mut self, member: &str) {
        self.disks.get_mut(member).expect("it has a disk of its own").power_on();
    }

    fn journal(&self, member: &str) -> PathBuf {
        self.folder().join(format!("{member}.journal"))
    }

    /// What a member has said.
    pub(crate) fn said(&self, member: &str) -> String {
        std::fs::read_to_string(self.journal(member)).unwrap_or_default()
    }

    /// The process that a member runs in.
    pub(crate) fn process(&self, member: &str) -> u32 {
        self.running[member].id()
    }

    /// The folder of everything.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The folder of one member.
    pub(crate) fn of(&self, member: &str) -> PathBuf {
        self.folder.path().join(member)
    }

    pub(crate) fn interface(&self, member: &str) -> Interface {
        Interface::new(&self.of(member).join("data"))
    }

    /// Loads a book into a member that is not running.
    pub(crate) fn load(&self, member: &str, csv: &str) {
        assert!(!self.running.contains_key(member));
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

    /// Starts the process of a member.
    pub(crate) fn spawn(&mut self, member: &'static str) {
        let mut journal = std::fs::OpenOptions::new();
        let journal = journal.create(true).append(true).open(self.journal(member)).unwrap();
        let mut command = self.command(member);
        command.arg("node").stdin(Stdio::null()).stdout(Stdio::null()).stderr(journal);
        let before = self.running.insert(member, command.spawn().unwrap());
        assert!(before.is_none(), "{member} runs already");
    }

    /// Waits until each answers and works.
    pub(crate) fn wait_until_started(&mut self, members: &[&'static str]) {
        for member in members {
            let interface = self.interface(member);
            let child = self.running.get_mut(member).unwrap();
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
            if self.interface(member).good("GET", "/v1/status", None)["standing"]["phase"] == "settled" {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// The program, as a member runs it.
    pub(crate) fn command(&self, member: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tally"));
        command.arg("--config").arg(self.of(member).join("node.toml"));
        for variable in ["TALLY_CONFIG", "TALLY_PASSPHRASE_FILE", "TALLY_DATA", "TALLY_LISTEN", "TALLY_LOG"] {
            command.env_remove(variable);
        }
        command
    }

    /// What a command of a member says, which must be done.
    pub(crate) fn run(&self, member: &str, arguments: &[&str]) -> String {
        let done = self.command(member).args(arguments).output().unwrap();
        let said = String::from_utf8(done.stdout).unwrap();
        let noted = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "{member} {arguments:?}: {}\n{said}{noted}", done.status);
        said
    }

    /// Kills a member without warning (SIGKILL).
    pub(crate) fn kill(&mut self, member: &str) {
        let mut child = self.running.remove(member).expect("it runs");
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Asks a member to stop (SIGTERM), and waits until it has.
    pub(crate) fn stop(&mut self, member: &str) {
        let mut child = self.running.remove(member).expect("it runs");
        let asked = Command::new("kill").arg("-TERM").arg(child.id().to_string()).status().unwrap();
        assert!(asked.success());
        let status = eventually(STOP_WAIT, &format!("{member} stops"), || child.try_wait().unwrap());
        assert!(status.success(), "{member} stopped with {status}");
    }

    /// Waits until every running lender has every row of every other running one.
    pub(crate) fn wait_until_published(&self) {
        eventually(Duration::from_secs(40), "all rows are everywhere", || {
            let states: Vec<Value> = self
                .running
                .keys()
                .filter(|member| LENDERS.contains(member))
                .map(|member| self.interface(member).good("GET", "/v1/status", None))
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
        for member in self.running.keys() {
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
        for child in self.running.values_mut() {
            let _ = child.kill();
            let _ = child.wait();
        }
        if std::thread::panicking() {
            self.tell_journals();
        }
        // Before the folder in which they are mounted is taken away.
        self.disks.clear();
    }
}

impl Network {
    /// What the nodes said last, beside the failure of a test.
    #[expect(clippy::print_stderr, reason = "the harness shows it with the failed test, and only then")]
    fn tell_journals(&self) {
        for member in LENDERS {
            let said = self.said(member);
            let lines: Vec<&str> = said.lines().collect();
            eprintln!("-- {member}:\n{}", lines[lines.len().saturating_sub(12)..].join("\n"));
        }
    }
}

/// A consent to one inquiry.
pub(crate) fn consent_body(identifiers: &[(&str, &str)]) -> Value {
    let identifiers: Vec<Value> =
        identifiers.iter().map(|(scheme, value)| json!({ "scheme": scheme, "value": value })).collect();
    json!({
        "identifiers": identifiers,
        "purpose": "loan-application",
        "until": today().plus_days(30).to_string(),
        "notice": "km",
        "evidence": { "kind": "signed-form", "bytes": "Zm9ybQ==" },
        "officer": OFFICER,
    })
}

/// The question whether a person may have a small loan.
pub(crate) fn question(consent: &str, transaction: &str) -> Value {
    json!({
        "transaction": transaction,
        "purpose": "loan-application",
        "persons": [{ "role": "applicant", "consent": consent }],
        "requested": {
            "currency": "USD", "amount": "600", "instalment": "55", "frequency": "monthly",
            "term_months": 12, "kind": "individual",
        },
        "household_income": { "currency": "USD", "amount": "400" },
    })
}

/// A transaction id of the caller's own.
pub(crate) fn transaction() -> String {
    hex::encode(random_array::<16>(&SystemEntropy::new()))
}

pub(crate) fn today() -> Day {
    Day::of(SystemClock::new().now())
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

/// Looks again and again until there is something, and gives it.
pub(crate) fn eventually<T>(within: Duration, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let clock = SystemClock::new();
    let begin = clock.elapsed();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(clock.elapsed().saturating_sub(begin) < within, "not within {within:?}: {what}");
        std::thread::sleep(Duration::from_millis(30));
    }
}

/// How long something takes.
pub(crate) fn timed<T>(act: impl FnOnce() -> T) -> (T, Duration) {
    let clock = SystemClock::new();
    let begin = clock.elapsed();
    let given = act();
    (given, clock.elapsed().saturating_sub(begin))
}
