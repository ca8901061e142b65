//! Texts for people. What they say is decided on lower floors; here it is only worded.

mod answer;
mod answer_sums;
mod built_in;
mod catalog;
mod fault_text;
mod figures;
mod folder;
mod html;
mod leaf_text;
mod load_text;
mod mend_text;
mod naming;
mod pack_page;
mod page;
mod qr;
pub mod reason_text;
mod receipt_page;
mod report_naming;
mod sheet;
mod subject_report;
mod texts;
mod wording;

pub use answer::{answer_page, answer_text};
pub use catalog::Fault;
pub use folder::TextsError;
pub use load_text::{file_sentence, hold_sentence, load_refusal_sentence, not_closed_sentence};
pub use mend_text::{
    consent_fault_sentence, dispute_fault_sentence, dispute_hindrance_sentence, erase_sentence,
    name_sentence, other_purpose_sentence, proposal_text_sentence, question_sentence,
};
pub use pack_page::pack_page;
pub use qr::svg as qr_svg;
pub use reason_text::reason_text;
pub use receipt_page::{receipt_page, token_of_page};
pub use subject_report::{Subject, subject_page, subject_text};
pub use texts::{LanguageName, Texts};
pub use wording::{Sentence, Value, Words};
