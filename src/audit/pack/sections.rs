//! The figures, standard by standard.

use std::collections::{BTreeMap, BTreeSet};

use super::collect::{ByWord, Collected};
use super::{Figure, LeafRuns, OfInstitution, Section};
use crate::audit::finding::Rule;
use crate::audit::report::Report;
use crate::clock::UnixTime;
use crate::digest::Digest;
use crate::model::day::Day;
use crate::model::member::MemberId;

type Logs = BTreeMap<MemberId, Collected>;

pub(super) fn all(report: &Report, logs: &Logs) -> Vec<Section> {
    vec![over_indebtedness(report, logs), information(report, logs), data(report, logs), complaints(logs)]
}

/// A figure that counts leaves.
fn count<'a>(name: &str, logs: &'a Logs, of: impl Fn(&'a Collected) -> Vec<u64>) -> Figure {
    let mut all = 0;
    let mut institutions = Vec::new();
    for (institution, log) in logs {
        let leaves = of(log);
        if !leaves.is_empty() {
            all += leaves.len();
            let (value, leaves) = (leaves.len().to_string(), LeafRuns::new(leaves));
            institutions.push(OfInstitution { institution: institution.clone(), value, leaves });
        }
    }
    Figure { name: name.to_owned(), value: all.to_string(), institutions }
}

/// One figure for each word that stands in some log; one that says none where there is none.
fn by_word<'a>(name: &str, logs: &'a Logs, of: impl Fn(&'a Collected) -> &'a ByWord) -> Vec<Figure> {
    let words: BTreeSet<&String> = logs.values().flat_map(|log| of(log).keys()).collect();
    if words.is_empty() {
        return vec![Figure { name: name.to_owned(), value: "0".to_owned(), institutions: Vec::new() }];
    }
    let figure = |word: &String| {
        count(&format!("{name}: {word}"), logs, |log| of(log).get(word).cloned().unwrap_or_default())
    };
    words.into_iter().map(figure).collect()
}

/// A figure that is measured at each institution.
fn measured(
    name: &str,
    logs: &Logs,
    all: impl Fn(&[i64]) -> String,
    of: impl Fn(&MemberId, &Collected) -> Option<(i64, String, Vec<u64>)>,
) -> Figure {
    let (mut institutions, mut values) = (Vec::new(), Vec::new());
    for (institution, log) in logs {
        if let Some((value, words, leaves)) = of(institution, log) {
            values.push(value);
            let leaves = LeafRuns::new(leaves);
            institutions.push(OfInstitution { institution: institution.clone(), value: words, leaves });
        }
    }
    let value = if values.is_empty() { "not known".to_owned() } else { all(&values) };
    Figure { name: name.to_owned(), value, institutions }
}

fn largest(values: &[i64]) -> i64 {
    values.iter().copied().max().unwrap_or_default()
}

/// `1 day`, `2 days`.
fn counted(count: i64, unit: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}

/// A span of time as people say it.
fn span(seconds: i64) -> String {
    match seconds {
        ..120 => counted(seconds, "second"),
        120..7_200 => counted(seconds / 60, "minute"),
        7_200..172_800 => counted(seconds / 3_600, "hour"),
        _ => counted(seconds / 86_400, "day"),
    }
}

/// The longest time between two states of a feed, or from the last one to the end of the period or of the log, which
/// were exported `exported`; and the leaves at both ends.
fn longest_silence(log: &Collected, exported: Option<UnixTime>) -> Option<(i64, String, Vec<u64>)> {
    let pairs = log.states.windows(2).filter_map(|pair| match pair {
        [(first, before, _), (second, after, _)] => {
            Some((after.seconds_since(*before), vec![*first, *second]))
        }
        _ => None,
    });
    let end = log.end(exported);
    let last =
        log.states.last().zip(end).map(|((leaf, time, _), end)| (end.seconds_since(*time), vec![*leaf]));
    let (seconds, leaves) = pairs.chain(last).max()?;
    Some((seconds, span(seconds), leaves))
}

/// How old the figures were at worst when a state was signed over them.
fn oldest_figures(log: &Collected) -> Option<(i64, String, Vec<u64>)> {
    let ages = log.states.iter().filter_map(|(leaf, time, as_of)| {
        as_of.map(|as_of| (i64::from(Day::of(*time).days_since(as_of)), *leaf))
    });
    let (days, leaf) = ages.max()?;
    Some((days, counted(days, "day"), vec![leaf]))
}

fn over_indebtedness(report: &Report, logs: &Logs) -> Section {
    let mut figures = by_word("Persons looked up, by purpose", logs, |l| &l.openings);
    figures.push(count(
        "Inquiries that were answered; one may be about several persons of a household",
        logs,
        |log| log.answers.clone(),
    ));
    figures.extend(by_word("Inquiries that were refused, by reason", logs, |log| &log.refused));
    figures.push(count("Persons looked up by a weak identifier, in part or whole", logs, |l| l.weak.clone()));
    figures.push(measured(
        "Longest time in which a lender signed nothing about its data",
        logs,
        |values| span(largest(values)),
        |institution, log| {
            longest_silence(log, report.logs.get(institution).map(|counts| counts.exported_at))
        },
    ));
    figures.push(measured(
        "Age of a lender's figures at worst, when it signed them",
        logs,
        |values| counted(largest(values), "day"),
        |_, log| oldest_figures(log),
    ));
    figures.extend(by_word("Loads of a loan book", logs, |log| &log.loads));
    Section {
        standard: "4.A".to_owned(),
        title: "No over-indebtedness: the lender finds out what an applicant owes before it lends".to_owned(),
        figures,
        gaps: vec![
            "The logs do not say what an answer said, nor whether a loan was made. Draw a sample, have the lender \
             show the signed answers, and compare them with its loan files."
                .to_owned(),
            "A loan without any look-up leaves nothing in these logs. Compare the number of look-ups with the \
             number of loans in the lender's books."
                .to_owned(),
        ],
    }
}

fn information(report: &Report, logs: &Logs) -> Section {
    let mut figures = by_word("Consents by purpose", logs, |log| &log.purposes);
    figures.extend(by_word("Consents by the notice that was shown", logs, |log| &log.notices));
    figures.extend(by_word("Consents by what proves them", logs, |log| &log.evidence));
    figures.extend(by_word("Other lawful grounds recorded in place of consent", logs, |log| &log.grounds));
    let mut gaps = vec![
        "The logs show which text was shown and in which language, not whether it was understood. Ask clients."
            .to_owned(),
        "That a person gave the consent, her paper form shows: draw a sample and compare.".to_owned(),
    ];
    if !report.grounds.is_empty() {
        gaps.push("Behind each other ground stands an order or a law: have the document shown.".to_owned());
    }
    Section {
        standard: "4.B".to_owned(),
        title: "Information: clients know what is looked up about them, and agree".to_owned(),
        figures,
        gaps,
    }
}

/// From when a withdrawal was first known anywhere to when the last of these logs had it; with its leaves by log.
fn spread(logs: &Logs) -> Vec<(Digest, i64, usize)> {
    let mut times: BTreeMap<Digest, Vec<UnixTime>> = BTreeMap::new();
    for log in logs.values() {
        for (withdrawal, (_, time)) in &log.withdrawals {
            times.entry(*withdrawal).or_default().push(*time);
        }
    }
    let span = |(withdrawal, times): (Digest, Vec<UnixTime>)| {
        let (first, last) = (times.iter().min()?, times.iter().max()?);
        Some((withdrawal, last.seconds_since(*first), times.len()))
    };
    times.into_iter().filter_map(span).collect()
}

fn data(report: &Report, logs: &Logs) -> Section {
    let findings = |rules: &[Rule]| report.findings.iter().filter(|one| rules.contains(&one.rule)).count();
    let consent = [
        Rule::OpeningWithoutConsent,
        Rule::WrongPurpose,
        Rule::ConsentNotBegun,
        Rule::ExpiredConsent,
        Rule::WithdrawnConsent,
        Rule::ReUsedConsent,
        Rule::ConsentBeyondPolicy,
        Rule::GroundNotDeclared,
    ];
    let plain = |name: &str, value: String| Figure { name: name.to_owned(), value, institutions: Vec::new() };
    let checked = &report.checked;
    let mut figures = vec![
        plain(
            "Look-ups compared with their consents, and those that had none that permits them",
            format!("{} compared, {} without", checked.openings, findings(&consent)),
        ),
        plain(
            "Openings that key holders served, compared with the askers' logs and back",
            format!("{} and {}", checked.served_compared, checked.asked_compared),
        ),
        plain("All findings of the verifier", report.findings.len().to_string()),
    ];
    let presented = |log: &Collected| log.withdrawals.values().map(|(leaf, _)| *leaf).collect();
    figures.push(count(
        "Withdrawals by a client's code, where they were presented or arrived",
        logs,
        presented,
    ));
    figures.push(count("Withdrawals at the lender", logs, |log| log.withdrawn.clone()));
    let spans = spread(logs);
    let slowest = spans.iter().map(|(_, seconds, _)| *seconds).max();
    figures.push(plain(
        "Longest time from a client's withdrawal to the last of these logs",
        slowest.map_or_else(|| "no withdrawal".to_owned(), span),
    ));
    figures.extend(by_word("Erasures of what explains a leaf", logs, |log| &log.erasures));
    let explained = |log: &Collected| log.bindings.iter().map(|(leaf, _)| *leaf).collect();
    figures.push(count("Samples that were explained to auditors", logs, explained));
    figures
        .extend(by_word("Evaluations that key holders refused, by reason", logs, |l| &l.evaluations_refused));
    let mut gaps = vec![
        "Whom a look-up was about stands in no log. A binding shows it for a sample: tally audit sample, open, \
         check-binding."
            .to_owned(),
    ];
    if logs.values().all(|log| log.bindings.is_empty()) {
        gaps.push("No sample was explained to an auditor in this period.".to_owned());
    }
    Section {
        standard: "4.D".to_owned(),
        title: "Data: it is kept safe, used with consent, and the client keeps her rights over it".to_owned(),
        figures,
        gaps,
    }
}

fn complaints(logs: &Logs) -> Section {
    let opened: BTreeMap<Digest, UnixTime> = logs
        .values()
        .flat_map(|log| log.disputes.iter().map(|(dispute, (_, time))| (*dispute, *time)))
        .collect();
    let mut took: Vec<i64> = logs
        .values()
        .flat_map(|log| log.resolved.iter())
        .filter_map(|(dispute, (_, time, _))| Some(time.seconds_since(*opened.get(dispute)?)))
        .collect();
    took.sort_unstable();
    let leaves = |log: &Collected| log.disputes.values().map(|(leaf, _)| *leaf).collect();
    let resolved = |log: &Collected| log.resolved.values().map(|(leaf, ..)| *leaf).collect();
    let middle = took.get(took.len().saturating_sub(1) / 2);
    let plain = |name: &str, value: String| Figure { name: name.to_owned(), value, institutions: Vec::new() };
    let known = |seconds: Option<&i64>| seconds.map_or_else(|| "not known".to_owned(), |s| span(*s));
    let figures = vec![
        count("Disputes that clients opened", logs, leaves),
        count("Disputes about their reports that lenders saw closed", logs, resolved),
        plain("Time to the close, in the middle", known(middle)),
        plain("Time to the close, at worst", known(took.last())),
    ];
    let mut gaps = vec!["Complaints that were made on paper or by word stand in no log.".to_owned()];
    if opened.is_empty() {
        gaps.push(
            "No dispute stands in these logs in this period: that none was raised is not shown by it."
                .to_owned(),
        );
    }
    Section {
        standard: "4.E".to_owned(),
        title: "Complaints: clients can dispute what is reported about them, and are answered in time"
            .to_owned(),
        figures,
        gaps,
    }
}
