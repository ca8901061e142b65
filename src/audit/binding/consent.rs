//! A consent: its commitment, its points, where its identifiers lie, and the paper form.

use std::collections::{BTreeMap, BTreeSet};

use super::check::{Check, are_logged};
use super::finding::Rule;
use super::format::{BlindedPoint, ConsentBinding, HolderResults};
use super::keys::{EvaluationFault, blinded};
use crate::digest::ConsentId;
use crate::model::consent;
use crate::model::identifier::{Identifier, Strength, padding_oprf_input};
use crate::model::leaf::{LeafBody, PointsReference};
use crate::model::month::Month;
use crate::secret::SecretVec;
use crate::threshold::{Blind, KeyName, Locator, Point};

/// Where the identifiers of a consent lie, once its binding holds.
#[derive(Debug, Default)]
pub(super) struct LocatedConsent {
    /// Whether matches on weak identifiers alone may be opened.
    pub(super) weak_matches: bool,
    /// Locators of strong and of weak identifiers; empty where too few key holders answered.
    pub(super) strong: BTreeSet<Locator>,
    pub(super) weak: BTreeSet<Locator>,
    /// Locators of the footprints of strong identifiers, by month.
    pub(super) footprints: BTreeMap<Month, Vec<Locator>>,
}

impl LocatedConsent {
    /// Whether a row of this locator belongs to the person.
    pub(super) fn covers(&self, locator: &Locator) -> bool {
        self.strong.contains(locator)
            || self.weak.contains(locator)
            || self.footprints.values().any(|month| month.contains(locator))
    }
}

/// A point of the consent that stands for one of its identifiers.
struct Named {
    place: usize,
    month: Option<Month>,
    input: SecretVec,
    blind: Blind,
    /// Its place among all points.
    at: usize,
}

impl Check<'_> {
    /// Checks a consent; none where nothing can be built on it.
    pub(super) fn consent(&mut self, binding: &ConsentBinding, body: &LeafBody) -> Option<LocatedConsent> {
        let LeafBody::ConsentGiven { terms, commitment, epoch, locate, footprint, ground, .. } = body else {
            self.find(binding.leaf, Rule::WrongLeaf, "a consent is explained where the log has another leaf");
            return None;
        };
        self.checked.consents += 1;
        let shown =
            consent::commitment(&binding.salt.0, &binding.identifiers, &binding.evidence, &binding.officer);
        if shown != *commitment {
            let words = "the consent was recorded for other identifiers, evidence or officer than are shown";
            self.find(binding.leaf, Rule::CommitmentDiffers, words);
            return None;
        }
        // On another ground the order names the person.
        self.form(binding, &terms.consent);
        if let Some(ground) = ground {
            self.ground(binding, ground);
        }
        let mut located = LocatedConsent { weak_matches: terms.weak_matches, ..LocatedConsent::default() };
        let keys = [
            (KeyName::Locate, &binding.locate, locate, &binding.located),
            (KeyName::Footprint, &binding.footprint, footprint, &binding.footprints),
        ];
        for (key, points, logged, shown) in keys {
            let (points, named) = self.points(binding, key, points, logged)?;
            let found = self.locators(binding, (key, *epoch), &points, &named, shown)?;
            let schemes = self.policy_at(binding.leaf.index).schemes();
            for (named, locator) in named.iter().zip(found) {
                let scheme = binding.identifiers[named.place].scheme();
                let strong = schemes.strength(scheme) == Some(Strength::Strong);
                match (named.month, strong) {
                    (None, true) => drop(located.strong.insert(locator)),
                    (None, false) => drop(located.weak.insert(locator)),
                    (Some(month), true) => located.footprints.entry(month).or_default().push(locator),
                    (Some(_), false) => {}
                }
            }
        }
        Some(located)
    }

    /// The points again, from what is said to stand behind them, compared with the leaf's.
    fn points(
        &mut self,
        binding: &ConsentBinding,
        key: KeyName,
        points: &[BlindedPoint],
        logged: &PointsReference,
    ) -> Option<(Vec<Point>, Vec<Named>)> {
        let mut all = Vec::with_capacity(points.len());
        let mut named = Vec::new();
        for (at, point) in points.iter().enumerate() {
            let made = match point {
                BlindedPoint::Identifier { place, month, blind } => {
                    let place = usize::from(*place);
                    let identifier = binding.identifiers.get(place);
                    let right_key = month.is_some() == (key == KeyName::Footprint);
                    identifier.filter(|_| right_key).and_then(|identifier| {
                        let input =
                            month.map_or_else(|| identifier.oprf_input(), |month| month.input(identifier));
                        let (blind, point) = blinded(input.expose(), &blind.0)?;
                        named.push(Named { place, month: *month, input, blind, at });
                        Some(point)
                    })
                }
                BlindedPoint::Padding { random, blind } => {
                    self.checked.padding += 1;
                    blinded(padding_oprf_input(&random.0).expose(), &blind.0).map(|(_, point)| point)
                }
            };
            all.extend(made);
        }
        self.checked.identifiers += named.len();
        if all.len() != points.len() || !are_logged(&all, logged) {
            let words = format!(
                "the {} points that are explained for the {key} key are not the {} that the log names",
                points.len(),
                logged.count
            );
            self.find(binding.leaf, Rule::PointsDiffer, words);
            return None;
        }
        Some((all, named))
    }

    /// Locators of the named points; empty where too few holders answered, which is nobody's fault.
    fn locators(
        &mut self,
        binding: &ConsentBinding,
        (key, epoch): (KeyName, u32),
        points: &[Point],
        named: &[Named],
        shown: &[HolderResults],
    ) -> Option<Vec<Locator>> {
        match self.keys.combined(key, epoch, points, shown) {
            Ok(combined) => {
                self.checked.evaluations += shown.len();
                let locate = |named: &Named| {
                    let combined = &combined[named.at];
                    self.keys.locator(key, epoch, named.input.expose(), &named.blind, combined)
                };
                Some(named.iter().map(locate).collect())
            }
            Err(EvaluationFault::None) => {
                self.checked.not_evaluated += 1;
                Some(Vec::new())
            }
            Err(fault) => {
                let words = format!("{fault} ({key} key)");
                self.find(binding.leaf, Rule::EvaluationWrong, words);
                None
            }
        }
    }

    /// Compares with the paper form, as the auditor typed it.
    fn form(&mut self, binding: &ConsentBinding, consent: &ConsentId) {
        let index = binding.leaf.index;
        let on_form: BTreeSet<&Identifier> = self
            .against
            .forms
            .iter()
            .filter(|form| form.names(index, consent))
            .map(|f| &f.identifier)
            .collect();
        if on_form.is_empty() {
            self.checked.without_form += 1;
            return;
        }
        self.checked.forms += 1;
        let others = binding.identifiers.iter().filter(|identifier| !on_form.contains(identifier)).count();
        if others > 0 {
            let words = format!(
                "{others} of the {} identifiers that were looked up do not stand on the paper form",
                binding.identifiers.len()
            );
            self.find(binding.leaf, Rule::OtherPersonThanForm, words);
        }
    }
}
