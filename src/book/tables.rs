//! The tables of the book. Values are encrypted under the node's data key before they get here.

use crate::store::{Table, TableSpec};

/// By keyed hash of the account number.
pub(super) const LOANS: Table<[u8; 32], Vec<u8>> = Table::new("book_loan", 1).sealed();
/// By keyed hash of the client number.
pub(super) const CLIENTS: Table<[u8; 32], Vec<u8>> = Table::new("book_client", 1).sealed();
/// Client and loan, by their keys.
pub(super) const CLIENT_LOANS: Table<([u8; 32], [u8; 32]), ()> = Table::new("book_client_loan", 1).sealed();
/// Keyed hash of an identifier, and a client that carries it.
pub(super) const IDENTIFIERS: Table<([u8; 32], [u8; 32]), ()> = Table::new("book_identifier", 1).sealed();
/// Clients that wait to be published.
pub(super) const PENDING: Table<[u8; 32], ()> = Table::new("book_pending", 1).sealed();
/// Loads by number.
pub(super) const LOADS: Table<u64, Vec<u8>> = Table::new("book_load", 1).sealed();
/// What was there before a load, by its number and the loan's key.
pub(super) const UNDO: Table<(u64, [u8; 32]), Vec<u8>> = Table::new("book_undo", 1).sealed();
/// Loans of a load that is held, in pages.
pub(super) const HELD: Table<(u64, u64), Vec<u8>> = Table::new("book_held", 1).sealed();
/// Rejected rows of a load.
pub(super) const REJECTS: Table<(u64, u64), Vec<u8>> = Table::new("book_reject", 1).sealed();
/// Keyed digest of a file that was loaded, and its load.
pub(super) const FILES: Table<[u8; 32], u64> = Table::new("book_file", 1).sealed();

/// The tables of this floor, for opening the store.
pub const TABLES: &[TableSpec] = &[
    LOANS.spec(),
    CLIENTS.spec(),
    CLIENT_LOANS.spec(),
    IDENTIFIERS.spec(),
    PENDING.spec(),
    LOADS.spec(),
    UNDO.spec(),
    HELD.spec(),
    REJECTS.spec(),
    FILES.spec(),
];
