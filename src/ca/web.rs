//! A certificate for the web pages of one node, signed by its own key: for the time until the institution has one that
//! browsers know.

use rcgen::{
    CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, KeyUsagePurpose,
    SerialNumber,
};

use super::facts::Serial;
use super::key::PairOfKeys;
use super::{CaError, SECONDS_PER_DAY, backdated, check_lifetime, since_epoch};
use crate::clock::UnixTime;
use crate::limits;
use crate::model::member::MemberId;
use crate::secret::{Entropy, SecretVec};

/// When a certificate (PEM), whatever it is for, ends.
pub fn ends(certificate_pem: &str) -> Result<UnixTime, CaError> {
    let unreadable = || CaError::Unreadable { what: "the web certificate" };
    let (_, pem) = x509_parser::pem::parse_x509_pem(certificate_pem.as_bytes()).map_err(|_| unreadable())?;
    let certificate = pem.parse_x509().map_err(|_| unreadable())?;
    Ok(UnixTime(certificate.validity().not_after.timestamp()))
}

/// Makes a certificate and its private key (both PEM) for `hosts`, names or addresses, in force from a little before
/// `now` for `lifetime_days`, at most 398 as browsers have it.
pub fn self_signed(
    member: &MemberId,
    hosts: &[String],
    now: UnixTime,
    lifetime_days: u16,
    entropy: &dyn Entropy,
) -> Result<(String, SecretVec), CaError> {
    check_lifetime(lifetime_days, limits::WEB_CERTIFICATE_DAYS_MAX, "days")?;
    let key = PairOfKeys::generate()?;
    let mut params = CertificateParams::new(hosts.to_vec())?;
    params.not_before = rcgen::date_time_ymd(1970, 1, 1) + since_epoch(backdated(now))?;
    let not_after = now.plus_seconds(i64::from(lifetime_days) * SECONDS_PER_DAY);
    params.not_after = rcgen::date_time_ymd(1970, 1, 1) + since_epoch(not_after)?;
    params.serial_number = Some(SerialNumber::from_slice(Serial::random(entropy).bytes()));
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, member.as_str());
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    Ok((params.self_signed(key.pair())?.pem(), key.to_pem()))
}
