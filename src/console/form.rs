//! What comes back from a form.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts as _, Multipart, Request};
use axum::http::header;
use axum::response::Response;
use percent_encoding::percent_decode;
use zeroize::{Zeroize as _, Zeroizing};

use super::Console;
use super::visit::Visit;
use crate::digest::{Digest, Sha256};
use crate::http::next_piece;
use crate::limits::{API_BODY_SECONDS_MAX, CONSOLE_EVIDENCE_BYTES_MAX, CONSOLE_FORM_BYTES_MAX};

/// Fields of one form.
const FIELDS_MAX: usize = 200;

/// A posted form with its session's token, and who posted it.
pub(super) struct Posted {
    pub(super) visit: Visit,
    pub(super) fields: Fields,
}

/// The fields of a form as they were typed. They may be about a person: wiped when dropped, and never printed.
#[derive(Clone, Default)]
pub(super) struct Fields(Vec<(String, String)>);

impl Drop for Fields {
    fn drop(&mut self) {
        for (_, value) in &mut self.0 {
            value.zeroize();
        }
    }
}

impl std::fmt::Debug for Fields {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Fields({})", self.0.len())
    }
}

impl Fields {
    /// What was typed into a field, without the spaces around it; nothing where there is no such field.
    pub(super) fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value.trim())
    }

    /// The same as it was typed: spaces belong to a password.
    pub(super) fn raw(&self, name: &str) -> &str {
        self.0.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value)
    }

    /// The same, where it is not empty.
    pub(super) fn some(&self, name: &str) -> Option<&str> {
        Some(self.text(name)).filter(|text| !text.is_empty())
    }

    /// Whether a box was ticked.
    pub(super) fn is_ticked(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }

    /// Takes a field in.
    pub(super) fn put(&mut self, name: &str, value: &str) {
        self.0.push((name.to_owned(), value.to_owned()));
    }
}

/// `a=b&c=d` as fields, by the rules of HTML forms.
fn parse(bytes: &[u8]) -> Option<Fields> {
    let mut fields = Fields::default();
    for pair in bytes.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
        let mut halves = pair.splitn(2, |byte| *byte == b'=');
        let (name, value) = (halves.next().unwrap_or_default(), halves.next().unwrap_or_default());
        if fields.0.len() == FIELDS_MAX {
            return None;
        }
        fields.0.push((unescaped(name)?, unescaped(value)?));
    }
    Some(fields)
}

/// Text as a form holds it; none where it is no text, or an escape is cut off.
fn unescaped(bytes: &[u8]) -> Option<String> {
    let is_whole =
        |after: &[u8]| after.first_chunk::<2>().is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
    if !bytes.split(|byte| *byte == b'%').skip(1).all(is_whole) {
        return None;
    }
    let spaced = bytes.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte });
    let spaced: Zeroizing<Vec<u8>> = Zeroizing::new(spaced.collect());
    // Large enough at once, so that no part of a password stays behind where it grew.
    let mut text = Vec::with_capacity(spaced.len());
    text.extend(percent_decode(&spaced));
    String::from_utf8(text).ok()
}

/// What comes of waiting for a whole form; none where its sender keeps it back, for connections are few.
async fn whole<T>(form: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(Duration::from_secs(API_BODY_SECONDS_MAX), form).await.ok()
}

/// The form of somebody who is not known yet; none where it cannot be read.
pub(super) async fn read_form(request: Request) -> Option<Fields> {
    let bytes = whole(axum::body::to_bytes(request.into_body(), CONSOLE_FORM_BYTES_MAX)).await?.ok()?;
    parse(&bytes)
}

impl FromRequest<Arc<Console>> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, console: &Arc<Console>) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, console).await?;
        let bytes = whole(Bytes::from_request(Request::from_parts(parts, body), console)).await;
        let bytes = bytes.and_then(Result::ok).ok_or_else(|| visit.form_unreadable())?;
        let fields = parse(&bytes).ok_or_else(|| visit.form_unreadable())?;
        if !visit.session.holds(fields.text("csrf")) {
            return Err(visit.session_over());
        }
        Ok(Self { visit, fields })
    }
}

/// A posted form with a file, whose token has not been looked at.
pub(super) struct PostedFile {
    pub(super) visit: Visit,
    pub(super) parts: Multipart,
}

impl FromRequest<Arc<Console>> for PostedFile {
    type Rejection = Response;

    async fn from_request(request: Request, console: &Arc<Console>) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, console).await?;
        if !parts.headers.contains_key(header::CONTENT_TYPE) {
            return Err(visit.form_unreadable());
        }
        let parts = Multipart::from_request(Request::from_parts(parts, body), console).await;
        Ok(Self { parts: parts.map_err(|_| visit.form_unreadable())?, visit })
    }
}

/// A small form with one file of which only the hash is wanted.
pub(super) struct Hashed {
    pub(super) fields: Fields,
    /// SHA-256 of the file; none where it was empty.
    pub(super) digest: Option<Digest>,
    /// Its first bytes, by which kinds of files are told apart.
    pub(super) begins: Vec<u8>,
}

/// First bytes of a file that are looked at.
const BEGINNING_BYTES: usize = 12;

impl PostedFile {
    /// Reads the form and hashes its file as it comes; nothing of it is kept. The token must come first.
    pub(super) async fn hashed(mut self) -> Result<(Visit, Hashed), Response> {
        let mut hashed = Hashed { fields: Fields::default(), digest: None, begins: Vec::new() };
        let mut size = 0usize;
        let mut known = false;
        loop {
            let part = next_piece(self.parts.next_field()).await.and_then(Result::ok);
            let Some(mut part) = part.ok_or_else(|| self.visit.form_unreadable())? else { break };
            let name = part.name().unwrap_or_default().to_owned();
            if part.file_name().is_some() {
                if !known {
                    return Err(self.visit.session_over());
                }
                let mut sum = Sha256::default();
                let before = size;
                loop {
                    let chunk = next_piece(part.chunk()).await.and_then(Result::ok);
                    let Some(bytes) = chunk.ok_or_else(|| self.visit.form_unreadable())? else { break };
                    size = size.saturating_add(bytes.len());
                    if size > CONSOLE_EVIDENCE_BYTES_MAX {
                        return Err(self.visit.file_too_large(CONSOLE_EVIDENCE_BYTES_MAX));
                    }
                    let wanted = BEGINNING_BYTES.saturating_sub(hashed.begins.len());
                    hashed.begins.extend(bytes.iter().take(wanted));
                    sum.update(&bytes);
                }
                if size > before {
                    hashed.digest = Some(sum.finish());
                }
                continue;
            }
            let text = next_piece(part.text()).await.and_then(Result::ok);
            let text = text.ok_or_else(|| self.visit.form_unreadable())?;
            if name == "csrf" {
                known = self.visit.session.holds(&text);
            }
            if hashed.fields.0.len() == FIELDS_MAX {
                return Err(self.visit.form_unreadable());
            }
            hashed.fields.put(&name, &text);
        }
        if !known {
            return Err(self.visit.session_over());
        }
        Ok((self.visit, hashed))
    }
}

/// Something to choose.
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) name: String,
    pub(super) is_chosen: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_read_as_browsers_write_them() {
        let fields = parse(b"name=Sok+Dara&id=%E1%9F%A0+1&empty=&box=on&name=second").unwrap();
        assert_eq!((fields.text("name"), fields.text("id")), ("Sok Dara", "\u{17e0} 1"));
        assert_eq!((fields.some("empty"), fields.some("none")), (None, None));
        assert!(fields.is_ticked("box") && !fields.is_ticked("empty"));
        assert!(parse(b"").unwrap().0.is_empty());
        for bad in [&b"a=%"[..], b"a=%2", b"a=%zz", b"a=%ff"] {
            assert!(parse(bad).is_none(), "{bad:?}");
        }
        assert!(parse("a=b&".repeat(FIELDS_MAX).as_bytes()).is_some());
        assert!(parse("a=b&".repeat(FIELDS_MAX + 1).as_bytes()).is_none());
        assert!(!format!("{fields:?}").contains("Sok"));
    }
}
