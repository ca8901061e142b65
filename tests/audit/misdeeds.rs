//! Each misdeed, planted in an otherwise honest network, is found and named, and nothing else is.

use tallystick::audit::sample::{DrawnKind, DrawnLeaf, SAMPLE_VERSION, Sample};
use tallystick::audit::{Options, Rule};
use tallystick::clock::UnixTime;
use tallystick::digest::TransactionId;
use tallystick::model::consent::{EvidenceKind, NoticeReference, Purpose};
use tallystick::model::leaf::{
    ErasureGround, EvaluationKind, LawfulGround, LeafBody, LeafReference, PointsReference, RefusalCode,
};
use tallystick::roster::log_origin;

use crate::honest::busy;
use crate::world::{DAY, Opened, World, found, found_in, id, network, one, run, run_with};

/// An opening with a body that was tampered with, answered as if enough holders had helped, who are away.
fn attempt(world: &mut World, consent: LeafReference, change: impl FnOnce(&mut LeafBody)) -> Opened {
    let points = world.points(16);
    let mut body = world.opening_body(consent, 1, points);
    change(&mut body);
    world.open_with("lender-d", body)
}

#[test]
fn an_opening_without_consent() {
    let mut world = busy();
    let nothing = LeafReference { index: 3, hash: world.random() };
    let opened = attempt(&mut world, nothing, |_| {});
    assert_eq!(found_in(&world), one("lender-d", opened.leaf, Rule::OpeningWithoutConsent));
    // The hash of a leaf that is there and is no consent, and a consent that comes later.
    let mut world = busy();
    let other = world.state("lender-d");
    let opened = attempt(&mut world, other, |_| {});
    assert_eq!(found_in(&world), one("lender-d", opened.leaf, Rule::OpeningWithoutConsent));
    let mut world = busy();
    let place = world.logs[&id("lender-d")].len() as u64;
    let later = LeafReference { index: place + 2, hash: world.random() };
    let opened = attempt(&mut world, later, |_| {});
    let given = world.consent("lender-d");
    assert_eq!(given.leaf.index, later.index);
    assert_eq!(found_in(&world), one("lender-d", opened.leaf, Rule::OpeningWithoutConsent));
}

#[test]
fn a_holder_that_helps_with_what_permits_nothing_is_named_beside_the_asker() {
    let mut world = busy();
    let nothing = LeafReference { index: 3, hash: world.random() };
    let opened = attempt(&mut world, nothing, |_| {});
    let places: Vec<u64> =
        ["lender-b", "lender-c"].iter().map(|holder| world.logs[&id(holder)].len() as u64).collect();
    world.help("lender-d", opened, &["lender-b", "lender-c"]);
    world.answer("lender-d", opened);
    let expected = vec![
        ("lender-b".to_owned(), Some(places[0]), Rule::ServedUnlawfully),
        ("lender-c".to_owned(), Some(places[1]), Rule::ServedUnlawfully),
        ("lender-d".to_owned(), Some(opened.leaf.index), Rule::OpeningWithoutConsent),
    ];
    assert_eq!(found_in(&world), expected);
}

#[test]
fn an_expired_consent_and_one_that_has_not_begun() {
    let mut world = busy();
    let given = world.consent("lender-d");
    world.pass(31 * DAY);
    let opened = world.open("lender-d", given.leaf, 1);
    assert_eq!(found_in(&world), one("lender-d", opened.leaf, Rule::ExpiredConsent));
    let mut world = busy();
    let mut terms = world.terms();
    terms.from = UnixTime(world.now + DAY);
    let given = world.consent_with("lender-d", terms, None);
    // Locating may have been refused; these holders did not.
    let served = found_in(&world);
    assert!(served.iter().all(|(_, _, rule)| *rule == Rule::ServedUnlawfully) && served.len() == 4);
    let opened = world.open("lender-d", given.leaf, 1);
    let mut expected = served;
    expected.extend(one("lender-d", opened.leaf, Rule::ConsentNotBegun));
    assert_eq!(found_in(&world), expected);
}

#[test]
fn a_withdrawn_consent() {
    // Known at the lender itself, by the code and by its own officer.
    for own in [true, false] {
        let mut world = busy();
        let given = world.consent("lender-d");
        let body = if own {
            LeafBody::ConsentWithdrawn { consent: given.leaf }
        } else {
            LeafBody::WithdrawalReceived { withdrawal: given.withdrawal }
        };
        world.append("lender-d", body);
        world.pass(1_000);
        let opened = world.open("lender-d", given.leaf, 1);
        assert_eq!(found_in(&world), one("lender-d", opened.leaf, Rule::WithdrawnConsent));
    }
    // Known elsewhere, for longer than it takes to spread, and helped with by two that did not log it.
    let mut world = busy();
    let given = world.consent("lender-d");
    world.append("op", LeafBody::WithdrawalReceived { withdrawal: given.withdrawal });
    world.pass(1_000);
    let early = world.export_all();
    world.pass(5_000);
    let opened = world.inquire("lender-d", given.leaf);
    assert_eq!(found(&run(&early)), []);
    assert_eq!(found_in(&world), one("lender-d", opened.leaf, Rule::WithdrawnConsent));
    // The same within the time it takes to spread is nobody's fault.
    let mut world = busy();
    let given = world.consent("lender-d");
    world.append("op", LeafBody::WithdrawalReceived { withdrawal: given.withdrawal });
    world.pass(1_000);
    world.inquire("lender-d", given.leaf);
    assert_eq!(found_in(&world), []);
    // Nor is an attempt of one that was cut off, which nobody helped with.
    let mut world = busy();
    let given = world.consent("lender-d");
    world.append("op", LeafBody::WithdrawalReceived { withdrawal: given.withdrawal });
    world.pass(DAY);
    let opened = world.open("lender-d", given.leaf, 1);
    let (consent, reason) = (Some(given.leaf), RefusalCode::Withdrawn);
    world.append_as("lender-d", opened.transaction, LeafBody::InquiryRefused { consent, reason });
    assert_eq!(found_in(&world), []);
}

#[test]
fn a_holder_that_knew_of_the_withdrawal() {
    let mut world = busy();
    let given = world.consent("lender-d");
    world.append("lender-b", LeafBody::WithdrawalReceived { withdrawal: given.withdrawal });
    world.pass(1_000);
    let opened = world.open("lender-d", given.leaf, 1);
    let place = world.logs[&id("lender-b")].len() as u64;
    world.help("lender-d", opened, &["lender-b", "lender-c"]);
    world.answer("lender-d", opened);
    assert_eq!(found_in(&world), vec![("lender-b".to_owned(), Some(place), Rule::ServedUnlawfully)]);
}

#[test]
fn a_re_used_consent() {
    let mut world = busy();
    let given = world.consent("lender-d");
    world.inquire("lender-d", given.leaf);
    world.pass(60);
    let again = world.open("lender-d", given.leaf, 1);
    assert_eq!(found_in(&world), one("lender-d", again.leaf, Rule::ReUsedConsent));
    for number in [2, 0] {
        let mut world = busy();
        let given = world.consent("lender-d");
        world.inquire("lender-d", given.leaf);
        let again = world.open("lender-d", given.leaf, number);
        assert_eq!(found_in(&world), one("lender-d", again.leaf, Rule::ReUsedConsent));
    }
}

#[test]
fn a_wrong_purpose() {
    let mut world = busy();
    let given = world.consent("lender-d");
    let opened = attempt(&mut world, given.leaf, |body| {
        if let LeafBody::InquiryOpened { purpose, .. } = body {
            *purpose = Purpose::LoanMonitoring;
        }
    });
    assert_eq!(found_in(&world), one("lender-d", opened.leaf, Rule::WrongPurpose));
}

#[test]
fn a_consent_that_claims_more_than_the_policy_allows() {
    for change in [0, 1] {
        let mut world = busy();
        let mut terms = world.terms();
        if change == 0 {
            terms.uses = 5;
        } else {
            terms.until = UnixTime(world.now + 400 * DAY);
        }
        let given = world.consent_with("lender-d", terms, None);
        assert_eq!(found_in(&world), one("lender-d", given.leaf, Rule::ConsentBeyondPolicy));
    }
}

#[test]
fn a_ground_that_the_policy_does_not_declare() {
    for (name, purpose, days, expected) in [
        ("court-order", Purpose::LoanMonitoring, 30, None),
        ("court-order", Purpose::LoanApplication, 30, Some(Rule::GroundNotDeclared)),
        ("curiosity", Purpose::LoanMonitoring, 30, Some(Rule::GroundNotDeclared)),
        ("court-order", Purpose::LoanMonitoring, 400, Some(Rule::ConsentBeyondPolicy)),
    ] {
        let mut world = busy();
        let mut terms = world.terms();
        (terms.purpose, terms.evidence) = (purpose, EvidenceKind::Order);
        terms.until = UnixTime(world.now + days * DAY);
        terms.notice = NoticeReference::nothing_shown(world.random());
        let ground = LawfulGround { name: name.into(), approval: world.random() };
        let given = world.consent_with("lender-d", terms, Some(ground));
        let expected = expected.map(|rule| one("lender-d", given.leaf, rule)).unwrap_or_default();
        assert_eq!(found_in(&world), expected, "{name} for {purpose}, {days} days");
    }
}

#[test]
fn a_holder_that_served_without_a_leaf_at_the_asker() {
    // A leaf that never was, one of another kind, and one beyond the checkpoint that the holder names.
    for way in 0..2 {
        let mut world = busy();
        let given = world.consent("lender-d");
        let leaf = match way {
            0 => LeafReference { index: given.leaf.index, hash: world.random() },
            _ => world.state("lender-d"),
        };
        let points = world.points(16);
        let transaction = TransactionId::random(&world.entropy);
        let served = world.serve("lender-c", "lender-d", EvaluationKind::Open, leaf, transaction, points);
        assert_eq!(found_in(&world), one("lender-c", served, Rule::ServedWithoutLeaf), "{way}");
    }
}

#[test]
fn a_holder_that_served_other_points() {
    for way in 0..3 {
        let mut world = busy();
        let given = world.consent("lender-d");
        let (mut points, mut transaction) = (given.locate, given.transaction);
        match way {
            0 => points.digest = world.random(),
            1 => points.count += 1,
            _ => transaction = TransactionId::random(&world.entropy),
        }
        let served =
            world.serve("lender-c", "lender-d", EvaluationKind::Locate, given.leaf, transaction, points);
        assert_eq!(found_in(&world), one("lender-c", served, Rule::ServedOtherPoints), "{way}");
    }
}

#[test]
fn a_holder_that_gave_two_results() {
    let mut world = busy();
    let given = world.consent("lender-d");
    let checkpoint = world.checkpoint_of("lender-d");
    let results = PointsReference { count: given.footprint.count, digest: world.random() };
    let body = LeafBody::EvaluationServed {
        peer: id("lender-d"),
        evaluation: EvaluationKind::Footprint,
        epoch: 1,
        generation: 1,
        leaf: given.leaf,
        checkpoint,
        points: given.footprint,
        results,
    };
    let served = world.append_as("lender-a", given.transaction, body);
    assert_eq!(found_in(&world), one("lender-a", served, Rule::DifferentResults));
}

#[test]
fn an_asker_whose_leaf_no_holder_served() {
    for helped in 0..2 {
        let mut world = busy();
        let given = world.consent("lender-d");
        let opened = world.open("lender-d", given.leaf, 1);
        world.help("lender-d", opened, &["lender-b", "lender-c"][..helped]);
        world.answer("lender-d", opened);
        assert_eq!(found_in(&world), [], "the holders' exports may have been made before");
        world.pass(1_000);
        assert_eq!(found_in(&world), one("lender-d", opened.leaf, Rule::UnservedLeaf), "{helped}");
        // Without the logs of enough holders nothing can be said.
        let some: Vec<_> = world.export_all().into_iter().filter(|(name, _)| name != "lender-a").collect();
        let expected = if helped == 0 { one("lender-d", opened.leaf, Rule::UnservedLeaf) } else { vec![] };
        assert_eq!(found(&run(&some)), expected, "{helped}");
    }
}

#[test]
fn a_member_without_a_share_counts_as_no_holder() {
    for other in ["op", "lender-d"] {
        let mut world = busy();
        let given = world.consent("lender-d");
        let opened = world.open("lender-d", given.leaf, 1);
        world.help("lender-d", opened, &["lender-b", other]);
        world.answer("lender-d", opened);
        world.pass(1_000);
        assert_eq!(found_in(&world), one("lender-d", opened.leaf, Rule::UnservedLeaf), "{other}");
    }
}

#[test]
fn an_opening_without_an_answer() {
    let mut world = busy();
    let given = world.consent("lender-d");
    let opened = world.open("lender-d", given.leaf, 1);
    world.help("lender-d", opened, &["lender-b", "lender-c"]);
    world.pass(DAY);
    assert_eq!(found_in(&world), [], "it may go on tomorrow");
    world.pass(DAY);
    assert_eq!(found_in(&world), one("lender-d", opened.leaf, Rule::OpeningWithoutAnswer));
}

#[test]
fn an_answer_without_its_opening() {
    let mut world = busy();
    let leaf = LeafReference { index: 9, hash: world.random() };
    let answer = world.random();
    let answered = world.append("lender-d", LeafBody::InquiryAnswered { opened: vec![leaf], answer });
    assert_eq!(found_in(&world), one("lender-d", answered, Rule::AnswerWithoutOpening));
}

#[test]
fn times_that_go_back_and_clocks_that_differ() {
    let mut world = busy();
    world.pass(2_000);
    world.state("lender-c");
    world.pass(-1_500);
    let back = world.state("lender-c");
    world.state("lender-c");
    world.pass(1_500);
    assert_eq!(found_in(&world), one("lender-c", back, Rule::TimeOrder));
    let mut world = busy();
    world.pass(2_000);
    let transaction = TransactionId::random(&world.entropy);
    let points = world.points(5);
    let ahead = world.append_as("lender-d", transaction, LeafBody::ReportingBatch { epoch: 1, points });
    world.pass(-2_000);
    world.serve("lender-c", "lender-d", EvaluationKind::Reporting, ahead, transaction, points);
    world.pass(2_000);
    assert_eq!(found_in(&world), one("lender-d", ahead, Rule::ClockSkew));
}

#[test]
fn leaves_that_are_none() {
    let mut world = busy();
    let place = world.logs[&id("lender-d")].len() as u64;
    let log = world.logs.get_mut(&id("lender-d")).unwrap();
    log.push(br#"{"v":1,"time":1795305600,"transaction":"00","kind":"log-opened"}"#.to_vec());
    assert_eq!(found_in(&world), vec![("lender-d".to_owned(), Some(place), Rule::LeafSchema)]);
    // Of a later version of the schema it cannot be said.
    let mut world = busy();
    world.logs.get_mut(&id("lender-d")).unwrap().push(br#"{"v":2,"kind":"new"}"#.to_vec());
    let report = run(&world.export_all());
    assert_eq!((report.findings.len(), report.unchecked.len()), (0, 1), "{report:?}");
    let mut world = busy();
    world.logs.get_mut(&id("op")).unwrap().remove(0);
    assert_eq!(found_in(&world), vec![("op".to_owned(), None, Rule::WrongBeginning)]);
}

#[test]
fn erasures() {
    let mut world = busy();
    let given = world.consent("lender-d");
    let opened = world.inquire("lender-d", given.leaf);
    let erase = |world: &mut World, of, ground| {
        let approval = world.random();
        world.append("lender-d", LeafBody::Erasure { of, ground, approval })
    };
    // An order of a court may come at any time, and must be shown; nothing else before the audit period is over.
    world.pass(DAY);
    let ordered = erase(&mut world, given.leaf, ErasureGround::Order);
    let mut expected = one("lender-d", ordered, Rule::ErasedTooEarly);
    assert_eq!(found_in(&world), expected);
    let early = erase(&mut world, opened.leaf, ErasureGround::ClientRequest);
    expected.extend(one("lender-d", early, Rule::ErasedTooEarly));
    assert_eq!(found_in(&world), expected);
    let words: Vec<_> = run(&world.export_all()).findings.into_iter().map(|finding| finding.words).collect();
    assert!(words[0].ends_with("must show the order.") && !words[1].contains("order"), "{words:?}");
    let mut late = busy();
    let given = late.consent("lender-d");
    late.pass(1_096 * DAY);
    for lender in ["lender-a", "lender-b", "lender-c", "lender-d"] {
        late.state(lender);
    }
    erase(&mut late, given.leaf, ErasureGround::RetentionOver);
    assert_eq!(found_in(&late), []);
    let nothing = LeafReference { index: given.leaf.index, hash: late.random() };
    let nowhere = erase(&mut late, nothing, ErasureGround::Order);
    assert_eq!(found_in(&late), one("lender-d", nowhere, Rule::ErasureOfNothing));
}

#[test]
fn a_consent_that_is_erased_before_what_it_explains_may_be() {
    for (later, too_early) in [(-DAY / 4, true), (DAY / 4, false)] {
        let mut world = busy();
        let given = world.consent("lender-d");
        world.pass(DAY / 2);
        world.inquire("lender-d", given.leaf);
        // The consent alone is old enough both times, its opening only the second time.
        world.pass(1_095 * DAY + later);
        for lender in ["lender-a", "lender-b", "lender-c", "lender-d"] {
            world.state(lender);
        }
        let approval = world.random();
        let body = LeafBody::Erasure { of: given.leaf, ground: ErasureGround::RetentionOver, approval };
        let erased = world.append("lender-d", body);
        let mut expected = one("lender-d", erased, Rule::ErasedTooEarly);
        expected.truncate(usize::from(too_early));
        assert_eq!(found_in(&world), expected);
    }
}

#[test]
fn an_erasure_of_a_drawn_leaf() {
    let mut world = busy();
    let given = world.consent("lender-d");
    let before = world.consent("lender-d");
    let erase = |world: &mut World, of| {
        let approval = world.random();
        world.append("lender-d", LeafBody::Erasure { of, ground: ErasureGround::Order, approval })
    };
    let early = erase(&mut world, before.leaf);
    let checkpoint = world.checkpoint_of("lender-d");
    let sample = |drawn: &[LeafReference]| {
        let leaf =
            |at: &LeafReference| DrawnLeaf { index: at.index, hash: at.hash, kind: DrawnKind::ConsentGiven };
        Sample {
            v: SAMPLE_VERSION,
            network: network(),
            member: id("lender-d"),
            origin: log_origin(&network(), &id("lender-d")),
            checkpoint,
            drawn_at: UnixTime(world.now + 10),
            seed: world.random(),
            count: 2,
            leaves: drawn.iter().map(leaf).collect(),
        }
    };
    let samples = [sample(&[given.leaf, before.leaf]), sample(&[before.leaf])];
    world.pass(20);
    let erased = erase(&mut world, given.leaf);
    let exports = world.export_all();
    // Both are early: on an order, but early.
    let too_early = |of| one("lender-d", of, Rule::ErasedTooEarly);
    let both = [too_early(early), too_early(erased)].concat();
    assert_eq!(found(&run(&exports)), both);
    for (sample, count) in samples.into_iter().zip([1, 0]) {
        let options = Options { samples: vec![sample], ..Options::default() };
        let mut drawn = one("lender-d", erased, Rule::ErasedDrawnLeaf);
        drawn.truncate(count);
        let expected = [both.clone(), drawn].concat();
        assert_eq!(found(&run_with(&exports, &options)), expected);
    }
}

#[test]
fn an_excess_of_reporting_evaluations() {
    let excess = vec![("lender-d".to_owned(), None, Rule::ExcessReportingEvaluations)];
    let mut world = World::new();
    world.report("lender-d", 30, 30);
    world.report("lender-d", 200, 5);
    assert_eq!(found_in(&world), excess);
    // Nothing published at all afterwards.
    let mut world = World::new();
    world.report("lender-d", 30, 30);
    world.report("lender-d", 100, 0);
    world.pass(2 * 3_600);
    world.state("lender-d");
    assert_eq!(found_in(&world), excess);
    let words = &run(&world.export_all()).findings[0].words;
    assert!(words.starts_with("130 identifiers") && words.contains("30 rows of clients"), "{words}");
    // Not hidden behind footprints, nor behind honest batches before and after.
    let mut world = World::new();
    world.report("lender-d", 30, 30);
    world.report("lender-d", 40, 0);
    for _ in 0..25 {
        let given = world.consent("lender-d");
        world.inquire("lender-d", given.leaf);
    }
    world.report("lender-d", 30, 30);
    assert_eq!(found_in(&world), excess);
}
