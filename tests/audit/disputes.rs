//! Disputes in the logs: kept in time or not, with consent or without, the same at both ends or not.

use tallystick::audit::Rule;
use tallystick::digest::{Digest, TransactionId};
use tallystick::model::leaf::{DisputeAnswer, DisputeOutcome, LawfulGround, LeafBody, LeafReference};

use crate::world::{DAY, World, found_in, id, one};

/// The opener's log is that of `lender-d`, and `lender-a` reports.
struct Scene {
    world: World,
    transaction: TransactionId,
    dispute: Digest,
    opened: LeafReference,
    received: LeafReference,
}

const OPENER: &str = "lender-d";
const LENDER: &str = "lender-a";

impl Scene {
    fn new() -> Self {
        let mut world = World::new();
        let consent = world.consent(OPENER).leaf;
        Self::under(world, consent)
    }

    fn under(mut world: World, consent: LeafReference) -> Self {
        let transaction = TransactionId([0x31; 16]);
        let dispute = Digest([0x32; 32]);
        let body = LeafBody::DisputeOpened { dispute, lender: id(LENDER), consent };
        let opened = world.append_as(OPENER, transaction, body);
        let body = LeafBody::DisputeReceived { dispute, opener: id(OPENER), leaf: opened };
        let received = world.append_as(LENDER, transaction, body);
        Self { world, transaction, dispute, opened, received }
    }

    fn at(&mut self, member: &str, body: LeafBody) -> LeafReference {
        self.world.append_as(member, self.transaction, body)
    }

    fn answer(&mut self, member: &str, answer: DisputeAnswer) {
        let body = LeafBody::DisputeAnswered { dispute: self.dispute, answer, statement: Digest([0x33; 32]) };
        self.at(member, body);
    }

    fn answer_both(&mut self, answer: DisputeAnswer) {
        self.answer(LENDER, answer);
        self.answer(OPENER, answer);
    }

    fn resolve(&mut self, outcome: DisputeOutcome) {
        for member in [LENDER, OPENER] {
            self.at(member, LeafBody::DisputeResolved { dispute: self.dispute, outcome });
        }
    }

    fn escalate(&mut self, member: &str) {
        self.at(member, LeafBody::DisputeEscalated { dispute: self.dispute });
    }

    /// Days without a leaf; then both nodes show that they are there, with their witnesses.
    fn pass(&mut self, days: i64) {
        self.world.pass(days * DAY);
        for member in [LENDER, OPENER] {
            self.world.state(member);
        }
    }

    fn found(&self) -> Vec<(String, Option<u64>, Rule)> {
        // The world's witnesses sign once, at the export: that is another rule's business.
        found_in(&self.world).into_iter().filter(|(_, _, rule)| *rule != Rule::NoQuorum).collect()
    }
}

#[test]
fn kept_in_time_there_is_nothing_to_find() {
    let mut scene = Scene::new();
    scene.pass(20);
    scene.answer_both(DisputeAnswer::Accepted);
    scene.pass(9);
    scene.resolve(DisputeOutcome::Corrected);
    scene.pass(100);
    assert_eq!(scene.found(), []);
    let mut scene = Scene::new();
    scene.pass(20);
    scene.answer_both(DisputeAnswer::Rejected);
    scene.resolve(DisputeOutcome::Rejected);
    scene.pass(100);
    assert_eq!(scene.found(), []);
    let mut scene = Scene::new();
    scene.pass(5);
    scene.resolve(DisputeOutcome::TakenBack);
    scene.pass(100);
    assert_eq!(scene.found(), [], "nothing is left to answer");
}

#[test]
fn a_late_answer_is_a_finding_about_the_lender() {
    for answer in [DisputeAnswer::Accepted, DisputeAnswer::Rejected] {
        let mut scene = Scene::new();
        scene.pass(22);
        scene.answer_both(answer);
        scene.pass(1);
        let outcome = match answer {
            DisputeAnswer::Accepted => DisputeOutcome::Corrected,
            DisputeAnswer::Rejected => DisputeOutcome::Rejected,
        };
        scene.resolve(outcome);
        scene.pass(100);
        assert_eq!(scene.found(), one(LENDER, scene.received, Rule::DisputeAnsweredLate));
    }
    // One that never comes.
    let mut scene = Scene::new();
    scene.pass(22);
    assert_eq!(scene.found(), one(LENDER, scene.received, Rule::DisputeAnsweredLate));
}

#[test]
fn what_is_not_closed_in_time_is_found_where_it_lay() {
    let mut scene = Scene::new();
    scene.answer_both(DisputeAnswer::Accepted);
    scene.pass(31);
    assert_eq!(scene.found(), one(LENDER, scene.received, Rule::DisputeUnresolved));
    let mut scene = Scene::new();
    scene.answer_both(DisputeAnswer::Rejected);
    scene.pass(31);
    assert_eq!(scene.found(), one(OPENER, scene.opened, Rule::DisputeUnresolved));
    // A rejection that came late leaves the opener the days between the clocks.
    let mut scene = Scene::new();
    scene.pass(28);
    scene.answer_both(DisputeAnswer::Rejected);
    scene.pass(3);
    assert_eq!(scene.found(), one(LENDER, scene.received, Rule::DisputeAnsweredLate));
}

#[test]
fn what_is_overdue_is_escalated_at_both_ends() {
    let mut scene = Scene::new();
    scene.answer_both(DisputeAnswer::Accepted);
    scene.pass(33);
    let mut expected = one(LENDER, scene.received, Rule::DisputeUnresolved);
    expected.extend(one(LENDER, scene.received, Rule::DisputeNotEscalated));
    expected.extend(one(OPENER, scene.opened, Rule::DisputeNotEscalated));
    assert_eq!(scene.found(), expected);
    scene.escalate(LENDER);
    scene.escalate(OPENER);
    assert_eq!(scene.found(), one(LENDER, scene.received, Rule::DisputeUnresolved));
}

#[test]
fn a_dispute_rests_on_a_consent_of_the_client() {
    let mut world = World::new();
    let consent = world.consent(OPENER).leaf;
    let other = LeafReference { hash: Digest([9; 32]), ..consent };
    let scene = Scene::under(world, other);
    assert_eq!(scene.found(), one(OPENER, scene.opened, Rule::DisputeWithoutConsent));
    let mut world = World::new();
    world.consent(OPENER);
    let later = LeafReference { index: 1_000, hash: Digest([9; 32]) };
    let scene = Scene::under(world, later);
    assert_eq!(scene.found(), one(OPENER, scene.opened, Rule::DisputeWithoutConsent));
    // A court's order is no client.
    let mut world = World::new();
    let ground = LawfulGround { name: "court-order".to_owned(), approval: Digest([4; 32]) };
    let terms = world.terms();
    let consent = world.consent_with(OPENER, terms, Some(ground)).leaf;
    let scene = Scene::under(world, consent);
    let found = scene.found();
    assert!(found.contains(&one(OPENER, scene.opened, Rule::DisputeWithoutConsent)[0]), "{found:?}");
}

#[test]
fn two_ends_that_say_different_things_stand_against_each_other() {
    let mismatch = |scene: &Scene| one(LENDER, scene.received, Rule::DisputeMismatch);
    // The lender speaks of an opening that the opener's log does not have.
    let mut world = World::new();
    world.consent(OPENER);
    let (transaction, dispute) = (TransactionId([0x41; 16]), Digest([0x42; 32]));
    let leaf = LeafReference { index: 1, hash: Digest([0x43; 32]) };
    let body = LeafBody::DisputeReceived { dispute, opener: id(OPENER), leaf };
    let received = world.append_as(LENDER, transaction, body);
    assert_eq!(found_in(&world), one(LENDER, received, Rule::DisputeMismatch));
    // Another answer, or one on one side only.
    let mut scene = Scene::new();
    scene.answer(LENDER, DisputeAnswer::Accepted);
    scene.answer(OPENER, DisputeAnswer::Rejected);
    assert_eq!(scene.found(), mismatch(&scene));
    let mut scene = Scene::new();
    scene.answer(OPENER, DisputeAnswer::Accepted);
    assert_eq!(scene.found(), mismatch(&scene));
    // The lender's alone is on its way.
    let mut scene = Scene::new();
    scene.answer(LENDER, DisputeAnswer::Accepted);
    assert_eq!(scene.found(), []);
}
