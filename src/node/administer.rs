//! Who may use the node, changed from afar: each change stands in the log before it is made.
//!
//! Whoever admits users, resets their passwords or gives out tokens could come by rights that are not hers. The leaf names
//! both by number, so that whoever reads the log sees it without seeing a name.

use super::Node;
use crate::digest::{TransactionId, UserId};
use crate::log::LogError;
use crate::model::leaf::{Access, Leaf, LeafBody};
use crate::model::user::Caller;
use crate::people::{AccessToken, IssuedToken, NewToken, NewUser, PeopleError, User, UserChange};

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum AdministerError {
    /// What was asked for cannot stand, or the users cannot be read.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// The log cannot be written, and nothing is changed that it does not say.
    #[error(transparent)]
    Log(#[from] LogError),
}

impl Node {
    /// Logs that a caller is about to change an account. Of whoever uses the node's own socket nothing is logged, as in
    /// [`Node::log_access`].
    fn log_account(&self, caller: &Caller, access: Access, user: UserId) -> Result<(), AdministerError> {
        let Some(by) = caller.user else { return Ok(()) };
        let body = LeafBody::Accessed { by, access, request: caller.request, of: None, user: Some(user) };
        let transaction = TransactionId::random(&*self.entropy);
        self.log.append_one(Leaf::new(self.clock.now(), transaction, body))?;
        Ok(())
    }

    /// Admits a user.
    pub fn admit_user(&self, caller: &Caller, new: &NewUser) -> Result<User, AdministerError> {
        let log = |user| self.log_account(caller, Access::UserAdmitted, user);
        self.people.add_user(new, caller, self.clock.now(), log)
    }

    /// Changes a user. A leaf of its own says that somebody could sign in as her.
    pub fn change_user(
        &self,
        caller: &Caller,
        user: UserId,
        change: &UserChange,
    ) -> Result<User, AdministerError> {
        let is_reset = change.password.is_some() || change.without_second_factor;
        let is_changed = change.roles.is_some() || change.branch.is_some() || change.enabled.is_some();
        self.people.change_user(user, change, caller, self.clock.now(), || {
            if is_changed {
                self.log_account(caller, Access::UserChanged, user)?;
            }
            if is_reset {
                self.log_account(caller, Access::SignInReset, user)?;
            }
            Ok(())
        })
    }

    /// Gives an access token out.
    pub fn issue_token(&self, caller: &Caller, new: &NewToken) -> Result<IssuedToken, AdministerError> {
        let log = |token| self.log_account(caller, Access::TokenIssued, token);
        self.people.issue_token(new, caller.user, self.clock.now(), log)
    }

    /// Takes an access token back. Twice is no error, and logged once.
    pub fn revoke_token(&self, caller: &Caller, token: UserId) -> Result<AccessToken, AdministerError> {
        self.people.revoke_token(token, || self.log_account(caller, Access::TokenRevoked, token))
    }
}
