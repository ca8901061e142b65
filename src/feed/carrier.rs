//! Who carried a feed badly: which carrier, which way, since when. A carrier does not sign what it carries, so this is
//! what this node saw, and no evidence for others.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::tables::FAULTS;
use super::{FeedError, Feeds};
use crate::clock::UnixTime;
use crate::limits::CARRIER_SUSPENDED_SECONDS;
use crate::model::member::MemberId;
use crate::store::{Durability, StoreBatch, StoreError, TableKey};

/// What a carrier did to a lender's feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// A page that no feed has: too many rows, too long ones, or rows beyond the state shown with them.
    Malformed,
    /// A state that the lender did not sign.
    Forged,
    /// Rows were missing.
    LeftOut,
    /// Rows whose sequence numbers do not grow.
    Reordered,
    /// Rows that were superseded, or sent before.
    Replayed,
    /// As many rows as were signed, or more, and not the same: altered, or older versions left standing.
    Altered,
    /// An old state, long after another member had a newer one.
    HeldBack,
}

impl Way {
    /// The way in which a page that was refused is bad; none where the carrier is not at fault.
    pub fn of(error: &FeedError) -> Option<Self> {
        match error {
            FeedError::Malformed(_) => Some(Self::Malformed),
            FeedError::NotTheLenders(_) => Some(Self::Forged),
            FeedError::Reordered(_) => Some(Self::Reordered),
            FeedError::Replayed(_) => Some(Self::Replayed),
            FeedError::Differs { held, signed, .. } if held < signed => Some(Self::LeftOut),
            FeedError::Differs { .. } => Some(Self::Altered),
            FeedError::Store(_)
            | FeedError::OldState(_)
            | FeedError::Future { .. }
            | FeedError::Rotten(_)
            | FeedError::WentBack { .. }
            | FeedError::TwoStates { .. } => None,
        }
    }

    /// Whether it could look the same if the rows held before were not what the lender signed.
    pub fn rests_on_rows_held(self) -> bool {
        matches!(self, Self::LeftOut | Self::Altered | Self::Replayed)
    }

    /// In words, after "as a carrier of the feed of lender-a:".
    pub fn words(self) -> &'static str {
        match self {
            Self::Malformed => "sent pages out of bounds",
            Self::Forged => "showed a state that the lender did not sign",
            Self::LeftOut => "left rows out",
            Self::Reordered => "sent rows out of order",
            Self::Replayed => "sent superseded rows again",
            Self::Altered => "sent other rows than were signed",
            Self::HeldBack => "held back a newer state",
        }
    }

    fn number(self) -> u8 {
        match self {
            Self::Malformed => 0,
            Self::Forged => 1,
            Self::LeftOut => 2,
            Self::Reordered => 3,
            Self::Replayed => 4,
            Self::Altered => 5,
            Self::HeldBack => 6,
        }
    }
}

/// What a carrier was found to do, and how often.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CarrierFault {
    /// Whose feed.
    pub lender: MemberId,
    /// Who carried it.
    pub carrier: MemberId,
    /// What it did.
    pub way: Way,
    /// Seen first.
    pub first: UnixTime,
    /// Seen last.
    pub last: UnixTime,
    /// How often.
    pub times: u32,
    /// Sequence number of the covered rows that were held when it was seen last.
    pub held: u64,
}

impl CarrierFault {
    /// Whether the carrier is not asked for this feed because of it.
    pub fn suspends(&self, now: UnixTime) -> bool {
        now.seconds_since(self.last) < CARRIER_SUSPENDED_SECONDS
    }
}

impl Feeds {
    /// Notes what a carrier did. Gives the note as it stands now.
    pub fn note_carrier(
        &self,
        lender: &MemberId,
        carrier: &MemberId,
        way: Way,
        now: UnixTime,
    ) -> Result<CarrierFault, StoreError> {
        let key = (lender.to_string(), carrier.to_string(), way.number());
        let before = self.store.get(&FAULTS, &key)?;
        let fault = CarrierFault {
            lender: lender.clone(),
            carrier: carrier.clone(),
            way,
            first: before.as_ref().map_or(now, |fault| fault.first),
            last: now,
            times: before.map_or(1, |fault| fault.times.saturating_add(1)),
            held: self.head(lender)?.sequence,
        };
        let mut batch = StoreBatch::new();
        batch.put(&FAULTS, &key, &fault);
        self.store.commit(batch, Durability::Synced)?;
        Ok(fault)
    }

    /// What carriers were found to do to a lender's feed, by carrier and way.
    pub fn carrier_faults(&self, lender: &MemberId) -> Result<Vec<CarrierFault>, StoreError> {
        let prefix = lender.to_string().to_bytes();
        let faults = self.store.scan_prefix(&FAULTS, &prefix, None, usize::MAX)?;
        Ok(faults.into_iter().map(|(_, fault)| fault).collect())
    }

    /// Forgets what carriers were found to do on top of rows that were held, for those rows were at fault.
    pub fn clear_carriers(&self, lender: &MemberId) -> Result<(), StoreError> {
        let mut batch = StoreBatch::new();
        for fault in self.carrier_faults(lender)?.into_iter().filter(|fault| fault.way.rests_on_rows_held()) {
            let key = (fault.lender.to_string(), fault.carrier.to_string(), fault.way.number());
            batch.delete(&FAULTS, &key);
        }
        self.store.commit(batch, Durability::Synced)
    }
}
