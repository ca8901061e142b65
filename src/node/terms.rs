//! The terms of a consent that is being recorded, checked against the policy.

use super::Node;
use super::consent::{ConsentError, ConsentRequest};
use super::consent_fault::ConsentFault;
use super::ground::KeptGround;
use crate::clock::UnixTime;
use crate::digest::{ConsentId, hash};
use crate::limits::IDENTIFIERS_PER_PERSON_MAX;
use crate::model::consent::{ConsentTerms, EvidenceKind, NoticeReference};
use crate::model::policy::ConsentPolicy;

fn refuse<T>(field: &'static str, why: ConsentFault) -> Result<T, ConsentError> {
    Err(ConsentError::NotAllowed { field, why })
}

impl Node {
    /// The terms, under the client's consent or under another lawful ground.
    pub(super) fn terms(
        &self,
        request: &ConsentRequest,
        ground: Option<&KeptGround>,
        now: UnixTime,
    ) -> Result<ConsentTerms, ConsentError> {
        let roster = self.roster();
        let policy = &roster.policy().consent;
        let count = request.identifiers.len();
        if count == 0 || count > IDENTIFIERS_PER_PERSON_MAX {
            return refuse("identifiers", ConsentFault::Identifiers);
        }
        let accepted = &roster.policy().identifiers.accepted;
        if let Some(other) = request.identifiers.iter().find(|i| !accepted.contains(i.scheme())) {
            return refuse("identifiers", ConsentFault::Scheme(other.scheme().clone()));
        }
        if !policy.permits(request.purpose.word(), ground.map(|ground| ground.name.as_str())) {
            return refuse("purpose", permitted(policy, ground));
        }
        if (request.evidence.kind == EvidenceKind::Order) != ground.is_some() {
            return refuse("evidence", ConsentFault::Evidence);
        }
        if request.uses == 0 || u32::from(request.uses) > policy.uses_max {
            return refuse("uses", ConsentFault::Uses { uses_max: policy.uses_max });
        }
        let from = request.from.unwrap_or(now);
        let days_max = i64::from(policy.period_days_max);
        if request.until <= from || request.until <= now {
            return refuse("until", ConsentFault::Ended);
        }
        if request.until.seconds_since(from) > days_max * 86_400 {
            return refuse("until", ConsentFault::Period { days_max: policy.period_days_max });
        }
        let notice = match ground {
            Some(_) => NoticeReference::nothing_shown(notice_hash("")),
            None => notice(policy, &request.notice_language)?,
        };
        Ok(ConsentTerms {
            consent: ConsentId::random(&*self.entropy),
            purpose: request.purpose,
            from,
            until: request.until,
            uses: request.uses,
            weak_matches: request.weak_matches,
            notice,
            evidence: request.evidence.kind,
        })
    }
}

fn permitted(policy: &ConsentPolicy, ground: Option<&KeptGround>) -> ConsentFault {
    let Some(ground) = ground else {
        return ConsentFault::Purpose { allowed: policy.purposes.join(", ") };
    };
    if let Some(declared) = policy.grounds.iter().find(|declared| declared.name == ground.name) {
        let (ground, allowed) = (declared.name.clone(), declared.purposes.join(", "));
        return ConsentFault::GroundPurpose { ground, allowed };
    }
    let known: Vec<&str> = policy.grounds.iter().map(|declared| declared.name.as_str()).collect();
    if known.is_empty() {
        return ConsentFault::NoGround;
    }
    ConsentFault::GroundUnknown { ground: ground.name.clone(), known: known.join(", ") }
}

fn notice(policy: &ConsentPolicy, language: &str) -> Result<NoticeReference, ConsentError> {
    let Some(notice) = policy.notices.iter().find(|notice| notice.language == language) else {
        let known: Vec<&str> = policy.notices.iter().map(|notice| notice.language.as_str()).collect();
        if known.is_empty() {
            return refuse("notice", ConsentFault::NoNotice);
        }
        return refuse("notice", ConsentFault::NoticeLanguage { known: known.join(", ") });
    };
    Ok(NoticeReference {
        version: notice.version.clone(),
        language: notice.language.clone(),
        hash: notice_hash(&notice.text),
    })
}

fn notice_hash(text: &str) -> crate::digest::Digest {
    hash("tallystick/notice/v1", &[text.as_bytes()])
}
