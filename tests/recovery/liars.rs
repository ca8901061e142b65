//! Members that give an older copy something else than what they have seen: others are asked, and nothing false is
//! taken. `m-a` lies; it is asked first.

use std::sync::Arc;

use tallystick::node::Phase;
use tallystick::wire::message::{Reply, Request};

use crate::scene::{Scene, head};

type Way = fn(&Request, Reply) -> Reply;

/// The ways to lie about leaves and rows.
const LIES: &[(&str, Way)] = &[
    ("an altered leaf", |_, reply| match reply {
        Reply::OwnLeaves { mut leaves } => {
            if let Some(byte) = leaves.last_mut().and_then(|leaf| leaf.last_mut()) {
                *byte ^= 1;
            }
            Reply::OwnLeaves { leaves }
        }
        other => other,
    }),
    ("fewer leaves", |_, reply| match reply {
        Reply::OwnLeaves { mut leaves } => {
            leaves.pop();
            Reply::OwnLeaves { leaves }
        }
        other => other,
    }),
    ("leaves in another order", |_, reply| match reply {
        Reply::OwnLeaves { mut leaves } => {
            leaves.reverse();
            Reply::OwnLeaves { leaves }
        }
        other => other,
    }),
    ("an altered row", |_, reply| match reply {
        Reply::Feed { mut rows, state, last } => {
            if let Some(row) = rows.last_mut() {
                row.sealed.ciphertext[0] ^= 1;
            }
            Reply::Feed { rows, state, last }
        }
        other => other,
    }),
    ("a row left out", |_, reply| match reply {
        Reply::Feed { mut rows, state, last } => {
            if rows.len() > 1 {
                rows.remove(0);
            }
            Reply::Feed { rows, state, last }
        }
        other => other,
    }),
    ("another reply", |request, reply| match request {
        Request::OwnLeaves { .. } => Reply::Withdrawn,
        _ => reply,
    }),
    ("a checkpoint that was never signed", |_, reply| match reply {
        Reply::OwnLog { checkpoint, current } => {
            let text = String::from_utf8(checkpoint).unwrap();
            let mut lines: Vec<&str> = text.lines().collect();
            lines[1] = "100000";
            Reply::OwnLog { checkpoint: (lines.join("\n") + "\n").into_bytes(), current }
        }
        other => other,
    }),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_falsifies_another_has() {
    for (what, lie) in LIES {
        let mut scene = Scene::new("m-d", &[]).await;
        scene.circle.lie("m-a", Some(Arc::new(lie)));
        scene.put_back();
        assert!(scene.circle.settle_one("m-d").is_settled(), "{what}");
        scene.circle.lie("m-a", None);
        scene.check(what).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_all_falsify_it_waits() {
    for (what, lie) in &LIES[..3] {
        let mut scene = Scene::new("m-d", &[]).await;
        for name in ["m-a", "m-b", "m-c"] {
            scene.circle.lie(name, Some(Arc::new(lie)));
        }
        let node = scene.put_back();
        let standing = scene.circle.settle_one("m-d");
        assert_eq!((standing.phase, standing.seen), (Phase::Behind, Some(scene.lost.size)), "{what}");
        assert_eq!(head(&node), scene.had, "{what}: nothing of it was taken");
        assert!(
            node.settle_without().await.unwrap().phase == Phase::Behind,
            "{what}: a word gives no leaves"
        );
        for name in ["m-a", "m-b", "m-c"] {
            scene.circle.lie(name, None);
        }
        assert!(scene.circle.settle_one("m-d").is_settled(), "{what}");
        scene.check(what).await;
    }
}
