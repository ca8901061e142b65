//! Admitting a member, renewing its certificate, removing it.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::super::membership::{MemberRequest, MembershipError, RequestDocument, write_atomically};
use super::folder::OperatorFolder;
use crate::ca;
use crate::clock::{Clock, UnixTime};
use crate::model::member::MemberId;
use crate::roster::{Member, Role};
use crate::secret::Entropy;

/// What the operator decides about a new member.
#[derive(Clone, Debug)]
pub struct Admission {
    /// What it does.
    pub roles: BTreeSet<Role>,
    /// The name shown to people; that of the request when it is missing.
    pub name: Option<String>,
    /// Days that its certificate lives.
    pub certificate_days: u16,
}

/// The entry of a member in the roster.
pub(super) fn member_of(
    request: &RequestDocument,
    roles: BTreeSet<Role>,
    name: Option<String>,
    now: UnixTime,
) -> Member {
    let name = name.unwrap_or_else(|| request.name.clone());
    let addresses = request.addresses.iter().map(ToString::to_string).collect();
    Member { addresses, ..request.keys.member(request.member.clone(), name, roles, now) }
}

impl OperatorFolder {
    /// Checks that a request can be admitted here, without admitting it.
    pub fn check_request(&self, request: &MemberRequest) -> Result<(), MembershipError> {
        let asked = request.document();
        if asked.network != *self.network() {
            let (ours, found) = (self.network().clone(), asked.network.clone());
            return Err(MembershipError::OtherNetwork { ours, found });
        }
        if let Some(known) = self.roster().member(&asked.member) {
            return Err(match known.removed {
                None => MembershipError::AlreadyMember(known.id.clone()),
                Some(_) => MembershipError::NameOfRemoved(known.id.clone()),
            });
        }
        let new = member_of(asked, BTreeSet::new(), None, UnixTime(0));
        for known in &self.roster().document().members {
            let taken = [
                ("feed", known.feed_key == new.feed_key),
                ("answer", known.answer_key == new.answer_key),
                ("share", known.share_recipient == new.share_recipient),
            ];
            if let Some((which, _)) = taken.iter().find(|(_, taken)| *taken) {
                return Err(MembershipError::KeyTaken { which, member: known.id.clone() });
            }
        }
        Ok(())
    }

    /// Issues the certificate, puts the member into the next version of the roster, and writes its bundle; returns
    /// the bundle's path. That the request is the member's own is for the caller to have made sure, by its
    /// fingerprint.
    pub fn admit(
        &mut self,
        request: &MemberRequest,
        admission: &Admission,
        clock: &dyn Clock,
        entropy: &dyn Entropy,
    ) -> Result<PathBuf, MembershipError> {
        self.check_request(request)?;
        if admission.roles.contains(&Role::Operator) {
            let problem = "a network has one operator, and it is made with the network".to_owned();
            return Err(MembershipError::Input { what: "--roles", problem });
        }
        if let Some(name) = &admission.name {
            super::super::membership::check_name(name)?;
        }
        let (asked, now) = (request.document(), clock.now());
        let member = &asked.member;
        let certificate = self.authority.issue(
            &asked.certificate_request,
            member,
            now,
            admission.certificate_days,
            entropy,
        )?;
        write_atomically(&self.paths.request(member), request.file())?;
        self.remember(member, &certificate)?;
        let mut document = self.roster().document().clone();
        document.members.push(member_of(asked, admission.roles.clone(), admission.name.clone(), now));
        self.commit(document, &BTreeSet::from([member.clone()]), &[], now)?;
        Ok(self.bundle_path(member))
    }

    /// Issues a new certificate for the key of the member's request, and writes its bundle.
    pub fn renew(
        &mut self,
        member: &MemberId,
        certificate_days: u16,
        clock: &dyn Clock,
        entropy: &dyn Entropy,
    ) -> Result<PathBuf, MembershipError> {
        self.present(member)?;
        let request = MemberRequest::read(&self.paths.request(member))?;
        let asked = request.document();
        let certificate = self.authority.issue(
            &asked.certificate_request,
            member,
            clock.now(),
            certificate_days,
            entropy,
        )?;
        self.remember(member, &certificate)?;
        if member == self.operator() {
            write_atomically(&self.paths.0.join("certificate.pem"), certificate.as_bytes())?;
        }
        self.deliver(member, clock.now())
    }

    /// Writes a member's bundle again, as after a bundle was lost or is older than the roster.
    pub fn bundle(&self, member: &MemberId, clock: &dyn Clock) -> Result<PathBuf, MembershipError> {
        self.present(member)?;
        self.deliver(member, clock.now())
    }

    /// Removes a member: its certificates are revoked, its entry stays for its old rows and leaves. Refused when
    /// the holders left would be fewer than the threshold.
    pub fn remove(&mut self, member: &MemberId, clock: &dyn Clock) -> Result<(), MembershipError> {
        self.present(member)?;
        if member == self.operator() {
            return Err(MembershipError::IsOperator(member.clone()));
        }
        if let Some(epoch) = self.roster().current_epoch().filter(|epoch| epoch.index_of(member).is_some()) {
            let stays = |holder: &&MemberId| *holder != member && self.present(holder).is_ok();
            let left = epoch.holders.iter().filter(stays).count();
            let need = epoch.threshold;
            if left < usize::from(need) {
                return Err(MembershipError::TooFewHolders { member: member.clone(), left, need });
            }
        }
        let now = clock.now();
        self.revoke(member, now)?;
        let mut document = self.roster().document().clone();
        for entry in document.members.iter_mut().filter(|entry| entry.id == *member) {
            entry.removed = Some(now);
        }
        self.commit(document, &BTreeSet::new(), &[], now)
    }

    /// Puts a later version of the policy into force.
    pub fn set_policy(&mut self, policy: &str, clock: &dyn Clock) -> Result<(), MembershipError> {
        if policy == self.roster().document().policy {
            return Err(MembershipError::Unchanged("this is the policy in force; nothing was changed"));
        }
        let new = crate::model::policy::Policy::from_toml(policy)?;
        let (found, current) = (new.version, self.roster().policy().version);
        if new.name == self.roster().policy().name && found <= current {
            return Err(MembershipError::PolicyVersion { current, found });
        }
        let mut document = self.roster().document().clone();
        policy.clone_into(&mut document.policy);
        self.commit(document, &BTreeSet::new(), &[], clock.now())
    }

    /// Signs the roster anew, with new dates and a new revocation list, and without another change.
    pub fn renew_roster(&mut self, clock: &dyn Clock) -> Result<(), MembershipError> {
        let document = self.roster().document().clone();
        self.commit(document, &BTreeSet::new(), &[], clock.now())
    }

    /// Until when a member's newest certificate is valid.
    pub fn certificate_until(&self, member: &MemberId) -> Result<UnixTime, MembershipError> {
        Ok(ca::describe(&self.certificate(member)?)?.not_after)
    }
}
