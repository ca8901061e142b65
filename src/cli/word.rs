//! Words of the model as values of flags.

use serde::de::DeserializeOwned;
use serde::de::value::{Error, StrDeserializer};

/// Reads a word in the spelling of the files and of the interface; the error lists the words there are.
pub(super) fn word<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    T::deserialize(StrDeserializer::<Error>::new(text)).map_err(|error| {
        let text = error.to_string();
        text.split_once("expected ").map_or(text.clone(), |(_, expected)| format!("expected {expected}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::facility::Frequency;

    #[test]
    fn words_are_those_of_the_interface() {
        assert_eq!(word("four-weekly"), Ok(Frequency::FourWeekly));
        let refused = word::<Frequency>("sometimes").unwrap_err();
        assert!(refused.starts_with("expected one of `daily`, `weekly`"), "{refused}");
    }
}
