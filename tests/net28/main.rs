//! Lenders that nobody can reach, on bad lines: each a process in a network namespace of its own, which reaches the
//! operator's node alone, over a line that is late and loses packets.
//!
//! Five of them with every test run. With 28 and 200,000 records: `tests/net28/run`.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::print_stdout, reason = "figures are what the long run is for")]

#[path = "../processes/book.rs"]
#[expect(dead_code, reason = "shared with tests that use more of it")]
mod book;
mod fault_proxy;
#[path = "../processes/http.rs"]
mod http;
#[path = "../support/members.rs"]
mod members;
mod namespaces;
mod network;
#[path = "../support/ports.rs"]
mod ports;

use std::time::Duration;

use book::nid;
use fault_proxy::Faults;
use members::{OPERATOR, consent_body, eventually, question, transaction};
use namespaces::Namespaces;
use network::{Lines, Network, write_book};
use serde_json::Value;
use tallystick::clock::{Clock as _, SystemClock};

/// Way of the line, one way. A question to a key holder and its reply go over four.
const WAYS_PER_ROUND_TRIP: u32 = 4;

fn loads(network: &Network, each: u32, overlap: u32) {
    std::thread::scope(|scope| {
        for (place, lender) in (0..).zip(&network.lenders) {
            scope.spawn(move || {
                // A few persons are clients of the neighbour as well.
                let first = 1 + place * (each - overlap);
                let file = write_book(&network.members, lender, first..first + each);
                network.members.run(lender, &["import", file.to_str().unwrap(), "--format", "csv"]);
            });
        }
    });
}

/// A consent of a person to one inquiry.
fn consent_of(person: u32) -> Value {
    consent_body(&[("kh-nid", &nid(person))])
}

/// Asks about somebody who is a client of the first two lenders; gives how long the answer took.
fn ask(network: &Network, asker: &str, person: u32) -> Duration {
    let interface = network.members.interface(asker);
    let recorded = interface.good("POST", "/v1/consents", Some(&consent_of(person)));
    assert_eq!(recorded["located"], true, "{recorded}");
    let clock = SystemClock::new();
    let begin = clock.elapsed();
    let question = question(recorded["consent"].as_str().unwrap(), &transaction());
    let answer = interface.good("POST", "/v1/inquiries", Some(&question));
    let took = clock.elapsed().saturating_sub(begin);
    let text = answer.to_string();
    assert!(text.contains("lender-01") && text.contains("lender-02"), "{}: {text}", nid(person));
    assert!(text.contains("200.00"), "both loans: {text}");
    took
}

/// Asks until an answer comes.
fn ask_patiently(network: &Network, asker: &str, person: u32) -> String {
    eventually(Duration::from_secs(60), "an answer", || {
        let interface = network.members.interface(asker);
        let (_, recorded) = interface.post("/v1/consents", &consent_of(person)).ok()?;
        let consent = recorded["consent"].as_str()?;
        let (code, answer) = interface.post("/v1/inquiries", &question(consent, &transaction())).ok()?;
        (code == 201 || code == 200).then(|| answer.to_string())
    })
}

fn lines(members: usize, loss_percent: u32) -> Lines {
    match Namespaces::new(members, loss_percent) {
        Ok(namespaces) => Lines::Namespaces(namespaces),
        Err(why) => {
            println!("without network namespaces, on this machine's loopback alone: {why}");
            Lines::Loopback
        }
    }
}

#[test]
fn five_members_on_bad_lines_report_and_answer() {
    let delay = Duration::from_millis(30);
    // Connections break now and then, and a bit flips: TLS notices, and what was asked is asked again.
    let faults = Faults {
        jitter: delay / 2,
        reset_one_in: 400,
        flip_one_in: 400,
        stall_one_in: 200,
        stall: Duration::from_millis(300),
        seed: 5,
        ..Faults::late(delay)
    };
    let mut network = Network::new(4, 3, 2, lines(4, 5), faults);
    network.start_all();
    loads(&network, 60, 10);
    eventually(Duration::from_secs(90), "every copy equals what was signed", || {
        network.lacking().is_none().then_some(())
    });
    // The persons 51 to 60 are clients of the first two.
    let text = ask_patiently(&network, "lender-04", 55);
    assert!(text.contains("200.00"), "{text}");
    // The hub goes and comes back, and with it everything.
    network.members.kill(OPERATOR);
    network.start(OPERATOR);
    let text = ask_patiently(&network, "lender-03", 56);
    assert!(text.contains("200.00"), "{text}");
    for lender in &network.lenders {
        network.members.run(lender, &["log", "verify"]);
    }
}

#[test]
#[ignore = "takes a quarter of an hour and this machine for itself: tests/net28/run"]
fn twenty_eight_members_share_two_hundred_thousand_records() {
    let (lenders, holders, threshold) = (27u32, 5, 3);
    let records: u32 = std::env::var("NET28_RECORDS").map_or(200_000, |text| text.parse().unwrap());
    let delay = Duration::from_millis(150);
    let clock = SystemClock::new();
    let begin = clock.elapsed();
    let say = |what: &str| {
        println!("{:>7.1} s  {what}", clock.elapsed().saturating_sub(begin).as_secs_f64());
    };
    let namespaces = Namespaces::new(lenders as usize, 5).expect("needs root, ip and nft");
    let mut network = Network::new(
        lenders as usize,
        holders,
        threshold,
        Lines::Namespaces(namespaces),
        Faults::late(delay),
    );
    say("28 members, each but the operator's behind 150 ms one way and 5 % loss each way");
    network.start_all();
    say("all work");
    let each = records.div_ceil(lenders);
    loads(&network, each, each / 10);
    say(&format!("books of {each} loans are loaded everywhere"));
    let mut told = clock.elapsed();
    eventually(Duration::from_secs(1_200), "every copy equals what was signed", || {
        let lacking = network.lacking();
        if clock.elapsed().saturating_sub(told) > Duration::from_secs(20) {
            told = clock.elapsed();
            if let Some(lacking) = &lacking {
                say(lacking);
            }
        }
        std::thread::sleep(Duration::from_secs(1));
        lacking.is_none().then_some(())
    });
    let rows: u64 =
        network.lenders.iter().map(|l| network.members.status(l)["feed_rows"].as_u64().unwrap()).sum();
    assert!(rows >= u64::from(records), "{rows} rows");
    say(&format!("{rows} live rows are at all 28, equal by digest"));

    let round_trip = delay * WAYS_PER_ROUND_TRIP;
    let asker = network.lenders.last().unwrap().clone();
    let shared = each - each / 10 + 1;
    let mut took: Vec<Duration> = (0..20).map(|number| ask(&network, &asker, shared + number)).collect();
    took.sort();
    let trips = |took: Duration| took.as_secs_f64() / round_trip.as_secs_f64();
    let (median, slow) = (trips(took[took.len() / 2]), trips(took[took.len() * 9 / 10]));
    say(&format!(
        "20 inquiries: median {median:.2}, nine in ten within {slow:.2} round trips of {} ms between members",
        round_trip.as_millis()
    ));
    assert!(median <= 3.0, "a median inquiry takes {median:.2} round trips");
}
