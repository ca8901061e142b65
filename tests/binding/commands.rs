//! The same through the program: folders on disk, the node's socket, exit codes.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

use tallystick::api::router;
use tallystick::http::{ServeLimits, serve};
use tallystick::model::leaf::{Leaf, LeafBody};
use tokio::net::UnixListener;
use tokio_util::sync::CancellationToken;

use crate::world::{Export, World};

const LENDER: &str = "lender-c";

fn write(folder: &Path, export: &Export) {
    for (path, bytes) in export {
        let file = folder.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }
}

/// Runs the program in a folder; what it said and how it ended.
async fn tally(folder: &Path, arguments: &str) -> (i32, String) {
    let (folder, arguments) = (folder.to_owned(), arguments.to_owned());
    let run = move || -> Output {
        Command::new(env!("CARGO_BIN_EXE_tally"))
            .args(arguments.split_whitespace())
            .current_dir(folder)
            .env_remove("TALLY_CONFIG")
            .output()
            .unwrap()
    };
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    let said = if output.stdout.is_empty() { output.stderr } else { output.stdout };
    (output.status.code().unwrap(), String::from_utf8(said).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_the_export_to_the_findings() {
    let world = World::with_loans().await;
    let consent = world.consent(LENDER, &["kh-nid:999888777"]).await;
    world.inquire(LENDER, &[&consent]).await;
    let home = tempfile::tempdir().unwrap();
    let at = home.path();
    for name in [LENDER, "lender-b"] {
        write(&at.join(name), &world.export(name));
    }
    std::fs::write(at.join("node.toml"), format!("network = \"test-net\"\nmember = \"{LENDER}\"\n")).unwrap();
    std::fs::create_dir(at.join("data")).unwrap();
    let socket = UnixListener::bind(at.join("data/tally.sock")).unwrap();
    let shutdown = CancellationToken::new();
    #[expect(clippy::disallowed_methods, reason = "a test owns what it serves")]
    let serving =
        tokio::spawn(serve(socket, router(world.node(LENDER)), ServeLimits::default(), shutdown.clone()));

    let (exit, said) = tally(at, "audit sample lender-c --seed random --count 10 --out sample.json").await;
    assert_eq!(exit, 0, "{said}");
    assert!(said.contains("2 of 2 leaves with points drawn"), "{said}");
    let (exit, said) = tally(at, "audit open sample.json --out binding.jsonl").await;
    assert_eq!(exit, 0, "{said}");
    let mode = std::fs::metadata(at.join("binding.jsonl")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let last = world.node(LENDER).log().head().size - 1;
    let leaf = world.node(LENDER).log().leaves(last, 1).unwrap().pop().unwrap();
    let body = Leaf::from_bytes(&leaf).unwrap().body;
    assert!(matches!(body, LeafBody::BindingMade { leaves: 2, .. }), "{body:?}");
    // A binding is never written over another.
    let (exit, said) = tally(at, "audit open sample.json --out binding.jsonl").await;
    assert_eq!(exit, 2, "{said}");

    let forms = |value: &str| format!("consent,scheme,value\n{},kh-nid,{value}\n", consent.leaf.index);
    std::fs::write(at.join("right.csv"), forms("៩៩៩ 888 777")).unwrap();
    std::fs::write(at.join("wrong.csv"), forms("010203040")).unwrap();
    let check = "audit check-binding binding.jsonl --sample sample.json --export lender-c --export lender-b";
    let (exit, said) = tally(at, &format!("{check} --forms right.csv")).await;
    assert_eq!(exit, 0, "{said}");
    assert!(said.contains("Nothing found.") && said.contains("see it in the next one"), "{said}");
    let (exit, said) = tally(at, &format!("{check} --forms wrong.csv")).await;
    assert_eq!(exit, 1, "{said}");
    let place = format!("{LENDER}, leaf {}: other-person-than-form", consent.leaf.index);
    assert!(said.contains(&place) && !said.contains("999888777"), "{said}");
    let (exit, said) = tally(at, &format!("{check} --forms wrong.csv --json")).await;
    let report: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(exit, 1);
    assert_eq!(report["findings"][0]["rule"], "other-person-than-form");
    assert_eq!(report["made_leaf_seen"], false);
    // A later export has the leaf that the binding was made.
    write(&at.join("later"), &world.export(LENDER));
    let (exit, said) = tally(at, "audit check-binding binding.jsonl --export later --json").await;
    let report: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!((exit, report["made_leaf_seen"].as_bool()), (0, Some(true)), "{said}");
    // What cannot be checked is no finding, and not clean.
    for arguments in [
        "audit check-binding binding.jsonl --export lender-b",
        "audit check-binding binding.jsonl --export data",
        "audit check-binding sample.json --export lender-c",
        "audit check-binding binding.jsonl --export lender-c --forms node.toml",
        "audit sample data --seed random --count 1",
        "audit sample lender-c --seed 00 --count 1",
    ] {
        let (exit, said) = tally(at, arguments).await;
        assert_eq!(exit, 2, "{arguments}: {said}");
    }
    let other_operator =
        tallystick::signing::SigningKey::from_seed(tallystick::secret::SecretBytes::new([5; 32]));
    let key = serde_json::to_value(other_operator.verify_key()).unwrap();
    let arguments =
        format!("audit check-binding binding.jsonl --export lender-c --operator {}", key.as_str().unwrap());
    assert_eq!(tally(at, &arguments).await.0, 2);
    shutdown.cancel();
    serving.await.unwrap();
}
