//! Dealing the network keys from one place, once for each epoch: every share goes to its holder encrypted, and the
//! keys themselves exist for the length of one function.

use std::collections::BTreeSet;

use super::super::membership::{EncryptedShare, MembershipError};
use super::folder::OperatorFolder;
use crate::clock::Clock;
use crate::digest::Digest;
use crate::keyring;
use crate::limits::HOLDERS_MAX;
use crate::model::member::MemberId;
use crate::roster::{Epoch, PublicKeys, Role};
use crate::secret::Entropy;
use crate::threshold::{KeyName, SecretKey, check_commitments, deal, refuse_weak};

/// What was dealt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dealt {
    /// The epoch.
    pub epoch: u32,
    /// How many holders must help.
    pub threshold: u8,
    /// The holders, in the order of their indices.
    pub holders: Vec<MemberId>,
    /// Holders that did not have the role before.
    pub newly_holders: Vec<MemberId>,
}

impl Dealt {
    /// What the choice withstands, for people.
    pub fn withstands(&self) -> String {
        withstands(self.threshold, self.holders.len())
    }
}

fn withstands(threshold: u8, holders: usize) -> String {
    let threshold = usize::from(threshold);
    if holders == 1 {
        return "1 of 1: this one holder can open everything alone, and while it is away nobody can. For a trial only."
            .to_owned();
    }
    let alone = match threshold - 1 {
        1 => "no single holder can".to_owned(),
        fewer => format!("no {fewer} of them together can"),
    };
    let away = match holders - threshold {
        0 => "none may be away".to_owned(),
        away => format!("{away} may be away"),
    };
    format!("any {threshold} of {holders} can answer; {alone}; {away}")
}

impl OperatorFolder {
    /// Deals locate, footprint and open key to `holders`, any `threshold` of whom must help, as the next epoch.
    ///
    /// The bundles of all members are written anew. Refused: a threshold of no more than half of several holders; a
    /// second epoch unless `new_epoch` says so.
    pub fn deal_keys(
        &mut self,
        holders: &[MemberId],
        threshold: u8,
        new_epoch: bool,
        clock: &dyn Clock,
        entropy: &dyn Entropy,
    ) -> Result<Dealt, MembershipError> {
        let wrong = |problem: String| MembershipError::Input { what: "--holders", problem };
        let count = u8::try_from(holders.len()).map_err(|_| wrong(format!("at most {HOLDERS_MAX}")))?;
        refuse_weak(threshold, count)?;
        let distinct: BTreeSet<&MemberId> = holders.iter().collect();
        if distinct.len() != holders.len() {
            return Err(wrong("names a member twice".to_owned()));
        }
        for holder in holders {
            self.present(holder)?;
        }
        let epoch = match self.roster().current_epoch() {
            None => 1,
            Some(last) if new_epoch => last.epoch + 1,
            Some(last) => return Err(MembershipError::DealtAlready { epoch: last.epoch }),
        };

        let mut shares: Vec<(MemberId, Vec<EncryptedShare>)> =
            holders.iter().map(|holder| (holder.clone(), Vec::new())).collect();
        let mut deal_one = |key| self.deal_one(key, epoch, threshold, count, &mut shares, entropy);
        let keys = Epoch {
            epoch,
            generation: 1,
            threshold,
            holders: holders.to_vec(),
            locate: deal_one(KeyName::Locate)?,
            footprint: deal_one(KeyName::Footprint)?,
            open: deal_one(KeyName::Open)?,
        };
        let mut document = self.roster().document().clone();
        document.epochs.push(keys);
        let mut newly_holders = Vec::new();
        for member in document.members.iter_mut().filter(|member| distinct.contains(&member.id)) {
            if member.roles.insert(Role::KeyHolder) {
                newly_holders.push(member.id.clone());
            }
        }
        // The operator's node reads the roster itself, and needs a bundle only for shares.
        let reads_it = |member: &MemberId| member == self.operator() && !distinct.contains(member);
        let everybody: BTreeSet<MemberId> =
            document.members.iter().map(|member| member.id.clone()).filter(|id| !reads_it(id)).collect();
        self.commit(document, &everybody, &shares, clock.now())?;
        Ok(Dealt { epoch, threshold, holders: holders.to_vec(), newly_holders })
    }

    /// One key: dealt, proved to be one sharing, encrypted share by share, and gone when this returns.
    fn deal_one(
        &self,
        key: KeyName,
        epoch: u32,
        threshold: u8,
        count: u8,
        shares: &mut [(MemberId, Vec<EncryptedShare>)],
        entropy: &dyn Entropy,
    ) -> Result<PublicKeys, MembershipError> {
        let dealt = deal(&SecretKey::random(entropy), threshold, count, entropy)?;
        check_commitments(threshold, &dealt.public_key, &dealt.commitments)?;
        for ((holder, encrypted), share) in shares.iter_mut().zip(&dealt.shares) {
            let recipient = &self.present(holder)?.share_recipient;
            let message = keyring::encrypt_to(recipient, &share.to_secret_bytes())?;
            encrypted.push(EncryptedShare::new(key, epoch, 1, &message));
        }
        let bytes = |point: &crate::threshold::Point| Digest(point.to_bytes());
        Ok(PublicKeys {
            public_key: bytes(&dealt.public_key),
            shares: dealt.commitments.iter().map(|commitment| bytes(&commitment.point)).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_choice_withstands() {
        assert_eq!(withstands(2, 3), "any 2 of 3 can answer; no single holder can; 1 may be away");
        assert_eq!(withstands(3, 3), "any 3 of 3 can answer; no 2 of them together can; none may be away");
        assert_eq!(withstands(3, 5), "any 3 of 5 can answer; no 2 of them together can; 2 may be away");
        assert!(withstands(1, 1).contains("trial only"));
    }
}
