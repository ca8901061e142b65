//! Thirty canary clients are loaded, published, consented to, asked about and answered; rows about them that are wrong
//! are rejected and kept. Then every file of every member is searched for their names, identity and telephone numbers,
//! account and client numbers and amounts, however written: nothing is found, and in a plain copy of the book and of
//! the rejected rows everything is.

use std::collections::BTreeSet;
use std::ops::Bound;
use std::path::Path;

use tallystick::config::Config;
use tallystick::daemon::open_store;
use tallystick::store::Scan;

use crate::network::{
    ASKER, BookRow, LENDERS, Network, OFFICER, POLICY, csv, import, open_node, question, small_book,
    transaction,
};
use crate::search::{Needle, Search, amount_needles, files, hash_needles, major, text_needles};

const CANARIES: u64 = 30;
const LENDING: [&str; 2] = ["lender-a", "lender-b"];

/// Parts of names; a name has one of each, so all thirty differ.
const GIVEN: [&str; 6] = ["Sreymom", "Chanthavy", "Bopharoth", "Kunthea", "Ratanakvisal", "Vichearath"];
const FAMILY: [&str; 5] = ["Oumvongsa", "Prumsothear", "Thlangbun", "Keosokhom", "Nguonphally"];

struct Canary {
    name: String,
    nid: String,
    /// As it is typed in the file.
    phone: String,
    /// The loan at each of `LENDING`: account, client, minor units.
    loans: [(String, String, u64); 2],
}

fn canaries() -> Vec<Canary> {
    let canary = |number: u64| {
        let loan = |place: u64| {
            let minor = 1_234_567_890_123 + place * 2_000_000_000_000 + number * 7_919_007_919;
            (
                format!("KONTO-{place}58{}", 21_077 + number * 13),
                format!("KLIENT-{place}77{}", 31_415 + number * 17),
                minor,
            )
        };
        let place = usize::try_from(number).unwrap();
        let name = format!("{} {}", FAMILY[place % FAMILY.len()], GIVEN[place % GIVEN.len()]);
        assert!(name.len() >= 10);
        Canary {
            name,
            nid: format!("{}", 970_315_864 - number * 1_234_567),
            phone: format!("012{}", 397_461 + number * 1_009),
            loans: [loan(0), loan(1)],
        }
    };
    (1..=CANARIES).map(canary).collect()
}

/// The book of one of `LENDING`: thirty good rows, then each again with a kind that there is none of, and again with a
/// field missing.
fn book(place: usize, canaries: &[Canary]) -> String {
    let row = |canary: &Canary| {
        let (account, client, minor) = canary.loans[place].clone();
        BookRow {
            account,
            client,
            name: canary.name.clone(),
            nid: canary.nid.clone(),
            phone: canary.phone.clone(),
            currency: "KHR",
            outstanding: major(minor),
        }
    };
    let text = csv(&canaries.iter().map(row).collect::<Vec<_>>());
    let (header, rows) = text.split_once('\n').unwrap();
    let bad_kind = rows.lines().map(|row| row.replace(",individual,", ",a-kind-of-none,"));
    let short = rows.lines().map(|row| row.replace(",individual,", ","));
    let rows: Vec<String> = rows.lines().map(str::to_owned).chain(bad_kind).chain(short).collect();
    format!("{header}\n{}\n", rows.join("\n"))
}

/// Loads a canary book, and gives the rows that were rejected and kept as one plain text.
fn load(network: &Network, lender: &str, text: &str) -> String {
    let node = open_node(&network.of(lender));
    let outcome = import(&node, text.as_bytes(), &mut |_| ());
    assert_eq!(outcome.held_for, [""; 0]);
    assert_eq!((outcome.load.good, outcome.load.rejected), (CANARIES, 2 * CANARIES));
    let rejects = node.rejects(outcome.load.number).unwrap();
    rejects.iter().map(|reject| reject.row.as_str()).collect::<Vec<_>>().join("\n")
}

/// Texts as they stand in the books of `LENDING`.
fn written(canary: &Canary) -> Vec<String> {
    let mut texts = vec![canary.name.clone(), canary.nid.clone(), canary.phone.clone()];
    texts.extend(canary.loans.iter().flat_map(|(account, client, _)| [account.clone(), client.clone()]));
    texts
}

/// Everything that must not be readable.
fn needles(canaries: &[Canary]) -> Vec<Needle> {
    let of = |canary: &Canary| {
        let mut texts = written(canary);
        // The telephone number's normal form, E.164 without its plus.
        let digits = format!("855{}", canary.phone.strip_prefix('0').unwrap());
        let mut needles: Vec<Needle> = texts.iter().flat_map(|text| text_needles(text)).collect();
        needles.extend(text_needles(&digits));
        // Hashed as they stand, in their normal forms, and as they are written with their schemes.
        texts.extend([
            format!("kh-nid:{}", canary.nid),
            format!("phone:+{digits}"),
            format!("+{digits}"),
            digits,
        ]);
        needles.extend(texts.iter().flat_map(|text| hash_needles(text)));
        needles.extend(canary.loans.iter().flat_map(|(_, _, minor)| amount_needles(*minor)));
        needles
    };
    let officer = text_needles(OFFICER).into_iter().chain(hash_needles(OFFICER));
    canaries.iter().flat_map(of).chain(officer).collect()
}

/// Searches every file under a folder. Gives how many there were, and how many held the control word.
fn search_files(folder: &Path, search: &Search, control: &Search, when: &str) -> (usize, usize) {
    let (mut count, mut controls) = (0, 0);
    for file in files(folder) {
        let bytes = std::fs::read(&file).unwrap();
        let found = search.find(&bytes);
        assert!(found.is_empty(), "{when}: {}: {found:?}", file.display());
        // File names are on the disk too.
        assert!(search.find(file.as_os_str().as_encoded_bytes()).is_empty(), "{when}: {}", file.display());
        count += 1;
        controls += usize::from(!control.find(&bytes).is_empty());
    }
    (count, controls)
}

/// Searches every row of a member's store: blocks on the disk may be compressed, rows are not. Gives how many there
/// were, and how many held the control word.
fn search_rows(member: &Path, search: &Search, control: &Search) -> (usize, usize) {
    let config = Config::load_with(&member.join("node.toml"), &|_| None).unwrap();
    let store = open_store(&config.data, 16).unwrap();
    let (mut count, mut controls) = (0, 0);
    for table in store.backend().tables() {
        let mut after: Option<Vec<u8>> = None;
        loop {
            let start = after.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
            let scan = Scan { prefix: &[], start, reverse: false, limit: 1_000 };
            let rows = store.backend().scan(table, &scan).unwrap();
            let Some((last, _)) = rows.last() else { break };
            after = Some(last.clone());
            for (key, value) in &rows {
                for bytes in [key, value] {
                    let found = search.find(bytes);
                    assert!(found.is_empty(), "{}: a row of {table}: {found:?}", member.display());
                    controls += usize::from(!control.find(bytes).is_empty());
                }
                count += 1;
            }
        }
    }
    store.flush().unwrap();
    (count, controls)
}

/// Searches an export, whose leaves are plain; and a copy into which one thing of each kind was put, where it is found.
fn search_export(folder: &Path, canaries: &[Canary], search: &Search) {
    let kinds = Search::new(text_needles("\"kind\":"));
    let (count, leaves) = search_files(folder, search, &kinds, "exported");
    assert!(count >= 7 && leaves >= 1, "{}: {count} files, {leaves} with leaves", folder.display());
    let bundle = files(&folder.join("tile/entries")).pop().expect("a log has entries");
    let plain = std::fs::read(&bundle).unwrap();
    let canary = &canaries[7];
    let hash = ring::digest::digest(&ring::digest::SHA256, format!("kh-nid:{}", canary.nid).as_bytes());
    for (what, planted) in [
        (format!("{} as UTF-8", canary.name), canary.name.clone()),
        (format!("{} as hex", canary.phone), hex::encode(&canary.phone)),
        (format!("SHA-256 of kh-nid:{} as hex", canary.nid), hex::encode(hash)),
    ] {
        // Where a leaf has a commitment.
        let middle = plain.len() / 2;
        let with = [&plain[..middle], planted.as_bytes(), &plain[middle..]].concat();
        assert!(search.find(&with).contains(what.as_str()), "{what}");
    }
}

#[test]
fn no_disk_tells_who_was_asked_about_or_what_she_owes() {
    let canaries = canaries();
    let search = Search::new(needles(&canaries));
    let mut network = Network::new(POLICY);
    for (place, lender) in LENDING.into_iter().enumerate() {
        let text = book(place, &canaries);
        let rejected = load(&network, lender, &text);
        // In a plain copy of the book all thirty are found, and so they are in the rows that were rejected.
        for (what, plain_copy) in [("the book", &text), ("the rejected rows", &rejected)] {
            let found = search.find(plain_copy.as_bytes());
            for canary in &canaries {
                let (account, client, minor) = &canary.loans[place];
                for plain in [&canary.name, &canary.nid, &canary.phone, account, client] {
                    assert!(found.contains(format!("{plain} as UTF-8").as_str()), "{plain} in {what}");
                }
                let amount = format!("{} as decimal, major units", major(*minor));
                assert!(found.contains(amount.as_str()), "{amount} in {what}");
            }
        }
    }
    for lender in ["lender-c", ASKER] {
        network.load(lender, &small_book(lender, 3));
    }
    network.start(&LENDERS);
    network.wait_until_published();
    for canary in &canaries {
        let consent = network.consent(ASKER, &[("kh-nid", &canary.nid), ("phone", &canary.phone)]);
        let body = question(&consent, &transaction());
        let answered = network.interface(ASKER).good("POST", "/v1/inquiries", Some(&body));
        let lines = answered["answer"]["household"]["lenders"].as_array().unwrap();
        let owed: BTreeSet<&str> = lines
            .iter()
            .flat_map(|line| line["facilities"].as_array().unwrap())
            .map(|facility| facility["outstanding"].as_str().unwrap())
            .collect();
        let want: Vec<String> = canary.loans.iter().map(|(_, _, minor)| major(*minor)).collect();
        assert_eq!(owed, want.iter().map(String::as_str).collect(), "{}", answered["answer"]["household"]);
    }

    // What an auditor is given says no more than what a thief finds.
    for lender in LENDERS {
        let to = network.folder().join("exports").join(lender);
        network.run(lender, &["log", "export", to.to_str().unwrap()]);
        search_export(&to, &canaries, &search);
    }

    // As a thief finds the disks of running machines: much is in write-ahead logs still.
    for lender in LENDERS {
        network.kill(lender);
    }
    // What is no secret stands there, and the search finds it: kinds of leaves of the asker's log.
    let control = Search::new(text_needles("inquiry-answered"));
    let (count, controls) = search_files(network.folder(), &search, &control, "killed");
    assert!(count > 40, "{count} files: were these all disks?");
    assert!(controls > 0, "not even the control word was found");
    // As tables, and then as the files that these tables are in when a node has stopped.
    for lender in LENDERS {
        let (rows, controls) = search_rows(&network.of(lender), &search, &control);
        assert!(rows > 60, "{lender}: {rows} rows");
        assert!(lender != ASKER || controls >= canaries.len(), "{controls} rows with the control word");
    }
    let (again, _) = search_files(network.folder(), &search, &control, "written out");
    assert!(again > 40, "{again} files");
}
