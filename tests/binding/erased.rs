//! What was erased stays so, and an honest lender that erased is not accused of anything.

use tallystick::audit::binding::{LeafBinding, ReportedPoint};
use tallystick::model::leaf::ErasureGround;
use tallystick::node::{Erased, ErasureRequest, Whom};

use crate::scene::{With, clean, loan};
use crate::world::{World, identifier};

const LENDER: &str = "lender-c";
const HERS: &str = "kh-nid:010203040";
const HIS: &str = "kh-nid:999888777";

async fn erase(world: &World, whom: Whom) -> Erased {
    let approved_by = ["Sok Dara", "Chan Thy"].map(str::to_owned).to_vec();
    let request = ErasureRequest { whom, ground: ErasureGround::Order, approved_by };
    world.node(LENDER).erase(request).await.unwrap()
}

#[tokio::test]
async fn what_is_erased_while_the_holders_answer_does_not_come_back() {
    let world = World::new();
    let loans = vec![loan("C-1", "1", &[HERS], world.today()), loan("C-2", "2", &[HIS], world.today())];
    world.load(LENDER, loans);
    let node = world.node(LENDER);
    let held = world.hold().await;
    let erasing = async {
        // The batch is logged, and its holders have not answered yet.
        assert!(node.book().pending_count().unwrap() > 0);
        let erased = erase(&world, Whom::Person(vec![identifier(HERS)])).await;
        drop(held);
        erased
    };
    let (published, erased) = tokio::join!(node.publish_round(), erasing);
    assert_eq!((published.unwrap().located, erased.batches), (2, 1));
    world.settle().await;
    let binding = world.bind(LENDER);
    let [LeafBinding::ReportingBatch(batch)] = binding.leaves.as_slice() else { panic!("{binding:?}") };
    let gone = batch.points.iter().filter(|point| matches!(point, ReportedPoint::Erased { .. })).count();
    assert_eq!((gone, batch.points.len()), (1, 2));
    assert!(!batch.located.is_empty(), "the evaluations were kept");
    let report = world.check(&binding, &With::default());
    clean(&report);
    assert_eq!((report.checked.erased, report.checked.identifiers), (1, 1));
}
