//! The verifier of exports: `docs/AUDIT.md`, "What to check", from top to bottom.
//!
//! A log is judged only by leaves that lead to the root its owner signed. What contradicts a signature of the
//! institution itself is a finding; what may have come about on the way (a damaged file, a missing tile) is said as
//! "could not be checked". Who says something about another must bring the other's signature, or a leaf of its own log,
//! and then the words say that the two stand against each other.

mod answered;
mod consents;
mod disputes;
mod double_entry;
mod erasures;
mod facts;
mod feeds;
mod footprints;
mod gaps;
mod history;
mod quorum;
mod recoveries;
mod reporting;
mod rosters;
mod tree;
mod unusual;

use std::collections::BTreeMap;

use double_entry::Ledger;
use facts::{Facts, Log};
use rosters::Rosters;

use super::export::{CHECKPOINT, EXPORT_VERSION, MANIFEST, Manifest};
use super::folder::{self, Folder};
use super::pack::{Collected, Pack};
use super::report::{LogCounts, Report};
use super::sample::Sample;
use crate::clock::UnixTime;
use crate::limits::{MANIFEST_BYTES_MAX, NOTE_BYTES_MAX};
use crate::merkle::{Hash, Note};
use crate::model::member::MemberId;
use crate::roster::log_origin;
use crate::secret::Entropy;
use crate::signing::VerifyKey;

/// One folder to be verified.
#[derive(Clone, Copy)]
pub struct Export<'a> {
    /// Its name, as the auditor gave it.
    pub name: &'a str,
    /// Its files.
    pub folder: &'a dyn Folder,
}

impl std::fmt::Debug for Export<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Export").field("name", &self.name).finish_non_exhaustive()
    }
}

/// An older checkpoint that the auditor has kept: a signed note.
#[derive(Clone, Debug)]
pub struct OlderCheckpoint {
    /// The file, as the auditor gave it.
    pub name: String,
    /// The note.
    pub note: Vec<u8>,
}

/// What the auditor asks for.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The operator's key, had from somewhere else than the exports.
    pub operator: Option<VerifyKey>,
    /// Older checkpoints of any of the logs.
    pub older: Vec<OlderCheckpoint>,
    /// Samples drawn earlier.
    pub samples: Vec<Sample>,
    /// Judge no leaves before this time one by one.
    pub from: Option<UnixTime>,
    /// Judge no leaves at or after this time one by one.
    pub until: Option<UnixTime>,
}

/// An export whose manifest was read.
struct Opened<'a> {
    export: Export<'a>,
    manifest: Manifest,
}

/// Everything that the checks read.
struct Audit<'a> {
    opened: Vec<Opened<'a>>,
    rosters: Rosters,
    logs: BTreeMap<MemberId, Log>,
    options: &'a Options,
}

/// Verifies exports. Chance is for checking many proofs at once.
pub fn verify(exports: &[Export<'_>], options: &Options, entropy: &dyn Entropy) -> Report {
    run(exports, options, entropy, None)
}

/// Verifies exports, and puts the figures of the period together for an assessor.
pub fn verify_for_pack(exports: &[Export<'_>], options: &Options, entropy: &dyn Entropy) -> (Report, Pack) {
    let mut collected = BTreeMap::new();
    let report = run(exports, options, entropy, Some(&mut collected));
    let pack = Pack::new(&report, &collected);
    (report, pack)
}

fn run(
    exports: &[Export<'_>],
    options: &Options,
    entropy: &dyn Entropy,
    collected: Option<&mut BTreeMap<MemberId, Collected>>,
) -> Report {
    let mut report = Report::new();
    (report.from, report.until) = (options.from, options.until);
    if let Some(audit) = open(exports, options, collected, &mut report) {
        history::check(&audit, &mut report);
        recoveries::check(&audit, &mut report);
        let ledger = Ledger::new(&audit);
        quorum::check(&audit, &mut report);
        consents::check(&audit, &mut report);
        answered::check(&audit, &ledger, &mut report);
        double_entry::check(&audit, &ledger, &mut report);
        let feeds = feeds::check(&audit, entropy, &mut report);
        let left = footprints::check(&audit, &feeds, &mut report);
        reporting::check(&audit, &ledger, &feeds, &left, &mut report);
        disputes::check(&audit, &mut report);
        erasures::check(&audit, &mut report);
        gaps::check(&audit, &mut report);
        unusual::check(&audit, &mut report);
    }
    report.settle();
    report
}

/// Manifests, rosters and trees: what everything else rests on.
fn open<'a>(
    exports: &[Export<'a>],
    options: &'a Options,
    mut collected: Option<&mut BTreeMap<MemberId, Collected>>,
    report: &mut Report,
) -> Option<Audit<'a>> {
    let mut opened: Vec<Opened<'a>> = Vec::new();
    for export in exports {
        match manifest(export) {
            Ok(manifest) => opened.push(Opened { export: *export, manifest }),
            Err(words) => report.unchecked(export.name, words),
        }
    }
    let first = opened.first()?;
    let network = first.manifest.network.clone();
    if let Some(other) = opened.iter().find(|one| one.manifest.network != network) {
        let words = format!(
            "it is of network {}, while {} is of {network}: verify one network at a time",
            other.manifest.network, first.export.name
        );
        report.unchecked(other.export.name, words);
        return None;
    }
    let key = options.operator.unwrap_or(first.manifest.operator_key);
    for one in &opened {
        if one.manifest.operator_key != key {
            let words = "it names another operator's key than the one that this audit rests on";
            report.unchecked(one.export.name, words);
        }
    }
    opened.retain(|one| one.manifest.operator_key == key);
    (report.network, report.operator_key) = (Some(network.clone()), Some(key));
    report.operator_key_given = options.operator.is_some();
    let rosters = Rosters::read(&opened, &network, &key, report)?;
    // The longest of several exports of one log is judged, and must contain the others' checkpoints.
    let mut longest: BTreeMap<MemberId, (Option<u64>, usize)> = BTreeMap::new();
    for (place, one) in opened.iter().enumerate() {
        let size = signed_size(one, &rosters);
        let known = longest.entry(one.manifest.member.clone()).or_insert((size, place));
        if known.0 < size {
            *known = (size, place);
        }
    }
    let mut logs = BTreeMap::new();
    for (member, (_, place)) in longest {
        let one = &opened[place];
        let mut figures = collected.is_some().then(|| Collected::new(options.from, options.until));
        if let Some(log) = read_log(one, &rosters, figures.as_mut(), report) {
            // Only what leads to a signed root is a figure.
            if let (Some(collected), Some(figures)) = (collected.as_deref_mut(), figures) {
                collected.insert(member.clone(), figures);
            }
            logs.insert(member, log);
        }
    }
    report.checked.rosters = rosters.count();
    Some(Audit { opened, rosters, logs, options })
}

fn manifest(export: &Export<'_>) -> Result<Manifest, String> {
    let read = folder::read_json::<Manifest>(export.folder, MANIFEST, MANIFEST_BYTES_MAX);
    let manifest = match read {
        Ok(Some(manifest)) => manifest,
        Ok(None) => return Err(format!("{MANIFEST} is missing: this is no export")),
        Err(error) => return Err(words_of(&error)),
    };
    if manifest.v != EXPORT_VERSION {
        return Err(format!("it is of form {}; this program knows form {EXPORT_VERSION}", manifest.v));
    }
    if manifest.origin != log_origin(&manifest.network, &manifest.member) {
        return Err(format!("{} is not the log of {}", manifest.origin, manifest.member));
    }
    Ok(manifest)
}

/// How many leaves an export has by its owner's signature. The manifest is signed by nobody.
fn signed_size(one: &Opened<'_>, rosters: &Rosters) -> Option<u64> {
    // What is wrong with a checkpoint is said where it is compared with the others.
    let bytes = folder::read(one.export.folder, CHECKPOINT, NOTE_BYTES_MAX).ok()??;
    let note = Note::parse(&bytes).ok()?;
    let checkpoint = tree::open_by_any(&note, &rosters.log_keys(&one.manifest.member)).ok()?;
    Some(checkpoint.size())
}

/// The leaves of one log, if they lead to what its owner signed.
fn read_log(
    one: &Opened<'_>,
    rosters: &Rosters,
    figures: Option<&mut Collected>,
    report: &mut Report,
) -> Option<Log> {
    let (name, member) = (one.export.name, &one.manifest.member);
    let keys = rosters.log_keys(member);
    if keys.is_empty() {
        report.unchecked(name, format!("{member} is in no roster that is signed by the operator"));
        return None;
    }
    let mut facts = Facts::new(member.clone(), one.manifest.network.clone());
    let mut both = Both { facts: &mut facts, figures };
    let read = tree::read(one.export.folder, &keys, &rosters.all_cosigner_keys(), &mut both);
    let tree = match read {
        Ok(tree) => tree,
        Err(tree::Trouble::Unchecked(words)) => {
            report.unchecked(name, words);
            return None;
        }
        Err(tree::Trouble::Mismatch { leaf, words }) => {
            let words = format!("{words}; nothing else in this log was judged");
            let (institution, rule) = (member.clone(), super::Rule::TreeMismatch);
            report.findings.push(super::Finding { institution, leaf, rule, time: None, words });
            return None;
        }
    };
    let head = (tree.checkpoint.size(), crate::digest::Digest(*tree.checkpoint.root()));
    if head.0 != one.manifest.size {
        let words =
            format!("{name}: {MANIFEST} says {} leaves, the checkpoint {}", one.manifest.size, head.0);
        report.note(Some(member), words);
    }
    let mut counts = LogCounts {
        folder: name.to_owned(),
        leaves: head.0,
        root: Some(head.1),
        exported_at: one.manifest.exported_at,
        cosignatures: tree.cosignatures,
        ..LogCounts::default()
    };
    report.checked.tiles += tree.tiles.len() as u64;
    let log = Log::new(member.clone(), tree, facts);
    log.judge_leaves(name, rosters, report);
    log.count(&mut counts, report);
    report.logs.insert(member.clone(), counts);
    Some(log)
}

/// The leaves go to the checks, and to the figures where they are wanted.
struct Both<'a> {
    facts: &'a mut Facts,
    figures: Option<&'a mut Collected>,
}

impl tree::Leaves for Both<'_> {
    fn leaf(&mut self, index: u64, hash: &Hash, bytes: &[u8]) {
        self.facts.leaf(index, hash, bytes);
        if let Some(figures) = &mut self.figures {
            figures.leaf(index, bytes);
        }
    }
}

/// An error with its sources.
fn words_of(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        words = format!("{words}: {error}");
        source = error.source();
    }
    words
}
