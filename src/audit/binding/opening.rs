//! An opening: its commitments, its points, whose rows they open, and the footprints that were left.

use super::check::{Check, are_logged};
use super::consent::LocatedConsent;
use super::finding::Rule;
use super::format::{FootprintRow, OpenedPoint, OpeningBinding};
use crate::audit::export::RowLine;
use crate::digest::{Digest, TransactionId, commit};
use crate::feed_state::{FootprintParts, feeds_commitment, footprint_hash};
use crate::model::leaf::{Leaf, LeafBody, LeafReference};
use crate::model::member::MemberId;
use crate::model::month::Month;
use crate::threshold::{Locator, OpeningPoint};

impl Check<'_> {
    pub(super) fn opening(&mut self, binding: &OpeningBinding, leaf: &Leaf) {
        let LeafBody::InquiryOpened { consent, points, weak, footprint, feeds, question, .. } = &leaf.body
        else {
            self.find(
                binding.leaf,
                Rule::WrongLeaf,
                "an opening is explained where the log has another leaf",
            );
            return;
        };
        self.checked.openings += 1;
        let at = binding.leaf;
        let salt = &binding.salt.0;
        if commit(salt, "tallystick/question/v1", binding.question.as_bytes()) != *question {
            self.find(at, Rule::CommitmentDiffers, "another question was asked than is shown");
        }
        if feeds_commitment(salt, &binding.feeds) != *feeds {
            self.find(at, Rule::CommitmentDiffers, "other feeds were read than are shown");
        }
        let mut made = Vec::with_capacity(binding.points.len());
        for point in &binding.points {
            let point = match point {
                OpenedPoint::Row { secret, lender, row } => match row.header(&self.network, lender) {
                    Ok(header) => OpeningPoint::from_secret_bytes(&secret.0, Some(&header.ephemeral)).ok(),
                    Err(_) => None,
                },
                OpenedPoint::Padding { secret } => {
                    self.checked.padding += 1;
                    OpeningPoint::from_secret_bytes(&secret.0, None).ok()
                }
            };
            made.extend(point.map(|point| point.point()));
        }
        if made.len() != binding.points.len() || !are_logged(&made, points) {
            let words = format!(
                "the {} points that are explained are not the {} that the log names: a row may have been opened that is not shown",
                binding.points.len(),
                points.count
            );
            self.find(at, Rule::PointsDiffer, words);
        }
        let consents = std::mem::take(&mut self.consents);
        match consents.get(&consent.index) {
            Some(located) if !located.strong.is_empty() || !located.weak.is_empty() => {
                self.rows(binding, located, *weak);
                self.footprint(binding, leaf, located);
            }
            // What happened to the consent is said with its own leaf.
            _ if self.erased_consents.contains(&consent.index) => {}
            _ => {
                let words = "the binding does not show where the identifiers of its consent lie";
                self.find(at, Rule::NotEvaluated, words);
            }
        }
        self.consents = consents;
        if footprint_of(&binding.footprint) != *footprint {
            let words = "the footprint rows that are shown are not those that the log names";
            self.find(at, Rule::FootprintDiffers, words);
        }
    }

    /// Every opened row: whose it is, that its publisher knew its secret, and that it is what was published.
    fn rows(&mut self, binding: &OpeningBinding, located: &LocatedConsent, weak_logged: u32) {
        let at = binding.leaf;
        let mut weak = 0u32;
        for point in &binding.points {
            let OpenedPoint::Row { lender, row, .. } = point else { continue };
            self.checked.rows += 1;
            let locator = Locator(row.locator.0);
            if !located.covers(&locator) {
                let words =
                    format!("a row of {lender} was opened that lies under none of the consent's identifiers");
                self.find(at, Rule::RowOfAnother, words);
            }
            weak += u32::from(located.weak.contains(&locator) && !located.strong.contains(&locator));
            let key = self.keys.open_key(row.epoch);
            let header = row.header(&self.network, lender).ok();
            let known = header.zip(key).is_some_and(|(header, key)| header.check(&key).is_ok());
            if !known {
                let words = format!(
                    "the publisher {lender} of an opened row did not prove that it knew the row's secret: it may be another person's row, shifted"
                );
                self.find(at, Rule::RowWithoutKnowledge, words);
            }
            self.published(at, lender, row);
        }
        if weak != weak_logged {
            let words =
                format!("{weak} opened rows rest on a weak identifier alone; the log says {weak_logged}");
            self.find(at, Rule::WeakCountDiffers, words);
        }
        let allowed = located.weak_matches && self.policy_at(at.index).identifiers.open_weak_matches;
        if weak > 0 && !allowed {
            let words =
                "a row was opened on a weak identifier alone, which consent and policy do not both allow";
            self.find(at, Rule::WeakMatchOpened, words);
        }
    }

    /// Compares an opened row with the copy of its lender's feed, as far as one is held that reaches it.
    fn published(&mut self, at: LeafReference, lender: &MemberId, row: &RowLine) {
        let Some(copy) = self.feed(lender) else {
            self.checked.rows_without_copy += 1;
            return;
        };
        // A row whose time was over has left the feed.
        let reaches = copy.sequence >= row.sequence && row.sequence > copy.horizon;
        match copy.rows.get(&row.row_id) {
            Some(held) if held.version == row.version => {
                if held == row {
                    self.checked.rows_compared += 1;
                } else {
                    let words = format!("an opened row differs from the one that {lender} published");
                    self.find(at, Rule::RowDiffersFromFeed, words);
                }
            }
            // Only its successor is held.
            Some(held) if held.version > row.version => self.checked.rows_superseded += 1,
            _ if reaches => {
                let words = format!("a row was opened that {lender} never published");
                self.find(at, Rule::RowUnknown, words);
            }
            _ => self.checked.rows_without_copy += 1,
        }
    }

    /// Each strong identifier has left a footprint in the month of the opening, and it stands in the own feed.
    fn footprint(&mut self, binding: &OpeningBinding, leaf: &Leaf, located: &LocatedConsent) {
        let at = binding.leaf;
        let month = Month::of(leaf.time);
        let expected: &[Locator] = located.footprints.get(&month).map_or(&[], Vec::as_slice);
        if expected.len() < located.strong.len() {
            let words = "the consent's points leave out the month of the opening";
            self.find(at, Rule::MissingFootprint, words);
        }
        let left: Vec<Locator> = binding.footprint.iter().map(|row| Locator(row.locator.0)).collect();
        let missing = expected.iter().filter(|locator| !left.contains(locator)).count();
        if missing > 0 {
            let words = format!("no footprint was left under {missing} of the consent's strong identifiers");
            self.find(at, Rule::MissingFootprint, words);
        }
        if left.iter().any(|locator| !expected.contains(locator)) {
            let words = "a footprint was left where none of the consent's identifiers lies";
            self.find(at, Rule::FootprintDiffers, words);
        }
        let reached = self.covered_by(&leaf.transaction);
        for row in &binding.footprint {
            self.footprint_in_feed(at, row, reached);
        }
    }

    fn footprint_in_feed(&mut self, at: LeafReference, row: &FootprintRow, reached: Option<u64>) {
        let member = self.member.clone();
        let Some(copy) = self.feed(&member) else {
            self.checked.rows_without_copy += 1;
            return;
        };
        match copy.rows.get(&row.row_id) {
            Some(held) if held.version > row.version => self.checked.rows_superseded += 1,
            Some(held)
                if held.version == row.version
                    && held.locator == row.locator
                    && held.key_commitment == row.key_commitment =>
            {
                self.checked.footprints += 1;
            }
            // The copy may be older than the opening, or so new that the footprint's time was over.
            None if reached
                .is_some_and(|reached| copy.sequence < reached || (1..=copy.horizon).contains(&reached)) =>
            {
                self.checked.rows_without_copy += 1;
            }
            _ => {
                let words = "a footprint that the log names does not stand in the lender's feed";
                self.find(at, Rule::MissingFootprint, words);
            }
        }
    }

    /// Sequence number of the feed state that was signed with the leaves of a transaction.
    fn covered_by(&self, transaction: &TransactionId) -> Option<u64> {
        self.states.get(transaction).copied()
    }
}

fn footprint_of(rows: &[FootprintRow]) -> Digest {
    footprint_hash(rows.iter().map(|row| FootprintParts {
        locator: &row.locator.0,
        row_id: &row.row_id.0,
        version: row.version,
        key_commitment: &row.key_commitment.0,
    }))
}
