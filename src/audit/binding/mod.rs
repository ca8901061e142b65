//! The binding: an institution explains the points of drawn leaves to the auditor, and the auditor checks it.
//!
//! Whoever looks somebody up without consent has logged it: a digest of blinded points under a consent. A binding opens
//! these points. Each is an identifier on the paper form with the blind that hid it, R + s·G of a row under a locator of
//! such an identifier, or padding; nothing else leads to the digest. Locators come from the key holders' proved
//! evaluations, never from the institution.
//!
//! | file | holds |
//! |---|---|
//! | `format` | the file |
//! | `exported` | what of an export is believed |
//! | `check` | the order of the check, and what is common to all leaves |
//! | `consent`, `opening`, `reporting` | the three kinds of leaves |
//! | `approval` | who approved erasures and lawful grounds |
//! | `keys` | from points and evaluations to locators |
//! | `forms` | what the auditor brings on paper |
//! | `finding` | what is found |

mod approval;
mod check;
mod consent;
mod exported;
mod finding;
mod format;
mod forms;
mod keys;
mod opening;
mod reporting;
#[cfg(test)]
mod tests;

pub use check::{Against, CheckError, Checked, Report, check};
pub use exported::{ExportedError, ExportedLog, FeedCopy};
pub use finding::{Finding, Rule};
pub use format::{
    BINDING_VERSION, BatchBinding, Binding, BindingFormError, BindingHead, BlindedPoint, ConsentBinding,
    ErasureBinding, FootprintRow, GroundBinding, HolderResults, LeafBinding, OpenedPoint, OpeningBinding,
    PublishedRow, ReportedPoint, Revealed, line,
};
pub use forms::{Form, FormOf, FormOfError, SourceLoan};
