//! The names of things of the model, in a language.

use super::wording::{Sentence, Value, Words};
use crate::model::answer::{Band, UnreadableWhy};
use crate::model::consent::{EvidenceKind, Purpose};
use crate::model::facility::{FacilityKind, FacilityStatus};
use crate::model::inquiry::Role;
use crate::model::reason::Outcome;

/// A purpose, as a lender says it.
pub(super) fn purpose_sentence(purpose: Purpose) -> Sentence {
    Sentence::of(match purpose {
        Purpose::LoanApplication => "common-purpose-loan-application",
        Purpose::Guarantee => "common-purpose-guarantee",
        Purpose::Restructuring => "common-purpose-restructuring",
        Purpose::LoanMonitoring => "common-purpose-loan-monitoring",
        Purpose::SubjectAccess => "common-purpose-subject-access",
    })
}

impl Words {
    /// What the policy says, as `REFER`.
    pub fn outcome(&self, outcome: Outcome) -> String {
        self.text(match outcome {
            Outcome::Pass => "common-outcome-pass",
            Outcome::Refer => "common-outcome-refer",
            Outcome::Decline => "common-outcome-decline",
        })
    }

    /// Who somebody is in an application, as `Spouse`.
    pub fn role(&self, role: Role) -> String {
        self.text(match role {
            Role::Applicant => "common-role-applicant",
            Role::Spouse => "common-role-spouse",
            Role::HouseholdMember => "common-role-household-member",
            Role::Guarantor => "common-role-guarantor",
        })
    }

    /// A purpose, as a lender says it.
    pub fn purpose(&self, purpose: Purpose) -> String {
        self.sentence(&purpose_sentence(purpose))
    }

    /// A purpose by its code; one that a network declares itself is its code.
    pub fn purpose_of(&self, code: &str) -> String {
        code.parse().map_or_else(|_| code.to_owned(), |purpose| self.purpose(purpose))
    }

    /// A purpose, as it is said to the client.
    pub fn purpose_to_client(&self, purpose: Purpose) -> String {
        self.text(match purpose {
            Purpose::LoanApplication => "receipt-purpose-loan-application",
            Purpose::Guarantee => "receipt-purpose-guarantee",
            Purpose::Restructuring => "receipt-purpose-restructuring",
            Purpose::LoanMonitoring => "receipt-purpose-loan-monitoring",
            Purpose::SubjectAccess => "receipt-purpose-subject-access",
        })
    }

    /// How a consent is shown, as it is said to the client.
    pub fn evidence(&self, evidence: EvidenceKind) -> String {
        self.text(match evidence {
            EvidenceKind::SignedForm => "receipt-evidence-signed-form",
            EvidenceKind::Thumbprint => "receipt-evidence-thumbprint",
            EvidenceKind::OneTimePassword => "receipt-evidence-one-time-password",
            EvidenceKind::ClientKey => "receipt-evidence-client-key",
            EvidenceKind::Order => "receipt-evidence-order",
        })
    }

    /// In what capacity somebody owes.
    pub fn facility_kind(&self, kind: FacilityKind) -> String {
        self.text(match kind {
            FacilityKind::Individual => "common-kind-individual",
            FacilityKind::GroupMember => "common-kind-group-member",
            FacilityKind::Group => "common-kind-group",
            FacilityKind::Guarantor => "common-kind-guarantor",
        })
    }

    /// Where a loan stands.
    pub fn facility_status(&self, status: FacilityStatus) -> String {
        self.text(match status {
            FacilityStatus::Current => "common-status-current",
            FacilityStatus::Delinquent => "common-status-delinquent",
            FacilityStatus::Restructured => "common-status-restructured",
            FacilityStatus::WrittenOff => "common-status-written-off",
            FacilityStatus::Closed => "common-status-closed",
        })
    }

    /// A band by its usual name.
    pub fn band(&self, band: Band) -> String {
        self.text(match band {
            Band::Current => "common-band-current",
            Band::Sma0 => "common-band-sma-0",
            Band::Sma1 => "common-band-sma-1",
            Band::Sma2 => "common-band-sma-2",
            Band::Npa => "common-band-npa",
            Band::Unknown => "common-band-unknown",
        })
    }

    /// Why a row could not be read.
    pub fn unreadable(&self, why: UnreadableWhy) -> String {
        self.text(match why {
            UnreadableWhy::BadProof => "common-unreadable-bad-proof",
            UnreadableWhy::DoesNotOpen => "common-unreadable-does-not-open",
            UnreadableWhy::BadContent => "common-unreadable-bad-content",
            UnreadableWhy::UnknownCurrency => "common-unreadable-unknown-currency",
            UnreadableWhy::KeyGone => "common-unreadable-key-gone",
            UnreadableWhy::NotCovered => "common-unreadable-not-covered",
            UnreadableWhy::TooMany => "common-unreadable-too-many",
        })
    }

    /// A number of days, as `3 days`.
    pub fn days(&self, days: u32) -> String {
        self.counted("common-days", days)
    }

    /// A number of lenders, as `3 lenders`.
    pub fn lenders(&self, lenders: u32) -> String {
        self.counted("common-lenders", lenders)
    }

    /// A number of loans, as `3 loans`.
    pub fn loans(&self, loans: u32) -> String {
        self.counted("common-loans", loans)
    }

    /// A text that is given a `$count` alone.
    pub(super) fn counted(&self, key: &str, count: u32) -> String {
        self.with(key, &[("count", Value::Number(u64::from(count)))])
    }

    /// Some things as a list: `a, b and c`.
    pub fn list(&self, items: &[String]) -> String {
        let [first @ .., last] = items else { return String::new() };
        let joined = first.iter().cloned().reduce(|before, next| {
            self.with("common-list-comma", &[("first", before.into()), ("next", next.into())])
        });
        match joined {
            None => last.clone(),
            Some(first) => {
                self.with("common-list-and", &[("first", first.into()), ("last", last.as_str().into())])
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::words::texts::Texts;

    #[test]
    fn lists_of_any_length() {
        let words = Texts::built_in().language("en");
        let items = ["a", "b", "c"].map(str::to_owned);
        for (length, list) in [(0, ""), (1, "a"), (2, "a and b"), (3, "a, b and c")] {
            assert_eq!(words.list(&items[..length]), list);
        }
    }

    #[test]
    fn a_purpose_of_the_networks_own_is_its_code() {
        let words = Texts::built_in().language("en");
        assert_eq!(words.purpose_of("loan-application"), "loan application");
        assert_eq!(words.purpose_of("harvest-scheme"), "harvest-scheme");
    }
}
