//! The texts that code names are there, the texts that are there are named, and languages agree.

#![expect(clippy::unwrap_used, reason = "what a test cannot set up has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;
use tallystick::words::Texts;

const TEXTS: &str = "src/words/texts";
const LANGUAGES: [&str; 5] = ["az", "en", "es", "fr", "km"];

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

/// Text by name, without the comments around it.
fn texts_of(language: &str, area: &str) -> BTreeMap<String, String> {
    let path = Path::new(TEXTS).join(language).join(format!("{area}.ftl"));
    let source = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let begins = Regex::new(r"^([a-z][a-z0-9-]*) =").unwrap();
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    let mut name = String::new();
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        if let Some(found) = begins.captures(line) {
            found[1].clone_into(&mut name);
        }
        let text = texts.entry(name.clone()).or_default();
        text.push_str(line);
        text.push('\n');
    }
    texts.remove("");
    texts
}

fn areas() -> Vec<String> {
    let mut found = Vec::new();
    files(&Path::new(TEXTS).join("en"), &mut found);
    found.iter().map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
}

fn names(language: &str) -> BTreeSet<String> {
    areas().iter().flat_map(|area| texts_of(language, area).into_keys()).collect()
}

#[test]
fn every_text_that_code_names_is_there_and_the_other_way_round() {
    let known = names("en");
    let areas = areas().join("|");
    let asked = Regex::new(&format!(r#"\b(?:text|with)\(\s*&?"((?:{areas})-[a-z0-9-]+)""#)).unwrap();
    let of_words = Regex::new(&format!(r#""((?:{areas})-[a-z0-9-]+)""#)).unwrap();
    let made = Regex::new(&format!(r#""((?:{areas})-[a-z0-9-]*-)\{{"#)).unwrap();
    let mut sources = Vec::new();
    files(Path::new("src"), &mut sources);
    let mut mentioned = String::new();
    let mut beginnings = BTreeSet::new();
    for path in sources.iter().filter(|path| !path.starts_with(TEXTS)) {
        let Ok(source) = fs::read_to_string(path) else { continue };
        // What tests misspell on purpose stands below the program.
        let program = source.split("#[cfg(test)]").next().unwrap_or_default();
        let of_texts = path.starts_with("src/words") || path.starts_with("src/console");
        let rule = if of_texts { &of_words } else { &asked };
        for name in rule.captures_iter(program).map(|found| found[1].to_owned()) {
            assert!(known.contains(&name), "{}: there is no text {name}", path.display());
        }
        for beginning in made.captures_iter(program).map(|found| found[1].to_owned()) {
            let is_known = known.iter().any(|name| name.starts_with(&beginning));
            assert!(is_known, "{}: there is no text {beginning}…", path.display());
            beginnings.insert(beginning);
        }
        mentioned.push_str(&source);
    }
    let is_made = |name: &str| beginnings.iter().any(|beginning| name.starts_with(beginning));
    let is_named = |name: &str| mentioned.contains(&format!("\"{name}\"")) || is_made(name);
    // The console puts names together from both ends, as that of a refusal and its two texts.
    let of_console = |name: &str| name.starts_with("console-");
    let unused: Vec<&String> = known.iter().filter(|name| !is_named(name) && !of_console(name)).collect();
    assert!(unused.is_empty(), "nothing says {unused:?}");
}

#[test]
fn every_language_has_the_texts_of_english_and_is_given_the_same() {
    let variable = Regex::new(r"\$[a-z][a-z0-9-]*").unwrap();
    for area in &areas() {
        let english = texts_of("en", area);
        for language in LANGUAGES {
            let texts = texts_of(language, area);
            let missing: Vec<_> = english.keys().filter(|name| !texts.contains_key(*name)).collect();
            let strange: Vec<_> = texts.keys().filter(|name| !english.contains_key(*name)).collect();
            assert!(missing.is_empty() && strange.is_empty(), "{language}/{area}: {missing:?} {strange:?}");
            for (name, text) in &texts {
                let given = |text: &str| -> BTreeSet<String> {
                    variable.find_iter(text).map(|found| found.as_str().to_owned()).collect()
                };
                assert_eq!(given(text), given(&english[name]), "{language}: {name}");
            }
        }
    }
}

#[test]
fn the_shipped_files_pass_the_check_of_added_ones() {
    Texts::with_folder(Path::new(TEXTS)).unwrap();
    let tags: Vec<String> = Texts::built_in().languages().into_iter().map(|language| language.tag).collect();
    assert_eq!(tags, LANGUAGES);
}
