//! The lender's own book: its loans and clients, from which exposure records are rebuilt when a loan changes.
//!
//! Everything is encrypted under the node's data key, and keyed by keyed hashes of account and client numbers, so
//! that the disk tells neither. A thief of the disk learns how many loans there are.

mod clients;
mod loads;
mod tables;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

pub use clients::{ClientEntry, ClientKey, PendingClient, Published};
pub use loads::{Load, LoadState, StoredReject};
pub use tables::TABLES;

use tables::{CLIENT_LOANS, LOANS, UNDO};

use crate::keyring::{AtRest, KeyringError};
use crate::model::day::Day;
use crate::model::facility::{FacilityReference, FacilityStatus};
use crate::model::loan::Loan;
use crate::model::money::{Currency, Minor};
use crate::secret::Entropy;
use crate::store::{Durability, Store, StoreBatch, StoreError};
use crate::wire::codec::{self, CodecError};

/// Version of the encrypted values.
const VALUE_VERSION: u8 = 1;

/// Why the book cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A row does not open under this node's key: rot, or another node's store.
    #[error("a row of table {table} does not open under this node's key: {source}")]
    Sealed {
        /// The table.
        table: &'static str,
        /// What the keyring says.
        source: KeyringError,
    },
    /// A row opens and does not parse: a program of another version.
    #[error(transparent)]
    Codec(#[from] CodecError),
    /// There is no such load, or not in a state that allows it.
    #[error("load {number} {why}")]
    Load {
        /// Number of the load.
        number: u64,
        /// What is in the way.
        why: &'static str,
    },
}

/// What an upsert changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Upserted {
    /// Loans that were not there.
    pub new: u64,
    /// Loans whose figures changed.
    pub changed: u64,
    /// Loans that were there just so.
    pub unchanged: u64,
    /// Rows older than what the book has of the same loan; nothing was changed by them.
    pub older: u64,
    /// Loans closed because a full portfolio did not name them.
    pub closed: u64,
}

/// Totals of the active loans of one currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BookTotal {
    /// Number of active loans.
    pub loans: u64,
    /// Sum of what is outstanding, minor units.
    pub outstanding: i128,
}

/// The book.
#[derive(Debug)]
pub struct Book {
    store: Store,
    at_rest: AtRest,
    /// Held by whoever changes the book, from its reads until its batch is on disk.
    writer: Mutex<()>,
}

/// A loan's key: the keyed hash of its account number.
type LoanKey = [u8; 32];

impl Book {
    /// The book in `store`, under the node's key.
    pub fn new(store: Store, at_rest: AtRest) -> Self {
        Self { store, at_rest, writer: Mutex::new(()) }
    }

    /// Keeps others from changing the book until the guard is dropped: for the publisher, whose batch is written by
    /// the log. Every other change takes it by itself.
    pub fn writer(&self) -> MutexGuard<'_, ()> {
        // A panic under the guard left nothing half-done: a batch is written whole or not at all.
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn loan_key(&self, account: &str) -> LoanKey {
        self.at_rest.index("book_loan", account.as_bytes())
    }

    fn reference(&self, account: &str) -> FacilityReference {
        let index = self.at_rest.index("facility_reference", account.as_bytes());
        let mut reference = [0u8; 16];
        reference.copy_from_slice(&index[..16]);
        FacilityReference(reference)
    }

    fn seal<T: serde::Serialize>(
        &self,
        table: &'static str,
        key: &[u8],
        value: &T,
        entropy: &dyn Entropy,
    ) -> Vec<u8> {
        let plain = codec::encode_secret(VALUE_VERSION, value);
        self.at_rest.seal(table, key, plain.expose(), entropy)
    }

    fn open<T: serde::de::DeserializeOwned>(
        &self,
        table: &'static str,
        key: &[u8],
        sealed: &[u8],
    ) -> Result<T, BookError> {
        let plain =
            self.at_rest.open(table, key, sealed).map_err(|source| BookError::Sealed { table, source })?;
        Ok(codec::decode_versioned(VALUE_VERSION, plain.expose(), table)?)
    }

    /// The loan of an account.
    pub fn loan(&self, account: &str) -> Result<Option<Loan>, BookError> {
        self.loan_at(&self.loan_key(account))
    }

    fn loan_at(&self, key: &LoanKey) -> Result<Option<Loan>, BookError> {
        match self.store.get(&LOANS, key)? {
            Some(sealed) => Ok(Some(self.open(LOANS.spec().name, key, &sealed)?)),
            None => Ok(None),
        }
    }

    /// Takes loans in, in one synced write: all of them or none. Rows that change nothing write nothing. What was
    /// there before is kept under the number of the load, so that the load can be undone.
    pub fn upsert(&self, loans: Vec<Loan>, load: u64, entropy: &dyn Entropy) -> Result<Upserted, BookError> {
        let _writing = self.writer();
        let mut batch = StoreBatch::new();
        let mut done = Upserted::default();
        let mut clients = clients::ClientChanges::new(self);
        for mut loan in loans {
            loan.facility.reference = self.reference(&loan.account);
            let key = self.loan_key(&loan.account);
            let before = self.loan_at(&key)?;
            match &before {
                Some(before) if before == &loan => {
                    done.unchanged += 1;
                    continue;
                }
                Some(before) if before.as_of > loan.as_of => {
                    done.older += 1;
                    continue;
                }
                Some(_) => done.changed += 1,
                None => done.new += 1,
            }
            self.replace(&key, before.as_ref(), Some(&loan), load, &mut clients, &mut batch, entropy)?;
        }
        clients.finish(&mut batch, entropy);
        self.store.commit(batch, Durability::Synced)?;
        Ok(done)
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one place where a loan changes, for upsert, close and undo"
    )]
    fn replace(
        &self,
        key: &LoanKey,
        before: Option<&Loan>,
        after: Option<&Loan>,
        load: u64,
        clients: &mut clients::ClientChanges<'_>,
        batch: &mut StoreBatch,
        entropy: &dyn Entropy,
    ) -> Result<(), BookError> {
        // The first state before the load is what undoing it brings back.
        if self.store.get(&UNDO, &(load, *key))?.is_none() {
            let sealed = self.seal(UNDO.spec().name, key, &before, entropy);
            batch.put(&UNDO, &(load, *key), &sealed);
        }
        if let Some(before) = before {
            let client = self.client_key(&before.client);
            clients.touch(&client)?;
            if after.is_none_or(|after| after.client != before.client) {
                batch.delete(&CLIENT_LOANS, &(client.0, *key));
            }
        }
        match after {
            Some(loan) => {
                let client = self.client_key(&loan.client);
                clients.touch(&client)?;
                clients.identify(&client, loan)?;
                batch.put(&CLIENT_LOANS, &(client.0, *key), &());
                batch.put(&LOANS, key, &self.seal(LOANS.spec().name, key, loan, entropy));
            }
            None => {
                batch.delete(&LOANS, key);
            }
        }
        Ok(())
    }

    /// Closes active loans of the given branches whose figures are older than `as_of` and that `named` does not
    /// hold: what a full portfolio leaves out has ended. Works in pages, each one synced write.
    pub fn close_missing(
        &self,
        branches: &std::collections::BTreeSet<String>,
        as_of: Day,
        load: u64,
        entropy: &dyn Entropy,
    ) -> Result<u64, BookError> {
        let mut closed = 0;
        let mut after = None;
        let _writing = self.writer();
        loop {
            let (page, last) = self.loans_page(after, 1_000)?;
            let Some(last) = last else { return Ok(closed) };
            after = Some(last);
            let mut batch = StoreBatch::new();
            let mut clients = clients::ClientChanges::new(self);
            for (key, loan) in page {
                let ended = loan.facility.status == FacilityStatus::Closed || loan.as_of >= as_of;
                if ended || !branches.contains(&loan.branch) {
                    continue;
                }
                let mut after = loan.clone();
                after.as_of = as_of;
                after.facility.status = FacilityStatus::Closed;
                after.facility.closed = after.facility.closed.or(Some(as_of));
                after.facility.outstanding = Some(0);
                after.facility.overdue = Some(0);
                after.facility.days_past_due = Some(0);
                self.replace(&key, Some(&loan), Some(&after), load, &mut clients, &mut batch, entropy)?;
                closed += 1;
            }
            clients.finish(&mut batch, entropy);
            self.store.commit(batch, Durability::Synced)?;
        }
    }

    /// Brings back what was there before a load.
    pub fn undo(&self, load: u64, entropy: &dyn Entropy) -> Result<u64, BookError> {
        let mut undone = 0;
        let _writing = self.writer();
        loop {
            let rows = self.store.scan_prefix(&UNDO, &load.to_be_bytes(), None, 1_000)?;
            if rows.is_empty() {
                return Ok(undone);
            }
            let mut batch = StoreBatch::new();
            let mut clients = clients::ClientChanges::new(self);
            for ((_, key), sealed) in rows {
                let before: Option<Loan> = self.open(UNDO.spec().name, &key, &sealed)?;
                let now = self.loan_at(&key)?;
                if let Some(loan) = &now {
                    clients.touch(&self.client_key(&loan.client))?;
                }
                match &before {
                    Some(loan) => {
                        let client = self.client_key(&loan.client);
                        clients.touch(&client)?;
                        batch.put(&CLIENT_LOANS, &(client.0, key), &());
                        batch.put(&LOANS, &key, &self.seal(LOANS.spec().name, &key, loan, entropy));
                    }
                    None => {
                        if let Some(loan) = &now {
                            batch.delete(&CLIENT_LOANS, &(self.client_key(&loan.client).0, key));
                        }
                        batch.delete(&LOANS, &key);
                    }
                }
                batch.delete(&UNDO, &(load, key));
                undone += 1;
            }
            clients.finish(&mut batch, entropy);
            self.store.commit(batch, Durability::Synced)?;
        }
    }

    fn loans_page(
        &self,
        after: Option<LoanKey>,
        limit: usize,
    ) -> Result<(Vec<(LoanKey, Loan)>, Option<LoanKey>), BookError> {
        let rows = self.store.scan_prefix(&LOANS, &[], after.as_ref(), limit)?;
        let last = rows.last().map(|(key, _)| *key);
        let open = |(key, sealed): (LoanKey, Vec<u8>)| {
            self.open(LOANS.spec().name, &key, &sealed).map(|loan| (key, loan))
        };
        Ok((rows.into_iter().map(open).collect::<Result<_, _>>()?, last))
    }

    /// Calls `visit` with every loan, in no particular order.
    pub fn for_each(&self, mut visit: impl FnMut(&Loan)) -> Result<(), BookError> {
        let mut after = None;
        loop {
            let (page, last) = self.loans_page(after, 1_000)?;
            let Some(last) = last else { return Ok(()) };
            after = Some(last);
            page.iter().for_each(|(_, loan)| visit(loan));
        }
    }

    /// Active loans by currency.
    pub fn totals(&self) -> Result<BTreeMap<Currency, BookTotal>, BookError> {
        let mut totals: BTreeMap<Currency, BookTotal> = BTreeMap::new();
        self.for_each(|loan| {
            if loan.facility.status.is_active() {
                let total = totals.entry(loan.facility.currency).or_default();
                total.loans += 1;
                total.outstanding += i128::from(loan.facility.outstanding.unwrap_or(0 as Minor));
            }
        })?;
        Ok(totals)
    }
}
