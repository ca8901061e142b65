//! Disks fill up, whatever a node is doing: it says so and what to do, shows what it has, loses nothing that it
//! acknowledged, and goes on by itself, in the same process, as soon as there is room.

use std::process::{Output, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tallystick::store::{Durability, Store, StoreBatch, StoreError, StoreOptions, Table};

use crate::book::book_with_cents;
use crate::disk::{Disk, say_skipped};
use crate::http::Interface;
use crate::is_long;
use crate::network::{
    ASKER, LENDERS, Network, OPERATOR, POLICY, consent_body, eventually, nid, question, small_book, today,
    transaction,
};

/// It lends and holds a share of the keys.
const LENDER: &str = "lender-a";
const DISK_MIB: u64 = 640;
const PERSONS: u32 = 30;
const LOANS: u32 = 1_500;
/// A look at the disk each second, the end of everything that runs, a start, and the answers of the witnesses.
const GOES_ON_WAIT: Duration = Duration::from_secs(60);

fn book(cents: u32) -> String {
    book_with_cents("A", LOANS, cents)
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A network whose asker, and one of whose lenders, have disks of their own.
struct Trial {
    network: Network,
    /// An inquiry that was answered, and its answer.
    answered: (String, Value),
    /// A client's request for her report, which was made once.
    request: String,
    /// Consents that were acknowledged, and with which nothing was asked yet.
    consents: Vec<String>,
}

impl Trial {
    fn new() -> Self {
        let mut network = Network::new(POLICY);
        network.load(LENDER, &book(0));
        for lender in &LENDERS[1..] {
            network.load(lender, &small_book(lender, PERSONS));
        }
        for member in [LENDER, ASKER] {
            network.put_on_disk(member, DISK_MIB);
        }
        network.start(&[OPERATOR]);
        network.start(&LENDERS);
        network.wait_until_published();
        let transaction = transaction();
        let first = network.consent(ASKER, &[("kh-nid", &nid(1))]);
        let answer =
            network.interface(ASKER).good("POST", "/v1/inquiries", Some(&question(&first, &transaction)));
        let form = network.folder().join("form.pdf");
        std::fs::write(&form, "a form").unwrap();
        let hers = format!("kh-nid:{}", nid(2));
        let until = today().plus_days(30).to_string();
        let asked = network.run(
            ASKER,
            &[
                "consent",
                "record",
                "--id",
                &hers,
                "--evidence",
                form.to_str().unwrap(),
                "--until",
                &until,
                "--notice",
                "en",
                "--purpose",
                "subject-access",
                "--json",
            ],
        );
        let asked: Value = serde_json::from_str(&asked).unwrap();
        let request = asked["consent"].as_str().unwrap().to_owned();
        network.run(ASKER, &["subject", "report", "--consent", &request]);
        let consents = (3..20).map(|person| network.consent(ASKER, &[("kh-nid", &nid(person))])).collect();
        Self { network, answered: (transaction, answer["signed"].clone()), request, consents }
    }

    fn asker(&self) -> Interface {
        self.network.interface(ASKER)
    }

    fn tally(&self, member: &str, arguments: &[&str]) -> Output {
        self.network.command(member).args(arguments).output().unwrap()
    }

    /// What a member answers whose disk is full, and that everything else of it goes on.
    fn check_full(&self, member: &str, refused: &(u16, Value)) {
        let (status, problem) = refused;
        assert_eq!((*status, &problem["code"]), (507, &json!("disk-full")), "{problem}");
        assert!(problem["detail"].as_str().unwrap().contains("make room"), "{problem}");
        let shown = self.tally(member, &["status"]);
        assert_eq!(shown.status.code(), Some(4), "{}", text(&shown));
        assert!(text(&shown).contains("until there is room"), "{}", text(&shown));
        if member == ASKER {
            self.check_reads();
        }
    }

    /// What was acknowledged can be had.
    fn check_reads(&self) {
        let (transaction, signed) = &self.answered;
        let recalled = self.asker().good("GET", &format!("/v1/inquiries/{transaction}"), None);
        assert_eq!(&recalled["signed"], signed);
        for consent in &self.consents {
            self.asker().good("GET", &format!("/v1/consents/{consent}"), None);
        }
        let report = self.tally(ASKER, &["subject", "report", "--consent", &self.request]);
        assert!(report.status.success() && text(&report).contains("(lender-b)"), "{}", text(&report));
        for place in ["/v1/imports", "/v1/feeds", "/v1/log", "/v1/members", "/v1/disputes", "/v1/doctor"] {
            self.asker().good("GET", place, None);
        }
    }

    /// Makes room, and waits until the member does again what it refused. Nobody lends a hand, and it is the process
    /// that it was.
    fn goes_on(&mut self, member: &'static str, again: &mut dyn FnMut(&Self) -> bool) {
        let process = self.network.process(member).id();
        self.network.disk(member).make_room();
        eventually(GOES_ON_WAIT, &format!("{member} goes on"), || again(self).then_some(()));
        self.network.wait_until_started(&[member]);
        assert_eq!(self.network.process(member).id(), process);
        // What was refused may need no write, such as a backup: it succeeds before the node has started again.
        let has_room = || {
            let status = self.network.interface(member).get("/v1/status").ok()?.1;
            let works = status["disk_full"] == false && status["standing"]["phase"] == "settled";
            works.then_some(status)
        };
        let status = eventually(GOES_ON_WAIT, &format!("{member} has room"), has_room);
        self.network.wait_until_started(&[member]);
        assert_eq!(
            (&status["disk_full"], &status["standing"]["phase"], &status["recovered"]),
            (&json!(false), &json!("settled"), &Value::Null),
            "{status}"
        );
        self.check_reads();
        self.network.verify_logs();
    }
}

/// Something is refused while the disk is full, and done when there is room.
fn refused_until_there_is_room(trial: &mut Trial, member: &'static str, path: &str, body: &Value) -> Value {
    trial.network.disk(member).fill();
    let node = trial.network.interface(member);
    let refused = node.post(path, body).unwrap();
    trial.check_full(member, &refused);
    // Whoever comes next hears the same.
    trial.check_full(member, &node.post(path, body).unwrap());
    let mut done = Value::Null;
    trial.goes_on(member, &mut |_| match node.post(path, body) {
        Ok((200 | 201, reply)) => {
            done = reply;
            true
        }
        _ => false,
    });
    done
}

#[test]
fn a_full_disk_is_said_and_outlived_whatever_goes_on() {
    if let Some(why) = Disk::unavailable() {
        return say_skipped("a_full_disk_is_said_and_outlived_whatever_goes_on", &why);
    }
    let mut trial = Trial::new();

    // An inquiry.
    let body = question(&trial.consents.pop().unwrap(), &transaction());
    let answered = refused_until_there_is_room(&mut trial, ASKER, "/v1/inquiries", &body);
    assert_eq!(answered["answer"]["complete"], true, "{answered}");

    // A consent.
    let body = consent_body(&[("kh-nid", &nid(20))]);
    let recorded = refused_until_there_is_room(&mut trial, ASKER, "/v1/consents", &body);
    trial.consents.push(recorded["consent"].as_str().unwrap().to_owned());

    backup(&mut trial);
    follow(&mut trial);
    serve(&mut trial);
    import(&mut trial);
    start(&mut trial);
}

/// A backup, wherever it is to go: its snapshot lies beside the store.
fn backup(trial: &mut Trial) {
    let key = trial.network.folder().join("backup-identity");
    tallystick::keyring::create_key_file(&key, &tallystick::secret::SystemEntropy::new()).unwrap();
    let identity = std::fs::read_to_string(&key).unwrap();
    let recipient = identity.lines().next().unwrap().rsplit(' ').next().unwrap().to_owned();
    let (file, here) =
        (trial.network.folder().join("backup.age"), trial.network.of(ASKER).join("backup.age"));
    trial.network.disk(ASKER).fill();
    for file in [&file, &here] {
        let said =
            trial.tally(ASKER, &["backup", "create", file.to_str().unwrap(), "--recipient", &recipient]);
        assert_eq!(said.status.code(), Some(1), "{}", text(&said));
        assert!(text(&said).contains("full") || text(&said).contains("No space left"), "{}", text(&said));
        assert!(!file.exists());
    }
    trial.check_reads();
    trial.goes_on(ASKER, &mut |trial| {
        let arguments = ["backup", "create", file.to_str().unwrap(), "--recipient", &recipient];
        trial.tally(ASKER, &arguments).status.success()
    });
    let verify = ["backup", "verify", file.to_str().unwrap(), "--identity", key.to_str().unwrap()];
    let verified = trial.tally(ASKER, &verify);
    assert!(verified.status.success(), "{}", text(&verified));
}

/// A lender publishes what the full one cannot take in.
fn follow(trial: &mut Trial) {
    trial.network.disk(ASKER).fill();
    let more = trial.network.folder().join("more.csv");
    std::fs::write(&more, small_book("lender-b", PERSONS + 20)).unwrap();
    trial.network.run("lender-b", &["import", more.to_str().unwrap(), "--format", "csv", "--full-portfolio"]);
    let is_full = |trial: &Trial| trial.asker().good("GET", "/v1/status", None)["disk_full"] == true;
    eventually(GOES_ON_WAIT, "the follower has no room", || is_full(trial).then_some(()));
    trial.check_reads();
    trial.goes_on(ASKER, &mut |trial| matches!(trial.asker().get("/v1/status"), Ok((200, status)) if status["disk_full"] == false));
    trial.network.wait_until_published();
}

/// A key holder that cannot log refuses, and the others serve.
fn serve(trial: &mut Trial) {
    trial.network.disk(LENDER).fill();
    for _ in 0..2 {
        let consent = trial.consents.pop().unwrap();
        let body = question(&consent, &transaction());
        let answered = trial.asker().good("POST", "/v1/inquiries", Some(&body));
        assert_eq!(answered["answer"]["household"]["others"]["active"], 3, "{answered}");
    }
    let refused = trial.network.interface(LENDER).post("/v1/consents", &consent_body(&[("kh-nid", &nid(5))]));
    trial.check_full(LENDER, &refused.unwrap());
    trial.goes_on(LENDER, &mut |trial| {
        let recorded = consent_body(&[("kh-nid", &nid(5))]);
        matches!(trial.network.interface(LENDER).post("/v1/consents", &recorded), Ok((200 | 201, _)))
    });
}

/// The disk fills up while a book is loaded: at its beginning, and in the middle.
fn import(trial: &mut Trial) {
    let moments: &[u64] = if is_long() { &[0, 10, 20, 40, 60, 90, 130] } else { &[0, 40] };
    for (cents, delay) in (1..).zip(moments) {
        let file = trial.network.folder().join(format!("book-{cents}.csv"));
        std::fs::write(&file, book(cents)).unwrap();
        let arguments = ["import", file.to_str().unwrap(), "--format", "csv", "--full-portfolio"];
        let importing = trial.network.command(LENDER).args(arguments).stderr(Stdio::piped()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(*delay));
        trial.network.disk(LENDER).fill();
        let said = importing.wait_with_output().unwrap();
        let loaded = said.status.success();
        assert!(loaded || text(&said).contains("disk is full"), "{}", text(&said));
        trial.goes_on(LENDER, &mut |trial| trial.tally(LENDER, &arguments).status.success());
        let loads = trial.network.interface(LENDER).good("GET", "/v1/imports", None);
        let last = loads["imports"].as_array().unwrap().last().unwrap();
        assert_eq!((&last["state"], &last["good"]), (&json!("loaded"), &json!(LOANS)), "{loads}");
    }
    trial.network.wait_until_published();
}

/// A node that is started on a full disk waits for room.
fn start(trial: &mut Trial) {
    trial.network.kill(LENDER);
    trial.network.disk(LENDER).fill();
    trial.network.spawn(LENDER);
    eventually(GOES_ON_WAIT, "the node says what it waits for", || {
        let said = trial.network.said(LENDER);
        said.lines()
            .any(|line| line.contains("waits for room") && line.contains("disk is full"))
            .then_some(())
    });
    trial.goes_on(LENDER, &mut |trial| {
        matches!(trial.network.interface(LENDER).get("/v1/status"), Ok((200, _)))
    });
}

const NUMBERED: Table<u32, Vec<u8>> = Table::new("numbered", 1);

/// Without a reserve RocksDB itself meets the end of the disk.
#[test]
fn a_store_that_fills_its_disk_to_the_last_byte_keeps_what_it_acknowledged() {
    if let Some(why) = Disk::unavailable() {
        return say_skipped("a_store_that_fills_its_disk_to_the_last_byte_keeps_what_it_acknowledged", &why);
    }
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("disk");
    let disk = Disk::new(&folder.path().join("image"), &at, 48).unwrap();
    std::fs::write(at.join("ballast-first"), vec![0; 12 << 20]).unwrap();
    let options = StoreOptions { cache_bytes: 8 << 20, reserve_bytes: 0 };
    let open = || Store::open(&at.join("store"), &[NUMBERED.spec()], &options);
    let put = |store: &Store, number: u32| {
        let mut batch = StoreBatch::new();
        batch.put(&NUMBERED, &number, &vec![number.to_be_bytes()[3]; 10_000]);
        store.commit(batch, Durability::Synced)
    };
    let store = open().unwrap();
    let (acknowledged, error) = (0..).find_map(|n| put(&store, n).err().map(|error| (n, error))).unwrap();
    assert!(matches!(error, StoreError::DiskFull { .. }), "{error}");
    assert!(acknowledged > 100, "{acknowledged} rows");
    assert!(matches!(put(&store, acknowledged), Err(StoreError::DiskFull { .. })));
    let check = |store: &Store| {
        for number in 0..acknowledged {
            let row = store.get(&NUMBERED, &number).unwrap();
            assert_eq!(row, Some(vec![number.to_be_bytes()[3]; 10_000]), "row {number}");
        }
    };
    check(&store);
    drop(store);
    disk.fill();
    let error = open().unwrap_err();
    assert!(matches!(error, StoreError::DiskFull { .. }), "{error}");
    disk.make_room();
    let store = open().unwrap();
    check(&store);
    put(&store, acknowledged).unwrap();
    assert_eq!(store.failure(), None);
}
