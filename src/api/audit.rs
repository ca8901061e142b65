//! `/v1/audit`: explaining logged points to an auditor.

use axum::extract::{Extension, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};

use super::Shared;
use super::body::Json;
use super::consents::invalid;
use super::imports::NDJSON;
use super::problem::Problem;
use crate::audit::sample::Sample;
use crate::model::leaf::Access;
use crate::model::user::Caller;
use crate::node::{BindingError, Concern};

/// `POST /v1/audit/bindings`: a sample in, the lines of the binding out. Clients' identifiers and what hid them: it
/// belongs on the local socket, and on no other door.
pub(super) async fn bind(
    State(service): Shared,
    Extension(caller): Extension<Caller>,
    Json(sample): Json<Sample>,
) -> Result<Response, Problem> {
    let binding = service.blocking(move |node| {
        node.log_access(&caller, Access::Binding, Concern::Several)?;
        node.make_binding(&sample).map_err(Problem::from)
    });
    let binding = binding.await?;
    let lines = binding.to_lines();
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static(NDJSON))], lines).into_response())
}

impl From<BindingError> for Problem {
    fn from(error: BindingError) -> Self {
        let detail = error.to_string();
        match error {
            BindingError::Kept(error) => error.into(),
            BindingError::OtherLog
            | BindingError::OtherHistory { .. }
            | BindingError::OtherLeaf { .. }
            | BindingError::TooMany => invalid("sample", &detail),
        }
    }
}
