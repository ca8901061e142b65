use super::*;
use crate::digest::TransactionId;
use crate::model::leaf::{
    CheckpointReference, EvaluationKind, Leaf, LeafBody, LeafReference, PointsReference, RefusalCode,
};

const DAY: i64 = 86_400;
const HOUR: i64 = 3_600;
/// The last day, at its end.
const UNTIL: i64 = 100 * DAY - 1;
const ALLOWANCE: u64 = 200;

/// A log that is written leaf by leaf.
struct Log {
    watched: Watched,
    next: u64,
}

fn golden(kind: &str) -> LeafBody {
    let text = include_str!("../../model/leaf/golden.jsonl");
    let leaf = text.lines().find(|line| line.contains(&format!("\"kind\":\"{kind}\""))).unwrap();
    Leaf::from_bytes(leaf.as_bytes()).unwrap().body
}

fn id(name: &str) -> MemberId {
    name.parse().unwrap()
}

fn code(number: u64) -> Digest {
    let mut code = [0; 32];
    code[..8].copy_from_slice(&number.to_be_bytes());
    Digest(code)
}

impl Log {
    fn of(name: &str) -> Self {
        let mut log = Self { watched: Watched::new(id(name)), next: 0 };
        log.add(0, LeafBody::LogOpened { network: "test-net".to_owned() });
        log
    }

    fn add(&mut self, time: i64, body: LeafBody) -> u64 {
        let mut transaction = [0; 16];
        transaction[..8].copy_from_slice(&self.next.to_be_bytes());
        self.add_as(transaction, time, body)
    }

    fn add_as(&mut self, transaction: [u8; 16], time: i64, body: LeafBody) -> u64 {
        let index = self.next;
        self.watched.leaf(index, &Leaf::new(UnixTime(time), TransactionId(transaction), body));
        self.next += 1;
        index
    }

    fn consent(&mut self, time: i64) -> u64 {
        self.add(time, golden("consent-given"))
    }

    fn inquire(&mut self, time: i64, under: u64) {
        let mut body = golden("inquiry-opened");
        let LeafBody::InquiryOpened { consent, .. } = &mut body else { panic!("another kind") };
        consent.index = under;
        self.add(time, body);
    }

    fn report(&mut self, time: i64, points: u32, rows: u64) {
        let points = PointsReference { count: points, digest: Digest([1; 32]) };
        self.add(time, LeafBody::ReportingBatch { epoch: 1, points });
        self.add(time, LeafBody::FeedState { hash: Digest([2; 32]), sequence: rows, rows, as_of: None });
    }

    fn serve(&mut self, time: i64, whom: &str, evaluation: EvaluationKind, of: u64) {
        let nothing = PointsReference { count: 1, digest: Digest([3; 32]) };
        let body = LeafBody::EvaluationServed {
            peer: id(whom),
            evaluation,
            epoch: 1,
            generation: 1,
            leaf: LeafReference { index: of, hash: Digest([4; 32]) },
            checkpoint: CheckpointReference { size: 1, root: Digest([5; 32]) },
            points: nothing,
            results: nothing,
        };
        self.add(time, body);
    }

    fn refuse(&mut self, time: i64, whom: &str, reason: RefusalCode) {
        let body =
            LeafBody::EvaluationRefused { peer: id(whom), evaluation: EvaluationKind::Reporting, reason };
        self.add(time, body);
    }
}

fn found(logs: &[&Log]) -> Vec<(String, PatternName, u64, u64)> {
    let watched: Vec<&Watched> = logs.iter().map(|log| &log.watched).collect();
    let found = find(&watched, |known| known.0[31] == 1, ALLOWANCE, UnixTime(UNTIL));
    for pattern in &found {
        assert!(pattern.words().contains(&pattern.count.to_string()), "{}", pattern.words());
    }
    let shown = found.into_iter().map(|p| (p.member.to_string(), p.pattern, p.count, p.of));
    shown.collect()
}

fn one(name: PatternName, count: u64, of: u64) -> Vec<(String, PatternName, u64, u64)> {
    vec![("m-a".to_owned(), name, count, of)]
}

/// A lender that does what lenders do: a book of 10,000 on one day, a few clients and 20 inquiries a day from eight to
/// five, one day in seven off, some applicants that go away.
fn ordinary() -> Log {
    let mut log = Log::of("m-a");
    log.report(72 * DAY, 10_000, 10_000);
    let mut rows = 10_000;
    for day in 72..100 {
        rows += 10;
        log.report(day * DAY + 7 * HOUR, 11, rows);
        for number in 0..if day % 7 == 0 { 0 } else { 20 } {
            let time = day * DAY + (8 + number % 9) * HOUR;
            let consent = log.consent(time);
            if number % 5 > 0 {
                log.inquire(time, consent);
            }
        }
    }
    log
}

#[test]
fn an_ordinary_lender_is_not_unusual() {
    let (log, mut holder) = (ordinary(), Log::of("m-b"));
    for consent in log.watched.consents.keys() {
        holder.serve(80 * DAY, "m-a", EvaluationKind::Locate, *consent);
    }
    for reason in [RefusalCode::NoQuorum, RefusalCode::Isolated, RefusalCode::ClockSkew] {
        (0..50).for_each(|_| holder.refuse(80 * DAY, "m-a", reason));
    }
    assert_eq!(found(&[&log, &holder]), []);
}

#[test]
fn more_points_than_rows() {
    let mut log = Log::of("m-a");
    log.report(80 * DAY, 500, 500);
    log.report(81 * DAY, 100, 500);
    assert_eq!(found(&[&log]), []);
    log.report(82 * DAY, 1, 500);
    assert_eq!(found(&[&log]), one(PatternName::ReportingAboveRows, 101, 500));
    // What was published afterwards answers for it; and a month later it is over.
    log.report(83 * DAY, 0, 550);
    assert_eq!(found(&[&log]), []);
    let mut old = Log::of("m-a");
    old.report(69 * DAY, 5_000, 0);
    assert_eq!(found(&[&old]), []);
}

#[test]
fn refusals_for_what_was_asked() {
    let mut holder = Log::of("m-b");
    (0..19).for_each(|_| holder.refuse(90 * DAY, "m-a", RefusalCode::NoConsent));
    assert_eq!(found(&[&holder]), []);
    holder.refuse(90 * DAY, "m-a", RefusalCode::UsedUp);
    assert_eq!(found(&[&holder]), one(PatternName::RefusedEvaluations, 20, 20));
    // Among four hundred that were served they are few.
    (0..380).for_each(|of| holder.serve(91 * DAY, "m-a", EvaluationKind::Open, of));
    assert_eq!(found(&[&holder]), []);
    let mut other = Log::of("m-c");
    (0..9).for_each(|_| holder.refuse(92 * DAY, "m-a", RefusalCode::QuotaSpent));
    other.refuse(92 * DAY, "m-a", RefusalCode::AheadOfFeed);
    assert_eq!(found(&[&holder, &other]), one(PatternName::QuotaRefusals, 10, 410));
}

#[test]
fn consents_that_nobody_uses() {
    let (mut log, mut holder) = (Log::of("m-a"), Log::of("m-b"));
    let consents: Vec<u64> = (0..30).map(|_| log.consent(80 * DAY)).collect();
    for consent in &consents[..10] {
        log.inquire(81 * DAY, *consent);
    }
    // Of the last week nobody expects it yet.
    for _ in 0..100 {
        log.consent(95 * DAY);
    }
    assert_eq!(found(&[&log, &holder]), one(PatternName::UnusedConsents, 20, 30));
    for consent in &consents {
        holder.serve(80 * DAY, "m-a", EvaluationKind::Locate, *consent);
    }
    let both = [one(PatternName::UnusedConsents, 20, 30), one(PatternName::LocatedNotAsked, 20, 30)].concat();
    assert_eq!(found(&[&log, &holder]), both);
    log.inquire(95 * DAY, consents[20]);
    assert_eq!(found(&[&log, &holder]), []);
}

#[test]
fn a_day_that_is_many_times_the_others() {
    let mut log = ordinary();
    let consent = log.consent(96 * DAY);
    // Sixteen of that day were there; the mean of the others is sixteen too.
    (0..64).for_each(|_| log.inquire(96 * DAY + 10 * HOUR, consent));
    assert_eq!(found(&[&log]), []);
    log.inquire(96 * DAY + 10 * HOUR, consent);
    assert_eq!(found(&[&log]), one(PatternName::BurstOfInquiries, 81, 16));
}

#[test]
fn inquiries_in_the_night() {
    let mut log = ordinary();
    let consent = log.consent(96 * DAY);
    (0..19).for_each(|_| log.inquire(96 * DAY + 2 * HOUR, consent));
    assert_eq!(found(&[&log]), []);
    log.inquire(97 * DAY + 2 * HOUR, consent);
    let found = found(&[&log]);
    assert_eq!((found.len(), found[0].1, found[0].2), (1, PatternName::InquiriesAtNight, 20));
    // Somebody who always works at night has another one.
    let mut log = Log::of("m-a");
    for day in 71..100 {
        (0..20).for_each(|i| log.inquire(day * DAY + (20 + i % 8) % 24 * HOUR, consent));
    }
    assert_eq!(self::found(&[&log]), []);
}

#[test]
fn codes_that_belong_to_no_consent() {
    let (mut log, mut other) = (Log::of("m-a"), Log::of("m-b"));
    let receive = |log: &mut Log, time: i64, number: u64| {
        log.add(time, LeafBody::WithdrawalReceived { withdrawal: code(number) });
    };
    for number in 0..20 {
        receive(&mut log, 90 * DAY, number);
        // It was passed on.
        receive(&mut other, 90 * DAY + 1, number);
    }
    assert_eq!(found(&[&log, &other]), one(PatternName::UnknownWithdrawalCodes, 20, 0));
    let watched = [&log.watched, &other.watched];
    assert_eq!(find(&watched, |_| true, ALLOWANCE, UnixTime(UNTIL)), []);
}

#[test]
fn one_recovery_is_an_accident_and_a_household_is_one_inquiry() {
    let mut log = Log::of("m-a");
    log.add(90 * DAY, golden("log-recovered"));
    assert_eq!(found(&[&log]), []);
    log.add(91 * DAY, golden("log-recovered"));
    assert_eq!(found(&[&log]), one(PatternName::Recoveries, 2, 0));
    let mut log = Log::of("m-a");
    for _ in 0..3 {
        log.add_as([7; 16], 90 * DAY, golden("inquiry-opened"));
    }
    let day = Day::of(UnixTime(90 * DAY));
    assert_eq!(log.watched.days[&day].inquiries(), 1);
}

#[test]
fn one_count_a_month_is_ordinary_and_a_second_one_is_not() {
    let mut log = Log::of("lender-a");
    let mut next = golden("market-counted");
    log.add(72 * DAY, next.clone());
    if let LeafBody::MarketCounted { month, .. } = &mut next {
        *month = month.plus(1);
    }
    log.add(95 * DAY, next.clone());
    assert!(found(&[&log]).is_empty());
    log.add(96 * DAY, next.clone());
    log.add(96 * DAY, next);
    let again = found(&[&log]);
    assert_eq!((again.len(), again[0].1, again[0].2), (1, PatternName::MarketCountedAgain, 2));
}
