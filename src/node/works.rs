//! How many requests of one member are worked on at once: whoever sends many waits for itself and not for the others.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::limits::REQUESTS_PER_MEMBER_MAX;
use crate::model::member::MemberId;

/// A bounded number of turns for each member.
#[derive(Debug, Default)]
pub(super) struct Works {
    turns: Mutex<BTreeMap<MemberId, Arc<Semaphore>>>,
}

/// Held while a request is worked on.
#[derive(Debug)]
pub(super) struct Turn {
    _permit: Option<OwnedSemaphorePermit>,
}

impl Works {
    /// Waits for a turn of the member's. They come in the order in which they were asked for.
    pub(super) async fn turn(&self, member: &MemberId) -> Turn {
        let turns = {
            let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            let turns = turns.entry(member.clone());
            Arc::clone(turns.or_insert_with(|| Arc::new(Semaphore::new(REQUESTS_PER_MEMBER_MAX))))
        };
        // It is never closed.
        Turn { _permit: turns.acquire_owned().await.ok() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;

    #[test]
    fn who_sends_many_waits_and_others_do_not() {
        let works = Works::default();
        let (busy, other): (MemberId, MemberId) = ("lender-a".parse().unwrap(), "lender-b".parse().unwrap());
        let taken = || works.turn(&busy).now_or_never();
        let mut turns: Vec<Turn> = (0..REQUESTS_PER_MEMBER_MAX).map(|_| taken().unwrap()).collect();
        assert!(taken().is_none());
        assert!(works.turn(&other).now_or_never().is_some());
        turns.pop();
        assert!(taken().is_some());
    }
}
