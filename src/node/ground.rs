//! Lawful grounds other than the client's consent: declared by the policy, approved by two persons, shown apart.

use serde::{Deserialize, Serialize};

use super::Node;
use super::access::Beside;
use super::approval::Approval;
use super::consent::{ConsentError, ConsentRecord, ConsentRequest};
use crate::digest::{ConsentId, Digest, WithdrawalCode};
use crate::model::approval::{GROUND_APPROVALS, ground_commitment};
use crate::model::leaf::{LawfulGround, LeafReference};

/// A lawful ground as it is recorded.
#[derive(Clone, Debug)]
pub struct GroundRequest {
    /// What is asked for. Its evidence is the order, its `notice_language` counts for nothing: nothing is shown.
    pub terms: ConsentRequest,
    /// Name of the ground, as the policy declares it.
    pub name: String,
    /// The two persons who approve.
    pub approved_by: Vec<String>,
}

/// What recording a ground gave. There is no receipt and no code: nobody consented.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedGround {
    /// Names it, as a consent is named.
    pub consent: ConsentId,
    /// Its leaf.
    pub leaf: LeafReference,
    /// Whether the locate round is done.
    pub located: bool,
    /// Why it is not.
    pub trouble: Option<String>,
}

/// A ground as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroundView {
    /// Its name.
    pub name: String,
    /// Who approved.
    pub approved_by: Vec<String>,
}

/// A ground as it is kept, encrypted, in the consent's record.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct KeptGround {
    pub(super) name: String,
    pub(super) approval: Approval,
}

impl KeptGround {
    /// What the leaf says of it: the name, and a commitment to name, order and persons.
    pub(super) fn in_leaf(&self, order: &Digest) -> LawfulGround {
        let Approval { approved_by, salt } = &self.approval;
        let approval = ground_commitment(salt, &self.name, order, approved_by);
        LawfulGround { name: self.name.clone(), approval }
    }
}

impl From<KeptGround> for GroundView {
    fn from(kept: KeptGround) -> Self {
        Self { name: kept.name, approved_by: kept.approval.approved_by }
    }
}

impl Node {
    /// Records a lawful ground: durable and logged when this returns, located if enough key holders answered.
    pub async fn record_ground(&self, request: GroundRequest) -> Result<RecordedGround, ConsentError> {
        self.record_ground_with(request, |_| Beside::default()).await
    }

    /// The same; in the ground's own write, what `with` gives for its record.
    pub(super) async fn record_ground_with(
        &self,
        request: GroundRequest,
        with: impl FnOnce(&mut ConsentRecord) -> Beside,
    ) -> Result<RecordedGround, ConsentError> {
        let record = self.append_ground(request, with)?;
        let (consent, leaf) = (record.terms.consent, record.leaf);
        let trouble = self.locate_if_possible(record).await?;
        Ok(RecordedGround { consent, leaf, located: trouble.is_none(), trouble })
    }

    /// Records and logs a lawful ground, located later; in the same write, what `with` gives for its record.
    pub(super) fn append_ground(
        &self,
        request: GroundRequest,
        with: impl FnOnce(&mut ConsentRecord) -> Beside,
    ) -> Result<ConsentRecord, ConsentError> {
        let GroundRequest { terms, name, approved_by } = request;
        let approval = Approval::of(&approved_by, GROUND_APPROVALS, &*self.entropy)?;
        // A code that nobody is given: the leaf has the form of every other, and only the lender withdraws it.
        let code = WithdrawalCode::random(&*self.entropy);
        self.new_record(terms, &code, Some(KeptGround { name, approval }), with)
    }
}
