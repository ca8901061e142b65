//! Where loans change: taken in, closed, and brought back. Each page is one synced write, with the progress of the
//! load in it, so that a load that was interrupted goes on where it stopped.

use serde::{Deserialize, Serialize};

use super::clients::ClientChanges;
use super::loads::LoadEntry;
use super::tables::{CLIENT_LOANS, LOANS, UNDO};
use super::{Book, BookError, LOANS_PER_PAGE, LoanKey};
use crate::model::facility::FacilityStatus;
use crate::model::loan::Loan;
use crate::secret::Entropy;
use crate::store::{Durability, StoreBatch};

/// What an upsert changed, or would change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
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

impl Upserted {
    /// Adds another count to this one.
    pub fn add(&mut self, other: &Self) {
        self.new += other.new;
        self.changed += other.changed;
        self.unchanged += other.unchanged;
        self.older += other.older;
        self.closed += other.closed;
    }

    /// Whether the book is as it was.
    pub fn is_nothing(&self) -> bool {
        self.new == 0 && self.changed == 0 && self.closed == 0
    }
}

/// What a loan is to the book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Compared {
    /// Not there.
    New,
    /// There with other figures: these.
    Changed(Box<Loan>),
    /// There just so.
    Unchanged(Box<Loan>),
    /// There with the figures of a later day: these.
    Older(Box<Loan>),
}

impl Compared {
    fn of(before: Option<Loan>, loan: &Loan) -> Self {
        match before.map(Box::new) {
            None => Self::New,
            Some(before) if *before == *loan => Self::Unchanged(before),
            Some(before) if before.as_of > loan.as_of => Self::Older(before),
            Some(before) => Self::Changed(before),
        }
    }

    /// What the book has of the loan.
    pub fn before(&self) -> Option<&Loan> {
        match self {
            Self::New => None,
            Self::Changed(before) | Self::Unchanged(before) | Self::Older(before) => Some(before),
        }
    }

    /// Whether taking the loan in changes the book.
    pub fn is_change(&self) -> bool {
        matches!(self, Self::New | Self::Changed(_))
    }

    /// Counts it.
    pub fn count(&self, into: &mut Upserted) {
        match self {
            Self::New => into.new += 1,
            Self::Changed(_) => into.changed += 1,
            Self::Unchanged(_) => into.unchanged += 1,
            Self::Older(_) => into.older += 1,
        }
    }
}

/// One batch of changes in the making.
struct Changes<'a> {
    book: &'a Book,
    entropy: &'a dyn Entropy,
    clients: ClientChanges<'a>,
    batch: StoreBatch,
}

impl<'a> Changes<'a> {
    fn new(book: &'a Book, entropy: &'a dyn Entropy) -> Self {
        Self { book, entropy, clients: ClientChanges::new(book), batch: StoreBatch::new() }
    }

    /// Keeps what was there before the load; the first state is what undoing it brings back.
    fn remember(&mut self, load: u64, key: &LoanKey, before: Option<&Loan>) -> Result<(), BookError> {
        let place = (load, *key);
        if !self.book.store.contains(&UNDO, &place)? {
            let sealed = self.book.seal(UNDO.spec().name, &undo_key(load, key), &before, self.entropy);
            self.batch.put(&UNDO, &place, &sealed);
        }
        Ok(())
    }

    fn replace(
        &mut self,
        key: &LoanKey,
        before: Option<&Loan>,
        after: Option<&Loan>,
    ) -> Result<(), BookError> {
        if let Some(before) = before {
            let client = self.book.client_key(&before.client);
            self.clients.leave(&client, key)?;
            if after.is_none_or(|after| after.client != before.client) {
                self.batch.delete(&CLIENT_LOANS, &(client.0, *key));
            }
        }
        let Some(loan) = after else {
            self.batch.delete(&LOANS, key);
            return Ok(());
        };
        let client = self.book.client_key(&loan.client);
        self.clients.carry(&client, key, loan)?;
        self.batch.put(&CLIENT_LOANS, &(client.0, *key), &());
        let sealed = self.book.seal(LOANS.spec().name, key, loan, self.entropy);
        self.batch.put(&LOANS, key, &sealed);
        Ok(())
    }

    fn finish(mut self) -> Result<StoreBatch, BookError> {
        self.clients.finish(&mut self.batch, self.entropy)?;
        Ok(self.batch)
    }
}

/// What a row of the undo table is bound to.
fn undo_key(load: u64, key: &LoanKey) -> Vec<u8> {
    [&load.to_be_bytes()[..], key].concat()
}

impl Book {
    /// What each loan is to the book, with its key. Fills in the references that the book gives.
    pub fn compare(&self, loans: &mut [Loan]) -> Result<Vec<(LoanKey, Compared)>, BookError> {
        let mut compared = Vec::with_capacity(loans.len());
        for loan in loans {
            loan.facility.reference = self.reference(&loan.account);
            let key = self.loan_key(loan);
            compared.push((key, Compared::of(self.loan_at(&key)?, loan)));
        }
        Ok(compared)
    }

    /// Keys of loans.
    pub fn keys_of<'a>(&'a self, loans: &'a [Loan]) -> impl Iterator<Item = LoanKey> + 'a {
        loans.iter().map(|loan| self.loan_key(loan))
    }

    /// Takes loans in under the number of a load, in one synced write: all of them or none. Rows that change nothing
    /// write nothing. What was there before is kept under that number, so that [`Book::undo`] can bring it back.
    ///
    /// No loan stands twice among them.
    pub fn upsert(&self, loans: Vec<Loan>, load: u64, entropy: &dyn Entropy) -> Result<Upserted, BookError> {
        let _writing = self.writer();
        let (changes, done) = self.take_in(loans, load, entropy)?;
        self.store.commit(changes.finish()?, Durability::Synced)?;
        Ok(done)
    }

    /// Takes the next page of a load in, as [`Book::upsert`] does, with the load's progress in the same write.
    pub fn upsert_page(
        &self,
        loans: Vec<Loan>,
        entry: &mut LoadEntry,
        entropy: &dyn Entropy,
    ) -> Result<(), BookError> {
        let _writing = self.writer();
        let (changes, done) = self.take_in(loans, entry.load.number, entropy)?;
        let mut next = entry.clone();
        next.load.changes.add(&done);
        next.stage.applied += 1;
        self.commit_with(changes, next, entry, entropy)
    }

    fn take_in<'a>(
        &'a self,
        mut loans: Vec<Loan>,
        load: u64,
        entropy: &'a dyn Entropy,
    ) -> Result<(Changes<'a>, Upserted), BookError> {
        let mut changes = Changes::new(self, entropy);
        let mut done = Upserted::default();
        let compared = self.compare(&mut loans)?;
        for (loan, (key, compared)) in loans.iter().zip(&compared) {
            compared.count(&mut done);
            if compared.is_change() {
                changes.remember(load, key, compared.before())?;
                changes.replace(key, compared.before(), Some(loan))?;
            }
        }
        Ok((changes, done))
    }

    /// Closes running loans that a full portfolio leaves out: those of a branch that it covers, with figures older
    /// than its own of that branch, that are not among `named`, which is in order. What was written off stays: it is
    /// owed, whatever the file leaves out. Each page is one synced write with the load's progress.
    pub fn close_missing(
        &self,
        named: &[LoanKey],
        entry: &mut LoadEntry,
        entropy: &dyn Entropy,
    ) -> Result<(), BookError> {
        let mut after = None;
        loop {
            let _writing = self.writer();
            let (page, last) = self.loans_page(after, LOANS_PER_PAGE)?;
            let Some(last) = last else { return Ok(()) };
            after = Some(last);
            let mut changes = Changes::new(self, entropy);
            let mut next = entry.clone();
            for (key, loan) in page {
                let Some(day) = entry.stage.closes(&loan) else { continue };
                if named.binary_search(&key).is_ok() {
                    continue;
                }
                let mut ended = loan.clone();
                ended.as_of = day;
                ended.facility.status = FacilityStatus::Closed;
                ended.facility.closed = ended.facility.closed.or(Some(day));
                ended.facility.outstanding = Some(0);
                ended.facility.overdue = Some(0);
                ended.facility.days_past_due = Some(0);
                changes.remember(entry.load.number, &key, Some(&loan))?;
                changes.replace(&key, Some(&loan), Some(&ended))?;
                next.load.changes.closed += 1;
            }
            if next != *entry {
                self.commit_with(changes, next, entry, entropy)?;
            }
        }
    }

    fn commit_with(
        &self,
        changes: Changes<'_>,
        next: LoadEntry,
        entry: &mut LoadEntry,
        entropy: &dyn Entropy,
    ) -> Result<(), BookError> {
        let mut batch = changes.finish()?;
        self.put_load_in(&next, &mut batch, entropy);
        self.store.commit(batch, Durability::Synced)?;
        *entry = next;
        Ok(())
    }

    /// Brings back what was there before a load, in pages; each page that was brought back is forgotten in the same
    /// write, so that an undoing that was interrupted goes on where it stopped.
    pub fn undo(&self, load: u64, entropy: &dyn Entropy) -> Result<(), BookError> {
        let mut after = None;
        loop {
            let _writing = self.writer();
            let rows = self.store.scan_prefix(&UNDO, &load.to_be_bytes(), after.as_ref(), LOANS_PER_PAGE)?;
            let Some((last, _)) = rows.last() else { return Ok(()) };
            after = Some(*last);
            let mut changes = Changes::new(self, entropy);
            for ((_, key), sealed) in rows {
                let before: Option<Loan> = self.open(UNDO.spec().name, &undo_key(load, &key), &sealed)?;
                let now = self.loan_at(&key)?;
                changes.replace(&key, now.as_ref(), before.as_ref())?;
                changes.batch.delete(&UNDO, &(load, key));
            }
            self.store.commit(changes.finish()?, Durability::Synced)?;
        }
    }

    /// Whether anything of a load can still be undone.
    pub fn can_undo(&self, load: u64) -> Result<bool, BookError> {
        Ok(!self.store.scan_prefix(&UNDO, &load.to_be_bytes(), None, 1)?.is_empty())
    }

    /// Forgets what undoing loads before `load` would need.
    pub fn forget_undo(&self, load: u64) -> Result<(), BookError> {
        let mut after = None;
        loop {
            let rows = self.store.scan_prefix(&UNDO, &[], after.as_ref(), LOANS_PER_PAGE)?;
            after = rows.last().map(|(last, _)| *last);
            let mut batch = StoreBatch::new();
            for (key, _) in rows.iter().filter(|((number, _), _)| *number < load) {
                batch.delete(&UNDO, key);
            }
            if batch.is_empty() {
                return Ok(());
            }
            // What a power cut brings back is forgotten with the next load.
            self.store.commit(batch, Durability::Unsynced)?;
        }
    }
}
