//! The operator's folder, and the one way in which a roster changes.
//!
//! ```text
//! node.toml keys.age certificate.pem roster.json data/   the operator's own node
//! operator/operator.age                                  private keys of the authority and of the roster
//! operator/authority.pem  operator/roster.json           what is in force
//! operator/issued.json                                   every certificate ever issued
//! operator/requests/  operator/certificates/             of each member, the newest
//! bundles/<member>.bundle                                what members pick up
//! ```
//!
//! The roster file is where a change becomes true. The bundles that belong to a new version are written under other
//! names before it and renamed after it; what a crash leaves of that is finished or thrown away at the next start.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::super::membership::{
    Bundle, BundleDocument, EncryptedShare, Fingerprint, MembershipError, make_folder, operator_fingerprint,
    read_bounded, read_text, remove_if_there, write_atomically,
};
use crate::ca::{self, CertificateAuthority, Serial};
use crate::clock::UnixTime;
use crate::keyring::{OperatorKeys, Unlock};
use crate::limits;
use crate::model::member::{MemberId, NetworkId};
use crate::roster::{Role, Roster, RosterDocument};
use crate::secret::SecretBytes;
use crate::signing::{Signed, SignedError, SigningKey};

/// Bytes of a roster's file: the roster in base64 and its signature.
const ROSTER_FILE_BYTES_MAX: usize = 2 * limits::ROSTER_BYTES_MAX;

/// One certificate that was issued.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Issued {
    member: MemberId,
    serial: String,
    not_after: UnixTime,
    /// Since when it is on the revocation list.
    revoked: Option<UnixTime>,
}

/// The paths of an operator's folder.
#[derive(Clone, Debug)]
pub(super) struct Paths(pub(super) PathBuf);

impl Paths {
    pub(super) fn own(&self, name: &str) -> PathBuf {
        self.0.join("operator").join(name)
    }

    pub(super) fn request(&self, member: &MemberId) -> PathBuf {
        self.own("requests").join(format!("{member}.request"))
    }

    pub(super) fn certificate(&self, member: &MemberId) -> PathBuf {
        self.own("certificates").join(format!("{member}.pem"))
    }

    fn bundles(&self) -> PathBuf {
        self.0.join("bundles")
    }

    pub(super) fn bundle(&self, member: &MemberId) -> PathBuf {
        self.bundles().join(format!("{member}.bundle"))
    }

    /// A bundle whose roster is not in force yet.
    fn staged(&self, member: &MemberId) -> PathBuf {
        self.bundles().join(format!(".{member}.bundle.next"))
    }

    pub(super) fn make_folders(&self) -> Result<(), MembershipError> {
        for folder in [self.own("requests"), self.own("certificates"), self.bundles()] {
            make_folder(&folder)?;
        }
        Ok(())
    }
}

/// An operator's folder whose keys are unlocked.
#[derive(Debug)]
pub struct OperatorFolder {
    pub(super) paths: Paths,
    pub(super) authority: CertificateAuthority,
    key: SigningKey,
    roster: Roster,
}

/// Reads the roster in force, verified under the key that the folder's keys hold.
fn read_roster(path: &Path, key: &SigningKey) -> Result<Roster, MembershipError> {
    let bytes = read_bounded(path, ROSTER_FILE_BYTES_MAX)?;
    let signed: Signed<RosterDocument> = serde_json::from_slice(&bytes).map_err(|e| {
        MembershipError::Form { path: path.to_owned(), what: "a signed roster", problem: e.to_string() }
    })?;
    Ok(Roster::verify(signed, &key.verify_key())?)
}

pub(super) fn roster_file(roster: &Roster) -> Vec<u8> {
    let mut file = serde_json::to_vec_pretty(roster.signed()).expect("bytes and a signature");
    file.push(b'\n');
    file
}

/// Signs a roster, and verifies it as every member will.
pub(super) fn sign_roster(document: &RosterDocument, key: &SigningKey) -> Result<Roster, MembershipError> {
    let bytes = serde_json::to_vec(document).expect("a roster is plain data");
    let signed = Signed::sign(bytes, key).map_err(|e| match e {
        SignedError::TooLong(bytes) => MembershipError::Input {
            what: "the new roster",
            problem: format!("has {bytes} bytes; members accept {}", limits::ROSTER_BYTES_MAX),
        },
        SignedError::Object(inner) => MembershipError::Roster(inner),
        SignedError::Signature => unreachable!("signing does not verify"),
    })?;
    Ok(Roster::verify(signed, &key.verify_key())?)
}

/// The key that signs rosters.
pub(super) fn roster_key(keys: &OperatorKeys) -> SigningKey {
    SigningKey::from_seed(SecretBytes::new(*keys.roster_seed().expose()))
}

impl OperatorFolder {
    /// Refuses a folder that is not an operator's, before anybody is asked for a passphrase.
    pub fn check_there(folder: &Path) -> Result<(), MembershipError> {
        let keys = Paths(folder.to_owned()).own("operator.age");
        let there = fs::symlink_metadata(keys).is_ok();
        if there { Ok(()) } else { Err(MembershipError::NotAnOperator { path: folder.to_owned() }) }
    }

    /// Unlocks the operator's keys, and finishes or throws away what a crash left half done.
    pub fn open(folder: &Path, unlock: &Unlock) -> Result<Self, MembershipError> {
        Self::check_there(folder)?;
        let paths = Paths(folder.to_owned());
        let keys = OperatorKeys::load(&paths.own("operator.age"), unlock)?;
        let certificate = read_text(&paths.own("authority.pem"), limits::CERTIFICATE_PEM_BYTES_MAX)?;
        let authority = CertificateAuthority::from_pem(&certificate, keys.authority_key_pem())?;
        let key = roster_key(&keys);
        let roster = read_roster(&paths.own("roster.json"), &key)?;
        let folder = Self { paths, authority, key, roster };
        folder.finish()?;
        Ok(folder)
    }

    /// The roster in force.
    pub fn roster(&self) -> &Roster {
        &self.roster
    }

    /// The network.
    pub fn network(&self) -> &NetworkId {
        self.roster.network()
    }

    /// What members compare before they trust this operator.
    pub fn fingerprint(&self) -> Fingerprint {
        operator_fingerprint(self.network(), &self.key.verify_key())
    }

    /// The operator's own member id.
    pub fn operator(&self) -> &MemberId {
        let operator = self.roster.with_role(Role::Operator).next();
        &operator.expect("a verified roster has one operator").id
    }

    /// The signed roster as a file for members.
    pub fn roster_file(&self) -> Vec<u8> {
        roster_file(&self.roster)
    }

    /// Where the bundle of a member lies.
    pub fn bundle_path(&self, member: &MemberId) -> PathBuf {
        self.paths.bundle(member)
    }

    /// A present member.
    pub(super) fn present(&self, member: &MemberId) -> Result<&crate::roster::Member, MembershipError> {
        let found = self.roster.member(member).filter(|found| found.removed.is_none());
        found.ok_or_else(|| MembershipError::NoSuchMember(member.clone()))
    }

    /// The certificate that a member was issued last.
    pub(super) fn certificate(&self, member: &MemberId) -> Result<String, MembershipError> {
        read_text(&self.paths.certificate(member), limits::CERTIFICATE_PEM_BYTES_MAX)
    }

    /// When the revocation list in the roster has to be made anew, if there is one.
    pub fn revocations_until(&self) -> Result<Option<UnixTime>, MembershipError> {
        let list = self.roster.document().revocations.as_deref();
        Ok(list.map(ca::describe_revocation_list).transpose()?.map(|facts| facts.next_update))
    }

    /// Puts a changed roster into force as its next version, with fresh bundles for the members in `deliver` and for
    /// all that were not picked up yet. `shares` gives new shares by member.
    pub(super) fn commit(
        &mut self,
        mut document: RosterDocument,
        deliver: &BTreeSet<MemberId>,
        shares: &[(MemberId, Vec<EncryptedShare>)],
        now: UnixTime,
    ) -> Result<(), MembershipError> {
        document.version += 1;
        document.issued = now;
        document.expires = now.plus_seconds(limits::ROSTER_DAYS * 86_400);
        document.members.sort_by(|a, b| a.id.cmp(&b.id));
        document.revocations = self.revocation_list(document.revocations.is_some(), now)?;
        let roster = sign_roster(&document, &self.key)?;

        let mut members = deliver.clone();
        members.extend(self.waiting()?);
        members.retain(|id| roster.member(id).is_some_and(|member| member.removed.is_none()));
        for member in &members {
            let new = shares.iter().find(|(holder, _)| holder == member).map_or(&[][..], |(_, new)| new);
            let bundle = self.bundle_for(member, &roster, new, now)?;
            write_atomically(&self.paths.staged(member), &bundle)?;
        }
        // From here on the change is true.
        write_atomically(&self.paths.own("roster.json"), &roster_file(&roster))?;
        self.roster = roster;
        self.finish()
    }

    /// Writes the bundle of a member again, under the roster in force.
    pub(super) fn deliver(&self, member: &MemberId, now: UnixTime) -> Result<PathBuf, MembershipError> {
        let bundle = self.bundle_for(member, &self.roster, &[], now)?;
        let path = self.paths.bundle(member);
        write_atomically(&path, &bundle)?;
        Ok(path)
    }

    /// A bundle: certificate, roster, new shares, and those that still lie in the member's old one.
    fn bundle_for(
        &self,
        member: &MemberId,
        roster: &Roster,
        new: &[EncryptedShare],
        now: UnixTime,
    ) -> Result<Vec<u8>, MembershipError> {
        let mut shares = self.undelivered(member)?;
        shares.retain(|share| {
            roster.epoch(share.epoch).is_some_and(|epoch| epoch.generation == share.generation)
        });
        shares.extend_from_slice(new);
        let document = BundleDocument {
            format: 1,
            network: self.network().clone(),
            member: member.clone(),
            issued: now,
            certificate: self.certificate(member)?,
            roster_hash: roster.hash(),
            shares,
        };
        Ok(Bundle::sign(&document, roster, &self.key))
    }

    /// Shares in the bundle of a member that lies here. Deleting the bundle deletes them.
    fn undelivered(&self, member: &MemberId) -> Result<Vec<EncryptedShare>, MembershipError> {
        let path = self.paths.bundle(member);
        if fs::symlink_metadata(&path).is_err() {
            return Ok(Vec::new());
        }
        let bundle = Bundle::read(&path)?;
        let ours = *bundle.operator_key() == self.key.verify_key() && bundle.document().member == *member;
        if ours { Ok(bundle.document().shares.clone()) } else { Err(MembershipError::BundleSignature) }
    }

    /// Members whose bundle lies here.
    fn waiting(&self) -> Result<Vec<MemberId>, MembershipError> {
        self.in_bundles(|name| name.strip_suffix(".bundle"))
    }

    fn in_bundles(&self, member: impl Fn(&str) -> Option<&str>) -> Result<Vec<MemberId>, MembershipError> {
        let folder = self.paths.bundles();
        let io = |source| MembershipError::Io { path: folder.clone(), source };
        let mut found = Vec::new();
        for entry in fs::read_dir(&folder).map_err(io)? {
            let name = entry.map_err(io)?.file_name();
            let id = name.to_str().and_then(&member).and_then(|id| id.parse().ok());
            found.extend(id);
        }
        Ok(found)
    }

    /// Makes staged bundles and the node's own roster those of the roster in force.
    fn finish(&self) -> Result<(), MembershipError> {
        self.paths.make_folders()?;
        for member in self.in_bundles(|name| name.strip_prefix('.')?.strip_suffix(".bundle.next"))? {
            let staged = self.paths.staged(&member);
            let in_force =
                Bundle::read(&staged).is_ok_and(|b| b.document().roster_hash == self.roster.hash());
            if in_force {
                let io = |source| MembershipError::Io { path: staged.clone(), source };
                fs::rename(&staged, self.paths.bundle(&member)).map_err(io)?;
                fs::File::open(self.paths.bundles()).and_then(|folder| folder.sync_all()).map_err(io)?;
            } else {
                remove_if_there(&staged)?;
            }
        }
        for member in self.waiting()? {
            if self.present(&member).is_err() {
                remove_if_there(&self.paths.bundle(&member))?;
            }
        }
        let (own, bytes) = (self.paths.0.join("roster.json"), self.roster_file());
        if fs::read(&own).ok().as_ref() != Some(&bytes) {
            write_atomically(&own, &bytes)?;
        }
        Ok(())
    }

    /// Remembers a certificate, so that it can be revoked one day, and keeps it for the member's bundles.
    pub(super) fn remember(&self, member: &MemberId, certificate: &str) -> Result<(), MembershipError> {
        remember(&self.paths, member, certificate)
    }

    /// Puts a member's certificates onto the list that the next roster carries.
    pub(super) fn revoke(&self, member: &MemberId, now: UnixTime) -> Result<(), MembershipError> {
        let mut issued = read_issued(&self.paths)?;
        for certificate in issued.iter_mut().filter(|one| one.member == *member && one.revoked.is_none()) {
            certificate.revoked = Some(now);
        }
        write_issued(&self.paths, &issued)
    }

    /// The revocation list: none until the first certificate is revoked, then one for ever.
    fn revocation_list(&self, had_one: bool, now: UnixTime) -> Result<Option<String>, MembershipError> {
        let mut revoked = Vec::new();
        let issued = read_issued(&self.paths)?;
        let any = issued.iter().any(|one| one.revoked.is_some());
        // What has expired is refused for that; RFC 5280 lets it leave the list.
        for one in issued.iter().filter(|one| one.not_after >= now) {
            if let Some(since) = one.revoked {
                revoked.push((one.serial.parse::<Serial>()?, since));
            }
        }
        if !any && !had_one {
            return Ok(None);
        }
        Ok(Some(self.authority.revocation_list(&revoked, now, limits::REVOCATION_LIST_DAYS_MAX)?))
    }
}

/// See [`OperatorFolder::remember`].
pub(super) fn remember(paths: &Paths, member: &MemberId, certificate: &str) -> Result<(), MembershipError> {
    let facts = ca::describe(certificate)?;
    let mut issued = read_issued(paths)?;
    issued.push(Issued {
        member: member.clone(),
        serial: facts.serial.to_string(),
        not_after: facts.not_after,
        revoked: None,
    });
    write_issued(paths, &issued)?;
    write_atomically(&paths.certificate(member), certificate.as_bytes())
}

fn read_issued(paths: &Paths) -> Result<Vec<Issued>, MembershipError> {
    let path = paths.own("issued.json");
    if fs::symlink_metadata(&path).is_err() {
        return Ok(Vec::new());
    }
    let bytes = read_bounded(&path, limits::REVOCATION_LIST_BYTES_MAX)?;
    serde_json::from_slice(&bytes).map_err(|e| MembershipError::Form {
        path,
        what: "the list of issued certificates",
        problem: e.to_string(),
    })
}

fn write_issued(paths: &Paths, issued: &[Issued]) -> Result<(), MembershipError> {
    let bytes = serde_json::to_vec_pretty(issued).expect("plain data");
    write_atomically(&paths.own("issued.json"), &bytes)
}
