//! What the network's policy makes of a person's loans: sums, rules, the answer. Pure: records in, answer out.
//!
//! [`assess::assess`] is the door; its page says how every doubtful case is decided.

pub mod assess;
mod coverage;
mod exact;
pub mod household;
pub mod instalment;
mod names;
mod rules;
mod totals;

pub use assess::{AssessInput, MatchedScheme, MemberFreshness, PersonExposures, Unreadable, assess};
pub use totals::{band, days_past_due_at_day_end};
