//! Names of persons as they are typed: who recorded, who decided, who approved. They stand on pages, on paper and in what
//! the log commits to, so that they must look like what they are.

use crate::limits::PERSON_NAME_CHARS_MAX;

/// A text that is not taken for the name of a person. It does not say what the text was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a name has 1 to {PERSON_NAME_CHARS_MAX} characters, a letter or digit among them, and none that control or turn the \
     reading direction"
)]
pub struct NotAName;

/// Whether a character controls, or turns the reading direction, which makes one name look like another. Characters that
/// join or part letters are let pass: several scripts are not written without them.
pub fn misleads(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The name of a person, without white space around it.
pub fn person_name(text: &str) -> Result<String, NotAName> {
    let name = text.trim();
    let is_good = name.chars().count() <= PERSON_NAME_CHARS_MAX
        && name.chars().any(char::is_alphanumeric)
        && !name.chars().any(misleads);
    if is_good { Ok(name.to_owned()) } else { Err(NotAName) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_look_like_what_they_are() {
        for good in ["Sok Dara", "  Sok Dara ", "សុខ\u{200b}ដារ៉ា", "O'Brien", "Officer 7", &"x".repeat(120)]
        {
            assert_eq!(person_name(good).as_deref(), Ok(good.trim()), "{good:?}");
        }
        for bad in [
            "",
            "  ",
            "-",
            "\u{200b}",
            "a\nb",
            "a\u{7}",
            "\u{202e}arad koS",
            "a\u{2066}b",
            "a\u{61c}",
            &"x".repeat(121),
        ] {
            assert_eq!(person_name(bad), Err(NotAName), "{bad:?}");
        }
    }
}
