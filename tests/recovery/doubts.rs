//! A node that found out too late, for nobody who knew was there when it started.

use tallystick::model::leaf::LeafBody;
use tallystick::node::{Phase, SucceedError};

use crate::scene::{Scene, bodies, head};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_shows_more_of_the_log_stops_the_node_at_once() {
    let mut scene = Scene::new("m-d", &["m-c"]).await;
    // Only the one is there that has seen nothing since the copy.
    scene.circle.start("m-c");
    scene.circle.stop("m-a");
    scene.circle.stop("m-b");
    let node = scene.put_back();
    assert!(!scene.circle.settle_one("m-d").is_settled(), "not before it was patient");
    scene.circle.clock.advance(10);
    assert!(scene.circle.settle_one("m-d").is_settled());
    let begun = head(&node);
    assert_eq!(begun, scene.had, "nothing to log yet");
    // Nothing was appended since, so nothing is lost when the others return.
    scene.circle.start("m-a");
    scene.circle.start("m-b");
    node.gather_quorum().await.unwrap();
    assert!(!node.is_settled(), "m-a has shown this node's own signature over more leaves");
    assert!(node.sign_feed_state().is_err());
    assert!(scene.circle.settle_one("m-d").is_settled());
    scene.check("in doubt").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_histories_stop_it_for_good() {
    let mut scene = Scene::new("m-d", &["m-c"]).await;
    scene.circle.start("m-c");
    scene.circle.stop("m-a");
    scene.circle.stop("m-b");
    let node = scene.put_back();
    scene.circle.settle_one("m-d");
    scene.circle.clock.advance(10);
    assert!(scene.circle.settle_one("m-d").is_settled());
    node.sign_feed_state().unwrap();
    node.gather_quorum().await.unwrap();
    scene.circle.start("m-a");
    node.gather_quorum().await.unwrap();
    let stopped = head(&node);
    assert!(!node.is_settled());
    for _ in 0..3 {
        scene.circle.clock.advance(60);
        let standing = scene.circle.settle_one("m-d");
        assert_eq!((standing.phase, standing.seen), (Phase::Behind, Some(scene.lost.size)));
        assert!(standing.waits_for.contains("two histories"), "{}", standing.waits_for);
    }
    assert!(node.settle_without().await.unwrap().phase == Phase::Behind, "no word of a person mends that");
    assert_eq!(head(&node), stopped);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_break_is_told_by_the_log_that_goes_on() {
    let scene = Scene::new("m-d", &[]).await;
    let (successor, other, old) =
        (scene.circle.node("m-a"), scene.circle.node("m-b"), scene.circle.node("m-d"));
    let signed = other.mirror().head(old.me()).unwrap().unwrap().checkpoint;
    let had = old.log().update_from(scene.had.size, 0).unwrap().checkpoint;
    let refused = successor.succeed(old.me(), &had, &signed);
    assert!(matches!(refused, Err(SucceedError::NotRemoved(_))), "{refused:?}");
    let mut document = scene.circle.roster.document().clone();
    document.version += 1;
    document.members.last_mut().unwrap().removed = Some(successor.clock().now());
    assert!(successor.follow_roster(scene.circle.sign_roster(&document)).unwrap());
    // Another log's checkpoint is none of it.
    let not_its = successor.succeed(old.me(), &successor.log().head().checkpoint, &signed);
    assert!(matches!(not_its, Err(SucceedError::Checkpoint { which: "had", .. })), "{not_its:?}");
    successor.succeed(old.me(), &had, &signed).unwrap();
    let said = LeafBody::LogSucceeds { member: old.me().clone(), had: scene.had, signed: scene.lost };
    assert_eq!(bodies(&successor).pop(), Some(said));
}
