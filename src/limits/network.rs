//! The roster, certificates, and the configuration.

/// Key holders of one key. Shamir indices are one byte on the wire.
pub const HOLDERS_MAX: usize = 255;
/// Members in one roster.
pub const MEMBERS_MAX: usize = 1_000;
/// Bytes of a roster with its policy.
pub const ROSTER_BYTES_MAX: usize = 1024 * 1024;
/// Bytes of a certificate, request, key or chain in PEM. Ours are below 2 KiB.
pub const CERTIFICATE_PEM_BYTES_MAX: usize = 64 * 1024;
/// Bytes of a revocation list: some 40 bytes for each certificate ever revoked and not yet expired.
pub const REVOCATION_LIST_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Seconds by which a certificate begins before it is issued: the clock skew that peers forgive.
pub const CERTIFICATE_BACKDATE_SECONDS: i64 = 15 * 60;
/// Days that a node certificate may live. Renewal is one command and a bundle, so longer only helps a thief.
pub const CERTIFICATE_DAYS_MAX: u16 = 398;
/// Years that a network's authority may live.
pub const AUTHORITY_YEARS_MAX: u16 = 30;
/// Days that a revocation list may stand. An expired one stops everybody, an old one hides a revocation.
pub const REVOCATION_LIST_DAYS_MAX: u16 = 90;
/// Years that a new network's authority lives.
pub const AUTHORITY_YEARS: u16 = 10;
/// Days that a node certificate lives unless the operator says otherwise: two renewals by hand are missed safely.
pub const CERTIFICATE_DAYS: u16 = 90;
/// Days after which nobody follows a roster any more that the operator did not sign anew.
pub const ROSTER_DAYS: i64 = 365;
/// Bytes of a member's request: a certificate request, keys and addresses are below 4 KiB.
pub const MEMBER_REQUEST_BYTES_MAX: usize = 64 * 1024;
/// Bytes of a bundle: a roster in base64, a certificate, and three short messages for each epoch.
pub const BUNDLE_BYTES_MAX: usize = 2 * ROSTER_BYTES_MAX;
/// Addresses of one member.
pub const ADDRESSES_PER_MEMBER_MAX: usize = 8;
/// Characters of the name of a member that is shown to people.
pub const MEMBER_NAME_CHARS_MAX: usize = 80;
/// Bytes of a configuration file, of a passphrase file or of a policy.
pub const CONFIG_BYTES_MAX: usize = 256 * 1024;
