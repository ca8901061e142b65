//! The configuration of a node: one TOML file, checked whole before anything starts.
//!
//! [`Config`] is the manual: every key of the file is a field with its meaning, unit and default. `config/node.toml`
//! is a sample with every key. Unknown keys are refused, with the nearest known one named.

mod address;
mod keys;
mod write;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use serde::Deserialize;

pub use address::{HostPort, HostPortError};
pub use write::{NewNode, pin_operator_key};

use crate::limits;
use crate::model::identifier::SchemeId;
use crate::model::member::{MemberId, NetworkId};
use crate::signing::VerifyKey;
use crate::transport;

/// What is wrong with a configuration. Its author is at fault; it holds no secret, so the messages quote it.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// No such file.
    #[error(
        "{}: there is no such configuration; `tally member init` makes one, --config FILE or TALLY_CONFIG names one",
        path.display()
    )]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// The operating system refused, or the file is too long or not text.
    #[error("{}: cannot be read: {problem}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// Not TOML, a missing key, or a value of the wrong kind.
    #[error("{}: {problem}", path.display())]
    Form {
        /// The file.
        path: PathBuf,
        /// Line, key and problem.
        problem: String,
    },
    /// A key that does not exist.
    #[error("{}: there is no key `{key}`{}", path.display(), suggestion(nearest.as_deref()))]
    UnknownKey {
        /// The file.
        path: PathBuf,
        /// The key, with its table.
        key: String,
        /// The nearest known key, if one is near.
        nearest: Option<String>,
    },
    /// A key holds a value that cannot stand.
    #[error("{}: key `{key}`: {problem}", path.display())]
    Key {
        /// The file.
        path: PathBuf,
        /// The key.
        key: &'static str,
        /// What is wrong and the way out.
        problem: String,
    },
    /// An environment variable holds a value that cannot stand.
    #[error("environment variable {name}: {problem}")]
    Environment {
        /// The variable.
        name: &'static str,
        /// What is wrong.
        problem: String,
    },
    /// The member's bundle was not installed yet.
    #[error(
        "{}: key `operator_key` is missing: this node is not admitted yet; run: tally member install BUNDLE",
        path.display()
    )]
    NotInstalled {
        /// The file.
        path: PathBuf,
    },
}

fn suggestion(nearest: Option<&str>) -> String {
    nearest.map(|key| format!("; did you mean `{key}`?")).unwrap_or_default()
}

/// How the journal is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JournalFormat {
    /// JSON where standard error goes to the journal of systemd, which a collector reads; text elsewhere.
    #[default]
    Auto,
    /// One line for people.
    Text,
    /// One JSON object a line.
    Json,
}

/// `[journal]`: the program's messages about itself, on standard error. No personal data is in them at any level.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct JournalConfig {
    /// `"auto"`, `"text"` or `"json"`; auto is JSON under systemd and text elsewhere. Default: auto.
    pub format: JournalFormat,
    /// What is written: `"error"`, `"warn"`, `"info"`, `"debug"` or `"trace"`, or a filter by module such as
    /// `"info,tallystick::transport=debug"`. The variable TALLY_LOG goes before it. Default: info.
    pub level: String,
}

impl Default for JournalConfig {
    fn default() -> Self {
        Self { format: JournalFormat::Auto, level: "info".to_owned() }
    }
}

/// `[limits]`: bounds of this node, to be lowered on a small machine. None can be raised above its default.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsConfig {
    /// Connections accepted at once. 1 to 512; default 512.
    pub connections_max: usize,
    /// Connections accepted at once from one IPv4 address or IPv6 /64. 1 to 64; default 64.
    pub connections_per_address_max: usize,
    /// Seconds that open connections get after a stop was asked for. 0 to 10; default 10.
    pub drain_seconds: u64,
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            connections_max: limits::CONNECTIONS_MAX,
            connections_per_address_max: limits::CONNECTIONS_PER_ADDRESS_MAX,
            drain_seconds: limits::DRAIN_SECONDS_MAX,
        }
    }
}

/// `[log]`: who may read this node's consent log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogConfig {
    /// `host:port` on which checkpoint, tiles and entries are served to anybody who reaches it, over plain HTTP: for
    /// auditors and other clients of C2SP tlog-tiles, under the path `/log`. No leaf holds personal data, but the leaves
    /// tell whom this member asks and how often. Default: not served.
    pub listen: Option<HostPort>,
}

/// `[web]`: the console in a browser and the HTTP API for other systems, under one address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WebConfig {
    /// `host:port` to listen on. Default: neither console nor API are served but on the local socket.
    pub listen: Option<HostPort>,
    /// Certificate chain for browsers, PEM. It is read again every hour. Default: the node makes one of its own for
    /// `listen`'s host, `names`, and localhost, of which browsers warn.
    pub certificate: Option<PathBuf>,
    /// Its private key, PEM.
    pub key: Option<PathBuf>,
    /// Host names under which browsers reach the node, for the certificate that it makes of its own.
    pub names: Vec<String>,
    /// Plain HTTP in place of TLS: for `listen` on an address of this machine alone, behind a proxy that speaks TLS.
    /// Default: false.
    pub plain: bool,
}

/// `[metrics]`: how the node is, for a monitoring system.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MetricsConfig {
    /// `host:port` on which `/metrics` (Prometheus), `/livez` and `/readyz` are served over plain HTTP. An address of this
    /// machine alone. Default: not served; `/livez` and `/readyz` stand on `[web] listen` as well.
    pub listen: Option<HostPort>,
}

/// `[texts]`: languages besides those that the program carries.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TextsConfig {
    /// A folder with Fluent files, `TAG.ftl` or `TAG/*.ftl`: texts of one more language, or that correct some of one
    /// that there is. Default: none.
    pub folder: Option<PathBuf>,
}

/// `[fineract]`: an unmodified Apache Fineract on this machine asks this node as its credit bureau. `docs/FINERACT.md` says
/// what to enter there.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FineractConfig {
    /// `host:port` on which Fineract asks, over plain HTTP: a loopback address of this machine, and no other.
    pub listen: HostPort,
    /// File with the four secrets that Fineract shows, mode 0600: TOML with `user_name`, `password`, `subscription_key` and
    /// `subscription_id`.
    pub credentials: PathBuf,
    /// Scheme of the numbers that Fineract asks for, as `"mm-nrc"`. Default: every strong scheme that the policy accepts.
    pub scheme: Option<SchemeId>,
    /// Code of the purpose of its questions; only consents for it are used. Default: loan-application.
    #[serde(default = "default_purpose")]
    pub purpose: String,
}

fn default_purpose() -> String {
    "loan-application".to_owned()
}

/// The configuration of one node, key by key. Paths in the file are relative to the file's folder; here they are
/// joined to it already.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Short name of the network, as its operator gave it.
    pub network: NetworkId,
    /// Short name of this member in the network.
    pub member: MemberId,
    /// Folder of the node's store and socket; made when it is missing. The variable TALLY_DATA goes before it,
    /// relative to the current folder. Default: `data`.
    #[serde(default = "default_data")]
    pub data: PathBuf,
    /// `host:port` to listen on for peers. Without it the node only dials, which is enough behind a router. The
    /// variable TALLY_LISTEN goes before it.
    pub listen: Option<HostPort>,
    /// The locked file of this node's private keys. Default: `keys.age`.
    #[serde(default = "default_keys")]
    pub keys: PathBuf,
    /// The key file that unlocks `keys`: an age identity, mode 0600, on another disk than `data`.
    pub key_file: Option<PathBuf>,
    /// A file with the passphrase that unlocks `keys`, mode 0600. With neither this nor `key_file` the
    /// passphrase is asked for. The variable TALLY_PASSPHRASE_FILE goes before both.
    pub passphrase_file: Option<PathBuf>,
    /// This node's certificate, PEM; `tally member install` puts it there. Default: `certificate.pem`.
    #[serde(default = "default_certificate")]
    pub certificate: PathBuf,
    /// The signed roster; `tally member install` puts it there. Default: `roster.json`.
    #[serde(default = "default_roster")]
    pub roster: PathBuf,
    /// The key that verifies the operator's roster, base64; `tally member install` writes it, once its
    /// fingerprint was compared. Nothing signed by another key is followed.
    pub operator_key: Option<VerifyKey>,
    /// MiB of the store's cache. 8 to 65,536; default 256.
    #[serde(default = "default_cache_mib")]
    pub cache_mib: u32,
    /// `[journal]`.
    #[serde(default)]
    pub journal: JournalConfig,
    /// `[limits]`.
    #[serde(default)]
    pub limits: LimitsConfig,
    /// `[log]`.
    #[serde(default)]
    pub log: LogConfig,
    /// `[web]`.
    #[serde(default)]
    pub web: WebConfig,
    /// `[metrics]`.
    #[serde(default)]
    pub metrics: MetricsConfig,
    /// `[texts]`.
    #[serde(default)]
    pub texts: TextsConfig,
    /// `[fineract]`. Default: nobody asks that way.
    pub fineract: Option<FineractConfig>,
    /// The file that this was read from.
    #[serde(skip)]
    path: PathBuf,
}

fn default_data() -> PathBuf {
    "data".into()
}

fn default_keys() -> PathBuf {
    "keys.age".into()
}

fn default_certificate() -> PathBuf {
    "certificate.pem".into()
}

fn default_roster() -> PathBuf {
    "roster.json".into()
}

fn default_cache_mib() -> u32 {
    limits::STORE_CACHE_MIB_DEFAULT
}

impl Config {
    /// Reads `path` and the environment (TALLY_LISTEN, TALLY_DATA, TALLY_LOG).
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        Self::load_with(path, &|name| std::env::var(name).ok())
    }

    /// The same with another environment: what `variable` gives for a name.
    pub fn load_with(path: &Path, variable: &dyn Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let text = read(path)?;
        let mut config = Self::parse(&text, path)?;
        config.take_environment(variable)?;
        Ok(config)
    }

    /// Reads the text of the file `path`, without environment.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        let form = |e: toml::de::Error| ConfigError::Form { path: path.to_owned(), problem: e.to_string() };
        let table: toml::Table = text.parse().map_err(form)?;
        if let Some(unknown) = keys::first_unknown(&table) {
            let (key, nearest) = unknown;
            return Err(ConfigError::UnknownKey { path: path.to_owned(), key, nearest });
        }
        let mut config: Self = toml::from_str(text).map_err(form)?;
        path.clone_into(&mut config.path);
        config.check()?;
        config.join_paths();
        Ok(config)
    }

    fn check(&self) -> Result<(), ConfigError> {
        let wrong = |key, problem: String| Err(ConfigError::Key { path: self.path.clone(), key, problem });
        if self.key_file.is_some() && self.passphrase_file.is_some() {
            return wrong(
                "key_file",
                "stands beside `passphrase_file`; keep the one that locks `keys`".into(),
            );
        }
        let within = |key, value: u64, least: u64, most: u64| {
            if (least..=most).contains(&value) {
                Ok(())
            } else {
                wrong(key, format!("{value} is not between {least} and {most}"))
            }
        };
        let (least, most) = (u64::from(limits::CACHE_MIB_MIN), u64::from(limits::CACHE_MIB_MAX));
        within("cache_mib", self.cache_mib.into(), least, most)?;
        let most = limits::CONNECTIONS_MAX as u64;
        within("limits.connections_max", self.limits.connections_max as u64, 1, most)?;
        let most = limits::CONNECTIONS_PER_ADDRESS_MAX as u64;
        let asked = self.limits.connections_per_address_max as u64;
        within("limits.connections_per_address_max", asked, 1, most)?;
        within("limits.drain_seconds", self.limits.drain_seconds, 0, limits::DRAIN_SECONDS_MAX)?;
        if self.web.certificate.is_some() != self.web.key.is_some() {
            return wrong("web.certificate", "goes with `web.key`: give both or neither".into());
        }
        if self.web.plain && !self.web.listen.as_ref().is_some_and(HostPort::is_loopback) {
            let problem = "goes with a `web.listen` on this machine alone, such as 127.0.0.1:7480";
            return wrong("web.plain", problem.into());
        }
        if self.web.plain && self.web.certificate.is_some() {
            return wrong("web.plain", "stands beside `web.certificate`; keep one".into());
        }
        if self.metrics.listen.as_ref().is_some_and(|listen| !listen.is_loopback()) {
            let problem = "give an address of this machine alone, such as 127.0.0.1:7481";
            return wrong("metrics.listen", problem.into());
        }
        if let Some(fineract) = &self.fineract
            && !fineract.listen.is_loopback()
        {
            let problem =
                "is no loopback address: whoever reaches it asks without a certificate; write 127.0.0.1:7490";
            return wrong("fineract.listen", problem.into());
        }
        check_level(&self.journal.level).or_else(|problem| wrong("journal.level", problem))
    }

    fn join_paths(&mut self) {
        let folder = self.folder().to_owned();
        let paths = [&mut self.data, &mut self.keys, &mut self.certificate, &mut self.roster];
        let web = [&mut self.web.certificate, &mut self.web.key];
        let unlock = [&mut self.key_file, &mut self.passphrase_file, &mut self.texts.folder];
        let optional = unlock.into_iter().chain(web).flatten();
        let credentials = self.fineract.as_mut().map(|fineract| &mut fineract.credentials);
        for path in paths.into_iter().chain(optional).chain(credentials) {
            *path = folder.join(&*path);
        }
    }

    fn take_environment(&mut self, variable: &dyn Fn(&str) -> Option<String>) -> Result<(), ConfigError> {
        // Set and empty is how some service managers unset.
        let variable = |name| variable(name).filter(|value| !value.is_empty());
        if let Some(listen) = variable("TALLY_LISTEN") {
            let wrong =
                |e: HostPortError| ConfigError::Environment { name: "TALLY_LISTEN", problem: e.to_string() };
            self.listen = Some(listen.parse().map_err(wrong)?);
        }
        if let Some(data) = variable("TALLY_DATA") {
            self.data = data.into();
        }
        if let Some(level) = variable("TALLY_LOG") {
            check_level(&level).map_err(|problem| ConfigError::Environment { name: "TALLY_LOG", problem })?;
            self.journal.level = level;
        }
        Ok(())
    }

    /// The file that this was read from.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder of the file, to which its paths are relative.
    pub fn folder(&self) -> &Path {
        match self.path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        }
    }

    /// Where commands reach the running node: `tally.sock` in the data folder.
    pub fn socket(&self) -> PathBuf {
        self.data.join("tally.sock")
    }

    /// The pinned operator key, or how to get one.
    pub fn pinned_operator_key(&self) -> Result<&VerifyKey, ConfigError> {
        self.operator_key.as_ref().ok_or_else(|| ConfigError::NotInstalled { path: self.path.clone() })
    }

    /// The bounds of connections.
    pub fn transport_limits(&self) -> transport::Limits {
        transport::Limits {
            connections_max: self.limits.connections_max,
            connections_per_address_max: self.limits.connections_per_address_max,
            drain: std::time::Duration::from_secs(self.limits.drain_seconds),
            ..transport::Limits::default()
        }
    }
}

fn check_level(level: &str) -> Result<(), String> {
    let filter = tracing_subscriber::EnvFilter::builder().parse(level);
    match filter {
        Ok(_) if !level.trim().is_empty() => Ok(()),
        _ => Err(format!("`{level}` is no level (error, warn, info, debug, trace) and no filter of levels")),
    }
}

/// The text of a configuration file, of bounded length.
fn read(path: &Path) -> Result<String, ConfigError> {
    use std::io::Read as _;
    let unreadable = |problem: String| ConfigError::Unreadable { path: path.to_owned(), problem };
    let file = std::fs::File::open(path).map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => ConfigError::Missing { path: path.to_owned() },
        _ => unreadable(e.to_string()),
    })?;
    let mut text = String::new();
    file.take(limits::CONFIG_BYTES_MAX as u64 + 1)
        .read_to_string(&mut text)
        .map_err(|e| unreadable(e.to_string()))?;
    if text.len() > limits::CONFIG_BYTES_MAX {
        return Err(unreadable(format!("it is longer than {} bytes", limits::CONFIG_BYTES_MAX)));
    }
    Ok(text)
}
