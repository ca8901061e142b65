//! The terms of a consent that is being recorded, checked against the policy.

use super::Node;
use super::consent::{ConsentError, ConsentRequest};
use super::ground::KeptGround;
use crate::clock::UnixTime;
use crate::digest::{ConsentId, hash};
use crate::limits::IDENTIFIERS_PER_PERSON_MAX;
use crate::model::consent::{ConsentTerms, EvidenceKind, NoticeReference};
use crate::model::policy::ConsentPolicy;

fn refuse<T>(field: &'static str, why: String) -> Result<T, ConsentError> {
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
            let why = format!("give 1 to {IDENTIFIERS_PER_PERSON_MAX} identifiers of the person");
            return refuse("identifiers", why);
        }
        let accepted = &roster.policy().identifiers.accepted;
        if let Some(other) = request.identifiers.iter().find(|i| !accepted.contains(i.scheme())) {
            return refuse("identifiers", format!("this network does not use the scheme {}", other.scheme()));
        }
        if !policy.permits(request.purpose.word(), ground.map(|ground| ground.name.as_str())) {
            return refuse("purpose", permitted(policy, ground));
        }
        if (request.evidence.kind == EvidenceKind::Order) != ground.is_some() {
            let why = "an order is evidence of a lawful ground, and of nothing else".to_owned();
            return refuse("evidence", why);
        }
        if request.uses == 0 || u32::from(request.uses) > policy.uses_max {
            return refuse("uses", format!("this network allows 1 to {}", policy.uses_max));
        }
        let from = request.from.unwrap_or(now);
        let days_max = i64::from(policy.period_days_max);
        if request.until <= from || request.until <= now {
            return refuse("until", "the consent would end before it begins".to_owned());
        }
        if request.until.seconds_since(from) > days_max * 86_400 {
            return refuse("until", format!("this network allows at most {days_max} days"));
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

fn permitted(policy: &ConsentPolicy, ground: Option<&KeptGround>) -> String {
    let Some(ground) = ground else {
        return format!("this network allows: {}", policy.purposes.join(", "));
    };
    if let Some(declared) = policy.grounds.iter().find(|declared| declared.name == ground.name) {
        return format!("the ground {} permits: {}", declared.name, declared.purposes.join(", "));
    }
    let known: Vec<&str> = policy.grounds.iter().map(|declared| declared.name.as_str()).collect();
    if known.is_empty() {
        return "the policy declares no ground but consent".to_owned();
    }
    format!("the policy declares no ground {}; it declares: {}", ground.name, known.join(", "))
}

fn notice(policy: &ConsentPolicy, language: &str) -> Result<NoticeReference, ConsentError> {
    let Some(notice) = policy.notices.iter().find(|notice| notice.language == language) else {
        let known: Vec<&str> = policy.notices.iter().map(|notice| notice.language.as_str()).collect();
        if known.is_empty() {
            let why = "the policy has no notice to show to a client: the operator adds [[consent.notices]] to it and \
                       puts it into force with `tally network policy`";
            return refuse("notice", why.to_owned());
        }
        return refuse("notice", format!("this network has notices in: {}", known.join(", ")));
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
