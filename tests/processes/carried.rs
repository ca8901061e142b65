//! Feeds that others than their lenders carry, between real processes: in a file, and from another member over TLS.

use std::time::Duration;

use serde_json::Value;

use crate::network::{ASKER, HOLDERS, Network, POLICY, eventually, small_book};

fn feed<'a>(imported: &'a Value, lender: &str) -> &'a Value {
    imported["feeds"].as_array().unwrap().iter().find(|feed| feed["lender"] == lender).unwrap()
}

#[test]
fn a_new_member_gets_feeds_from_a_file_and_from_whoever_has_them() {
    let mut network = Network::new(POLICY);
    for lender in HOLDERS {
        network.load(lender, &small_book(lender, 3));
    }
    network.start(&HOLDERS);
    network.wait_until_published();
    let file = network.folder().join("feeds.tally");
    let file = file.to_str().unwrap();
    let said = network.run("lender-b", &["feed", "export", file, "--lender", "lender-b"]);
    assert!(said.contains("lender-b: ") && said.contains("written"), "{said}");

    // The new member does not run yet: its store is opened here.
    let imported = network.run(ASKER, &["feed", "import", file, "--json"]);
    let imported: Value = serde_json::from_str(&imported).unwrap();
    assert_eq!((&imported["from"], &imported["damage"]), (&"lender-b".into(), &Value::Null));
    assert_eq!(feed(&imported, "lender-b")["outcome"], "taken", "{imported}");
    let rows = feed(&imported, "lender-b")["rows"].as_u64().unwrap();
    assert!(rows > 0);

    // One lender goes away before the new member has ever met it.
    network.stop("lender-a");
    network.start(&[ASKER]);
    eventually(Duration::from_secs(60), "the feed of a lender that is away", || {
        let status = network.interface(ASKER).good("GET", "/v1/status", None);
        let members = status["members"].as_array().unwrap();
        let of = |lender: &str| members.iter().find(|member| member["member"] == lender).unwrap();
        let (away, there) = (of("lender-a"), of("lender-b"));
        let carried = ["lender-b", "lender-c"].iter().any(|carrier| away["carrier"] == *carrier);
        (carried && away["rows"].as_u64() > Some(0) && there["rows"] == rows).then_some(())
    });
    // The running node takes a file as well, and what it has is nothing new.
    let said = network.run(ASKER, &["feed", "import", file]);
    assert!(said.contains("lender-b: nothing newer"), "{said}");
    network.verify_logs();
}
