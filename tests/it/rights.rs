//! A client's rights across members: her report, and withdrawal by the code on her receipt.

use tallystick::model::answer::Answer;
use tallystick::model::consent::{ConsentState, Purpose};
use tallystick::model::day::Day;
use tallystick::model::leaf::RefusalCode;
use tallystick::node::{Inquired, Node, SubjectError, open_answer};
use tallystick::receipt::verify_by_roster;

use crate::network::{Network, eventually, policy};
use crate::person::{consent, load, loan, question};

fn masked() -> String {
    let policy = policy();
    assert!(policy.contains("lender_names = \"shown\""));
    policy.replace("lender_names = \"shown\"", "lender_names = \"masked\"")
}

fn read(node: &Node, signed: &tallystick::node::SignedAnswer) -> Answer {
    open_answer(signed, &node.roster().member(node.me()).unwrap().answer_key).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn her_report_names_who_reports_and_who_asked_and_costs_her_nothing() {
    let mut network = Network::new(3, 3, 2, &masked());
    network.start_all().await;
    let (a, b, c) = (network.node("lender-a"), network.node("lender-b"), network.node("lender-c"));
    let today = Day::of(a.clock().now());
    let hers = "kh-nid:010203040";
    load(&a, vec![loan("A-1", "1", hers, 50_000, today)]);
    load(&b, vec![loan("B-1", "9", hers, 70_000, today), loan("B-2", "8", "kh-nid:999888777", 1_000, today)]);
    eventually("rows arrive at lender-a", || a.feeds().head(b.me()).unwrap().rows == 2).await;
    // Lender c asked before, under her consent.
    let applied = c.record_consent(consent(&c, hers)).await.unwrap();
    let Inquired::Answered(first) = c.inquire(&question(&applied.consent.to_string()), None).await.unwrap()
    else {
        panic!("refused")
    };
    let first = serde_json::to_string(&read(&c, &first)).unwrap();
    assert!(!first.contains("\"lender\":\"lender-b\""), "to a lender the others are masked: {first}");
    eventually("the footprint arrives at lender-a", || a.feeds().head(c.me()).unwrap().rows == 1).await;

    // At lender a, her request.
    let other = a.record_consent(consent(&a, "kh-nid:999888777")).await.unwrap();
    let mut request = consent(&a, hers);
    request.purpose = Purpose::SubjectAccess;
    let asked = a.record_consent(request).await.unwrap();
    let report = a.subject_report(&asked.consent).await.unwrap();
    let answer = read(&a, &report.answer);
    let person = &answer.persons[0];
    let lenders: Vec<(&str, bool)> =
        person.exposure.lenders.iter().map(|line| (line.lender.as_str(), line.own)).collect();
    assert_eq!(lenders, [("lender-a", true), ("lender-b", false)]);
    assert_eq!(person.exposure.lenders[1].as_of, Some(today));
    assert_eq!(person.exposure.lenders[1].facilities.len(), 1, "hers alone");
    let asked_by: Vec<(&str, &str)> =
        person.inquiries.lines.iter().map(|line| (line.lender.as_str(), line.purpose.as_str())).collect();
    assert_eq!(asked_by, [("lender-c", "loan-application")]);
    // What lender a recorded about her, and nobody else's.
    let held: Vec<_> = report.consents.iter().map(|held| (held.terms.consent, held.state)).collect();
    assert_eq!(held, [(asked.consent, ConsentState::UsedUp)]);
    assert_ne!(other.consent, asked.consent);
    assert_eq!(report.consents[0].inquiries[0].leaf, report.leaf);
    let leaf = String::from_utf8(a.log().leaves(report.leaf.index, 1).unwrap().remove(0)).unwrap();
    assert!(leaf.contains("inquiry-opened") && leaf.contains("subject-access"), "{leaf}");

    // Asked again, she gets the same, and no second use is spent.
    let size = a.log().head().size;
    let again = a.subject_report(&asked.consent).await.unwrap();
    assert_eq!((again.answer, again.leaf), (report.answer, report.leaf));
    assert_eq!(a.log().head().size, size, "nothing was asked");

    // Having asked for her own data is seen by the next lender and counted against nobody.
    eventually("her own footprint arrives at lender-b", || b.feeds().head(a.me()).unwrap().rows == 2).await;
    let next = b.record_consent(consent(&b, hers)).await.unwrap();
    let Inquired::Answered(next) = b.inquire(&question(&next.consent.to_string()), None).await.unwrap()
    else {
        panic!("refused")
    };
    let inquiries = &read(&b, &next).persons[0].inquiries;
    assert_eq!(inquiries.lines.len(), 2);
    assert_eq!(inquiries.others.days_30, Some(1), "lender c's only");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_consent_for_a_loan_is_no_request_for_a_report() {
    let mut network = Network::new(1, 1, 1, &policy());
    network.start_all().await;
    let a = network.node("lender-a");
    let recorded = a.record_consent(consent(&a, "kh-nid:010203040")).await.unwrap();
    let error = a.subject_report(&recorded.consent).await.unwrap_err();
    assert!(matches!(error, SubjectError::OtherPurpose(Purpose::LoanApplication)), "{error}");
    // And her request permits nothing but her report.
    let mut request = consent(&a, "kh-nid:010203040");
    request.purpose = Purpose::SubjectAccess;
    let asked = a.record_consent(request).await.unwrap();
    let Inquired::Refused(refused) = a.inquire(&question(&asked.consent.to_string()), None).await.unwrap()
    else {
        panic!("answered")
    };
    assert_eq!(refused.reason, RefusalCode::WrongPurpose);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_code_on_her_receipt_withdraws_at_a_member_that_never_heard_of_the_consent() {
    let mut network = Network::new(3, 2, 2, &policy());
    network.start_all().await;
    let (a, b, c) = (network.node("lender-a"), network.node("lender-b"), network.node("lender-c"));
    let recorded = a.record_consent(consent(&a, "kh-nid:010203040")).await.unwrap();
    // What she has is her receipt, and what lender c has is the roster.
    let receipt = verify_by_roster(&recorded.receipt, &c.roster()).unwrap().receipt;
    let code = receipt.tally.withdrawal_code;
    // One sign of it wrong: taken, passed on, and nobody knows a consent.
    let mut mistyped = code;
    mistyped.0[3] ^= 1;
    let unknown = c.present_withdrawal(mistyped).await.unwrap();
    assert!(unknown.is_new && unknown.lenders.is_empty() && unknown.told.len() == 3, "{unknown:?}");
    // Lender c is no key holder and has nobody else's log; lender a says that the consent is its own.
    assert!(c.mirror().head(a.me()).unwrap().is_none());
    let presented = c.present_withdrawal(code).await.unwrap();
    assert!(presented.is_new && presented.lenders.iter().eq([a.me()]), "{presented:?}");
    let told = presented.told;
    assert!(told.contains(a.me()) && told.contains(b.me()), "{told:?}");
    assert!(!c.present_withdrawal(code).await.unwrap().is_new);
    assert!(b.is_withdrawn(&code.hash()).unwrap());
    assert_eq!(a.consent(&recorded.consent).unwrap().state, ConsentState::Withdrawn);
    let refused = a.inquire(&question(&recorded.consent.to_string()), None).await.unwrap();
    let Inquired::Refused(refused) = refused else { panic!("answered") };
    assert_eq!(refused.reason, RefusalCode::Withdrawn);
}
