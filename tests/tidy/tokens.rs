//! As much of Rust's lexical structure as the checks need: identifiers, `::` and single signs, without
//! comments and without the contents of literals.

/// One token and the line on which it begins, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// An identifier, `::`, or one sign. Literals appear as `"`.
    pub(crate) text: String,
    /// Line, from 1.
    pub(crate) line: usize,
}

/// The tokens of `source`.
pub(crate) fn tokens(source: &str) -> Vec<Token> {
    let chars: Vec<char> = source.chars().collect();
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let (mut out, mut i, mut line) = (Vec::new(), 0, 1);
    while i < chars.len() {
        let (c, begin) = (chars[i], i);
        let text = if c == '/' && at(i + 1) == '/' {
            i = end_of_line(&chars, i);
            None
        } else if c == '/' && at(i + 1) == '*' {
            i = end_of_block_comment(&chars, i);
            None
        } else if let Some(end) = end_of_string(&chars, i) {
            i = end;
            Some("\"".to_owned())
        } else if c == '\'' {
            // 'a', '\n' and '\u{41}' are characters; 'a in other places is a lifetime.
            let escaped = at(i + 1) == '\\';
            if escaped || at(i + 2) == '\'' {
                i += if escaped { 3 } else { 2 };
                while i < chars.len() && chars[i] != '\'' {
                    i += 1;
                }
            }
            i += 1;
            Some("'".to_owned())
        } else if c.is_alphanumeric() || c == '_' {
            while at(i).is_alphanumeric() || at(i) == '_' {
                i += 1;
            }
            Some(chars[begin..i].iter().collect())
        } else if c == ':' && at(i + 1) == ':' {
            i += 2;
            Some("::".to_owned())
        } else {
            i += 1;
            (!c.is_whitespace()).then(|| c.to_string())
        };
        out.extend(text.map(|text| Token { text, line }));
        line += chars[begin..i.min(chars.len())].iter().filter(|c| **c == '\n').count();
    }
    out
}

fn end_of_line(chars: &[char], from: usize) -> usize {
    chars[from..].iter().position(|c| *c == '\n').map_or(chars.len(), |n| from + n)
}

fn end_of_block_comment(chars: &[char], from: usize) -> usize {
    let (mut depth, mut i) = (0_usize, from);
    while i < chars.len() {
        match (chars[i], chars.get(i + 1)) {
            ('/', Some('*')) => {
                depth += 1;
                i += 2;
            }
            ('*', Some('/')) => {
                depth -= 1;
                i += 2;
                if depth == 0 {
                    break;
                }
            }
            _ => i += 1,
        }
    }
    i
}

/// If a string literal begins at `from` (plain, byte, C or raw), where it ends.
fn end_of_string(chars: &[char], from: usize) -> Option<usize> {
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let mut i = from;
    if matches!(at(i), 'b' | 'c') && matches!(at(i + 1), 'r' | '"') {
        i += 1;
    }
    let raw = at(i) == 'r' && matches!(at(i + 1), '"' | '#');
    let hashes = if raw {
        i += 1;
        let hashes = chars[i..].iter().take_while(|c| **c == '#').count();
        i += hashes;
        hashes
    } else {
        0
    };
    if at(i) != '"' {
        // `r#name` is an identifier.
        return None;
    }
    i += 1;
    while i < chars.len() {
        if !raw && chars[i] == '\\' {
            i += 2;
        } else if chars[i] == '"'
            && chars[i + 1..].iter().take(hashes).filter(|c| **c == '#').count() == hashes
        {
            return Some(i + 1 + hashes);
        } else {
            i += 1;
        }
    }
    Some(chars.len())
}
