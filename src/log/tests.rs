//! A member's log and another member's mirror of it, in memory.

use super::*;
use crate::clock::UnixTime;
use crate::digest::{Digest, TransactionId};
use crate::merkle::SignerKey;
use crate::model::leaf::{Leaf, LeafBody};
use crate::model::member::MemberId;
use crate::secret::SecretBytes;
use crate::store::Store;

pub(super) const NOW: UnixTime = UnixTime(1_795_305_600);

pub(super) fn grow(log: &ConsentLog, leaves: usize) {
    for _ in 0..leaves {
        let body = LeafBody::WithdrawalReceived { withdrawal: Digest([1; 32]) };
        log.append_one(Leaf::new(NOW, TransactionId([2; 16]), body)).unwrap();
    }
}

#[test]
fn a_passed_checkpoint_is_as_old_as_the_growth_beyond_it() {
    let owner: MemberId = "lender-a".parse().unwrap();
    let signer = SignerKey::new("tally.net/lender-a".parse().unwrap(), SecretBytes::new([3; 32]));
    let key = signer.verifier().clone();
    let log = ConsentLog::open(Store::memory(TABLES).unwrap(), owner.clone(), signer, NOW).unwrap();
    let mirror = Mirror::new(Store::memory(TABLES).unwrap());
    let mut shown = 0;
    let mut show = |log: &ConsentLog, seconds: i64| {
        let update = log.update_from(shown, 100).unwrap();
        shown += update.leaves.len() as u64;
        mirror.take(&owner, &key, &update, NOW.plus_seconds(seconds)).unwrap();
    };
    for (leaves, seconds) in [(1, 0), (2, 10), (1, 20), (0, 30)] {
        grow(&log, leaves);
        show(&log, seconds);
    }
    let passed: Vec<Option<i64>> =
        (0..=3).map(|size| mirror.superseded(&owner, size).map(|time| time.seconds_since(NOW))).collect();
    // Size 0 was never seen here; 2 lay within the update from 1 to 3.
    assert_eq!(passed, [None, Some(10), Some(10), Some(20)]);
    // After a restart nobody can say when, and nothing is cosigned with a later time.
    assert_eq!(Mirror::new(Store::memory(TABLES).unwrap()).superseded(&owner, 1), None);
}

#[test]
fn two_roots_for_a_size_that_was_passed_are_a_fork_and_a_larger_one_is_a_hint() {
    let owner: MemberId = "lender-a".parse().unwrap();
    let signer = || SignerKey::new("tally.net/lender-a".parse().unwrap(), SecretBytes::new([3; 32]));
    let log = |leaves: usize, seconds: i64| {
        let start = NOW.plus_seconds(seconds);
        let log = ConsentLog::open(Store::memory(TABLES).unwrap(), owner.clone(), signer(), start).unwrap();
        for number in 0..leaves {
            let body = LeafBody::WithdrawalReceived { withdrawal: Digest([1; 32]) };
            let seconds = i64::try_from(number).unwrap();
            log.append_one(Leaf::new(start.plus_seconds(seconds), TransactionId([2; 16]), body)).unwrap();
        }
        log
    };
    let key = signer().verifier().clone();
    let mirror = Mirror::new(Store::memory(TABLES).unwrap());
    let take = |log: &ConsentLog, from: u64| {
        mirror.take(&owner, &key, &log.update_from(from, 100).unwrap(), NOW.plus_seconds(60)).is_ok()
    };
    assert!(take(&log(3, 0), 0));
    // Other leaves were before these: whose they are cannot be shown with what is here.
    assert!(!take(&log(5, 7), 3));
    assert_eq!((mirror.forks(&owner).unwrap().len(), mirror.has_forked(&owner).unwrap()), (1, false));
    // Another root for two leaves, of which the three that are here have their own.
    assert!(!take(&log(2, 7), 2));
    assert_eq!((mirror.forks(&owner).unwrap().len(), mirror.has_forked(&owner).unwrap()), (2, true));
}
