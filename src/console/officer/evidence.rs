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

/// Whether a file begins as one of those that cameras, scanners and telephones make: JPEG, PNG, PDF, TIFF, WebP, HEIC. A
/// slip is caught by it, and nothing more: whoever wants to can give a file any beginning.
fn is_picture_or_pdf(begins: &[u8]) -> bool {
    const BEGINNINGS: [(usize, &[u8]); 7] = [
        (0, b"\xff\xd8\xff"),
        (0, b"\x89PNG"),
        (0, b"%PDF"),
        (0, b"II*\0"),
        (0, b"MM\0*"),
        (8, b"WEBP"),
        (4, b"ftyp"),
    ];
    BEGINNINGS.iter().any(|(place, is)| begins.get(*place..).is_some_and(|rest| rest.starts_with(is)))
}

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
    let file = form.digest.filter(|_| is_picture_or_pdf(&form.begins));
    let (Some(kind), Some(digest)) = (kind, file) else {
        let key = match (kind, form.digest) {
            (None, _) => "console-evidence-kind-missing",
            (_, None) => "console-evidence-missing",
            _ => "console-evidence-other",
        };
        let said = Said {
            title: visit.page.t(key),
            text: visit.page.t(&format!("{key}-text")),
            out: visit.page.t(&format!("{key}-out")),
        };
        return shown(&console, &visit, &id, place, Some((StatusCode::UNPROCESSABLE_ENTITY, said)));
    };
    record(&console, &visit, &id, place, Proof { kind, digest, text: None }).await
}
