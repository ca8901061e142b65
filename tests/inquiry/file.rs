//! Feeds in a file: to a branch without a link, cut off, altered, old, and of another network.

use tallystick::limits::FEED_PAGE_ROWS_MAX;
use tallystick::model::day::Day;
use tallystick::node::{FeedFileRefused, FeedImported, FeedOutcome, FeedsImported, Node};
use tallystick::wire::feed_file::{
    FeedFileError, FeedFileHeader, FeedFilePage, FeedFileReader, FeedFileWriter,
};

use crate::circle::Circle;
use crate::person::{load, loan};

fn today() -> Day {
    "2026-11-22".parse().unwrap()
}

/// What is held at a node of the named lenders' feeds behind a sequence number, a page after the other.
fn pages(node: &Node, lenders: &[&str], since: u64) -> Vec<FeedFilePage> {
    let mut pages = Vec::new();
    for lender in lenders {
        let lender = lender.parse().unwrap();
        let (mut after, mut last) = (since, false);
        while !last {
            let page = node.export_feed_page(&lender, after).unwrap().unwrap();
            after = page.rows.last().map_or(after, |row| row.sequence);
            last = page.last;
            pages.push(page);
        }
    }
    pages
}

fn file(node: &Node, network: &str, pages: Vec<FeedFilePage>) -> Vec<u8> {
    let header = FeedFileHeader {
        network: network.parse().unwrap(),
        from: node.me().clone(),
        made: node.clock().now(),
    };
    let mut writer = FeedFileWriter::new(Vec::new(), &header).unwrap();
    for page in pages {
        writer.page(page).unwrap();
    }
    writer.finish().unwrap()
}

fn import(node: &Node, file: &[u8]) -> FeedsImported {
    node.import_feeds(&mut &file[..]).unwrap()
}

fn of<'a>(imported: &'a FeedsImported, lender: &str) -> &'a FeedImported {
    imported.feeds.iter().find(|feed| feed.lender.as_str() == lender).unwrap()
}

/// `m-b` lends to 9 clients, `m-c` to more than a page holds; `m-d` has no link.
async fn circle() -> Circle {
    let mut circle = Circle::new(4, 2, 2, include_str!("../../config/policy-demo.toml"), today());
    circle.stop("m-d");
    let book = |prefix: &str, count: usize| {
        let client = |i: usize| loan(&format!("{prefix}-{i}"), &i.to_string(), &id(i), 50_000, today());
        (0..count).map(client).collect::<Vec<_>>()
    };
    load(&circle.node("m-b"), book("B", 9));
    load(&circle.node("m-c"), book("C", FEED_PAGE_ROWS_MAX + 30));
    circle.settle().await;
    circle.start("m-d");
    circle
}

async fn settle_without_branch(circle: &mut Circle) {
    circle.stop("m-d");
    circle.settle().await;
}

fn id(number: usize) -> String {
    format!("kh-nid:9{number:08}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_branch_without_a_link_gets_every_feed_and_then_what_is_new() {
    let mut circle = circle().await;
    let (hub, branch) = (circle.node("m-a"), circle.node("m-d"));
    let whole = file(&hub, "test-net", pages(&hub, &["m-b", "m-c"], 0));
    let imported = import(&branch, &whole);
    assert_eq!((imported.from.as_str(), imported.damage.as_ref()), ("m-a", None));
    for (lender, rows) in [("m-b", 9), ("m-c", FEED_PAGE_ROWS_MAX as u64 + 30)] {
        let feed = of(&imported, lender);
        assert_eq!((feed.outcome, feed.rows), (FeedOutcome::Taken, rows), "{feed:?}");
        let lender = lender.parse().unwrap();
        assert!(branch.feeds().verify(&lender).unwrap());
        let (here, there) = (branch.feeds().head(&lender).unwrap(), hub.feeds().head(&lender).unwrap());
        assert_eq!((here.digest, here.signed), (there.digest, there.signed));
    }
    // The same again, and an old one after a new one, change nothing and are no fault.
    assert!(import(&branch, &whole).feeds.iter().all(|feed| feed.outcome == FeedOutcome::NothingNewer));
    circle.clock.advance(60);
    load(&circle.node("m-b"), vec![loan("B-1", "1", &id(1), 70_000, today())]);
    drop(branch);
    settle_without_branch(&mut circle).await;
    let branch = circle.start("m-d");
    let since = branch.feeds().head(&"m-b".parse().unwrap()).unwrap().sequence;
    let rest = file(&hub, "test-net", pages(&hub, &["m-b"], since));
    let imported = import(&branch, &rest);
    assert_eq!((of(&imported, "m-b").outcome, of(&imported, "m-b").rows), (FeedOutcome::Taken, 1));
    assert!(branch.feeds().verify(&"m-b".parse().unwrap()).unwrap());
    let imported = import(&branch, &whole);
    assert_eq!(of(&imported, "m-b").outcome, FeedOutcome::NothingNewer);
    // The whole file again: rows that are held already are passed over.
    circle.clock.advance(60);
    load(&circle.node("m-c"), vec![loan("C-1", "1", &id(1), 70_000, today())]);
    drop(branch);
    settle_without_branch(&mut circle).await;
    let branch = circle.start("m-d");
    let imported = import(&branch, &file(&hub, "test-net", pages(&hub, &["m-c"], 0)));
    assert_eq!((of(&imported, "m-c").outcome, of(&imported, "m-c").rows), (FeedOutcome::Taken, 1));
    // One's own feed comes from nowhere else.
    let own = circle.node("m-b");
    let imported = import(&own, &whole);
    assert_eq!(of(&imported, "m-b").outcome, FeedOutcome::NothingNewer);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_feed_that_is_refused_leaves_what_is_held_and_keeps_no_other_out() {
    type Change = fn(&mut Vec<FeedFilePage>);
    let circle = circle().await;
    let (hub, branch) = (circle.node("m-a"), circle.node("m-d"));
    let good = pages(&hub, &["m-c", "m-b"], 0);
    let lender = "m-c".parse().unwrap();
    let changes: [(&str, Change); 6] = [
        ("altered", |pages| pages[0].rows[9].sealed.ciphertext[0] ^= 1),
        ("left out", |pages| {
            pages[1].rows.remove(3);
        }),
        ("reordered", |pages| pages[0].rows.swap(1, 2)),
        ("a page is missing", |pages| {
            pages.remove(0);
        }),
        ("cut off before its end", |pages| {
            pages.remove(1);
        }),
        ("another's state", |pages| pages[0].state = pages[2].state.clone()),
    ];
    for (what, change) in changes {
        let mut pages = good.clone();
        change(&mut pages);
        let imported = import(&branch, &file(&hub, "test-net", pages));
        let refused = of(&imported, "m-c");
        assert_eq!((refused.outcome, refused.sequence, refused.rows), (FeedOutcome::Refused, 0, 0), "{what}");
        let why = refused.why.as_ref().unwrap();
        assert!(why.contains("m-c") && (why.contains("copy it again") || why.contains("--since 0")), "{why}");
        assert_ne!(of(&imported, "m-b").outcome, FeedOutcome::Refused, "{what}");
        assert!(branch.feeds().catching_up(&lender).unwrap().is_none());
        assert!(branch.feeds().carrier_faults(&lender).unwrap().is_empty(), "a courier is no member");
    }
    assert_eq!(of(&import(&branch, &file(&hub, "test-net", good)), "m-c").outcome, FeedOutcome::Taken);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_cut_off_or_of_another_network_say_so() {
    let circle = circle().await;
    let (hub, branch) = (circle.node("m-a"), circle.node("m-d"));
    let pages = pages(&hub, &["m-b", "m-c"], 0);
    let whole = file(&hub, "test-net", pages.clone());
    let size = whole.len();
    for cut in [size - 1, size - 3, size - 2_000, size / 2, size / 20] {
        let imported = import(&branch, &whole[..cut]);
        assert!(imported.damage.as_ref().unwrap().contains("cut off"), "{imported:?}");
        let first = of(&imported, "m-b");
        assert_ne!(first.outcome, FeedOutcome::Refused, "{cut}: {first:?}");
        for lender in ["m-b", "m-c"] {
            assert!(branch.feeds().verify(&lender.parse().unwrap()).unwrap());
        }
    }
    let foreign = file(&hub, "other-net", pages);
    let error = branch.import_feeds(&mut &foreign[..]).unwrap_err();
    assert!(matches!(error, FeedFileRefused::OtherNetwork { .. }), "{error}");
    let error = branch.import_feeds(&mut &b"not a feed file"[..]).unwrap_err();
    assert!(matches!(error, FeedFileRefused::File(FeedFileError::OtherFile)), "{error}");
    assert_eq!(FeedFileReader::new(&whole[..]).unwrap().header().from.as_str(), "m-a");
}
