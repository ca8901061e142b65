//! The schemes of a network: the built-in ones and those that the network declares as patterns.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use phonenumber::country::Id as Country;
use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};

use super::builtin::{self, BUILTIN};
use super::normal::{Separator, clean};
use super::{Identifier, IdentifierError, SchemeId, Strength, phone};
use crate::limits::{DECLARED_SCHEMES_MAX, SCHEME_PATTERN_BYTES_MAX, SCHEME_PATTERN_COMPILED_BYTES_MAX};

/// A scheme that a network declares in its policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclaredScheme {
    /// Its id: not that of a built-in scheme.
    pub id: SchemeId,
    /// A regular expression (syntax of the Rust `regex` crate) that the whole canonical form must match. Digits
    /// of every script are ASCII by then, separators are gone, and only visible ASCII is left.
    pub pattern: String,
    /// How far a match may be trusted.
    pub strength: Strength,
    /// Which separators are taken away.
    #[serde(default)]
    pub strip: Vec<Separator>,
    /// Whether the letters a to z become capitals.
    #[serde(default)]
    pub uppercase: bool,
    /// A made-up identifier of this scheme, as people write it. It must parse.
    pub example: String,
}

/// Why a declared scheme cannot be used: the fault of the policy's author.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SchemeError {
    /// More declared schemes than a network may have.
    #[error("a network declares at most {DECLARED_SCHEMES_MAX} schemes, found {found}")]
    TooMany {
        /// How many there are.
        found: usize,
    },
    /// The id of a built-in scheme, whose rules cannot be replaced.
    #[error("{id} is built in: give the declared scheme another id")]
    BuiltIn {
        /// The id.
        id: SchemeId,
    },
    /// Two declarations of one id.
    #[error("{id} is declared twice")]
    Twice {
        /// The id.
        id: SchemeId,
    },
    /// Not a regular expression, or one that is too large.
    #[error("the pattern of {id} cannot be used: {cause}")]
    Pattern {
        /// The id.
        id: SchemeId,
        /// What the compiler of patterns says.
        cause: String,
    },
    /// The pattern matches the empty text.
    #[error("the pattern of {id} matches nothing at all: ask for at least one character")]
    MatchesEmpty {
        /// The id.
        id: SchemeId,
    },
    /// The example is not of the scheme.
    #[error("the example of {id} does not parse: {cause}")]
    Example {
        /// The id.
        id: SchemeId,
        /// Why.
        cause: IdentifierError,
    },
    /// Not an ISO 3166 code of a country that has telephone numbers.
    #[error("the default country of telephone numbers is two capitals, as in KH")]
    Country,
}

/// A scheme in words, for whoever has to type an identifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description<'a> {
    /// Country, name and form, in English.
    pub text: Cow<'a, str>,
    /// A made-up identifier that parses.
    pub example: &'a str,
}

#[derive(Clone)]
struct Compiled {
    declared: DeclaredScheme,
    regex: Regex,
}

/// The schemes of one network, and the country of its telephone numbers.
#[derive(Clone, Default)]
pub struct SchemeSet {
    declared: BTreeMap<SchemeId, Compiled>,
    phone_country: Option<Country>,
}

impl fmt::Debug for SchemeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SchemeSet")
            .field("declared", &self.declared.keys())
            .field("phone_country", &self.phone_country)
            .finish_non_exhaustive()
    }
}

impl SchemeSet {
    /// The built-in schemes alone.
    pub fn new() -> Self {
        Self::default()
    }

    /// The built-in schemes and those declared.
    pub fn with_declared(schemes: impl IntoIterator<Item = DeclaredScheme>) -> Result<Self, SchemeError> {
        let mut set = Self::default();
        for scheme in schemes {
            let id = scheme.id.clone();
            let compiled = Compiled::new(scheme)?;
            if set.declared.insert(id.clone(), compiled).is_some() {
                return Err(SchemeError::Twice { id });
            }
            if set.declared.len() > DECLARED_SCHEMES_MAX {
                return Err(SchemeError::TooMany { found: set.declared.len() });
            }
        }
        Ok(set)
    }

    /// Reads telephone numbers without `+` as numbers of this country (ISO 3166, two capitals).
    pub fn with_phone_country(mut self, code: &str) -> Result<Self, SchemeError> {
        self.phone_country = Some(phone::country(code).ok_or(SchemeError::Country)?);
        Ok(self)
    }

    /// Parses an identifier as typed into its canonical form. At most
    /// [`IDENTIFIER_BYTES_MAX`](crate::limits::IDENTIFIER_BYTES_MAX) bytes.
    pub fn parse(&self, scheme: &SchemeId, raw: &str) -> Result<Identifier, IdentifierError> {
        let value = if let Some(builtin) = builtin::find(scheme.as_str()) {
            builtin.canonical(scheme, raw, self.phone_country)?
        } else if let Some(compiled) = self.declared.get(scheme) {
            compiled.canonical(raw)?
        } else {
            return Err(IdentifierError::UnknownScheme);
        };
        Identifier::from_canonical(scheme.clone(), value)
    }

    /// How far a match on a scheme may be trusted; `None` for a scheme that is not in the set.
    pub fn strength(&self, scheme: &SchemeId) -> Option<Strength> {
        builtin::find(scheme.as_str())
            .map(|builtin| builtin.strength)
            .or_else(|| self.declared.get(scheme).map(|compiled| compiled.declared.strength))
    }

    /// Whether the scheme is in the set.
    pub fn contains(&self, scheme: &SchemeId) -> bool {
        self.strength(scheme).is_some()
    }

    /// Every scheme's id, ascending.
    pub fn ids(&self) -> Vec<SchemeId> {
        let mut ids: Vec<SchemeId> = BUILTIN.iter().map(|scheme| SchemeId::known(scheme.id)).collect();
        ids.extend(self.declared.keys().cloned());
        ids.sort_unstable();
        ids
    }

    /// A scheme in words; `None` for a scheme that is not in the set.
    pub fn describe(&self, scheme: &SchemeId) -> Option<Description<'_>> {
        if let Some(builtin) = builtin::find(scheme.as_str()) {
            return Some(Description { text: Cow::Borrowed(builtin.text), example: builtin.example });
        }
        self.declared.get(scheme).map(|compiled| Description {
            text: Cow::Owned(format!("Declared by this network, in the form {}", compiled.declared.pattern)),
            example: &compiled.declared.example,
        })
    }
}

impl Compiled {
    fn new(declared: DeclaredScheme) -> Result<Self, SchemeError> {
        let id = declared.id.clone();
        if builtin::find(id.as_str()).is_some() {
            return Err(SchemeError::BuiltIn { id });
        }
        let refuse = |cause: String| SchemeError::Pattern { id: id.clone(), cause };
        if declared.pattern.len() > SCHEME_PATTERN_BYTES_MAX {
            return Err(refuse(format!("it is longer than {SCHEME_PATTERN_BYTES_MAX} bytes")));
        }
        let compile = |pattern: &str| {
            RegexBuilder::new(pattern)
                .size_limit(SCHEME_PATTERN_COMPILED_BYTES_MAX)
                .dfa_size_limit(SCHEME_PATTERN_COMPILED_BYTES_MAX)
                .nest_limit(16)
                .build()
                .map_err(|error| refuse(error.to_string()))
        };
        // On its own first: `a)|(?:b` is no pattern, but would slip out of the anchors.
        compile(&declared.pattern)?;
        let regex = compile(&format!(r"\A(?:{})\z", declared.pattern))?;
        if regex.is_match("") {
            return Err(SchemeError::MatchesEmpty { id });
        }
        let compiled = Self { declared, regex };
        match compiled.canonical(&compiled.declared.example) {
            Ok(_) => Ok(compiled),
            Err(cause) => Err(SchemeError::Example { id, cause }),
        }
    }

    fn canonical(&self, raw: &str) -> Result<String, IdentifierError> {
        let scheme = &self.declared.id;
        let allowed = "digits, the letters A to Z and the marks of the scheme's example";
        let mut text = clean(scheme, raw, &self.declared.strip, allowed, |c| c.is_ascii_graphic())?;
        if self.declared.uppercase {
            text.make_ascii_uppercase();
        }
        if !self.regex.is_match(&text) {
            return Err(IdentifierError::Pattern { scheme: scheme.clone() });
        }
        Ok(text.as_str().to_owned())
    }
}
