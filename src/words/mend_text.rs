//! What is wrong with what an officer asked for, and the way out.

use super::naming::purpose_sentence;
use super::wording::{Sentence, Value};
use crate::limits::{
    APPROVALS_MAX, DISPUTE_TEXT_CHARS_MAX, IDENTIFIERS_PER_PERSON_MAX, PERSON_NAME_CHARS_MAX,
    PROPOSAL_NOTE_CHARS_MAX,
};
use crate::model::consent::Purpose;
use crate::model::inquiry::{InquiryError, TERM_MONTHS_MAX};
use crate::model::money::MoneyError;
use crate::node::{
    ConsentFault, DisputeFault, DisputeHindrance, EraseError, InquireError, ProposalTextFault,
};

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

/// A field of a question, as its form names it.
fn field(name: &str) -> Value {
    match name {
        "requested.amount" => Sentence::of("console-question-amount").into(),
        "requested.instalment" => Sentence::of("console-question-instalment").into(),
        "requested.term_months" => Sentence::of("console-question-term").into(),
        "household_income" => Sentence::of("console-question-income").into(),
        "household_expenses" => Sentence::of("console-question-expenses").into(),
        other => other.into(),
    }
}

/// Why a question cannot be asked like this; none where it is not about the question.
pub fn question_sentence(error: &InquireError) -> Option<Sentence> {
    Some(match error {
        InquireError::Question(error) => inquiry_sentence(error),
        InquireError::ConsentId(_) => Sentence::of("mend-consent-number"),
        InquireError::Unfinished(inquiry) => {
            Sentence::of("mend-unfinished").with("inquiry", inquiry.to_string())
        }
        InquireError::OtherQuestion(inquiry) => {
            Sentence::of("mend-other-question").with("inquiry", inquiry.to_string())
        }
        InquireError::Consent(_) => return None,
    })
}

fn inquiry_sentence(error: &InquiryError) -> Sentence {
    let about = |key, name| Sentence::of(key).with("field", field(name));
    match error {
        InquiryError::Purpose { known } => Sentence::of("mend-purpose").with("known", known.as_str()),
        InquiryError::Persons { most } => Sentence::of("mend-persons").with("most", count(*most)),
        InquiryError::Applicants => Sentence::of("mend-applicants"),
        InquiryError::ConsentTwice => Sentence::of("mend-consent-twice"),
        InquiryError::Currency { field, currency } => {
            about("mend-currency", field).with("currency", currency.code())
        }
        InquiryError::Amount { field, source } => match source {
            MoneyError::Decimals { currency, exponent } => about("mend-amount-decimals", field)
                .with("decimals", u64::from(*exponent))
                .with("currency", currency.code()),
            MoneyError::Overflow => about("mend-amount-large", field),
            MoneyError::Amount | MoneyError::Currency => about("mend-amount-form", field),
        },
        InquiryError::TooLittle { field, least: ..=0 } => about("mend-negative", field),
        InquiryError::TooLittle { field, .. } => about("mend-zero", field),
        InquiryError::Term => {
            about("mend-term", "requested.term_months").with("most", u64::from(TERM_MONTHS_MAX))
        }
    }
}

/// Why a consent for `purpose` does not permit the client's own report.
pub fn other_purpose_sentence(purpose: Purpose) -> Sentence {
    Sentence::of("mend-other-purpose").with("purpose", purpose_sentence(purpose))
}

/// Why a value about a dispute cannot be used.
pub fn dispute_fault_sentence(fault: &DisputeFault) -> Sentence {
    match fault {
        DisputeFault::NobodyConsented => Sentence::of("mend-dispute-nobody-consented"),
        DisputeFault::Withdrawn => Sentence::of("mend-dispute-withdrawn"),
        DisputeFault::Facility { shown } => {
            Sentence::of("mend-dispute-facility").with("shown", count(*shown))
        }
        DisputeFault::NoMember(member) => {
            Sentence::of("mend-dispute-no-member").with("member", member.as_str())
        }
        DisputeFault::NoReasons => Sentence::of("mend-dispute-no-reasons"),
        DisputeFault::Name(_) => name_sentence(),
        DisputeFault::Text(_) => {
            Sentence::of("mend-dispute-text").with("most", count(DISPUTE_TEXT_CHARS_MAX))
        }
    }
}

/// Why where a dispute stands does not allow a step.
pub fn dispute_hindrance_sentence(hindrance: DisputeHindrance) -> Sentence {
    Sentence::of(match hindrance {
        DisputeHindrance::Closed => "mend-dispute-closed",
        DisputeHindrance::Answered => "mend-dispute-answered",
        DisputeHindrance::NotRejected => "mend-dispute-not-rejected",
        DisputeHindrance::OpenerCloses => "mend-dispute-opener-closes",
        DisputeHindrance::NotAnswered => "mend-dispute-not-answered",
        DisputeHindrance::NotCorrected => "mend-dispute-not-corrected",
    })
}

/// What is not taken for the name of a person.
pub fn name_sentence() -> Sentence {
    Sentence::of("mend-name").with("most", count(PERSON_NAME_CHARS_MAX))
}

/// Why a consent, a ground or an approval cannot be as it was given.
pub fn consent_fault_sentence(fault: &ConsentFault) -> Sentence {
    match fault {
        ConsentFault::Identifiers => {
            Sentence::of("mend-identifiers").with("most", count(IDENTIFIERS_PER_PERSON_MAX))
        }
        ConsentFault::NoIdentifier => Sentence::of("mend-no-identifier"),
        ConsentFault::Scheme(scheme) => Sentence::of("mend-scheme").with("scheme", scheme.as_str()),
        ConsentFault::Purpose { allowed } => {
            Sentence::of("mend-purpose-not-allowed").with("allowed", allowed.as_str())
        }
        ConsentFault::GroundPurpose { ground, allowed } => Sentence::of("mend-ground-purpose")
            .with("ground", ground.as_str())
            .with("allowed", allowed.as_str()),
        ConsentFault::NoGround => Sentence::of("mend-no-ground"),
        ConsentFault::GroundUnknown { ground, known } => {
            Sentence::of("mend-ground-unknown").with("ground", ground.as_str()).with("known", known.as_str())
        }
        ConsentFault::Evidence => Sentence::of("mend-evidence"),
        ConsentFault::Uses { uses_max } => Sentence::of("mend-uses").with("most", u64::from(*uses_max)),
        ConsentFault::Ended => Sentence::of("mend-ended"),
        ConsentFault::Period { days_max } => Sentence::of("mend-period").with("most", u64::from(*days_max)),
        ConsentFault::NoNotice => Sentence::of("mend-no-notice"),
        ConsentFault::NoticeLanguage { known } => {
            Sentence::of("mend-notice-language").with("known", known.as_str())
        }
        ConsentFault::Name(_) => name_sentence(),
        ConsentFault::TooManyApprovals => {
            Sentence::of("mend-approvals-many").with("most", count(APPROVALS_MAX))
        }
        ConsentFault::SamePerson => Sentence::of("mend-approvals-same"),
        ConsentFault::TooFewApprovals { needed } => {
            Sentence::of("mend-approvals-few").with("needed", u64::from(*needed))
        }
        ConsentFault::Order => Sentence::of("mend-order"),
        ConsentFault::Own(english) => {
            Sentence::of("console-trouble-in-english").with("english", english.as_str())
        }
    }
}

/// Why something is not erased; none where it is the node's own trouble or an approval's.
pub fn erase_sentence(error: &EraseError) -> Option<Sentence> {
    Some(match error {
        EraseError::Nothing => Sentence::of("mend-erase-nothing"),
        EraseError::TooYoung(day) => Sentence::of("mend-erase-young").with("day", *day),
        EraseError::OpenDispute(dispute) => {
            Sentence::of("mend-erase-dispute").with("dispute", dispute.to_string())
        }
        EraseError::Weak(scheme) => Sentence::of("mend-erase-weak").with("scheme", scheme.as_str()),
        EraseError::Consent(_) => return None,
    })
}

/// What is wrong with a text beside a proposal.
pub fn proposal_text_sentence(fault: ProposalTextFault) -> Sentence {
    match fault {
        ProposalTextFault::Long => {
            Sentence::of("mend-proposal-long").with("most", count(PROPOSAL_NOTE_CHARS_MAX))
        }
        ProposalTextFault::Control => Sentence::of("mend-proposal-control"),
        ProposalTextFault::NoReason => Sentence::of("mend-proposal-reason"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::TransactionId;
    use crate::model::dispute::DisputeTextError;
    use crate::model::person_name::NotAName;
    use crate::words::Texts;
    use crate::words::wording::check_said_in_every_language;

    #[test]
    fn a_question_that_cannot_be_asked_is_said_with_the_name_that_the_form_has() {
        let income = InquireError::Question(InquiryError::TooLittle { field: "household_income", least: 0 });
        let said = |tag: &str| Texts::built_in().language(tag).sentence(&question_sentence(&income).unwrap());
        assert_eq!(said("en"), "Income: it cannot be less than zero.");
        assert!(said("es").starts_with("Ingreso") && said("km").starts_with("ចំណូល"), "{}", said("es"));
    }

    #[test]
    fn every_refusal_is_said_in_every_language() {
        let currency = "USD".parse().unwrap();
        let field = "requested.amount";
        let amount = |source| InquiryError::Amount { field, source };
        let questions = [
            InquiryError::Purpose { known: "x".into() },
            InquiryError::Persons { most: 8 },
            InquiryError::Applicants,
            InquiryError::ConsentTwice,
            InquiryError::Currency { field, currency },
            amount(MoneyError::Amount),
            amount(MoneyError::Overflow),
            amount(MoneyError::Decimals { currency, exponent: 2 }),
            InquiryError::TooLittle { field, least: 0 },
            InquiryError::TooLittle { field, least: 1 },
            InquiryError::Term,
        ];
        let number = TransactionId([1; 16]);
        let faults = [
            DisputeFault::NobodyConsented,
            DisputeFault::Withdrawn,
            DisputeFault::Facility { shown: 1 },
            DisputeFault::NoMember("lender-b".parse().unwrap()),
            DisputeFault::NoReasons,
            DisputeFault::Name(NotAName),
            DisputeFault::Text(DisputeTextError),
        ];
        let hindrances = [
            DisputeHindrance::Closed,
            DisputeHindrance::Answered,
            DisputeHindrance::NotRejected,
            DisputeHindrance::OpenerCloses,
            DisputeHindrance::NotAnswered,
            DisputeHindrance::NotCorrected,
        ];
        let x = || "x".to_owned();
        let consents = [
            ConsentFault::Identifiers,
            ConsentFault::NoIdentifier,
            ConsentFault::Scheme("kh-nid".parse().unwrap()),
            ConsentFault::Purpose { allowed: x() },
            ConsentFault::GroundPurpose { ground: x(), allowed: x() },
            ConsentFault::NoGround,
            ConsentFault::GroundUnknown { ground: x(), known: x() },
            ConsentFault::Evidence,
            ConsentFault::Uses { uses_max: 3 },
            ConsentFault::Ended,
            ConsentFault::Period { days_max: 90 },
            ConsentFault::NoNotice,
            ConsentFault::NoticeLanguage { known: x() },
            ConsentFault::Name(NotAName),
            ConsentFault::TooManyApprovals,
            ConsentFault::SamePerson,
            ConsentFault::TooFewApprovals { needed: 2 },
            ConsentFault::Order,
            ConsentFault::Own(x()),
        ];
        let erasures = [
            EraseError::Nothing,
            EraseError::TooYoung("2026-11-22".parse().unwrap()),
            EraseError::OpenDispute(number),
            EraseError::Weak(x()),
        ];
        let texts = [ProposalTextFault::Long, ProposalTextFault::Control, ProposalTextFault::NoReason];
        let inquiries = [InquireError::Unfinished(number), InquireError::OtherQuestion(number)];
        let sentences: Vec<Sentence> = questions
            .iter()
            .map(inquiry_sentence)
            .chain(inquiries.iter().filter_map(question_sentence))
            .chain(faults.iter().map(dispute_fault_sentence))
            .chain(hindrances.map(dispute_hindrance_sentence))
            .chain(consents.iter().map(consent_fault_sentence))
            .chain(texts.map(proposal_text_sentence))
            .chain(erasures.iter().filter_map(erase_sentence))
            .collect();
        check_said_in_every_language(&sentences);
    }
}
