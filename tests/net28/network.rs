//! An operator's node that everybody reaches, and lenders that nobody does, each a process of the program.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tallystick::cli::member::{Trust, check};
use tallystick::cli::membership::{Bundle, Lock, NodeFolder};
use tallystick::cli::network::{Admission, NewNetwork, OperatorFolder, init};
use tallystick::clock::{Clock as _, SystemClock};
use tallystick::config::Config;
use tallystick::keyring::{NodeKeys, create_key_file};
use tallystick::model::day::Day;
use tallystick::roster::Role;
use tallystick::secret::SystemEntropy;

use crate::fault_proxy::{Faults, serve};
use crate::http::Interface;
use crate::namespaces::{HUB, Namespaces};

const POLICY: &str = include_str!("../../config/policy-demo.toml");
/// The member that listens.
pub(crate) const OPERATOR: &str = "operator";

/// How the members reach the hub.
pub(crate) enum Lines {
    /// Each from a namespace of its own.
    Namespaces(Namespaces),
    /// All over one bad line on this machine, whose packets are not lost.
    Loopback,
}

/// The network. Its processes end with it.
pub(crate) struct Network {
    folder: tempfile::TempDir,
    lines: Lines,
    running: BTreeMap<String, Child>,
    pub(crate) lenders: Vec<String>,
}

impl Network {
    /// Makes an operator and `lenders` others, the first `holders` of which hold keys and are witnesses, and lays the
    /// lines.
    pub(crate) fn new(lenders: usize, holders: usize, threshold: u8, lines: Lines, faults: Faults) -> Self {
        let (clock, entropy) = (SystemClock::new(), SystemEntropy::new());
        let folder = tempfile::tempdir().unwrap();
        let names: Vec<String> = (1..=lenders).map(|number| format!("lender-{number:02}")).collect();
        let (address, listen) = match &lines {
            Lines::Namespaces(_) => (HUB.to_owned(), "0.0.0.0:7443".to_owned()),
            Lines::Loopback => (free_port(), free_port()),
        };
        let node_folder = |name: &str| {
            let own = folder.path().join(name);
            std::fs::create_dir_all(&own).unwrap();
            create_key_file(&own.join("key-file"), &entropy).unwrap();
            let lock = Lock::key_file(&own.join("key-file"));
            let is_hub = name == OPERATOR;
            let node = NodeFolder {
                folder: own,
                network: "far-apart".parse().unwrap(),
                member: name.parse().unwrap(),
                name: None,
                addresses: is_hub.then(|| address.parse().unwrap()).into_iter().collect(),
                listen: is_hub.then(|| listen.parse().unwrap()),
            };
            (node, lock)
        };
        let (operator, lock) = node_folder(OPERATOR);
        let new = NewNetwork { node: operator.clone(), policy: POLICY.to_owned(), roles: BTreeSet::new() };
        init(&new, &lock, &clock, &entropy).unwrap();
        let mut office = OperatorFolder::open(&operator.folder, &lock.unlock).unwrap();
        let mut members = vec![];
        for (place, name) in names.iter().enumerate() {
            let (node, lock) = node_folder(name);
            let request = node.create(&lock, &entropy).unwrap();
            let mut roles = BTreeSet::from([Role::Lender]);
            if place < holders {
                roles.insert(Role::Witness);
            }
            let admission = Admission { roles, name: None, certificate_days: 90 };
            office.admit(&request, &admission, &clock, &entropy).unwrap();
            members.push((node, lock));
        }
        let keys: Vec<_> = names.iter().take(holders).map(|name| name.parse().unwrap()).collect();
        office.deal_keys(&keys, threshold, false, &clock, &entropy).unwrap();
        members.push((operator, lock));
        for (node, lock) in &members {
            let config = Config::load_with(&node.folder.join("node.toml"), &|_| None).unwrap();
            let bundle = Bundle::read(&office.bundle(&node.member, &clock).unwrap()).unwrap();
            let mut keys = NodeKeys::load(&config.keys, &lock.unlock).unwrap();
            let checked = check(&config, &bundle, &keys, &clock).unwrap();
            let fingerprint = checked.fingerprint();
            checked.install(Trust::Fingerprint(fingerprint), &mut keys, &lock.unlock).unwrap();
        }
        match &lines {
            Lines::Namespaces(namespaces) => {
                for number in 1..=lenders {
                    namespaces.lay_line(number, Faults { seed: faults.seed + number as u64, ..faults });
                }
            }
            Lines::Loopback => {
                std::thread::spawn(move || {
                    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                    runtime.block_on(async {
                        let listener = tokio::net::TcpListener::bind(address).await.unwrap();
                        serve(listener, listen.parse().unwrap(), faults).await;
                    });
                });
            }
        }
        Self { folder, lines, running: BTreeMap::new(), lenders: names }
    }

    pub(crate) fn of(&self, member: &str) -> PathBuf {
        self.folder.path().join(member)
    }

    pub(crate) fn interface(&self, member: &str) -> Interface {
        Interface::new(&self.of(member).join("data"))
    }

    pub(crate) fn status(&self, member: &str) -> Value {
        self.interface(member).good("GET", "/v1/status", None)
    }

    fn command(&self, member: &str) -> Command {
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

    /// Starts a member in its namespace.
    pub(crate) fn start(&mut self, member: &str) {
        let own = self.of(member);
        let journal = std::fs::OpenOptions::new().create(true).append(true).open(own.join("journal.log"));
        let mut command = self.command(member);
        command.arg("node").stdin(Stdio::null()).stdout(Stdio::null()).stderr(journal.unwrap());
        let number = self.lenders.iter().position(|lender| lender == member).map_or(0, |place| place + 1);
        let child = match &self.lines {
            Lines::Namespaces(namespaces) => namespaces.within(number, || command.spawn().unwrap()),
            Lines::Loopback => command.spawn().unwrap(),
        };
        self.running.insert(member.to_owned(), child);
    }

    /// Starts everybody, the hub first, and waits until all work.
    pub(crate) fn start_all(&mut self) {
        let all: Vec<String> =
            std::iter::once(OPERATOR.to_owned()).chain(self.lenders.iter().cloned()).collect();
        for member in &all {
            self.start(member);
        }
        for member in &all {
            let interface = self.interface(member);
            eventually(Duration::from_secs(120), &format!("{member} works"), || {
                let (_, status) = interface.get("/v1/status").ok()?;
                (status["standing"]["phase"] == "settled").then_some(())
            });
        }
    }

    /// Kills a member without warning (SIGKILL).
    pub(crate) fn kill(&mut self, member: &str) {
        let mut child = self.running.remove(member).expect("it runs");
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// What is still missing until every copy everywhere equals, by digest, what its lender signed, and the lenders have
    /// nothing left to publish; none when nothing is.
    pub(crate) fn lacking(&self) -> Option<String> {
        let states: BTreeMap<&String, Value> =
            self.running.keys().map(|member| (member, self.status(member))).collect();
        let waiting: u64 = states.values().map(|state| state["clients_waiting"].as_u64().unwrap()).sum();
        let (mut unequal, mut rows) = (0, BTreeMap::new());
        for (member, state) in &states {
            for copy in state["members"].as_array().unwrap() {
                let Some(own) = states.get(&copy["member"].as_str().unwrap().to_owned()) else { continue };
                let lends = own["feed_digest"].is_string() || self.lenders.contains(&own_name(own));
                let same = copy["digest"].is_string()
                    && copy["digest"] == own["feed_digest"]
                    && copy["rows"] == own["feed_rows"];
                unequal += usize::from(lends && !same);
                *rows.entry(*member).or_insert(0) += copy["rows"].as_u64().unwrap();
            }
        }
        let (least, most) = (rows.values().min().unwrap_or(&0), rows.values().max().unwrap_or(&0));
        (waiting > 0 || unequal > 0).then(|| {
            format!("{waiting} clients wait; {unequal} copies are not equal yet; members hold {least} to {most} rows")
        })
    }
}

fn own_name(status: &Value) -> String {
    status["member"].as_str().unwrap().to_owned()
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
    }
}

impl Network {
    /// What the nodes said last, beside the failure of a test.
    #[expect(clippy::print_stderr, reason = "the harness shows it with the failed test, and only then")]
    fn tell_journals(&self) {
        for member in [OPERATOR, &self.lenders[0], &self.lenders[self.lenders.len() - 1]] {
            let said = std::fs::read_to_string(self.of(member).join("journal.log")).unwrap_or_default();
            let lines: Vec<&str> = said.lines().collect();
            eprintln!("-- {member}:\n{}", lines[lines.len().saturating_sub(15)..].join("\n"));
        }
    }
}

fn free_port() -> String {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

/// The identity number of a made-up person.
pub(crate) fn nid(number: usize) -> String {
    format!("{:09}", 100_000_000 + number * 7)
}

/// A book of small loans, one for each of these persons.
pub(crate) fn book(lender: &str, persons: std::ops::Range<usize>) -> String {
    let today = Day::of(SystemClock::new().now());
    let (opened, matures) = (today.plus_days(-100), today.plus_days(300));
    let mut text =
        "account,client,name,branch,as_of,kh-nid,kind,status,currency,disbursed,outstanding,overdue,\
                    days_past_due,days_past_due_worst,instalment,frequency,opened,matures\n"
            .to_owned();
    for number in persons {
        writeln!(
            text,
            "{lender}-{number},C-{number},Chan Sophea {number},Kandal,{today},{},individual,current,USD,\
             100.00,100.00,0,0,0,10.00,monthly,{opened},{matures}",
            nid(number)
        )
        .unwrap();
    }
    text
}

/// A consent to one inquiry.
pub(crate) fn consent_body(person: usize) -> Value {
    let today = Day::of(SystemClock::new().now());
    json!({
        "identifiers": [{ "scheme": "kh-nid", "value": nid(person) }],
        "purpose": "loan-application",
        "until": today.plus_days(30).to_string(),
        "notice": "km",
        "evidence": { "kind": "signed-form", "bytes": "Zm9ybQ==" },
        "officer": "Sok Dara Vannak",
    })
}

/// The question whether a person may have a small loan.
pub(crate) fn question(consent: &str) -> Value {
    json!({
        "purpose": "loan-application",
        "persons": [{ "role": "applicant", "consent": consent }],
        "requested": {
            "currency": "USD", "amount": "600", "instalment": "55", "frequency": "monthly",
            "term_months": 12, "kind": "individual",
        },
        "household_income": { "currency": "USD", "amount": "400" },
    })
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
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// Writes a lender's book where the command finds it.
pub(crate) fn write_book(folder: &Path, csv: &str) -> PathBuf {
    let file = folder.join("book.csv");
    std::fs::write(&file, csv).unwrap();
    file
}
