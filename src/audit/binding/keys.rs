//! From points and evaluations to locators, with nothing believed but the roster.

use super::format::HolderResults;
use crate::audit::keys::{commitment, key_context, public_keys};
use crate::digest::Digest;
use crate::model::member::MemberId;
use crate::roster::{Epoch, Roster};
use crate::threshold::{
    Blind, DleqProof, Evaluation, HolderIndex, KeyName, Locator, Point, blind_with, combine, finalize,
    locator, verify_evaluation,
};

/// Why evaluations do not give locators.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum EvaluationFault {
    /// There are none.
    #[error("no key holder's evaluations are shown")]
    None,
    /// No roster of the export has the epoch.
    #[error("no roster in the export has epoch {0} of the network keys")]
    Epoch(u32),
    /// Fewer than the threshold.
    #[error("evaluations of {have} key holders are shown, {need} are needed")]
    TooFew {
        /// Shown.
        have: usize,
        /// Needed.
        need: usize,
    },
    /// Not a holder, another index, or points that are none.
    #[error("what is shown of key holder {0} is not an evaluation of these points by that holder")]
    Form(MemberId),
    /// The proof does not hold under any generation of the holder's share.
    #[error("the proof of key holder {0} does not hold")]
    Proof(MemberId),
    /// They cannot be combined.
    #[error("the evaluations cannot be combined")]
    Combine,
}

/// The rosters that the audited log names, oldest first.
pub(super) struct Keys<'a> {
    rosters: &'a [Roster],
}

impl<'a> Keys<'a> {
    pub(super) fn new(rosters: &'a [Roster]) -> Self {
        Self { rosters }
    }

    /// The newest roster.
    pub(super) fn newest(&self) -> &'a Roster {
        self.rosters.last().expect("an exported log has a roster")
    }

    /// The roster in force under a version: that version, or else the one before it, or else the newest.
    pub(super) fn at(&self, version: u64) -> &'a Roster {
        let upto = self.rosters.iter().rev().find(|roster| roster.version() <= version);
        upto.unwrap_or_else(|| self.newest())
    }

    fn epochs(&self, epoch: u32) -> impl Iterator<Item = (&'a Roster, &'a Epoch)> {
        self.rosters.iter().rev().filter_map(move |roster| Some((roster, roster.epoch(epoch)?)))
    }

    /// The open key of an epoch.
    pub(super) fn open_key(&self, epoch: u32) -> Option<Point> {
        let (_, epoch) = self.epochs(epoch).next()?;
        Point::from_bytes(&public_keys(epoch, KeyName::Open).public_key.0).ok()
    }

    /// What the whole key makes of `points`, from at least the threshold's number of proved evaluations of one share
    /// generation.
    pub(super) fn combined(
        &self,
        key: KeyName,
        epoch: u32,
        points: &[Point],
        shown: &[HolderResults],
    ) -> Result<Vec<Point>, EvaluationFault> {
        if shown.is_empty() {
            return Err(EvaluationFault::None);
        }
        let mut fault = EvaluationFault::Epoch(epoch);
        let mut tried = Vec::new();
        // The newest share generation first. Evaluations of two generations never fit together.
        for (roster, epoch) in self.epochs(epoch) {
            if tried.contains(&epoch.generation) {
                continue;
            }
            tried.push(epoch.generation);
            match proved(roster, epoch, key, points, shown) {
                Ok(combined) => return Ok(combined),
                Err(error) => fault = error,
            }
        }
        Err(fault)
    }

    /// Where `input`, blinded with `blind`, lies when the whole key makes `combined` of it.
    pub(super) fn locator(
        &self,
        key: KeyName,
        epoch: u32,
        input: &[u8],
        blind: &Blind,
        combined: &Point,
    ) -> Locator {
        let output = finalize(input, blind, combined);
        locator(&output, key, self.newest().network().as_str(), epoch)
    }
}

fn proved(
    roster: &Roster,
    epoch: &Epoch,
    key: KeyName,
    points: &[Point],
    shown: &[HolderResults],
) -> Result<Vec<Point>, EvaluationFault> {
    let need = usize::from(epoch.threshold);
    if shown.len() < need {
        return Err(EvaluationFault::TooFew { have: shown.len(), need });
    }
    let mut results = Vec::with_capacity(shown.len());
    for one in shown {
        let form = || EvaluationFault::Form(one.holder.clone());
        let index = HolderIndex::new(one.index).map_err(|_| form())?;
        if epoch.index_of(&one.holder) != Some(one.index) {
            return Err(form());
        }
        let committed = commitment(roster, key, epoch.epoch, index).ok_or_else(form)?;
        let elements = one.results.iter().map(|bytes| Point::from_bytes(&bytes.0));
        let elements = elements.collect::<Result<Vec<_>, _>>().map_err(|_| form())?;
        let evaluation = Evaluation { elements, proof: proof_of(&one.proof).ok_or_else(form)? };
        let context = key_context(roster, key, epoch.epoch, epoch.generation, index);
        verify_evaluation(&committed, &context, points, &evaluation)
            .map_err(|_| EvaluationFault::Proof(one.holder.clone()))?;
        results.push((index, evaluation.elements));
    }
    let by_reference: Vec<(HolderIndex, &[Point])> =
        results.iter().map(|(index, elements)| (*index, elements.as_slice())).collect();
    combine(epoch.threshold, &by_reference).map_err(|_| EvaluationFault::Combine)
}

fn proof_of(parts: &[Digest; 2]) -> Option<DleqProof> {
    let mut bytes = [0u8; 64];
    bytes[..32].copy_from_slice(&parts[0].0);
    bytes[32..].copy_from_slice(&parts[1].0);
    DleqProof::from_bytes(&bytes).ok()
}

/// The point that an input and a blind give; none for a blind that is no scalar.
pub(super) fn blinded(input: &[u8], blind: &[u8; 32]) -> Option<(Blind, Point)> {
    let blind = Blind::from_secret_bytes(blind).ok()?;
    let point = blind_with(input, &blind).ok()?;
    Some((blind, point))
}
