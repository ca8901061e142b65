//! The auditor's pages.

use std::collections::BTreeMap;
use std::io::Read;

use super::support::{Desk, HOSTILE, QUESTION, Visitor, officer, quoted, visitor};
use crate::audit::folder::Folder;
use crate::audit::verify::{Export, Options, verify};
use crate::model::user::Role;
use crate::secret::SystemEntropy;

#[tokio::test]
async fn an_inquiry_is_followed_through_the_log() {
    let desk = Desk::new(1);
    let (officer, auditor) = (officer(), visitor("Au", 6, None, &[Role::Auditor]));
    let application = desk.consented(&officer, "loan-application").await;
    let answer = desk.post(&officer, &format!("{application}/question"), &QUESTION).await.to.unwrap();
    let transaction = answer.rsplit('/').next().unwrap();
    let consent = desk.node.consents(None, 1).unwrap().0[0].terms.consent.to_string();
    for number in [transaction, &consent] {
        let story = desk.get(&auditor, &format!("/auditor/follow?find={number}")).await;
        for said in ["Consent given", "Inquiry opened", "Inquiry answered", "Evaluation served", "Agrees"] {
            assert!(story.text.contains(said), "{said} for {number} in\n{}", story.text);
        }
    }
    let none = desk.get(&auditor, &format!("/auditor/follow?find={}", "0".repeat(32))).await;
    assert!(none.text.contains("No log that is here knows"), "{}", none.text);
    let wrong = desk.get(&auditor, "/auditor/follow?find=.*").await;
    assert!(wrong.text.contains("no such number"), "{}", wrong.text);
    for path in ["/officer", &answer, "/officer/consents", "/clerk"] {
        assert_eq!(desk.get(&auditor, path).await.status, 403, "{path}");
    }
}

#[tokio::test]
async fn leaves_are_found_by_kind_day_and_text() {
    let desk = Desk::new(1);
    let (officer, auditor) = (officer(), visitor("Au", 6, None, &[Role::Auditor]));
    desk.consented(&officer, "guarantee").await;
    let consent = desk.node.consents(None, 1).unwrap().0[0].terms.consent.to_string();
    let shows = async |query: &str| {
        let page = desk.get(&auditor, &format!("/auditor/leaves?{query}")).await;
        assert_eq!(page.status, 200);
        page.text.contains("Guarantee for somebody")
    };
    assert!(shows("").await && shows("kind=consent-given&day=2026-11-22").await);
    assert!(shows(&format!("find={consent}")).await);
    assert!(
        !shows("kind=log-opened").await && !shows("day=2026-11-21").await && !shows("find=nothing").await
    );
    let hostile = quoted(HOSTILE);
    assert!(!shows(&format!("kind={hostile}&find={hostile}&day={hostile}&log={hostile}")).await);
    let leaf = desk.get(&auditor, "/auditor/leaves/lender-a/0").await;
    assert!(leaf.text.contains("Log opened") && leaf.text.contains("test-net"), "{}", leaf.text);
    for path in ["lender-a/9999", "lender-b/0", "lender-a/x", "..%2F..%2Fetc/0"] {
        assert_eq!(desk.get(&auditor, &format!("/auditor/leaves/{path}")).await.status, 404, "{path}");
    }
    let verified = desk.post(&auditor, "/auditor/verify", &[]).await;
    assert!(verified.text.contains("lead to what its owner signed"), "{}", verified.text);
    let application = desk.consented(&officer, "loan-application").await;
    desk.post(&officer, &format!("{application}/question"), &QUESTION).await;
    let reading = Visitor { language: "az", ..auditor };
    let served = desk.get(&reading, "/auditor/leaves?kind=evaluation-served").await.text;
    assert!(served.contains("müştərini axtarmaq üçün") && !served.contains("locate"), "{served}");
}

/// The files of an archive, without the folder around them.
struct Files(BTreeMap<String, Vec<u8>>);

impl Files {
    /// Reads a ustar archive by its own bytes.
    fn of(mut archive: &[u8]) -> Self {
        let text = |bytes: &[u8]| {
            let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
            String::from_utf8(bytes[..end].to_vec()).unwrap()
        };
        let mut files = BTreeMap::new();
        while archive.len() >= 512 && archive[0] != 0 {
            let (head, rest) = archive.split_at(512);
            let size = usize::from_str_radix(text(&head[124..136]).trim(), 8).unwrap();
            let prefix = text(&head[345..500]);
            let name = if prefix.is_empty() {
                text(&head[..100])
            } else {
                format!("{prefix}/{}", text(&head[..100]))
            };
            let (_, name) = name.split_once('/').unwrap();
            files.insert(name.to_owned(), rest[..size].to_vec());
            archive = &rest[size.div_ceil(512) * 512..];
        }
        Self(files)
    }
}

impl Folder for Files {
    fn open(&self, path: &str) -> std::io::Result<Option<Box<dyn Read + '_>>> {
        let Some(bytes) = self.0.get(path) else { return Ok(None) };
        Ok(Some(Box::new(bytes.as_slice())))
    }

    fn list(&self, path: &str) -> std::io::Result<Vec<String>> {
        let within = self.0.keys().filter_map(|name| name.strip_prefix(path)?.strip_prefix('/'));
        let mut names: Vec<String> = within.map(|rest| rest.split('/').next().unwrap().to_owned()).collect();
        names.dedup();
        Ok(names)
    }
}

#[tokio::test]
async fn the_evidence_verifies_offline() {
    let desk = Desk::new(1);
    let (officer, auditor) = (officer(), visitor("Au", 6, None, &[Role::Auditor]));
    let application = desk.consented(&officer, "loan-application").await;
    desk.post(&officer, &format!("{application}/question"), &QUESTION).await;
    let taken = desk.get(&auditor, "/auditor/evidence.tar").await;
    assert_eq!(taken.headers["content-type"], "application/x-tar");
    let mut files = Files::of(&taken.bytes);
    assert!(files.0.contains_key("checkpoint") && files.0.keys().any(|name| name.starts_with("tile/")));
    let look = |files: &Files| {
        let report =
            verify(&[Export { name: "a", folder: files }], &Options::default(), &SystemEntropy::new());
        (report.logs.len(), report.findings.len())
    };
    assert_eq!(look(&files), (1, 0));
    let bundle = files.0.keys().find(|name| name.starts_with("tile/entries")).unwrap().clone();
    files.0.get_mut(&bundle).unwrap()[40] ^= 1;
    assert_eq!(look(&files), (0, 1), "another bit, and it does not");
}
