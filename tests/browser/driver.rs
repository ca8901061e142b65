//! Debian's Chromium, driven over W3C WebDriver (<https://www.w3.org/TR/webdriver2/>) by chromedriver: JSON over HTTP on
//! a port of this machine. By hand, because it is so little; the crates for it bring an HTTP client and more.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::network::eventually;

/// Longer than a node waits for its peers.
const REPLY_WAIT: Duration = Duration::from_secs(60);
const PAGE_WAIT: Duration = Duration::from_secs(30);
/// The key under which WebDriver names an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// Of the window: an old tablet's.
const WIDTH: u64 = 1_000;
/// Of pictures: small files in which the words can still be read.
const PICTURE_SCALE: f64 = 0.7;

/// The program that drives browsers. They end with it.
pub(crate) struct Driver {
    child: Child,
    port: u16,
    profiles: tempfile::TempDir,
}

impl Driver {
    /// Starts it; a machine without one fails the test, for what it shows is shown by nothing else.
    pub(crate) fn start() -> Self {
        let child = Command::new("chromedriver")
            .args(["--port=0", "--log-level=SEVERE"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn();
        let mut child = child.unwrap_or_else(|error| {
            panic!("chromedriver: {error}. Debian: apt-get install chromium chromium-driver, as packaging/dev does")
        });
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        let port = loop {
            line.clear();
            assert!(said.read_line(&mut line).unwrap() > 0, "chromedriver ended before it had a port");
            if let Some((_, port)) = line.split_once("started successfully on port ") {
                break port.trim().trim_end_matches('.').parse().unwrap();
            }
        };
        Self { child, port, profiles: tempfile::tempdir().unwrap() }
    }

    /// One exchange; the value that it gives, or what is wrong.
    fn exchange(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value, String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).map_err(|error| error.to_string())?;
        stream.set_read_timeout(Some(REPLY_WAIT)).unwrap();
        let body = body.map(Value::to_string).unwrap_or_default();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1:{}\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n",
            self.port,
            body.len()
        );
        stream.write_all((head + &body).as_bytes()).map_err(|error| error.to_string())?;
        let mut reply = BufReader::new(stream);
        let mut length = 0;
        loop {
            let mut line = String::new();
            reply.read_line(&mut line).map_err(|error| error.to_string())?;
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().unwrap();
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let mut bytes = vec![0; length];
        reply.read_exact(&mut bytes).map_err(|error| format!("{method} {path}: {error}"))?;
        let reply: Value = serde_json::from_slice(&bytes).map_err(|error| error.to_string())?;
        match reply["value"]["error"].as_str() {
            Some(error) => {
                Err(format!("{error}: {}", reply["value"]["message"].as_str().unwrap_or_default()))
            }
            None => Ok(reply["value"].clone()),
        }
    }

    /// A browser of its own, without history, that asks for pages of `address`. Whoever it shows a certificate of is
    /// not of interest here.
    pub(crate) fn browser(&self, address: &str, with_scripts: bool) -> Browser<'_> {
        let profile = tempfile::tempdir_in(self.profiles.path()).unwrap().keep();
        let downloads = tempfile::tempdir_in(self.profiles.path()).unwrap().keep();
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "acceptInsecureCerts": true,
            "goog:chromeOptions": {
                "args": [
                    "--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars",
                    // Tests run as the superuser in containers, where the browser's own walls cannot stand.
                    "--no-sandbox", format!("--window-size={WIDTH},900"),
                    format!("--user-data-dir={}", profile.display()),
                ],
                "prefs": { "intl.accept_languages": "en", "download.default_directory": downloads },
            },
        } } });
        let session = self.exchange("POST", "/session", Some(&wanted)).unwrap();
        let session = session["sessionId"].as_str().unwrap().to_owned();
        let browser = Browser { driver: self, session, address: address.to_owned(), downloads };
        if !with_scripts {
            // The driver's own look at the page goes on.
            let off = json!({ "cmd": "Emulation.setScriptExecutionDisabled", "params": { "value": true } });
            browser.tell("POST", "/goog/cdp/execute", Some(&off)).unwrap();
        }
        browser
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One browser with one page.
pub(crate) struct Browser<'a> {
    driver: &'a Driver,
    session: String,
    address: String,
    downloads: PathBuf,
}

impl Browser<'_> {
    fn tell(&self, method: &str, what: &str, body: Option<&Value>) -> Result<Value, String> {
        self.driver.exchange(method, &format!("/session/{}{what}", self.session), body)
    }

    /// Goes to a path of the node.
    pub(crate) fn go(&self, path: &str) {
        let url = json!({ "url": format!("{}{path}", self.address) });
        self.tell("POST", "/url", Some(&url)).unwrap_or_else(|error| panic!("{path}: {error}"));
    }

    /// Where what it saves goes.
    pub(crate) fn downloads(&self) -> &Path {
        &self.downloads
    }

    /// The path at which it is now.
    pub(crate) fn path(&self) -> String {
        let url = self.tell("GET", "/url", None).unwrap();
        let url = url.as_str().unwrap();
        url.strip_prefix(&self.address).unwrap_or_else(|| panic!("it left the node: {url}")).to_owned()
    }

    /// Waits until it is at a path that `wanted` says, and gives it.
    pub(crate) fn arrives(&self, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        let mut at = String::new();
        let found = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            eventually(PAGE_WAIT, what, || {
                at = self.path();
                wanted(&at).then(|| at.clone())
            })
        }));
        found.unwrap_or_else(|_| panic!("{what}; it is at {}:\n{}", self.path(), self.text()))
    }

    fn find(&self, css: &str) -> Result<String, String> {
        self.find_by("css selector", css)
    }

    fn find_by(&self, using: &str, wanted: &str) -> Result<String, String> {
        let how = json!({ "using": using, "value": wanted });
        let found = self.tell("POST", "/element", Some(&how))?;
        found[ELEMENT].as_str().map(str::to_owned).ok_or_else(|| format!("{wanted}: {found}"))
    }

    #[track_caller]
    fn element(&self, css: &str) -> String {
        self.find(css).unwrap_or_else(|error| panic!("{error}\nat {}:\n{}", self.path(), self.text()))
    }

    /// Whether something is on the page.
    pub(crate) fn has(&self, css: &str) -> bool {
        self.find(css).is_ok()
    }

    /// The words on the page, as they are seen.
    pub(crate) fn text(&self) -> String {
        self.text_of("body")
    }

    /// The words in the first such element.
    pub(crate) fn text_of(&self, css: &str) -> String {
        let Ok(element) = self.find(css) else { return String::new() };
        let text = self.tell("GET", &format!("/element/{element}/text"), None);
        text.ok().and_then(|text| text.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// That the page says something.
    #[track_caller]
    pub(crate) fn says(&self, words: &str) {
        let text = self.text();
        assert!(text.contains(words), "no {words:?} at {}:\n{text}", self.path());
    }

    /// An attribute of the first such element.
    #[track_caller]
    pub(crate) fn attribute(&self, css: &str, name: &str) -> Option<String> {
        let element = self.element(css);
        let value = self.tell("GET", &format!("/element/{element}/attribute/{name}"), None).unwrap();
        value.as_str().map(str::to_owned)
    }

    /// The same where the element may not be there yet.
    pub(crate) fn attribute_if_there(&self, css: &str, name: &str) -> Option<String> {
        self.has(css).then(|| self.attribute(css, name)).flatten()
    }

    #[track_caller]
    pub(crate) fn click(&self, css: &str) {
        let element = self.element(css);
        let clicked = self.tell("POST", &format!("/element/{element}/click"), Some(&json!({})));
        clicked.unwrap_or_else(|error| panic!("{css}: {error}"));
    }

    /// Chooses from a list, by value or by what is shown.
    #[track_caller]
    pub(crate) fn choose(&self, id: &str, wanted: &str) {
        let option =
            format!("//select[@id={id:?}]/option[@value={wanted:?} or normalize-space(.)={wanted:?}]");
        let option = self.find_by("xpath", &option).unwrap_or_else(|error| panic!("{error}"));
        self.tell("POST", &format!("/element/{option}/click"), Some(&json!({}))).unwrap();
    }

    /// Types into a field, in place of what is in it.
    #[track_caller]
    pub(crate) fn fill(&self, css: &str, text: &str) {
        let element = self.element(css);
        self.tell("POST", &format!("/element/{element}/clear"), Some(&json!({}))).unwrap();
        self.keys(&element, text);
    }

    /// Gives a file to a field.
    #[track_caller]
    pub(crate) fn give_file(&self, css: &str, file: &Path) {
        let element = self.element(css);
        self.keys(&element, file.to_str().unwrap());
    }

    #[track_caller]
    fn keys(&self, element: &str, text: &str) {
        let typed = self.tell("POST", &format!("/element/{element}/value"), Some(&json!({ "text": text })));
        typed.unwrap_or_else(|error| panic!("{text:?} cannot be typed: {error}"));
    }

    /// Presses the button of the form whose action ends so, and waits for the page that comes of it.
    #[track_caller]
    pub(crate) fn send(&self, action: &str) {
        let before = self.element("html");
        self.click(&format!("form[action$={action:?}] button[type=submit]"));
        // A page that went away has no elements any more.
        eventually(PAGE_WAIT, action, || {
            self.tell("GET", &format!("/element/{before}/name"), None).is_err().then_some(())
        });
    }

    /// What a script gives. The driver runs it, also where pages may not.
    pub(crate) fn script(&self, script: &str, arguments: &Value) -> Result<Value, String> {
        self.tell("POST", "/execute/sync", Some(&json!({ "script": script, "args": arguments })))
    }

    /// A command of Chromium's own protocol.
    fn protocol(&self, command: &str, parameters: &Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        self.tell("POST", "/goog/cdp/execute", Some(&body)).unwrap()
    }

    /// A picture of the whole page, as PNG.
    pub(crate) fn picture(&self) -> Vec<u8> {
        let size = self.protocol("Page.getLayoutMetrics", &json!({}))["cssContentSize"].clone();
        let clip = json!({ "x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": PICTURE_SCALE });
        let wanted = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
        let picture = self.protocol("Page.captureScreenshot", &wanted);
        STANDARD.decode(picture["data"].as_str().unwrap()).unwrap()
    }
}

impl Drop for Browser<'_> {
    fn drop(&mut self) {
        let _ = self.tell("DELETE", "", None);
    }
}
