//! An honest network gives no finding, whatever happens to it.

use tallystick::audit::{Options, Verdict};
use tallystick::clock::UnixTime;
use tallystick::model::consent::{EvidenceKind, NoticeReference, Purpose};
use tallystick::model::leaf::{EvaluationKind, LawfulGround, LeafBody, RefusalCode};

use crate::world::{DAY, World, found, id, run, run_with};

/// Reports, consents, inquiries, refusals, withdrawals, in the course of some days.
pub(crate) fn busy() -> World {
    let mut world = World::new();
    for lender in ["lender-a", "lender-b", "lender-d"] {
        world.report(lender, 30, 30);
    }
    for round in 0..20 {
        world.pass(1_800);
        for asker in ["lender-d", "lender-a"] {
            let given = world.consent(asker);
            world.pass(60);
            world.inquire(asker, given.leaf);
            if round % 5 == 0 {
                world.refuse(asker, Some(given.leaf), RefusalCode::UsedUp);
            }
        }
        let unused = world.consent("lender-b");
        if round % 7 == 0 {
            let withdrawal = unused.withdrawal;
            for member in ["op", "lender-a", "lender-b", "lender-c", "lender-d"] {
                world.append(member, LeafBody::WithdrawalReceived { withdrawal });
            }
            world.pass(60);
            world.refuse("lender-b", Some(unused.leaf), RefusalCode::Withdrawn);
        }
        world.state("lender-d");
    }
    world
}

#[test]
fn a_busy_network_is_clean_and_counted() {
    let world = busy();
    let report = run(&world.export_all());
    assert_eq!(found(&report), []);
    assert_eq!(report.verdict(), Verdict::Clean);
    assert_eq!(report.notes, [], "nothing is missing and nothing waits");
    assert!(!report.operator_key_given);
    let counts = &report.logs[&id("lender-d")];
    assert_eq!((counts.openings, counts.answered, counts.consents), (20, 20, 20));
    assert_eq!(counts.refused[&RefusalCode::UsedUp], 4);
    assert_eq!(counts.reporting_points, 30);
    let leaves = world.logs[&id("lender-d")].len() as u64;
    assert_eq!((counts.leaves, counts.quorum.unwrap().0, counts.cosignatures), (leaves, leaves, 3));
    let checked = &report.checked;
    assert_eq!((checked.openings, checked.footprints, checked.rosters), (40, 80, 1));
    // Every consent is located twice for two keys, every inquiry helped with twice, every batch evaluated twice.
    assert_eq!(checked.served_compared, 60 * 4 + 40 * 2 + 3 * 2);
    assert_eq!(checked.asked_compared, 40 * 3);
    assert_eq!((checked.feed_copies, checked.row_proofs), (3 * 5, 90 + 80));
}

#[test]
fn one_log_alone_is_judged_as_far_as_it_goes() {
    let world = busy();
    for member in ["lender-d", "lender-c", "op"] {
        let report = run(&[(member.to_owned(), world.export(member))]);
        assert_eq!(found(&report), [], "{member}");
        assert_eq!(report.verdict(), Verdict::Clean, "{member}");
        let gap =
            |note: &tallystick::audit::report::Note| note.words.contains("No log of lender-a, lender-b");
        let of_others = member == "lender-c" || report.notes.iter().any(gap);
        assert!(of_others, "{:?}", report.notes);
    }
}

#[test]
fn exports_of_different_moments_are_no_finding() {
    let mut world = busy();
    let mut moments = vec![world.export_all()];
    // An inquiry under way, exported between any two of its steps.
    let given = world.consent("lender-d");
    moments.push(world.export_all());
    let opened = world.open("lender-d", given.leaf, 1);
    moments.push(world.export_all());
    world.help("lender-d", opened, &["lender-b"]);
    moments.push(world.export_all());
    world.help("lender-d", opened, &["lender-c"]);
    moments.push(world.export_all());
    world.pass(3);
    world.answer("lender-d", opened);
    moments.push(world.export_all());
    world.pass(900);
    world.report("lender-b", 3, 3);
    world.state("lender-d");
    moments.push(world.export_all());
    for first in 0..moments.len() {
        for second in 0..moments.len() {
            for split in 0..5 {
                let mixed = [&moments[first][..split], &moments[second][split..]].concat();
                let report = run(&mixed);
                assert_eq!(found(&report), [], "moments {first} and {second}, split at {split}");
            }
        }
    }
}

#[test]
fn crashes_and_retries_are_no_finding() {
    let mut world = World::new();
    // Batches are lost to crashes after the holders helped, and one was never helped with: all are asked again.
    world.report("lender-d", 25, 0);
    world.report("lender-d", 25, 0);
    let points = world.points(25);
    world.append("lender-d", LeafBody::ReportingBatch { epoch: 1, points });
    world.report("lender-d", 25, 25);
    // An opening that one holder helped with before the crash, the next day by two others, once more by the first.
    let given = world.consent("lender-d");
    let opened = world.open("lender-d", given.leaf, 1);
    world.help("lender-d", opened, &["lender-a"]);
    world.pass(DAY);
    world.help("lender-d", opened, &["lender-b", "lender-c", "lender-a"]);
    world.answer("lender-d", opened);
    // One that is given up for want of holders.
    let given = world.consent("lender-d");
    let opened = world.open("lender-d", given.leaf, 1);
    world.help("lender-d", opened, &["lender-a"]);
    world.pass(9 * DAY);
    for lender in ["lender-a", "lender-b", "lender-c", "lender-d"] {
        world.state(lender);
    }
    let report = run(&world.export_all());
    assert_eq!(found(&report), []);
    let said = |what: &str| report.notes.iter().any(|note| note.words.contains(what));
    assert!(said("given up") && said("Draw these batches first (leaves 2, 4)"), "{:?}", report.notes);
}

#[test]
fn a_node_that_stood_still_or_lost_its_witnesses_for_a_while_is_no_finding() {
    let mut world = busy();
    let older =
        world.note("lender-d", &world.logs[&id("lender-d")], &["lender-a", "lender-b", "lender-c", "op"]);
    // Friday's last leaf is not witnessed any more; Monday's first is not yet.
    world.append("lender-d", LeafBody::InquiryRefused { consent: None, reason: RefusalCode::NoConsent });
    world.pass(3 * DAY);
    world.state("lender-d");
    let mut exports = world.export_all();
    exports[3].1.insert("quorum".into(), older.to_bytes());
    assert_eq!(found(&run(&exports)), []);
}

#[test]
fn other_lawful_grounds_stand_apart() {
    let mut world = busy();
    let mut terms = world.terms();
    (terms.purpose, terms.evidence) = (Purpose::LoanMonitoring, EvidenceKind::Order);
    terms.notice = NoticeReference::nothing_shown(world.random());
    let ground = LawfulGround { name: "court-order".into(), approval: world.random() };
    let given = world.consent_with("lender-d", terms, Some(ground));
    let points = world.points(16);
    let mut body = world.opening_body(given.leaf, 1, points);
    if let LeafBody::InquiryOpened { purpose, .. } = &mut body {
        *purpose = Purpose::LoanMonitoring;
    }
    let opened = world.open_with("lender-d", body);
    world.help("lender-d", opened, &["lender-b", "lender-c"]);
    world.answer("lender-d", opened);
    let report = run(&world.export_all());
    assert_eq!(found(&report), []);
    let [ground] = report.grounds.as_slice() else { panic!("{:?}", report.grounds) };
    assert_eq!((ground.ground.as_str(), ground.leaf), ("court-order", given.leaf.index));
    assert_eq!(ground.openings, [opened.leaf.index]);
}

#[test]
fn a_household_of_three_shares_one_transaction() {
    let mut world = World::new();
    let given: Vec<_> = (0..3).map(|_| world.consent("lender-d")).collect();
    let transaction = tallystick::digest::TransactionId::random(&world.entropy);
    let mut opened = Vec::new();
    let before = world.feeds[&id("lender-d")].rows.len();
    for (place, given) in given.iter().enumerate() {
        world.publish("lender-d", place + 1);
        let from = before + place * (place + 1) / 2;
        let printed = crate::world::footprint_of(&world.feeds[&id("lender-d")].rows[from..]);
        let points = world.points(16);
        let mut body = world.opening_body(given.leaf, 1, points);
        if let LeafBody::InquiryOpened { footprint, .. } = &mut body {
            *footprint = printed;
        }
        opened.push((world.append_as("lender-d", transaction, body), points));
    }
    world.state_as("lender-d", transaction);
    for (leaf, points) in &opened {
        for holder in ["lender-a", "lender-c"] {
            world.serve(holder, "lender-d", EvaluationKind::Open, *leaf, transaction, *points);
        }
    }
    let answer = world.random();
    let leaves = opened.iter().map(|(leaf, _)| *leaf).collect();
    world.append_as("lender-d", transaction, LeafBody::InquiryAnswered { opened: leaves, answer });
    let report = run(&world.export_all());
    assert_eq!(found(&report), []);
    assert_eq!(report.checked.footprints, 1 + 2 + 3);
}

#[test]
fn a_client_with_a_telephone_number_alone_leaves_no_footprint() {
    let mut world = World::with_schemes("[\"kh-nid\", \"phone\"]");
    let given = world.consent("lender-d");
    let points = world.points(16);
    let mut body = world.opening_body(given.leaf, 1, points);
    if let LeafBody::InquiryOpened { footprint, .. } = &mut body {
        *footprint = crate::world::footprint_of(&[]);
    }
    let transaction = tallystick::digest::TransactionId::random(&world.entropy);
    let leaf = world.append_as("lender-d", transaction, body);
    world.state_as("lender-d", transaction);
    let opened = crate::world::Opened { leaf, transaction, points };
    world.help("lender-d", opened, &["lender-b", "lender-c"]);
    world.answer("lender-d", opened);
    let report = run(&world.export_all());
    assert_eq!(found(&report), []);
    let words = format!("draw them first (leaves {})", leaf.index);
    assert!(report.notes.iter().any(|note| note.words.contains(&words)), "{:?}", report.notes);
}

#[test]
fn the_operator_key_is_the_auditors_own() {
    let world = busy();
    let exports = world.export_all();
    let key = world.operator.verify_key();
    let report = run_with(&exports, &Options { operator: Some(key), ..Options::default() });
    assert!(report.operator_key_given && report.verdict() == Verdict::Clean);
    let other = World::new().roster(0).member(&id("op")).unwrap().feed_key;
    let report = run_with(&exports, &Options { operator: Some(other), ..Options::default() });
    assert_eq!(report.verdict(), Verdict::Unchecked);
    assert!(report.logs.is_empty());
}

#[test]
fn a_period_is_judged_alone() {
    let mut world = World::new();
    let points = world.points(16);
    let nothing = tallystick::model::leaf::LeafReference { index: 0, hash: world.random() };
    let body = world.opening_body(nothing, 1, points);
    world.open_with("lender-d", body);
    let middle = UnixTime(world.now + DAY);
    world.pass(2 * DAY);
    world.state("lender-d");
    let exports = world.export_all();
    let until = run_with(&exports, &Options { until: Some(middle), ..Options::default() });
    assert_eq!(found(&until).len(), 1);
    assert_eq!(until.logs[&id("lender-d")].openings, 1);
    let from = run_with(&exports, &Options { from: Some(middle), ..Options::default() });
    assert_eq!(found(&from), []);
    assert_eq!(from.logs[&id("lender-d")].openings, 0);
}

#[test]
fn a_person_with_two_client_numbers_is_no_finding() {
    let mut world = World::new();
    // Each of the 30 clients is asked for, and has a row; half of them are the other half once more.
    world.report("lender-d", 30, 0);
    world.publish("lender-d", 15);
    world.publish_again("lender-d", 15);
    world.state("lender-d");
    assert_eq!(found(&run(&world.export_all())), []);
    // Few numbers may have been corrected before they were published; a few more are a question.
    world.report("lender-d", 15, 10);
    let report = run(&world.export_all());
    assert_eq!(found(&report), []);
    assert!(report.notes.iter().any(|note| note.words.contains("had 5 more identifiers")));
    world.report("lender-d", 11, 10);
    assert_eq!(found(&run(&world.export_all())).len(), 1);
}

#[test]
fn what_is_unusual_is_a_note_and_no_finding() {
    let mut world = busy();
    let unusual = |world: &World| {
        let report = run(&world.export_all());
        assert_eq!(found(&report), []);
        let notes = report.notes.into_iter().filter(|note| note.words.starts_with("Unusual: "));
        notes.map(|note| (note.institution, note.words)).collect::<Vec<_>>()
    };
    assert_eq!(unusual(&world), []);
    for _ in 0..20 {
        let (peer, evaluation) = (id("lender-d"), EvaluationKind::Open);
        world.append(
            "lender-a",
            LeafBody::EvaluationRefused { peer, evaluation, reason: RefusalCode::NoConsent },
        );
    }
    let seen = unusual(&world);
    assert_eq!((seen.len(), seen[0].0.as_ref()), (1, Some(&id("lender-d"))));
    assert!(seen[0].1.contains("20 of "), "{seen:?}");
}
