//! What a node can say about its own health, and how a peer answers just now.

use std::time::Duration;

use super::{Node, PeerError};
use crate::clock::UnixTime;
use crate::model::member::MemberId;
use crate::wire::message::{Reply, Request};

/// Where this node stands as a key holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HolderDuty {
    /// The operator has dealt no keys yet.
    NoKeys,
    /// Other members hold the shares.
    None,
    /// It holds the shares of the newest epoch.
    Held {
        /// The epoch.
        epoch: u32,
    },
    /// The roster lists it as a holder of the newest epoch, and it has no shares.
    Missing {
        /// The epoch.
        epoch: u32,
    },
}

impl Node {
    /// Where this node stands as a key holder.
    pub fn holder_duty(&self) -> HolderDuty {
        let roster = self.roster();
        let Some(newest) = roster.current_epoch() else { return HolderDuty::NoKeys };
        let Some(index) = newest.index_of(&self.me) else { return HolderDuty::None };
        let epoch = newest.epoch;
        if self.shares.installed().contains(&(epoch, newest.generation, index)) {
            HolderDuty::Held { epoch }
        } else {
            HolderDuty::Missing { epoch }
        }
    }

    /// Asks a peer for its roster, and gives the time it took and the version that it follows.
    pub async fn probe(&self, member: &MemberId) -> Result<(Duration, u64), PeerError> {
        let begun = self.clock.elapsed();
        let misbehaved = |what: &str| PeerError::Misbehaved { member: member.clone(), what: what.to_owned() };
        match self.peers.call(member, Request::Roster).await? {
            Reply::Roster(signed) => {
                self.heard_from(member);
                let took = self.clock.elapsed().saturating_sub(begun);
                // The connection has authenticated the peer; whether this roster is followed is settled elsewhere.
                let document =
                    <crate::roster::RosterDocument as crate::signing::SignedObject>::parse(signed.bytes());
                let document = document.map_err(|_| misbehaved("its roster is not of the known form"))?;
                Ok((took, document.version))
            }
            Reply::Unavailable { why } => Err(PeerError::Unreachable { member: member.clone(), why }),
            _ => Err(misbehaved("not a roster")),
        }
    }

    /// When a member was last heard from.
    pub fn last_contact(&self, member: &MemberId) -> Option<UnixTime> {
        self.contacts.last(member)
    }
}
