//! Market figures of a network of real nodes against the plain count over plain books.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "support/circle.rs"]
#[expect(dead_code, reason = "shared with tests that use more of it")]
mod circle;
#[path = "support/person.rs"]
#[expect(dead_code, reason = "shared with tests that use more of it")]
mod person;

use std::collections::{BTreeMap, BTreeSet};

use tallystick::digest::TransactionId;
use tallystick::market::MonthFigures;
use tallystick::model::day::Day;
use tallystick::model::leaf::{Leaf, LeafBody};
use tallystick::model::loan::Loan;
use tallystick::node::{MarketCount, Node};
use tallystick::secret::{Entropy, SeededEntropy, random_array};
use tallystick::store::Reopen;

use circle::{Chance, Circle, Setup, name_of};
use person::{identifier, load, loan};

const MEMBERS: u8 = 5;
const PERSONS: u32 = 160;

fn today() -> Day {
    "2026-11-22".parse().unwrap()
}

fn circle(policy: &str) -> Circle {
    let policy = format!("{}\n{policy}", include_str!("../config/policy-demo.toml"));
    Circle::build(&Setup {
        members: MEMBERS,
        holders: 3,
        threshold: 2,
        policy: &policy,
        today: today(),
        chance: Chance::Seeded(41),
        wire: None,
    })
}

/// A client number of a lender, with the identifiers it has of her.
#[derive(Clone, Debug)]
struct Client {
    lender: u8,
    identifiers: Vec<String>,
}

fn strong(person: u32, which: u32) -> String {
    format!("kh-nid:{which}{person:08}")
}

/// Made-up books. Persons have one to three identity numbers; a lender knows any part of one or two, and of three either
/// all or a certain one, and some lender all. Every fourth shares her neighbour's telephone, and some have two client
/// numbers at one lender.
fn books(entropy: &dyn Entropy) -> Vec<Client> {
    let mut clients = Vec::new();
    let die = |sides: u8| random_array::<1>(entropy)[0] % sides;
    for person in 0..PERSONS {
        let identifiers = 1 + u32::from(die(3));
        let lenders: BTreeSet<u8> = (0..=die(MEMBERS)).map(|_| die(MEMBERS)).collect();
        for (place, lender) in lenders.iter().enumerate() {
            let all = if identifiers == 3 { place == 0 || die(2) == 0 } else { false };
            let known: Vec<u32> = match identifiers {
                1 => vec![0],
                2 => [vec![0], vec![1], vec![0, 1]][usize::from(die(3))].clone(),
                _ if all => vec![0, 1, 2],
                _ => vec![u32::from(die(2))],
            };
            let mut of: Vec<String> = known.iter().map(|which| strong(person, 1 + which)).collect();
            // A second client number, joined by one of her identifiers.
            if die(6) == 0 {
                clients.push(Client { lender: *lender, identifiers: vec![of[0].clone()] });
            }
            if person % 4 < 2 {
                of.push(format!("phone:+855120{:05}", person / 2));
            }
            clients.push(Client { lender: *lender, identifiers: of });
        }
    }
    clients
}

/// The plain count, from the books alone: client numbers that strong identifiers join are one person, known to as many as
/// there are lenders among them.
fn plain_count(clients: &[Client]) -> [i64; 4] {
    let mut person_of: BTreeMap<&str, usize> = BTreeMap::new();
    let mut lenders_of: Vec<BTreeSet<u8>> = Vec::new();
    for client in clients {
        let ids: Vec<&str> =
            client.identifiers.iter().map(String::as_str).filter(|id| id.starts_with("kh-nid:")).collect();
        let joined: BTreeSet<usize> = ids.iter().filter_map(|id| person_of.get(id)).copied().collect();
        let person = lenders_of.len();
        let mut lenders = BTreeSet::from([client.lender]);
        for other in &joined {
            lenders.append(&mut lenders_of[*other]);
        }
        lenders_of.push(lenders);
        person_of.values_mut().filter(|of| joined.contains(of)).for_each(|of| *of = person);
        person_of.extend(ids.into_iter().map(|id| (id, person)));
    }
    let mut counts = [0; 4];
    for lenders in lenders_of.iter().filter(|lenders| !lenders.is_empty()) {
        counts[lenders.len().min(4) - 1] += 1;
    }
    counts
}

fn loan_of(number: usize, client: &Client) -> Loan {
    let mut loan = loan(&format!("L-{number}"), &number.to_string(), &client.identifiers[0], 50_000, today());
    loan.identifiers = client.identifiers.iter().map(|text| identifier(text)).collect();
    loan
}

fn load_books(circle: &Circle, clients: &[Client]) {
    for place in 0..MEMBERS {
        let own = clients.iter().enumerate().filter(|(_, client)| client.lender == place);
        load(&circle.node(&name_of(place)), own.map(|(number, client)| loan_of(number, client)).collect());
    }
}

fn nodes(circle: &Circle) -> Vec<std::sync::Arc<Node>> {
    (0..MEMBERS).map(|place| circle.node(&name_of(place))).collect()
}

fn sum(tallies: impl Iterator<Item = [i64; 4]>) -> [i64; 4] {
    tallies.fold([0; 4], |sum, tally| std::array::from_fn(|class| sum[class] + tally[class]))
}

fn figures(circle: &Circle) -> Vec<MonthFigures> {
    // The operator's.
    circle.node("m-a").market().unwrap().months
}

#[tokio::test]
async fn the_counts_are_the_plain_count_and_noise_stays_within_what_is_stated() {
    let circle = circle("[market]\nsmall_cell = 1\n");
    let clients = books(&SeededEntropy::new(9));
    let plain = plain_count(&clients);
    assert!(plain.iter().all(|count| *count >= 10), "the books test too little: {plain:?}");
    load_books(&circle, &clients);
    circle.settle().await;
    // Locators alone count many persons more than once.
    let rows: u64 = nodes(&circle).iter().map(|node| node.feeds().head(node.me()).unwrap().rows).sum();
    assert!(rows > 2 * u64::try_from(plain.iter().sum::<i64>()).unwrap());
    let nodes = nodes(&circle);
    assert_eq!(sum(nodes.iter().map(|node| node.plain_market_tally().unwrap())), plain);

    assert_eq!(figures(&circle), []);
    for node in &nodes {
        assert!(matches!(node.count_for_market().unwrap(), MarketCount::Counted { covers: 5, of: 5, .. }));
        node.gather_quorum().await.unwrap();
    }
    let shown = figures(&circle);
    assert_eq!((shown.len(), shown[0].complete, shown[0].lenders), (1, true, 5));
    let cells: Vec<u64> = shown[0].classes.iter().map(|class| class.clients.unwrap_or(0)).collect();
    for (cell, count) in cells.iter().zip(plain) {
        assert!(cell.abs_diff(u64::try_from(count).unwrap()) <= shown[0].noise_within, "{cells:?} {plain:?}");
    }
    assert_ne!(cells, plain.map(|count| u64::try_from(count).unwrap()), "there is noise");
    // Every witness has the same, and the counts that left a lender are not the plain ones.
    for node in &nodes[1..] {
        assert_eq!(node.market().unwrap().months, shown);
        let logged = logged(node);
        assert_ne!(logged[0], node.plain_market_tally().unwrap());
    }
}

/// What a node's log says that it counted.
fn logged(node: &Node) -> Vec<[i64; 4]> {
    let size = usize::try_from(node.log().head().size).unwrap();
    let leaves = node.log().leaves(0, size).unwrap();
    let bodies = leaves.iter().map(|bytes| Leaf::from_bytes(bytes).unwrap().body);
    bodies
        .filter_map(|body| match body {
            LeafBody::MarketCounted { clients, .. } => Some(clients),
            _ => None,
        })
        .collect()
}

#[tokio::test]
async fn a_month_is_counted_once_and_the_budget_ends_it() {
    let mut circle = circle("[market]\nepsilon_thousandths = 500\nepsilon_yearly_thousandths = 1000\n");
    let clients = books(&SeededEntropy::new(10));
    load_books(&circle, &clients);
    circle.settle().await;
    assert!(matches!(circle.node("m-b").count_for_market().unwrap(), MarketCount::Counted { .. }));
    let first = logged(&circle.node("m-b"));
    assert_eq!(first.len(), 1);
    for how in [Reopen::Killed, Reopen::PowerCut { unsynced_kept: 0 }] {
        assert_eq!(circle.node("m-b").count_for_market().unwrap(), MarketCount::Done);
        circle.restart("m-b", how);
    }
    assert_eq!(logged(&circle.node("m-b")), first, "nothing is drawn again");
    // The next month, and then the year's budget is spent.
    let node = circle.node("m-b");
    circle.clock.advance(20 * 86_400);
    assert!(matches!(node.count_for_market().unwrap(), MarketCount::Waits { .. }));
    circle.settle().await;
    assert!(matches!(node.count_for_market().unwrap(), MarketCount::Counted { .. }));
    assert_eq!(node.market().unwrap().budget.spent_thousandths, 1_000);
    circle.clock.advance(31 * 86_400);
    circle.settle().await;
    assert_eq!(node.count_for_market().unwrap(), MarketCount::BudgetSpent);
    assert_eq!(logged(&node).len(), 2);
    // A year on there is a budget again.
    circle.clock.advance(330 * 86_400);
    circle.settle().await;
    assert!(matches!(node.count_for_market().unwrap(), MarketCount::Counted { .. }));
}

#[tokio::test]
async fn who_lacks_others_rows_waits_a_week_and_says_so() {
    let circle = circle("");
    let clients = books(&SeededEntropy::new(11));
    // The last lender has loaded nothing yet.
    let loaded: Vec<Client> = clients.iter().filter(|client| client.lender + 1 < MEMBERS).cloned().collect();
    load_books(&circle, &loaded);
    circle.settle().await;
    let node = circle.node("m-b");
    let silent = name_of(MEMBERS - 1).parse().unwrap();
    let waits = MarketCount::Waits { lenders: vec![silent] };
    assert_eq!(node.count_for_market().unwrap(), waits);
    circle.clock.advance(6 * 86_400);
    circle.settle().await;
    assert_eq!(node.count_for_market().unwrap(), waits);
    circle.clock.advance(86_400);
    circle.settle().await;
    assert!(matches!(node.count_for_market().unwrap(), MarketCount::Counted { covers: 4, of: 5, .. }));
    node.gather_quorum().await.unwrap();
    let shown = figures(&circle);
    assert_eq!((shown[0].complete, shown[0].lenders, shown[0].missing.len()), (false, 1, 4));
    assert_eq!(shown[0].partial, vec![node.me().clone()]);
}

#[tokio::test]
async fn withdrawn_clients_leave_the_count_and_a_second_draw_changes_nothing() {
    let circle = circle("[market]\nsmall_cell = 1\n");
    let client = |lender: u8, id: &str| Client { lender, identifiers: vec![id.to_owned()] };
    let shared = strong(7, 1);
    let mut clients: Vec<Client> =
        (0..MEMBERS).map(|lender| client(lender, &strong(u32::from(lender), 1))).collect();
    clients.extend((0..4).map(|lender| client(lender, &shared)));
    load_books(&circle, &clients);
    circle.settle().await;
    let tally = |circle: &Circle| sum(nodes(circle).iter().map(|node| node.plain_market_tally().unwrap()));
    assert_eq!(tally(&circle), [5, 0, 0, 1]);
    // Each of the four corrects the number to another's: what stays under the old one is withdrawn. Whoever counts knows
    // its own withdrawal, not the others'.
    let number = clients.iter().rposition(|client| client.lender == 0).unwrap();
    let moved = Client { lender: 0, identifiers: vec![strong(8, 1)] };
    load(&circle.node("m-a"), vec![loan_of(number, &moved)]);
    circle.settle().await;
    let after = tally(&circle);
    assert_eq!(after.iter().sum::<i64>(), 7, "{after:?}");
    assert!(after == [6, 0, 1, 0] || after == [6, 0, 0, 1], "{after:?}");
    // A lender that logs a second count for the month.
    let node = circle.node("m-b");
    node.count_for_market().unwrap();
    let first = logged(&node)[0];
    let month = "2026-11".parse().unwrap();
    let body =
        LeafBody::MarketCounted { month, epsilon_thousandths: 500, covers: 5, of: 5, clients: [900; 4] };
    let leaf = Leaf::new(node.clock().now(), TransactionId([3; 16]), body);
    node.log().append_one(leaf).unwrap();
    node.gather_quorum().await.unwrap();
    let shown = figures(&circle).remove(0);
    let cells: Vec<u64> = shown.classes.iter().map(|class| class.clients.unwrap_or(0)).collect();
    let expected = first.map(|count| u64::try_from(count).unwrap_or(0));
    assert!(
        cells.iter().zip(expected).all(|(cell, first)| *cell == first || *cell == 0),
        "{cells:?} {first:?}"
    );
}
