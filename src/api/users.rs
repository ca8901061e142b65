//! `/v1/users` and `/v1/tokens`: who may use the node.

use std::collections::BTreeSet;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Path, Query, State};
use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::body::Json;
use super::consents::invalid;
use super::problem::Problem;
use super::{Shared, moment, table};
use crate::digest::UserId;
use crate::limits::LISTED_PER_PAGE;
use crate::model::user::{Caller, Right, Role};
use crate::node::AdministerError;
use crate::people::{AccessToken, NewToken, NewUser, PeopleError, User, UserChange};
use crate::secret::SecretVec;

/// The reply to `GET /v1/users`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Users {
    /// By number; those who may not sign in any more among them, for the log names them.
    pub users: Vec<User>,
    /// `after` of the next page; `null` on the last.
    pub next: Option<UserId>,
}

/// What part of a list is wanted.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PageWanted {
    /// Numbers up to and including this one are left out.
    after: Option<UserId>,
}

type Wanted = Result<Query<PageWanted>, QueryRejection>;

fn after(wanted: Wanted) -> Result<Option<UserId>, Problem> {
    let Query(wanted) = wanted.map_err(|_| invalid("after", "give the `next` of the page before"))?;
    Ok(wanted.after)
}

/// `POST /v1/users`.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UserBody {
    /// What she signs in with.
    pub name: String,
    /// What she does.
    pub roles: BTreeSet<Role>,
    /// The branch whose clients she serves; loan officers need one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    /// Her first password, 10 characters or more. She has to choose her own when she signs in.
    pub password: String,
    /// The password is her own, typed by herself, and she need not choose another. On the node's own socket alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub own_password: bool,
}

impl std::fmt::Debug for UserBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UserBody").field("roles", &self.roles).finish_non_exhaustive()
    }
}

/// `POST /v1/users/{user}`: what changes; the rest stays. Her sessions end.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct UserChangeBody {
    /// What she does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<BTreeSet<Role>>,
    /// The branch whose clients she serves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    /// Whether she may sign in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// A new password. She has to choose her own when she signs in, and is told who gave it to her.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// True takes her second factor away. She is told.
    pub without_second_factor: bool,
}

impl std::fmt::Debug for UserChangeBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UserChangeBody").field("enabled", &self.enabled).finish_non_exhaustive()
    }
}

/// The reply to `GET /v1/tokens`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tokens {
    /// By number, without their secrets.
    pub tokens: Vec<AccessToken>,
    /// `after` of the next page; `null` on the last.
    pub next: Option<UserId>,
}

/// `POST /v1/tokens`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenBody {
    /// Of which system it is.
    pub name: String,
    /// What it may do.
    pub scope: BTreeSet<Right>,
    /// The branch whose clients it may see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    /// The last day (in UTC), or the RFC 3339 moment at which it ends; at most a year from now.
    pub until: String,
}

/// The reply to `POST /v1/tokens`, status 201.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct TokenIssued {
    /// What is kept of it.
    #[serde(flatten)]
    pub token: AccessToken,
    /// The token itself, shown this once.
    pub secret: String,
}

impl std::fmt::Debug for TokenIssued {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenIssued").field("token", &self.token).finish_non_exhaustive()
    }
}

impl From<PeopleError> for Problem {
    fn from(error: PeopleError) -> Self {
        match error {
            PeopleError::Store(error) => error.into(),
            PeopleError::Invalid { field, why } => invalid(field, &why),
            PeopleError::Password(why) => invalid("password", &why.to_string()),
            PeopleError::NameTaken => Self::new(table::NAME_TAKEN, "Choose another name."),
            PeopleError::Unknown(what) => {
                Self::new(table::UNKNOWN_USER, format!("There is no such {what} here."))
            }
            damaged @ (PeopleError::Sealed { .. } | PeopleError::Codec(_)) => {
                Self::new(table::STORE_DAMAGED, "What is kept of a user cannot be read.").journal(&damaged)
            }
        }
    }
}

impl From<AdministerError> for Problem {
    fn from(error: AdministerError) -> Self {
        match error {
            AdministerError::People(error) => error.into(),
            AdministerError::Log(error) => error.into(),
        }
    }
}

pub(super) async fn list(State(service): Shared, wanted: Wanted) -> Result<axum::Json<Users>, Problem> {
    let after = after(wanted)?;
    let page = service.blocking(move |node| node.people().users_page(after, LISTED_PER_PAGE));
    let (users, next) = page.await?;
    Ok(axum::Json(Users { users, next }))
}

pub(super) async fn add(
    State(service): Shared,
    Extension(caller): Extension<Caller>,
    Json(body): Json<UserBody>,
) -> Result<(StatusCode, axum::Json<User>), Problem> {
    // From afar nobody can have seen her type it.
    if caller.user.is_some() && body.own_password {
        return Err(invalid("own_password", "it is taken on the node's own socket alone"));
    }
    let UserBody { name, roles, branch, password, own_password } = body;
    let password = SecretVec::new(password.into_bytes());
    let new = NewUser { name, roles, branch, password, own_password };
    let user = service.blocking(move |node| node.admit_user(&caller, &new)).await?;
    Ok((StatusCode::CREATED, axum::Json(user)))
}

pub(super) async fn change(
    State(service): Shared,
    Extension(caller): Extension<Caller>,
    Path(user): Path<String>,
    Json(body): Json<UserChangeBody>,
) -> Result<axum::Json<User>, Problem> {
    let user = number("user", &user)?;
    let change = UserChange {
        roles: body.roles,
        branch: body.branch.map(Some),
        enabled: body.enabled,
        password: body.password.map(|password| SecretVec::new(password.into_bytes())),
        without_second_factor: body.without_second_factor,
    };
    service.blocking(move |node| node.change_user(&caller, user, &change)).await.map(axum::Json)
}

pub(super) async fn tokens(State(service): Shared, wanted: Wanted) -> Result<axum::Json<Tokens>, Problem> {
    let after = after(wanted)?;
    let page = service.blocking(move |node| node.people().tokens_page(after, LISTED_PER_PAGE));
    let (tokens, next) = page.await?;
    Ok(axum::Json(Tokens { tokens, next }))
}

pub(super) async fn issue(
    State(service): Shared,
    Extension(caller): Extension<Caller>,
    Json(body): Json<TokenBody>,
) -> Result<(StatusCode, axum::Json<TokenIssued>), Problem> {
    // Whoever gives out tokens from afar could give one out that does everything.
    if caller.user.is_some() && body.scope.contains(&Right::Users) {
        return Err(invalid("scope", "the right users is given out on the node's own socket alone"));
    }
    let expires = moment::until_text(&body.until).map_err(|error| invalid("until", &error.to_string()))?;
    let new = NewToken { name: body.name, scope: body.scope, branch: body.branch, expires };
    let issued = service.blocking(move |node| node.issue_token(&caller, &new)).await?;
    let secret = String::from_utf8_lossy(issued.secret.expose()).into_owned();
    Ok((StatusCode::CREATED, axum::Json(TokenIssued { token: issued.token, secret })))
}

pub(super) async fn revoke(
    State(service): Shared,
    Extension(caller): Extension<Caller>,
    Path(token): Path<String>,
) -> Result<axum::Json<AccessToken>, Problem> {
    let token = number("token", &token)?;
    service.blocking(move |node| node.revoke_token(&caller, token)).await.map(axum::Json)
}

fn number(field: &'static str, text: &str) -> Result<UserId, Problem> {
    text.parse().map_err(|error| invalid(field, &format!("{error}")))
}
