//! A lender's feed and a follower's copy of it, in memory.

use super::*;
use crate::clock::UnixTime;
use crate::limits::{FEED_STATE_AHEAD_SECONDS_MAX, ROWS_PER_LENDER_AND_LOCATOR_MAX};
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

    /// Gives `follower` what it lacks, without the state when `partly`.
    fn give(&self, follower: &Feeds, partly: bool, now: UnixTime) -> Result<Followed, FeedError> {
        let after = follower.head(&self.id).unwrap().sequence;
        let rows = self.feeds.rows_after(&self.id, after, 500).unwrap();
        let signed = self.feeds.head(&self.id).unwrap().signed.filter(|_| !partly);
        follower.take(&self.network, &self.id, &self.key, &rows, signed.as_ref(), now)
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
    assert!(lender.give(&copy, false, NOW).unwrap().covered);
}

#[test]
fn a_row_on_its_way_is_named_and_not_silently_missing() {
    let (lender, copy) = (Lender::new("lender-a"), follower());
    lender.publish(vec![lender.row(1, [1; 16], 1)], NOW);
    lender.give(&copy, false, NOW).unwrap();
    assert_eq!(copy.under(&Locator([1; 32])).unwrap().rows.len(), 1);
    // The newer version arrives with a page that no state covers yet.
    lender.publish(vec![lender.row(1, [1; 16], 2)], NOW);
    assert!(!lender.give(&copy, true, NOW).unwrap().covered);
    let under = copy.under(&Locator([1; 32])).unwrap();
    assert!(under.rows.is_empty());
    assert_eq!(under.left_out, [(lender.id.clone(), LeftOut::NotCovered)]);
    let head = copy.head(&lender.id).unwrap();
    assert!(head.covered != head.sequence && head.state.is_some());
    assert!(lender.give(&copy, false, NOW).unwrap().covered);
    assert_eq!(copy.under(&Locator([1; 32])).unwrap().rows.len(), 1);
}

#[test]
fn one_lender_cannot_crowd_out_anothers_rows() {
    let (crowd, honest, copy) = (Lender::new("lender-a"), Lender::new("lender-b"), follower());
    let many = ROWS_PER_LENDER_AND_LOCATOR_MAX + LOCATOR_PAGE_ROWS;
    for chunk in (0..many).collect::<Vec<_>>().chunks(200) {
        let rows = chunk.iter().map(|_| crowd.row(1, random_array(&crowd.entropy), 1)).collect();
        crowd.publish(rows, NOW);
        crowd.give(&copy, false, NOW).unwrap();
    }
    honest.publish(vec![honest.row(1, [9; 16], 1)], NOW);
    honest.give(&copy, false, NOW).unwrap();
    let under = copy.under(&Locator([1; 32])).unwrap();
    let of = |id: &MemberId| under.rows.iter().filter(|(lender, _)| lender == id).count();
    assert_eq!((of(&crowd.id), of(&honest.id)), (ROWS_PER_LENDER_AND_LOCATOR_MAX, 1));
    assert_eq!(under.left_out, [(crowd.id.clone(), LeftOut::TooMany)]);
}

#[test]
fn a_state_from_the_future_is_refused_and_does_not_block_honest_ones() {
    let (lender, copy) = (Lender::new("lender-a"), follower());
    lender.publish(vec![lender.row(1, [1; 16], 1)], NOW.plus_seconds(FEED_STATE_AHEAD_SECONDS_MAX + 1));
    assert!(matches!(lender.give(&copy, false, NOW), Err(FeedError::Future { ahead_seconds: 3_601, .. })));
    assert!(copy.state(&lender.id).unwrap().is_none());
    lender.publish(Vec::new(), NOW);
    assert!(lender.give(&copy, false, NOW).unwrap().covered);
}

#[test]
fn a_lender_that_goes_back_is_found_out_at_once_and_its_feed_fetched_anew() {
    let (lender, copy) = (Lender::new("lender-a"), follower());
    lender.publish(vec![lender.row(1, [1; 16], 1), lender.row(2, [2; 16], 1)], NOW);
    lender.give(&copy, false, NOW).unwrap();
    // An old copy of its store, which has one row and signs anew.
    let restored = Lender::new("lender-a");
    restored.publish(vec![restored.row(1, [1; 16], 1)], NOW.plus_seconds(60));
    let later = NOW.plus_seconds(61);
    assert!(matches!(restored.give(&copy, false, later), Err(FeedError::Differs { .. })));
    assert_eq!(copy.head(&lender.id).unwrap().differs_since, Some(later));
    copy.forget(&lender.id).unwrap();
    let head = copy.head(&lender.id).unwrap();
    assert!(head.state.is_none() && head.differs_since.is_some());
    assert!(restored.give(&copy, false, later).unwrap().covered);
    assert_eq!(copy.head(&lender.id).unwrap().differs_since, None);
    assert!(copy.verify(&lender.id).unwrap());
}

#[test]
fn nothing_looks_covered_while_a_feed_is_forgotten() {
    let lender = Lender::new("lender-a");
    lender.publish((1..=3).map(|i| lender.row(i, [i; 16], 1)).collect(), NOW);
    let backend = std::sync::Arc::new(Store::memory_backend(TABLES).unwrap());
    let copy = Feeds::new(Store::with_backend(backend.clone(), TABLES).unwrap());
    lender.give(&copy, false, NOW).unwrap();
    // The machine stops after the first write of the forgetting.
    backend.fail(crate::store::FaultPlan { write: 2, persisted: false, disk_full: false });
    assert!(copy.forget(&lender.id).is_err());
    let head = copy.head(&lender.id).unwrap();
    assert!(head.state.is_none() && head.covered == 0, "rows are going and the head looks covered");
}
