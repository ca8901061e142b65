//! Letters between members: sealed to the recipient that a member has in the roster, which also takes its shares. What a
//! letter is for stands inside the seal, so that neither a share nor another letter is ever taken for it; and how long a
//! letter is tells nothing of what it says.

use super::error::KeyringError;
use super::file;
use crate::limits::{LETTER_BYTES_MAX, LETTER_PADDED_BYTES};
use crate::secret::SecretVec;

/// Bytes of a length.
const LENGTH_BYTES: usize = 4;

/// Opens letters to this node.
pub struct LetterKey {
    identity: age::x25519::Identity,
}

impl std::fmt::Debug for LetterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LetterKey(..)")
    }
}

/// Seals a letter for `domain` to a recipient (`age1…`): a binary age file whose content is as long as that of every
/// other letter.
///
/// Inside stand the length of the domain (4 bytes, big-endian), the domain, the length of the content, the content, and
/// zeros.
pub fn seal_letter(recipient: &str, domain: &str, content: &SecretVec) -> Result<Vec<u8>, KeyringError> {
    let bytes = 2 * LENGTH_BYTES + domain.len() + content.expose().len();
    if bytes > LETTER_PADDED_BYTES {
        return Err(KeyringError::TooLong { bytes, bytes_max: LETTER_PADDED_BYTES });
    }
    let mut plain = Vec::with_capacity(LETTER_PADDED_BYTES);
    for part in [domain.as_bytes(), content.expose()] {
        let length = u32::try_from(part.len()).expect("a letter is far below 4 GiB");
        plain.extend(length.to_be_bytes());
        plain.extend(part);
    }
    plain.resize(LETTER_PADDED_BYTES, 0);
    file::encrypt_to(recipient, &SecretVec::new(plain))
}

impl LetterKey {
    pub(super) fn new(identity: age::x25519::Identity) -> Self {
        Self { identity }
    }

    /// The content of a letter for `domain`. A letter to another node, for another domain or changed on its way is
    /// [`KeyringError::NotForUs`].
    pub fn open(&self, domain: &str, letter: &[u8]) -> Result<SecretVec, KeyringError> {
        let (bytes, bytes_max) = (letter.len(), LETTER_BYTES_MAX);
        if bytes > bytes_max {
            return Err(KeyringError::TooLong { bytes, bytes_max });
        }
        let plain = file::decrypt_with(&self.identity, letter).map_err(|_| KeyringError::NotForUs)?;
        let content = (plain.expose().len() == LETTER_PADDED_BYTES).then(|| {
            let (found, rest) = take(plain.expose())?;
            let (content, padding) = take(rest)?;
            let good = found == domain.as_bytes() && padding.iter().all(|byte| *byte == 0);
            good.then(|| SecretVec::new(content.to_vec()))
        });
        content.flatten().ok_or(KeyringError::NotForUs)
    }
}

/// A part behind its length, and what follows it.
fn take(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<LENGTH_BYTES>()?;
    rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)
}

#[cfg(test)]
mod tests {
    use super::super::{NodeKeys, encrypt_to};
    use super::*;
    use crate::secret::SeededEntropy;

    fn keys(seed: u64) -> NodeKeys {
        NodeKeys::create(&SeededEntropy::new(seed), SecretVec::default())
    }

    /// Bytes behind age's header, whose own length is random.
    fn behind_header(letter: &[u8]) -> usize {
        let mac = letter.windows(5).position(|part| part == b"\n--- ").unwrap() + 5;
        letter.len() - mac - letter[mac..].iter().position(|byte| *byte == b'\n').unwrap()
    }

    #[test]
    fn a_letter_opens_at_its_recipient_for_its_domain_alone() {
        let (keys, other) = (keys(1), self::keys(2));
        let letter = |content: &[u8]| {
            seal_letter(&keys.share_recipient(), "d/v1", &SecretVec::new(content.to_vec())).unwrap()
        };
        let sealed = letter(b"what she says");
        assert_eq!(keys.letter_key().open("d/v1", &sealed).unwrap().expose(), b"what she says");
        assert!(keys.letter_key().open("d/v2", &sealed).is_err());
        assert!(other.letter_key().open("d/v1", &sealed).is_err());
        assert_eq!(behind_header(&sealed), behind_header(&letter(&[7; 9_000])), "the length tells nothing");
        assert!(sealed.len() <= LETTER_BYTES_MAX);
        let most = LETTER_PADDED_BYTES - 2 * LENGTH_BYTES - 4;
        assert_eq!(keys.letter_key().open("d/v1", &letter(&vec![1; most])).unwrap().expose().len(), most);
        let too_long = SecretVec::new(vec![1; most + 1]);
        assert!(seal_letter(&keys.share_recipient(), "d/v1", &too_long).is_err());
        let share = encrypt_to(&keys.share_recipient(), &SecretVec::new(b"a share".to_vec())).unwrap();
        assert!(keys.letter_key().open("d/v1", &share).is_err(), "a share is no letter");
    }

    #[test]
    fn a_changed_letter_does_not_open() {
        let keys = keys(1);
        let sealed = seal_letter(&keys.share_recipient(), "d/v1", &SecretVec::new(vec![1; 8])).unwrap();
        // Every bit of the header, and one of every 64 bytes behind it.
        let bits = (0..200 * 8).chain((200 * 8..sealed.len() * 8).step_by(64 * 8 + 1));
        for bit in bits {
            let mut changed = sealed.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(keys.letter_key().open("d/v1", &changed).is_err(), "bit {bit}");
        }
        for end in [0, 10, 200, sealed.len() - 1] {
            assert!(keys.letter_key().open("d/v1", &sealed[..end]).is_err(), "{end} bytes");
        }
    }

    #[test]
    fn what_is_inside_is_as_it_is_written_down() {
        let keys = keys(1);
        let by_hand = |parts: &[&[u8]]| {
            let mut plain = parts.concat();
            plain.resize(LETTER_PADDED_BYTES, 0);
            encrypt_to(&keys.share_recipient(), &SecretVec::new(plain)).unwrap()
        };
        let open = |letter: &[u8]| keys.letter_key().open("d/v1", letter);
        let good = by_hand(&[&[0, 0, 0, 4], b"d/v1", &[0, 0, 0, 2], b"ab"]);
        assert_eq!(open(&good).unwrap().expose(), b"ab");
        assert!(open(&by_hand(&[&[0, 0, 0, 4], b"d/v1", &[0, 0, 0, 2], b"abc"])).is_err(), "padding");
        assert!(open(&by_hand(&[&[0, 0, 0, 4], b"d/v1", &[0xff; 4], b"ab"])).is_err(), "length");
    }
}
