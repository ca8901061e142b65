//! Dealing, commitments and quorums.

use proptest::prelude::*;

use super::*;

#[test]
fn honest_commitments_pass_for_every_small_sharing() {
    for holders in 1..=7u8 {
        for threshold in 1..=holders {
            let network = Network::new(u64::from(holders), threshold, holders);
            let deal = &network.deal;
            assert_eq!(deal.shares.len(), usize::from(holders));
            check_commitments(threshold, &deal.public_key, &deal.commitments).unwrap();
            for (share, commitment) in deal.shares.iter().zip(&deal.commitments) {
                assert_eq!((share.index(), share.commitment()), (commitment.index, commitment.point));
            }
            // Another threshold is another claim.
            for other in (1..=holders).filter(|other| *other != threshold) {
                let found = check_commitments(other, &deal.public_key, &deal.commitments);
                assert_eq!(
                    found,
                    Err(ThresholdError::CommitmentsInconsistent),
                    "{threshold} as {other} of {holders}"
                );
            }
        }
    }
    let network = Network::new(9, 40, 255);
    check_commitments(40, &network.deal.public_key, &network.deal.commitments).unwrap();
}

#[test]
fn one_wrong_commitment_anywhere_is_found() {
    let network = Network::new(1, 3, 5);
    let (public_key, commitments) = (network.deal.public_key, &network.deal.commitments);
    let inconsistent = Err(ThresholdError::CommitmentsInconsistent);
    for at in 0..5 {
        let mut wrong = commitments.clone();
        wrong[at].point = multiple(3);
        assert_eq!(check_commitments(3, &public_key, &wrong), inconsistent, "commitment {at}");
        let mut moved = commitments.clone();
        moved[at].index = HolderIndex::new(77).unwrap();
        assert_eq!(check_commitments(3, &public_key, &moved), inconsistent, "index {at}");
    }
    let mut swapped = commitments.clone();
    (swapped[0].point, swapped[4].point) = (commitments[4].point, commitments[0].point);
    assert_eq!(check_commitments(3, &public_key, &swapped), inconsistent);
    assert_eq!(check_commitments(3, &multiple(3), commitments), inconsistent);

    // In another order, or without one of the holders, they are still the same sharing.
    let reversed: Vec<_> = commitments.iter().rev().copied().collect();
    assert_eq!(check_commitments(3, &public_key, &reversed), Ok(()));
    assert_eq!(check_commitments(3, &public_key, &commitments[1..]), Ok(()));
}

#[test]
fn commitments_of_the_wrong_number_are_refused() {
    let network = Network::new(2, 3, 5);
    let (public_key, commitments) = (network.deal.public_key, &network.deal.commitments);
    let few = Err(ThresholdError::TooFewHolders { have: 2, need: 3 });
    assert_eq!(check_commitments(3, &public_key, &commitments[..2]), few);
    assert_eq!(
        check_commitments(1, &public_key, &[]),
        Err(ThresholdError::TooFewHolders { have: 0, need: 1 })
    );
    let none = Err(ThresholdError::BadThreshold { threshold: 0, holders: 5 });
    assert_eq!(check_commitments(0, &public_key, commitments), none);
    let twice = [commitments.as_slice(), &commitments[1..2]].concat();
    let repeated = Err(ThresholdError::RepeatedHolder { holder: commitments[1].index });
    assert_eq!(check_commitments(3, &public_key, &twice), repeated);
}

#[test]
fn deals_that_are_no_sharing_are_refused() {
    let entropy = SeededEntropy::new(1);
    let key = SecretKey::random(&entropy);
    for (threshold, holders) in [(0u8, 0u8), (0, 3), (1, 0), (4, 3), (255, 254)] {
        let found = deal(&key, threshold, holders, &entropy).err();
        assert_eq!(found, Some(ThresholdError::BadThreshold { threshold, holders }));
        assert_eq!(refuse_weak(threshold, holders), Err(ThresholdError::BadThreshold { threshold, holders }));
    }
}

#[test]
fn the_roster_tool_wants_more_than_half() {
    let allowed = |holders: u8| -> Vec<u8> {
        (1..=holders).filter(|threshold| refuse_weak(*threshold, holders).is_ok()).collect()
    };
    assert_eq!(allowed(1), [1]);
    assert_eq!(allowed(2), [2]);
    assert_eq!(allowed(3), [2, 3]);
    assert_eq!(allowed(4), [3, 4]);
    assert_eq!(allowed(5), [3, 4, 5]);
    assert_eq!(allowed(255).first(), Some(&128));
    assert_eq!(refuse_weak(2, 4), Err(ThresholdError::WeakThreshold { threshold: 2, holders: 4 }));
}

#[test]
fn one_of_one_is_the_key_itself() {
    let entropy = SeededEntropy::new(4);
    let key = SecretKey::random(&entropy);
    let dealt = deal(&key, 1, 1, &entropy).unwrap();
    assert_eq!(dealt.shares[0].commitment(), key.public_key());
}

#[test]
fn shares_survive_being_kept_and_damage_is_found() {
    let network = Network::new(3, 2, 3);
    for share in &network.deal.shares {
        let kept = share.to_secret_bytes();
        let read = KeyShare::from_secret_bytes(kept.expose()).unwrap();
        assert_eq!((read.index(), read.commitment()), (share.index(), share.commitment()));
        assert_eq!(kept.expose().len(), KeyShare::SECRET_BYTES);
        for length in (0..33).chain([34]) {
            let mut cut = kept.expose().to_vec();
            cut.resize(length, 0);
            let found = KeyShare::from_secret_bytes(&cut).err();
            assert_eq!(found, Some(ThresholdError::SecretLength { have: length, expected: 33 }));
        }
        // Any flipped bit is refused, or is a share whose index or commitment is not the roster's.
        for flipped in flips(kept.expose()) {
            if let Ok(other) = KeyShare::from_secret_bytes(&flipped) {
                assert_ne!((other.index(), other.commitment()), (share.index(), share.commitment()));
            }
        }
    }
    assert_eq!(KeyShare::from_secret_bytes(&[0; 33]).err(), Some(ThresholdError::ZeroHolder));
    let mut zero = [0u8; 33];
    zero[0] = 1;
    assert_eq!(KeyShare::from_secret_bytes(&zero).err(), Some(ThresholdError::BadScalar));
    zero[1..].fill(0xff);
    assert_eq!(KeyShare::from_secret_bytes(&zero).err(), Some(ThresholdError::BadScalar));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Any t of n, in any order, answer as the whole key; t - 1 of them combine to something else.
    #[test]
    fn any_quorum_is_the_whole_key(
        seed: u64,
        threshold in 1u8..=9,
        more in 0u8..=9,
        order in any::<u64>(),
        inputs in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 1..5),
    ) {
        let holders = threshold + more;
        let entropy = SeededEntropy::new(seed);
        let key = SecretKey::random(&entropy);
        let whole = deal(&key, 1, 1, &entropy).unwrap();
        let dealt = deal(&key, threshold, holders, &entropy).unwrap();
        prop_assert_eq!(check_commitments(threshold, &dealt.public_key, &dealt.commitments), Ok(()));

        let slices: Vec<&[u8]> = inputs.iter().map(Vec::as_slice).collect();
        let blinded = blind_batch(&slices, &entropy).unwrap();
        let points: Vec<Point> = blinded.iter().map(|blinded| blinded.element).collect();
        for (input, blinded) in inputs.iter().zip(&blinded) {
            prop_assert_eq!(blind_with(input, &blinded.blind).unwrap(), blinded.element);
        }
        let expected = partial_open(&whole.shares[0], &points).unwrap();

        let mut chosen: Vec<&KeyShare> = dealt.shares.iter().collect();
        chosen.sort_by_key(|share| order.wrapping_mul(u64::from(share.index().get()) * 2 + 1).rotate_left(17));
        chosen.truncate(usize::from(threshold));
        let partials: Vec<_> =
            chosen.iter().map(|share| (share.index(), partial_open(share, &points).unwrap())).collect();
        let answers: Vec<(HolderIndex, &[Point])> =
            partials.iter().map(|(holder, points)| (*holder, points.as_slice())).collect();
        prop_assert_eq!(&combine(threshold, &answers).unwrap(), &expected);

        let blinds: Vec<&Blind> = blinded.iter().map(|blinded| &blinded.blind).collect();
        let outputs = combine_and_finalize(threshold, &answers, &slices, &blinds).unwrap();
        for (i, output) in outputs.iter().enumerate() {
            prop_assert_eq!(output, &finalize(slices[i], blinds[i], &expected[i]));
        }
        if threshold > 1 {
            prop_assert_ne!(&combine(threshold - 1, &answers[1..]).unwrap(), &expected);
        }
    }
}
