//! The world as plain Rust: who owes what, what was published, who consented, who withdrew. No code of the nodes is
//! used to know it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::RangeInclusive;

use tallystick::book::Upserted;
use tallystick::clock::UnixTime;
use tallystick::digest::{ConsentId, TransactionId, WithdrawalCode};
use tallystick::feed::FeedHead;
use tallystick::model::answer::CoverageState;
use tallystick::model::day::Day;
use tallystick::model::inquiry::InquiryRequest;
use tallystick::model::leaf::LeafReference;

use crate::dice::Dice;
use crate::plan::PERSONS;

/// A loan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Loan {
    /// The lender's own number for its client.
    pub(crate) client: u32,
    pub(crate) person: u32,
    /// Cents.
    pub(crate) outstanding: i64,
    pub(crate) as_of: Day,
    pub(crate) is_active: bool,
}

/// A lender's book by account number.
pub(crate) type Book = BTreeMap<u32, Loan>;
/// Cents owed on active loans, by person.
pub(crate) type View = BTreeMap<u32, i64>;

/// What every person owes by a book: a client's whole record stands under each person that one of her loans names, for
/// a mistaken number stays with a loan that has ended.
pub(crate) fn owed(loans: &[&Loan]) -> View {
    let mut view = View::new();
    let clients: BTreeSet<u32> = loans.iter().map(|loan| loan.client).collect();
    for client in clients {
        let hers = || loans.iter().filter(|loan| loan.client == client);
        let total: i64 = hers().filter(|loan| loan.is_active).map(|loan| loan.outstanding).sum();
        let persons: BTreeSet<u32> = hers().map(|loan| loan.person).collect();
        for person in persons {
            *view.entry(person).or_default() += total;
        }
    }
    view
}

/// The identifier of a person.
pub(crate) fn national_id(person: u32) -> u32 {
    100_200_300 + person * 7_919
}

/// A file that a lender's core banking system writes.
pub(crate) struct Portfolio {
    /// Client, person and cents, by account.
    pub(crate) rows: BTreeMap<u32, (u32, u32, i64)>,
    pub(crate) day: Day,
}

impl Portfolio {
    /// The book of a lender some time later. No two clients of it ever are one person.
    pub(crate) fn next(book: &Book, used: &mut BTreeSet<u32>, day: Day, dice: &mut Dice) -> Self {
        let mut rows: BTreeMap<u32, (u32, u32, i64)> = BTreeMap::new();
        for (account, loan) in book.iter().filter(|(_, loan)| loan.is_active) {
            let may_go = loan.as_of < day && book.len() > 2;
            if may_go && dice.chance(8) {
                continue;
            }
            let mut row = (loan.client, loan.person, loan.outstanding);
            if dice.chance(35) {
                row.2 = some_cents(dice);
            }
            rows.insert(*account, row);
        }
        if dice.chance(25)
            && let Some(client) = rows.values().next().map(|row| row.0)
            && let Some(person) = unused(used, dice)
        {
            // Her number had been mistaken.
            rows.values_mut().filter(|row| row.0 == client).for_each(|row| row.1 = person);
        }
        let next = book.keys().last().map_or(1, |last| last + 1);
        let more = if book.is_empty() { 3 + dice.below(4) } else { dice.below(3) };
        for account in (next..).take(usize::try_from(more).unwrap()) {
            let known = rows.values().nth(dice.place(4)).map(|row| (row.0, row.1));
            let new = if dice.chance(25) { None } else { unused(used, dice).map(|person| (account, person)) };
            if let Some((client, person)) = new.or(known) {
                rows.insert(account, (client, person, some_cents(dice)));
            }
        }
        if rows.is_empty() {
            // A file without a row is none; a lender without loans has one that came back, or its first.
            let (account, client, person) = match book.iter().next_back() {
                Some((account, loan)) => (*account, loan.client, loan.person),
                None => (next, next, unused(used, dice).unwrap_or(0)),
            };
            rows.insert(account, (client, person, 12_345));
        }
        Self { rows, day }
    }

    pub(crate) fn csv(&self) -> String {
        let mut text =
            "account,client,branch,as_of,kh-nid,status,currency,disbursed,outstanding,overdue\n".to_owned();
        for (account, (client, person, outstanding)) in &self.rows {
            let (nid, units, cents) = (national_id(*person), outstanding / 100, outstanding % 100);
            let day = self.day;
            writeln!(text, "L-{account},C-{client},Kandal,{day},{nid},current,USD,1000,{units}.{cents:02},0")
                .unwrap();
        }
        text
    }

    /// The book after it, and what changes.
    pub(crate) fn onto(&self, book: &Book) -> (Book, Upserted) {
        let (mut book, mut changes) = (book.clone(), Upserted::default());
        for (account, (client, person, outstanding)) in &self.rows {
            let loan = Loan {
                client: *client,
                person: *person,
                outstanding: *outstanding,
                as_of: self.day,
                is_active: true,
            };
            match book.get(account) {
                None => changes.new += 1,
                Some(before) if *before == loan => changes.unchanged += 1,
                Some(before) if before.as_of > self.day => {
                    changes.older += 1;
                    continue;
                }
                Some(_) => changes.changed += 1,
            }
            book.insert(*account, loan);
        }
        for (account, loan) in &mut book {
            if loan.is_active && loan.as_of < self.day && !self.rows.contains_key(account) {
                *loan = Loan { outstanding: 0, as_of: self.day, is_active: false, ..loan.clone() };
                changes.closed += 1;
            }
        }
        (book, changes)
    }
}

fn some_cents(dice: &mut Dice) -> i64 {
    10_000 + i64::try_from(dice.below(60_000)).unwrap()
}

/// A person who was never a client here; now she is.
fn unused(used: &mut BTreeSet<u32>, dice: &mut Dice) -> Option<u32> {
    let free: Vec<u32> = (0..PERSONS).filter(|person| !used.contains(person)).collect();
    if free.is_empty() {
        return None;
    }
    let person = *dice.pick(&free);
    used.insert(person);
    Some(person)
}

/// What a node held of a feed at some time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Copy {
    pub(crate) covered: u64,
    is_whole: bool,
    heard: Option<UnixTime>,
    as_of: Option<Day>,
}

impl Copy {
    pub(crate) fn of(head: &FeedHead) -> Self {
        let state = head.state.as_ref();
        Self {
            covered: head.covered,
            is_whole: head.differs_since.is_none() && head.covered == head.sequence,
            heard: state.map(|state| state.time),
            as_of: state.filter(|state| state.epoch == Some(1)).and_then(|state| state.as_of),
        }
    }

    /// What an answer must say of it: rows were looked up at `looked`, the answer is of `now`.
    pub(crate) fn coverage(&self, looked: UnixTime, now: UnixTime, is_own: bool) -> CoverageState {
        let (Some(as_of), Some(heard), true) = (self.as_of, self.heard, self.is_whole || is_own) else {
            return CoverageState::Missing;
        };
        let heard = if is_own { now } else { heard.min(looked) };
        if now.seconds_since(heard) > i64::from(MISSING_AFTER_SECONDS) {
            return CoverageState::Missing;
        }
        let age = Day::of(now).days_since(as_of);
        if (-1..=STALE_AFTER_DAYS).contains(&age) { CoverageState::Covered } else { CoverageState::Stale }
    }
}

/// As the simulation's policy says.
pub(crate) const MISSING_AFTER_SECONDS: u32 = 86_400;
pub(crate) const STALE_AFTER_DAYS: i32 = 35;

/// What may have been done, or not.
pub(crate) enum Doubt {
    /// A load.
    Load(Portfolio),
    /// The undoing of the newest load.
    Undo,
}

/// A lender.
#[derive(Default)]
pub(crate) struct Lender {
    /// Its book, every state that it had; the last one is now.
    pub(crate) books: Vec<Book>,
    /// Persons who ever were its clients.
    pub(crate) used: BTreeSet<u32>,
    /// The loans of what is published.
    pub(crate) published: Book,
    /// What each of its own sequence numbers says.
    pub(crate) views: BTreeMap<u64, View>,
    /// What it held of every feed, every state that it had; the last one is now.
    pub(crate) copies: Vec<Vec<Copy>>,
    /// A change of the book whose end nobody saw.
    pub(crate) in_doubt: Option<Doubt>,
    /// The book before each of the loads that are in it.
    pub(crate) before: Vec<Book>,
}

impl Lender {
    pub(crate) fn book(&self) -> Book {
        self.books.last().cloned().unwrap_or_default()
    }

    /// A load is in the book.
    pub(crate) fn load(&mut self, after: Book) {
        self.before.push(self.book());
        self.books.push(after);
    }

    /// The newest load is out of it.
    pub(crate) fn undo(&mut self) {
        let before = self.before.pop().expect("something was loaded");
        self.books.push(before);
    }

    /// What its rows up to a sequence number say.
    pub(crate) fn view(&self, sequence: u64) -> View {
        self.views.range(..=sequence).next_back().map(|(_, view)| view.clone()).unwrap_or_default()
    }

    /// The clients that do not wait are published as they stand in the book.
    pub(crate) fn publish(&mut self, sequence: u64, waiting: &BTreeSet<u32>) {
        self.published.retain(|_, loan| waiting.contains(&loan.client));
        for (account, loan) in self.book() {
            if !waiting.contains(&loan.client) {
                self.published.insert(account, loan);
            }
        }
        let loans: Vec<&Loan> = self.published.values().collect();
        let view = owed(&loans);
        if let Some(before) = self.views.insert(sequence, view.clone()) {
            assert!(before == view, "clients count as published, and the feed is what it was");
        }
    }
}

/// A consent that somebody recorded.
#[derive(Clone)]
pub(crate) struct Consent {
    pub(crate) at: u8,
    pub(crate) person: u32,
    pub(crate) id: ConsentId,
    pub(crate) leaf: LeafReference,
    pub(crate) code: WithdrawalCode,
    pub(crate) is_erased: bool,
    /// Members at which the code was taken.
    pub(crate) taken_at: BTreeSet<u8>,
}

/// What a node held when rows were looked up.
#[derive(Clone)]
pub(crate) struct Window {
    /// Of each lender's copy: the states in question.
    pub(crate) copies: Vec<RangeInclusive<usize>>,
    pub(crate) looked: UnixTime,
}

/// An inquiry that somebody made.
#[derive(Clone)]
pub(crate) struct Inquiry {
    pub(crate) at: u8,
    pub(crate) request: InquiryRequest,
    /// Places of the consents.
    pub(crate) consents: Vec<usize>,
    /// Its answer, once there is one.
    pub(crate) answer: Option<Vec<u8>>,
}

/// Everything.
pub(crate) struct Model {
    pub(crate) lenders: Vec<Lender>,
    pub(crate) consents: Vec<Consent>,
    pub(crate) inquiries: BTreeMap<TransactionId, Inquiry>,
    pub(crate) windows: BTreeMap<(u8, TransactionId), Window>,
}

impl Model {
    pub(crate) fn new(members: u8) -> Self {
        let lender = |_| Lender {
            copies: (0..members).map(|_| vec![Copy::of(&FeedHead::default())]).collect(),
            books: vec![Book::new()],
            ..Lender::default()
        };
        Self {
            lenders: (0..members).map(lender).collect(),
            consents: Vec::new(),
            inquiries: BTreeMap::new(),
            windows: BTreeMap::new(),
        }
    }

    /// Places of a lender's consents.
    pub(crate) fn consents_at(&self, at: u8) -> Vec<usize> {
        (0..self.consents.len()).filter(|place| self.consents[*place].at == at).collect()
    }

    /// How many states of its copies a node has had.
    pub(crate) fn ends(&self, at: u8) -> Vec<usize> {
        self.lenders[usize::from(at)].copies.iter().map(|copies| copies.len() - 1).collect()
    }
}
