//! A loan as it comes out of a lender's own systems: what the import formats produce and the book keeps.

use serde::{Deserialize, Serialize};

use super::day::Day;
use super::facility::Facility;
use super::identifier::Identifier;

/// One loan of one client, from one row of a source file.
///
/// Names, addresses, religion and caste of a source are never read in: nothing here needs them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loan {
    /// The lender's own account number, unique within the lender.
    pub account: String,
    /// The lender's own client number.
    pub client: String,
    /// Branch that keeps the loan; empty when the source has none.
    pub branch: String,
    /// The day on which the figures are true.
    pub as_of: Day,
    /// The client's identifiers, canonical, at least one, without repeats.
    pub identifiers: Vec<Identifier>,
    /// The figures. The reference is filled by the book, for it is keyed; a format leaves it zero.
    pub facility: Facility,
}
