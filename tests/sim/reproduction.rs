//! Found cases, cut down by hand: each is named after what must be true now.

use tallystick::limits::LOG_SIZE_CORRECTIONS_MAX;

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

/// A witness that lied about its size was asked some thousand times in each gathering of the quorum.
#[test]
fn a_witness_that_says_another_size_every_time_is_left_alone() {
    let outcome = of(&[Op::Lie { by: 1, lie: Lie::Size }, Op::Gather(0)]);
    let asked = outcome.counts.0["lie: Size"];
    assert!(asked <= LOG_SIZE_CORRECTIONS_MAX as u64 + 1, "{asked} times");
}
