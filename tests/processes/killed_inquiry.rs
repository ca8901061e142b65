//! The asker, or a key holder that is needed, is killed while an inquiry is under way. The same call again gives the
//! answer, and one use is counted, whenever the kill came.

use std::time::Duration;

use serde_json::{Value, json};
use tallystick::secret::{SystemEntropy, random_array};

use crate::http::Interface;
use crate::is_long;
use crate::network::{
    ASKER, HOLDERS, LENDERS, Network, POLICY, nid, question, small_book, timed, transaction,
};

const PERSONS: u32 = 40;

fn network() -> Network {
    let mut network = Network::new(POLICY);
    for lender in LENDERS {
        network.load(lender, &small_book(lender, PERSONS));
    }
    network.start(&LENDERS);
    network.wait_until_published();
    network
}

/// How long an undisturbed inquiry takes, all connections being there.
fn undisturbed(network: &Network) -> Duration {
    let mut last = Duration::ZERO;
    for person in [PERSONS, PERSONS - 1] {
        let body = question(&network.consent(ASKER, &[("kh-nid", &nid(person))]), &transaction());
        let asker = network.interface(ASKER);
        let (answered, took) = timed(|| asker.good("POST", "/v1/inquiries", Some(&body)));
        check_answer(&answered);
        last = took;
    }
    last
}

/// Every lender's loan is in it.
fn check_answer(answered: &Value) {
    let household = &answered["answer"]["household"];
    assert_eq!(answered["answer"]["complete"], true, "{answered}");
    assert_eq!((&household["own"]["active"], &household["others"]["active"]), (&json!(1), &json!(3)));
}

/// Moments spread over a little more than the whole inquiry, each moved at random within its part.
fn moment(round: u32, rounds: u32, whole: Duration) -> Duration {
    let chance = f64::from(u32::from_be_bytes(random_array(&SystemEntropy::new()))) / f64::from(u32::MAX);
    whole.mul_f64(1.1 * (f64::from(round) + chance) / f64::from(rounds))
}

/// One inquiry during which a member is killed after `delay`. Gives whether the call had no answer.
fn round(
    network: &mut Network,
    person: u32,
    victim: &'static str,
    delay: Duration,
    back_first: bool,
) -> bool {
    let consent = network.consent(ASKER, &[("kh-nid", &nid(person))]);
    let transaction = transaction();
    let body = question(&consent, &transaction);
    let (asker, sent) = (network.interface(ASKER), body.clone());
    let call = std::thread::spawn(move || asker.post("/v1/inquiries", &sent));
    std::thread::sleep(delay);
    network.kill(victim);
    let first = call.join().unwrap();
    if back_first {
        network.start(&[victim]);
    }
    let place = format!("{victim} killed after {delay:?}, person {person}, before: {first:?}");

    let asker: Interface = network.interface(ASKER);
    let (status, again) = asker.post("/v1/inquiries", &body).unwrap();
    assert_eq!(status, 200, "{place}: {again}");
    check_answer(&again);
    if let Ok((200, first)) = &first {
        assert_eq!(first["signed"], again["signed"], "{place}: another answer");
    }
    let third = asker.good("POST", "/v1/inquiries", Some(&body));
    assert_eq!(third["signed"], again["signed"], "{place}: another answer");

    let shown = asker.good("GET", &format!("/v1/consents/{consent}"), None);
    assert_eq!((&shown["uses_spent"], &shown["state"]), (&json!(1), &json!("used-up")), "{place}");
    for kind in ["inquiry-opened", "inquiry-answered"] {
        assert_eq!(network.leaves(ASKER, kind, &transaction), 1, "{place}: {kind}");
    }
    // Another inquiry under the consent is refused.
    let other = question(&consent, &crate::network::transaction());
    let (status, refused) = asker.post("/v1/inquiries", &other).unwrap();
    assert_eq!((status, &refused["code"]), (409, &json!("used-up")), "{place}: {refused}");
    if !back_first {
        network.start(&[victim]);
    }
    !matches!(first, Ok((200, _)))
}

#[test]
fn an_asker_killed_at_any_moment_asks_again_and_one_use_is_counted() {
    let mut network = network();
    let whole = undisturbed(&network);
    let rounds = if is_long() { 36 } else { 12 };
    let mut interrupted = 0;
    for number in 0..rounds {
        let delay = moment(number, rounds, whole);
        interrupted += u32::from(round(&mut network, number + 1, ASKER, delay, true));
    }
    assert!(interrupted > 0, "no kill came in time: this tested nothing");
    network.verify_logs();
}

#[test]
fn a_needed_holder_killed_at_any_moment_is_replaced_by_the_third() {
    let mut network = network();
    let whole = undisturbed(&network);
    let rounds = if is_long() { 36 } else { 9 };
    for number in 0..rounds {
        let delay = moment(number, rounds, whole);
        let victim = HOLDERS[number as usize % HOLDERS.len()];
        // The call is repeated while the victim is still down: two of three are enough.
        round(&mut network, number + 1, victim, delay, false);
    }
    network.verify_logs();
}
