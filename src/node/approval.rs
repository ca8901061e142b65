//! Approval by different persons: what a leaf commits to, and what is kept of it, encrypted.

use serde::{Deserialize, Serialize};

use super::consent::ConsentError;
use super::consent_fault::ConsentFault;
use crate::limits::APPROVALS_MAX;
use crate::model::approval::different_persons;
use crate::model::person_name::person_name;
use crate::secret::{Entropy, random_array};

/// Who approved, and the salt of the commitment to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Approval {
    pub(super) approved_by: Vec<String>,
    pub(super) salt: [u8; 32],
}

impl Approval {
    /// Checks that at least `needed` different persons approved.
    pub(super) fn of(
        approved_by: &[String],
        needed: u32,
        entropy: &dyn Entropy,
    ) -> Result<Self, ConsentError> {
        let names: Vec<String> = approved_by.iter().map(|name| name.trim().to_owned()).collect();
        let refuse = |why: ConsentFault| Err(ConsentError::NotAllowed { field: "approved_by", why });
        if names.len() > APPROVALS_MAX {
            return refuse(ConsentFault::TooManyApprovals);
        }
        if let Some(why) = names.iter().find_map(|name| person_name(name).err()) {
            return refuse(why.into());
        }
        let persons = different_persons(&names);
        if persons < names.len() {
            return refuse(ConsentFault::SamePerson);
        }
        if persons < usize::try_from(needed).unwrap_or(usize::MAX) {
            return refuse(ConsentFault::TooFewApprovals { needed });
        }
        Ok(Self { approved_by: names, salt: random_array(entropy) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::SeededEntropy;

    fn approval(names: &[&str], needed: u32) -> Result<Approval, ConsentError> {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        Approval::of(&names, needed, &SeededEntropy::new(1))
    }

    #[test]
    fn two_spellings_are_one_person() {
        assert!(approval(&["Sok Dara", "Chan Thy"], 2).is_ok());
        for bad in [
            &["Sok Dara"][..],
            &["Sok Dara", "sok  dara "],
            &["Sok Dara", "Chan Thy", "Sok Dara"],
            &["Sok Dara", "Sok Dara\u{200b}"],
            &["Sok Dara", "So\u{ad}k D\u{200d}ara"],
            &["Sok Dara", "\u{202a}Sok Dara\u{202c}"],
            &["Sok Dara", "Sok\u{a0}\u{3000}Dara\u{fe0f}"],
            &["Sok Dara", "\u{ff33}ok Dara"],
            &["Ren\u{e9}e", "RENE\u{301}E"],
            &["Sok Dara", ""],
            &["Sok Dara", "\u{200b}"],
            &["Sok Dara", "a\nb"],
        ] {
            let error = approval(bad, 2).unwrap_err();
            assert!(
                matches!(error, ConsentError::NotAllowed { field: "approved_by", .. }),
                "{bad:?}: {error}"
            );
        }
        assert!(approval(&["a", "b"], 3).is_err());
        assert!(approval(&["a"; 9], 2).is_err());
    }
}
