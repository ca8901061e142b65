//! What a file of texts holds: which texts, what each is given, and what is wrong with it, by line.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use fluent_bundle::FluentResource;
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

use super::built_in::{BUILT_IN, FALLBACK};

/// One text, as far as others must agree with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Text {
    /// The line on which it begins, from 1.
    pub(super) line: usize,
    /// What it is given: the names of its variables.
    pub(super) variables: BTreeSet<String>,
    /// Other texts and terms that it contains; terms with their dash.
    pub(super) contains: BTreeSet<String>,
    /// What no text may have here.
    pub(super) faults: Vec<&'static str>,
}

/// Something wrong in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file, as it was named.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, in words.
    pub what: String,
}

/// A file that was read.
pub(super) struct Read {
    pub(super) resource: Arc<FluentResource>,
    /// Texts and terms (`-name`) by name.
    pub(super) texts: BTreeMap<String, Text>,
    pub(super) faults: Vec<Fault>,
}

/// Reads a file; what cannot be read is among the faults.
pub(super) fn read(file: &str, source: &str) -> Read {
    let fault = |line, what: String| Fault { file: file.to_owned(), line, what };
    let mut faults = Vec::new();
    let resource = match FluentResource::try_new(source.to_owned()) {
        Ok(resource) => resource,
        Err((resource, errors)) => {
            faults.extend(errors.iter().map(|error| {
                let line = line_of(source, error.pos.start);
                fault(line, format!("not in Fluent's form: {}", error.kind))
            }));
            resource
        }
    };
    let mut texts = BTreeMap::new();
    let mut from = 0;
    for entry in resource.entries() {
        let (name, pattern, attributes) = match entry {
            Entry::Message(message) => {
                (message.id.name.to_owned(), message.value.as_ref(), &message.attributes)
            }
            Entry::Term(term) => (format!("-{}", term.id.name), Some(&term.value), &term.attributes),
            _ => continue,
        };
        from = line_of_name(source, &name, from + 1);
        let mut text = Text { line: from, ..Text::default() };
        if let Some(pattern) = pattern {
            look(pattern, &mut text);
        } else {
            text.faults.push("has no text");
        }
        if !attributes.is_empty() {
            text.faults.push("has attributes, which nothing reads");
        }
        faults.extend(text.faults.iter().map(|what| fault(text.line, format!("{name} {what}"))));
        if texts.contains_key(&name) {
            faults.push(fault(text.line, format!("{name} stands here twice")));
        }
        texts.insert(name, text);
    }
    Read { resource: Arc::new(resource), texts, faults }
}

/// Every text of the fallback language.
pub(super) fn reference() -> &'static BTreeMap<String, Text> {
    static REFERENCE: LazyLock<BTreeMap<String, Text>> = LazyLock::new(|| {
        let files = BUILT_IN.iter().filter(|(tag, _)| *tag == FALLBACK).flat_map(|(_, files)| files.iter());
        files.flat_map(|file| read(file.name, file.text).texts).collect()
    });
    &REFERENCE
}

/// What a file of another language says that the fallback does not, or says otherwise. `also` are the names that the
/// language has in other files.
pub(super) fn disagreements(file: &str, read: &Read, also: &BTreeSet<String>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (name, text) in &read.texts {
        let mut fault = |what| faults.push(Fault { file: file.to_owned(), line: text.line, what });
        for contained in &text.contains {
            if !read.texts.contains_key(contained) && !also.contains(contained) {
                fault(format!("{name} contains {contained}, which is not there"));
            }
        }
        if name.starts_with('-') {
            continue;
        }
        let Some(reference) = reference().get(name) else {
            fault(format!("there is no text {name}{}", nearest(name)));
            continue;
        };
        for variable in reference.variables.difference(&text.variables) {
            fault(format!("{name} leaves out ${variable}"));
        }
        for variable in text.variables.difference(&reference.variables) {
            fault(format!("{name} is not given ${variable}"));
        }
    }
    faults
}

/// A known name like the misspelt one, in words.
fn nearest(name: &str) -> String {
    let like = reference().keys().map(|known| (strsim::jaro_winkler(name, known), known));
    let best = like.max_by(|(a, _), (b, _)| a.total_cmp(b));
    best.filter(|(likeness, _)| *likeness > 0.9)
        .map_or_else(String::new, |(_, known)| format!("; is {known} meant?"))
}

fn look(pattern: &Pattern<&str>, text: &mut Text) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            look_into(expression, text);
        }
    }
}

fn look_into(expression: &Expression<&str>, text: &mut Text) {
    let inline = match expression {
        Expression::Inline(inline) => inline,
        Expression::Select { selector, variants } => {
            for variant in variants {
                look(&variant.value, text);
            }
            selector
        }
    };
    match inline {
        InlineExpression::VariableReference { id } => {
            text.variables.insert(id.name.to_owned());
        }
        InlineExpression::MessageReference { id, attribute } => {
            text.contains.insert(id.name.to_owned());
            if attribute.is_some() {
                text.faults.push("contains an attribute, and no text has one");
            }
        }
        InlineExpression::TermReference { id, .. } => {
            text.contains.insert(format!("-{}", id.name));
        }
        InlineExpression::FunctionReference { .. } => {
            text.faults.push("calls a function; figures are given in the form of the language already");
        }
        InlineExpression::Placeable { expression } => look_into(expression, text),
        InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
    }
}

fn line_of(source: &str, position: usize) -> usize {
    source.bytes().take(position).filter(|b| *b == b'\n').count() + 1
}

/// The first line, at or after `from`, that defines `name`; `from` where none does.
fn line_of_name(source: &str, name: &str, from: usize) -> usize {
    let defines = |line: &str| line.strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with('='));
    let lines = source.lines().enumerate().skip(from - 1);
    lines.filter(|(_, line)| defines(line)).map(|(index, _)| index + 1).next().unwrap_or(from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(source: &str) -> Vec<String> {
        let read = read("xx.ftl", source);
        let mut faults = read.faults.clone();
        faults.extend(disagreements("xx.ftl", &read, &BTreeSet::new()));
        faults.into_iter().map(|fault| format!("{}: {}", fault.line, fault.what)).collect()
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        for (source, fault) in [
            ("# good\ncommon-yes = oui\n", None),
            (
                "common-yes = oui\ncommon-yess = oui\n",
                Some("2: there is no text common-yess; is common-yes meant?"),
            ),
            ("\n\ncommon-money = { $amount }\n", Some("3: common-money leaves out $currency")),
            ("common-yes = { $x }\n", Some("1: common-yes is not given $x")),
            ("common-yes = { -sure }\n", Some("1: common-yes contains -sure, which is not there")),
            ("-sure = oui\ncommon-yes = { -sure }\n", None),
            ("common-yes = oui\ncommon-yes = si\n", Some("2: common-yes stands here twice")),
            ("common-yes =\n    .title = oui\n", Some("1: common-yes has no text")),
            ("common-yes = { NUMBER(1) }\n", Some("1: common-yes calls a function")),
        ] {
            let found = faults(source);
            match fault {
                None => assert!(found.is_empty(), "{found:?}"),
                Some(fault) => assert!(found.iter().any(|f| f.starts_with(fault)), "{fault}: {found:?}"),
            }
        }
        let broken = faults("common-yes = oui\n\ncommon-no oui\n");
        assert!(broken[0].starts_with("3: not in Fluent's form"), "{broken:?}");
    }

    #[test]
    fn variables_count_wherever_they_stand() {
        let read = read("", "a = { $n ->\n    [one] { $x }\n   *[other] { { $y } }\n }\n");
        let names: Vec<&str> = read.texts["a"].variables.iter().map(String::as_str).collect();
        assert_eq!(names, ["n", "x", "y"]);
    }
}
