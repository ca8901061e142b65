//! A node under a service manager: it says when it answers, that it lives, when it begins another run, and that it
//! stops (sd_notify(3)); and its journal has the form that the manager's journal wants.

use std::os::unix::fs::MetadataExt as _;
use std::os::unix::net::UnixDatagram;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use tallystick::clock::{Clock as _, SystemClock};

use crate::disk::{Disk, say_skipped};
use crate::network::{ASKER, HOLDERS, Network, POLICY, consent_body, eventually, nid};

const SAID_WAIT: Duration = Duration::from_secs(60);
/// After which the manager would take the node for stuck.
const WATCHDOG: Duration = Duration::from_millis(1_500);

#[test]
fn a_start_waits_for_a_command_that_looks_at_the_store() {
    let mut network = Network::new(POLICY);
    let member = HOLDERS[0];
    // What `tally status` does while no node runs.
    let store = tallystick::daemon::open_store(&network.of(member).join("data"), 16);
    let store = store.unwrap();
    network.spawn(member);
    eventually(SAID_WAIT, "it waits", || {
        network.said(member).contains("waiting for the store").then_some(())
    });
    drop(store);
    network.wait_until_started(&[member]);
}

/// The manager's end: a socket to which one node speaks.
struct Manager {
    socket: UnixDatagram,
    path: PathBuf,
    /// All that it heard.
    heard: Vec<String>,
}

impl Manager {
    fn new(network: &Network) -> Self {
        let path = network.folder().join("notify");
        let socket = UnixDatagram::bind(&path).unwrap();
        socket.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
        Self { socket, path, heard: Vec::new() }
    }

    /// Starts a member as a service: its journal is a file, which is its manager's stream where `is_stream` says so.
    fn start(&self, network: &Network, member: &str, journal: &str, is_stream: bool) -> Child {
        let journal = std::fs::File::create(network.folder().join(journal)).unwrap();
        let of_file = journal.metadata().unwrap();
        let inode = if is_stream { of_file.ino() } else { of_file.ino() + 1 };
        let mut command = network.command(member);
        command
            .arg("node")
            .env("NOTIFY_SOCKET", &self.path)
            .env("WATCHDOG_USEC", WATCHDOG.as_micros().to_string())
            .env("JOURNAL_STREAM", format!("{}:{inode}", of_file.dev()));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(journal).spawn().unwrap()
    }

    /// Listens until something is said, and gives everything said from now on until then.
    fn hear(&mut self, wanted: &str) -> Vec<String> {
        let from = self.heard.len();
        eventually(SAID_WAIT, wanted, || {
            let mut message = [0; 4096];
            let length = self.socket.recv(&mut message).ok()?;
            let message = std::str::from_utf8(&message[..length]).unwrap();
            self.heard.extend(message.lines().map(str::to_owned));
            self.heard[from..].iter().any(|line| line == wanted).then_some(())
        });
        self.heard[from..].to_vec()
    }
}

fn stop(mut node: Child) {
    assert!(Command::new("kill").arg("-TERM").arg(node.id().to_string()).status().unwrap().success());
    assert!(node.wait().unwrap().success());
}

#[test]
fn a_manager_hears_that_a_node_answers_lives_and_stops_and_needs_no_other_member_for_it() {
    let network = Network::new(POLICY);
    for (journal, is_stream) in [("as-json", true), ("as-text", false)] {
        let mut manager = Manager::new(&network);
        let node = manager.start(&network, ASKER, journal, is_stream);
        manager.hear("READY=1");
        // Of what stands behind it: no other member runs.
        let (code, status) = network.interface(ASKER).get("/v1/status").unwrap();
        assert_eq!(code, 200, "{status}");

        let clock = SystemClock::new();
        let begin = clock.elapsed();
        for _ in 0..4 {
            manager.hear("WATCHDOG=1");
        }
        let took = clock.elapsed().saturating_sub(begin);
        assert!(took < 4 * WATCHDOG, "4 signs of life took {took:?}");
        assert!(!manager.heard.iter().any(|line| line.starts_with("STOPPING")), "{:?}", manager.heard);
        stop(node);
        manager.hear("STOPPING=1");

        let said = std::fs::read_to_string(network.folder().join(journal)).unwrap();
        assert!(said.contains("node is running"), "{said}");
        for line in said.lines() {
            assert_eq!(serde_json::from_str::<Value>(line).is_ok(), is_stream, "{line}");
        }
        std::fs::remove_file(&manager.path).unwrap();
    }
}

#[test]
fn a_manager_hears_of_a_full_disk_and_of_every_new_run() {
    if let Some(why) = Disk::unavailable() {
        return say_skipped("a_manager_hears_of_a_full_disk_and_of_every_new_run", &why);
    }
    let full = "STATUS=the disk is full: nothing is written until there is room";
    let mut network = Network::new(POLICY);
    network.put_on_disk(ASKER, 640);
    network.start(&HOLDERS);
    let mut manager = Manager::new(&network);

    // Before a start: it is not ready, and yet not stuck.
    network.disk(ASKER).fill();
    let node = manager.start(&network, ASKER, "journal", true);
    manager.hear(full);
    let waits = manager.hear("WATCHDOG=1");
    assert!(!waits.iter().any(|line| line == "READY=1"), "{waits:?}");
    network.disk(ASKER).make_room();
    manager.hear("READY=1");

    // While it runs.
    let asker = network.interface(ASKER);
    eventually(SAID_WAIT, "the node works", || {
        let status = asker.good("GET", "/v1/status", None);
        (status["standing"]["phase"] == "settled").then_some(())
    });
    network.disk(ASKER).fill();
    let (code, refused) = asker.post("/v1/consents", &consent_body(&[("kh-nid", &nid(3))])).unwrap();
    assert_eq!(code, 507, "{refused}");
    manager.hear(full);
    network.disk(ASKER).make_room();
    let again = manager.hear("RELOADING=1");
    assert!(!again.iter().any(|line| line == "READY=1"), "{again:?}");
    manager.hear("READY=1");
    stop(node);
}
