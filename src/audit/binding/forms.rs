//! What the auditor brings on paper: the clients' forms, and the loans of the source file.

use crate::digest::ConsentId;
use crate::model::identifier::Identifier;

/// Which consent a form belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormOf {
    /// The consent of a leaf.
    Leaf(u64),
    /// The consent by its id, as it stands on the receipt.
    Consent(ConsentId),
}

/// An identifier that stands on a paper form, as the auditor read it. A form has one entry for each.
#[derive(Debug)]
pub struct Form {
    /// Whose form.
    pub of: FormOf,
    /// What stands on it.
    pub identifier: Identifier,
}

impl Form {
    pub(super) fn names(&self, leaf: u64, consent: &ConsentId) -> bool {
        match &self.of {
            FormOf::Leaf(index) => *index == leaf,
            FormOf::Consent(named) => named == consent,
        }
    }
}

/// A borrower of a loan, as the lender's own systems have it. A loan has one entry for each identifier.
#[derive(Debug)]
pub struct SourceLoan {
    /// The account number.
    pub account: String,
    /// An identifier of the borrower.
    pub identifier: Identifier,
}

/// Why a text is no [`FormOf`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("name the consent by its leaf's index or by its id of 32 hexadecimal digits")]
pub struct FormOfError;

impl std::str::FromStr for FormOf {
    type Err = FormOfError;

    fn from_str(text: &str) -> Result<Self, FormOfError> {
        // An id may consist of digits alone, and is never as short as an index.
        match text.parse() {
            Ok(consent) => Ok(Self::Consent(consent)),
            Err(_) => text.parse().map(Self::Leaf).map_err(|_| FormOfError),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_names_a_leaf_or_a_consent() {
        assert_eq!("17".parse(), Ok(FormOf::Leaf(17)));
        let id = "0".repeat(31) + "7";
        assert_eq!(id.parse(), Ok(FormOf::Consent(id.parse().unwrap())));
        for bad in ["", "-1", "x", "0123456789abcdef0123456789abcde"] {
            assert_eq!(bad.parse::<FormOf>(), Err(FormOfError), "{bad}");
        }
    }
}
