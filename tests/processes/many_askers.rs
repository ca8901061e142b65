//! Sixteen officers ask at once while their node is killed again and again: no answer was let out of the node without
//! its leaf, and none without the leaves of the key holders.

use std::time::Duration;

use tallystick::secret::{SystemEntropy, random_array};

use crate::is_long;
use crate::network::{ASKER, LENDERS, Network, POLICY, eventually, small_book};
use crate::officers::Officers;

const ASKERS: usize = 16;
const PERSONS: u32 = 60;

#[test]
fn no_answer_leaves_a_node_that_is_killed_without_its_leaf() {
    let (inquiries, kills) = if is_long() { (1_000, 100) } else { (240, 12) };
    let mut network = Network::new(POLICY);
    for lender in LENDERS {
        network.load(lender, &small_book(lender, PERSONS));
    }
    network.start(&LENDERS);
    network.wait_until_published();

    let officers = Officers::begin(&network, ASKERS, PERSONS, Duration::ZERO);
    for kill in 0..kills {
        let [high, low] = random_array::<2>(&SystemEntropy::new());
        std::thread::sleep(Duration::from_millis(20 + u64::from(u16::from_be_bytes([high, low])) % 500));
        network.kill(ASKER);
        network.start(&[ASKER]);
        // Some work has to be done between two kills, or nothing is tested.
        let before = officers.answered();
        eventually(Duration::from_secs(60), &format!("an answer after kill {kill}"), || {
            (officers.answered() > before).then_some(())
        });
    }
    eventually(Duration::from_secs(300), "every inquiry", || {
        (officers.answered() >= inquiries).then_some(())
    });
    officers.end(&network);
    network.verify_logs();
}
