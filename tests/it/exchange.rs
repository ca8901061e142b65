//! Publication, consent, inquiry, refusal, absence, withdrawal.

use tallystick::digest::WithdrawalCode;
use tallystick::merkle::Note;
use tallystick::merkle::cosignature::{CosignerVerifierKey, witnesses};
use tallystick::model::day::Day;
use tallystick::model::inquiry::InquiryPerson;
use tallystick::model::inquiry::Role;
use tallystick::model::leaf::RefusalCode;
use tallystick::node::{Inquired, open_answer};
use tallystick::secret::SystemEntropy;

use crate::network::{Network, eventually, policy};
use crate::person::{consent, load, loan, question};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_consented_inquiry_sees_the_others_and_a_second_one_is_refused() {
    let mut network = Network::new(3, 3, 2, &policy());
    network.start_all().await;
    let (a, b, c) = (network.node("lender-a"), network.node("lender-b"), network.node("lender-c"));
    let today = Day::of(a.clock().now());
    load(&a, vec![loan("A-1", "1", "kh-nid:010203040", 50_000, today)]);
    load(
        &b,
        vec![
            loan("B-1", "9", "kh-nid:010 203 040", 70_000, today),
            loan("B-2", "8", "kh-nid:999888777", 1_000, today),
        ],
    );
    eventually("rows arrive at lender-c", || {
        let rows = |name: &str| c.feeds().head(&name.parse().unwrap()).unwrap().rows;
        rows("lender-a") == 1 && rows("lender-b") == 2
    })
    .await;
    let recorded = c.record_consent(consent(&c, "kh-nid:០១០២០៣០៤០")).await.unwrap();
    assert!(recorded.located, "{:?}", recorded.trouble);
    let request = question(&recorded.consent.to_string());
    let Inquired::Answered(signed) = c.inquire(&request, None).await.unwrap() else { panic!("refused") };
    let key = c.roster().member(c.me()).unwrap().answer_key;
    let answer = open_answer(&signed, &key).unwrap();
    let text = serde_json::to_string_pretty(&answer).unwrap();
    assert!(text.contains("500.00") && text.contains("700.00") && text.contains("1200.00"), "{text}");
    assert!(!text.contains("10.00\""), "another person's loan: {text}");
    // The one use is spent.
    let Inquired::Refused(refused) = c.inquire(&request, None).await.unwrap() else {
        panic!("answered twice")
    };
    assert_eq!(refused.reason, RefusalCode::UsedUp);
    // The same transaction gives the same answer.
    let first = answer.transaction.parse().unwrap();
    let Inquired::Answered(again) = c.inquire(&request, Some(first)).await.unwrap() else { panic!() };
    assert_eq!(again, signed);
    for node in [&a, &b, &c] {
        node.log().verify().unwrap();
        assert!(node.feeds().verify(b.me()).unwrap());
    }
    // The footprint is seen by the next lender that asks, a moment later.
    eventually("the footprint arrives at lender-a", || a.feeds().head(c.me()).unwrap().rows == 1).await;
    let asked = a.record_consent(consent(&a, "kh-nid:010203040")).await.unwrap();
    let Inquired::Answered(signed) = a.inquire(&question(&asked.consent.to_string()), None).await.unwrap()
    else {
        panic!("refused")
    };
    let answer = open_answer(&signed, &a.roster().member(a.me()).unwrap().answer_key).unwrap();
    let seen = serde_json::to_value(&answer.persons[0].inquiries).unwrap();
    assert!(seen.to_string().contains('1'), "{seen}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_enough_holders_nothing_is_answered_and_the_retry_costs_no_second_use() {
    let mut network = Network::new(4, 3, 2, &policy());
    network.start_all().await;
    let (a, d) = (network.node("lender-a"), network.node("lender-d"));
    let today = Day::of(a.clock().now());
    load(&a, vec![loan("A-1", "1", "kh-nid:010203040", 50_000, today)]);
    eventually("rows arrive", || d.feeds().head(a.me()).unwrap().rows == 1).await;
    let recorded = d.record_consent(consent(&d, "kh-nid:010203040")).await.unwrap();
    drop(a);
    network.stop("lender-a").await;
    network.stop("lender-b").await;
    let request = question(&recorded.consent.to_string());
    let error = d.inquire(&request, None).await.unwrap_err().to_string();
    assert!(
        error.contains("lender-a") && error.contains("lender-b") && error.contains("1 of the 2"),
        "{error}"
    );
    network.start("lender-b").await;
    let Inquired::Answered(signed) = d.inquire(&request, None).await.unwrap() else { panic!("refused") };
    let answer = open_answer(&signed, &d.roster().member(d.me()).unwrap().answer_key).unwrap();
    assert!(serde_json::to_string(&answer).unwrap().contains("500.00"));
    assert_eq!(d.consent(&recorded.consent).unwrap().uses_spent, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_code_presented_anywhere_stops_the_opening_everywhere() {
    let mut network = Network::new(4, 3, 2, &policy());
    network.start_all().await;
    let (b, d) = (network.node("lender-b"), network.node("lender-d"));
    let recorded = d.record_consent(consent(&d, "kh-nid:010203040")).await.unwrap();
    let op = network.node("op");
    assert!(op.withdraw(&recorded.withdrawal).unwrap());
    let told = op.flood_withdrawal(recorded.withdrawal).await;
    assert_eq!(told.len(), 4);
    assert!(b.is_withdrawn(&recorded.withdrawal.hash()).unwrap());
    let refused = d.inquire(&question(&recorded.consent.to_string()), None).await.unwrap();
    let Inquired::Refused(refused) = refused else { panic!("answered") };
    assert_eq!(refused.reason, RefusalCode::Withdrawn);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_cosignatures_of_the_holders_that_served_go_with_the_log() {
    let mut network = Network::new(4, 3, 2, &policy());
    network.start_all().await;
    let d = network.node("lender-d");
    let roster = d.roster();
    let keys: Vec<CosignerVerifierKey> =
        roster.witnesses_of(d.me()).iter().map(|member| member.cosigner_key.parse().unwrap()).collect();
    // The node may log a state of its feed right after a consent; hardly five times.
    let served = async || {
        assert!(d.record_consent(consent(&d, "kh-nid:010203040")).await.unwrap().located);
        let published = d.log().published().unwrap();
        let note = Note::parse(&published.checkpoint).unwrap();
        assert_eq!(note.text(), Note::parse(&d.log().head().checkpoint).unwrap().text());
        witnesses(&note, &keys).unwrap().count() >= 2
    };
    let mut found = false;
    for _ in 0..5 {
        found = found || served().await;
    }
    assert!(
        found,
        "the newest checkpoint never had the cosignatures of the two holders that had just served"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_household_is_opened_person_by_person_under_one_transaction() {
    let mut network = Network::new(4, 3, 2, &policy());
    network.start_all().await;
    let (a, d) = (network.node("lender-a"), network.node("lender-d"));
    let today = Day::of(a.clock().now());
    load(
        &a,
        vec![
            loan("A-1", "1", "kh-nid:010203040", 50_000, today),
            loan("A-2", "2", "kh-nid:999888777", 70_000, today),
        ],
    );
    eventually("rows arrive", || d.feeds().head(a.me()).unwrap().rows == 2).await;
    let applicant = d.record_consent(consent(&d, "kh-nid:010203040")).await.unwrap().consent;
    let spouse = d.record_consent(consent(&d, "kh-nid:999888777")).await.unwrap().consent;
    let mut request = question(&applicant.to_string());
    // One consent in two spellings is one consent, and does not wait for itself.
    let capitals = applicant.to_string().to_uppercase();
    request.persons.push(InquiryPerson { role: Role::Spouse, consent: capitals });
    let twice = tokio::time::timeout(std::time::Duration::from_secs(5), d.inquire(&request, None)).await;
    assert!(twice.expect("waits for itself").is_err());
    request.persons[1].consent = spouse.to_string();
    let Inquired::Answered(signed) = d.inquire(&request, None).await.unwrap() else { panic!("refused") };
    let answer = open_answer(&signed, &d.roster().member(d.me()).unwrap().answer_key).unwrap();
    let text = serde_json::to_string(&answer).unwrap();
    assert!(text.contains("500.00") && text.contains("700.00"), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn codes_presented_at_once_all_reach_those_that_ask_for_them() {
    let mut network = Network::new(1, 1, 1, &policy());
    network.start_all().await;
    let (op, a) = (network.node("op"), network.node("lender-a"));
    let codes: Vec<WithdrawalCode> = (0..32).map(|_| WithdrawalCode::random(&SystemEntropy::new())).collect();
    std::thread::scope(|scope| {
        for code in &codes {
            scope.spawn(|| assert!(op.withdraw(code).unwrap()));
        }
    });
    // Nobody floods them here: what the other member learns it learns by asking.
    eventually("every code arrives", || codes.iter().all(|code| a.is_withdrawn(&code.hash()).unwrap())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_corrected_identifier_no_longer_shows_the_loan_and_a_half_loaded_book_shows_no_date() {
    let mut network = Network::new(3, 3, 2, &policy());
    network.start_all().await;
    let (a, b) = (network.node("lender-a"), network.node("lender-b"));
    let today = Day::of(a.clock().now());
    load(&a, vec![loan("A-1", "1", "kh-nid:999888777", 50_000, today)]);
    eventually("the row arrives", || b.feeds().head(a.me()).unwrap().rows == 1).await;
    assert_eq!(b.feeds().state(a.me()).unwrap().unwrap().as_of, Some(today));
    // The clerk had typed another person's number.
    load(&a, vec![loan("A-1", "1", "kh-nid:010203040", 50_000, today)]);
    eventually("two rows, one of them a withdrawal", || b.feeds().head(a.me()).unwrap().sequence >= 3).await;
    let other = b.record_consent(consent(&b, "kh-nid:999888777")).await.unwrap().consent;
    let Inquired::Answered(signed) = b.inquire(&question(&other.to_string()), None).await.unwrap() else {
        panic!("refused")
    };
    let answer = open_answer(&signed, &b.roster().member(b.me()).unwrap().answer_key).unwrap();
    assert!(!serde_json::to_string(&answer).unwrap().contains("500.00"), "another person's loan");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn known_clients_are_published_while_new_ones_wait_for_holders() {
    let mut network = Network::new(4, 3, 2, &policy());
    network.start_all().await;
    let (c, d) = (network.node("lender-c"), network.node("lender-d"));
    let today = Day::of(d.clock().now());
    load(&d, vec![loan("D-1", "1", "kh-nid:010203040", 50_000, today.plus_days(-1))]);
    eventually("the row arrives", || c.feeds().head(d.me()).unwrap().rows == 1).await;
    network.stop("lender-a").await;
    network.stop("lender-b").await;
    load(
        &d,
        vec![
            loan("D-1", "1", "kh-nid:010203040", 60_000, today),
            loan("D-2", "2", "kh-nid:999888777", 70_000, today),
        ],
    );
    eventually("the known client's row", || c.feeds().head(d.me()).unwrap().sequence == 2).await;
    // Half of the new load is in the feed: it must not look as if all of it were.
    let as_of = || c.feeds().state(d.me()).unwrap().unwrap().as_of;
    assert_eq!(as_of(), Some(today.plus_days(-1)));
    network.start("lender-a").await;
    eventually("the new client's row", || c.feeds().head(d.me()).unwrap().rows == 2).await;
    assert_eq!(as_of(), Some(today));
}
