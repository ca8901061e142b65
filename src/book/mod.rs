//! The lender's own book: its loans and clients, from which exposure records are rebuilt when a loan changes.
//!
//! Everything is encrypted under the node's data key, and keyed by keyed hashes of account and client numbers, so
//! that the disk tells neither. A thief of the disk learns how many loans there are.

mod beside;
mod changes;
mod clients;
mod hold_reason;
mod loads;
mod rejects;
mod tables;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

pub use changes::{Compared, Upserted};
pub use clients::{ClientEntry, ClientKey, PendingClient, Published};
pub use hold_reason::{HoldReason, LoadRefusal, NotClosed};
pub use loads::{Load, LoadEntry, LoadFigure, LoadStage, LoadState};
pub use rejects::StoredReject;
pub use tables::TABLES;

use tables::LOANS;

use crate::keyring::{AtRest, KeyringError};
use crate::model::facility::{FacilityKind, FacilityReference};
use crate::model::loan::Loan;
use crate::model::money::{Currency, Minor};
use crate::secret::{Entropy, SecretVec};
use crate::store::{Store, StoreError};
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
        why: LoadRefusal,
    },
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
    /// Held by a load from its first row to its last, so that two do not mix.
    loader: Mutex<()>,
}

/// A loan's key: half the keyed hash of its account number, and half of one of what else tells loans of that account
/// apart, zero for the borrower's own.
pub type LoanKey = [u8; 32];

/// Some loans with their keys.
type LoansPage = Vec<(LoanKey, Loan)>;

/// Loans that are opened at a time.
const LOANS_PER_PAGE: usize = 1_000;

fn half(index: [u8; 32]) -> [u8; 16] {
    let mut half = [0; 16];
    half.copy_from_slice(&index[..16]);
    half
}

impl Book {
    /// The book in `store`, under the node's key.
    pub fn new(store: Store, at_rest: AtRest) -> Self {
        Self { store, at_rest, writer: Mutex::new(()), loader: Mutex::new(()) }
    }

    /// Keeps others from changing the book until the guard is dropped: for the publisher, whose batch is written by
    /// the log. Every other change takes it by itself.
    pub fn writer(&self) -> MutexGuard<'_, ()> {
        // A panic under the guard left nothing half-done: a batch is written whole or not at all.
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps other loads from running until the guard is dropped; none while one runs.
    pub fn loading(&self) -> Option<MutexGuard<'_, ()>> {
        match self.loader.try_lock() {
            Ok(guard) => Some(guard),
            // What a load that panicked left is on disk, and is taken up from there.
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    /// The first half of the keys of all loans of an account.
    fn account_key(&self, account: &str) -> [u8; 16] {
        half(self.at_rest.index("book_loan", account.as_bytes()))
    }

    /// A loan's key: the account, and what else tells loans of one account apart. A loan to a group stands once for
    /// each of its members, and a guarantor's loan bears the borrower's account.
    fn loan_key(&self, loan: &Loan) -> LoanKey {
        let mut key = [0; 32];
        key[..16].copy_from_slice(&self.account_key(&loan.account));
        let capacity: u8 = match loan.facility.kind {
            FacilityKind::Individual | FacilityKind::GroupMember => return key,
            FacilityKind::Group => 1,
            FacilityKind::Guarantor => 2,
        };
        let named = [&[capacity], loan.client.as_bytes()].concat();
        key[16..].copy_from_slice(&half(self.at_rest.index("book_loan_client", &named)));
        key
    }

    fn reference(&self, account: &str) -> FacilityReference {
        FacilityReference(half(self.at_rest.index("facility_reference", account.as_bytes())))
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
        Ok(codec::decode_versioned(VALUE_VERSION, self.plain(table, key, sealed)?.expose(), table)?)
    }

    fn plain(&self, table: &'static str, key: &[u8], sealed: &[u8]) -> Result<SecretVec, BookError> {
        self.at_rest.open(table, key, sealed).map_err(|source| BookError::Sealed { table, source })
    }

    /// The loan of an account: the borrower's own where there is one, else that of a group's member or a guarantor.
    pub fn loan(&self, account: &str) -> Result<Option<Loan>, BookError> {
        let found = self.store.scan_prefix(&LOANS, &self.account_key(account), None, 1)?;
        found.into_iter().next().map(|(key, sealed)| self.open(LOANS.spec().name, &key, &sealed)).transpose()
    }

    fn loan_at(&self, key: &LoanKey) -> Result<Option<Loan>, BookError> {
        match self.store.get(&LOANS, key)? {
            Some(sealed) => Ok(Some(self.open(LOANS.spec().name, key, &sealed)?)),
            None => Ok(None),
        }
    }

    fn loans_page(
        &self,
        after: Option<LoanKey>,
        limit: usize,
    ) -> Result<(LoansPage, Option<LoanKey>), BookError> {
        let rows = self.store.scan_prefix(&LOANS, &[], after.as_ref(), limit)?;
        let last = rows.last().map(|(key, _)| *key);
        let open = |(key, sealed): (LoanKey, Vec<u8>)| {
            self.open(LOANS.spec().name, &key, &sealed).map(|loan| (key, loan))
        };
        Ok((rows.into_iter().map(open).collect::<Result<_, _>>()?, last))
    }

    /// Calls `visit` with every loan and its key, in no particular order.
    pub fn for_each(&self, mut visit: impl FnMut(&LoanKey, &Loan)) -> Result<(), BookError> {
        let mut after = None;
        loop {
            let (page, last) = self.loans_page(after, LOANS_PER_PAGE)?;
            let Some(last) = last else { return Ok(()) };
            after = Some(last);
            for (key, loan) in &page {
                visit(key, loan);
            }
        }
    }

    /// Active loans by currency.
    pub fn totals(&self) -> Result<BTreeMap<Currency, BookTotal>, BookError> {
        let mut totals: BTreeMap<Currency, BookTotal> = BTreeMap::new();
        self.for_each(|_, loan| {
            if loan.facility.status.is_active() {
                let total = totals.entry(loan.facility.currency).or_default();
                total.loans += 1;
                total.outstanding += i128::from(loan.facility.outstanding.unwrap_or(0 as Minor));
            }
        })?;
        Ok(totals)
    }
}
