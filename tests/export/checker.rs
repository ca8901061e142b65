//! The Go program, built once, and its verdict.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Where Debian's package golang-golang-x-mod-dev puts the packages that the program is made of.
const PACKAGES: &str = "/usr/share/gocode";
const WAY_OUT: &str = "Go and its package golang.org/x/mod are needed: run the tests through packaging/dev, which \
                       installs golang-go and golang-golang-x-mod-dev, or put x/mod into your GOPATH";

/// Builds the program.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tlog");
        std::fs::create_dir_all(&folder).unwrap();
        let program = folder.join("tlog");
        let own = std::env::var("GOPATH").unwrap_or_default();
        let built = Command::new("go")
            .args(["build", "-o"])
            .arg(&program)
            .arg("./tests/tlog")
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .env("GO111MODULE", "off")
            .env("GOFLAGS", "")
            .env("GOPATH", format!("{PACKAGES}:{own}"))
            .env("GOCACHE", folder.join("cache"))
            .output()
            .unwrap_or_else(|error| panic!("go cannot be run: {error}. {WAY_OUT}"));
        let said = String::from_utf8_lossy(&built.stderr);
        assert!(built.status.success(), "tests/tlog does not build:\n{said}\n{WAY_OUT}");
        program
    })
}

/// What is asked of a log.
#[derive(Clone, Debug, Default)]
pub(crate) struct Check {
    /// The log's verifier key.
    pub(crate) log: String,
    /// The witnesses'.
    pub(crate) cosigners: Vec<String>,
    /// Cosignatures that the checkpoint must have.
    pub(crate) cosigned: usize,
    /// Cosignatures that the quorum must have.
    pub(crate) quorum: usize,
    /// Earlier checkpoints.
    pub(crate) olds: Vec<PathBuf>,
}

impl Check {
    /// The program's verdict on a folder, or on what is served under a URL: what it has read, or what is wrong.
    pub(crate) fn verdict(&self, wherever: impl AsRef<std::ffi::OsStr>) -> Result<String, String> {
        let mut command = Command::new(program());
        command.args(["-log", &self.log]);
        for key in &self.cosigners {
            command.args(["-cosigner", key]);
        }
        command.args(["-cosigned", &self.cosigned.to_string(), "-quorum", &self.quorum.to_string()]);
        for old in &self.olds {
            command.arg("-old").arg(old);
        }
        let done = command.arg(wherever).output().unwrap();
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        match done.status.code() {
            Some(0) => Ok(said),
            // In its own words: whatever else ends with this code is no verdict.
            Some(1) if said.starts_with("REJECTED: ") => Err(said),
            _ => panic!("{command:?}: {}\n{said}{}", done.status, String::from_utf8_lossy(&done.stderr)),
        }
    }
}
