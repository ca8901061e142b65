//! Opening with t of n: what succeeds, and who is to blame for what does not.

use super::super::seal::seal_padded;
use super::*;

const LOCATOR: Locator = Locator([0x51; 32]);

fn place() -> RowContext<'static> {
    RowContext {
        network: "kh-test",
        epoch: 3,
        lender: "mfi-a",
        locator: &LOCATOR,
        row_id: &[0x52; 16],
        version: 9,
    }
}

impl Network {
    fn partials(&self, points: &[Point]) -> Vec<(HolderIndex, Vec<Point>)> {
        let open = |share: &KeyShare| (share.index(), partial_open(share, points).unwrap());
        self.deal.shares.iter().map(open).collect()
    }

    fn combined(&self, partials: &[(HolderIndex, Vec<Point>)], subset: &[usize]) -> Vec<Point> {
        let chosen: Vec<(HolderIndex, &[Point])> =
            subset.iter().map(|i| (partials[*i].0, partials[*i].1.as_slice())).collect();
        combine(self.threshold, &chosen).unwrap()
    }

    /// `row` opened by the first t holders.
    fn open(&self, context: &RowContext<'_>, row: &SealedRow) -> Result<Vec<u8>, RowError> {
        let opening = blind_header(&row.ephemeral, &self.entropy);
        let partials = self.partials(&[opening.point()]);
        let first: Vec<usize> = (0..usize::from(self.threshold)).collect();
        let combined = self.combined(&partials, &first);
        open_row(&self.deal.public_key, context, row, &opening, &combined[0])
            .map(|record| record.expose().to_vec())
    }
}

#[test]
fn every_quorum_opens_rows_among_padding() {
    for (threshold, holders) in [(1u8, 1u8), (2, 3), (3, 5)] {
        let network = Network::new(u64::from(holders), threshold, holders);
        let key = network.deal.public_key;
        let records: [&[u8]; 3] = [b"", b"an exposure record", &[7; 3000]];
        let rows: Vec<_> =
            records.iter().map(|record| seal(&key, &place(), record, &network.entropy).unwrap()).collect();
        let mut openings: Vec<_> =
            rows.iter().map(|row| blind_header(&row.ephemeral, &network.entropy)).collect();
        openings.push(padding_point(&network.entropy));
        let points: Vec<Point> = openings.iter().map(OpeningPoint::point).collect();
        let partials = network.partials(&points);
        for subset in subsets(usize::from(holders), usize::from(threshold)) {
            let combined = network.combined(&partials, &subset);
            for (i, record) in records.iter().enumerate() {
                let opened = open_row(&key, &place(), &rows[i], &openings[i], &combined[i]).unwrap();
                assert_eq!(opened.expose(), *record);
            }
        }
    }
}

#[test]
fn fewer_than_t_open_nothing() {
    let network = Network::new(2, 3, 5);
    let key = network.deal.public_key;
    let row = seal(&key, &place(), b"a record", &network.entropy).unwrap();
    let opening = blind_header(&row.ephemeral, &network.entropy);
    let partials = network.partials(&[opening.point()]);
    for subset in subsets(5, 2) {
        let two: Vec<(HolderIndex, &[Point])> =
            subset.iter().map(|i| (partials[*i].0, partials[*i].1.as_slice())).collect();
        let combined = combine(2, &two).unwrap();
        let found = open_row(&key, &place(), &row, &opening, &combined[0]).err();
        assert_eq!(found, Some(RowError::CommitmentMismatch));
    }
}

#[test]
fn a_holder_that_lies_is_found_and_named() {
    let network = Network::new(3, 3, 5);
    let key = network.deal.public_key;
    let row = seal(&key, &place(), b"a record", &network.entropy).unwrap();
    let opening = blind_header(&row.ephemeral, &network.entropy);
    let points = [opening.point(), padding_point(&network.entropy).point()];
    for liar in 0..3usize {
        let mut partials = network.partials(&points);
        partials[liar].1[0] = multiple(13);
        let combined = network.combined(&partials, &[0, 1, 2]);
        let found = open_row(&key, &place(), &row, &opening, &combined[0]).err();
        assert_eq!(found, Some(RowError::CommitmentMismatch));

        // Proofs are demanded; whatever the liar does, it can prove only what is so.
        for (at, share) in network.deal.shares[..3].iter().enumerate() {
            let context = Network::context(KeyName::Open, share.index());
            let proof = prove_opening(share, &points, &partials[at].1, &context, &network.entropy).unwrap();
            let found = verify_opening(&share.commitment(), &context, &points, &partials[at].1, &proof);
            let wrong = Err(ThresholdError::WrongEvaluation { holder: share.index() });
            assert_eq!(found, if at == liar { wrong } else { Ok(()) });
        }
        // The remaining holders open the row without it.
        let others: Vec<usize> = (0..5).filter(|at| *at != liar).take(3).collect();
        let combined = network.combined(&partials, &others);
        let opened = open_row(&key, &place(), &row, &opening, &combined[0]).unwrap();
        assert_eq!(opened.expose(), b"a record");
    }
}

#[test]
fn every_bit_of_an_opening_and_its_proof_counts() {
    let network = Network::new(4, 2, 3);
    let share = &network.deal.shares[1];
    let context = Network::context(KeyName::Open, share.index());
    let points = network.points(2);
    let results = partial_open(share, &points).unwrap();
    let proof = prove_opening(share, &points, &results, &context, &network.entropy).unwrap();
    let wrong = Err(ThresholdError::WrongEvaluation { holder: share.index() });
    let check = |context: &KeyContext, points: &[Point], results: &[Point], proof: &DleqProof| {
        verify_opening(&share.commitment(), context, points, results, proof)
    };
    assert_eq!(check(&context, &points, &results, &proof), Ok(()));
    for flipped in flips(&proof.to_bytes()) {
        if let Ok(changed) = DleqProof::from_bytes(&array(&flipped)) {
            assert_eq!(check(&context, &points, &results, &changed), wrong);
        }
    }
    for at in 0..2 {
        for flipped in flips(&results[at].to_bytes()) {
            let Ok(changed) = Point::from_bytes(&array(&flipped)) else { continue };
            let mut list = results.clone();
            list[at] = changed;
            assert_eq!(check(&context, &points, &list, &proof), wrong);
        }
        for flipped in flips(&points[at].to_bytes()) {
            let Ok(changed) = Point::from_bytes(&array(&flipped)) else { continue };
            let mut list = points.clone();
            list[at] = changed;
            assert_eq!(check(&context, &list, &results, &proof), wrong);
        }
    }
    assert_eq!(check(&context, &points, &results[..1], &proof), wrong);
    for other in [
        KeyContext { network: "other".to_owned(), ..context.clone() },
        KeyContext { epoch: 4, ..context.clone() },
        KeyContext { generation: 1, ..context.clone() },
    ] {
        assert_eq!(check(&other, &points, &results, &proof), wrong);
    }
}

#[test]
fn generations_do_not_mix() {
    let entropy = SeededEntropy::new(5);
    let key = SecretKey::random(&entropy);
    let [first, second] = [1u8, 2].map(|_| deal(&key, 2, 3, &entropy).unwrap());
    let row = seal(&first.public_key, &place(), b"a record", &entropy).unwrap();
    let opening = blind_header(&row.ephemeral, &entropy);
    let from = |share: &KeyShare| (share.index(), partial_open(share, &[opening.point()]).unwrap());
    let open = |one: &KeyShare, two: &KeyShare| {
        let (one, two) = (from(one), from(two));
        let combined = combine(2, &[(one.0, one.1.as_slice()), (two.0, two.1.as_slice())]).unwrap();
        open_row(&first.public_key, &place(), &row, &opening, &combined[0])
            .map(|record| record.expose().to_vec())
    };
    assert_eq!(open(&first.shares[0], &first.shares[1]), Ok(b"a record".to_vec()));
    assert_eq!(open(&second.shares[0], &second.shares[1]), Ok(b"a record".to_vec()));
    assert_eq!(open(&first.shares[0], &second.shares[1]), Err(RowError::CommitmentMismatch));
}

#[test]
fn each_error_says_whose_fault_it_is() {
    let network = Network::new(6, 2, 3);
    let key = network.deal.public_key;
    let row = seal(&key, &place(), b"a record", &network.entropy).unwrap();
    assert_eq!(network.open(&place(), &row), Ok(b"a record".to_vec()));

    for flipped in flips(&row.key_commitment) {
        let row = SealedRow { key_commitment: array(&flipped), ..row.clone() };
        assert_eq!(network.open(&place(), &row), Err(RowError::CommitmentMismatch));
    }
    for flipped in flips(&row.ciphertext).step_by(97) {
        let row = SealedRow { ciphertext: flipped, ..row.clone() };
        assert_eq!(network.open(&place(), &row), Err(RowError::AeadFailed));
    }
    for other in [
        RowContext { network: "kh-tesu", ..place() },
        RowContext { epoch: 4, ..place() },
        RowContext { lender: "mfi-b", ..place() },
        RowContext { locator: &Locator([0; 32]), ..place() },
        RowContext { row_id: &[0; 16], ..place() },
        RowContext { version: 10, ..place() },
    ] {
        assert_eq!(network.open(&other, &row), Err(RowError::AeadFailed));
    }
    let shifted = SealedRow { ephemeral: multiple(3), ..row.clone() };
    assert_eq!(network.open(&place(), &shifted), Err(RowError::CommitmentMismatch));
    let short = SealedRow { ciphertext: row.ciphertext[1..].to_vec(), ..row.clone() };
    assert_eq!(network.open(&place(), &short), Err(RowError::SizeNotAClass { bytes: 1039 }));

    // A publisher that seals what is no padded record: proof and encryption hold, the content does not.
    let mut padded = vec![0u8; 1024];
    padded[1023] = 1;
    let bad = seal_padded(&key, &place(), zeroize::Zeroizing::new(padded), &network.entropy);
    assert_eq!(check_proof(&key, &place(), &bad), Ok(()));
    assert_eq!(network.open(&place(), &bad), Err(RowError::PaddingBad));
}

#[test]
fn a_mix_up_of_the_askers_own_is_no_holders_lie() {
    let network = Network::new(7, 1, 1);
    let key = network.deal.public_key;
    let rows = [1, 2].map(|_| seal(&key, &place(), b"a record", &network.entropy).unwrap());
    let openings = [
        blind_header(&rows[0].ephemeral, &network.entropy),
        blind_header(&rows[1].ephemeral, &network.entropy),
        padding_point(&network.entropy),
    ];
    let points: Vec<Point> = openings.iter().map(OpeningPoint::point).collect();
    let combined = network.combined(&network.partials(&points), &[0]);
    for (row, opening) in [(0usize, 1usize), (1, 0), (0, 2)] {
        let found = open_row(&key, &place(), &rows[row], &openings[opening], &combined[opening]).err();
        assert_eq!(found, Some(RowError::OtherRow));
    }
    // The answer for the other row, however, is a wrong answer; so is s·K, which leaves nothing.
    let found = open_row(&key, &place(), &rows[0], &openings[0], &combined[1]).err();
    assert_eq!(found, Some(RowError::CommitmentMismatch));
    let secret = openings[0].to_secret_bytes();
    let padding = OpeningPoint::from_secret_bytes(secret.expose(), None).unwrap().point();
    let nothing = network.combined(&network.partials(&[padding]), &[0]);
    let found = open_row(&key, &place(), &rows[0], &openings[0], &nothing[0]).err();
    assert_eq!(found, Some(RowError::CommitmentMismatch));
}

#[test]
fn the_audit_explains_each_point_from_its_kept_secret() {
    let network = Network::new(8, 1, 1);
    let row = seal(&network.deal.public_key, &place(), b"a record", &network.entropy).unwrap();
    let header = Some(&row.ephemeral);
    let opening = blind_header(&row.ephemeral, &network.entropy);
    let padding = padding_point(&network.entropy);
    let again = |opening: &OpeningPoint, header| {
        OpeningPoint::from_secret_bytes(opening.to_secret_bytes().expose(), header).unwrap().point()
    };
    assert_eq!(again(&opening, header), opening.point());
    assert_eq!(again(&padding, None), padding.point());
    assert_ne!(again(&opening, None), opening.point());
    assert_ne!(again(&padding, header), padding.point());

    // An s made to cancel R gives no point.
    let mut one = [0u8; 32];
    one[0] = 1;
    let minus_g = Point::from_element(-multiple(1).element()).unwrap();
    let found = OpeningPoint::from_secret_bytes(&one, Some(&minus_g)).err();
    assert_eq!(found, Some(ThresholdError::Identity));
}
