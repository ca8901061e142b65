//! Made-up books from a seed, as the JSON that the oracle reads.
//!
//! Nobody in them exists. Figures are drawn so that limits, window ends and missing values are hit often.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use tallystick::clock::UnixTime;
use tallystick::model::day::Day;
use tallystick::model::money::Currency;
use tallystick::model::policy::Policy;
use tallystick::secret::{SeededEntropy, random_array};

const DAY: i64 = 86_400;
/// 2026-11-22T10:26:40Z.
const NOW: i64 = 1_795_343_200;
const LENDERS: usize = 11;

/// Chance from a seed.
pub(crate) struct Dice(SeededEntropy);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(SeededEntropy::new(seed))
    }

    /// A number from 0 to `n` - 1.
    pub(crate) fn below(&self, n: u64) -> u64 {
        u64::from_be_bytes(random_array(&self.0)) % n
    }

    pub(crate) fn percent(&self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn pick<'a, T>(&self, from: &'a [T]) -> &'a T {
        &from[usize::try_from(self.below(from.len() as u64)).unwrap()]
    }

    pub(crate) fn shuffle<T>(&self, items: &mut [T]) {
        for index in (1..items.len()).rev() {
            items.swap(index, usize::try_from(self.below(index as u64 + 1)).unwrap());
        }
    }
}

fn lender(index: usize) -> String {
    format!("lender-{}", char::from(b'a' + u8::try_from(index).unwrap()))
}

/// Draws the books, the footprints and `questions` questions.
pub(crate) fn draw(dice: &Dice, policy: &Policy, questions: usize) -> Value {
    let mut maker = Maker {
        dice,
        policy,
        currencies: policy.currencies.pinned.keys().copied().collect(),
        books: (0..LENDERS).map(|index| (lender(index), Vec::new())).collect(),
        footprints: Vec::new(),
        disputes: Vec::new(),
        weak: Vec::new(),
        next: 0,
    };
    let questions: Vec<Value> = (0..questions).map(|index| maker.question(index)).collect();
    let books: Vec<Value> = maker
        .books
        .into_iter()
        .map(|(lender, clients)| json!({"lender": lender, "clients": clients}))
        .collect();
    json!({
        "policy": serde_json::to_value(policy).unwrap(),
        "members": members(dice, policy, true),
        "books": books,
        "footprints": maker.footprints,
        "disputes": maker.disputes,
        "weak": maker.weak,
        "questions": questions,
    })
}

fn members(dice: &Dice, policy: &Policy, fresh: bool) -> Vec<Value> {
    let today = Day::of(UnixTime(NOW));
    let stale = i32::try_from(policy.freshness.stale_after_days).unwrap();
    let silent = i64::from(policy.freshness.missing_after_seconds);
    let ages = if fresh { vec![0, 1, -1] } else { vec![0, stale, stale + 1, -1, -2, 400] };
    let silences = if fresh { vec![0, 5, -3] } else { vec![0, silent, silent + 1, 10 * silent] };
    let one = |index: usize| {
        let age = *dice.pick(&ages);
        let quiet = *dice.pick(&silences);
        let never = !fresh && dice.percent(5);
        json!({
            "member": lender(index),
            "name": format!("Lender {index}"),
            "reports": index != LENDERS - 1,
            "as_of": (!never).then(|| today.plus_days(-age).to_string()),
            "last_heard": (!never || dice.percent(50)).then_some(NOW - quiet),
        })
    };
    (0..LENDERS).map(one).collect()
}

struct Maker<'a> {
    dice: &'a Dice,
    policy: &'a Policy,
    currencies: Vec<Currency>,
    books: BTreeMap<String, Vec<Value>>,
    footprints: Vec<Value>,
    disputes: Vec<Value>,
    weak: Vec<Value>,
    next: u32,
}

impl Maker<'_> {
    fn number(&mut self) -> u32 {
        self.next += 1;
        self.next
    }

    /// An amount of about a microloan's size: `share` percent of 2,000 reference units at most.
    fn amount(&self, currency: Currency, share: u64) -> String {
        let (rate, _) = self.policy.rate(currency).unzip();
        let rate = rate.map_or(1_000_000, |rate| u128::from(rate.millionths()));
        // INR and KES are not dollars; what matters is that limits are met from both sides.
        let scale = match self.policy.currencies.reference.code() {
            "USD" => 30,
            _ => 1_200,
        };
        let exponent = self.policy.exponent(currency).unwrap();
        let span = u128::from(share) * scale * rate * 10u128.pow(u32::from(exponent)) / 1_000_000;
        let minor = u64::try_from(span.max(2)).unwrap();
        let round = self.dice.percent(30);
        let minor = self.dice.below(minor);
        let minor = if round { minor / 1_000 * 1_000 } else { minor };
        tallystick::model::money::format_minor(i128::from(minor), exponent)
    }

    fn question(&mut self, index: usize) -> Value {
        let asker = lender(usize::try_from(self.dice.below(LENDERS as u64)).unwrap());
        let applicant = self.person();
        let mut persons = vec![("applicant", applicant.clone())];
        if self.dice.percent(3) {
            persons[0].0 = "guarantor";
        } else {
            if self.dice.percent(35) {
                let spouse = self.person();
                self.share_a_loan(&applicant, &spouse);
                persons.push(("spouse", spouse));
            }
            if self.dice.percent(15) {
                persons.push(("guarantor", self.person()));
            }
            if self.dice.percent(8) {
                let member = self.person();
                self.share_a_loan(&applicant, &member);
                persons.push(("household-member", member));
            }
        }
        let this_footprint = self.dice.percent(80).then(|| self.footprint(&asker, &applicant, 0));
        let request = self.request(&asker, &persons);
        let persons: Vec<Value> = persons
            .iter()
            .enumerate()
            .map(|(at, (role, person))| {
                let matched = match self.dice.below(4) {
                    0 => json!([]),
                    1 => json!([{"scheme": "phone", "strong": false}]),
                    2 => json!([{"scheme": "phone", "strong": false}, {"scheme": "ke-id", "strong": true}]),
                    _ => json!([{"scheme": "kh-nid", "strong": true}]),
                };
                json!({"role": role, "person": person, "consent": format!("consent-{at}"), "matched": matched})
            })
            .collect();
        let mut question = json!({
            "id": format!("q{index}"),
            "asker": asker,
            "now": NOW,
            "request": request,
            "persons": persons,
            "this_footprint": this_footprint,
        });
        if self.dice.percent(25) {
            question["members"] = json!(members(self.dice, self.policy, false));
        }
        if self.dice.percent(6) {
            let rows: Vec<Value> = (0..=self.dice.below(2))
                .map(|_| {
                    let lender = lender(usize::try_from(self.dice.below(LENDERS as u64)).unwrap());
                    json!({"lender": lender, "count": self.dice.below(3), "why": self.dice.pick(&["bad-proof", "does-not-open"])})
                })
                .collect();
            question["unreadable"] = json!(rows);
        }
        question
    }

    fn request(&mut self, asker: &str, persons: &[(&str, String)]) -> Value {
        let dice = self.dice;
        let consents: Vec<Value> = persons
            .iter()
            .enumerate()
            .map(|(at, (role, _))| json!({"role": role, "consent": format!("consent-{at}")}))
            .collect();
        let mut request = json!({"purpose": "loan-application", "persons": consents});
        let currency = *dice.pick(&self.currencies);
        if dice.percent(92) {
            let mut loan = json!({"currency": currency, "amount": self.positive(currency, 60)});
            if dice.percent(85) {
                loan["instalment"] = json!(self.positive(currency, 6));
            }
            if dice.percent(85) {
                loan["frequency"] = json!(dice.pick(&FREQUENCIES));
            }
            if dice.percent(85) {
                loan["term_months"] = json!(1 + dice.below(36));
            }
            if dice.percent(25) {
                loan["kind"] = json!(dice.pick(&KINDS));
            }
            request["requested"] = loan;
        }
        if dice.percent(88) {
            let currency = *dice.pick(&self.currencies);
            let amount = if dice.percent(3) { "0".to_owned() } else { self.amount(currency, 60) };
            request["household_income"] = json!({"currency": currency, "amount": amount});
        }
        if dice.percent(40) {
            let currency = *dice.pick(&self.currencies);
            request["household_expenses"] =
                json!({"currency": currency, "amount": self.amount(currency, 15)});
        }
        if dice.percent(25) {
            let own = self.books[asker]
                .iter()
                .filter(|client| persons.iter().any(|(_, person)| client["person"] == person.as_str()))
                .flat_map(|client| client["loans"].as_array().unwrap())
                .map(|loan| loan["account"].clone());
            let own: Vec<Value> = own.collect();
            request["refinances"] = if own.is_empty() || dice.percent(10) {
                json!("no such account")
            } else {
                dice.pick(&own).clone()
            };
        }
        request
    }

    fn positive(&self, currency: Currency, share: u64) -> String {
        loop {
            let amount = self.amount(currency, share);
            if amount.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
                return amount;
            }
        }
    }

    /// A person with loans at some lenders, inquiries, disputes and weak matches.
    fn person(&mut self) -> String {
        let person = format!("p{}", self.number());
        let dice = self.dice;
        for _ in 0..*dice.pick(&[0, 0, 1, 1, 2, 2, 3, 4, 5]) {
            let lender = lender(usize::try_from(dice.below(LENDERS as u64)).unwrap());
            let client = self.client(&person);
            if dice.percent(12) {
                // An older copy of the same record, as another identifier may still hold it.
                let mut older = self.client(&person);
                older["client"] = client["client"].clone();
                older["as_of"] = json!(self.day_before(&client["as_of"]));
                self.books.get_mut(&lender).unwrap().push(older);
            }
            if dice.percent(10) {
                // A second client number of the same person that shares a loan.
                let mut second = self.client(&person);
                if let Some(loan) = client["loans"].get(0) {
                    second["as_of"] = json!(self.day_before(&client["as_of"]));
                    let other = self.another_view(loan);
                    second["loans"].as_array_mut().unwrap().push(other);
                }
                self.books.get_mut(&lender).unwrap().push(second);
            }
            if dice.percent(8) {
                let id = self.number();
                self.disputes.push(json!({
                    "lender": lender, "client": client["client"], "person": person,
                    "id": format!("d{id}"), "opened": NOW - 86_400 * 3,
                }));
            }
            self.books.get_mut(&lender).unwrap().push(client);
        }
        for _ in 0..dice.below(6) {
            let asking = lender(usize::try_from(dice.below(LENDERS as u64)).unwrap());
            let age = match dice.below(6) {
                0 => 30 * DAY + i64::try_from(dice.below(2)).unwrap(),
                1 => 90 * DAY + i64::try_from(dice.below(2)).unwrap(),
                2 => 180 * DAY + i64::try_from(dice.below(2)).unwrap(),
                3 => -60,
                _ => i64::try_from(dice.below(200 * 86_400)).unwrap(),
            };
            self.footprint(&asking, &person, age);
        }
        if dice.percent(10) {
            for _ in 0..=dice.below(2) {
                let lender = lender(usize::try_from(dice.below(LENDERS as u64)).unwrap());
                self.weak.push(json!({"lender": lender, "person": person}));
            }
        }
        person
    }

    fn footprint(&mut self, asking: &str, person: &str, age: i64) -> String {
        let id = format!("f{}", self.number());
        let mut footprint = json!({
            "id": id, "lender": asking, "person": person, "asked": NOW - age, "purpose": "loan-application",
        });
        if self.dice.percent(70) {
            let currency = *self.dice.pick(&self.currencies);
            footprint["currency"] = json!(currency);
            footprint["amount"] = json!(self.amount(currency, 50));
        }
        self.footprints.push(footprint);
        id
    }

    fn client(&mut self, person: &str) -> Value {
        let number = self.number();
        let as_of = Day::of(UnixTime(NOW)).plus_days(-i32::try_from(self.dice.below(30)).unwrap());
        let loans: Vec<Value> = (0..*self.dice.pick(&[0, 1, 1, 1, 2, 3])).map(|_| self.loan()).collect();
        json!({"client": format!("c{number}"), "person": person, "as_of": as_of, "loans": loans})
    }

    fn loan(&mut self) -> Value {
        let number = self.number();
        let dice = self.dice;
        let unknown: Currency = "XTS".parse().unwrap();
        let currency = *dice.pick(&self.currencies);
        let status = *dice.pick(&[
            "current",
            "current",
            "current",
            "delinquent",
            "restructured",
            "written-off",
            "closed",
        ]);
        let late = status == "delinquent" || status == "written-off";
        let mut loan = json!({
            "account": format!("a{number}"),
            "kind": dice.pick(&["individual", "individual", "group-member", "group-member", "group", "guarantor"]),
            "status": status,
            "currency": if dice.percent(1) { unknown } else { currency },
            "disputed": dice.percent(4),
        });
        let map = loan.as_object_mut().unwrap();
        self.put(map, "disbursed", 94, || self.amount(currency, 60));
        self.put(map, "outstanding", 94, || self.amount(currency, 45));
        self.put(map, "overdue", 94, || if late { self.amount(currency, 8) } else { "0".to_owned() });
        self.put(map, "instalment", 90, || self.amount(currency, 4));
        if dice.percent(2) {
            map.insert("outstanding".to_owned(), json!(format!("-{}", self.positive(currency, 2))));
        }
        if dice.percent(92) {
            map.insert("frequency".to_owned(), json!(dice.pick(&FREQUENCIES)));
        }
        if dice.percent(93) {
            let days = if late { *dice.pick(&[1, 29, 30, 31, 60, 61, 75, 90, 91, 200]) } else { 0 };
            map.insert("days_past_due".to_owned(), json!(days));
            map.insert("days_past_due_worst".to_owned(), json!(days + dice.below(20)));
        }
        let today = Day::of(UnixTime(NOW));
        if dice.percent(85) {
            let days = i32::try_from(dice.below(900)).unwrap() - 60;
            map.insert("matures".to_owned(), json!(today.plus_days(days)));
        }
        map.insert("opened".to_owned(), json!(today.plus_days(-i32::try_from(dice.below(700)).unwrap())));
        if status == "written-off" {
            self.put(map, "written_off", 70, || self.amount(currency, 20));
            map.insert("written_off_on".to_owned(), json!(today.plus_days(-20)));
        }
        if status == "closed" {
            map.insert("closed".to_owned(), json!(today.plus_days(-20)));
        }
        if dice.percent(50) {
            map.insert("loan_cycle".to_owned(), json!(1 + dice.below(9)));
        }
        loan
    }

    fn put(&self, map: &mut Map<String, Value>, key: &str, percent: u64, value: impl FnOnce() -> String) {
        if self.dice.percent(percent) {
            map.insert(key.to_owned(), json!(value()));
        }
    }

    fn day_before(&self, as_of: &Value) -> Day {
        let day: Day = as_of.as_str().unwrap().parse().unwrap();
        day.plus_days(-1 - i32::try_from(self.dice.below(9)).unwrap())
    }

    /// The same loan as another record has it.
    fn another_view(&mut self, loan: &Value) -> Value {
        let mut other = self.loan();
        for key in ["account", "currency"] {
            other[key] = loan[key].clone();
        }
        // Amounts were drawn for another currency and may not fit its decimals.
        for key in ["disbursed", "outstanding", "overdue", "instalment", "written_off"] {
            other.as_object_mut().unwrap().remove(key);
            if let Some(amount) = loan.get(key) {
                other[key] = amount.clone();
            }
        }
        other
    }

    /// Lets the second person's records hold a loan of the first: on the same day exactly so, on an earlier one with
    /// other figures; as an own loan or as a guarantee.
    fn share_a_loan(&mut self, first: &str, second: &str) {
        let dice = self.dice;
        let mut found = Vec::new();
        for (lender, clients) in &self.books {
            for client in clients.iter().filter(|client| client["person"] == first) {
                // Of copies of one record only the newest is shared, as a lender's own book would have it.
                let newest = clients.iter().filter(|c| c["client"] == client["client"]).map(|c| &c["as_of"]);
                if newest.max_by_key(|day| day.as_str()) == Some(&client["as_of"]) {
                    let loans = client["loans"].as_array().unwrap().iter();
                    found.extend(loans.map(|loan| (lender.clone(), client["as_of"].clone(), loan.clone())));
                }
            }
        }
        for (lender, as_of, loan) in found {
            if !dice.percent(50) {
                continue;
            }
            let mut client = self.client(second);
            let mut shared = if dice.percent(50) {
                client["as_of"] = as_of;
                loan.clone()
            } else {
                client["as_of"] = json!(self.day_before(&as_of));
                self.another_view(&loan)
            };
            shared["kind"] = json!(dice.pick(&["individual", "group-member", "group", "guarantor"]));
            client["loans"].as_array_mut().unwrap().push(shared);
            self.books.get_mut(&lender).unwrap().push(client);
        }
    }
}

const FREQUENCIES: [&str; 10] = [
    "daily",
    "weekly",
    "fortnightly",
    "four-weekly",
    "monthly",
    "two-monthly",
    "quarterly",
    "half-yearly",
    "yearly",
    "bullet",
];
const KINDS: [&str; 4] = ["individual", "group-member", "group", "guarantor"];
