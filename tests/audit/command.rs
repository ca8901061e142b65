//! `tally audit verify` on folders on disk: exit codes, both forms of the report, the operator's fingerprint.

use std::path::Path;
use std::process::{Command, Output};

use tallystick::audit::{Report, Rule};
use tallystick::model::leaf::LeafReference;

use crate::honest::busy;
use crate::world::{Files, World, id};

fn write(folder: &Path, files: &Files) {
    for (path, bytes) in files {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

fn tally(top: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tally"));
    let Output { status, stdout, stderr } =
        command.current_dir(top).args(["audit", "verify"]).args(arguments).output().unwrap();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

#[test]
fn clean_found_and_unchecked() {
    let mut world: World = busy();
    let top = tempfile::tempdir().unwrap();
    for (name, files) in world.export_all() {
        write(&top.path().join(name), &files);
    }
    let all = ["lender-a", "lender-b", "lender-c", "lender-d", "op"];
    let (code, out, err) = tally(top.path(), &all);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert!(out.contains("Compare this fingerprint") && out.ends_with("\nNothing found.\n"), "{out}");
    assert!(out.contains("40 openings against their consents"), "{out}");
    let fingerprint = out.lines().next().unwrap().rsplit(' ').next().unwrap().to_owned();
    let (code, out, _) = tally(top.path(), &[&all[..], &["--operator", &fingerprint]].concat());
    assert_eq!(code, 0);
    assert!(!out.contains("Compare this fingerprint"), "{out}");
    let key = serde_json::to_value(world.operator.verify_key()).unwrap();
    assert_eq!(tally(top.path(), &["op", "--operator", key.as_str().unwrap()]).0, 0);
    let other = fingerprint.replace(&fingerprint[..4], "0000");
    let (code, out, err) = tally(top.path(), &["op", "--operator", &other]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("--operator"), "{err}");

    // An older checkpoint and a sample of the auditor's.
    std::fs::copy(top.path().join("lender-d/checkpoint"), top.path().join("kept")).unwrap();
    let mut draw = Command::new(env!("CARGO_BIN_EXE_tally"));
    let drawn = ["audit", "sample", "lender-d", "--seed", "random", "--count", "3", "--out", "sample.json"];
    assert!(draw.current_dir(top.path()).args(drawn).status().unwrap().success());
    let more = ["lender-d", "--older", "kept", "--sample", "sample.json", "--from", "2026-11-01"];
    assert_eq!(tally(top.path(), &more).0, 0);

    let nothing = LeafReference { index: 3, hash: world.random() };
    let points = world.points(16);
    let body = world.opening_body(nothing, 1, points);
    let opened = world.open_with("lender-d", body);
    std::fs::remove_dir_all(top.path().join("lender-d")).unwrap();
    write(&top.path().join("lender-d"), &world.export("lender-d"));
    let (code, out, _) = tally(top.path(), &all);
    assert_eq!(code, 1);
    let line = format!("\nFINDINGS: 1\n  lender-d, leaf {}: opening-without-consent\n", opened.leaf.index);
    assert!(out.contains(&line), "{out}");
    let (code, out, _) = tally(top.path(), &[&all[..], &["--json"]].concat());
    assert_eq!(code, 1);
    let report: Report = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (report.findings[0].rule, report.findings[0].leaf),
        (Rule::OpeningWithoutConsent, Some(opened.leaf.index))
    );
    assert_eq!(report.findings[0].institution, id("lender-d"));
    assert!(out.contains("\"rule\": \"opening-without-consent\""), "{out}");

    std::fs::write(top.path().join("op/checkpoint"), "no note").unwrap();
    let (code, out, _) = tally(top.path(), &["op"]);
    assert_eq!(code, 2);
    assert!(out.contains("COULD NOT BE CHECKED") && out.contains("op: checkpoint: "), "{out}");
    for wrong in [&["absent"][..], &["kept"], &["op", "--older", "absent"], &["op", "--sample", "kept"], &[]]
    {
        let (code, _, err) = tally(top.path(), wrong);
        assert!(code == 2 && !err.is_empty(), "{wrong:?}: {err}");
    }
}

#[test]
fn every_rule_stands_in_the_document() {
    let document = include_str!("../../docs/AUDIT.md");
    for rule in Rule::ALL {
        assert!(document.contains(&format!("\n| `{rule}` | ")), "{rule}");
    }
}
