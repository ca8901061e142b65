//! The tables of the roles. What concerns a person is encrypted under the node's data key before it gets here.

use serde::{Deserialize, Serialize};

use crate::model::leaf::{CheckpointReference, LeafReference};
use crate::roster::RosterDocument;
use crate::signing::Signed;
use crate::store::{Table, TableSpec};

/// Version of the roster that the log says was accepted last.
pub(super) const ROSTER_LOGGED: Table<(), u64> = Table::new("node_roster_logged", 1);
/// Every roster that the log says was accepted, by version, as the operator signed it.
pub(super) const ROSTERS: Table<u64, Signed<RosterDocument>> = Table::new("node_roster", 1);
/// Epoch, generation and index of shares whose installation is logged.
pub(super) const SHARES_LOGGED: Table<(u32, u32, u8), ()> = Table::new("node_shares_logged", 1);
/// Points counted against a quota: member, UTC day (days since 1970), kind.
pub(super) const QUOTAS: Table<(String, u32, u8), u64> = Table::new("node_quota", 1);
/// Points counted under a consent: member, index of the consent leaf.
pub(super) const CONSENT_POINTS: Table<(String, u64), u64> = Table::new("node_consent_points", 1);
/// What a holder served: member, hash of transaction and points, kind.
pub(super) const SERVED: Table<(String, [u8; 32], u8), Served> = Table::new("node_served", 1);
/// Consents by id, each sealed under its own key.
pub(super) const CONSENTS: Table<[u8; 16], Vec<u8>> = Table::new("node_consent", 2).sealed();
/// Inquiries by transaction, each sealed under its own key.
pub(super) const INQUIRIES: Table<[u8; 16], Vec<u8>> = Table::new("node_inquiry", 2).sealed();
/// The keys of consents, inquiries and batches, wrapped: kind of record, its id.
pub(super) const RECORD_KEYS: Table<(u8, [u8; 16]), Vec<u8>> = Table::new("node_record_key", 1).sealed();
/// An inquiry that was asked again under another transaction while it was unfinished: that one, and the first.
pub(super) const ASKED_AGAIN: Table<[u8; 16], [u8; 16]> = Table::new("node_inquiry_again", 1);
/// Transaction of the unfinished inquiry under a consent.
pub(super) const UNFINISHED: Table<[u8; 16], [u8; 16]> = Table::new("node_unfinished", 1);
/// Reporting batches by transaction: what binds their points to identifiers, each sealed under its own
/// key, for the audit.
pub(super) const BATCHES: Table<[u8; 16], Vec<u8>> = Table::new("node_batch", 2).sealed();
/// Leaves of the own log of which what explained them was destroyed: by index, the erasure.
pub(super) const ERASED: Table<u64, ErasedRow> = Table::new("node_erased", 1);
/// Who approved an erasure, by its transaction, encrypted.
pub(super) const ERASURES: Table<[u8; 16], Vec<u8>> = Table::new("node_erasure", 1).sealed();
/// There while destroyed keys may still lie in files.
pub(super) const PURGE_DUE: Table<(), ()> = Table::new("node_purge_due", 1);
/// Epoch of the keys under which every client was last marked to be published.
pub(super) const EPOCH_BEGUN: Table<(), u32> = Table::new("node_epoch_begun", 1);
/// How many withdrawals were fetched from each peer.
pub(super) const FETCHED: Table<String, u64> = Table::new("node_withdrawals_fetched", 1);
/// What was decided about loads, by number and order: what the leaves commit to, encrypted.
pub(super) const LOAD_DECISIONS: Table<(u64, u64), Vec<u8>> = Table::new("node_load_decision", 1).sealed();

/// There from the first leaf that came back to an older copy of this store until the node works again.
pub(super) const RECOVERY: Table<(), RecoveryRow> = Table::new("node_recovery", 1);
/// Leaves of an older copy that nobody had seen, to be written again, in order.
pub(super) const SET_ASIDE: Table<u64, Vec<u8>> = Table::new("node_set_aside", 1);
/// What came back the last time, as JSON.
pub(super) const RECOVERED: Table<(), Vec<u8>> = Table::new("node_recovered", 1);
/// Number of the next load when the own feed came back; there until one was taken in since.
pub(super) const REPUBLISH_DUE: Table<(), u64> = Table::new("node_republish_due", 1);

/// An older copy that is being brought up to what others have seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RecoveryRow {
    /// The log as far as copy and mirrors were equal.
    pub(super) had: CheckpointReference,
    /// Sequence number of the own feed in the copy.
    pub(super) had_feed: u64,
}

/// What a holder keeps of an evaluation, so that a retry gets the same shares and costs nothing twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Served {
    /// The asker's leaf.
    pub(super) leaf: LeafReference,
    /// Index of this holder's own leaf.
    pub(super) own_leaf: u64,
}

/// What destroyed what explained a leaf.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ErasedRow {
    /// The erasure leaf.
    pub(super) by: LeafReference,
    /// Points that cannot be explained any more; all of the leaf's when none.
    pub(super) points: Option<u32>,
}

/// The tables of this floor, for opening the store.
pub const TABLES: &[TableSpec] = &[
    ROSTER_LOGGED.spec(),
    ROSTERS.spec(),
    SHARES_LOGGED.spec(),
    QUOTAS.spec(),
    CONSENT_POINTS.spec(),
    SERVED.spec(),
    CONSENTS.spec(),
    INQUIRIES.spec(),
    RECORD_KEYS.spec(),
    UNFINISHED.spec(),
    ASKED_AGAIN.spec(),
    BATCHES.spec(),
    ERASED.spec(),
    ERASURES.spec(),
    PURGE_DUE.spec(),
    FETCHED.spec(),
    LOAD_DECISIONS.spec(),
    EPOCH_BEGUN.spec(),
    RECOVERY.spec(),
    SET_ASIDE.spec(),
    RECOVERED.spec(),
    REPUBLISH_DUE.spec(),
];
