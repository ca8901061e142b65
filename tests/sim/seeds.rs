//! Runs of seeds: those of every test run, the long ones, and one alone.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::counts::Counts;
use crate::plan::plan;
use crate::world::{Outcome, run};

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is no number")))
}

/// Runs the plan of a seed; a broken promise names it.
fn of(seed: u64) -> Outcome {
    match catch_unwind(AssertUnwindSafe(|| run(seed, &plan(seed)))) {
        Ok(outcome) => outcome,
        Err(broken) => {
            eprintln!("seed {seed} breaks a promise");
            std::panic::resume_unwind(broken)
        }
    }
}

fn range(from: u64, count: u64) -> Counts {
    let mut counts = Counts::default();
    for seed in from..from + count {
        counts.merge(&of(seed).counts);
    }
    counts
}

#[test]
fn the_first_seeds() {
    range(0, 100);
}

#[test]
fn the_next_seeds() {
    range(100, 100);
}

#[test]
fn a_seed_replays_everything() {
    for seed in [3, 17, 29] {
        assert_eq!(of(seed), of(seed), "seed {seed}");
    }
}

/// The same in another process.
#[test]
fn a_seed_replays_everything_in_another_process() {
    let other = |seed: u64| {
        let mut command = std::process::Command::new(std::env::current_exe().unwrap());
        command.args(["--ignored", "--exact", "seeds::one", "--nocapture"]);
        let output = command.env("SIM_SEED", seed.to_string()).env_remove("SIM_PRINT").output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let trace =
            text.lines().find_map(|line| line.split_once("trace ").map(|(_, trace)| trace.to_owned()));
        trace.unwrap_or_else(|| panic!("{text}"))
    };
    for seed in [5, 11] {
        assert_eq!(other(seed), of(seed).trace.to_string(), "seed {seed}");
    }
}

/// One seed: `SIM_SEED`; with `SIM_PRINT` everything that happens.
#[test]
#[ignore = "for replaying one seed"]
fn one() {
    let seed = number("SIM_SEED").expect("SIM_SEED names the seed");
    if std::env::var_os("SIM_PRINT").is_some() {
        eprintln!("{:#?}", plan(seed));
    }
    let outcome = of(seed);
    println!("seed {seed} trace {}", outcome.trace);
}

/// Many seeds: `SIM_COUNT` from `SIM_FROM` on, and of those each `SIM_EACH`th. Goes on after a broken promise.
#[test]
#[ignore = "for long runs: tests/sim/long"]
fn long() {
    let (from, count) = (number("SIM_FROM").unwrap_or(0), number("SIM_COUNT").unwrap_or(100));
    let each = usize::try_from(number("SIM_EACH").unwrap_or(1)).unwrap();
    let stop = std::env::var_os("SIM_STOP").is_some();
    let (mut counts, mut broken) = (Counts::default(), Vec::new());
    for seed in (from..from + count).step_by(each) {
        if let Ok(outcome) = catch_unwind(AssertUnwindSafe(|| run(seed, &plan(seed)))) {
            counts.merge(&outcome.counts);
        } else {
            println!("BROKEN seed {seed}");
            broken.push(seed);
            if stop {
                break;
            }
        }
    }
    for (what, count) in &counts.0 {
        println!("COUNT {count} {what}");
    }
    for what in counts.never() {
        println!("NEVER {what}");
    }
    assert!(broken.is_empty(), "broken promises with seeds {broken:?}");
}
