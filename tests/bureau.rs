//! The Fineract dialect, call by call as its connector writes them: odd forms, bare values, and what it makes of replies.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "support/circle.rs"]
#[expect(dead_code, reason = "shared with tests that use more of it")]
mod circle;
#[path = "support/person.rs"]
#[expect(dead_code, reason = "shared with tests that use more of it")]
mod person;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tallystick::bureau::{BureauOptions, Credentials, router};
use tallystick::clock::{Clock as _, SystemClock};
use tallystick::digest::Digest;
use tallystick::http::{ServeLimits, serve};
use tallystick::model::day::Day;
use tallystick::model::leaf::{ErasureGround, EvaluationKind};
use tallystick::model::member::MemberId;
use tallystick::node::{ConsentRequest, ErasureRequest, Node, ReplyFuture, Whom};
use tallystick::secret::SystemEntropy;
use tallystick::store::{Durability, Reopen, Store, StoreBatch, StoreError, Table};
use tallystick::wire::message::Request;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use circle::{Chance, Circle, Deliver, Setup, Wire};
use person::{consent, identifier, load, loan};

/// With all that a form would have to escape.
const PASSWORD: &str = "p%4&s=w+rd of sixteen";
const KEY: &str = "0123456789abcdef-key";
const NUMBER: &str = "901234567";

fn today() -> Day {
    "2026-11-22".parse().unwrap()
}

/// Holds openings up while it is told to.
#[derive(Default)]
struct Stuck(AtomicBool);

impl Wire for Stuck {
    fn carry<'a>(
        &'a self,
        _: &'a MemberId,
        _: &'a MemberId,
        request: Request,
        deliver: Deliver<'a>,
    ) -> ReplyFuture<'a> {
        Box::pin(async move {
            let opens = matches!(&request, Request::Evaluate(of) if of.evaluation == EvaluationKind::Open);
            while opens && self.0.load(Ordering::SeqCst) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            deliver(request).await
        })
    }

    fn outlives_failed_write(&self, _: &MemberId) -> bool {
        false
    }
}

/// A network whose last member, which holds no keys, is asked.
struct Scene {
    circle: Circle,
    stuck: Arc<Stuck>,
    address: SocketAddr,
    serving: JoinSet<()>,
    within: Duration,
}

const ASKED: &str = "m-d";

fn credentials() -> Credentials {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fineract.toml");
    let text = format!(
        "user_name = \"mifos\"\npassword = \"{PASSWORD}\"\nsubscription_key = \"{KEY}\"\nsubscription_id = \"ours\"\n"
    );
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    Credentials::read(&path).unwrap()
}

fn no_address() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

impl Scene {
    async fn new(within: Duration) -> Self {
        let policy = include_str!("../config/policy-demo.toml");
        Self::under(&policy.replace("\"slk-581\"", "\"slk-581\", \"mm-nrc\""), within).await
    }

    async fn under(policy: &str, within: Duration) -> Self {
        let stuck = Arc::new(Stuck::default());
        let circle = Circle::build(&Setup {
            members: 4,
            holders: 3,
            threshold: 2,
            policy,
            today: today(),
            chance: Chance::System,
            wire: Some(Arc::clone(&stuck) as Arc<dyn Wire>),
        });
        let id = format!("kh-nid:{NUMBER}");
        let mut own = vec![loan("L-1", "one", &id, 50_000, today())];
        let mut bad = loan("L-9", "one", &id, 30_000, today());
        bad.facility.status = tallystick::model::facility::FacilityStatus::WrittenOff;
        bad.facility.outstanding = None;
        bad.facility.written_off = Some(30_000);
        bad.facility.written_off_on = Some(today().plus_days(-30));
        bad.facility.days_past_due = None;
        own.push(bad);
        load(&circle.node("m-a"), own);
        for (name, number) in [("m-b", 2u32), ("m-c", 3), (ASKED, 4)] {
            let other =
                loan(&format!("L-{number}"), "two", &format!("kh-nid:10000000{number}"), 10_000, today());
            load(&circle.node(name), vec![other]);
        }
        circle.settle().await;
        circle.meet().await;
        let mut scene = Self { circle, stuck, address: no_address(), serving: JoinSet::new(), within };
        scene.serve().await;
        scene
    }

    fn node(&self) -> Arc<Node> {
        self.circle.node(ASKED)
    }

    async fn serve(&mut self) {
        self.serving.shutdown().await;
        let listener = TcpListener::bind(no_address()).await.unwrap();
        self.address = listener.local_addr().unwrap();
        let entropy = Arc::new(SystemEntropy::new());
        let options =
            BureauOptions::new(Arc::new(credentials()), None, "loan-application".to_owned(), entropy);
        assert_eq!(options.report_within, Duration::from_secs(8), "the connector gives up after ten");
        let options = BureauOptions { report_within: self.within, ..options };
        let router = router(self.node(), options);
        self.serving.spawn(serve(listener, router, ServeLimits::default(), CancellationToken::new()));
    }

    async fn raw(&self, request: &[u8]) -> (u16, Value, String) {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(request).await.unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        assert!(head.contains("content-type: application/json"), "{head}");
        (status, serde_json::from_str(body).unwrap(), body.to_owned())
    }

    async fn call(&self, method: &str, path: &str, headers: &str, body: &str) -> (u16, Value, String) {
        let length = body.len();
        let head =
            format!("{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}");
        self.raw(format!("{head}\r\n{headers}\r\n{body}").as_bytes()).await
    }

    /// As the connector asks for a token.
    async fn token_with(&self, password: &str, key: &str) -> (u16, Value) {
        let headers = format!(
            "mcix-subscription-key: {key}\r\nmcix-subscription-id: ours\r\n\
             Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n"
        );
        let body = format!(
            "BODY=x-www-form-urlencoded&\rgrant_type=password&\ruserName=mifos&\rpassword={password}&\r"
        );
        let (status, reply, _) = self.call("POST", "/token", &headers, &body).await;
        (status, reply)
    }

    async fn token(&self) -> String {
        let (status, reply) = self.token_with(PASSWORD, KEY).await;
        assert_eq!(status, 200, "{reply}");
        reply["access_token"].as_str().unwrap().to_owned()
    }

    fn headers(token: &str) -> String {
        format!(
            "mcix-subscription-key: {KEY}\r\nmcix-subscription-id: ours\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n"
        )
    }

    async fn search(&self, token: &str, number: &str) -> Value {
        let body = format!("BODY=x-www-form-urlencoded&nrc={number}&");
        let (status, reply, _) =
            self.call("POST", &format!("/search/{number}"), &Self::headers(token), &body).await;
        assert_eq!(status, 200, "{reply}");
        reply
    }

    /// As the connector reads a search: one entry, whose handle is a text of digits.
    fn handle(reply: &Value) -> String {
        assert_eq!(reply["Data"].as_array().unwrap().len(), 1, "{reply}");
        let unique = reply["Data"][0]["UniqueID"].as_str().unwrap();
        // It reads a number of 64 bits and writes it again.
        assert_eq!(unique.parse::<i64>().unwrap().to_string(), unique);
        unique.to_owned()
    }

    async fn report(&self, token: &str, handle: &str) -> Value {
        let (status, reply, text) =
            self.call("GET", &format!("/report/{handle}"), &Self::headers(token), "").await;
        assert_eq!(status, 200, "{reply}");
        assert!(!text.contains("null"), "{text}");
        assert!(reply["Data"].is_object(), "the connector shows nothing of another: {reply}");
        for name in ["BorrowerInfo", "CreditScore", "ActiveLoans", "WriteOffLoans"] {
            assert!(!reply["Data"][name].is_null(), "{name}: {reply}");
        }
        reply["Data"].clone()
    }

    async fn record(&self, changes: impl FnOnce(&mut ConsentRequest)) {
        let mut request = consent(&self.node(), &format!("kh-nid:{NUMBER}"));
        changes(&mut request);
        self.node().record_consent(request).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_has_six_members_and_outlives_the_day_and_a_restart() {
    let mut scene = Scene::new(Duration::from_secs(8)).await;
    let (status, reply) = scene.token_with(PASSWORD, KEY).await;
    assert_eq!(status, 200);
    let names: Vec<&str> = reply.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, [".expires", ".issued", "access_token", "expires_in", "token_type", "userName"]);
    assert_eq!(reply[".issued"], "Sun, 22 Nov 2026 10:00:00 GMT");
    assert_eq!(reply[".expires"], "Mon, 23 Nov 2026 23:59:59 GMT");
    assert_eq!(reply["expires_in"], 14 * 3_600 + 86_400 - 1);
    assert_eq!((&reply["token_type"], &reply["userName"]), (&json!("bearer"), &json!("mifos")));
    let token = reply["access_token"].as_str().unwrap().to_owned();
    scene.search(&token, NUMBER).await;
    // Its holder keeps the day of `.expires`, and may be in a zone where that day ends twelve hours later.
    scene.circle.clock.advance(14 * 3_600 + 86_400 + 12 * 3_600);
    scene.circle.restart(ASKED, Reopen::Killed);
    scene.serve().await;
    scene.search(&token, NUMBER).await;
    scene.circle.clock.advance(12 * 3_600);
    let (status, ..) = scene.call("POST", &format!("/search/{NUMBER}"), &Scene::headers(&token), "").await;
    assert_eq!(status, 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_lacks_one_of_the_secrets_gets_nothing() {
    let scene = Scene::new(Duration::from_secs(8)).await;
    scene.record(|_| {}).await;
    for (password, key) in
        [("", KEY), ("p%254&s=w+rd of sixteen", KEY), (PASSWORD, "0123456789abcdef"), (PASSWORD, "")]
    {
        assert_eq!(scene.token_with(password, key).await.0, 401, "{password} {key}");
    }
    let token = scene.token().await;
    let good = Scene::headers(&token);
    let mut other = token.clone().into_bytes();
    let last = other.last_mut().unwrap();
    *last = if *last == b'0' { b'1' } else { b'0' };
    let other = String::from_utf8(other).unwrap();
    // A later end than it was made with.
    let later = format!("7{}", &token[1..]);
    for bad in [
        good.replace(KEY, "another"),
        good.replace("ours", "theirs"),
        good.replace(&token, &other),
        good.replace(&token, &later),
        good.replace("Bearer", "Basic"),
        good.replace(&token, ""),
        String::new(),
    ] {
        for (method, path) in
            [("POST", format!("/search/{NUMBER}")), ("GET", "/report/1".into()), ("POST", "/upload".into())]
        {
            let (status, reply, _) = scene.call(method, &path, &bad, "").await;
            assert_eq!((status, reply.as_object().unwrap().len()), (401, 1), "{path} {bad}");
        }
    }
    assert_eq!(
        scene.call("GET", "/v1/status", &good, "").await.0,
        404,
        "the dialect and nothing else of the node"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_search_needs_a_live_consent_and_gives_a_handle_for_one_report() {
    let scene = Scene::new(Duration::from_secs(8)).await;
    let token = scene.token().await;
    let none = scene.search(&token, NUMBER).await;
    assert_eq!(none["Data"], json!([]), "the connector shows the message of an empty list");
    assert!(none["ResponseMessage"].as_str().unwrap().contains("Record it first"), "{none}");
    let bad = scene.search(&token, "12").await;
    assert!(bad["ResponseMessage"].as_str().unwrap().contains("spelling"), "{bad}");
    // A consent for another purpose, and one that has not begun, are none.
    scene.record(|request| request.purpose = tallystick::model::consent::Purpose::LoanMonitoring).await;
    scene.record(|request| request.from = Some(request.until.plus_seconds(-60))).await;
    assert_eq!(scene.search(&token, NUMBER).await["Data"], json!([]));

    scene.record(|_| {}).await;
    let found = scene.search(&token, NUMBER).await;
    assert_eq!((&found["ResponseMessage"], &found["Data"][0]["NRC"]), (&json!("OK"), &json!(NUMBER)));
    let handle = Scene::handle(&found);
    let data = scene.report(&token, &handle).await;
    assert_eq!(data["BorrowerInfo"], json!({"Name": "", "Gender": "", "Address": ""}));
    // Written off elsewhere and no income declared: the policy has something to say.
    let score = &data["CreditScore"];
    assert_ne!(score["Class"], "GREEN", "{score}");
    assert!(score["Note"].as_str().unwrap().starts_with("Covers 4 of 4 lenders."), "{score}");
    let (active, off) = (data["ActiveLoans"].as_array().unwrap(), data["WriteOffLoans"].as_array().unwrap());
    assert_eq!((active.len(), off.len()), (1, 1), "{data}");
    let names: Vec<&str> = active[0].as_object().unwrap().keys().map(String::as_str).collect();
    let mut wanted = [
        "ReportingDate",
        "LoanGUID",
        "Institution",
        "Division",
        "Township",
        "DisbursedDate",
        "DisbursedAmount",
        "PrincipalOutstandingAmount",
        "PrincipalOverdueAmount",
        "TotalOutstandingAmount",
        "TotalOverdueAmount",
        "DaysInDelay",
        "UpdatedDtm",
    ];
    wanted.sort_unstable();
    assert_eq!(names, wanted);
    assert!(active.iter().chain(off).all(|loan| loan.as_object().unwrap().values().all(Value::is_string)));
    assert_eq!(active[0]["TotalOutstandingAmount"], "500.00 USD");
    assert_eq!((&active[0]["DaysInDelay"], &active[0]["DisbursedDate"]), (&json!("0"), &json!("2026-08-14")));
    assert_eq!(
        (&off[0]["TotalOutstandingAmount"], &off[0]["DaysInDelay"]),
        (&json!("300.00 USD"), &json!(""))
    );
    assert_ne!(active[0]["LoanGUID"], off[0]["LoanGUID"]);
    // The handle is used up, the consent too.
    let again = scene.report(&token, &handle).await;
    assert_eq!((&again["CreditScore"]["Class"], &again["ActiveLoans"]), (&json!("YELLOW"), &json!([])));
    assert!(again["CreditScore"]["Note"].as_str().unwrap().starts_with("NO ANSWER"), "{again}");
    assert_eq!(scene.search(&token, NUMBER).await["Data"], json!([]));
    for guessed in ["1", "100000000000000000", "x", ""] {
        let data = scene.report(&token, guessed).await;
        assert!(data["CreditScore"]["Note"].as_str().unwrap().starts_with("NO ANSWER"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_number_is_found_however_an_address_carries_it() {
    let scene = Scene::new(Duration::from_secs(8)).await;
    let token = scene.token().await;
    let burmese = identifier("mm-nrc:12/OUKAMA(N)123456");
    scene.record(|request| request.identifiers = vec![burmese]).await;
    // Slashes as they are, escaped, and behind a question mark of the configured address; typed in Myanmar digits.
    for path in [
        "/search/12/OUKAMA(N)123456",
        "/search/12%2FOUKAMA%28N%29123456",
        "/search?nrc=12/OUKAMA(N)123456",
        "/search/%E1%81%81%E1%81%82/OUKAMA(N)123456",
    ] {
        let (status, reply, _) = scene.call("POST", path, &Scene::headers(&token), "BODY=x&nrc=y&").await;
        assert_eq!(status, 200, "{path} {reply}");
        Scene::handle(&reply);
    }
    let (_, reply, _) =
        scene.call("POST", "/search?nrc=12/OUKAMA(N)123456", &Scene::headers(&token), "").await;
    let path = format!("/report?id={}", Scene::handle(&reply));
    let (status, reply, _) = scene.call("GET", &path, &Scene::headers(&token), "").await;
    // Nobody owes under that number, every lender is heard, and no income was declared.
    assert_eq!((status, &reply["Data"]["ActiveLoans"]), (200, &json!([])));
    assert!(reply["Data"]["CreditScore"]["Note"].as_str().unwrap().starts_with("Covers 4 of 4"), "{reply}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_there_in_time_is_said_and_can_be_had_later_for_the_same_consent() {
    let scene = Scene::new(Duration::from_millis(400)).await;
    let token = scene.token().await;
    scene.record(|_| {}).await;
    let handle = Scene::handle(&scene.search(&token, NUMBER).await);
    scene.stuck.0.store(true, Ordering::SeqCst);
    let clock = SystemClock::new();
    let data = scene.report(&token, &handle).await;
    assert!(clock.elapsed() < Duration::from_secs(3), "{:?}", clock.elapsed());
    assert_eq!(data["CreditScore"]["Class"], "YELLOW");
    let note = data["CreditScore"]["Note"].as_str().unwrap();
    assert!(note.starts_with("NO ANSWER") && note.contains("search again"), "{note}");
    scene.stuck.0.store(false, Ordering::SeqCst);
    // The use is spent, and the same question goes on.
    let data = loop {
        let found = scene.search(&token, NUMBER).await;
        let data = scene.report(&token, &Scene::handle(&found)).await;
        if !data["CreditScore"]["Note"].as_str().unwrap().starts_with("NO ANSWER") {
            break data;
        }
        assert!(clock.elapsed() < Duration::from_secs(60));
    };
    assert_eq!(data["ActiveLoans"].as_array().unwrap().len(), 1);
    assert_eq!(scene.search(&token, NUMBER).await["Data"], json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_incomplete_answer_says_so_and_is_never_green() {
    let scene = Scene::new(Duration::from_secs(8)).await;
    // Nothing is heard of the others for longer than the policy allows.
    scene.circle.clock.advance(2 * 86_400);
    scene.circle.meet().await;
    scene.node().gather_quorum().await.unwrap();
    let token = scene.token().await;
    scene.record(|_| {}).await;
    let data = scene.report(&token, &Scene::handle(&scene.search(&token, NUMBER).await)).await;
    let score = &data["CreditScore"];
    let note = score["Note"].as_str().unwrap();
    assert!(note.starts_with("INCOMPLETE: ") && note.contains("Without fresh data: Lender m-a"), "{note}");
    assert!(["YELLOW", "RED"].contains(&score["Class"].as_str().unwrap()), "{score}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_owes_nothing_anywhere_is_green_and_beyond_the_policy_red() {
    let demo = include_str!("../config/policy-demo.toml");
    // Without the rules about income, which the connector does not tell, and with one that this client breaks.
    let rules: Vec<&str> =
        demo.split("[[rules]]").filter(|rule| !rule.contains("instalment_share_max")).collect();
    let policy = rules.join("[[rules]]").replace("amount = \"5000\"", "amount = \"400\"");
    let scene = Scene::under(&policy, Duration::from_secs(8)).await;
    let token = scene.token().await;
    scene.record(|request| request.identifiers = vec![identifier("kh-nid:512345678")]).await;
    scene.record(|_| {}).await;
    let mut classes = Vec::new();
    for number in ["512345678", NUMBER] {
        let data = scene.report(&token, &Scene::handle(&scene.search(&token, number).await)).await;
        classes.push((data["CreditScore"]["Score"].clone(), data["CreditScore"]["Class"].clone()));
    }
    assert_eq!(classes, [(json!("PASS"), json!("GREEN")), (json!("DECLINE"), json!("RED"))]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_is_read_and_answered() {
    let scene = Scene::new(Duration::from_secs(8)).await;
    let token = scene.token().await;
    let part = |name: &str, more: &str, text: &str| {
        format!("--bound\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n{text}\r\n")
    };
    let body = [
        part("file", "; filename=\"report.csv\"", &"1,2,3\n".repeat(50_000)),
        part("BODY", "", "formdata"),
        part("userName", "", "mifos"),
        "--bound--\r\n".to_owned(),
    ]
    .concat();
    let headers = Scene::headers(&token)
        .replace("application/x-www-form-urlencoded; charset=utf-8", "multipart/form-data; boundary=bound");
    let (status, reply, _) = scene.call("POST", "/upload", &headers, &body).await;
    assert_eq!((status, reply.as_object().unwrap().len()), (200, 1), "{reply}");
    assert!(reply["ResponseMessage"].as_str().unwrap().contains("tally import"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_consent_is_found_by_number_until_it_is_erased_and_after_an_upgrade() {
    let mut scene = Scene::new(Duration::from_secs(8)).await;
    scene.record(|_| {}).await;
    scene.record(|_| {}).await;
    let hers = identifier(&format!("kh-nid:{NUMBER}"));
    let found = scene.node().consents_with(&hers).unwrap();
    assert!(found.len() == 2 && found[0].leaf.index > found[1].leaf.index, "the newest first");
    assert_eq!(scene.node().consents_with(&identifier("kh-nid:512345678")).unwrap().len(), 0);
    // A store from before: nothing of it is in the table, and nobody has looked yet.
    scene.serving.shutdown().await;
    scene.circle.stop(ASKED);
    let by_number: Table<([u8; 32], [u8; 16]), ()> = Table::new("node_consent_identifier", 1).sealed();
    let looked: Table<(), ()> = Table::new("node_consents_indexed", 1);
    let store =
        Store::with_backend(scene.circle.seats[&ASKED.parse().unwrap()].backend.clone(), &circle::tables());
    let store = store.unwrap();
    let mut batch = StoreBatch::new();
    store
        .for_each(&by_number, &[], |key, ()| {
            batch.delete(&by_number, &key);
            Ok::<_, StoreError>(())
        })
        .unwrap();
    batch.delete(&looked, &());
    store.commit(batch, Durability::Synced).unwrap();
    drop(store);
    scene.circle.start(ASKED);
    assert_eq!(scene.node().consents_with(&hers).unwrap().len(), 2);
    // Erased: neither the number nor the consents lead anywhere.
    let erasure = ErasureRequest {
        whom: Whom::Person(vec![hers.clone()]),
        ground: ErasureGround::Order,
        order: Some(Digest([12; 32])),
        approved_by: ["Sok Dara", "Chan Thy"].map(str::to_owned).to_vec(),
    };
    scene.node().erase(erasure).await.unwrap();
    assert_eq!(scene.node().consents_with(&hers).unwrap().len(), 0);
    scene.circle.stop(ASKED);
    let store =
        Store::with_backend(scene.circle.seats[&ASKED.parse().unwrap()].backend.clone(), &circle::tables());
    let left = store.unwrap().scan_prefix(&by_number, &[], None, 10).unwrap();
    assert_eq!(left, []);
}

/// What the journal says, all of it.
#[derive(Clone, Default)]
struct Journal(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Journal {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_journal_holds_no_number_no_handle_and_no_secret() {
    let journal = Journal::default();
    let writer = journal.clone();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .try_init()
        .unwrap();
    let scene = Scene::new(Duration::from_secs(8)).await;
    scene.record(|_| {}).await;
    let token = scene.token().await;
    let handle = Scene::handle(&scene.search(&token, NUMBER).await);
    scene.report(&token, &handle).await;
    scene.token_with("a wrong password", KEY).await;
    let said = String::from_utf8(journal.0.lock().unwrap().clone()).unwrap();
    assert!(
        said.contains("/search/{*number}") && said.contains("/report/{*handle}"),
        "it is said that was asked"
    );
    for secret in [NUMBER, &handle, &token, PASSWORD, KEY, "a wrong password"] {
        assert!(!said.contains(secret), "{secret} stands in the journal");
    }
}
