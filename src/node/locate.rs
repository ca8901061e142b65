//! Locating: identifiers that are published for the first time take one reporting evaluation each.
//!
//! A batch whose leaf is logged and whose evaluations did not arrive is asked for again before any other, also after a
//! restart: with the same transaction, blinds and points, so that a holder that has served it serves it again and
//! counts nothing. New points for the same clients would cost quota, and look to an auditor like a look-up.

use std::collections::{BTreeMap, BTreeSet};

use super::ask::{Ask, AskError};
use super::batch::{BatchPoint, BatchRecord, ExplainedPoint};
use super::consent::KeptHelp;
use super::opening::shuffle;
use super::publish::{CLIENTS_PER_ROUND, PublishError};
use super::tables::UNANSWERED_BATCHES;
use super::{Node, growth};
use crate::book::{ClientKey, Published};
use crate::digest::{Digest, TransactionId};
use crate::limits::POINTS_PER_BATCH_MAX;
use crate::merkle::leaf_hash;
use crate::model::identifier::Identifier;
use crate::model::leaf::{EvaluationKind, Leaf, LeafBody};
use crate::roster::Epoch;
use crate::secret::SecretVec;
use crate::store::{Durability, StoreBatch};
use crate::threshold::{Blind, HolderIndex, KeyName, Point, blind_with, combine_and_finalize, locator};

/// An identifier to locate, and the client that it is located for.
type Wanted = (ClientKey, Identifier);

/// What locating gave: by client, what is to be published.
type Located = BTreeMap<[u8; 32], Vec<Published>>;

impl Node {
    /// Finds locators for the identifiers of one round of clients that have none yet. Gives how many.
    pub(super) async fn locate_clients(&self, epoch: &Epoch) -> Result<usize, PublishError> {
        let mut located = self.ask_again(epoch).await?;
        let mut wanted: Vec<Wanted> = Vec::new();
        let (mut waiting, at_once) = (0, growth::located_at_once(&self.roster().policy().quotas));
        // Points that are logged count, whether they are served or not: none is logged that would be refused.
        let (left, mut waits) = (usize::try_from(self.points_left()?).unwrap_or(usize::MAX), false);
        for client in self.book.pending(None, CLIENTS_PER_ROUND)? {
            let unlocated = client.unlocated(epoch.epoch);
            if wanted.len() + unlocated.len() > left {
                waits = true;
                continue;
            }
            // Those that are located and were never published count too. One client goes whatever it carries.
            let located = client.entry.published.iter().filter(|p| p.epoch == epoch.epoch && p.version == 0);
            waiting += unlocated.len() + located.count();
            if waiting > at_once && !wanted.is_empty() {
                break;
            }
            wanted.extend(unlocated.into_iter().map(|identifier| (client.key, identifier)));
        }
        if wanted.is_empty() && waits {
            return Err(AskError::AheadOfFeed.into());
        }
        // Neither the order in the book nor which identifiers go together is told.
        shuffle(&mut wanted, &*self.entropy);
        for batch in wanted.chunks(self.points_per_batch()) {
            let (points, kept): (Vec<Point>, Vec<BatchPoint>) =
                batch.iter().map(|(client, identifier)| self.blinded(client, identifier)).unzip();
            let record = self.append_batch(epoch, &points, kept)?;
            located += self.ask_batch(epoch, &record).await?;
        }
        Ok(located)
    }

    /// Identifiers that this lender may still ask for, by its own account of its log.
    fn points_left(&self) -> Result<u64, PublishError> {
        let roster = self.roster();
        let quotas = &roster.policy().quotas;
        let days = self.register.reported(&self.me, quotas.unpublished_days)?;
        Ok(growth::left(&days, quotas))
    }

    /// A batch that is larger than a day's quota, or than what may wait to be published, would never be served.
    fn points_per_batch(&self) -> usize {
        let roster = self.roster();
        let quotas = &roster.policy().quotas;
        let quota = usize::try_from(quotas.reporting_points_per_day).unwrap_or(usize::MAX);
        POINTS_PER_BATCH_MAX.min(quota).min(growth::located_at_once(quotas)).max(1)
    }

    fn blinded(&self, client: &ClientKey, identifier: &Identifier) -> (Point, BatchPoint) {
        let blind = Blind::random(&*self.entropy);
        let point = blind_with(identifier.oprf_input().expose(), &blind).expect("identifiers are short");
        (point, BatchPoint::new(&point, client.0, identifier, &blind))
    }

    /// Asks again for the batches whose evaluations did not arrive, the oldest first: there is hardly more than one, for
    /// no other is logged before it is answered. Gives how many identifiers were located.
    async fn ask_again(&self, epoch: &Epoch) -> Result<usize, PublishError> {
        let mut located = 0;
        for (index, transaction) in self.store.scan_prefix(&UNANSWERED_BATCHES, &[], None, usize::MAX)? {
            let record = self.batch_record(TransactionId(transaction))?;
            let Some(record) = record.filter(|record| record.leaf.index == index) else {
                self.forget_batch(index, "its record is gone")?;
                continue;
            };
            if let Some(why) = self.is_in_vain(epoch, &record)? {
                self.forget_batch(index, why)?;
                continue;
            }
            match self.ask_batch(epoch, &record).await {
                Ok(more) => located += more,
                // Nothing else can be served before it otherwise, and nobody would ever be published again.
                Err(PublishError::Ask(error)) if error.is_for_good(epoch) => {
                    tracing::error!(leaf = index, %error, "a reporting batch is refused for good");
                    self.forget_batch(index, "key holders refuse it for good")?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(located)
    }

    /// Why a batch can never be served any more, or nobody waits for it; none when it is to be asked for.
    fn is_in_vain(&self, epoch: &Epoch, record: &BatchRecord) -> Result<Option<&'static str>, PublishError> {
        let bytes = self.log.leaves(record.leaf.index, 1)?.pop();
        let bytes = bytes.filter(|bytes| Digest(leaf_hash(bytes)) == record.leaf.hash);
        match bytes.and_then(|bytes| Leaf::from_bytes(&bytes).ok()).map(|leaf| leaf.body) {
            Some(LeafBody::ReportingBatch { epoch: asked, .. }) if asked == epoch.epoch => {}
            Some(LeafBody::ReportingBatch { .. }) => return Ok(Some("the network has new keys")),
            _ => return Ok(Some("its leaf did not come back with the log")),
        }
        if record.points.len() > self.points_per_batch() {
            return Ok(Some("it is larger than the policy's quotas"));
        }
        for point in record.points.iter().filter_map(|point| point.explained.as_ref()) {
            let entry = self.book.client(&ClientKey(point.client))?;
            if entry.is_some_and(|entry| entry.unlocated(epoch.epoch).contains(&&point.identifier)) {
                return Ok(None);
            }
        }
        Ok(Some("no client waits for it any more"))
    }

    fn forget_batch(&self, index: u64, why: &str) -> Result<(), PublishError> {
        tracing::warn!(leaf = index, why, "a reporting batch is not asked for again");
        let mut batch = StoreBatch::new();
        batch.delete(&UNANSWERED_BATCHES, &index);
        self.store.commit(batch, Durability::Synced)?;
        Ok(())
    }

    /// Asks for a batch that is logged, and keeps what it locates. Gives how many identifiers that are.
    async fn ask_batch(&self, epoch: &Epoch, record: &BatchRecord) -> Result<usize, PublishError> {
        let points: Vec<Point> = record
            .points
            .iter()
            .map(|point| Point::from_bytes(&point.point).expect("kept points were made here"))
            .collect();
        let ask = Ask {
            transaction: record.transaction,
            evaluation: EvaluationKind::Reporting,
            leaf: record.leaf,
            points: &points,
            without: &[],
        };
        let helped = self.ask_holders(epoch, &ask).await?;
        // Of points that were erased since the batch was logged, nobody here knows whose they are.
        let explained: Vec<(usize, &ExplainedPoint)> = record
            .points
            .iter()
            .enumerate()
            .filter_map(|(place, point)| Some((place, point.explained.as_ref()?)))
            .collect();
        let results: Vec<(HolderIndex, Vec<Point>)> = helped
            .iter()
            .map(|help| (help.index, explained.iter().map(|(place, _)| help.results[*place]).collect()))
            .collect();
        let located = self.located(epoch, &explained, &results)?;
        let help = helped.iter().map(KeptHelp::of).collect();
        // What is written is what stands there now: her points may have been erased while the holders answered.
        let _nobody_erases = self.erasing.lock().await;
        self.keep_located(record, help, located)
    }

    /// Locators, and the rows to be published under them.
    fn located(
        &self,
        epoch: &Epoch,
        explained: &[(usize, &ExplainedPoint)],
        results: &[(HolderIndex, Vec<Point>)],
    ) -> Result<Located, PublishError> {
        let mut located = Located::new();
        if explained.is_empty() {
            return Ok(located);
        }
        let inputs: Vec<SecretVec> =
            explained.iter().map(|(_, point)| point.identifier.oprf_input()).collect();
        let blinds: Vec<Blind> = explained
            .iter()
            .map(|(_, point)| Blind::from_secret_bytes(&point.blind).expect("kept blinds were made here"))
            .collect();
        let exposed: Vec<&[u8]> = inputs.iter().map(SecretVec::expose).collect();
        let by_reference: Vec<&Blind> = blinds.iter().collect();
        let results: Vec<(HolderIndex, &[Point])> =
            results.iter().map(|(index, results)| (*index, results.as_slice())).collect();
        let outputs = combine_and_finalize(epoch.threshold, &results, &exposed, &by_reference)
            .expect("every evaluation was proved");
        let mut gone_on = BTreeSet::new();
        for ((_, point), output) in explained.iter().zip(&outputs) {
            let locator = locator(output, KeyName::Locate, self.network.as_str(), epoch.epoch);
            let (row_id, version) = self.row_to_go_on_with(&point.identifier, &locator, &gone_on)?;
            gone_on.insert(row_id);
            located.entry(point.client).or_default().push(Published {
                identifier: point.identifier.clone(),
                epoch: epoch.epoch,
                locator,
                row_id,
                version,
                content: None,
            });
        }
        Ok(located)
    }

    /// Keeps locators and their evaluations as soon as they are known, so that nobody is asked twice. Gives how many
    /// locators were wanted still.
    fn keep_located(
        &self,
        record: &BatchRecord,
        help: Vec<KeptHelp>,
        located: Located,
    ) -> Result<usize, PublishError> {
        let _writing = self.book.writer();
        let mut changes = StoreBatch::new();
        changes.delete(&UNANSWERED_BATCHES, &record.leaf.index);
        if let Some(kept) = self.batch_record(record.transaction)? {
            self.put_batch(&BatchRecord { help, ..kept }, &mut changes);
        }
        let mut count = 0;
        for (client, located) in located {
            count += self.book.put_located(&ClientKey(client), located, &mut changes, &*self.entropy)?;
        }
        self.store.commit(changes, Durability::Synced)?;
        Ok(count)
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
