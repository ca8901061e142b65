//! What members and their nodes do, each with what must be true when it is done.

use std::collections::BTreeSet;

use tallystick::book::LoadState;
use tallystick::digest::{Digest, TransactionId};
use tallystick::formats::Format;
use tallystick::model::day::Day;
use tallystick::model::leaf::ErasureGround;
use tallystick::node::{ErasureRequest, ImportOptions, Node, Whom};
use tallystick::roster::Roster;
use tallystick::wire::message::{Reply, Request};

use crate::circle::name_of;
use crate::dice::Dice;
use crate::model::{Consent, Doubt, Portfolio, national_id};
use crate::op::{Op, Place};
use crate::person;
use crate::world::{World, member};

impl World {
    /// Does it, if the node runs, and says what came of it.
    pub(crate) async fn act(&self, op: &Op) -> String {
        if let Op::TendAll = op {
            for place in self.places() {
                self.tend(place).await;
            }
            return String::new();
        }
        if *op == Op::NewRoster {
            return self.new_roster();
        }
        let Some((at, node)) = op.at().and_then(|at| Some((at, self.node(at)?))) else {
            return "nobody is there".to_owned();
        };
        if !self.settle_at(at).await {
            return "it waits for the others".to_owned();
        }
        match op {
            Op::Load { detail, .. } => self.load(at, &node, *detail),
            Op::Undo(_) => self.undo(at, &node),
            Op::Publish(_) => self.publish(at, &node).await,
            Op::Sign(_) => {
                let said = format!("{:?}", node.sign_feed_state_if_due().map_err(|e| e.to_string()));
                self.note_copies(at);
                said
            }
            Op::Follow { of, .. } => self.follow(at, &node, *of).await,
            Op::Meet(_) => self.meet(&node).await,
            Op::Gather(_) => format!("{:?}", node.gather_quorum().await.map_err(|e| e.to_string())),
            Op::Verify(_) => self.verify(at, &node).await,
            Op::Tend(_) => self.tend(at).await,
            Op::Consent { person, uses, .. } => self.consent(at, &node, *person, *uses).await,
            Op::Inquire { detail, .. } => self.inquire(at, &node, *detail, 1).await,
            Op::Household { detail, .. } => self.inquire(at, &node, *detail, 2).await,
            Op::Again { detail, .. } => self.again(at, &node, *detail).await,
            Op::Withdraw { detail, .. } => self.withdraw(at, &node, *detail).await,
            Op::WithdrawOwn { detail, .. } => self.withdraw_own(at, &node, *detail),
            Op::Erase { detail, .. } => self.erase(at, &node, *detail).await,
            Op::FetchRoster { from, .. } => self.fetch_roster(&node, at, *from).await,
            Op::OldRoster { detail, .. } => self.old_roster(&node, *detail),
            other => unreachable!("{other:?} happens to the world"),
        }
    }

    /// As the daemon's tasks do, one round of each.
    async fn tend(&self, at: Place) -> String {
        let Some(node) = self.node(at) else { return String::new() };
        if !self.settle_at(at).await {
            return "it waits for the others".to_owned();
        }
        self.meet(&node).await;
        self.publish(at, &node).await;
        let _ = node.sign_feed_state_if_due();
        for of in self.places().filter(|of| *of != at) {
            self.follow(at, &node, of).await;
        }
        self.note_copies(at);
        let _ = node.gather_quorum().await;
        String::new()
    }

    fn load(&self, at: Place, node: &Node, detail: u64) -> String {
        let mut dice = Dice::new(detail);
        let book = self.model.borrow().lenders[usize::from(at)].book();
        let day = Day::of(node.clock().now());
        let portfolio = {
            let used = &mut self.model.borrow_mut().lenders[usize::from(at)].used;
            Portfolio::next(&book, used, day, &mut dice)
        };
        let options = ImportOptions { full_portfolio: true, ..ImportOptions::new(Format::Csv, "book.csv") };
        let csv = portfolio.csv();
        let (after, changes) = portfolio.onto(&book);
        let imported = node.import(&mut csv.as_bytes(), &options, &mut |_| ());
        let outcome = match imported {
            Ok(outcome) => outcome,
            Err(error) => {
                assert!(node.store_failed(), "{}: a good load failed: {error}", node.me());
                self.count("load: interrupted");
                self.doubt(at, Doubt::Load(portfolio));
                return format!("{error}");
            }
        };
        assert_eq!((outcome.load.rejected, outcome.load.good), (0, portfolio.rows.len() as u64));
        if outcome.same_as.is_some() {
            assert_eq!(after, book, "{}: a load was taken for an earlier one", node.me());
            return "the same again".to_owned();
        }
        let load = if outcome.held_for.is_empty() {
            outcome.load
        } else {
            self.count("load: held");
            let number = outcome.load.number;
            let decided = if dice.chance(70) {
                node.release_load(number, "Sok Dara")
            } else {
                node.discard_load(number, "Sok Dara")
            };
            match decided {
                Ok(load) => load,
                Err(error) => {
                    assert!(node.store_failed(), "{}: no decision: {error}", node.me());
                    self.doubt(at, Doubt::Load(portfolio));
                    return format!("{error}");
                }
            }
        };
        if load.state == LoadState::Loaded {
            assert_eq!(load.changes, changes, "{}: the load counts other changes", node.me());
            self.count("load: taken");
            self.model.borrow_mut().lenders[usize::from(at)].load(after);
        }
        format!("{:?} {changes:?}", load.state)
    }

    fn undo(&self, at: Place, node: &Node) -> String {
        let loads = node.loads().unwrap();
        let Some(last) = loads.iter().rfind(|load| load.state == LoadState::Loaded) else {
            return "nothing to undo".to_owned();
        };
        match node.undo_load(last.number, "Sok Dara") {
            Ok(_) => {
                self.count("load: undone");
                self.model.borrow_mut().lenders[usize::from(at)].undo();
                format!("{} undone", last.number)
            }
            Err(error) => {
                if node.store_failed() {
                    self.doubt(at, Doubt::Undo);
                }
                let newest = loads.last().map_or(0, |load| load.number);
                assert!(node.store_failed() || last.number + 6 < newest, "{error}");
                error.to_string()
            }
        }
    }

    /// Nobody saw the end of that. After the first failed write no other change begins.
    fn doubt(&self, at: Place, doubt: Doubt) {
        self.model.borrow_mut().lenders[usize::from(at)].in_doubt.get_or_insert(doubt);
    }

    /// After a restart: a load whose end nobody saw is in the book as a whole, or not at all; and nothing else changed.
    pub(crate) fn settle_loads(&self, at: Place) {
        let Some(node) = self.node(at) else { return };
        let lender = &mut self.model.borrow_mut().lenders[usize::from(at)];
        let loads = node.loads().unwrap();
        let loaded = loads.iter().filter(|load| load.state == LoadState::Loaded).count();
        match lender.in_doubt.take() {
            Some(Doubt::Load(portfolio)) if loaded > lender.before.len() => {
                let (after, changes) = portfolio.onto(&lender.book());
                let last = loads.iter().rfind(|load| load.state == LoadState::Loaded).unwrap();
                assert_eq!(last.changes, changes, "{}: the load counts other changes", node.me());
                lender.load(after);
            }
            Some(Doubt::Undo) if loaded < lender.before.len() => lender.undo(),
            _ => {}
        }
        assert_eq!(loaded, lender.before.len(), "{}: loads were lost or doubled", node.me());
    }

    /// The book is what was loaded, and the log says every load once (promise 7).
    pub(crate) fn check_book(&self, at: Place) {
        let Some(node) = self.node(at) else { return };
        let model = self.model.borrow();
        let lender = &model.lenders[usize::from(at)];
        if lender.in_doubt.is_some() {
            return;
        }
        let mut held = crate::model::Book::new();
        let visit = |_: &[u8; 32], loan: &tallystick::model::loan::Loan| {
            let account = loan.account.strip_prefix("L-").unwrap().parse().unwrap();
            let person = (0..crate::plan::PERSONS).find(|person| {
                loan.identifiers.iter().any(|i| i.value() == format!("{}", national_id(*person)))
            });
            let one = crate::model::Loan {
                client: loan.client.strip_prefix("C-").unwrap().parse().unwrap(),
                person: person.unwrap(),
                outstanding: loan.facility.outstanding.unwrap(),
                as_of: loan.as_of,
                is_active: loan.facility.status.is_active(),
            };
            assert!(held.insert(account, one).is_none(), "a loan twice");
        };
        node.book().for_each(visit).unwrap();
        assert!(held == lender.book(), "{}: its book is not what was loaded", node.me());
        let logged = self.logs.borrow().loads(node.me());
        assert_eq!(logged, lender.before.len() as u64, "{}: its log counts other loads", node.me());
    }

    async fn publish(&self, at: Place, node: &Node) -> String {
        let said = match node.publish_round().await {
            Ok(report) => format!("{report:?}"),
            Err(error) => error.to_string(),
        };
        if !node.store_failed() {
            self.note_published(at);
        }
        said
    }

    /// Notes what a lender's feed says now.
    pub(crate) fn note_published(&self, at: Place) {
        let Some(node) = self.node(at) else { return };
        let waiting: BTreeSet<u32> = node
            .book()
            .pending(None, usize::MAX)
            .unwrap()
            .iter()
            .map(|client| client.entry.client.strip_prefix("C-").unwrap().parse().unwrap())
            .collect();
        let sequence = node.feeds().head(node.me()).unwrap().sequence;
        {
            let lender = &mut self.model.borrow_mut().lenders[usize::from(at)];
            if lender.in_doubt.is_none() {
                lender.publish(sequence, &waiting);
            }
        }
        self.note_own_copy(at, &node);
    }

    fn note_own_copy(&self, at: Place, node: &Node) {
        let copy = crate::model::Copy::of(&node.feeds().head(node.me()).unwrap());
        let copies = &mut self.model.borrow_mut().lenders[usize::from(at)].copies[usize::from(at)];
        if copies.last() != Some(&copy) {
            copies.push(copy);
        }
    }

    async fn follow(&self, at: Place, node: &Node, of: Place) -> String {
        if at == of {
            return "itself".to_owned();
        }
        let said = match node.follow_page(&member(of), 0).await {
            Ok(followed) => format!("{followed:?}"),
            Err(error) => error.to_string(),
        };
        self.note_copies(at);
        said
    }

    async fn meet(&self, node: &Node) -> String {
        let mut new = 0;
        for of in self.places().filter(|of| &member(*of) != node.me()) {
            new += node.fetch_withdrawals(&member(of)).await.unwrap_or(0);
        }
        format!("{new} withdrawals")
    }

    async fn verify(&self, at: Place, node: &Node) -> String {
        let mut found = Vec::new();
        for of in self.places() {
            found.push(format!("{:?}", node.verify_feed(&member(of)).await.map_err(|e| e.to_string())));
        }
        assert!(!found.iter().any(|one| one.contains("Rotten")), "{found:?}");
        self.note_copies(at);
        found.join(" ")
    }

    pub(crate) async fn consent(&self, at: Place, node: &Node, person: u32, uses: u16) -> String {
        let identifier = format!("kh-nid:{}", national_id(person));
        let mut request = person::consent(node, &identifier);
        request.uses = uses;
        request.until = node.clock().now().plus_seconds(86_400 * 60);
        match node.record_consent(request).await {
            Ok(recorded) => {
                self.count(if recorded.located { "consent: located" } else { "consent: not located yet" });
                self.model.borrow_mut().consents.push(Consent {
                    at,
                    person,
                    id: recorded.consent,
                    leaf: recorded.leaf,
                    code: recorded.withdrawal,
                    is_erased: false,
                    taken_at: BTreeSet::new(),
                });
                format!("{:?} {:?}", recorded.consent, recorded.trouble)
            }
            Err(error) => {
                assert!(node.store_failed(), "{}: consent was not recorded: {error}", node.me());
                error.to_string()
            }
        }
    }

    async fn withdraw(&self, at: Place, node: &Node, detail: u64) -> String {
        let count = self.model.borrow().consents.len();
        if count == 0 {
            return "nobody consented".to_owned();
        }
        let place = Dice::new(detail).place(count);
        let code = self.model.borrow().consents[place].code;
        match node.withdraw(&code) {
            Ok(new) => {
                self.count("withdrawn");
                self.model.borrow_mut().consents[place].taken_at.insert(at);
                let told = node.flood_withdrawal(code).await;
                for told_one in self.places().filter(|of| told.contains(&member(*of))) {
                    self.model.borrow_mut().consents[place].taken_at.insert(told_one);
                }
                format!("{new} {told:?}")
            }
            Err(error) => {
                assert!(node.store_failed(), "{}: a withdrawal was not taken: {error}", node.me());
                error.to_string()
            }
        }
    }

    fn withdraw_own(&self, at: Place, node: &Node, detail: u64) -> String {
        let own = self.model.borrow().consents_at(at);
        if own.is_empty() {
            return "no consents".to_owned();
        }
        let consent = self.model.borrow().consents[*Dice::new(detail).pick(&own)].clone();
        let withdrawn = node.withdraw_own(&consent.id).map_err(|error| error.to_string());
        assert!(withdrawn.is_ok() || node.store_failed() || consent.is_erased, "{withdrawn:?}");
        format!("{withdrawn:?}")
    }

    async fn erase(&self, at: Place, node: &Node, detail: u64) -> String {
        let own = self.model.borrow().consents_at(at);
        if own.is_empty() {
            return "no consents".to_owned();
        }
        let place = *Dice::new(detail).pick(&own);
        let consent = self.model.borrow().consents[place].clone();
        let request = ErasureRequest {
            whom: Whom::Consent(consent.id),
            ground: ErasureGround::Order,
            order: Some(Digest([12; 32])),
            approved_by: ["Sok Dara", "Chan Thy"].map(str::to_owned).to_vec(),
        };
        match node.erase(request).await {
            Ok(erased) => {
                self.count("erased");
                self.model.borrow_mut().consents[place].is_erased = true;
                format!("{} leaves", erased.leaves.len())
            }
            Err(error) => {
                assert!(node.store_failed() || consent.is_erased, "{}: not erased: {error}", node.me());
                // The leaf and the loss of the keys are one write; the purge after it may have failed.
                error.to_string()
            }
        }
    }

    /// What a node acknowledged, it knows after any restart.
    pub(crate) fn remembered(&self, at: Place) {
        let Some(node) = self.node(at) else { return };
        let mut model = self.model.borrow_mut();
        for consent in &mut model.consents {
            if consent.taken_at.contains(&at) {
                let knows = node.is_withdrawn(&consent.code.hash()).unwrap();
                assert!(knows, "{}: forgot a withdrawal that it took", node.me());
            }
            if consent.at != at {
                continue;
            }
            let view = node.consent(&consent.id);
            let is_gone = view.is_err();
            if consent.is_erased {
                assert!(is_gone, "{}: what was erased is back", node.me());
            } else if is_gone {
                // An erasure whose end nobody saw.
                let erasure = node.erasure_of(consent.leaf.index).unwrap();
                assert!(erasure.is_some(), "{}: a consent is gone, and nothing says why", node.me());
                consent.is_erased = true;
            } else if let Ok(view) = view {
                assert_eq!(view.leaf, consent.leaf);
            }
        }
    }

    fn new_roster(&self) -> String {
        let Some(node) = self.node(0) else { return "the operator is away".to_owned() };
        let mut document = node.roster().document().clone();
        document.version = self.rosters.borrow().last().unwrap().version() + 1;
        document.issued = node.clock().now();
        document.expires = node.clock().now().plus_seconds(86_400 * 365);
        let version = document.version;
        document.policy =
            self.circle.roster.document().policy.replacen("version = 1", &format!("version = {version}"), 1);
        let roster = self.circle.sign_roster(&document);
        self.rosters.borrow_mut().push(roster.clone());
        self.take_roster(&node, 0, roster)
    }

    /// As the daemon does: the file first.
    fn take_roster(&self, node: &Node, at: Place, roster: Roster) -> String {
        let version = roster.version();
        if version > node.roster().version() {
            self.files.borrow_mut().insert(at, roster.clone());
        }
        let before = node.roster().version();
        let followed = node.follow_roster(roster).map_err(|error| error.to_string());
        if version <= before {
            self.count("old roster refused");
        }
        format!("{version}: {followed:?}")
    }

    async fn fetch_roster(&self, node: &Node, at: Place, from: Place) -> String {
        let peers = self.circle.peers_of(&member(at));
        match peers.call(&member(from), Request::Roster).await {
            Ok(Reply::Roster(signed)) => {
                let key = *node.roster().operator_key();
                let roster = Roster::verify(signed, &key).unwrap();
                self.take_roster(node, at, roster)
            }
            other => format!("{:?}", other.err().map(|error| error.to_string())),
        }
    }

    fn old_roster(&self, node: &Node, detail: u64) -> String {
        let rosters = self.rosters.borrow().clone();
        let roster = Dice::new(detail).pick(&rosters).clone();
        if roster.version() > node.roster().version() {
            return "it is newer".to_owned();
        }
        let at = self.places().find(|at| name_of(*at) == node.me().as_str()).unwrap();
        self.take_roster(node, at, roster)
    }

    /// A number for an inquiry.
    pub(crate) fn transaction(detail: u64) -> TransactionId {
        let Digest(bytes) = tallystick::digest::hash("simulation/transaction", &[&detail.to_be_bytes()]);
        TransactionId(bytes[..16].try_into().unwrap())
    }
}
