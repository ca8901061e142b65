//! What an auditor finds in the exports of the nodes: nothing when the periods were kept, and whose fault it was when not.

use std::collections::BTreeMap;
use std::path::Path;

use tallystick::audit::{Export, Options, Report, Rule, verify};
use tallystick::cli::log::export::export;
use tallystick::model::leaf::{DisputeAnswer, DisputeOutcome};
use tallystick::secret::SystemEntropy;

use crate::circle::Circle;
use crate::person::{load, loan};
use crate::scene::{DAY, HERS, TODAY, decision, deliver, network, opened};

type Files = BTreeMap<String, Vec<u8>>;

fn read(root: &Path, at: &Path, files: &mut Files) {
    for entry in std::fs::read_dir(at).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            files.insert(name, std::fs::read(&path).unwrap());
        }
    }
}

/// Every member's export, verified together.
async fn audited(circle: &Circle) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let mut exports: Vec<(String, Files)> = Vec::new();
    for seat in circle.seats.values() {
        let node = seat.node.as_ref().unwrap();
        let (have, needed) = node.gather_quorum().await.unwrap();
        assert!(have >= needed);
        let to = folder.path().join(node.me().as_str());
        let (from, into) = (std::sync::Arc::clone(node), to.clone());
        let written = tokio::task::spawn_blocking(move || export(&from, &into).is_ok());
        assert!(written.await.unwrap());
        let mut files = Files::new();
        read(&to, &to, &mut files);
        exports.push((node.me().to_string(), files));
    }
    let exports: Vec<Export<'_>> = exports.iter().map(|(name, folder)| Export { name, folder }).collect();
    verify(&exports, &Options::default(), &SystemEntropy::new())
}

/// Findings about disputes, whose and which.
fn about_disputes(report: &Report) -> Vec<(String, Rule)> {
    let found = report.findings.iter().filter(|finding| finding.rule.word().starts_with("dispute-"));
    found.map(|finding| (finding.institution.to_string(), finding.rule)).collect()
}

fn correct(circle: &Circle) {
    load(&circle.node("m-b"), vec![loan("B-1", "1", HERS, 30_000, TODAY.parse().unwrap())]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dispute_that_was_kept_in_time_gives_no_finding() {
    let circle = network().await;
    let dispute = opened(&circle).await;
    deliver(&circle).await;
    circle.settle().await;
    circle.clock.advance(600);
    let lender = circle.node("m-b");
    lender.answer_dispute(dispute, decision(DisputeAnswer::Accepted, None)).unwrap();
    deliver(&circle).await;
    correct(&circle);
    lender.resolve_dispute(dispute, DisputeOutcome::Corrected).unwrap();
    deliver(&circle).await;
    circle.settle().await;
    let report = audited(&circle).await;
    assert!(report.findings.is_empty() && report.unchecked.is_empty(), "{report:?}");
    assert_eq!(report.logs.values().map(|log| log.disputes).sum::<u64>(), 6);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_late_is_found_at_whom_it_lay() {
    let circle = network().await;
    let dispute = opened(&circle).await;
    deliver(&circle).await;
    // The nodes run meanwhile, and do what they do every few seconds.
    let days = |count: i64| {
        let circle = &circle;
        async move {
            for _ in 0..count {
                circle.clock.advance(DAY);
                circle.meet().await;
                for seat in circle.seats.values() {
                    let node = seat.node.as_ref().unwrap();
                    node.escalate_disputes().unwrap();
                    node.sign_feed_state().unwrap();
                    node.gather_quorum().await.unwrap();
                }
                deliver(circle).await;
            }
        }
    };
    days(22).await;
    let unanswered = vec![("m-b".to_owned(), Rule::DisputeAnsweredLate)];
    assert_eq!(about_disputes(&audited(&circle).await), unanswered);
    let lender = circle.node("m-b");
    lender.answer_dispute(dispute, decision(DisputeAnswer::Rejected, Some("it stands"))).unwrap();
    days(9).await;
    // The opener has the reasons since, and still the days between the two clocks.
    assert_eq!(about_disputes(&audited(&circle).await), unanswered);
    assert_eq!(circle.node("m-a").escalated_disputes().unwrap().len(), 1);
    days(2).await;
    let mut both = unanswered.clone();
    both.push(("m-d".to_owned(), Rule::DisputeUnresolved));
    assert_eq!(about_disputes(&audited(&circle).await), both, "both have told the operator");
    circle.node("m-d").resolve_dispute(dispute, DisputeOutcome::Rejected).unwrap();
    deliver(&circle).await;
    // What the lender has to say of it waits for its next round.
    deliver(&circle).await;
    assert_eq!(about_disputes(&audited(&circle).await), both, "closed late is late");
    assert!(circle.node("m-a").escalated_disputes().unwrap().is_empty());
}
