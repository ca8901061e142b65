use std::collections::HashMap;

use super::*;
use crate::model::identifier::{SchemeId, SchemeSet};

fn lenders(count: usize) -> Vec<MemberId> {
    (0..count)
        .map(|i| format!("lender-{}", char::from(b'a' + u8::try_from(i).unwrap())).parse().unwrap())
        .collect()
}

fn today() -> Day {
    "2026-11-22".parse().unwrap()
}

fn rows(csv: &str) -> Vec<HashMap<&str, &str>> {
    let mut lines = csv.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            assert_eq!(cells.len(), header.len(), "{line}");
            header.iter().copied().zip(cells).collect()
        })
        .collect()
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let (a, b) = (make(7, &lenders(4), 60, today()), make(7, &lenders(4), 60, today()));
    assert_eq!(a.csv, b.csv);
    assert_eq!(a.plain_books, b.plain_books);
    assert_eq!(a.people, b.people);
    let other = make(8, &lenders(4), 60, today());
    assert_ne!(a.csv, other.csv);
}

#[test]
fn people_overlap_as_promised() {
    let books = make(1, &lenders(8), 1_000, today());
    let per_mille = |held_by: std::ops::RangeInclusive<usize>| {
        let found = books.people.iter().filter(|p| held_by.contains(&p.lenders.len())).count();
        found * 1_000 / books.people.len()
    };
    for (held_by, low, high) in [(1..=1, 520, 580), (2..=2, 220, 280), (3..=3, 90, 150), (4..=5, 60, 100)] {
        let found = per_mille(held_by.clone());
        assert!((low..=high).contains(&found), "{held_by:?} lenders: {found} of a thousand");
    }
    for lender in lenders(8) {
        assert_eq!(books.people.iter().filter(|p| p.lenders.contains(&lender)).count(), 1_000);
    }
}

#[test]
fn small_networks_work_too() {
    assert!(make(1, &[], 10, today()).people.is_empty());
    assert_eq!(make(1, &lenders(1), 10, today()).people.len(), 10);
    let none = make(1, &lenders(3), 0, today());
    assert_eq!(none.csv.len(), 3);
    assert!(none.csv.values().all(|csv| csv.lines().count() == 1));
}

#[test]
fn every_spelling_is_its_person() {
    let schemes = SchemeSet::new();
    let (nid, phone): (SchemeId, SchemeId) = ("kh-nid".parse().unwrap(), "phone".parse().unwrap());
    let books = make(3, &lenders(5), 400, today());
    let people: HashMap<&str, &SamplePerson> = books.people.iter().map(|p| (p.kh_nid.as_str(), p)).collect();
    assert_eq!(people.len(), books.people.len(), "an identity number twice");
    let (mut spelt_otherwise, mut without_phone) = (0, 0);
    for (lender, csv) in &books.csv {
        for row in rows(csv) {
            let parsed = schemes.parse(&nid, row["kh-nid"]).unwrap();
            spelt_otherwise += usize::from(parsed.value() != row["kh-nid"]);
            let person = people[parsed.value()];
            assert!(person.lenders.contains(lender));
            if row["phone"].is_empty() {
                without_phone += 1;
            } else {
                let parsed = schemes.parse(&phone, row["phone"]).unwrap();
                assert_eq!(Some(parsed.value()), person.phone.as_deref());
            }
        }
    }
    assert!(spelt_otherwise > 500 && without_phone > 200, "{spelt_otherwise} {without_phone}");
}

#[test]
fn figures_hang_together() {
    let today = today();
    let books = make(5, &lenders(4), 500, today);
    let mut seen: HashMap<String, usize> = HashMap::new();
    for row in books.csv.values().flat_map(|csv| rows(csv)) {
        let amount = |column: &str| row[column].parse::<f64>().unwrap_or(0.0);
        let day = |column: &str| row[column].parse::<Day>().ok();
        let late = row["days_past_due"].parse::<u32>().unwrap_or(0);
        assert!(amount("outstanding") <= amount("disbursed"), "{row:?}");
        assert!(amount("overdue") <= amount("outstanding"), "{row:?}");
        assert!(day("opened").unwrap() < today && day("as_of") == Some(books.as_of), "{row:?}");
        assert!(day("matures").is_none_or(|matures| matures > day("opened").unwrap()), "{row:?}");
        assert!(late <= row["days_past_due_worst"].parse::<u32>().unwrap(), "{row:?}");
        match row["status"] {
            "current" | "restructured" => {
                assert!(amount("outstanding") > 0.0 && amount("overdue") == 0.0 && late == 0, "{row:?}");
                // A running loan that is not late has not yet come to its end.
                assert!(day("matures").is_none_or(|matures| matures >= books.as_of), "{row:?}");
            }
            "delinquent" => assert!(amount("overdue") > 0.0 && late > 0, "{row:?}"),
            "written-off" => {
                assert!(amount("written_off") > 0.0 && late > 180, "{row:?}");
                assert!(day("written_off_on").unwrap() > day("opened").unwrap(), "{row:?}");
            }
            "closed" => {
                assert!(amount("outstanding") == 0.0, "{row:?}");
                assert!(day("closed").unwrap() >= day("opened").unwrap(), "{row:?}");
            }
            other => panic!("{other}"),
        }
        for column in ["status", "kind", "currency", "frequency"] {
            *seen.entry(format!("{column} {}", row[column])).or_default() += 1;
        }
    }
    for wanted in [
        "status current",
        "status delinquent",
        "status restructured",
        "status written-off",
        "status closed",
        "kind individual",
        "kind group-member",
        "kind group",
        "kind guarantor",
        "currency KHR",
        "currency USD",
        "frequency monthly",
        "frequency weekly",
        "frequency fortnightly",
        "frequency bullet",
    ] {
        assert!(seen.get(wanted).is_some_and(|count| *count > 5), "{wanted}: {seen:?}");
    }
}

#[test]
fn the_plain_books_hold_the_same_loans() {
    let books = make(9, &lenders(3), 50, today());
    let plain: serde_json::Value = serde_json::from_str(&books.plain_books).unwrap();
    let by_lender: HashMap<&str, &serde_json::Value> = plain["books"]
        .as_array()
        .unwrap()
        .iter()
        .map(|book| (book["lender"].as_str().unwrap(), book))
        .collect();
    for (lender, csv) in &books.csv {
        let rows = rows(csv);
        let by_account: HashMap<&str, &HashMap<&str, &str>> =
            rows.iter().map(|row| (row["account"], row)).collect();
        let clients = by_lender[lender.as_str()]["clients"].as_array().unwrap();
        assert_eq!(clients.len(), 50);
        let mut found = 0;
        for client in clients {
            let person = books.people.iter().find(|p| p.key() == client["person"].as_str().unwrap()).unwrap();
            assert_eq!(client["identifiers"]["kh-nid"].as_str().unwrap(), person.kh_nid);
            for loan in client["loans"].as_array().unwrap() {
                let row = by_account[loan["account"].as_str().unwrap()];
                assert_eq!(client["client"].as_str().unwrap(), row["client"]);
                for column in ["status", "kind", "currency", "outstanding", "opened"] {
                    assert_eq!(loan[column].as_str().unwrap(), row[column]);
                }
                assert_eq!(loan.get("instalment").is_none(), row["instalment"].is_empty());
                found += 1;
            }
        }
        assert_eq!(found, rows.len());
    }
}
