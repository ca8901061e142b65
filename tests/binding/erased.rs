//! What was erased stays so, and an honest lender that erased is not accused of anything.

use tallystick::audit::binding::{Form, FormOf, LeafBinding, OpeningBinding, ReportedPoint, Rule};
use tallystick::digest::{ConsentId, Digest};
use tallystick::model::leaf::ErasureGround;
use tallystick::node::{EraseError, Erased, ErasureRequest, Whom};
use tallystick::threshold::{Blind, blind_with};

use crate::scene::{With, clean, loan, rules};
use crate::world::{World, identifier};

const LENDER: &str = "lender-c";
const HERS: &str = "kh-nid:010203040";
const HIS: &str = "kh-nid:999888777";

async fn erase_by(world: &World, request: ErasureRequest) -> Erased {
    world.node(LENDER).erase(request).await.unwrap()
}

async fn erase(world: &World, whom: Whom) -> Erased {
    let approved_by = ["Sok Dara", "Chan Thy"].map(str::to_owned).to_vec();
    let order = Some(Digest([12; 32]));
    let request = ErasureRequest { whom, ground: ErasureGround::Order, order, approved_by };
    erase_by(world, request).await
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
    let [LeafBinding::ReportingBatch(batch), LeafBinding::Erasure(_)] = binding.leaves.as_slice() else {
        panic!("{binding:?}")
    };
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_later_erasure_of_a_batch_does_not_excuse_or_accuse_an_earlier_one() {
    let world = World::new();
    let loans = vec![loan("C-1", "1", &[HERS], world.today()), loan("C-2", "2", &[HIS], world.today())];
    world.load(LENDER, loans);
    world.settle().await;
    let first = erase(&world, Whom::Person(vec![identifier(HERS)])).await.leaves[0];
    world.settle().await;
    let sample = world.sample(LENDER);
    let second = erase(&world, Whom::Person(vec![identifier(HIS)])).await.leaves[0];
    assert_eq!(first.of, second.of, "one batch");
    let binding = world.node(LENDER).make_binding(&sample).unwrap();
    let report = world.check(&binding, &With { sample: Some(&sample), ..With::default() });
    // Hers was erased before the draw, his after it.
    assert_eq!(rules(&report), [(Rule::ErasedAfterDraw, Some(second.of.index))]);
    assert_eq!((report.checked.erased, report.checked.approvals), (1, 2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_approved_is_shown_and_checked() {
    let world = World::with_loans().await;
    let consent = world.consent(LENDER, &[HERS]).await;
    let erased = erase(&world, Whom::Consent(consent.consent)).await.leaves[0];
    let ground = world.ground(LENDER, &[HIS]).await;
    world.settle().await;
    let bind = || {
        let binding = world.bind(LENDER);
        let place = binding.leaves.iter().position(|line| matches!(line, LeafBinding::Erasure(_))).unwrap();
        (binding, place)
    };
    let (mut binding, place) = bind();
    let report = world.check(&binding, &With::default());
    clean(&report);
    assert_eq!(report.checked.approvals, 2, "an erasure and a ground");
    let LeafBinding::Erasure(shown) = &mut binding.leaves[place] else { panic!() };
    assert_eq!((shown.leaf, shown.order), (erased.by, Some(Digest([12; 32]))));
    // Another order, other persons, nobody.
    shown.order = Some(Digest([13; 32]));
    let wrong = [(Rule::CommitmentDiffers, Some(erased.by.index))];
    assert_eq!(rules(&world.check(&binding, &With::default())), wrong);
    let (mut binding, place) = bind();
    let LeafBinding::Erasure(shown) = &mut binding.leaves[place] else { panic!() };
    shown.approved_by.pop();
    assert_eq!(rules(&world.check(&binding, &With::default())), wrong);
    let (mut binding, place) = bind();
    binding.leaves.remove(place);
    let nobody = [(Rule::NotApproved, Some(erased.of.index))];
    assert_eq!(rules(&world.check(&binding, &With::default())), nobody);
    for (names, rule) in [(None, Rule::NotApproved), (Some("Sok Dara"), Rule::CommitmentDiffers)] {
        let (mut binding, _) = bind();
        let of_ground = binding.leaves.iter_mut().find_map(|line| match line {
            LeafBinding::ConsentGiven(consent) if consent.leaf == ground.leaf => Some(consent),
            _ => None,
        });
        let shown = &mut of_ground.unwrap().ground;
        match names {
            None => *shown = None,
            Some(name) => shown.as_mut().unwrap().approved_by = vec![name.to_owned(); 2],
        }
        assert_eq!(rules(&world.check(&binding, &With::default())), [(rule, Some(ground.leaf.index))]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_more_can_be_said_to_have_gone_with_an_erasure() {
    let world = World::new();
    let loans = vec![loan("C-1", "1", &[HERS], world.today()), loan("C-2", "2", &[HIS], world.today())];
    world.load(LENDER, loans);
    world.settle().await;
    let erased = erase(&world, Whom::Person(vec![identifier(HERS)])).await.leaves[0];
    let mut binding = world.bind(LENDER);
    clean(&world.check(&binding, &With::default()));
    let LeafBinding::ReportingBatch(batch) = &mut binding.leaves[0] else { panic!() };
    // His point is left unexplained by her erasure: the lender keeps the point, and says no more.
    let feigned = batch.points.iter().find_map(|point| match point {
        ReportedPoint::Identifier { identifier, blind, .. } => {
            let blind = Blind::from_secret_bytes(&blind.0).unwrap();
            Some(blind_with(identifier.oprf_input().expose(), &blind).unwrap().to_bytes())
        }
        ReportedPoint::Erased { .. } => None,
    });
    for point in &mut batch.points {
        if matches!(point, ReportedPoint::Identifier { .. }) {
            *point = ReportedPoint::Erased { point: Digest(feigned.unwrap()), erasure: erased.by.index };
        }
    }
    let found = rules(&world.check(&binding, &With::default()));
    assert_eq!(found, [(Rule::CommitmentDiffers, Some(erased.by.index))]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_is_compared_with_the_person_it_names() {
    let world = World::with_loans().await;
    let ground = world.ground(LENDER, &[HIS]).await;
    let binding = world.bind(LENDER);
    for (named, expected) in [(HIS, None), (HERS, Some((Rule::OtherPersonThanForm, Some(ground.leaf.index))))]
    {
        let forms = [Form { of: FormOf::Leaf(ground.leaf.index), identifier: identifier(named) }];
        let report = world.check(&binding, &With { forms: &forms, ..With::default() });
        assert_eq!(rules(&report), expected.into_iter().collect::<Vec<_>>());
        assert_eq!(report.checked.forms, 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_consent_and_its_inquiries_go_together_or_stay_together() {
    let world = World::with_loans().await;
    world.change_policy("[feed]", "[consent]\nuses_max = 2\n\n[feed]");
    let [hers, his] =
        [world.consent_for(LENDER, &[HERS], 2, 90).await, world.consent_for(LENDER, &[HIS], 2, 90).await];
    world.inquire(LENDER, &[&hers, &his]).await;
    world.clock.advance(60 * 86_400);
    world.settle().await;
    world.inquire(LENDER, &[&hers]).await;
    // Old enough for the consent and the first inquiry, but not for the second.
    let days = i64::from(world.node(LENDER).roster().policy().log.audit_days);
    world.clock.advance((days - 30) * 86_400);
    let approved_by = ["Sok Dara", "Chan Thy"].map(str::to_owned).to_vec();
    let request = |whom| ErasureRequest {
        whom,
        ground: ErasureGround::ClientRequest,
        order: None,
        approved_by: approved_by.clone(),
    };
    let early = world.node(LENDER).erase(request(Whom::Consent(hers.consent))).await.unwrap_err();
    assert!(matches!(early, EraseError::TooYoung(_)), "{early}");
    clean(&world.check(&world.bind(LENDER), &With::default()));
    world.clock.advance(31 * 86_400);
    erase_by(&world, request(Whom::Consent(hers.consent))).await;
    let binding = world.bind(LENDER);
    let report = world.check(&binding, &With::default());
    clean(&report);
    // Her consent and both her openings; his opening is explained with his footprint.
    assert_eq!(report.checked.erased, 3);
    assert_eq!((report.checked.openings, report.checked.footprints), (1, 1));
    // Nothing is erased twice.
    let again = world.node(LENDER).erase(request(Whom::Consent(hers.consent))).await.unwrap_err();
    assert!(matches!(again, EraseError::Consent(_)), "{again}");
    erase_by(&world, request(Whom::Consent(his.consent))).await;
    let report = world.check(&world.bind(LENDER), &With::default());
    clean(&report);
    assert_eq!((report.checked.erased, report.checked.openings), (5, 0));
}
