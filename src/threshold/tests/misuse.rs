//! What the module refuses from its callers, and what it never prints.

use super::*;

#[test]
fn no_secret_can_be_printed() {
    let network = Network::new(1, 2, 3);
    let key = SecretKey::random(&network.entropy);
    assert_eq!(format!("{key:?}"), "SecretKey(SecretScalar(..))");

    let share = &network.deal.shares[0];
    let blinded = blind(b"in-epic:ABC1234567", &network.entropy).unwrap();
    let opening = padding_point(&network.entropy);
    let kept_share = share.to_secret_bytes();
    let kept_blind = blinded.blind.to_secret_bytes();
    let kept_opening = opening.to_secret_bytes();
    let printed = [
        (format!("{share:?} {:?}", network.deal), &kept_share.expose()[1..]),
        (format!("{:?} {blinded:?}", blinded.blind), kept_blind.expose()),
        (format!("{opening:?}"), kept_opening.expose()),
        (format!("{kept_share:?} {kept_blind:?} {kept_opening:?}"), kept_blind.expose()),
    ];
    for (text, secret) in printed {
        // Neither as hex, nor as a list of numbers, nor in part.
        let list = format!("{secret:?}");
        let list = list.trim_matches(['[', ']']);
        assert!(text.contains("(..)"), "{text}");
        for part in [&hex::encode(secret)[..16], &hex::encode(secret)[48..], &list[..24]] {
            assert!(!text.to_lowercase().contains(part), "{text}");
        }
    }
}

#[test]
fn public_values_print_as_hex() {
    let g = multiple(1);
    assert_eq!(format!("{g:?}"), "Point(e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76)");
    assert_eq!(format!("{:?}", Locator([0xab; 32])), format!("Locator({})", "ab".repeat(32)));
}

#[test]
fn batches_are_bounded_from_both_sides() {
    let network = Network::new(2, 1, 1);
    let share = &network.deal.shares[0];
    let locate = Network::context(KeyName::Locate, share.index());
    let open = Network::context(KeyName::Open, share.index());
    let one = evaluate(share, &[multiple(2)], &locate, &network.entropy).unwrap();
    for (count, error) in
        [(0usize, ThresholdError::NoPoints), (1025, ThresholdError::TooManyPoints { count: 1025 })]
    {
        let points = vec![multiple(2); count];
        let inputs = vec![&b"x"[..]; count];
        let answers = [(share.index(), points.as_slice())];
        assert_eq!(blind_batch(&inputs, &network.entropy).err(), Some(error));
        assert_eq!(evaluate(share, &points, &locate, &network.entropy).err(), Some(error));
        assert_eq!(verify_evaluation(&share.commitment(), &locate, &points, &one), Err(error));
        assert_eq!(combine(1, &answers).err(), Some(error));
        assert_eq!(partial_open(share, &points).err(), Some(error));
        assert_eq!(prove_opening(share, &points, &points, &open, &network.entropy).err(), Some(error));
        assert_eq!(verify_opening(&share.commitment(), &open, &points, &points, &one.proof), Err(error));
    }
    let full = network.points(1024);
    let evaluation = evaluate(share, &full, &locate, &network.entropy).unwrap();
    assert_eq!(verify_evaluation(&share.commitment(), &locate, &full, &evaluation), Ok(()));
}

#[test]
fn keys_and_holders_are_not_mixed_up() {
    let network = Network::new(3, 2, 3);
    let (share, points) = (&network.deal.shares[0], network.points(2));
    let other = network.deal.shares[1].index();
    let refused =
        |context: &KeyContext| ThresholdError::WrongContext { key: context.key, holder: context.holder };

    let open = Network::context(KeyName::Open, share.index());
    assert_eq!(evaluate(share, &points, &open, &network.entropy).err(), Some(refused(&open)));
    let locate = Network::context(KeyName::Locate, share.index());
    assert_eq!(
        prove_opening(share, &points, &points, &locate, &network.entropy).err(),
        Some(refused(&locate))
    );
    let evaluation = evaluate(share, &points, &locate, &network.entropy).unwrap();
    assert_eq!(verify_evaluation(&share.commitment(), &open, &points, &evaluation), Err(refused(&open)));
    let found =
        verify_opening(&share.commitment(), &locate, &points, &evaluation.elements, &evaluation.proof);
    assert_eq!(found, Err(refused(&locate)));

    for key in [KeyName::Locate, KeyName::Footprint] {
        let context = Network::context(key, other);
        assert_eq!(evaluate(share, &points, &context, &network.entropy).err(), Some(refused(&context)));
    }
    let context = Network::context(KeyName::Open, other);
    let found = prove_opening(share, &points, &points, &context, &network.entropy).err();
    assert_eq!(found, Some(refused(&context)));
}

#[test]
fn combining_wants_t_distinct_holders_of_one_length() {
    let network = Network::new(4, 3, 5);
    let points = network.points(2);
    let partials: Vec<Vec<Point>> =
        network.deal.shares.iter().map(|share| partial_open(share, &points).unwrap()).collect();
    let indices: Vec<HolderIndex> = network.deal.shares.iter().map(KeyShare::index).collect();
    let answers: Vec<(HolderIndex, &[Point])> =
        indices.iter().copied().zip(partials.iter().map(Vec::as_slice)).collect();

    let few = |have| Some(ThresholdError::TooFewHolders { have, need: 3 });
    assert_eq!(combine(3, &[]).err(), few(0));
    assert_eq!(combine(3, &answers[..2]).err(), few(2));
    assert_eq!(combine(0, &answers).err(), Some(ThresholdError::TooFewHolders { have: 5, need: 1 }));
    let twice = [answers[0], answers[1], answers[0]];
    assert_eq!(combine(3, &twice).err(), Some(ThresholdError::RepeatedHolder { holder: indices[0] }));
    let mut uneven = answers.clone();
    uneven[4].1 = &uneven[4].1[..1];
    assert_eq!(combine(3, &uneven).err(), Some(ThresholdError::LengthMismatch { have: 1, expected: 2 }));
    // More than t: the first t are used, and the value is the same.
    assert_eq!(combine(3, &answers).unwrap(), combine(3, &answers[2..]).unwrap());

    let blinds = [Blind::random(&network.entropy), Blind::random(&network.entropy)];
    let one = Some(ThresholdError::LengthMismatch { have: 1, expected: 2 });
    let found = combine_and_finalize(3, &answers, &[b"a"], &[&blinds[0], &blinds[1]]).err();
    assert_eq!(found, one);
    let found = combine_and_finalize(3, &answers, &[b"a", b"b"], &[&blinds[0]]).err();
    assert_eq!(found, one);
}

#[test]
fn answers_that_cancel_out_are_refused() {
    // Holders 1 and 2 weigh 2 and -1.
    let network = Network::new(5, 2, 2);
    let indices: Vec<HolderIndex> = network.deal.shares.iter().map(KeyShare::index).collect();
    let (one, two) = ([multiple(1)], [multiple(2)]);
    let answers: [(HolderIndex, &[Point]); 2] = [(indices[0], &one), (indices[1], &two)];
    assert_eq!(combine(2, &answers).err(), Some(ThresholdError::Identity));
}

#[test]
fn inputs_end_below_64_kib() {
    let entropy = SeededEntropy::new(6);
    let longest = vec![7u8; 65_535];
    let blinded = blind(&longest, &entropy).unwrap();
    assert_eq!(blind_with(&longest, &blinded.blind).unwrap(), blinded.element);
    let too_long = vec![7u8; 65_536];
    let error = Some(ThresholdError::InputTooLong { bytes: 65_536 });
    assert_eq!(blind(&too_long, &entropy).err(), error);
    assert_eq!(blind_batch(&[&longest, &too_long], &entropy).err(), error);
    let answers: [(HolderIndex, &[Point]); 1] = [(HolderIndex::new(1).unwrap(), &[blinded.element])];
    assert_eq!(combine_and_finalize(1, &answers, &[&too_long], &[&blinded.blind]).err(), error);
}

#[test]
fn kept_scalars_are_canonical_and_not_zero() {
    let bad = Some(ThresholdError::BadScalar);
    // The group's order, little-endian (RFC 9496 section 4), and all ones.
    let order = unhex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    for bytes in [[0u8; 32], order, [0xff; 32]] {
        assert_eq!(Blind::from_secret_bytes(&bytes).err(), bad);
        assert_eq!(SecretKey::from_bytes(&bytes).err(), bad);
        assert_eq!(OpeningPoint::from_secret_bytes(&bytes, None).err(), bad);
    }
}

#[test]
#[should_panic(expected = "zero scalar")]
fn a_dead_source_of_randomness_makes_no_key() {
    struct Dead;
    impl crate::secret::Entropy for Dead {
        fn fill(&self, out: &mut [u8]) {
            out.fill(0);
        }
    }
    let _ = SecretKey::random(&Dead);
}
