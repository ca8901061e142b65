//! What lies between the members: delays always, and whatever else a seed asks for. Time here is the runtime's, which
//! stands still but for these waits.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::time::Duration;

use tallystick::model::member::MemberId;
use tallystick::node::{PeerError, ReplyFuture};
use tallystick::wire::message::{Reply, Request};
use tokio::time::sleep;

use crate::circle::{Deliver, Wire};
use crate::counts::Counts;
use crate::dice::Dice;
use crate::lies::Liars;
use crate::op::{Lie, Link};

/// The whole network.
pub(crate) struct Net(Mutex<State>);

struct State {
    dice: Dice,
    links: BTreeMap<(MemberId, MemberId), Link>,
    lies: BTreeMap<MemberId, Lie>,
    /// Who told which lie, ever.
    told: BTreeSet<(MemberId, Lie)>,
    full: BTreeSet<MemberId>,
    liars: Liars,
    counts: Counts,
}

/// What becomes of one call.
#[derive(Default)]
struct Fate {
    there_ms: u64,
    back_ms: u64,
    twice: bool,
    request_lost: bool,
    reply_lost: bool,
}

/// How long a connection waits for anything, milliseconds.
const PATIENCE_MS: u64 = 40_000;

impl Net {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Mutex::new(State {
            dice: Dice::new(seed ^ 0x0005_ca1e),
            links: BTreeMap::new(),
            lies: BTreeMap::new(),
            told: BTreeSet::new(),
            full: BTreeSet::new(),
            liars: Liars::default(),
            counts: Counts::default(),
        }))
    }

    pub(crate) fn set_link(&self, from: &MemberId, to: &MemberId, link: Link) {
        self.0.lock().unwrap().links.insert((from.clone(), to.clone()), link);
    }

    pub(crate) fn heal(&self) {
        self.0.lock().unwrap().links.clear();
    }

    pub(crate) fn set_lie(&self, by: &MemberId, lie: Lie) {
        self.0.lock().unwrap().lies.insert(by.clone(), lie);
    }

    pub(crate) fn honest(&self) {
        self.0.lock().unwrap().lies.clear();
    }

    /// Whether a member's disk is full.
    pub(crate) fn set_full(&self, member: &MemberId, full: bool) {
        let state = &mut self.0.lock().unwrap();
        if full {
            state.full.insert(member.clone())
        } else {
            state.full.remove(member)
        };
    }

    pub(crate) fn full(&self) -> BTreeSet<MemberId> {
        self.0.lock().unwrap().full.clone()
    }

    /// Whether a member ever told that lie.
    pub(crate) fn has_told(&self, member: &MemberId, lie: Lie) -> bool {
        self.0.lock().unwrap().told.contains(&(member.clone(), lie))
    }

    /// What the liars need to lie well: their own keys.
    pub(crate) fn teach(&self, teach: impl FnOnce(&mut Liars)) {
        teach(&mut self.0.lock().unwrap().liars);
    }

    /// What happened since the last time.
    pub(crate) fn take_counts(&self) -> Counts {
        std::mem::take(&mut self.0.lock().unwrap().counts)
    }

    fn fate(&self, from: &MemberId, to: &MemberId) -> Fate {
        let state = &mut *self.0.lock().unwrap();
        let link = state.links.get(&(from.clone(), to.clone())).copied();
        let dice = &mut state.dice;
        let mut fate = Fate { there_ms: 1 + dice.below(20), back_ms: 1 + dice.below(20), ..Fate::default() };
        match link {
            None => return fate,
            Some(Link::Cut) => fate.request_lost = true,
            Some(Link::Slow) => {
                fate.there_ms = dice.below(25_000);
                fate.back_ms = dice.below(25_000);
            }
            Some(Link::Reordered) => {
                fate.there_ms = dice.below(900);
                fate.back_ms = dice.below(900);
            }
            Some(Link::Doubled) => fate.twice = true,
            Some(Link::RequestsLost) => fate.request_lost = dice.chance(60),
            Some(Link::RepliesLost) => fate.reply_lost = dice.chance(60),
        }
        let happened = match link {
            Some(Link::RequestsLost) => fate.request_lost,
            Some(Link::RepliesLost) => fate.reply_lost,
            _ => true,
        };
        if let Some(link) = link.filter(|_| happened) {
            state.counts.add(format!("link: {link:?}"));
        }
        fate
    }

    fn told(&self, by: &MemberId, request: Request) -> Request {
        let state = &mut *self.0.lock().unwrap();
        let Some(lie) = state.lies.get(by).copied() else { return request };
        let (request, told) = Liars::request(lie, request);
        if told {
            state.told.insert((by.clone(), lie));
            state.counts.add(format!("lie: {lie:?}"));
        }
        request
    }

    fn answered(&self, by: &MemberId, request: &Request, reply: Reply) -> Reply {
        let state = &mut *self.0.lock().unwrap();
        state.liars.heard(by, &reply);
        let Some(lie) = state.lies.get(by).copied() else { return reply };
        let (reply, told) = state.liars.reply(lie, by, request, reply);
        if told {
            state.told.insert((by.clone(), lie));
            state.counts.add(format!("lie: {lie:?}"));
        }
        reply
    }
}

impl Wire for Net {
    fn carry<'a>(
        &'a self,
        from: &'a MemberId,
        to: &'a MemberId,
        request: Request,
        deliver: Deliver<'a>,
    ) -> ReplyFuture<'a> {
        Box::pin(async move {
            let fate = self.fate(from, to);
            let request = self.told(from, request);
            let unreachable = |why: &str| PeerError::Unreachable { member: to.clone(), why: why.to_owned() };
            sleep(Duration::from_millis(fate.there_ms)).await;
            if fate.request_lost {
                return Err(unreachable("the request was lost"));
            }
            if fate.twice {
                let _ = deliver(request.clone()).await;
            }
            let reply = deliver(request.clone()).await?;
            sleep(Duration::from_millis(fate.back_ms)).await;
            if fate.reply_lost || fate.there_ms + fate.back_ms > PATIENCE_MS {
                return Err(unreachable("no reply came"));
            }
            Ok(self.answered(to, &request, reply))
        })
    }

    fn outlives_failed_write(&self, member: &MemberId) -> bool {
        let mut state = self.0.lock().unwrap();
        let full = state.full.contains(member);
        if full {
            state.counts.add("disk full: served all the same");
        }
        full
    }
}
