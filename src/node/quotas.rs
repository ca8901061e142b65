//! Quotas that a key holder keeps for each member, durable across restarts.
//!
//! They are part of the security: without them a member could walk through every number of a national register.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::tables::{CONSENT_POINTS, QUOTAS};
use crate::clock::UnixTime;
use crate::limits::REFUSALS_LOGGED_PER_DAY_MAX;
use crate::model::day::Day;
use crate::model::leaf::EvaluationKind;
use crate::model::member::MemberId;
use crate::model::policy::Policy;
use crate::store::{Store, StoreBatch, StoreError};

const REPORTING: u8 = 1;
const INQUIRY: u8 = 2;
const OPENINGS: u8 = 3;

/// Counts, in memory ahead of the store by at most the batch that is being written.
pub(super) struct Quotas {
    store: Store,
    counts: Mutex<BTreeMap<(String, u32, u8), u64>>,
    consents: Mutex<BTreeMap<(String, u64), u64>>,
    /// Refusals by member, and the day of them; since this start.
    refusals: Mutex<BTreeMap<MemberId, (Day, u64)>>,
}

/// What was taken, to be written with the evaluation it pays for.
pub(super) struct Charge {
    days: Vec<((String, u32, u8), u64)>,
    consent: Option<((String, u64), u64)>,
}

impl Charge {
    pub(super) fn write(self, batch: &mut StoreBatch) {
        for (key, count) in &self.days {
            batch.put(&QUOTAS, key, count);
        }
        if let Some((key, count)) = &self.consent {
            batch.put(&CONSENT_POINTS, key, count);
        }
    }
}

/// Why nothing was taken.
pub(super) enum Spent {
    Store(StoreError),
    /// When it renews; never for points under a consent.
    Until(Option<UnixTime>),
}

impl From<StoreError> for Spent {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Quotas {
    pub(super) fn new(store: Store) -> Self {
        Self { store, counts: Mutex::default(), consents: Mutex::default(), refusals: Mutex::default() }
    }

    /// Counts a refusal. Whether it is among those of the day that are logged.
    pub(super) fn refuse(&self, member: &MemberId, now: UnixTime) -> bool {
        let today = Day::of(now);
        let mut refusals = self.refusals.lock().unwrap_or_else(PoisonError::into_inner);
        let (day, count) = refusals.entry(member.clone()).or_insert((today, 0));
        if *day != today {
            (*day, *count) = (today, 0);
        }
        *count += 1;
        if *count == REFUSALS_LOGGED_PER_DAY_MAX + 1 {
            tracing::warn!(%member, "its further refusals of today are not logged");
        }
        *count <= REFUSALS_LOGGED_PER_DAY_MAX
    }

    /// Counts points once more that this holder served after the copy was made that it goes on from.
    pub(super) fn count_again(
        &self,
        member: &MemberId,
        evaluation: EvaluationKind,
        points: u64,
        consent: Option<u64>,
        time: UnixTime,
        batch: &mut StoreBatch,
    ) -> Result<(), StoreError> {
        let day = u32::try_from(Day::of(time).days()).unwrap_or(0);
        let kind = if evaluation == EvaluationKind::Reporting { REPORTING } else { INQUIRY };
        let mut days = vec![(kind, points)];
        if evaluation == EvaluationKind::Open {
            days.push((OPENINGS, 1));
        }
        for (kind, more) in days {
            let key = (member.to_string(), day, kind);
            let before = match batch.written(&QUOTAS, &key)? {
                Some(count) => count,
                None => self.store.get(&QUOTAS, &key)?.unwrap_or(0),
            };
            batch.put(&QUOTAS, &key, &(before + more));
        }
        if let Some(index) = consent.filter(|_| evaluation != EvaluationKind::Reporting) {
            let key = (member.to_string(), index);
            let before = match batch.written(&CONSENT_POINTS, &key)? {
                Some(count) => count,
                None => self.store.get(&CONSENT_POINTS, &key)?.unwrap_or(0),
            };
            batch.put(&CONSENT_POINTS, &key, &(before + points));
        }
        // What is in memory was counted before.
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.consents.lock().unwrap_or_else(PoisonError::into_inner).clear();
        Ok(())
    }

    /// What a member has used of today: points for reporting, points for inquiries, openings.
    pub(super) fn used(&self, member: &MemberId, now: UnixTime) -> Result<[u64; 3], StoreError> {
        let day = u32::try_from(Day::of(now).days()).unwrap_or(0);
        let mut used = [0; 3];
        for (kind, used) in [REPORTING, INQUIRY, OPENINGS].into_iter().zip(&mut used) {
            // What is charged is written with the evaluation that it pays for.
            *used = self.store.get(&QUOTAS, &(member.to_string(), day, kind))?.unwrap_or(0);
        }
        Ok(used)
    }

    /// Takes `points` of a member's quotas of today, and of its consent's where the evaluation rests on one.
    pub(super) fn charge(
        &self,
        member: &MemberId,
        evaluation: EvaluationKind,
        points: usize,
        consent: Option<u64>,
        policy: &Policy,
        now: UnixTime,
    ) -> Result<Charge, Spent> {
        let points = points as u64;
        let today = Day::of(now);
        let day = u32::try_from(today.days()).unwrap_or(0);
        let quotas = &policy.quotas;
        let mut wanted = vec![match evaluation {
            EvaluationKind::Reporting => (REPORTING, points, u64::from(quotas.reporting_points_per_day)),
            _ => (INQUIRY, points, u64::from(quotas.inquiry_points_per_day)),
        }];
        if evaluation == EvaluationKind::Open {
            wanted.push((OPENINGS, 1, u64::from(quotas.inquiries_per_day)));
        }
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.retain(|(_, d, _), _| *d >= day);
        let mut days = Vec::new();
        for (kind, more, most) in wanted {
            let key = (member.to_string(), day, kind);
            let before = match counts.get(&key) {
                Some(count) => *count,
                None => self.store.get(&QUOTAS, &key)?.unwrap_or(0),
            };
            if before + more > most {
                return Err(Spent::Until(Some(today.plus_days(1).start())));
            }
            days.push((key, before + more));
        }
        let mut consents = self.consents.lock().unwrap_or_else(PoisonError::into_inner);
        let consent = match consent {
            None => None,
            Some(index) => {
                let key = (member.to_string(), index);
                let before = match consents.get(&key) {
                    Some(count) => *count,
                    None => self.store.get(&CONSENT_POINTS, &key)?.unwrap_or(0),
                };
                if before + points > u64::from(quotas.points_per_consent) {
                    return Err(Spent::Until(None));
                }
                Some((key, before + points))
            }
        };
        for (key, count) in &days {
            counts.insert(key.clone(), *count);
        }
        if let Some((key, count)) = &consent {
            // A consent is used a few times within minutes or days; the store remembers the others.
            if consents.len() > 100_000 {
                consents.clear();
            }
            consents.insert(key.clone(), *count);
        }
        Ok(Charge { days, consent })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_of_a_day_are_logged_up_to_a_bound_for_each_member() {
        let quotas = Quotas::new(Store::memory(super::super::TABLES).unwrap());
        let (one, other): (MemberId, MemberId) = ("lender-a".parse().unwrap(), "lender-b".parse().unwrap());
        let noon = UnixTime(43_200);
        assert!((0..REFUSALS_LOGGED_PER_DAY_MAX).all(|_| quotas.refuse(&one, noon)));
        assert!(!quotas.refuse(&one, noon) && !quotas.refuse(&one, noon.plus_seconds(1)));
        assert!(quotas.refuse(&other, noon));
        assert!(quotas.refuse(&one, noon.plus_seconds(43_200)), "the next day");
    }
}
