//! The independent library: joserfc (Python), in an environment of its own beside the build's products.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The version that is verified with.
const LIBRARY: &str = "joserfc==1.8.0";

/// The payload of a token that the library accepts under a key (base64); none where it refuses.
pub(crate) fn verify(token: &str, key: &str) -> Option<serde_json::Value> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/receipt/verify.py");
    let mut command = Command::new(python());
    command.arg(script).arg(key).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(token.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    match output.status.code() {
        Some(0) => Some(serde_json::from_slice(&output.stdout).unwrap()),
        // A fault of the script is no refusal.
        Some(1) if said.contains("refused: ") => None,
        code => panic!("{script} ended with {code:?}: {said}"),
    }
}

/// The interpreter that has the library: the one named by TALLY_JOSE_PYTHON, or one in an environment that is made once.
fn python() -> &'static Path {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| {
        if let Some(given) = std::env::var_os("TALLY_JOSE_PYTHON") {
            return given.into();
        }
        let environment = Path::new(env!("CARGO_TARGET_TMPDIR")).join("jose");
        let python = environment.join("bin/python");
        if !has_library(&python) {
            run(Command::new("python3").args(["-m", "venv"]).arg(&environment));
            run(Command::new(&python).args(["-m", "pip", "install", "--quiet", LIBRARY]));
        }
        python
    })
}

fn has_library(python: &Path) -> bool {
    let mut command = Command::new(python);
    command.args(["-c", "import joserfc"]).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn run(command: &mut Command) {
    let way_out = "these tests need Python 3 with venv, and once the package index; without them set \
                   TALLY_JOSE_PYTHON to an interpreter that has joserfc";
    match command.output() {
        Ok(output) if output.status.success() => {}
        Ok(output) => panic!("{way_out}\n{}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => panic!("{way_out}\n{error}"),
    }
}
