//! Locating: identifiers that are published for the first time take one reporting evaluation each.

use super::Node;
use super::ask::Ask;
use super::batch::{BatchPoint, BatchRecord};
use super::consent::KeptHelp;
use super::opening::shuffle;
use super::publish::PublishError;
use crate::book::{PendingClient, Published};
use crate::digest::TransactionId;
use crate::limits::POINTS_PER_BATCH_MAX;
use crate::model::identifier::Identifier;
use crate::model::leaf::EvaluationKind;
use crate::roster::Epoch;
use crate::secret::SecretVec;
use crate::threshold::{Blind, HolderIndex, KeyName, Point, blind_with, combine_and_finalize, locator};

impl Node {
    /// Finds locators for identifiers that have none yet. Gives how many.
    pub(super) async fn locate_clients(
        &self,
        epoch: &Epoch,
        clients: &mut [PendingClient],
    ) -> Result<usize, PublishError> {
        let mut wanted: Vec<(usize, Identifier)> = Vec::new();
        for (place, client) in clients.iter().enumerate() {
            let carried = client.carried();
            let unlocated = client.entry.unlocated(epoch.epoch).into_iter().filter(|i| carried.contains(i));
            wanted.extend(unlocated.map(|i| (place, i.clone())));
        }
        // Neither the order in the book nor which identifiers go together is told.
        shuffle(&mut wanted, &*self.entropy);
        for batch in wanted.chunks(POINTS_PER_BATCH_MAX) {
            let inputs: Vec<SecretVec> =
                batch.iter().map(|(_, identifier)| identifier.oprf_input()).collect();
            let blinds: Vec<Blind> = batch.iter().map(|_| Blind::random(&*self.entropy)).collect();
            let points: Vec<Point> = inputs
                .iter()
                .zip(&blinds)
                .map(|(input, blind)| blind_with(input.expose(), blind).expect("identifiers are short"))
                .collect();
            let kept = batch.iter().zip(&blinds).zip(&points).map(|(((place, identifier), blind), point)| {
                BatchPoint::new(point, clients[*place].key.0, identifier, blind)
            });
            let record = self.append_batch(epoch, &points, kept.collect())?;
            let ask = Ask {
                transaction: record.transaction,
                evaluation: EvaluationKind::Reporting,
                leaf: record.leaf,
                points: &points,
                without: &[],
            };
            let helped = self.ask_holders(epoch, &ask).await?;
            let results: Vec<(HolderIndex, &[Point])> =
                helped.iter().map(|help| (help.index, help.results.as_slice())).collect();
            let exposed: Vec<&[u8]> = inputs.iter().map(SecretVec::expose).collect();
            let by_reference: Vec<&Blind> = blinds.iter().collect();
            let outputs = combine_and_finalize(epoch.threshold, &results, &exposed, &by_reference)
                .expect("every evaluation was proved");
            let mut gone_on = std::collections::BTreeSet::new();
            for ((place, identifier), output) in batch.iter().zip(&outputs) {
                let locator = locator(output, KeyName::Locate, self.network.as_str(), epoch.epoch);
                let (row_id, version) = self.row_to_go_on_with(identifier, &locator, &gone_on)?;
                gone_on.insert(row_id);
                clients[*place].entry.published.push(Published {
                    identifier: identifier.clone(),
                    epoch: epoch.epoch,
                    locator,
                    row_id,
                    version,
                    content: None,
                });
            }
            let help = helped.iter().map(KeptHelp::of).collect();
            // What is written is what stands there now: her points may have been erased while the holders answered.
            let _nobody_erases = self.erasing.lock().await;
            self.keep_located(record.transaction, help, batch, clients)?;
        }
        Ok(wanted.len())
    }

    /// Keeps locators and their evaluations as soon as they are known, so that no crash asks twice.
    fn keep_located(
        &self,
        transaction: TransactionId,
        help: Vec<KeptHelp>,
        batch: &[(usize, Identifier)],
        clients: &[PendingClient],
    ) -> Result<(), PublishError> {
        let _writing = self.book.writer();
        let mut changes = crate::store::StoreBatch::new();
        if let Some(kept) = self.batch_record(transaction)? {
            self.put_batch(&BatchRecord { help, ..kept }, &mut changes);
        }
        let places: std::collections::BTreeSet<usize> = batch.iter().map(|(place, _)| *place).collect();
        for place in places {
            self.book.put_client(&clients[place], false, &mut changes, &*self.entropy)?;
        }
        self.store.commit(changes, crate::store::Durability::Synced)?;
        Ok(())
    }
}

impl KeptHelp {
    pub(super) fn of(help: &super::ask::Helped) -> Self {
        Self {
            holder: help.member.clone(),
            index: help.index.get(),
            results: help.reply.results.clone(),
            proof: help.reply.proof,
            leaf: help.reply.evidence.index,
        }
    }
}
