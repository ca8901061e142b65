//! What happens in the world: loans, consents, inquiries; samples of all of it; checks.

use tallystick::audit::Folder;
use tallystick::audit::binding::{
    Against, Binding, CheckError, ExportedLog, Form, FormOf, Report, Rule, SourceLoan, check,
};
use tallystick::audit::sample::{Candidates, SAMPLE_VERSION, Sample};
use tallystick::clock::Clock as _;
use tallystick::digest::Digest;
use tallystick::model::consent::{EvidenceKind, Purpose};
use tallystick::model::day::Day;
use tallystick::model::facility::{Facility, FacilityKind, FacilityReference, FacilityStatus, Frequency};
use tallystick::model::identifier::Identifier;
use tallystick::model::inquiry::{InquiryPerson, InquiryRequest, Role};
use tallystick::model::loan::Loan;
use tallystick::node::{ConsentRequest, Evidence, GroundRequest, Inquired, RecordedConsent, RecordedGround};
use tallystick::secret::SystemEntropy;

use crate::world::{Export, LENDERS, World, id, identifier};

pub(crate) fn loan(account: &str, client: &str, identifiers: &[&str], today: Day) -> Loan {
    Loan {
        account: account.to_owned(),
        client: client.to_owned(),
        branch: "main".to_owned(),
        as_of: today,
        identifiers: identifiers.iter().map(|text| identifier(text)).collect(),
        facility: Facility {
            reference: FacilityReference([0; 16]),
            kind: FacilityKind::Individual,
            status: FacilityStatus::Current,
            currency: "USD".parse().unwrap(),
            disbursed: Some(100_000),
            outstanding: Some(50_000),
            overdue: Some(0),
            days_past_due: Some(0),
            days_past_due_worst: Some(0),
            instalment: Some(5_000),
            frequency: Some(Frequency::Monthly),
            rate_yearly_basis_points: Some(1800),
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

impl World {
    pub(crate) fn today(&self) -> Day {
        Day::of(self.clock.now())
    }

    pub(crate) fn load(&self, lender: &str, loans: Vec<Loan>) {
        self.node(lender).book().upsert(loans, 1, &SystemEntropy::new()).unwrap();
    }

    /// A client of two lenders, another of one, and a third who is nobody's.
    pub(crate) async fn with_loans() -> Self {
        let world = Self::new();
        let today = world.today();
        world.load("lender-a", vec![loan("A-1", "1", &["kh-nid:010203040", "phone:012345678"], today)]);
        world.load(
            "lender-b",
            vec![
                loan("B-1", "9", &["kh-nid:010203040"], today),
                loan("B-2", "8", &["kh-nid:999888777", "phone:012999888"], today),
            ],
        );
        world.settle().await;
        world
    }

    /// Records a consent at a lender.
    pub(crate) async fn consent(&self, lender: &str, identifiers: &[&str]) -> RecordedConsent {
        self.consent_for(lender, identifiers, 1, 1).await
    }

    /// Records a consent at a lender for some uses within some days.
    pub(crate) async fn consent_for(
        &self,
        lender: &str,
        identifiers: &[&str],
        uses: u16,
        days: i64,
    ) -> RecordedConsent {
        let request = ConsentRequest {
            identifiers: identifiers.iter().map(|text| identifier(text)).collect(),
            purpose: Purpose::LoanApplication,
            from: None,
            until: self.clock.now().plus_seconds(days * 86_400),
            uses,
            weak_matches: true,
            notice_language: "en".to_owned(),
            evidence: Evidence { kind: EvidenceKind::SignedForm, digest: Digest([7; 32]) },
            officer: "sokha".to_owned(),
        };
        self.node(lender).record_consent(request).await.unwrap()
    }

    /// Records a lawful ground at a lender.
    pub(crate) async fn ground(&self, lender: &str, identifiers: &[&str]) -> RecordedGround {
        let terms = ConsentRequest {
            identifiers: identifiers.iter().map(|text| identifier(text)).collect(),
            purpose: Purpose::LoanMonitoring,
            from: None,
            until: self.clock.now().plus_seconds(86_400),
            uses: 1,
            weak_matches: false,
            notice_language: String::new(),
            evidence: Evidence { kind: EvidenceKind::Order, digest: Digest([11; 32]) },
            officer: "sokha".to_owned(),
        };
        let approved_by = ["Sok Dara", "Chan Thy"].map(str::to_owned).to_vec();
        let request = GroundRequest { terms, name: "court-order".to_owned(), approved_by };
        self.node(lender).record_ground(request).await.unwrap()
    }

    /// Asks under consents.
    pub(crate) async fn inquire(&self, lender: &str, consents: &[&RecordedConsent]) {
        let roles = [Role::Applicant, Role::Spouse];
        let persons = consents
            .iter()
            .zip(roles)
            .map(|(consent, role)| InquiryPerson { role, consent: consent.consent.to_string() });
        let request = InquiryRequest {
            purpose: "loan-application".to_owned(),
            persons: persons.collect(),
            requested: None,
            household_income: None,
            household_expenses: None,
            refinances: None,
        };
        let asked = self.node(lender).inquire(&request, None).await.unwrap();
        assert!(matches!(asked, Inquired::Answered(_)), "refused");
        self.settle().await;
    }

    /// Every leaf of a lender that has points.
    pub(crate) fn sample(&self, lender: &str) -> Sample {
        let export = self.export(lender);
        let mut candidates = Candidates::default();
        let log = ExportedLog::read(&export, Some(&self.operator.verify_key()), &mut |at, leaf| {
            candidates.add(at, leaf);
        })
        .unwrap();
        let seed = Digest([3; 32]);
        let leaves = candidates.draw(&log.manifest.origin, &log.checkpoint, &seed, 1_000);
        assert_eq!(leaves.len(), candidates.count());
        Sample {
            v: SAMPLE_VERSION,
            network: log.manifest.network,
            member: log.manifest.member,
            origin: log.manifest.origin,
            checkpoint: log.checkpoint,
            drawn_at: self.clock.now(),
            seed,
            count: 1_000,
            leaves,
        }
    }

    /// The binding as the lender's own node makes it.
    pub(crate) fn bind(&self, lender: &str) -> Binding {
        self.node(lender).make_binding(&self.sample(lender)).unwrap()
    }

    /// Checks a binding against exports of everybody, as of now.
    pub(crate) fn check(&self, binding: &Binding, with: &With<'_>) -> Report {
        self.try_check(binding, with).unwrap()
    }

    /// The same of a binding that may not fit any export.
    pub(crate) fn try_check(&self, binding: &Binding, with: &With<'_>) -> Result<Report, CheckError> {
        let known = LENDERS.iter().find(|name| id(name) == binding.head.member).unwrap_or(&LENDERS[0]);
        let export = self.export(known);
        let others: Vec<Export> =
            LENDERS.iter().filter(|name| *name != known).map(|name| self.export(name)).collect();
        let peers: Vec<&dyn Folder> = others.iter().map(|other| other as &dyn Folder).collect();
        let against = Against {
            export: &export,
            peers: &peers,
            operator: Some(self.operator.verify_key()),
            sample: with.sample,
            forms: with.forms,
            loans: with.loans,
        };
        check(binding, &against)
    }
}

/// What the auditor brings.
#[derive(Clone, Copy, Default)]
pub(crate) struct With<'a> {
    pub(crate) sample: Option<&'a Sample>,
    pub(crate) forms: &'a [Form],
    pub(crate) loans: Option<&'a [SourceLoan]>,
}

pub(crate) fn form(consent: &RecordedConsent, text: &str) -> Form {
    Form { of: FormOf::Consent(consent.consent), identifier: identifier(text) }
}

pub(crate) fn source(account: &str, identifier: Identifier) -> SourceLoan {
    SourceLoan { account: account.to_owned(), identifier }
}

/// The rules that were found, each with its leaf.
pub(crate) fn rules(report: &Report) -> Vec<(Rule, Option<u64>)> {
    report.findings.iter().map(|finding| (finding.rule, finding.leaf)).collect()
}

/// Nothing was found; says what was, otherwise.
pub(crate) fn clean(report: &Report) {
    assert!(report.findings.is_empty(), "{:#?}", report.findings);
}
