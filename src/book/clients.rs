//! Clients: who carries which identifiers, what is published under them, and who waits to be published.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde::{Deserialize, Serialize};

use super::tables::{CLIENT_LOANS, CLIENTS, IDENTIFIERS, PENDING};
use super::{Book, BookError, LoanKey};
use crate::digest::Digest;
use crate::model::identifier::Identifier;
use crate::model::loan::Loan;
use crate::model::record::RecordId;
use crate::secret::{Entropy, random_array};
use crate::store::{StoreBatch, StoreError};
use crate::threshold::Locator;

/// A client's key in the book: the keyed hash of the client number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientKey(pub [u8; 32]);

/// What is published of a client under one of its identifiers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// The identifier.
    pub identifier: Identifier,
    /// Epoch of the locator.
    pub epoch: u32,
    /// Where the row lies.
    pub locator: Locator,
    /// Names the row.
    pub row_id: [u8; 16],
    /// Its newest version; 0 before the first publication.
    pub version: u64,
    /// Hash of the content that the newest version seals, so that nothing is published twice.
    pub content: Option<Digest>,
}

/// A client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientEntry {
    /// The lender's own client number.
    pub client: String,
    /// Names the client's exposure record inside every seal.
    pub record: RecordId,
    /// Every identifier that one of the client's loans comes with.
    pub identifiers: Vec<Identifier>,
    /// What is published, one for each identifier whose locator is known, also those that no loan comes with any more.
    pub published: Vec<Published>,
}

impl ClientEntry {
    /// Identifiers that have no locator of that epoch yet.
    pub fn unlocated(&self, epoch: u32) -> Vec<&Identifier> {
        let located = |identifier: &&Identifier| {
            self.published.iter().any(|p| &&p.identifier == identifier && p.epoch == epoch)
        };
        self.identifiers.iter().filter(|identifier| !located(identifier)).collect()
    }
}

/// A client that waits to be published.
#[derive(Clone, Debug)]
pub struct PendingClient {
    /// Its key.
    pub key: ClientKey,
    /// The client.
    pub entry: ClientEntry,
    /// Its loans, ended ones too.
    pub loans: Vec<Loan>,
}

impl PendingClient {
    /// Identifiers that any of its loans carries now. One that was corrected in the source, or came with a load that
    /// was undone, may be another person's.
    pub fn carried(&self) -> Vec<Identifier> {
        let carried =
            |identifier: &&Identifier| self.loans.iter().any(|loan| loan.identifiers.contains(identifier));
        self.entry.identifiers.iter().filter(carried).cloned().collect()
    }

    /// Identifiers that one of its loans carries now and that have no locator of that epoch yet.
    pub fn unlocated(&self, epoch: u32) -> Vec<Identifier> {
        let carried = self.carried();
        let unlocated = self.entry.unlocated(epoch).into_iter();
        unlocated.filter(|identifier| carried.contains(identifier)).cloned().collect()
    }
}

impl Book {
    pub(super) fn client_key(&self, client: &str) -> ClientKey {
        ClientKey(self.at_rest.index("book_client", client.as_bytes()))
    }

    fn identifier_key(&self, identifier: &Identifier) -> [u8; 32] {
        self.at_rest.index("book_identifier", identifier.oprf_input().expose())
    }

    /// A client by its key.
    pub fn client(&self, key: &ClientKey) -> Result<Option<ClientEntry>, BookError> {
        match self.store.get(&CLIENTS, &key.0)? {
            Some(sealed) => Ok(Some(self.open(CLIENTS.spec().name, &key.0, &sealed)?)),
            None => Ok(None),
        }
    }

    /// The loans of a client.
    pub fn loans_of(&self, key: &ClientKey) -> Result<Vec<Loan>, BookError> {
        let mut loans = Vec::new();
        for ((_, loan), ()) in self.store.scan_prefix(&CLIENT_LOANS, &key.0, None, usize::MAX)? {
            loans.extend(self.loan_at(&loan)?);
        }
        loans.sort_by(|a, b| a.account.cmp(&b.account));
        Ok(loans)
    }

    /// Clients that carry an identifier.
    pub fn clients_with(&self, identifier: &Identifier) -> Result<Vec<ClientKey>, StoreError> {
        let key = self.identifier_key(identifier);
        let rows = self.store.scan_prefix(&IDENTIFIERS, &key, None, 1_000)?;
        Ok(rows.into_iter().map(|((_, client), ())| ClientKey(client)).collect())
    }

    /// Clients that wait to be published, at most `limit`, in an order that tells nothing, those up to and including
    /// `after` left out.
    pub fn pending(&self, after: Option<ClientKey>, limit: usize) -> Result<Vec<PendingClient>, BookError> {
        let mut pending = Vec::new();
        for (key, ()) in self.store.scan_prefix(&PENDING, &[], after.map(|key| key.0).as_ref(), limit)? {
            let key = ClientKey(key);
            if let Some(entry) = self.client(&key)? {
                let loans = self.loans_of(&key)?;
                pending.push(PendingClient { key, entry, loans });
            }
        }
        Ok(pending)
    }

    /// How many clients wait to be published.
    pub fn pending_count(&self) -> Result<u64, StoreError> {
        let mut count = 0;
        let mut after: Option<[u8; 32]> = None;
        loop {
            let rows = self.store.scan_prefix(&PENDING, &[], after.as_ref(), 10_000)?;
            let Some((last, ())) = rows.last() else { return Ok(count) };
            after = Some(*last);
            count += rows.len() as u64;
        }
    }

    /// Keeps a client with what is published of it; `done` when nothing of it waits any more.
    ///
    /// If its loans are not those that the publication was made from any more, the client keeps waiting. Gives whether
    /// it waits no longer.
    pub fn put_client(
        &self,
        client: &PendingClient,
        done: bool,
        batch: &mut StoreBatch,
        entropy: &dyn Entropy,
    ) -> Result<bool, BookError> {
        let key = client.key.0;
        let mut entry = client.entry.clone();
        // A load may have come in between, or gone: whose identifiers they are is for the loans to say.
        entry.identifiers = self.client(&client.key)?.map(|now| now.identifiers).unwrap_or_default();
        let unchanged =
            entry.identifiers == client.entry.identifiers && self.loans_of(&client.key)? == client.loans;
        if done && unchanged {
            batch.delete(&PENDING, &key);
        } else {
            batch.put(&PENDING, &key, &());
        }
        batch.put(&CLIENTS, &key, &self.seal(CLIENTS.spec().name, &key, &entry, entropy));
        Ok(done && unchanged)
    }

    /// Keeps where a client's rows will lie. To be called under the writer's guard. Identifiers that it does not have any
    /// more, or whose place is known, are left out; gives how many are not.
    pub fn put_located(
        &self,
        client: &ClientKey,
        located: Vec<Published>,
        batch: &mut StoreBatch,
        entropy: &dyn Entropy,
    ) -> Result<usize, BookError> {
        let Some(mut entry) = self.client(client)? else { return Ok(0) };
        let before = entry.published.len();
        for published in located {
            if entry.unlocated(published.epoch).contains(&&published.identifier) {
                entry.published.push(published);
            }
        }
        if entry.published.len() > before {
            let sealed = self.seal(CLIENTS.spec().name, &client.0, &entry, entropy);
            batch.put(&CLIENTS, &client.0, &sealed).put(&PENDING, &client.0, &());
        }
        Ok(entry.published.len() - before)
    }

    /// Whether everything that was loaded is published once `done` of the clients that wait are: no more of them wait,
    /// and no load is in the middle. To be asked under the writer's guard.
    pub fn is_settled_after(&self, done: usize) -> Result<bool, BookError> {
        if self.store.scan_prefix(&PENDING, &[], None, done.saturating_add(1))?.len() > done {
            return Ok(false);
        }
        match self.next_load()?.checked_sub(1) {
            None | Some(0) => Ok(true),
            Some(last) => {
                let state = self.load_entry(last)?.load.state;
                Ok(!matches!(state, super::LoadState::Loading | super::LoadState::Undoing))
            }
        }
    }

    /// Calls `visit` with every client, in no particular order.
    pub fn each_client(&self, mut visit: impl FnMut(&ClientEntry)) -> Result<(), BookError> {
        self.store.for_each(&CLIENTS, &[], |key, sealed| {
            visit(&self.open(CLIENTS.spec().name, &key, &sealed)?);
            Ok(())
        })
    }

    /// The client whose record has this id; none where there is none. Reads every client: some seconds for a million.
    pub fn client_of(&self, record: &RecordId) -> Result<Option<ClientKey>, BookError> {
        let mut found = None;
        self.store.for_each(&CLIENTS, &[], |key, sealed| -> Result<(), BookError> {
            let entry: ClientEntry = self.open(CLIENTS.spec().name, &key, &sealed)?;
            if entry.record == *record {
                found = Some(ClientKey(key));
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// Marks one client as waiting, within a write: what is reported of it depends on more than its loans. To be called
    /// under the writer's guard. A client that is gone does not wait.
    pub fn wait_again(&self, client: &ClientKey, batch: &mut StoreBatch) -> Result<(), StoreError> {
        if self.store.contains(&CLIENTS, &client.0)? {
            batch.put(&PENDING, &client.0, &());
        }
        Ok(())
    }

    /// Marks every client as waiting: a new epoch, or a record form that grew.
    pub fn republish_all(&self) -> Result<(), BookError> {
        let mut after: Option<[u8; 32]> = None;
        loop {
            let rows = self.store.scan_prefix(&CLIENTS, &[], after.as_ref(), 10_000)?;
            let Some((last, _)) = rows.last() else { return Ok(()) };
            after = Some(*last);
            let mut batch = StoreBatch::new();
            for (key, _) in &rows {
                batch.put(&PENDING, key, &());
            }
            self.store.commit(batch, crate::store::Durability::Synced)?;
        }
    }

    /// Marks the clients that are due as waiting. Gives how many.
    pub fn mark_waiting(&self, mut due: impl FnMut(&PendingClient) -> bool) -> Result<u64, BookError> {
        let (mut after, mut marked): (Option<[u8; 32]>, u64) = (None, 0);
        loop {
            let page = self.store.scan_prefix(&CLIENTS, &[], after.as_ref(), super::LOANS_PER_PAGE)?;
            let Some((last, _)) = page.last() else { return Ok(marked) };
            after = Some(*last);
            let mut batch = StoreBatch::new();
            for (key, sealed) in &page {
                let entry: ClientEntry = self.open(CLIENTS.spec().name, key, sealed)?;
                let key = ClientKey(*key);
                let loans = self.loans_of(&key)?;
                if due(&PendingClient { key, entry, loans }) {
                    batch.put(&PENDING, &key.0, &());
                    marked += 1;
                }
            }
            self.store.commit(batch, crate::store::Durability::Synced)?;
        }
    }
}

/// A client in the making.
struct Changing {
    entry: Option<ClientEntry>,
    /// Whether the entry differs from what is stored.
    changed: bool,
    /// Whether an identifier may have lost its last loan.
    shrinks: bool,
}

/// Changes of clients within one batch.
pub(super) struct ClientChanges<'a> {
    book: &'a Book,
    clients: BTreeMap<ClientKey, Changing>,
    /// Who carries which identifiers by a loan that the batch changes; none by a loan that goes.
    loans: BTreeMap<LoanKey, Option<(ClientKey, Vec<Identifier>)>>,
    carried: BTreeMap<([u8; 32], [u8; 32]), bool>,
}

impl<'a> ClientChanges<'a> {
    pub(super) fn new(book: &'a Book) -> Self {
        Self { book, clients: BTreeMap::new(), loans: BTreeMap::new(), carried: BTreeMap::new() }
    }

    fn changing(&mut self, key: &ClientKey) -> Result<&mut Changing, BookError> {
        match self.clients.entry(*key) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(place) => {
                let entry = self.book.client(key)?;
                Ok(place.insert(Changing { entry, changed: false, shrinks: false }))
            }
        }
    }

    /// The client had the loan, which changes or goes.
    pub(super) fn leave(&mut self, client: &ClientKey, loan: &LoanKey) -> Result<(), BookError> {
        self.changing(client)?.shrinks = true;
        self.loans.insert(*loan, None);
        Ok(())
    }

    /// The client has the loan, and carries its identifiers.
    pub(super) fn carry(&mut self, client: &ClientKey, key: &LoanKey, loan: &Loan) -> Result<(), BookError> {
        let changing = self.changing(client)?;
        let mut changed = changing.changed;
        let entry = changing.entry.get_or_insert_with(|| {
            changed = true;
            ClientEntry {
                client: loan.client.clone(),
                record: RecordId([0; 16]),
                identifiers: Vec::new(),
                published: Vec::new(),
            }
        });
        let mut added = Vec::new();
        for identifier in &loan.identifiers {
            if !entry.identifiers.contains(identifier) {
                entry.identifiers.push(identifier.clone());
                added.push(identifier);
            }
        }
        changing.changed = changed || !added.is_empty();
        for identifier in added {
            self.carried.insert((self.book.identifier_key(identifier), client.0), true);
        }
        self.loans.insert(*key, Some((*client, loan.identifiers.clone())));
        Ok(())
    }

    /// Identifiers that the client's loans come with once the batch is written.
    fn identifiers_of(&self, key: &ClientKey) -> Result<Vec<Identifier>, BookError> {
        let mut identifiers: Vec<Identifier> = Vec::new();
        let mut add = |more: &[Identifier]| {
            for identifier in more {
                if !identifiers.contains(identifier) {
                    identifiers.push(identifier.clone());
                }
            }
        };
        for ((_, loan), ()) in self.book.store.scan_prefix(&CLIENT_LOANS, &key.0, None, usize::MAX)? {
            if !self.loans.contains_key(&loan) {
                add(&self.book.loan_at(&loan)?.map(|loan| loan.identifiers).unwrap_or_default());
            }
        }
        for (_, more) in self.loans.values().flatten().filter(|(client, _)| client == key) {
            add(more);
        }
        Ok(identifiers)
    }

    /// Takes away identifiers that no loan comes with any more: a wrong number that was corrected is somebody else's.
    fn shrink(&mut self) -> Result<(), BookError> {
        let shrinking: Vec<ClientKey> =
            self.clients.iter().filter(|(_, changing)| changing.shrinks).map(|(key, _)| *key).collect();
        // Ordinarily each loan still has what the client has, and nothing more is read.
        let full: BTreeMap<ClientKey, usize> = self.full();
        for key in shrinking {
            let Some(entry) = self.clients.get(&key).and_then(|changing| changing.entry.as_ref()) else {
                continue;
            };
            if full.get(&key).is_some_and(|count| *count == entry.identifiers.len()) {
                continue;
            }
            let kept = self.identifiers_of(&key)?;
            let Some(changing) = self.clients.get_mut(&key) else { continue };
            let Some(entry) = changing.entry.as_mut() else { continue };
            let gone: Vec<Identifier> =
                entry.identifiers.iter().filter(|identifier| !kept.contains(identifier)).cloned().collect();
            entry.identifiers.retain(|identifier| kept.contains(identifier));
            changing.changed |= !gone.is_empty();
            for identifier in &gone {
                self.carried.insert((self.book.identifier_key(identifier), key.0), false);
            }
        }
        Ok(())
    }

    /// The most identifiers that one changed loan of each client has, all of them the client's.
    fn full(&self) -> BTreeMap<ClientKey, usize> {
        let mut full = BTreeMap::new();
        for (client, identifiers) in self.loans.values().flatten() {
            let most = full.entry(*client).or_default();
            *most = identifiers.len().max(*most);
        }
        full
    }

    pub(super) fn finish(mut self, batch: &mut StoreBatch, entropy: &dyn Entropy) -> Result<(), BookError> {
        self.shrink()?;
        for (key, changing) in self.clients {
            batch.put(&PENDING, &key.0, &());
            let Some(mut entry) = changing.entry else { continue };
            if entry.identifiers.is_empty() && entry.published.is_empty() {
                // Nobody was told of the client, and no loan is left.
                batch.delete(&CLIENTS, &key.0).delete(&PENDING, &key.0);
                continue;
            }
            if entry.record == RecordId([0; 16]) {
                entry.record = RecordId(random_array(entropy));
            }
            if changing.changed {
                let sealed = self.book.seal(CLIENTS.spec().name, &key.0, &entry, entropy);
                batch.put(&CLIENTS, &key.0, &sealed);
            }
        }
        for (key, carries) in self.carried {
            if carries {
                batch.put(&IDENTIFIERS, &key, &());
            } else {
                batch.delete(&IDENTIFIERS, &key);
            }
        }
        Ok(())
    }
}
