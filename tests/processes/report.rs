//! A loan book by Fineract's report endpoint: `tally import … --format fineract-report` against a small web server that
//! answers as Fineract does.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::thread::JoinHandle;

use rcgen::{CertificateParams, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::Value;

use crate::network::{ASKER, Network, POLICY, today};

const MAPPING: &str = include_str!("../../config/mapping-fineract-report.toml");
const POSTGRES: &str = include_str!("../../config/fineract-report.postgresql.sql");
const MYSQL: &str = include_str!("../../config/fineract-report.mysql.sql");
const PASSWORD: &str = "pass:word of fineract";

/// What PostgreSQL gave for the shipped statement over a made-up tenant, in Fineract's quotes: names and texts in them,
/// numbers bare with six decimals.
fn book() -> String {
    let head: Vec<String> = columns(POSTGRES).iter().map(|name| format!("\"{name}\"")).collect();
    let day = |days: i32| format!("\"{}\"", today().plus_days(days));
    let office = "\"Head \"\"Office\"\"\"";
    [
        head.join(","),
        format!(
            "\"L1\",\"000000001\",{office},{now},\"individual\",\"active\",\"USD\",1000.000000,812.500000,50.250000,12,\
             96.000000,\"monthly\",18.000000,{opened},{matures},,,,1,\"901234567\",\"012345678\"",
            now = day(0),
            opened = day(-100),
            matures = day(260),
        ),
        format!(
            "\"L3\",\"000000002\",{office},{now},\"group\",\"active\",\"USD\",2000.000000,1500.000000,0,0,,\"weekly\",\
             20.000000,{opened},{matures},,,,2,\"901234568\",",
            now = day(0),
            opened = day(-50),
            matures = day(20),
        ),
        format!(
            "\"L4\",\"000000002\",{office},{now},\"individual\",\"written-off\",\"USD\",300.000000,0.000000,0,0,,\
             \"bullet\",20.000000,{opened},{matures},,120.000000,{off},1,\"901234568\",",
            now = day(0),
            opened = day(-400),
            matures = day(-200),
            off = day(-150),
        ),
        // No document: named to the clerk, and not taken.
        format!(
            "\"L6\",\"000000003\",{office},{now},\"individual\",\"active\",\"USD\",10.000000,5.000000,0,0,,\"monthly\",\
             20.000000,{opened},{matures},,,,1,,",
            now = day(0),
            opened = day(-10),
            matures = day(100),
        ),
    ]
    .join("\n")
        + "\n"
}

/// The names that a statement gives its columns.
fn columns(statement: &str) -> Vec<&str> {
    let lines = statement.lines().take_while(|line| !line.starts_with("FROM"));
    let named = lines.filter_map(|line| line.trim_end_matches(',').rsplit_once(" AS "));
    named
        .map(|(_, name)| name)
        .filter(|name| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
        .collect()
}

#[test]
fn both_statements_name_the_same_columns_and_differ_in_one_expression() {
    assert_eq!(columns(POSTGRES), columns(MYSQL));
    assert_eq!(columns(POSTGRES).len(), 22);
    let differing: Vec<_> = POSTGRES.lines().zip(MYSQL.lines()).filter(|(one, other)| one != other).collect();
    assert!(differing.len() == 1 && differing[0].0.ends_with("AS days_past_due,"), "{differing:?}");
    // Fineract refuses statements with remarks or with more than one of them.
    assert!(!POSTGRES.contains("--") && !POSTGRES.contains(';') && !MYSQL.contains("/*"));
}

/// Answers one request and gives what was asked.
fn serve(reply: Vec<u8>, tls: Option<Arc<ServerConfig>>) -> (u16, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let serving = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        match tls {
            Some(config) => {
                let connection = ServerConnection::new(config).unwrap();
                answer(StreamOwned::new(connection, stream), &reply)
            }
            None => answer(stream, &reply),
        }
    });
    (port, serving)
}

fn answer(mut stream: impl std::io::Read + std::io::Write, reply: &[u8]) -> String {
    let (mut asked, mut byte) = (Vec::new(), [0]);
    while !asked.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1) => asked.push(byte[0]),
            _ => break,
        }
    }
    let _ = stream.write_all(reply).and_then(|()| stream.flush());
    String::from_utf8(asked).unwrap()
}

fn ok(body: &str) -> Vec<u8> {
    let head =
        "HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Disposition: attachment\r\nContent-Length";
    format!("{head}: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// A lender's folder with a source beside it.
struct Scene {
    folder: PathBuf,
    source: PathBuf,
    _network: Network,
}

impl Scene {
    fn new() -> Self {
        let network = Network::new(POLICY);
        let folder = network.of(ASKER);
        std::fs::write(folder.join("map.toml"), MAPPING).unwrap();
        let password = folder.join("fineract-password");
        std::fs::write(&password, format!("{PASSWORD}\n")).unwrap();
        std::fs::set_permissions(&password, std::fs::Permissions::from_mode(0o600)).unwrap();
        Self { source: folder.join("source.toml"), folder, _network: network }
    }

    fn source(&self, scheme: &str, port: u16, more: &str) {
        let text = format!(
            "url = \"{scheme}://localhost:{port}/fineract-provider/api/v1/\"\nreport = \"Tally loans\"\n\
             user = \"tallystick\"\npassword_file = \"fineract-password\"\nmap = \"map.toml\"\n{more}"
        );
        std::fs::write(&self.source, text).unwrap();
    }

    fn import(&self) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tally"));
        command.arg("--config").arg(self.folder.join("node.toml"));
        command.arg("import").arg(&self.source).args(["--format", "fineract-report", "--json"]);
        for variable in ["TALLY_CONFIG", "TALLY_PASSPHRASE_FILE", "TALLY_DATA", "TALLY_LISTEN", "TALLY_LOG"] {
            command.env_remove(variable);
        }
        command.stdin(Stdio::null()).output().unwrap()
    }

    /// What it gives when it ends with that code. No file of the report is left behind.
    #[track_caller]
    fn ends(&self, code: i32) -> (String, String) {
        let output = self.import();
        let (out, err) =
            (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        assert_eq!(output.status.code(), Some(code), "{out}\n{err}");
        assert!(!(out.clone() + &err).contains(PASSWORD), "{err}");
        let data = std::fs::read_dir(self.folder.join("data"));
        let left = data.into_iter().flatten().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let left: Vec<String> = left.filter(|name| name.starts_with("report-")).collect();
        assert!(left.is_empty(), "{left:?}");
        (out, err)
    }
}

fn counts(out: &str) -> [u64; 3] {
    let outcome: Value = serde_json::from_str(out).unwrap();
    let count =
        |at: &str| outcome.pointer(at).and_then(Value::as_u64).unwrap_or_else(|| panic!("{at}: {outcome}"));
    [count("/load/good"), count("/load/rejected"), count("/load/number")]
}

#[test]
fn a_book_comes_in_by_the_report_endpoint() {
    let scene = Scene::new();
    let (port, serving) = serve(ok(&book()), None);
    scene.source("http", port, "tenant = \"mfi\"\n[parameters]\nR_officeId = \"1 & 2\"\n");
    let (out, _) = scene.ends(4);
    assert_eq!(counts(&out), [3, 1, 1], "the row without a document is rejected");
    let asked = serving.join().unwrap();
    let first = "GET /fineract-provider/api/v1/runreports/Tally%20loans?exportCSV=true&R_officeId=1%20%26%202 HTTP/1.1";
    assert!(asked.starts_with(first), "{asked}");
    let asked = asked.to_ascii_lowercase();
    assert!(asked.contains("fineract-platform-tenantid: mfi\r\n"), "{asked}");
    let basic = base64("tallystick:pass:word of fineract").to_ascii_lowercase();
    assert!(asked.contains(&format!("authorization: basic {basic}\r\n")), "{asked}");
    // In pieces, as Fineract streams; the same again changes nothing.
    let body = book();
    let pieces: Vec<String> = body
        .as_bytes()
        .chunks(100)
        .map(|piece| format!("{:x}\r\n{}\r\n", piece.len(), String::from_utf8_lossy(piece)))
        .collect();
    let head =
        "HTTP/1.1 200 OK\r\nContent-Type: text/csv; charset=UTF-8\r\nTransfer-Encoding: chunked\r\n\r\n";
    let (port, _serving) = serve(format!("{head}{}0\r\n\r\n", pieces.concat()).into_bytes(), None);
    scene.source("http", port, "");
    let (out, _) = scene.ends(4);
    assert_eq!(counts(&out)[..2], [3, 1]);
}

#[test]
fn what_is_no_whole_report_is_not_loaded() {
    let scene = Scene::new();
    let body = book();
    let cut = String::from_utf8(ok(&body)).unwrap();
    let csv = "HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n";
    let secret = "{\"defaultUserMessage\":\"901234567\"}";
    for (reply, words) in [
        (cut[..cut.len() - 40].to_owned(), "broke off"),
        (format!("{csv}Transfer-Encoding: chunked\r\n\r\n10\r\naccount,client,s\r\n"), "broke off"),
        (format!("{csv}Connection: close\r\n\r\n{body}"), "does not say where the report ends"),
        (
            format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{secret}",
                secret.len()
            ),
            "no CSV",
        ),
        (
            format!("HTTP/1.1 401 Unauthorized\r\nContent-Length: {}\r\n\r\n{secret}", secret.len()),
            "user or password",
        ),
        ("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_owned(), "no such report"),
        ("SSH-2.0-x\r\n".to_owned(), "broke"),
    ] {
        let (port, _serving) = serve(reply.into_bytes(), None);
        scene.source("http", port, "");
        let (_, err) = scene.ends(1);
        assert!(err.contains(words) && !err.contains("901234567"), "{words}: {err}");
    }
    // Nothing is there, and nobody is.
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    scene.source("http", nobody, "");
    assert!(scene.ends(1).1.contains("nobody answers"));
    let password = scene.folder.join("fineract-password");
    std::fs::set_permissions(password, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(scene.ends(2).1.contains("chmod 600"));
}

/// A server's own certificate, with a name of its own, and its set-up.
fn certificate(name: &str) -> (String, Arc<ServerConfig>) {
    let key = KeyPair::generate().unwrap();
    let made = CertificateParams::new(vec![name.to_owned()]).unwrap().self_signed(&key).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![made.der().clone()],
            PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())),
        )
        .unwrap();
    (made.pem(), Arc::new(config))
}

#[test]
fn over_tls_the_server_is_the_one_that_was_named() {
    let scene = Scene::new();
    let named = |pem: &str| std::fs::write(scene.folder.join("fineract.pem"), pem).unwrap();
    // Its very certificate, whatever name it bears.
    let (pem, config) = certificate("an-old-name.example");
    named(&pem);
    let (port, serving) = serve(ok(&book()), Some(Arc::clone(&config)));
    scene.source("https", port, "certificate = \"fineract.pem\"\n");
    assert_eq!(counts(&scene.ends(4).0)[..2], [3, 1]);
    assert!(serving.join().unwrap().contains("uthorization"));
    // Another server with a certificate of the same kind gets no password.
    let (other, other_config) = certificate("an-old-name.example");
    let (port, serving) = serve(ok(&book()), Some(other_config));
    scene.source("https", port, "certificate = \"fineract.pem\"\n");
    assert!(scene.ends(1).1.contains("not the server whose certificate was named"));
    assert_eq!(serving.join().unwrap(), "");
    named(&other);
    let (port, serving) = serve(ok(&book()), Some(config));
    scene.source("https", port, "certificate = \"fineract.pem\"\n");
    scene.ends(1);
    assert_eq!(serving.join().unwrap(), "");
    // Without a certificate nothing goes out.
    scene.source("https", port, "");
    assert!(scene.ends(2).1.contains("`certificate` goes with https"));
}

fn base64(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}

/// The samples lie where the documents say.
#[test]
fn the_sample_names_the_mapping_beside_it() {
    let sample = include_str!("../../config/fineract-report.toml");
    assert!(sample.contains("map = \"mapping-fineract-report.toml\""));
    assert!(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/config/mapping-fineract-report.toml")).exists());
}

/// The listener of the dialect comes up with the node, by its configuration and the file of secrets.
#[test]
fn a_configured_node_answers_fineract_on_its_own_address() {
    let mut network = Network::new(POLICY);
    let (folder, address) = (network.of(ASKER), crate::network::free_address());
    let file = folder.join("fineract.toml");
    let secrets = "user_name = \"mifos\"\npassword = \"0123456789abcdef\"\n\
                   subscription_key = \"fedcba9876543210\"\nsubscription_id = \"ours\"\n";
    std::fs::write(&file, secrets).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    let config = folder.join("node.toml");
    let plain = std::fs::read_to_string(&config).unwrap();
    let with = |listen: &str| {
        let table = format!("\n[fineract]\nlisten = \"{listen}\"\ncredentials = \"fineract.toml\"\n");
        std::fs::write(&config, plain.clone() + &table).unwrap();
    };
    with("0.0.0.0:7490");
    let refused = network.command(ASKER).arg("node").stdin(Stdio::null()).output().unwrap();
    let words = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(refused.status.code() == Some(2) && words.contains("no loopback address"), "{words}");
    with(&address.to_string());
    network.start(&[ASKER]);
    let body =
        "BODY=x-www-form-urlencoded&\rgrant_type=password&\ruserName=mifos&\rpassword=0123456789abcdef&\r";
    let mut stream = std::net::TcpStream::connect((address.host(), address.port())).unwrap();
    let head = "POST /token HTTP/1.1\r\nHost: x\r\nConnection: close\r\nmcix-subscription-key: fedcba9876543210\r\n\
                mcix-subscription-id: ours\r\nContent-Type: application/x-www-form-urlencoded; charset=utf-8\r\n";
    write!(stream, "{head}Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    assert!(reply.starts_with("HTTP/1.1 200") && reply.contains("\"access_token\""), "{reply}");
}
