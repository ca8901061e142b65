//! The rules as data. A change here is a decision: it goes with its reason into `docs/ARCHITECTURE.md`.

/// A module may use modules of lower floors, and itself.
pub(crate) const FLOORS: &[(u8, &[&str])] = &[
    (0, &["limits", "clock", "digest", "secret"]),
    (1, &["model", "signing"]),
    (2, &["threshold", "merkle", "policy", "formats", "roster", "feed_state", "market"]),
    (3, &["wire", "audit", "receipt"]),
    (4, &["store", "transport", "keyring", "ca"]),
    (5, &["log", "feed", "book", "people"]),
    (6, &["node", "backup"]),
    (7, &["words", "config", "http"]),
    (8, &["api", "console", "bureau"]),
    (9, &["daemon"]),
    (10, &["cli"]),
    (11, &["main"]),
];

/// The floor of a module of the library, or of `main`.
pub(crate) fn floor_of(module: &str) -> Option<u8> {
    FLOORS.iter().find(|(_, modules)| modules.contains(&module)).map(|(floor, _)| *floor)
}

/// (module, module of the same floor, reason): arrows that stay on one floor.
pub(crate) const SAME_FLOOR: &[(&str, &str, &str)] =
    &[("digest", "secret", "salts and random identifiers are drawn from the Entropy that secret.rs defines")];

/// An outside crate, as code names it, and where alone it may be named (files and directories of `src/`).
pub(crate) const DOORS: &[(&str, &[&str])] = &[
    ("rocksdb", &["store"]),
    // Tests of types that lie below the codec look at their form in it.
    ("bincode", &["wire/codec", "model/identifier/tests.rs", "signing/tests.rs"]),
    ("rustls", &["transport"]),
    ("tokio_rustls", &["transport"]),
    ("webpki", &["ca", "transport"]),
    ("rustls_pki_types", &["ca", "transport"]),
    // `ca` and `transport` stand on one floor; what both must read alike lies below them.
    ("x509_parser", &["ca", "transport", "model/node_identity.rs"]),
    ("rcgen", &["ca", "transport"]),
    ("axum", &["http", "api", "console", "bureau"]),
    ("sd_notify", &["daemon"]),
    ("askama", &["api", "console"]),
    ("clap", &["cli", "main.rs"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("indicatif", &["cli"]),
    ("rpassword", &["cli"]),
    ("age", &["keyring"]),
    ("tar", &["backup"]),
    ("prometheus_client", &["api"]),
    ("argon2", &["people"]),
    ("totp_rs", &["people"]),
    // Signing refuses public keys of small order, which ring does not.
    ("curve25519_dalek", &["threshold", "signing"]),
    ("calamine", &["formats"]),
    ("qrcode", &["words"]),
    ("fluent_bundle", &["words"]),
    ("fluent_syntax", &["words"]),
    ("intl_memoizer", &["words"]),
    ("unic_langid", &["words"]),
    ("icu_calendar", &["words"]),
    ("icu_datetime", &["words"]),
    ("icu_decimal", &["words"]),
    ("icu_locale_core", &["words"]),
    ("unicode_width", &["words"]),
    ("csv", &["formats", "cli", "model/identifier/tests.rs"]),
    // A development dependency, for cross-checks in tests.
    ("voprf", &["threshold"]),
    // Typed errors below, so that a caller can tell them apart.
    ("anyhow", &["api", "console", "daemon", "cli", "main.rs"]),
];

/// Lines of a source file, tests included.
pub(crate) const SOURCE_LINES_MAX: usize = 500;

/// (file, lines allowed, reason).
pub(crate) const LENGTH_EXCEPTIONS: &[(&str, usize, &str)] = &[];

/// Samples under `config/` that a test reads by the directory: what their names begin with, and the test.
pub(crate) const SAMPLES_READ: &[(&str, &str)] = &[("policy", "tests/policy_presets.rs")];

/// File and directory names that say nothing about what is inside.
pub(crate) const EMPTY_NAMES: &[&str] = &["utils", "util", "common", "manager", "helpers", "helper", "misc"];

/// What may stand at the top, besides names that begin with a dot.
pub(crate) const TOP_LEVEL: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    "askama.toml",
    "rustfmt.toml",
    "src",
    "certs",
    "config",
    "tests",
    "benches",
    "fuzz",
    "docs",
    "packaging",
    "README.md",
    "CHANGELOG.md",
    "LICENSE",
];

/// Beginnings of paths that exist on one machine only. Split, so that this file does not hold them.
pub(crate) const MACHINE_PATHS: &[&str] = &[
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
    concat!("/wo", "rk/"),
    concat!("C:", "\\Users"),
];

/// Words that mark something left open; each needs its reason on the same line.
pub(crate) const OPEN_ENDS: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME")];

/// Foreign names keep their spelling where foreign formats are read, quoted or tested.
pub(crate) const FOREIGN_NAMES: &[&str] =
    &["src/formats/", "tests/fixtures/", "tests/vectors/", "docs/TERMS.md"];
