//! `/v1/backup`: the store as it is at one moment, as an archive.

use std::path::PathBuf;

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};

use super::problem::Problem;
use super::{Shared, table};
use crate::backup::{Manifest, SNAPSHOT_VERSION, pack};
use crate::http::written;
use crate::log::LogError;
use crate::secret::{SystemEntropy, random_array};
use crate::store::SNAPSHOT_PREFIX;

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
    let body = written(move |out| {
        let packed = pack(&manifest, &folder.0, out);
        packed.map_err(|error| {
            tracing::warn!(%error, "a backup was not read to its end");
            std::io::Error::other(error)
        })
    });
    let kind = HeaderValue::from_static("application/x-tar");
    Ok(([(header::CONTENT_TYPE, kind)], body).into_response())
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
