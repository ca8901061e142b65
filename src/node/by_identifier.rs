//! Consents by the identifier that they are about: for callers that know a client's number and no consent id.

use super::Node;
use super::consent::{ConsentError, ConsentRecord, ConsentView, read_record};
use super::records::Kept;
use super::tables::{CONSENTS_BY_IDENTIFIER, CONSENTS_INDEXED};
use crate::digest::ConsentId;
use crate::limits::CONSENTS_PER_IDENTIFIER_MAX;
use crate::model::identifier::Identifier;
use crate::store::{Durability, StoreBatch};

/// Keyed hash of an identifier, and a consent's id.
pub(super) type IdentifierRow = ([u8; 32], [u8; 16]);

impl Node {
    /// Under what consents about an identifier are found. Without this node's key it is a random number.
    fn identifier_row_key(&self, identifier: &Identifier) -> [u8; 32] {
        self.at_rest.index(CONSENTS_BY_IDENTIFIER.spec().name, identifier.oprf_input().expose())
    }

    /// Where a consent is found by its identifiers.
    pub(super) fn identifier_rows(&self, record: &ConsentRecord) -> Vec<IdentifierRow> {
        let consent = record.terms.consent.0;
        record.identifiers.iter().map(|identifier| (self.identifier_row_key(identifier), consent)).collect()
    }

    /// The consents recorded here that carry an identifier, the newest first.
    pub fn consents_with(&self, identifier: &Identifier) -> Result<Vec<ConsentView>, ConsentError> {
        self.index_consents_if_due()?;
        let key = self.identifier_row_key(identifier);
        let rows =
            self.store.scan_prefix(&CONSENTS_BY_IDENTIFIER, &key, None, CONSENTS_PER_IDENTIFIER_MAX)?;
        let mut found = Vec::new();
        for ((_, consent), ()) in rows {
            match self.consent(&ConsentId(consent)) {
                Ok(view) => found.push(view),
                // Erased meanwhile.
                Err(ConsentError::Unknown(_)) => {}
                Err(error) => return Err(error),
            }
        }
        found.sort_by_key(|view| std::cmp::Reverse(view.leaf.index));
        Ok(found)
    }

    /// Consents that were recorded before they could be found this way are put in, once.
    fn index_consents_if_due(&self) -> Result<(), ConsentError> {
        if self.store.contains(&CONSENTS_INDEXED, &())? {
            return Ok(());
        }
        let mut batch = StoreBatch::new();
        self.each_kept(Kept::Consent, |_, plain| {
            for row in self.identifier_rows(&read_record(plain)?) {
                batch.put(&CONSENTS_BY_IDENTIFIER, &row, &());
            }
            Ok(())
        })?;
        batch.put(&CONSENTS_INDEXED, &(), &());
        self.store.commit(batch, Durability::Synced)?;
        Ok(())
    }

    /// A tag over `value` that this node alone can make: what it gave to a core banking system comes back after a restart.
    pub fn tag(&self, label: &str, value: &[u8]) -> [u8; 32] {
        self.at_rest.index(&format!("tag-{label}"), value)
    }
}
