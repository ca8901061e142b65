//! The texts that the program carries: one folder a language, one file an area.

/// The language whose texts decide which there are, and which stand in where another has none.
pub(super) const FALLBACK: &str = "en";

/// A file of texts.
pub(super) struct TextFile {
    /// What it is called in messages about it.
    pub(super) name: &'static str,
    /// Its text.
    pub(super) text: &'static str,
}

macro_rules! areas {
    ($tag:literal) => {
        (
            $tag,
            &[
                areas!($tag, "common"),
                areas!($tag, "answer"),
                areas!($tag, "reason"),
                areas!($tag, "receipt"),
                areas!($tag, "report"),
                areas!($tag, "console"),
                areas!($tag, "approval"),
                areas!($tag, "fault"),
                areas!($tag, "hold"),
                areas!($tag, "leaf"),
                areas!($tag, "mend"),
            ],
        )
    };
    ($tag:literal, $area:literal) => {
        TextFile {
            name: concat!($tag, "/", $area, ".ftl"),
            text: include_str!(concat!("texts/", $tag, "/", $area, ".ftl")),
        }
    };
}

/// Every language with its files.
pub(super) const BUILT_IN: &[(&str, &[TextFile])] =
    &[areas!("en"), areas!("km"), areas!("az"), areas!("fr"), areas!("es")];
