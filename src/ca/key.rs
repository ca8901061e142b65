//! Private keys, of a node and of the authority, wiped when dropped.

use std::fmt;

use rcgen::{CertificateParams, DistinguishedName, DnType, PKCS_ECDSA_P256_SHA256};
use rustls_pki_types::{PrivatePkcs8KeyDer, pem::PemObject as _};
use zeroize::Zeroize as _;

use super::{CaError, sans};
use crate::limits;
use crate::model::node_identity::NodeIdentity;
use crate::secret::SecretVec;

/// An ECDSA P-256 key pair; the PKCS #8 bytes are wiped when it is dropped.
pub(super) struct PairOfKeys(rcgen::KeyPair);

impl PairOfKeys {
    pub(super) fn generate() -> Result<Self, CaError> {
        Ok(Self(rcgen::KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?))
    }

    pub(super) fn from_pem(pem: &SecretVec) -> Result<Self, CaError> {
        const WHAT: &str = "the private key";
        super::check_length(pem.expose(), WHAT, limits::CERTIFICATE_PEM_BYTES_MAX)?;
        let mut der = PrivatePkcs8KeyDer::from_pem_slice(pem.expose())
            .map_err(|_| CaError::Unreadable { what: WHAT })?;
        let pair = rcgen::KeyPair::from_pkcs8_der_and_sign_algo(&der, &PKCS_ECDSA_P256_SHA256);
        der.zeroize();
        Ok(Self(pair.map_err(|_| CaError::Unreadable { what: WHAT })?))
    }

    pub(super) fn to_pem(&self) -> SecretVec {
        SecretVec::new(self.0.serialize_pem().into_bytes())
    }

    pub(super) fn pair(&self) -> &rcgen::KeyPair {
        &self.0
    }
}

impl Drop for PairOfKeys {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for PairOfKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PairOfKeys(..)")
    }
}

/// A node's private key for TLS. It stays on the node; only [`certificate_request`](Self::certificate_request)
/// leaves it.
#[derive(Debug)]
pub struct NodeKey(PairOfKeys);

impl NodeKey {
    /// A fresh key.
    pub fn generate() -> Result<Self, CaError> {
        Ok(Self(PairOfKeys::generate()?))
    }

    /// Reads [`to_pem`](Self::to_pem) back.
    pub fn from_pem(pem: &SecretVec) -> Result<Self, CaError> {
        Ok(Self(PairOfKeys::from_pem(pem)?))
    }

    /// The private key as PKCS #8 PEM, for keeping at rest.
    pub fn to_pem(&self) -> SecretVec {
        self.0.to_pem()
    }

    /// A certificate request (PKCS #10, PEM) signed by this key. It names `identity`, for people to read; the
    /// authority decides for itself.
    pub fn certificate_request(&self, identity: &NodeIdentity) -> Result<String, CaError> {
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::OrganizationName, identity.network.as_str());
        params.distinguished_name.push(DnType::CommonName, identity.member.as_str());
        params.subject_alt_names = sans(identity)?;
        Ok(params.serialize_request(self.0.pair())?.pem()?)
    }
}
