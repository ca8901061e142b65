use super::*;
use crate::clock::UnixTime;
use crate::digest::{ConsentId, Digest, WithdrawalCode};
use crate::model::consent::{ConsentTerms, EvidenceKind, NoticeReference, Purpose};
use crate::model::leaf::LeafReference;
use crate::secret::SecretBytes;

fn key(byte: u8) -> SigningKey {
    SigningKey::from_seed(SecretBytes::new([byte; 32]))
}

fn token() -> String {
    let terms = ConsentTerms {
        consent: ConsentId([0x0c; 16]),
        purpose: Purpose::LoanApplication,
        from: UnixTime(1_795_305_600),
        until: UnixTime(1_797_897_600),
        uses: 1,
        weak_matches: false,
        notice: NoticeReference { version: "2026-1".into(), language: "km".into(), hash: Digest([4; 32]) },
        evidence: EvidenceKind::Thumbprint,
    };
    let facts = ReceiptFacts {
        network: &"kh-mfi".parse().unwrap(),
        member: &"lender-a".parse().unwrap(),
        member_name: "Lender A",
        recorded: UnixTime(1_795_305_600),
        terms: &terms,
        commitment: Digest([5; 32]),
        leaf: LeafReference { index: 42, hash: Digest([6; 32]) },
        audit_days: 1_095,
        withdrawal: WithdrawalCode([0xab; 16]),
    };
    issue(&facts, &key(7))
}

#[test]
fn golden_token() {
    let token = token();
    // Verified by another program when it was written down: tests/receipt.rs does the same with every receipt.
    assert_eq!(token, include_str!("golden.jws").trim_end());
    let receipt = verify(&token, &key(7).verify_key()).unwrap();
    assert_eq!(receipt.iss, "tally.kh-mfi/lender-a");
    assert_eq!(receipt.tally.withdrawal_code, WithdrawalCode([0xab; 16]));
    assert_eq!(receipt.events[0].validity_duration, "PT2592000S");
}

#[test]
fn the_thumbprint_of_rfc_8037() {
    // RFC 8037, appendix A.3.
    let public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    let key = VerifyKey::try_from(hex::decode(public).unwrap().as_slice()).unwrap();
    assert_eq!(key_thumbprint(&key), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}

#[test]
fn a_flip_of_any_bit_and_a_cut_anywhere_is_refused() {
    let (token, key) = (token(), key(7).verify_key());
    for place in 0..token.len() {
        for bit in 0..8 {
            let mut bytes = token.clone().into_bytes();
            bytes[place] ^= 1 << bit;
            // What is no text any more is no token.
            let Ok(flipped) = String::from_utf8(bytes) else { continue };
            assert!(verify(&flipped, &key).is_err(), "byte {place} bit {bit}");
        }
        assert!(verify(&token[..place], &key).is_err(), "cut at {place}");
    }
    assert!(verify(&format!("{token}A"), &key).is_err());
    assert!(verify(&format!("{token}.{token}"), &key).is_err());
    assert!(verify(&format!("{token}\n"), &key).is_err());
}

#[test]
fn another_key_another_kind_and_another_algorithm_are_refused() {
    let token = token();
    assert_eq!(verify(&token, &key(8).verify_key()), Err(ReceiptError::OtherKey));
    let payload = jws::verify(&token, &key(7).verify_key()).unwrap();
    let kid = key_thumbprint(&key(7).verify_key());
    for header in [
        format!(r#"{{"alg":"none","typ":"consent-receipt+jwt","kid":"{kid}"}}"#),
        format!(r#"{{"alg":"EdDSA","typ":"JWT","kid":"{kid}"}}"#),
        format!(r#"{{"alg":"EdDSA","typ":"consent-receipt+jwt","kid":"{kid}","crit":["b64"],"b64":false}}"#),
    ] {
        use base64::Engine as _;
        let engine = base64::engine::general_purpose::URL_SAFE_NO_PAD;
        let input = format!("{}.{}", engine.encode(header), engine.encode(&payload));
        let signature = key(7).sign_raw(input.as_bytes());
        let forged = format!("{input}.{}", engine.encode(signature.0));
        assert_eq!(verify(&forged, &key(7).verify_key()), Err(ReceiptError::Header));
    }
}

#[test]
fn a_signature_of_another_object_is_none_of_a_receipt() {
    // The same bytes signed under a domain, as every other object of the key is, and the other way round.
    let (token, key) = (token(), key(7));
    let (input, _) = token.rsplit_once('.').unwrap();
    let signature = key.sign("tallystick/answer/v1", input.as_bytes());
    assert!(key.verify_key().verify_raw(input.as_bytes(), &signature).is_err());
    let receipt = key.sign_raw(input.as_bytes());
    assert!(key.verify_key().verify("tallystick/answer/v1", input.as_bytes(), &receipt).is_err());
    assert!(!input.as_bytes().contains(&0));
}
