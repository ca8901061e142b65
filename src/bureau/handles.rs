//! What a search gives out: a number of digits that leads to one report, once, for some minutes.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::clock::UnixTime;
use crate::digest::{ConsentId, TransactionId};
use crate::limits::{FINERACT_HANDLE_SECONDS_MAX, FINERACT_HANDLES_MAX, FINERACT_RESUME_SECONDS_MAX};
use crate::secret::{Entropy, random_array};

/// The least handle: all have as many digits, for the connector reads a number and drops zeros in front.
const LEAST: u64 = 100_000_000_000_000_000;
/// How many there are. The highest fits the connector's 64 bits with a sign.
const COUNT: u64 = 9 * LEAST;

/// To what a handle leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Handle {
    pub(super) consent: ConsentId,
    /// The inquiry's, so that it can be asked again.
    pub(super) transaction: TransactionId,
}

/// Handles that were given out, and inquiries that were not answered in time. In memory: after a restart one searches again.
#[derive(Debug, Default)]
pub(super) struct Handles {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    given: BTreeMap<u64, (UnixTime, Handle)>,
    unanswered: BTreeMap<ConsentId, (UnixTime, Handle)>,
}

impl Handles {
    fn kept(&self, now: UnixTime) -> MutexGuard<'_, Kept> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.given.retain(|_, (given, _)| within(*given, now, FINERACT_HANDLE_SECONDS_MAX));
        kept.unanswered.retain(|_, (asked, _)| within(*asked, now, FINERACT_RESUME_SECONDS_MAX));
        kept
    }

    /// Gives a handle out.
    pub(super) fn put(&self, handle: Handle, entropy: &dyn Entropy, now: UnixTime) -> u64 {
        let mut kept = self.kept(now);
        while kept.given.len() >= FINERACT_HANDLES_MAX {
            let oldest = kept.given.iter().min_by_key(|(_, (given, _))| *given).map(|(unique, _)| *unique);
            oldest.and_then(|oldest| kept.given.remove(&oldest));
        }
        loop {
            // The odds of all numbers are alike to one in twenty; nobody can guess one of 10^17 in minutes.
            let unique = LEAST + u64::from_be_bytes(random_array(entropy)) % COUNT;
            if let Entry::Vacant(place) = kept.given.entry(unique) {
                place.insert((now, handle));
                return unique;
            }
        }
    }

    /// Takes a handle back, if it is one that was given out and not taken yet.
    pub(super) fn take(&self, unique: u64, now: UnixTime) -> Option<Handle> {
        self.kept(now).given.remove(&unique).map(|(_, handle)| handle)
    }

    /// Keeps an inquiry that has no answer yet.
    pub(super) fn resume(&self, handle: Handle, now: UnixTime) {
        let mut kept = self.kept(now);
        if kept.unanswered.len() < FINERACT_HANDLES_MAX {
            kept.unanswered.insert(handle.consent, (now, handle));
        }
    }

    /// The inquiry under a consent that had no answer yet, to be asked again.
    pub(super) fn resumable(&self, consent: ConsentId, now: UnixTime) -> Option<Handle> {
        self.kept(now).unanswered.get(&consent).map(|(_, handle)| *handle)
    }

    /// The inquiry under a consent came to its end.
    pub(super) fn ended(&self, consent: ConsentId, now: UnixTime) {
        self.kept(now).unanswered.remove(&consent);
    }
}

fn within(since: UnixTime, now: UnixTime, seconds: i64) -> bool {
    (0..=seconds).contains(&now.seconds_since(since))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::SeededEntropy;

    fn handle(byte: u8) -> Handle {
        Handle { consent: ConsentId([byte; 16]), transaction: TransactionId([byte; 16]) }
    }

    #[test]
    fn a_handle_leads_once_and_for_minutes() {
        let (handles, entropy) = (Handles::default(), SeededEntropy::new(1));
        let (first, second) =
            (handles.put(handle(1), &entropy, UnixTime(0)), handles.put(handle(2), &entropy, UnixTime(0)));
        assert!([first, second].iter().all(|unique| (LEAST..LEAST + COUNT).contains(unique)));
        assert!(i64::try_from(LEAST + COUNT).is_ok());
        assert_eq!(handles.take(first, UnixTime(FINERACT_HANDLE_SECONDS_MAX)), Some(handle(1)));
        assert_eq!(handles.take(first, UnixTime(FINERACT_HANDLE_SECONDS_MAX)), None);
        assert_eq!(handles.take(second, UnixTime(FINERACT_HANDLE_SECONDS_MAX + 1)), None);
        assert_eq!(handles.take(5, UnixTime(0)), None);
    }

    #[test]
    fn there_are_so_many_at_once_and_the_oldest_goes() {
        let (handles, entropy) = (Handles::default(), SeededEntropy::new(2));
        let put = |second: i64| handles.put(handle(1), &entropy, UnixTime(second));
        let first = put(0);
        let others: Vec<u64> = (0..FINERACT_HANDLES_MAX).map(|_| put(1)).collect();
        assert_eq!(handles.take(first, UnixTime(1)), None);
        assert_eq!(handles.take(*others.last().unwrap(), UnixTime(1)), Some(handle(1)));
    }

    #[test]
    fn an_unanswered_inquiry_is_taken_up_within_the_hour() {
        let handles = Handles::default();
        handles.resume(handle(1), UnixTime(0));
        handles.resume(handle(2), UnixTime(0));
        assert_eq!(handles.resumable(ConsentId([1; 16]), UnixTime(9)), Some(handle(1)));
        handles.ended(ConsentId([1; 16]), UnixTime(9));
        assert_eq!(handles.resumable(ConsentId([1; 16]), UnixTime(9)), None);
        assert_eq!(handles.resumable(ConsentId([2; 16]), UnixTime(FINERACT_RESUME_SECONDS_MAX + 1)), None);
    }
}
