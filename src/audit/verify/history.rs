//! One history: every checkpoint that an institution ever signed, wherever it turned up, is a state that its log went
//! through.

use std::collections::BTreeMap;

use super::facts::Log;
use super::rosters::Rosters;
use super::tree::open_by_any;
use super::{Audit, Opened, words_of};
use crate::audit::export::{CHECKPOINT, Fork, seen_path};
use crate::audit::finding::Rule;
use crate::audit::folder;
use crate::audit::report::Report;
use crate::clock::UnixTime;
use crate::digest::Digest;
use crate::limits::{AUDIT_EXPORT_SECONDS_MAX, EVIDENCE_BYTES_MAX, NOTE_BYTES_MAX};
use crate::merkle::{Checkpoint, Note, cosignature};
use crate::model::member::{MemberId, NetworkId};

/// A checkpoint that its owner signed, and who brought it.
struct Signed {
    size: u64,
    root: Digest,
    /// Who brought it, in words.
    by: String,
    /// When it was there, by its witnesses; none where nobody cosigned it. When whoever brought it says that it was held
    /// is signed by nobody.
    cosigned: Option<UnixTime>,
}

pub(super) fn check(audit: &Audit<'_>, report: &mut Report) {
    let signed = collect(audit, report);
    for (member, checkpoints) in &signed {
        match audit.logs.get(member) {
            Some(log) => compare_with_log(log, checkpoints, audit, report),
            None => compare_with_each_other(member, checkpoints, report),
        }
    }
}

/// Every signed checkpoint but the ones that the logs themselves are judged by, by owner.
fn collect(audit: &Audit<'_>, report: &mut Report) -> BTreeMap<MemberId, Vec<Signed>> {
    let mut found: BTreeMap<MemberId, Vec<Signed>> = BTreeMap::new();
    for one in &audit.opened {
        let exported = one.manifest.exported_at;
        let holder = &one.manifest.member;
        for member in members(&audit.rosters) {
            let path = seen_path(&member);
            let by = format!("{holder}, which held it at its export of {exported}");
            take(audit, one, &path, &member, by, report, &mut found);
        }
        let by = format!("{holder}'s own export of {exported} ({})", one.export.name);
        take(audit, one, CHECKPOINT, holder, by, report, &mut found);
        take_forks(audit, one, report, &mut found);
    }
    for older in &audit.options.older {
        match open_of_any(&older.note, audit) {
            Ok((member, checkpoint, cosigned)) => {
                let by = format!("the auditor ({})", older.name);
                found.entry(member).or_default().push(Signed::new(&checkpoint, by, cosigned));
            }
            Err(words) => report.unchecked(&older.name, words),
        }
    }
    found
}

impl Signed {
    fn new(checkpoint: &Checkpoint, by: String, cosigned: Option<UnixTime>) -> Self {
        Self { size: checkpoint.size(), root: Digest(*checkpoint.root()), by, cosigned }
    }

    /// Whether signed times prove that this checkpoint was there before the log ended with fewer leaves.
    fn was_before(&self, log: &Log, audit: &Audit<'_>) -> bool {
        // A node goes on while it is exported and while its witnesses are asked.
        let skew = i64::from(audit.rosters.policy().log.skew_seconds).max(AUDIT_EXPORT_SECONDS_MAX);
        self.cosigned.is_some_and(|time| time.plus_seconds(skew) < log.ended_at)
    }
}

/// Everybody that ever was in a roster.
pub(super) fn members(rosters: &Rosters) -> std::collections::BTreeSet<MemberId> {
    rosters.all().flat_map(|roster| &roster.document().members).map(|member| member.id.clone()).collect()
}

fn take(
    audit: &Audit<'_>,
    one: &Opened<'_>,
    path: &str,
    member: &MemberId,
    by: String,
    report: &mut Report,
    found: &mut BTreeMap<MemberId, Vec<Signed>>,
) {
    let bytes = match folder::read(one.export.folder, path, NOTE_BYTES_MAX) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return,
        Err(error) => return report.unchecked(one.export.name, words_of(&error)),
    };
    match open_of(&bytes, audit, member) {
        Ok((checkpoint, cosigned)) => {
            found.entry(member.clone()).or_default().push(Signed::new(&checkpoint, by, cosigned));
        }
        Err(words) => report.unchecked(one.export.name, format!("{path}: {words}")),
    }
}

/// A checkpoint of a member's log, and the time of its latest cosignature.
fn open_of(
    bytes: &[u8],
    audit: &Audit<'_>,
    member: &MemberId,
) -> Result<(Checkpoint, Option<UnixTime>), String> {
    let note = Note::parse(bytes).map_err(|error| error.to_string())?;
    let checkpoint =
        open_by_any(&note, &audit.rosters.log_keys(member)).map_err(|error| error.to_string())?;
    let cosigned = cosignature::witnesses(&note, &audit.rosters.all_cosigner_keys());
    Ok((checkpoint, cosigned.map_err(|error| error.to_string())?.newest()))
}

/// A note of any member's log, by the origin that it names.
fn open_of_any(bytes: &[u8], audit: &Audit<'_>) -> Result<(MemberId, Checkpoint, Option<UnixTime>), String> {
    let note = Note::parse(bytes).map_err(|error| error.to_string())?;
    let network: &NetworkId = audit.rosters.newest().network();
    let origin = note.text().lines().next().unwrap_or_default();
    let member =
        members(&audit.rosters).into_iter().find(|m| crate::roster::log_origin(network, m) == origin);
    let member = member.ok_or("it is of no log of this network")?;
    let (checkpoint, cosigned) = open_of(bytes, audit, &member)?;
    Ok((member, checkpoint, cosigned))
}

fn take_forks(
    audit: &Audit<'_>,
    one: &Opened<'_>,
    report: &mut Report,
    found: &mut BTreeMap<MemberId, Vec<Signed>>,
) {
    let given = one.export.name;
    let names = match folder::list(one.export.folder, "evidence/forks") {
        Ok(names) => names,
        Err(error) => return report.unchecked(given, words_of(&error)),
    };
    for name in names {
        let path = format!("evidence/forks/{name}");
        let Some((member, _)) = name.strip_suffix(".json").and_then(|stem| stem.rsplit_once('-')) else {
            continue;
        };
        let Ok(member) = member.parse::<MemberId>() else { continue };
        let fork: Fork = match folder::read_json(one.export.folder, &path, EVIDENCE_BYTES_MAX) {
            Ok(Some(fork)) => fork,
            Ok(None) => continue,
            Err(error) => {
                report.unchecked(given, words_of(&error));
                continue;
            }
        };
        // Who accuses brings the other's own signatures; a pair without both is no evidence.
        let notes = [(&fork.seen, "saw first"), (&fork.shown, "was shown later")];
        let opened: Vec<_> =
            notes.iter().map(|(note, when)| (open_of(note.as_bytes(), audit, &member), when)).collect();
        if let Some((Err(words), _)) = opened.iter().find(|(note, _)| note.is_err()) {
            report.unchecked(given, format!("{path}: it is no evidence against {member}: {words}"));
            continue;
        }
        for (checkpoint, when) in opened {
            let Ok((checkpoint, cosigned)) = checkpoint else { continue };
            let by = format!("{}, which {when}, on {}", one.manifest.member, fork.time);
            found.entry(member.clone()).or_default().push(Signed::new(&checkpoint, by, cosigned));
        }
    }
}

/// A log that is here: each checkpoint must be one of its states.
fn compare_with_log(log: &Log, checkpoints: &[Signed], audit: &Audit<'_>, report: &mut Report) {
    let mut told = std::collections::BTreeSet::new();
    let mut ahead: Vec<&Signed> = Vec::new();
    for signed in checkpoints {
        report.checked.checkpoints_compared += 1;
        let Some(root) = log.root_at(signed.size) else {
            ahead.push(signed);
            continue;
        };
        if root != signed.root && told.insert((signed.size, signed.root)) {
            let words = format!(
                "The institution signed two histories. Its log had root {root} at {} leaves, and it signed \
                 {} for the same number: the checkpoint brought by {}.",
                signed.size, signed.root, signed.by
            );
            report.finding(&log.member, Rule::RewrittenHistory, words);
        }
    }
    // The longest that is proved to have been there before, or else the longest.
    let before = ahead.iter().filter(|signed| signed.was_before(log, audit)).max_by_key(|signed| signed.size);
    if let Some(cut) = before {
        let words = format!(
            "Leaves were cut off: the log ended at {} leaves on {}, and of {} leaves, signed by the institution, \
             witnesses had cosigned the checkpoint before: the one brought by {}.",
            log.size, log.ended_at, cut.size, cut.by
        );
        report.finding(&log.member, Rule::RewrittenHistory, words);
    } else if let Some(ahead) = ahead.iter().max_by_key(|signed| signed.size) {
        let words = format!(
            "The export of {} is older than a checkpoint of {} leaves, brought by {}, or was cut off: it ends at {} \
             leaves, and no signature says which came first. Ask for an export that has them all to judge the rest.",
            log.member, ahead.size, ahead.by, log.size
        );
        report.note(Some(&log.member), words);
    }
}

/// A log that is not here: two roots of one size contradict each other all the same.
fn compare_with_each_other(member: &MemberId, checkpoints: &[Signed], report: &mut Report) {
    let mut by_size: BTreeMap<u64, &Signed> = BTreeMap::new();
    for signed in checkpoints {
        report.checked.checkpoints_compared += 1;
        let known = by_size.entry(signed.size).or_insert(signed);
        if known.root != signed.root {
            let words = format!(
                "The institution signed two histories: for {} leaves it signed root {} (brought by {}) and \
                 root {} (brought by {}).",
                signed.size, known.root, known.by, signed.root, signed.by
            );
            report.finding(member, Rule::RewrittenHistory, words);
        }
    }
}
