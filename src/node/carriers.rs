//! Who carries a lender's feed when the lender is out of reach, who carried one badly, and what members hold.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::follow::{FollowError, Sent};
use super::withdraw::FetchError;
use super::{Node, PeerError};
use crate::clock::UnixTime;
use crate::feed::{CarrierFault, FeedError, Page, Shown, Way};
use crate::feed_state::FeedState;
use crate::limits::{
    CARRIED_PAGES_MAX, CARRIER_LAG_SECONDS_MAX, FEED_CARRIERS_TRIED_MAX, HOLDINGS_STATES_MAX, MEMBERS_MAX,
};
use crate::log::LogError;
use crate::model::leaf::RefusalCode;
use crate::model::member::MemberId;
use crate::roster::Role;
use crate::signing::Signed;
use crate::store::StoreError;
use crate::wire::message::{HeldState, Holding, Refusal, Reply, Request, WantedFeed};

/// A state of a feed that another member was seen to hold, newer than the one held here was then.
#[derive(Clone, Debug)]
pub(super) struct NewerShown {
    /// When it was signed.
    pub(super) time: UnixTime,
    /// Its sequence number.
    pub(super) sequence: u64,
    /// Who showed it.
    pub(super) by: MemberId,
    /// When it did.
    pub(super) since: UnixTime,
}

/// States remembered of one feed: a few minutes of the shortest interval.
const STATES_SHOWN_MAX: usize = 64;

impl NewerShown {
    fn is_long_known(&self, now: UnixTime) -> bool {
        now.seconds_since(self.since) > CARRIER_LAG_SECONDS_MAX
    }
}

/// What is known of carriers since the start; nothing of it has to outlive the process.
pub(super) struct Carriers {
    /// Counts the states shown.
    shown: tokio::sync::watch::Sender<u64>,
    /// Newer states shown, in the order of their times: all of the last minutes, and the newest from before.
    newer: Mutex<BTreeMap<MemberId, Vec<NewerShown>>>,
    /// Who carried the last page of a feed.
    last: Mutex<BTreeMap<MemberId, MemberId>>,
}

impl Default for Carriers {
    fn default() -> Self {
        Self { shown: tokio::sync::watch::Sender::new(0), newer: Mutex::default(), last: Mutex::default() }
    }
}

impl Carriers {
    /// Told of every newer state that is shown.
    pub(super) fn changes(&self) -> tokio::sync::watch::Receiver<u64> {
        self.shown.subscribe()
    }
}

impl Node {
    /// The newest state of a feed that another member was seen to hold.
    pub(super) fn newest_shown(&self, lender: &MemberId) -> Option<NewerShown> {
        self.carriers.newer.lock().unwrap_or_else(PoisonError::into_inner).get(lender)?.last().cloned()
    }

    /// The newest of those that every carrier has had the time to get.
    pub(super) fn long_shown(&self, lender: &MemberId) -> Option<NewerShown> {
        let now = self.clock.now();
        let newer = self.carriers.newer.lock().unwrap_or_else(PoisonError::into_inner);
        newer.get(lender)?.iter().rfind(|shown| shown.is_long_known(now)).cloned()
    }

    fn note_newer(&self, state: &FeedState, by: &MemberId) {
        let now = self.clock.now();
        let mut newer = self.carriers.newer.lock().unwrap_or_else(PoisonError::into_inner);
        let newer = newer.entry(state.lender.clone()).or_default();
        let (time, sequence) = (state.time, state.sequence);
        if newer.last().is_some_and(|last| (last.time, last.sequence) >= (time, sequence)) {
            return;
        }
        if newer.len() >= STATES_SHOWN_MAX {
            newer.pop();
        }
        newer.push(NewerShown { time, sequence, by: by.clone(), since: now });
        self.carriers.shown.send_modify(|count| *count += 1);
        if let Some(long) = newer.iter().rposition(|shown| shown.is_long_known(now)) {
            newer.drain(..long);
        }
    }

    pub(super) fn carried_by(&self, lender: &MemberId, carrier: &MemberId) {
        let mut last = self.carriers.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.insert(lender.clone(), carrier.clone());
    }

    /// Who carried what came of a feed last, since the start.
    pub fn last_carrier(&self, lender: &MemberId) -> Option<MemberId> {
        self.carriers.last.lock().unwrap_or_else(PoisonError::into_inner).get(lender).cloned()
    }

    /// Whether a member may carry a feed now.
    pub(super) fn carries(&self, carrier: &MemberId, lender: &MemberId) -> bool {
        let present = self.roster().member(carrier).is_some_and(|member| member.removed.is_none());
        let now = self.clock.now();
        let faults = self.feeds.carrier_faults(lender).unwrap_or_default();
        present && !faults.iter().any(|fault| &fault.carrier == carrier && fault.suspends(now))
    }

    /// Whom to ask for a lender's feed when the lender is out of reach: first who is known to have the newest state,
    /// then the operator, which most members can reach, then whoever was heard from last.
    pub(super) fn carriers_of(&self, lender: &MemberId) -> Result<Vec<MemberId>, StoreError> {
        let roster = self.roster();
        let now = self.clock.now();
        let suspended: Vec<MemberId> = self
            .feeds
            .carrier_faults(lender)?
            .into_iter()
            .filter(|fault| fault.suspends(now))
            .map(|fault| fault.carrier)
            .collect();
        let newest = self.newest_shown(lender).map(|newest| newest.by);
        let mut carriers: Vec<_> = roster
            .document()
            .members
            .iter()
            .filter(|member| member.removed.is_none() && member.id != self.me && &member.id != lender)
            .filter(|member| !suspended.contains(&member.id))
            // One that is called through a relay brings what it has.
            .filter(|member| self.peers.is_dialled(&member.id))
            .map(|member| {
                let last_heard = self.contacts.last(&member.id);
                let order = (
                    newest.as_ref() != Some(&member.id),
                    !member.has(Role::Operator),
                    self.peers.last_failure(&member.id).is_some(),
                    std::cmp::Reverse(last_heard),
                );
                (order, member.id.clone())
            })
            .collect();
        carriers.sort();
        Ok(carriers.into_iter().map(|(_, id)| id).take(FEED_CARRIERS_TRIED_MAX).collect())
    }

    /// Names a carrier that sent what is not the lender's feed, and does not ask it for this feed for a while.
    pub(super) fn blame(&self, lender: &MemberId, carrier: &MemberId, way: Way) -> Result<(), FeedError> {
        self.feeds.note_carrier(lender, carrier, way, self.clock.now())?;
        tracing::error!(
            %lender, %carrier, what = way.words(),
            "a carrier did not carry the lender's feed as it was signed; fetching it from another member"
        );
        Ok(())
    }

    /// When a second carrier differs on top of the same rows held, these are in doubt rather than both carriers: a lender
    /// that shows members two histories looks like that. Then everything is fetched anew, and nobody is at fault.
    pub(super) fn doubt_rows_held(
        &self,
        lender: &MemberId,
        carrier: &MemberId,
        way: Way,
    ) -> Result<(), FeedError> {
        let held = self.feeds.head(lender)?.sequence;
        let now = self.clock.now();
        let also = |fault: &CarrierFault| {
            &fault.carrier != carrier
                && fault.held == held
                && fault.way.rests_on_rows_held()
                && fault.suspends(now)
        };
        if held == 0 || !way.rests_on_rows_held() || !self.feeds.carrier_faults(lender)?.iter().any(also) {
            return Ok(());
        }
        tracing::error!(%lender, "two carriers differ from the rows held: these are fetched anew");
        self.feeds.note_difference(lender, now)?;
        self.feeds.forget(lender)?;
        self.feeds.clear_carriers(lender)?;
        Ok(())
    }

    /// Whether the roster has no address of this node, so that nobody can fetch anything from it.
    pub fn listens_nowhere(&self) -> bool {
        self.roster().member(&self.me).is_none_or(|member| member.addresses.is_empty())
    }

    /// What is held here of every feed that a signed state covers.
    fn holdings(&self) -> Result<Vec<Holding>, StoreError> {
        let mut held = Vec::new();
        for member in &self.roster().document().members {
            if let Some(state) = self.feeds.state(&member.id)? {
                let FeedState { lender, sequence, time, digest, .. } = state;
                held.push(Holding { lender, sequence, time, digest });
            }
        }
        Ok(held)
    }

    /// States held here that the asker does not hold: later ones, and others for the same sequence number; and, unless it
    /// has `waited` for these, the feeds of which it holds more.
    pub(super) fn serve_holdings(
        &self,
        asker: &MemberId,
        held: &[Holding],
        waited: bool,
    ) -> Result<Reply, LogError> {
        let known: BTreeMap<&MemberId, &Holding> =
            held.iter().take(MEMBERS_MAX).map(|holding| (&holding.lender, holding)).collect();
        let mut states = Vec::new();
        for member in &self.roster().document().members {
            let head = self.feeds.head(&member.id)?;
            let (Some(state), Some(signed)) = (head.state, head.signed) else { continue };
            let tells = known.get(&member.id).is_none_or(|known| {
                (known.time, known.sequence) < (state.time, state.sequence)
                    || (known.sequence == state.sequence && known.digest != state.digest)
            });
            if tells && states.len() < HOLDINGS_STATES_MAX {
                states.push(HeldState { lender: member.id.clone(), state: signed });
            }
        }
        let wanted = if waited { Vec::new() } else { self.wanted_from(asker, &known)? };
        Ok(Reply::Holdings { states, wanted })
    }

    /// What to be sent by a member that cannot be asked, for it listens nowhere or cannot be reached.
    fn wanted_from(
        &self,
        asker: &MemberId,
        known: &BTreeMap<&MemberId, &Holding>,
    ) -> Result<Vec<WantedFeed>, LogError> {
        let roster = self.roster();
        let listens = roster.member(asker).is_some_and(|member| !member.addresses.is_empty());
        let mut wanted = Vec::new();
        if listens && self.peers.last_failure(asker).is_none() {
            return Ok(wanted);
        }
        for (lender, theirs) in known {
            let lends = roster.member(lender).is_some_and(|member| member.has(Role::Lender));
            if !lends || *lender == &self.me || !self.carries(asker, lender) {
                continue;
            }
            let head = self.feeds.head(lender)?;
            let held = head.state.map(|state| (state.time, state.sequence));
            let begun = self.feeds.catching_up(lender)?;
            let now = self.clock.now();
            let anothers =
                begun.as_ref().is_some_and(|begun| &begun.carrier != asker && begun.goes_first(now));
            if anothers || held.is_some_and(|held| held >= (theirs.time, theirs.sequence)) {
                continue;
            }
            let begun = begun.filter(|begun| &begun.carrier == asker);
            let after = begun.map_or(head.sequence, |begun| begun.sequence);
            wanted.push(WantedFeed { lender: (*lender).clone(), after });
        }
        Ok(wanted)
    }

    /// Sends a member what it wants of a feed and cannot fetch itself, some pages at a time. Gives how many rows.
    async fn carry_to(&self, member: &MemberId, wanted: WantedFeed) -> Result<usize, FetchError> {
        let WantedFeed { lender, mut after } = wanted;
        let mut sent = 0;
        for _ in 0..CARRIED_PAGES_MAX {
            let Reply::Feed { rows, state, last } = self.feed_page(&lender, after)? else { break };
            sent += rows.len();
            let request = Request::Carry { lender: lender.clone(), rows, state, last };
            match self.peers.call(member, request).await? {
                Reply::Carried { after: now } if !last && now > after => after = now,
                _ => break,
            }
        }
        Ok(sent)
    }

    /// Takes a page that a member sends because it was wanted.
    pub(super) async fn take_carried(
        &self,
        carrier: &MemberId,
        lender: &MemberId,
        sent: Sent,
    ) -> Result<Reply, FollowError> {
        let refused = Reply::Refused(Refusal { code: RefusalCode::NotPermitted, renews: None });
        if lender == &self.me || (carrier != lender && !self.carries(carrier, lender)) {
            return Ok(refused);
        }
        // What another began is not dropped for it: the sender is not known to be any better.
        let begun = self.feeds.catching_up(lender).map_err(FeedError::from)?;
        let now = self.clock.now();
        if begun.is_some_and(|begun| &begun.carrier != carrier && begun.goes_first(now)) {
            return Ok(Reply::Unavailable { why: "another member carries this feed just now".to_owned() });
        }
        match self.take_page(lender, carrier, sent).await {
            Ok(_) => {
                let head = self.feeds.head(lender).map_err(FeedError::from)?;
                let begun = self.feeds.catching_up(lender).map_err(FeedError::from)?;
                Ok(Reply::Carried { after: begun.map_or(head.sequence, |begun| begun.sequence) })
            }
            Err(FollowError::Feed(FeedError::Store(error))) => Err(FeedError::from(error).into()),
            Err(error) => {
                tracing::debug!(%lender, %carrier, %error, "a page that a member sent was not taken");
                Ok(refused)
            }
        }
    }

    /// Tells a member what is held here of every feed, looks at what it holds otherwise, and sends it what it wants. Gives
    /// how many states it showed. With `wait_seconds` it answers when it has something to show, and wants nothing.
    pub async fn compare_holdings(&self, member: &MemberId, wait_seconds: u16) -> Result<usize, FetchError> {
        let held = self.holdings().map_err(LogError::from)?;
        let misbehaved = |what: &str| PeerError::Misbehaved { member: member.clone(), what: what.to_owned() };
        let (states, wanted) = match self.peers.call(member, Request::Holdings { held, wait_seconds }).await?
        {
            Reply::Holdings { states, wanted }
                if states.len() <= HOLDINGS_STATES_MAX && wanted.len() <= MEMBERS_MAX =>
            {
                (states, wanted)
            }
            Reply::Unavailable { why } => {
                return Err(PeerError::Unreachable { member: member.clone(), why }.into());
            }
            _ => return Err(misbehaved("not what it holds").into()),
        };
        self.heard_from(member);
        let shown = states.len();
        for HeldState { lender, state } in states {
            match self.state_shown(&lender, member, &state) {
                Ok(()) => {}
                Err(FeedError::Store(error)) => return Err(LogError::from(error).into()),
                Err(error) => tracing::warn!(%member, %lender, %error, "a state that a member holds"),
            }
        }
        for feed in wanted {
            self.carry_to(member, feed).await?;
        }
        Ok(shown)
    }

    /// A member showed a state of a lender's feed.
    fn state_shown(
        &self,
        lender: &MemberId,
        by: &MemberId,
        signed: &Signed<FeedState>,
    ) -> Result<(), FeedError> {
        let roster = self.roster();
        let Some(key) = roster.member(lender).map(|member| member.feed_key) else { return Ok(()) };
        let now = self.clock.now();
        match self.feeds.compare(&self.network, lender, &key, signed, now) {
            Ok(Shown::Known) => Ok(()),
            Ok(Shown::SameRows(_) | Shown::Newer(_)) if lender == &self.me => {
                tracing::error!(
                    %by, "another member holds a newer state of this node's own feed: is this an old copy of its store?"
                );
                Ok(())
            }
            // The state is enough: the rows are here.
            Ok(Shown::SameRows(_)) if self.feeds.catching_up(lender)?.is_none() => {
                let (after, rows) = (None, [].as_slice());
                let page = Page { lender, key: &key, carrier: by, after, rows, state: signed, last: true };
                self.feeds.take(&self.network, &page, now).map(|_| self.carried_by(lender, by))
            }
            Ok(Shown::SameRows(state) | Shown::Newer(state)) => {
                self.note_newer(&state, by);
                Ok(())
            }
            Err(FeedError::NotTheLenders(_)) => self.blame(lender, by, Way::Forged),
            Err(error @ FeedError::TwoStates { new, .. }) => {
                // The pair is kept. Whichever of the two is in the feed, it is fetched anew, once.
                if new && lender != &self.me {
                    self.fetch_anew(lender, &error)?;
                }
                Err(error)
            }
            Err(error @ FeedError::WentBack { .. }) if lender != &self.me => {
                self.fetch_anew(lender, &error)?;
                Err(error)
            }
            Err(error) => Err(error),
        }
    }
}
