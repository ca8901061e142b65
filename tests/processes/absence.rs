//! Members that are away: a lender whose data gets old in the answers, and key holders without whom nothing opens.

use std::time::Duration;

use serde_json::{Value, json};

use crate::network::{ASKER, LENDERS, Network, POLICY, eventually, nid, question, small_book, transaction};

const PERSONS: u32 = 60;

fn network(policy: &str) -> Network {
    let mut network = Network::new(policy);
    for lender in LENDERS {
        // Two lenders for each person, or the loan would be one lender too many.
        let book = if lender == ASKER || lender == "lender-b" { PERSONS } else { 1 };
        network.load(lender, &small_book(lender, book));
    }
    network.start(&LENDERS);
    network.wait_until_published();
    network
}

/// Asks about one new person after another until an answer is as complete as wanted.
fn answer_that_is(network: &Network, persons: &mut std::ops::Range<u32>, complete: bool) -> Value {
    eventually(Duration::from_secs(25), &format!("an answer that is complete: {complete}"), || {
        std::thread::sleep(Duration::from_millis(300));
        let person = persons.next().expect("persons enough");
        let body = question(&network.consent(ASKER, &[("kh-nid", &nid(person))]), &transaction());
        let answer = network.interface(ASKER).good("POST", "/v1/inquiries", Some(&body))["answer"].take();
        // What is known is in the answer, whoever is away.
        let household = &answer["household"];
        assert_eq!((&household["own"]["active"], &household["others"]["active"]), (&json!(1), &json!(1)));
        (answer["complete"] == complete).then_some(answer)
    })
}

fn coverage_of<'a>(answer: &'a Value, member: &str) -> &'a Value {
    let members = answer["coverage"]["members"].as_array().unwrap();
    members.iter().find(|line| line["member"] == member).unwrap()
}

#[test]
fn a_lender_that_is_not_heard_from_makes_answers_incomplete_until_it_is_back() {
    let policy = POLICY
        .replace("state_interval_seconds = 10", "state_interval_seconds = 1")
        .replace("missing_after_seconds = 60", "missing_after_seconds = 4");
    assert!(
        policy.contains("state_interval_seconds = 1\n") && policy.contains("missing_after_seconds = 4\n")
    );
    let mut network = network(&policy);
    let mut persons = 2..PERSONS;
    let before = answer_that_is(&network, &mut persons, true);
    assert_eq!(before["verdict"]["outcome"], "pass", "{}", before["verdict"]);
    assert_eq!(before["coverage"]["covered"], 4);

    network.stop("lender-b");
    let without = answer_that_is(&network, &mut persons, false);
    assert_eq!(without["verdict"]["outcome"], "refer", "{}", without["verdict"]);
    let reasons = without["verdict"]["reasons"].as_array().unwrap();
    let grave: Vec<&Value> =
        reasons.iter().filter(|reason| reason["outcome"] != "pass").map(|reason| &reason["rule"]).collect();
    assert_eq!(grave, ["incomplete_data"], "{}", without["verdict"]);
    let coverage = &without["coverage"];
    assert_eq!(
        (&coverage["covered"], &coverage["missing"], &coverage["stale"]),
        (&json!(3), &json!(1), &json!(0))
    );
    let line = coverage_of(&without, "lender-b");
    assert_eq!(line["state"], "missing");
    // The answer says since when, and of what day the figures are that it shows all the same.
    assert_eq!(line["as_of"], coverage_of(&before, "lender-b")["as_of"]);
    let heard = line["last_heard"].as_i64().unwrap();
    assert!(heard >= coverage_of(&before, "lender-b")["last_heard"].as_i64().unwrap());
    assert!(without["answered_at"].as_i64().unwrap() - heard > 4, "{line}");

    network.start(&["lender-b"]);
    let after = answer_that_is(&network, &mut persons, true);
    assert_eq!(after["verdict"]["outcome"], "pass", "{}", after["verdict"]);
    assert!(coverage_of(&after, "lender-b")["last_heard"].as_i64().unwrap() > heard);
    network.verify_logs();
}

#[test]
fn one_holder_alone_answers_nothing_and_two_do() {
    let mut network = network(POLICY);
    let consent = network.consent(ASKER, &[("kh-nid", &nid(7))]);
    network.kill("lender-a");
    network.kill("lender-b");
    let (asker, transaction) = (network.interface(ASKER), transaction());
    let body = question(&consent, &transaction);
    for _ in 0..2 {
        let (status, problem) = asker.post("/v1/inquiries", &body).unwrap();
        assert_eq!((status, &problem["code"]), (503, &json!("too-few-holders")), "{problem}");
        assert_eq!((&problem["needed"], &problem["answered"]), (&json!(2), &json!(1)));
        let mut away: Vec<(&str, &str)> = Vec::new();
        for holder in problem["holders"].as_array().unwrap() {
            away.push((holder["member"].as_str().unwrap(), holder["trouble"].as_str().unwrap()));
        }
        away.sort_unstable();
        assert_eq!(away, [("lender-a", "away"), ("lender-b", "away")], "{problem}");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains("lender-a") && detail.contains("lender-b"), "{detail}");
        assert!(problem.get("answer").is_none());
        let (status, recalled) = asker.get(&format!("/v1/inquiries/{transaction}")).unwrap();
        assert_ne!(status, 200, "{recalled}");
    }
    // A consent is recorded all the same: the client is at the counter.
    let later = network.consent(ASKER, &[("kh-nid", &nid(8))]);

    network.start(&["lender-b"]);
    for (consent, body) in [(&consent, body), (&later, question(&later, &crate::network::transaction()))] {
        let answered = asker.good("POST", "/v1/inquiries", Some(&body));
        assert_eq!(answered["answer"]["household"]["others"]["active"], 1, "{answered}");
        let shown = asker.good("GET", &format!("/v1/consents/{consent}"), None);
        assert_eq!(shown["uses_spent"], 1);
    }
    network.start(&["lender-a"]);
    network.verify_logs();
}
