//! Sealed rows: what their proof covers, alone and in batches.

use super::super::group::SecretScalar;
use super::*;
use crate::secret::random_array;

/// Owns what a [`RowContext`] borrows.
#[derive(Clone)]
struct Place {
    network: String,
    epoch: u32,
    lender: String,
    locator: Locator,
    row_id: [u8; 16],
    version: u64,
}

impl Place {
    fn new(seed: u64) -> Self {
        let entropy = SeededEntropy::new(seed);
        Self {
            network: "kh-test".to_owned(),
            epoch: 3,
            lender: "mfi-a".to_owned(),
            locator: Locator(random_array(&entropy)),
            row_id: random_array(&entropy),
            version: seed,
        }
    }

    fn context(&self) -> RowContext<'_> {
        RowContext {
            network: &self.network,
            epoch: self.epoch,
            lender: &self.lender,
            locator: &self.locator,
            row_id: &self.row_id,
            version: self.version,
        }
    }

    /// Every place that differs from this one in one bit or one part.
    fn others(&self) -> Vec<Self> {
        let mut others = Vec::new();
        let text = |old: &str| -> Vec<String> {
            flips(old.as_bytes())
                .filter_map(|bytes| String::from_utf8(bytes).ok())
                .chain([String::new()])
                .collect()
        };
        others.extend(text(&self.network).into_iter().map(|network| Self { network, ..self.clone() }));
        others.extend(text(&self.lender).into_iter().map(|lender| Self { lender, ..self.clone() }));
        others.extend((0..32).map(|bit| Self { epoch: self.epoch ^ 1 << bit, ..self.clone() }));
        others.extend((0..64).map(|bit| Self { version: self.version ^ 1 << bit, ..self.clone() }));
        others.extend(flips(&self.locator.0).map(|l| Self { locator: Locator(array(&l)), ..self.clone() }));
        others.extend(flips(&self.row_id).map(|id| Self { row_id: array(&id), ..self.clone() }));
        others
    }
}

const INVALID: Result<(), RowError> = Err(RowError::ProofInvalid);

#[test]
fn sealing_hides_the_length_and_is_fresh_each_time() {
    let network = Network::new(1, 1, 1);
    let (key, place) = (network.deal.public_key, Place::new(1));
    for (length, bytes) in
        [(0usize, 1040usize), (1020, 1040), (1021, 4112), (16_380, 16_400), (65_532, 65_552)]
    {
        let row = seal(&key, &place.context(), &vec![1; length], &network.entropy).unwrap();
        assert_eq!(row.ciphertext.len(), bytes);
        assert_eq!(check_proof(&key, &place.context(), &row), Ok(()));
    }
    let found = seal(&key, &place.context(), &vec![1; 65_533], &network.entropy).err();
    assert_eq!(found, Some(RowError::PlaintextTooLong { bytes: 65_533 }));
    let rows: Vec<_> =
        (0..2).map(|_| seal(&key, &place.context(), b"same", &network.entropy).unwrap()).collect();
    assert_ne!(rows[0].ephemeral, rows[1].ephemeral);
    assert_ne!(rows[0].key_commitment, rows[1].key_commitment);
    assert_ne!(rows[0].ciphertext, rows[1].ciphertext);
}

#[test]
fn every_bit_of_a_row_counts() {
    let network = Network::new(2, 1, 1);
    let (key, place) = (network.deal.public_key, Place::new(2));
    let good = seal(&key, &place.context(), b"a record", &network.entropy).unwrap();
    let check = |row: &SealedRow| check_proof(&key, &place.context(), row);
    assert_eq!(check(&good), Ok(()));
    for flipped in flips(&good.key_commitment) {
        assert_eq!(check(&SealedRow { key_commitment: array(&flipped), ..good.clone() }), INVALID);
    }
    for ciphertext in flips(&good.ciphertext) {
        assert_eq!(check(&SealedRow { ciphertext, ..good.clone() }), INVALID);
    }
    let mut decoded = 0;
    for flipped in flips(&good.ephemeral.to_bytes()) {
        let Ok(ephemeral) = Point::from_bytes(&array(&flipped)) else { continue };
        decoded += 1;
        assert_eq!(check(&SealedRow { ephemeral, ..good.clone() }), INVALID);
    }
    assert!(decoded > 8, "enough flips are points: {decoded}");
}

#[test]
fn every_bit_of_a_row_proof_counts() {
    let network = Network::new(3, 1, 1);
    let (key, place) = (network.deal.public_key, Place::new(3));
    let good = seal(&key, &place.context(), b"a record", &network.entropy).unwrap();
    let proof = serde_json::to_value(good.proof).unwrap();
    let (mut decoded, mut seen) = (0, 0);
    for part in ["nonce_point", "response"] {
        let bytes: Vec<u8> = serde_json::from_value(proof[part].clone()).unwrap();
        assert_eq!(bytes.len(), 32);
        for flipped in flips(&bytes) {
            seen += 1;
            let mut changed = proof.clone();
            changed[part] = serde_json::to_value(&flipped).unwrap();
            let Ok(proof) = serde_json::from_value::<RowProof>(changed) else { continue };
            decoded += 1;
            assert_eq!(check_proof(&key, &place.context(), &SealedRow { proof, ..good.clone() }), INVALID);
        }
    }
    assert_eq!(seen, 512);
    assert!(decoded > 250, "enough flips decode: {decoded}");
    let read: SealedRow = serde_json::from_value(serde_json::to_value(&good).unwrap()).unwrap();
    assert_eq!(read, good);
}

#[test]
fn a_row_holds_at_one_place_and_under_one_key() {
    let network = Network::new(4, 1, 1);
    let (key, place) = (network.deal.public_key, Place::new(4));
    let row = seal(&key, &place.context(), b"a record", &network.entropy).unwrap();
    let others = place.others();
    assert!(others.len() > 500, "{}", others.len());
    for other in others {
        assert_eq!(check_proof(&key, &other.context(), &row), INVALID);
    }
    assert_eq!(check_proof(&multiple(2), &place.context(), &row), INVALID);
}

#[test]
fn a_length_of_no_class_is_the_publishers_fault() {
    let network = Network::new(5, 1, 1);
    let (key, place) = (network.deal.public_key, Place::new(5));
    let good = seal(&key, &place.context(), b"a record", &network.entropy).unwrap();
    for bytes in [0usize, 15, 16, 1024, 1039, 1041, 65_553] {
        let mut row = good.clone();
        row.ciphertext.resize(bytes, 0);
        let found = check_proof(&key, &place.context(), &row);
        assert_eq!(found, Err(RowError::SizeNotAClass { bytes }));
    }
}

#[test]
fn anothers_row_shifted_by_a_known_d_is_refused() {
    // A lender that knows d publishes R + d·G as its own row under a willing client's locator.
    let network = Network::new(6, 1, 1);
    let (key, victim, own) = (network.deal.public_key, Place::new(6), Place::new(7));
    let theirs = seal(&key, &victim.context(), b"a secret", &network.entropy).unwrap();
    let mine = seal(&key, &own.context(), b"my row", &network.entropy).unwrap();
    let d = SecretScalar::random(&network.entropy);
    let shifted = Point::from_element(theirs.ephemeral.element() + Point::base_times(&d).element()).unwrap();
    for (place, row) in [
        (&own, SealedRow { ephemeral: shifted, ..theirs.clone() }),
        (&own, SealedRow { ephemeral: shifted, ..mine.clone() }),
        (&own, SealedRow { ephemeral: shifted, proof: theirs.proof, ..mine.clone() }),
        (&own, theirs.clone()),
        (&victim, SealedRow { ephemeral: shifted, ..theirs.clone() }),
    ] {
        assert_eq!(check_proof(&key, &place.context(), &row), INVALID);
    }
    // Shifting the proof's nonce point or response along with it does not help either.
    let mut proof = serde_json::to_value(theirs.proof).unwrap();
    let nonce: Point = serde_json::from_value(proof["nonce_point"].clone()).unwrap();
    let moved = Point::from_element(nonce.element() + Point::base_times(&d).element()).unwrap();
    proof["nonce_point"] = serde_json::to_value(moved).unwrap();
    let proof = serde_json::from_value(proof).unwrap();
    let row = SealedRow { ephemeral: shifted, proof, ..theirs };
    assert_eq!(check_proof(&key, &own.context(), &row), INVALID);
}

#[test]
fn the_audit_checks_from_the_header_alone() {
    let network = Network::new(8, 1, 1);
    let (key, place) = (network.deal.public_key, Place::new(8));
    let row = seal(&key, &place.context(), b"a record", &network.entropy).unwrap();
    let header = RowHeader::new(&place.context(), &row);
    assert_eq!(header.check(&key), Ok(()));
    for associated_data in flips(&header.associated_data) {
        assert_eq!(RowHeader { associated_data, ..header.clone() }.check(&key), INVALID);
    }
    for hash in flips(&header.ciphertext_hash) {
        assert_eq!(RowHeader { ciphertext_hash: array(&hash), ..header.clone() }.check(&key), INVALID);
    }
    let read: RowHeader = serde_json::from_value(serde_json::to_value(&header).unwrap()).unwrap();
    assert_eq!(read, header);
}

#[test]
fn a_batch_names_the_bad_rows() {
    let network = Network::new(9, 1, 1);
    let (key, entropy) = (network.deal.public_key, &network.entropy);
    let places: Vec<Place> = (0..40).map(Place::new).collect();
    let good: Vec<SealedRow> =
        places.iter().map(|place| seal(&key, &place.context(), b"a record", entropy).unwrap()).collect();
    let check = |rows: &[SealedRow]| {
        let pairs: Vec<_> = places.iter().map(Place::context).zip(rows).collect();
        let headers: Vec<_> = pairs.iter().map(|(context, row)| RowHeader::new(context, row)).collect();
        (check_proofs(&key, &pairs, entropy), check_headers(&key, &headers, entropy))
    };
    let bad = |positions: &[usize]| Err(BadRows { positions: positions.to_vec() });
    assert_eq!(check(&good), (Ok(()), Ok(())));
    assert_eq!(check(&[]), (Ok(()), Ok(())));
    for at in 0..good.len() {
        let mut rows = good.clone();
        rows[at].ciphertext[at] ^= 1;
        assert_eq!(check(&rows), (bad(&[at]), bad(&[at])));
    }
    let mut rows = good.clone();
    rows.swap(3, 17);
    assert_eq!(check(&rows).0, bad(&[3, 17]));
    // A length of no class is found although its proof was made over it.
    let mut rows = good.clone();
    rows[5].ciphertext.push(0);
    assert_eq!(check(&rows).0, bad(&[5]));

    // Two wrong responses that cancel in a plain sum.
    let mut rows = good.clone();
    for (at, sign) in [(11usize, 1i8), (12, -1)] {
        let mut proof = serde_json::to_value(rows[at].proof).unwrap();
        let bytes: Vec<u8> = serde_json::from_value(proof["response"].clone()).unwrap();
        let scalar = *SecretScalar::from_bytes(&array(&bytes)).unwrap().expose();
        let one = curve25519_dalek::Scalar::ONE;
        let moved = if sign > 0 { scalar + one } else { scalar - one };
        proof["response"] = serde_json::to_value(moved.to_bytes()).unwrap();
        rows[at].proof = serde_json::from_value(proof).unwrap();
    }
    assert_eq!(check(&rows), (bad(&[11, 12]), bad(&[11, 12])));
    assert_eq!(
        check(&rows).0.unwrap_err().to_string(),
        "2 rows of the batch are invalid: their publisher is at fault"
    );
}
