//! Texts for people. What they say is decided on lower floors; here it is only worded.

pub mod answer_text;
mod page;
pub mod reason_text;

pub use answer_text::answer_text;
pub use reason_text::reason_text;
