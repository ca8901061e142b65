//! The evidence to take along: what `tally log export` writes into a folder, as one archive, for the verifier.

use std::io::{self, Write};
use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse as _;

use crate::audit::export::{CHECKPOINT, MANIFEST, QUORUM, feed_rows_path};
use crate::backup::FilesArchive;
use crate::console::Console;
use crate::console::visit::{Answered, Visit};
use crate::http::written;
use crate::limits::CONSOLE_FEED_BYTES_MAX;
use crate::merkle::tiles_of;
use crate::model::member::MemberId;
use crate::model::user::Right;
use crate::node::{ExportHead, Node};

/// `GET /auditor/evidence.tar`.
pub(super) async fn take(State(console): State<Arc<Console>>, visit: Visit) -> Answered {
    visit.must(Right::Log)?;
    let head = visit.blocking(&console, |node| node.export_head()).await?;
    let name = format!("{}-{}", head.manifest.member, head.manifest.size);
    let (node, folder) = (Arc::clone(&console.node), name.clone());
    let body = written(move |out| {
        let written = write(&node, &head, &folder, out);
        written.inspect_err(|error| tracing::warn!(%error, "evidence was not read to its end"))
    });
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}.tar\""));
    let pairs = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/x-tar")),
        (header::CONTENT_DISPOSITION, disposition.unwrap_or(HeaderValue::from_static("attachment"))),
    ];
    Ok((pairs, body).into_response())
}

/// Writes the archive: the tiles before the checkpoint that they lead to.
fn write(node: &Node, head: &ExportHead, folder: &str, out: &mut dyn Write) -> io::Result<()> {
    let time = u64::try_from(head.manifest.exported_at.0).unwrap_or(0);
    let mut archive = FilesArchive::new(out, time);
    let own = |error: crate::log::LogError| io::Error::other(error.to_string());
    let gone = |path: &str| io::Error::other(format!("{path}: listed, and not there"));
    for path in tiles_of(head.manifest.size) {
        let name = path.to_string();
        let bytes = node.log().tile(path).map_err(own)?.ok_or_else(|| gone(&name))?;
        archive.put(&format!("{folder}/{name}"), &bytes)?;
    }
    for path in &head.files {
        let bytes = node.export_file(path).map_err(own)?.ok_or_else(|| gone(path))?;
        archive.put(&format!("{folder}/{path}"), &bytes)?;
    }
    for feed in &head.feeds {
        if let Some(rows) = rows(node, &feed.lender)? {
            archive.put(&format!("{folder}/{}", feed_rows_path(&feed.lender)), &rows)?;
        }
    }
    if !head.quorum.is_empty() {
        archive.put(&format!("{folder}/{QUORUM}"), head.quorum.as_bytes())?;
    }
    let mut manifest = serde_json::to_vec_pretty(&head.manifest)?;
    manifest.push(b'\n');
    archive.put(&format!("{folder}/{MANIFEST}"), &manifest)?;
    archive.put(&format!("{folder}/{CHECKPOINT}"), head.checkpoint.as_bytes())?;
    archive.finish()
}

/// The headers of a feed's rows, one a line. None for a feed that is too large to be held here: an archive says how long
/// a file is before the file, so it is made in memory; `tally log export` writes it into a folder.
fn rows(node: &Node, lender: &MemberId) -> io::Result<Option<Vec<u8>>> {
    let (mut out, mut after) = (Vec::new(), 0);
    loop {
        let page = node.export_rows(lender, after).map_err(|error| io::Error::other(error.to_string()))?;
        let Some(last) = page.last() else { return Ok(Some(out)) };
        after = last.sequence;
        for row in &page {
            serde_json::to_writer(&mut out, row)?;
            out.push(b'\n');
        }
        if out.len() > CONSOLE_FEED_BYTES_MAX {
            tracing::warn!(%lender, "its rows are left out of the evidence: there are too many");
            return Ok(None);
        }
    }
}
