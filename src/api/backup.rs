//! `/v1/backup`: the store as it is at one moment, as an archive.

use std::io::Write;
use std::path::PathBuf;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;
use tokio::sync::mpsc;

use super::problem::Problem;
use super::{Shared, table};
use crate::backup::{Manifest, SNAPSHOT_VERSION, pack};
use crate::log::LogError;
use crate::secret::{SystemEntropy, random_array};
use crate::store::SNAPSHOT_PREFIX;

/// Pieces of the archive that wait for whoever reads it.
const PIECES_WAITING: usize = 16;
/// Bytes of a piece.
const PIECE_BYTES: usize = 256 * 1024;

/// `GET /v1/backup`.
pub(super) async fn take(State(service): Shared) -> Result<Response, Problem> {
    let Some(surroundings) = &service.surroundings else {
        return Err(Problem::new(table::NOT_RUNNING, "A backup is taken of a node that runs."));
    };
    let name = format!("{SNAPSHOT_PREFIX}{}", hex::encode(random_array::<8>(&SystemEntropy::new())));
    let folder = SnapshotFolder(surroundings.data.join("store").join(name));
    let (manifest, folder) = service
        .blocking(move |node| {
            let head = node.snapshot(&folder.0)?;
            let manifest = Manifest {
                v: SNAPSHOT_VERSION,
                network: node.network().clone(),
                member: node.me().clone(),
                log_key: head.log_key,
                log: head.log,
                tables: head.tables,
                taken: head.taken,
                program: env!("CARGO_PKG_VERSION").to_owned(),
            };
            Ok::<_, LogError>((manifest, folder))
        })
        .await?;
    let (sender, receiver) = mpsc::channel(PIECES_WAITING);
    // It ends with its reader, or when the archive is written; the folder goes with it.
    tokio::task::spawn_blocking(move || {
        let mut pieces = Pieces { sender, piece: Vec::with_capacity(PIECE_BYTES) };
        if let Err(error) = pack(&manifest, &folder.0, &mut pieces) {
            tracing::warn!(%error, "a backup was not read to its end");
            // Whoever reads must not take a part for the whole.
            let _ = pieces.sender.blocking_send(Err(std::io::Error::other(error.to_string())));
        }
        drop(folder);
    });
    let body = stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|piece| (piece, receiver))
    });
    let kind = HeaderValue::from_static("application/x-tar");
    Ok(([(header::CONTENT_TYPE, kind)], Body::from_stream(body)).into_response())
}

/// A folder that goes away with whoever holds it.
struct SnapshotFolder(PathBuf);

impl Drop for SnapshotFolder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(%error, "a snapshot could not be taken away; the next start does");
        }
    }
}

/// What is written, in pieces for a body.
struct Pieces {
    sender: mpsc::Sender<std::io::Result<Bytes>>,
    piece: Vec<u8>,
}

impl Pieces {
    fn send(&mut self) -> std::io::Result<()> {
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE_BYTES));
        self.sender.blocking_send(Ok(piece.into())).map_err(|_| std::io::ErrorKind::BrokenPipe.into())
    }
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE_BYTES {
            self.send()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        if self.piece.is_empty() { Ok(()) } else { self.send() }
    }
}
