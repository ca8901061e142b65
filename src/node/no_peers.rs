//! A node by itself: for what needs no peer, while no node runs.

use super::{PeerError, Peers, ReplyFuture};
use crate::model::member::MemberId;
use crate::wire::message::Request;

/// Nobody can be reached. A node with these peers imports, shows and verifies; it asks and publishes nothing that
/// takes another member's help.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoPeers;

impl Peers for NoPeers {
    fn call<'a>(&'a self, member: &'a MemberId, _request: Request) -> ReplyFuture<'a> {
        let why = "this command works on the store alone, without connections".to_owned();
        Box::pin(std::future::ready(Err(PeerError::Unreachable { member: member.clone(), why })))
    }

    fn is_nobody(&self) -> bool {
        true
    }
}
