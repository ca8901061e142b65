//! Loads that were begun here and what became of them, kept in memory for the page that shows how far they are. The loads
//! themselves are in the book, whatever happens here.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::clock::UnixTime;
use crate::console::trouble::Trouble;
use crate::digest::TransactionId;
use crate::limits::CONSOLE_UPLOADS_KEPT_MAX;
use crate::model::user::Caller;
use crate::node::{ImportOutcome, ImportProgress};
use crate::secret::Entropy;

/// Where a load that was begun here stands.
pub(in crate::console) enum Stage {
    /// It is being read or taken in; nothing is told before its first rows.
    Running(Option<ImportProgress>),
    /// It has ended: loaded, held, looked at, or known already.
    Ended(Box<ImportOutcome>),
    /// It did not come about.
    Failed(Trouble),
}

/// A load that was begun here.
pub(in crate::console) struct Upload {
    by: String,
    pub(in crate::console) file: String,
    pub(in crate::console) begun: UnixTime,
    pub(in crate::console) stage: Stage,
}

/// Every load that was begun here of late, by a random number.
#[derive(Clone, Default)]
pub(in crate::console) struct Uploads(Arc<Mutex<BTreeMap<TransactionId, Upload>>>);

impl Uploads {
    fn all(&self) -> MutexGuard<'_, BTreeMap<TransactionId, Upload>> {
        // Each entry is replaced whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A load begins.
    pub(super) fn begin(
        &self,
        caller: &Caller,
        file: String,
        entropy: &dyn Entropy,
        now: UnixTime,
    ) -> TransactionId {
        let id = TransactionId::random(entropy);
        let mut all = self.all();
        while all.len() >= CONSOLE_UPLOADS_KEPT_MAX {
            let oldest = all.iter().min_by_key(|(_, upload)| upload.begun).map(|(id, _)| *id);
            let Some(oldest) = oldest else { break };
            all.remove(&oldest);
        }
        let by = caller.name.clone();
        all.insert(id, Upload { by, file, begun: now, stage: Stage::Running(None) });
        id
    }

    /// It is there now.
    pub(super) fn now_at(&self, id: TransactionId, stage: Stage) {
        if let Some(upload) = self.all().get_mut(&id) {
            upload.stage = stage;
        }
    }

    /// Looks at a load that the caller began.
    pub(super) fn with<T>(
        &self,
        caller: &Caller,
        id: TransactionId,
        look: impl FnOnce(&Upload) -> T,
    ) -> Option<T> {
        self.all().get(&id).filter(|upload| upload.by == caller.name).map(look)
    }
}
