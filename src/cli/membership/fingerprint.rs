//! Fingerprints that two people compare by voice.

use std::fmt;
use std::str::FromStr;

use crate::digest::{Digest, hash};
use crate::model::member::NetworkId;
use crate::signing::VerifyKey;

/// Text that is not a fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a fingerprint is 64 hexadecimal digits; dashes, colons and spaces between them do not count")]
pub struct FingerprintError;

/// 32 bytes, written as sixteen groups of four hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint(pub Digest);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, pair) in self.0.0.chunks(2).enumerate() {
            let dash = if place == 0 { "" } else { "-" };
            write!(f, "{dash}{}", hex::encode(pair))?;
        }
        Ok(())
    }
}

impl FromStr for Fingerprint {
    type Err = FingerprintError;

    fn from_str(text: &str) -> Result<Self, FingerprintError> {
        let digits: String = text.chars().filter(|c| !matches!(c, '-' | ':' | ' ')).collect();
        digits.parse().map(Self).map_err(|_| FingerprintError)
    }
}

/// What stands for a network's operator: its name and the key that signs its rosters. The authority is named by the
/// roster and needs no fingerprint of its own.
pub fn operator_fingerprint(network: &NetworkId, key: &VerifyKey) -> Fingerprint {
    Fingerprint(hash("tallystick/operator-fingerprint/v1", &[network.as_str().as_bytes(), key.as_bytes()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_and_read() {
        let fingerprint = Fingerprint(Digest([0xa5; 32]));
        let text = fingerprint.to_string();
        assert_eq!(text.len(), 79);
        assert!(text.starts_with("a5a5-a5a5-"));
        for same in [text.clone(), text.to_uppercase(), text.replace('-', ""), text.replace('-', ":")] {
            assert_eq!(same.parse(), Ok(fingerprint), "{same}");
        }
        for bad in ["", "a5", &text[1..], &format!("{text}a5"), &text.replace('a', "g")] {
            assert!(bad.parse::<Fingerprint>().is_err(), "{bad}");
        }
    }

    #[test]
    fn network_and_key_are_both_in_it() {
        use crate::secret::SecretBytes;
        use crate::signing::SigningKey;
        let key = |byte| SigningKey::from_seed(SecretBytes::new([byte; 32])).verify_key();
        let of = |network: &str, byte| operator_fingerprint(&network.parse().unwrap(), &key(byte));
        assert_ne!(of("kh-mfi", 1), of("kh-mfi", 2));
        assert_ne!(of("kh-mfi", 1), of("kh-mfj", 1));
    }
}
