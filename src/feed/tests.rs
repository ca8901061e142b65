//! A lender's feed and a follower's copy of it, in memory.

use super::*;
use crate::clock::UnixTime;
use crate::limits::{
    FEED_PAGE_ROWS_MAX, FEED_STATE_AHEAD_SECONDS_MAX, ROW_CIPHERTEXT_BYTES_MAX,
    ROWS_PER_LENDER_AND_LOCATOR_MAX,
};
use crate::model::member::NetworkId;
use crate::secret::{SecretBytes, SeededEntropy, random_array};
use crate::signing::SigningKey;
use crate::store::{Durability, StoreBatch};
use crate::threshold::{RowContext, SecretKey, seal};

const NOW: UnixTime = UnixTime(1_795_305_600);

struct Lender {
    store: Store,
    own: OwnFeed,
    feeds: Feeds,
    id: MemberId,
    network: NetworkId,
    key: crate::signing::VerifyKey,
    entropy: SeededEntropy,
}

impl Lender {
    fn new(name: &str) -> Self {
        let entropy = SeededEntropy::new(name.bytes().map(u64::from).sum());
        let store = Store::memory(TABLES).unwrap();
        let (id, network): (MemberId, NetworkId) = (name.parse().unwrap(), "net".parse().unwrap());
        let key = SigningKey::from_seed(SecretBytes::new([7; 32]));
        let verify = key.verify_key();
        let own = OwnFeed::open(store.clone(), network.clone(), id.clone(), key).unwrap();
        Self { feeds: Feeds::new(store.clone()), store, own, id, network, key: verify, entropy }
    }

    fn row(&self, locator: u8, row_id: [u8; 16], version: u64) -> NewRow {
        let locator = Locator([locator; 32]);
        let context = RowContext {
            network: "net",
            epoch: 1,
            lender: self.id.as_str(),
            locator: &locator,
            row_id: &row_id,
            version,
        };
        let public = SecretKey::random(&self.entropy).public_key();
        let sealed = seal(&public, &context, b"nothing", &self.entropy).unwrap();
        NewRow { epoch: 1, locator, row_id, version, sealed }
    }

    fn publish(&self, rows: Vec<NewRow>, now: UnixTime) {
        let mut batch = StoreBatch::new();
        self.own.publish(rows, None, now, &mut batch).unwrap();
        self.store.commit(batch, Durability::Synced).unwrap();
    }

    /// Gives `follower` what it lacks.
    fn give(&self, follower: &Feeds, now: UnixTime) -> Result<Followed, FeedError> {
        let after = follower.head(&self.id).unwrap().sequence;
        let rows = self.feeds.rows_after(&self.id, after, 500).unwrap();
        self.carry(follower, &self.id, &rows, true, now)
    }

    fn carry(
        &self,
        follower: &Feeds,
        carrier: &MemberId,
        rows: &[FeedRow],
        last: bool,
        now: UnixTime,
    ) -> Result<Followed, FeedError> {
        let state = self.feeds.head(&self.id).unwrap().signed.unwrap();
        let after = Some(follower.head(&self.id).unwrap().sequence);
        self.carry_behind(follower, carrier, after, rows, (&state, last), now)
    }

    /// A page that was asked for behind `after`.
    fn carry_behind(
        &self,
        follower: &Feeds,
        carrier: &MemberId,
        after: Option<u64>,
        rows: &[FeedRow],
        (state, last): (&crate::signing::Signed<FeedState>, bool),
        now: UnixTime,
    ) -> Result<Followed, FeedError> {
        let page = Page { lender: &self.id, key: &self.key, carrier, after, rows, state, last };
        follower.take(&self.network, &page, now)
    }
}

fn follower() -> Feeds {
    Feeds::new(Store::memory(TABLES).unwrap())
}

#[test]
fn two_publications_of_one_batch_are_both_signed_and_a_lost_batch_leaves_no_trace() {
    let lender = Lender::new("lender-a");
    lender.publish(vec![lender.row(1, [1; 16], 1)], NOW);
    // The log dropped this batch: another append of the group failed.
    let mut lost = StoreBatch::new();
    lender.own.publish(vec![lender.row(1, [2; 16], 1)], None, NOW, &mut lost).unwrap();
    drop(lost);
    let mut shared = StoreBatch::new();
    lender.own.publish(vec![lender.row(2, [3; 16], 1)], None, NOW, &mut shared).unwrap();
    lender.own.publish(vec![lender.row(3, [4; 16], 1)], None, NOW, &mut shared).unwrap();
    lender.store.commit(shared, Durability::Synced).unwrap();
    let head = lender.feeds.head(&lender.id).unwrap();
    assert_eq!((head.rows, head.sequence), (3, 3));
    assert!(lender.feeds.verify(&lender.id).unwrap(), "the state is not that of the rows on disk");
    let copy = follower();
    assert!(lender.give(&copy, NOW).unwrap().covered);
}

/// More rows than a page holds, each under its own locator.
fn many(lender: &Lender, from: usize, count: usize) -> Vec<NewRow> {
    let row_id = |number: usize| {
        let mut row_id = [0; 16];
        row_id[..8].copy_from_slice(&(number as u64).to_be_bytes());
        row_id
    };
    (from..from + count).map(|number| lender.row(2, row_id(number), 1)).collect()
}

#[test]
fn rows_on_their_way_lie_aside_and_what_is_covered_stays_in_answers() {
    let (lender, copy) = (Lender::new("lender-a"), follower());
    let carrier: MemberId = "hub".parse().unwrap();
    lender.publish(vec![lender.row(1, [1; 16], 1)], NOW);
    lender.give(&copy, NOW).unwrap();
    let before = copy.under(&Locator([1; 32])).unwrap();
    // A newer version of that row, and more than a page behind it.
    lender.publish(vec![lender.row(1, [1; 16], 2)], NOW);
    lender.publish(many(&lender, 0, FEED_PAGE_ROWS_MAX + 8), NOW);
    let page = lender.feeds.rows_after(&lender.id, 1, FEED_PAGE_ROWS_MAX).unwrap();
    assert!(!lender.carry(&copy, &carrier, &page, false, NOW).unwrap().covered);
    let under = copy.under(&Locator([1; 32])).unwrap();
    assert_eq!((under.rows, under.left_out), (before.rows, Vec::new()));
    let head = copy.head(&lender.id).unwrap();
    assert_eq!((head.covered, head.sequence), (1, 1));
    // The end of it.
    let rest = lender.feeds.rows_after(&lender.id, page.last().unwrap().sequence, 500).unwrap();
    assert!(lender.carry(&copy, &carrier, &rest, true, NOW).unwrap().covered);
    assert_eq!(copy.under(&Locator([1; 32])).unwrap().rows[0].1.version, 2);
    assert_eq!(copy.head(&lender.id).unwrap().rows, FEED_PAGE_ROWS_MAX as u64 + 9);
    assert!(copy.verify(&lender.id).unwrap() && copy.catching_up(&lender.id).unwrap().is_none());
}

#[test]
fn a_move_into_the_feed_that_a_crash_cut_off_goes_on() {
    let lender = Lender::new("lender-a");
    let carrier: MemberId = "hub".parse().unwrap();
    lender.publish(many(&lender, 0, FEED_PAGE_ROWS_MAX + 8), NOW);
    let page = lender.feeds.rows_after(&lender.id, 0, FEED_PAGE_ROWS_MAX).unwrap();
    let rest = lender.feeds.rows_after(&lender.id, page.last().unwrap().sequence, 500).unwrap();
    // The last page's own write, two of rows, the end.
    for write in 1..=4 {
        for persisted in [false, true] {
            let backend = std::sync::Arc::new(Store::memory_backend(TABLES).unwrap());
            let copy = Feeds::new(Store::with_backend(backend.clone(), TABLES).unwrap());
            lender.carry(&copy, &carrier, &page, false, NOW).unwrap();
            backend.fail(crate::store::FaultPlan { write, persisted, disk_full: false });
            assert!(lender.carry(&copy, &carrier, &rest, true, NOW).is_err());
            let head = copy.head(&lender.id).unwrap();
            assert!(head.covered == 0 || persisted && write == 4, "looks covered in the middle of the move");
            let again = std::sync::Arc::new(backend.reopen(TABLES, crate::store::Reopen::Killed));
            let copy = Feeds::new(Store::with_backend(again, TABLES).unwrap());
            let end = copy.catching_up(&lender.id).unwrap();
            let after = end.map_or(copy.head(&lender.id).unwrap().sequence, |end| end.sequence);
            let rows = lender.feeds.rows_after(&lender.id, after, 500).unwrap();
            lender.carry(&copy, &carrier, &rows, true, NOW).unwrap();
            assert!(copy.verify(&lender.id).unwrap(), "write {write}, {persisted}");
            assert_eq!(copy.head(&lender.id).unwrap().rows, FEED_PAGE_ROWS_MAX as u64 + 8);
        }
    }
}

#[test]
fn what_one_carrier_left_aside_is_not_mixed_with_anothers() {
    let (lender, copy) = (Lender::new("lender-a"), follower());
    let (bad, good): (MemberId, MemberId) = ("hub-a".parse().unwrap(), "hub-b".parse().unwrap());
    lender.publish(many(&lender, 0, FEED_PAGE_ROWS_MAX + 8), NOW);
    let page = lender.feeds.rows_after(&lender.id, 0, FEED_PAGE_ROWS_MAX).unwrap();
    let mut altered = page.clone();
    altered[7].sealed.ciphertext[0] ^= 1;
    lender.carry(&copy, &bad, &altered, false, NOW).unwrap();
    lender.carry(&copy, &good, &page, false, NOW).unwrap();
    let rest = lender.feeds.rows_after(&lender.id, page.last().unwrap().sequence, 500).unwrap();
    assert!(lender.carry(&copy, &good, &rest, true, NOW).unwrap().covered);
    assert!(copy.verify(&lender.id).unwrap());
}

#[test]
fn pages_that_no_feed_has_are_refused() {
    let (lender, copy) = (Lender::new("lender-a"), follower());
    lender.publish(vec![lender.row(1, [1; 16], 1), lender.row(2, [2; 16], 1)], NOW);
    let rows = lender.feeds.rows_after(&lender.id, 0, 500).unwrap();
    let carry = |rows: &[FeedRow], last| lender.carry(&copy, &lender.id, rows, last, NOW).unwrap_err();
    // A page that is neither full nor the last: following it could take for ever.
    assert!(!is_full_page(&rows) && is_full_page(&vec![rows[0].clone(); FEED_PAGE_ROWS_MAX]));
    let mut large = rows[0].clone();
    large.sealed.ciphertext = vec![0; ROW_CIPHERTEXT_BYTES_MAX];
    assert!(is_full_page(&vec![large.clone(); 31]) && !is_full_page(&vec![large; 28]));
    assert!(matches!(carry(&[], false), FeedError::Malformed(_)));
    let mut beyond = rows.clone();
    beyond[1].sequence = 3;
    assert!(matches!(carry(&beyond, true), FeedError::Malformed(_)));
    let turned = [rows[1].clone(), rows[0].clone()];
    assert!(matches!(carry(&turned, true), FeedError::Reordered(_)));
    let error = carry(&rows[..1], true);
    assert!(matches!(error, FeedError::Differs { held: 1, signed: 2, .. }));
    assert_eq!(Way::of(&error), Some(Way::LeftOut));
    assert_eq!(copy.head(&lender.id).unwrap(), FeedHead::default());
    lender.carry(&copy, &lender.id, &rows, true, NOW).unwrap();
    assert!(matches!(carry(&rows, true), FeedError::Replayed(_)));
}

/// The lender brings its rows while a page of them is on its way from another member.
#[test]
fn a_page_that_was_overtaken_is_left_and_nobody_is_at_fault() {
    let (lender, copy) = (Lender::new("lender-a"), follower());
    let other = "other".parse().unwrap();
    lender.publish(vec![lender.row(1, [1; 16], 1), lender.row(1, [2; 16], 1)], NOW);
    let (asked, rows) = (0, lender.feeds.rows_after(&lender.id, 0, 500).unwrap());
    let state = lender.feeds.head(&lender.id).unwrap().signed.unwrap();
    lender.give(&copy, NOW).unwrap();
    let held = copy.head(&lender.id).unwrap();
    for after in [Some(asked), None] {
        let taken = lender.carry_behind(&copy, &other, after, &rows, (&state, true), NOW).unwrap();
        assert_eq!(taken, Followed { rows: 0, covered: false });
        assert_eq!(copy.head(&lender.id).unwrap(), held);
    }
    // Whoever was asked for what follows the first row, and sends it all the same, replays.
    let replayed = lender.carry_behind(&copy, &other, Some(1), &rows, (&state, true), NOW).unwrap_err();
    assert_eq!(Way::of(&replayed), Some(Way::Replayed));
}

#[test]
fn one_lender_cannot_crowd_out_anothers_rows() {
    let (crowd, honest, copy) = (Lender::new("lender-a"), Lender::new("lender-b"), follower());
    let many = ROWS_PER_LENDER_AND_LOCATOR_MAX + LOCATOR_PAGE_ROWS;
    for chunk in (0..many).collect::<Vec<_>>().chunks(200) {
        let rows = chunk.iter().map(|_| crowd.row(1, random_array(&crowd.entropy), 1)).collect();
        crowd.publish(rows, NOW);
        crowd.give(&copy, NOW).unwrap();
    }
    honest.publish(vec![honest.row(1, [9; 16], 1)], NOW);
    honest.give(&copy, NOW).unwrap();
    let under = copy.under(&Locator([1; 32])).unwrap();
    let of = |id: &MemberId| under.rows.iter().filter(|(lender, _)| lender == id).count();
    assert_eq!((of(&crowd.id), of(&honest.id)), (ROWS_PER_LENDER_AND_LOCATOR_MAX, 1));
    assert_eq!(under.left_out, [(crowd.id.clone(), LeftOut::TooMany)]);
}

#[test]
fn a_state_from_the_future_is_refused_and_does_not_block_honest_ones() {
    let (lender, copy) = (Lender::new("lender-a"), follower());
    lender.publish(vec![lender.row(1, [1; 16], 1)], NOW.plus_seconds(FEED_STATE_AHEAD_SECONDS_MAX + 1));
    assert!(matches!(lender.give(&copy, NOW), Err(FeedError::Future { ahead_seconds: 3_601, .. })));
    assert!(copy.state(&lender.id).unwrap().is_none());
    lender.publish(Vec::new(), NOW);
    assert!(lender.give(&copy, NOW).unwrap().covered);
}

#[test]
fn a_lender_that_goes_back_is_found_out_at_once_and_its_feed_fetched_anew() {
    let (lender, copy) = (Lender::new("lender-a"), follower());
    lender.publish(vec![lender.row(1, [1; 16], 1), lender.row(2, [2; 16], 1)], NOW);
    lender.give(&copy, NOW).unwrap();
    // An old copy of its store, which has one row and signs anew.
    let restored = Lender::new("lender-a");
    restored.publish(vec![restored.row(1, [1; 16], 1)], NOW.plus_seconds(60));
    let later = NOW.plus_seconds(61);
    assert!(matches!(restored.give(&copy, later), Err(FeedError::WentBack { sequence: 1, .. })));
    copy.note_difference(&lender.id, later).unwrap();
    assert_eq!(copy.head(&lender.id).unwrap().differs_since, Some(later));
    copy.forget(&lender.id).unwrap();
    let head = copy.head(&lender.id).unwrap();
    assert!(head.state.is_none() && head.differs_since.is_some());
    assert!(restored.give(&copy, later).unwrap().covered);
    assert_eq!(copy.head(&lender.id).unwrap().differs_since, None);
    assert!(copy.verify(&lender.id).unwrap());
}

#[test]
fn nothing_looks_covered_while_a_feed_is_forgotten() {
    let lender = Lender::new("lender-a");
    lender.publish((1..=3).map(|i| lender.row(i, [i; 16], 1)).collect(), NOW);
    let backend = std::sync::Arc::new(Store::memory_backend(TABLES).unwrap());
    let copy = Feeds::new(Store::with_backend(backend.clone(), TABLES).unwrap());
    lender.give(&copy, NOW).unwrap();
    // The machine stops after the first write of the forgetting.
    backend.fail(crate::store::FaultPlan { write: 2, persisted: false, disk_full: false });
    assert!(copy.forget(&lender.id).is_err());
    let head = copy.head(&lender.id).unwrap();
    assert!(head.state.is_none() && head.covered == 0, "rows are going and the head looks covered");
}

#[test]
fn a_feed_that_was_an_older_copy_goes_on_behind_every_number_that_may_be_signed() {
    let lender = Lender::new("lender-a");
    lender.publish(vec![lender.row(1, [1; 16], 1), lender.row(2, [2; 16], 1)], NOW);
    let copy = follower();
    assert!(lender.give(&copy, NOW).unwrap().covered);
    let (signed, gap) = (70, crate::limits::FEED_GAP);
    let mut batch = StoreBatch::new();
    lender.own.continue_behind(signed, &mut batch).unwrap();
    lender.store.commit(batch, Durability::Synced).unwrap();
    // Rows that leave the feed take a number of their own: also that one is a new one.
    let mut batch = StoreBatch::new();
    lender.own.expire(1, NOW.plus_seconds(1), &mut batch).unwrap();
    lender.store.commit(batch, Durability::Synced).unwrap();
    let head = lender.feeds.head(&lender.id).unwrap();
    assert_eq!((head.sequence, head.rows), (signed + gap + 1, 1));
    assert!(lender.give(&copy, NOW.plus_seconds(1)).unwrap().covered);
    lender.publish(vec![lender.row(3, [3; 16], 1)], NOW.plus_seconds(2));
    assert!(lender.give(&copy, NOW.plus_seconds(2)).unwrap().covered);
    let head = copy.head(&lender.id).unwrap();
    assert_eq!((head.sequence, head.rows), (signed + gap + 2, 2));
    assert!(copy.verify(&lender.id).unwrap() && lender.feeds.verify(&lender.id).unwrap());
}
