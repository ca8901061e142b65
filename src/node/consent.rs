//! Recording consent: the leaf first, then the locate round, so that an inquiry is one round trip later.

use serde::{Deserialize, Serialize};

use super::Node;
use super::access::Beside;
use super::ask::{Ask, AskError};
use super::consent_fault::ConsentFault;
use super::ground::{GroundView, KeptGround};
use super::records::Kept;
use super::tables::CONSENTS_BY_IDENTIFIER;
use crate::clock::UnixTime;
use crate::digest::{ConsentId, Digest, TransactionId, WithdrawalCode};
use crate::keyring::KeyringError;
use crate::log::LogError;
use crate::merkle::leaf_hash;
use crate::model::consent::{self, ConsentState, ConsentTerms, EvidenceKind, Purpose};
use crate::model::identifier::{Identifier, padding_oprf_input};
use crate::model::leaf::{EvaluationKind, Leaf, LeafBody, LeafReference, PointsReference};
use crate::model::member::MemberId;
use crate::model::month::{Month, months};
use crate::model::person_name::{NotAName, person_name};
use crate::secret::{SecretVec, random_array};
use crate::store::{Durability, StoreBatch, StoreError};
use crate::threshold::{
    Blind, DleqProof, HolderIndex, KeyName, Locator, Point, blind_with, combine_and_finalize, locator,
    points_digest,
};
use crate::wire::codec::{self, CodecError};

/// Version of the encrypted consent. 1 knew no other lawful ground.
pub(super) const RECORD_VERSION: u8 = 2;

/// A consent as it is recorded.
#[derive(Clone, Debug)]
pub struct ConsentRequest {
    /// The client's identifiers.
    pub identifiers: Vec<Identifier>,
    /// What the look-up is for.
    pub purpose: Purpose,
    /// Not before; now when none.
    pub from: Option<UnixTime>,
    /// Not at or after.
    pub until: UnixTime,
    /// How many inquiries.
    pub uses: u16,
    /// Whether matches on weak identifiers alone may be opened.
    pub weak_matches: bool,
    /// Language of the notice shown.
    pub notice_language: String,
    /// What proves the consent.
    pub evidence: Evidence,
    /// Who recorded it.
    pub officer: String,
}

/// Evidence of a consent. The paper or file stays with the lender; its hash is committed to.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// Of what kind.
    pub kind: EvidenceKind,
    /// Hash of the file.
    pub digest: Digest,
}

/// What recording gave.
#[derive(Clone, Debug)]
pub struct RecordedConsent {
    /// Names the consent.
    pub consent: ConsentId,
    /// Its leaf.
    pub leaf: LeafReference,
    /// For the client's receipt; it is not kept here.
    pub withdrawal: WithdrawalCode,
    /// The client's receipt, signed ([`crate::receipt`]); it is not kept here either.
    pub receipt: String,
    /// Whether the locate round is done. When holders are out of reach it is done with the first inquiry.
    pub located: bool,
    /// Why it is not.
    pub trouble: Option<String>,
}

/// A consent as it is shown.
#[derive(Clone, Debug)]
pub struct ConsentView {
    /// What it permits.
    pub terms: ConsentTerms,
    /// Where it stands.
    pub state: ConsentState,
    /// Uses spent.
    pub uses_spent: u16,
    /// Its leaf.
    pub leaf: LeafReference,
    /// Schemes of the identifiers; the numbers are not shown.
    pub schemes: Vec<String>,
    /// Who recorded it.
    pub officer: String,
    /// Whether the locate round is done.
    pub located: bool,
    /// The lawful ground that stands in for consent, with those who approved its use.
    pub ground: Option<GroundView>,
}

/// Why a consent cannot be recorded or used.
#[derive(Debug, thiserror::Error)]
pub enum ConsentError {
    /// This node's own trouble.
    #[error(transparent)]
    Log(#[from] LogError),
    /// A row does not open under this node's key.
    #[error("a stored consent does not open under this node's key: {0}")]
    Sealed(#[from] KeyringError),
    /// A row does not parse.
    #[error(transparent)]
    Codec(#[from] CodecError),
    /// There is no such consent here.
    #[error("this node has recorded no consent {0}")]
    Unknown(ConsentId),
    /// The policy does not allow it.
    #[error("{field}: {why}")]
    NotAllowed {
        /// Which field.
        field: &'static str,
        /// Why, and the way out.
        why: ConsentFault,
    },
    /// Key holders are out of reach or refuse.
    #[error(transparent)]
    Ask(#[from] AskError),
}

impl From<StoreError> for ConsentError {
    fn from(error: StoreError) -> Self {
        Self::Log(error.into())
    }
}

/// What a point of the consent leaf is: which input, and what blinds it. Kept for the audit.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct KeptPoint {
    /// Place of the identifier in the record; none for padding.
    pub(super) identifier: Option<u16>,
    /// Month, for the footprint key.
    pub(super) month: Option<Month>,
    /// Random part of a padding input.
    pub(super) padding: [u8; 32],
    /// The blind.
    pub(super) blind: [u8; 32],
}

/// What a holder gave, kept for the audit.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct KeptHelp {
    pub(super) holder: MemberId,
    pub(super) index: u8,
    pub(super) results: Vec<[u8; 32]>,
    pub(super) proof: Option<DleqProof>,
    pub(super) leaf: u64,
}

/// What the locate round found.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Located {
    /// One for each identifier.
    pub(super) locators: Vec<Locator>,
    /// For each month, one for each identifier.
    pub(super) footprints: Vec<(Month, Vec<Locator>)>,
    /// The evaluations behind them.
    pub(super) help: Vec<KeptHelp>,
}

/// A consent as it is kept, encrypted.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct ConsentRecord {
    pub(super) transaction: TransactionId,
    pub(super) terms: ConsentTerms,
    pub(super) identifiers: Vec<Identifier>,
    pub(super) officer: String,
    pub(super) evidence: Digest,
    pub(super) salt: [u8; 32],
    pub(super) withdrawal: Digest,
    pub(super) leaf: LeafReference,
    pub(super) epoch: u32,
    pub(super) locate: Vec<KeptPoint>,
    pub(super) footprint: Vec<KeptPoint>,
    pub(super) located: Option<Located>,
    /// The lawful ground that stands in for consent.
    pub(super) ground: Option<KeptGround>,
}

impl ConsentRecord {
    fn input(&self, point: &KeptPoint) -> SecretVec {
        let identifier = point.identifier.and_then(|place| self.identifiers.get(usize::from(place)));
        match (identifier, point.month) {
            (Some(identifier), Some(month)) => month.input(identifier),
            (Some(identifier), None) => identifier.oprf_input(),
            (None, _) => padding_oprf_input(&point.padding),
        }
    }

    fn blinded(&self, points: &[KeptPoint]) -> Vec<Point> {
        let blinded = |point: &KeptPoint| {
            let blind = Blind::from_secret_bytes(&point.blind).expect("a kept blind is one of ours");
            blind_with(self.input(point).expose(), &blind).expect("identifiers are short")
        };
        points.iter().map(blinded).collect()
    }
}

/// A list of points as a leaf names it.
pub(super) fn reference(points: &[Point]) -> PointsReference {
    let count = u32::try_from(points.len()).unwrap_or(u32::MAX);
    PointsReference { count, digest: Digest(points_digest(points)) }
}

impl Node {
    /// Records a consent: durable and logged when this returns, located if enough key holders answered.
    pub async fn record_consent(&self, request: ConsentRequest) -> Result<RecordedConsent, ConsentError> {
        self.record_consent_with(request, |_| Beside::default()).await
    }

    /// The same; in the consent's own write, what `with` gives for its record.
    pub(super) async fn record_consent_with(
        &self,
        request: ConsentRequest,
        with: impl FnOnce(&mut ConsentRecord) -> Beside,
    ) -> Result<RecordedConsent, ConsentError> {
        let code = WithdrawalCode::random(&*self.entropy);
        let record = self.new_record(request, &code, None, with)?;
        let consent = record.terms.consent;
        let leaf = record.leaf;
        let receipt = self.receipt(&record, &code);
        let trouble = self.locate_if_possible(record).await?;
        let located = trouble.is_none();
        Ok(RecordedConsent { consent, leaf, withdrawal: code, receipt, located, trouble })
    }

    /// Does the locate round of a consent that was recorded just now. Gives why it could not be done yet.
    pub(super) async fn locate_if_possible(
        &self,
        record: ConsentRecord,
    ) -> Result<Option<String>, ConsentError> {
        // Who erases what was recorded waits until it is located.
        let _turn = self.turn(&record.terms.consent).await;
        match self.locate(record).await {
            Ok(_) => Ok(None),
            Err(ConsentError::Ask(error)) => Ok(Some(error.to_string())),
            Err(error) => Err(error),
        }
    }

    /// Records and logs; in the same write, what `with` gives for the record.
    pub(super) fn new_record(
        &self,
        request: ConsentRequest,
        code: &WithdrawalCode,
        ground: Option<KeptGround>,
        with: impl FnOnce(&mut ConsentRecord) -> Beside,
    ) -> Result<ConsentRecord, ConsentError> {
        let roster = self.roster();
        let epoch = roster.current_epoch().ok_or(AskError::NoKeys)?;
        let now = self.clock.now();
        let officer = person_name(&request.officer);
        let refused = |why: NotAName| ConsentError::NotAllowed { field: "officer", why: why.into() };
        let officer = officer.map_err(refused)?;
        let terms = self.terms(&request, ground.as_ref(), now)?;
        let policy = roster.policy();
        let padded = request.identifiers.len().max(policy.identifiers.identifiers_padded_to);
        let months = months(now.min(terms.from), terms.until, policy.inquiry.footprint_days);
        let kept = |place: usize, month: Option<Month>| KeptPoint {
            identifier: (place < request.identifiers.len()).then(|| u16::try_from(place).unwrap_or(u16::MAX)),
            month,
            padding: random_array(&*self.entropy),
            blind: *Blind::random(&*self.entropy).to_secret_bytes().expose(),
        };
        let locate = (0..padded).map(|place| kept(place, None)).collect();
        let places = months.iter().flat_map(|month| (0..padded).map(|place| (place, *month)));
        let footprint = places.map(|(place, month)| kept(place, Some(month))).collect();
        let mut record = ConsentRecord {
            transaction: TransactionId::random(&*self.entropy),
            terms,
            identifiers: request.identifiers,
            officer,
            evidence: request.evidence.digest,
            salt: random_array(&*self.entropy),
            withdrawal: code.hash(),
            leaf: LeafReference { index: 0, hash: Digest([0; 32]) },
            epoch: epoch.epoch,
            locate,
            footprint,
            located: None,
            ground,
        };
        let beside = with(&mut record);
        self.append_consent(record, now, beside)
    }

    fn append_consent(
        &self,
        mut record: ConsentRecord,
        now: UnixTime,
        mut beside: Beside,
    ) -> Result<ConsentRecord, ConsentError> {
        let body = LeafBody::ConsentGiven {
            terms: record.terms.clone(),
            commitment: consent_commitment(&record),
            withdrawal: record.withdrawal,
            epoch: record.epoch,
            locate: reference(&record.blinded(&record.locate)),
            footprint: reference(&record.blinded(&record.footprint)),
            ground: record.ground.as_ref().map(|ground| ground.in_leaf(&record.evidence)),
        };
        let leaf = Leaf::new(now, record.transaction, body);
        let hash = Digest(leaf_hash(&leaf.to_bytes()));
        let key = record.terms.consent.0;
        // The record names its leaf, whose index is known only while it is appended.
        let records = self.records.clone();
        let stored = record.clone();
        let index = self.identifier_rows(&record);
        let appended = self.log.append(Box::new(move |place, batch| {
            let mut stored = stored;
            stored.leaf = LeafReference { index: place, hash };
            let record = stored.leaf;
            records.put(Kept::Consent, &key, &codec::encode_secret(RECORD_VERSION, &stored), batch);
            for row in index {
                batch.put(&CONSENTS_BY_IDENTIFIER, &row, &());
            }
            batch.append(std::mem::take(&mut beside.rows));
            Ok([leaf].into_iter().chain(beside.leaf_of(record)).collect())
        }))?;
        record.leaf = appended.leaves.first().copied().unwrap_or(record.leaf);
        Ok(record)
    }

    /// Does the locate round of a consent, unless it is done.
    pub(super) async fn locate(&self, mut record: ConsentRecord) -> Result<ConsentRecord, ConsentError> {
        if record.located.is_some() {
            return Ok(record);
        }
        let roster = self.roster();
        let epoch = roster.epoch(record.epoch).ok_or(AskError::NoKeys)?;
        let rounds = [
            (EvaluationKind::Locate, KeyName::Locate, &record.locate),
            (EvaluationKind::Footprint, KeyName::Footprint, &record.footprint),
        ];
        let mut found = Vec::new();
        let mut help = Vec::new();
        for (evaluation, key, kept) in rounds {
            let points = record.blinded(kept);
            let ask = Ask {
                transaction: record.transaction,
                evaluation,
                leaf: record.leaf,
                points: &points,
                without: &[],
            };
            let helped = self.ask_holders(epoch, &ask).await?;
            let inputs: Vec<SecretVec> = kept.iter().map(|point| record.input(point)).collect();
            let blinds: Vec<Blind> = kept
                .iter()
                .map(|point| Blind::from_secret_bytes(&point.blind).expect("a kept blind is one of ours"))
                .collect();
            let results: Vec<(HolderIndex, &[Point])> =
                helped.iter().map(|help| (help.index, help.results.as_slice())).collect();
            let inputs: Vec<&[u8]> = inputs.iter().map(SecretVec::expose).collect();
            let blinds: Vec<&Blind> = blinds.iter().collect();
            let outputs = combine_and_finalize(epoch.threshold, &results, &inputs, &blinds)
                .expect("every evaluation was proved");
            let network = self.network.as_str();
            found.push(
                outputs.iter().map(|output| locator(output, key, network, epoch.epoch)).collect::<Vec<_>>(),
            );
            help.extend(helped.iter().map(KeptHelp::of));
        }
        let footprint = found.pop().unwrap_or_default();
        let locate = found.pop().unwrap_or_default();
        let persons = record.identifiers.len();
        let mut footprints: Vec<(Month, Vec<Locator>)> = Vec::new();
        for (point, locator) in record.footprint.iter().zip(footprint) {
            let (Some(month), Some(_)) = (point.month, point.identifier) else { continue };
            match footprints.last_mut() {
                Some((last, locators)) if *last == month => locators.push(locator),
                _ => footprints.push((month, vec![locator])),
            }
        }
        let locators = locate.into_iter().take(persons).collect();
        record.located = Some(Located { locators, footprints, help });
        self.put_consent(&record)?;
        Ok(record)
    }

    fn put_consent(&self, record: &ConsentRecord) -> Result<(), ConsentError> {
        let plain = codec::encode_secret(RECORD_VERSION, record);
        let mut batch = StoreBatch::new();
        self.records.put(Kept::Consent, &record.terms.consent.0, &plain, &mut batch);
        self.store.commit(batch, Durability::Synced)?;
        Ok(())
    }

    pub(super) fn consent_record(&self, consent: &ConsentId) -> Result<ConsentRecord, ConsentError> {
        let plain = self.records.get(Kept::Consent, &consent.0)?.ok_or(ConsentError::Unknown(*consent))?;
        read_record(&plain)
    }

    /// A consent as it stands now.
    pub fn consent(&self, consent: &ConsentId) -> Result<ConsentView, ConsentError> {
        self.consent_view(self.consent_record(consent)?)
    }

    /// A page of the consents that were recorded here, ordered by id, those up to and including `after` left out: and
    /// the id after which the next page begins, where there is one.
    pub fn consents(
        &self,
        after: Option<&ConsentId>,
        limit: usize,
    ) -> Result<(Vec<ConsentView>, Option<ConsentId>), ConsentError> {
        let page = self.records.page(Kept::Consent, after.map(|id| &id.0), limit)?;
        let next = if page.len() < limit { None } else { page.last().map(|(id, _)| ConsentId(*id)) };
        let kept = page.iter().filter_map(|(_, plain)| plain.as_ref());
        let views = kept.map(|plain| self.consent_view(read_record(plain)?)).collect::<Result<_, _>>()?;
        Ok((views, next))
    }

    pub(super) fn consent_view(&self, record: ConsentRecord) -> Result<ConsentView, ConsentError> {
        let entry = self.register.consent(&self.me, record.leaf.index)?;
        let entry = entry.ok_or(ConsentError::Unknown(record.terms.consent))?;
        Ok(ConsentView {
            state: self.register.state(&entry, self.clock.now())?,
            uses_spent: entry.uses_opened,
            terms: record.terms,
            leaf: record.leaf,
            schemes: record.identifiers.iter().map(|i| i.scheme().to_string()).collect(),
            officer: record.officer,
            located: record.located.is_some(),
            ground: record.ground.map(Into::into),
        })
    }

    /// Withdraws a consent at the lender itself.
    pub fn withdraw_own(&self, consent: &ConsentId) -> Result<(), ConsentError> {
        let record = self.consent_record(consent)?;
        let body = LeafBody::ConsentWithdrawn { consent: record.leaf };
        self.log.append_one(Leaf::new(self.clock.now(), record.transaction, body))?;
        Ok(())
    }
}

/// A consent as it was sealed.
pub(super) fn read_record(plain: &SecretVec) -> Result<ConsentRecord, ConsentError> {
    Ok(codec::decode_versioned(RECORD_VERSION, plain.expose(), "consent")?)
}

/// The commitment in a consent leaf.
pub(super) fn consent_commitment(record: &ConsentRecord) -> Digest {
    consent::commitment(&record.salt, &record.identifiers, &record.evidence, &record.officer)
}
