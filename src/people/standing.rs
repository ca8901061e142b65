//! What a user has to learn about her own account: who else had a hand in it, when she signed in, and how often somebody
//! failed to.
//!
//! Whoever admits users can give one of them a new password and sign in under her name; no program can tell that from
//! an honest reset. What is kept here makes it show: a password that another gave serves for choosing one of her own and
//! for nothing else, and she is told who gave it and when. Whoever used it before her has to choose one that she does not
//! know, and so shuts her out.

use serde::{Deserialize, Serialize};

use super::{People, PeopleError, STANDINGS};
use crate::clock::UnixTime;
use crate::limits::INTERVENTIONS_KEPT_MAX;
use crate::model::user::{Caller, UserId};
use crate::store::StoreBatch;

/// What another did to a user's account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum InterventionKind {
    /// Admitted her, with a first password.
    Admitted,
    /// Gave her a new password.
    PasswordGiven,
    /// Took her second factor away.
    SecondFactorTaken,
}

/// A hand that another had in a user's account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intervention {
    /// What was done.
    pub kind: InterventionKind,
    /// The name, at that time, of the user or system that did it; none for whoever uses the node's own socket.
    pub by: Option<String>,
    /// When.
    pub time: UnixTime,
}

/// How a user's account stands, for her own eyes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Whether her password was given to her by another, and serves for choosing her own alone.
    pub one_time: bool,
    /// What others did, the newest last; at most [`INTERVENTIONS_KEPT_MAX`].
    pub interventions: Vec<Intervention>,
    /// When she signed in last.
    pub signed_in: Option<UnixTime>,
    /// When she had signed in before that.
    pub signed_in_before: Option<UnixTime>,
    /// Failed attempts to sign in under her name between the last two times that she did.
    pub failures: u32,
    /// The same since she signed in last.
    failures_since: u32,
    /// Interventions since she signed in last.
    untold: usize,
    /// Interventions between the last two times.
    told: usize,
}

impl Standing {
    /// What others did between the last two times that she signed in: what she has not been told before.
    pub fn new_interventions(&self) -> &[Intervention] {
        let known = self.interventions.len().saturating_sub(self.told);
        self.interventions.get(known..).unwrap_or_default()
    }

    /// Whether there is something that she should be told when she has signed in.
    pub fn has_news(&self) -> bool {
        self.told > 0 || self.failures > 0
    }

    /// Notes what another did; a password that she gave is for one time.
    pub(super) fn note(&mut self, kind: InterventionKind, by: &Caller, time: UnixTime) {
        if self.interventions.len() >= INTERVENTIONS_KEPT_MAX {
            self.interventions.remove(0);
        }
        self.one_time |= kind != InterventionKind::SecondFactorTaken;
        let by = by.user.map(|_| by.name.clone());
        self.interventions.push(Intervention { kind, by, time });
        self.untold = self.untold.saturating_add(1).min(INTERVENTIONS_KEPT_MAX);
    }

    pub(super) fn note_failure(&mut self) {
        self.failures_since = self.failures_since.saturating_add(1);
    }

    pub(super) fn note_sign_in(&mut self, now: UnixTime) {
        self.signed_in_before = self.signed_in.replace(now);
        self.told = std::mem::take(&mut self.untold);
        self.failures = std::mem::take(&mut self.failures_since);
    }
}

impl People {
    /// How a user's account stands.
    pub fn standing(&self, user: UserId) -> Result<Standing, PeopleError> {
        Ok(self.get(&STANDINGS, &user.0)?.unwrap_or_default())
    }

    pub(super) fn put_standing(&self, user: UserId, standing: &Standing, batch: &mut StoreBatch) {
        self.put(&STANDINGS, &user.0, standing, batch);
    }
}
