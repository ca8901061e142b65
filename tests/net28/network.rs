//! An operator's node that everybody reaches, and lenders that nobody does, each a process of the program.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use crate::book::{BookRow, csv};
use crate::fault_proxy::{Faults, serve};
use crate::members::{Members, OPERATOR, POLICY, eventually, free_address};
use crate::namespaces::{HUB, Namespaces};

/// How the members reach the hub.
pub(crate) enum Lines {
    /// Each from a namespace of its own.
    Namespaces(Namespaces),
    /// All over one bad line on this machine, whose packets are not lost.
    Loopback,
}

/// The members and the lines between them.
pub(crate) struct Network {
    pub(crate) members: Members,
    lines: Lines,
    pub(crate) lenders: Vec<String>,
}

impl Network {
    /// Makes an operator and `lenders` others, the first `holders` of which hold keys and are witnesses, and lays the
    /// lines.
    pub(crate) fn new(lenders: usize, holders: usize, threshold: u8, lines: Lines, faults: Faults) -> Self {
        let names: Vec<String> = (1..=lenders).map(|number| format!("lender-{number:02}")).collect();
        let (address, listen) = match &lines {
            Lines::Namespaces(_) => (HUB.to_owned(), "0.0.0.0:7443".to_owned()),
            Lines::Loopback => (free_address().to_string(), free_address().to_string()),
        };
        let at = |member: &str| {
            let is_hub = member == OPERATOR;
            let addresses = is_hub.then(|| address.parse().unwrap()).into_iter().collect();
            (addresses, is_hub.then(|| listen.parse().unwrap()))
        };
        let all: Vec<&str> = names.iter().map(String::as_str).collect();
        let members = Members::new(POLICY, &all, (&all[..holders], threshold), at);
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
        Self { members, lines, lenders: names }
    }

    /// Starts a member in its namespace.
    pub(crate) fn start(&mut self, member: &str) {
        let number = self.lenders.iter().position(|lender| lender == member).map_or(0, |place| place + 1);
        match &self.lines {
            Lines::Namespaces(namespaces) => {
                let spawn = |command: &mut Command| namespaces.within(number, || command.spawn().unwrap());
                self.members.spawn_by(member, spawn);
            }
            Lines::Loopback => self.members.spawn(member),
        }
    }

    /// Starts everybody, the hub first, and waits until all work.
    pub(crate) fn start_all(&mut self) {
        let all: Vec<String> =
            std::iter::once(OPERATOR.to_owned()).chain(self.lenders.iter().cloned()).collect();
        for member in &all {
            self.start(member);
        }
        for member in &all {
            let interface = self.members.interface(member);
            eventually(Duration::from_secs(120), &format!("{member} works"), || {
                let (_, status) = interface.get("/v1/status").ok()?;
                (status["standing"]["phase"] == "settled").then_some(())
            });
        }
    }

    /// What is still missing until every copy everywhere equals, by digest, what its lender signed, and the lenders have
    /// nothing left to publish; none when nothing is.
    pub(crate) fn lacking(&self) -> Option<String> {
        let states: BTreeMap<&str, Value> =
            self.members.running().map(|member| (member, self.members.status(member))).collect();
        let waiting: u64 = states.values().map(|state| state["clients_waiting"].as_u64().unwrap()).sum();
        let (mut unequal, mut rows) = (0, BTreeMap::new());
        for (member, state) in &states {
            for copy in state["members"].as_array().unwrap() {
                let Some(own) = states.get(copy["member"].as_str().unwrap()) else { continue };
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

/// Writes the book of a lender, a small loan to each of these persons, where the command finds it.
pub(crate) fn write_book(members: &Members, lender: &str, persons: Range<u32>) -> PathBuf {
    let file = members.of(lender).join("book.csv");
    std::fs::write(&file, csv(&persons.map(|number| BookRow::small(lender, number)).collect::<Vec<_>>()))
        .unwrap();
    file
}
