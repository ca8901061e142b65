//! The public side of the network keys as a roster lists it: what evaluations are checked with, by the node that asked
//! and by the auditor.

use crate::roster::{Epoch, PublicKeys, Roster};
use crate::threshold::{HolderIndex, KeyContext, KeyName, Point};

/// The public keys of one network key in an epoch.
pub fn public_keys(epoch: &Epoch, key: KeyName) -> &PublicKeys {
    match key {
        KeyName::Locate => &epoch.locate,
        KeyName::Footprint => &epoch.footprint,
        KeyName::Open => &epoch.open,
    }
}

/// The context of a holder's share, which its proofs are bound to.
pub fn key_context(
    roster: &Roster,
    key: KeyName,
    epoch: u32,
    generation: u32,
    holder: HolderIndex,
) -> KeyContext {
    KeyContext { key, network: roster.network().to_string(), epoch, generation, holder }
}

/// A holder's public commitment to its share; none where the roster lists no such epoch or holder.
pub fn commitment(roster: &Roster, key: KeyName, epoch: u32, holder: HolderIndex) -> Option<Point> {
    let epoch = roster.epoch(epoch)?;
    let share = public_keys(epoch, key).shares.get(usize::from(holder.get()) - 1)?;
    Point::from_bytes(&share.0).ok()
}
