//! The evidence pack as a page for an assessor: figures, the leaves behind them, and what is missing.

use std::fmt::Write as _;

use super::html::{document, escaped, moment};
use crate::audit::pack::{Figure, Pack, Section};
use crate::clock::UnixTime;

/// Leaves of which so many runs are shown open; more are folded away.
const RUNS_SHOWN: usize = 12;

/// The page. `fingerprint` is that of the operator's key, and `folders` are the exports that were verified, as the
/// auditor named them.
pub fn pack_page(pack: &Pack, fingerprint: &str, folders: &[String], made: UnixTime) -> String {
    let network = pack.network.as_ref().map_or_else(|| "an unknown network".to_owned(), ToString::to_string);
    let title = format!("Evidence pack of {network}");
    let mut body = format!("<h1>{}</h1>\n", escaped(&title));
    let _ = writeln!(body, "<p>{}</p>", escaped(&opening(pack, made)));
    summary(pack, &mut body);
    for section in &pack.sections {
        write_section(section, &mut body);
    }
    findings(pack, &mut body);
    how_to_check(pack, fingerprint, folders, &mut body);
    document("en", &title, &body)
}

fn opening(pack: &Pack, made: UnixTime) -> String {
    let from = pack.from.map_or_else(|| "the beginning".to_owned(), moment);
    let until = pack.until.map_or_else(|| "the end of the logs".to_owned(), moment);
    format!(
        "Figures for an assessor of the Client Protection Standards (4.A, 4.B, 4.D, 4.E), from {from} to {until}. \
         They are taken from the consent logs of {} institutions, which cannot be changed afterwards without its \
         being seen. Made {}.",
        pack.logs.len(),
        moment(made)
    )
}

fn summary(pack: &Pack, body: &mut String) {
    let findings = pack.findings.len();
    let words = match (findings, pack.unchecked.len()) {
        (0, 0) => "Everything that was given was checked, and nothing was found.".to_owned(),
        (0, unchecked) => format!(
            "Nothing was found in what could be checked. {unchecked} things could not be checked; they are named below."
        ),
        (_, 0) => {
            format!("There are {findings} findings. They are named below, each with institution and leaf.")
        }
        (_, unchecked) => format!(
            "There are {findings} findings, and {unchecked} things could not be checked. Both are named below."
        ),
    };
    let _ = writeln!(body, "<p><strong>{}</strong></p>", escaped(&words));
}

fn write_section(section: &Section, body: &mut String) {
    let _ = writeln!(body, "<h2>{} {}</h2>", escaped(&section.standard), escaped(&section.title));
    body.push_str("<table class=\"wide\">\n<tr><th>Figure</th><th class=\"n\">In all</th></tr>\n");
    for figure in &section.figures {
        write_figure(figure, body);
    }
    body.push_str("</table>\n");
    if !section.gaps.is_empty() {
        body.push_str(
            "<p class=\"note\"><strong>What the logs do not show</strong></p>\n<ul class=\"note\">\n",
        );
        for gap in &section.gaps {
            let _ = writeln!(body, "<li>{}</li>", escaped(gap));
        }
        body.push_str("</ul>\n");
    }
}

fn write_figure(figure: &Figure, body: &mut String) {
    let _ = write!(body, "<tr><td>{}", escaped(&figure.name));
    for of in &figure.institutions {
        let leaves = escaped(&of.leaves.words());
        let head = format!("{}: {}", escaped(of.institution.as_str()), escaped(&of.value));
        let _ = match of.leaves.runs.len() {
            0 => write!(body, "<div class=\"note\">{head}</div>"),
            1..=RUNS_SHOWN => {
                write!(
                    body,
                    "<div class=\"note\">{head} <span class=\"small\">(leaves {leaves})</span></div>"
                )
            }
            _ => write!(
                body,
                "<details class=\"note\"><summary>{head} <span class=\"small\">(its leaves)</span></summary>\
                 <span class=\"small\">{leaves}</span></details>"
            ),
        };
    }
    let _ = writeln!(body, "</td><td class=\"n\">{}</td></tr>", escaped(&figure.value));
}

fn findings(pack: &Pack, body: &mut String) {
    if !pack.findings.is_empty() {
        body.push_str(
            "<h2>Findings</h2>\n<table class=\"wide\">\n<tr><th>Institution</th><th>Leaf</th><th>What</th></tr>\n",
        );
        for finding in &pack.findings {
            let leaf = finding.leaf.map_or_else(|| "-".to_owned(), |leaf| leaf.to_string());
            let _ = writeln!(
                body,
                "<tr><td>{}</td><td>{leaf}</td><td>{}<div class=\"small\">{}</div></td></tr>",
                escaped(finding.institution.as_str()),
                escaped(&finding.words),
                escaped(finding.rule.word())
            );
        }
        body.push_str("</table>\n");
    }
    let unchecked = pack.unchecked.iter().map(|one| format!("{}: {}", one.given, one.words)).collect();
    list("What could not be checked", unchecked, body);
    list("To know", pack.notes.iter().map(|note| note.words.clone()).collect(), body);
}

fn list(title: &str, lines: Vec<String>, body: &mut String) {
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(body, "<h2>{}</h2>\n<ul>", escaped(title));
    for line in lines {
        let _ = writeln!(body, "<li>{}</li>", escaped(&line));
    }
    body.push_str("</ul>\n");
}

fn how_to_check(pack: &Pack, fingerprint: &str, folders: &[String], body: &mut String) {
    body.push_str(
        "<h2>How to check this yourself</h2>\n<p>The same exports give the same figures to anybody:</p>\n",
    );
    let _ = writeln!(
        body,
        "<p class=\"small\"><code>tally audit verify {}</code></p>",
        escaped(&folders.join(" "))
    );
    let whose = if pack.operator_key_given {
        "The operator's key was brought by the auditor."
    } else {
        "The operator's key was taken from the exports: compare its fingerprint with the operator's own."
    };
    let _ = writeln!(
        body,
        "<p class=\"note\">{whose} Fingerprint: <span class=\"small\">{}</span></p>",
        escaped(fingerprint)
    );
    body.push_str(
        "<table class=\"wide\">\n<tr><th>Log of</th><th>Leaves</th><th>Root</th><th>Witnessed</th><th>Exported</th></tr>\n",
    );
    for log in &pack.logs {
        let root = log.root.map(|root| root.to_string()).unwrap_or_default();
        let witnessed = log.witnessed.map_or_else(
            || "not by the quorum".to_owned(),
            |(size, time)| format!("{size} leaves, {}", moment(time)),
        );
        let _ = writeln!(
            body,
            "<tr><td>{}</td><td>{}</td><td class=\"small\">{root}</td><td>{}</td><td>{}</td></tr>",
            escaped(log.institution.as_str()),
            log.leaves,
            escaped(&witnessed),
            moment(log.exported_at)
        );
    }
    body.push_str("</table>\n");
}
