//! Made-up files, the lender that loads them, and what its book holds then.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use tallystick::formats::Format;
use tallystick::model::identifier::Identifier;
use tallystick::node::{ImportError, ImportOptions, ImportOutcome, Node};
use tallystick::store::{MemoryBackend, Reopen, Store};

use crate::support::{Solo, tables};

pub(crate) const HEADER: &str =
    "account,client,branch,as_of,kh-nid,status,currency,disbursed,outstanding,overdue";

/// One row of a made-up file.
#[derive(Clone)]
pub(crate) struct Row {
    pub(crate) number: u32,
    pub(crate) branch: &'static str,
    pub(crate) as_of: &'static str,
    pub(crate) nid: u32,
    pub(crate) status: &'static str,
    pub(crate) currency: &'static str,
    pub(crate) outstanding: u64,
}

/// A book of `count` running loans, each of its own client, in KHR.
pub(crate) fn rows(count: u32, as_of: &'static str) -> Vec<Row> {
    let row = |number: u32| Row {
        number,
        branch: if number.is_multiple_of(2) { "Kandal" } else { "Takeo" },
        as_of,
        nid: 100_000_000 + number * 7,
        status: "current",
        currency: "KHR",
        outstanding: 1_000_000 + u64::from(number) * 100,
    };
    (1..=count).map(row).collect()
}

pub(crate) fn csv(rows: &[Row]) -> String {
    let mut text = format!("{HEADER}\n");
    for row in rows {
        let Row { number, branch, as_of, nid, status, currency, outstanding } = row;
        writeln!(
            text,
            "L-{number},C-{number},{branch},{as_of},{nid:09},{status},{currency},9000000,{outstanding},"
        )
        .unwrap();
    }
    text
}

/// A lender on a store in memory.
pub(crate) struct Lender {
    pub(crate) solo: Solo,
    pub(crate) backend: Arc<MemoryBackend>,
    pub(crate) node: Arc<Node>,
}

/// Everything of a book that counts, as text: loans by account and client, and who is found by which identifier.
pub(crate) type Snapshot = BTreeMap<String, String>;

impl Lender {
    pub(crate) fn new() -> Self {
        Self::under(include_str!("../../config/policy-demo.toml"))
    }

    pub(crate) fn under(policy: &str) -> Self {
        let solo = Solo::new(policy, "2026-11-22".parse().unwrap());
        let backend = Arc::new(Store::memory_backend(&tables()).unwrap());
        let node = solo.start(Store::with_backend(backend.clone(), &tables()).unwrap());
        Self { solo, backend, node }
    }

    /// The process ends, and the next one starts on what is there.
    pub(crate) fn restart(&mut self, how: Reopen) {
        self.backend = Arc::new(self.backend.reopen(&tables(), how));
        self.node = self.solo.start(Store::with_backend(self.backend.clone(), &tables()).unwrap());
    }

    pub(crate) fn try_load(&self, file: &str, options: &ImportOptions) -> Result<ImportOutcome, ImportError> {
        self.node.import(&mut file.as_bytes(), options, &mut |_| ())
    }

    pub(crate) fn load(&self, rows: &[Row]) -> ImportOutcome {
        self.try_load(&csv(rows), &options()).unwrap()
    }

    pub(crate) fn load_full(&self, rows: &[Row]) -> ImportOutcome {
        self.try_load(&csv(rows), &full()).unwrap()
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        let mut snapshot = Snapshot::new();
        let book = self.node.book();
        let mut identifiers = Vec::new();
        book.for_each(|_, loan| {
            let place = format!("loan {} {}", loan.account, loan.client);
            assert!(snapshot.insert(place, serde_json::to_string(loan).unwrap()).is_none(), "a loan twice");
            identifiers.extend(loan.identifiers.iter().cloned());
        })
        .unwrap();
        for identifier in identifiers {
            let clients: Vec<String> = self.clients_with(&identifier);
            snapshot.insert(format!("identifier {}", identifier.value()), clients.join(" "));
        }
        snapshot
    }

    /// Numbers of the clients that carry an identifier.
    pub(crate) fn clients_with(&self, identifier: &Identifier) -> Vec<String> {
        let book = self.node.book();
        let keys = book.clients_with(identifier).unwrap();
        let entries = keys.iter().map(|key| book.client(key).unwrap().expect("the index names clients"));
        entries
            .map(|entry| {
                assert!(entry.identifiers.contains(identifier), "the index and the client do not agree");
                entry.client
            })
            .collect()
    }

    pub(crate) fn identifier(&self, pair: &str) -> Identifier {
        Identifier::parse_pair(pair, &self.node.schemes()).unwrap()
    }

    /// Kinds of the log's leaves after its beginnings.
    pub(crate) fn decisions(&self) -> Vec<String> {
        assert_eq!(self.node.log().verify().unwrap(), self.node.log().head().size);
        let leaves = self.node.log().leaves(0, usize::MAX).unwrap();
        let leaves = leaves.iter().map(|leaf| serde_json::from_slice::<serde_json::Value>(leaf).unwrap());
        leaves
            .filter(|leaf| leaf["kind"] == "load-decided")
            .map(|leaf| leaf["decision"].as_str().unwrap().to_owned())
            .collect()
    }
}

pub(crate) fn options() -> ImportOptions {
    ImportOptions::new(Format::Csv, "book.csv")
}

pub(crate) fn full() -> ImportOptions {
    ImportOptions { full_portfolio: true, ..options() }
}
