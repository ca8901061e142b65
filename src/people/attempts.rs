//! Failed attempts to sign in, and the lock that they lead to. Names that nobody has are locked like others, so that a lock
//! does not tell which names there are. Anybody who reaches the page to sign in can make such names up, so of those a bounded
//! number is kept, and the least telling go: of a user's own name nothing is ever dropped before its time.
//! Whoever locks more made-up names than are kept can see the oldest of those locks go, and so that nobody has the name: that
//! takes some hundred thousand failures, each of which is in the journal.

use std::net::IpAddr;
use std::sync::atomic::Ordering;

use serde::{Deserialize, Serialize};

use super::{ATTEMPTS, NAMES, People, PeopleError};
use crate::clock::UnixTime;
use crate::limits::{
    SIGN_IN_FAILURES_MAX, SIGN_IN_FORGET_SECONDS, SIGN_IN_LOCK_SECONDS, SIGN_IN_LOCK_SECONDS_MAX,
    SIGN_IN_STRANGE_NAMES_MAX,
};
use crate::model::user::UserId;
use crate::store::{Durability, StoreBatch};

/// Attempts under one name since the last that succeeded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Attempts {
    failures: u32,
    last: UnixTime,
    locked_until: UnixTime,
}

impl Attempts {
    fn is_old(&self, now: UnixTime) -> bool {
        now.seconds_since(self.last) > SIGN_IN_FORGET_SECONDS
    }

    fn failed(self, now: UnixTime) -> Self {
        let before = if self.is_old(now) { Self::default() } else { self };
        let failures = before.failures.saturating_add(1);
        let locked_until = match failures.checked_sub(SIGN_IN_FAILURES_MAX) {
            None => UnixTime(0),
            Some(beyond) => {
                let seconds = SIGN_IN_LOCK_SECONDS.saturating_mul(1 << beyond.min(30));
                now.plus_seconds(seconds.min(SIGN_IN_LOCK_SECONDS_MAX))
            }
        };
        Self { failures, last: now, locked_until }
    }
}

impl People {
    /// Until when a name is locked; none when it is not.
    pub(super) fn locked_until(
        &self,
        name: &[u8; 32],
        now: UnixTime,
    ) -> Result<Option<UnixTime>, PeopleError> {
        let attempts: Option<Attempts> = self.get(&ATTEMPTS, name)?;
        Ok(attempts.map(|attempts| attempts.locked_until).filter(|until| *until > now))
    }

    /// Counts a failed attempt before its outcome is told: one that is not counted is not answered. Its user is told of
    /// it when she signs in. The name that was typed is kept and said nowhere: people type passwords into name fields.
    pub(super) fn note_failure(
        &self,
        name: &[u8; 32],
        user: Option<UserId>,
        from: Option<IpAddr>,
        now: UnixTime,
    ) -> Result<(), PeopleError> {
        let _writer = self.writer();
        let mut batch = StoreBatch::new();
        let attempts = self.count_failure(name, now, &mut batch)?;
        if let Some(user) = user {
            let mut standing = self.standing(user)?;
            standing.note_failure();
            self.put_standing(user, &standing, &mut batch);
        }
        self.commit(batch)?;
        let from = from.map(tracing::field::display);
        let locked = attempts.locked_until > now;
        if let Some(user) = user {
            tracing::warn!(%user, from, locked, "a sign-in failed");
        } else {
            tracing::warn!(from, locked, "a sign-in failed under a name that nobody has");
        }
        Ok(())
    }

    /// Counts a failed attempt under a name, with the batch. Held: the writer.
    pub(super) fn count_failure(
        &self,
        name: &[u8; 32],
        now: UnixTime,
        batch: &mut StoreBatch,
    ) -> Result<Attempts, PeopleError> {
        let before: Option<Attempts> = self.get(&ATTEMPTS, name)?;
        if before.is_none() && !self.store.contains(&NAMES, name)? {
            self.make_room(now, batch)?;
        }
        let attempts = before.unwrap_or_default().failed(now);
        self.put(&ATTEMPTS, name, &attempts, batch);
        Ok(attempts)
    }

    /// Makes room for one more name that nobody has. At the bound a quarter of them goes at one go, so that they are seldom
    /// counted: those that are not locked before those that are, the oldest first.
    fn make_room(&self, now: UnixTime, batch: &mut StoreBatch) -> Result<(), PeopleError> {
        let mut kept = self.strange_names.load(Ordering::Relaxed);
        if kept >= SIGN_IN_STRANGE_NAMES_MAX {
            let mut strange: Vec<([u8; 32], Attempts)> = Vec::new();
            for (name, attempts) in self.all(&ATTEMPTS)? {
                if !self.store.contains(&NAMES, &name)? {
                    strange.push((name, attempts));
                }
            }
            kept = strange.len();
            if kept >= SIGN_IN_STRANGE_NAMES_MAX {
                strange.sort_unstable_by_key(|(_, attempts)| (attempts.locked_until > now, attempts.last));
                let too_many = kept - SIGN_IN_STRANGE_NAMES_MAX * 3 / 4;
                for (name, _) in strange.iter().take(too_many) {
                    batch.delete(&ATTEMPTS, name);
                }
                kept -= too_many;
                tracing::warn!(dropped = too_many, "very many names that nobody has were tried to sign in");
            }
        }
        self.strange_names.store(kept + 1, Ordering::Relaxed);
        Ok(())
    }

    /// Forgets what is over: sessions that have ended, attempts of days ago.
    pub fn forget_old(&self, now: UnixTime) -> Result<(), PeopleError> {
        let _writer = self.writer();
        let mut batch = StoreBatch::new();
        let attempts: Vec<([u8; 32], Attempts)> = self.all(&ATTEMPTS)?;
        for (name, _) in attempts.iter().filter(|(_, attempts)| attempts.is_old(now)) {
            batch.delete(&ATTEMPTS, name);
        }
        for (secret, session) in self.sessions()? {
            if !session.is_live(now) {
                batch.delete(&super::SESSIONS, &secret);
            }
        }
        if batch.is_empty() {
            return Ok(());
        }
        Ok(self.store.commit(batch, Durability::Synced)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_grows_and_is_forgotten() {
        let mut attempts = Attempts::default();
        let now = UnixTime(1_000_000);
        for _ in 1..SIGN_IN_FAILURES_MAX {
            attempts = attempts.failed(now);
            assert_eq!(attempts.locked_until, UnixTime(0));
        }
        let mut locked = Vec::new();
        for _ in 0..40 {
            attempts = attempts.failed(now);
            locked.push(attempts.locked_until.seconds_since(now));
        }
        assert_eq!(locked[..3], [60, 120, 240]);
        assert_eq!(locked.last(), Some(&SIGN_IN_LOCK_SECONDS_MAX));
        let later = now.plus_seconds(SIGN_IN_FORGET_SECONDS + 1);
        assert_eq!(attempts.failed(later), Attempts { failures: 1, last: later, locked_until: UnixTime(0) });
    }
}
