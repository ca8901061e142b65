//! A follower is killed again and again while it catches up on a large feed, and the lender while it publishes one. What
//! the follower holds in the end is what the lender signed.

use std::time::Duration;

use tallystick::secret::{SystemEntropy, random_array};

use crate::copies::{check_copies, check_standing};
use crate::is_long;
use crate::network::{
    ASKER, BookRow, LENDERS, Network, OPERATOR, POLICY, csv, eventually, nid, small_book, timed,
};

const LENDER: &str = "lender-a";
/// Publishing 50,000 new clients, on a machine that does something else besides.
const PUBLISH_WAIT: Duration = Duration::from_secs(900);

fn book(loans: u32, cents: u32) -> String {
    let row = |number| BookRow {
        nid: nid(number),
        outstanding: format!("100.{cents:02}"),
        ..BookRow::small("A", number)
    };
    csv(&(1..=loans).map(row).collect::<Vec<_>>())
}

/// The sequence number up to which a member has the lender's feed, and whether all of the book is published.
fn sequence(network: &Network, member: &str) -> u64 {
    let status = network.interface(member).good("GET", "/v1/status", None);
    let members = status["members"].as_array().unwrap();
    members.iter().find(|other| other["member"] == LENDER).unwrap()["sequence"].as_u64().unwrap()
}

/// Waits until the lender has published all of its book, and gives the sequence number of its feed then.
fn published(network: &Network) -> u64 {
    eventually(PUBLISH_WAIT, "all clients are published", || {
        let status = network.interface(LENDER).good("GET", "/v1/status", None);
        (status["clients_waiting"] == 0).then(|| status["feed_sequence"].as_u64().unwrap())
    })
}

fn import(network: &Network, loans: u32, cents: u32) {
    let file = network.folder().join("book.csv");
    std::fs::write(&file, book(loans, cents)).unwrap();
    network.run(LENDER, &["import", file.to_str().unwrap(), "--format", "csv", "--full-portfolio"]);
}

fn chance() -> f64 {
    f64::from(u32::from_be_bytes(random_array(&SystemEntropy::new()))) / f64::from(u32::MAX)
}

#[test]
fn a_follower_killed_while_it_catches_up_holds_what_was_signed_in_the_end() {
    let (loans, waves, kills) = if is_long() { (50_000, 4, 6) } else { (6_000, 1, 4) };
    let mut network = Network::new(POLICY);
    network.load(LENDER, &book(loans, 0));
    for lender in &LENDERS[1..] {
        network.load(lender, &small_book(lender, 3));
    }
    let others: Vec<&str> = LENDERS.into_iter().filter(|lender| *lender != ASKER).collect();
    network.start(&[OPERATOR]);
    network.start(&others);
    let target = published(&network);
    // Undisturbed, from nothing.
    network.start(&[ASKER]);
    let caught_up = |network: &Network, target: u64| {
        eventually(PUBLISH_WAIT, "the follower has caught up", || {
            (sequence(network, ASKER) >= target).then_some(())
        });
    };
    let ((), whole) = timed(|| caught_up(&network, target));

    let mut in_time = 0;
    for wave in 1..=waves {
        network.stop(ASKER);
        import(&network, loans, wave);
        // Every other time the lender is killed as well, in the middle of publishing.
        if wave % 2 == 0 {
            std::thread::sleep(Duration::from_secs(1).mul_f64(2.0 * chance()));
            network.kill(LENDER);
            network.start(&[LENDER]);
        }
        let target = published(&network);
        for kill in 0..kills {
            network.start(&[ASKER]);
            // It goes on where it was, so that each has a part of the whole before it.
            std::thread::sleep(whole.mul_f64(1.5 * chance() / f64::from(kills)));
            let reached = sequence(&network, ASKER);
            network.kill(ASKER);
            in_time += u32::from(reached < target);
            println!("wave {wave}, kill {kill}: at {reached} of {target}");
        }
        network.start(&[ASKER]);
        caught_up(&network, target);
        network.wait_until_published();
        network.verify_logs();
        check_standing(&network, &format!("wave {wave}"));
    }
    assert!(in_time > 0, "no kill came in time: this tested nothing");
    check_copies(&mut network);
}
