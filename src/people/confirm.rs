//! A user who is signed in shows once more that it is she: before a step that takes her own person.

use std::net::IpAddr;

use super::{Attempt, People, SignInError};
use crate::clock::UnixTime;
use crate::model::user::UserId;
use crate::secret::SecretVec;

/// That a user has just shown what signing in takes. [`People::confirm`] alone makes one, and it is good for one step.
#[derive(Debug, PartialEq, Eq)]
pub struct Confirmed {
    user: UserId,
}

impl Confirmed {
    /// Who it was.
    pub fn user(&self) -> UserId {
        self.user
    }
}

impl People {
    /// Takes what signing in takes: the password, and a code where the user has a second factor. What is wrong counts as an
    /// attempt to sign in, from the address `from` where that is known. No session is opened or ended by it.
    pub fn confirm(
        &self,
        user: UserId,
        password: &SecretVec,
        code: Option<&str>,
        from: Option<IpAddr>,
        now: UnixTime,
    ) -> Result<Confirmed, SignInError> {
        let name = self.kept(user)?.ok_or(SignInError::Refused)?.name.clone();
        let attempt = Attempt { name: &name, password, from };
        self.with_proof(&attempt, code, now, |shown, _, batch| {
            self.commit(batch)?;
            // A name is one user's for ever; should that change, nobody is confirmed under another's number. And a
            // password that somebody else gave her shows nothing of herself.
            if shown != user || self.standing(user)?.one_time {
                return Err(SignInError::Refused);
            }
            Ok(Confirmed { user })
        })
    }
}
