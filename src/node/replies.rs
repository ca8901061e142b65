//! Replies that are kept for callers who ask twice: so that a caller whose line broke learns what became of a request,
//! and nothing is done a second time.
//!
//! A reply may hold what is shown once, such as a withdrawal code. It is encrypted under the node's data key, opens for
//! the same caller with the same key alone, and is gone after a day.

use serde::{Deserialize, Serialize};

use super::Node;
use super::consent::ConsentError;
use super::tables::REPLIES;
use crate::clock::UnixTime;
use crate::digest::{Digest, UserId};
use crate::limits::KEPT_REPLY_SECONDS;
use crate::store::{Durability, StoreBatch, StoreError};
use crate::wire::codec;

/// Version of the encrypted reply.
const RECORD_VERSION: u8 = 1;

/// A reply as it went out.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptReply {
    /// Hash of the request that it replied to.
    pub request: Digest,
    /// HTTP status.
    pub status: u16,
    /// Media type of the body.
    pub media_type: String,
    /// The body.
    pub body: Vec<u8>,
}

impl std::fmt::Debug for KeptReply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeptReply").field("status", &self.status).finish_non_exhaustive()
    }
}

impl Node {
    fn reply_key(&self, caller: Option<UserId>, key: &str) -> [u8; 32] {
        let caller = caller.map_or([0; 8], |user| user.0);
        self.at_rest.index(REPLIES.spec().name, &[&caller, key.as_bytes()].concat())
    }

    /// The reply that was kept for a caller under a key of the caller's choice; none where there is none any more.
    pub fn kept_reply(&self, caller: Option<UserId>, key: &str) -> Result<Option<KeptReply>, ConsentError> {
        let place = self.reply_key(caller, key);
        let Some((time, sealed)) = self.store.get(&REPLIES, &place)? else { return Ok(None) };
        if self.clock.now().seconds_since(time) > KEPT_REPLY_SECONDS {
            return Ok(None);
        }
        let plain = self.at_rest.open(REPLIES.spec().name, &place, &sealed)?;
        Ok(Some(codec::decode_versioned(RECORD_VERSION, plain.expose(), "a kept reply")?))
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
        let mut batch = StoreBatch::new();
        batch.put(&REPLIES, &place, &(self.clock.now(), sealed));
        Ok(self.store.commit(batch, Durability::Synced)?)
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
        self.store.commit(batch, Durability::Unsynced)
    }
}
