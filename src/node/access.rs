//! Who did what: the leaf that says which user saw or recorded what concerns a person, and beside it who a consent, an
//! inquiry or a dispute belongs to.
//!
//! The leaf is written before anything is shown. What lies beside holds names of staff and of branches, and nothing about
//! clients.

use serde::{Deserialize, Serialize};

use super::Node;
use super::consent::ConsentError;
use super::tables::{ATTRIBUTED, ATTRIBUTED_BY_TIME};
use crate::clock::UnixTime;
use crate::digest::{TransactionId, UserId};
use crate::model::leaf::{Access, Leaf, LeafBody, LeafReference};
use crate::model::user::{Caller, Right};
use crate::secret::SecretVec;
use crate::store::{Durability, StoreBatch};
use crate::wire::codec;

/// Version of the encrypted attribution.
const RECORD_VERSION: u8 = 1;
/// Deeds that are read at a time.
const DEEDS_PER_PAGE: usize = 256;

/// What belongs to the branch of whoever did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// A consent or another lawful ground, by its id.
    Consent = 1,
    /// An inquiry, by its transaction.
    Inquiry = 2,
    /// A dispute that was opened here, by its transaction.
    Dispute = 3,
}

/// What an access concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Concern {
    /// Nothing that has a number: a list, a load.
    Several,
    /// A leaf that is there.
    Leaf(LeafReference),
    /// An inquiry or a dispute, whose leaves bear this transaction.
    Transaction(TransactionId),
}

/// What stands or falls with a record: written in the record's own write.
#[derive(Default)]
pub(super) struct Beside {
    /// Rows, as the one that says whose the record is.
    pub(super) rows: StoreBatch,
    /// The leaf behind the record's own that says who made it; none where nobody has a name.
    pub(super) leaf: Option<Leaf>,
}

impl Beside {
    /// The leaf, once the record's own, which it is to name, has its place.
    pub(super) fn leaf_of(self, record: LeafReference) -> Option<Leaf> {
        let mut leaf = self.leaf?;
        if let LeafBody::Accessed { of, .. } = &mut leaf.body {
            *of = Some(record);
        }
        Some(leaf)
    }
}

/// Who did something, and for which branch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribution {
    /// The user or system; none for whoever uses the node's own socket.
    pub user: Option<UserId>,
    /// The name at that time.
    pub name: String,
    /// The branch at that time.
    pub branch: Option<String>,
    /// When.
    pub time: UnixTime,
}

impl Attribution {
    /// Of a caller, now.
    pub(super) fn of(caller: &Caller, time: UnixTime) -> Self {
        Self { user: caller.user, name: caller.name.clone(), branch: caller.branch.clone(), time }
    }
}

impl Node {
    /// Logs what a caller is about to see, or has recorded. Of whoever uses the node's own socket nothing is logged: the
    /// machine's administrator could change the program itself.
    pub fn log_access(&self, caller: &Caller, access: Access, concern: Concern) -> Result<(), ConsentError> {
        if let Some(leaf) = self.access_leaf(caller, access, concern) {
            self.log.append_one(leaf)?;
        }
        Ok(())
    }

    /// What makes a record a caller's own from its first moment on: whose it is, and that she made it.
    pub(super) fn owned(
        &self,
        caller: &Caller,
        (deed, id): (Deed, [u8; 16]),
        (access, concern): (Access, Concern),
    ) -> Beside {
        let mut rows = StoreBatch::new();
        self.put_attribution(&Attribution::of(caller, self.clock.now()), deed, id, &mut rows);
        Beside { rows, leaf: self.access_leaf(caller, access, concern) }
    }

    fn access_leaf(&self, caller: &Caller, access: Access, concern: Concern) -> Option<Leaf> {
        let by = caller.user?;
        let (transaction, of) = match concern {
            Concern::Several => (TransactionId::random(&*self.entropy), None),
            Concern::Leaf(leaf) => (TransactionId::random(&*self.entropy), Some(leaf)),
            Concern::Transaction(transaction) => (transaction, None),
        };
        let body = LeafBody::Accessed { by, access, request: caller.request, of, user: None };
        Some(Leaf::new(self.clock.now(), transaction, body))
    }

    /// Keeps who did something. The first stays: a retry changes nothing.
    pub(super) fn attribute(&self, caller: &Caller, deed: Deed, id: [u8; 16]) -> Result<(), ConsentError> {
        let key = (deed as u8, id);
        if self.store.contains(&ATTRIBUTED, &key)? {
            return Ok(());
        }
        let mut batch = StoreBatch::new();
        self.put_attribution(&Attribution::of(caller, self.clock.now()), deed, id, &mut batch);
        Ok(self.store.commit(batch, Durability::Synced)?)
    }

    /// Puts who did something into what is written with the deed.
    pub(super) fn put_attribution(
        &self,
        attribution: &Attribution,
        deed: Deed,
        id: [u8; 16],
        batch: &mut StoreBatch,
    ) {
        let plain = codec::encode_secret(RECORD_VERSION, attribution);
        let sealed =
            self.at_rest.seal(ATTRIBUTED.spec().name, &place(deed, id), plain.expose(), &*self.entropy);
        batch.put(&ATTRIBUTED, &(deed as u8, id), &sealed);
        let seconds = u64::try_from(attribution.time.0).unwrap_or(0);
        batch.put(&ATTRIBUTED_BY_TIME, &(deed as u8, seconds, id), &());
    }

    /// Who did something; none where that is not known, as of what was done before users were known.
    pub(super) fn attribution(&self, deed: Deed, id: [u8; 16]) -> Result<Option<Attribution>, ConsentError> {
        let Some(sealed) = self.store.get(&ATTRIBUTED, &(deed as u8, id))? else { return Ok(None) };
        let plain: SecretVec = self.at_rest.open(ATTRIBUTED.spec().name, &place(deed, id), &sealed)?;
        Ok(Some(codec::decode_versioned(RECORD_VERSION, plain.expose(), "an attribution")?))
    }

    /// Whether a caller may see what was done: what belongs to her branch, or everything.
    pub(super) fn is_visible(&self, caller: &Caller, deed: Deed, id: [u8; 16]) -> Result<bool, ConsentError> {
        if caller.may(Right::EveryBranch) {
            return Ok(true);
        }
        let attribution = self.attribution(deed, id)?;
        Ok(caller.sees_branch(attribution.as_ref().and_then(|found| found.branch.as_deref())))
    }

    /// What was done from `from` until before `until` and a caller may see, newest first, at most `limit`.
    pub(super) fn deeds(
        &self,
        caller: &Caller,
        deed: Deed,
        (from, until): (UnixTime, UnixTime),
        limit: usize,
    ) -> Result<Vec<([u8; 16], Attribution)>, ConsentError> {
        let seconds = |time: UnixTime| u64::try_from(time.0).unwrap_or(0);
        let mut before = (deed as u8, seconds(until), [0; 16]);
        let mut shown = Vec::new();
        loop {
            let page = self.store.scan_prefix_back(
                &ATTRIBUTED_BY_TIME,
                &[deed as u8],
                Some(&before),
                DEEDS_PER_PAGE,
            )?;
            let is_last = page.len() < DEEDS_PER_PAGE;
            for (key, ()) in page {
                if shown.len() == limit || key.1 < seconds(from) {
                    return Ok(shown);
                }
                before = key;
                if let Some(attribution) = self.attribution(deed, key.2)?
                    && caller.sees_branch(attribution.branch.as_deref())
                {
                    shown.push((key.2, attribution));
                }
            }
            if is_last {
                return Ok(shown);
            }
        }
    }
}

/// What a sealed attribution is bound to.
fn place(deed: Deed, id: [u8; 16]) -> [u8; 17] {
    let mut place = [deed as u8; 17];
    place[1..].copy_from_slice(&id);
    place
}
