//! The texts of a client's own report, by language. A text that is missing in one of them does not compile.

use super::language::Language;
use crate::model::answer::UnreadableWhy;
use crate::model::consent::ConsentState;
use crate::model::dispute::DisputeState;
use crate::model::facility::{FacilityKind, FacilityStatus};
use crate::model::leaf::DisputeOutcome;

/// Texts of a report in one language.
#[derive(Debug)]
pub(super) struct SubjectWords {
    pub(super) title: &'static str,
    pub(super) made_by: &'static str,
    pub(super) made_at: &'static str,
    pub(super) network: &'static str,
    pub(super) your_request: &'static str,
    pub(super) log_leaf: &'static str,
    pub(super) this_lender: &'static str,
    pub(super) other_lenders: &'static str,
    pub(super) nothing: &'static str,
    pub(super) as_of: &'static str,
    pub(super) loan: &'static str,
    pub(super) state: &'static str,
    pub(super) disbursed: &'static str,
    pub(super) outstanding: &'static str,
    pub(super) overdue: &'static str,
    pub(super) days_past_due: &'static str,
    pub(super) instalment: &'static str,
    pub(super) opened: &'static str,
    pub(super) matures: &'static str,
    pub(super) disputed: &'static str,
    pub(super) possible: &'static str,
    pub(super) who_asked: &'static str,
    pub(super) when: &'static str,
    pub(super) lender: &'static str,
    pub(super) purpose: &'static str,
    pub(super) amount: &'static str,
    pub(super) disputes: &'static str,
    pub(super) lender_says: &'static str,
    pub(super) record: &'static str,
    pub(super) consents: &'static str,
    pub(super) consent: &'static str,
    pub(super) recorded: &'static str,
    pub(super) period: &'static str,
    pub(super) uses: &'static str,
    pub(super) ground: &'static str,
    pub(super) inquiries: &'static str,
    pub(super) completeness: &'static str,
    pub(super) complete: &'static str,
    pub(super) not_complete: &'static str,
    pub(super) missing: &'static str,
    pub(super) stale: &'static str,
    pub(super) not_read: &'static str,
    pub(super) not_reported: &'static str,
    pub(super) rights: &'static str,
    pub(super) your_rights: &'static str,
    language: Language,
}

impl SubjectWords {
    /// The texts of a language.
    pub(super) fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &ENGLISH,
            Language::Khmer => &KHMER,
        }
    }

    /// In what capacity she owes.
    pub(super) fn kind(&self, kind: FacilityKind) -> &'static str {
        match (self.language, kind) {
            (Language::English, FacilityKind::Individual) => "your own loan",
            (Language::English, FacilityKind::GroupMember) => "your own loan in a group",
            (Language::English, FacilityKind::Group) => "loan to your group",
            (Language::English, FacilityKind::Guarantor) => "loan of another that you guarantee",
            (Language::Khmer, FacilityKind::Individual) => "កម្ចីផ្ទាល់ខ្លួនរបស់អ្នក",
            (Language::Khmer, FacilityKind::GroupMember) => "កម្ចីផ្ទាល់ខ្លួនក្នុងក្រុម",
            (Language::Khmer, FacilityKind::Group) => "កម្ចីរបស់ក្រុមអ្នក",
            (Language::Khmer, FacilityKind::Guarantor) => "កម្ចីអ្នកដទៃដែលអ្នកធានា",
        }
    }

    /// Where a loan stands.
    pub(super) fn status(&self, status: FacilityStatus) -> &'static str {
        match (self.language, status) {
            (Language::English, FacilityStatus::Current) => "running, nothing overdue",
            (Language::English, FacilityStatus::Delinquent) => "running, overdue",
            (Language::English, FacilityStatus::Restructured) => "running under changed terms",
            (Language::English, FacilityStatus::WrittenOff) => "written off, still owed",
            (Language::English, FacilityStatus::Closed) => "ended",
            (Language::Khmer, FacilityStatus::Current) => "កំពុងដំណើរការ គ្មានហួសកំណត់",
            (Language::Khmer, FacilityStatus::Delinquent) => "កំពុងដំណើរការ ហួសកំណត់សង",
            (Language::Khmer, FacilityStatus::Restructured) => "កំពុងដំណើរការ តាមលក្ខខណ្ឌថ្មី",
            (Language::Khmer, FacilityStatus::WrittenOff) => "បានលុបចេញពីបញ្ជី តែនៅជំពាក់",
            (Language::Khmer, FacilityStatus::Closed) => "បានបញ្ចប់",
        }
    }

    /// Where a consent stands.
    pub(super) fn consent_state(&self, state: ConsentState) -> &'static str {
        match (self.language, state) {
            (Language::English, ConsentState::Requested) => "asked for",
            (Language::English, ConsentState::Given) => "in force",
            (Language::English, ConsentState::Refused) => "refused by you",
            (Language::English, ConsentState::Withdrawn) => "withdrawn",
            (Language::English, ConsentState::Expired) => "ended",
            (Language::English, ConsentState::UsedUp) => "used",
            (Language::Khmer, ConsentState::Requested) => "បានស្នើសុំ",
            (Language::Khmer, ConsentState::Given) => "នៅមានសុពលភាព",
            (Language::Khmer, ConsentState::Refused) => "អ្នកបានបដិសេធ",
            (Language::Khmer, ConsentState::Withdrawn) => "បានដកវិញ",
            (Language::Khmer, ConsentState::Expired) => "ផុតកំណត់",
            (Language::Khmer, ConsentState::UsedUp) => "បានប្រើរួច",
        }
    }

    /// Where a dispute stands.
    pub(super) fn dispute_state(&self, state: DisputeState, outcome: Option<DisputeOutcome>) -> &'static str {
        let english = self.language == Language::English;
        match (state, outcome) {
            (DisputeState::Sending, _) if english => "on its way to the lender",
            (DisputeState::Sending, _) => "កំពុងផ្ញើទៅអ្នកឱ្យខ្ចី",
            (DisputeState::Refused, _) if english => "the lender's system does not take it",
            (DisputeState::Refused, _) => "ប្រព័ន្ធរបស់អ្នកឱ្យខ្ចីមិនទទួលវា",
            (DisputeState::Open, _) if english => "with the lender, not answered yet",
            (DisputeState::Open, _) => "នៅអ្នកឱ្យខ្ចី មិនទាន់ឆ្លើយ",
            (DisputeState::Accepted, _) if english => "the lender will correct it",
            (DisputeState::Accepted, _) => "អ្នកឱ្យខ្ចីនឹងកែតម្រូវ",
            (DisputeState::Rejected, _) if english => "the lender does not agree",
            (DisputeState::Rejected, _) => "អ្នកឱ្យខ្ចីមិនយល់ស្រប",
            (DisputeState::Resolved, Some(DisputeOutcome::Corrected)) if english => "closed: corrected",
            (DisputeState::Resolved, Some(DisputeOutcome::Corrected)) => "បានបិទ៖ បានកែតម្រូវ",
            (DisputeState::Resolved, Some(DisputeOutcome::TakenBack)) if english => {
                "closed: you took it back"
            }
            (DisputeState::Resolved, Some(DisputeOutcome::TakenBack)) => "បានបិទ៖ អ្នកបានដកវិញ",
            (DisputeState::Resolved, _) if english => "closed: the lender's report stands",
            (DisputeState::Resolved, _) => "បានបិទ៖ របាយការណ៍របស់អ្នកឱ្យខ្ចីនៅដដែល",
        }
    }

    /// Why a row could not be read.
    pub(super) fn unreadable(&self, why: UnreadableWhy) -> &'static str {
        match (self.language, why) {
            (Language::English, UnreadableWhy::BadProof) => "its proof does not hold",
            (Language::English, UnreadableWhy::DoesNotOpen) => "it does not open under the network's key",
            (Language::English, UnreadableWhy::BadContent) => "what is inside is no record",
            (Language::English, UnreadableWhy::UnknownCurrency) => "its currency is not known here",
            (Language::English, UnreadableWhy::KeyGone) => "the key of its time is gone",
            (Language::English, UnreadableWhy::NotCovered) => "its lender has not signed for it yet",
            (Language::English, UnreadableWhy::TooMany) => "there are more rows than one opening takes",
            (Language::Khmer, UnreadableWhy::BadProof) => "ភស្តុតាងរបស់វាមិនត្រឹមត្រូវ",
            (Language::Khmer, UnreadableWhy::DoesNotOpen) => "មិនអាចបើកដោយសោរបស់បណ្តាញ",
            (Language::Khmer, UnreadableWhy::BadContent) => "ខ្លឹមសារមិនមែនជាកំណត់ត្រា",
            (Language::Khmer, UnreadableWhy::UnknownCurrency) => "មិនស្គាល់រូបិយប័ណ្ណ",
            (Language::Khmer, UnreadableWhy::KeyGone) => "សោសម្រាប់ពេលនោះលែងមានហើយ",
            (Language::Khmer, UnreadableWhy::NotCovered) => "អ្នកឱ្យខ្ចីមិនទាន់បានចុះហត្ថលេខាលើវា",
            (Language::Khmer, UnreadableWhy::TooMany) => "មានជួរទិន្នន័យច្រើនជាងអាចបើកម្តង",
        }
    }
}

const ENGLISH: SubjectWords = SubjectWords {
    title: "What is held about you",
    made_by: "Made by",
    made_at: "Made on",
    network: "Network of lenders",
    your_request: "Your request",
    log_leaf: "Log and leaf",
    this_lender: "What this lender reports about you",
    other_lenders: "What other lenders report about you",
    nothing: "Nothing.",
    as_of: "as of",
    loan: "Loan",
    state: "State",
    disbursed: "Paid out",
    outstanding: "Still owed",
    overdue: "Overdue",
    days_past_due: "Days past due",
    instalment: "Instalment",
    opened: "Since",
    matures: "Until",
    disputed: "you dispute it",
    possible: "Lenders that hold a record under your telephone number or name alone; it may be somebody else's, and was \
               not opened:",
    who_asked: "Who asked about you",
    when: "When",
    lender: "Lender",
    purpose: "For",
    amount: "Amount",
    disputes: "What you dispute",
    lender_says: "The lender says",
    record: "Record",
    consents: "Consents that this lender recorded for you",
    consent: "Consent",
    recorded: "Recorded",
    period: "From, until",
    uses: "Used",
    ground: "Without your consent, on the ground of",
    inquiries: "Look-ups under it (log leaves)",
    completeness: "Whether this is everything",
    complete: "Every lender of the network has answered with fresh data.",
    not_complete: "Not everything could be read. These lenders may hold more about you:",
    missing: "not heard from",
    stale: "its figures are old",
    not_read: "could not be read:",
    not_reported: "not reported",
    rights: "What you can do",
    your_rights: "If something is wrong, tell the lender that reports it, or any lender of the network, which must pass \
                  it on. You can withdraw a consent with the code on its receipt at any lender or at the association. \
                  You can ask for this report again.",
    language: Language::English,
};

const KHMER: SubjectWords = SubjectWords {
    title: "ទិន្នន័យដែលរក្សាទុកអំពីអ្នក",
    made_by: "ធ្វើដោយ",
    made_at: "ធ្វើនៅថ្ងៃ",
    network: "បណ្តាញអ្នកឱ្យខ្ចី",
    your_request: "សំណើរបស់អ្នក",
    log_leaf: "កំណត់ហេតុ និងលេខរៀង",
    this_lender: "អ្វីដែលអ្នកឱ្យខ្ចីនេះរាយការណ៍អំពីអ្នក",
    other_lenders: "អ្វីដែលអ្នកឱ្យខ្ចីផ្សេងទៀតរាយការណ៍អំពីអ្នក",
    nothing: "គ្មាន។",
    as_of: "គិតត្រឹមថ្ងៃ",
    loan: "កម្ចី",
    state: "ស្ថានភាព",
    disbursed: "ប្រាក់ដែលបានបើក",
    outstanding: "នៅជំពាក់",
    overdue: "ហួសកំណត់",
    days_past_due: "ចំនួនថ្ងៃហួសកំណត់",
    instalment: "ប្រាក់សងម្តង",
    opened: "ចាប់ពី",
    matures: "រហូតដល់",
    disputed: "អ្នកបានតវ៉ា",
    possible: "អ្នកឱ្យខ្ចីដែលមានកំណត់ត្រាក្រោមលេខទូរស័ព្ទ ឬឈ្មោះរបស់អ្នកតែប៉ុណ្ណោះ។ វាអាចជារបស់អ្នកផ្សេង ហើយមិនត្រូវបានបើកមើលទេ៖",
    who_asked: "អ្នកណាបានសួរអំពីអ្នក",
    when: "ពេលណា",
    lender: "អ្នកឱ្យខ្ចី",
    purpose: "សម្រាប់",
    amount: "ចំនួនទឹកប្រាក់",
    disputes: "អ្វីដែលអ្នកតវ៉ា",
    lender_says: "អ្នកឱ្យខ្ចីឆ្លើយថា",
    record: "កំណត់ត្រា",
    consents: "ការយល់ព្រមដែលអ្នកឱ្យខ្ចីនេះបានកត់ត្រាសម្រាប់អ្នក",
    consent: "ការយល់ព្រម",
    recorded: "បានកត់ត្រា",
    period: "ចាប់ពី រហូតដល់",
    uses: "បានប្រើ",
    ground: "ដោយគ្មានការយល់ព្រមពីអ្នក ផ្អែកលើមូលដ្ឋាន",
    inquiries: "ការមើលក្រោមការយល់ព្រមនេះ (លេខរៀងកំណត់ហេតុ)",
    completeness: "តើនេះជាអ្វីៗទាំងអស់ឬទេ",
    complete: "អ្នកឱ្យខ្ចីទាំងអស់ក្នុងបណ្តាញបានឆ្លើយដោយទិន្នន័យថ្មី។",
    not_complete: "មិនអាចអានបានទាំងអស់ទេ។ អ្នកឱ្យខ្ចីទាំងនេះអាចមានទិន្នន័យបន្ថែមអំពីអ្នក៖",
    missing: "មិនបានទទួលដំណឹង",
    stale: "តួលេខរបស់វាចាស់",
    not_read: "មិនអាចអានបាន៖",
    not_reported: "មិនបានរាយការណ៍",
    rights: "អ្វីដែលអ្នកអាចធ្វើបាន",
    your_rights: "ប្រសិនបើមានអ្វីខុស សូមប្រាប់អ្នកឱ្យខ្ចីដែលរាយការណ៍ ឬអ្នកឱ្យខ្ចីណាមួយក្នុងបណ្តាញ ដែលត្រូវបញ្ជូនបន្ត។ \
                  អ្នកអាចដកការយល់ព្រមវិញដោយប្រើលេខកូដនៅលើបង្កាន់ដៃ នៅអ្នកឱ្យខ្ចីណាមួយ ឬនៅសមាគម។ \
                  អ្នកអាចស្នើសុំរបាយការណ៍នេះម្តងទៀត។",
    language: Language::Khmer,
};
