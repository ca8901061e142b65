//! Every bound of the program, with its unit in its name and its reason beside it.
//!
//! A bound that a network may tighten stands in its policy; what stands here is what no policy can loosen.

/// Largest peer frame. A full evaluation batch is 32 KiB of points, a full page of leaves or rows about 1 MiB.
pub const FRAME_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Smallest peer frame: a codec discriminant. An empty frame is a mistake or a probe.
pub const FRAME_BYTES_MIN: usize = 1;
/// Points in one evaluation or opening. 1,024 cost a core 52 to 85 ms, so a peer cannot hold it longer.
pub const POINTS_PER_BATCH_MAX: usize = 1024;
/// Rows in one feed page: about 1.2 MiB of ordinary rows, below the frame bound.
pub const FEED_PAGE_ROWS_MAX: usize = 512;
/// Bytes of rows in one feed page: a frame without what else is in it.
pub const FEED_PAGE_BYTES_MAX: usize = FRAME_BYTES_MAX - 64 * 1024;
/// Times that a feed which changes while a page of it is made is read again.
pub const FEED_PAGE_ATTEMPTS_MAX: usize = 8;
/// Members that are asked for a feed at one go when its lender is out of reach.
pub const FEED_CARRIERS_TRIED_MAX: usize = 8;
/// Seconds for which a carrier is not asked for a feed that it carried badly. Long enough that it costs nothing, short
/// enough that one whose disk was at fault is of use again.
pub const CARRIER_SUSPENDED_SECONDS: i64 = 3_600;
/// Seconds after which a carrier should have a state that another member has: both hear of it within a minute.
pub const CARRIER_LAG_SECONDS_MAX: i64 = 300;
/// Seconds that a carrier which broke off may take to come back before its rows are dropped for another's.
pub const CATCH_UP_PATIENCE_SECONDS: i64 = 60;
/// Bytes of a file of feeds: tens of millions of rows.
pub const FEED_FILE_BYTES_MAX: u64 = 64 * 1024 * 1024 * 1024;
/// Pages in a file of feeds.
pub const FEED_FILE_PAGES_MAX: u64 = 1_000_000;
/// Rotten rows of the own feed that are put right at a time; the next look finds the rest.
pub const ROTTEN_ROWS_MAX: usize = 10_000;
/// Rotten rows of the own feed for which copies are looked for at a time; the next look finds the rest.
pub const ROTTEN_COPIES_MAX: usize = 1_000;
/// Pages of one feed that a member is sent at one go: some 64 MiB, and then other feeds have their turn.
pub const CARRIED_PAGES_MAX: usize = 64;
/// Seconds for which a catching up goes on with whoever began it before the lender, and others, are asked again.
pub const CATCH_UP_SECONDS_MAX: i64 = 3_600;
/// Feed states in one comparison of what two members hold; the rest comes with the next one.
pub const HOLDINGS_STATES_MAX: usize = 256;
/// Bytes of one sealed row's ciphertext: the largest size class and the tag.
pub const ROW_CIPHERTEXT_BYTES_MAX: usize = 65_536 + 16;
/// Plaintext size classes of a sealed row. The first holds nearly all records, so that lengths tell nothing.
pub const ROW_SIZE_CLASSES_BYTES: [usize; 4] = [1_024, 4_096, 16_384, 65_536];
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
/// Key holders of one key. Shamir indices are one byte on the wire.
pub const HOLDERS_MAX: usize = 255;
/// Members in one roster.
pub const MEMBERS_MAX: usize = 1_000;
/// Facilities in one exposure record: what the largest size class holds with room to spare.
pub const FACILITIES_PER_RECORD_MAX: usize = 400;
/// Identifiers of one person.
pub const IDENTIFIERS_PER_PERSON_MAX: usize = 16;
/// Persons in one household inquiry.
pub const CONSENTS_PER_INQUIRY_MAX: usize = 8;
/// Bytes of one identifier as typed, before it is canonicalised.
pub const IDENTIFIER_BYTES_MAX: usize = 256;
/// Bytes of a roster with its policy.
pub const ROSTER_BYTES_MAX: usize = 1024 * 1024;
/// Bytes of one stored value: what the codec decodes again, and its version byte.
pub const STORED_VALUE_BYTES_MAX: usize = FRAME_BYTES_MAX + 1;
/// Bytes of the store's write-ahead log, which the next open replays: a second or two.
pub const STORE_WAL_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// MiB of the store's cache where nobody says otherwise: the filters of ten million rows and the hot blocks.
pub const STORE_CACHE_MIB_DEFAULT: u32 = 256;
/// Bytes of the disk that the store leaves free: what it has taken must still find room in table files, at the next
/// open too, and that is as much as the write-ahead log holds.
pub const STORE_RESERVE_BYTES: u64 = STORE_WAL_BYTES_MAX;
/// Bytes beyond the reserve that must be free before writing begins again, so that it does not end again at once.
pub const STORE_RESUME_BYTES: u64 = 64 * 1024 * 1024;
/// Bytes of a locked file of keys, or of a key file: all shares of a holder in a few epochs are a few KiB.
pub const KEY_FILE_BYTES_MAX: usize = 256 * 1024;
/// Bytes of an encrypted message that carries key shares to a holder.
pub const SHARE_MESSAGE_BYTES_MAX: usize = 64 * 1024;
/// scrypt work factor of a passphrase, N = 2^18: what the age tools use, about a second and 256 MiB.
pub const SCRYPT_LOG_N: u8 = 18;
/// Largest scrypt work factor that is unlocked: 2^22 takes 4 GiB, and the age tools go no further.
pub const SCRYPT_LOG_N_MAX: u8 = 22;
/// Connections that a node accepts at once, beyond which a newcomer is turned away.
pub const CONNECTIONS_MAX: usize = 1_024;
/// Connections that a node accepts at once from one member: no member takes all of [`CONNECTIONS_MAX`], from however many
/// addresses.
pub const CONNECTIONS_PER_MEMBER_MAX: usize = 256;
/// Bytes from which a frame counts as large: what a connection may have in memory without asking.
pub const LARGE_FRAME_BYTES: usize = 64 * 1024;
/// Bytes of large frames of one member in memory at once, over its connections: four of the largest. Others of it wait, for
/// as long as a frame may take.
pub const LARGE_FRAMES_BYTES_PER_MEMBER_MAX: usize = 4 * FRAME_BYTES_MAX;
/// Requests of one member that are worked on at once; others of it wait. An evaluation holds a core for up to 85 ms.
pub const REQUESTS_PER_MEMBER_MAX: usize = 8;
/// Refused evaluations of one member that are logged in a day, each with a write to the disk. Later ones are refused
/// alike.
pub const REFUSALS_LOGGED_PER_DAY_MAX: u64 = 1_000;
/// Seconds within which a TLS handshake and the hello must be done.
pub const HANDSHAKE_SECONDS_MAX: u64 = 10;
/// Seconds that a peer's reply may take.
pub const REPLY_SECONDS_MAX: u64 = 20;
/// Connections on which a member that listens nowhere stands by at each relay, unless a call is on its way to one.
pub const LINES_STANDING_BY: usize = 3;
/// Connections that may stand by at a relay for one member: its own, and those of a process that went before.
pub const LINES_PER_MEMBER_MAX: usize = 8;
/// Seconds that a member stands by before it says so again: routers forget connections that are silent for minutes.
pub const STAND_BY_SECONDS: u16 = 25;
/// Seconds that a relay waits for a member to stand by before it tells a caller that there is nobody: it may just have been
/// called by others.
pub const REACH_SECONDS_MAX: u64 = 4;
/// Calls through a relay at once by one member, and to one member: each takes the relay two connections.
pub const CALLS_PER_MEMBER_MAX: usize = 128;
/// Calls through a relay by one member to one other in a minute: each takes a connection on which the other stands by, which
/// it has to make again. Kept connections carry many requests.
pub const CALLS_PER_PAIR_AND_MINUTE_MAX: u32 = 30;
/// Calls through a relay at once by one member to one other: nobody takes all the calls that a member can get.
pub const CALLS_PER_PAIR_MAX: usize = 8;
/// Seconds after which an idle connection is probed.
pub const KEEPALIVE_SECONDS: u64 = 20;
/// Seconds of silence after which a connection is closed.
pub const IDLE_SECONDS_MAX: u64 = 90;
/// Rows of one lender that are read under one locator. An honest lender has one for each identifier of a client, and
/// one for each time it asked in a month; the rest is named as unread, and cannot crowd out other lenders' rows.
pub const ROWS_PER_LENDER_AND_LOCATOR_MAX: usize = 64;
/// Bytes of ciphertext that one inquiry opens, over all its persons: what is kept of it stays far below
/// [`STORED_VALUE_BYTES_MAX`], whatever anybody published.
pub const OPENING_BYTES_MAX: usize = 1024 * 1024;
/// Seconds by which a feed state may be ahead of the follower's clock. One from further ahead would look fresh for as
/// long, and hide every honest state after it.
pub const FEED_STATE_AHEAD_SECONDS_MAX: i64 = 3_600;
/// Seconds within which one key holder must have helped, catching up with the log included, before the next is asked.
pub const HOLDER_SECONDS_MAX: u64 = 30;
/// Times that one holder may correct where the log goes on. Once is usual, more than a few is a game.
pub const LOG_SIZE_CORRECTIONS_MAX: usize = 8;
/// Withdrawal codes in one page; a longer page is refused.
pub const WITHDRAWALS_PER_PAGE_MAX: usize = 1_000;
/// Rows of an import file kept as rejects; the count goes on, the text does not.
pub const REJECTS_KEPT_MAX: usize = 100_000;
/// Bytes of rejected rows kept of one load: enough for any clerk, and what one reading of them holds in memory.
pub const REJECTS_KEPT_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Rejected rows and notes that the outcome of a load lists itself.
pub const OUTCOME_LINES_MAX: usize = 20;
/// Rows that a dry run shows at most.
pub const DRY_RUN_ROWS_MAX: usize = 1_000;
/// Loans of a load that are written at once: one fsync for each page.
pub const LOAD_PAGE_LOANS: usize = 500;
/// Bytes of such a page before it is sealed: 500 ordinary loans are 125 KiB.
pub const LOAD_PAGE_BYTES_MAX: usize = 1024 * 1024;
/// Newest loads that can be undone, and whose rejected rows are kept.
pub const LOADS_UNDOABLE_MAX: u64 = 7;
/// Characters of a file's name.
pub const LOAD_NAME_CHARS_MAX: usize = 120;
/// Bytes of an import file.
pub const IMPORT_BYTES_MAX: u64 = 2 * 1024 * 1024 * 1024;
/// Bytes of an API request body other than an import.
pub const API_BODY_BYTES_MAX: usize = 1024 * 1024;
/// Bytes of one row of an import file. A CDF client with its address is about 1 KiB.
pub const IMPORT_ROW_BYTES_MAX: usize = 64 * 1024;
/// Lines that one quoted row of an import file may span, beyond which a quote is taken as unclosed.
pub const IMPORT_ROW_LINES_MAX: usize = 32;
/// Columns of an import file. Real exports have 20 to 200.
pub const IMPORT_COLUMNS_MAX: usize = 1_024;
/// Bytes of an import file that has to be held whole: JSON, and a workbook both packed and unpacked.
pub const IMPORT_WHOLE_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Branch names kept as figures of a load; more are counted with the rows only.
pub const IMPORT_BRANCHES_MAX: usize = 10_000;
/// Identifier schemes that a network may declare beside the built-in ones.
pub const DECLARED_SCHEMES_MAX: usize = 64;
/// Bytes of a declared scheme's pattern as written.
pub const SCHEME_PATTERN_BYTES_MAX: usize = 200;
/// Bytes of a declared scheme's compiled pattern: `{n}` repetitions in a short pattern can ask for far more.
pub const SCHEME_PATTERN_COMPILED_BYTES_MAX: usize = 64 * 1024;
/// Connections that a node accepts from one address (IPv4) or /64 (IPv6): a hub and the members behind it
/// share one, and a single stranger must not take all of [`CONNECTIONS_MAX`]. Two members behind one address that hold keys
/// and listen nowhere have some 100 at a relay: others' calls come over connections of theirs.
pub const CONNECTIONS_PER_ADDRESS_MAX: usize = 256;
/// Slowest frame that is waited for, once its first byte came or while it is written: a 2G link still does it.
pub const FRAME_BYTES_PER_SECOND_MIN: usize = 4 * 1024;
/// Seconds that open connections may go on after a stop was asked for.
pub const DRAIN_SECONDS_MAX: u64 = 10;
/// Seconds between two attempts to reach a peer, at most.
pub const REDIAL_SECONDS_MAX: u64 = 30;
/// Bytes of a certificate, request, key or chain in PEM. Ours are below 2 KiB.
pub const CERTIFICATE_PEM_BYTES_MAX: usize = 64 * 1024;
/// Bytes of a revocation list: some 40 bytes for each certificate ever revoked and not yet expired.
pub const REVOCATION_LIST_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Seconds by which a certificate begins before it is issued: the clock skew that peers forgive.
pub const CERTIFICATE_BACKDATE_SECONDS: i64 = 15 * 60;
/// Days that a node certificate may live. Renewal is one command and a bundle, so longer only helps a thief.
pub const CERTIFICATE_DAYS_MAX: u16 = 398;
/// Years that a network's authority may live.
pub const AUTHORITY_YEARS_MAX: u16 = 30;
/// Days that a revocation list may stand. An expired one stops everybody, an old one hides a revocation.
pub const REVOCATION_LIST_DAYS_MAX: u16 = 90;
/// Loans in one request: a file is the way for more.
pub const LOANS_PER_REQUEST_MAX: usize = 1_000;
/// Seconds without a byte after which an upload has broken off.
pub const UPLOAD_PAUSE_SECONDS_MAX: u64 = 60;
/// Seconds over which the speed of an upload is looked at.
pub const UPLOAD_WINDOW_SECONDS: u64 = 30;
/// Bytes that come at the least in one such time: 2 KiB a second, less than the slowest link of a telephone. Whoever
/// uploads keeps every other load waiting.
pub const UPLOAD_WINDOW_BYTES_MIN: usize = 64 * 1024;
/// Inquiries in the list of one day: more than one person can look through.
pub const INQUIRIES_LISTED_MAX: usize = 1_000;
/// Days for which a certificate of the web pages may be in force: what browsers accept (CA/Browser Forum, 2020).
pub const WEB_CERTIFICATE_DAYS_MAX: u16 = 398;
/// Connections of browsers and systems at once; later ones wait in the kernel's queue.
pub const WEB_CONNECTIONS_MAX: usize = 256;
/// Seconds for a TLS handshake of a browser on a slow link.
pub const WEB_HANDSHAKE_SECONDS_MAX: u64 = 15;
/// Seconds for which one connection of a browser may last: an upload of a large book on a slow link.
pub const WEB_CONNECTION_SECONDS_MAX: u64 = 3_600;
/// Passwords that are hashed at once: 19 MiB each, and a core of a small machine stays free.
pub const SIGN_INS_AT_ONCE_MAX: usize = 2;
/// Leaves that are not of the schema and are named one by one by an audit; the rest is counted.
pub const BAD_LEAVES_NAMED_MAX: usize = 100;
/// Seconds for which a reply is kept for a caller who asks again: a line is mended within a day.
pub const KEPT_REPLY_SECONDS: i64 = 86_400;
/// Bytes of a reply that is kept; larger ones are lists, which are asked for without a key.
pub const KEPT_REPLY_BYTES_MAX: usize = 512 * 1024;
/// Replies that are kept for one caller: more than a lender's busiest system asks in a day, a few KiB each as a rule.
pub const KEPT_REPLIES_PER_CALLER_MAX: usize = 10_000;
/// Bytes of an idempotency key: a random number in any spelling.
pub const IDEMPOTENCY_KEY_BYTES_MAX: usize = 128;
/// Users of one node: a large institution's branches.
pub const USERS_MAX: usize = 10_000;
/// Access tokens of one node, revoked and expired ones among them.
pub const ACCESS_TOKENS_MAX: usize = 1_000;
/// Days for which an access token may be given out: a year, so that whoever holds one is looked at once a year.
pub const ACCESS_TOKEN_DAYS_MAX: u16 = 366;
/// Bytes of the name of a user, a branch or an access token.
pub const USER_NAME_BYTES_MAX: usize = 64;
/// Characters of a password: guessing is slowed by the lock-out, not by length alone.
pub const PASSWORD_CHARACTERS_MIN: usize = 10;
/// Bytes of a password: a long sentence; hashing more would be work for nothing.
pub const PASSWORD_BYTES_MAX: usize = 256;
/// Interventions of others in an account that its user is shown: years of forgotten passwords.
pub const INTERVENTIONS_KEPT_MAX: usize = 16;
/// Failed attempts to sign in under one name before it is locked.
pub const SIGN_IN_FAILURES_MAX: u32 = 5;
/// Seconds of the first lock of a name; each further failure doubles it.
pub const SIGN_IN_LOCK_SECONDS: i64 = 60;
/// Seconds of the longest lock of a name: guessing is hopeless at that pace, and its owner gets in the same day.
pub const SIGN_IN_LOCK_SECONDS_MAX: i64 = 3_600;
/// Seconds after the last failed attempt when those before are forgotten.
pub const SIGN_IN_FORGET_SECONDS: i64 = 86_400;
/// Names that nobody has, of which failed attempts are kept: more than slips of the finger in a day, and a few MiB.
pub const SIGN_IN_STRANGE_NAMES_MAX: usize = 20_000;
/// Seconds without a request after which a session has ended: an officer who talks to a client is not signed out.
pub const SESSION_IDLE_SECONDS_MAX: i64 = 1_800;
/// Seconds after which a session ends whatever happens: a working day.
pub const SESSION_SECONDS_MAX: i64 = 12 * 3_600;
/// Seconds between two notes that a session is in use: a write for each request would be work for nothing.
pub const SESSION_SEEN_SECONDS: i64 = 60;
/// Connections to the local API at once; later ones wait in the kernel's queue.
pub const API_CONNECTIONS_MAX: usize = 64;
/// Seconds within which the head of an API request must be there, and after which an idle connection is closed.
pub const API_HEADER_SECONDS_MAX: u64 = 10;
/// Seconds within which the body of an API request must be there.
pub const API_BODY_SECONDS_MAX: u64 = 30;
/// Bytes of an API reply that a command reads: a page of the largest leaves, twice.
pub const API_REPLY_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Years that a new network's authority lives.
pub const AUTHORITY_YEARS: u16 = 10;
/// Days that a node certificate lives unless the operator says otherwise: two renewals by hand are missed safely.
pub const CERTIFICATE_DAYS: u16 = 90;
/// Days after which nobody follows a roster any more that the operator did not sign anew.
pub const ROSTER_DAYS: i64 = 365;
/// Bytes of a member's request: a certificate request, keys and addresses are below 4 KiB.
pub const MEMBER_REQUEST_BYTES_MAX: usize = 64 * 1024;
/// Bytes of a bundle: a roster in base64, a certificate, and three short messages for each epoch.
pub const BUNDLE_BYTES_MAX: usize = 2 * ROSTER_BYTES_MAX;
/// Addresses of one member.
pub const ADDRESSES_PER_MEMBER_MAX: usize = 8;
/// Characters of the name of a member that is shown to people.
pub const MEMBER_NAME_CHARS_MAX: usize = 80;
/// Bytes of a configuration file, of a passphrase file or of a policy.
pub const CONFIG_BYTES_MAX: usize = 256 * 1024;
/// MiB of the store's cache, at least: below it filters and indexes push each other out.
pub const CACHE_MIB_MIN: u32 = 8;
/// MiB of the store's cache, at most: 64 GiB.
pub const CACHE_MIB_MAX: u32 = 64 * 1024;
/// Connections to the listener of the log at once; later ones wait in the kernel's queue.
pub const LOG_CONNECTIONS_MAX: usize = 64;
/// Seconds that one connection to the listener of the log may last: hundreds of tiles on any link, and a stranger who
/// reads slowly makes room for the next.
pub const LOG_CONNECTION_SECONDS_MAX: u64 = 60;
/// Times that a feed which changes while it is exported is read again.
pub const FEED_EXPORT_ATTEMPTS_MAX: usize = 3;
/// Bytes of a consent receipt as a token: ours are about 2 KiB, a name of the longest kind makes them little longer.
pub const RECEIPT_BYTES_MAX: usize = 16 * 1024;
/// Bytes of a printed receipt as a file: two QR codes of at most 177 by 177 modules and a page of text.
pub const RECEIPT_PAGE_BYTES_MAX: usize = 4 * 1024 * 1024;
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
/// Persons who approve one thing.
pub const APPROVALS_MAX: usize = 8;
/// Characters of the name of a person who records, decides or approves.
pub const PERSON_NAME_CHARS_MAX: usize = 120;
/// Days after which a proposal that not enough persons have approved is over: a week's leave of the one who could.
pub const PROPOSAL_DAYS: i64 = 7;
/// Days for which what came of a proposal can be looked up, without what it was about: a month's reckoning.
pub const PROPOSAL_OUTCOME_DAYS: i64 = 30;
/// Proposals of one proposer in the days for which one waits: more than anybody can look into.
pub const PROPOSALS_PER_PROPOSER_MAX: usize = 500;
/// Proposals on one page of their list.
pub const PROPOSALS_PER_PAGE: usize = 100;
/// Proposals that one request looks through for those of a caller: more than wait anywhere at once, some 20 ms.
pub const PROPOSALS_READ_MAX: usize = 2_000;
/// Characters of a note beside a proposal, or of why it is refused: where the order is filed, and a sentence.
pub const PROPOSAL_NOTE_CHARS_MAX: usize = 500;
/// Kept records that are held in memory at once while all are looked through: each is up to 2 MiB, nearly all a few KiB.
pub const ERASURE_PAGE_RECORDS: usize = 64;
/// Users, access tokens or loads on one page of their lists.
pub const LISTED_PER_PAGE: usize = 200;
/// Requests that hold one of the runtime's 512 blocking threads while they wait: for another one, or for peers.
pub const API_WAITING_MAX: usize = 64;
/// What is read of a request's body after its reply is ready, so that whoever sends it hears the reply.
pub const UNREAD_BYTES_MAX: usize = 1024 * 1024;
/// How long that may take.
pub const UNREAD_SECONDS_MAX: u64 = 5;
/// Consents on one page of their list.
pub const CONSENTS_PER_PAGE: usize = 200;
/// Pages of kept consents that one request looks through for those of a branch: 10,000 consents, some 100 ms.
pub const CONSENT_PAGES_READ_MAX: usize = 50;
/// Characters of what a client or a lender says in a dispute: a page.
pub const DISPUTE_TEXT_CHARS_MAX: usize = 2_000;
/// Bytes of a sealed letter about a dispute: the padded letter and what age adds.
pub const LETTER_BYTES_MAX: usize = LETTER_PADDED_BYTES + 1024;
/// Bytes to which every letter between members is padded, so that its length tells nothing: a text of the longest kind,
/// escaped as JSON, with room to spare.
pub const LETTER_PADDED_BYTES: usize = 16 * 1024;
/// Disputes that a member may open in a day, by the clock of the lender that gets them: a busy bureau's month.
pub const DISPUTES_PER_MEMBER_AND_DAY_MAX: usize = 100;
/// Letters of one member that are opened in a day, refused ones too: each looks for its record in the whole book.
pub const LETTERS_OPENED_PER_MEMBER_AND_DAY_MAX: u32 = 400;
/// Unresolved disputes of one member that a lender holds; more wait at the member.
pub const DISPUTES_OPEN_PER_MEMBER_MAX: usize = 1_000;
/// Unresolved disputes under one consent: more than one for each lender of a client.
pub const DISPUTES_PER_CONSENT_MAX: usize = 16;
/// Overdue disputes of which the operator keeps word from one member.
pub const ESCALATIONS_PER_MEMBER_MAX: usize = 2_000;
/// Disputes in one list: the newest.
pub const DISPUTES_LISTED_MAX: usize = 2_000;
/// Letters that are sent to one member in one go.
pub const LETTERS_PER_ROUND_MAX: usize = 256;
/// Newest leaves of one log that are looked at for unusual patterns: some seconds, and a month of a large lender.
pub const PATTERN_LEAVES_MAX: u64 = 500_000;
/// Times the policy's allowance that a lender may ask for again after a recovery: a backup is a day or two old. Who lost
/// more waits, or the association raises the allowance.
pub const RECOVERED_ALLOWANCES_MAX: u64 = 4;
/// Connections to the listener of the Fineract dialect at once: a branch office's screens, and more.
pub const FINERACT_CONNECTIONS_MAX: usize = 64;
/// Milliseconds within which a report is answered, with what has arrived: its caller gives up after ten seconds.
pub const FINERACT_REPORT_MILLISECONDS_MAX: u64 = 8_000;
/// Seconds for which a handle leads to a report: its caller fetches it right after the search.
pub const FINERACT_HANDLE_SECONDS_MAX: i64 = 300;
/// Handles at once; the oldest goes.
pub const FINERACT_HANDLES_MAX: usize = 1_000;
/// Seconds for which an inquiry that was not answered in time can be searched for again.
pub const FINERACT_RESUME_SECONDS_MAX: i64 = 3_600;
/// Bytes of a form of the dialect.
pub const FINERACT_FORM_BYTES_MAX: usize = 16 * 1024;
/// Bytes of an uploaded file that are read before it is answered: a program that is still sending does not read.
pub const FINERACT_UPLOAD_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Bytes of the file of the dialect's credentials.
pub const FINERACT_CREDENTIALS_BYTES_MAX: usize = 16 * 1024;
/// Consents of one identifier that are looked at, for one that is live: years of a client.
pub const CONSENTS_PER_IDENTIFIER_MAX: usize = 1_000;
/// Seconds that a core banking system may take to begin its answer with a report: a large book, joined by a slow database.
pub const REPORT_BEGIN_SECONDS_MAX: u64 = 30 * 60;
/// Seconds between two pieces of a report.
pub const REPORT_PIECE_SECONDS_MAX: u64 = 120;
/// Bytes of the file that says where a report is.
pub const REPORT_SOURCE_BYTES_MAX: usize = 64 * 1024;
/// Parameters of a report.
pub const REPORT_PARAMETERS_MAX: usize = 32;
/// Numbers of lenders that market figures tell apart: 1, 2, 3, and 4 or more.
pub const MARKET_CLASSES: usize = 4;
/// Strong identifiers of one person in market figures; more are a group's, or a mistake's.
pub const MARKET_IDENTIFIERS_MAX: usize = 8;
/// What one person may add to a lender's counts, in sum of absolute values: herself, and two counts of lenders that know
/// less of her, taken back. The noise is made for it.
pub const MARKET_SHARE_MAX: u64 = 3;
/// Months of market figures that are shown: three years, for a trend.
pub const MARKET_MONTHS_MAX: usize = 36;
/// Market counts of one lender that are read, the newest: years of honest ones.
pub const MARKET_COUNTS_READ_MAX: usize = 512;
/// Seconds that a lender waits for others' data, once a month's count is due, before it counts without.
pub const MARKET_PATIENCE_SECONDS: i64 = 7 * 86_400;
/// Seconds after which an overdue dispute of which the operator was not told is a finding: a node that was off is on
/// again by then.
pub const AUDIT_ESCALATION_SECONDS: i64 = 2 * 86_400;
/// Seconds that one member may take to say how much of a log it has seen: a dial and a round trip on a slow link.
pub const ASKED_SECONDS_MAX: u64 = 8;
/// Seconds that a start waits for key holders beyond the witnesses that must answer, while nothing says that its store
/// is an older copy.
pub const SETTLE_PATIENCE_SECONDS: u64 = 10;
/// Numbers that a feed leaves out behind the highest that is known to be signed, once its store was an older copy: more
/// rows than a lender publishes while nobody that answers is in reach of it.
pub const FEED_GAP: u64 = 1_000_000;
/// Bytes of the manifest of a backup snapshot: a line for each of some dozens of tables.
pub const BACKUP_MANIFEST_BYTES_MAX: usize = 64 * 1024;
/// Files of a store in a backup snapshot: RocksDB's are 64 MiB each.
pub const BACKUP_FILES_MAX: usize = 5_000;
/// Bytes of one form of the console: a dispute in words of four bytes each, and everything beside it.
pub const CONSOLE_FORM_BYTES_MAX: usize = 64 * 1024;
/// Bytes of a photograph or file that proves a consent: what a telephone's camera makes, with room to spare.
pub const CONSOLE_EVIDENCE_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Applications that are in work at one node; the oldest gives way. A busy lender's afternoon.
pub const CONSOLE_APPLICATIONS_MAX: usize = 2_000;
/// Applications of one user that are in work; the oldest gives way.
pub const CONSOLE_APPLICATIONS_PER_USER_MAX: usize = 40;
/// Seconds after which an application that nobody has touched is forgotten, with what was typed into it: a working day.
pub const CONSOLE_APPLICATION_SECONDS: i64 = 8 * 3_600;
/// Seconds for which a one-time password can be given back: a slow text message and a walk to the telephone.
pub const CONSOLE_CODE_SECONDS: i64 = 900;
/// Loads begun in the console of which it keeps how they ended; the list of loads has them all.
pub const CONSOLE_UPLOADS_KEPT_MAX: usize = 32;
/// Rows that the console shows as understood when a file is only looked at.
pub const CONSOLE_DRY_RUN_ROWS: usize = 20;
/// Loads in the console's list: the newest, some two months of a daily load.
pub const CONSOLE_LOADS_LISTED: usize = 60;
/// Rejected rows on one page of the console.
pub const CONSOLE_REJECTS_PER_PAGE: usize = 50;
/// Leaves on one page of the console.
pub const CONSOLE_LEAVES_PER_PAGE: usize = 50;
/// Leaves that are read for one page of the console while few are what is looked for: some tenths of a second.
pub const CONSOLE_LEAVES_READ_MAX: usize = 50_000;
/// Newest leaves of each log that are gone through to follow an inquiry: some seconds, and months of a large lender.
pub const CONSOLE_FOLLOW_READ_MAX: u64 = 500_000;
/// Leaves of one story: an inquiry has some dozens.
pub const CONSOLE_FOLLOWED_LEAVES_MAX: usize = 1_000;
/// Bytes of one feed's rows in the evidence that the console gives out; what is more is written by the command line.
pub const CONSOLE_FEED_BYTES_MAX: usize = 128 * 1024 * 1024;
/// Tries at one one-time password of six digits: a guess is right once in 200,000.
pub const CONSOLE_CODE_TRIES_MAX: u8 = 5;
/// Bytes of a file of texts: every text of a language is some 100 kB.
pub const TEXT_FILE_BYTES_MAX: u64 = 1024 * 1024;
/// Files in a folder of texts, and in that of one language: there are some 200 languages with a written standard.
pub const TEXT_FILES_MAX: usize = 256;
/// Faults of a folder of texts that are named; whoever puts them right sees the others next.
pub const TEXT_FAULTS_SHOWN_MAX: usize = 40;
/// Bytes of a header `Accept-Language`: a browser sends fewer than 200.
pub const ACCEPT_LANGUAGE_BYTES_MAX: usize = 4096;
/// Ranges of a header `Accept-Language` that are looked at.
pub const ACCEPT_LANGUAGES_MAX: usize = 32;
/// Regions for which a language's figures are kept, some 100 kB each; the headers of strangers name them.
pub const LANGUAGE_VARIANTS_KEPT_MAX: usize = 64;
