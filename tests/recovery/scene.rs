//! Four members, of whom three hold keys; one goes on after a copy of its store was made.

use tallystick::digest::ConsentId;
use tallystick::model::day::Day;
use tallystick::model::leaf::{CheckpointReference, Leaf, LeafBody};
use tallystick::node::{Inquired, Node};
use tallystick::store::MemoryBackend;

use crate::circle::Circle;
use crate::person::{consent, load, loan, question};

pub(crate) const MEMBERS: [&str; 4] = ["m-a", "m-b", "m-c", "m-d"];
pub(crate) const PERSON: &str = "kh-nid:010203040";

pub(crate) fn today() -> Day {
    "2026-11-22".parse().unwrap()
}

/// A network and an older copy of one member's store.
pub(crate) struct Scene {
    pub(crate) circle: Circle,
    pub(crate) who: &'static str,
    pub(crate) copy: MemoryBackend,
    /// The log when the copy was made, and when the store was lost.
    pub(crate) had: CheckpointReference,
    pub(crate) lost: CheckpointReference,
    /// A consent at the member that was given before the copy was made and used since.
    pub(crate) spent: ConsentId,
    /// Sequence number of the member's feed when the store was lost.
    pub(crate) sequence: u64,
}

pub(crate) fn head(node: &Node) -> CheckpointReference {
    let head = node.log().head();
    CheckpointReference { size: head.size, root: head.root }
}

pub(crate) async fn consented(node: &Node, person: &str) -> ConsentId {
    let recorded = node.record_consent(consent(node, person)).await.unwrap();
    assert!(recorded.located, "{:?}", recorded.trouble);
    recorded.consent
}

pub(crate) async fn asked(node: &Node, consent: ConsentId) -> Inquired {
    node.inquire(&question(&consent.to_string()), None).await.unwrap()
}

pub(crate) fn bodies(node: &Node) -> Vec<LeafBody> {
    let leaves = node.log().leaves(0, 100_000).unwrap();
    leaves.iter().map(|bytes| Leaf::from_bytes(bytes).unwrap().body).collect()
}

impl Scene {
    /// `who` goes on after a copy of its store was made, while `away` are not there.
    pub(crate) async fn new(who: &'static str, away: &[&str]) -> Self {
        let policy = include_str!("../../config/policy-demo.toml");
        let mut circle = Circle::new(4, 3, 2, policy, today());
        for (number, name) in MEMBERS.iter().enumerate() {
            let outstanding = 10_000 * (i64::try_from(number).unwrap() + 1);
            load(&circle.node(name), vec![loan("1", "1", PERSON, outstanding, today())]);
        }
        circle.settle().await;
        let node = circle.node(who);
        let spent = consented(&node, PERSON).await;
        node.gather_quorum().await.unwrap();
        let had = head(&node);
        let copy = circle.copy(who);
        for name in away {
            circle.stop(name);
        }
        // What happens after the copy: a use, a load with a new client, a consent, work for others.
        circle.clock.advance(60);
        assert!(matches!(asked(&node, spent).await, Inquired::Answered(_)));
        load(
            &node,
            vec![
                loan("1", "1", PERSON, 77_700, today()),
                loan("2", "2", "kh-nid:050607080", 12_300, today()),
            ],
        );
        circle.settle().await;
        consented(&node, "kh-nid:050607080").await;
        let other = circle.node(if who == "m-a" { "m-b" } else { "m-a" });
        let theirs = consented(&other, PERSON).await;
        assert!(matches!(asked(&other, theirs).await, Inquired::Answered(_)));
        node.gather_quorum().await.unwrap();
        let lost = head(&node);
        let sequence = node.feeds().head(node.me()).unwrap().sequence;
        assert!(lost.size > had.size && sequence > 2);
        drop((node, other));
        Self { circle, who, copy, had, lost, spent, sequence }
    }

    /// The store is lost, and the older copy put in its place; the process runs and has asked nobody.
    pub(crate) fn put_back(&mut self) -> std::sync::Arc<Node> {
        let copy = self.copy.reopen(&[], tallystick::store::Reopen::Killed);
        self.circle.put_back(self.who, copy);
        let node = self.circle.put_up(self.who);
        assert_eq!(head(&node), self.had);
        assert!(!node.is_settled());
        node
    }

    /// Everything that must hold once the node works again.
    pub(crate) async fn check(&mut self, place: &str) {
        let node = self.circle.node(self.who);
        assert!(node.is_settled(), "{place}: {:?}", node.standing());
        assert_eq!(node.log().root_at(self.lost.size).unwrap(), self.lost.root, "{place}: one history");
        assert!(node.log().verify().unwrap() > self.lost.size, "{place}");
        let recovered: Vec<LeafBody> =
            bodies(&node).into_iter().filter(|body| matches!(body, LeafBody::LogRecovered { .. })).collect();
        assert_eq!(
            recovered,
            [LeafBody::LogRecovered { had: self.had, recovered: self.lost, again: 0 }],
            "{place}"
        );
        // As it goes on by itself: everybody hears of everybody, and witnesses are asked.
        self.circle.meet().await;
        for name in self.circle.running() {
            self.circle.node(&name).gather_quorum().await.unwrap();
        }
        // The use is spent, though the record of its inquiry is lost.
        let again = asked(&node, self.spent).await;
        assert!(matches!(again, Inquired::Refused(_)), "{place}: a spent use was opened again: {again:?}");
        // The feed goes on where it was, and behind every number that somebody may hold.
        let feed = node.feeds().head(node.me()).unwrap();
        assert_eq!(feed.sequence, self.sequence, "{place}");
        assert!(node.feeds().verify(node.me()).unwrap(), "{place}");
        load(
            &node,
            vec![
                loan("1", "1", PERSON, 66_600, today()),
                loan("2", "2", "kh-nid:050607080", 45_600, today()),
            ],
        );
        self.circle.settle().await;
        let feed = node.feeds().head(node.me()).unwrap();
        assert!(feed.sequence > self.sequence + 100_000, "{place}: {}", feed.sequence);
        for name in self.circle.running() {
            let other = self.circle.node(&name);
            assert_eq!(other.mirror().forks(node.me()).unwrap(), [], "{place}: {name} keeps a fork");
            assert_eq!(other.feeds().conflicts().unwrap(), [], "{place}: {name} keeps two feed states");
            if name != self.who {
                let copy = other.feeds().head(node.me()).unwrap();
                assert_eq!((copy.rows, &copy.digest), (feed.rows, &feed.digest), "{place}: {name}");
                assert_eq!(copy.differs_since, None, "{place}: {name}");
            }
        }
        // One row for each client, and new inquiries are answered.
        let exposures = 2;
        let footprints = bodies(&node).iter().filter(|b| matches!(b, LeafBody::InquiryOpened { .. })).count();
        assert_eq!(feed.rows, exposures + footprints as u64, "{place}: a client is there twice");
        let next = consented(&node, PERSON).await;
        assert!(matches!(asked(&node, next).await, Inquired::Answered(_)), "{place}");
        let (have, needed) = node.gather_quorum().await.unwrap();
        let all = self.circle.running().len() - 1;
        assert_eq!((have, needed), (all, 3), "{place}: its witnesses go on with it");
    }
}
