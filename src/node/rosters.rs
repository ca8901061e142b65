//! Which roster a node follows, and that it never goes back to an older one.

use std::sync::Arc;

use super::{Node, StartError, tables};
use crate::model::identifier::SchemeSet;
use crate::roster::Roster;
use crate::store::{Durability, Store, StoreBatch, StoreError};

impl Node {
    /// Follows a newer roster. False when it is not newer.
    pub fn follow_roster(&self, roster: Roster) -> Result<bool, StartError> {
        // One operator may run several networks under one key.
        if roster.network() != &self.network || roster.version() <= self.roster().version() {
            return Ok(false);
        }
        let schemes = SchemeSet::of_policy(&roster)?;
        // On disk before it is followed: a node that is cut off here, or whose disk is full, must not come back with an
        // older one than others have seen it follow.
        if self.log.is_held() {
            // While nothing is appended, whichever roster is followed when that ends is logged.
            let mut batch = StoreBatch::new();
            batch.put(&tables::ROSTERS, &roster.version(), roster.signed());
            self.store.commit(batch, Durability::Synced)?;
        } else {
            let (leaves, kept) = self.beginnings(&roster)?;
            self.log.append(Box::new(move |_, batch| {
                batch.append(kept);
                Ok(leaves)
            }))?;
        }
        self.schemes.store(Arc::new(schemes));
        self.roster.store(Arc::new(roster));
        Ok(true)
    }
}

/// The given roster, or the newest that the log has accepted where that is newer: the file of a roster may be an older
/// one, put back by somebody, or by a power cut that its renaming did not survive.
pub(super) fn newest_accepted(store: &Store, given: Roster) -> Result<Roster, StoreError> {
    let Some((version, signed)) = store.last(&tables::ROSTERS, &[])? else { return Ok(given) };
    if version <= given.version() {
        return Ok(given);
    }
    match Roster::verify(signed, given.operator_key()) {
        Ok(accepted) => {
            tracing::warn!(given = given.version(), accepted = version, "the roster's file is an older one");
            Ok(accepted)
        }
        // The operator has begun anew, under another key.
        Err(_) => Ok(given),
    }
}

/// Makes the scheme set of a roster's policy.
pub(super) trait OfPolicy: Sized {
    fn of_policy(roster: &Roster) -> Result<Self, StartError>;
}

impl OfPolicy for SchemeSet {
    fn of_policy(roster: &Roster) -> Result<Self, StartError> {
        let identifiers = &roster.policy().identifiers;
        let usable = |e: crate::model::identifier::SchemeError| StartError::Schemes(e.to_string());
        let set = Self::with_declared(identifiers.declared.iter().cloned()).map_err(usable)?;
        match &identifiers.phone_country {
            Some(country) => set.with_phone_country(country).map_err(usable),
            None => Ok(set),
        }
    }
}
