//! Checks on names and on plain text.

use crate::rules;

/// A word that is not used, what is said instead, and where it may stand nevertheless.
#[derive(Debug)]
pub(crate) struct Unwanted {
    /// Lower case; may hold spaces.
    pub(crate) word: String,
    /// The term of `docs/TERMS.md`.
    pub(crate) instead: String,
}

/// Files longer than the bound, unless they have a reason.
pub(crate) fn check_length(file: &str, content: &str) -> Vec<String> {
    let lines = content.lines().count();
    let allowed =
        rules::LENGTH_EXCEPTIONS.iter().find(|(f, _, _)| *f == file).map_or(rules::SOURCE_LINES_MAX, |e| e.1);
    if lines > allowed { vec![format!("{file}: {lines} lines; {allowed} are allowed")] } else { Vec::new() }
}

/// Names that say nothing.
pub(crate) fn check_name(file: &str) -> Vec<String> {
    file.trim_end_matches(".rs")
        .split('/')
        .filter(|part| rules::EMPTY_NAMES.contains(part))
        .map(|part| format!("{file}: `{part}` does not say what is inside"))
        .collect()
}

/// Open ends without a reason: the mark, a colon, and at least three words on the same line.
pub(crate) fn check_open_ends(file: &str, content: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (number, line) in numbered(content) {
        for mark in rules::OPEN_ENDS {
            for rest in after_each_word(line, mark) {
                let reason = rest.strip_prefix(':').unwrap_or("");
                if reason.split_whitespace().count() < 3 {
                    found.push(format!("{file}:{number}: an open end without its reason"));
                }
            }
        }
    }
    found
}

/// The table of words that are not used, from the text of `docs/TERMS.md`: rows `| not this | but this | … |`
/// under the heading "Words not used"; several words of one row stand apart by commas.
pub(crate) fn unwanted_words(terms: &str) -> Vec<Unwanted> {
    terms
        .lines()
        .skip_while(|line| !line.starts_with("## Words not used"))
        .skip(1)
        .take_while(|line| !line.starts_with("## "))
        .filter_map(|line| line.strip_prefix('|'))
        .filter(|line| !line.trim_start().starts_with('-'))
        .skip(1)
        .flat_map(|line| {
            let mut cells = line.split('|').map(str::trim);
            let (words, instead) = (cells.next().unwrap_or(""), cells.next().unwrap_or(""));
            words
                .split(',')
                .map(|word| Unwanted { word: word.trim().to_lowercase(), instead: instead.to_owned() })
                .filter(|unwanted| !unwanted.word.is_empty())
                .collect::<Vec<_>>()
        })
        .collect()
}

/// Every use of a word that is not used, in any case, as a whole word, in names of code too.
pub(crate) fn check_words(words: &[Unwanted], file: &str, content: &str) -> Vec<String> {
    if rules::FOREIGN_NAMES.iter().any(|place| file.starts_with(place)) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (number, line) in numbered(content) {
        let line = apart(line);
        for unwanted in words {
            if !after_each_word(&line, &unwanted.word.replace(['_', '-'], " ")).is_empty() {
                found.push(format!("{file}:{number}: \"{}\"; say \"{}\"", unwanted.word, unwanted.instead));
            }
        }
    }
    found
}

/// Lower case, with spaces where `_`, `-` and a capital inside a name part words.
fn apart(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut before = ' ';
    for c in line.chars() {
        if c.is_uppercase() && before.is_lowercase() {
            out.push(' ');
        }
        match c {
            '_' | '-' => out.push(' '),
            _ => out.extend(c.to_lowercase()),
        }
        before = c;
    }
    out
}

/// Private keys in PEM, and age identities.
pub(crate) fn check_no_key(file: &str, content: &str) -> Vec<String> {
    // Split, so that this file does not hold the marks.
    let begin = concat!("-----BE", "GIN ");
    let age = concat!("AGE-SECRET", "-KEY-1");
    let mut found = Vec::new();
    for (number, line) in numbered(content) {
        let pem = line
            .split(begin)
            .skip(1)
            .any(|rest| rest.split("-----").next().unwrap_or("").ends_with("PRIVATE KEY"));
        let identity = line
            .split(age)
            .skip(1)
            .any(|rest| rest.chars().take_while(char::is_ascii_alphanumeric).count() > 40);
        if pem || identity {
            found.push(format!("{file}:{number}: a private key"));
        }
    }
    found
}

/// Absolute paths that exist on one machine only.
pub(crate) fn check_no_machine_path(file: &str, content: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (number, line) in numbered(content) {
        for path in rules::MACHINE_PATHS {
            // The end of a longer path or of an address is not absolute.
            let absolute = line.match_indices(path).any(|(at, _)| {
                !line[..at].ends_with(|c: char| {
                    c.is_alphanumeric() || matches!(c, '.' | '}' | ')' | '$' | '_' | '*')
                })
            });
            if absolute {
                found.push(format!("{file}:{number}: a path of one machine"));
            }
        }
    }
    found
}

/// What has no place at the top level.
pub(crate) fn check_top_level(file: &str) -> Option<String> {
    let top = file.split('/').next().unwrap_or(file);
    let known = top.starts_with('.') || rules::TOP_LEVEL.contains(&top);
    (!known).then(|| format!("{file}: `{top}` has no place at the top level"))
}

fn numbered(content: &str) -> impl Iterator<Item = (usize, &str)> {
    content.lines().enumerate().map(|(index, line)| (index + 1, line))
}

/// What follows each occurrence of `word` as a whole word.
fn after_each_word<'a>(line: &'a str, word: &str) -> Vec<&'a str> {
    line.match_indices(word)
        .filter(|(at, _)| !line[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
        .map(|(at, _)| &line[at + word.len()..])
        .filter(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
        .collect()
}
