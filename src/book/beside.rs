//! Rows that are kept in two parts: what every program of this store's version reads, and beside it what gives the same
//! as data. The second part is JSON, by names: a program that does not know a name goes without, and shows the sentence
//! of the first part.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Book, BookError, VALUE_VERSION};
use crate::secret::Entropy;
use crate::wire::codec;

/// Version of a row of two parts. Rows of [`VALUE_VERSION`] have the first alone, and are read for ever.
const BESIDE_VERSION: u8 = 2;

/// A value with data beside what it is serialised as.
pub(super) trait Beside: Serialize + DeserializeOwned {
    /// The data. Nothing in it is personal.
    type Data: Serialize + DeserializeOwned;

    /// The data of this value.
    fn data(&self) -> Self::Data;

    /// Takes the data back.
    fn take(&mut self, data: Self::Data);
}

impl Book {
    pub(super) fn seal_with<T: Beside>(
        &self,
        table: &'static str,
        key: &[u8],
        value: &T,
        entropy: &dyn Entropy,
    ) -> Vec<u8> {
        let data = serde_json::to_string(&value.data()).expect("names and plain values can be written");
        let plain = codec::encode_secret(BESIDE_VERSION, &(value, data));
        self.at_rest.seal(table, key, plain.expose(), entropy)
    }

    pub(super) fn open_with<T: Beside>(
        &self,
        table: &'static str,
        key: &[u8],
        sealed: &[u8],
    ) -> Result<T, BookError> {
        let plain = self.plain(table, key, sealed)?;
        if codec::split_version(plain.expose(), table)?.0 == VALUE_VERSION {
            return Ok(codec::decode_versioned(VALUE_VERSION, plain.expose(), table)?);
        }
        let (mut value, data): (T, String) = codec::decode_versioned(BESIDE_VERSION, plain.expose(), table)?;
        if let Ok(data) = serde_json::from_str(&data) {
            value.take(data);
        }
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::{HoldReason, Load, LoadEntry, LoadStage, LoadState, NotClosed, TABLES, Upserted};
    use crate::clock::UnixTime;
    use crate::digest::Digest;
    use crate::keyring::AtRest;
    use crate::secret::{SecretBytes, SystemEntropy};
    use crate::store::Store;

    fn entry() -> LoadEntry {
        let load = Load {
            number: 3,
            time: UnixTime(1_795_305_600),
            file: "book.csv".to_owned(),
            digest: Digest([7; 32]),
            format: "csv".to_owned(),
            full_portfolio: true,
            as_of: None,
            state: LoadState::Held,
            good: 10,
            rejected: 1,
            skipped: 0,
            figures: Vec::new(),
            changes: Upserted::default(),
            not_closed: Some("the file was cut".to_owned()),
            not_closed_for: Some(NotClosed::Cut),
            held_for: vec!["would close".to_owned()],
            hold_reasons: vec![HoldReason::Closing { active: 5, closing: 2, percent_max: 20 }],
            decided_by: None,
        };
        LoadEntry { load, stage: LoadStage::default() }
    }

    #[test]
    fn rows_of_both_versions_are_read_and_names_that_are_not_known_are_left_out() {
        let entropy = SystemEntropy::new();
        let at_rest = AtRest::new(&SecretBytes::new([1; 32]));
        let book = Book::new(Store::memory(TABLES).unwrap(), at_rest);
        let (table, key, entry) = ("loads", b"3".as_slice(), entry());
        let opened = |sealed: &[u8]| book.open_with::<LoadEntry>(table, key, sealed).unwrap();
        assert_eq!(opened(&book.seal_with(table, key, &entry, &entropy)), entry);
        let mut without = entry.clone();
        without.load.hold_reasons.clear();
        without.load.not_closed_for = None;
        assert_eq!(opened(&book.seal(table, key, &entry, &entropy)), without);
        let later = (&entry, r#"{"held":[{"by-the-moon":{}}],"not_closed":null}"#.to_owned());
        let plain = codec::encode_secret(BESIDE_VERSION, &later);
        assert_eq!(opened(&book.at_rest.seal(table, key, plain.expose(), &entropy)), without);
        let other = codec::encode_secret(9, &later);
        let other = book.at_rest.seal(table, key, other.expose(), &entropy);
        assert!(book.open_with::<LoadEntry>(table, key, &other).is_err());
    }
}
