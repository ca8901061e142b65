//! Why a membership command did not do what was asked, and whose move it is.

use std::path::PathBuf;

use super::super::exit::{Exit, exit_of_keyring};
use super::fingerprint::Fingerprint;
use crate::ca::CaError;
use crate::config::ConfigError;
use crate::keyring::KeyringError;
use crate::model::member::{MemberId, NetworkId};
use crate::model::policy::PolicyError;
use crate::roster::RosterError;
use crate::threshold::ThresholdError;
use crate::transport::{TlsSetupError, TransportError};

/// Why a membership command stopped. Nothing in it is secret.
#[derive(Debug, thiserror::Error)]
pub enum MembershipError {
    /// The operating system refused.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file longer than any honest one.
    #[error("{}: is longer than {bytes_max} bytes", path.display())]
    TooLong {
        /// The file.
        path: PathBuf,
        /// The bound.
        bytes_max: usize,
    },
    /// A file that is not what it is given as.
    #[error("{}: is not {what}: {problem}", path.display())]
    Form {
        /// The file.
        path: PathBuf,
        /// What it should be.
        what: &'static str,
        /// What is wrong.
        problem: String,
    },
    /// A folder that holds a node or a network already. Nothing is overwritten.
    #[error("{}: is there already; nothing was overwritten, choose another folder", path.display())]
    Exists {
        /// The file that is there.
        path: PathBuf,
    },
    /// A folder that is not an operator's.
    #[error("{}: no network was made here; run: tally network init, or give the operator's folder with --dir", path.display())]
    NotAnOperator {
        /// The folder.
        path: PathBuf,
    },
    /// More addresses, or a longer name, than a roster takes.
    #[error("{what}: {problem}")]
    Input {
        /// What was given.
        what: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// A request that its own keys did not sign.
    #[error("the request is not signed by its own {which} key: it was changed on its way; ask for it again")]
    RequestSignature {
        /// Which key.
        which: &'static str,
    },
    /// Something of another network.
    #[error("this is for the network {found}; here is {ours}")]
    OtherNetwork {
        /// The network here.
        ours: NetworkId,
        /// The network that it names.
        found: NetworkId,
    },
    /// A bundle for another member.
    #[error("this bundle is for the member {found}; this node is {ours}")]
    OtherMember {
        /// This node.
        ours: MemberId,
        /// For whom it is.
        found: MemberId,
    },
    /// A member of that name is there.
    #[error(
        "{0} is a member already; its certificate: tally network renew {0}; its bundle again: tally network bundle {0}"
    )]
    AlreadyMember(MemberId),
    /// A name that a removed member had. Its old rows and leaves are verified by the keys under that name.
    #[error("{0} was a member and was removed; its name stays with its old keys: choose another")]
    NameOfRemoved(MemberId),
    /// A key that another member has: the same keys made to look like two members.
    #[error(
        "the {which} key in this request is that of the member {member}; every member makes its own keys"
    )]
    KeyTaken {
        /// Which key.
        which: &'static str,
        /// Whose it is.
        member: MemberId,
    },
    /// No member of that name now.
    #[error("{0} is not a member; tally network list shows who is")]
    NoSuchMember(MemberId),
    /// The operator cannot be removed by itself.
    #[error("{0} is the operator; a network without one cannot change any more")]
    IsOperator(MemberId),
    /// A fingerprint that differs.
    #[error(
        "the fingerprint is {found}, not {expected}: this is not what the other side made; ask for it again over another way"
    )]
    FingerprintDiffers {
        /// What was given on the command line.
        expected: Fingerprint,
        /// What the file has.
        found: Fingerprint,
    },
    /// A bundle signed by another key than the pinned one.
    #[error("this bundle is of another operator (fingerprint {found}) than this node has pinned ({pinned})")]
    OtherOperator {
        /// The pinned operator key's.
        pinned: Fingerprint,
        /// The bundle's.
        found: Fingerprint,
    },
    /// A bundle that its operator did not sign as it is.
    #[error("the bundle is not signed by its operator: it was changed on its way; ask for it again")]
    BundleSignature,
    /// Bundle and roster in it do not belong together.
    #[error("the roster in this bundle is not the one that the bundle was made with; ask for it again")]
    BundleRoster,
    /// An older roster than the one installed.
    #[error(
        "this carries version {found} of the roster; version {installed} is installed: ask the operator for a newer one"
    )]
    OlderRoster {
        /// Version installed.
        installed: u64,
        /// Version in the bundle.
        found: u64,
    },
    /// Two rosters of one version, both signed by the operator.
    #[error("the operator signed two different rosters of version {0}: keep both files and ask the operator")]
    TwoRosters(u64),
    /// A member that the roster in its bundle lists as removed, or not at all.
    #[error("the roster in this bundle does not list {0} as a member")]
    NotListed(MemberId),
    /// Keys in the roster that are not those of this node.
    #[error(
        "the {which} key that the roster lists for this node is not the node's own: was the key file replaced since the request?"
    )]
    KeyDiffers {
        /// Which key.
        which: &'static str,
    },
    /// A share that is not what the roster commits to.
    #[error("the share of the {key} key, epoch {epoch}, {problem}")]
    Share {
        /// The key.
        key: &'static str,
        /// The epoch.
        epoch: u32,
        /// What is wrong.
        problem: &'static str,
    },
    /// The network keys were dealt before.
    #[error(
        "the network keys were dealt already (epoch {epoch}). --new-epoch deals new ones, and every lender must then publish its whole book again"
    )]
    DealtAlready {
        /// The newest epoch.
        epoch: u32,
    },
    /// A removal that would leave fewer than the threshold of holders.
    #[error(
        "without {member} only {left} of the {need} key holders needed are members: nothing could be opened any more; deal to others first"
    )]
    TooFewHolders {
        /// Who was to go.
        member: MemberId,
        /// Holders that would be left.
        left: usize,
        /// The threshold.
        need: u8,
    },
    /// A change that changes nothing.
    #[error("{0}")]
    Unchanged(&'static str),
    /// A policy that is not a later version of the one in force.
    #[error("the policy's version is {found}, that of the one in force is {current}; every change raises it")]
    PolicyVersion {
        /// In force.
        current: u32,
        /// In the file.
        found: u32,
    },
    /// The policy.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// The threshold or the commitments.
    #[error(transparent)]
    Threshold(#[from] ThresholdError),
    /// The authority, a request or a certificate.
    #[error(transparent)]
    Ca(#[from] CaError),
    /// Keys at rest.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// The roster.
    #[error(transparent)]
    Roster(#[from] RosterError),
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Certificate, key and authority do not belong together.
    #[error(transparent)]
    Tls(#[from] TlsSetupError),
    /// The certificate would not be let in now.
    #[error("the certificate in this bundle would be refused by every member: {0}")]
    Certificate(TransportError),
}

impl MembershipError {
    /// The exit code: refusals by rule are 3, what the person at the keyboard can mend is 2.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Io { source, .. } if source.kind() != std::io::ErrorKind::NotFound => Exit::Fault,
            Self::Keyring(error) => exit_of_keyring(error),
            Self::Ca(CaError::Writer(_)) | Self::Tls(TlsSetupError::Tls(_)) => Exit::Fault,
            Self::Io { .. }
            | Self::TooLong { .. }
            | Self::Form { .. }
            | Self::NotAnOperator { .. }
            | Self::Input { .. }
            | Self::NoSuchMember(_)
            | Self::Policy(_)
            | Self::Config(_)
            | Self::Threshold(ThresholdError::BadThreshold { .. }) => Exit::Usage,
            _ => Exit::Refused,
        }
    }
}
