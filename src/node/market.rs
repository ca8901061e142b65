//! Market figures: this lender's count of its own clients, once a month, and the figures that the counts of all lenders in
//! the logs here come to.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::PoisonError;

use super::Node;
use super::publish::withdrawn_hash;
use super::tables::MARKET_DUE;
use crate::book::BookError;
use crate::clock::UnixTime;
use crate::digest::{Digest, TransactionId, hash};
use crate::limits::{MARKET_CLASSES, MARKET_MONTHS_MAX, MARKET_PATIENCE_SECONDS};
use crate::log::{LogError, MarketRow};
use crate::market::{Budget, Contribution, MarketReport, Noise, Persons, Rank, Tally, figures, share};
use crate::model::identifier::Strength;
use crate::model::leaf::{Leaf, LeafBody};
use crate::model::member::MemberId;
use crate::model::month::Month;
use crate::roster::Role;
use crate::store::{Durability, StoreBatch, StoreError};
use crate::threshold::Locator;

/// What came of a look whether this lender's count is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MarketCount {
    /// This node reports nothing, or there are no keys.
    NotLender,
    /// The month is counted.
    Done,
    /// The counts of twelve months have spent what the policy allows.
    BudgetSpent,
    /// Data is missing here, and may come.
    Waits {
        /// Lenders whose rows are not whole or not fresh here; this one, where its own book is not all published.
        lenders: Vec<MemberId>,
    },
    /// Counted now.
    Counted {
        /// The month.
        month: Month,
        /// Lenders whose rows were whole.
        covers: u16,
        /// Lenders that there are.
        of: u16,
    },
}

/// Why nothing was counted. All of it is this node's own trouble.
#[derive(Debug, thiserror::Error)]
pub enum MarketError {
    /// The log or the store.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The book.
    #[error(transparent)]
    Book(#[from] BookError),
}

impl From<StoreError> for MarketError {
    fn from(error: StoreError) -> Self {
        Self::Log(error.into())
    }
}

/// Who is looked for under locators.
struct Lenders {
    /// By name: place in the order of the month, and the sequence number up to which rows count.
    known: BTreeMap<String, (Rank, u64)>,
    /// Those whose rows are not whole or not fresh here.
    lacking: Vec<MemberId>,
}

impl Node {
    /// Counts this lender's clients for the month, unless that is done: adds the noise and logs the counts. Whoever asks
    /// again gets what was logged; nothing is drawn twice. Waits for others' data for a week, then counts without.
    /// Reads every client and looks under each of their locators.
    pub fn count_for_market(&self) -> Result<MarketCount, MarketError> {
        let _one_at_a_time = self.counting.lock().unwrap_or_else(PoisonError::into_inner);
        let (now, roster) = (self.clock.now(), self.roster());
        let Some(epoch) = roster.current_epoch().filter(|_| self.is_lender()).map(|epoch| epoch.epoch) else {
            return Ok(MarketCount::NotLender);
        };
        let month = Month::of(now);
        let policy = roster.policy().market;
        let counted = self.register.market(&self.me)?;
        if counted.iter().any(|row| row.month >= month) {
            return Ok(MarketCount::Done);
        }
        let cost = u64::from(policy.epsilon_thousandths);
        let Some(noise) = Noise::new(policy.epsilon_thousandths)
            .filter(|_| spent(&counted, month) + cost <= u64::from(policy.epsilon_yearly_thousandths))
        else {
            return Ok(MarketCount::BudgetSpent);
        };
        let lenders = self.market_lenders(month, now)?;
        if !lenders.lacking.is_empty() && !self.is_market_overdue(month, now)? {
            return Ok(MarketCount::Waits { lenders: lenders.lacking });
        }
        let mut clients = self.market_tally(epoch, &lenders)?;
        for count in &mut clients {
            *count = count.saturating_add(noise.draw(&*self.entropy));
        }
        let of = u16::try_from(lenders.known.len()).unwrap_or(u16::MAX);
        let covers = of.saturating_sub(u16::try_from(lenders.lacking.len()).unwrap_or(u16::MAX));
        let epsilon_thousandths = policy.epsilon_thousandths;
        let body = LeafBody::MarketCounted { month, epsilon_thousandths, covers, of, clients };
        self.log.append_one(Leaf::new(now, TransactionId::random(&*self.entropy), body))?;
        Ok(MarketCount::Counted { month, covers, of })
    }

    /// What this lender's clients come to now, without noise: for itself, and no message or interface carries it.
    pub fn plain_market_tally(&self) -> Result<Tally, MarketError> {
        let (now, roster) = (self.clock.now(), self.roster());
        match roster.current_epoch().filter(|_| self.is_lender()) {
            Some(epoch) => self.market_tally(epoch.epoch, &self.market_lenders(Month::of(now), now)?),
            None => Ok([0; MARKET_CLASSES]),
        }
    }

    fn market_tally(&self, epoch: u32, lenders: &Lenders) -> Result<Tally, MarketError> {
        let mut persons = Persons::default();
        let schemes = self.schemes();
        self.book.each_client(|client| {
            let withdrawn = Some(withdrawn_hash(client.record));
            let (mut carried, mut reported) = (Vec::new(), false);
            for place in client.published.iter().filter(|place| place.epoch == epoch && place.version > 0) {
                if schemes.strength(place.identifier.scheme()) != Some(Strength::Strong) {
                    continue;
                }
                if client.identifiers.contains(&place.identifier) {
                    carried.push(place.locator.0);
                    reported |= place.content != withdrawn;
                } else {
                    // A number that was corrected: whoever's it is, others see this lender's row there.
                    persons.add(&[place.locator.0], false);
                }
            }
            persons.add(&carried, reported);
        })?;
        let me = lenders.known.get(self.me.as_str()).map_or(0, |known| known.0);
        let among = lenders.known.iter().map(|(lender, (_, covered))| (lender.clone(), *covered)).collect();
        let mut tally = [0i64; MARKET_CLASSES];
        for person in persons.finish() {
            let mut view = BTreeMap::new();
            for (bit, locator) in person.locators.iter().enumerate() {
                for lender in self.feeds.lenders_under(&Locator(*locator), &among)? {
                    let rank = lenders.known.get(&lender).map(|known| known.0);
                    *view.entry(rank.unwrap_or(Rank::MAX)).or_default() |= 1 << bit;
                }
            }
            let added = share(&view, me, person.reported);
            tally.iter_mut().zip(added).for_each(|(sum, count)| *sum += count);
        }
        Ok(tally)
    }

    /// The present lenders in the order of a month, which all compute alike and which is another each month.
    fn market_lenders(&self, month: Month, now: UnixTime) -> Result<Lenders, MarketError> {
        let roster = self.roster();
        let patience = i64::from(roster.policy().freshness.missing_after_seconds);
        let present = roster.with_role(Role::Lender).filter(|lender| lender.removed.is_none());
        let of = month.to_string();
        let mut ordered: Vec<(Digest, &MemberId)> = present
            .map(|lender| {
                let (network, lender_name) =
                    (self.network.as_str().as_bytes(), lender.id.as_str().as_bytes());
                (hash("tallystick/market-order/v1", &[network, of.as_bytes(), lender_name]), &lender.id)
            })
            .collect();
        ordered.sort();
        let mut lenders = Lenders { known: BTreeMap::new(), lacking: Vec::new() };
        for (rank, (_, lender)) in (0..Rank::MAX).zip(ordered) {
            let head = self.feeds.head(lender)?;
            let whole = if lender == &self.me {
                // What was loaded and is not published yet stands under no locator.
                let _writing = self.book.writer();
                head.state.is_some_and(|state| state.as_of.is_some()) && self.book.is_settled_after(0)?
            } else {
                let young = |time: UnixTime| now.seconds_since(time) <= patience;
                head.differs_since.is_none()
                    && head.covered == head.sequence
                    && head.state.is_some_and(|state| state.as_of.is_some() && young(state.time))
            };
            if !whole {
                lenders.lacking.push(lender.clone());
            }
            lenders.known.insert(lender.to_string(), (rank, head.covered));
        }
        Ok(lenders)
    }

    /// Whether others' data was waited for long enough. Notes when the waiting began.
    fn is_market_overdue(&self, month: Month, now: UnixTime) -> Result<bool, StoreError> {
        let key = u32::try_from(month.start().0 / 86_400).unwrap_or(0);
        if let Some(since) = self.store.get(&MARKET_DUE, &key)? {
            return Ok(now.seconds_since(since) >= MARKET_PATIENCE_SECONDS);
        }
        let mut batch = StoreBatch::new();
        for (older, _) in self.store.scan_prefix(&MARKET_DUE, &[], None, MARKET_MONTHS_MAX)? {
            batch.delete(&MARKET_DUE, &older);
        }
        batch.put(&MARKET_DUE, &key, &now);
        self.store.commit(batch, Durability::Synced)?;
        Ok(false)
    }

    /// The market figures of the last months, from the counts in the logs that are here: the own one and those that this
    /// node mirrors.
    pub fn market(&self) -> Result<MarketReport, LogError> {
        let (roster, now) = (self.roster(), Month::of(self.clock.now()));
        let policy = roster.policy().market;
        let mut contributions = Vec::new();
        let (mut months, mut dearest) = (BTreeSet::new(), 0);
        let present = roster.with_role(Role::Lender).filter(|lender| lender.removed.is_none());
        let present: BTreeSet<MemberId> = present.map(|lender| lender.id.clone()).collect();
        for lender in roster.with_role(Role::Lender) {
            let rows = self.register.market(&lender.id)?;
            dearest = dearest.max(spent(&rows, now));
            for MarketRow { time, month, epsilon_thousandths, covers, of, clients } in rows {
                let lender = lender.id.clone();
                months.insert(month);
                contributions.push(Contribution {
                    lender,
                    time,
                    month,
                    epsilon_thousandths,
                    covers,
                    of,
                    clients,
                });
            }
        }
        // One who names a month to come or of long ago pushes none of the others out.
        let oldest = now.plus(1 - i32::try_from(MARKET_MONTHS_MAX).unwrap_or(i32::MAX));
        let months = months.into_iter().rev().filter(|month| (oldest..=now).contains(month));
        // Lenders that were not there yet, or have left since, are missed in no month.
        let expected = |month: Month| -> BTreeSet<MemberId> {
            let members = &roster.document().members;
            let end = month.plus(1).start();
            let joined = |id: &&MemberId| members.iter().any(|m| &&m.id == id && m.admitted < end);
            present.iter().filter(joined).cloned().collect()
        };
        let not_followed = self.logs_not_followed(&present);
        let months = months
            .map(|month| figures(month, &contributions, &expected(month), &not_followed, policy.small_cell));
        let budget = Budget {
            epsilon_thousandths: policy.epsilon_thousandths,
            epsilon_yearly_thousandths: policy.epsilon_yearly_thousandths,
            spent_thousandths: dearest,
        };
        Ok(MarketReport { months: months.collect(), budget })
    }

    /// The lenders whose logs do not come here as they grow: of what they have counted this node knows nothing. Lenders
    /// show theirs to every witness; a key holder that is none sees what an evaluation rested on, and nothing since.
    fn logs_not_followed(&self, lenders: &BTreeSet<MemberId>) -> BTreeSet<MemberId> {
        if self.roster().member(&self.me).is_some_and(|member| member.has(Role::Witness)) {
            return BTreeSet::new();
        }
        lenders.iter().filter(|lender| **lender != self.me).cloned().collect()
    }
}

/// ε of the counts of the twelve months that end with `month`, in thousandths.
fn spent(counted: &[MarketRow], month: Month) -> u64 {
    let year = month.plus(-11)..=month;
    let costs = counted.iter().filter(|row| year.contains(&row.month));
    costs.map(|row| u64::from(row.epsilon_thousandths)).sum()
}
