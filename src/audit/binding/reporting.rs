//! A reporting batch: from each point to an identifier, its locator, the live row there, and a loan.

use super::check::Check;
use super::finding::Rule;
use super::format::{BatchBinding, PublishedRow, ReportedPoint};
use super::keys::{EvaluationFault, blinded};
use crate::digest::Digest;
use crate::model::identifier::Identifier;
use crate::model::leaf::LeafBody;
use crate::secret::SecretVec;
use crate::threshold::{Blind, KeyName, Locator, Point};

/// A point that is explained, and what makes its locator.
struct Explained<'b> {
    at: usize,
    input: SecretVec,
    blind: Blind,
    reported: Reported<'b>,
}

/// What the institution says of an identifier.
struct Reported<'b> {
    identifier: &'b Identifier,
    row: Option<&'b PublishedRow>,
    loans: &'b [String],
}

impl Check<'_> {
    pub(super) fn batch(&mut self, binding: &BatchBinding, body: &LeafBody) {
        let LeafBody::ReportingBatch { epoch, points: logged } = body else {
            self.find(
                binding.leaf,
                Rule::WrongLeaf,
                "a reporting batch is explained where the log has another leaf",
            );
            return;
        };
        self.checked.batches += 1;
        let (points, explained) = self.reported_points(binding);
        if points.len() != binding.points.len() || !self.are_logged(&points, logged) {
            let words = format!(
                "the {} points that are explained are not the {} that the log names: a number may have been located that is not shown",
                binding.points.len(),
                logged.count
            );
            self.find(binding.leaf, Rule::PointsDiffer, words);
            return;
        }
        let combined = match self.keys.combined(KeyName::Locate, *epoch, &points, &binding.located) {
            Ok(combined) => {
                self.checked.evaluations += binding.located.len();
                Some(combined)
            }
            Err(EvaluationFault::None) => {
                self.checked.not_evaluated += 1;
                None
            }
            Err(fault) => {
                self.find(binding.leaf, Rule::EvaluationWrong, fault.to_string());
                None
            }
        };
        for one in &explained {
            self.borrower(binding, &one.reported);
            if let Some(combined) = &combined {
                let locator = self.keys.locator(
                    KeyName::Locate,
                    *epoch,
                    one.input.expose(),
                    &one.blind,
                    &combined[one.at],
                );
                self.live_row(binding, &one.reported, &locator);
            }
        }
    }

    fn reported_points<'b>(&mut self, binding: &'b BatchBinding) -> (Vec<Point>, Vec<Explained<'b>>) {
        let mut points = Vec::with_capacity(binding.points.len());
        let mut explained = Vec::new();
        for (at, point) in binding.points.iter().enumerate() {
            match point {
                ReportedPoint::Identifier { identifier, blind, row, loans } => {
                    let input = identifier.oprf_input();
                    let Some((blind, point)) = blinded(input.expose(), &blind.0) else { continue };
                    points.push(point);
                    let reported = Reported { identifier, row: row.as_ref(), loans };
                    explained.push(Explained { at, input, blind, reported });
                }
                ReportedPoint::Erased { point, erasure } => {
                    self.erased(binding.leaf, *erasure);
                    points.extend(Point::from_bytes(&point.0));
                }
            }
        }
        self.checked.identifiers += explained.len();
        (points, explained)
    }

    /// Somebody owes, or owed when the number was located.
    fn borrower(&mut self, binding: &BatchBinding, reported: &Reported<'_>) {
        let withdrawn = reported.row.is_some_and(|row| row.withdrawn && row.version > 1);
        if reported.loans.is_empty() {
            // A load that was taken back leaves clients without loans, and says so in the log.
            let undone = self.undone.iter().any(|index| *index > binding.leaf.index);
            if undone && (withdrawn || reported.row.is_none()) {
                self.checked.withdrawn += 1;
                return;
            }
            let words = "a number was located for reporting, and no loan of such a client is named";
            self.find(binding.leaf, Rule::RowWithoutBorrower, words);
            return;
        }
        if withdrawn {
            self.checked.withdrawn += 1;
            return;
        }
        let Some(source) = self.against.loans else { return };
        let lent = source
            .iter()
            .any(|loan| reported.loans.contains(&loan.account) && loan.identifier == *reported.identifier);
        if lent {
            self.checked.borrowers += 1;
        } else {
            let words = "a number was located for reporting, and the source file has no such borrower of the loans named";
            self.find(binding.leaf, Rule::RowWithoutBorrower, words);
        }
    }

    /// The row that is named lies under the locator in the own feed.
    fn live_row(&mut self, binding: &BatchBinding, reported: &Reported<'_>, locator: &Locator) {
        let member = self.member.clone();
        let Some(copy) = self.feed(&member) else {
            self.checked.rows_without_copy += 1;
            return;
        };
        let Some(named) = reported.row else {
            if copy.rows.values().any(|row| row.locator == Digest(locator.0)) {
                let words = "a row lies under a number that is said to be unpublished";
                self.find(binding.leaf, Rule::NoLiveRow, words);
            } else {
                self.checked.unpublished += 1;
            }
            return;
        };
        let held = copy.rows.get(&named.row_id);
        match held {
            Some(held) if held.locator == Digest(locator.0) && held.version >= named.version => {
                self.checked.rows_compared += 1;
            }
            // The copy may be older than the row's newest version.
            Some(held) if held.locator == Digest(locator.0) => self.checked.rows_without_copy += 1,
            _ => {
                let words =
                    "the row that is named for a located number does not lie under it in the lender's feed";
                self.find(binding.leaf, Rule::NoLiveRow, words);
            }
        }
    }
}
