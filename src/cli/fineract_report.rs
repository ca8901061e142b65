//! `tally import FILE --format fineract-report`: fetches a report of Apache Fineract as CSV. `docs/FINERACT.md` says how to
//! make one.
//!
//! What the boundary may do to us: Fineract, or whoever answers in its place, may send anything, of any length, or stop in the
//! middle. The server is known by its certificate, length and waiting are bounded, and a report that breaks off is not
//! loaded. What it says in place of a report is not repeated, for it may hold clients' data.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use http_body_util::{BodyExt as _, Empty};
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, TRANSFER_ENCODING};
use hyper::{Request, Response, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};
use serde::Deserialize;
use tokio::time::timeout;
use zeroize::Zeroizing;

use super::exit::{Exit, Failure};
use super::unlock::read_passphrase_file;
use crate::clock::Clock;
use crate::limits::{
    IMPORT_BYTES_MAX, REPORT_BEGIN_SECONDS_MAX, REPORT_PARAMETERS_MAX, REPORT_PIECE_SECONDS_MAX,
    REPORT_SOURCE_BYTES_MAX,
};
use crate::secret::{Entropy, SecretVec, random_array};
use crate::transport::{OutsideTrust, connect_outside};

/// Name of the file that a report is loaded from, as the list of loads shows it.
const FILE_NAME: &str = "fineract-report.csv";

/// Where a report is: the file that `tally import` is given. `config/fineract-report.toml` is a sample with every key.
/// Paths in it are relative to its folder.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReportSource {
    /// Fineract's address up to and with `/api/v1`. With `http` it must be this machine.
    url: String,
    /// The server's own certificate or its authority's, PEM: with `https`, and only then.
    certificate: Option<PathBuf>,
    /// Name of the report in Fineract.
    report: String,
    /// Parameters of the report, each by its name with `R_`.
    #[serde(default)]
    parameters: BTreeMap<String, String>,
    /// Fineract's tenant. Default: default.
    #[serde(default = "default_tenant")]
    tenant: String,
    /// A user of Fineract who may run that report and nothing else.
    user: String,
    /// The file with that user's password, mode 0600.
    password_file: PathBuf,
    /// How the report's columns map to a loan. Default: they bear our names.
    map: Option<PathBuf>,
    /// The folder of the file.
    #[serde(skip)]
    folder: PathBuf,
}

fn default_tenant() -> String {
    "default".to_owned()
}

/// A report that was fetched. The file goes when this does: it holds clients' data in the clear.
#[derive(Debug)]
pub(super) struct Fetched {
    folder: PathBuf,
    /// The CSV.
    pub(super) file: PathBuf,
}

impl Drop for Fetched {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn usage(words: impl Into<String>) -> Failure {
    Failure::new(Exit::Usage, words.into())
}

fn fault(words: impl Into<String>) -> Failure {
    Failure::new(Exit::Fault, words.into())
}

impl ReportSource {
    /// Reads the file of a source.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let wrong = |words: &dyn std::fmt::Display| usage(format!("{}: {words}", path.display()));
        let text = std::fs::read_to_string(path).map_err(|error| wrong(&error))?;
        if text.len() > REPORT_SOURCE_BYTES_MAX {
            return Err(wrong(&"it is too long for the source of a report"));
        }
        let mut source: Self = toml::from_str(&text).map_err(|error| wrong(&error))?;
        source.folder = path.parent().map(Path::to_owned).unwrap_or_default();
        if source.parameters.len() > REPORT_PARAMETERS_MAX {
            return Err(wrong(&format!("a report has at most {REPORT_PARAMETERS_MAX} parameters")));
        }
        if let Some(name) = source.parameters.keys().find(|name| !name.starts_with("R_")) {
            return Err(wrong(&format!(
                "parameter `{name}`: Fineract's parameters of reports begin with R_"
            )));
        }
        source.address().map_err(|words| wrong(&words))?;
        Ok(source)
    }

    /// The mapping of its columns, if it names one.
    pub(super) fn map(&self) -> Option<PathBuf> {
        self.map.as_ref().map(|map| self.folder.join(map))
    }

    /// Scheme, host, port and path of the address.
    fn address(&self) -> Result<(bool, String, u16, String), String> {
        let parsed: Uri = self.url.parse().map_err(|_| "`url` is no address".to_owned())?;
        let secure = match parsed.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err("`url` begins with https:// or, on this machine, http://".to_owned()),
        };
        if secure != self.certificate.is_some() {
            return Err("`certificate` goes with https, and with nothing else".to_owned());
        }
        if parsed.query().is_some() || parsed.authority().is_some_and(|a| a.as_str().contains('@')) {
            return Err(
                "`url` ends with /api/v1 and holds no user; `user` and `parameters` are keys of their own"
                    .into(),
            );
        }
        let host = parsed.host().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let port = parsed.port_u16().unwrap_or(if secure { 443 } else { 80 });
        Ok((secure, host, port, parsed.path().trim_end_matches('/').to_owned()))
    }

    fn request(
        &self,
        host: &str,
        port: u16,
        base: &str,
        password: &SecretVec,
    ) -> Result<Request<Empty<Bytes>>, Failure> {
        let mut path = format!("{base}/runreports/{}?exportCSV=true", escaped(&self.report));
        for (name, value) in &self.parameters {
            let _ = write!(path, "&{}={}", escaped(name), escaped(value));
        }
        let pair = Zeroizing::new([self.user.as_bytes(), b":", password.expose()].concat());
        let basic = Zeroizing::new(format!("Basic {}", BASE64.encode(&*pair)));
        let host = if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") };
        Request::get(path)
            .header(HOST, host)
            .header(AUTHORIZATION, basic.as_str())
            .header("Fineract-Platform-TenantId", &self.tenant)
            .header(ACCEPT, "text/csv")
            .body(Empty::new())
            .map_err(|_| usage("`tenant` or `user` holds what no request can carry"))
    }

    /// Writes the body of a reply to a file that is this user's alone.
    async fn save(
        &self,
        response: Response<Incoming>,
        data: &Path,
        entropy: &dyn Entropy,
    ) -> Result<Fetched, Failure> {
        let status = response.status();
        if status != StatusCode::OK {
            let why = match status.as_u16() {
                401 => "user or password are not Fineract's",
                403 => "the user may not run this report",
                404 => "there is no such report, or `url` or `tenant` are wrong",
                _ => "its own journal says why",
            };
            return Err(fault(format!("Fineract answered with status {}: {why}", status.as_u16())));
        }
        let kind =
            response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !kind.to_ascii_lowercase().starts_with("text/csv") {
            return Err(fault(
                "Fineract answered with something that is no CSV: is the report one of type Table?",
            ));
        }
        // One that ends with the connection may have broken off.
        let chunked = response.headers().contains_key(TRANSFER_ENCODING);
        if response.body().size_hint().exact().is_none() && !chunked {
            return Err(fault(
                "Fineract does not say where the report ends: what breaks off would look whole",
            ));
        }
        let unwritable = |error: std::io::Error| {
            fault(format!("the report cannot be written below {}: {error}", data.display()))
        };
        let folder = data.join(format!("report-{}", hex::encode(random_array::<8>(entropy))));
        std::fs::DirBuilder::new().mode(0o700).recursive(true).create(&folder).map_err(unwritable)?;
        let fetched = Fetched { file: folder.join(FILE_NAME), folder };
        let file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&fetched.file);
        let mut file = std::io::BufWriter::new(file.map_err(unwritable)?);
        let (mut body, mut bytes) = (response.into_body(), 0u64);
        let piece = Duration::from_secs(REPORT_PIECE_SECONDS_MAX);
        loop {
            let frame = timeout(piece, body.frame()).await;
            let Some(frame) = frame.map_err(|_| fault("Fineract stopped in the middle of the report"))?
            else {
                break;
            };
            let frame = frame.map_err(|_| fault("the report broke off; nothing was loaded"))?;
            let Ok(data) = frame.into_data() else { continue };
            bytes = bytes.saturating_add(data.len() as u64);
            if bytes > IMPORT_BYTES_MAX {
                return Err(fault("the report is longer than any file that is loaded"));
            }
            file.write_all(&data).map_err(unwritable)?;
        }
        file.flush().map_err(unwritable)?;
        Ok(fetched)
    }
}

/// Fetches a report into a folder of its own below `data`.
pub(super) async fn fetch(
    source: &ReportSource,
    data: &Path,
    clock: Arc<dyn Clock>,
    entropy: &dyn Entropy,
) -> Result<Fetched, Failure> {
    let (_, host, port, base) = source.address().map_err(usage)?;
    let password = read_passphrase_file(&source.folder.join(&source.password_file))?;
    let trust = match &source.certificate {
        Some(certificate) => {
            let certificate = source.folder.join(certificate);
            let pem = std::fs::read_to_string(&certificate)
                .map_err(|error| usage(format!("{}: {error}", certificate.display())))?;
            Some(OutsideTrust::from_pem(&pem, clock).map_err(|error| usage(error.to_string()))?)
        }
        None => None,
    };
    let request = source.request(&host, port, &base, &password)?;
    let stream =
        connect_outside(&host, port, trust.as_ref()).await.map_err(|error| fault(error.to_string()))?;
    let broken = |error: hyper::Error| fault(format!("the connection to Fineract broke: {error}"));
    let handshake = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = handshake.map_err(broken)?;
    let replied = async {
        let begin = Duration::from_secs(REPORT_BEGIN_SECONDS_MAX);
        let response = timeout(begin, sender.send_request(request)).await;
        let response = response.map_err(|_| fault("Fineract began no answer within half an hour"))?;
        source.save(response.map_err(broken)?, data, entropy).await
    };
    let (mut replied, mut connection) = (std::pin::pin!(replied), std::pin::pin!(connection));
    // The connection moves only while it is polled.
    tokio::select! {
        biased;
        replied = replied.as_mut() => replied,
        _ = connection.as_mut() => replied.await,
    }
}

/// A part of an address: everything but letters, digits and `-._~` as `%XX` (RFC 3986, 2.3).
fn escaped(text: &str) -> PercentEncode<'_> {
    const ESCAPED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    utf8_percent_encode(text, &ESCAPED)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "url = \"https://bank.example:8443/fineract-provider/api/v1\"\ncertificate = \"c.pem\"\n\
                        report = \"Tallystick loans\"\nuser = \"u\"\npassword_file = \"p\"\n";

    fn read(text: &str) -> Result<ReportSource, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("source.toml");
        std::fs::write(&path, text).unwrap();
        ReportSource::read(&path).map_err(|failure| failure.words().clone())
    }

    #[test]
    fn the_sample_is_read_and_names_every_key() {
        let sample = include_str!("../../config/fineract-report.toml");
        let source = read(sample).unwrap();
        assert_eq!(source.address().unwrap().2, 8443);
        let written: toml::Table = sample.parse().unwrap();
        let unknown = toml::from_str::<ReportSource>("unknown = 1").unwrap_err().message().to_owned();
        let known: Vec<&str> = unknown.split('`').skip(1).step_by(2).skip(1).collect();
        assert_eq!(known.len(), 8, "{unknown}");
        assert!(known.iter().all(|key| written.contains_key(*key)), "{known:?}");
    }

    #[test]
    fn what_would_send_a_password_in_the_clear_is_refused() {
        for (old, new, words) in [
            ("https://", "http://", "`certificate` goes with https"),
            ("certificate = \"c.pem\"\n", "", "`certificate` goes with https"),
            ("https://", "ftp://", "begins with https://"),
            ("https://bank", "https://me:pw@bank", "holds no user"),
            ("/api/v1", "/api/v1?x=y", "ends with /api/v1"),
            ("user = \"u\"", "user = \"u\"\nparameters = { officeId = \"1\" }", "begin with R_"),
            ("user = \"u\"", "user = \"u\"\ncolour = 1", "colour"),
        ] {
            let refused = read(&GOOD.replace(old, new)).unwrap_err();
            assert!(refused.contains(words), "{words}: {refused}");
        }
        assert!(read(GOOD).is_ok());
    }

    #[test]
    fn a_name_is_escaped() {
        assert_eq!(escaped("Tallystick loans/ü&?").to_string(), "Tallystick%20loans%2F%C3%BC%26%3F");
    }
}
