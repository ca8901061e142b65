//! `tally demo`: a whole network on one machine, with made-up books.

pub mod sample;
