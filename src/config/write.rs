//! The configuration file of a new node, and the one line that is written into it later.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::{Config, ConfigError, HostPort};
use crate::model::member::{MemberId, NetworkId};
use crate::signing::VerifyKey;

/// What the configuration of a new node says.
#[derive(Clone, Debug)]
pub struct NewNode {
    /// The network.
    pub network: NetworkId,
    /// The member.
    pub member: MemberId,
    /// Where it listens, if it does.
    pub listen: Option<HostPort>,
    /// The key file that unlocks its keys, as it shall stand in the file.
    pub key_file: Option<PathBuf>,
    /// The passphrase file that unlocks its keys, as it shall stand in the file.
    pub passphrase_file: Option<PathBuf>,
}

impl NewNode {
    /// The text of its `node.toml`.
    pub fn to_toml(&self) -> String {
        let mut text = String::from(
            "# Configuration of one node. Paths are relative to this file's folder.\n\
             # Every key, with its meaning, stands in config/node.toml of the program's source.\n\n",
        );
        let mut line = |key: &str, value: &str| {
            let _ = writeln!(text, "{key} = {}", toml::Value::String(value.to_owned()));
        };
        line("network", self.network.as_str());
        line("member", self.member.as_str());
        line("data", "data");
        match &self.listen {
            Some(listen) => line("listen", &listen.to_string()),
            None => text.push_str("# listen = \"0.0.0.0:7443\"   # without it this node only dials\n"),
        }
        let mut path = |key: &str, value: &Path| {
            let _ = writeln!(text, "{key} = {}", toml::Value::String(value.to_string_lossy().into_owned()));
        };
        path("keys", Path::new("keys.age"));
        match (&self.key_file, &self.passphrase_file) {
            (Some(file), _) => path("key_file", file),
            (None, Some(file)) => path("passphrase_file", file),
            (None, None) => {
                text.push_str("# key_file or passphrase_file; without either the passphrase is asked for\n");
            }
        }
        text.push_str("certificate = \"certificate.pem\"\nroster = \"roster.json\"\n");
        text.push_str("\n[journal]\nlevel = \"info\"\n");
        text
    }
}

/// Writes the operator key into the text of a configuration file, in place of what stood there, and leaves all
/// other lines as they are. What comes out was parsed again and says what was meant.
///
/// Errors: those of [`Config::parse`], when `text` is not the configuration that it should be.
pub fn pin_operator_key(text: &str, path: &Path, key: &VerifyKey) -> Result<String, ConfigError> {
    let value = toml::Value::try_from(key)
        .map_err(|e| ConfigError::Form { path: path.to_owned(), problem: e.to_string() })?;
    let pin = format!("operator_key = {value}");
    let is_key = |line: &str| {
        let rest = line.trim_start().strip_prefix("operator_key");
        rest.is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    let mut lines: Vec<&str> = text.lines().collect();
    let tables = lines.iter().position(|line| line.trim_start().starts_with('[')).unwrap_or(lines.len());
    if let Some(place) = lines[..tables].iter().position(|line| is_key(line)) {
        lines[place] = &pin;
    } else {
        // After the last line that says something, so that the blank line before a table stays there.
        let said = |line: &&str| !line.trim().is_empty();
        let place = lines[..tables].iter().rposition(said).map_or(0, |last| last + 1);
        lines.insert(place, &pin);
    }
    let written = lines.join("\n") + "\n";
    let parsed = Config::parse(&written, path)?;
    if parsed.operator_key.as_ref() == Some(key) {
        Ok(written)
    } else {
        // A multi-line string that only looked like keys, or the like.
        let problem = format!("write this line into it by hand, above the first table: {pin}");
        Err(ConfigError::Form { path: path.to_owned(), problem })
    }
}
