use std::convert::Infallible;
use std::str::Utf8Error;

use super::*;

fn key() -> SigningKey {
    SigningKey::from_seed(SecretBytes::new([7; 32]))
}

/// An object that is any text.
#[derive(Debug, PartialEq)]
struct Text(String);

impl SignedObject for Text {
    const DOMAIN: &'static str = "tallystick/test-text/v1";
    type Error = Utf8Error;

    fn parse(bytes: &[u8]) -> Result<Self, Utf8Error> {
        std::str::from_utf8(bytes).map(|text| Self(text.to_owned()))
    }
}

/// The same bytes, of another kind.
struct OtherText;

impl SignedObject for OtherText {
    const DOMAIN: &'static str = "tallystick/test-text/v2";
    type Error = Infallible;

    fn parse(_: &[u8]) -> Result<Self, Infallible> {
        Ok(Self)
    }
}

#[test]
fn rfc_8032_test_1_and_2() {
    // RFC 8032 section 7.1.
    for (seed, public, message, signature) in [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
    ] {
        let seed: [u8; 32] = hex::decode(seed).unwrap().try_into().unwrap();
        let key = SigningKey::from_seed(SecretBytes::new(seed));
        assert_eq!(hex::encode(key.verify_key().as_bytes()), public);
        let made = key.sign_raw(&hex::decode(message).unwrap());
        assert_eq!(hex::encode(made.0), signature);
        assert_eq!(key.verify_key().verify_raw(&hex::decode(message).unwrap(), &made), Ok(()));
    }
}

#[test]
fn the_domain_is_part_of_what_is_signed() {
    let signature = key().sign("a", b"message");
    assert_eq!(signature, key().sign_raw(b"a\0message"));
    let public = key().verify_key();
    assert_eq!(public.verify("a", b"message", &signature), Ok(()));
    for (domain, bytes) in
        [("b", b"message".as_slice()), ("a", b"massage"), ("am", b"essage"), ("a", b"\0message")]
    {
        assert_eq!(public.verify(domain, bytes, &signature), Err(SigningError::Signature));
    }
}

#[test]
fn every_flipped_bit_breaks_a_signature() {
    let (signature, public) = (key().sign("a", b"message"), key().verify_key());
    for bit in 0..512 {
        let mut other = signature;
        other.0[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(public.verify("a", b"message", &other), Err(SigningError::Signature), "{bit}");
    }
    for bit in 0..256 {
        let mut other = *public.as_bytes();
        other[bit / 8] ^= 1 << (bit % 8);
        // About half of them are no point at all.
        if let Ok(other) = VerifyKey::try_from(other) {
            assert!(other.verify("a", b"message", &signature).is_err(), "{bit}");
        }
    }
    for bit in 0..56 {
        let mut other = *b"message";
        other[bit / 8] ^= 1 << (bit % 8);
        assert!(public.verify("a", &other, &signature).is_err(), "{bit}");
    }
}

#[test]
#[should_panic(expected = "a domain is a fixed string")]
fn a_domain_with_a_zero_byte_is_our_own_mistake() {
    let _ = key().sign("a\0b", b"");
}

#[test]
fn weak_and_malformed_public_keys_are_refused() {
    // The eight points of small order, then what is no canonical point: y = p, y = p + 1, and no square root.
    let refused = [
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0200000000000000000000000000000000000000000000000000000000000000",
    ];
    for text in refused {
        let bytes: [u8; 32] = hex::decode(text).unwrap().try_into().unwrap();
        assert_eq!(VerifyKey::try_from(bytes), Err(SigningError::PublicKey), "{text}");
    }
    assert_eq!(VerifyKey::try_from([1u8; 31].as_slice()), Err(SigningError::PublicKey));
}

#[test]
fn secrets_do_not_print() {
    let shown = format!("{:?}", key());
    assert!(shown.contains("public") && !shown.contains("070707"), "{shown}");
}

#[test]
fn an_object_comes_out_only_by_verifying() {
    let signed = Signed::<Text>::sign(b"hello".to_vec(), &key()).unwrap();
    assert_eq!(signed.verify(&key().verify_key()), Ok(Text("hello".into())));
    assert_eq!(signed.bytes(), b"hello");
    let stranger = SigningKey::from_seed(SecretBytes::new([8; 32])).verify_key();
    assert_eq!(signed.verify(&stranger), Err(SignedError::Signature));
    let altered = Signed::<Text>::from_parts(b"hullo".to_vec(), *signed.signature()).unwrap();
    assert_eq!(altered.verify(&key().verify_key()), Err(SignedError::Signature));
    let other = Signed::<OtherText>::from_parts(b"hello".to_vec(), *signed.signature()).unwrap();
    assert_eq!(other.verify(&key().verify_key()).err(), Some(SignedError::Signature));
    assert_eq!(format!("{signed:?}"), "Signed(5 bytes)");
    // What the signer should not have signed is the signer's fault, and not made here in the first place.
    let broken = Signed::<Text>::from_parts(vec![0xff], key().sign(Text::DOMAIN, &[0xff])).unwrap();
    assert!(matches!(broken.verify(&key().verify_key()), Err(SignedError::Object(_))));
    assert!(matches!(Signed::<Text>::sign(vec![0xff], &key()), Err(SignedError::Object(_))));
    let long = vec![b'x'; OBJECT_BYTES_MAX + 1];
    assert_eq!(Signed::<Text>::sign(long.clone(), &key()), Err(SignedError::TooLong(long.len())));
    assert_eq!(
        Signed::<Text>::from_parts(long, *signed.signature()).err(),
        Some(SigningError::TooLong(1_048_577))
    );
}

#[test]
fn serialised_forms() {
    let signed = Signed::<Text>::sign(b"hello".to_vec(), &key()).unwrap();
    let json = serde_json::to_string(&signed).unwrap();
    // The signature as Python's `cryptography` makes it.
    assert_eq!(
        json,
        "{\"bytes\":\"aGVsbG8=\",\"signature\":\"rGDn7xcWyRm9RRbRg9zK739YPkXF1oRd7CzduRs/dXYqiyXaf2uDkZb5MRPCqU8ID7Ha8d39yWTD3kFblNBxAg==\"}"
    );
    assert_eq!(serde_json::from_str::<Signed<Text>>(&json).unwrap(), signed);
    let config = bincode::config::standard();
    let binary = bincode::serde::encode_to_vec(&signed, config).unwrap();
    assert_eq!(binary.len(), 1 + 5 + 1 + 64);
    let (read, used): (Signed<Text>, usize) = bincode::serde::decode_from_slice(&binary, config).unwrap();
    assert_eq!((&read, used), (&signed, binary.len()));
    for cut in 0..binary.len() {
        let read = bincode::serde::decode_from_slice::<Signed<Text>, _>(&binary[..cut], config);
        assert!(read.is_err(), "{cut}");
    }
    let public = key().verify_key();
    let text = serde_json::to_string(&public).unwrap();
    assert_eq!(serde_json::from_str::<VerifyKey>(&text).unwrap(), public);
    for bad in ["\"\"", "\"AAAA\"", "1", "\"!\"", "\"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\""] {
        assert!(serde_json::from_str::<VerifyKey>(bad).is_err(), "{bad}");
        assert!(serde_json::from_str::<Signature>(bad).is_err(), "{bad}");
    }
    assert!(serde_json::from_str::<Signed<Text>>(&json.replace('}', ",\"more\":1}")).is_err());
    let long = format!("{{\"bytes\":\"{}\"", "A".repeat(4 * (OBJECT_BYTES_MAX / 3 + 2)));
    assert!(serde_json::from_str::<Signed<Text>>(&json.replace("{\"bytes\":\"aGVsbG8=\"", &long)).is_err());
}
