//! One history: forks, cuts, quorums, rosters.

use tallystick::audit::export::{MANIFEST, Manifest};
use tallystick::audit::verify::OlderCheckpoint;
use tallystick::audit::{Options, Rule, Verdict};
use tallystick::clock::UnixTime;
use tallystick::digest::Digest;
use tallystick::model::leaf::{LeafBody, RefusalCode};
use tallystick::roster::{Role, RosterDocument};
use tallystick::signing::{Signed, SigningKey};

use crate::honest::busy;
use crate::world::{BEGIN, DAY, Files, LENDERS, World, found, found_in, id, run, run_with};

fn rewritten() -> Vec<(String, Option<u64>, Rule)> {
    vec![("lender-d".to_owned(), None, Rule::RewrittenHistory)]
}

/// The log of lender-d with another leaf in the place of the last but nine.
fn rewrite(world: &mut World) -> Vec<Vec<u8>> {
    let log = world.logs.get_mut(&id("lender-d")).unwrap();
    let before = log.clone();
    let place = log.len() - 10;
    log[place] = tallystick::model::leaf::Leaf::new(
        tallystick::clock::UnixTime(world.now),
        tallystick::digest::TransactionId([7; 16]),
        LeafBody::InquiryRefused { consent: None, reason: RefusalCode::NoConsent },
    )
    .to_bytes();
    before
}

/// A world whose last leaves at lender-d are refusals, so that a rewritten one is missed by nobody but the tree.
fn quiet() -> World {
    let mut world = busy();
    for _ in 0..20 {
        world.refuse("lender-d", None, RefusalCode::NoConsent);
    }
    world
}

#[test]
fn a_history_that_others_saw_otherwise() {
    let mut world = quiet();
    let before = world.export_all();
    rewrite(&mut world);
    let after = world.export_all();
    // The lender shows the new history, the others hold what it signed before.
    let mut mixed = before.clone();
    mixed[3] = after[3].clone();
    // Only one of the others is needed.
    for few in [vec![0, 1, 2, 3, 4], vec![0, 3], vec![3, 4]] {
        let exports: Vec<_> = few.iter().map(|place| mixed[*place].clone()).collect();
        assert_eq!(found(&run(&exports)), rewritten(), "{few:?}");
    }
    // Two that saw two histories, without the lender's own log.
    let others = [before[0].clone(), after[1].clone()];
    assert_eq!(found(&run(&others)), rewritten());
}

#[test]
fn what_a_key_holder_logged_shows_it_too() {
    let mut world = busy();
    // The lender takes an opening out of its log that two holders helped with, and goes on.
    let given = world.consent("lender-d");
    world.inquire("lender-d", given.leaf);
    let mut log = world.logs[&id("lender-d")].clone();
    log.truncate(usize::try_from(given.leaf.index).unwrap() + 1);
    world.logs.insert(id("lender-d"), log);
    world.pass(1_000);
    for _ in 0..10 {
        world.refuse("lender-d", None, RefusalCode::NoConsent);
    }
    let found = found_in(&world);
    assert_eq!(found.len(), 3, "{found:?}");
    // The state of its feed was signed and is not there; two holders helped with a leaf that is not there.
    assert!(found.iter().all(|(who, _, rule)| match who.as_str() {
        "lender-b" | "lender-c" => *rule == Rule::ServedWithoutLeaf,
        "lender-d" => *rule == Rule::FeedStateWithoutLeaf,
        _ => false,
    }));
}

#[test]
fn an_older_checkpoint_that_the_auditor_kept() {
    let mut world = quiet();
    let note = |world: &World, leaves: &[Vec<u8>]| OlderCheckpoint {
        name: "kept".into(),
        note: world.note("lender-d", leaves, &[]).to_bytes(),
    };
    let log = world.logs[&id("lender-d")].clone();
    let good = note(&world, &log[..log.len() - 5]);
    let before = rewrite(&mut world);
    let (same_size, older) = (note(&world, &before), note(&world, &before[..before.len() - 5]));
    let untouched = note(&world, &before[..20]);
    // One that is longer than the export proves nothing without a time that a witness signed.
    let ahead = [before.clone(), vec![before[5].clone()]].concat();
    let witnessed = |world: &World| OlderCheckpoint {
        name: "kept".into(),
        note: world.note("lender-d", &ahead, &["op"]).to_bytes(),
    };
    let cosigned = witnessed(&world);
    world.pass(2 * 3_600);
    let newer = witnessed(&world);
    let mut exports = world.export_all();
    exports.truncate(4);
    let with = |older| run_with(&exports, &Options { older: vec![older], ..Options::default() });
    let longer = note(&world, &ahead);
    for older in [good, same_size, older, cosigned] {
        assert_eq!(found(&with(older)), rewritten());
    }
    assert_eq!(found(&with(untouched)), []);
    for newer in [longer, newer] {
        let report = with(newer);
        assert_eq!(found(&report), []);
        assert!(report.notes.iter().any(|note| note.words.contains("is older than")), "{:?}", report.notes);
    }
    let forged = OlderCheckpoint { name: "kept".into(), note: b"nothing\n".to_vec() };
    assert_eq!(with(forged).verdict(), Verdict::Unchecked);
}

#[test]
fn a_log_that_was_cut_off() {
    let mut world = quiet();
    let mut all = world.export_all();
    let before = all.clone();
    let log = world.logs[&id("lender-d")].clone();
    all[1].1.insert("seen/lender-d".into(), world.note("lender-d", &log, &["op"]).to_bytes());
    world.pass(2 * 3_600);
    for _ in 0..7 {
        world.logs.get_mut(&id("lender-d")).unwrap().pop();
    }
    let cut = world.export("lender-d");
    // Exported two hours after others had held more.
    let mut exports = all.clone();
    exports[3].1 = cut.clone();
    assert_eq!(found(&run(&exports)), rewritten());
    // What nobody signed a time for accuses nobody.
    exports = before;
    exports[3].1 = cut;
    assert_eq!(found(&run(&exports)), []);
    exports = all.clone();
    // Exported before, it is only older.
    world.pass(-2 * 3_600);
    exports[3].1 = world.export("lender-d");
    assert_eq!(found(&run(&exports)), []);
}

/// An export whose manifest says something else.
fn claimed(mut files: Files, size: u64, exported_at: i64) -> Files {
    let mut manifest: Manifest = serde_json::from_slice(&files[MANIFEST]).unwrap();
    (manifest.size, manifest.exported_at) = (size, UnixTime(exported_at));
    files.insert(MANIFEST.into(), serde_json::to_vec(&manifest).unwrap());
    files
}

#[test]
fn manifests_that_nobody_signed_accuse_nobody() {
    let mut world = quiet();
    let old = world.export_all();
    world.pass(60);
    let given = world.consent("lender-d");
    world.inquire("lender-d", given.leaf);
    let new = world.export_all();
    let size = world.logs[&id("lender-d")].len() as u64;
    // The old export claims to be the longer one, beside the new one, before and after it.
    let old_d = claimed(old[3].1.clone(), size + 1_000, world.now);
    for place in [0, new.len()] {
        let mut exports = new.clone();
        exports.insert(place, ("old".to_owned(), old_d.clone()));
        let report = run(&exports);
        assert_eq!(found(&report), []);
        assert_eq!(report.logs[&id("lender-d")].leaves, size);
    }
    // Alone it claims to be of days later than what the others hold, as do the holders' old exports.
    for place in 0..old.len() {
        let mut exports = new.clone();
        exports[place].1 = claimed(old[place].1.clone(), size, world.now + 30 * DAY);
        assert_eq!(found(&run(&exports)), [], "{place}");
    }
    // Evidence of a time long past with two states of one history, one of them still to come here.
    let log = world.logs[&id("lender-d")].clone();
    let now = std::mem::replace(&mut world.now, BEGIN);
    let (path, fork) = world.fork("lender-d", &log[..10], &log);
    world.now = now;
    let mut exports = old.clone();
    exports[1].1.insert(path, fork);
    assert_eq!(found(&run(&exports)), []);
}

#[test]
fn evidence_of_a_fork() {
    let mut world = quiet();
    let before = rewrite(&mut world);
    let log = world.logs[&id("lender-d")].clone();
    let (path, fork) = world.fork("lender-d", &log, &before[..before.len() - 2]);
    let mut exports = world.export_all();
    exports[1].1.insert(path.clone(), fork);
    assert_eq!(found(&run(&exports)), rewritten());
    // Two states of one history accuse nobody, and neither does what the lender did not sign.
    let (_, same) = world.fork("lender-d", &log, &log[..log.len() - 2]);
    exports[1].1.insert(path.clone(), same);
    assert_eq!(found(&run(&exports)), []);
    let (_, others) = world.fork("lender-c", &log, &before);
    exports[1].1.insert(path, others);
    let report = run(&exports);
    assert_eq!((report.findings.len(), report.verdict()), (0, Verdict::Unchecked));
}

#[test]
fn a_checkpoint_without_quorum() {
    let world = busy();
    let no_quorum = vec![("lender-d".to_owned(), None, Rule::NoQuorum)];
    let with = |change: &dyn Fn(&mut Files)| {
        let mut exports = world.export_all();
        change(&mut exports[3].1);
        found(&run(&exports))
    };
    assert_eq!(with(&|files| drop(files.remove("quorum"))), no_quorum);
    let log = world.logs[&id("lender-d")].clone();
    // Too few witnesses: three of the four others must be there.
    let few = world.note("lender-d", &log, &["lender-a", "op"]).to_bytes();
    assert_eq!(with(&|files| drop(files.insert("quorum".into(), few.clone()))), no_quorum);
    let enough = world.note("lender-d", &log, &["lender-a", "lender-b", "op"]).to_bytes();
    assert_eq!(with(&|files| drop(files.insert("quorum".into(), enough.clone()))), []);
    // An old one, beyond which the log went on for hours.
    let old = world.note("lender-d", &log[..10], &["lender-a", "lender-b", "lender-c", "op"]).to_bytes();
    assert_eq!(with(&|files| drop(files.insert("quorum".into(), old.clone()))), no_quorum);
    // A quorum of another history.
    let mut other = log.clone();
    other.swap(4, 5);
    let other = world.note("lender-d", &other, &["lender-a", "lender-b", "lender-c", "op"]).to_bytes();
    assert_eq!(with(&|files| drop(files.insert("quorum".into(), other.clone()))), rewritten());
}

#[test]
fn a_quorum_of_witnesses_that_are_none_any_more() {
    let mut world = busy();
    let old = ["lender-a", "lender-b", "lender-c"];
    let at = |world: &World, witnesses: &[&str]| {
        world.note("lender-d", &world.logs[&id("lender-d")], witnesses).to_bytes()
    };
    let before = at(&world, &old);
    // Two of the old witnesses are none by the new roster; the lender's log is then witnessed by two, and both needed.
    let mut document: RosterDocument = world.roster(0).document().clone();
    document.version = 2;
    for member in document.members.iter_mut().filter(|m| ["lender-b", "lender-c"].contains(&m.id.as_str())) {
        member.roles.remove(&Role::Witness);
    }
    world.rosters.push(Signed::sign(serde_json::to_vec(&document).unwrap(), &world.operator).unwrap());
    let hash = world.roster(1).hash();
    for member in LENDERS.iter().chain(&["op"]) {
        world.append(member, LeafBody::RosterAccepted { version: 2, hash });
    }
    let with = |world: &World, quorum: Vec<u8>| {
        let mut exports = world.export_all();
        exports[3].1.insert("quorum".into(), quorum);
        found(&run(&exports))
    };
    assert_eq!(with(&world, at(&world, &["lender-a", "op"])), []);
    assert_eq!(with(&world, before.clone()), [], "it had its quorum under the roster of its time");
    let no_quorum = vec![("lender-d".to_owned(), None, Rule::NoQuorum)];
    assert_eq!(with(&world, at(&world, &old)), no_quorum, "those have left");
}

#[test]
fn rosters_that_are_not_the_operators() {
    let mut world = busy();
    let hash: Digest = world.random();
    let leaf = world.append("lender-c", LeafBody::RosterAccepted { version: 1, hash });
    assert_eq!(found_in(&world), vec![("lender-c".to_owned(), Some(leaf.index), Rule::UnknownRoster)]);
    // One that nobody brought.
    let mut world = busy();
    world.append("lender-c", LeafBody::RosterAccepted { version: 2, hash });
    let report = run(&world.export_all());
    assert_eq!((report.findings.len(), report.verdict()), (0, Verdict::Unchecked));
    // Two of one version, both signed by the operator.
    let world = busy();
    let mut exports = world.export_all();
    let mut document: RosterDocument = world.roster(0).document().clone();
    document.members[0].name = "Another".into();
    let sign = |key: &SigningKey| {
        let signed = Signed::<RosterDocument>::sign(serde_json::to_vec(&document).unwrap(), key).unwrap();
        serde_json::to_vec(&signed).unwrap()
    };
    exports[2].1.insert("rosters/1.json".into(), sign(&world.operator));
    let report = run(&exports);
    assert_eq!(found(&report), vec![("op".to_owned(), None, Rule::TwoRosters)]);
    // And one that somebody else signed.
    let stranger = SigningKey::from_seed(tallystick::secret::SecretBytes::new([9; 32]));
    exports[2].1.insert("rosters/1.json".into(), sign(&stranger));
    assert_eq!(run(&exports).verdict(), Verdict::Unchecked);
}
