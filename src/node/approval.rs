//! Approval by different persons: what a leaf commits to, and what is kept of it, encrypted.

use std::sync::LazyLock;

use regex::Regex;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use super::consent::ConsentError;
use crate::digest::{Digest, commit};
use crate::limits::{APPROVALS_MAX, PERSON_NAME_CHARS_MAX};
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
        let refuse = |why: String| Err(ConsentError::NotAllowed { field: "approved_by", why });
        if names.len() > APPROVALS_MAX {
            return refuse(format!("give at most {APPROVALS_MAX} names"));
        }
        let good = |name: &String| {
            !folded(name).is_empty()
                && name.chars().count() <= PERSON_NAME_CHARS_MAX
                && !name.chars().any(char::is_control)
        };
        if !names.iter().all(good) {
            return refuse(format!("a name has 1 to {PERSON_NAME_CHARS_MAX} characters"));
        }
        // One person under two spellings of one name is one person.
        let mut persons: Vec<String> = names.iter().map(|name| folded(name)).collect();
        persons.sort();
        persons.dedup();
        if persons.len() < names.len() {
            return refuse("the same person stands there twice".to_owned());
        }
        if persons.len() < usize::try_from(needed).unwrap_or(usize::MAX) {
            return refuse(format!("{needed} different persons must approve"));
        }
        Ok(Self { approved_by: names, salt: random_array(entropy) })
    }

    /// The commitment under a domain to what was approved (each part behind its length), the number of persons, and
    /// each of them.
    pub(super) fn commitment(&self, domain: &str, approved: &[&[u8]]) -> Digest {
        let mut payload = Vec::new();
        let mut part = |bytes: &[u8]| {
            payload.extend((bytes.len() as u64).to_be_bytes());
            payload.extend(bytes);
        };
        for bytes in approved {
            part(bytes);
        }
        part(&(self.approved_by.len() as u64).to_be_bytes());
        for name in &self.approved_by {
            part(name.as_bytes());
        }
        commit(&self.salt, domain, &payload)
    }
}

/// A name without what cannot be seen: other forms of the same letters, invisible characters, runs of white space, case.
/// Only to compare.
fn folded(name: &str) -> String {
    static INVISIBLE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]").expect("the properties are Unicode's")
    });
    let composed: String = name.nfkc().collect();
    let visible = INVISIBLE.replace_all(&composed, "");
    visible.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
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

    #[test]
    fn the_commitment_covers_what_and_who() {
        let one = Approval { salt: [9; 32], ..approval(&["a", "b"], 2).unwrap() };
        // Computed by another program.
        let golden = "5a204e462792df438ebbd4f5a636155f7b833edef90492f9094f312cbfac5fa6";
        let made = one.commitment("tallystick/test-approval/v1", &[b"court-order", &[7; 32]]);
        assert_eq!(made.to_string(), golden);
        let renamed = Approval { approved_by: vec!["a".into(), "c".into()], ..one.clone() };
        let joined = Approval { approved_by: vec!["ab".into()], ..one.clone() };
        let salted = Approval { salt: [0; 32], ..one.clone() };
        for other in [renamed, joined, salted] {
            assert_ne!(other.commitment("tallystick/test-approval/v1", &[b"court-order", &[7; 32]]), made);
        }
        assert_ne!(one.commitment("tallystick/test-approval/v1", &[b"court-orde", b"r", &[7; 32]]), made);
        assert_ne!(one.commitment("tallystick/test-approval/v2", &[b"court-order", &[7; 32]]), made);
    }
}
