//! Frozen bytes. Each was computed a second time with Python's hashlib and hmac. A change here changes what
//! every member of a network has published.

use super::*;
use crate::secret::SecretBytes;

#[test]
fn dleq_context_strings() {
    let holder = HolderIndex::new(7).unwrap();
    let string = |key| hex::encode(Network::context(key, holder).dleq_context());
    // "OPRFV1-" || 0x01 || "-ristretto255-SHA512"
    assert_eq!(string(KeyName::Locate), "4f50524656312d012d72697374726574746f3235352d534841353132");
    assert_eq!(
        string(KeyName::Footprint),
        concat!(
            "000000000000001274616c6c79737469636b2f646c65712f7631",
            "0000000000000009666f6f747072696e74",
            "00000000000000076b682d74657374",
            "000000030000000207"
        )
    );
    assert_eq!(
        string(KeyName::Open),
        concat!(
            "000000000000001274616c6c79737469636b2f646c65712f7631",
            "00000000000000046f70656e",
            "00000000000000076b682d74657374",
            "000000030000000207"
        )
    );
}

#[test]
fn associated_data_of_a_row() {
    let locator = Locator([0x11; 32]);
    let context = RowContext {
        network: "kh-test",
        epoch: 3,
        lender: "mfi-a",
        locator: &locator,
        row_id: &[0x22; 16],
        version: 0x0102_0304_0506_0708,
    };
    assert_eq!(
        hex::encode(associated_data(&context, &[0x33; 32])),
        concat!(
            "000000000000001174616c6c79737469636b2f726f772f7631",
            "00000000000000076b682d74657374",
            "00000003",
            "00000000000000056d66692d61",
            "1111111111111111111111111111111111111111111111111111111111111111",
            "22222222222222222222222222222222",
            "0102030405060708",
            "3333333333333333333333333333333333333333333333333333333333333333",
        )
    );
    let hash = ciphertext_hash(b"abc");
    assert_eq!(hex::encode(hash), "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23");
}

#[test]
fn associated_data_cannot_be_split_in_two_ways() {
    let locator = Locator([0; 32]);
    let context =
        RowContext { network: "ab", epoch: 0, lender: "c", locator: &locator, row_id: &[0; 16], version: 0 };
    let moved = RowContext { network: "a", lender: "bc", ..context };
    assert_ne!(associated_data(&context, &[0; 32]), associated_data(&moved, &[0; 32]));
}

#[test]
fn points_digests() {
    let none = "e30fbddf823bd9238a0d03b9be58df63a6e34bc7db661ef68ee0e5388d01fc93";
    let two = "a3e23ea6ce2cb7bf8a6ee4064d61f0362e346fdf7bc19fe18ae9b4009084c698";
    let points = [multiple(1), multiple(2)];
    assert_eq!(hex::encode(points_digest(&[])), none);
    assert_eq!(hex::encode(points_digest(&points)), two);
    assert_ne!(points_digest(&[points[1], points[0]]), points_digest(&points));
    assert_eq!(encode_batch(&points), [points[0].to_bytes(), points[1].to_bytes()].concat());
}

#[test]
fn locators_differ_by_key_network_and_epoch() {
    let output = SecretBytes::new(std::array::from_fn(|i| u8::try_from(i).unwrap()));
    let locate = locator(&output, KeyName::Locate, "kh-test", 3);
    let footprint = locator(&output, KeyName::Footprint, "kh-test", 3);
    let text = |locator: Locator| hex::encode(locator.0);
    assert_eq!(text(locate), "aa561ec71b8465319c1b32763162529fd040491a47215f666acaf2a1c346f9c0");
    assert_eq!(text(footprint), "5167b735312590c2a33208b64884cdf03977dc12a22dd1380ac43080d18f7e99");
    assert_ne!(locator(&output, KeyName::Locate, "kh-tesu", 3), locate);
    assert_ne!(locator(&output, KeyName::Locate, "kh-test", 4), locate);
    let other = SecretBytes::new([9; 64]);
    assert_ne!(locator(&other, KeyName::Locate, "kh-test", 3), locate);
}

#[test]
fn secrets_are_kept_as_index_and_little_endian_scalars() {
    let mut bytes = [0u8; 33];
    (bytes[0], bytes[1]) = (5, 2);
    let share = KeyShare::from_secret_bytes(&bytes).unwrap();
    assert_eq!((share.index().get(), share.commitment()), (5, multiple(2)));
    assert_eq!(share.to_secret_bytes().expose(), bytes);
}

#[test]
fn public_types_are_plain_bytes_in_serde_and_refuse_what_is_not_canonical() {
    let entropy = SeededEntropy::new(1);
    let dealt = deal(&SecretKey::random(&entropy), 1, 1, &entropy).unwrap();
    let context = Network::context(KeyName::Locate, dealt.shares[0].index());
    let answer = evaluate(&dealt.shares[0], &[multiple(9)], &context, &entropy).unwrap();

    let point = serde_json::to_value(multiple(9)).unwrap();
    assert_eq!(point, serde_json::to_value(multiple(9).to_bytes()).unwrap());
    assert_eq!(serde_json::from_value::<Point>(point).unwrap(), multiple(9));
    assert!(serde_json::from_value::<Point>(serde_json::to_value([0u8; 32]).unwrap()).is_err());
    assert!(serde_json::from_value::<Point>(serde_json::to_value([0xffu8; 32]).unwrap()).is_err());

    let proof = serde_json::to_value(answer.proof).unwrap();
    let halves: (Vec<u8>, Vec<u8>) = (
        serde_json::from_value(proof["c"].clone()).unwrap(),
        serde_json::from_value(proof["s"].clone()).unwrap(),
    );
    assert_eq!([halves.0, halves.1].concat(), answer.proof.to_bytes());
    let mut bad = proof.clone();
    bad["c"] = serde_json::to_value([0xffu8; 32]).unwrap();
    assert!(serde_json::from_value::<DleqProof>(bad).is_err());

    let read: Evaluation = serde_json::from_value(serde_json::to_value(&answer).unwrap()).unwrap();
    assert_eq!(read, answer);
    let read: KeyContext = serde_json::from_value(serde_json::to_value(&context).unwrap()).unwrap();
    assert_eq!(read, context);
    let read: ShareCommitment =
        serde_json::from_value(serde_json::to_value(dealt.commitments[0]).unwrap()).unwrap();
    assert_eq!(read, dealt.commitments[0]);
    assert_eq!(serde_json::to_string(&KeyName::Footprint).unwrap(), "\"footprint\"");
    assert!(serde_json::from_str::<HolderIndex>("0").is_err());
    assert!(serde_json::from_str::<HolderIndex>("256").is_err());
}
