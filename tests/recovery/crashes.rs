//! The process dies while its log comes back.

use tallystick::store::{FaultPlan, Reopen};

use crate::scene::Scene;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_every_write_of_a_recovery() {
    for write in 1.. {
        for (persisted, how) in [
            (false, Reopen::Killed),
            (true, Reopen::Killed),
            (false, Reopen::PowerCut { unsynced_kept: 0 }),
            (true, Reopen::PowerCut { unsynced_kept: 1 }),
        ] {
            let place = format!("write {write}, persisted: {persisted}, {how:?}");
            let mut scene = Scene::new("m-d", &[]).await;
            let node = scene.put_back();
            scene.circle.backend("m-d").fail(FaultPlan { write, persisted, disk_full: false });
            let settled = node.settle().await;
            if !node.store_failed() {
                assert!(settled.unwrap().is_settled(), "{place}");
                assert!(write > 3, "leaves, rows and the end of the recovery are writes");
                return;
            }
            assert!(settled.is_err(), "{place}");
            drop(node);
            scene.circle.restart("m-d", how);
            scene.check(&place).await;
        }
    }
}
