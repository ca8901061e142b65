//! Names of networks and of their members.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A name that cannot stand in a certificate, a path and a log origin alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a name here is 2 to 32 of a-z, 0-9 and '-', beginning with a letter and not ending with '-'")]
pub struct NameError;

fn check(text: &str) -> Result<(), NameError> {
    let bytes = text.as_bytes();
    let good = (2..=32).contains(&bytes.len())
        && bytes[0].is_ascii_lowercase()
        && bytes[bytes.len() - 1] != b'-'
        && bytes.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-');
    if good { Ok(()) } else { Err(NameError) }
}

macro_rules! name {
    ($(#[$doc:meta])* $type:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(try_from = "String", into = "String")]
        pub struct $type(String);

        impl $type {
            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $type {
            type Err = NameError;

            fn from_str(text: &str) -> Result<Self, NameError> {
                check(text)?;
                Ok(Self(text.to_owned()))
            }
        }

        impl TryFrom<String> for $type {
            type Error = NameError;

            fn try_from(text: String) -> Result<Self, NameError> {
                check(&text)?;
                Ok(Self(text))
            }
        }

        impl From<$type> for String {
            fn from(name: $type) -> Self {
                name.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

name! {
    /// A network of lenders, as `kh-mfi`.
    NetworkId
}

name! {
    /// A member of a network, as `sathapana`. The operator is a member too.
    MemberId
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for good in ["ab", "lender-a", "a1", "x23456789012345678901234567890ab"] {
            assert!(good.parse::<MemberId>().is_ok(), "{good}");
        }
        for bad in ["", "a", "1a", "A1", "a-", "a_b", "a/b", "a b", "x23456789012345678901234567890abc", "é1"]
        {
            assert!(bad.parse::<MemberId>().is_err(), "{bad}");
        }
    }
}
