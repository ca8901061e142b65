//! Who carries a lender's feed when the lender is out of reach, who carried one badly, and what members hold.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::withdraw::FetchError;
use super::{Node, PeerError};
use crate::clock::UnixTime;
use crate::feed::{CarrierFault, FeedError, Page, Shown, Way};
use crate::feed_state::FeedState;
use crate::limits::{CARRIER_LAG_SECONDS_MAX, FEED_CARRIERS_TRIED_MAX, HOLDINGS_STATES_MAX, MEMBERS_MAX};
use crate::log::LogError;
use crate::model::member::MemberId;
use crate::roster::Role;
use crate::signing::Signed;
use crate::store::StoreError;
use crate::wire::message::{HeldState, Holding, Reply, Request};

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
#[derive(Default)]
pub(super) struct Carriers {
    /// Newer states shown, in the order of their times: all of the last minutes, and the newest from before.
    newer: Mutex<BTreeMap<MemberId, Vec<NewerShown>>>,
    /// Who carried the last page of a feed.
    last: Mutex<BTreeMap<MemberId, MemberId>>,
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

    /// States held here that the asker does not hold: later ones, and others for the same sequence number.
    pub(super) fn serve_holdings(&self, held: &[Holding]) -> Result<Reply, LogError> {
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
        Ok(Reply::Holdings { states })
    }

    /// Tells a member what is held here of every feed, and looks at what it holds otherwise. Gives how many states it
    /// showed.
    pub async fn compare_holdings(&self, member: &MemberId) -> Result<usize, FetchError> {
        let held = self.holdings().map_err(LogError::from)?;
        let misbehaved = |what: &str| PeerError::Misbehaved { member: member.clone(), what: what.to_owned() };
        let states = match self.peers.call(member, Request::Holdings { held }).await? {
            Reply::Holdings { states } if states.len() <= HOLDINGS_STATES_MAX => states,
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
                let page = Page { lender, key: &key, carrier: by, rows: &[], state: signed, last: true };
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
