//! A copy that is put back.

use tallystick::model::leaf::LeafBody;
use tallystick::node::{Inquired, Phase};

use crate::person::{load, loan};
use crate::scene::{PERSON, Scene, asked, bodies, head, today};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_older_copy_takes_back_what_others_have_seen() {
    for who in ["m-d", "m-a"] {
        let mut scene = Scene::new(who, &[]).await;
        let node = scene.put_back();
        // Before anybody was asked it writes nothing and serves nobody.
        assert!(node.sign_feed_state().is_err());
        assert!(
            node.log()
                .append_one(tallystick::model::leaf::Leaf::new(
                    node.clock().now(),
                    tallystick::digest::TransactionId([9; 16]),
                    LeafBody::LogOpened { network: "x".into() },
                ))
                .is_err()
        );
        assert_eq!(head(&node), scene.had);
        let standing = scene.circle.settle_one(who);
        assert_eq!((standing.phase, standing.have), (Phase::Settled, scene.lost.size + 1));
        let status = node.status().unwrap();
        let recovered = status.recovered.unwrap();
        assert_eq!((recovered.had, recovered.to), (scene.had, scene.lost));
        assert_eq!((recovered.feed_has, recovered.feed_signed), (scene.sequence, scene.sequence));
        // What lies apart is lost, and is said.
        assert_eq!(recovered.without_record["consent-given"], 1, "{recovered:?}");
        assert_eq!(recovered.without_record["inquiry-opened"], 1, "{recovered:?}");
        scene.check(who).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_that_is_not_older_works_at_once() {
    let mut scene = Scene::new("m-d", &[]).await;
    let node = scene.circle.restart("m-d", tallystick::store::Reopen::Killed);
    assert_eq!(head(&node), scene.lost, "a restart adds nothing");
    assert_eq!(node.recovered().unwrap(), None);
    assert!(matches!(asked(&node, scene.spent).await, Inquired::Refused(_)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_holder_is_away_since_before_and_comes_back_later() {
    let mut scene = Scene::new("m-d", &["m-c"]).await;
    scene.put_back();
    // The asker holds no key: two of three holders are in every pair that could have served it.
    assert!(scene.circle.settle_one("m-d").is_settled());
    scene.circle.start("m-c");
    scene.check("m-c was away").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_there() {
    let mut scene = Scene::new("m-d", &[]).await;
    for name in ["m-a", "m-b", "m-c"] {
        scene.circle.stop(name);
    }
    let node = scene.put_back();
    for _ in 0..3 {
        let standing = scene.circle.settle_one("m-d");
        assert_eq!((standing.phase, standing.silent.len()), (Phase::Asking, 3));
        assert!(standing.waits_for.contains("witnesses"), "{}", standing.waits_for);
        scene.circle.clock.advance(300);
    }
    // Reading goes on.
    assert_eq!(node.status().unwrap().log_size, scene.had.size);
    assert!(node.book().loan("1").unwrap().is_some());
    assert_eq!(head(&node), scene.had);
    for name in ["m-a", "m-b", "m-c"] {
        scene.circle.start(name);
    }
    assert!(scene.circle.settle_one("m-d").is_settled());
    scene.check("after all").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_holder_that_was_set_back_waits_for_all_who_could_have_helped_or_for_a_persons_word() {
    let mut scene = Scene::new("m-a", &[]).await;
    scene.circle.stop("m-c");
    let node = scene.put_back();
    scene.circle.settle_one("m-a");
    // Patience does not do: its own share and that of m-c may have served what m-b has not seen.
    scene.circle.clock.advance(300);
    let standing = scene.circle.settle_one("m-a");
    assert_eq!((standing.phase, standing.have), (Phase::Behind, scene.lost.size));
    assert!(standing.waits_for.contains("older copy"), "{}", standing.waits_for);
    assert!(node.sign_feed_state().is_err());
    // Nor does a restart forget it.
    drop(node);
    let node = scene.circle.restart("m-a", tallystick::store::Reopen::Killed);
    assert!(!node.is_settled());
    assert!(node.settle_without().await.unwrap().is_settled());
    scene.check("by a person's word").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_done_on_the_copy_alone_is_written_again_behind() {
    let mut scene = Scene::new("m-d", &[]).await;
    // A command on the store where no node runs: a code is presented.
    let code = tallystick::digest::WithdrawalCode([5; 16]);
    let copy = scene.copy.reopen(&[], tallystick::store::Reopen::Killed);
    scene.circle.put_back("m-d", copy);
    let alone = scene.circle.alone("m-d");
    assert!(alone.withdraw(&code).unwrap());
    assert_eq!(head(&alone).size, scene.had.size + 1);
    drop(alone);
    let node = scene.circle.start("m-d");
    assert!(node.is_settled(), "{:?}", node.standing());
    assert_eq!(node.log().root_at(scene.lost.size).unwrap(), scene.lost.root);
    let bodies = bodies(&node);
    let behind = &bodies[usize::try_from(scene.lost.size).unwrap()..];
    let again = LeafBody::LogRecovered { had: scene.had, recovered: scene.lost, again: 1 };
    assert_eq!(behind, [again, LeafBody::WithdrawalReceived { withdrawal: code.hash() }]);
    assert!(node.is_withdrawn(&code.hash()).unwrap());
    for name in ["m-a", "m-b", "m-c"] {
        assert_eq!(scene.circle.node(name).mirror().forks(node.me()).unwrap(), []);
    }
    assert_eq!(node.gather_quorum().await.unwrap(), (3, 3));
    assert!(matches!(asked(&node, scene.spent).await, Inquired::Refused(_)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_was_replaced_by_an_empty_one() {
    let mut scene = Scene::new("m-d", &[]).await;
    scene.circle.put_back("m-d", crate::circle::empty());
    let node = scene.circle.start("m-d");
    assert!(node.is_settled(), "{:?}", node.standing());
    assert_eq!(node.log().root_at(scene.lost.size).unwrap(), scene.lost.root);
    assert_eq!(node.feeds().head(node.me()).unwrap().sequence, scene.sequence);
    // The book is loaded anew: each client goes on in its own row.
    load(
        &node,
        vec![loan("1", "1", PERSON, 66_600, today()), loan("2", "2", "kh-nid:050607080", 45_600, today())],
    );
    let rows = node.feeds().head(node.me()).unwrap().rows;
    scene.circle.settle().await;
    assert_eq!(node.feeds().head(node.me()).unwrap().rows, rows, "no client is there twice");
    for name in ["m-a", "m-b", "m-c"] {
        let other = scene.circle.node(name);
        assert_eq!(other.mirror().forks(node.me()).unwrap(), []);
        assert_eq!(other.feeds().conflicts().unwrap(), []);
    }
}
