//! When all faults end and everybody runs: everything converges, and the logs of all nodes together are clean.

use std::collections::BTreeMap;
use std::sync::Arc;

use tallystick::audit::export::{CHECKPOINT, MANIFEST, QUORUM, feed_rows_path};
use tallystick::audit::{Export, Finding, Options, Rule, verify};
use tallystick::digest::TransactionId;
use tallystick::merkle::tiles_of;
use tallystick::model::answer::CoverageState;
use tallystick::model::day::Day;
use tallystick::model::member::MemberId;
use tallystick::node::{Inquired, Node, open_answer};
use tallystick::secret::SeededEntropy;
use tallystick::store::Reopen;

use crate::circle::name_of;
use crate::model::STALE_AFTER_DAYS;
use crate::op::{Lie, Op};
use crate::plan::AUDIT_EACH;
use crate::world::{World, member};

/// Rounds of tending at the end, at least and at most.
const TENDED_MIN: usize = 3;
const TENDED_MAX: usize = 8;

impl World {
    /// All faults end, and everything must come right.
    pub(crate) async fn end(&mut self, seed: u64) {
        self.net.heal();
        self.net.honest();
        for at in self.places() {
            self.circle.seats[&member(at)].clock.set_off(0);
            self.restart(at, Reopen::Killed);
        }
        // What was signed by a fast clock is in the past now.
        self.circle.clock.advance(3 * 3_600);
        for _ in 0..3 {
            self.settle_all().await;
            self.bring_back();
            // Whoever has too few answers is patient for some seconds.
            self.circle.clock.advance(60);
        }
        for at in self.places() {
            assert!(self.settle_at(at).await, "{}: {:?}", member(at), self.node(at).unwrap().standing());
        }
        for at in self.places() {
            let from = (at + 1) % self.members;
            self.step(&Op::FetchRoster { at, from }).await;
        }
        // Rounds until nobody publishes any more: what somebody publishes in one is followed in the next. A publication may
        // itself take a round for its witnesses and one for its clients.
        let mut before = Vec::new();
        for round in 0..TENDED_MAX {
            let heads = self.own_heads();
            if round >= TENDED_MIN && heads == before {
                break;
            }
            before = heads;
            self.step(&Op::TendAll).await;
        }
        for at in self.places() {
            self.check_book(at);
            self.converged(at);
        }
        self.finish_inquiries().await;
        self.ask_everywhere(seed).await;
        self.step(&Op::TendAll).await;
        if seed.is_multiple_of(AUDIT_EACH) {
            self.audit(seed);
        }
    }

    /// How far everybody's own feed has come.
    fn own_heads(&self) -> Vec<u64> {
        let head = |node: &Node| node.feeds().head(node.me()).unwrap().sequence;
        self.places().map(|at| head(&self.node(at).unwrap())).collect()
    }

    /// Every copy is equal, covered and whole; every withdrawal is everywhere.
    fn converged(&self, at: u8) {
        let node = self.node(at).unwrap();
        assert_eq!(node.book().pending_count().unwrap(), 0, "{}: clients wait for ever", node.me());
        for of in self.places() {
            let theirs = self.node(of).unwrap();
            let (ours, own) =
                (node.feeds().head(theirs.me()).unwrap(), theirs.feeds().head(theirs.me()).unwrap());
            let place = format!("{} of {}", node.me(), theirs.me());
            assert_eq!(ours.differs_since, None, "{place}");
            // Nobody is accused who did nothing.
            let forks = node.mirror().forks(theirs.me()).unwrap().len();
            assert!(forks == 0 || self.net.has_told(theirs.me(), Lie::Leaf), "{place}: {forks} forks");
            let accused = node.feeds().conflicts().unwrap().iter().any(|(of, _)| of == theirs.me().as_str());
            assert!(!accused || self.net.has_told(theirs.me(), Lie::OtherState), "{place}: two states");
            assert_eq!((ours.sequence, ours.rows), (own.sequence, own.rows), "{place}");
            assert!(ours.digest == own.digest && ours.covered == own.covered, "{place}: digests differ");
        }
        for consent in &self.model.borrow().consents {
            let is_taken = !consent.taken_at.is_empty();
            let knows = node.is_withdrawn(&consent.code.hash()).unwrap();
            assert!(knows || !is_taken, "{}: a withdrawal never reached it", node.me());
        }
    }

    /// What was broken off goes on, or is refused for a reason.
    async fn finish_inquiries(&mut self) {
        let open: Vec<(u8, TransactionId)> = {
            let model = self.model.borrow();
            let open = model.inquiries.iter().filter(|(_, inquiry)| inquiry.answer.is_none());
            open.map(|(id, inquiry)| (inquiry.at, *id)).collect()
        };
        for (at, transaction) in open {
            let node = self.node(at).unwrap();
            if self.logs.borrow().openings_of(node.me(), transaction).is_empty() {
                continue;
            }
            let request = self.model.borrow().inquiries[&transaction].request.clone();
            let said = self.ask(at, &node, &request, transaction).await;
            self.pull();
            // A use that was spent gives its answer, however late, unless the client or the time has ended her consent.
            let lawful = ["answered", "Withdrawn", "Expired", "NoConsent"];
            assert!(lawful.contains(&said.as_str()), "{}: {said}", node.me());
        }
    }

    /// Every lender asks about somebody, and the answer is complete where everybody's figures are young.
    async fn ask_everywhere(&mut self, seed: u64) {
        for at in self.places().take(7) {
            let person = u32::from(at) % crate::plan::PERSONS;
            self.step(&Op::Consent { at, person, uses: 1 }).await;
            let place = self.model.borrow().consents.len() - 1;
            let node = self.node(at).unwrap();
            let request = crate::person::question(&self.model.borrow().consents[place].id.to_string());
            let transaction = Self::transaction(seed ^ (u64::from(at) << 32) ^ 0xe4d);
            let inquiry =
                crate::model::Inquiry { at, request: request.clone(), consents: vec![place], answer: None };
            self.model.borrow_mut().inquiries.insert(transaction, inquiry);
            let said = self.ask(at, &node, &request, transaction).await;
            assert_eq!(said, "answered", "{}: all faults are over", node.me());
            let answer = node.inquire(&request, Some(transaction)).await.unwrap();
            let Inquired::Answered(signed) = answer else { panic!("an answer that goes away") };
            let key = node.roster().member(node.me()).unwrap().answer_key;
            let answer = open_answer(&signed, &key).unwrap();
            assert!(answer.coverage.unreadable.is_empty(), "{:?}", answer.coverage);
            let now = Day::of(answer.answered_at);
            for (line, of) in answer.coverage.members.iter().map(|line| (line, self.place_of(&line.member))) {
                let model = self.model.borrow();
                let lender = &model.lenders[usize::from(of)];
                let newest = lender.book().values().map(|loan| loan.as_of).max();
                let is_young = newest.is_some_and(|day| now.days_since(day) <= STALE_AFTER_DAYS);
                let says = line.state == CoverageState::Covered;
                assert!(says || !is_young || lender.before.is_empty(), "{}: {line:?}", node.me());
            }
            if answer.complete {
                self.count("end: complete answers");
            }
        }
    }

    fn place_of(&self, of: &MemberId) -> u8 {
        self.places().find(|place| &member(*place) == of).unwrap()
    }

    /// The auditor's verifier over the exports of all nodes.
    fn audit(&self, seed: u64) {
        let names: Vec<String> = self.places().map(name_of).collect();
        let folders: Vec<BTreeMap<String, Vec<u8>>> =
            self.places().map(|at| export(&self.node(at).unwrap())).collect();
        let exports: Vec<Export<'_>> =
            names.iter().zip(&folders).map(|(name, folder)| Export { name, folder }).collect();
        let options = Options { operator: Some(*self.circle.roster.operator_key()), ..Options::default() };
        let report = verify(&exports, &options, &SeededEntropy::new(seed));
        // Erased on an order before the time: the auditor asks for the order. And who signed two states is found out.
        let two = [Rule::FeedStateWithoutLeaf, Rule::TwoFeedStates, Rule::FeedStateMismatch];
        let is_deserved = |finding: &Finding| {
            finding.rule == Rule::ErasedTooEarly
                || (two.contains(&finding.rule) && self.net.has_told(&finding.institution, Lie::OtherState))
        };
        let findings: Vec<&Finding> =
            report.findings.iter().filter(|finding| !is_deserved(finding)).collect();
        assert!(findings.is_empty(), "findings: {findings:?}");
        assert!(report.unchecked.is_empty(), "unchecked: {:?}", report.unchecked);
        self.count("end: audits that are clean");
    }
}

/// What `tally log export` writes.
fn export(node: &Arc<Node>) -> BTreeMap<String, Vec<u8>> {
    let head = node.export_head().unwrap();
    let mut files = BTreeMap::new();
    for path in tiles_of(head.manifest.size) {
        files.insert(path.to_string(), node.log().tile(path).unwrap().unwrap());
    }
    for path in &head.files {
        files.insert(path.clone(), node.export_file(path).unwrap().unwrap());
    }
    for feed in &head.feeds {
        let mut text = Vec::new();
        for row in node.export_rows(&feed.lender, 0).unwrap() {
            serde_json::to_writer(&mut text, &row).unwrap();
            text.push(b'\n');
        }
        files.insert(feed_rows_path(&feed.lender), text);
    }
    if !head.quorum.is_empty() {
        files.insert(QUORUM.to_owned(), head.quorum.into_bytes());
    }
    files.insert(MANIFEST.to_owned(), serde_json::to_vec(&head.manifest).unwrap());
    files.insert(CHECKPOINT.to_owned(), head.checkpoint.into_bytes());
    files
}
