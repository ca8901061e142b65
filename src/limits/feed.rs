//! Feeds, the rows in them, and how they are caught up with.

use super::wire::FRAME_BYTES_MAX;

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
/// Facilities in one exposure record: what the largest size class holds with room to spare.
pub const FACILITIES_PER_RECORD_MAX: usize = 400;
/// Rows of one lender that are read under one locator. An honest lender has one for each identifier of a client, and
/// one for each time it asked in a month; the rest is named as unread, and cannot crowd out other lenders' rows.
pub const ROWS_PER_LENDER_AND_LOCATOR_MAX: usize = 64;
/// Bytes of ciphertext that one inquiry opens, over all its persons: what is kept of it stays far below
/// [`STORED_VALUE_BYTES_MAX`](super::STORED_VALUE_BYTES_MAX), whatever anybody published.
pub const OPENING_BYTES_MAX: usize = 1024 * 1024;
/// Seconds by which a feed state may be ahead of the follower's clock. One from further ahead would look fresh for as
/// long, and hide every honest state after it.
pub const FEED_STATE_AHEAD_SECONDS_MAX: i64 = 3_600;
/// Times that a feed which changes while it is exported is read again.
pub const FEED_EXPORT_ATTEMPTS_MAX: usize = 3;
/// Numbers that a feed leaves out behind the highest that is known to be signed, once its store was an older copy: more
/// rows than a lender publishes while nobody that answers is in reach of it.
pub const FEED_GAP: u64 = 1_000_000;
