//! The rules of the house, kept by a test: floors and doors, sizes, names, words, and what must never be
//! tracked. The rules are data in `tidy/rules.rs`; `docs/ARCHITECTURE.md` says why they are as they are.

#[path = "tidy/paths.rs"]
mod paths;
#[path = "tidy/planted.rs"]
mod planted;
#[path = "tidy/rules.rs"]
mod rules;
#[path = "tidy/text.rs"]
mod text;
#[path = "tidy/tokens.rs"]
mod tokens;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Tracked files and those about to be tracked, relative to the root with `/` between the parts. A source
/// archive without git is walked.
fn files() -> Vec<String> {
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output();
    let mut files = match listed {
        Ok(output) if output.status.success() => String::from_utf8(output.stdout)
            .expect("file names are UTF-8")
            .split_terminator('\0')
            .map(str::to_owned)
            .collect(),
        _ => walk(&root()),
    };
    files.retain(|file| root().join(file).is_file());
    files.sort();
    files.dedup();
    assert!(files.iter().any(|file| file == "src/lib.rs"), "the list of files does not hold src/lib.rs");
    files
}

fn walk(top: &Path) -> Vec<String> {
    let (mut found, mut open) = (Vec::new(), vec![top.to_path_buf()]);
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(&directory).expect("a directory of the source archive can be read") {
            let path = entry.expect("a directory entry can be read").path();
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if path.is_dir() {
                if name != "target" && name != ".git" {
                    open.push(path);
                }
            } else if let Ok(relative) = path.strip_prefix(top) {
                found.push(relative.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    found
}

fn read(file: &str) -> String {
    let bytes = fs::read(root().join(file)).unwrap_or_else(|e| panic!("{file}: {e}"));
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Runs `check` over every file that `wanted` takes and fails with everything found.
fn over(wanted: impl Fn(&str) -> bool, check: impl Fn(&str, &str) -> Vec<String>) {
    let found: Vec<String> =
        files().iter().filter(|file| wanted(file)).flat_map(|file| check(file, &read(file))).collect();
    assert!(found.is_empty(), "{} found:\n{}", found.len(), found.join("\n"));
}

fn extension(file: &str) -> &str {
    file.rsplit_once('.').map_or("", |(_, extension)| extension)
}

fn is_source(file: &str) -> bool {
    file.starts_with("src/") && is_rust(file)
}

fn is_rust(file: &str) -> bool {
    extension(file) == "rs"
}

fn is_prose_or_code(file: &str) -> bool {
    ["rs", "md", "toml", "sh", "ftl", "html", "css", "js", "py"].contains(&extension(file))
        || file.starts_with("packaging/")
        || file.starts_with(".ci/")
}

#[test]
fn modules_use_lower_floors_only() {
    over(is_source, paths::check_floors);
}

#[test]
fn every_module_of_the_library_has_a_floor() {
    let lib = tokens::tokens(&read("src/lib.rs"));
    let declared: Vec<&str> =
        lib.windows(2).filter(|pair| pair[0].text == "mod").map(|pair| pair[1].text.as_str()).collect();
    assert!(!declared.is_empty(), "src/lib.rs declares no module");
    for module in declared {
        assert!(rules::floor_of(module).is_some(), "module `{module}` has no floor in tests/tidy/rules.rs");
    }
}

#[test]
fn outside_crates_have_one_door() {
    over(is_source, paths::check_doors);
}

#[test]
fn source_files_are_short() {
    over(is_source, text::check_length);
    for (file, _, reason) in rules::LENGTH_EXCEPTIONS {
        assert!(
            files().iter().any(|f| f == file),
            "the length exception for {file} is not needed: no such file"
        );
        assert!(reason.len() > 20, "the length exception for {file} has no reason");
    }
}

#[test]
fn names_say_what_a_file_holds() {
    over(is_rust, |file, _| text::check_name(file));
}

#[test]
fn lint_exceptions_expect() {
    over(is_rust, paths::check_no_allow);
}

#[test]
fn open_ends_have_a_reason() {
    over(is_prose_or_code, text::check_open_ends);
}

#[test]
fn one_word_for_one_thing() {
    let words = text::unwanted_words(&read("docs/TERMS.md"));
    assert!(words.len() >= 10, "docs/TERMS.md: the table of words not used was not understood");
    over(is_prose_or_code, |file, content| text::check_words(&words, file, content));
}

#[test]
fn no_private_key_is_tracked() {
    over(|_| true, text::check_no_key);
}

#[test]
fn no_path_of_one_machine_is_tracked() {
    over(is_prose_or_code, text::check_no_machine_path);
}

#[test]
fn the_top_level_is_fixed() {
    let found: Vec<String> = files().iter().filter_map(|file| text::check_top_level(file)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_sample_configuration_is_tested() {
    let files = files();
    let tests: String = files
        .iter()
        .filter(|f| is_rust(f) && (f.starts_with("tests/") || is_source(f)))
        .map(|f| read(f))
        .collect();
    let is_tested = |name: &str| {
        let read_with_others = rules::SAMPLES_READ
            .iter()
            .any(|(begin, test)| name.starts_with(begin) && files.iter().any(|file| file == test));
        read_with_others || tests.contains(name)
    };
    let untested: Vec<&str> = files
        .iter()
        .filter_map(|file| file.strip_prefix("config/"))
        .filter(|name| extension(name) != "md" && !is_tested(name))
        .collect();
    assert!(untested.is_empty(), "named in no test: {untested:?}");
}

/// A patch that does not apply any more plants nothing, and `tests/planted/run` is not part of every test run.
#[test]
fn planted_bugs_can_be_planted() {
    let folder = root().join("tests/planted");
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let patches: Vec<PathBuf> =
        files.filter(|file| file.extension().is_some_and(|of| of == "patch")).collect();
    assert!(patches.len() >= 10, "{patches:?}");
    for patch in patches {
        let mut check = Command::new("patch");
        check.args(["--dry-run", "--silent", "-p1", "-i"]).arg(&patch).current_dir(root());
        let checked = check.output();
        // Without it nothing can be planted here.
        let Ok(checked) = checked else { return };
        let why = String::from_utf8_lossy(&checked.stdout).into_owned();
        assert!(checked.status.success(), "{} does not apply: {why}", patch.display());
    }
}
