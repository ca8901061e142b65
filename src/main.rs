//! The `tally` program: parse, call, exit code.

fn main() {}
