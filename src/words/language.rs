//! The languages in which there are texts for clients.

/// A language with its own texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// Khmer.
    Khmer,
}

/// Every language.
pub const LANGUAGES: [Language; 2] = [Language::English, Language::Khmer];

impl Language {
    /// The language of a BCP 47 tag, by its first part; none where there are no texts in it.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
        LANGUAGES.into_iter().find(|language| language.tag() == primary)
    }

    /// Its BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Khmer => "km",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_leads_to_its_language() {
        assert_eq!(Language::of_tag("km-KH"), Some(Language::Khmer));
        assert_eq!(Language::of_tag("EN"), Some(Language::English));
        assert_eq!(Language::of_tag("kmr"), None);
        assert_eq!(Language::of_tag(""), None);
        assert!(LANGUAGES.into_iter().all(|language| Language::of_tag(language.tag()) == Some(language)));
    }
}
