//! The operator removes a member with the command while every node runs: all follow within seconds, and shut it out.

use std::time::Duration;

use crate::network::{ASKER, HOLDERS, Network, OPERATOR, POLICY, eventually};

/// Longer than a look at the file, and than the pauses between greetings of members.
const WITHIN: Duration = Duration::from_secs(45);

fn version(network: &Network, member: &str) -> u64 {
    network.status(member)["roster_version"].as_u64().unwrap()
}

#[test]
fn a_removal_reaches_the_operators_running_node_and_all_others() {
    let mut network = Network::new(POLICY);
    network.start(&[OPERATOR, HOLDERS[0], HOLDERS[1], HOLDERS[2], ASKER]);
    let before = version(&network, OPERATOR);
    let said = network.run(OPERATOR, &["network", "remove", ASKER, "--yes"]);
    assert!(said.contains(&format!("roster version {}", before + 1)), "{said}");
    eventually(Duration::from_secs(10), "the operator's node follows its own roster", || {
        network.said(OPERATOR).contains("following a newer roster, from its file").then_some(())
    });
    assert_eq!(version(&network, OPERATOR), before + 1);
    for holder in HOLDERS {
        eventually(WITHIN, &format!("{holder} follows"), || {
            (version(&network, holder) == before + 1).then_some(())
        });
    }
    let status = network.status(OPERATOR);
    let present: Vec<&str> = status["members"]
        .as_array()
        .unwrap()
        .iter()
        .map(|member| member["member"].as_str().unwrap())
        .collect();
    assert!(present.contains(&HOLDERS[0]) && !present.contains(&ASKER), "{present:?}");

    // An older roster that is put back into the file is not followed, and the journal says so once.
    let file = network.of(OPERATOR).join("roster.json");
    let newest = std::fs::read(&file).unwrap();
    let older = std::fs::read(network.of(ASKER).join("roster.json")).unwrap();
    assert_ne!(newest, older);
    std::fs::write(&file, &older).unwrap();
    eventually(Duration::from_secs(10), "the older roster is refused", || {
        network.said(OPERATOR).contains("the roster in the file is not followed").then_some(())
    });
    assert_eq!(version(&network, OPERATOR), before + 1);
    std::fs::write(&file, newest).unwrap();
    network.verify_logs();
}
