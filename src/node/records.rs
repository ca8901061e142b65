//! What is kept apart for the audit and may be erased: consents, inquiries, reporting batches, disputes; and what was
//! proposed about a person and waits. Each record is sealed
//! under a random key of its own; the key lies wrapped in one small table, and who destroys the key has destroyed the
//! record, wherever copies of its bytes still lie.

use std::sync::Arc;

use super::consent::ConsentError;
use super::tables::{
    BATCHES, CONSENTS, INQUIRIES, OPENED_DISPUTES, PROPOSED, RECEIVED_DISPUTES, RECORD_KEYS,
};
use crate::keyring::AtRest;
use crate::secret::{Entropy, SecretBytes, SecretVec};
use crate::store::{Store, StoreBatch, StoreError, Table};

/// Which table a record lies in. The number stands in its key's row, for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    Consent = 1,
    Inquiry = 2,
    Batch = 3,
    OpenedDispute = 4,
    ReceivedDispute = 5,
    Proposed = 6,
}

impl Kept {
    fn table(self) -> &'static Table<[u8; 16], Vec<u8>> {
        match self {
            Self::Consent => &CONSENTS,
            Self::Inquiry => &INQUIRIES,
            Self::Batch => &BATCHES,
            Self::OpenedDispute => &OPENED_DISPUTES,
            Self::ReceivedDispute => &RECEIVED_DISPUTES,
            Self::Proposed => &PROPOSED,
        }
    }

    fn key_row(self, id: &[u8; 16]) -> (u8, [u8; 16]) {
        (self as u8, *id)
    }
}

/// A record with its id; none where it was destroyed meanwhile.
pub(super) type KeptRow = ([u8; 16], Option<SecretVec>);

/// Seals and opens kept records. Cheap to clone.
#[derive(Clone)]
pub(super) struct Records {
    store: Store,
    wrapping: Arc<AtRest>,
    entropy: Arc<dyn Entropy>,
}

impl Records {
    /// The records in `store`, whose keys are wrapped under a key that is made of `at_rest`.
    pub(super) fn new(store: Store, at_rest: &AtRest, entropy: Arc<dyn Entropy>) -> Self {
        Self { store, wrapping: Arc::new(at_rest.sub("record-key")), entropy }
    }

    /// Writes a record, over what is there, under a fresh key. It reads nothing, so it may be called while an append is
    /// made.
    pub(super) fn put(&self, kept: Kept, id: &[u8; 16], plain: &SecretVec, batch: &mut StoreBatch) {
        let key = SecretBytes::random(&*self.entropy);
        let name = kept.table().spec().name;
        let sealed = AtRest::new(&key).seal(name, id, plain.expose(), &*self.entropy);
        let place = place(kept, id);
        let wrapped = self.wrapping.seal(RECORD_KEYS.spec().name, &place, key.expose(), &*self.entropy);
        batch.put(kept.table(), id, &sealed);
        batch.put(&RECORD_KEYS, &kept.key_row(id), &wrapped);
    }

    /// Opens a record; none where there is none, or none any more.
    pub(super) fn get(&self, kept: Kept, id: &[u8; 16]) -> Result<Option<SecretVec>, ConsentError> {
        match self.store.get(kept.table(), id)? {
            Some(sealed) => self.open(kept, id, &sealed),
            None => Ok(None),
        }
    }

    /// Record and key are read one after the other: where it was written in between, it is read again.
    fn open(&self, kept: Kept, id: &[u8; 16], sealed: &[u8]) -> Result<Option<SecretVec>, ConsentError> {
        let mut sealed = sealed.to_vec();
        loop {
            let Some(wrapped) = self.store.get(&RECORD_KEYS, &kept.key_row(id))? else { return Ok(None) };
            let error = match self.open_with(kept, id, &sealed, &wrapped) {
                Ok(plain) => return Ok(Some(plain)),
                Err(error) => error,
            };
            match self.store.get(kept.table(), id)? {
                None => return Ok(None),
                Some(now) if now == sealed => return Err(error),
                Some(now) => sealed = now,
            }
        }
    }

    fn open_with(
        &self,
        kept: Kept,
        id: &[u8; 16],
        sealed: &[u8],
        wrapped: &[u8],
    ) -> Result<SecretVec, ConsentError> {
        let key = self.wrapping.open(RECORD_KEYS.spec().name, &place(kept, id), wrapped)?;
        let key = <[u8; 32]>::try_from(key.expose()).map(SecretBytes::new);
        let name = kept.table().spec().name;
        let key = key.map_err(|_| StoreError::corrupt_row(name, id, &"its key has not 32 bytes"))?;
        Ok(AtRest::new(&key).open(name, id, sealed)?)
    }

    /// Whether the record is there.
    pub(super) fn contains(&self, kept: Kept, id: &[u8; 16]) -> Result<bool, StoreError> {
        self.store.contains(kept.table(), id)
    }

    /// A page of records, those up to and including `after` left out: fewer than `limit` means that there are no more.
    /// A record that was written or destroyed meanwhile may be missing.
    pub(super) fn page(
        &self,
        kept: Kept,
        after: Option<&[u8; 16]>,
        limit: usize,
    ) -> Result<Vec<KeptRow>, ConsentError> {
        let rows = self.store.scan_prefix(kept.table(), &[], after, limit)?;
        rows.into_iter().map(|(id, sealed)| Ok((id, self.open(kept, &id, &sealed)?))).collect()
    }

    /// Takes a record and its key away. [`Records::purge`] afterwards makes sure of it.
    pub(super) fn destroy(kept: Kept, id: &[u8; 16], batch: &mut StoreBatch) {
        batch.delete(kept.table(), id);
        batch.delete(&RECORD_KEYS, &kept.key_row(id));
    }

    /// Takes every key that was overwritten or taken away out of the store's files. The files are rewritten: seconds.
    pub(super) fn purge(&self) -> Result<(), StoreError> {
        self.store.purge(&RECORD_KEYS)
    }
}

/// What a wrapped key is bound to.
fn place(kept: Kept, id: &[u8; 16]) -> [u8; 17] {
    let mut place = [kept as u8; 17];
    place[1..].copy_from_slice(id);
    place
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::SeededEntropy;
    use crate::store::{Durability, StoreOptions};

    const PLAIN: &[u8] = b"what explains the points of a leaf";

    fn records(store: &Store) -> Records {
        let at_rest = AtRest::new(&SecretBytes::new([7; 32]));
        Records::new(store.clone(), &at_rest, Arc::new(SeededEntropy::new(1)))
    }

    fn write(records: &Records, kept: Kept, id: &[u8; 16]) {
        let mut batch = StoreBatch::new();
        records.put(kept, id, &SecretVec::new(PLAIN.to_vec()), &mut batch);
        records.store.commit(batch, Durability::Synced).unwrap();
    }

    /// Whether any file below `folder` holds the bytes.
    fn is_in_files(folder: &std::path::Path, bytes: &[u8]) -> bool {
        std::fs::read_dir(folder).unwrap().any(|entry| {
            let path = entry.unwrap().path();
            if path.is_dir() {
                return is_in_files(&path, bytes);
            }
            // A file may go while it is looked for.
            let file = std::fs::read(&path).unwrap_or_default();
            file.windows(bytes.len()).any(|part| part == bytes)
        })
    }

    #[test]
    fn a_record_opens_and_a_destroyed_one_does_not() {
        let store = Store::memory(super::super::TABLES).unwrap();
        let records = records(&store);
        let every = [
            Kept::Consent,
            Kept::Inquiry,
            Kept::Batch,
            Kept::OpenedDispute,
            Kept::ReceivedDispute,
            Kept::Proposed,
        ];
        for kept in every {
            write(&records, kept, &[1; 16]);
            write(&records, kept, &[2; 16]);
            assert_eq!(records.get(kept, &[1; 16]).unwrap().unwrap().expose(), PLAIN);
            let mut batch = StoreBatch::new();
            Records::destroy(kept, &[1; 16], &mut batch);
            store.commit(batch, Durability::Synced).unwrap();
            assert!(records.get(kept, &[1; 16]).unwrap().is_none());
            assert_eq!(records.get(kept, &[2; 16]).unwrap().unwrap().expose(), PLAIN);
        }
    }

    #[test]
    fn a_record_that_is_written_while_it_is_read_opens() {
        let store = Store::memory(super::super::TABLES).unwrap();
        let records = records(&store);
        write(&records, Kept::Consent, &[1; 16]);
        std::thread::scope(|scope| {
            let writer = scope.spawn(|| (0..2_000).for_each(|_| write(&records, Kept::Consent, &[1; 16])));
            while !writer.is_finished() {
                assert_eq!(records.get(Kept::Consent, &[1; 16]).unwrap().unwrap().expose(), PLAIN);
                let page = records.page(Kept::Consent, None, 10).unwrap();
                assert_eq!(page[0].1.as_ref().unwrap().expose(), PLAIN);
            }
        });
    }

    #[test]
    fn without_its_key_a_record_is_gone_and_another_key_does_not_open_it() {
        let store = Store::memory(super::super::TABLES).unwrap();
        let records = records(&store);
        write(&records, Kept::Consent, &[1; 16]);
        write(&records, Kept::Consent, &[2; 16]);
        let key = |id: u8| store.get(&RECORD_KEYS, &Kept::Consent.key_row(&[id; 16])).unwrap().unwrap();
        assert_ne!(key(1), key(2));
        let mut batch = StoreBatch::new();
        batch.put(&RECORD_KEYS, &Kept::Consent.key_row(&[1; 16]), &key(2));
        store.commit(batch, Durability::Synced).unwrap();
        assert!(records.get(Kept::Consent, &[1; 16]).is_err());
        let mut batch = StoreBatch::new();
        batch.delete(&RECORD_KEYS, &Kept::Consent.key_row(&[1; 16]));
        store.commit(batch, Durability::Synced).unwrap();
        assert!(records.get(Kept::Consent, &[1; 16]).unwrap().is_none());
    }

    #[test]
    fn a_destroyed_key_is_in_no_file_after_the_purge() {
        let folder = tempfile::tempdir().unwrap();
        let options = StoreOptions { cache_bytes: 8 * 1024 * 1024, ..StoreOptions::default() };
        let store = Store::open(folder.path(), super::super::TABLES, &options).unwrap();
        let records = records(&store);
        let wrapped = |id: &[u8; 16]| store.get(&RECORD_KEYS, &Kept::Inquiry.key_row(id)).unwrap().unwrap();
        write(&records, Kept::Inquiry, &[1; 16]);
        write(&records, Kept::Inquiry, &[2; 16]);
        // Once in a file of rows, once in the write-ahead log, once overwritten.
        store.flush().unwrap();
        let (first, other) = (wrapped(&[1; 16]), wrapped(&[2; 16]));
        write(&records, Kept::Inquiry, &[1; 16]);
        let second = wrapped(&[1; 16]);
        assert!([&first, &second, &other].into_iter().all(|key| is_in_files(folder.path(), key)));
        let mut batch = StoreBatch::new();
        Records::destroy(Kept::Inquiry, &[1; 16], &mut batch);
        store.commit(batch, Durability::Synced).unwrap();
        assert!(is_in_files(folder.path(), &first), "taking a row away leaves its bytes: hence the purge");
        records.purge().unwrap();
        // The engine takes files that nobody needs away in the background.
        for _ in 0..200 {
            if !is_in_files(folder.path(), &first) && !is_in_files(folder.path(), &second) {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        assert!(!is_in_files(folder.path(), &first) && !is_in_files(folder.path(), &second));
        assert!(is_in_files(folder.path(), &other));
        drop((records, wrapped));
        drop(store);
        let store = Store::open(folder.path(), super::super::TABLES, &options).unwrap();
        let records = self::records(&store);
        assert!(records.get(Kept::Inquiry, &[1; 16]).unwrap().is_none());
        assert_eq!(records.get(Kept::Inquiry, &[2; 16]).unwrap().unwrap().expose(), PLAIN);
    }
}
