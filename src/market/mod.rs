//! Market figures: how many clients are known to one, two, three, and four or more lenders, without opening a row.
//!
//! Each lender counts its own clients against the rows that all nodes hold, adds noise, and logs the counts once a month;
//! the figures are their sum. This module is pure: who is one person ([`Persons`]), which lender counts her ([`share()`]),
//! the noise ([`Noise`]), and what the counts of all lenders come to ([`figures()`]). `docs/DESIGN.md` says why this way.
//!
//! What each side may do to us: a lender may log false counts, several for one month, or none. Sums saturate, the first of a
//! month stands, and who is missing is named; that a count is false nobody can see.

mod figures;
mod noise;
mod persons;
mod share;

pub use figures::{Budget, ClassFigure, Contribution, MarketReport, MonthFigures, figures};
pub use noise::Noise;
pub use persons::{Person, Persons};
pub use share::{Identifiers, Rank, Tally, share};
