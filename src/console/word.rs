//! The words of the interface for values, by which pages choose their texts.

/// The word by which a value is spelt in JSON, as keys of texts have it.
pub(super) fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
