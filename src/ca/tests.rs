use rustls_pki_types::pem::PemObject as _;
use x509_parser::oid_registry;

use super::*;
use crate::secret::SeededEntropy;

const NOW: UnixTime = UnixTime(1_795_300_000);
const YEAR: i64 = SECONDS_PER_YEAR;

fn network() -> NetworkId {
    "kh-mfi".parse().unwrap()
}

fn member(name: &str) -> MemberId {
    name.parse().unwrap()
}

fn identity(name: &str) -> NodeIdentity {
    NodeIdentity::new(network(), member(name))
}

fn authority() -> (CertificateAuthority, SecretVec) {
    CertificateAuthority::create(&network(), NOW, 10, &SeededEntropy::new(1)).unwrap()
}

fn request(name: &str) -> String {
    NodeKey::generate().unwrap().certificate_request(&identity(name)).unwrap()
}

fn der_of(pem: &str) -> Vec<u8> {
    CertificateDer::from_pem_slice(pem.as_bytes()).unwrap().to_vec()
}

#[test]
fn an_authority_survives_being_put_away() {
    let (ca, key) = authority();
    let again = CertificateAuthority::from_pem(ca.certificate_pem(), &key).unwrap();
    assert_eq!(again.network(), &network());
    assert_eq!(again.fingerprint(), ca.fingerprint());
    assert_eq!(again.not_after(), NOW.plus_seconds(10 * YEAR));
    assert!(!format!("{again:?}").contains("PRIVATE"));
    assert!(format!("{again:?}").contains("PairOfKeys(..)"));

    let (_, other_key) = authority();
    assert!(matches!(
        CertificateAuthority::from_pem(ca.certificate_pem(), &other_key),
        Err(CaError::KeyMismatch)
    ));
    let node = ca.issue(&request("amret"), &member("amret"), NOW, 30, &SeededEntropy::new(2)).unwrap();
    assert!(matches!(CertificateAuthority::from_pem(&node, &key), Err(CaError::NotAnAuthority { .. })));
    let garbage = SecretVec::new(b"garbage".to_vec());
    assert!(matches!(
        CertificateAuthority::from_pem(ca.certificate_pem(), &garbage),
        Err(CaError::Unreadable { .. })
    ));
    assert!(matches!(CertificateAuthority::from_pem("garbage", &key), Err(CaError::Unreadable { .. })));
}

#[test]
fn the_authority_is_bound_to_its_network() {
    let (ca, _) = authority();
    let der = der_of(ca.certificate_pem());
    let (_, certificate) = X509Certificate::from_der(&der).unwrap();
    let basic = certificate.basic_constraints().unwrap().unwrap();
    assert!(basic.critical && basic.value.ca);
    assert_eq!(basic.value.path_len_constraint, Some(0));
    let usage = certificate.key_usage().unwrap().unwrap();
    assert!(usage.critical);
    // keyCertSign is bit 5 and cRLSign bit 6 (RFC 5280, 4.2.1.3); no other.
    assert_eq!(usage.value.flags, 1 << 5 | 1 << 6);
    let names = certificate.name_constraints().unwrap().unwrap();
    assert!(names.critical);
    assert_eq!(names.value.permitted_subtrees.as_ref().unwrap().len(), 1);
    assert_eq!(names.value.excluded_subtrees.as_ref().unwrap().len(), 2);
    assert_eq!(certificate.validity().not_before.timestamp(), NOW.0 - 900);
}

#[test]
fn a_certificate_says_what_it_must_and_no_more() {
    let (ca, _) = authority();
    let pem = ca.issue(&request("amret"), &member("amret"), NOW, 30, &SeededEntropy::new(2)).unwrap();
    let facts = describe(&pem).unwrap();
    assert_eq!(facts.identity, identity("amret"));
    assert_eq!(facts.not_before, NOW.plus_seconds(-900));
    assert_eq!(facts.not_after, NOW.plus_seconds(30 * SECONDS_PER_DAY));
    assert_eq!(facts.renew_at().seconds_since(NOW), 20 * SECONDS_PER_DAY - 300);
    assert_eq!(facts.serial.bytes().len(), 16);

    let der = der_of(&pem);
    assert_eq!(facts.fingerprint, Fingerprint::of(&der));
    let (_, certificate) = X509Certificate::from_der(&der).unwrap();
    assert!(!certificate.basic_constraints().unwrap().unwrap().value.ca);
    let usage = certificate.key_usage().unwrap().unwrap();
    assert_eq!(usage.value.flags, 1, "digitalSignature alone");
    let extended = certificate.extended_key_usage().unwrap().unwrap().value;
    assert!(extended.client_auth && extended.server_auth && !extended.any && !extended.code_signing);
    // Golden: the two names as a verifier of another make reads them.
    let san =
        certificate.get_extension_unique(&oid_registry::OID_X509_EXT_SUBJECT_ALT_NAME).unwrap().unwrap();
    assert_eq!(
        hex::encode(san.value),
        "3033821b616d7265742e6b682d6d66692e74616c6c792e696e7465726e616c861474616c6c793a2f2f6b682d6d66692f616d726574"
    );
    let (_, root) = X509Certificate::from_der(&ca.certificate).unwrap();
    certificate.verify_signature(Some(root.public_key())).unwrap();
    assert_eq!(certificate.issuer(), root.subject());
}

/// A request that asks for everything it should not get.
fn greedy_request() -> String {
    let key = rcgen::KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec![
        "sathapana.kh-mfi.tally.internal".to_owned(),
        "example.org".to_owned(),
        "127.0.0.1".to_owned(),
    ])
    .unwrap();
    params.subject_alt_names.push(SanType::URI("tally://kh-mfi/sathapana".try_into().unwrap()));
    params.distinguished_name.push(DnType::CommonName, "sathapana");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::CodeSigning];
    params.serialize_request(&key).unwrap().pem().unwrap()
}

#[test]
fn a_request_does_not_get_the_names_it_asks_for() {
    let (ca, _) = authority();
    let pem = ca.issue(&greedy_request(), &member("amret"), NOW, 30, &SeededEntropy::new(2)).unwrap();
    assert_eq!(describe(&pem).unwrap().identity, identity("amret"));
    let der = der_of(&pem);
    let (_, certificate) = X509Certificate::from_der(&der).unwrap();
    assert!(!certificate.is_ca());
    assert_eq!(certificate.key_usage().unwrap().unwrap().value.flags, 1);
    assert!(!certificate.extended_key_usage().unwrap().unwrap().value.code_signing);
    let text = String::from_utf8_lossy(&der);
    assert!(!text.contains("sathapana") && !text.contains("example.org"));
}

#[test]
fn a_request_with_any_bit_flipped_is_refused() {
    let (ca, _) = authority();
    let key = NodeKey::generate().unwrap();
    let pem = key.certificate_request(&identity("amret")).unwrap();
    let der = CertificateSigningRequestDer::from_pem_slice(pem.as_bytes()).unwrap().to_vec();
    let issue = |der: &[u8]| {
        let body = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, der);
        let pem = format!("-----BEGIN CERTIFICATE REQUEST-----\n{body}\n-----END CERTIFICATE REQUEST-----\n");
        ca.issue(&pem, &member("amret"), NOW, 30, &SeededEntropy::new(2))
    };
    let key_of = |pem: &str| {
        let der = der_of(pem);
        X509Certificate::from_der(&der).unwrap().1.public_key().raw.to_vec()
    };
    let own_key = key_of(&issue(&der).unwrap());
    let mut accepted = Vec::new();
    for bit in 0..der.len() * 8 {
        let mut flipped = der.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        if let Ok(pem) = issue(&flipped) {
            assert_eq!(key_of(&pem), own_key, "bit {bit}");
            accepted.push(bit);
        }
    }
    // The parser is lax about the class bits of tags; outside what is signed, a few can be changed. Nothing is
    // read from there.
    let (_, request) = X509CertificationRequest::from_der(&der).unwrap();
    let signed = request.certification_request_info.raw;
    let start = der.windows(signed.len()).position(|window| window == signed).unwrap();
    let signed = start * 8..(start + signed.len()) * 8;
    assert!(signed.len() > 1000 && !accepted.iter().any(|bit| signed.contains(bit)), "{accepted:?}");
    for length in 0..der.len() {
        assert!(issue(&der[..length]).is_err(), "cut to {length}");
    }
    let mut longer = der.clone();
    longer.push(0);
    assert!(issue(&longer).is_err(), "a trailing byte");
    let too_long = " ".repeat(limits::CERTIFICATE_PEM_BYTES_MAX) + &pem;
    assert!(matches!(request_fingerprint(&too_long), Err(CaError::TooLong { .. })));
}

#[test]
fn only_the_networks_kind_of_key_is_certified() {
    let (ca, _) = authority();
    for algorithm in [&rcgen::PKCS_ED25519, &rcgen::PKCS_ECDSA_P384_SHA384] {
        let key = rcgen::KeyPair::generate_for(algorithm).unwrap();
        let pem = CertificateParams::default().serialize_request(&key).unwrap().pem().unwrap();
        let issued = ca.issue(&pem, &member("amret"), NOW, 30, &SeededEntropy::new(2));
        assert!(matches!(issued, Err(CaError::RequestKey)), "{issued:?}");
    }
}

#[test]
fn lifetimes_have_bounds() {
    let (ca, _) = authority();
    let entropy = SeededEntropy::new(2);
    let issue = |now, days| ca.issue(&request("amret"), &member("amret"), now, days, &entropy);
    assert!(matches!(issue(NOW, 0), Err(CaError::Lifetime { .. })));
    assert!(matches!(issue(NOW, 399), Err(CaError::Lifetime { .. })));
    assert!(issue(NOW, 398).is_ok());
    let end = NOW.plus_seconds(10 * YEAR);
    assert!(issue(end.plus_seconds(-30 * SECONDS_PER_DAY), 30).is_ok());
    assert!(matches!(
        issue(end.plus_seconds(-29 * SECONDS_PER_DAY), 30),
        Err(CaError::OutsideAuthority { .. })
    ));
    assert!(matches!(issue(NOW.plus_seconds(-901), 30), Err(CaError::OutsideAuthority { .. })));
    let create = |now, years| CertificateAuthority::create(&network(), now, years, &SeededEntropy::new(1));
    assert!(matches!(create(NOW, 0), Err(CaError::Lifetime { .. })));
    assert!(matches!(create(NOW, 31), Err(CaError::Lifetime { .. })));
    assert!(matches!(create(UnixTime(0), 1), Err(CaError::Time(_))));
    assert!(matches!(create(LAST_MOMENT, 1), Err(CaError::Time(_))));
    assert!(matches!(create(UnixTime(i64::MAX), 1), Err(CaError::Time(_))));
}

#[test]
fn serials_differ_and_are_read_back() {
    let (ca, _) = authority();
    let entropy = SeededEntropy::new(3);
    let pem = request("amret");
    let serial = || describe(&ca.issue(&pem, &member("amret"), NOW, 30, &entropy).unwrap()).unwrap().serial;
    let (first, second) = (serial(), serial());
    assert_ne!(first, second);
    assert_eq!(first.to_string().parse::<Serial>().unwrap(), first);
    assert_eq!("00ff".parse::<Serial>().unwrap().bytes(), [0xff]);
    for bad in ["", "00", "f", "zz", &"ff".repeat(21)] {
        assert!(bad.parse::<Serial>().is_err(), "{bad}");
    }
}

#[test]
fn a_revocation_list_is_read_back() {
    let (ca, _) = authority();
    let revoked: Vec<_> = [("7f01", 10), ("ff02", 20), ("01", 30)]
        .into_iter()
        .map(|(serial, ago)| (serial.parse::<Serial>().unwrap(), NOW.plus_seconds(-ago)))
        .collect();
    let pem = ca.revocation_list(&revoked, NOW, 7).unwrap();
    let facts = describe_revocation_list(&pem).unwrap();
    assert_eq!(facts.revoked, revoked);
    assert_eq!(facts.this_update, NOW);
    assert_eq!(facts.next_update, NOW.plus_seconds(7 * SECONDS_PER_DAY));
    assert_eq!(describe_revocation_list(&ca.revocation_list(&[], NOW, 7).unwrap()).unwrap().revoked, vec![]);
    assert!(matches!(ca.revocation_list(&[], NOW, 0), Err(CaError::Lifetime { .. })));
    assert!(matches!(ca.revocation_list(&[], NOW, 91), Err(CaError::Lifetime { .. })));
    assert!(describe_revocation_list(ca.certificate_pem()).is_err());
}

#[test]
fn the_request_fingerprint_is_the_keys() {
    let key = NodeKey::generate().unwrap();
    let pem = key.certificate_request(&identity("amret")).unwrap();
    // ECDSA signs with a fresh nonce: another text, the same key.
    let again = NodeKey::from_pem(&key.to_pem()).unwrap().certificate_request(&identity("amret")).unwrap();
    assert_ne!(pem, again);
    assert_eq!(request_fingerprint(&pem).unwrap(), request_fingerprint(&again).unwrap());
    assert_ne!(request_fingerprint(&pem).unwrap(), request_fingerprint(&request("amret")).unwrap());
    assert!(!pem.contains("PRIVATE"));
}
