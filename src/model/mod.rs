//! The nouns of the field as types. An invalid value cannot exist here; parsing is at the edge.

pub mod access;
pub mod amount;
pub mod answer;
pub mod approval;
pub mod consent;
pub mod day;
pub mod dispute;
pub mod facility;
pub mod identifier;
pub mod inquiry;
pub mod leaf;
pub mod loan;
pub mod member;
pub mod moment;
pub mod money;
pub mod month;
pub mod node_identity;
pub mod person_name;
pub mod policy;
pub mod reason;
pub mod record;
pub mod subject;
pub mod user;
