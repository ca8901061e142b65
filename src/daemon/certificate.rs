//! A renewed certificate: taken from its file while the node runs.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;

use crate::limits::CERTIFICATE_PEM_BYTES_MAX;
use crate::node::Node;
use crate::transport::PeerTls;

/// Between two looks at the file.
const LOOK: Duration = Duration::from_secs(15);

/// Reads the node's certificate.
pub(super) fn read(file: &Path) -> anyhow::Result<String> {
    let missing = || format!("{}: install the operator's bundle with `tally member install`", file.display());
    let size = std::fs::metadata(file).with_context(missing)?.len();
    let is_too_large = usize::try_from(size).is_ok_and(|size| size > CERTIFICATE_PEM_BYTES_MAX);
    anyhow::ensure!(!is_too_large, "{}: is too large for a certificate", file.display());
    std::fs::read_to_string(file).with_context(missing)
}

/// Takes the certificate anew whenever its file holds another one than `used`. One that does not fit is said once, and
/// the old one stays.
pub(super) async fn follow(node: Arc<Node>, tls: Arc<PeerTls>, file: PathBuf, used: String) {
    let (mut seen, mut refused) = (used, None);
    loop {
        tokio::time::sleep(LOOK).await;
        let from = file.clone();
        // While it is being replaced it may not be there.
        let Ok(Ok(text)) = tokio::task::spawn_blocking(move || read(&from)).await else { continue };
        if text == seen {
            continue;
        }
        let taken = super::anchor(&node.roster()).and_then(|anchor| Ok(tls.renew(&text, &anchor)?));
        match taken {
            Ok(_) => {
                tracing::info!(until = %tls.certificate_until(), "took a renewed certificate");
                seen = text;
            }
            // Tried again: the roster that names its authority may be on its way.
            Err(error) if refused.as_ref() != Some(&text) => {
                tracing::warn!(%error, "the renewed certificate cannot be used yet; the old one stays");
                refused = Some(text);
            }
            Err(_) => {}
        }
    }
}
