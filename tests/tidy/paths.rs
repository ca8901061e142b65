//! Which modules and which outside crates a source file names.

use crate::rules;
use crate::tokens::{Token, tokens};

/// The module path of a source file: `src/node/asker.rs` is `node::asker`; `src/lib.rs` is empty.
pub(crate) fn module_path(file: &str) -> Vec<&str> {
    let path = file.strip_prefix("src/").unwrap_or(file).trim_end_matches(".rs");
    let mut parts: Vec<&str> = path.split('/').collect();
    if parts == ["lib"] || (parts.len() > 1 && parts.last() == Some(&"mod")) {
        parts.pop();
    }
    parts
}

/// Names the modules of the library that `source` uses, with the line of each.
///
/// Paths from `crate`, from `$crate`, from the library's own name (in `main.rs`), and those that climb to the
/// root by `super`; groups in braces are followed.
pub(crate) fn used_modules(file: &str, source: &str) -> Vec<(String, usize)> {
    let tokens = tokens(source);
    let text = |i: usize| tokens.get(i).map_or("", |t| t.text.as_str());
    let mut depth_of_file = module_path(file).len();
    if file == "src/main.rs" {
        // Its own root: `super` cannot leave it towards the library.
        depth_of_file = usize::MAX / 2;
    }
    // Inline modules that are open, by the depth of braces at which each closes.
    let (mut inline, mut braces) = (Vec::new(), 0_usize);
    let mut found = Vec::new();
    for i in 0..tokens.len() {
        match text(i) {
            "{" => {
                braces += 1;
                if i >= 2 && text(i - 2) == "mod" {
                    inline.push(braces);
                }
            }
            "}" => {
                if inline.last() == Some(&braces) {
                    inline.pop();
                }
                braces = braces.saturating_sub(1);
            }
            "crate" | "tallystick" if text(i + 1) == "::" && !continues_a_path(&tokens, i) => {
                first_segments(&tokens, i + 2, &mut found);
            }
            "super"
                if text(i + 1) == "::"
                    && (i < 1 || text(i - 1) != "::" || text_before_is_self(&tokens, i)) =>
            {
                let (mut climbs, mut next) = (1, i + 2);
                while text(next) == "super" && text(next + 1) == "::" {
                    climbs += 1;
                    next += 2;
                }
                if climbs == depth_of_file + inline.len() {
                    first_segments(&tokens, next, &mut found);
                }
            }
            _ => {}
        }
    }
    found
}

/// Whether the identifier at `i` is a later segment of a path, as `x` in `a::x` and in `a::{x}` is not told.
fn continues_a_path(tokens: &[Token], i: usize) -> bool {
    i > 0 && tokens[i - 1].text == "::"
}

fn text_before_is_self(tokens: &[Token], i: usize) -> bool {
    i > 1 && tokens[i - 2].text == "self"
}

/// Adds the segment at `i`, or each first segment of the group that begins there.
fn first_segments(tokens: &[Token], i: usize, found: &mut Vec<(String, usize)>) {
    let Some(first) = tokens.get(i) else { return };
    if first.text != "{" {
        found.push((first.text.clone(), first.line));
        return;
    }
    let mut depth = 0_usize;
    let mut expected = true;
    for token in &tokens[i..] {
        match token.text.as_str() {
            "{" => depth += 1,
            "}" => {
                depth -= 1;
                if depth == 0 {
                    return;
                }
            }
            "," => expected |= depth == 1,
            name if expected && depth == 1 => {
                found.push((name.to_owned(), token.line));
                expected = false;
            }
            _ => {}
        }
    }
}

/// Every use of a module that does not stand on a lower floor.
pub(crate) fn check_floors(file: &str, source: &str) -> Vec<String> {
    let Some(own) = module_path(file).first().copied() else { return Vec::new() };
    let Some(own_floor) = rules::floor_of(own) else {
        return vec![format!("{file}: module `{own}` has no floor in tests/tidy/rules.rs")];
    };
    used_modules(file, source)
        .into_iter()
        .filter(|(used, _)| used != own && used != "self")
        .filter(|(used, _)| !rules::SAME_FLOOR.iter().any(|(from, to, _)| *from == own && to == used))
        .filter_map(|(used, line)| match rules::floor_of(&used) {
            Some(floor) if floor < own_floor => None,
            Some(floor) => {
                Some(format!("{file}:{line}: `{own}` (floor {own_floor}) uses `{used}` (floor {floor})"))
            }
            None => Some(format!("{file}:{line}: `{used}` has no floor: name the module, not a re-export")),
        })
        .collect()
}

/// Every outside crate that is named elsewhere than at its door.
pub(crate) fn check_doors(file: &str, source: &str) -> Vec<String> {
    let inside = file.strip_prefix("src/").unwrap_or(file);
    let tokens = tokens(source);
    let mut found = Vec::new();
    for (i, token) in tokens.iter().enumerate() {
        let Some((name, doors)) = rules::DOORS.iter().find(|(name, _)| *name == token.text) else { continue };
        let next = tokens.get(i + 1).map_or("", |t| t.text.as_str());
        let before = i.checked_sub(1).map_or("", |b| tokens[b].text.as_str());
        let is_path = next == "::" && (before != "::" || i < 2 || !is_segment(&tokens[i - 2].text));
        let is_use = matches!(before, "use" | "crate") && matches!(next, ";" | "as");
        let allowed = doors.iter().any(|door| {
            inside == *door
                || inside.strip_prefix(door).is_some_and(|rest| rest.starts_with('/') || rest == ".rs")
        });
        if (is_path || is_use) && !allowed {
            found.push(format!(
                "{file}:{}: `{name}` may be named only in src/{}",
                token.line,
                doors.join(", src/")
            ));
        }
    }
    found
}

fn is_segment(text: &str) -> bool {
    text.chars().all(|c| c.is_alphanumeric() || c == '_') || text == ">"
}

/// Every `#[allow(…)]`, which `#[expect(…, reason = "…")]` replaces.
pub(crate) fn check_no_allow(file: &str, source: &str) -> Vec<String> {
    let tokens = tokens(source);
    tokens
        .windows(3)
        .filter(|w| matches!(w[0].text.as_str(), "[" | ",") && w[1].text == "allow" && w[2].text == "(")
        .map(|w| format!("{file}:{}: use #[expect(…, reason = \"…\")]", w[1].line))
        .collect()
}
