//! A network whose members are processes of the program, each with a folder of its own: an operator, and lenders of
//! which some hold the keys and are witnesses.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tallystick::cli::member::{Trust, check};
use tallystick::cli::membership::{Bundle, Lock, NodeFolder};
use tallystick::cli::network::{Admission, NewNetwork, OperatorFolder, init};
use tallystick::clock::{Clock as _, SystemClock};
use tallystick::config::{Config, HostPort};
use tallystick::keyring::{NodeKeys, create_key_file};
use tallystick::model::day::Day;
use tallystick::roster::Role;
use tallystick::secret::{SystemEntropy, random_array};

use crate::http::Interface;
use crate::ports::free_port;

pub(crate) const OPERATOR: &str = "operator";
pub(crate) const POLICY: &str = include_str!("../../config/policy-demo.toml");
/// Who records the consents.
pub(crate) const OFFICER: &str = "Sok Dara Vannak";

/// The members. Their processes end with them.
pub(crate) struct Members {
    folder: tempfile::TempDir,
    running: BTreeMap<String, Child>,
}

impl Members {
    /// Makes the network on disk, by the functions behind the commands of operator and members. Nothing runs. `at` says
    /// under which addresses others find a member, and where it listens if that is elsewhere.
    pub(crate) fn new(
        policy: &str,
        lenders: &[&str],
        (holders, threshold): (&[&str], u8),
        at: impl Fn(&str) -> (Vec<HostPort>, Option<HostPort>),
    ) -> Self {
        let (clock, entropy) = (SystemClock::new(), SystemEntropy::new());
        let folder = tempfile::tempdir().unwrap();
        let node_folder = |name: &str| {
            let own = folder.path().join(name);
            std::fs::create_dir_all(&own).unwrap();
            create_key_file(&own.join("key-file"), &entropy).unwrap();
            let lock = Lock::key_file(&own.join("key-file"));
            let (addresses, listen) = at(name);
            let node = NodeFolder {
                folder: own,
                network: "processes".parse().unwrap(),
                member: name.parse().unwrap(),
                name: None,
                addresses,
                listen,
            };
            (node, lock)
        };
        let (operator, lock) = node_folder(OPERATOR);
        let new = NewNetwork { node: operator.clone(), policy: policy.to_owned(), roles: BTreeSet::new() };
        init(&new, &lock, &clock, &entropy).unwrap();
        let mut office = OperatorFolder::open(&operator.folder, &lock.unlock).unwrap();
        let mut members = Vec::new();
        for name in lenders {
            let (node, lock) = node_folder(name);
            let request = node.create(&lock, &entropy).unwrap();
            let mut roles = BTreeSet::from([Role::Lender]);
            if holders.contains(name) {
                roles.insert(Role::Witness);
            }
            let admission = Admission { roles, name: None, certificate_days: 90 };
            office.admit(&request, &admission, &clock, &entropy).unwrap();
            members.push((node, lock));
        }
        let holders: Vec<_> = holders.iter().map(|name| name.parse().unwrap()).collect();
        office.deal_keys(&holders, threshold, false, &clock, &entropy).unwrap();
        members.push((operator, lock));
        for (node, lock) in &members {
            let config = Config::load_with(&node.folder.join("node.toml"), &|_| None).unwrap();
            let bundle = Bundle::read(&office.bundle(&node.member, &clock).unwrap()).unwrap();
            let mut keys = NodeKeys::load(&config.keys, &lock.unlock).unwrap();
            let checked = check(&config, &bundle, &keys, &clock).unwrap();
            let fingerprint = checked.fingerprint();
            checked.install(Trust::Fingerprint(fingerprint), &mut keys, &lock.unlock).unwrap();
        }
        Self { folder, running: BTreeMap::new() }
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

    /// How a member is, by its own word.
    pub(crate) fn status(&self, member: &str) -> Value {
        self.interface(member).good("GET", "/v1/status", None)
    }

    fn journal(&self, member: &str) -> PathBuf {
        self.folder().join(format!("{member}.journal"))
    }

    /// What a member has said.
    pub(crate) fn said(&self, member: &str) -> String {
        std::fs::read_to_string(self.journal(member)).unwrap_or_default()
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

    /// Starts the node of a member.
    pub(crate) fn spawn(&mut self, member: &str) {
        self.spawn_by(member, |command| command.spawn().unwrap());
    }

    /// The same, where `spawn` starts its process.
    pub(crate) fn spawn_by(&mut self, member: &str, spawn: impl FnOnce(&mut Command) -> Child) {
        let mut journal = std::fs::OpenOptions::new();
        let journal = journal.create(true).append(true).open(self.journal(member)).unwrap();
        let mut command = self.command(member);
        command.arg("node").stdin(Stdio::null()).stdout(Stdio::null()).stderr(journal);
        let before = self.running.insert(member.to_owned(), spawn(&mut command));
        assert!(before.is_none(), "{member} runs already");
    }

    /// Those that run.
    pub(crate) fn running(&self) -> impl Iterator<Item = &str> {
        self.running.keys().map(String::as_str)
    }

    /// The process of a member that runs.
    pub(crate) fn process(&mut self, member: &str) -> &mut Child {
        self.running.get_mut(member).expect("it runs")
    }

    /// Kills a member without warning (SIGKILL).
    pub(crate) fn kill(&mut self, member: &str) {
        self.process(member).kill().unwrap();
        self.taken(member).wait().unwrap();
    }

    /// The process of a member, which is no longer ended with the others.
    pub(crate) fn taken(&mut self, member: &str) -> Child {
        self.running.remove(member).expect("it runs")
    }

    /// Kills all that run.
    pub(crate) fn end(&mut self) {
        for mut child in std::mem::take(&mut self.running).into_values() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// What the nodes said last, beside the failure of a test.
    #[expect(clippy::print_stderr, reason = "the harness shows it with the failed test, and only then")]
    fn tell_journals(&self) {
        for entry in std::fs::read_dir(self.folder()).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let Some(member) = name.strip_suffix(".journal") else { continue };
            let said = self.said(member);
            let lines: Vec<&str> = said.lines().collect();
            eprintln!("-- {member}:\n{}", lines[lines.len().saturating_sub(12)..].join("\n"));
        }
    }
}

impl Drop for Members {
    fn drop(&mut self) {
        self.end();
        if std::thread::panicking() {
            self.tell_journals();
        }
    }
}

/// An address that nothing listens on.
pub(crate) fn free_address() -> HostPort {
    format!("127.0.0.1:{}", free_port()).parse().unwrap()
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
