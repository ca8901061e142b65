//! The client's own report: everything that is held about her, by whom, and who asked.
//!
//! Her request is a consent for `subject-access`, and what other lenders hold is read under it like anything else; its
//! leaves are the report's leaves. Beside the answer stand the consents that this node has recorded for her.

use super::Node;
use super::answer::SignedAnswer;
use super::consent::ConsentError;
use super::inquire::{InquireError, Inquired, RefusedInquiry};
use crate::digest::ConsentId;
use crate::model::consent::Purpose;
use crate::model::dispute::HeldDispute;
use crate::model::identifier::{Identifier, Strength};
use crate::model::inquiry::{InquiryPerson, InquiryRequest, Role};
use crate::model::leaf::LeafReference;
use crate::model::subject::{HeldConsent, HeldInquiry};

/// The report.
#[derive(Clone, Debug)]
pub struct SubjectReport {
    /// The answer to her request: this lender's own book, every other lender's record, who asked, what is disputed, and
    /// what could not be read. It names the lenders.
    pub answer: SignedAnswer,
    /// The opening leaf of her request.
    pub leaf: LeafReference,
    /// Consents recorded by this lender about her, her request among them, oldest first.
    pub consents: Vec<HeldConsent>,
    /// Disputes of hers at one of whose ends this lender stands, oldest first.
    pub disputes: Vec<HeldDispute>,
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum SubjectError {
    /// The inquiry under her request failed.
    #[error(transparent)]
    Inquire(#[from] InquireError),
    /// The consent is not her own request.
    #[error("the consent is for {0}: record the client's request with the purpose subject-access")]
    OtherPurpose(Purpose),
    /// A lawful refusal; it is logged.
    #[error("the report was refused")]
    Refused(RefusedInquiry),
}

impl From<ConsentError> for SubjectError {
    fn from(error: ConsentError) -> Self {
        Self::Inquire(error.into())
    }
}

impl From<crate::log::LogError> for SubjectError {
    fn from(error: crate::log::LogError) -> Self {
        Self::Inquire(error.into())
    }
}

impl Node {
    /// Makes the report of a client under her own request. Asked again, it gives the answer that was given and what is
    /// held now, and spends no further use.
    pub async fn subject_report(&self, consent: &ConsentId) -> Result<SubjectReport, SubjectError> {
        let record = self.consent_record(consent)?;
        if record.terms.purpose != Purpose::SubjectAccess {
            return Err(SubjectError::OtherPurpose(record.terms.purpose));
        }
        if self.reported_before(consent)?.is_none() {
            self.ask_for_her(consent).await?;
        }
        let reported = self.reported_before(consent)?;
        let (answer, leaf) = reported.ok_or(ConsentError::Unknown(*consent))?;
        let consents = self.held_consents(&record.identifiers)?;
        let disputes = self.held_disputes(&record.identifiers, &consents)?;
        Ok(SubjectReport { answer, leaf, consents, disputes })
    }

    async fn ask_for_her(&self, consent: &ConsentId) -> Result<(), SubjectError> {
        let request = InquiryRequest {
            purpose: Purpose::SubjectAccess.word().to_owned(),
            persons: vec![InquiryPerson { role: Role::Applicant, consent: consent.to_string() }],
            requested: None,
            household_income: None,
            household_expenses: None,
            refinances: None,
        };
        match self.inquire(&request, None).await? {
            Inquired::Answered(_) => Ok(()),
            Inquired::Refused(refused) => Err(SubjectError::Refused(refused)),
        }
    }

    /// The newest answered inquiry under a consent, with its opening leaf.
    pub(super) fn reported_before(
        &self,
        consent: &ConsentId,
    ) -> Result<Option<(SignedAnswer, LeafReference)>, ConsentError> {
        let mut newest: Option<(SignedAnswer, LeafReference)> = None;
        self.each_inquiry(|record| {
            let person = record.persons.iter().find(|person| &person.consent == consent);
            if let (Some(person), Some((answer, _))) = (person, record.answer.as_ref())
                && newest.as_ref().is_none_or(|(_, leaf)| leaf.index < person.leaf.index)
            {
                newest = Some((answer.clone(), person.leaf));
            }
            Ok(())
        })?;
        Ok(newest)
    }

    /// Her disputes: those opened under her consents, and those about what this lender reports of her.
    fn held_disputes(
        &self,
        identifiers: &[Identifier],
        consents: &[HeldConsent],
    ) -> Result<Vec<HeldDispute>, SubjectError> {
        let now = self.clock.now();
        let hers = consents.iter().map(|held| held.terms.consent).collect();
        let opened = self.opened_under(&hers)?;
        let received = self.received_about(&self.strong(identifiers))?;
        let mut held: Vec<HeldDispute> = opened.iter().map(|kept| self.held_opened(kept, now)).collect();
        held.extend(received.iter().map(|kept| self.held_received(kept, now)));
        held.sort_by_key(|one| (one.opened, one.dispute, one.end));
        Ok(held)
    }

    /// Identifiers that are hers alone.
    fn strong(&self, identifiers: &[Identifier]) -> Vec<Identifier> {
        let schemes = self.schemes();
        let strong =
            |identifier: &&Identifier| schemes.strength(identifier.scheme()) == Some(Strength::Strong);
        identifiers.iter().filter(strong).cloned().collect()
    }

    /// Every consent recorded here about the person with these identifiers: a number that others may share does not
    /// make a consent hers.
    fn held_consents(&self, identifiers: &[Identifier]) -> Result<Vec<HeldConsent>, SubjectError> {
        let mut held = Vec::new();
        for record in self.consents_about(&self.strong(identifiers))? {
            let recorded = self.leaf_time(record.leaf)?;
            let view = self.consent_view(record)?;
            held.push(HeldConsent {
                terms: view.terms,
                state: view.state,
                uses_spent: view.uses_spent,
                leaf: view.leaf,
                recorded,
                ground: view.ground.map(|ground| ground.name),
                inquiries: Vec::new(),
            });
        }
        held.sort_by_key(|held| held.leaf.index);
        self.each_inquiry(|record| {
            for person in &record.persons {
                let under = held.iter_mut().find(|held| held.terms.consent == person.consent);
                if let Some(under) = under {
                    under.inquiries.push(HeldInquiry { transaction: record.transaction, leaf: person.leaf });
                }
            }
            Ok(())
        })?;
        for one in &mut held {
            one.inquiries.sort_by_key(|inquiry| inquiry.leaf.index);
        }
        Ok(held)
    }
}
