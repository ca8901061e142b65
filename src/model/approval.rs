//! Approval by different persons: what a leaf commits to.

use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization as _;

use crate::digest::{Digest, TransactionId, commit};
use crate::model::leaf::ErasureGround;

/// The commitment under a domain to what was approved (each part behind its length), the number of persons, and each of
/// them.
fn approval_commitment(salt: &[u8; 32], domain: &str, approved: &[&[u8]], approved_by: &[String]) -> Digest {
    let mut payload = Vec::new();
    let mut part = |bytes: &[u8]| {
        payload.extend((bytes.len() as u64).to_be_bytes());
        payload.extend(bytes);
    };
    for bytes in approved {
        part(bytes);
    }
    part(&(approved_by.len() as u64).to_be_bytes());
    for name in approved_by {
        part(name.as_bytes());
    }
    commit(salt, domain, &payload)
}

/// The `approval` of an erasure leaf of this transaction. `points` are those of a reporting batch that cannot be
/// explained any more, in its order; of any other leaf none are named, for it goes whole.
pub fn erasure_commitment(
    salt: &[u8; 32],
    transaction: &TransactionId,
    ground: ErasureGround,
    order: Option<&Digest>,
    points: &[[u8; 32]],
    approved_by: &[String],
) -> Digest {
    let word = serde_json::to_vec(&ground).expect("a ground is a word");
    let order: &[u8] = order.map_or(&[], |order| &order.0);
    let approved = [&transaction.0, &word[..], order, points.as_flattened()];
    approval_commitment(salt, "tallystick/erasure-approval/v2", &approved, approved_by)
}

/// Different persons who approve a look-up on a lawful ground other than consent.
pub const GROUND_APPROVALS: u32 = 2;

/// The `approval` of a consent leaf that rests on a lawful ground of this name, by an order of this hash.
pub fn ground_commitment(salt: &[u8; 32], name: &str, order: &Digest, approved_by: &[String]) -> Digest {
    approval_commitment(salt, "tallystick/ground-approval/v1", &[name.as_bytes(), &order.0], approved_by)
}

/// How many different persons these names name: two spellings of one name are one person, no name is nobody.
pub fn different_persons(names: &[String]) -> usize {
    let mut persons: Vec<String> = names.iter().map(|name| folded(name)).collect();
    persons.retain(|name| !name.is_empty());
    persons.sort();
    persons.dedup();
    persons.len()
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

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn the_commitment_covers_what_and_who() {
        const DOMAIN: &str = "tallystick/test-approval/v1";
        let (salt, what): ([u8; 32], [&[u8]; 2]) = ([9; 32], [b"court-order", &[7; 32]]);
        // Computed by another program.
        let golden = "5a204e462792df438ebbd4f5a636155f7b833edef90492f9094f312cbfac5fa6";
        let made = approval_commitment(&salt, DOMAIN, &what, &names(&["a", "b"]));
        assert_eq!(made.to_string(), golden);
        for other in [
            approval_commitment(&salt, DOMAIN, &what, &names(&["a", "c"])),
            approval_commitment(&salt, DOMAIN, &what, &names(&["ab"])),
            approval_commitment(&[0; 32], DOMAIN, &what, &names(&["a", "b"])),
            approval_commitment(&salt, DOMAIN, &[b"court-orde", b"r", &[7; 32]], &names(&["a", "b"])),
            approval_commitment(&salt, "tallystick/test-approval/v2", &what, &names(&["a", "b"])),
        ] {
            assert_ne!(other, made);
        }
    }

    #[test]
    fn golden_approvals() {
        let (transaction, persons) = (TransactionId([1; 16]), names(&["Sok Dara", "Chan Thy"]));
        let order = Some(&Digest([2; 32]));
        let erasure = |ground, order, points: &[[u8; 32]]| {
            erasure_commitment(&[9; 32], &transaction, ground, order, points, &persons).to_string()
        };
        // Computed by another program.
        let whole = "edd44e8caee6cd33b86e023f0d157ce8bac3ee60428fbcfae14695373af91440";
        assert_eq!(erasure(ErasureGround::ClientRequest, None, &[]), whole);
        let part = "3f20b2e222d9fc9e1e4c827ee37741534d9f7c14505582c54ac64ca2ab8bff01";
        assert_eq!(erasure(ErasureGround::Order, order, &[[3; 32], [4; 32]]), part);
        let ground = ground_commitment(&[9; 32], "court-order", &Digest([2; 32]), &persons);
        assert_eq!(ground.to_string(), "63b2ca116a5319d17d0b025bb09a75d6224e8306dd2eae7031d9924e2a2e41ae");
    }

    #[test]
    fn invisible_differences_make_no_second_person() {
        assert_eq!(different_persons(&names(&["Sok Dara", "Chan Thy"])), 2);
        for one in ["sok  dara ", "Sok Dara\u{200b}", "\u{ff33}ok Dara", "", "\u{200b}"] {
            assert_eq!(different_persons(&names(&["Sok Dara", one])), 1, "{one:?}");
        }
    }
}
