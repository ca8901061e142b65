//! Feeds: states that contradict each other or the log, rows that their lender did not make, footprints that are not
//! there.

use tallystick::audit::export::{StateConflict, feed_rows_path, feed_state_path, state_conflict_path};
use tallystick::audit::{Rule, Verdict};
use tallystick::digest::Digest;
use tallystick::model::leaf::LeafBody;

use crate::honest::busy;
use crate::world::{World, footprint_of, found, found_in, id, lines, one, run};

fn about(institution: &str, rule: Rule) -> Vec<(String, Option<u64>, Rule)> {
    vec![(institution.to_owned(), None, rule)]
}

#[test]
fn two_states_for_one_sequence() {
    let world = busy();
    let rows = &world.feeds[&id("lender-a")].rows;
    let mut other = rows.clone();
    let last = other.len() - 1;
    other[last].version = 9;
    let (held, shown) = (world.signed_state("lender-a", rows), world.signed_state("lender-a", &other));
    let conflict = serde_json::to_vec(&StateConflict { held: held.clone(), shown: shown.clone() }).unwrap();
    let path = state_conflict_path(&id("lender-a"), rows[last].sequence);
    // Both were signed after the last state of its log, as far as the export goes.
    let mut exports = busy().export_all();
    exports[1].1.insert(path.clone(), conflict);
    let report = run(&exports);
    let two = about("lender-a", Rule::TwoFeedStates);
    let mut expected = about("lender-a", Rule::FeedStateWithoutLeaf);
    expected.extend([expected[0].clone(), two[0].clone()]);
    assert_eq!(found(&report).last(), two.last(), "{:?}", report.findings);
    assert!(found(&report).iter().all(|finding| expected.contains(finding)));
    // Evidence that the lender did not sign accuses nobody.
    let forged = StateConflict { held, shown: world.signed_state("lender-b", &other) };
    exports[1].1.insert(path, serde_json::to_vec(&forged).unwrap());
    let report = run(&exports);
    assert_eq!((report.findings.len(), report.verdict()), (0, Verdict::Unchecked));
}

#[test]
fn two_members_that_were_shown_different_rows() {
    let world = busy();
    let mut exports = world.export_all();
    let mut other = world.feeds[&id("lender-a")].rows.clone();
    other[3].key_commitment = Digest([5; 32]);
    let signed = world.signed_state("lender-a", &other);
    exports[1].1.insert(feed_state_path(&id("lender-a")), serde_json::to_vec(&signed).unwrap());
    exports[1].1.insert(feed_rows_path(&id("lender-a")), lines(&other));
    let found = found(&run(&exports));
    assert!(found.contains(&about("lender-a", Rule::TwoFeedStates)[0]), "{found:?}");
    // The row that was changed is not one that the lender proved to have made; nothing is said of anybody else.
    assert!(found.iter().all(|(who, _, _)| who == "lender-a"), "{found:?}");
}

#[test]
fn a_signed_state_without_its_leaf() {
    let mut world = busy();
    world.publish("lender-b", 1);
    world.state("lender-b");
    // The leaf is taken back, and the log goes on.
    world.logs.get_mut(&id("lender-b")).unwrap().pop();
    let kept = world.feeds[&id("lender-b")].signed.clone();
    world.pass(900);
    world.publish("lender-b", 1);
    world.state("lender-b");
    let mut exports = world.export_all();
    let rows = &world.feeds[&id("lender-b")].rows;
    let path = feed_state_path(&id("lender-b"));
    exports[0].1.insert(path, serde_json::to_vec(&kept).unwrap());
    exports[0].1.insert(feed_rows_path(&id("lender-b")), lines(&rows[..rows.len() - 1]));
    assert_eq!(found(&run(&exports)), about("lender-b", Rule::FeedStateWithoutLeaf));
}

#[test]
fn a_state_that_its_leaf_does_not_tell() {
    let mut world = busy();
    world.pass(60);
    let leaf = world.state("lender-b");
    let log = world.logs.get_mut(&id("lender-b")).unwrap();
    let mut last = tallystick::model::leaf::Leaf::from_bytes(&log.pop().unwrap()).unwrap();
    if let LeafBody::FeedState { as_of, .. } = &mut last.body {
        *as_of = Some("2026-11-22".parse().unwrap());
    }
    log.push(last.to_bytes());
    assert_eq!(found_in(&world), one("lender-b", leaf, Rule::FeedStateMismatch));
}

#[test]
fn a_copy_that_is_not_what_was_signed() {
    let world = busy();
    let rows = world.feeds[&id("lender-a")].rows.clone();
    let mut altered = rows.clone();
    altered[7].locator = Digest([1; 32]);
    let mut doubled = rows.clone();
    doubled.insert(3, doubled[3].clone());
    for (what, bad) in [("altered", altered), ("doubled", doubled), ("short", rows[1..].to_vec())] {
        let mut exports = world.export_all();
        exports[2].1.insert(feed_rows_path(&id("lender-a")), lines(&bad));
        assert_eq!(found(&run(&exports)), about("lender-c", Rule::FeedCopyDiffers), "{what}");
    }
    // Rows newer than the signed state are on their way.
    let mut more = world;
    let mut exports = more.export_all();
    more.publish("lender-a", 1);
    exports[2].1.insert(feed_rows_path(&id("lender-a")), lines(&more.feeds[&id("lender-a")].rows));
    assert_eq!(found(&run(&exports)), []);
    // And rows that were read before the state that is beside them.
    exports[2].1.insert(feed_rows_path(&id("lender-a")), lines(&rows[..rows.len() - 1]));
    assert_eq!(found(&run(&exports)), []);
    let cut = lines(&rows);
    exports[2].1.insert(feed_rows_path(&id("lender-a")), cut[..cut.len() - 1].to_vec());
    assert_eq!(run(&exports).verdict(), Verdict::Unchecked);
}

#[test]
fn a_row_made_of_anothers() {
    for way in 0..3 {
        let mut world = busy();
        let theirs = world.feeds[&id("lender-b")].rows[2].clone();
        world.publish("lender-a", 1);
        let row = world.feeds.get_mut(&id("lender-a")).unwrap().rows.last_mut().unwrap();
        match way {
            // Another's R, another's whole row under the own name, and no point at all.
            0 => row.ephemeral = theirs.ephemeral,
            1 => {
                let sequence = row.sequence;
                *row = theirs;
                row.sequence = sequence;
            }
            _ => row.ephemeral = Digest([0xff; 32]),
        }
        let sequence = row.sequence;
        world.state("lender-a");
        assert_eq!(found_in(&world), about("lender-a", Rule::RowWithoutKnowledge), "{way}");
        let words = &run(&world.export_all()).findings[0].words;
        assert!(words.starts_with(&format!("Row {sequence} ")), "{words}");
    }
}

fn opening(world: &mut World, printed: Digest, publish: usize) -> tallystick::model::leaf::LeafReference {
    let given = world.consent("lender-d");
    let points = world.points(16);
    let mut body = world.opening_body(given.leaf, 1, points);
    if let LeafBody::InquiryOpened { footprint, .. } = &mut body {
        *footprint = printed;
    }
    let transaction = tallystick::digest::TransactionId::random(&world.entropy);
    world.publish("lender-d", publish);
    let leaf = world.append_as("lender-d", transaction, body);
    world.state_as("lender-d", transaction);
    leaf
}

#[test]
fn a_missing_footprint() {
    // None at all, one that was never published, and one that is not what was published.
    for (way, publish) in [(0, 0), (1, 0), (1, 2)] {
        let mut world = busy();
        let printed = if way == 0 { footprint_of(&[]) } else { world.random() };
        let leaf = opening(&mut world, printed, publish);
        assert_eq!(found_in(&world), one("lender-d", leaf, Rule::MissingFootprint), "{way} {publish}");
    }
}

#[test]
fn rows_whose_time_was_over_are_no_finding_and_hide_none() {
    let mut world = World::new();
    world.report("lender-d", 30, 30);
    for _ in 0..5 {
        let given = world.consent("lender-d");
        world.inquire("lender-d", given.leaf);
    }
    world.report("lender-d", 30, 30);
    // The first clients and their lender's first footprints.
    world.expire("lender-d", 36);
    assert_eq!(found_in(&world), []);
    // Even where the last row of all has left, so that no row bears the state's sequence number.
    let rest = world.feeds[&id("lender-d")].rows.len();
    world.expire("lender-d", rest);
    assert_eq!(found_in(&world), []);
    world.report("lender-d", 10, 10);
    assert_eq!(found_in(&world), []);
    // What was evaluated and not reported is found all the same: footprints that left were nobody's report.
    world.report("lender-d", 12, 1);
    assert_eq!(found_in(&world), about("lender-d", Rule::ExcessReportingEvaluations));
}

#[test]
fn rows_that_left_before_their_time() {
    let mut world = World::new();
    world.report("lender-d", 30, 30);
    world.expire_at_once("lender-d", 10);
    assert_eq!(found_in(&world), about("lender-d", Rule::FeedStateMismatch));
}

#[test]
fn rows_that_only_the_log_ever_had() {
    let mut world = World::new();
    world.report("lender-d", 30, 30);
    world.expire("lender-d", 10);
    assert_eq!(found_in(&world), []);
    // A leaf without a state that anybody was shown, so that more may be asked for; then the true ones go on.
    let hash = world.random();
    world.append("lender-d", LeafBody::FeedState { hash, sequence: 40, rows: 1_020, as_of: None });
    world.report("lender-d", 30, 30);
    assert_eq!(found_in(&world), about("lender-d", Rule::FeedStateMismatch));
}
