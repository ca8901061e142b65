//! Users: a name, what they do, where they do it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::password::{self, PasswordHash};
use super::second_factor::Secret;
use super::standing::{InterventionKind, Standing};
use super::{NAMES, People, PeopleError, USERS};
use crate::clock::UnixTime;
use crate::limits::{USER_NAME_BYTES_MAX, USERS_MAX};
use crate::model::person_name::misleads;
use crate::model::user::{Caller, Right, Role, UserId};
use crate::secret::SecretVec;
use crate::store::StoreBatch;

/// A user to be admitted.
#[derive(Debug)]
pub struct NewUser {
    /// What she signs in with: 2 to 64 bytes, no white space at the ends, no control characters.
    pub name: String,
    /// What she does; at least one.
    pub roles: BTreeSet<Role>,
    /// The branch whose clients she serves. Loan officers need one.
    pub branch: Option<String>,
    /// Her first password.
    pub password: SecretVec,
    /// Whether it is her own, typed by herself. Any other serves for choosing her own alone.
    pub own_password: bool,
}

/// A user as others see her.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct User {
    /// As the log names her.
    pub user: UserId,
    /// Her name.
    pub name: String,
    /// What she does.
    pub roles: BTreeSet<Role>,
    /// Her branch.
    pub branch: Option<String>,
    /// Since when.
    pub admitted: UnixTime,
    /// Whether she may sign in.
    pub enabled: bool,
    /// Whether a code of a second factor is asked for.
    pub second_factor: bool,
}

/// What changes of a user; none stays as it is.
#[derive(Debug, Default)]
pub struct UserChange {
    /// What she does.
    pub roles: Option<BTreeSet<Role>>,
    /// Her branch; `Some(None)` for none.
    pub branch: Option<Option<String>>,
    /// Whether she may sign in.
    pub enabled: Option<bool>,
    /// A new password, which serves for choosing her own alone.
    pub password: Option<SecretVec>,
    /// True takes her second factor away, for one whose device is lost.
    pub without_second_factor: bool,
}

/// A user as she is kept.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) name: String,
    pub(super) roles: BTreeSet<Role>,
    pub(super) branch: Option<String>,
    pub(super) admitted: UnixTime,
    pub(super) enabled: bool,
    pub(super) password: PasswordHash,
    pub(super) second_factor: Option<Secret>,
}

impl Kept {
    pub(super) fn shown(&self, user: UserId) -> User {
        User {
            user,
            name: self.name.clone(),
            roles: self.roles.clone(),
            branch: self.branch.clone(),
            admitted: self.admitted,
            enabled: self.enabled,
            second_factor: self.second_factor.as_ref().is_some_and(|secret| secret.confirmed),
        }
    }

    pub(super) fn caller(&self, user: UserId) -> Caller {
        let rights: BTreeSet<Right> =
            self.roles.iter().flat_map(|role| role.rights().iter().copied()).collect();
        Caller {
            user: Some(user),
            name: self.name.clone(),
            branch: self.branch.clone(),
            rights,
            request: None,
        }
    }
}

/// The form in which a name is looked up: without regard to case, and composed or not.
pub(super) fn folded(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    name.nfkc().flat_map(char::to_lowercase).collect()
}

fn check_text(field: &'static str, text: &str) -> Result<(), PeopleError> {
    let wrong = |why: &str| Err(PeopleError::Invalid { field, why: why.to_owned() });
    if text.len() < 2 || text.len() > USER_NAME_BYTES_MAX {
        return wrong("give 2 to 64 bytes");
    }
    if text.trim() != text || text.chars().any(misleads) {
        return wrong(
            "no control characters, none that turn the reading direction, and no space at the ends",
        );
    }
    Ok(())
}

fn check_standing(roles: &BTreeSet<Role>, branch: Option<&str>) -> Result<(), PeopleError> {
    let invalid = |field, why: &str| Err(PeopleError::Invalid { field, why: why.to_owned() });
    if roles.is_empty() {
        return invalid("roles", "give at least one");
    }
    if let Some(branch) = branch {
        check_text("branch", branch)?;
    } else if roles.contains(&Role::LoanOfficer) {
        return invalid("branch", "a loan officer belongs to a branch, whose clients alone she sees");
    }
    // Who changes nothing must not be able to; who admits users must not act under the names of others unseen.
    for alone in [Role::Auditor, Role::Administrator] {
        if roles.contains(&alone) && roles.len() > 1 {
            return invalid("roles", "auditor and administrator go with no other role");
        }
    }
    Ok(())
}

impl People {
    pub(super) fn name_key(&self, name: &str) -> [u8; 32] {
        self.at_rest.index(NAMES.spec().name, folded(name).as_bytes())
    }

    pub(super) fn kept(&self, user: UserId) -> Result<Option<Kept>, PeopleError> {
        self.get(&USERS, &user.0)
    }

    pub(super) fn put_user(&self, user: UserId, kept: &Kept, batch: &mut StoreBatch) {
        self.put(&USERS, &user.0, kept, batch);
    }

    /// Admits a user, in the name of `by`. `before` is called with her number once nothing stands in the way: what it
    /// logs is there before she is, and if it fails she is not admitted.
    pub fn add_user<E: From<PeopleError>>(
        &self,
        new: &NewUser,
        by: &Caller,
        now: UnixTime,
        before: impl FnOnce(UserId) -> Result<(), E>,
    ) -> Result<User, E> {
        check_text("name", &new.name)?;
        check_standing(&new.roles, new.branch.as_deref())?;
        password::check(&new.name, &new.password).map_err(PeopleError::from)?;
        // Before the lock: it takes its time.
        let password = PasswordHash::new(&new.password, &*self.entropy);
        let _writer = self.writer();
        let key = self.name_key(&new.name);
        if self.store.contains(&NAMES, &key).map_err(PeopleError::from)? {
            return Err(PeopleError::NameTaken.into());
        }
        if self.users()?.len() >= USERS_MAX {
            let why = format!("a node has at most {USERS_MAX}");
            return Err(PeopleError::Invalid { field: "users", why }.into());
        }
        let kept = Kept {
            name: new.name.clone(),
            roles: new.roles.clone(),
            branch: new.branch.clone(),
            admitted: now,
            enabled: true,
            password,
            second_factor: None,
        };
        let user = UserId::random(&*self.entropy);
        let mut batch = StoreBatch::new();
        batch.put(&NAMES, &key, &user.0);
        self.put_user(user, &kept, &mut batch);
        if !new.own_password {
            let mut standing = Standing::default();
            standing.note(InterventionKind::Admitted, by, now);
            self.put_standing(user, &standing, &mut batch);
        }
        before(user)?;
        self.commit(batch)?;
        tracing::info!(%user, "a user was admitted");
        Ok(kept.shown(user))
    }

    /// Every user, by name; those who may not sign in any more among them.
    pub fn users(&self) -> Result<Vec<User>, PeopleError> {
        let kept: Vec<([u8; 8], Kept)> = self.all(&USERS)?;
        let mut users: Vec<User> = kept.iter().map(|(id, kept)| kept.shown(UserId(*id))).collect();
        users.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(users)
    }

    /// Up to `limit` users by number, those up to and including `after` left out; and after whom the next page begins.
    pub fn users_page(
        &self,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<(Vec<User>, Option<UserId>), PeopleError> {
        let (kept, next) = self.page::<8, Kept>(&USERS, after.map(|user| user.0), limit)?;
        Ok((kept.iter().map(|(id, kept)| kept.shown(UserId(*id))).collect(), next.map(UserId)))
    }

    /// One user by number.
    pub fn user(&self, user: UserId) -> Result<Option<User>, PeopleError> {
        Ok(self.kept(user)?.map(|kept| kept.shown(user)))
    }

    /// One user by name.
    pub fn user_named(&self, name: &str) -> Result<Option<User>, PeopleError> {
        match self.store.get(&NAMES, &self.name_key(name))? {
            Some(user) => self.user(UserId(user)),
            None => Ok(None),
        }
    }

    /// Changes a user, in the name of `by`. Sessions that are open end, whatever changed: she signs in again with what she
    /// may do now. A new password, and a second factor that is taken away, she is told of. `before` is called once nothing
    /// stands in the way: what it logs is there before the change, and if it fails nothing changes.
    pub fn change_user<E: From<PeopleError>>(
        &self,
        user: UserId,
        change: &UserChange,
        by: &Caller,
        now: UnixTime,
        before: impl FnOnce() -> Result<(), E>,
    ) -> Result<User, E> {
        let known = self.kept(user)?.ok_or(PeopleError::Unknown("user"))?;
        let password = match &change.password {
            Some(password) => {
                password::check(&known.name, password).map_err(PeopleError::from)?;
                Some(PasswordHash::new(password, &*self.entropy))
            }
            None => None,
        };
        let _writer = self.writer();
        let mut kept = self.kept(user)?.ok_or(PeopleError::Unknown("user"))?;
        let mut standing = self.standing(user)?;
        if let Some(roles) = &change.roles {
            kept.roles.clone_from(roles);
        }
        if let Some(branch) = &change.branch {
            kept.branch.clone_from(branch);
        }
        kept.enabled = change.enabled.unwrap_or(kept.enabled);
        if let Some(password) = password {
            kept.password = password;
            standing.note(InterventionKind::PasswordGiven, by, now);
        }
        if change.without_second_factor && kept.second_factor.take().is_some() {
            standing.note(InterventionKind::SecondFactorTaken, by, now);
        }
        check_standing(&kept.roles, kept.branch.as_deref())?;
        let mut batch = StoreBatch::new();
        self.put_user(user, &kept, &mut batch);
        self.put_standing(user, &standing, &mut batch);
        self.end_sessions(user, &mut batch)?;
        before()?;
        self.commit(batch)?;
        let new_password = change.password.is_some();
        tracing::info!(%user, new_password, without_second_factor = change.without_second_factor, "a user was changed");
        Ok(kept.shown(user))
    }
}
