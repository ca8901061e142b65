//! Problems as RFC 9457 has them: one form for everything that is not a success.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The media type of RFC 9457.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// A problem detail. `code` is stable; `title` and `detail` are for people and may be worded anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Problem {
    /// `urn:tallystick:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// What kind of problem it is; the same for every one of its code.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong this time, and the way out.
    pub detail: String,
    /// The stable code, in kebab-case.
    pub code: String,
    /// The id of the request, as in the header `x-request-id` and in the journal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// Members that belong to the code.
    #[serde(flatten)]
    pub members: Map<String, Value>,
    /// What the journal says of it, and the caller is not told.
    #[serde(skip)]
    pub journal: Option<String>,
}

/// A kind of problem: one line of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    pub(super) code: &'static str,
    pub(super) status: u16,
    pub(super) title: &'static str,
}

impl Problem {
    pub(super) fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:tallystick:problem:{}", kind.code),
            title: kind.title.to_owned(),
            status: kind.status,
            detail: detail.into(),
            code: kind.code.to_owned(),
            request: None,
            members: Map::new(),
            journal: None,
        }
    }

    /// Adds a member that belongs to the code.
    pub(super) fn with(mut self, name: &str, value: impl Serialize) -> Self {
        let value = serde_json::to_value(value).expect("members of problems are plain data");
        self.members.insert(name.to_owned(), value);
        self
    }

    /// Keeps `words` for the journal.
    pub(super) fn journal(mut self, words: &(impl ToString + ?Sized)) -> Self {
        self.journal = Some(words.to_string());
        self
    }

    /// The problem as it goes out.
    pub(super) fn to_response(&self) -> Response {
        let body = serde_json::to_vec(self).expect("a problem has only string keys");
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, [(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON))], body).into_response()
    }
}

impl IntoResponse for Problem {
    /// The whole problem also goes along as an extension: the outermost layer adds the request id and writes the
    /// journal.
    fn into_response(self) -> Response {
        let mut response = self.to_response();
        response.extensions_mut().insert(self);
        response
    }
}
