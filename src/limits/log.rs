//! The consent log, its exports, the audit and what it reads.

use super::network::ROSTER_BYTES_MAX;

/// Bytes of one log leaf. C2SP tlog-tiles allows 65,535; ours are small JSON objects.
pub const LEAF_BYTES_MAX: usize = 8 * 1024;
/// Leaves in one update to a key holder. A longer backlog is sent in several updates.
pub const LEAVES_PER_UPDATE_MAX: usize = 1024;
/// Hashes in a consistency or inclusion proof: a tree of 2^63 leaves (C2SP tlog-witness).
pub const PROOF_HASHES_MAX: usize = 63;
/// Leaves in one log: what 63 proof hashes can climb, and what signed 64-bit readers of our checkpoints hold.
pub const LOG_SIZE_MAX: u64 = (1 << 63) - 1;
/// Signature lines in a note. C2SP asks for at least 16; more than this is an attack on the verifier.
pub const NOTE_SIGNATURES_MAX: usize = 64;
/// Bytes of a signed note.
pub const NOTE_BYTES_MAX: usize = 32 * 1024;
/// Times that one holder may correct where the log goes on. Once is usual, more than a few is a game.
pub const LOG_SIZE_CORRECTIONS_MAX: usize = 8;
/// Leaves that are not of the schema and are named one by one by an audit; the rest is counted.
pub const BAD_LEAVES_NAMED_MAX: usize = 100;
/// Connections to the listener of the log at once; later ones wait in the kernel's queue.
pub const LOG_CONNECTIONS_MAX: usize = 64;
/// Seconds that one connection to the listener of the log may last: hundreds of tiles on any link, and a stranger who
/// reads slowly makes room for the next.
pub const LOG_CONNECTION_SECONDS_MAX: u64 = 60;
/// Bytes of an export's manifest: a dozen short fields.
pub const MANIFEST_BYTES_MAX: usize = 16 * 1024;
/// Bytes of a signed roster as a file: base64 takes a third more.
pub const ROSTER_FILE_BYTES_MAX: usize = 2 * ROSTER_BYTES_MAX;
/// Bytes of an entry bundle: 256 of the largest leaves behind their lengths.
pub const ENTRY_BUNDLE_BYTES_MAX: usize = 256 * (2 + LEAF_BYTES_MAX);
/// Bytes of a signed feed state, of evidence of two, or of two checkpoints, as a file.
pub const EVIDENCE_BYTES_MAX: usize = 4 * NOTE_BYTES_MAX;
/// Bytes of one row's header in an export. Ours are below 1 KiB.
pub const ROW_LINE_BYTES_MAX: usize = 4 * 1024;
/// Rows whose proofs are checked at once: from 64 on twice as fast a row, and a bad one costs a second look at these.
pub const ROW_PROOFS_PER_BATCH: usize = 512;
/// Bytes of an auditor's sample: a hundred thousand drawn leaves.
pub const SAMPLE_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Seconds after which an opening that was helped with and has neither answer nor refusal is a finding. An inquiry that
/// a crash interrupted goes on when the officer asks again, at the latest the next day.
pub const AUDIT_UNANSWERED_SECONDS: i64 = 36 * 3_600;
/// Seconds for which a lender whose last reporting batch was not evaluated may be waiting for key holders, so that what
/// it has located is not all published yet.
pub const AUDIT_REPORTING_GRACE_SECONDS: i64 = 7 * 86_400;
/// Per cent of a lender's locators by which its reporting evaluations may be more: clients whose loans went before their
/// first publication.
pub const AUDIT_REPORTING_SLACK_PERCENT: u64 = 2;
/// Identifiers that a lender may have had evaluated and not reported before that is a finding: in a small book a single
/// number that is corrected before its first publication is more than the share above.
pub const AUDIT_REPORTING_SLACK_MIN: u64 = 5;
/// Seconds within which the locators of an evaluated reporting batch are published: one round of the publisher.
pub const AUDIT_PUBLISHING_SECONDS: i64 = 3_600;
/// Leaves of one sample: some megabytes of openings, and what one person looks at in a week.
pub const SAMPLE_LEAVES_MAX: u32 = 1_000;
/// Lines of a binding: the leaves of a sample, and the consent of each opening among them.
pub const BINDING_LEAVES_MAX: usize = 2 * SAMPLE_LEAVES_MAX as usize;
/// Bytes of one line of a binding: a full reporting batch and its evaluations by the five key holders of a large network
/// are below 1 MiB.
pub const BINDING_LINE_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Bytes of a binding: a sample of full reporting batches alone is larger, and is then drawn in parts.
pub const BINDING_BYTES_MAX: usize = 512 * 1024 * 1024;
/// Bytes of a table of forms or loans that an auditor brings.
pub const AUDITOR_TABLE_BYTES_MAX: usize = 256 * 1024 * 1024;
/// Seconds by which a clock that is kept right may step back between two leaves.
pub const AUDIT_CLOCK_STEP_SECONDS: i64 = 60;
/// Seconds that an export may take from the look at the log's end to the last file beside it.
pub const AUDIT_EXPORT_SECONDS_MAX: i64 = 3_600;
/// Newest leaves of one log that are looked at for unusual patterns: some seconds, and a month of a large lender.
pub const PATTERN_LEAVES_MAX: u64 = 500_000;
/// Times the policy's allowance that a lender may ask for again after a recovery: a backup is a day or two old. Who lost
/// more waits, or the association raises the allowance.
pub const RECOVERED_ALLOWANCES_MAX: u64 = 4;
/// Seconds after which an overdue dispute of which the operator was not told is a finding: a node that was off is on
/// again by then.
pub const AUDIT_ESCALATION_SECONDS: i64 = 2 * 86_400;
/// Seconds that a start waits for key holders beyond the witnesses that must answer, while nothing says that its store
/// is an older copy.
pub const SETTLE_PATIENCE_SECONDS: u64 = 10;
