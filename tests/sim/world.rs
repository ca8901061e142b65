//! The simulated network beside its model: does what the plan says, step by step, and looks at everything after each.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tallystick::digest::{Digest, hash};
use tallystick::feed::Feeds;
use tallystick::model::member::MemberId;
use tallystick::node::Node;
use tallystick::roster::Roster;
use tallystick::store::{FaultPlan, Reopen};
use tallystick::wire::message::FeedRow;

use crate::circle::{Chance, Circle, Setup, name_of};
use crate::counts::Counts;
use crate::logs::Logs;
use crate::model::{Copy, Model, Window};
use crate::net::Net;
use crate::op::{Op, Place};
use crate::plan::Plan;

const POLICY: &str = include_str!("policy.toml");

/// What became of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// Of everything that happened and everything that was logged.
    pub(crate) trace: Digest,
    pub(crate) counts: Counts,
}

/// What a node held of a feed when it was last compared: sequence, and time of the state.
type Compared = (u64, i64);

pub(crate) struct World {
    pub(crate) circle: Circle,
    pub(crate) net: Arc<Net>,
    pub(crate) model: RefCell<Model>,
    pub(crate) logs: RefCell<Logs>,
    pub(crate) counts: RefCell<Counts>,
    /// Every roster that the operator signed.
    pub(crate) rosters: RefCell<Vec<Roster>>,
    /// Roster files that were written since the member was started.
    pub(crate) files: RefCell<BTreeMap<Place, Roster>>,
    pub(crate) members: u8,
    pub(crate) holders: u8,
    pub(crate) threshold: u8,
    /// How nodes come back whose next failed write kills them.
    dying: BTreeMap<Place, Reopen>,
    /// Writes of the next start that fail.
    dying_at_start: BTreeMap<Place, FaultPlan>,
    /// Every row that was ever published, by lender and sequence number.
    rows: Vec<BTreeMap<u64, FeedRow>>,
    compared: BTreeMap<(Place, Place), Compared>,
    versions: BTreeMap<Place, u64>,
    /// Of each node: sizes of its log and of the lists of its copies when the step began.
    began: RefCell<Vec<(u64, Vec<usize>)>>,
    trace: Digest,
}

/// Runs a plan.
pub(crate) fn run(seed: u64, plan: &Plan) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.unwrap().block_on(async {
        let mut world = World::new(seed, plan);
        for op in &plan.ops {
            world.step(op).await;
        }
        world.end(seed).await;
        world.outcome()
    })
}

pub(crate) fn member(place: Place) -> MemberId {
    name_of(place).parse().unwrap()
}

impl World {
    fn new(seed: u64, plan: &Plan) -> Self {
        let net = Arc::new(Net::new(seed));
        let circle = Circle::build(&Setup {
            members: plan.members,
            holders: plan.holders,
            threshold: plan.threshold,
            policy: POLICY,
            today: "2026-11-22".parse().unwrap(),
            chance: Chance::Seeded(seed),
            wire: Some(Arc::clone(&net) as Arc<dyn crate::circle::Wire>),
        });
        net.teach(|liars| {
            for place in 0..plan.members {
                liars.learn("test-net", &member(place), &circle.keys_of(&member(place)));
            }
            liars.learn_roster(circle.roster.signed().clone());
        });
        let rosters = RefCell::new(vec![circle.roster.clone()]);
        Self {
            circle,
            net,
            model: RefCell::new(Model::new(plan.members)),
            logs: RefCell::new(Logs::new(plan.threshold)),
            counts: RefCell::default(),
            rosters,
            files: RefCell::default(),
            members: plan.members,
            holders: plan.holders,
            threshold: plan.threshold,
            dying: BTreeMap::new(),
            dying_at_start: BTreeMap::new(),
            rows: vec![BTreeMap::new(); usize::from(plan.members)],
            compared: BTreeMap::new(),
            versions: BTreeMap::new(),
            began: RefCell::default(),
            trace: Digest([0; 32]),
        }
    }

    pub(crate) fn count(&self, what: impl Into<String>) {
        self.counts.borrow_mut().add(what);
    }

    /// The node, if it runs.
    pub(crate) fn node(&self, place: Place) -> Option<Arc<Node>> {
        self.circle.seats[&member(place)].node.clone()
    }

    pub(crate) fn places(&self) -> std::ops::Range<Place> {
        0..self.members
    }

    fn running(&self) -> Vec<Arc<Node>> {
        self.places().filter_map(|place| self.node(place)).collect()
    }

    /// One thing happens, and everything is looked at.
    pub(crate) async fn step(&mut self, op: &Op) {
        let ends = |place| self.model.borrow().ends(place);
        let began = self.places().map(|at| (self.logs.borrow().size(&member(at)), ends(at))).collect();
        *self.began.borrow_mut() = began;
        self.count(format!("op: {}", op.name()));
        let said = match op {
            Op::Together(ops) => {
                for op in ops {
                    self.count(format!("op: {}", op.name()));
                }
                join_all(ops.iter().map(|op| self.act(op))).await.join("; ")
            }
            Op::Killed { after, op } => self.killed(*after, op).await,
            op if self.change(op) => String::new(),
            op => self.act(op).await,
        };
        self.pass_on_withdrawals().await;
        self.look();
        self.bring_back();
        self.settle_all().await;
        self.bring_back();
        self.look();
        let counts = self.net.take_counts();
        self.counts.borrow_mut().merge(&counts);
        let heads = format!("{:?}", self.logs.borrow().heads());
        let text = format!("{op:?}\n{said}\n{heads}");
        self.trace = hash("simulation/trace", &[&self.trace.0, text.as_bytes()]);
        if std::env::var_os("SIM_PRINT").is_some() {
            eprintln!("{op:?}\n    {said}");
        }
    }

    pub(crate) fn outcome(&self) -> Outcome {
        Outcome { trace: self.trace, counts: self.counts.borrow().clone() }
    }

    /// The process is killed in the middle, at one of the moments at which it waits for others.
    async fn killed(&mut self, after: u64, op: &Op) -> String {
        self.count(format!("op: {}", op.name()));
        if let Ok(said) = tokio::time::timeout(Duration::from_millis(after), self.act(op)).await {
            return said;
        }
        if let Some(at) = op.at().filter(|at| self.node(*at).is_some()) {
            self.count("crash: process killed in the middle");
            self.look();
            self.restart(at, Reopen::Killed);
        }
        "killed".to_owned()
    }

    /// What happens to the world rather than in it. False where it is something else.
    fn change(&mut self, op: &Op) -> bool {
        match op {
            Op::Pass(seconds) => self.circle.clock.advance(*seconds),
            Op::Skew { at, seconds } => self.circle.seats[&member(*at)].clock.set_off(*seconds),
            Op::Restart { at, how } if self.node(*at).is_some() => self.restart(*at, *how),
            Op::RestartOnOldRoster { at } if self.node(*at).is_some() => {
                let first = self.rosters.borrow()[0].clone();
                let file = self.files.borrow_mut().remove(at);
                let seat = self.circle.seats.get_mut(&member(*at)).unwrap();
                let newest = file.unwrap_or_else(|| seat.roster.clone());
                seat.roster = first;
                self.count("old roster file at the start");
                self.restart(*at, Reopen::Killed);
                self.circle.seats.get_mut(&member(*at)).unwrap().roster = newest;
            }
            Op::Stop(at) => {
                self.dying.remove(at);
                self.circle.stop(&name_of(*at));
            }
            Op::Start(at) => {
                let from_there = (*at..self.members).chain(0..*at);
                if let Some(away) = from_there.into_iter().find(|at| self.node(*at).is_none()) {
                    self.restart(away, Reopen::Killed);
                }
            }
            Op::Space(at) if self.net.full().contains(&member(*at)) => {
                self.net.set_full(&member(*at), false);
                self.restart(*at, Reopen::Killed);
            }
            Op::Fail { at, write, persisted, how } => {
                if self.node(*at).is_some() && !self.net.full().contains(&member(*at)) {
                    let plan = FaultPlan { write: *write, persisted: *persisted, disk_full: false };
                    self.circle.backend(&name_of(*at)).fail(plan);
                    self.dying.insert(*at, *how);
                    self.count(format!("crash: {} the write", if *persisted { "after" } else { "before" }));
                }
            }
            Op::FailAtStart { at, write, persisted } => {
                let plan = FaultPlan { write: *write, persisted: *persisted, disk_full: false };
                self.dying_at_start.insert(*at, plan);
            }
            Op::Full { at, write } => {
                if self.node(*at).is_some() && !self.dying.contains_key(at) {
                    let plan = FaultPlan { write: *write, persisted: false, disk_full: true };
                    self.circle.backend(&name_of(*at)).fail(plan);
                    self.net.set_full(&member(*at), true);
                    self.count("disk full");
                }
            }
            Op::Link { from, to, link } => self.net.set_link(&member(*from), &member(*to), *link),
            Op::Heal => self.net.heal(),
            Op::Lie { by, lie } => self.net.set_lie(&member(*by), *lie),
            Op::Honest => self.net.honest(),
            Op::Restart { .. } | Op::RestartOnOldRoster { .. } | Op::Space(_) => {}
            _ => return false,
        }
        true
    }

    async fn pass_on_withdrawals(&self) {
        loop {
            let floods = std::mem::take(&mut *self.circle.floods.lock().unwrap());
            if floods.is_empty() {
                return;
            }
            for (member, code) in floods {
                if let Some(node) = self.circle.seats[&member].node.clone() {
                    node.flood_withdrawal(code).await;
                }
            }
        }
    }

    /// Those that died of a failed write come back.
    pub(crate) fn bring_back(&mut self) {
        let full = self.net.full();
        for place in self.places() {
            if self.node(place).is_some_and(|node| node.store_failed()) && !full.contains(&member(place)) {
                let how = self.dying.remove(&place).unwrap_or(Reopen::Killed);
                self.count("crash: of a failed write");
                self.restart(place, how);
            }
        }
    }

    /// Those that do not know yet whether their logs are whole ask the others, as a daemon does again and again.
    pub(crate) async fn settle_all(&self) {
        for at in self.places() {
            self.settle_at(at).await;
        }
    }

    /// The same for one. Gives whether it works; before it does anything else it ends what was interrupted.
    pub(crate) async fn settle_at(&self, at: Place) -> bool {
        let Some(node) = self.node(at) else { return false };
        if node.is_settled() {
            return true;
        }
        match node.settle().await {
            Ok(standing) if standing.is_settled() && node.finish_loads().is_ok() => {
                if !self.dying.contains_key(&at) && !self.net.full().contains(&member(at)) {
                    // The start had less to write than was to fail.
                    let never = FaultPlan { write: u64::MAX, persisted: true, disk_full: false };
                    self.circle.backend(&name_of(at)).fail(never);
                }
                self.settle_loads(at);
                self.note_published(at);
                true
            }
            Ok(standing) if !standing.is_settled() => {
                self.count("start: waits for the others");
                false
            }
            other => {
                assert!(node.store_failed(), "{}: {other:?}", node.me());
                self.count("crash: at the start");
                false
            }
        }
    }

    /// The process ends, and the next one begins on what is there.
    pub(crate) fn restart(&mut self, at: Place, how: Reopen) {
        if matches!(how, Reopen::PowerCut { .. }) {
            self.count("power cut");
        }
        self.net.set_full(&member(at), false);
        self.dying.remove(&at);
        let name = name_of(at);
        self.circle.stop(&name);
        let file = self.files.borrow_mut().remove(&at);
        let seat = self.circle.seats.get_mut(&member(at)).unwrap();
        seat.roster = file.unwrap_or_else(|| seat.roster.clone());
        let node = match self.dying_at_start.remove(&at) {
            Some(plan) => self.start(at, how, Some(plan)),
            None => None,
        };
        let node = match node {
            Some(node) => node,
            None => self.start(at, how, None).expect("a node starts on what is there"),
        };
        self.logs.borrow().survived(&node);
        self.note_copies(at);
        self.remembered(at);
    }

    /// One start; none where a planned fault ends it.
    fn start(&mut self, at: Place, how: Reopen, fault: Option<FaultPlan>) -> Option<Arc<Node>> {
        let seat = self.circle.seats.get_mut(&member(at)).unwrap();
        seat.backend = Arc::new(seat.backend.reopen(&crate::circle::tables(), how));
        let backend = Arc::clone(&seat.backend);
        if let Some(plan) = fault {
            backend.fail(plan);
        }
        let started = self.circle.try_put_up(&name_of(at));
        if fault.is_some() && started.is_err() {
            self.count("crash: at the start");
            self.circle.stop(&name_of(at));
            return None;
        }
        assert!(started.is_ok(), "{}: did not start: {:?}", name_of(at), started.err());
        self.node(at)
    }

    /// Looks at everything that can be seen from outside.
    fn look(&mut self) {
        self.pull();
        let nodes = self.running();
        for node in nodes.iter().filter(|node| node.store_failed()) {
            // What is there can be read all the same.
            node.status().unwrap();
            node.book().totals().unwrap();
        }
        for node in &nodes {
            self.logs.borrow_mut().check_mirrors(node);
        }
        for at in self.places() {
            let Some(node) = self.node(at) else { continue };
            let version = node.roster().version();
            let before = self.versions.insert(at, version).unwrap_or(0);
            assert!(before <= version, "{}: went back from roster {before} to {version}", node.me());
            self.new_rows(at, &node);
        }
        for at in self.places() {
            let Some(node) = self.node(at) else { continue };
            for of in self.places() {
                self.compare(at, of, &node);
            }
        }
    }

    /// Reads the logs, and remembers what was held of the feeds when rows were looked up.
    pub(crate) fn pull(&self) {
        let nodes = self.running();
        let mut logs = self.logs.borrow_mut();
        logs.pull(nodes.iter().map(AsRef::as_ref));
        let mut model = self.model.borrow_mut();
        for (at, (size, starts)) in (0u8..).zip(self.began.borrow().iter()) {
            let Some(node) = self.node(at) else { continue };
            for transaction in logs.opened_since(&member(at), *size) {
                if model.windows.contains_key(&(at, transaction)) {
                    continue;
                }
                let ends = model.ends(at);
                let copies = starts.iter().zip(ends).map(|(start, end)| *start..=end).collect();
                let looked = node.clock().now();
                model.windows.insert((at, transaction), Window { copies, looked });
            }
        }
    }

    /// What the lender has published since the last time.
    fn new_rows(&mut self, at: Place, node: &Node) {
        let known = &mut self.rows[usize::from(at)];
        let last = known.keys().next_back().copied().unwrap_or(0);
        for row in node.feeds().rows_after(node.me(), last, usize::MAX).unwrap() {
            known.insert(row.sequence, row);
        }
    }

    /// A copy that a signed state covers is row for row what its lender published up to there (promise 6).
    fn compare(&mut self, at: Place, of: Place, node: &Node) {
        let lender = member(of);
        let head = node.feeds().head(&lender).unwrap();
        let Some(state) = head.state.as_ref().filter(|_| head.covered == head.sequence) else { return };
        let now: Compared = (head.sequence, state.time.0);
        if self.compared.insert((at, of), now) == Some(now) {
            return;
        }
        let mut live: BTreeMap<[u8; 16], &FeedRow> = BTreeMap::new();
        for row in self.rows[usize::from(of)].range(..=head.sequence).map(|(_, row)| row) {
            live.insert(row.row_id, row);
        }
        let held = node.feeds().rows_after(&lender, 0, usize::MAX).unwrap();
        let mut expected: Vec<&FeedRow> = live.into_values().collect();
        expected.sort_by_key(|row| row.sequence);
        let same = held.len() == expected.len() && held.iter().zip(&expected).all(|(a, b)| a == *b);
        let name = node.me();
        assert!(same, "{name}: its copy of {lender} at {} is not what {lender} published", head.sequence);
        assert_eq!(state.rows, held.len() as u64, "{name}: the state of {lender} counts other rows");
        assert_eq!(state.digest, Feeds::digest_of(&lender, &held), "{name}: {lender}'s digest is another");
    }

    /// Notes what a node holds of every feed.
    pub(crate) fn note_copies(&self, at: Place) {
        let Some(node) = self.node(at) else { return };
        for of in self.places() {
            let copy = Copy::of(&node.feeds().head(&member(of)).unwrap());
            let copies = &mut self.model.borrow_mut().lenders[usize::from(at)].copies[usize::from(of)];
            if copies.last() != Some(&copy) {
                copies.push(copy);
            }
        }
    }
}
