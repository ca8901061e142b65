//! Languages that an association adds, or corrects, by files in a folder.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::built_in::BUILT_IN;
use super::catalog::{self, Fault, Read};
use super::texts::{Files, parsed};
use crate::limits::{TEXT_FAULTS_SHOWN_MAX, TEXT_FILE_BYTES_MAX, TEXT_FILES_MAX};

/// Why the texts of a folder cannot be used; whoever wrote the files puts it right.
#[derive(Debug, thiserror::Error)]
pub enum TextsError {
    /// The folder, or a file in it, cannot be read.
    #[error("the texts cannot be read: {path}: {source}", path = path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file that is too large to be texts.
    #[error("{path} has more than {TEXT_FILE_BYTES_MAX} bytes", path = .0.display())]
    TooLarge(PathBuf),
    /// More files than languages have.
    #[error("{path} has more than {TEXT_FILES_MAX} files", path = .0.display())]
    TooMany(PathBuf),
    /// A file or folder whose name is not that of a language.
    #[error("{path}: the name is not the tag of a language, as km or es-PE", path = .0.display())]
    NotALanguage(PathBuf),
    /// What is wrong inside the files.
    #[error("{}", listed(.0))]
    Faults(Vec<Fault>),
}

fn listed(faults: &[Fault]) -> String {
    let mut lines: Vec<String> = faults
        .iter()
        .take(TEXT_FAULTS_SHOWN_MAX)
        .map(|fault| format!("{}:{}: {}", fault.file, fault.line, fault.what))
        .collect();
    let more = faults.len().saturating_sub(TEXT_FAULTS_SHOWN_MAX);
    if more > 0 {
        lines.push(format!("and {more} more"));
    }
    lines.join("\n")
}

/// The files of a folder by language, checked.
pub(super) fn read_folder(folder: &Path) -> Result<Files, TextsError> {
    let mut found: BTreeMap<String, Vec<(PathBuf, Read)>> = BTreeMap::new();
    for path in entries(folder)? {
        let is_folder = path.is_dir();
        if !is_folder && !is_text(&path) {
            continue;
        }
        let name = if is_folder { path.file_name() } else { path.file_stem() };
        let language = name.and_then(|name| parsed(name.to_str()?));
        let tag = language.ok_or_else(|| TextsError::NotALanguage(path.clone()))?.to_string();
        let files = if is_folder { entries(&path)? } else { vec![path] };
        for file in files.into_iter().filter(|file| is_text(file)) {
            let read = catalog::read(&file.display().to_string(), &text_of(&file)?);
            found.entry(tag.clone()).or_default().push((file, read));
        }
    }
    let mut faults = Vec::new();
    for (tag, files) in &found {
        faults.extend(faults_of(tag, files));
    }
    if !faults.is_empty() {
        return Err(TextsError::Faults(faults));
    }
    let resources = |files: Vec<(PathBuf, Read)>| files.into_iter().map(|(_, read)| read.resource).collect();
    Ok(found.into_iter().map(|(tag, files)| (tag, resources(files))).collect())
}

/// Everything wrong with the files of one language.
fn faults_of(tag: &str, files: &[(PathBuf, Read)]) -> Vec<Fault> {
    let built_in = BUILT_IN.iter().filter(|(built, _)| *built == tag).flat_map(|(_, files)| files.iter());
    let mut names: BTreeSet<String> =
        built_in.flat_map(|file| catalog::read(file.name, file.text).texts.into_keys()).collect();
    names.extend(files.iter().flat_map(|(_, read)| read.texts.keys().cloned()));
    let mut faults = Vec::new();
    let mut seen: BTreeMap<&str, &Path> = BTreeMap::new();
    for (path, read) in files {
        let file = path.display().to_string();
        faults.extend(read.faults.iter().cloned());
        faults.extend(catalog::disagreements(&file, read, &names));
        for (name, text) in &read.texts {
            if let Some(other) = seen.insert(name, path) {
                let what = format!("{name} stands in {} too", other.display());
                faults.push(Fault { file: file.clone(), line: text.line, what });
            }
        }
    }
    faults
}

fn is_text(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "ftl")
}

/// What is in a folder, by name.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, TextsError> {
    let unreadable = |source| TextsError::Unreadable { path: folder.to_owned(), source };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        if paths.len() >= TEXT_FILES_MAX {
            return Err(TextsError::TooMany(folder.to_owned()));
        }
        paths.push(entry.map_err(unreadable)?.path());
    }
    paths.sort();
    Ok(paths)
}

fn text_of(path: &Path) -> Result<String, TextsError> {
    let unreadable = |source| TextsError::Unreadable { path: path.to_owned(), source };
    if fs::metadata(path).map_err(unreadable)?.len() > TEXT_FILE_BYTES_MAX {
        return Err(TextsError::TooLarge(path.to_owned()));
    }
    let text = fs::read_to_string(path).map_err(unreadable)?;
    // Editors on Windows put a mark in front.
    Ok(text.strip_prefix('\u{feff}').map_or_else(|| text.clone(), str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::texts::Texts;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    #[test]
    fn a_file_adds_a_language_and_corrects_one() {
        let folder = folder(&[
            ("lo.ftl", "common-language-name = ລາວ\ncommon-yes = ແມ່ນ\n"),
            ("km/mine.ftl", "\u{feff}common-yes = ចា៎ះ\n"),
            ("es-PE/a.ftl", "common-yes = ya\n"),
            ("readme.txt", "not a text"),
        ]);
        let texts = Texts::with_folder(folder.path()).unwrap();
        let lao = texts.language("lo-LA");
        assert_eq!((lao.tag(), lao.text("common-yes").as_str()), ("lo", "ແມ່ນ"));
        // What the file does not say is said in English, with the figures of English.
        assert_eq!(lao.text("common-no"), "no");
        assert_eq!(texts.language("km").text("common-yes"), "ចា៎ះ");
        assert_eq!(
            texts.language("km").text("common-no"),
            Texts::built_in().language("km").text("common-no")
        );
        let peru = texts.language("es-PE");
        assert_eq!((peru.text("common-yes").as_str(), peru.text("common-no").as_str()), ("ya", "no"));
        assert_eq!((peru.tag(), peru.number(12_345).as_str()), ("es-PE", "12,345"));
        assert_eq!(texts.language("es").text("common-yes"), "sí");
        assert!(texts.languages().iter().any(|language| language.name == "ລາວ"));
    }

    #[test]
    fn everything_wrong_is_said_with_file_and_line() {
        let folder = folder(&[
            ("lo/a.ftl", "common-yes = a\ncommon-mony = b\n"),
            ("lo/b.ftl", "\ncommon-yes = a\ncommon-days = b\n"),
        ]);
        let said = Texts::with_folder(folder.path()).unwrap_err().to_string();
        for wrong in [
            "lo/a.ftl:2: there is no text common-mony; is common-money meant?",
            "lo/b.ftl:2: common-yes stands in ",
            "lo/b.ftl:3: common-days leaves out $count",
        ] {
            assert!(said.contains(wrong), "{said}");
        }
    }

    #[test]
    fn what_is_not_a_language_is_refused() {
        let named = folder(&[("not a language.ftl", "common-yes = a\n")]);
        assert!(matches!(Texts::with_folder(named.path()), Err(TextsError::NotALanguage(_))));
        let large = folder(&[("lo.ftl", &"#".repeat(usize::try_from(TEXT_FILE_BYTES_MAX).unwrap() + 1))]);
        assert!(matches!(Texts::with_folder(large.path()), Err(TextsError::TooLarge(_))));
        let none = folder(&[]);
        let gone = none.path().join("gone");
        assert!(matches!(Texts::with_folder(&gone), Err(TextsError::Unreadable { .. })));
    }
}
