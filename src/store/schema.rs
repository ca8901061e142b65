//! What a store knows of itself: the version of each table, and whose it is.

use super::backend::Durability;
use super::error::StoreError;
use super::table::{Table, TableSpec};
use super::{Store, StoreBatch};

/// Version by table name.
const SCHEMA: Table<String, u8> = Table::new("schema", 1);
/// The member and network that the store belongs to: one row.
const IDENTITY: Table<(), String> = Table::new("identity", 1);

/// The snapshot that the store was put back from: one row, while it may lack what was written since.
const RESTORED: Table<(), String> = Table::new("restored", 1);

/// The caller's tables and our own.
pub(super) fn with_own_table(tables: &[TableSpec]) -> Result<Vec<TableSpec>, StoreError> {
    let mut all = vec![SCHEMA.spec(), IDENTITY.spec(), RESTORED.spec()];
    for spec in tables {
        if all.iter().any(|other| other.name == spec.name) {
            return Err(StoreError::Undeclared { table: spec.name });
        }
        all.push(*spec);
    }
    Ok(all)
}

/// Refuses a store that this program must not write into, and notes the versions that it will write.
pub(super) fn check(store: &Store, tables: &[TableSpec]) -> Result<(), StoreError> {
    let all = with_own_table(tables)?;
    store.for_each(&SCHEMA, &[], |name, found| match all.iter().find(|spec| spec.name == name) {
        None => Err(StoreError::UnknownTableOnDisk { table: name }),
        Some(spec) if found > spec.version => {
            Err(StoreError::NewerSchema { table: name, found, known: spec.version })
        }
        Some(spec) if found < spec.oldest => {
            Err(StoreError::OlderSchema { table: name, found, oldest: spec.oldest })
        }
        Some(_) => Ok(()),
    })?;
    let mut batch = StoreBatch::new();
    for spec in all {
        let name = spec.name.to_owned();
        if store.get(&SCHEMA, &name)? != Some(spec.version) {
            batch.put(&SCHEMA, &name, &spec.version);
        }
    }
    store.commit(batch, Durability::Synced)
}

pub(super) fn identity(store: &Store) -> Result<Option<String>, StoreError> {
    store.get(&IDENTITY, &())
}

pub(super) fn bind_identity(store: &Store, asked: &str) -> Result<(), StoreError> {
    match identity(store)? {
        Some(found) if found == asked => Ok(()),
        Some(found) => Err(StoreError::OtherIdentity { found, asked: asked.to_owned() }),
        None => {
            let mut batch = StoreBatch::new();
            batch.put(&IDENTITY, &(), &asked.to_owned());
            store.commit(batch, Durability::Synced)
        }
    }
}

pub(super) fn versions(store: &Store) -> Result<std::collections::BTreeMap<String, u8>, StoreError> {
    let mut versions = std::collections::BTreeMap::new();
    store.for_each(&SCHEMA, &[], |name, version| {
        versions.insert(name, version);
        Ok::<_, StoreError>(())
    })?;
    Ok(versions)
}

pub(super) fn mark_restored(store: &Store, from: &str) -> Result<(), StoreError> {
    let mut batch = StoreBatch::new();
    batch.put(&RESTORED, &(), &from.to_owned());
    store.commit(batch, Durability::Synced)
}

pub(super) fn restored(store: &Store) -> Result<Option<String>, StoreError> {
    store.get(&RESTORED, &())
}

pub(super) fn whole_again(batch: &mut StoreBatch) {
    batch.delete(&RESTORED, &());
}
