//! The program as its users run it: every member is a process of its own, with its own folder, on its own port. They
//! are killed without warning at random moments, stopped and started again; and their disks are searched for what
//! must not be readable there.
//!
//! With `TALLY_LONG=1` in the environment there are more kills and larger books.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helping functions too")]

#[path = "processes/absence.rs"]
mod absence;
#[path = "processes/alone.rs"]
mod alone;
#[path = "processes/backup.rs"]
mod backup;
#[path = "processes/book.rs"]
mod book;
#[path = "browser/mod.rs"]
mod browser;
#[path = "processes/canary.rs"]
mod canary;
#[path = "processes/carried.rs"]
mod carried;
#[path = "export/checker.rs"]
mod checker;
#[path = "processes/copies.rs"]
mod copies;
#[path = "processes/disk.rs"]
mod disk;
#[path = "processes/disk_full.rs"]
mod disk_full;
#[path = "processes/disputes.rs"]
mod disputes;
#[path = "processes/exported.rs"]
mod exported;
#[path = "processes/http.rs"]
mod http;
#[path = "processes/killed_exchange.rs"]
mod killed_exchange;
#[path = "processes/killed_import.rs"]
mod killed_import;
#[path = "processes/killed_inquiry.rs"]
mod killed_inquiry;
#[path = "processes/many_askers.rs"]
mod many_askers;
#[path = "support/members.rs"]
mod members;
#[path = "processes/network.rs"]
mod network;
#[path = "processes/officers.rs"]
mod officers;
#[path = "support/ports.rs"]
mod ports;
#[path = "processes/power_loss.rs"]
mod power_loss;
#[path = "processes/removed.rs"]
mod removed;
#[path = "processes/report.rs"]
mod report;
#[path = "processes/rights.rs"]
mod rights;
#[path = "processes/search.rs"]
mod search;
#[path = "processes/service.rs"]
mod service;

/// Whether the long form of the tests is wanted.
fn is_long() -> bool {
    std::env::var_os("TALLY_LONG").is_some_and(|value| value == "1")
}
