//! A newer roster that is laid into the node's file while it runs: by `tally network` at the operator, whose node has the
//! file that these commands write, or by `tally member roster`.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::tasks::Rosters;
use crate::limits::ROSTER_FILE_BYTES_MAX;

/// Between two looks at the file: whom the operator removes is to be shut out within seconds.
const LOOK: Duration = Duration::from_secs(3);

fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    let size = std::fs::metadata(file)?.len();
    let is_too_large = usize::try_from(size).map_or(true, |size| size > ROSTER_FILE_BYTES_MAX);
    anyhow::ensure!(!is_too_large, "{}: is too large for a roster", file.display());
    Ok(std::fs::read(file)?)
}

/// Follows the roster of the file whenever it holds another one than before. One that cannot be followed is said once,
/// and the old one stays.
pub(super) async fn follow(rosters: Arc<Rosters>) {
    let (mut followed, mut refused) = (None, None);
    loop {
        tokio::time::sleep(LOOK).await;
        let from = rosters.file.clone();
        // While it is being replaced it may not be there.
        let Ok(Ok(bytes)) = tokio::task::spawn_blocking(move || read(&from)).await else { continue };
        if followed.as_ref() == Some(&bytes) {
            continue;
        }
        let (taking, laid) = (Arc::clone(&rosters), bytes.clone());
        let taken = tokio::task::spawn_blocking(move || taking.take_laid(&laid)).await;
        match taken.unwrap_or_else(|panicked| Err(panicked.into())) {
            Ok(Some(version)) => {
                tracing::info!(version, "following a newer roster, from its file");
                followed = Some(bytes);
            }
            Ok(None) => followed = Some(bytes),
            // Tried again: the disk may have been full.
            Err(error) if refused.as_ref() != Some(&bytes) => {
                tracing::warn!(%error, "the roster in the file is not followed; the old one stays");
                refused = Some(bytes);
            }
            Err(_) => {}
        }
    }
}
