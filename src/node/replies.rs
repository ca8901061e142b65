//! Replies that are kept for callers who ask twice: so that a caller whose line broke learns what became of a request,
//! and nothing is done a second time.
//!
//! What is kept is encrypted under the node's data key, opens for the same caller with the same key alone, and is gone
//! after a day. What is shown once, such as a withdrawal code, is not for keeping: see [`KeptReply::is_whole`]. No caller
//! fills the store with them: see [`Node::has_room_for_reply`].

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::Node;
use super::access::Concern;
use super::consent::ConsentError;
use super::tables::{REPLIES, REPLIES_BY_CALLER};
use crate::clock::UnixTime;
use crate::digest::{Digest, UserId};
use crate::limits::{KEPT_REPLIES_PER_CALLER_MAX, KEPT_REPLY_SECONDS};
use crate::store::{Durability, StoreBatch, StoreError};
use crate::wire::codec::{self, CodecError};

/// Version of the encrypted reply. Of version 1 no body is given again: it may hold what is shown once. 2 did not know what
/// the reply concerns.
const RECORD_VERSION: u8 = 3;

/// A reply of version 1.
#[derive(Serialize, Deserialize)]
struct FirstReply {
    request: Digest,
    status: u16,
    media_type: String,
    body: Vec<u8>,
}

/// A reply of version 2.
#[derive(Serialize, Deserialize)]
struct SecondReply {
    request: Digest,
    status: u16,
    media_type: String,
    body: Vec<u8>,
    is_whole: bool,
}

/// What is kept of a reply.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptReply {
    /// Hash of the request that it replied to.
    pub request: Digest,
    /// HTTP status.
    pub status: u16,
    /// Media type of the body.
    pub media_type: String,
    /// The body; without what is shown once, or empty, where it is not whole.
    pub body: Vec<u8>,
    /// Whether that is the body as it went out. One that is not cannot be given again; that it was there says that the
    /// request was done.
    pub is_whole: bool,
    /// What it concerns: who is given it again is logged with it.
    pub concern: Concern,
}

impl std::fmt::Debug for KeptReply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeptReply").field("status", &self.status).finish_non_exhaustive()
    }
}

impl KeptReply {
    fn read(bytes: &[u8]) -> Result<Self, CodecError> {
        let what = "a kept reply";
        let concern = Concern::Several;
        match codec::split_version(bytes, what)?.0 {
            1 => {
                let first: FirstReply = codec::decode_versioned(1, bytes, what)?;
                let FirstReply { request, status, media_type, .. } = first;
                Ok(Self { request, status, media_type, body: Vec::new(), is_whole: false, concern })
            }
            2 => {
                let second: SecondReply = codec::decode_versioned(2, bytes, what)?;
                let SecondReply { request, status, media_type, body, is_whole } = second;
                Ok(Self { request, status, media_type, body, is_whole, concern })
            }
            _ => codec::decode_versioned(RECORD_VERSION, bytes, what),
        }
    }
}

/// How many replies are kept for each caller, by number: counted once, and from then on with every write.
#[derive(Default)]
pub(super) struct ReplyCounts(Mutex<Option<BTreeMap<[u8; 8], usize>>>);

fn number(caller: Option<UserId>) -> [u8; 8] {
    caller.map_or([0; 8], |user| user.0)
}

impl Node {
    fn reply_key(&self, caller: Option<UserId>, key: &str) -> [u8; 32] {
        self.at_rest.index(REPLIES.spec().name, &[&number(caller), key.as_bytes()].concat())
    }

    fn with_reply_counts<T>(
        &self,
        with: impl FnOnce(&mut BTreeMap<[u8; 8], usize>) -> T,
    ) -> Result<T, StoreError> {
        let mut counts = self.reply_counts.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.is_none() {
            let mut counted = BTreeMap::<[u8; 8], usize>::new();
            self.store.for_each(&REPLIES_BY_CALLER, &[], |(caller, _), _| {
                *counted.entry(caller).or_default() += 1;
                Ok::<_, StoreError>(())
            })?;
            *counts = Some(counted);
        }
        Ok(with(counts.get_or_insert_default()))
    }

    /// Whether a reply to another request of a caller may be kept. Those of her requests that run now come on top.
    pub fn has_room_for_reply(&self, caller: Option<UserId>) -> Result<bool, ConsentError> {
        let kept = self.with_reply_counts(|counts| counts.get(&number(caller)).copied().unwrap_or(0))?;
        Ok(kept < KEPT_REPLIES_PER_CALLER_MAX)
    }

    /// The reply that was kept for a caller under a key of the caller's choice; none where there is none any more.
    pub fn kept_reply(&self, caller: Option<UserId>, key: &str) -> Result<Option<KeptReply>, ConsentError> {
        let place = self.reply_key(caller, key);
        let Some((time, sealed)) = self.store.get(&REPLIES, &place)? else { return Ok(None) };
        if self.clock.now().seconds_since(time) > KEPT_REPLY_SECONDS {
            return Ok(None);
        }
        let plain = self.at_rest.open(REPLIES.spec().name, &place, &sealed)?;
        Ok(Some(KeptReply::read(plain.expose())?))
    }

    /// Keeps a reply for a day.
    pub fn keep_reply(
        &self,
        caller: Option<UserId>,
        key: &str,
        reply: &KeptReply,
    ) -> Result<(), ConsentError> {
        let place = self.reply_key(caller, key);
        let plain = codec::encode_secret(RECORD_VERSION, reply);
        let sealed = self.at_rest.seal(REPLIES.spec().name, &place, plain.expose(), &*self.entropy);
        let row = (number(caller), place);
        // It also counts those that are there, if nobody has yet: this one is not among them.
        let is_new = !self.with_reply_counts(|_| self.store.contains(&REPLIES_BY_CALLER, &row))??;
        let (mut batch, now) = (StoreBatch::new(), self.clock.now());
        batch.put(&REPLIES, &place, &(now, sealed));
        batch.put(&REPLIES_BY_CALLER, &row, &now);
        self.store.commit(batch, Durability::Synced)?;
        if is_new {
            self.with_reply_counts(|counts| *counts.entry(row.0).or_default() += 1)?;
        }
        Ok(())
    }

    /// Forgets replies of more than a day ago.
    pub fn forget_replies(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        let mut batch = StoreBatch::new();
        self.store.for_each(&REPLIES, &[], |place, (time, _): (UnixTime, Vec<u8>)| {
            if now.seconds_since(time) > KEPT_REPLY_SECONDS {
                batch.delete(&REPLIES, &place);
            }
            Ok::<_, StoreError>(())
        })?;
        let mut forgotten = Vec::new();
        self.store.for_each(&REPLIES_BY_CALLER, &[], |row, time| {
            if now.seconds_since(time) > KEPT_REPLY_SECONDS {
                batch.delete(&REPLIES_BY_CALLER, &row);
                forgotten.push(row.0);
            }
            Ok::<_, StoreError>(())
        })?;
        self.with_reply_counts(|_| ())?;
        self.store.commit(batch, Durability::Unsynced)?;
        self.with_reply_counts(|counts| {
            for caller in forgotten {
                let kept = counts.entry(caller).or_default();
                *kept = kept.saturating_sub(1);
            }
            counts.retain(|_, kept| *kept > 0);
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::leaf::LeafReference;
    use crate::node::in_memory::{NOW, node};

    #[test]
    fn as_many_are_kept_of_a_caller_as_are_there_and_no_more() {
        let clock = std::sync::Arc::new(crate::clock::ManualClock::new(NOW));
        let node = node(1, std::sync::Arc::clone(&clock));
        let (caller, other) = (Some(UserId([1; 8])), Some(UserId([2; 8])));
        let reply = KeptReply {
            request: Digest([1; 32]),
            status: 200,
            media_type: String::new(),
            body: Vec::new(),
            is_whole: true,
            concern: Concern::Several,
        };
        let keep = |key: usize| node.keep_reply(caller, &key.to_string(), &reply).unwrap();
        for key in 0..KEPT_REPLIES_PER_CALLER_MAX {
            assert!(node.has_room_for_reply(caller).unwrap(), "{key}");
            keep(key);
        }
        clock.advance(60);
        // The same key takes no other place.
        keep(0);
        let has_room = || [caller, other].map(|caller| node.has_room_for_reply(caller).unwrap());
        assert_eq!(has_room(), [false, true]);
        // Another process counts the same.
        *node.reply_counts.0.lock().unwrap() = None;
        assert_eq!(has_room(), [false, true]);
        clock.advance(KEPT_REPLY_SECONDS - 30);
        node.forget_replies().unwrap();
        assert_eq!(has_room(), [true, true]);
        assert_eq!(node.with_reply_counts(|counts| counts.values().sum::<usize>()).unwrap(), 1);
        assert!(
            node.kept_reply(caller, "0").unwrap().is_some()
                && node.kept_reply(caller, "1").unwrap().is_none()
        );
    }

    #[test]
    fn the_second_version_did_not_know_what_a_reply_concerns() {
        let request = Digest([2; 32]);
        let (media_type, body) = ("application/json".to_owned(), b"{}".to_vec());
        let second = SecondReply {
            request,
            status: 200,
            media_type: media_type.clone(),
            body: body.clone(),
            is_whole: true,
        };
        let read = KeptReply::read(codec::encode_secret(2, &second).expose()).unwrap();
        let expected =
            KeptReply { request, status: 200, media_type, body, is_whole: true, concern: Concern::Several };
        assert_eq!(read, expected);
        let leaf = LeafReference { index: 7, hash: Digest([9; 32]) };
        let third = KeptReply { concern: Concern::Leaf(leaf), ..expected };
        assert_eq!(KeptReply::read(codec::encode_secret(RECORD_VERSION, &third).expose()).unwrap(), third);
    }

    #[test]
    fn of_the_first_version_no_body_is_given_again() {
        let first = FirstReply {
            request: Digest([1; 32]),
            status: 201,
            media_type: "application/json".to_owned(),
            body: b"a withdrawal code".to_vec(),
        };
        let bytes = codec::encode_secret(1, &first);
        let read = KeptReply::read(bytes.expose()).unwrap();
        assert_eq!((read.request, read.status, read.is_whole), (first.request, 201, false));
        assert!(read.body.is_empty());
        let again = codec::encode_secret(RECORD_VERSION, &KeptReply { is_whole: true, ..read.clone() });
        assert!(KeptReply::read(again.expose()).unwrap().is_whole);
    }
}
