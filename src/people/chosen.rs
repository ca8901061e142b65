//! A password that a user chooses herself, in a session of her own.

use super::password::{self, PasswordHash, PasswordRefused};
use super::session::{Attempt, SessionToken, SignInError};
use super::users::Kept;
use super::{People, PeopleError};
use crate::clock::UnixTime;
use crate::model::user::UserId;
use crate::secret::SecretVec;
use crate::store::StoreBatch;

impl People {
    /// Takes her own password in place of one that another gave her; without that one, for it is no secret of hers. Her
    /// sessions end.
    ///
    /// # Errors
    /// Where her password is her own already, or the session has ended, as every one does when another gives her a new one.
    pub fn choose_first_password(
        &self,
        session: &SessionToken,
        new: &SecretVec,
        now: UnixTime,
    ) -> Result<(), PeopleError> {
        self.take_chosen(session, new, now, true)
    }

    /// Takes another password, after the old one: a session that was left open must not become an account lost. False where
    /// the old one is wrong, which counts as an attempt to sign in. Her sessions end.
    pub fn change_password(
        &self,
        session: &SessionToken,
        old: &Attempt<'_>,
        new: &SecretVec,
        now: UnixTime,
    ) -> Result<bool, PeopleError> {
        let (user, _) = self.of_session(session, now)?;
        match self.proven(old, now) {
            Ok((proven, _)) if proven == user => self.take_chosen(session, new, now, false).map(|()| true),
            Ok(_) | Err(SignInError::Refused | SignInError::CodeNeeded | SignInError::Locked { .. }) => {
                Ok(false)
            }
            Err(SignInError::People(error)) => Err(error),
        }
    }

    fn take_chosen(
        &self,
        session: &SessionToken,
        new: &SecretVec,
        now: UnixTime,
        first: bool,
    ) -> Result<(), PeopleError> {
        let (user, known) = self.of_session(session, now)?;
        password::check(&known.name, new)?;
        if first && known.password.is_of(new) {
            return Err(PasswordRefused::Given.into());
        }
        let hash = PasswordHash::new(new, &*self.entropy);
        let _writer = self.writer();
        // Whoever ended the session meanwhile, or gave her another password, counts, and not what was under way.
        let (_, mut kept) = self.of_session(session, now)?;
        let mut standing = self.standing(user)?;
        if !kept.password.is_same(&known.password) || (first && !standing.one_time) {
            let why = "it was changed meanwhile; sign in again".to_owned();
            return Err(PeopleError::Invalid { field: "password", why });
        }
        (kept.password, standing.one_time) = (hash, false);
        let mut batch = StoreBatch::new();
        self.put_user(user, &kept, &mut batch);
        self.put_standing(user, &standing, &mut batch);
        self.end_sessions(user, &mut batch)?;
        self.commit(batch)?;
        tracing::info!(%user, "a user chose a password");
        Ok(())
    }

    /// Whose session it is, as long as it lasts and she may sign in.
    fn of_session(&self, token: &SessionToken, now: UnixTime) -> Result<(UserId, Kept), PeopleError> {
        let user = self.session_user(token, now)?;
        let kept = user.map(|user| self.kept(user)).transpose()?.flatten().filter(|kept| kept.enabled);
        user.zip(kept).ok_or_else(|| PeopleError::Invalid {
            field: "session",
            why: "it has ended; sign in again".to_owned(),
        })
    }
}
