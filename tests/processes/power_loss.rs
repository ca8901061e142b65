//! Power is cut at random moments: under a lender that loads its book or publishes it, a follower that catches up, an
//! asker and a key holder in the middle of inquiries, a backup. What was acknowledged is there when the power is back.
//!
//! Only a disk that loses what was not synced shows a missing sync; a killed process does not.

use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::Duration;

use tallystick::book::{BookTotal, LoadState};
use tallystick::secret::{SystemEntropy, random_array};

use crate::book::book_with_cents;
use crate::copies::{check_copies, check_standing};
use crate::disk::{Disk, say_skipped};
use crate::is_long;
use crate::network::{
    ASKER, LENDERS, Network, OPERATOR, POLICY, eventually, open_node_at, small_book, timed,
};
use crate::officers::Officers;

/// It lends, holds a share of the keys, and has a disk of its own. So has the asker.
const LENDER: &str = "lender-a";
const DISK_MIB: u64 = 4096;
/// Persons of whom every lender has a loan.
const PERSONS: u32 = 40;
/// Loans of the lender whose book changes.
const LOANS: u32 = 800;
const OFFICERS: usize = 3;
/// Before each client of theirs: they are to be in the middle of something always, not to spend their quota.
const PAUSE: Duration = Duration::from_millis(60);

/// What goes on when the power fails, and at whom it fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Work {
    /// The lender loads its book.
    Import,
    /// The asker follows the lender, which publishes.
    Follow,
    /// The asker asks, as it does all the while.
    Ask,
    /// The asker's backup is taken.
    Backup,
    /// The lender publishes.
    Publish,
    /// The lender holds a key for the asker.
    Hold,
}

const WORKS: [Work; 6] = [Work::Import, Work::Follow, Work::Ask, Work::Backup, Work::Publish, Work::Hold];

impl Work {
    fn victim(self) -> &'static str {
        match self {
            Self::Import | Self::Publish | Self::Hold => LENDER,
            Self::Follow | Self::Ask | Self::Backup => ASKER,
        }
    }
}

/// A part of `whole`, at random.
fn part_of(whole: Duration) -> Duration {
    whole.mul_f64(f64::from(u32::from_be_bytes(random_array(&SystemEntropy::new()))) / f64::from(u32::MAX))
}

/// The network, and what it has acknowledged.
struct Trial {
    network: Network,
    /// How long the lender's import took, and then until everybody had it, undisturbed.
    import_takes: Duration,
    publish_takes: Duration,
    backup_takes: Duration,
    recipient: String,
    identity: PathBuf,
    /// Books loaded, each by the cents that its loans have beyond the hundred; the last is the newest that was tried.
    tried: u32,
    acknowledged: Vec<u32>,
}

fn book(cents: u32) -> String {
    book_with_cents("A", LOANS, cents)
}

fn file_of(cents: u32) -> String {
    format!("book-{cents}.csv")
}

impl Trial {
    fn new() -> Self {
        // As many as in a month.
        let quotas = "\n[quotas]\ninquiries_per_day = 60000\ninquiry_points_per_day = 6000000\n";
        let mut network = Network::new(&format!("{POLICY}{quotas}"));
        network.load(LENDER, &book(0));
        for lender in &LENDERS[1..] {
            network.load(lender, &small_book(lender, PERSONS));
        }
        for member in [LENDER, ASKER] {
            network.put_on_disk(member, DISK_MIB);
        }
        let identity = network.folder().join("backup-identity");
        tallystick::keyring::create_key_file(&identity, &SystemEntropy::new()).unwrap();
        let text = std::fs::read_to_string(&identity).unwrap();
        let recipient = text.lines().next().unwrap().rsplit(' ').next().unwrap().to_owned();
        network.start(&[OPERATOR]);
        network.start(&LENDERS);
        network.wait_until_published();
        let mut trial = Self {
            network,
            import_takes: Duration::ZERO,
            publish_takes: Duration::ZERO,
            backup_takes: Duration::ZERO,
            recipient,
            identity,
            tried: 0,
            acknowledged: Vec::new(),
        };
        trial.import_takes = timed(|| trial.import_whole()).1;
        trial.publish_takes = timed(|| trial.network.wait_until_published()).1;
        trial.backup_takes = timed(|| assert!(trial.backup().wait().unwrap().success())).1;
        trial
    }

    /// The running node of the lender loads the newest book.
    fn import(&self) -> Child {
        let file = self.network.folder().join(file_of(self.tried));
        std::fs::write(&file, book(self.tried)).unwrap();
        let mut command = self.network.command(LENDER);
        command.args(["import", "--format", "csv", "--full-portfolio", "--json"]).arg(file);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    }

    fn import_whole(&mut self) {
        self.tried += 1;
        let said = self.import().wait_with_output().unwrap();
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
        self.acknowledged.push(self.tried);
    }

    /// What a clerk does whose import broke off. The node may just be bringing it to its end by itself.
    fn import_again(&mut self, place: &str) {
        eventually(Duration::from_secs(30), "the book is loaded", || {
            let said = self.import().wait_with_output().unwrap();
            let words = String::from_utf8_lossy(&said.stderr).into_owned();
            let is_good = said.status.success();
            assert!(is_good || words.contains("another load is running"), "{place}: {words}");
            is_good.then_some(())
        });
        self.acknowledged.push(self.tried);
    }

    fn backup_file(&self) -> PathBuf {
        self.network.of(ASKER).join("backup.age")
    }

    /// A backup of the asker, onto the disk that its store is on.
    fn backup(&self) -> Child {
        let _ = std::fs::remove_file(self.backup_file());
        let mut command = self.network.command(ASKER);
        command.args(["backup", "create"]).arg(self.backup_file()).args(["--recipient", &self.recipient]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// Lets the power fail in the middle of some work, and switches it on again. Gives what was going on.
    fn cut(&mut self, work: Work) -> String {
        let victim = work.victim();
        let (delay, child) = match work {
            Work::Import => {
                self.tried += 1;
                (part_of(self.import_takes), Some(self.import()))
            }
            Work::Follow | Work::Publish => {
                self.import_whole();
                (part_of(self.publish_takes), None)
            }
            Work::Ask | Work::Hold => (part_of(Duration::from_millis(500)), None),
            Work::Backup => (part_of(self.backup_takes), Some(self.backup())),
        };
        std::thread::sleep(delay);
        self.network.cut_power(victim);
        let ended = child.map(|mut child| child.wait().unwrap().success());
        if work == Work::Import && ended == Some(true) {
            self.acknowledged.push(self.tried);
        }
        self.network.power_on(victim);
        let place = format!("{work:?}, cut after {delay:?}, done: {ended:?}");
        if work == Work::Backup {
            self.check_backup(ended == Some(true), &place);
        }
        self.check_cold(victim, &place);
        self.network.start(&[victim]);
        if work == Work::Import && ended != Some(true) {
            self.import_again(&place);
        }
        place
    }

    /// Whole or not there; and there if that was said.
    fn check_backup(&self, done: bool, place: &str) {
        let file = self.backup_file();
        assert!(file.exists() || !done, "{place}");
        if file.exists() {
            let mut verify = self.network.command(ASKER);
            verify.args(["backup", "verify"]).arg(&file).arg("--identity").arg(&self.identity);
            let said = verify.output().unwrap();
            assert!(said.status.success(), "{place}: {}", String::from_utf8_lossy(&said.stderr));
        }
    }

    /// What is on the disk, before the node that lies there has begun to put anything right. Looked at in a copy.
    fn check_cold(&self, member: &str, place: &str) {
        let copy = tempfile::tempdir().unwrap();
        let own = self.network.of(member);
        let copied =
            std::process::Command::new("cp").arg("-a").arg(own.join("data/.")).arg(copy.path()).status();
        assert!(copied.unwrap().success());
        let node = open_node_at(&own, copy.path());
        assert_eq!(node.log().verify().unwrap(), node.log().head().size, "{place}");
        for lender in LENDERS {
            assert!(node.feeds().verify(&lender.parse().unwrap()).unwrap(), "{place}: feed of {lender}");
        }
        if member != LENDER {
            return;
        }
        let loads = node.loads().unwrap();
        for cents in &self.acknowledged {
            let of_file: Vec<LoadState> =
                loads.iter().filter(|load| load.file == file_of(*cents)).map(|load| load.state).collect();
            assert!(of_file.contains(&LoadState::Loaded), "{place}: {} is {of_file:?}", file_of(*cents));
        }
        let last = loads.last().unwrap();
        if last.state == LoadState::Loaded {
            // The newest book, to the last loan.
            let cents = last.file.trim_start_matches("book-").trim_end_matches(".csv").parse().unwrap_or(0);
            let want = BookTotal {
                loans: u64::from(LOANS),
                outstanding: i128::from(LOANS) * (10_000 + i128::from(cents)),
            };
            let totals: Vec<_> = node.book().totals().unwrap().into_iter().collect();
            assert_eq!(totals, [("USD".parse().unwrap(), want)], "{place}");
        }
    }

    /// What must be true once everybody runs again.
    fn check(&self, officers: &Officers, place: &str) {
        let before = officers.answered();
        eventually(Duration::from_secs(60), &format!("an answer after {place}"), || {
            (officers.answered() > before).then_some(())
        });
        officers.check(&self.network);
        self.network.wait_until_published();
        self.network.verify_logs();
        check_standing(&self.network, place);
    }
}

#[test]
fn nothing_acknowledged_is_lost_when_the_power_is_cut() {
    if let Some(why) = Disk::unavailable() {
        return say_skipped("nothing_acknowledged_is_lost_when_the_power_is_cut", &why);
    }
    let cuts = if is_long() { 24 } else { 3 };
    let mut trial = Trial::new();
    let officers = Officers::begin(&trial.network, OFFICERS, PERSONS, PAUSE);
    for work in WORKS.into_iter().cycle().take(cuts) {
        let (place, took) = timed(|| trial.cut(work));
        let checked = timed(|| trial.check(&officers, &place)).1;
        println!("{place}; back after {took:?}, checked in {checked:?}");
    }
    officers.end(&trial.network);
    trial.network.wait_until_published();
    check_copies(&mut trial.network);
}
