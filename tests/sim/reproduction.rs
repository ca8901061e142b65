//! Found cases, cut down by hand: each is named after what must be true now.

use tallystick::limits::LOG_SIZE_CORRECTIONS_MAX;

use crate::dice::Dice;
use crate::op::{Lie, Op};
use crate::plan::Plan;
use crate::world::{Outcome, run};

fn of(ops: &[Op]) -> Outcome {
    run(1, &Plan { members: 3, holders: 3, threshold: 2, ops: ops.to_vec() })
}

/// The log said that roster 2 was accepted, and the next start followed roster 1 because its file was the one on disk.
#[test]
fn an_older_roster_file_at_the_start_is_not_followed() {
    let outcome = of(&[
        Op::NewRoster,
        Op::RestartOnOldRoster { at: 0 },
        Op::FetchRoster { at: 1, from: 0 },
        Op::RestartOnOldRoster { at: 1 },
    ]);
    assert_eq!(outcome.counts.0["old roster file at the start"], 2);
}

/// One of two persons of an inquiry was erased before the answer: asking again gave an error instead of a refusal, and
/// the other's consent stayed taken for ever.
#[test]
fn an_inquiry_about_somebody_who_was_erased_is_refused() {
    // Without new consents: those are recorded by more than half of the numbers.
    let detail = (0..1_000).find(|detail| !Dice::new(*detail).chance(60)).unwrap();
    let outcome = of(&[
        Op::Load { at: 1, detail: 7 },
        Op::TendAll,
        Op::Consent { at: 0, person: 1, uses: 3 },
        Op::Consent { at: 0, person: 2, uses: 3 },
        Op::Stop(1),
        Op::Stop(2),
        Op::Household { at: 0, detail },
        Op::Erase { at: 0, detail: 1 },
        Op::Start(1),
        Op::Start(2),
        Op::Again { at: 0, detail: 1 },
    ]);
    assert!(outcome.counts.0.contains_key("refused: NoConsent"), "{}", outcome.counts);
}

/// A witness that lied about its size was asked some thousand times in each gathering of the quorum.
#[test]
fn a_witness_that_says_another_size_every_time_is_left_alone() {
    let outcome = of(&[Op::Lie { by: 1, lie: Lie::Size }, Op::Gather(0)]);
    let asked = outcome.counts.0["lie: Size"];
    assert!(asked <= LOG_SIZE_CORRECTIONS_MAX as u64 + 1, "{asked} times");
}
