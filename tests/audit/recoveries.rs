//! Logs that came back to an older copy, and logs that go on for others: told, and judged when they lie.

use tallystick::audit::Rule;
use tallystick::clock::UnixTime;
use tallystick::digest::Digest;
use tallystick::merkle::{Frontier, leaf_hash};
use tallystick::model::leaf::{CheckpointReference, LeafBody};
use tallystick::roster::RosterDocument;
use tallystick::signing::Signed;

use crate::honest::busy;
use crate::world::{DAY, World, found, found_in, id, one, run};

/// The state that a member's log had at a size.
fn state(world: &World, member: &str, size: usize) -> CheckpointReference {
    let mut frontier = Frontier::new();
    for leaf in &world.logs[&id(member)][..size] {
        frontier.push(leaf_hash(leaf));
    }
    CheckpointReference { size: size as u64, root: Digest(frontier.root()) }
}

fn notes(world: &World) -> String {
    run(&world.export_all()).notes.into_iter().map(|note| note.words).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_recovery_is_told_and_is_no_finding() {
    let mut world = busy();
    let size = world.logs[&id("lender-d")].len();
    let (had, recovered) = (state(&world, "lender-d", size - 5), state(&world, "lender-d", size));
    world.append("lender-d", LeafBody::LogRecovered { had, recovered, again: 0 });
    assert_eq!(found_in(&world), []);
    assert!(notes(&world).contains("lender-d was an older copy of itself"), "{}", notes(&world));
}

#[test]
fn a_recovery_of_what_was_never_there_is_found() {
    let size = busy().logs[&id("lender-d")].len();
    let changes: [fn(&mut CheckpointReference, &mut CheckpointReference); 4] = [
        |had, _| had.root = Digest([1; 32]),
        |_, recovered| recovered.root = Digest([1; 32]),
        |had, recovered| std::mem::swap(had, recovered),
        |_, recovered| recovered.size += 1_000,
    ];
    for change in changes {
        let mut world = busy();
        let (mut had, mut recovered) = (state(&world, "lender-d", size - 5), state(&world, "lender-d", size));
        change(&mut had, &mut recovered);
        let leaf = world.append("lender-d", LeafBody::LogRecovered { had, recovered, again: 0 });
        assert_eq!(found_in(&world), one("lender-d", leaf, Rule::WrongRecovery));
    }
}

/// The operator removes a member.
fn remove(world: &mut World, member: &str) {
    let mut document: RosterDocument = world.roster(0).document().clone();
    document.version = 2;
    let removed = document.members.iter_mut().find(|one| one.id == id(member)).unwrap();
    removed.removed = Some(UnixTime(world.now));
    let signed = Signed::sign(serde_json::to_vec(&document).unwrap(), &world.operator).unwrap();
    world.rosters.push(signed);
}

#[test]
fn a_break_is_told_only_for_a_member_that_was_removed() {
    let mut world = busy();
    world.pass(DAY);
    let size = world.logs[&id("lender-d")].len();
    let (had, signed) = (state(&world, "lender-d", size - 5), state(&world, "lender-d", size));
    let body = LeafBody::LogSucceeds { member: id("lender-d"), had, signed };
    let leaf = world.append("lender-a", body.clone());
    let findings = found(&run(&world.export_all()));
    let wrong = one("lender-a", leaf, Rule::WrongRecovery);
    assert!(findings.contains(&wrong[0]), "{findings:?}");
    assert!(!notes(&world).contains("BREAK"));

    let mut world = busy();
    remove(&mut world, "lender-d");
    for lender in ["lender-a", "lender-b", "lender-c", "op"] {
        let (version, hash) = (2, world.roster(1).hash());
        world.append(lender, LeafBody::RosterAccepted { version, hash });
    }
    world.append("lender-a", body);
    let report = run(&world.export_all());
    assert!(
        !report.findings.iter().any(|finding| finding.rule == Rule::WrongRecovery),
        "{:?}",
        report.findings
    );
    let told = notes(&world);
    assert!(told.contains("BREAK: the log of lender-a goes on for that of lender-d"), "{told}");
}
