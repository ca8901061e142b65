//! Myanmar's NRC number, such as `12/KaMaYa(N)123456`: state, township, kind of citizenship, six digits. It is
//! written in Latin or in Myanmar letters, and both spellings are one value.
//!
//! A township code is three letters of the Myanmar alphabet. Each is turned into a Latin syllable on its own;
//! there is no list of townships to fall behind. Latin spellings differ from office to office (Ra or Ya for ရ,
//! Hsa or Sa for ဆ, Bha or Ba for ဘ and ဗ, Hpa or Pha for ဖ), so letters that Latin spellings confuse share
//! one syllable. In the public table of townships (npm package `mm-nrc` 0.2.5, 471 entries) that merges
//! different townships of one state in four cases, all in Shan State ([`MERGED_IN_SHAN`]); there the letters
//! are told apart, and a Latin spelling that does not is refused.
//!
//! Not mapped, and refused: the letters ဉ, ဋ, ဌ, ဍ, ဎ, ဧ and all vowel signs in a township code (no code in
//! that table has them); states other than 1 to 14; kinds of citizenship other than N, E, P, T, Y and S;
//! numbers with another count of digits. Known by the table and beyond any spelling: 13/ကလန is the code of two
//! townships.

use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use super::normal::{Separator, clean};
use super::{IdentifierError, SchemeId};

/// A letter of a township code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Letter {
    /// The syllable of the normal form.
    syllable: &'static str,
    /// The syllable that tells this letter from the others of its `syllable`, where [`MERGED_IN_SHAN`] needs it
    /// and the spelling gave it.
    exact: Option<&'static str>,
}

const fn letter(syllable: &'static str) -> Letter {
    Letter { syllable, exact: Some(syllable) }
}

const fn either(syllable: &'static str) -> Letter {
    Letter { syllable, exact: None }
}

const fn exactly(syllable: &'static str, exact: &'static str) -> Letter {
    Letter { syllable, exact: Some(exact) }
}

/// Latin syllables. `YYA` and `SSA` are ours: they say ယ and စ where plain `YA` and `SA` leave it open.
const LATIN: &[(&str, Letter)] = &[
    ("KA", letter("KA")),
    ("KHA", letter("KHA")),
    ("GA", letter("GA")),
    ("GHA", letter("GA")),
    ("NGA", letter("NGA")),
    ("SA", either("SA")),
    ("SSA", exactly("SA", "SSA")),
    ("HSA", exactly("SA", "HSA")),
    ("ZA", letter("ZA")),
    ("NYA", letter("NYA")),
    ("NJA", letter("NYA")),
    ("TA", letter("TA")),
    ("HTA", letter("HTA")),
    ("DA", letter("DA")),
    ("DHA", letter("DA")),
    ("NA", letter("NA")),
    ("PA", letter("PA")),
    ("PHA", letter("PHA")),
    ("HPA", letter("PHA")),
    ("BA", letter("BA")),
    ("BHA", letter("BA")),
    ("MA", letter("MA")),
    ("YA", either("YA")),
    ("YYA", exactly("YA", "YYA")),
    ("RA", exactly("YA", "RA")),
    ("LA", letter("LA")),
    ("WA", letter("WA")),
    ("THA", letter("THA")),
    ("HA", letter("HA")),
    ("AH", letter("AH")),
    ("U", letter("U")),
    ("OU", letter("U")),
    ("OO", letter("U")),
    ("AU", letter("U")),
];

/// The Myanmar alphabet as far as township codes use it.
fn myanmar_letter(c: char) -> Option<Letter> {
    Some(match c {
        'က' => letter("KA"),
        'ခ' => letter("KHA"),
        'ဂ' | 'ဃ' => letter("GA"),
        'င' => letter("NGA"),
        'စ' => exactly("SA", "SSA"),
        'ဆ' => exactly("SA", "HSA"),
        'ဇ' | 'ဈ' => letter("ZA"),
        'ည' => letter("NYA"),
        'တ' => letter("TA"),
        'ထ' => letter("HTA"),
        'ဒ' | 'ဓ' => letter("DA"),
        'န' | 'ဏ' => letter("NA"),
        'ပ' => letter("PA"),
        'ဖ' => letter("PHA"),
        'ဗ' | 'ဘ' => letter("BA"),
        'မ' => letter("MA"),
        'ယ' => exactly("YA", "YYA"),
        'ရ' => exactly("YA", "RA"),
        'လ' | 'ဠ' => letter("LA"),
        'ဝ' => letter("WA"),
        'သ' => letter("THA"),
        'ဟ' => letter("HA"),
        'အ' => letter("AH"),
        'ဥ' => letter("U"),
        _ => return None,
    })
}

/// Codes of Shan State (13) under which two townships would fall together: မယန and မရန, မစတ and မဆတ, မယတ and
/// မရတ, နစန and နဆန.
const MERGED_IN_SHAN: [[&str; 3]; 4] =
    [["MA", "YA", "NA"], ["MA", "SA", "TA"], ["MA", "YA", "TA"], ["NA", "SA", "NA"]];

/// Kinds of citizenship: the Latin letter and the spellings taken for it, in NFC. The last Myanmar spelling of
/// N, E and P is what the older Zawgyi encoding leaves in its place.
const KINDS: &[(&str, &[&str])] = &[
    ("N", &["N", "NAING", "နိုင်", "နိုင္"]),
    ("E", &["E", "ဧည့်", "ဧည့္"]),
    ("P", &["P", "PYU", "ပြု", "ျပဳ"]),
    ("T", &["T", "သာသနာ", "သာ"]),
    ("Y", &["Y", "ယာယီ"]),
    ("S", &["S", "စ"]),
];

/// An NRC number in the form `12/KAMAYA(N)123456`.
pub(super) fn nrc(scheme: &SchemeId, raw: &str) -> Result<String, IdentifierError> {
    let rule = |rule| IdentifierError::Rule { scheme: scheme.clone(), rule };
    let form = || rule("write state, slash, township, kind in brackets and six digits, as on the card");
    let allowed = "digits, a slash, Latin or Myanmar letters and brackets";
    let keep =
        |c: char| c.is_ascii_alphanumeric() || "/()".contains(c) || ('\u{1000}'..='\u{103F}').contains(&c);
    let text = clean(scheme, raw, Separator::GROUPING, allowed, keep)?;

    let (state, rest) = text.split_once('/').ok_or_else(form)?;
    let state = Some(state)
        .filter(|state| matches!(state.len(), 1 | 2) && state.bytes().all(|b| b.is_ascii_digit()))
        .and_then(|state| state.parse::<u8>().ok())
        .filter(|state| (1..=14).contains(state))
        .ok_or_else(|| rule("the number before the slash is a state or region from 1 to 14"))?;

    let head = rest.trim_end_matches(|c: char| c.is_ascii_digit());
    let number = &rest[head.len()..];
    if number.len() != 6 {
        let expected = "6 digits at the end";
        return Err(IdentifierError::Length { scheme: scheme.clone(), expected, found: number.len() });
    }
    if number == "000000" {
        return Err(IdentifierError::Filler { scheme: scheme.clone() });
    }

    let (township, kind) = match head.strip_suffix(')') {
        Some(head) => head.split_once('(').ok_or_else(form)?,
        None => split_kind(head).ok_or_else(form)?,
    };
    if [township, kind].iter().any(|part| part.contains(['/', '(', ')'])) {
        return Err(form());
    }
    let kind = citizenship(kind)
        .ok_or_else(|| rule("the letter in brackets is N, E, P, T, Y or S, or its Myanmar spelling"))?;
    let letters = township_letters(township).map_err(|fault| {
        rule(match fault {
            Fault::Unknown => {
                "the township is three letters, in Latin as KaMaYa or in Myanmar letters: compare it"
            }
            Fault::Open => {
                "the township can be read in two ways: begin each syllable with a capital, as AhTaNa"
            }
        })
    })?;
    let syllables = letters.map(|letter| letter.syllable);
    let merged = state == 13 && MERGED_IN_SHAN.contains(&syllables);
    let mut value = String::with_capacity(24);
    value.push_str(&state.to_string());
    value.push('/');
    for letter in letters {
        let Some(syllable) = (if merged { letter.exact } else { Some(letter.syllable) }) else {
            return Err(rule(
                "this Latin spelling stands for two townships of Shan State: write it in Myanmar letters \
                 (or Ra, Yya, Hsa, Ssa)",
            ));
        };
        value.push_str(syllable);
    }
    value.push('(');
    value.push_str(kind);
    value.push(')');
    value.push_str(number);
    Ok(value)
}

/// Township and kind where the brackets were left out: the longest kind that leaves a township.
fn split_kind(head: &str) -> Option<(&str, &str)> {
    head.char_indices()
        .map(|(at, _)| head.split_at(at))
        .find(|(township, kind)| citizenship(kind).is_some() && township_letters(township).is_ok())
}

fn citizenship(text: &str) -> Option<&'static str> {
    let mut text = Zeroizing::new(text.nfc().collect::<String>());
    text.make_ascii_uppercase();
    KINDS.iter().find(|(_, spellings)| spellings.contains(&text.as_str())).map(|(kind, _)| *kind)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// Not three letters that we know.
    Unknown,
    /// More than one way to read it.
    Open,
}

fn township_letters(text: &str) -> Result<[Letter; 3], Fault> {
    if text.is_ascii() {
        return latin_letters(text);
    }
    // The Myanmar digit zero is often typed for the letter wa, its twin; it was made plain before.
    let mut letters = text.chars().map(|c| if c == '0' { Some(letter("WA")) } else { myanmar_letter(c) });
    match (letters.next(), letters.next(), letters.next(), letters.next()) {
        (Some(Some(a)), Some(Some(b)), Some(Some(c)), None) => Ok([a, b, c]),
        _ => Err(Fault::Unknown),
    }
}

/// Three syllables: by their capitals when they have them, otherwise in the one way that the whole can be read.
fn latin_letters(text: &str) -> Result<[Letter; 3], Fault> {
    if let Some(letters) = capitalised(text) {
        return Ok(letters);
    }
    let upper = Zeroizing::new(text.to_ascii_uppercase());
    let mut found: Option<[Letter; 3]> = None;
    for (first, a) in LATIN {
        let Some(rest) = upper.strip_prefix(first) else { continue };
        for (second, b) in LATIN {
            let Some(rest) = rest.strip_prefix(second) else { continue };
            for (third, c) in LATIN {
                if rest != *third {
                    continue;
                }
                let letters = [*a, *b, *c];
                if found.is_some_and(|other| other != letters) {
                    return Err(Fault::Open);
                }
                found = Some(letters);
            }
        }
    }
    found.ok_or(Fault::Unknown)
}

/// `KaMaYa`: a capital begins each syllable. Only here may `A` alone be the letter အ: in `ATANA` it could as
/// well belong to its neighbour.
fn capitalised(text: &str) -> Option<[Letter; 3]> {
    if !text.starts_with(|c: char| c.is_ascii_uppercase()) || !text.contains(|c: char| c.is_ascii_lowercase())
    {
        return None;
    }
    let starts: Vec<usize> =
        text.char_indices().filter(|(_, c)| c.is_ascii_uppercase()).map(|(at, _)| at).collect();
    let [_, second, third] = starts[..] else { return None };
    let find = |syllable: &str| {
        let upper = Zeroizing::new(syllable.to_ascii_uppercase());
        let name = if upper.as_str() == "A" { "AH" } else { upper.as_str() };
        LATIN.iter().find(|(latin, _)| *latin == name).map(|(_, letter)| *letter)
    };
    Some([find(&text[..second])?, find(&text[second..third])?, find(&text[third..])?])
}
