//! The network's own certificate authority, run by its operator.
//!
//! The operator makes it once; members send certificate requests (their private keys never travel) and get
//! short-lived certificates back; removed members come onto the revocation list.
//!
//! What may come from outside is a request, a certificate or a list as PEM text: bounded before it is read,
//! parsed by `x509-parser`, written by `rcgen`. Of a request only the key is believed, and that only after its
//! self-signature: names, usages and times are set here. All keys are ECDSA P-256: the curve that every TLS
//! stack and every hardware token speaks, and as fast in *ring* as Ed25519.
//!
//! Key generation and ECDSA nonces draw on *ring*'s own system generator, which takes no other source; only
//! serial numbers come from the caller's [`Entropy`].

#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::string_slice, clippy::as_conversions))]

mod facts;
mod key;
mod web;

#[cfg(test)]
mod tests;

use std::time::Duration;

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CidrSubnet, DistinguishedName,
    DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, Issuer, KeyIdMethod, KeyUsagePurpose,
    NameConstraints, RevocationReason, RevokedCertParams, SanType, SerialNumber,
};
use rustls_pki_types::{CertificateDer, CertificateSigningRequestDer, pem::PemObject as _};
use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer as _, X509Certificate};

use crate::clock::UnixTime;
use crate::limits;
use crate::model::member::{MemberId, NetworkId};
use crate::model::node_identity::{NodeIdentity, NodeIdentityError, network_dns_name, network_of_dns_name};
use crate::secret::{Entropy, SecretVec, random_array};

pub use facts::{
    CertificateFacts, Fingerprint, RevocationListFacts, Serial, describe, describe_revocation_list,
    request_fingerprint,
};
pub use key::NodeKey;
use key::PairOfKeys;
pub use web::{ends, self_signed};

const SECONDS_PER_DAY: i64 = 86_400;
/// Of a mean Gregorian year of 365.2425 days.
const SECONDS_PER_YEAR: i64 = 31_556_952;
/// 9999-12-31T23:59:59Z, the last moment that X.509 can write (RFC 5280, 4.1.2.5).
const LAST_MOMENT: UnixTime = UnixTime(253_402_300_799);

/// Why the authority did not do what it was asked. The fault is the caller's (a file that is not what it should
/// be, a lifetime out of bounds) unless a variant says otherwise.
#[derive(Debug, thiserror::Error)]
pub enum CaError {
    /// Longer than any honest one.
    #[error("{what} is longer than {bytes_max} bytes")]
    TooLong {
        /// What was being read.
        what: &'static str,
        /// The bound.
        bytes_max: usize,
    },
    /// Not PEM, or not what the PEM label says.
    #[error("{what} cannot be read: it is not the PEM text that was written")]
    Unreadable {
        /// What was being read.
        what: &'static str,
    },
    /// A certificate that cannot issue node certificates of a network.
    #[error("this certificate is not a network's authority: {missing}")]
    NotAnAuthority {
        /// What it lacks.
        missing: &'static str,
    },
    /// Certificate and private key are not of one pair.
    #[error("the private key does not belong to this certificate")]
    KeyMismatch,
    /// The request was changed after it was signed, or was never signed by its key. The fault is on the way
    /// from the member, or the member's.
    #[error(
        "the certificate request is not signed by its own key: it was changed on the way; ask for it again"
    )]
    RequestSignature,
    /// A key that the network does not use. The fault is the member's.
    #[error("the certificate request carries a key that is not ECDSA P-256; make it with `tally` again")]
    RequestKey,
    /// A lifetime of zero or beyond the bound.
    #[error("a lifetime of {asked} {unit} is not between 1 and {most}")]
    Lifetime {
        /// What was asked for.
        asked: u16,
        /// The bound.
        most: u16,
        /// Days or years.
        unit: &'static str,
    },
    /// The authority's own certificate does not cover the lifetime asked for.
    #[error(
        "the authority's own certificate is valid from {not_before} to {not_after}: what is to be signed lies outside; renew the authority, or check this machine's clock"
    )]
    OutsideAuthority {
        /// Its beginning.
        not_before: UnixTime,
        /// Its end.
        not_after: UnixTime,
    },
    /// A moment before 1970 or after 9999.
    #[error("the time {0} cannot stand in a certificate; check this machine's clock")]
    Time(UnixTime),
    /// A serial number is 1 to 20 bytes (RFC 5280, 4.1.2.2), written in hexadecimal.
    #[error("a serial number is 1 to 20 bytes in hexadecimal")]
    Serial,
    /// A certificate without a node's identity.
    #[error(transparent)]
    Identity(#[from] NodeIdentityError),
    /// The certificate writer refused. The fault is ours.
    #[error("the certificate could not be written: {0}")]
    Writer(#[from] rcgen::Error),
}

/// A network's certificate authority with its private key.
#[derive(Debug)]
pub struct CertificateAuthority {
    network: NetworkId,
    certificate: CertificateDer<'static>,
    certificate_pem: String,
    not_before: UnixTime,
    not_after: UnixTime,
    key: PairOfKeys,
}

impl CertificateAuthority {
    /// Makes the authority of `network`, in force from a little before `now` for `years`; returns it and its
    /// private key (PKCS #8 PEM) for keeping at rest.
    ///
    /// It can sign node certificates of this network only: path length 0, and critical name constraints that
    /// permit DNS names under the network's own and no IP address.
    pub fn create(
        network: &NetworkId,
        now: UnixTime,
        years: u16,
        entropy: &dyn Entropy,
    ) -> Result<(Self, SecretVec), CaError> {
        check_lifetime(years, limits::AUTHORITY_YEARS_MAX, "years")?;
        let key = PairOfKeys::generate()?;
        let serial = Serial::random(entropy);
        let mut params = CertificateParams::default();
        params.not_before = rcgen::date_time_ymd(1970, 1, 1) + since_epoch(backdated(now))?;
        params.not_after = rcgen::date_time_ymd(1970, 1, 1)
            + since_epoch(now.plus_seconds(i64::from(years) * SECONDS_PER_YEAR))?;
        params.serial_number = Some(SerialNumber::from_slice(serial.bytes()));
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::OrganizationName, network.as_str());
        // Two authorities of one network, old and new, must differ in name: verifiers pick a revocation list by
        // its issuer's name.
        let short = serial.to_string().chars().take(8).collect::<String>();
        params.distinguished_name.push(DnType::CommonName, format!("{network} network authority {short}"));
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.name_constraints = Some(NameConstraints {
            permitted_subtrees: vec![GeneralSubtree::DnsName(network_dns_name(network))],
            excluded_subtrees: vec![
                GeneralSubtree::IpAddress(CidrSubnet::V4([0; 4], [0; 4])),
                GeneralSubtree::IpAddress(CidrSubnet::V6([0; 16], [0; 16])),
            ],
        });
        let certificate_pem = params.self_signed(key.pair())?.pem();
        let key_pem = key.to_pem();
        Ok((Self::from_pem(&certificate_pem, &key_pem)?, key_pem))
    }

    /// Takes up an authority from its certificate and private key (PKCS #8), both PEM.
    pub fn from_pem(certificate_pem: &str, key_pem: &SecretVec) -> Result<Self, CaError> {
        let der = read_certificate(certificate_pem)?;
        let key = PairOfKeys::from_pem(key_pem)?;
        let (_, certificate) =
            X509Certificate::from_der(&der).map_err(|_| CaError::Unreadable { what: "the certificate" })?;
        let network = network_of_authority(&certificate)?;
        if certificate.public_key().subject_public_key.data.as_ref() != key.pair().public_key_raw() {
            return Err(CaError::KeyMismatch);
        }
        let not_before = UnixTime(certificate.validity().not_before.timestamp());
        let not_after = UnixTime(certificate.validity().not_after.timestamp());
        let certificate_pem = certificate_pem.to_owned();
        Ok(Self { network, certificate: der, certificate_pem, not_before, not_after, key })
    }

    /// The authority's certificate as PEM: the trust anchor that every member holds.
    pub fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    /// SHA-256 of the certificate (DER), for comparing over the telephone.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&self.certificate)
    }

    /// The network it serves.
    pub fn network(&self) -> &NetworkId {
        &self.network
    }

    /// The end of its validity.
    pub fn not_after(&self) -> UnixTime {
        self.not_after
    }

    /// Issues a certificate (PEM) for the key in `request_pem` (PKCS #10) to `member`, in force from a little
    /// before `now` for `lifetime_days`.
    ///
    /// The request's names are not read: whoever calls this says who the member is, having compared
    /// [`request_fingerprint`] with the member or having received the request over its own connection.
    pub fn issue(
        &self,
        request_pem: &str,
        member: &MemberId,
        now: UnixTime,
        lifetime_days: u16,
        entropy: &dyn Entropy,
    ) -> Result<String, CaError> {
        check_lifetime(lifetime_days, limits::CERTIFICATE_DAYS_MAX, "days")?;
        let not_after = now.plus_seconds(i64::from(lifetime_days) * SECONDS_PER_DAY);
        self.check_covers(now, not_after)?;
        let public_key = read_request_key(request_pem)?;
        let identity = NodeIdentity::new(self.network.clone(), member.clone());

        let mut params = CertificateParams::default();
        // Not before the authority itself, or a strict verifier finds the chain not nested.
        params.not_before =
            rcgen::date_time_ymd(1970, 1, 1) + since_epoch(backdated(now).max(self.not_before))?;
        params.not_after = rcgen::date_time_ymd(1970, 1, 1) + since_epoch(not_after)?;
        params.serial_number = Some(SerialNumber::from_slice(Serial::random(entropy).bytes()));
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::OrganizationName, self.network.as_str());
        params.distinguished_name.push(DnType::CommonName, member.as_str());
        params.subject_alt_names = sans(&identity)?;
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages =
            vec![ExtendedKeyUsagePurpose::ClientAuth, ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let certificate = params.signed_by(&public_key, &self.issuer()?)?;
        let written = NodeIdentity::from_certificate(certificate.der())?;
        assert_eq!(written, identity, "the certificate says who was asked for");
        Ok(certificate.pem())
    }

    /// The revocation list (PEM) as of `now`: each certificate by its serial number and when it was revoked.
    ///
    /// Its number is `now`: lists grow in number with time and no counter has to be kept. Once the list's
    /// `next_update_days` are over, every member refuses every other until a new one is distributed.
    pub fn revocation_list(
        &self,
        revoked: &[(Serial, UnixTime)],
        now: UnixTime,
        next_update_days: u16,
    ) -> Result<String, CaError> {
        check_lifetime(next_update_days, limits::REVOCATION_LIST_DAYS_MAX, "days")?;
        let next_update = now.plus_seconds(i64::from(next_update_days) * SECONDS_PER_DAY);
        self.check_covers(now, next_update)?;
        let mut revoked_certs = Vec::with_capacity(revoked.len());
        for (serial, since) in revoked {
            revoked_certs.push(RevokedCertParams {
                serial_number: SerialNumber::from_slice(serial.bytes()),
                revocation_time: rcgen::date_time_ymd(1970, 1, 1) + since_epoch(*since)?,
                reason_code: Some(RevocationReason::CessationOfOperation),
                invalidity_date: None,
            });
        }
        let list = CertificateRevocationListParams {
            this_update: rcgen::date_time_ymd(1970, 1, 1) + since_epoch(now)?,
            next_update: rcgen::date_time_ymd(1970, 1, 1) + since_epoch(next_update)?,
            crl_number: SerialNumber::from(since_epoch(now)?.as_secs()),
            issuing_distribution_point: None,
            revoked_certs,
            key_identifier_method: KeyIdMethod::Sha256,
        };
        Ok(list.signed_by(&self.issuer()?)?.pem()?)
    }

    /// Name, usages and key identifier as they stand in the authority's certificate.
    fn issuer(&self) -> Result<Issuer<'static, &rcgen::KeyPair>, CaError> {
        Ok(Issuer::from_ca_cert_der(&self.certificate, self.key.pair())?)
    }

    fn check_covers(&self, from: UnixTime, to: UnixTime) -> Result<(), CaError> {
        if from < self.not_before || to > self.not_after {
            return Err(CaError::OutsideAuthority { not_before: self.not_before, not_after: self.not_after });
        }
        Ok(())
    }
}

/// The two names of a node certificate.
fn sans(identity: &NodeIdentity) -> Result<Vec<SanType>, CaError> {
    Ok(vec![SanType::DnsName(identity.dns_name().try_into()?), SanType::URI(identity.uri().try_into()?)])
}

/// The key in a certificate request, once its self-signature holds.
fn read_request_key(request_pem: &str) -> Result<rcgen::SubjectPublicKeyInfo, CaError> {
    const WHAT: &str = "the certificate request";
    check_length(request_pem.as_bytes(), WHAT, limits::CERTIFICATE_PEM_BYTES_MAX)?;
    let der = CertificateSigningRequestDer::from_pem_slice(request_pem.as_bytes())
        .map_err(|_| CaError::Unreadable { what: WHAT })?;
    let (rest, request) =
        X509CertificationRequest::from_der(&der).map_err(|_| CaError::Unreadable { what: WHAT })?;
    if !rest.is_empty() {
        return Err(CaError::Unreadable { what: WHAT });
    }
    request.verify_signature().map_err(|_| CaError::RequestSignature)?;
    let key = rcgen::SubjectPublicKeyInfo::from_der(request.certification_request_info.subject_pki.raw)
        .map_err(|_| CaError::RequestKey)?;
    if rcgen::PublicKeyData::algorithm(&key) != &rcgen::PKCS_ECDSA_P256_SHA256 {
        return Err(CaError::RequestKey);
    }
    Ok(key)
}

/// The network that an authority's name constraints permit, once it is seen to be an authority.
fn network_of_authority(certificate: &X509Certificate<'_>) -> Result<NetworkId, CaError> {
    let refuse = |missing| CaError::NotAnAuthority { missing };
    let constraints = certificate.basic_constraints().ok().flatten();
    if !constraints.is_some_and(|extension| extension.critical && extension.value.ca) {
        return Err(refuse("it has no critical basic constraints that say so"));
    }
    let usage = certificate.key_usage().ok().flatten();
    if !usage.is_some_and(|extension| extension.value.key_cert_sign() && extension.value.crl_sign()) {
        return Err(refuse("its key usage does not cover certificates and revocation lists"));
    }
    let names = certificate.name_constraints().ok().flatten();
    let permitted =
        names.and_then(|extension| extension.value.permitted_subtrees.as_deref()).unwrap_or_default();
    match permitted {
        [only] => match only.base {
            GeneralName::DNSName(name) => network_of_dns_name(name),
            _ => None,
        },
        _ => None,
    }
    .ok_or(refuse("its name constraints do not name one network"))
}

/// Reads one certificate from PEM.
fn read_certificate(pem: &str) -> Result<CertificateDer<'static>, CaError> {
    check_length(pem.as_bytes(), "the certificate", limits::CERTIFICATE_PEM_BYTES_MAX)?;
    CertificateDer::from_pem_slice(pem.as_bytes())
        .map_err(|_| CaError::Unreadable { what: "the certificate" })
}

fn check_length(bytes: &[u8], what: &'static str, bytes_max: usize) -> Result<(), CaError> {
    if bytes.len() > bytes_max { Err(CaError::TooLong { what, bytes_max }) } else { Ok(()) }
}

fn check_lifetime(asked: u16, most: u16, unit: &'static str) -> Result<(), CaError> {
    if (1..=most).contains(&asked) { Ok(()) } else { Err(CaError::Lifetime { asked, most, unit }) }
}

fn backdated(now: UnixTime) -> UnixTime {
    now.plus_seconds(-limits::CERTIFICATE_BACKDATE_SECONDS)
}

/// `time`, counted from 1970, if X.509 can write it.
fn since_epoch(time: UnixTime) -> Result<Duration, CaError> {
    match u64::try_from(time.0) {
        Ok(seconds) if time <= LAST_MOMENT => Ok(Duration::from_secs(seconds)),
        _ => Err(CaError::Time(time)),
    }
}
