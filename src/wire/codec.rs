//! The one door to bincode.
//!
//! bincode 2.0.1 is no longer maintained (RUSTSEC-2025-0141), so nothing outside this file names it, and nothing
//! is hashed or signed over its bytes: its integers have more than one encoding, and two encodings of one value
//! would be two hashes. What is signed travels as the exact bytes that were signed.
//!
//! Four traps of the format are closed here, each with a test: a claimed length that would allocate more than the
//! machine has, bytes after the value, lists of items that have no bytes at all, and error texts that quote data.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::limits::FRAME_BYTES_MAX;
use crate::secret::SecretVec;

mod bound;

/// What a decoded value may claim, in bytes. bincode counts an integer by its width, up to 16 bytes, though it may
/// be encoded in one; so that no honest frame is refused, the claim may be that much larger than the frame.
const LIMIT: usize = 16 * FRAME_BYTES_MAX;

type Config = bincode::config::Configuration<
    bincode::config::LittleEndian,
    bincode::config::Varint,
    bincode::config::Limit<LIMIT>,
>;

const CONFIG: Config = bincode::config::standard().with_limit::<LIMIT>();

/// Why bytes were not the value they were taken for. The sender or the file is at fault, never this node.
///
/// No variant carries any of the data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// The bytes do not form such a value.
    #[error("{what}: not well formed ({reason})")]
    Malformed {
        /// What was expected.
        what: &'static str,
        /// The kind of mistake.
        reason: &'static str,
    },
    /// The bytes go on after the value.
    #[error("{what}: {extra_bytes} bytes after its end")]
    TrailingBytes {
        /// What was expected.
        what: &'static str,
        /// How many bytes follow.
        extra_bytes: usize,
    },
    /// More bytes than any value may have.
    #[error("{what}: {bytes} bytes, at most {bytes_max} are accepted")]
    TooLong {
        /// What was expected.
        what: &'static str,
        /// Bytes that came.
        bytes: usize,
        /// Bytes that are accepted.
        bytes_max: usize,
    },
    /// Data at rest in a version that this program does not read.
    #[error("{what}: version {found}, this program reads version {known}")]
    Version {
        /// What was expected.
        what: &'static str,
        /// The version in the data.
        found: u8,
        /// The version that was asked for.
        known: u8,
    },
}

/// The bytes of a value.
///
/// A value longer than [`FRAME_BYTES_MAX`] is encoded too, and would not be decoded again: whoever sends or
/// stores the bytes checks their length, for only there is it known whose fault it is.
pub fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    // Serialising our own types into memory fails only when a type asks for something the format lacks, which the
    // first test of that type shows.
    bincode::serde::encode_to_vec(value, CONFIG).expect("our own types can be encoded")
}

/// The bytes of a secret value: written once into memory of the right size, so that no half-grown copy of them is
/// left on the heap.
pub fn encode_secret<T: Serialize>(version: u8, value: &T) -> SecretVec {
    let mut size = bincode::enc::write::SizeWriter::default();
    bincode::serde::encode_into_writer(value, &mut size, CONFIG).expect("our own types can be encoded");
    let mut bytes = vec![0; size.bytes_written + 1];
    if let Some((first, rest)) = bytes.split_first_mut() {
        *first = version;
        bincode::serde::encode_into_slice(value, rest, CONFIG).expect("the size was measured");
    }
    SecretVec::new(bytes)
}

/// The value that `bytes` are, all of them. `what` names the value in errors.
pub fn decode<T: DeserializeOwned>(bytes: &[u8], what: &'static str) -> Result<T, CodecError> {
    if bytes.len() > FRAME_BYTES_MAX {
        return Err(CodecError::TooLong { what, bytes: bytes.len(), bytes_max: FRAME_BYTES_MAX });
    }
    let mut left = bytes;
    let value = bound::decode(&mut left, CONFIG)
        .map_err(|error| CodecError::Malformed { what, reason: reason(&error) })?;
    if left.is_empty() { Ok(value) } else { Err(CodecError::TrailingBytes { what, extra_bytes: left.len() }) }
}

/// The bytes of a value at rest: one byte of version, then the value.
pub fn encode_versioned<T: Serialize>(version: u8, value: &T) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(64);
    bytes.push(version);
    bytes.append(&mut encode(value));
    bytes
}

/// The value that was encoded as `version`; any other version is refused.
pub fn decode_versioned<T: DeserializeOwned>(
    version: u8,
    bytes: &[u8],
    what: &'static str,
) -> Result<T, CodecError> {
    let (found, rest) = split_version(bytes, what)?;
    if found != version {
        return Err(CodecError::Version { what, found, known: version });
    }
    decode(rest, what)
}

/// The version byte of data at rest and the bytes behind it, for readers that know several versions.
pub fn split_version<'a>(bytes: &'a [u8], what: &'static str) -> Result<(u8, &'a [u8]), CodecError> {
    match bytes.split_first() {
        Some((version, rest)) => Ok((*version, rest)),
        None => Err(CodecError::Malformed { what, reason: "no bytes at all" }),
    }
}

/// The kind of mistake in words of ours: those of the codec may quote the data.
fn reason(error: &bincode::error::DecodeError) -> &'static str {
    use bincode::error::DecodeError as E;
    match error {
        E::UnexpectedEnd { .. } => "ends too early",
        E::LimitExceeded => "claims more than the limit",
        E::InvalidIntegerType { .. } | E::OutsideUsizeRange(_) => "integer out of range",
        E::UnexpectedVariant { .. } => "unknown variant",
        E::Utf8 { .. } | E::InvalidCharEncoding(_) => "text is not UTF-8",
        E::InvalidBooleanValue(_) => "neither true nor false",
        E::Serde(_) | E::OtherString(_) => "a field has a value that it must not have",
        E::Other(reason) if *reason == bound::TOO_MANY_ITEMS => bound::TOO_MANY_ITEMS,
        _ => "not this type",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    enum Shape {
        Unit,
        New(u16),
        Pair(u8, bool),
        Named { a: Option<u32>, b: char },
    }

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    struct Sample {
        number: u64,
        signed: i32,
        text: String,
        raw: [u8; 3],
        list: Vec<u16>,
        map: BTreeMap<u8, String>,
        shapes: Vec<Shape>,
        nothing: (),
        marker: std::marker::PhantomData<u8>,
    }

    fn sample() -> Sample {
        Sample {
            number: 300,
            signed: -2,
            text: "\u{1794}ab".into(),
            raw: [1, 2, 3],
            list: vec![7, 251],
            map: BTreeMap::from([(9, "x".into())]),
            shapes: vec![
                Shape::Unit,
                Shape::New(5),
                Shape::Pair(1, true),
                Shape::Named { a: Some(70_000), b: 'q' },
            ],
            nothing: (),
            marker: std::marker::PhantomData,
        }
    }

    const SAMPLE_HEX: &str = concat!(
        "fb2c01",           // 300
        "03",               // -2, zig-zag
        "05e19e946162",     // text
        "010203",           // raw
        "0207fbfb00",       // list
        "01090178",         // map
        "0400010502010103", // shapes: count, Unit, New(5), Pair(1, true), discriminant of Named
        "01fc7011010071"    // Some(70000), 'q'
    );

    #[test]
    fn golden_bytes() {
        assert_eq!(hex::encode(encode(&sample())), SAMPLE_HEX);
        assert_eq!(decode::<Sample>(&hex::decode(SAMPLE_HEX).unwrap(), "sample").unwrap(), sample());
    }

    #[test]
    fn golden_bytes_at_rest() {
        assert_eq!(encode_versioned(3, &(1u8, 2u16)), [3, 1, 2]);
        assert_eq!(encode_secret(3, &(1u8, 2u16)).expose(), [3, 1, 2]);
        assert_eq!(decode_versioned::<(u8, u16)>(3, &[3, 1, 2], "pair").unwrap(), (1, 2));
        assert_eq!(
            decode_versioned::<(u8, u16)>(2, &[3, 1, 2], "pair"),
            Err(CodecError::Version { what: "pair", found: 3, known: 2 })
        );
        assert!(matches!(decode_versioned::<u8>(1, &[], "byte"), Err(CodecError::Malformed { .. })));
    }

    #[test]
    fn every_truncation_and_any_tail_is_refused() {
        let bytes = encode(&sample());
        for end in 0..bytes.len() {
            assert!(decode::<Sample>(&bytes[..end], "sample").is_err(), "cut at {end}");
        }
        let mut longer = bytes;
        longer.extend([0, 0]);
        assert_eq!(
            decode::<Sample>(&longer, "sample"),
            Err(CodecError::TrailingBytes { what: "sample", extra_bytes: 2 })
        );
    }

    #[test]
    fn a_claimed_length_of_2_to_the_40_allocates_nothing() {
        // 0xfd marks a 64-bit integer.
        let claim = [0xfd, 0, 0, 0, 0, 0, 1, 0, 0];
        assert!(decode::<Vec<u8>>(&claim, "list").is_err());
        assert!(decode::<Vec<u64>>(&claim, "list").is_err());
        assert!(decode::<String>(&claim, "text").is_err());
        assert!(decode::<BTreeMap<u64, u64>>(&claim, "map").is_err());
        assert!(decode::<Vec<String>>(&claim, "list").is_err());
    }

    #[test]
    #[expect(clippy::zero_sized_map_values, reason = "the very trap that is tested")]
    fn a_list_of_nothing_cannot_hold_the_machine() {
        #[derive(Debug, PartialEq, Deserialize)]
        struct New(Vec<()>);
        #[derive(Debug, PartialEq, Deserialize)]
        enum Deep {
            One(Vec<()>),
            Two { list: Vec<()> },
            Three(u8, Vec<()>),
        }
        let claim = [0xfd, 0, 0, 0, 0, 0, 1, 0, 0];
        let refused = CodecError::Malformed { what: "list", reason: bound::TOO_MANY_ITEMS };
        assert_eq!(decode::<Vec<()>>(&claim, "list"), Err(refused.clone()));
        assert_eq!(decode::<Vec<[u64; 0]>>(&claim, "list"), Err(refused.clone()));
        assert_eq!(decode::<BTreeMap<(), ()>>(&claim, "list"), Err(refused.clone()));
        // The same inside other values: structures, options, variants, new types.
        assert_eq!(decode::<New>(&claim, "list"), Err(refused.clone()));
        assert_eq!(decode::<(New, u8)>(&claim, "list"), Err(refused.clone()));
        for prefix in [&[0][..], &[1], &[2, 0]] {
            assert_eq!(decode::<Deep>(&[prefix, &claim].concat(), "list"), Err(refused.clone()));
        }
        let some = [&[1][..], &claim].concat();
        assert_eq!(decode::<Option<Vec<()>>>(&some, "list"), Err(refused.clone()));
        assert_eq!(decode::<Vec<Vec<()>>>(&some, "list"), Err(refused));
        // What an honest list of bytes needs is never refused.
        let full = encode(&vec![7u8; 1000]);
        assert_eq!(decode::<Vec<u8>>(&full, "list").unwrap().len(), 1000);
    }

    #[test]
    fn a_full_frame_of_small_integers_is_not_refused() {
        let numbers = vec![1u128; FRAME_BYTES_MAX - 5];
        let bytes = encode(&numbers);
        assert_eq!(bytes.len(), FRAME_BYTES_MAX);
        assert_eq!(decode::<Vec<u128>>(&bytes, "numbers").unwrap(), numbers);
    }

    #[test]
    fn longer_than_the_limit_is_refused() {
        let long = vec![0; FRAME_BYTES_MAX + 1];
        assert!(matches!(decode::<Vec<u8>>(&long, "list"), Err(CodecError::TooLong { .. })));
    }

    #[test]
    fn errors_do_not_quote_the_data() {
        #[derive(Debug, Deserialize)]
        #[expect(dead_code, reason = "only decoded, never read")]
        struct Strict(#[serde(deserialize_with = "refuse")] String);
        fn refuse<'de, D: serde::Deserializer<'de>>(from: D) -> Result<String, D::Error> {
            let text = String::deserialize(from)?;
            Err(serde::de::Error::custom(format!("{text} is not allowed")))
        }
        let error = decode::<Strict>(&encode(&"secret-name"), "field").unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("secret"), "{shown}");
        assert!(shown.contains("must not have"), "{shown}");
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let _ = decode::<Sample>(&bytes, "sample");
            let _ = decode::<Vec<Vec<()>>>(&bytes, "lists");
        }
    }
}
