//! Evidence on paper: a photograph or a scan of the form that she signed. Its hash is taken; the file is not kept.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;

use super::consent::{Proof, record, shown};
use super::place;
use crate::console::Console;
use crate::console::form::PostedFile;
use crate::console::visit::{Answered, Said};
use crate::model::consent::EvidenceKind;
use crate::model::user::Right;

/// `POST …/persons/{place}/evidence`.
pub(super) async fn upload(
    State(console): State<Arc<Console>>,
    Path((id, which)): Path<(String, String)>,
    posted: PostedFile,
) -> Answered {
    posted.visit.must(Right::Consent)?;
    let place = place(&posted.visit, &which)?;
    let (visit, form) = posted.hashed().await?;
    let kind = match form.fields.text("kind") {
        "signed-form" => Some(EvidenceKind::SignedForm),
        "thumbprint" => Some(EvidenceKind::Thumbprint),
        _ => None,
    };
    let (Some(kind), Some(digest)) = (kind, form.digest) else {
        let key = if kind.is_none() { "console-evidence-kind-missing" } else { "console-evidence-missing" };
        let said = Said {
            title: visit.page.t(key),
            text: visit.page.t(&format!("{key}-text")),
            out: visit.page.t(&format!("{key}-out")),
        };
        return shown(&console, &visit, &id, place, Some((StatusCode::UNPROCESSABLE_ENTITY, said)));
    };
    record(&console, &visit, &id, place, Proof { kind, digest, text: None }).await
}
