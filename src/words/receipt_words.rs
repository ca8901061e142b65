//! The texts of a receipt, by language. A text that is missing in one of them does not compile.

use super::language::Language;
use crate::model::consent::{EvidenceKind, Purpose};

/// Texts of a receipt in one language.
#[derive(Debug)]
pub(super) struct ReceiptWords {
    pub(super) title: &'static str,
    pub(super) lender: &'static str,
    pub(super) network: &'static str,
    pub(super) given_at: &'static str,
    pub(super) what_it_permits: &'static str,
    pub(super) purpose: &'static str,
    pub(super) evidence: &'static str,
    pub(super) may_read: &'static str,
    pub(super) what_is_read: &'static str,
    pub(super) from: &'static str,
    pub(super) until: &'static str,
    pub(super) uses: &'static str,
    pub(super) notice: &'static str,
    pub(super) to_withdraw: &'static str,
    pub(super) how_to_withdraw: &'static str,
    pub(super) where_to_withdraw: &'static str,
    pub(super) keep_it: &'static str,
    pub(super) to_verify: &'static str,
    pub(super) how_to_verify: &'static str,
    pub(super) consent_number: &'static str,
    pub(super) log_leaf: &'static str,
    language: Language,
}

impl ReceiptWords {
    /// The texts of a language.
    pub(super) fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &ENGLISH,
            Language::Khmer => &KHMER,
        }
    }

    /// A purpose.
    pub(super) fn purpose_name(&self, purpose: Purpose) -> &'static str {
        purpose_name(purpose, self.language)
    }

    /// A kind of evidence.
    pub(super) fn evidence_name(&self, evidence: EvidenceKind) -> &'static str {
        match (self.language, evidence) {
            (Language::English, EvidenceKind::SignedForm) => "a form that you signed",
            (Language::English, EvidenceKind::Thumbprint) => "your thumbprint before a witness",
            (Language::English, EvidenceKind::OneTimePassword) => "a one-time password sent to you",
            (Language::English, EvidenceKind::ClientKey) => "a signature by your own key",
            (Language::English, EvidenceKind::Order) => "an order of a court or an authority",
            (Language::Khmer, EvidenceKind::Order) => "ដីការបស់តុលាការ ឬអាជ្ញាធរ",
            (Language::Khmer, EvidenceKind::SignedForm) => "ទម្រង់បែបបទដែលអ្នកបានចុះហត្ថលេខា",
            (Language::Khmer, EvidenceKind::Thumbprint) => "ស្នាមមេដៃរបស់អ្នកនៅចំពោះមុខសាក្សី",
            (Language::Khmer, EvidenceKind::OneTimePassword) => "លេខកូដប្រើតែម្តងដែលបានផ្ញើទៅអ្នក",
            (Language::Khmer, EvidenceKind::ClientKey) => "ហត្ថលេខាដោយសោផ្ទាល់ខ្លួនរបស់អ្នក",
        }
    }
}

/// A purpose in words for the client.
pub(super) fn purpose_name(purpose: Purpose, language: Language) -> &'static str {
    match (language, purpose) {
        (Language::English, Purpose::LoanApplication) => "your application for a loan",
        (Language::English, Purpose::Guarantee) => "your guarantee for somebody's loan",
        (Language::English, Purpose::Restructuring) => "new terms for a loan that you have",
        (Language::English, Purpose::LoanMonitoring) => "watching a loan that you have",
        (Language::English, Purpose::SubjectAccess) => "your own request to see what is held about you",
        (Language::Khmer, Purpose::LoanApplication) => "ពាក្យស្នើសុំកម្ចីរបស់អ្នក",
        (Language::Khmer, Purpose::Guarantee) => "ការធានារបស់អ្នកចំពោះកម្ចីរបស់អ្នកដទៃ",
        (Language::Khmer, Purpose::Restructuring) => "លក្ខខណ្ឌថ្មីសម្រាប់កម្ចីដែលអ្នកមាន",
        (Language::Khmer, Purpose::LoanMonitoring) => "ការតាមដានកម្ចីដែលអ្នកមាន",
        (Language::Khmer, Purpose::SubjectAccess) => "សំណើរបស់អ្នកផ្ទាល់ដើម្បីមើលទិន្នន័យអំពីអ្នក",
    }
}

const ENGLISH: ReceiptWords = ReceiptWords {
    title: "Consent receipt",
    lender: "Lender",
    network: "Network of lenders",
    given_at: "You consented on",
    what_it_permits: "What you permit",
    purpose: "For",
    evidence: "Shown by",
    may_read: "What may be read",
    what_is_read: "What you owe at other lenders of the network, how you repay it, who asked about you lately, and \
                   what you dispute",
    from: "From",
    until: "Until (not after)",
    uses: "How many times",
    notice: "Notice that was shown to you",
    to_withdraw: "To withdraw your consent",
    how_to_withdraw: "You can withdraw at any time. Show or send this code to any lender of the network or to its \
                      association; the lender named above need not agree. What was read before stays read.",
    where_to_withdraw: "Where:",
    keep_it: "Keep this receipt. Whoever has the code can withdraw your consent, and do nothing else with it.",
    to_verify: "To verify this receipt",
    how_to_verify: "The code below is this receipt, signed by the lender (JWS). Anybody can verify it with the \
                    lender's key, which the association publishes.",
    consent_number: "Consent",
    log_leaf: "Log and leaf",
    language: Language::English,
};

const KHMER: ReceiptWords = ReceiptWords {
    title: "បង្កាន់ដៃនៃការយល់ព្រម",
    lender: "អ្នកឱ្យខ្ចី",
    network: "បណ្តាញអ្នកឱ្យខ្ចី",
    given_at: "អ្នកបានយល់ព្រមនៅថ្ងៃ",
    what_it_permits: "អ្វីដែលអ្នកអនុញ្ញាត",
    purpose: "សម្រាប់",
    evidence: "បញ្ជាក់ដោយ",
    may_read: "អ្វីដែលអាចមើលបាន",
    what_is_read: "អ្វីដែលអ្នកជំពាក់អ្នកឱ្យខ្ចីផ្សេងទៀតក្នុងបណ្តាញ របៀបដែលអ្នកសង អ្នកណាបានសួរអំពីអ្នកថ្មីៗនេះ \
                   និងអ្វីដែលអ្នកតវ៉ា",
    from: "ចាប់ពី",
    until: "រហូតដល់ (មិនលើសពី)",
    uses: "ចំនួនដង",
    notice: "សេចក្តីជូនដំណឹងដែលបានបង្ហាញដល់អ្នក",
    to_withdraw: "ដើម្បីដកការយល់ព្រមវិញ",
    how_to_withdraw: "អ្នកអាចដកការយល់ព្រមវិញនៅពេលណាក៏បាន។ សូមបង្ហាញ ឬផ្ញើលេខកូដនេះទៅអ្នកឱ្យខ្ចីណាមួយក្នុងបណ្តាញ \
                      ឬទៅសមាគម។ មិនចាំបាច់មានការយល់ព្រមពីអ្នកឱ្យខ្ចីខាងលើឡើយ។ អ្វីដែលបានមើលរួចហើយ មិនអាចដកវិញបានទេ។",
    where_to_withdraw: "កន្លែងដែលអាចដក៖",
    keep_it: "សូមរក្សាទុកបង្កាន់ដៃនេះ។ អ្នកណាដែលមានលេខកូដនេះ អាចដកការយល់ព្រមរបស់អ្នកបាន ប៉ុន្តែមិនអាចធ្វើអ្វីផ្សេងទៀតបានទេ។",
    to_verify: "ដើម្បីផ្ទៀងផ្ទាត់បង្កាន់ដៃនេះ",
    how_to_verify: "កូដខាងក្រោមគឺជាបង្កាន់ដៃនេះ ដែលអ្នកឱ្យខ្ចីបានចុះហត្ថលេខា (JWS)។ អ្នកណាក៏អាចផ្ទៀងផ្ទាត់បាន \
                    ដោយប្រើសោរបស់អ្នកឱ្យខ្ចីដែលសមាគមបានផ្សព្វផ្សាយ។",
    consent_number: "លេខការយល់ព្រម",
    log_leaf: "កំណត់ហេតុ និងលេខរៀង",
    language: Language::Khmer,
};
