//! Texts for people.

pub mod answer_text;
