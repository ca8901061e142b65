//! A reporting batch: from each point to an identifier, its locator, the live row there, and a loan.

use super::check::{Check, are_logged};
use super::finding::Rule;
use super::format::{BatchBinding, PublishedRow, ReportedPoint};
use super::keys::{EvaluationFault, blinded};
use crate::digest::Digest;
use crate::model::identifier::Identifier;
use crate::model::leaf::{LeafBody, LeafReference};
use crate::secret::SecretVec;
use crate::threshold::{Blind, KeyName, Locator, Point};

/// A point that is explained: what makes its locator, and what the institution says of the identifier.
struct Explained<'b> {
    at: usize,
    input: SecretVec,
    blind: Blind,
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
        if points.len() != binding.points.len() || !are_logged(&points, logged) {
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
            let located = combined.as_ref().map(|combined| {
                let (input, combined) = (one.input.expose(), &combined[one.at]);
                self.keys.locator(KeyName::Locate, *epoch, input, &one.blind, combined)
            });
            let withdrawn = located.is_some_and(|locator| self.live_row(binding.leaf, one.row, &locator));
            self.borrower(binding.leaf, one, withdrawn);
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
                    explained.push(Explained { at, input, blind, identifier, row: row.as_ref(), loans });
                }
                ReportedPoint::Erased { point, erasure } => {
                    self.erased(binding.leaf, *erasure);
                    self.erased_points.entry(*erasure).or_default().push(point.0);
                    points.extend(Point::from_bytes(&point.0));
                }
            }
        }
        self.checked.identifiers += explained.len();
        (points, explained)
    }

    /// The row that is named lies under the locator in the own feed. Gives whether it was withdrawn there.
    fn live_row(&mut self, at: LeafReference, named: Option<&PublishedRow>, locator: &Locator) -> bool {
        let (member, last_state) = (self.member.clone(), self.last_state);
        let before = self.feed_grown.range(..at.index).next_back().map_or(0, |(_, sequence)| *sequence);
        let Some(copy) = self.feed(&member) else {
            self.checked.rows_without_copy += 1;
            return named.is_some_and(|row| row.withdrawn);
        };
        let locator = Digest(locator.0);
        let Some(named) = named else {
            if copy.rows.values().any(|row| row.locator == locator) {
                let words = "a row lies under a number that is said to be unpublished";
                self.find(at, Rule::NoLiveRow, words);
            } else {
                self.checked.unpublished += 1;
            }
            return false;
        };
        // The copy may be older than the row, but the log says how far the feed went.
        let beyond = last_state.is_some_and(|last| named.sequence > last);
        if named.sequence > copy.sequence && !beyond {
            self.checked.rows_without_copy += 1;
            return named.withdrawn;
        }
        match copy.rows.get(&named.row_id) {
            Some(held) if held.locator == locator && held.sequence >= named.sequence => {
                if named.withdrawn && held.version == 1 {
                    let words = "a row that is said to be withdrawn still stands as it was first published";
                    self.find(at, Rule::NoLiveRow, words);
                    return false;
                }
                self.checked.rows_compared += 1;
                named.withdrawn
            }
            // Of a withdrawn row the trace is kept for a time. It was published behind the batch.
            None if named.withdrawn && before < named.sequence && named.sequence <= copy.horizon => {
                self.checked.rows_without_copy += 1;
                true
            }
            _ => {
                let words =
                    "the row that is named for a located number does not lie under it in the lender's feed";
                self.find(at, Rule::NoLiveRow, words);
                false
            }
        }
    }

    /// Somebody owes, or owed when the number was located: the source file of that time has it. The institution's word
    /// that a number was corrected or a load taken back excuses nothing that no file shows.
    fn borrower(&mut self, at: LeafReference, one: &Explained<'_>, withdrawn: bool) {
        let undone = self.undone.iter().any(|index| *index > at.index);
        if one.loans.is_empty() && !(undone && (withdrawn || one.row.is_none())) {
            let words = "a number was located for reporting, and no loan of such a client is named";
            self.find(at, Rule::RowWithoutBorrower, words);
            return;
        }
        let Some(borrowers) = &self.borrowers else {
            self.checked.withdrawn += usize::from(withdrawn);
            return;
        };
        let owes = if one.loans.is_empty() {
            // A load that was taken back leaves clients without loans; its file has them.
            let first = borrowers.range((one.identifier, "")..).next();
            first.is_some_and(|(identifier, _)| *identifier == one.identifier)
        } else {
            one.loans.iter().any(|account| borrowers.contains(&(one.identifier, account.as_str())))
        };
        if owes {
            self.checked.borrowers += 1;
            return;
        }
        let words = if withdrawn || one.loans.is_empty() {
            "a number was located for reporting and is no client's any more, and no source file has such a borrower: \
             ask for the file that it was loaded from"
        } else {
            "a number was located for reporting, and the source file has no such borrower of the loans named"
        };
        self.find(at, Rule::RowWithoutBorrower, words);
    }
}
