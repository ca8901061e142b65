//! From opened records to the answer.
//!
//! How doubtful cases are decided; each is a promise that a lender, an auditor or the client can hold against a
//! figure:
//!
//! - **Own loans** are individual loans and members' own loans inside a group. Sums, instalments and
//!   `exposure_max` of class `all` are over them. A loan to a group as a whole is no member's own sum, and a
//!   guarantee is somebody else's loan: both stand apart.
//! - **Lenders, arrears and write-offs** count own loans and loans to the group: its arrears are its members'.
//!   Guaranteed loans count nowhere but under `guaranteed` and in exposure classes that name them.
//! - **The household** is applicant, spouse and household members; a guarantor answers for the loan from outside
//!   and is shown for herself. When only guarantors are asked about, they are the household.
//! - **Copies** of records and loans become one as `household` describes: newest first, on the same day the
//!   graver, the closest capacity.
//! - **Active exposure** is what is outstanding on running loans. What was written off is still owed, has its own
//!   sum and its own rule, and counts as arrears in full; it is in no outstanding.
//! - **Not reported** is counted beside each sum and is never zero; a negative amount is not reported either. A
//!   rule whose figures are not all known refers, unless the known part breaches it already.
//! - **Currencies** are summed apart. The reference sum converts exactly by the policy's rates and is rounded up
//!   once; every figure that was converted says so, and the rates stand in the answer with their days. A loan in
//!   a currency that the policy does not know cannot be summed or printed: it is set aside as unreadable, and the
//!   answer is incomplete.
//! - **After the loan** adds the requested loan and takes out the one that it replaces. A requested loan to a
//!   group as a whole is in no own sum, but its lender counts; a requested guarantee counts neither way.
//! - **The share of instalments** is the sum in the income's currency, rounded up once to its smallest unit, over
//!   the income, rounded up to a hundredth of a percent: the shown figure is the judged figure.
//! - **Inquiries** leave out the present one. Rules count those of other lenders, per person, the worst person
//!   deciding: a couple that asks together was not asked about twice.
//! - **Weak matches** that were not opened are "possible", without amounts, in no total and in no rule.
//! - **Complete** means that every reporting lender is covered and every row was read.
//! - **Masked names**: lenders are numbered in an order that tells nothing, and their as-of days are withheld, for
//!   the coverage lists every member with its day. An answer to the client herself names them, whatever the policy
//!   says: who reports about her and who asked is hers to know.
//! - **Her own requests** to see what is held are shown among the inquiries and counted in none: using a right must
//!   not cost a loan.

use std::collections::{BTreeMap, BTreeSet};

use num_traits::ToPrimitive as _;

use super::coverage::coverage;
use super::exact::{Rates, exact, ratio, rounded_down, rounded_up};
use super::household::{Held, Side, distinct, newest_records};
use super::input::{AssessInput, PersonExposures};
use super::instalment::{MonthlyExact, monthly, monthly_requested};
use super::names::Names;
use super::rules::{BurdenExact, Facts, in_class, is_own, judge, verdict};
use super::totals::{Purse, lenders_active, number, totals};
use crate::model::answer::{
    ANSWER_VERSION, AfterLoan, Answer, Burden, DisputeLine, Exposure, FacilityLine, Inquiries, InquiryCounts,
    InquiryLine, LenderLine, MatchLevel, PersonAnswer, PolicyName, PossibleMatches, Question, Verdict,
};
use crate::model::consent::Purpose;
use crate::model::day::Day;
use crate::model::facility::FacilityKind;
use crate::model::identifier::SchemeId;
use crate::model::inquiry::{Inquiry, LoanRequest};
use crate::model::member::MemberId;
use crate::model::policy::{ExposureClass, LenderNames, Policy};
use crate::model::record::{InquiryFootprint, RecordId};

/// The loans of one person, before a household makes them one.
struct PersonLoans<'a> {
    loans: Vec<Held<'a>>,
    /// Records by lender, with the newest day of each lender.
    records: BTreeMap<&'a MemberId, (Day, BTreeSet<RecordId>)>,
}

/// Makes the answer. Pure: the same input gives the same answer.
///
/// # Panics
/// When the question was checked against another policy.
pub fn assess(policy: &Policy, input: &AssessInput) -> Answer {
    Assessment {
        policy,
        input,
        today: Day::of(input.now),
        rates: Rates::new(policy),
        names: Names::new(naming(policy, &input.question), input),
    }
    .answer()
}

/// Whether this answer names the other lenders.
fn naming(policy: &Policy, question: &Inquiry) -> LenderNames {
    if question.purpose == Purpose::SubjectAccess.word() {
        LenderNames::Shown
    } else {
        policy.inquiry.lender_names
    }
}

struct Assessment<'a> {
    policy: &'a Policy,
    input: &'a AssessInput,
    today: Day,
    rates: Rates<'a>,
    names: Names,
}

impl Assessment<'_> {
    fn answer(&self) -> Answer {
        let input = self.input;
        let mut unknown_currency = BTreeMap::new();
        let persons: Vec<PersonLoans<'_>> =
            input.persons.iter().map(|person| self.loans_of(person, &mut unknown_currency)).collect();
        let of_household = self.of_household();
        let household =
            merged(persons.iter().zip(&of_household).filter(|(_, is)| **is).map(|(person, _)| person));

        let freshness = &self.policy.freshness;
        let coverage =
            coverage(&input.members, &input.unreadable, &unknown_currency, freshness, input.now, &self.names);
        let refinanced = self.refinanced(&household.loans);
        let requested_monthly = input.question.requested.as_ref().map(monthly_requested);
        let (after, burden) = self.after(&household.loans, refinanced, requested_monthly.as_ref());
        let ages: Vec<Vec<i64>> = input
            .persons
            .iter()
            .zip(&of_household)
            .filter(|(_, is)| **is)
            .map(|(person, _)| self.inquiry_ages(person, false))
            .collect();
        let reasons = judge(&Facts {
            policy: self.policy,
            rates: &self.rates,
            today: self.today,
            question: &input.question,
            loans: &household.loans,
            refinanced,
            requested_monthly: requested_monthly.as_ref(),
            after: &after,
            burden: burden.as_ref(),
            coverage: &coverage,
            inquiries: &ages,
        });
        let household_exposure = self.exposure(&household);
        let persons =
            input.persons.iter().zip(&persons).map(|(person, loans)| self.person(person, loans)).collect();
        Answer {
            version: ANSWER_VERSION,
            network: input.network.clone(),
            asker: input.asker.clone(),
            transaction: hex::encode(&input.transaction),
            answered_at: input.now,
            policy: PolicyName {
                name: self.policy.name.clone(),
                version: self.policy.version,
                issued: self.policy.issued,
            },
            question_commitment: hex::encode(input.question_commitment),
            question: self.question(),
            verdict: Verdict { outcome: verdict(&reasons), reasons },
            complete: coverage.covered == coverage.lenders && coverage.unreadable.is_empty(),
            coverage,
            household: household_exposure,
            after,
            persons,
            // Last: everything that was converted is known by now.
            rates: self.rates.used(),
            witnessed: Vec::new(),
        }
    }

    /// Which of the persons are the household.
    fn of_household(&self) -> Vec<bool> {
        let persons = &self.input.persons;
        let any = persons.iter().any(|person| person.role.is_of_household());
        persons.iter().map(|person| !any || person.role.is_of_household()).collect()
    }

    fn loans_of<'p>(
        &'p self,
        person: &'p PersonExposures,
        unknown_currency: &mut BTreeMap<MemberId, u32>,
    ) -> PersonLoans<'p> {
        let own = person.own.iter().map(|record| (&self.input.asker, record));
        let others = person.others.iter().map(|(lender, record)| (lender, record));
        let disputed: BTreeSet<RecordId> = person.disputes.iter().map(|(_, dispute)| dispute.about).collect();
        let mut records: BTreeMap<&MemberId, (Day, BTreeSet<RecordId>)> = BTreeMap::new();
        let mut all = Vec::new();
        for (lender, record) in newest_records(own.chain(others)) {
            let (day, ids) = records.entry(lender).or_insert((record.as_of, BTreeSet::new()));
            *day = (*day).max(record.as_of);
            ids.insert(record.record);
            for (position, facility) in record.facilities.iter().enumerate() {
                if self.policy.exponent(facility.currency).is_none() {
                    *unknown_currency.entry(lender.clone()).or_default() += 1;
                    continue;
                }
                all.push(Held {
                    lender,
                    record: record.record,
                    position,
                    as_of: record.as_of,
                    kind: facility.kind,
                    disputed: facility.disputed || disputed.contains(&record.record),
                    facility,
                });
            }
        }
        PersonLoans { loans: distinct(all.into_iter()), records }
    }

    fn refinanced<'h>(&self, household: &'h [Held<'h>]) -> Option<&'h Held<'h>> {
        self.input.question.refinances.as_ref()?;
        let reference = self.input.refinanced?;
        let own = household.iter().filter(|loan| *loan.lender == self.input.asker && is_own(loan));
        own.filter(|loan| loan.is_active() || loan.is_written_off())
            .find(|loan| loan.facility.reference == reference)
    }

    fn after(
        &self,
        household: &[Held<'_>],
        refinanced: Option<&Held<'_>>,
        requested_monthly: Option<&MonthlyExact>,
    ) -> (AfterLoan, Option<BurdenExact>) {
        let question = &self.input.question;
        let is_refinanced = |loan: &Held<'_>| refinanced.is_some_and(|old| std::ptr::eq(loan, old));
        let kept = household.iter().filter(|loan| is_own(loan) && loan.is_active() && !is_refinanced(loan));
        let mut purse = Purse::of(kept, self.today);
        let mut lenders = lenders_active(household.iter().filter(|loan| loan.is_owed()));
        let own_lender =
            |loan: &Held<'_>| loan.is_owed() && loan.is_active() && *loan.lender == self.input.asker;
        if let Some(loan) = &question.requested {
            let owed = loan.kind != FacilityKind::Guarantor;
            lenders += u32::from(owed && !household.iter().any(own_lender));
            if in_class(ExposureClass::All, loan.kind) {
                let sums = purse.sums(loan.currency);
                sums.outstanding.value += exact(loan.amount);
                sums.add_monthly(monthly_requested(loan));
            }
        }
        let (reference, converted) = purse.after_reference(&self.rates);
        let (burden, burden_exact) = self.burden(&purse).unzip();
        let requested = question.requested.as_ref().zip(requested_monthly);
        let after = AfterLoan {
            lenders,
            requested_monthly: requested.map(|(loan, monthly)| monthly.line(&self.rates, loan.currency)),
            currencies: purse.after(&self.rates),
            reference,
            converted,
            burden,
        };
        (after, burden_exact)
    }

    /// The instalments against the income, as shown and as judged.
    fn burden(&self, purse: &Purse) -> Option<(Burden, BurdenExact)> {
        let question = &self.input.question;
        let (currency, income) = question.household_income?;
        let (all, converted) = purse.instalments(&self.rates, currency);
        let monthly = rounded_up(&all.instalment.value);
        let share = (income > 0).then(|| (exact(monthly) * ratio(10_000, income)).ceil().to_integer());
        let share_basis_points = share.map(|share| share.to_u64().unwrap_or(u64::MAX));
        let left_over = question.household_expenses.map(|(from, expenses)| {
            let expenses = self.rates.convert(&exact(expenses), from, currency);
            self.rates.amount(rounded_down(&(exact(income) - expenses - exact(monthly))), currency)
        });
        let burden = Burden {
            income: self.rates.money(i128::from(income), currency),
            instalment: all.instalment_sum(&self.rates, currency),
            converted,
            share_basis_points,
            left_over,
        };
        Some((burden, BurdenExact { monthly, share_basis_points }))
    }

    fn question(&self) -> Question {
        let question = &self.input.question;
        let money = |(currency, minor)| self.rates.money(i128::from(minor), currency);
        Question {
            purpose: question.purpose.clone(),
            requested: question.requested.as_ref().map(|loan| LoanRequest {
                currency: loan.currency,
                amount: self.rates.minor(loan.amount, loan.currency),
                instalment: loan.instalment.map(|minor| self.rates.minor(minor, loan.currency)),
                frequency: loan.frequency,
                term_months: loan.term_months,
                kind: loan.kind,
            }),
            household_income: question.household_income.map(money),
            household_expenses: question.household_expenses.map(money),
            refinances: question.refinances.is_some(),
        }
    }

    fn person(&self, person: &PersonExposures, loans: &PersonLoans<'_>) -> PersonAnswer {
        // A lender whose record was opened is no mere possibility.
        let weak: BTreeSet<&MemberId> =
            person.weak_lenders.iter().filter(|lender| !loans.records.contains_key(lender)).collect();
        let matched: BTreeSet<&SchemeId> = person.matched.iter().map(|matched| &matched.scheme).collect();
        let match_level = if person.matched.iter().any(|matched| matched.strong) {
            MatchLevel::Strong
        } else if matched.is_empty() && weak.is_empty() {
            MatchLevel::None
        } else {
            MatchLevel::Weak
        };
        let shown = naming(self.policy, &self.input.question) == LenderNames::Shown;
        let disputes = person.disputes.iter().map(|(publisher, dispute)| {
            let about = loans.records.iter().find(|(_, (_, ids))| ids.contains(&dispute.about));
            DisputeLine {
                lender: self.names.of(about.map_or(publisher, |(lender, _)| lender)),
                about: hex::encode(dispute.about.0),
                opened: dispute.opened,
            }
        });
        PersonAnswer {
            role: person.role,
            consent: person.consent.clone(),
            ground: person.ground.clone(),
            match_level,
            matched: matched.into_iter().cloned().collect(),
            exposure: self.exposure(loans),
            inquiries: self.inquiries(person),
            disputes: disputes.collect(),
            possible: PossibleMatches {
                lenders: number(weak.len()),
                names: if shown { weak.into_iter().map(ToString::to_string).collect() } else { Vec::new() },
            },
        }
    }

    fn exposure(&self, person: &PersonLoans<'_>) -> Exposure {
        let loans = &person.loans;
        let is_asker = |loan: &&Held<'_>| *loan.lender == self.input.asker;
        let side = |side: Side| loans.iter().filter(move |loan| loan.side() == side);
        let sums = |loans: &mut dyn Iterator<Item = &Held<'_>>| {
            let loans: Vec<&Held<'_>> = loans.collect();
            totals(loans.iter().copied(), &self.rates, self.today)
        };
        Exposure {
            lenders_active: lenders_active(loans.iter().filter(|loan| loan.is_owed())),
            own: sums(&mut side(Side::Own).filter(is_asker)),
            others: sums(&mut side(Side::Own).filter(|loan| !is_asker(loan))),
            together: sums(&mut side(Side::Own)),
            group: sums(&mut side(Side::Group)),
            guaranteed: sums(&mut side(Side::Guaranteed)),
            lenders: self.lender_lines(person),
        }
    }

    fn lender_lines(&self, person: &PersonLoans<'_>) -> Vec<LenderLine> {
        let masked = naming(self.policy, &self.input.question) == LenderNames::Masked;
        let lines = person.records.iter().map(|(lender, (as_of, ids))| {
            let own = **lender == self.input.asker;
            let mut loans: Vec<&Held<'_>> =
                person.loans.iter().filter(|loan| loan.lender == *lender).collect();
            loans.sort_by_key(|loan| {
                (!loan.is_active(), !loan.is_written_off(), loan.facility.opened, loan.record)
            });
            LenderLine {
                lender: self.names.of(lender),
                own,
                as_of: (own || !masked).then_some(*as_of),
                records: ids.iter().map(|id| hex::encode(id.0)).collect(),
                facilities: loans.into_iter().map(|loan| self.facility_line(loan)).collect(),
            }
        });
        let mut lines: Vec<LenderLine> = lines.collect();
        // The asker first, then by name; of `lender-2` and `lender-10` the shorter first.
        lines.sort_by(|a, b| {
            let key = |line: &LenderLine| (!line.own, if masked { line.lender.len() } else { 0 });
            key(a).cmp(&key(b)).then_with(|| a.lender.cmp(&b.lender))
        });
        lines
    }

    fn facility_line(&self, loan: &Held<'_>) -> FacilityLine {
        let facility = loan.facility;
        let currency = facility.currency;
        let amount = |minor: Option<i64>| minor.map(|minor| self.rates.minor(minor, currency));
        FacilityLine {
            kind: loan.kind,
            status: facility.status,
            currency,
            disbursed: amount(facility.disbursed),
            outstanding: amount(facility.outstanding),
            overdue: amount(facility.overdue),
            days_past_due: facility.days_past_due,
            days_past_due_worst: facility.days_past_due_worst,
            instalment: amount(facility.instalment),
            frequency: facility.frequency,
            monthly: loan.is_active().then(|| monthly(facility, self.today).line(&self.rates, currency)),
            opened: facility.opened,
            matures: facility.matures,
            closed: facility.closed,
            written_off: amount(facility.written_off),
            written_off_on: facility.written_off_on,
            loan_cycle: facility.loan_cycle,
            disputed: loan.disputed,
        }
    }

    /// Distinct footprints of a person but the present one.
    fn footprints<'p>(&self, person: &'p PersonExposures) -> Vec<(&'p MemberId, &'p InquiryFootprint)> {
        let mut distinct: BTreeMap<(&MemberId, RecordId), &InquiryFootprint> = BTreeMap::new();
        let earlier =
            person.footprints.iter().filter(|(_, footprint)| Some(footprint.record) != person.this_footprint);
        for (lender, footprint) in earlier {
            let age = self.input.now.seconds_since(footprint.asked);
            if age <= i64::from(self.policy.inquiry.footprint_days) * 86_400 {
                distinct.insert((lender, footprint.record), footprint);
            }
        }
        distinct.into_iter().map(|((lender, _), footprint)| (lender, footprint)).collect()
    }

    /// Ages in seconds of the inquiries of the asker itself, or of the others.
    fn inquiry_ages(&self, person: &PersonExposures, own: bool) -> Vec<i64> {
        let footprints = self.footprints(person).into_iter();
        let footprints = footprints.filter(|(_, f)| f.purpose != Purpose::SubjectAccess.word());
        let of = footprints.filter(|(lender, _)| (**lender == self.input.asker) == own);
        of.map(|(_, footprint)| self.input.now.seconds_since(footprint.asked)).collect()
    }

    fn inquiries(&self, person: &PersonExposures) -> Inquiries {
        let counts = |own| {
            let ages = self.inquiry_ages(person, own);
            let within = |days: u32| {
                let seconds = i64::from(days) * 86_400;
                let read = days <= self.policy.inquiry.footprint_days;
                read.then(|| number(ages.iter().filter(|age| **age <= seconds).count()))
            };
            InquiryCounts { days_30: within(30), days_90: within(90), days_180: within(180) }
        };
        let mut footprints = self.footprints(person);
        footprints.sort_by_key(|(_, footprint)| (std::cmp::Reverse(footprint.asked), footprint.record));
        let lines = footprints.into_iter().map(|(lender, footprint)| {
            let amount = footprint.amount.filter(|(currency, _)| self.policy.exponent(*currency).is_some());
            InquiryLine {
                lender: self.names.of(lender),
                own: *lender == self.input.asker,
                asked: footprint.asked,
                purpose: footprint.purpose.clone(),
                amount: amount.map(|(currency, minor)| self.rates.money(i128::from(minor), currency)),
            }
        });
        Inquiries { others: counts(false), own: counts(true), lines: lines.collect() }
    }
}

/// The loans of several persons as one household's.
fn merged<'a: 'p, 'p>(persons: impl Iterator<Item = &'p PersonLoans<'a>>) -> PersonLoans<'a> {
    let mut records: BTreeMap<&MemberId, (Day, BTreeSet<RecordId>)> = BTreeMap::new();
    let mut all = Vec::new();
    for person in persons {
        all.extend(person.loans.iter().cloned());
        for (lender, (as_of, ids)) in &person.records {
            let (day, all_ids) = records.entry(lender).or_insert((*as_of, BTreeSet::new()));
            *day = (*day).max(*as_of);
            all_ids.extend(ids);
        }
    }
    PersonLoans { loans: distinct(all.into_iter()), records }
}
