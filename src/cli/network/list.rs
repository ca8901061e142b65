//! `tally network list`: the roster in force, as a table or as JSON.

use serde::Serialize;

use super::super::membership::{Fingerprint, MembershipError};
use super::folder::OperatorFolder;
use crate::clock::UnixTime;
use crate::roster::Role;

/// One member, for people and programs.
#[derive(Clone, Debug, Serialize)]
pub struct ListedMember {
    /// Short name.
    pub member: String,
    /// Name shown to people.
    pub name: String,
    /// What it does.
    pub roles: Vec<Role>,
    /// Where it is reached.
    pub addresses: Vec<String>,
    /// Its index in the current epoch, if it holds shares.
    pub holder_index: Option<u8>,
    /// End of its newest certificate, RFC 3339.
    pub certificate_until: Option<String>,
    /// When it was removed, RFC 3339.
    pub removed: Option<String>,
}

/// The roster in force.
#[derive(Clone, Debug, Serialize)]
pub struct Listing {
    /// The network.
    pub network: String,
    /// The operator's fingerprint.
    pub fingerprint: String,
    /// Version of the roster.
    pub version: u64,
    /// After this nobody follows it, RFC 3339.
    pub expires: String,
    /// When the revocation list must be made anew, if there is one, RFC 3339.
    pub revocations_until: Option<String>,
    /// Name and version of the policy.
    pub policy: (String, u32),
    /// Newest epoch of the network keys: number, threshold, holders.
    pub keys: Option<(u32, u8, usize)>,
    /// Its members, removed ones too.
    pub members: Vec<ListedMember>,
}

/// What [`Listing`] says of the roster in force.
pub fn list(folder: &OperatorFolder) -> Result<Listing, MembershipError> {
    let (roster, text) = (folder.roster(), |time: UnixTime| time.to_string());
    let epoch = roster.current_epoch();
    let members = roster.document().members.iter().map(|member| ListedMember {
        member: member.id.to_string(),
        name: member.name.clone(),
        roles: member.roles.iter().copied().collect(),
        addresses: member.addresses.clone(),
        holder_index: epoch.and_then(|epoch| epoch.index_of(&member.id)),
        certificate_until: folder.certificate_until(&member.id).ok().map(text),
        removed: member.removed.map(text),
    });
    let Fingerprint(fingerprint) = folder.fingerprint();
    Ok(Listing {
        network: roster.network().to_string(),
        fingerprint: Fingerprint(fingerprint).to_string(),
        version: roster.version(),
        expires: text(roster.document().expires),
        revocations_until: folder.revocations_until()?.map(text),
        policy: (roster.policy().name.clone(), roster.policy().version),
        keys: epoch.map(|epoch| (epoch.epoch, epoch.threshold, epoch.holders.len())),
        members: members.collect(),
    })
}
