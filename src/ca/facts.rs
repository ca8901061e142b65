//! What a certificate, a request or a revocation list says, for people and for renewal.

use std::fmt;
use std::str::FromStr;

use ring::digest;
use rustls_pki_types::{CertificateRevocationListDer, pem::PemObject as _};
use x509_parser::prelude::{FromDer as _, X509Certificate};
use x509_parser::revocation_list::CertificateRevocationList;

use super::{CaError, check_length, random_array, read_certificate, read_request_key};
use crate::clock::UnixTime;
use crate::limits;
use crate::model::node_identity::NodeIdentity;
use crate::secret::Entropy;

/// A certificate's serial number: 1 to 20 bytes, big-endian, without leading zeros. Text is lower-case
/// hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Serial(Vec<u8>);

impl Serial {
    /// 126 random bits. The first byte is 0x40 to 0x7f: always 16 bytes, positive, never zero.
    pub(super) fn random(entropy: &dyn Entropy) -> Self {
        let mut bytes: [u8; 16] = random_array(entropy);
        bytes[0] = bytes[0] & 0x3f | 0x40;
        Self(bytes.to_vec())
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, CaError> {
        let first = bytes.iter().position(|byte| *byte != 0).ok_or(CaError::Serial)?;
        let significant = bytes.get(first..).unwrap_or_default();
        if significant.len() > 20 { Err(CaError::Serial) } else { Ok(Self(significant.to_vec())) }
    }

    /// The number, big-endian.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

impl FromStr for Serial {
    type Err = CaError;

    fn from_str(text: &str) -> Result<Self, CaError> {
        Self::from_bytes(&hex::decode(text).map_err(|_| CaError::Serial)?)
    }
}

/// SHA-256 of something's DER. Text is 64 hexadecimal digits, as `openssl x509 -fingerprint -sha256` has them
/// without the colons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    pub(super) fn of(der: &[u8]) -> Self {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest::digest(&digest::SHA256, der).as_ref());
        Self(bytes)
    }

    /// The 32 bytes.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

/// What a node certificate says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateFacts {
    /// Network and member.
    pub identity: NodeIdentity,
    /// For the revocation list.
    pub serial: Serial,
    /// Start of validity.
    pub not_before: UnixTime,
    /// End of validity, inclusive.
    pub not_after: UnixTime,
    /// SHA-256 of the certificate (DER).
    pub fingerprint: Fingerprint,
}

impl CertificateFacts {
    /// When to renew: at two thirds of the certificate's life.
    pub fn renew_at(&self) -> UnixTime {
        let life = self.not_after.seconds_since(self.not_before);
        self.not_before.plus_seconds(life / 3 * 2)
    }
}

/// What a revocation list says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevocationListFacts {
    /// When it was made.
    pub this_update: UnixTime,
    /// From when on it stops everybody.
    pub next_update: UnixTime,
    /// The revoked serial numbers and since when.
    pub revoked: Vec<(Serial, UnixTime)>,
}

/// Reads a node certificate (PEM; the first, where there are several). Says nothing about who signed it.
pub fn describe(certificate_pem: &str) -> Result<CertificateFacts, CaError> {
    let der = read_certificate(certificate_pem)?;
    let identity = NodeIdentity::from_certificate(&der)?;
    let (_, certificate) =
        X509Certificate::from_der(&der).map_err(|_| CaError::Unreadable { what: "the certificate" })?;
    Ok(CertificateFacts {
        identity,
        serial: Serial::from_bytes(certificate.raw_serial())?,
        not_before: UnixTime(certificate.validity().not_before.timestamp()),
        not_after: UnixTime(certificate.validity().not_after.timestamp()),
        fingerprint: Fingerprint::of(&der),
    })
}

/// Reads a revocation list (PEM). Says nothing about who signed it.
pub fn describe_revocation_list(list_pem: &str) -> Result<RevocationListFacts, CaError> {
    const UNREADABLE: CaError = CaError::Unreadable { what: "the revocation list" };
    check_length(list_pem.as_bytes(), "the revocation list", limits::REVOCATION_LIST_BYTES_MAX)?;
    let der = CertificateRevocationListDer::from_pem_slice(list_pem.as_bytes()).map_err(|_| UNREADABLE)?;
    let (_, list) = CertificateRevocationList::from_der(&der).map_err(|_| UNREADABLE)?;
    let mut revoked = Vec::new();
    for entry in list.iter_revoked_certificates() {
        revoked.push((Serial::from_bytes(entry.raw_serial())?, UnixTime(entry.revocation_date.timestamp())));
    }
    Ok(RevocationListFacts {
        this_update: UnixTime(list.last_update().timestamp()),
        next_update: UnixTime(list.next_update().ok_or(UNREADABLE)?.timestamp()),
        revoked,
    })
}

/// SHA-256 of the public key (SubjectPublicKeyInfo, DER) in a certificate request whose self-signature holds:
/// what operator and member compare by another channel before a first certificate is issued.
pub fn request_fingerprint(request_pem: &str) -> Result<Fingerprint, CaError> {
    let key = read_request_key(request_pem)?;
    Ok(Fingerprint::of(&rcgen::PublicKeyData::subject_public_key_info(&key)))
}
