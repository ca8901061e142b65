//! Who a node is: a member of a network, as its certificate says it.
//!
//! A node certificate carries exactly two names: one DNS name, which whoever dials checks during the handshake,
//! and one URI, which is the identity. Both are functions of network and member and must agree, so that a
//! certificate cannot be one member to the dialler and another to the program.

use std::fmt;

use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer as _, X509Certificate};

use super::member::{MemberId, NetworkId};
use crate::clock::UnixTime;

/// The zone of all node names. `.internal` is reserved for private use (ICANN, July 2024), so
/// the names can never be somebody's on the Internet. They are not looked up: addresses come from the roster.
const ZONE: &str = "tally.internal";

/// Scheme of the identity URI.
const SCHEME: &str = "tally://";

/// A certificate that does not say who the node is. The fault is its issuer's, or the peer's that made it up.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NodeIdentityError {
    /// Not a DER certificate, or one with a broken or repeated name extension.
    #[error("the certificate cannot be read")]
    Unreadable,
    /// No URI among the certificate's names.
    #[error("the certificate has no URI name: it was not issued by a network's authority (`tally ca issue`)")]
    NoUri,
    /// Several URIs; it is not for us to choose.
    #[error("the certificate has {0} URI names where one is allowed")]
    SeveralUris(usize),
    /// A URI that is not `tally://<network>/<member>`.
    #[error("the certificate's URI name is not of the form tally://<network>/<member>")]
    BadUri,
    /// The DNS name is missing, not alone, or another member's; or there is a name of some other kind.
    #[error("the certificate's names do not agree with its identity: one DNS name, {expected}, is expected")]
    NamesDisagree {
        /// The DNS name that belongs to the identity.
        expected: String,
    },
}

/// A member of a network, as a node.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeIdentity {
    /// The network.
    pub network: NetworkId,
    /// The member.
    pub member: MemberId,
}

impl NodeIdentity {
    /// The node of `member` in `network`.
    pub fn new(network: NetworkId, member: MemberId) -> Self {
        Self { network, member }
    }

    /// The identity as the certificate's URI name: `tally://<network>/<member>`.
    pub fn uri(&self) -> String {
        format!("{SCHEME}{}/{}", self.network, self.member)
    }

    /// The certificate's DNS name: `<member>.<network>.tally.internal`.
    pub fn dns_name(&self) -> String {
        format!("{}.{}", self.member, network_dns_name(&self.network))
    }

    /// Reads [`uri`](Self::uri) back; no other spelling is accepted.
    pub fn from_uri(uri: &str) -> Result<Self, NodeIdentityError> {
        let path = uri.strip_prefix(SCHEME).ok_or(NodeIdentityError::BadUri)?;
        let (network, member) = path.split_once('/').ok_or(NodeIdentityError::BadUri)?;
        let network = network.parse().map_err(|_| NodeIdentityError::BadUri)?;
        let member = member.parse().map_err(|_| NodeIdentityError::BadUri)?;
        Ok(Self { network, member })
    }

    /// The identity in a certificate (DER). Says nothing about who signed it or whether it is in force: only
    /// for a certificate that TLS, or its issuer, has verified.
    pub fn from_certificate(der: &[u8]) -> Result<Self, NodeIdentityError> {
        let (rest, certificate) =
            X509Certificate::from_der(der).map_err(|_| NodeIdentityError::Unreadable)?;
        if !rest.is_empty() {
            return Err(NodeIdentityError::Unreadable);
        }
        let names = certificate.subject_alternative_name().map_err(|_| NodeIdentityError::Unreadable)?;
        let names = names.map(|extension| extension.value.general_names.as_slice()).unwrap_or_default();
        Self::from_names(names)
    }

    /// When a certificate (DER) ends. Says nothing about who signed it.
    pub fn certificate_end(der: &[u8]) -> Result<UnixTime, NodeIdentityError> {
        let (_, certificate) = X509Certificate::from_der(der).map_err(|_| NodeIdentityError::Unreadable)?;
        Ok(UnixTime(certificate.validity().not_after.timestamp()))
    }

    fn from_names(names: &[GeneralName<'_>]) -> Result<Self, NodeIdentityError> {
        let mut uris = names.iter().filter_map(|name| match name {
            GeneralName::URI(uri) => Some(*uri),
            _ => None,
        });
        let first = uris.next().ok_or(NodeIdentityError::NoUri)?;
        match uris.count() {
            0 => {}
            more => return Err(NodeIdentityError::SeveralUris(more + 1)),
        }
        let identity = Self::from_uri(first)?;
        let expected = identity.dns_name();
        let dns_agrees =
            names.iter().any(|name| matches!(name, GeneralName::DNSName(dns) if *dns == expected));
        if names.len() == 2 && dns_agrees {
            Ok(identity)
        } else {
            Err(NodeIdentityError::NamesDisagree { expected })
        }
    }
}

impl fmt::Display for NodeIdentity {
    /// The URI.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.uri())
    }
}

/// The DNS name under which all of a network's nodes stand: `<network>.tally.internal`.
pub fn network_dns_name(network: &NetworkId) -> String {
    format!("{network}.{ZONE}")
}

/// The network of [`network_dns_name`]; no other spelling is accepted.
pub fn network_of_dns_name(name: &str) -> Option<NetworkId> {
    name.strip_suffix(ZONE)?.strip_suffix('.')?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity() -> NodeIdentity {
        NodeIdentity::from_uri("tally://kh-mfi/sathapana").unwrap()
    }

    #[test]
    fn names_are_what_documents_say() {
        assert_eq!(identity().uri(), "tally://kh-mfi/sathapana");
        assert_eq!(identity().dns_name(), "sathapana.kh-mfi.tally.internal");
        assert_eq!(network_of_dns_name("kh-mfi.tally.internal"), Some(identity().network));
        for bad in ["kh-mfi.tally.internal.", "a.kh-mfi.tally.internal", "tally.internal", ".tally.internal"]
        {
            assert_eq!(network_of_dns_name(bad), None, "{bad}");
        }
    }

    #[test]
    fn one_spelling_of_a_uri() {
        for bad in [
            "",
            "tally://",
            "tally://kh-mfi",
            "tally://kh-mfi/",
            "tally:///sathapana",
            "TALLY://kh-mfi/sathapana",
            "https://kh-mfi/sathapana",
            "tally://kh-mfi/Sathapana",
            "tally://kh-mfi/sathapana/",
            "tally://kh-mfi/sathapana/x",
            "tally://kh-mfi/sathapana?x",
            "tally://kh-mfi/sathapana#x",
            "tally://kh-mfi:1/sathapana",
            "tally://u@kh-mfi/sathapana",
            "tally://kh-mfi/%73athapana",
            " tally://kh-mfi/sathapana",
        ] {
            assert_eq!(NodeIdentity::from_uri(bad), Err(NodeIdentityError::BadUri), "{bad}");
        }
    }

    #[test]
    fn two_names_and_no_other() {
        let dns = GeneralName::DNSName("sathapana.kh-mfi.tally.internal");
        let uri = GeneralName::URI("tally://kh-mfi/sathapana");
        let other_uri = GeneralName::URI("tally://kh-mfi/amret");
        let other_dns = GeneralName::DNSName("amret.kh-mfi.tally.internal");
        let address = GeneralName::IPAddress(&[127, 0, 0, 1]);
        let expected = || NodeIdentityError::NamesDisagree { expected: identity().dns_name() };
        let read = |names: &[&GeneralName<'static>]| {
            NodeIdentity::from_names(&names.iter().map(|name| (*name).clone()).collect::<Vec<_>>())
        };
        assert_eq!(read(&[&dns, &uri]), Ok(identity()));
        assert_eq!(read(&[&uri, &dns]), Ok(identity()));
        assert_eq!(read(&[]), Err(NodeIdentityError::NoUri));
        assert_eq!(read(&[&dns]), Err(NodeIdentityError::NoUri));
        assert_eq!(read(&[&dns, &uri, &other_uri]), Err(NodeIdentityError::SeveralUris(2)));
        assert_eq!(read(&[&dns, &uri, &uri]), Err(NodeIdentityError::SeveralUris(2)));
        assert_eq!(read(&[&uri]), Err(expected()));
        assert_eq!(read(&[&other_dns, &uri]), Err(expected()));
        assert_eq!(read(&[&dns, &other_dns, &uri]), Err(expected()));
        assert_eq!(read(&[&dns, &uri, &address]), Err(expected()));
    }
}
