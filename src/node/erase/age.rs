//! What the policy permits to erase today, and what it does not yet.

use std::collections::BTreeMap;

use super::{Change, Kept, Node};
use crate::log::LogError;
use crate::model::day::Day;
use crate::model::leaf::{ErasureGround, LeafReference};

/// A record: its kind and id.
type RecordKey = (u8, [u8; 16]);

/// What may go, and what stays with the first day on which it may go.
pub(super) type Parted = (Vec<Change>, Vec<(LeafReference, Day)>);

fn record(change: &Change) -> RecordKey {
    (change.kept as u8, change.id)
}

impl Node {
    /// Parts what the ground permits to erase today from what it does not yet. A record is erased whole or not at all, and
    /// a consent together with the inquiries under it, which it explains: the youngest leaf decides.
    pub(super) fn old_enough(&self, changes: Vec<Change>, ground: ErasureGround) -> Result<Parted, LogError> {
        let roster = self.roster();
        let policy = roster.policy();
        let days = match ground {
            ErasureGround::Order => return Ok((changes, Vec::new())),
            ErasureGround::ClientRequest => policy.log.audit_days,
            ErasureGround::RetentionOver => policy.audit.retention_days,
        };
        let now = self.clock.now();
        let mut kept_until: BTreeMap<RecordKey, Day> = BTreeMap::new();
        for change in &changes {
            let from = self.leaf_time(change.of)?.plus_seconds(i64::from(days) * 86_400);
            if from > now {
                raise(&mut kept_until, record(change), Day::of(from).plus_days(1));
            }
        }
        // A household's inquiry joins its persons' consents, and each of these its other inquiries.
        loop {
            let mut raised = false;
            for change in &changes {
                let Some(consent) = change.under else { continue };
                let (inquiry, consent) = (record(change), (Kept::Consent as u8, consent.0));
                let day = kept_until.get(&inquiry).max(kept_until.get(&consent)).copied();
                if let Some(day) = day {
                    raised |= raise(&mut kept_until, inquiry, day) | raise(&mut kept_until, consent, day);
                }
            }
            if !raised {
                break;
            }
        }
        let (mut old, mut young) = (Vec::new(), Vec::new());
        for change in changes {
            match kept_until.get(&record(&change)) {
                Some(day) => young.push((change.of, *day)),
                None => old.push(change),
            }
        }
        Ok((old, young))
    }
}

/// Sets the later day. True when that changed something.
fn raise(kept_until: &mut BTreeMap<RecordKey, Day>, key: RecordKey, day: Day) -> bool {
    let before = kept_until.get(&key).copied();
    if before >= Some(day) {
        return false;
    }
    kept_until.insert(key, day);
    true
}
