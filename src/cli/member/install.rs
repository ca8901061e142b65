//! Installing a bundle: everything in it is checked before anything is written.
//!
//! What is written, in this order: shares into the keys' file, certificate, roster, and last the pinned operator key.
//! Each is replaced whole, and all may be written again, so that a crash in between is mended by installing again.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::super::membership::{
    Bundle, EncryptedShare, Fingerprint, MembershipError, operator_fingerprint, read_bounded, read_text,
    write_atomically,
};
use crate::audit::keys::public_keys;
use crate::ca;
use crate::clock::{Clock, ManualClock};
use crate::config::{Config, pin_operator_key};
use crate::keyring::{KeyShareEntry, NodeKeys, Unlock, WorkFactor};
use crate::limits;
use crate::model::node_identity::NodeIdentity;
use crate::node::PublicHalf;
use crate::roster::{Epoch, Roster, RosterDocument};
use crate::signing::{Signed, VerifyKey};
use crate::threshold::{HolderIndex, KeyName, KeyShare, Point, ShareCommitment, check_commitments};
use crate::transport::{PeerTls, TlsIdentity, TrustAnchor};

/// Why the operator of a first bundle is believed.
#[derive(Clone, Copy, Debug)]
pub enum Trust {
    /// Its fingerprint was given, as heard from the operator.
    Fingerprint(Fingerprint),
    /// A person compared the fingerprint that was shown, or says that none is needed.
    Confirmed,
}

/// A bundle that was found right for this node. Nothing is written yet.
#[derive(Debug)]
pub struct Checked<'a> {
    config: &'a Config,
    bundle: &'a Bundle,
    certificate_is_newer: bool,
    roster_is_newer: bool,
}

/// What installing changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    /// Whether the operator key was pinned just now.
    pub pinned: bool,
    /// Whether the certificate is another one than before.
    pub certificate: bool,
    /// Version of the roster, and whether it is another one than before.
    pub roster: (u64, bool),
    /// Epochs whose shares are new in the keys' file.
    pub new_shares: Vec<u32>,
}

/// Checks a bundle against this node's configuration, its keys and what is installed already.
pub fn check<'a>(
    config: &'a Config,
    bundle: &'a Bundle,
    keys: &NodeKeys,
    clock: &dyn Clock,
) -> Result<Checked<'a>, MembershipError> {
    let (document, roster) = (bundle.document(), bundle.roster());
    if document.network != config.network {
        let (ours, found) = (config.network.clone(), document.network.clone());
        return Err(MembershipError::OtherNetwork { ours, found });
    }
    if document.member != config.member {
        let (ours, found) = (config.member.clone(), document.member.clone());
        return Err(MembershipError::OtherMember { ours, found });
    }
    if let Some(pinned) = config.operator_key.as_ref().filter(|pinned| *pinned != bundle.operator_key()) {
        let pinned = operator_fingerprint(&config.network, pinned);
        return Err(MembershipError::OtherOperator { pinned, found: bundle.fingerprint() });
    }
    check_listed(config, roster, keys)?;
    let roster_is_newer = is_newer_roster(config, roster, bundle.operator_key())?;
    check_tls(config, bundle, keys, clock)?;
    let certificate_is_newer = is_newer_certificate(config, &document.certificate)?;
    for epoch in &roster.document().epochs {
        check_epoch(epoch)?;
    }
    decrypt(config, bundle, keys)?;
    Ok(Checked { config, bundle, certificate_is_newer, roster_is_newer })
}

impl Checked<'_> {
    /// What is to be compared with the operator.
    pub fn fingerprint(&self) -> Fingerprint {
        self.bundle.fingerprint()
    }

    /// Whether this node has no pinned operator key yet, so that somebody must compare the fingerprint.
    pub fn is_first(&self) -> bool {
        self.config.operator_key.is_none()
    }

    /// Installs what was checked. A fingerprint that was given is compared, also where a key is pinned already.
    pub fn install(
        self,
        trust: Trust,
        keys: &mut NodeKeys,
        unlock: &Unlock,
    ) -> Result<Installed, MembershipError> {
        if let Trust::Fingerprint(expected) = trust {
            let found = self.fingerprint();
            if expected != found {
                return Err(MembershipError::FingerprintDiffers { expected, found });
            }
        }
        let (config, bundle) = (self.config, self.bundle);
        let new_shares = add_shares(decrypt(config, bundle, keys)?, keys)?;
        if !new_shares.is_empty() {
            keys.save(&config.keys, unlock, WorkFactor::default())?;
        }
        if self.certificate_is_newer {
            write_atomically(&config.certificate, bundle.document().certificate.as_bytes())?;
        }
        if self.roster_is_newer {
            write_roster(config, bundle.roster())?;
        }
        let pinned = self.is_first();
        if pinned {
            let path = config.path();
            let text = read_text(path, limits::CONFIG_BYTES_MAX)?;
            write_atomically(path, pin_operator_key(&text, path, bundle.operator_key())?.as_bytes())?;
        }
        Ok(Installed {
            pinned,
            certificate: self.certificate_is_newer,
            roster: (bundle.roster().version(), self.roster_is_newer),
            new_shares,
        })
    }
}

/// Installs a roster that came as a file, signed by the pinned operator key; its version, and whether it is another
/// one than before. It may say that this node is no member any more: that is for the node to know too.
pub fn install_roster(config: &Config, path: &Path) -> Result<(u64, bool), MembershipError> {
    let key = config.pinned_operator_key()?;
    let bytes = read_bounded(path, 2 * limits::ROSTER_BYTES_MAX)?;
    let signed = serde_json::from_slice(&bytes).map_err(|e| MembershipError::Form {
        path: path.to_owned(),
        what: "a signed roster",
        problem: e.to_string(),
    })?;
    let roster = Roster::verify(signed, key)?;
    if *roster.network() != config.network {
        let (ours, found) = (config.network.clone(), roster.network().clone());
        return Err(MembershipError::OtherNetwork { ours, found });
    }
    let is_newer = is_newer_roster(config, &roster, key)?;
    if is_newer {
        write_roster(config, &roster)?;
    }
    Ok((roster.version(), is_newer))
}

fn write_roster(config: &Config, roster: &Roster) -> Result<(), MembershipError> {
    let mut file = serde_json::to_vec_pretty(roster.signed()).expect("bytes and a signature");
    file.push(b'\n');
    write_atomically(&config.roster, &file)
}

/// That the roster lists this node, as a member now, with the keys that the node has.
fn check_listed(config: &Config, roster: &Roster, keys: &NodeKeys) -> Result<(), MembershipError> {
    let listed = roster.member(&config.member).filter(|member| member.removed.is_none());
    let listed = listed.ok_or_else(|| MembershipError::NotListed(config.member.clone()))?;
    let own = PublicHalf::of(keys, &config.network, &config.member);
    for (which, same) in [
        ("log", own.log_key.to_string() == listed.log_key),
        ("cosigner", own.cosigner_key.to_string() == listed.cosigner_key),
        ("feed", own.feed_key == listed.feed_key),
        ("answer", own.answer_key == listed.answer_key),
        ("share", own.share_recipient == listed.share_recipient),
    ] {
        if !same {
            return Err(MembershipError::KeyDiffers { which });
        }
    }
    Ok(())
}

/// Whether a roster is newer than the one installed. An older one, or another of the same version, is
/// refused. One that is installed but not of this operator counts for nothing: nobody follows it.
fn is_newer_roster(config: &Config, new: &Roster, key: &VerifyKey) -> Result<bool, MembershipError> {
    if fs::symlink_metadata(&config.roster).is_err() {
        return Ok(true);
    }
    let bytes = read_bounded(&config.roster, 2 * limits::ROSTER_BYTES_MAX)?;
    let signed: Option<Signed<RosterDocument>> = serde_json::from_slice(&bytes).ok();
    let Some(installed) = signed.and_then(|signed| Roster::verify(signed, key).ok()) else {
        return Ok(true);
    };
    let (installed_version, found) = (installed.version(), new.version());
    if found < installed_version {
        return Err(MembershipError::OlderRoster { installed: installed_version, found });
    }
    if found == installed_version && installed.hash() != new.hash() {
        return Err(MembershipError::TwoRosters(found));
    }
    Ok(found > installed_version)
}

/// Whether the bundle's certificate begins later than the one installed, or there is none that can be read.
fn is_newer_certificate(config: &Config, certificate: &str) -> Result<bool, MembershipError> {
    let new = ca::describe(certificate)?;
    let installed = read_text(&config.certificate, limits::CERTIFICATE_PEM_BYTES_MAX).ok();
    let Some(old) = installed.and_then(|pem| ca::describe(&pem).ok()) else { return Ok(true) };
    Ok(old.identity != new.identity || (new.not_before, new.not_after) > (old.not_before, old.not_after))
}

/// That certificate, private key and authority fit, and that other members would let this node in now.
fn check_tls(
    config: &Config,
    bundle: &Bundle,
    keys: &NodeKeys,
    clock: &dyn Clock,
) -> Result<(), MembershipError> {
    let identity = TlsIdentity::from_pem(&bundle.document().certificate, keys.tls_private_key_pem())?;
    if *identity.identity() != NodeIdentity::new(config.network.clone(), config.member.clone()) {
        let found = identity.identity().member.clone();
        return Err(MembershipError::OtherMember { ours: config.member.clone(), found });
    }
    let roster = bundle.roster().document();
    let revocations: Vec<&str> = roster.revocations.as_deref().into_iter().collect();
    let anchor = TrustAnchor::from_pem(&roster.certificate_authority, &revocations)?;
    let now = Arc::new(ManualClock::new(clock.now()));
    PeerTls::new(identity, &anchor, now)?.check().map_err(MembershipError::Certificate)
}

/// That the commitments of an epoch are those of one sharing, whoever dealt it.
fn check_epoch(epoch: &Epoch) -> Result<(), MembershipError> {
    for key in [KeyName::Locate, KeyName::Footprint, KeyName::Open] {
        let public = public_keys(epoch, key);
        let mut commitments = Vec::with_capacity(public.shares.len());
        for (place, share) in (1u8..).zip(&public.shares) {
            let (index, point) = (HolderIndex::new(place)?, Point::from_bytes(&share.0)?);
            commitments.push(ShareCommitment { index, point });
        }
        check_commitments(epoch.threshold, &Point::from_bytes(&public.public_key.0)?, &commitments)?;
    }
    Ok(())
}

/// The bundle's shares, each found to be what the roster commits to at this holder's index.
fn decrypt(config: &Config, bundle: &Bundle, keys: &NodeKeys) -> Result<Vec<KeyShareEntry>, MembershipError> {
    let mut entries = Vec::new();
    for share in &bundle.document().shares {
        let EncryptedShare { key, epoch, generation, .. } = *share;
        let wrong = |problem| MembershipError::Share { key: key.as_str(), epoch, problem };
        let listed = bundle.roster().epoch(epoch).filter(|listed| listed.generation == generation);
        let listed = listed.ok_or_else(|| wrong("is of a generation that the roster does not list"))?;
        let index = listed.index_of(&config.member);
        let index = index.ok_or_else(|| wrong("is not this member's: the roster lists other holders"))?;
        let secret = keys.decrypt_share(&share.message()?)?;
        let opened = KeyShare::from_secret_bytes(secret.expose())?;
        let committed = public_keys(listed, key).shares.get(usize::from(index) - 1);
        if opened.index().get() != index || committed.is_none_or(|c| c.0 != opened.commitment().to_bytes()) {
            return Err(wrong("is not the one that the roster commits to"));
        }
        entries.push(KeyShareEntry::new(key.as_str(), epoch, generation, index, secret));
    }
    Ok(entries)
}

/// Adds shares; the epochs of those that were not there.
fn add_shares(entries: Vec<KeyShareEntry>, keys: &mut NodeKeys) -> Result<Vec<u32>, MembershipError> {
    let mut new = Vec::new();
    for entry in entries {
        let epoch = entry.epoch();
        if keys.share(entry.key(), epoch, entry.generation()).is_none() && !new.contains(&epoch) {
            new.push(epoch);
        }
        keys.add_share(entry)?;
    }
    Ok(new)
}
