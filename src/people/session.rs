//! Signing in, and the session that it opens.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::password::{self, PasswordHash};
use super::users::Kept;
use super::{ATTEMPTS, NAMES, People, PeopleError, SESSIONS};
use crate::clock::UnixTime;
use crate::digest::{Digest, hash};
use crate::limits::{SESSION_IDLE_SECONDS_MAX, SESSION_SECONDS_MAX, SESSION_SEEN_SECONDS};
use crate::model::user::{Caller, UserId};
use crate::secret::{SecretVec, random_array};
use crate::store::{Durability, StoreBatch};

/// The secret of a session: 32 random bytes that the browser keeps in a cookie, and nobody else.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct SessionToken([u8; 32]);

impl SessionToken {
    /// As it stands in the cookie: 64 hexadecimal digits.
    pub fn reveal(&self) -> String {
        hex::encode(self.0)
    }

    /// What forms of this session carry, and forms of other sites cannot know.
    pub fn form_code(&self) -> Digest {
        hash("tallystick/session-form/v1", &[&self.0])
    }

    /// Under what it is kept: not enough to sign in with.
    fn kept_under(&self) -> [u8; 32] {
        hash("tallystick/session/v1", &[&self.0]).0
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(..)")
    }
}

impl FromStr for SessionToken {
    type Err = hex::FromHexError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes)?;
        Ok(Self(bytes))
    }
}

/// A session as it is kept.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(super) struct Session {
    pub(super) user: UserId,
    opened: UnixTime,
    seen: UnixTime,
}

impl Session {
    pub(super) fn is_live(&self, now: UnixTime) -> bool {
        now.seconds_since(self.seen) <= SESSION_IDLE_SECONDS_MAX
            && now.seconds_since(self.opened) <= SESSION_SECONDS_MAX
    }
}

/// A name and a password that were typed.
#[derive(Debug)]
pub struct Attempt<'a> {
    /// The name.
    pub name: &'a str,
    /// The password.
    pub password: &'a SecretVec,
    /// The address that it came from, for the journal; none where that is not known.
    pub from: Option<IpAddr>,
}

/// What signing in gave.
#[derive(Debug)]
pub struct SignedIn {
    /// For the cookie.
    pub token: SessionToken,
    /// Who signed in.
    pub present: Present,
    /// Whether there is something that she should be told first.
    pub has_news: bool,
}

/// Who is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Present {
    /// Who. As long as `one_time` is so she has no right at all.
    pub caller: Caller,
    /// Whether her password was given to her by another: it serves for choosing her own, and for nothing else.
    pub one_time: bool,
}

impl Present {
    fn new(mut caller: Caller, one_time: bool) -> Self {
        if one_time {
            caller.rights.clear();
        }
        Self { caller, one_time }
    }
}

/// Why nobody is signed in. Which of name, password and code was wrong is not told.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Name, password and code do not go together.
    #[error("name, password or code is wrong")]
    Refused,
    /// Name and password are right, and the code of the second factor is missing.
    #[error("the code of the second factor is needed")]
    CodeNeeded,
    /// Too many attempts under that name.
    #[error("too many attempts: try again in {seconds} seconds")]
    Locked {
        /// Until the lock ends.
        seconds: i64,
    },
    /// This node's own trouble.
    #[error(transparent)]
    People(#[from] PeopleError),
}

impl People {
    /// Signs in. Takes some tens of milliseconds of a core, whether it succeeds or not.
    pub fn sign_in(
        &self,
        attempt: &Attempt<'_>,
        code: Option<&str>,
        now: UnixTime,
    ) -> Result<SignedIn, SignInError> {
        self.with_proof(attempt, code, now, |user, kept, mut batch| {
            let token = SessionToken(random_array(&*self.entropy));
            let session = Session { user, opened: now, seen: now };
            self.put(&SESSIONS, &token.kept_under(), &session, &mut batch);
            let mut standing = self.standing(user)?;
            standing.note_sign_in(now);
            self.put_standing(user, &standing, &mut batch);
            self.commit(batch)?;
            let present = Present::new(kept.caller(user), standing.one_time);
            Ok(SignedIn { token, present, has_news: standing.has_news() })
        })
    }

    /// Does something for whoever shows what signing in takes, password and code, while nobody else writes. The batch
    /// holds that the code is used up, and that earlier failures do not lock the name any more.
    pub(super) fn with_proof<T>(
        &self,
        attempt: &Attempt<'_>,
        code: Option<&str>,
        now: UnixTime,
        then: impl FnOnce(UserId, &Kept, StoreBatch) -> Result<T, SignInError>,
    ) -> Result<T, SignInError> {
        let (user, proved) = self.proven(attempt, now)?;
        let key = self.name_key(attempt.name);
        let writer = self.writer();
        let mut kept = self.unchanged(user, &proved)?;
        let mut batch = StoreBatch::new();
        if let Some(secret) = kept.second_factor.as_mut().filter(|secret| secret.confirmed) {
            match code.filter(|code| !code.trim().is_empty()) {
                None => return Err(SignInError::CodeNeeded),
                Some(code) if secret.take(code, now).is_some() => self.put_user(user, &kept, &mut batch),
                Some(_) => {
                    drop(writer);
                    self.note_failure(&key, Some(user), attempt.from, now)?;
                    return Err(SignInError::Refused);
                }
            }
        }
        batch.delete(&ATTEMPTS, &key);
        then(user, &kept, batch)
    }

    /// Reads a user again: her password may have been reset, or she shut out, while it was hashed.
    pub(super) fn unchanged(&self, user: UserId, proved: &PasswordHash) -> Result<Kept, SignInError> {
        let kept = self.kept(user)?;
        kept.filter(|kept| kept.enabled && kept.password.is_same(proved)).ok_or(SignInError::Refused)
    }

    /// Whose name and password go together, and the hash that it was; a failed attempt is counted.
    pub(super) fn proven(
        &self,
        attempt: &Attempt<'_>,
        now: UnixTime,
    ) -> Result<(UserId, PasswordHash), SignInError> {
        let Attempt { name, password, from } = attempt;
        let key = self.name_key(name);
        if let Some(until) = self.locked_until(&key, now)? {
            return Err(SignInError::Locked { seconds: until.seconds_since(now) });
        }
        let user = self.store.get(&NAMES, &key).map_err(PeopleError::from)?.map(UserId);
        let kept = user.map(|user| self.kept(user)).transpose()?.flatten();
        let is_right = if let Some(kept) = &kept {
            kept.password.is_of(password) && kept.enabled
        } else {
            // A name that nobody has takes as long.
            password::of_nobody().is_of(password);
            false
        };
        if let (Some(user), Some(kept), true) = (user, kept, is_right) {
            return Ok((user, kept.password));
        }
        self.note_failure(&key, user, *from, now)?;
        Err(SignInError::Refused)
    }

    /// Who a session belongs to; none when there is none, or it has ended.
    pub fn session(&self, token: &SessionToken, now: UnixTime) -> Result<Option<Present>, PeopleError> {
        let key = token.kept_under();
        let Some(mut session) = self.get::<32, Session>(&SESSIONS, &key)? else { return Ok(None) };
        if !session.is_live(now) {
            return Ok(None);
        }
        let Some(kept) = self.kept(session.user)?.filter(|kept| kept.enabled) else { return Ok(None) };
        if now.seconds_since(session.seen) >= SESSION_SEEN_SECONDS {
            let _writer = self.writer();
            // It may have been ended meanwhile, and stays so.
            if self.store.contains(&SESSIONS, &key)? {
                session.seen = now;
                let mut batch = StoreBatch::new();
                self.put(&SESSIONS, &key, &session, &mut batch);
                // After a crash she signs in again a minute earlier: not worth an fsync.
                self.store.commit(batch, Durability::Unsynced)?;
            }
        }
        let one_time = self.standing(session.user)?.one_time;
        Ok(Some(Present::new(kept.caller(session.user), one_time)))
    }

    /// The user of a session that lasts; none when there is none, or it has ended.
    pub(super) fn session_user(
        &self,
        token: &SessionToken,
        now: UnixTime,
    ) -> Result<Option<UserId>, PeopleError> {
        let session = self.get::<32, Session>(&SESSIONS, &token.kept_under())?;
        Ok(session.filter(|session| session.is_live(now)).map(|session| session.user))
    }

    /// Ends a session.
    pub fn sign_out(&self, token: &SessionToken) -> Result<(), PeopleError> {
        let _writer = self.writer();
        let mut batch = StoreBatch::new();
        batch.delete(&SESSIONS, &token.kept_under());
        self.commit(batch)
    }

    /// Ends every session of a user, with the batch.
    pub(super) fn end_sessions(&self, user: UserId, batch: &mut StoreBatch) -> Result<(), PeopleError> {
        for (secret, session) in self.sessions()? {
            if session.user == user {
                batch.delete(&SESSIONS, &secret);
            }
        }
        Ok(())
    }

    pub(super) fn sessions(&self) -> Result<Vec<([u8; 32], Session)>, PeopleError> {
        self.all(&SESSIONS)
    }
}
