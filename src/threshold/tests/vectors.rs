//! The vectors of RFC 9497 and RFC 9496, alone and under a shared key, and the `voprf` crate as a second opinion.

use serde::Deserialize;

use super::super::context::RFC9497_CONTEXT;
use super::super::dleq;
use super::super::group::{Point, SecretScalar};
use super::super::voprf::{blind_under, evaluate_with, finalize_hash};
use super::*;

#[derive(Deserialize)]
struct File {
    modes: Vec<Mode>,
}

#[derive(Deserialize)]
#[expect(non_snake_case, reason = "the RFC's own names")]
struct Mode {
    mode: u8,
    skSm: String,
    pkSm: Option<String>,
    groupDST: String,
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    input: Vec<String>,
    blind: Vec<String>,
    blindedelement: Vec<String>,
    evaluationelement: Vec<String>,
    output: Vec<String>,
    proof: Option<String>,
    proof_randomness: Option<String>,
}

struct Parsed {
    inputs: Vec<Vec<u8>>,
    blinds: Vec<Blind>,
    blinded: Vec<Point>,
    evaluated: Vec<Point>,
    outputs: Vec<[u8; 64]>,
}

impl Vector {
    fn parse(&self) -> Parsed {
        let points =
            |list: &[String]| list.iter().map(|text| Point::from_bytes(&unhex(text)).unwrap()).collect();
        Parsed {
            inputs: self.input.iter().map(|text| hex::decode(text).unwrap()).collect(),
            blinds: self.blind.iter().map(|text| Blind::from_secret_bytes(&unhex(text)).unwrap()).collect(),
            blinded: points(&self.blindedelement),
            evaluated: points(&self.evaluationelement),
            outputs: self.output.iter().map(|text| unhex(text)).collect(),
        }
    }
}

impl Parsed {
    fn inputs(&self) -> Vec<&[u8]> {
        self.inputs.iter().map(Vec::as_slice).collect()
    }
}

fn mode(number: u8) -> Mode {
    let text = include_str!("../../../tests/vectors/rfc9497/ristretto255_sha512.json");
    let file: File = serde_json::from_str(text).unwrap();
    file.modes.into_iter().find(|mode| mode.mode == number).unwrap()
}

#[test]
fn both_modes_blind_evaluate_and_finalise_as_the_rfc_does() {
    for number in [0u8, 1] {
        let mode = mode(number);
        let context = [&b"OPRFV1-"[..], &[number], b"-ristretto255-SHA512"].concat();
        assert_eq!(hex::decode(&mode.groupDST).unwrap(), [b"HashToGroup-", context.as_slice()].concat());
        let key = SecretScalar::from_bytes(&unhex(&mode.skSm)).unwrap();
        assert_eq!(mode.vectors.len(), 2 + usize::from(number));
        for vector in &mode.vectors {
            let v = vector.parse();
            let pairs = v.inputs.iter().map(Vec::as_slice).zip(&v.blinds);
            assert_eq!(blind_under(&context, pairs).unwrap(), v.blinded);
            assert_eq!(Point::times_batch(&v.blinded, &key), v.evaluated);
            for (i, output) in v.outputs.iter().enumerate() {
                assert_eq!(finalize(&v.inputs[i], &v.blinds[i], &v.evaluated[i]).expose(), output);
            }
        }
    }
}

#[test]
fn the_public_functions_are_mode_1() {
    let mode = mode(1);
    for vector in &mode.vectors {
        let v = vector.parse();
        for (i, input) in v.inputs.iter().enumerate() {
            assert_eq!(blind_with(input, &v.blinds[i]).unwrap(), v.blinded[i]);
        }
    }
}

#[test]
fn proofs_are_the_rfcs_bit_for_bit() {
    let file = mode(1);
    let public = Point::from_bytes(&unhex(&file.pkSm.unwrap())).unwrap();
    let key = SecretKey::from_bytes(&unhex(&file.skSm)).unwrap();
    assert_eq!(key.public_key(), public);
    let dealt = deal(&key, 1, 1, &SeededEntropy::new(1)).unwrap();
    let context = Network::context(KeyName::Locate, dealt.shares[0].index());
    assert_eq!(
        file.vectors.iter().map(|vector| vector.input.len()).max(),
        Some(2),
        "the batch is among them"
    );
    for vector in &file.vectors {
        let v = vector.parse();
        let nonce = SecretScalar::from_bytes(&unhex(vector.proof_randomness.as_ref().unwrap())).unwrap();
        let made = evaluate_with(&dealt.shares[0], &v.blinded, &context, &nonce);
        assert_eq!(made.elements, v.evaluated);
        assert_eq!(hex::encode(made.proof.to_bytes()), *vector.proof.as_ref().unwrap());
        let read = DleqProof::from_bytes(&unhex(vector.proof.as_ref().unwrap())).unwrap();
        assert!(dleq::verify(RFC9497_CONTEXT, &public, (&v.blinded, &v.evaluated), &read));
        assert_eq!(verify_evaluation(&public, &context, &v.blinded, &made), Ok(()));
    }
}

#[test]
fn every_quorum_gives_the_rfcs_output() {
    let mode = mode(1);
    let key = SecretKey::from_bytes(&unhex(&mode.skSm)).unwrap();
    for (threshold, holders) in [(1u8, 1u8), (1, 2), (2, 2), (2, 3), (3, 3), (3, 5), (5, 7), (7, 7)] {
        let entropy = SeededEntropy::new(u64::from(threshold) * 100 + u64::from(holders));
        let dealt = deal(&key, threshold, holders, &entropy).unwrap();
        for vector in &mode.vectors {
            let v = vector.parse();
            let answers: Vec<(HolderIndex, Evaluation)> = dealt
                .shares
                .iter()
                .map(|share| {
                    let context = Network::context(KeyName::Locate, share.index());
                    let answer = evaluate(share, &v.blinded, &context, &entropy).unwrap();
                    verify_evaluation(&share.commitment(), &context, &v.blinded, &answer).unwrap();
                    (share.index(), answer)
                })
                .collect();
            for subset in subsets(usize::from(holders), usize::from(threshold)) {
                let chosen: Vec<(HolderIndex, &[Point])> =
                    subset.iter().rev().map(|i| (answers[*i].0, answers[*i].1.elements.as_slice())).collect();
                let combined = combine(threshold, &chosen).unwrap();
                assert_eq!(combined, v.evaluated, "{threshold} of {holders}: {subset:?}");
                let blinds: Vec<&Blind> = v.blinds.iter().collect();
                let fused = combine_and_finalize(threshold, &chosen, &v.inputs(), &blinds).unwrap();
                for (i, output) in v.outputs.iter().enumerate() {
                    assert_eq!(finalize(&v.inputs[i], &v.blinds[i], &combined[i]).expose(), output);
                    assert_eq!(fused[i].expose(), output);
                }
            }
        }
    }
}

#[test]
fn bad_encodings_are_refused() {
    #[derive(Deserialize)]
    struct Bad {
        groups: std::collections::BTreeMap<String, Vec<String>>,
    }
    let text = include_str!("../../../tests/vectors/rfc9497/ristretto255_bad_encodings.json");
    let bad: Bad = serde_json::from_str(text).unwrap();
    assert_eq!(bad.groups.values().map(Vec::len).sum::<usize>(), 29);
    for (reason, encodings) in &bad.groups {
        for encoding in encodings {
            let found = Point::from_bytes(&unhex(encoding));
            assert_eq!(found, Err(ThresholdError::NotCanonical), "{reason}: {encoding}");
        }
    }
    assert_eq!(Point::from_bytes(&[0; 32]), Err(ThresholdError::Identity));
}

#[test]
fn the_voprf_crate_agrees() {
    use ::voprf::{Ristretto255, VoprfClient, VoprfServer};

    let entropy = SeededEntropy::new(5);
    for input in [&b""[..], b"kh-nid:010203040", &[0xff; 300]] {
        let key = SecretScalar::random(&entropy).to_secret_bytes();
        let server = VoprfServer::<Ristretto255>::new_with_key(key.expose()).unwrap();
        let expected = server.evaluate(input).unwrap();

        // Our blind and blinded point, as the state of their client.
        let whole = SecretKey::from_bytes(key.expose()).unwrap();
        let dealt = deal(&whole, 2, 3, &entropy).unwrap();
        let blinded = blind(input, &entropy).unwrap();
        let state = [*blinded.blind.to_secret_bytes().expose(), blinded.element.to_bytes()].concat();
        let theirs = VoprfClient::<Ristretto255>::deserialize(&state).unwrap();

        let points = [blinded.element];
        let answers: Vec<_> = dealt.shares[1..]
            .iter()
            .map(|share| {
                let context = Network::context(KeyName::Locate, share.index());
                (share.index(), evaluate(share, &points, &context, &entropy).unwrap())
            })
            .collect();
        let chosen: Vec<_> =
            answers.iter().map(|(holder, answer)| (*holder, answer.elements.as_slice())).collect();
        let combined = combine(2, &chosen).unwrap();
        assert_eq!(finalize(input, &blinded.blind, &combined[0]).expose(), expected.as_slice());

        // Our proof under the whole key satisfies their client.
        let one = deal(&whole, 1, 1, &entropy).unwrap();
        let context = Network::context(KeyName::Locate, one.shares[0].index());
        let answer = evaluate(&one.shares[0], &points, &context, &entropy).unwrap();
        let element = ::voprf::EvaluationElement::deserialize(&answer.elements[0].to_bytes()).unwrap();
        let proof = ::voprf::Proof::deserialize(&answer.proof.to_bytes()).unwrap();
        let output = theirs.finalize(input, &element, &proof, server.get_public_key()).unwrap();
        assert_eq!(output.as_slice(), expected.as_slice());
    }
}

#[test]
fn finalising_hashes_input_and_element_with_their_lengths() {
    let a = finalize_hash(b"ab", &[7; 32]);
    assert_ne!(a, finalize_hash(b"a", &[7; 32]));
    assert_ne!(a, finalize_hash(b"ab", &[8; 32]));
    assert_eq!(a, finalize_hash(b"ab", &[7; 32]));
}
