//! The relay's side of calls to members that listen nowhere: who stands by, and who calls whom.
//!
//! A member that stands by has dialled; a caller has dialled; one connection is joined to the other, and what goes over
//! them is TLS between those two.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{oneshot, watch};
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

use crate::limits::{
    CALLS_PER_MEMBER_MAX, CALLS_PER_PAIR_AND_MINUTE_MAX, CALLS_PER_PAIR_MAX, LINES_PER_MEMBER_MAX,
    REACH_SECONDS_MAX, STAND_BY_SECONDS,
};
use crate::model::member::MemberId;
use crate::transport::{Framed, Limits, Tunnel, relay};
use crate::wire::codec;
use crate::wire::message::Reply;

/// For counting calls.
const MINUTE: Duration = Duration::from_secs(60);
/// Pairs that are counted before those are forgotten whose minute is over.
const PAIRS_COUNTED_MAX: usize = 4_096;
/// Seconds for a caller that was given a line to hand its connection over.
const HAND_OVER: Duration = Duration::from_secs(5);

/// Everybody who stands by here.
#[derive(Debug)]
pub(super) struct Exchange {
    table: Mutex<Table>,
    /// Counts the lines that were ever ready.
    ready: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Table {
    next: u64,
    /// Who stands by, the newest last: an old line may be one that the network has forgotten.
    lines: BTreeMap<MemberId, Vec<(u64, oneshot::Sender<Tunnel>)>>,
    /// Calls now, by caller and member called.
    calls: BTreeMap<(MemberId, MemberId), usize>,
    /// Calls in the minute that began then.
    begun: BTreeMap<(MemberId, MemberId), (Instant, u32)>,
}

impl Table {
    /// Counts a call, unless the two have had their calls of this minute.
    fn begins(&mut self, pair: &(MemberId, MemberId), now: Instant) -> bool {
        if self.begun.len() >= PAIRS_COUNTED_MAX {
            self.begun.retain(|_, (since, _)| now.duration_since(*since) < MINUTE);
        }
        let (since, count) = self.begun.entry(pair.clone()).or_insert((now, 0));
        if now.duration_since(*since) >= MINUTE {
            (*since, *count) = (now, 0);
        }
        *count += 1;
        *count <= CALLS_PER_PAIR_AND_MINUTE_MAX
    }

    /// Whether one more call would be too many for the caller, for the member called, or for the two together.
    fn is_full(&self, caller: &MemberId, called: &MemberId) -> bool {
        let sum = |which: &dyn Fn(&(MemberId, MemberId)) -> bool| -> usize {
            self.calls.iter().filter(|(pair, _)| which(pair)).map(|(_, count)| count).sum()
        };
        sum(&|pair| &pair.0 == caller) >= CALLS_PER_MEMBER_MAX
            || sum(&|pair| &pair.1 == called) >= CALLS_PER_MEMBER_MAX
            || sum(&|pair| (&pair.0, &pair.1) == (caller, called)) >= CALLS_PER_PAIR_MAX
    }
}

/// A member's place among those who stand by.
#[derive(Debug)]
struct Line<'a> {
    exchange: &'a Exchange,
    member: MemberId,
    number: u64,
    called: oneshot::Receiver<Tunnel>,
}

/// A call that has a line.
#[derive(Debug)]
pub(super) struct Call {
    line: oneshot::Sender<Tunnel>,
    place: CallPlace,
}

/// The place that a call takes among those of its two members.
#[derive(Debug)]
struct CallPlace {
    exchange: Arc<Exchange>,
    pair: (MemberId, MemberId),
}

/// Why a member is not reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NotReached {
    #[error("it has no connection to this relay")]
    NobodyStandsBy,
    #[error("too many calls at once go through this relay")]
    TooManyCalls,
}

impl Exchange {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self { table: Mutex::default(), ready: watch::Sender::new(0) })
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        // Every change is one insertion or removal.
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(test)]
    fn standing_by(&self, member: &MemberId) -> usize {
        self.table().lines.get(member).map_or(0, Vec::len)
    }

    fn stand_by(&self, member: &MemberId) -> Option<Line<'_>> {
        let (sender, called) = oneshot::channel();
        let mut table = self.table();
        let number = table.next;
        table.next += 1;
        let lines = table.lines.entry(member.clone()).or_default();
        lines.retain(|(_, line)| !line.is_closed());
        if lines.len() >= LINES_PER_MEMBER_MAX {
            return None;
        }
        lines.push((number, sender));
        drop(table);
        self.ready.send_modify(|count| *count += 1);
        Some(Line { exchange: self, member: member.clone(), number, called })
    }

    /// A line to a member, as soon as it stands by.
    pub(super) async fn call(
        self: &Arc<Self>,
        caller: &MemberId,
        called: &MemberId,
    ) -> Result<Call, NotReached> {
        {
            let mut table = self.table();
            let pair = (caller.clone(), called.clone());
            if table.is_full(caller, called) || !table.begins(&pair, Instant::now()) {
                return Err(NotReached::TooManyCalls);
            }
            *table.calls.entry(pair).or_default() += 1;
        }
        let place = CallPlace { exchange: Arc::clone(self), pair: (caller.clone(), called.clone()) };
        let mut ready = self.ready.subscribe();
        let line = async {
            loop {
                if let Some(line) = self.take_line(called) {
                    return Some(line);
                }
                ready.changed().await.ok()?;
            }
        };
        let line = timeout(Duration::from_secs(REACH_SECONDS_MAX), line).await;
        let line = line.ok().flatten().ok_or(NotReached::NobodyStandsBy)?;
        Ok(Call { line, place })
    }

    fn take_line(&self, member: &MemberId) -> Option<oneshot::Sender<Tunnel>> {
        let mut table = self.table();
        let lines = table.lines.get_mut(member)?;
        while let Some((_, line)) = lines.pop() {
            if !line.is_closed() {
                return Some(line);
            }
        }
        None
    }

    /// One round of a member that stands by over `framed`: gives the connection back when nobody called.
    pub(super) async fn wait_for_call(
        &self,
        member: &MemberId,
        mut framed: Framed,
        wait_seconds: u16,
        limits: &Limits,
        shutdown: &CancellationToken,
    ) -> Option<Framed> {
        let Some(mut line) = self.stand_by(member) else {
            let why = "enough connections of this member stand by".to_owned();
            framed.send(&codec::encode(&Reply::Unavailable { why })).await.ok()?;
            return Some(framed);
        };
        let wait = Duration::from_secs(u64::from(wait_seconds.min(STAND_BY_SECONDS)));
        let called = tokio::select! {
            called = &mut line.called => called.ok(),
            // Whoever stands by is silent: it has gone, or does not keep to the protocol.
            _ = framed.recv() => return None,
            () = shutdown.cancelled() => { framed.close().await; return None; }
            () = tokio::time::sleep(wait) => line.leave().await,
        };
        let reply = if called.is_some() { Reply::Called } else { Reply::NotCalled };
        framed.send(&codec::encode(&reply)).await.ok()?;
        let Some(caller) = called else { return Some(framed) };
        let line = framed.into_tunnel().ok()?;
        let relayed = tokio::select! {
            relayed = relay(caller, line, limits) => relayed,
            () = shutdown.cancelled() => return None,
        };
        tracing::debug!(%member, ?relayed, "a call through this relay has ended");
        None
    }
}

impl Line<'_> {
    /// Stands by no more; a call that has just begun is still taken.
    async fn leave(&mut self) -> Option<Tunnel> {
        if self.withdraw() {
            return None;
        }
        timeout(HAND_OVER, &mut self.called).await.ok()?.ok()
    }

    /// Whether it still stood by.
    fn withdraw(&self) -> bool {
        let mut table = self.exchange.table();
        let Some(lines) = table.lines.get_mut(&self.member) else { return false };
        let before = lines.len();
        lines.retain(|(number, _)| *number != self.number);
        let stood_by = lines.len() < before;
        if lines.is_empty() {
            table.lines.remove(&self.member);
        }
        stood_by
    }
}

impl Drop for Line<'_> {
    fn drop(&mut self) {
        self.withdraw();
    }
}

impl Call {
    /// Joins the caller's end to the line, until that end is dropped. Fails when the member has gone meanwhile.
    pub(super) fn join(self, mut caller: Tunnel) -> Result<(), NotReached> {
        caller.hold(Box::new(self.place));
        self.line.send(caller).map_err(|_| NotReached::NobodyStandsBy)
    }
}

impl Drop for CallPlace {
    fn drop(&mut self) {
        let mut table = self.exchange.table();
        if let Some(count) = table.calls.get_mut(&self.pair) {
            *count -= 1;
            if *count == 0 {
                table.calls.remove(&self.pair);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> MemberId {
        text.parse().unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn a_caller_waits_for_a_line_and_takes_the_newest() {
        let exchange = Exchange::new();
        assert_eq!(
            exchange.call(&id("lender-a"), &id("lender-b")).await.unwrap_err(),
            NotReached::NobodyStandsBy
        );
        let comes = async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            exchange.stand_by(&id("lender-b")).unwrap()
        };
        let (lender_a, lender_b) = (id("lender-a"), id("lender-b"));
        let (call, mut first) = tokio::join!(exchange.call(&lender_a, &lender_b), comes);
        let call = call.unwrap();
        assert!(first.called.try_recv().is_err(), "the line is taken, and nothing sent yet");
        call.join(Tunnel::pair().0).unwrap();
        assert!(first.called.try_recv().is_ok());

        let mut old = exchange.stand_by(&id("lender-b")).unwrap();
        let mut new = exchange.stand_by(&id("lender-b")).unwrap();
        exchange.call(&id("lender-a"), &id("lender-b")).await.unwrap().join(Tunnel::pair().0).unwrap();
        assert!(old.called.try_recv().is_err());
        assert!(new.called.try_recv().is_ok());
        assert_eq!(exchange.standing_by(&id("lender-b")), 1);
        // One that is called while it leaves takes the call.
        let call = exchange.call(&id("lender-a"), &id("lender-b")).await.unwrap();
        let (left, joined) = tokio::join!(old.leave(), async { call.join(Tunnel::pair().0) });
        assert!(left.is_some() && joined.is_ok());
        drop((old, new));
        assert!(exchange.table().lines.is_empty(), "who has gone is forgotten");
    }

    #[tokio::test(start_paused = true)]
    async fn lines_and_calls_are_bounded_and_given_back() {
        let exchange = Exchange::new();
        let lines: Vec<_> =
            (0..LINES_PER_MEMBER_MAX).map(|_| exchange.stand_by(&id("lender-b")).unwrap()).collect();
        assert!(exchange.stand_by(&id("lender-b")).is_none());
        assert!(exchange.stand_by(&id("lender-c")).is_some(), "another member's are its own");
        drop(lines);
        let mut kept = Vec::new();
        let mut call = async |caller: &MemberId, called: &MemberId| {
            kept.push(exchange.stand_by(called));
            exchange.call(caller, called).await
        };
        let (caller, called) = (id("lender-a"), id("lender-b"));
        let mut calls = Vec::new();
        for _ in 0..CALLS_PER_PAIR_MAX {
            calls.push(call(&caller, &called).await.unwrap());
        }
        assert_eq!(call(&caller, &called).await.unwrap_err(), NotReached::TooManyCalls);
        for number in 0..(CALLS_PER_MEMBER_MAX - CALLS_PER_PAIR_MAX) {
            calls.push(call(&id(&format!("lender-{}", 100 + number / 4)), &called).await.unwrap());
        }
        assert_eq!(call(&id("lender-d"), &called).await.unwrap_err(), NotReached::TooManyCalls);
        calls.pop();
        calls.push(call(&id("lender-d"), &called).await.unwrap());
        assert!(call(&caller, &id("lender-e")).await.is_ok(), "others are called as before");
        drop(calls);
        assert!(exchange.table().calls.is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn who_calls_again_and_again_has_to_wait() {
        let exchange = Exchange::new();
        let (caller, called) = (id("lender-a"), id("lender-b"));
        for _ in 0..CALLS_PER_PAIR_AND_MINUTE_MAX {
            let _line = exchange.stand_by(&called).unwrap();
            drop(exchange.call(&caller, &called).await.unwrap());
        }
        let _line = exchange.stand_by(&called).unwrap();
        assert_eq!(exchange.call(&caller, &called).await.unwrap_err(), NotReached::TooManyCalls);
        assert!(exchange.call(&id("lender-c"), &called).await.is_ok());
        tokio::time::advance(MINUTE).await;
        let _line = exchange.stand_by(&called).unwrap();
        assert!(exchange.call(&caller, &called).await.is_ok());
    }
}
