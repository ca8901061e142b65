//! The checks themselves, tried on planted violations: a rule that never fires keeps nothing.

use crate::paths::{check_doors, check_floors, check_no_allow, module_path, used_modules};
use crate::text::{
    check_length, check_name, check_no_key, check_no_machine_path, check_open_ends, check_top_level,
    check_words, unwanted_words,
};

fn names(file: &str, source: &str) -> Vec<String> {
    used_modules(file, source).into_iter().map(|(name, _)| name).collect()
}

#[test]
fn module_paths() {
    assert_eq!(module_path("src/node/asker.rs"), ["node", "asker"]);
    assert_eq!(module_path("src/node/mod.rs"), ["node"]);
    assert_eq!(module_path("src/daemon.rs"), ["daemon"]);
    assert_eq!(module_path("src/lib.rs"), [""; 0]);
    assert_eq!(module_path("src/main.rs"), ["main"]);
}

#[test]
fn every_form_of_path_is_seen() {
    assert_eq!(names("src/node/a.rs", "use crate::store::Store;"), ["store"]);
    assert_eq!(
        names("src/node/a.rs", "use crate::{store::{Store, Table}, log, wire::codec as c};"),
        ["store", "log", "wire"]
    );
    assert_eq!(names("src/node/a.rs", "use crate :: {\n    store,\n};"), ["store"]);
    assert_eq!(
        names("src/node/a.rs", "fn f() { let x = crate::daemon::run::<crate::api::Api>(); }"),
        ["daemon", "api"]
    );
    assert_eq!(names("src/node/a.rs", "macro_rules! m { () => { $crate::cli::x() } }"), ["cli"]);
    assert_eq!(names("src/node/a.rs", "pub(crate) fn f() {} pub(in crate::node) struct S;"), ["node"]);
    assert_eq!(names("src/main.rs", "fn main() { tallystick::cli::run() }"), ["cli"]);
}

#[test]
fn climbing_by_super_is_seen() {
    assert_eq!(names("src/node/a.rs", "use super::b;"), [""; 0]);
    assert_eq!(names("src/node/a.rs", "use super::super::daemon;"), ["daemon"]);
    assert_eq!(names("src/node/a.rs", "use self::super::super::daemon;"), ["daemon"]);
    assert_eq!(names("src/node/mod.rs", "use super::{daemon, api::Api};"), ["daemon", "api"]);
    assert_eq!(
        names("src/node/a.rs", "mod tests { use super::super::b; mod c { use super::super::super::d; } }"),
        [""; 0]
    );
    assert_eq!(names("src/node/a.rs", "mod tests { use super::super::super::cli; }"), ["cli"]);
    assert_eq!(names("src/node/a.rs", "mod x { fn f() {} }\nuse super::super::cli;"), ["cli"]);
    assert_eq!(names("src/daemon.rs", "use super::cli;"), ["cli"]);
}

#[test]
fn comments_and_literals_are_not_code() {
    let source = r##"
        // crate::cli
        /* crate::cli /* crate::cli */ crate::cli */
        const A: &str = "crate::cli \" crate::cli";
        const B: &str = r#"crate::cli " crate::cli"#;
        const C: &[u8] = b"crate::cli";
        const D: char = '"'; const E: char = '\''; const F: char = '\u{22}';
        fn f<'a>(x: &'a str) -> &'a str { x }
        use crate::clock;
    "##;
    assert_eq!(used_modules("src/node/a.rs", source), [("clock".to_owned(), 9)]);
}

#[test]
fn a_climb_to_a_higher_floor_is_refused() {
    for source in
        ["use crate::daemon;", "use crate::{clock, cli::x};", "use super::super::api;", "crate::words::f()"]
    {
        assert_eq!(check_floors("src/node/a.rs", source).len(), 1, "{source}");
    }
    // The same floor, another module.
    assert_eq!(check_floors("src/log/mod.rs", "use crate::feed::Feed;").len(), 1);
    // Itself, and below.
    assert_eq!(check_floors("src/log/mod.rs", "use crate::log::leaf; use crate::store::Store;"), [""; 0]);
    // Unknown modules and re-exports at the root.
    assert_eq!(check_floors("src/log/mod.rs", "use crate::Store;").len(), 1);
    assert_eq!(check_floors("src/extra.rs", "").len(), 1);
    assert_eq!(check_floors("src/lib.rs", "pub mod daemon;"), [""; 0]);
}

#[test]
fn a_second_door_is_refused() {
    for (file, source) in [
        ("src/log/mod.rs", "use rocksdb::DB;"),
        ("src/log/mod.rs", "fn f(db: &rocksdb::DB) {}"),
        ("src/log/mod.rs", "fn f(db: &::rocksdb::DB) {}"),
        ("src/log/mod.rs", "use rocksdb as r;"),
        ("src/log/mod.rs", "use {std::fs, rocksdb::DB};"),
        ("src/wire/mod.rs", "use bincode::Encode;"),
        ("src/wire/codecs.rs", "use bincode::Encode;"),
        ("src/storefront.rs", "use rocksdb::DB;"),
        ("src/node/mod.rs", "use tokio_rustls::TlsAcceptor;"),
    ] {
        assert_eq!(check_doors(file, source).len(), 1, "{file}: {source}");
    }
    for (file, source) in [
        ("src/store/rocks.rs", "use rocksdb::DB;"),
        ("src/wire/codec.rs", "use bincode::serde::encode_to_vec;"),
        ("src/wire/codec/bound.rs", "use bincode::serde::encode_to_vec;"),
        ("src/log/mod.rs", "let age = person.age; fn age() {} // rocksdb::DB"),
        ("src/node/mod.rs", "use crate::formats::csv::read;"),
        ("src/main.rs", "use clap::Parser;"),
    ] {
        assert_eq!(check_doors(file, source), [""; 0], "{file}: {source}");
    }
}

#[test]
fn other_planted_violations_are_found() {
    assert_eq!(check_length("src/a.rs", &"x\n".repeat(501)).len(), 1);
    assert_eq!(check_length("src/a.rs", &"x\n".repeat(500)), [""; 0]);
    for name in ["src/utils.rs", "src/node/common.rs", "tests/helpers/mod.rs"] {
        assert_eq!(check_name(name).len(), 1, "{name}");
    }
    assert_eq!(check_name("src/commonality.rs"), [""; 0]);
    for source in ["#[allow(dead_code)]", "#![allow(clippy::all)]", "#[cfg_attr(test, allow(unused))]"] {
        assert_eq!(check_no_allow("src/a.rs", source).len(), 1, "{source}");
    }
    assert_eq!(check_no_allow("src/a.rs", "fn f() { allow(3); } // #[allow(x)]"), [""; 0]);

    let mark = concat!("TO", "DO");
    for open in [format!("// {mark}"), format!("// {mark} later"), format!("// {mark}: later")] {
        assert_eq!(check_open_ends("src/a.rs", &open).len(), 1, "{open}");
    }
    assert_eq!(check_open_ends("src/a.rs", &format!("// {mark}: waits for the roster's version 2")), [""; 0]);
    assert_eq!(check_open_ends("src/a.rs", "let dpd = \"XXX\"; // XXX is not reported"), [""; 0]);

    let key = concat!("-----BE", "GIN EC PRIV", "ATE KEY-----");
    assert_eq!(check_no_key("tests/a.pem", key).len(), 1);
    assert_eq!(check_no_key("tests/a.pem", concat!("-----BE", "GIN CERTIFICATE-----")), [""; 0]);
    let identity = format!("{}{}", concat!("AGE-SECRET", "-KEY-1"), "Q".repeat(58));
    assert_eq!(check_no_key("tests/a.txt", &identity).len(), 1);

    let path = concat!("/ho", "me/me/tally");
    assert_eq!(check_no_machine_path("docs/a.md", &format!("see {path}")).len(), 1);
    assert_eq!(check_no_machine_path("docs/a.md", &format!("see {path} and {path}")).len(), 1);
    assert_eq!(check_no_machine_path("docs/a.md", &format!("https://example.org{path} $X{path}")), [""; 0]);

    assert!(check_top_level("notes.txt").is_some());
    assert!(check_top_level("src/a.rs").is_none());
    assert!(check_top_level(".ci/run").is_none());
}

#[test]
fn words_are_read_from_the_table_and_found() {
    let terms = "## Words not used\n\n| not | but | why |\n|---|---|---|\n| foo bar, baz | qux | x |\n\n## Next\n| no | no | |\n";
    let words = unwanted_words(terms);
    assert_eq!(words.iter().map(|w| w.word.as_str()).collect::<Vec<_>>(), ["foo bar", "baz"]);
    for line in ["a Foo Bar here", "let foo_bar = 1;", "struct FooBar;", "foo-bar", "Baz."] {
        assert_eq!(check_words(&words, "docs/a.md", line).len(), 1, "{line}");
    }
    assert_eq!(check_words(&words, "docs/a.md", "foo barn, bazaar, foobar, Foobar"), [""; 0]);
    assert_eq!(check_words(&words, "src/formats/cdf.rs", "baz"), [""; 0]);
}
