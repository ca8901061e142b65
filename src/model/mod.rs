//! The nouns of the field as types. An invalid value cannot exist here; parsing is at the edge.

pub mod identifier;
