//! Who may use a node: users with their roles and passwords, their sessions, and access tokens for systems.
//!
//! Trusted: the store, and whoever holds the node's data key. Not trusted: whoever signs in. Passwords are kept as
//! Argon2id hashes, tokens and sessions as hashes of random secrets, so that nothing that is kept here opens anything.
//! Everything is encrypted under the node's data key like the lender's book. A user is never deleted: the log names
//! users by number, and who a number was must stay explainable.

mod attempts;
mod chosen;
mod confirm;
mod password;
mod second_factor;
mod session;
mod standing;
mod tokens;
mod users;

#[cfg(test)]
mod tests;

use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use confirm::Confirmed;
pub use password::PasswordRefused;
pub use second_factor::NewSecret;
pub use session::{Attempt, Present, SessionToken, SignInError, SignedIn};
pub use standing::{Intervention, InterventionKind, Standing};
pub use tokens::{AccessToken, IssuedToken, NewToken};
pub use users::{NewUser, User, UserChange};

use crate::keyring::{AtRest, KeyringError};
use crate::limits::SIGN_IN_STRANGE_NAMES_MAX;
use crate::secret::Entropy;
use crate::store::{Durability, Store, StoreBatch, StoreError, Table, TableSpec};
use crate::wire::codec::{self, CodecError};

/// Version of the encrypted values.
const VALUE_VERSION: u8 = 1;

/// Users by number.
const USERS: Table<[u8; 8], Vec<u8>> = Table::new("people_user", 1).sealed();
/// Number of a user by keyed hash of the name.
const NAMES: Table<[u8; 32], [u8; 8]> = Table::new("people_name", 1).sealed();
/// Sessions by hash of their secret.
const SESSIONS: Table<[u8; 32], Vec<u8>> = Table::new("people_session", 1).sealed();
/// Access tokens by number.
const TOKENS: Table<[u8; 8], Vec<u8>> = Table::new("people_token", 1).sealed();
/// Failed attempts to sign in, by keyed hash of the name that was given.
const ATTEMPTS: Table<[u8; 32], Vec<u8>> = Table::new("people_attempts", 1).sealed();
/// How a user's account stands, for her own eyes, by her number.
const STANDINGS: Table<[u8; 8], Vec<u8>> = Table::new("people_standing", 1).sealed();

/// The tables of this module, for opening the store.
pub const TABLES: &[TableSpec] =
    &[USERS.spec(), NAMES.spec(), SESSIONS.spec(), TOKENS.spec(), ATTEMPTS.spec(), STANDINGS.spec()];

/// Why a user or a token cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
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
    /// What was asked for cannot stand.
    #[error("{field}: {why}")]
    Invalid {
        /// Which field.
        field: &'static str,
        /// Why, and the way out.
        why: String,
    },
    /// The password will not do.
    #[error("password: {0}")]
    Password(#[from] PasswordRefused),
    /// There is a user of that name.
    #[error("there is a user of that name already")]
    NameTaken,
    /// There is no such user or token.
    #[error("there is no such {0}")]
    Unknown(&'static str),
}

/// Rows by key, and the key after which the next ones begin.
type Page<K, T> = (Vec<(K, T)>, Option<K>);

/// The users of a node.
#[derive(Clone)]
pub struct People {
    store: Store,
    at_rest: Arc<AtRest>,
    entropy: Arc<dyn Entropy>,
    /// Held from the reads of a change until its batch is on disk.
    writer: Arc<Mutex<()>>,
    /// Names that nobody has, of which failed attempts are kept: at most so many. Changed by whoever holds the writer.
    strange_names: Arc<AtomicUsize>,
}

impl std::fmt::Debug for People {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("People(..)")
    }
}

impl People {
    /// The users in `store`, under the node's key.
    pub fn new(store: Store, at_rest: AtRest, entropy: Arc<dyn Entropy>) -> Self {
        // They are counted when it looks as if there were too many, so at first.
        let strange_names = Arc::new(AtomicUsize::new(SIGN_IN_STRANGE_NAMES_MAX));
        Self { store, at_rest: Arc::new(at_rest), entropy, writer: Arc::default(), strange_names }
    }

    fn writer(&self) -> MutexGuard<'_, ()> {
        // A panic under the guard left nothing half-done: a batch is written whole or not at all.
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn commit(&self, batch: StoreBatch) -> Result<(), PeopleError> {
        Ok(self.store.commit(batch, Durability::Synced)?)
    }

    fn put<const N: usize, T: serde::Serialize>(
        &self,
        table: &Table<[u8; N], Vec<u8>>,
        key: &[u8; N],
        value: &T,
        batch: &mut StoreBatch,
    ) {
        let plain = codec::encode_secret(VALUE_VERSION, value);
        let sealed = self.at_rest.seal(table.spec().name, key, plain.expose(), &*self.entropy);
        batch.put(table, key, &sealed);
    }

    fn open<const N: usize, T: serde::de::DeserializeOwned>(
        &self,
        table: &Table<[u8; N], Vec<u8>>,
        key: &[u8; N],
        sealed: &[u8],
    ) -> Result<T, PeopleError> {
        let name = table.spec().name;
        let opened = self.at_rest.open(name, key, sealed);
        let plain = opened.map_err(|source| PeopleError::Sealed { table: name, source })?;
        Ok(codec::decode_versioned(VALUE_VERSION, plain.expose(), name)?)
    }

    fn get<const N: usize, T: serde::de::DeserializeOwned>(
        &self,
        table: &Table<[u8; N], Vec<u8>>,
        key: &[u8; N],
    ) -> Result<Option<T>, PeopleError> {
        self.store.get(table, key)?.map(|sealed| self.open(table, key, &sealed)).transpose()
    }

    /// Up to `limit` rows of a table by key, those up to and including `after` left out; and after which the next page
    /// begins, where there may be one.
    fn page<const N: usize, T: serde::de::DeserializeOwned>(
        &self,
        table: &Table<[u8; N], Vec<u8>>,
        after: Option<[u8; N]>,
        limit: usize,
    ) -> Result<Page<[u8; N], T>, PeopleError> {
        let sealed = self.store.scan_prefix(table, &[], after.as_ref(), limit)?;
        let next = if sealed.len() < limit { None } else { sealed.last().map(|(key, _)| *key) };
        let rows = sealed.into_iter().map(|(key, row)| Ok((key, self.open(table, &key, &row)?)));
        Ok((rows.collect::<Result<_, PeopleError>>()?, next))
    }

    /// Every row of a table, by key.
    fn all<const N: usize, T: serde::de::DeserializeOwned>(
        &self,
        table: &Table<[u8; N], Vec<u8>>,
    ) -> Result<Vec<([u8; N], T)>, PeopleError> {
        let mut rows = Vec::new();
        self.store.for_each(table, &[], |key, sealed| {
            rows.push((key, self.open(table, &key, &sealed)?));
            Ok::<_, PeopleError>(())
        })?;
        Ok(rows)
    }
}
