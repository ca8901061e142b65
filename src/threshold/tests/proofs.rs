//! What a DLEQ proof refuses: every changed bit, every other share, key, epoch and order.

use super::*;

const KEYS: [KeyName; 2] = [KeyName::Locate, KeyName::Footprint];

/// A checked answer of the holder at `at`, and all that it is checked against.
struct Answer {
    commitment: Point,
    context: KeyContext,
    blinded: Vec<Point>,
    evaluation: Evaluation,
}

impl Answer {
    fn of(network: &Network, at: usize, key: KeyName, count: usize) -> Self {
        let share = &network.deal.shares[at];
        let context = Network::context(key, share.index());
        let blinded = network.points(count);
        let evaluation = evaluate(share, &blinded, &context, &network.entropy).unwrap();
        Self { commitment: network.deal.commitments[at].point, context, blinded, evaluation }
    }

    fn check(&self) -> Result<(), ThresholdError> {
        verify_evaluation(&self.commitment, &self.context, &self.blinded, &self.evaluation)
    }

    fn wrong(&self) -> Result<(), ThresholdError> {
        Err(ThresholdError::WrongEvaluation { holder: self.context.holder })
    }
}

#[test]
fn every_bit_of_a_proof_counts() {
    for key in KEYS {
        let mut answer = Answer::of(&Network::new(1, 2, 3), 1, key, 3);
        assert_eq!(answer.check(), Ok(()));
        let good = answer.evaluation.proof.to_bytes();
        assert_eq!(DleqProof::from_bytes(&good), Ok(answer.evaluation.proof));
        let mut decoded = 0;
        for flipped in flips(&good) {
            match DleqProof::from_bytes(&array(&flipped)) {
                Err(error) => assert_eq!(error, ThresholdError::BadScalar),
                Ok(proof) => {
                    decoded += 1;
                    answer.evaluation.proof = proof;
                    assert_eq!(answer.check(), answer.wrong());
                }
            }
        }
        assert!(decoded > 400, "most of the 512 flips reach the equation: {decoded}");
    }
}

#[test]
fn every_bit_of_every_point_counts() {
    // Half of all flips decode; each must then be refused.
    let network = Network::new(2, 2, 3);
    for key in KEYS {
        let good = Answer::of(&network, 1, key, 2);
        let (mut decoded, mut seen) = (0, 0);
        for part in 0..5usize {
            let point = match part {
                0 | 1 => good.blinded[part],
                2 | 3 => good.evaluation.elements[part - 2],
                _ => good.commitment,
            };
            for flipped in flips(&point.to_bytes()) {
                seen += 1;
                let Ok(changed) = Point::from_bytes(&array(&flipped)) else { continue };
                decoded += 1;
                let mut answer = Answer {
                    blinded: good.blinded.clone(),
                    evaluation: good.evaluation.clone(),
                    context: good.context.clone(),
                    ..good
                };
                match part {
                    0 | 1 => answer.blinded[part] = changed,
                    2 | 3 => answer.evaluation.elements[part - 2] = changed,
                    _ => answer.commitment = changed,
                }
                assert_eq!(answer.check(), answer.wrong(), "part {part}");
            }
        }
        assert_eq!(seen, 5 * 256);
        assert!(decoded > 50, "enough flips are points: {decoded}");
    }
}

#[test]
fn order_and_number_count() {
    let network = Network::new(3, 2, 3);
    for key in KEYS {
        let mut answer = Answer::of(&network, 0, key, 4);
        answer.evaluation.elements.swap(1, 2);
        assert_eq!(answer.check(), answer.wrong(), "results swapped");
        answer.blinded.swap(1, 2);
        assert_eq!(answer.check(), answer.wrong(), "both swapped: the weights are bound to the position");
        let mut answer = Answer::of(&network, 0, key, 4);
        answer.evaluation.elements.pop();
        assert_eq!(answer.check(), answer.wrong(), "one result too few names the holder");
        answer.blinded.pop();
        assert_eq!(answer.check(), answer.wrong(), "a proof of four is none of three");
        let mut answer = Answer::of(&network, 0, key, 4);
        answer.evaluation.elements.push(multiple(2));
        assert_eq!(answer.check(), answer.wrong(), "one result too many");
        let mut answer = Answer::of(&network, 0, key, 4);
        answer.evaluation.elements.clear();
        assert_eq!(answer.check(), answer.wrong(), "no results at all");
    }
}

#[test]
fn errors_that_cancel_in_a_plain_sum_are_found() {
    let network = Network::new(4, 2, 3);
    let mut answer = Answer::of(&network, 0, KeyName::Locate, 2);
    let offset = multiple(5);
    let elements = &mut answer.evaluation.elements;
    elements[0] = Point::from_element(elements[0].element() + offset.element()).unwrap();
    elements[1] = Point::from_element(elements[1].element() - offset.element()).unwrap();
    assert_eq!(answer.check(), answer.wrong());
}

#[test]
fn a_footprint_proof_holds_for_one_context_alone() {
    let network = Network::new(5, 2, 3);
    let mut answer = Answer::of(&network, 2, KeyName::Footprint, 2);
    let good = answer.context.clone();
    let others = [
        KeyContext { key: KeyName::Locate, ..good.clone() },
        KeyContext { network: "kh-tesu".to_owned(), ..good.clone() },
        KeyContext { network: String::new(), ..good.clone() },
        KeyContext { epoch: 4, ..good.clone() },
        KeyContext { generation: 3, ..good.clone() },
        KeyContext { holder: HolderIndex::new(1).unwrap(), ..good.clone() },
    ];
    for other in others {
        answer.context = other;
        assert_eq!(answer.check(), answer.wrong(), "{:?}", answer.context);
    }
    answer.context = good;
    assert_eq!(answer.check(), Ok(()));
}

#[test]
fn a_lying_holder_is_named_and_the_honest_ones_are_not() {
    let network = Network::new(6, 3, 5);
    // A holder that kept the share of an older generation answers with a proof that is right for that share.
    let older = Network::new(7, 3, 5);
    for key in KEYS {
        let blinded = network.points(3);
        for liar in 0..5usize {
            for at in 0..5usize {
                let from = if at == liar { &older } else { &network };
                let share = &from.deal.shares[at];
                let context = Network::context(key, share.index());
                let evaluation = evaluate(share, &blinded, &context, &network.entropy).unwrap();
                let found =
                    verify_evaluation(&network.deal.commitments[at].point, &context, &blinded, &evaluation);
                let expected = if at == liar {
                    Err(ThresholdError::WrongEvaluation { holder: share.index() })
                } else {
                    Ok(())
                };
                assert_eq!(found, expected);
            }
        }
    }
    let holder = HolderIndex::new(4).unwrap();
    let text = ThresholdError::WrongEvaluation { holder }.to_string();
    assert_eq!(text, "key holder 4 sent a wrong evaluation");
}

#[test]
fn a_network_name_of_any_length_works() {
    let network = Network::new(8, 1, 1);
    for length in [0usize, 200, 300, 3000] {
        let share = &network.deal.shares[0];
        let name = "n".repeat(length);
        let context = KeyContext { network: name, ..Network::context(KeyName::Footprint, share.index()) };
        let blinded = network.points(1);
        let evaluation = evaluate(share, &blinded, &context, &network.entropy).unwrap();
        assert_eq!(verify_evaluation(&share.commitment(), &context, &blinded, &evaluation), Ok(()));
        let longer = KeyContext { network: context.network.clone() + "n", ..context };
        assert!(verify_evaluation(&share.commitment(), &longer, &blinded, &evaluation).is_err());
    }
}
