//! What was erased stays so, and an honest lender that erased is not accused of anything.

use tallystick::audit::binding::{LeafBinding, OpeningBinding, ReportedPoint};
use tallystick::digest::ConsentId;
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

/// A household's inquiry, its first persons erased one after the other; the openings that are explained at the end.
async fn household(erased: &[usize]) -> Vec<OpeningBinding> {
    let world = World::with_loans().await;
    let consents = [world.consent(LENDER, &[HERS]).await, world.consent(LENDER, &[HIS]).await];
    world.inquire(LENDER, &consents.each_ref()).await;
    for person in erased {
        let consent: ConsentId = consents[*person].consent;
        erase(&world, Whom::Consent(consent)).await;
    }
    let binding = world.bind(LENDER);
    let report = world.check(&binding, &With::default());
    clean(&report);
    assert_eq!(report.checked.erased, 2 * erased.len(), "consents and openings");
    let openings = binding.leaves.into_iter().filter_map(|line| match line {
        LeafBinding::InquiryOpened(opening) => Some(*opening),
        _ => None,
    });
    openings.collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_household_the_other_is_explained_with_the_footprint_that_is_hers() {
    for erased in [&[][..], &[0], &[1], &[0, 1], &[1, 0]] {
        let openings = household(erased).await;
        assert_eq!(openings.len(), 2 - erased.len());
        assert!(openings.iter().all(|opening| opening.footprint.len() == 1));
    }
}
