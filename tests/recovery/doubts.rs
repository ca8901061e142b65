//! A node that found out too late, for nobody who knew was there when it started.

use tallystick::node::Phase;

use crate::scene::{Scene, head};

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
