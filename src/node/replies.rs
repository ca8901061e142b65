//! Replies that are kept for callers who ask twice: so that a caller whose line broke learns what became of a request,
//! and nothing is done a second time.
//!
//! What is kept is encrypted under the node's data key, opens for the same caller with the same key alone, and is gone
//! after a day. What is shown once, such as a withdrawal code, is not for keeping: see [`KeptReply::is_whole`].

use serde::{Deserialize, Serialize};

use super::Node;
use super::consent::ConsentError;
use super::tables::REPLIES;
use crate::clock::UnixTime;
use crate::digest::{Digest, UserId};
use crate::limits::KEPT_REPLY_SECONDS;
use crate::store::{Durability, StoreBatch, StoreError};
use crate::wire::codec::{self, CodecError};

/// Version of the encrypted reply. Of version 1 no body is given again: it may hold what is shown once.
const RECORD_VERSION: u8 = 2;

/// A reply of version 1.
#[derive(Serialize, Deserialize)]
struct FirstReply {
    request: Digest,
    status: u16,
    media_type: String,
    body: Vec<u8>,
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
}

impl std::fmt::Debug for KeptReply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeptReply").field("status", &self.status).finish_non_exhaustive()
    }
}

impl KeptReply {
    fn read(bytes: &[u8]) -> Result<Self, CodecError> {
        let what = "a kept reply";
        if let (1, _) = codec::split_version(bytes, what)? {
            let first: FirstReply = codec::decode_versioned(1, bytes, what)?;
            let FirstReply { request, status, media_type, .. } = first;
            return Ok(Self { request, status, media_type, body: Vec::new(), is_whole: false });
        }
        codec::decode_versioned(RECORD_VERSION, bytes, what)
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

#[cfg(test)]
mod tests {
    use super::*;

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
