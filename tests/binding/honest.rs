//! Honest lenders: everything is explained, and nothing is found.

use tallystick::audit::binding::{Binding, LeafBinding, ReportedPoint, Rule};
use tallystick::formats::Format;
use tallystick::node::{ImportOptions, PublishError};

use crate::scene::{With, clean, form, loan, rules, source};
use crate::world::{LENDERS, World, identifier};

/// A household's inquiry, and one that opens a row on a telephone number alone.
async fn world_with_inquiries() -> (World, [tallystick::node::RecordedConsent; 3]) {
    let world = World::with_loans().await;
    let one = world.consent("lender-c", &["kh-nid:010203040", "phone:012345678"]).await;
    let other = world.consent("lender-c", &["kh-nid:999888777"]).await;
    world.inquire("lender-c", &[&one, &other]).await;
    let weak = world.consent("lender-c", &["kh-nid:123123123", "phone:012999888"]).await;
    world.inquire("lender-c", &[&weak]).await;
    // Somebody else asks meanwhile: footprints are opened too.
    let asked = world.consent("lender-a", &["kh-nid:010203040"]).await;
    world.inquire("lender-a", &[&asked]).await;
    (world, [one, other, weak])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_is_explained_and_nothing_found() {
    let (world, [one, other, weak]) = world_with_inquiries().await;
    let forms = [
        form(&one, "kh-nid:010203040"),
        form(&one, "phone:+855 12 345 678"),
        form(&other, "kh-nid:999888777"),
        form(&weak, "kh-nid:123123123"),
        form(&weak, "phone:012999888"),
    ];
    let loans = [
        source("A-1", identifier("kh-nid:010203040")),
        source("A-1", identifier("phone:012345678")),
        source("B-1", identifier("kh-nid:010203040")),
        source("B-2", identifier("kh-nid:999888777")),
        source("B-2", identifier("phone:012999888")),
    ];
    for lender in LENDERS {
        let sample = world.sample(lender);
        let binding = world.node(lender).make_binding(&sample).unwrap();
        let lines = binding.to_lines();
        assert_eq!(Binding::from_lines(&lines).unwrap(), binding);
        let report =
            world.check(&binding, &With { sample: Some(&sample), forms: &forms, loans: Some(&loans) });
        clean(&report);
        assert!(report.made_leaf_seen);
        let checked = report.checked;
        assert_eq!((checked.not_evaluated, checked.rows_without_copy, checked.erased), (0, 0, 0));
        match lender {
            "lender-c" => {
                assert_eq!((checked.consents, checked.openings, checked.forms), (3, 3, 3));
                // A's and B's exposure, B's under the other number, and the one behind the telephone number.
                assert_eq!(checked.rows, 4, "{checked:?}");
                assert_eq!((checked.footprints, checked.without_form), (3, 0));
            }
            "lender-a" => {
                assert_eq!((checked.batches, checked.consents, checked.borrowers), (1, 1, 2));
                // B's exposure, and C's footprint.
                assert_eq!((checked.rows, checked.without_form), (2, 1), "{checked:?}");
            }
            _ => assert_eq!((checked.batches, checked.borrowers), (1, 3)),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_no_holder_evaluated_is_explained_all_the_same() {
    let world = World::new();
    world.away(&LENDERS);
    let a = world.node("lender-a");
    world.load("lender-a", vec![loan("A-1", "1", &["kh-nid:010203040"], world.today())]);
    assert!(matches!(a.publish_round().await, Err(PublishError::Ask(_))));
    let unlocated = world.consent("lender-a", &["kh-nid:010203040"]).await;
    assert!(!unlocated.located);
    let binding = world.bind("lender-a");
    assert!(binding.leaves.iter().all(|leaf| !matches!(leaf, LeafBinding::Nothing { .. })), "{binding:?}");
    let report = world.check(&binding, &With::default());
    clean(&report);
    // The batch; the consent's two lists.
    assert_eq!((report.checked.batches, report.checked.consents, report.checked.not_evaluated), (1, 1, 3));
    assert_eq!((report.checked.identifiers, report.checked.evaluations), (9, 0));
    // The next round asks for the same batch; the consent's lists wait for an inquiry.
    world.away(&[]);
    world.settle().await;
    let report = world.check(&world.bind("lender-a"), &With::default());
    clean(&report);
    assert_eq!((report.checked.batches, report.checked.not_evaluated), (1, 2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_number_that_was_corrected_is_no_finding() {
    let world = World::with_loans().await;
    world.load("lender-b", vec![loan("B-2", "8", &["kh-nid:777888999"], world.today().plus_days(1))]);
    world.settle().await;
    let binding = world.bind("lender-b");
    let points = binding.leaves.iter().filter_map(|leaf| match leaf {
        LeafBinding::ReportingBatch(batch) => Some(&batch.points),
        _ => None,
    });
    let withdrawn = points
        .flatten()
        .filter(|point| matches!(point, ReportedPoint::Identifier { row: Some(row), .. } if row.withdrawn));
    assert_eq!(withdrawn.count(), 2);
    let now =
        || [source("B-1", identifier("kh-nid:010203040")), source("B-2", identifier("kh-nid:777888999"))];
    let before =
        [source("B-2", identifier("kh-nid:999888777")), source("B-2", identifier("phone:012999888"))];
    let loans: Vec<_> = now().into_iter().chain(before).collect();
    let report = world.check(&binding, &With { loans: Some(&loans), ..With::default() });
    clean(&report);
    assert_eq!(report.checked.borrowers, 4);
    // The lender's word alone is not enough: strangers would be located so.
    let report = world.check(&binding, &With { loans: Some(&now()), ..With::default() });
    assert_eq!(rules(&report).len(), 2);
    assert!(rules(&report).iter().all(|(rule, _)| *rule == Rule::RowWithoutBorrower));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_load_that_was_taken_back_is_no_finding() {
    let world = World::new();
    let node = world.node("lender-a");
    let csv = "account,client,branch,as_of,kh-nid,status,currency,disbursed,outstanding,overdue\n\
               L-1,C-1,Kandal,2026-11-20,100000007,current,KHR,9000000,100,\n";
    let options = ImportOptions::new(Format::Csv, "book.csv");
    let loaded = node.import(&mut csv.as_bytes(), &options, &mut |_| ()).unwrap();
    assert_eq!(loaded.load.rejected, 0);
    world.settle().await;
    node.undo_load(loaded.load.number, "dara").unwrap();
    world.settle().await;
    let binding = world.bind("lender-a");
    clean(&world.check(&binding, &With::default()));
    // The file that was taken back shows whom it named; that something was taken back excuses nobody else.
    let loans = [source("L-1", identifier("kh-nid:100000007"))];
    let report = world.check(&binding, &With { loans: Some(&loans), ..With::default() });
    clean(&report);
    assert_eq!(report.checked.borrowers, 1);
    let loans = [source("L-1", identifier("kh-nid:100000008"))];
    let report = world.check(&binding, &With { loans: Some(&loans), ..With::default() });
    assert!(matches!(rules(&report)[..], [(Rule::RowWithoutBorrower, Some(_))]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_was_looked_up_instead_of_the_person_on_the_form_is_found() {
    let world = World::with_loans().await;
    // The form is signed by the one, the officer types the number of the other.
    let consent = world.consent("lender-c", &["kh-nid:999888777"]).await;
    world.inquire("lender-c", &[&consent]).await;
    let binding = world.bind("lender-c");
    clean(&world.check(&binding, &With::default()));
    let forms = [form(&consent, "kh-nid:010203040")];
    let report = world.check(&binding, &With { forms: &forms, ..With::default() });
    assert_eq!(rules(&report), [(Rule::OtherPersonThanForm, Some(consent.leaf.index))]);
    assert_eq!(report.findings[0].institution.as_str(), "lender-c");
    assert!(!serde_json::to_string(&report).unwrap().contains("999888777"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_policy_allowed_then_is_judged_by_the_policy_of_then() {
    let (world, _) = world_with_inquiries().await;
    world.change_policy("open_weak_matches = true", "open_weak_matches = false");
    let sample = world.sample("lender-c");
    let binding = world.node("lender-c").make_binding(&sample).unwrap();
    let report = world.check(&binding, &With { sample: Some(&sample), ..With::default() });
    clean(&report);
    assert_eq!(report.checked.openings, 3);
}
