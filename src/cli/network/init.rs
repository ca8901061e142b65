//! Making a network: its authority, its roster key, and version 1 of its roster.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::super::membership::{
    Fingerprint, Lock, MembershipError, NodeFolder, operator_fingerprint, write_atomically,
};
use super::admit::member_of;
use super::folder::{Paths, remember, roster_file, roster_key, sign_roster};
use crate::ca::CertificateAuthority;
use crate::clock::Clock;
use crate::config::pin_operator_key;
use crate::keyring::OperatorKeys;
use crate::limits;
use crate::model::policy::Policy;
use crate::roster::{Role, RosterDocument};
use crate::secret::Entropy;

/// What a new network is made of.
#[derive(Clone, Debug)]
pub struct NewNetwork {
    /// The operator's own node, and with it the network's name and the folder.
    pub node: NodeFolder,
    /// The policy, TOML.
    pub policy: String,
    /// Roles of the operator's node besides operator and witness.
    pub roles: BTreeSet<Role>,
}

/// A network that was made.
#[derive(Debug)]
pub struct MadeNetwork {
    /// What members compare before they trust the operator.
    pub fingerprint: Fingerprint,
    /// The configuration of the operator's node.
    pub config: PathBuf,
}

/// Makes the operator's folder: keys, authority, roster version 1, and the operator's node, ready to run.
pub fn init(
    new: &NewNetwork,
    lock: &Lock,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
) -> Result<MadeNetwork, MembershipError> {
    Policy::from_toml(&new.policy)?;
    let (now, node) = (clock.now(), &new.node);
    let paths = Paths(node.folder.clone());
    let keys_file = paths.own("operator.age");
    if std::fs::symlink_metadata(&keys_file).is_ok() {
        return Err(MembershipError::Exists { path: keys_file });
    }
    let request = node.create(lock, entropy)?;
    let (authority, authority_key) =
        CertificateAuthority::create(&node.network, now, limits::AUTHORITY_YEARS, entropy)?;
    let keys = OperatorKeys::create(authority_key, entropy);
    let key = roster_key(&keys);
    let certificate_request = &request.document().certificate_request;
    let certificate =
        authority.issue(certificate_request, &node.member, now, limits::CERTIFICATE_DAYS, entropy)?;

    let mut roles = new.roles.clone();
    roles.extend([Role::Operator, Role::Witness]);
    let roster = sign_roster(
        &RosterDocument {
            format: 1,
            network: node.network.clone(),
            version: 1,
            issued: now,
            expires: now.plus_seconds(limits::ROSTER_DAYS * 86_400),
            certificate_authority: authority.certificate_pem().to_owned(),
            revocations: None,
            members: vec![member_of(request.document(), roles, None, now)],
            epochs: Vec::new(),
            policy: new.policy.clone(),
        },
        &key,
    )?;

    paths.make_folders()?;
    write_atomically(&paths.own("authority.pem"), authority.certificate_pem().as_bytes())?;
    remember(&paths, &node.member, &certificate)?;
    write_atomically(&paths.request(&node.member), request.file())?;
    write_atomically(&paths.own("roster.json"), &roster_file(&roster))?;
    write_atomically(&node.folder.join("roster.json"), &roster_file(&roster))?;
    write_atomically(&node.folder.join("certificate.pem"), certificate.as_bytes())?;
    let config = node.folder.join("node.toml");
    let text = super::super::membership::read_text(&config, limits::CONFIG_BYTES_MAX)?;
    let pinned = pin_operator_key(&text, &config, &key.verify_key())?;
    write_atomically(&config, pinned.as_bytes())?;
    // Last: with these keys the folder is an operator's.
    keys.save_new(&keys_file, &lock.unlock, lock.work)?;
    Ok(MadeNetwork { fingerprint: operator_fingerprint(&node.network, &key.verify_key()), config })
}
