//! The tables of the roles. What concerns a person is encrypted under the node's data key before it gets here.

use serde::{Deserialize, Serialize};

use crate::clock::UnixTime;
use crate::model::leaf::{CheckpointReference, LeafReference};
use crate::model::member::MemberId;
use crate::roster::RosterDocument;
use crate::signing::Signed;
use crate::store::{Table, TableSpec};

/// Version of the roster that the log says was accepted last.
pub(super) const ROSTER_LOGGED: Table<(), u64> = Table::new("node_roster_logged", 1);
/// Every roster that was accepted, by version, as the operator signed it. The log says so as soon as it takes leaves.
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
/// Reporting batches whose evaluations are not kept yet: index of the leaf, transaction.
pub(super) const UNANSWERED_BATCHES: Table<u64, [u8; 16]> = Table::new("node_batch_unanswered", 1);
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

/// Disputes that were opened here, by transaction, each sealed under its own key.
pub(super) const OPENED_DISPUTES: Table<[u8; 16], Vec<u8>> = Table::new("node_dispute_opened", 1).sealed();
/// Disputes about what this lender reports, likewise.
pub(super) const RECEIVED_DISPUTES: Table<[u8; 16], Vec<u8>> =
    Table::new("node_dispute_received", 1).sealed();
/// Disputes that are open: at which end, transaction.
pub(super) const DISPUTES_OPEN: Table<(u8, [u8; 16]), OpenRow> = Table::new("node_dispute_open", 1);
/// What is disputed of what this lender reports: keyed hash of the record id, transaction.
pub(super) const DISPUTED: Table<([u8; 32], [u8; 16]), ()> = Table::new("node_disputed", 1).sealed();
/// Transaction of the dispute of a row in the own feed, by keyed hash of the row id.
pub(super) const DISPUTE_ROWS: Table<[u8; 32], [u8; 16]> = Table::new("node_dispute_row", 1).sealed();
/// Disputes whose rows are to be published, or withdrawn, with the next publication.
pub(super) const DISPUTE_ROWS_DUE: Table<[u8; 16], ()> = Table::new("node_dispute_row_due", 1);
/// Letters about disputes that wait: member, number in the order of sending.
pub(super) const DISPUTE_OUTBOX: Table<(String, u64), super::dispute::Outgoing> =
    Table::new("node_dispute_outbox", 1).sealed();
/// Number of the next letter.
pub(super) const DISPUTE_OUTBOX_NEXT: Table<(), u64> = Table::new("node_dispute_outbox_next", 1);
/// Open disputes of other members about what this lender reports: member, transaction.
pub(super) const DISPUTE_INBOX: Table<(String, [u8; 16]), InboxRow> = Table::new("node_dispute_inbox", 1);
/// How many disputes a member opened here: member, UTC day (days since 1970).
pub(super) const DISPUTE_INBOX_DAYS: Table<(String, u32), u64> = Table::new("node_dispute_inbox_day", 1);
/// Overdue disputes of which this operator was told: by whom, transaction.
pub(super) const ESCALATIONS: Table<(String, [u8; 16]), EscalationRow> =
    Table::new("node_dispute_escalated", 1);

/// An open dispute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct OpenRow {
    /// When it was opened.
    pub(super) opened: UnixTime,
    /// When it reached this lender; none where it was opened.
    pub(super) received: Option<UnixTime>,
    /// Whether the operator was told that it is overdue.
    pub(super) escalated: bool,
}

impl OpenRow {
    /// The end where it was opened.
    pub(super) const OPENER: u8 = 1;
    /// The end of the lender that reports.
    pub(super) const LENDER: u8 = 2;

    pub(super) fn new(opened: UnixTime, received: Option<UnixTime>) -> Self {
        Self { opened, received, escalated: false }
    }
}

/// An open dispute of another member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct InboxRow {
    /// Index of the consent leaf in that member's log.
    pub(super) consent: u64,
}

/// An overdue dispute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct EscalationRow {
    /// Where it was opened.
    pub(super) opener: MemberId,
    /// The reporting lender.
    pub(super) lender: MemberId,
    /// When it was opened.
    pub(super) opened: UnixTime,
}

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
/// How far the own feed went on a day (days since 1970, UTC): until those of that day and before may expire.
pub(super) const FEED_MARKS: Table<u32, u64> = Table::new("node_feed_mark", 1);
/// Day on which retention was last looked at to its end.
pub(super) const RETENTION_DONE: Table<(), u32> = Table::new("node_retention_done", 1);

/// Replies that are kept for callers who ask again, by keyed hash of caller and key: when, and the reply, encrypted.
pub(super) const REPLIES: Table<[u8; 32], (UnixTime, Vec<u8>)> = Table::new("node_reply", 1).sealed();
/// When they were kept, by number of the caller (zeros for the node's own socket) and the same hash.
pub(super) const REPLIES_BY_CALLER: Table<([u8; 8], [u8; 32]), UnixTime> =
    Table::new("node_reply_by_caller", 1).sealed();
/// Who did what: deed, its id; encrypted.
pub(super) const ATTRIBUTED: Table<(u8, [u8; 16]), Vec<u8>> = Table::new("node_attributed", 1).sealed();
/// The same by time: deed, seconds, id.
pub(super) const ATTRIBUTED_BY_TIME: Table<(u8, u64, [u8; 16]), ()> =
    Table::new("node_attributed_by_time", 1);
/// Lawful grounds and erasures that were proposed, by transaction: who proposed and approved, what came of it; encrypted.
pub(super) const PROPOSALS: Table<[u8; 16], Vec<u8>> = Table::new("node_proposal", 1).sealed();
/// The same by time: seconds, transaction.
pub(super) const PROPOSALS_BY_TIME: Table<(u64, [u8; 16]), ()> = Table::new("node_proposal_by_time", 1);
/// What is proposed, as long as it waits, each sealed under its own key.
pub(super) const PROPOSED: Table<[u8; 16], Vec<u8>> = Table::new("node_proposed", 1).sealed();
/// Consents by keyed hash of an identifier, and id: so that a core banking system's question finds the live one.
pub(super) const CONSENTS_BY_IDENTIFIER: Table<([u8; 32], [u8; 16]), ()> =
    Table::new("node_consent_identifier", 1).sealed();
/// There once consents from before that table stand in it.
pub(super) const CONSENTS_INDEXED: Table<(), ()> = Table::new("node_consents_indexed", 1);
/// When a month's count for market figures was first seen to be due, by the month's first day (days since 1970).
pub(super) const MARKET_DUE: Table<u32, UnixTime> = Table::new("node_market_due", 1);

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
    UNANSWERED_BATCHES.spec(),
    ERASED.spec(),
    ERASURES.spec(),
    PURGE_DUE.spec(),
    FETCHED.spec(),
    LOAD_DECISIONS.spec(),
    EPOCH_BEGUN.spec(),
    OPENED_DISPUTES.spec(),
    RECEIVED_DISPUTES.spec(),
    DISPUTES_OPEN.spec(),
    DISPUTED.spec(),
    DISPUTE_ROWS.spec(),
    DISPUTE_ROWS_DUE.spec(),
    DISPUTE_OUTBOX.spec(),
    DISPUTE_OUTBOX_NEXT.spec(),
    DISPUTE_INBOX.spec(),
    DISPUTE_INBOX_DAYS.spec(),
    ESCALATIONS.spec(),
    FEED_MARKS.spec(),
    RETENTION_DONE.spec(),
    RECOVERY.spec(),
    SET_ASIDE.spec(),
    RECOVERED.spec(),
    REPUBLISH_DUE.spec(),
    REPLIES.spec(),
    REPLIES_BY_CALLER.spec(),
    ATTRIBUTED.spec(),
    ATTRIBUTED_BY_TIME.spec(),
    MARKET_DUE.spec(),
    PROPOSALS.spec(),
    PROPOSALS_BY_TIME.spec(),
    PROPOSED.spec(),
    CONSENTS_BY_IDENTIFIER.spec(),
    CONSENTS_INDEXED.spec(),
];
