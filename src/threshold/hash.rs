//! Hashing to the group and to scalars: RFC 9380 expand_message_xmd with SHA-512, as RFC 9497 section 4.1 uses it.

use std::sync::LazyLock;

use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::scalar::Scalar;
use sha2::{Digest as _, Sha512};

/// s_in_bytes of SHA-512, its input block: what Z_pad fills.
const BLOCK_BYTES: usize = 128;

/// SHA-512 after Z_pad, which begins every expansion.
static AFTER_Z_PAD: LazyLock<Sha512> = LazyLock::new(|| Sha512::new_with_prefix([0u8; BLOCK_BYTES]));

/// DST_prime of RFC 9380 section 5.3.1: the domain separation tag and its length.
pub(super) struct Tag(Vec<u8>);

impl Tag {
    /// The tag `prefix || context`; above 255 bytes it is hashed first (RFC 9380 section 5.3.3).
    fn new(prefix: &[u8], context: &[u8]) -> Self {
        let mut tag = [prefix, context].concat();
        if tag.len() > usize::from(u8::MAX) {
            tag = Sha512::new_with_prefix(b"H2C-OVERSIZE-DST-").chain_update(&tag).finalize().to_vec();
        }
        tag.push(u8::try_from(tag.len()).expect("longer tags were just hashed to 64 bytes"));
        Self(tag)
    }

    /// The tag of HashToGroup: "HashToGroup-" || contextString.
    pub(super) fn hash_to_group(context: &[u8]) -> Self {
        Self::new(b"HashToGroup-", context)
    }

    /// The tag of HashToScalar: "HashToScalar-" || contextString.
    pub(super) fn hash_to_scalar(context: &[u8]) -> Self {
        Self::new(b"HashToScalar-", context)
    }
}

/// expand_message_xmd for len_in_bytes = 64, where ell = 1; the message is given in parts.
fn expand_message(message: &[&[u8]], tag: &Tag) -> [u8; 64] {
    let mut b_0 = AFTER_Z_PAD.clone();
    for part in message {
        b_0.update(part);
    }
    // l_i_b_str = I2OSP(64, 2), then I2OSP(0, 1).
    let b_0 = b_0.chain_update([0, 64, 0]).chain_update(&tag.0).finalize();
    Sha512::new_with_prefix(b_0).chain_update([1]).chain_update(&tag.0).finalize().into()
}

/// HashToGroup: the one-way map of RFC 9496 section 4.3.4 on 64 uniform bytes. May be the identity.
pub(super) fn hash_to_group(input: &[u8], tag: &Tag) -> RistrettoPoint {
    RistrettoPoint::from_uniform_bytes(&expand_message(&[input], tag))
}

/// HashToScalar: 64 uniform bytes, little-endian, reduced modulo the group order.
pub(super) fn hash_to_scalar(message: &[&[u8]], tag: &Tag) -> Scalar {
    Scalar::from_bytes_mod_order_wide(&expand_message(message, tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_above_255_bytes_are_hashed_first() {
        // "HashToScalar-" and 242 bytes are just within; computed with Python's hashlib.
        for (length, expected) in [
            (242usize, "ba289f2d861bf82063b6388162ea16c0b1102ec07ffbea79384e46fd2c835903"),
            (243, "fccee3a81cf5377d77ac829d9cd0083263b2b3661b88578c3f04d3bba8623806"),
            (300, "86ca7c058b953f105c1a94eb4ef0c5ceeb634a283a5fbf8c3d05ce3e67d55803"),
        ] {
            let tag = Tag::hash_to_scalar(&vec![b'x'; length]);
            let scalar = hash_to_scalar(&[b"a", b"bc"], &tag);
            assert_eq!(hex::encode(scalar.to_bytes()), expected);
        }
    }
}
