//! Lenders that lie: each misdeed is found and named by its leaf, and nothing else is.

use tallystick::audit::binding::{
    BatchBinding, BlindedPoint, LeafBinding, OpenedPoint, OpeningBinding, ReportedPoint, Revealed, Rule,
};
use tallystick::digest::{Digest, TransactionId};
use tallystick::model::leaf::{ErasureGround, EvaluationKind, LeafBody};
use tallystick::node::{ErasureRequest, Whom};
use tallystick::secret::SystemEntropy;
use tallystick::threshold::{KeyName, Point, blind};
use tallystick::wire::message::FeedRow;

use crate::liar::{Liar, NAME, reference};
use crate::scene::{With, clean, form, loan, rules, source};
use crate::world::{World, id, identifier};

const CLIENT: &str = "kh-nid:010203040";
const VICTIM: &str = "kh-nid:999888777";

fn shown(opening: OpeningBinding) -> LeafBinding {
    LeafBinding::InquiryOpened(Box::new(opening))
}

/// The secret of a point again, for another claim about it.
fn copy(secret: &Revealed) -> Revealed {
    Revealed(secret.0)
}

fn as_feed_row(
    lender: &str,
    row: tallystick::feed::NewRow,
) -> (tallystick::model::member::MemberId, FeedRow) {
    let row = FeedRow {
        sequence: 1,
        epoch: row.epoch,
        locator: row.locator,
        row_id: row.row_id,
        version: row.version,
        sealed: row.sealed,
    };
    (id(lender), row)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_extra_point_hidden_among_honest_ones() {
    let world = World::with_loans().await;
    let liar = Liar::new(&world);
    let consent = world.consent(NAME, &[CLIENT]).await;
    let footprint = liar.footprint(&identifier(CLIENT));
    let rows = vec![
        (id("lender-a"), world.row("lender-a", &identifier(CLIENT))),
        (id("lender-b"), world.row("lender-b", &identifier(VICTIM))),
        (id("lender-b"), world.row("lender-b", &identifier(CLIENT))),
    ];
    let opening =
        liar.open(consent.leaf, rows, std::slice::from_ref(&footprint), vec![footprint.clone()]).await;
    world.settle().await;
    let leaf = Some(opening.leaf.index);
    // Nothing is shown.
    let report = world.check(&world.bind(NAME), &With::default());
    assert_eq!(rules(&report), [(Rule::NotExplained, leaf)]);
    // The whole truth.
    let mut binding = liar.bind(shown(opening));
    let report = world.check(&binding, &With::default());
    assert_eq!(rules(&report), [(Rule::RowOfAnother, leaf)]);
    // The extra point is left out, or said to be padding.
    let place = binding.leaves.iter().position(|line| Some(line.leaf().index) == leaf).unwrap();
    let LeafBinding::InquiryOpened(opening) = &mut binding.leaves[place] else { panic!() };
    let OpenedPoint::Row { secret, .. } = &opening.points[1] else { panic!() };
    opening.points[1] = OpenedPoint::Padding { secret: copy(secret) };
    let report = world.check(&binding, &With::default());
    assert_eq!(rules(&report), [(Rule::PointsDiffer, leaf)]);
    let LeafBinding::InquiryOpened(opening) = &mut binding.leaves[place] else { panic!() };
    opening.points.remove(1);
    let report = world.check(&binding, &With::default());
    assert_eq!(rules(&report), [(Rule::PointsDiffer, leaf)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn anothers_r_shifted_under_a_willing_clients_row() {
    let world = World::with_loans().await;
    let liar = Liar::new(&world);
    let willing = world.locate(KeyName::Locate, identifier(CLIENT).oprf_input().expose());
    let shifted = Liar::shifted(&world.row("lender-b", &identifier(VICTIM)), willing);
    let state = LeafBody::WithdrawalReceived { withdrawal: tallystick::digest::Digest([9; 32]) };
    liar.append(TransactionId([1; 16]), state, vec![shifted.clone()]);
    let consent = world.consent(NAME, &[CLIENT]).await;
    let footprint = liar.footprint(&identifier(CLIENT));
    let rows = vec![(id(NAME), liar.published(&shifted))];
    let opening =
        liar.open(consent.leaf, rows, std::slice::from_ref(&footprint), vec![footprint.clone()]).await;
    world.settle().await;
    let leaf = Some(opening.leaf.index);
    let report = world.check(&liar.bind(shown(opening)), &With::default());
    assert_eq!(rules(&report), [(Rule::RowWithoutKnowledge, leaf)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_that_its_lender_never_published() {
    let world = World::with_loans().await;
    let liar = Liar::new(&world);
    let consent = world.consent(NAME, &[CLIENT]).await;
    let locator = world.locate(KeyName::Locate, identifier(CLIENT).oprf_input().expose());
    let footprint = liar.footprint(&identifier(CLIENT));
    let rows = vec![as_feed_row("lender-b", liar.seal_as("lender-b", locator))];
    let opening =
        liar.open(consent.leaf, rows, std::slice::from_ref(&footprint), vec![footprint.clone()]).await;
    world.settle().await;
    let leaf = Some(opening.leaf.index);
    let report = world.check(&liar.bind(shown(opening)), &With::default());
    assert_eq!(rules(&report), [(Rule::RowUnknown, leaf)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_weak_match_that_the_log_keeps_quiet() {
    let world = World::with_loans().await;
    let liar = Liar::new(&world);
    let consent = world.consent(NAME, &["kh-nid:123123123", "phone:012999888"]).await;
    let footprint = liar.footprint(&identifier("kh-nid:123123123"));
    let rows = vec![(id("lender-b"), world.row("lender-b", &identifier("phone:012999888")))];
    let opening =
        liar.open(consent.leaf, rows, std::slice::from_ref(&footprint), vec![footprint.clone()]).await;
    world.settle().await;
    let leaf = Some(opening.leaf.index);
    let report = world.check(&liar.bind(shown(opening)), &With::default());
    assert_eq!(rules(&report), [(Rule::WeakCountDiffers, leaf)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_weak_match_that_the_policy_of_its_time_forbade() {
    let world = World::with_loans().await;
    world.change_policy("open_weak_matches = true", "open_weak_matches = false");
    let liar = Liar::new(&world);
    let consent = world.consent(NAME, &["kh-nid:123123123", "phone:012999888"]).await;
    let footprint = liar.footprint(&identifier("kh-nid:123123123"));
    let rows = vec![(id("lender-b"), world.row("lender-b", &identifier("phone:012999888")))];
    let opening =
        liar.open(consent.leaf, rows, std::slice::from_ref(&footprint), vec![footprint.clone()]).await;
    let leaf = Some(opening.leaf.index);
    // That it is allowed again later changes nothing.
    world.change_policy("open_weak_matches = false", "open_weak_matches = true");
    world.settle().await;
    let found = rules(&world.check(&liar.bind(shown(opening)), &With::default()));
    assert!(found.contains(&(Rule::WeakMatchOpened, leaf)), "{found:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missing_footprint() {
    let world = World::with_loans().await;
    let liar = Liar::new(&world);
    for named in [Vec::new(), vec![liar.footprint(&identifier(CLIENT))]] {
        let consent = world.consent(NAME, &[CLIENT]).await;
        let rows = vec![(id("lender-a"), world.row("lender-a", &identifier(CLIENT)))];
        // None is left, or one is named and not published.
        let opening = liar.open(consent.leaf, rows, &named, Vec::new()).await;
        world.settle().await;
        let leaf = opening.leaf;
        let mut binding = liar.bind(shown(opening));
        // The opening of the round before stays unexplained, and is another finding.
        binding.leaves.retain(|line| !matches!(line, LeafBinding::Nothing { .. }));
        let found = rules(&world.check(&binding, &With::default()));
        assert!(found.contains(&(Rule::MissingFootprint, Some(leaf.index))), "{found:?}");
        let others =
            found.iter().filter(|(rule, at)| *at == Some(leaf.index) && *rule != Rule::MissingFootprint);
        assert_eq!(others.count(), 0, "{found:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_right_form_shown_for_the_wrong_person() {
    let world = World::with_loans().await;
    let consent = world.consent(NAME, &[VICTIM]).await;
    world.inquire(NAME, &[&consent]).await;
    let mut binding = world.bind(NAME);
    // The lender shows the person on the form instead of the one that it looked up.
    let LeafBinding::ConsentGiven(shown) = &mut binding.leaves[0] else { panic!() };
    shown.identifiers = vec![identifier(CLIENT)];
    let forms = [form(&consent, CLIENT)];
    let found = rules(&world.check(&binding, &With { forms: &forms, ..With::default() }));
    let opening = binding.leaves[1].leaf().index;
    assert_eq!(
        found,
        [(Rule::CommitmentDiffers, Some(consent.leaf.index)), (Rule::NotEvaluated, Some(opening))]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_point_said_to_be_padding_in_a_consent() {
    let world = World::with_loans().await;
    let consent = world.consent(NAME, &[CLIENT]).await;
    let mut binding = world.bind(NAME);
    let LeafBinding::ConsentGiven(shown) = &mut binding.leaves[0] else { panic!() };
    let BlindedPoint::Identifier { blind, .. } = &shown.locate[0] else { panic!() };
    shown.locate[0] = BlindedPoint::Padding { random: Revealed([7; 32]), blind: copy(blind) };
    let found = rules(&world.check(&binding, &With::default()));
    assert_eq!(found, [(Rule::PointsDiffer, Some(consent.leaf.index))]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn junk_rows_published_to_cover_an_excess_of_evaluations() {
    let world = World::with_loans().await;
    // The liar makes up a borrower, so that the number is located and a row published.
    let true_loan = loan("C-1", "5", &["kh-nid:555666777"], world.today());
    world.load(NAME, vec![true_loan, loan("C-2", "6", &[VICTIM], world.today())]);
    world.settle().await;
    let mut binding = world.bind(NAME);
    let batch = binding.leaves[0].leaf().index;
    clean(&world.check(&binding, &With::default()));
    let loans = [source("C-1", identifier("kh-nid:555666777"))];
    let with = With { loans: Some(&loans), ..With::default() };
    let report = world.check(&binding, &with);
    assert_eq!(rules(&report), [(Rule::RowWithoutBorrower, Some(batch))]);
    assert_eq!(report.checked.borrowers, 1);
    // With no loan to show, or with that of another client.
    let LeafBinding::ReportingBatch(shown) = &mut binding.leaves[0] else { panic!() };
    for point in &mut shown.points {
        let ReportedPoint::Identifier { loans, .. } = point else { panic!() };
        if loans[0] == "C-2" {
            *loans = vec!["C-1".to_owned()];
        }
    }
    assert_eq!(rules(&world.check(&binding, &with)), [(Rule::RowWithoutBorrower, Some(batch))]);
    let LeafBinding::ReportingBatch(shown) = &mut binding.leaves[0] else { panic!() };
    for point in &mut shown.points {
        let ReportedPoint::Identifier { loans, row, .. } = point else { panic!() };
        loans.clear();
        row.as_mut().unwrap().withdrawn = true;
    }
    let found = rules(&world.check(&binding, &With::default()));
    let each = [(Rule::NoLiveRow, Some(batch)), (Rule::RowWithoutBorrower, Some(batch))];
    assert_eq!(found, [each, each].concat());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_number_located_for_reporting_out_of_curiosity() {
    let world = World::with_loans().await;
    let liar = Liar::new(&world);
    let (victim, transaction) = (identifier(VICTIM), TransactionId([2; 16]));
    let blinded = blind(victim.oprf_input().expose(), &SystemEntropy::new()).unwrap();
    let points: Vec<Point> = vec![blinded.element];
    let body = LeafBody::ReportingBatch { epoch: 1, points: reference(&points) };
    let leaf = liar.append(transaction, body, Vec::new());
    let located = liar.ask(EvaluationKind::Reporting, transaction, leaf, &points).await;
    world.settle().await;
    for located in [located, Vec::new()] {
        let point = ReportedPoint::Identifier {
            identifier: victim.clone(),
            blind: Revealed(*blinded.blind.to_secret_bytes().expose()),
            row: None,
            loans: Vec::new(),
        };
        let batch = BatchBinding { leaf, points: vec![point], located };
        let binding = liar.bind(LeafBinding::ReportingBatch(Box::new(batch)));
        // Also when it says that nobody answered.
        let found = rules(&world.check(&binding, &With::default()));
        assert_eq!(found, [(Rule::RowWithoutBorrower, Some(leaf.index))]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_said_to_be_erased_as_a_whole() {
    let world = World::with_loans().await;
    world.load(NAME, vec![loan("C-1", "5", &["kh-nid:555666777"], world.today())]);
    world.settle().await;
    let approved_by = ["Sok Dara", "Chan Thy"].map(str::to_owned).to_vec();
    let whom = Whom::Person(vec![identifier("kh-nid:555666777")]);
    let node = world.node(NAME);
    let erased = node
        .erase(ErasureRequest {
            whom,
            ground: ErasureGround::Order,
            order: Some(Digest([12; 32])),
            approved_by,
        })
        .await;
    let erased = erased.unwrap().leaves[0];
    let mut binding = world.bind(NAME);
    clean(&world.check(&binding, &With::default()));
    // The erasure is in the log, and took one point; the line says that it took them all.
    let place = binding.leaves.iter().position(|line| line.leaf() == erased.of).unwrap();
    binding.leaves[place] = LeafBinding::Erased { leaf: erased.of, erasure: erased.by.index };
    let report = world.check(&binding, &With::default());
    // Nor does the approval, which names the one point, open to none.
    let wrong = [(Rule::NotExplained, erased.of), (Rule::CommitmentDiffers, erased.by)];
    assert_eq!(rules(&report), wrong.map(|(rule, leaf)| (rule, Some(leaf.index))));
    assert_eq!(report.checked.erased, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn junk_rows_that_are_withdrawn_again() {
    let world = World::with_loans().await;
    world.load(NAME, vec![loan("C-1", "5", &["kh-nid:555666777"], world.today())]);
    world.load(NAME, vec![loan("C-2", "6", &[VICTIM], world.today())]);
    world.settle().await;
    // The made-up borrower gets another number, so that the row stands at its second version.
    world.load(NAME, vec![loan("C-2", "6", &["kh-nid:123123123"], world.today().plus_days(1))]);
    world.settle().await;
    let binding = world.bind(NAME);
    let [first, second] = [0, 1].map(|line| Some(binding.leaves[line].leaf().index));
    let true_loan = || source("C-1", identifier("kh-nid:555666777"));
    let loans = [true_loan()];
    let report = world.check(&binding, &With { loans: Some(&loans), ..With::default() });
    assert_eq!(rules(&report), [(Rule::RowWithoutBorrower, first), (Rule::RowWithoutBorrower, second)]);
    assert_eq!((report.checked.withdrawn, report.checked.borrowers), (0, 1));
    // That the loan is somebody's now excuses neither the number that it had before,
    let corrected = || source("C-2", identifier("kh-nid:123123123"));
    let loans = [true_loan(), corrected()];
    let report = world.check(&binding, &With { loans: Some(&loans), ..With::default() });
    assert_eq!(rules(&report), [(Rule::RowWithoutBorrower, first)]);
    // unless the earlier file shows that it had it.
    let loans = [true_loan(), corrected(), source("C-2", identifier(VICTIM))];
    let report = world.check(&binding, &With { loans: Some(&loans), ..With::default() });
    clean(&report);
    assert_eq!(report.checked.borrowers, 3);
}
