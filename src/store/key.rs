//! Keys as bytes whose order is the order of the values.
//!
//! Integers are big-endian, signed ones with their sign bit turned. Text and byte strings carry their length in
//! front: they sort by length first, and a key that begins with one text is never a prefix of a key that begins
//! with another.

use crate::clock::UnixTime;

/// Why stored bytes are not a key of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("key: {0}")]
pub struct KeyError(pub &'static str);

/// A value that can be the key of a table.
///
/// `decode(encode(x)) == x`, and no other bytes decode to `x`.
pub trait TableKey: Sized {
    /// Appends the key's bytes.
    fn encode(&self, out: &mut Vec<u8>);

    /// Takes the key's bytes from the front of `input`.
    fn take(input: &mut &[u8]) -> Result<Self, KeyError>;

    /// The key whose bytes are `bytes`, all of them.
    fn decode(mut bytes: &[u8]) -> Result<Self, KeyError> {
        let key = Self::take(&mut bytes)?;
        if bytes.is_empty() { Ok(key) } else { Err(KeyError("goes on after its end")) }
    }

    /// The key's bytes: a whole key, or the prefix of all keys that begin with this value.
    fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(40);
        self.encode(&mut out);
        out
    }
}

fn take_array<const N: usize>(input: &mut &[u8]) -> Result<[u8; N], KeyError> {
    let (taken, rest) = input.split_first_chunk::<N>().ok_or(KeyError("ends too early"))?;
    *input = rest;
    Ok(*taken)
}

macro_rules! unsigned_key {
    ($($int:ty)*) => { $(
        impl TableKey for $int {
            fn encode(&self, out: &mut Vec<u8>) {
                out.extend(self.to_be_bytes());
            }

            fn take(input: &mut &[u8]) -> Result<Self, KeyError> {
                take_array(input).map(Self::from_be_bytes)
            }
        }
    )* };
}

unsigned_key!(u8 u16 u32 u64);

impl TableKey for i64 {
    fn encode(&self, out: &mut Vec<u8>) {
        (self.cast_unsigned() ^ (1 << 63)).encode(out);
    }

    fn take(input: &mut &[u8]) -> Result<Self, KeyError> {
        Ok((u64::take(input)? ^ (1 << 63)).cast_signed())
    }
}

impl TableKey for UnixTime {
    fn encode(&self, out: &mut Vec<u8>) {
        self.0.encode(out);
    }

    fn take(input: &mut &[u8]) -> Result<Self, KeyError> {
        i64::take(input).map(Self)
    }
}

impl<const N: usize> TableKey for [u8; N] {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend(self);
    }

    fn take(input: &mut &[u8]) -> Result<Self, KeyError> {
        take_array(input)
    }
}

impl TableKey for Vec<u8> {
    /// A key of 64 KiB is a mistake of the program: it panics.
    fn encode(&self, out: &mut Vec<u8>) {
        let length = u16::try_from(self.len()).expect("a key is shorter than 64 KiB");
        length.encode(out);
        out.extend(self);
    }

    fn take(input: &mut &[u8]) -> Result<Self, KeyError> {
        let length = usize::from(u16::take(input)?);
        let (taken, rest) = input.split_at_checked(length).ok_or(KeyError("ends too early"))?;
        *input = rest;
        Ok(taken.to_vec())
    }
}

impl TableKey for String {
    /// A key of 64 KiB is a mistake of the program: it panics.
    fn encode(&self, out: &mut Vec<u8>) {
        let length = u16::try_from(self.len()).expect("a key is shorter than 64 KiB");
        length.encode(out);
        out.extend(self.as_bytes());
    }

    fn take(input: &mut &[u8]) -> Result<Self, KeyError> {
        Self::from_utf8(Vec::take(input)?).map_err(|_| KeyError("text is not UTF-8"))
    }
}

/// The key of a table that has one row.
impl TableKey for () {
    fn encode(&self, _out: &mut Vec<u8>) {}

    fn take(_input: &mut &[u8]) -> Result<Self, KeyError> {
        Ok(())
    }
}

macro_rules! tuple_key {
    ($($name:ident)*) => {
        impl<$($name: TableKey),*> TableKey for ($($name,)*) {
            fn encode(&self, out: &mut Vec<u8>) {
                #[expect(non_snake_case, reason = "the type's name serves as its variable")]
                let ($($name,)*) = self;
                $($name.encode(out);)*
            }

            fn take(input: &mut &[u8]) -> Result<Self, KeyError> {
                Ok(($($name::take(input)?,)*))
            }
        }
    };
}

tuple_key!(A B);
tuple_key!(A B C);
tuple_key!(A B C D);
tuple_key!(A B C D E);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn golden_bytes() {
        let key = (1u8, 2u16, 3u32, 4u64, "ab".to_owned());
        assert_eq!(hex::encode(key.to_bytes()), "0100020000000300000000000000040002 6162".replace(' ', ""));
        assert_eq!(hex::encode((UnixTime(-1), [9u8; 2]).to_bytes()), "7fffffffffffffff0909");
        assert!(().to_bytes().is_empty());
    }

    #[test]
    fn bytes_sort_as_the_values_do() {
        let times = [i64::MIN, -256, -1, 0, 1, 255, 256, i64::MAX].map(|t| UnixTime(t).to_bytes());
        assert!(times.is_sorted());
        let numbers = [0u64, 1, 255, 256, u64::MAX].map(|n| (7u8, n).to_bytes());
        assert!(numbers.is_sorted());
    }

    #[test]
    fn truncated_and_longer_keys_are_refused() {
        type Key = (u8, String, [u8; 4], i64);
        let key: Key = (1, "net".into(), [5; 4], -7);
        let bytes = key.to_bytes();
        assert_eq!(Key::decode(&bytes), Ok(key));
        for end in 0..bytes.len() {
            assert!(Key::decode(&bytes[..end]).is_err(), "cut at {end}");
        }
        assert_eq!(Key::decode(&[&bytes[..], &[0]].concat()), Err(KeyError("goes on after its end")));
        assert!(String::decode(&[0, 1, 0xff]).is_err());
    }
}
