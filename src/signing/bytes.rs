//! Byte strings under serde: base64 where people read, plain bytes elsewhere, and never longer than the field allows.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserializer, Serializer};

/// Room taken before the first byte has arrived: a claimed length is not believed.
const FIRST_BYTES: usize = 4096;

/// Writes `bytes`.
pub(super) fn serialize<B: AsRef<[u8]>, S: Serializer>(bytes: &B, serializer: S) -> Result<S::Ok, S::Error> {
    if serializer.is_human_readable() {
        serializer.serialize_str(&STANDARD.encode(bytes))
    } else {
        serializer.serialize_bytes(bytes.as_ref())
    }
}

/// Reads at most `bytes_max` bytes.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
    bytes_max: usize,
) -> Result<Vec<u8>, D::Error> {
    if deserializer.is_human_readable() {
        deserializer.deserialize_str(Bytes { bytes_max })
    } else {
        deserializer.deserialize_byte_buf(Bytes { bytes_max })
    }
}

struct Bytes {
    bytes_max: usize,
}

impl Bytes {
    fn within<E: Error>(&self, length: usize) -> Result<(), E> {
        if length > self.bytes_max { Err(E::custom("byte string is too long")) } else { Ok(()) }
    }
}

impl<'de> Visitor<'de> for Bytes {
    type Value = Vec<u8>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at most {} bytes", self.bytes_max)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Vec<u8>, E> {
        // Four letters for three bytes, rounded up.
        self.within(text.len().saturating_sub(4) / 4 * 3)?;
        let bytes = STANDARD.decode(text).map_err(|_| E::custom("not base64"))?;
        self.within(bytes.len())?;
        Ok(bytes)
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
        self.within(bytes.len())?;
        Ok(bytes.to_vec())
    }

    fn visit_byte_buf<E: Error>(self, bytes: Vec<u8>) -> Result<Vec<u8>, E> {
        self.within(bytes.len())?;
        Ok(bytes)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Vec<u8>, A::Error> {
        let mut bytes = Vec::with_capacity(FIRST_BYTES.min(self.bytes_max));
        while let Some(byte) = sequence.next_element()? {
            self.within(bytes.len() + 1)?;
            bytes.push(byte);
        }
        Ok(bytes)
    }
}
