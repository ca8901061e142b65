//! Access tokens: what a system shows in place of a person who signs in.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;

use super::{People, PeopleError, TOKENS};
use crate::clock::UnixTime;
use crate::digest::{UserId, hash};
use crate::limits::{ACCESS_TOKEN_DAYS_MAX, ACCESS_TOKENS_MAX, USER_NAME_BYTES_MAX};
use crate::model::person_name::misleads;
use crate::model::user::{Caller, Right};
use crate::secret::{SecretVec, random_array};
use crate::store::StoreBatch;

/// What every token begins with, so that one that leaked into a file is found by searching for it.
const BEGINS: &str = "tally_";

/// A token to be given out.
#[derive(Debug)]
pub struct NewToken {
    /// Of which system it is.
    pub name: String,
    /// What it may do; at least one right.
    pub scope: BTreeSet<Right>,
    /// The branch whose clients it may see; none, with the right to every branch, for all.
    pub branch: Option<String>,
    /// Not at or after; at most a year from now.
    pub expires: UnixTime,
}

/// A token as others see it: without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct AccessToken {
    /// As the log names its holder.
    pub token: UserId,
    /// Of which system it is.
    pub name: String,
    /// What it may do.
    pub scope: BTreeSet<Right>,
    /// The branch whose clients it may see.
    pub branch: Option<String>,
    /// Since when.
    pub issued: UnixTime,
    /// Not at or after.
    pub expires: UnixTime,
    /// Who gave it out; none for whoever uses the node's own socket.
    pub issued_by: Option<UserId>,
    /// Whether it was taken back.
    pub revoked: bool,
}

/// A token just given out.
#[derive(Debug)]
pub struct IssuedToken {
    /// What is kept of it.
    pub token: AccessToken,
    /// The token itself, shown this once: `tally_`, 16 and 64 hexadecimal digits.
    pub secret: SecretVec,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    token: AccessToken,
    /// Hash of its secret, which is random: nothing slower is needed.
    hash: [u8; 32],
}

fn secret_hash(token: UserId, secret: &[u8]) -> [u8; 32] {
    hash("tallystick/access-token/v1", &[&token.0, secret]).0
}

impl AccessToken {
    /// Whether it stands for a part of the node, and nobody comes in by it: it ended as it began.
    fn is_part(&self) -> bool {
        self.issued == self.expires
    }
}

impl People {
    /// Gives a token out. `before` is called with its number once nothing stands in the way: what it logs is there before
    /// the token is, and if it fails there is none.
    pub fn issue_token<E: From<PeopleError>>(
        &self,
        new: &NewToken,
        by: Option<UserId>,
        now: UnixTime,
        before: impl FnOnce(UserId) -> Result<(), E>,
    ) -> Result<IssuedToken, E> {
        let invalid = |field, why: String| Err(PeopleError::Invalid { field, why }.into());
        if new.name.trim() != new.name || new.name.len() < 2 || new.name.len() > USER_NAME_BYTES_MAX {
            return invalid("name", "say of which system it is, in 2 to 64 bytes".to_owned());
        }
        if new.name.chars().any(misleads) {
            let why = "no control characters, and none that turn the reading direction";
            return invalid("name", why.to_owned());
        }
        if new.scope.is_empty() {
            return invalid("scope", "give at least one right".to_owned());
        }
        let latest = now.plus_seconds(i64::from(ACCESS_TOKEN_DAYS_MAX) * 86_400);
        if new.expires <= now || new.expires > latest {
            return invalid("expires", format!("give a time within {ACCESS_TOKEN_DAYS_MAX} days from now"));
        }
        let sees_clients = [Right::Consent, Right::Inquire, Right::SubjectReport, Right::Dispute];
        let sees_clients = sees_clients.iter().any(|right| new.scope.contains(right));
        if sees_clients && new.branch.is_none() && !new.scope.contains(&Right::EveryBranch) {
            let why = "name the branch whose clients it may see, or add the right every-branch";
            return invalid("branch", why.to_owned());
        }
        let _writer = self.writer();
        if self.tokens()?.len() >= ACCESS_TOKENS_MAX {
            return invalid("tokens", format!("a node has at most {ACCESS_TOKENS_MAX}"));
        }
        let id = UserId::random(&*self.entropy);
        let secret: [u8; 32] = random_array(&*self.entropy);
        let token = AccessToken {
            token: id,
            name: new.name.clone(),
            scope: new.scope.clone(),
            branch: new.branch.clone(),
            issued: now,
            expires: new.expires,
            issued_by: by,
            revoked: false,
        };
        let kept = Kept { token: token.clone(), hash: secret_hash(id, &secret) };
        let mut batch = StoreBatch::new();
        self.put(&TOKENS, &id.0, &kept, &mut batch);
        before(id)?;
        self.commit(batch)?;
        let text = format!("{BEGINS}{id}{}", hex::encode(secret));
        Ok(IssuedToken { token, secret: SecretVec::new(text.into_bytes()) })
    }

    /// What a part of the node itself does in its own name: listed like a token, with no secret and no end but its own.
    pub fn part(&self, name: &str, now: UnixTime) -> Result<Caller, PeopleError> {
        let _writer = self.writer();
        let known = self.tokens()?.into_iter().find(|token| token.name == name && token.is_part());
        let token = if let Some(token) = known {
            token
        } else {
            let id = UserId::random(&*self.entropy);
            // It ended as it began: nobody comes in by it.
            let token = AccessToken {
                token: id,
                name: name.to_owned(),
                scope: [Right::Consent, Right::Inquire, Right::EveryBranch].into(),
                branch: None,
                issued: now,
                expires: now,
                issued_by: None,
                revoked: false,
            };
            let kept = Kept { token: token.clone(), hash: random_array(&*self.entropy) };
            let mut batch = StoreBatch::new();
            self.put(&TOKENS, &id.0, &kept, &mut batch);
            self.commit(batch)?;
            token
        };
        let (user, name, branch, rights) = (Some(token.token), token.name, token.branch, token.scope);
        Ok(Caller { user, name, branch, rights, request: None })
    }

    /// Every token that was given out, newest first.
    pub fn tokens(&self) -> Result<Vec<AccessToken>, PeopleError> {
        let kept: Vec<([u8; 8], Kept)> = self.all(&TOKENS)?;
        let mut tokens: Vec<AccessToken> = kept.into_iter().map(|(_, kept)| kept.token).collect();
        tokens.sort_by_key(|token| (std::cmp::Reverse(token.issued), token.token));
        Ok(tokens)
    }

    /// Up to `limit` tokens by number, those up to and including `after` left out; and after which the next page begins.
    pub fn tokens_page(
        &self,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<(Vec<AccessToken>, Option<UserId>), PeopleError> {
        let (kept, next) = self.page::<8, Kept>(&TOKENS, after.map(|token| token.0), limit)?;
        Ok((kept.into_iter().map(|(_, kept)| kept.token).collect(), next.map(UserId)))
    }

    /// One token by number.
    pub fn token(&self, token: UserId) -> Result<Option<AccessToken>, PeopleError> {
        Ok(self.get::<8, Kept>(&TOKENS, &token.0)?.map(|kept| kept.token))
    }

    /// Takes a token back. Twice is no error, and done once. `before` is called as for one that is given out.
    pub fn revoke_token<E: From<PeopleError>>(
        &self,
        token: UserId,
        before: impl FnOnce() -> Result<(), E>,
    ) -> Result<AccessToken, E> {
        let _writer = self.writer();
        let mut kept: Kept = self.get(&TOKENS, &token.0)?.ok_or(PeopleError::Unknown("token"))?;
        if kept.token.revoked {
            return Ok(kept.token);
        }
        if kept.token.is_part() {
            // Nobody comes in by it: to revoke it would look like turning the part off.
            let why = "it stands for a part of the node itself: turn that off in the node's configuration"
                .to_owned();
            return Err(PeopleError::Invalid { field: "token", why }.into());
        }
        kept.token.revoked = true;
        let mut batch = StoreBatch::new();
        self.put(&TOKENS, &token.0, &kept, &mut batch);
        before()?;
        self.commit(batch)?;
        Ok(kept.token)
    }

    /// Whose token a text is; none when it is nobody's, expired or revoked.
    pub fn token_caller(&self, text: &str, now: UnixTime) -> Result<Option<Caller>, PeopleError> {
        let Some((id, secret)) = parse(text) else { return Ok(None) };
        let Some(kept) = self.get::<8, Kept>(&TOKENS, &id.0)? else { return Ok(None) };
        let is_right: bool = secret_hash(id, &secret).ct_eq(&kept.hash).into();
        let token = kept.token;
        if !is_right || token.revoked || now >= token.expires {
            return Ok(None);
        }
        let (name, branch, rights) = (token.name, token.branch, token.scope);
        Ok(Some(Caller { user: Some(id), name, branch, rights, request: None }))
    }
}

fn parse(text: &str) -> Option<(UserId, [u8; 32])> {
    let (id, secret) = text.strip_prefix(BEGINS)?.split_at_checked(16)?;
    let mut bytes = [0; 32];
    hex::decode_to_slice(secret, &mut bytes).ok()?;
    Some((id.parse().ok()?, bytes))
}
