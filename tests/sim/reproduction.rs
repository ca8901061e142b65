//! Found cases, cut down by hand: each is named after what it found.
