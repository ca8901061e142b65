//! What the network's policy makes of a person's loans: sums, rules, the answer. Pure: records in, answer out.
//!
//! [`assess::assess`] is the door; its page says how every doubtful case is decided.

pub mod assess;
mod coverage;
mod exact;
mod household;
mod input;
mod instalment;
mod names;
mod rules;
mod totals;

pub use assess::assess;
pub use input::{AssessInput, MatchedScheme, MemberFreshness, PersonExposures, Unreadable};
pub use instalment::times_a_year;
pub use totals::{band, days_past_due_at_day_end};
