//! Loans, consents and questions of the tests.

use tallystick::digest::Digest;
use tallystick::model::consent::{EvidenceKind, Purpose};
use tallystick::model::day::Day;
use tallystick::model::facility::{Facility, FacilityKind, FacilityReference, FacilityStatus, Frequency};
use tallystick::model::identifier::{Identifier, SchemeSet};
use tallystick::model::inquiry::{InquiryPerson, InquiryRequest, Role};
use tallystick::model::loan::Loan;
use tallystick::node::{ConsentRequest, Evidence, Node};
use tallystick::secret::SystemEntropy;

pub(crate) fn identifier(text: &str) -> Identifier {
    Identifier::parse_pair(text, &SchemeSet::new()).unwrap()
}

pub(crate) fn loan(account: &str, client: &str, id: &str, outstanding: i64, today: Day) -> Loan {
    Loan {
        account: account.to_owned(),
        client: client.to_owned(),
        branch: "main".to_owned(),
        as_of: today,
        identifiers: vec![identifier(id)],
        facility: Facility {
            reference: FacilityReference([0; 16]),
            kind: FacilityKind::Individual,
            status: FacilityStatus::Current,
            currency: "USD".parse().unwrap(),
            disbursed: Some(outstanding * 2),
            outstanding: Some(outstanding),
            overdue: Some(0),
            days_past_due: Some(0),
            days_past_due_worst: Some(0),
            instalment: Some(outstanding / 10),
            frequency: Some(Frequency::Monthly),
            rate_yearly_basis_points: Some(1_800),
            opened: Some(today.plus_days(-100)),
            matures: Some(today.plus_days(300)),
            closed: None,
            written_off: None,
            written_off_on: None,
            loan_cycle: Some(1),
            disputed: false,
        },
    }
}

pub(crate) fn load(node: &Node, loans: Vec<Loan>) {
    node.book().upsert(loans, 1, &SystemEntropy::new()).unwrap();
}

pub(crate) fn consent(node: &Node, id: &str) -> ConsentRequest {
    ConsentRequest {
        identifiers: vec![identifier(id)],
        purpose: Purpose::LoanApplication,
        from: None,
        until: node.clock().now().plus_seconds(86_400),
        uses: 1,
        weak_matches: false,
        notice_language: "en".to_owned(),
        evidence: Evidence { kind: EvidenceKind::SignedForm, digest: Digest([7; 32]) },
        officer: "sokha".to_owned(),
    }
}

pub(crate) fn question(consent: &str) -> InquiryRequest {
    InquiryRequest {
        purpose: "loan-application".to_owned(),
        persons: vec![InquiryPerson { role: Role::Applicant, consent: consent.to_owned() }],
        requested: None,
        household_income: None,
        household_expenses: None,
        refinances: None,
    }
}
