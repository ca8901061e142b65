//! Every language: the built-in ones, and those that an association adds or corrects by files.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use fluent_bundle::FluentResource;
use unic_langid::LanguageIdentifier;

use super::built_in::{BUILT_IN, FALLBACK};
use super::catalog::read;
use super::folder::{self, TextsError};
use super::wording::Words;
use crate::limits::{ACCEPT_LANGUAGE_BYTES_MAX, ACCEPT_LANGUAGES_MAX, LANGUAGE_VARIANTS_KEPT_MAX};

/// The texts of every language. A clone is the same texts.
#[derive(Clone, Debug)]
pub struct Texts(Arc<Languages>);

/// A language that there are texts in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LanguageName {
    /// Its BCP 47 tag, as `km`.
    pub tag: String,
    /// What it calls itself, as `ខ្មែរ`.
    pub name: String,
}

#[derive(Debug)]
struct Languages {
    /// By tag.
    files: Files,
    words: BTreeMap<String, Words>,
    /// Languages with figures of another region than their own, by the tag that was asked for.
    regional: RwLock<HashMap<String, Words>>,
}

/// The files of each language by its tag; a later file has precedence.
pub(super) type Files = BTreeMap<String, Vec<Arc<FluentResource>>>;

impl Texts {
    /// The languages that the program carries.
    pub fn built_in() -> Self {
        static BUILT: LazyLock<Texts> = LazyLock::new(|| {
            let read = |files: &[super::built_in::TextFile]| {
                files.iter().map(|file| read(file.name, file.text).resource).collect()
            };
            Texts::of(BUILT_IN.iter().map(|(tag, files)| ((*tag).to_owned(), read(files))).collect())
        });
        BUILT.clone()
    }

    /// The built-in languages, with what a folder adds or says otherwise: `FOLDER/TAG.ftl`, or `FOLDER/TAG/*.ftl`.
    ///
    /// A file need not hold every text. A text that is missing comes from the built-in file of the language, else from
    /// the language without its region, else from English. Everything that is wrong with the files is said at once, by
    /// file and line.
    pub fn with_folder(folder: &Path) -> Result<Self, TextsError> {
        let mut files = Self::built_in().0.files.clone();
        for (tag, added) in folder::read_folder(folder)? {
            files.entry(tag).or_default().extend(added);
        }
        Ok(Self::of(files))
    }

    fn of(files: Files) -> Self {
        let mut words = BTreeMap::new();
        // A tag sorts before every longer one that begins with it; only the fallback must come before all.
        let fallback_first = files.iter().filter(|(tag, _)| *tag == FALLBACK).chain(&files);
        for (tag, resources) in fallback_first {
            if words.contains_key(tag) {
                continue;
            }
            let Some(language) = parsed(tag) else { continue };
            let fallback = shorter(&language).iter().find_map(|tag| words.get(tag)).or(words.get(FALLBACK));
            let made = Words::of(tag, &language, resources, fallback.cloned());
            words.insert(tag.clone(), made);
        }
        Self(Arc::new(Languages { files, words, regional: RwLock::default() }))
    }

    /// The language of a BCP 47 tag, else that of its first part, else English. Its figures are written as in the
    /// region that the tag names.
    pub fn language(&self, tag: &str) -> Words {
        self.find(tag).unwrap_or_else(|| self.fallback())
    }

    /// The same; none where there are no texts in the language.
    pub fn find(&self, tag: &str) -> Option<Words> {
        let language = parsed(tag)?;
        let asked = language.to_string();
        if let Some(words) = self.0.words.get(&asked) {
            return Some(words.clone());
        }
        let nearest = shorter(&language).iter().find_map(|tag| self.0.words.get(tag))?;
        Some(self.regional(&language, nearest))
    }

    /// Every language with its own name, by tag.
    pub fn languages(&self) -> Vec<LanguageName> {
        let named = |words: &Words| LanguageName { tag: words.tag().to_owned(), name: words.own_name() };
        self.0.words.values().map(named).collect()
    }

    /// The language that suits the header `Accept-Language` best (RFC 9110, 12.5.4); English where none does.
    pub fn negotiate(&self, accept_language: &str) -> Words {
        if accept_language.len() > ACCEPT_LANGUAGE_BYTES_MAX {
            return self.fallback();
        }
        let mut ranges: Vec<(u32, &str)> =
            accept_language.split(',').take(ACCEPT_LANGUAGES_MAX).filter_map(weighed).collect();
        ranges.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
        ranges.into_iter().find_map(|(_, tag)| self.find(tag)).unwrap_or_else(|| self.fallback())
    }

    fn fallback(&self) -> Words {
        self.0.words.get(FALLBACK).cloned().expect("the fallback is built in")
    }

    /// A language with the figures of a region that has no texts of its own.
    fn regional(&self, language: &LanguageIdentifier, nearest: &Words) -> Words {
        let asked = language.to_string();
        if let Some(made) = self.0.regional.read().unwrap_or_else(PoisonError::into_inner).get(&asked) {
            return made.clone();
        }
        let mut regional = self.0.regional.write().unwrap_or_else(PoisonError::into_inner);
        if regional.len() >= LANGUAGE_VARIANTS_KEPT_MAX {
            return nearest.clone();
        }
        let resources = self.0.files.get(nearest.tag()).map_or(&[][..], Vec::as_slice);
        let fallback = (nearest.tag() != FALLBACK).then(|| self.fallback());
        let made = Words::of(nearest.tag(), language, resources, fallback);
        regional.insert(asked, made.clone());
        made
    }
}

/// A tag in its canonical form, without variants and extensions, which no text and no figure here depends on.
pub(super) fn parsed(tag: &str) -> Option<LanguageIdentifier> {
    // `km-u-nu-khmr` is Khmer, and `km_KH.UTF-8` is what an environment says for it.
    let tag = tag.split(['.', '@']).next().unwrap_or_default().replace('_', "-");
    let parts = tag.split('-').take_while(|part| part.len() != 1);
    let mut language: LanguageIdentifier = parts.collect::<Vec<_>>().join("-").parse().ok()?;
    language.clear_variants();
    (!language.language.is_empty()).then_some(language)
}

/// The tags to look under when there is nothing under the whole of one: without its region, then without its script.
fn shorter(language: &LanguageIdentifier) -> Vec<String> {
    let mut without_region = language.clone();
    without_region.region = None;
    vec![without_region.to_string(), language.language.as_str().to_owned()]
}

/// A range of `Accept-Language` with its weight in thousandths; none where it is not accepted, or not a range.
fn weighed(range: &str) -> Option<(u32, &str)> {
    let mut parts = range.split(';').map(str::trim);
    let tag = parts.next().filter(|tag| !tag.is_empty())?;
    let weight = match parts.next() {
        None => 1_000,
        Some(weight) => thousandths(weight.strip_prefix("q=").or(weight.strip_prefix("Q="))?.trim())?,
    };
    (weight > 0).then_some((weight, tag))
}

/// A weight between 0 and 1 with at most three decimals.
fn thousandths(weight: &str) -> Option<u32> {
    let (whole, fraction) = weight.split_once('.').unwrap_or((weight, ""));
    let good = fraction.len() <= 3 && fraction.bytes().all(|b| b.is_ascii_digit());
    let fraction: u32 = good.then(|| format!("{fraction:0<3}"))?.parse().ok()?;
    match whole {
        "0" => Some(fraction),
        "1" if fraction == 0 => Some(1_000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_leads_to_its_language() {
        let texts = Texts::built_in();
        for (tag, language) in [
            ("km", "km"),
            ("km-KH", "km"),
            ("KM_kh.UTF-8", "km"),
            ("az-Latn-AZ", "az"),
            ("es-PE", "es"),
            ("en-US", "en"),
            ("fr-u-nu-latn", "fr"),
            ("kmr", "en"),
            ("C", "en"),
            ("", "en"),
            ("*", "en"),
            ("../../etc/passwd", "en"),
        ] {
            assert_eq!(texts.language(tag).tag(), language, "{tag}");
        }
        assert_eq!(texts.language("es-PE").number(1_234_567), "1,234,567");
        assert_eq!(texts.language("es").number(1_234_567), "1.234.567");
    }

    #[test]
    fn what_a_browser_accepts() {
        let texts = Texts::built_in();
        for (header, language) in [
            ("km-KH,km;q=0.9,en-US;q=0.8", "km"),
            ("de, fr;q=0.5, az;q=0.7", "az"),
            ("en;q=0.1, es", "es"),
            ("km;q=0, fr", "fr"),
            ("de;q=x, fr;q=2, az;q=0.001", "az"),
            ("*", "en"),
            ("", "en"),
        ] {
            assert_eq!(texts.negotiate(header).tag(), language, "{header}");
        }
        assert_eq!(texts.negotiate(&"km,".repeat(5_000)).tag(), "en");
    }

    #[test]
    fn regions_are_kept_up_to_a_bound() {
        let texts = Texts(Arc::new(Languages {
            files: Texts::built_in().0.files.clone(),
            words: Texts::built_in().0.words.clone(),
            regional: RwLock::default(),
        }));
        for a in b'A'..=b'Z' {
            for b in b'A'..=b'Z' {
                let region = format!("{}{}", char::from(a), char::from(b));
                assert_eq!(texts.language(&format!("km-{region}")).tag(), "km");
            }
        }
        assert_eq!(texts.0.regional.read().unwrap().len(), LANGUAGE_VARIANTS_KEPT_MAX);
    }

    #[test]
    fn languages_name_themselves() {
        let names: Vec<String> =
            Texts::built_in().languages().into_iter().map(|language| language.name).collect();
        assert_eq!(names, ["Azərbaycanca", "English", "Español", "Français", "ខ្មែរ"]);
    }
}
